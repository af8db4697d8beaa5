/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is found in a document without looking through it: elements by id, and those that say what
//! the document is called.

use std::borrow::Cow;
use std::collections::BTreeSet;

use html5ever::{LocalName, local_name, ns};
use rustc_hash::FxHashMap;
use sordino_script_bindings::DomString;
use url::Url;

use super::{DocumentNode, Element, NodeId, NodeKind, Role, Tree};

/// The elements of a document that are looked for often.
#[derive(Debug, Default)]
pub(super) struct Index {
    ids: FxHashMap<Box<str>, Holders>,
    /// By `name`, what the window finds by that.
    names: FxHashMap<Box<str>, Holders>,
    titles: BTreeSet<NodeId>,
    bases: BTreeSet<NodeId>,
    links: BTreeSet<NodeId>,
    /// Whether its title or icon may be another since they were asked for.
    changed: bool,
}

/// The elements with one id.
#[derive(Debug)]
enum Holders {
    One(NodeId),
    /// With the first of them in tree order, as it was in some version of the tree.
    Many(BTreeSet<NodeId>, Option<(u64, NodeId)>),
}

/// By which attribute elements are found.
#[derive(Clone, Copy)]
enum Key {
    Id,
    Name,
}

impl Key {
    /// What an element is found by, if it is. Names are for [named access on the `Window` object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object).
    fn of(self, element: &Element) -> Option<Cow<'_, str>> {
        let value = match self {
            Self::Id => element.attribute(&local_name!("id")),
            Self::Name if has_window_name(element) => element.attribute(&local_name!("name")),
            Self::Name => None,
        };
        value.filter(|value| !value.is_empty())
    }
}

/// Whether the window finds an element by this name.
pub(crate) fn is_named_on_window(element: &Element, name: &str) -> bool {
    element.is_html()
        && [Key::Id, Key::Name].iter().any(|key| key.of(element).is_some_and(|own| own == name))
}

fn has_window_name(element: &Element) -> bool {
    let names =
        [local_name!("embed"), local_name!("form"), local_name!("img"), local_name!("object")];
    element.is_html() && names.contains(&element.name.local)
}

impl Index {
    fn holders(&self, key: Key) -> &FxHashMap<Box<str>, Holders> {
        match key {
            Key::Id => &self.ids,
            Key::Name => &self.names,
        }
    }

    fn holders_mut(&mut self, key: Key) -> &mut FxHashMap<Box<str>, Holders> {
        match key {
            Key::Id => &mut self.ids,
            Key::Name => &mut self.names,
        }
    }

    fn add(&mut self, key: Key, value: &str, element: NodeId) {
        let all = self.holders_mut(key);
        match all.get_mut(value) {
            None => {
                all.insert(value.into(), Holders::One(element));
            }
            Some(Holders::Many(holders, first)) => {
                holders.insert(element);
                *first = None;
            }
            Some(holders) => {
                if let Holders::One(other) = *holders {
                    *holders = Holders::Many(BTreeSet::from([other, element]), None);
                }
            }
        }
    }

    fn remove(&mut self, key: Key, value: &str, element: NodeId) {
        let all = self.holders_mut(key);
        let is_empty = match all.get_mut(value) {
            None => return,
            Some(Holders::One(holder)) => *holder == element,
            Some(Holders::Many(holders, first)) => {
                holders.remove(&element);
                *first = None;
                holders.is_empty()
            }
        };
        if is_empty {
            all.remove(value);
        }
    }

    fn with_role(&mut self, role: Role) -> Option<&mut BTreeSet<NodeId>> {
        match role {
            Role::Title => Some(&mut self.titles),
            Role::Base => Some(&mut self.bases),
            Role::Link => Some(&mut self.links),
            _ => None,
        }
    }
}

impl Tree {
    /// An element came into its document's tree, or leaves it.
    pub(super) fn index(&self, element: NodeId, is_there: bool) {
        let (document, role, values) = {
            let node = self.node(element);
            let NodeKind::Element(own) = &node.kind else { return };
            let values = [Key::Id, Key::Name].map(|key| Some((key, key.of(own)?.into_owned())));
            if own.role == Role::None && values.iter().all(Option::is_none) {
                return;
            }
            (node.document, own.role, values)
        };
        self.update_document(document, |it| {
            for (key, value) in values.iter().flatten() {
                match is_there {
                    true => it.index.add(*key, value, element),
                    false => it.index.remove(*key, value, element),
                }
            }
            if let Some(elements) = it.index.with_role(role) {
                match is_there {
                    true => elements.insert(element),
                    false => elements.remove(&element),
                };
                it.index.changed = true;
            }
        });
    }

    /// The `id` of an element changed.
    pub(super) fn id_changed(
        &self,
        element: NodeId,
        old: Option<&DomString>,
        new: Option<&DomString>,
    ) {
        self.key_changed(Key::Id, element, old, new);
    }

    /// The `name` of an element changed.
    pub(super) fn name_changed(
        &self,
        element: NodeId,
        old: Option<&DomString>,
        new: Option<&DomString>,
    ) {
        if self.element(element).is_some_and(|own| has_window_name(&own)) {
            self.key_changed(Key::Name, element, old, new);
        }
    }

    fn key_changed(
        &self,
        key: Key,
        element: NodeId,
        old: Option<&DomString>,
        new: Option<&DomString>,
    ) {
        if !self.is_connected(element) {
            return;
        }
        let is_value = |value: &&DomString| !value.is_empty();
        self.update_document(self.document_of(element), |it| {
            if let Some(old) = old.filter(is_value) {
                it.index.remove(key, &old.to_str_lossy(), element);
            }
            if let Some(new) = new.filter(is_value) {
                it.index.add(key, &new.to_str_lossy(), element);
            }
        });
    }

    /// The content or an attribute of an element changed: the document may be called otherwise.
    pub(super) fn content_changed(&self, element: NodeId) {
        let changes = self.element(element).is_some_and(|own| {
            matches!(own.role, Role::Title | Role::Base | Role::Link)
                || (own.name.ns == ns!(svg) && own.name.local == local_name!("title"))
        });
        if changes && self.is_connected(element) {
            self.update_document(self.document_of(element), |it| it.index.changed = true);
        }
    }

    /// Whether the document's title or icon may have changed since it was asked last.
    pub(crate) fn take_title_changed(&self, document: NodeId) -> bool {
        let mut changed = false;
        self.update_document(document, |it| changed = std::mem::take(&mut it.index.changed));
        changed
    }

    /// The first element in tree order below `root` that has this id.
    pub(crate) fn element_by_id(&self, root: NodeId, id: &str) -> Option<NodeId> {
        self.first_with(Key::Id, root, id)
    }

    /// The HTML elements of a document that the window finds by this name, in no order.
    pub(crate) fn elements_of_window(&self, document: NodeId, name: &str) -> BTreeSet<NodeId> {
        let holders = |index: &Index| {
            let all = [Key::Id, Key::Name].map(|key| match index.holders(key).get(name) {
                None => BTreeSet::new(),
                Some(Holders::One(element)) => BTreeSet::from([*element]),
                Some(Holders::Many(elements, _)) => elements.clone(),
            });
            all.into_iter().flatten().collect()
        };
        let mut found: BTreeSet<_> = self.read_index(document, holders).unwrap_or_default();
        found.retain(|id| self.element(*id).is_some_and(|it| it.is_html()));
        found
    }

    /// The names under which the window finds the elements of a document, in tree order.
    pub(crate) fn names_of_window(&self, document: NodeId) -> Vec<String> {
        let mut names = Vec::new();
        for id in self.descendants(document) {
            if let Some(element) = self.element(id).filter(|it| it.is_html()) {
                let own = [Key::Id, Key::Name].into_iter().filter_map(|key| key.of(&element));
                names.extend(own.map(Cow::into_owned));
            }
        }
        names
    }

    fn has_key(&self, key: Key, element: NodeId, value: &str) -> bool {
        self.element(element).is_some_and(|it| key.of(&it).is_some_and(|own| own == value))
    }

    fn first_with(&self, key: Key, root: NodeId, value: &str) -> Option<NodeId> {
        if value.is_empty() {
            return None;
        }
        if let NodeKind::Document(document) = &*self.kind(root) {
            match document.index.holders(key).get(value)? {
                Holders::One(element) => return Some(*element),
                Holders::Many(_, Some((version, first))) if *version == self.version() => {
                    return Some(*first);
                }
                Holders::Many(..) => {}
            }
        }
        let first = self.descendants(root).find(|id| self.has_key(key, *id, value))?;
        let version = self.version();
        self.update_document(root, |it| {
            if let Some(Holders::Many(_, known)) = it.index.holders_mut(key).get_mut(value) {
                *known = Some((version, first));
            }
        });
        Some(first)
    }

    fn read_index<R>(&self, document: NodeId, read: impl FnOnce(&Index) -> R) -> Option<R> {
        match &*self.kind(document) {
            NodeKind::Document(it) => Some(read(&it.index)),
            _ => None,
        }
    }

    /// The first of these in tree order.
    fn first_of(&self, document: NodeId, nodes: &BTreeSet<NodeId>) -> Option<NodeId> {
        match nodes.len() {
            0 => None,
            1 => nodes.first().copied(),
            _ => self.descendants(document).find(|id| nodes.contains(id)),
        }
    }

    /// [The title element](https://html.spec.whatwg.org/multipage/dom.html#the-title-element-2).
    pub(crate) fn title_element(&self, document: NodeId) -> Option<NodeId> {
        self.read_index(document, |index| self.first_of(document, &index.titles)).flatten()
    }

    /// As [`title_units`](Self::title_units), with U+FFFD in place of lone surrogates.
    pub(crate) fn title(&self, document: NodeId) -> String {
        self.title_units(document).into_string_lossy()
    }

    /// [`document.title`](https://html.spec.whatwg.org/multipage/dom.html#document.title): with white
    /// space stripped and collapsed.
    pub(crate) fn title_units(&self, document: NodeId) -> DomString {
        let svg = self.document_element(document).filter(|root| self.is_svg(*root, "svg"));
        let title = match svg {
            Some(svg) => self.children(svg).find(|child| self.is_svg(*child, "title")),
            None => self.title_element(document),
        };
        let text = title.map(|title| self.child_text_content(title)).unwrap_or_default();
        match text.as_str() {
            Some(text) => text.split_ascii_whitespace().collect::<Vec<_>>().join(" ").into(),
            None => {
                let units = text.to_utf16();
                let is_space = |unit: &u16| matches!(unit, 0x09 | 0x0a | 0x0c | 0x0d | 0x20);
                let words = units.split(is_space).filter(|word| !word.is_empty());
                DomString::from_utf16(&words.collect::<Vec<_>>().join(&0x20))
            }
        }
    }

    fn is_svg(&self, id: NodeId, local_name: &str) -> bool {
        self.element(id).is_some_and(|it| it.name.ns == ns!(svg) && *it.name.local == *local_name)
    }

    /// The [document base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url),
    /// given what it is without a [`base`](https://html.spec.whatwg.org/multipage/semantics.html#the-base-element).
    pub(crate) fn base_url(&self, document: NodeId, fallback: Url) -> Url {
        let href = self.base_attribute(document, &local_name!("href"));
        let url = href.and_then(|href| fallback.join(&href).ok());
        url.filter(|url| !matches!(url.scheme(), "data" | "javascript")).unwrap_or(fallback)
    }

    /// An attribute of the first `base` that has it.
    fn base_attribute(&self, document: NodeId, name: &LocalName) -> Option<String> {
        let bases = self.read_index(document, |index| index.bases.clone())?;
        let with_it: BTreeSet<_> = bases
            .into_iter()
            .filter(|id| self.element(*id).is_some_and(|it| it.has(name)))
            .collect();
        let base = self.first_of(document, &with_it)?;
        self.element(base)?.attribute(name).map(String::from)
    }

    /// The `target` of the first `base` that has one.
    pub(crate) fn base_target(&self, document: NodeId) -> Option<String> {
        self.base_attribute(document, &local_name!("target"))
    }

    /// The last `link` that names an [icon](https://html.spec.whatwg.org/multipage/links.html#rel-icon).
    pub(crate) fn icon(&self, document: NodeId) -> Option<NodeId> {
        let names_icon = |id: &NodeId| {
            self.element(*id).is_some_and(|it| {
                let rel = it.attribute(&local_name!("rel")).unwrap_or_default();
                it.attribute(&local_name!("href")).is_some_and(|href| !href.is_empty())
                    && rel.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case("icon"))
            })
        };
        let links = self.read_index(document, |index| index.links.clone())?;
        links.into_iter().filter(names_icon).max_by(|a, b| self.tree_order(*a, *b))
    }

    /// Changes what the tree knows of a document; does nothing to another node.
    pub(crate) fn update_document(&self, id: NodeId, change: impl FnOnce(&mut DocumentNode)) {
        self.with_node(id, |node| {
            if let NodeKind::Document(document) = &mut node.kind {
                change(document);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use html5ever::QualName;

    use super::super::Attribute;
    use super::*;
    use crate::sink::parse_for_test;

    fn element(tree: &Tree, document: NodeId, name: &str, id: &str) -> NodeId {
        let element = tree.create_html_element(document, name);
        let name = QualName::new(None, ns!(), local_name!("id"));
        tree.update_element(element, |it| {
            it.attributes.push(Attribute::new(name, id.into()));
        });
        element
    }

    #[test]
    fn the_first_element_with_an_id_is_found_wherever_it_goes() {
        let tree = Tree::new();
        let document = tree.create_document(DocumentNode::default());
        let [a, b, c] = ["a", "b", "c"].map(|name| element(&tree, document, name, "x"));
        tree.link(document, a, None);
        tree.link(a, b, None);
        assert_eq!(tree.element_by_id(document, "x"), Some(a));
        tree.link(a, c, Some(b));
        tree.detach(b);
        tree.link(document, b, Some(a));
        assert_eq!(tree.element_by_id(document, "x"), Some(b));
        tree.detach(a);
        assert_eq!(tree.element_by_id(document, "x"), Some(b));
        assert_eq!(tree.element_by_id(a, "x"), Some(c), "below a node that is in no document");
        tree.detach(b);
        assert_eq!(tree.element_by_id(document, "x"), None);
        assert_eq!(tree.element_by_id(document, ""), None);
    }

    #[test]
    fn the_window_finds_ids_of_html_and_some_names() {
        let (tree, document) = parse_for_test(
            "<form id=a name=b></form><p id=c name=d></p><img name=a><svg id=e></svg><p id=e>",
        );
        let found = |name| {
            let found = tree.elements_of_window(document, name).into_iter();
            found.map(|id| tree.element(id).unwrap().name.local.to_string()).collect::<Vec<_>>()
        };
        let names: [&[&str]; 6] = [&["form", "img"], &["form"], &["p"], &[], &["p"], &[]];
        assert_eq!(["a", "b", "c", "d", "e", ""].map(found), names.map(<[&str]>::to_vec));
        assert_eq!(tree.names_of_window(document), ["a", "b", "c", "a", "e"]);
        let form = tree.element_by_id(document, "a").unwrap();
        tree.change_attribute(form, "name", Some("new".into()));
        assert_eq!(["b", "new"].map(found), [vec![], vec!["form"]]);
        tree.remove(form, false);
        assert_eq!(["a", "new"].map(found), [vec!["img"], vec![]]);
    }

    #[test]
    fn titles_and_bases_go_by_tree_order() {
        let tree = Tree::new();
        let document = tree.create_document(DocumentNode::default());
        let root = tree.create_html_element(document, "html");
        tree.link(document, root, None);
        for text in ["two", " one\n x "] {
            let title = tree.create_html_element(document, "title");
            tree.insert_text(title, text, None);
            tree.link(root, title, tree.first_child(root));
        }
        assert!(tree.take_title_changed(document) && !tree.take_title_changed(document));
        assert_eq!(tree.title(document), "one x");
        tree.detach(tree.first_child(root).unwrap());
        assert!(tree.take_title_changed(document));
        assert_eq!(tree.title(document), "two");
    }
}
