/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The objects that scripts see, one Rust type per interface. What they have in common, and what
//! reaches beyond one object, is in [`crate::page`].

mod abort;
mod activation;
mod audio_session;
mod blob;
mod body;
mod console;
mod create_event;
mod document;
mod element;
mod error_event;
mod event;
mod event_dispatch;
mod event_handlers;
mod event_target;
mod file;
mod file_reader;
mod form_controls;
mod headers;
mod html_collection;
mod html_element;
mod html_iframe_element;
mod html_input_element;
mod html_label_element;
mod html_media_element;
mod html_script_element;
mod location;
mod media_metadata;
mod media_session;
mod message_event;
mod navigation_events;
mod navigator;
mod node;
mod node_object;
mod performance;
mod progress_event;
mod request;
mod response;
mod text_encoding;
mod ui_events;
mod url;
mod url_search_params;
mod user_activation;
mod window;

pub(crate) use abort::{AbortAlgorithm, AbortController, AbortSignal};
pub(crate) use audio_session::AudioSession;
pub(crate) use blob::Blob;
pub(crate) use console::Console;
pub(crate) use document::Document;
pub(crate) use element::Element;
pub(crate) use error_event::{ErrorEvent, PromiseRejectionEvent};
pub(crate) use event::{CustomEvent, Event};
pub(crate) use event_dispatch::{dispatch, fire, fire_load};
pub(crate) use event_handlers::content_attributes::body_parsed;
pub(crate) use event_target::EventTarget;
pub(crate) use file::File;
pub(crate) use file_reader::FileReader;
pub(crate) use headers::Headers;
pub(crate) use html_collection::HTMLCollection;
pub(crate) use html_element::{
    HTMLBodyElement, HTMLElement, HTMLFrameSetElement, HTMLUnknownElement,
};
pub(crate) use html_iframe_element::HTMLIFrameElement;
pub(crate) use html_input_element::HTMLInputElement;
pub(crate) use html_label_element::HTMLLabelElement;
pub(crate) use html_media_element::{HTMLAudioElement, HTMLMediaElement, MediaError};
pub(crate) use html_script_element::HTMLScriptElement;
pub(crate) use location::{Location, parse_for_entry};
pub(crate) use media_metadata::{ChapterInformation, MediaMetadata};
pub(crate) use media_session::MediaSession;
pub(crate) use message_event::MessageEvent;
pub(crate) use navigation_events::{HashChangeEvent, PageTransitionEvent};
pub(crate) use navigator::Navigator;
pub(crate) use node::{Node, Text};
pub(crate) use node_object::create_node_object;
pub(crate) use performance::Performance;
pub(crate) use progress_event::ProgressEvent;
pub(crate) use request::Request;
pub(crate) use response::{Response, is_null_body_status};
pub(crate) use text_encoding::{TextDecoder, TextEncoder};
pub(crate) use ui_events::{KeyboardEvent, MouseEvent, PointerEvent, UIEvent, fire_synthetic};
pub(crate) use url::URL;
pub(crate) use url_search_params::URLSearchParams;
pub(crate) use user_activation::UserActivation;
pub(crate) use window::Window;
