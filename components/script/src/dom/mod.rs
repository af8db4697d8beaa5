/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The objects that scripts see, one Rust type per interface. What they have in common, and what
//! reaches beyond one object, is in [`crate::page`].

mod abort;
mod audio_session;
mod character_data;
mod child_node;
mod console;
mod document;
mod document_fragment;
mod document_title;
mod dom_implementation;
mod dom_string_map;
mod dom_token_list;
mod element;
mod error_event;
mod event;
mod event_dispatch;
mod event_target;
mod html;
mod html_collection;
mod html_element;
mod html_iframe_element;
mod html_media_element;
mod live;
mod markup;
mod media_metadata;
mod media_session;
mod message_event;
mod mutation_observer;
mod mutation_record;
mod named_node_map;
mod names;
mod navigator;
mod node;
mod node_list;
mod node_object;
mod tree_steps;
mod window;

pub(crate) use abort::{AbortController, AbortSignal};
pub(crate) use audio_session::AudioSession;
pub(crate) use character_data::{
    CDATASection, CharacterData, Comment, ProcessingInstruction, Text,
};
pub(crate) use console::Console;
pub(crate) use document::{Document, XMLDocument};
pub(crate) use document_fragment::{DocumentFragment, DocumentType};
pub(crate) use dom_implementation::{DOMImplementation, DOMParser};
pub(crate) use dom_string_map::DOMStringMap;
pub(crate) use dom_token_list::DOMTokenList;
pub(crate) use element::Element;
pub(crate) use error_event::{ErrorEvent, PromiseRejectionEvent};
pub(crate) use event::{CustomEvent, Event};
pub(crate) use event_dispatch::{dispatch, fire};
pub(crate) use event_target::EventTarget;
pub(crate) use html::{
    HTMLAnchorElement, HTMLAreaElement, HTMLBRElement, HTMLBaseElement, HTMLButtonElement,
    HTMLDListElement, HTMLDataElement, HTMLDataListElement, HTMLDetailsElement, HTMLDivElement,
    HTMLFieldSetElement, HTMLFormElement, HTMLHRElement, HTMLHeadElement, HTMLHeadingElement,
    HTMLHtmlElement, HTMLInputElement, HTMLLIElement, HTMLLabelElement, HTMLLegendElement,
    HTMLLinkElement, HTMLMapElement, HTMLMenuElement, HTMLMetaElement, HTMLMeterElement,
    HTMLModElement, HTMLOListElement, HTMLParagraphElement, HTMLPictureElement, HTMLPreElement,
    HTMLProgressElement, HTMLQuoteElement, HTMLScriptElement, HTMLSourceElement, HTMLSpanElement,
    HTMLStyleElement, HTMLTemplateElement, HTMLTextAreaElement, HTMLTimeElement, HTMLTitleElement,
    HTMLUListElement, input_type_changed, is_checked, is_disabled, is_form_control,
};
pub(crate) use html_collection::HTMLCollection;
pub(crate) use html_element::{HTMLElement, HTMLUnknownElement};
pub(crate) use html_iframe_element::HTMLIFrameElement;
pub(crate) use html_media_element::{HTMLAudioElement, HTMLMediaElement, MediaError};
pub(crate) use media_metadata::{ChapterInformation, MediaMetadata};
pub(crate) use media_session::MediaSession;
pub(crate) use message_event::MessageEvent;
pub(crate) use mutation_observer::{MutationObserver, MutationObservers, TreeRecord};
pub(crate) use mutation_record::MutationRecord;
pub(crate) use named_node_map::{Attr, NamedNodeMap};
pub(crate) use names::tag_name;
pub(crate) use navigator::Navigator;
pub(crate) use node::Node;
pub(crate) use node_list::NodeList;
pub(crate) use node_object::create_node_object;
pub(crate) use tree_steps::{attribute_changed, children_changed, run_steps};
pub(crate) use window::Window;
