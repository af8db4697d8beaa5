/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What nodes are.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use html5ever::interface::QuirksMode;
use html5ever::{LocalName, QualName, local_name, ns};
use sordino_script_bindings::DomString;
use sordino_traits::headers::is_javascript_mime_type;
use url::Url;

use super::NodeId;
use super::index::Index;

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeKind {
    Document(Box<DocumentNode>),
    Fragment {
        /// The `template` whose contents these are.
        host: Option<NodeId>,
    },
    Doctype(Box<Doctype>),
    Text(DomString),
    CdataSection(DomString),
    Comment(DomString),
    ProcessingInstruction(Box<ProcessingInstruction>),
    Element(Box<Element>),
    Attribute(Box<AttributeNode>),
}

/// What the tree knows of a document.
#[derive(Debug)]
pub(crate) struct DocumentNode {
    /// The [mode](https://dom.spec.whatwg.org/#concept-document-mode).
    pub(crate) mode: QuirksMode,
    /// Whether its [type](https://dom.spec.whatwg.org/#concept-document-type) is `html`, not `xml`.
    pub(crate) is_html: bool,
    /// The [content type](https://dom.spec.whatwg.org/#concept-document-content-type).
    pub(crate) content_type: Cow<'static, str>,
    /// The [encoding](https://dom.spec.whatwg.org/#concept-document-encoding).
    pub(crate) encoding: &'static Encoding,
    /// The URL of a document that no page shows; otherwise the page knows it.
    pub(crate) url: Option<Url>,
    /// The [associated inert template document](https://html.spec.whatwg.org/multipage/scripting.html#appropriate-template-contents-owner-document).
    pub(super) inert: Option<NodeId>,
    /// Of an inert template document: whose it is.
    pub(super) inert_of: Option<NodeId>,
    pub(super) index: Index,
}

impl Default for DocumentNode {
    fn default() -> Self {
        Self {
            mode: QuirksMode::NoQuirks,
            is_html: true,
            content_type: Cow::Borrowed("text/html"),
            encoding: UTF_8,
            url: None,
            inert: None,
            inert_of: None,
            index: Index::default(),
        }
    }
}

impl DocumentNode {
    /// A document that a page shows, which is parsed as HTML.
    pub(crate) fn of_page(content_type: String, encoding: &'static Encoding) -> Self {
        Self { content_type: Cow::Owned(content_type), encoding, ..Self::default() }
    }

    /// A document without a page, as script makes them.
    pub(crate) fn without_page(
        url: Url,
        is_html: bool,
        content_type: impl Into<Cow<'static, str>>,
    ) -> Self {
        let content_type = content_type.into();
        Self { url: Some(url), is_html, content_type, ..Self::default() }
    }

    /// A document like this one, without its nodes.
    pub(super) fn like(&self, url: Url) -> Self {
        Self {
            mode: self.mode,
            encoding: self.encoding,
            ..Self::without_page(url, self.is_html, self.content_type.clone())
        }
    }
}

/// A [doctype](https://dom.spec.whatwg.org/#concept-doctype).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Doctype {
    pub(crate) name: String,
    pub(crate) public_id: String,
    pub(crate) system_id: String,
}

/// A [processing instruction](https://dom.spec.whatwg.org/#interface-processinginstruction).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ProcessingInstruction {
    pub(crate) target: DomString,
    pub(crate) data: DomString,
}

/// An [attribute](https://dom.spec.whatwg.org/#concept-attribute) that script has seen as a node. Its
/// value is with its element, while it has one.
#[derive(Debug)]
pub(crate) struct AttributeNode {
    pub(crate) name: QualName,
    pub(crate) value: DomString,
    pub(crate) element: Option<NodeId>,
}

/// An attribute of an element.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: QualName,
    pub(crate) value: DomString,
    /// What script sees of it.
    pub(super) node: Option<NodeId>,
}

impl Attribute {
    pub(crate) fn new(name: QualName, value: DomString) -> Self {
        Self { name, value, node: None }
    }

    /// Whether it has this [local name](https://dom.spec.whatwg.org/#concept-attribute-local-name) and
    /// no namespace.
    pub(crate) fn is(&self, local_name: &LocalName) -> bool {
        self.name.local == *local_name && self.name.ns == ns!()
    }
}

/// The [qualified name](https://dom.spec.whatwg.org/#concept-attribute-qualified-name) of an attribute
/// or an element.
pub(crate) fn qualified_name(name: &QualName) -> Cow<'_, str> {
    match &name.prefix {
        Some(prefix) => Cow::Owned(format!("{prefix}:{}", name.local)),
        None => Cow::Borrowed(&name.local),
    }
}

/// Whether two attributes are one for the specification: namespace and local name count.
pub(crate) fn is_same_attribute(a: &QualName, b: &QualName) -> bool {
    a.local == b.local && a.ns == b.ns
}

/// What an element does when it, or what is in it, changes its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    None,
    Script,
    Frame,
    Media,
    Source,
    Input,
    Title,
    Base,
    Link,
}

impl Role {
    fn of(name: &QualName) -> Self {
        if name.ns != ns!(html) {
            return Self::None;
        }
        match name.local {
            local_name!("script") => Self::Script,
            local_name!("iframe") => Self::Frame,
            local_name!("audio") | local_name!("video") => Self::Media,
            local_name!("source") => Self::Source,
            local_name!("input") => Self::Input,
            local_name!("title") => Self::Title,
            local_name!("base") => Self::Base,
            local_name!("link") => Self::Link,
            _ => Self::None,
        }
    }
}

/// What a `script` remembers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScriptFlags {
    /// ["already started"](https://html.spec.whatwg.org/multipage/scripting.html#already-started)
    pub(crate) already_started: bool,
    /// Whether there is a [parser document](https://html.spec.whatwg.org/multipage/scripting.html#parser-document).
    pub(crate) parser_inserted: bool,
    /// The opposite of [force async](https://html.spec.whatwg.org/multipage/scripting.html#script-force-async).
    pub(crate) not_forced_async: bool,
}

/// The [type](https://html.spec.whatwg.org/multipage/scripting.html#concept-script-type) of a script.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ScriptType {
    /// It runs as it is.
    Classic,
    /// It has imports and exports.
    Module,
}

/// What the user or script has made of an `input` or a `textarea`.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldState {
    /// The [value](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-value),
    /// once it is dirty.
    pub(crate) value: Option<DomString>,
    /// The [checkedness](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-checked),
    /// if it is not as the attribute says.
    pub(crate) checked: Option<bool>,
    /// The [dirty checkedness flag](https://html.spec.whatwg.org/multipage/input.html#concept-input-checked-dirty-flag).
    pub(crate) has_dirty_checkedness: bool,
    /// [`indeterminate`](https://html.spec.whatwg.org/multipage/input.html#dom-input-indeterminate)
    pub(crate) indeterminate: bool,
}

/// An element's name and attributes.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: QualName,
    pub(crate) attributes: Vec<Attribute>,
    /// Of a `template`: the fragment with its contents.
    pub(crate) template_contents: Option<NodeId>,
    /// The line on which it was found, from 1; of a `script`, where its text starts.
    pub(crate) line: u32,
    pub(crate) script: ScriptFlags,
    /// Of a form control: what it has besides its attributes.
    pub(crate) field: Option<Box<FieldState>>,
    pub(super) role: Role,
    /// Whether script has seen any attribute as a node.
    pub(super) has_attribute_nodes: bool,
}

impl Element {
    pub(super) fn new(name: QualName, attributes: Vec<Attribute>) -> Self {
        Self {
            role: Role::of(&name),
            name,
            attributes,
            template_contents: None,
            line: 1,
            script: ScriptFlags::default(),
            field: None,
            has_attribute_nodes: false,
        }
    }

    /// The value of an attribute without a namespace.
    pub(crate) fn attribute(&self, name: &LocalName) -> Option<Cow<'_, str>> {
        self.value(name).map(DomString::to_str_lossy)
    }

    /// As [`attribute`](Self::attribute), with the lone surrogates that script may have put there.
    pub(crate) fn value(&self, name: &LocalName) -> Option<&DomString> {
        self.attributes.iter().find(|own| own.is(name)).map(|own| &own.value)
    }

    /// The steps of [preparing a script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element)
    /// that find out the type; `None`: it is no script.
    pub(crate) fn script_type(&self) -> Option<ScriptType> {
        let type_ = self.attribute(&local_name!("type"));
        let language = self.attribute(&local_name!("language"));
        let type_ = match (type_, language) {
            (Some(type_), _) if type_.is_empty() => "text/javascript".into(),
            (Some(type_), _) => type_.trim_matches(|c: char| c.is_ascii_whitespace()).to_owned(),
            (None, Some(language)) if !language.is_empty() => format!("text/{language}"),
            (None, _) => "text/javascript".into(),
        };
        match type_.to_ascii_lowercase() {
            it if is_javascript_mime_type(&it) => Some(ScriptType::Classic),
            it if it == "module" => Some(ScriptType::Module),
            _ => None,
        }
    }

    pub(crate) fn has(&self, name: &LocalName) -> bool {
        self.value(name).is_some()
    }

    pub(crate) fn is_html(&self) -> bool {
        self.name.ns == ns!(html)
    }

    /// Whether it is an HTML element with this local name.
    pub(crate) fn is(&self, name: &LocalName) -> bool {
        self.name.local == *name && self.is_html()
    }

    /// Whether it [serializes as void](https://html.spec.whatwg.org/multipage/parsing.html#serializes-as-void).
    pub(crate) fn has_no_end_tag(&self) -> bool {
        self.is_html() && VOID.contains(&self.name.local)
    }
}

/// Elements without an end tag.
const VOID: [LocalName; 18] = [
    local_name!("area"),
    local_name!("base"),
    local_name!("br"),
    local_name!("col"),
    local_name!("embed"),
    local_name!("hr"),
    local_name!("img"),
    local_name!("input"),
    local_name!("link"),
    local_name!("meta"),
    local_name!("source"),
    local_name!("track"),
    local_name!("wbr"),
    local_name!("basefont"),
    local_name!("bgsound"),
    local_name!("frame"),
    local_name!("keygen"),
    local_name!("param"),
];
