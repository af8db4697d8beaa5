/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The objects that scripts see, one Rust type per interface. What they have in common, and what
//! reaches beyond one object, is in [`crate::page`].

mod abort;
mod activation;
mod audio_focus_entry;
mod audio_session;
mod blob;
mod body;
mod character_data;
mod child_node;
mod console;
mod create_event;
mod crypto;
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
mod event_handlers;
mod event_target;
mod file;
mod file_reader;
mod headers;
mod html;
mod html_collection;
mod html_element;
mod html_iframe_element;
mod html_media_element;
mod live;
mod location;
mod markup;
mod media_metadata;
mod media_session;
mod media_streams;
mod message_event;
mod message_port;
mod mutation_observer;
mod mutation_record;
mod named_node_map;
mod names;

mod navigation_events;
mod navigator;
mod node;
mod node_list;
mod node_object;
mod performance;
mod progress_event;
mod request;
mod response;
mod storage;
mod text_encoding;
mod tree_steps;
mod ui_events;
mod url;
mod url_search_params;
mod user_activation;
mod web_audio;
mod window;
mod xml_http_request;

pub(crate) use abort::{AbortAlgorithm, AbortController, AbortSignal};
pub(crate) use audio_focus_entry::AudioFocusEntry;
pub(crate) use audio_session::AudioSession;
pub(crate) use blob::Blob;
pub(crate) use character_data::{
    CDATASection, CharacterData, Comment, ProcessingInstruction, Text,
};
pub(crate) use console::Console;
pub(crate) use crypto::Crypto;
pub(crate) use document::{Document, XMLDocument};
pub(crate) use document_fragment::{DocumentFragment, DocumentType};
pub(crate) use dom_implementation::{DOMImplementation, DOMParser};
pub(crate) use dom_string_map::DOMStringMap;
pub(crate) use dom_token_list::DOMTokenList;
pub(crate) use element::Element;
pub(crate) use error_event::{ErrorEvent, PromiseRejectionEvent};
pub(crate) use event::{CustomEvent, Event};
pub(crate) use event_dispatch::{dispatch, fire, fire_load};
pub(crate) use event_handlers::content_attributes::body_parsed;
pub(crate) use event_target::EventTarget;
pub(crate) use file::File;
pub(crate) use file_reader::FileReader;
pub(crate) use headers::Headers;
pub(crate) use html::{
    HTMLAnchorElement, HTMLAreaElement, HTMLBRElement, HTMLBaseElement, HTMLButtonElement,
    HTMLDListElement, HTMLDataElement, HTMLDataListElement, HTMLDetailsElement, HTMLDivElement,
    HTMLFieldSetElement, HTMLFormElement, HTMLHRElement, HTMLHeadElement, HTMLHeadingElement,
    HTMLHtmlElement, HTMLInputElement, HTMLLIElement, HTMLLabelElement, HTMLLegendElement,
    HTMLLinkElement, HTMLMapElement, HTMLMenuElement, HTMLMetaElement, HTMLMeterElement,
    HTMLModElement, HTMLOListElement, HTMLParagraphElement, HTMLPictureElement, HTMLPreElement,
    HTMLProgressElement, HTMLQuoteElement, HTMLScriptElement, HTMLSourceElement, HTMLSpanElement,
    HTMLStyleElement, HTMLTemplateElement, HTMLTextAreaElement, HTMLTimeElement, HTMLTitleElement,
    HTMLUListElement, PreActivation, follow_hyperlink, form_owner, input_attribute_changed,
    input_inserted, is_checked, is_disabled, is_form_control,
};
pub(crate) use html_collection::HTMLCollection;
pub(crate) use html_element::{
    HTMLBodyElement, HTMLElement, HTMLFrameSetElement, HTMLUnknownElement,
};
pub(crate) use html_iframe_element::HTMLIFrameElement;
pub(crate) use html_media_element::{
    HTMLAudioElement, HTMLMediaElement, HTMLVideoElement, MediaError, TimeRanges,
};
pub(crate) use location::{Location, parse_for_entry};
pub(crate) use media_metadata::{ChapterInformation, MediaMetadata};
pub(crate) use media_session::MediaSession;
pub(crate) use media_streams::{
    DeviceChangeEvent, InputDeviceInfo, MediaDeviceInfo, MediaDevices, MediaStream,
    MediaStreamTrack, MediaStreamTrackEvent, OverconstrainedError,
};
pub(crate) use message_event::MessageEvent;
pub(crate) use message_port::{MessageChannel, MessagePort};
pub(crate) use mutation_observer::{MutationObserver, MutationObservers, TreeRecord};
pub(crate) use mutation_record::MutationRecord;
pub(crate) use named_node_map::{Attr, NamedNodeMap};
pub(crate) use names::tag_name;
pub(crate) use navigation_events::{HashChangeEvent, PageTransitionEvent};
pub(crate) use navigator::Navigator;
pub(crate) use node::Node;
pub(crate) use node_list::NodeList;
pub(crate) use node_object::create_node_object;
pub(crate) use performance::Performance;
pub(crate) use progress_event::ProgressEvent;
pub(crate) use request::Request;
pub(crate) use response::{Response, is_null_body_status};
pub(crate) use storage::{Storage, StorageEvent};
pub(crate) use text_encoding::{TextDecoder, TextEncoder};
pub(crate) use tree_steps::{attribute_changed, children_changed, run_steps};
pub(crate) use ui_events::{KeyboardEvent, MouseEvent, PointerEvent, UIEvent, fire_synthetic};
pub(crate) use url::URL;
pub(crate) use url_search_params::URLSearchParams;
pub(crate) use user_activation::UserActivation;
pub(crate) use web_audio::{
    AudioBuffer, AudioBufferSourceNode, AudioContext, AudioDestinationNode, AudioListener,
    AudioNode, AudioParam, AudioScheduledSourceNode, BaseAudioContext, ConstantSourceNode,
    GainNode, OscillatorNode, PannerNode, PeriodicWave, StereoPannerNode,
};
pub(crate) use window::Window;
pub(crate) use xml_http_request::{
    XMLHttpRequest, XMLHttpRequestEventTarget, XMLHttpRequestUpload,
};
