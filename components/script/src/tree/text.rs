/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The text in nodes. It is counted in 16-bit units, and may have lone surrogates.

use sordino_script_bindings::DomString;

use super::{NodeId, NodeKind, Tree};

impl NodeKind {
    /// The [data](https://dom.spec.whatwg.org/#concept-cd-data) of a `CharacterData` node.
    pub(crate) fn data(&self) -> Option<&DomString> {
        match self {
            Self::Text(data) | Self::CdataSection(data) | Self::Comment(data) => Some(data),
            Self::ProcessingInstruction(instruction) => Some(&instruction.data),
            Self::Document(_)
            | Self::Fragment { .. }
            | Self::Doctype(_)
            | Self::Element(_)
            | Self::Attribute(_) => None,
        }
    }

    pub(super) fn data_mut(&mut self) -> Option<&mut DomString> {
        match self {
            Self::Text(data) | Self::CdataSection(data) | Self::Comment(data) => Some(data),
            Self::ProcessingInstruction(instruction) => Some(&mut instruction.data),
            Self::Document(_)
            | Self::Fragment { .. }
            | Self::Doctype(_)
            | Self::Element(_)
            | Self::Attribute(_) => None,
        }
    }

    /// The data of a [Text](https://dom.spec.whatwg.org/#interface-text) node.
    pub(crate) fn text(&self) -> Option<&DomString> {
        match self {
            Self::Text(data) | Self::CdataSection(data) => Some(data),
            _ => None,
        }
    }
}

impl Tree {
    /// The data of a `CharacterData` node; of another, none.
    pub(crate) fn data(&self, id: NodeId) -> DomString {
        self.kind(id).data().cloned().unwrap_or_default()
    }

    pub(crate) fn is_text(&self, id: NodeId) -> bool {
        self.kind(id).text().is_some()
    }

    /// Inserts text, joined to text that it comes to stand beside.
    pub(crate) fn insert_text(&self, parent: NodeId, text: &str, before: Option<NodeId>) {
        let neighbour = match before {
            Some(before) => self.previous_sibling(before),
            None => self.last_child(parent),
        };
        let joined = neighbour.is_some_and(|neighbour| {
            self.update_kind(neighbour, |kind| match kind {
                NodeKind::Text(own) => {
                    append(own, text);
                    true
                }
                _ => false,
            })
        });
        if joined {
            self.content_changed(parent);
            return;
        }
        let id = self.create(self.document_of(parent), NodeKind::Text(text.into()));
        self.link(parent, id, before);
        self.note_inserted(id);
    }

    /// The [descendant text content](https://dom.spec.whatwg.org/#concept-descendant-text-content).
    pub(crate) fn descendant_text_content(&self, id: NodeId) -> DomString {
        self.join_texts(self.descendants(id))
    }

    /// The [child text content](https://dom.spec.whatwg.org/#concept-child-text-content).
    pub(crate) fn child_text_content(&self, id: NodeId) -> DomString {
        self.join_texts(self.children(id))
    }

    /// The data of those nodes that are text.
    pub(crate) fn join_texts(&self, nodes: impl Iterator<Item = NodeId>) -> DomString {
        let mut builder = TextBuilder::default();
        for node in nodes {
            if let Some(text) = self.kind(node).text() {
                builder.push(text);
            }
        }
        builder.finish()
    }

    /// The nodes that are text next to a text node, and itself:
    /// [contiguous](https://dom.spec.whatwg.org/#contiguous-text-nodes).
    pub(crate) fn contiguous_text(&self, id: NodeId) -> Vec<NodeId> {
        let is_text = |id: &NodeId| self.is_text(*id);
        let mut nodes: Vec<_> = self.preceding_siblings(id).take_while(is_text).collect();
        nodes.reverse();
        nodes.push(id);
        nodes.extend(self.following_siblings(id).take_while(is_text));
        nodes
    }
}

/// Joins strings.
#[derive(Default)]
pub(crate) struct TextBuilder {
    text: String,
    /// All units, as soon as one string had a lone surrogate.
    units: Option<Vec<u16>>,
}

impl TextBuilder {
    pub(crate) fn push(&mut self, text: &DomString) {
        match (text.as_str(), &mut self.units) {
            (Some(text), None) => self.text.push_str(text),
            (Some(text), Some(units)) => units.extend(text.encode_utf16()),
            (None, Some(units)) => units.extend(text.to_utf16()),
            (None, None) => {
                let mut units: Vec<u16> = self.text.encode_utf16().collect();
                units.extend(text.to_utf16());
                self.units = Some(units);
            }
        }
    }

    pub(crate) fn finish(self) -> DomString {
        match self.units {
            Some(units) => DomString::from_utf16(&units),
            None => self.text.into(),
        }
    }
}

fn append(own: &mut DomString, text: &str) {
    if own.as_str().is_some() {
        let mut joined = std::mem::take(own).into_string_lossy();
        joined.push_str(text);
        *own = joined.into();
    } else {
        let mut units = own.to_utf16();
        units.extend(text.encode_utf16());
        *own = DomString::from_utf16(&units);
    }
}

/// The [length](https://infra.spec.whatwg.org/#string-length) of a string in 16-bit units.
pub(crate) fn utf16_length(text: &DomString) -> usize {
    match (text.as_str(), text.as_ill_formed()) {
        (Some(text), _) if text.is_ascii() => text.len(),
        (Some(text), _) => text.chars().map(char::len_utf16).sum(),
        (None, units) => units.map_or(0, <[u16]>::len),
    }
}

/// The byte at which a unit starts, unless it is the second half of a character.
fn byte_of_unit(text: &str, unit: usize) -> Option<usize> {
    if text.is_ascii() {
        return (unit <= text.len()).then_some(unit);
    }
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= unit {
            return (units == unit).then_some(byte);
        }
        units += c.len_utf16();
    }
    (units == unit).then_some(text.len())
}

/// Some units of a string; both numbers must be within it.
pub(super) fn substring(text: &DomString, offset: usize, count: usize) -> DomString {
    if let Some(text) = text.as_str()
        && let Some(start) = byte_of_unit(text, offset)
        && let Some(length) = byte_of_unit(&text[start..], count)
    {
        return text[start..start + length].into();
    }
    let units = text.to_utf16();
    DomString::from_utf16(units.get(offset..offset + count).unwrap_or_default())
}

/// A string with some of its units replaced; both numbers must be within it.
pub(super) fn spliced(
    text: &DomString,
    offset: usize,
    count: usize,
    replacement: &DomString,
) -> DomString {
    let length = utf16_length(text);
    let end = (offset + count).min(length);
    let mut builder = TextBuilder::default();
    builder.push(&substring(text, 0, offset.min(length)));
    builder.push(replacement);
    builder.push(&substring(text, end, length - end));
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_units_even_within_a_character() {
        let text = DomString::from("a🌠é");
        assert_eq!(utf16_length(&text), 4);
        assert_eq!(substring(&text, 0, 1), "a");
        assert_eq!(substring(&text, 1, 2), "🌠");
        assert_eq!(substring(&text, 3, 1), "é");
        assert_eq!(substring(&text, 4, 0), "");
        let half = substring(&text, 1, 1);
        assert_eq!(half.as_ill_formed(), Some(&[0xd83c][..]));
        let broken = spliced(&text, 1, 1, &DomString::new());
        assert_eq!(broken.to_utf16(), [0x61, 0xdf20, 0xe9]);
        assert_eq!(spliced(&broken, 1, 0, &half), text, "the halves are joined");
        assert_eq!(spliced(&"abc".into(), 1, 1, &"x".into()), "axc");
    }

    #[test]
    fn neighbouring_text_is_joined() {
        let tree = Tree::new();
        let document = tree.create_document(Default::default());
        let a = tree.create_html_element(document, "a");
        let b = tree.create_html_element(document, "b");
        tree.link(a, b, None);
        tree.insert_text(a, "one", Some(b));
        tree.insert_text(a, " two", Some(b));
        tree.insert_text(b, "three", None);
        assert_eq!(tree.children(a).count(), 2);
        assert_eq!(tree.descendant_text_content(a), "one twothree");
        assert_eq!(tree.child_text_content(a), "one two");
    }
}
