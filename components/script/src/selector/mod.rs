/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! CSS selectors on the node tree, for `querySelector` and its like, and for clicks on the user's behalf.
//!
//! * this file: lists of selectors, and what matches them.
//! * `syntax`: what is in selectors. `element`: elements as selectors see them.

mod element;
mod syntax;

use std::cell::RefCell;
use std::rc::Rc;

use cssparser::Parser;
use html5ever::LocalName;
use rustc_hash::FxHashMap;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode,
    SelectorCaches,
};
use selectors::matching::matches_selector_list;
use selectors::parser::{Component, ParseRelative, SelectorList};
use sordino_script_bindings::script_must_end;

use crate::tree::{NodeId, Tree};
use element::ElementRef;
use syntax::{Simple, Syntax};

/// How many lists are kept.
const MAX_LISTS: usize = 64;

/// How deeply parentheses can be nested, and how many compound selectors can follow each other: both
/// are done by recursion.
const MAX_NESTING: usize = 64;
const MAX_COMPOUNDS: usize = 1000;

/// The lists of selectors that were used, by their text.
#[derive(Default)]
pub(crate) struct SelectorLists(RefCell<FxHashMap<Box<str>, Rc<Selectors>>>);

/// A list of selectors.
pub(crate) struct Selectors {
    list: SelectorList<Simple>,
    /// The id, when the list is nothing else than one.
    id: Option<LocalName>,
}

impl SelectorLists {
    /// # Errors
    ///
    /// What is wrong with the selectors, for a `SyntaxError`.
    pub(crate) fn parse(&self, text: &str) -> Result<Rc<Selectors>, String> {
        if let Some(list) = self.0.borrow().get(text) {
            return Ok(list.clone());
        }
        let selectors = Rc::new(Selectors::parse(text)?);
        let mut lists = self.0.borrow_mut();
        if lists.len() >= MAX_LISTS {
            lists.clear();
        }
        lists.insert(text.into(), selectors.clone());
        Ok(selectors)
    }
}

impl Selectors {
    fn parse(text: &str) -> Result<Self, String> {
        let mut depth = 0_usize;
        for byte in text.bytes() {
            match byte {
                b'(' | b'[' => depth += 1,
                b')' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > MAX_NESTING {
                return Err("the selector is nested too deeply".to_owned());
            }
        }
        let list = SelectorList::parse(&Syntax, &mut Parser::new(text), ParseRelative::No)
            .map_err(|_| format!("'{text}' is not a valid selector"))?;
        let is_too_long = list.slice().iter().any(|selector| {
            let parts = selector.iter_raw_match_order();
            parts.filter(|part| part.is_combinator()).count() > MAX_COMPOUNDS
        });
        if is_too_long {
            return Err("the selector is too long".to_owned());
        }
        let id = match list.slice() {
            [only] if only.len() == 1 => match only.iter_raw_match_order().next() {
                Some(Component::ID(id)) => Some(id.0.clone()),
                _ => None,
            },
            _ => None,
        };
        Ok(Self { list, id })
    }

    /// The matching elements among some nodes, in their order; `:scope` is `root`, unless that is a
    /// document.
    fn filter<'a>(
        &self,
        tree: &Tree,
        root: NodeId,
        nodes: impl Iterator<Item = NodeId> + 'a,
        mut found: impl FnMut(NodeId) -> bool,
    ) {
        let quirks = match tree.is_quirky(tree.document_of(root)) {
            true => QuirksMode::Quirks,
            false => QuirksMode::NoQuirks,
        };
        let mut caches = SelectorCaches::default();
        let mut context = MatchingContext::new(
            MatchingMode::Normal,
            None,
            &mut caches,
            quirks,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        if !tree.is_document(root) {
            context.scope_element = Some(ElementRef::new(tree, root).address());
        }
        for id in nodes {
            if script_must_end() {
                return;
            }
            if tree.is_element(id)
                && matches_selector_list(&self.list, &ElementRef::new(tree, id), &mut context)
                && !found(id)
            {
                return;
            }
        }
    }
}

/// The first element below `root`, in tree order, that matches any of the selectors.
pub(crate) fn first_match(tree: &Tree, root: NodeId, selectors: &Selectors) -> Option<NodeId> {
    if let Some(id) = &selectors.id
        && tree.is_document(root)
        && !tree.is_quirky(root)
    {
        return tree.element_by_id(root, id);
    }
    let mut first = None;
    selectors.filter(tree, root, tree.descendants(root), |id| {
        first = Some(id);
        false
    });
    first
}

/// The elements below `root`, in tree order, that match any of the selectors.
pub(crate) fn all_matches(tree: &Tree, root: NodeId, selectors: &Selectors) -> Vec<NodeId> {
    let mut all = Vec::new();
    selectors.filter(tree, root, tree.descendants(root), |id| {
        all.push(id);
        true
    });
    all
}

/// Whether an element matches any of the selectors.
pub(crate) fn matches(tree: &Tree, element: NodeId, selectors: &Selectors) -> bool {
    let mut found = false;
    selectors.filter(tree, element, std::iter::once(element), |_| {
        found = true;
        false
    });
    found
}

/// The nearest of an element and what it is in that matches any of the selectors.
pub(crate) fn closest(tree: &Tree, element: NodeId, selectors: &Selectors) -> Option<NodeId> {
    let mut closest = None;
    selectors.filter(tree, element, tree.inclusive_ancestors(element), |id| {
        closest = Some(id);
        false
    });
    closest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::parse_for_test;

    fn parse(text: &str) -> Rc<Selectors> {
        SelectorLists::default().parse(text).unwrap()
    }

    #[test]
    fn selectors_find_the_first_match_in_tree_order() {
        let (tree, document) = parse_for_test(
            "<!doctype html><body><p class='a B'>one\
             <p id=two data-n=2><span>x</span><ul><li>1<li>2</ul>",
        );
        let find = |selector: &str| {
            let found = first_match(&tree, document, &parse(selector));
            found.map(|id| tree.descendant_text_content(id).to_string())
        };
        assert_eq!(find("p").as_deref(), Some("one"));
        assert_eq!(find("P.B").as_deref(), Some("one"));
        assert_eq!(find("#two").as_deref(), Some("x"));
        assert_eq!(find("#two > span").as_deref(), Some("x"));
        assert_eq!(find("p + p[data-n='2']").as_deref(), Some("x"));
        assert_eq!(find("li:last-child, li:nth-child(2)").as_deref(), Some("2"));
        assert_eq!(find("ul:not(:has(p)) li").as_deref(), Some("1"));
        assert_eq!(find(":scope > body > ul > :first-child").as_deref(), Some("1"));
        for none in [".missing", ".b", "#TWO", "p::before", "p:hover", "p:enabled"] {
            assert_eq!(find(none), None, "{none}");
        }
    }

    #[test]
    fn quirks_mode_ignores_the_case_of_classes_and_ids() {
        let (tree, document) = parse_for_test("<p class=A id=B>");
        assert!(first_match(&tree, document, &parse(".a#b")).is_some());
        assert!(first_match(&tree, document, &parse("#b")).is_some());
    }

    #[test]
    fn the_scope_is_the_element_that_is_asked() {
        let (tree, document) = parse_for_test("<div id=d><p><b><p></div>");
        let div = tree.element_by_id(document, "d").unwrap();
        assert_eq!(all_matches(&tree, div, &parse(":scope > p")).len(), 2);
        assert_eq!(all_matches(&tree, div, &parse("div p, b")).len(), 3);
        let b = first_match(&tree, div, &parse("b")).unwrap();
        assert_eq!(closest(&tree, b, &parse("div, body")), Some(div));
        assert!(matches(&tree, b, &parse(":scope")) && !matches(&tree, b, &parse("p")));
    }

    #[test]
    fn a_bad_selector_is_an_error() {
        for bad in ["", "p >", "::nothing", "p:nothing", "[", "a b,", "x|p"] {
            let error = SelectorLists::default().parse(bad).err().unwrap_or_default();
            assert!(error.contains("not a valid selector"), "{bad}: {error}");
        }
        for excessive in [":not(".repeat(10_000), "a ".repeat(100_000)] {
            assert!(SelectorLists::default().parse(&excessive).is_err());
        }
    }
}
