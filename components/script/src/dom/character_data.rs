/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [CharacterData](https://dom.spec.whatwg.org/#interface-characterdata) and its kinds.

use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::child_node::{child_node, non_document_type_child_node};
use super::{Element, Node};
use crate::bindings::{
    CDATASectionMethods, CharacterDataMethods, CommentMethods, NodeOrDomString,
    ProcessingInstructionMethods, TextMethods,
};
use crate::page::Page;
use crate::tree::{NodeKind, NodeRef, utf16_length};

/// A node with data.
pub(crate) struct CharacterData {
    node: Node,
}

dom_object!(CharacterData: Node, node);

impl CharacterData {
    fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node) }
    }

    fn own_length(&self) -> usize {
        self.node.tree().kind(self.node.id()).data().map_or(0, utf16_length)
    }

    /// An offset and a count that are within the data, and its length.
    fn range(&self, offset: u32, count: u32) -> Fallible<(usize, usize, usize)> {
        let length = self.own_length();
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        if offset > length {
            let reason = format!("the offset {offset} is greater than the length {length}");
            return Err(Error::dom(DomExceptionName::IndexSizeError, reason));
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(length - offset);
        Ok((offset, count, length))
    }
}

impl CharacterDataMethods for CharacterData {
    fn data(&self, _realm: &Realm) -> DomString {
        self.node.tree().data(self.node.id())
    }

    fn set_data(&self, _realm: &Realm, value: DomString) {
        self.node.tree().replace_all_data(self.node.id(), value);
    }

    fn length(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.own_length()).unwrap_or(u32::MAX)
    }

    fn substring_data(&self, _realm: &Realm, offset: u32, count: u32) -> Fallible<DomString> {
        let (offset, count, _) = self.range(offset, count)?;
        Ok(self.node.tree().substring_data(self.node.id(), offset, count))
    }

    fn append_data(&self, _realm: &Realm, data: DomString) -> Fallible<()> {
        self.node.tree().replace_data(self.node.id(), self.own_length(), 0, &data);
        Ok(())
    }

    fn insert_data(&self, _realm: &Realm, offset: u32, data: DomString) -> Fallible<()> {
        let (offset, ..) = self.range(offset, 0)?;
        self.node.tree().replace_data(self.node.id(), offset, 0, &data);
        Ok(())
    }

    fn delete_data(&self, _realm: &Realm, offset: u32, count: u32) -> Fallible<()> {
        let (offset, count, _) = self.range(offset, count)?;
        self.node.tree().replace_data(self.node.id(), offset, count, &DomString::new());
        Ok(())
    }

    fn replace_data(
        &self,
        _realm: &Realm,
        offset: u32,
        count: u32,
        data: DomString,
    ) -> Fallible<()> {
        let (offset, count, _) = self.range(offset, count)?;
        self.node.tree().replace_data(self.node.id(), offset, count, &data);
        Ok(())
    }

    child_node! { before after replace_with remove }
    non_document_type_child_node! { previous_element_sibling next_element_sibling }
}

/// A text node.
pub(crate) struct Text {
    character_data: CharacterData,
}

dom_object!(Text: CharacterData, character_data);

impl Text {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { character_data: CharacterData::new(node) }
    }
}

/// A node of the document of the window whose constructor runs.
fn construct<T: sordino_script_bindings::DomObject>(
    realm: &Realm,
    kind: NodeKind,
) -> Fallible<DomRoot<T>> {
    let page = Page::of(realm);
    let node = page.tree().object(page.tree().create(page.document_node(), kind));
    node.downcast().ok_or_else(|| Error::type_error("the node was not created"))
}

impl TextMethods for Text {
    fn constructor(realm: &Realm, data: DomString) -> Fallible<DomRoot<Self>> {
        construct(realm, NodeKind::Text(data))
    }

    /// <https://dom.spec.whatwg.org/#dom-text-splittext>
    fn split_text(&self, _realm: &Realm, offset: u32) -> Fallible<DomRoot<Text>> {
        let (offset, _, length) = self.character_data.range(offset, 0)?;
        let node = &self.character_data.node;
        let new = node.tree().object(node.tree().split(node.id(), offset, length));
        new.downcast().ok_or_else(|| Error::type_error("the text was not split"))
    }

    fn whole_text(&self, _realm: &Realm) -> DomString {
        let node = &self.character_data.node;
        node.tree().join_texts(node.tree().contiguous_text(node.id()).into_iter())
    }
}

/// A CDATA section.
pub(crate) struct CDATASection {
    text: Text,
}

dom_object!(CDATASection: Text, text);

impl CDATASection {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { text: Text::new(node) }
    }
}

impl CDATASectionMethods for CDATASection {}

/// A comment.
pub(crate) struct Comment {
    character_data: CharacterData,
}

dom_object!(Comment: CharacterData, character_data);

impl Comment {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { character_data: CharacterData::new(node) }
    }
}

impl CommentMethods for Comment {
    fn constructor(realm: &Realm, data: DomString) -> Fallible<DomRoot<Self>> {
        construct(realm, NodeKind::Comment(data))
    }
}

/// A processing instruction.
pub(crate) struct ProcessingInstruction {
    character_data: CharacterData,
}

dom_object!(ProcessingInstruction: CharacterData, character_data);

impl ProcessingInstruction {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { character_data: CharacterData::new(node) }
    }
}

impl ProcessingInstructionMethods for ProcessingInstruction {
    fn target(&self, _realm: &Realm) -> DomString {
        let node = &self.character_data.node;
        match &*node.tree().kind(node.id()) {
            NodeKind::ProcessingInstruction(instruction) => instruction.target.clone(),
            _ => DomString::new(),
        }
    }
}
