/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What [collections](https://dom.spec.whatwg.org/#old-style-collections) have in common: nodes below a
//! root that pass a filter, as they are at the moment.

use std::cell::Cell;

use html5ever::{LocalName, Namespace, local_name, ns};
use rustc_hash::FxHashSet;
use sordino_script_bindings::{Dom, DomRoot, DomString, Fallible, impl_trace};

use super::Node;
use super::named_node_map::name_of;
use crate::tree::{Element, NodeId, Tree, is_named_on_window};

/// Which nodes are in a collection.
pub(super) enum Filter {
    /// The children, whatever they are.
    ChildNodes,
    /// The children that are elements.
    Children,
    /// [Elements with a qualified name](https://dom.spec.whatwg.org/#concept-getelementsbytagname), and
    /// the name in lower case.
    QualifiedName(String, String),
    /// [Elements with a namespace and local name](https://dom.spec.whatwg.org/#concept-getelementsbytagnamens);
    /// `None` is any.
    Name(Option<Namespace>, Option<LocalName>),
    /// [Elements with class names](https://dom.spec.whatwg.org/#concept-getelementsbyclassname).
    ClassNames(Vec<String>),
    /// HTML elements with a `name`.
    NameAttribute(String),
    /// The elements that the window has under a name.
    WindowName(String),
    /// Elements that a function chooses, by their names and `href` and `name`.
    Chosen(fn(&Element) -> bool),
}

impl Filter {
    /// The elements with a qualified name; `*` is any.
    pub(super) fn qualified_name(name: &str) -> Self {
        match name {
            "*" => Self::Name(None, None),
            name => Self::QualifiedName(name.to_owned(), name.to_ascii_lowercase()),
        }
    }

    /// The elements with a namespace and a local name; `*` is any.
    pub(super) fn name(namespace: Option<DomString>, local_name: &DomString) -> Self {
        let name = name_of(namespace, local_name);
        let any = |text: &str| text == "*";
        Self::Name((!any(&name.ns)).then_some(name.ns), (!any(&name.local)).then_some(name.local))
    }

    /// The elements with all the names in a string.
    pub(super) fn class_names(names: &str) -> Self {
        Self::ClassNames(names.split_ascii_whitespace().map(str::to_owned).collect())
    }

    fn is_of_children(&self) -> bool {
        matches!(self, Self::ChildNodes | Self::Children)
    }

    fn passes(&self, tree: &Tree, id: NodeId) -> bool {
        if matches!(self, Self::ChildNodes) {
            return true;
        }
        let Some(element) = tree.element(id) else { return false };
        match self {
            Self::ChildNodes | Self::Children => true,
            Self::QualifiedName(name, lower_case) => {
                let is_html = element.is_html() && tree.is_in_html_document(id);
                is_named(&element, if is_html { lower_case } else { name })
            }
            Self::Name(namespace, local_name) => {
                namespace.as_ref().is_none_or(|wanted| *wanted == element.name.ns)
                    && local_name.as_ref().is_none_or(|wanted| *wanted == element.name.local)
            }
            Self::ClassNames(wanted) => {
                let quirky = tree.is_quirky(tree.document_of(id));
                !wanted.is_empty() && has_classes(&element, wanted, quirky)
            }
            Self::NameAttribute(wanted) => {
                element.is_html()
                    && element.attribute(&local_name!("name")).is_some_and(|own| own == *wanted)
            }
            Self::WindowName(name) => is_named_on_window(&element, name),
            Self::Chosen(is_chosen) => is_chosen(&element),
        }
    }
}

fn is_named(element: &Element, qualified_name: &str) -> bool {
    match &element.name.prefix {
        None => *element.name.local == *qualified_name,
        Some(prefix) => qualified_name
            .strip_prefix(&**prefix)
            .and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|local| *element.name.local == *local),
    }
}

/// Whether an element has all of some classes.
pub(super) fn has_classes(element: &Element, wanted: &[String], ignores_case: bool) -> bool {
    let Some(own) = element.attribute(&local_name!("class")) else { return false };
    wanted.iter().all(|wanted| {
        own.split_ascii_whitespace().any(|own| match ignores_case {
            true => own.eq_ignore_ascii_case(wanted),
            false => own == wanted,
        })
    })
}

/// Which state of the tree something was found in.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
struct Version(u64, u64);

/// What was found last. The ids are good as long as the version is.
#[derive(Clone, Copy, Default)]
struct Cache {
    version: Version,
    length: Option<u32>,
    /// A node and its index.
    cursor: Option<(u32, NodeId)>,
}

/// The nodes below a root that pass a filter, in tree order.
pub(super) struct Live {
    root: Dom<Node>,
    filter: Filter,
    cache: Cell<Cache>,
}

impl_trace!(Live { root });

impl Live {
    pub(super) fn new(root: &DomRoot<Node>, filter: Filter) -> Fallible<Self> {
        Ok(Self { root: Dom::new(root)?, filter, cache: Cell::default() })
    }

    pub(super) fn tree(&self) -> &Tree {
        self.root.tree()
    }

    fn version(&self) -> Version {
        let tree = self.tree();
        match &self.filter {
            filter if filter.is_of_children() => {
                Version(tree.children_version(self.root.id()).into(), 0)
            }
            Filter::QualifiedName(..) | Filter::Name(..) => Version(tree.version(), 0),
            _ => Version(tree.version(), tree.attributes_version()),
        }
    }

    fn cache(&self) -> Cache {
        let (cache, version) = (self.cache.get(), self.version());
        if cache.version == version { cache } else { Cache { version, ..Cache::default() } }
    }

    fn next(&self, id: NodeId) -> Option<NodeId> {
        let (tree, root) = (self.tree(), self.root.id());
        let mut next = Some(id);
        loop {
            next = match self.filter.is_of_children() {
                true => tree.next_sibling(next?),
                false => tree.following(next?, root),
            };
            if next.is_none_or(|id| self.filter.passes(tree, id)) {
                return next;
            }
        }
    }

    fn previous(&self, id: NodeId) -> Option<NodeId> {
        let (tree, root) = (self.tree(), self.root.id());
        let mut previous = Some(id);
        loop {
            previous = match self.filter.is_of_children() {
                true => tree.previous_sibling(previous?),
                false => tree.preceding(previous?, root),
            };
            if previous.is_none_or(|id| self.filter.passes(tree, id)) {
                return previous;
            }
        }
    }

    fn first(&self) -> Option<NodeId> {
        let first = self.tree().first_child(self.root.id())?;
        if self.filter.passes(self.tree(), first) { Some(first) } else { self.next(first) }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first(), |id| self.next(*id))
    }

    pub(super) fn length(&self) -> u32 {
        let mut cache = self.cache();
        let length = cache.length.unwrap_or_else(|| {
            let count = match cache.cursor {
                Some((index, id)) => {
                    let rest = std::iter::successors(self.next(id), |id| self.next(*id)).count();
                    index as usize + 1 + rest
                }
                None => self.iter().count(),
            };
            u32::try_from(count).unwrap_or(u32::MAX)
        });
        cache.length = Some(length);
        self.cache.set(cache);
        length
    }

    pub(super) fn item(&self, index: u32) -> Option<NodeId> {
        let mut cache = self.cache();
        if cache.length.is_some_and(|length| index >= length) {
            return None;
        }
        let (mut at, mut id) = match cache.cursor {
            // From where it was last, unless the start is nearer.
            Some((at, id)) if index >= at / 2 => (at, id),
            _ => (0, self.first()?),
        };
        while at < index {
            let Some(next) = self.next(id) else {
                cache.length = Some(at + 1);
                self.cache.set(cache);
                return None;
            };
            (at, id) = (at + 1, next);
        }
        while at > index {
            (at, id) = (at - 1, self.previous(id)?);
        }
        cache.cursor = Some((at, id));
        self.cache.set(cache);
        Some(id)
    }

    /// The first element with this id, or with this name: [`namedItem()`](https://dom.spec.whatwg.org/#dom-htmlcollection-nameditem).
    pub(super) fn named(&self, name: &str) -> Option<NodeId> {
        if name.is_empty() {
            return None;
        }
        self.iter().find(|id| {
            self.tree().element(*id).is_some_and(|it| {
                let has =
                    |attribute: &LocalName| it.attribute(attribute).is_some_and(|own| own == name);
                has(&local_name!("id")) || (it.name.ns == ns!(html) && has(&local_name!("name")))
            })
        })
    }

    /// The [supported property names](https://dom.spec.whatwg.org/#interface-htmlcollection) of an
    /// `HTMLCollection`.
    pub(super) fn names(&self) -> Vec<DomString> {
        let mut seen = FxHashSet::default();
        let mut names = Vec::new();
        for id in self.iter() {
            let Some(element) = self.tree().element(id) else { continue };
            let name = element.value(&local_name!("name")).filter(|_| element.is_html());
            for name in [element.value(&local_name!("id")), name].into_iter().flatten() {
                if !name.is_empty() && seen.insert(name.clone()) {
                    names.push(name.clone());
                }
            }
        }
        names
    }
}
