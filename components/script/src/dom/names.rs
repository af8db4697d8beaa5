/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Name validation](https://dom.spec.whatwg.org/#namespaces), and what elements are called.

use html5ever::{LocalName, Namespace, Prefix, QualName, ns};
use sordino_script_bindings::{DomExceptionName, DomString, Error, Fallible};

use crate::tree::{NodeId, Tree, qualified_name};

/// Whose name is looked at.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Context {
    Attribute,
    Element,
}

fn has_any(name: &str, characters: &str) -> bool {
    name.contains(|c: char| c.is_ascii_whitespace() || c == '\0' || characters.contains(c))
}

/// Whether this is a [valid namespace prefix](https://dom.spec.whatwg.org/#valid-namespace-prefix).
fn is_valid_prefix(name: &str) -> bool {
    !name.is_empty() && !has_any(name, "/>")
}

/// Whether this is a [valid attribute local name](https://dom.spec.whatwg.org/#valid-attribute-local-name).
fn is_valid_attribute_name(name: &str) -> bool {
    !name.is_empty() && !has_any(name, "/=>")
}

/// Whether this is a [valid element local name](https://dom.spec.whatwg.org/#valid-element-local-name).
fn is_valid_element_name(name: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_') || !c.is_ascii();
    match name.chars().next() {
        None => false,
        Some(first) if first.is_ascii_alphabetic() => !has_any(name, "/>"),
        Some(first) if matches!(first, ':' | '_') || !first.is_ascii() => name.chars().all(is_part),
        Some(_) => false,
    }
}

fn invalid(what: &str, name: &str) -> Error {
    let reason = format!("'{name}' is not a valid {what}");
    Error::dom(DomExceptionName::InvalidCharacterError, reason)
}

/// # Errors
///
/// An `InvalidCharacterError` unless it is a valid local name.
pub(super) fn check_local_name(context: Context, name: &str) -> Fallible<()> {
    match context {
        Context::Attribute if !is_valid_attribute_name(name) => {
            Err(invalid("attribute name", name))
        }
        Context::Element if !is_valid_element_name(name) => Err(invalid("element name", name)),
        _ => Ok(()),
    }
}

/// # Errors
///
/// An `InvalidCharacterError` unless it is a [valid doctype name](https://dom.spec.whatwg.org/#valid-doctype-name).
pub(super) fn check_doctype_name(name: &str) -> Fallible<()> {
    if has_any(name, ">") { Err(invalid("doctype name", name)) } else { Ok(()) }
}

/// # Errors
///
/// An `InvalidCharacterError` unless it matches XML's [Name](https://www.w3.org/TR/xml/#NT-Name).
pub(super) fn check_xml_name(name: &str) -> Fallible<()> {
    let is_start = |c: char| {
        matches!(c,
            ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
            | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
            | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
            | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
            | '\u{10000}'..='\u{EFFFF}')
    };
    let is_part = |c: char| {
        is_start(c)
            || matches!(c,
                '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
    };
    let mut characters = name.chars();
    if characters.next().is_some_and(is_start) && characters.all(is_part) {
        return Ok(());
    }
    Err(invalid("name", name))
}

/// [Validates and extracts](https://dom.spec.whatwg.org/#validate-and-extract) a namespace and a
/// qualified name.
///
/// # Errors
///
/// An `InvalidCharacterError` or a `NamespaceError`.
pub(super) fn validate_and_extract(
    namespace: Option<DomString>,
    qualified_name: &DomString,
    context: Context,
) -> Fallible<QualName> {
    let namespace = Namespace::from(&*namespace.unwrap_or_default().to_str_lossy());
    let qualified_name = qualified_name.to_str_lossy();
    let (prefix, local_name) = match qualified_name.split_once(':') {
        Some((prefix, local_name)) => (Some(prefix), local_name),
        None => (None, &*qualified_name),
    };
    if let Some(prefix) = prefix
        && !is_valid_prefix(prefix)
    {
        return Err(invalid("namespace prefix", prefix));
    }
    check_local_name(context, local_name)?;
    let is_xmlns = qualified_name == "xmlns" || prefix == Some("xmlns");
    let wrong = (prefix.is_some() && namespace == ns!())
        || (prefix == Some("xml") && namespace != ns!(xml))
        || is_xmlns != (namespace == ns!(xmlns));
    if wrong {
        let reason = format!("'{qualified_name}' does not go with the namespace '{namespace}'");
        return Err(Error::dom(DomExceptionName::NamespaceError, reason));
    }
    Ok(QualName::new(prefix.map(Prefix::from), namespace, LocalName::from(local_name)))
}

/// The [HTML-uppercased qualified name](https://dom.spec.whatwg.org/#element-html-uppercased-qualified-name)
/// of an element.
pub(crate) fn tag_name(tree: &Tree, id: NodeId) -> String {
    let Some(element) = tree.element(id) else { return String::new() };
    let name = qualified_name(&element.name);
    if element.is_html() && tree.is_in_html_document(id) {
        name.to_ascii_uppercase()
    } else {
        name.into_owned()
    }
}
