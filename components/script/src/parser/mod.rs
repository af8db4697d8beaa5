/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The HTML parser of a document, which stops at every script that must run before it goes on; and
//! parsing without scripts.
//!
//! * `depth`: a limit to how deeply elements are nested.

mod depth;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::QuirksMode;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{TokenizerResult, local_name};

use crate::sink::Sink;
use crate::tree::{NodeId, NodeKind, Tree};
pub(crate) use depth::DepthLimit;

/// Why the parser stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// This `script` ended; go on when it has run, or need not.
    Script(NodeId),
    /// All that has arrived is parsed.
    Starved,
    /// It has taken a while: other tasks have their turn before it goes on.
    Pause,
    /// The page is parsed.
    Done,
}

/// A parse in progress.
pub(crate) struct Parser {
    tree: Rc<Tree>,
    /// What the tree knows it by.
    number: u64,
    tokenizer: Tokenizer<DepthLimit>,
    input: BufferQueue,
    /// What comes after the input.
    rest: RefCell<VecDeque<StrTendril>>,
    has_all: Cell<bool>,
}

/// How much is given to the tokenizer at a time, in bytes.
const PIECE: usize = 4096;

/// How long parsing goes on before it lets other tasks run.
const SLICE: Duration = Duration::from_millis(100);

impl Parser {
    /// A parser into a document, which may be
    /// [an iframe srcdoc document](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#an-iframe-srcdoc-document).
    /// Scripts run: `noscript` is not shown.
    pub(crate) fn new(tree: Rc<Tree>, document: NodeId, iframe_srcdoc: bool) -> Self {
        let number = tree.parser_started(document);
        let options =
            TreeBuilderOpts { scripting_enabled: true, iframe_srcdoc, ..Default::default() };
        let builder = TreeBuilder::new(Sink::new(tree.clone(), document), options);
        let tokenizer = Tokenizer::new(DepthLimit(builder), TokenizerOpts::default());
        Self {
            tree,
            number,
            tokenizer,
            input: BufferQueue::default(),
            rest: RefCell::default(),
            has_all: Cell::new(false),
        }
    }

    /// More of the text, or the rest of it, has arrived.
    pub(crate) fn push(&self, html: &str, is_last: bool) {
        self.rest.borrow_mut().push_back(StrTendril::from(html));
        self.has_all.set(is_last);
    }

    /// Goes on to the next script, or as far as there is text, for a while.
    pub(crate) fn step(&self) -> Step {
        let step = self.parse();
        self.tree.parser_stopped(self.number, self.tokenizer.sink.held());
        step
    }

    fn parse(&self) -> Step {
        let start = Instant::now();
        loop {
            match self.tokenizer.feed(&self.input) {
                TokenizerResult::Done => match self.next_piece() {
                    Some(piece) => self.input.push_back(piece),
                    None if !self.has_all.get() => return Step::Starved,
                    None => {
                        self.tokenizer.end();
                        return Step::Done;
                    }
                },
                TokenizerResult::Script(script) => return Step::Script(script),
                TokenizerResult::EncodingIndicator(_) => {}
            }
            if start.elapsed() > SLICE {
                return Step::Pause;
            }
        }
    }

    fn next_piece(&self) -> Option<StrTendril> {
        let mut rest = self.rest.borrow_mut();
        loop {
            let mut text = rest.pop_front()?;
            let length = text.ceil_char_boundary(PIECE);
            let length = u32::try_from(length).expect("a piece and a character are short");
            let piece = text.subtendril(0, length);
            text.pop_front(length);
            if !text.is_empty() {
                rest.push_front(text);
            }
            if !piece.is_empty() {
                return Some(piece);
            }
        }
    }
}

impl Drop for Parser {
    fn drop(&mut self) {
        self.tree.parser_ended(self.number);
    }
}

/// Parses a document whose scripts do not run, as `DOMParser` does.
pub(crate) fn parse_document(tree: &Rc<Tree>, document: NodeId, html: &str) {
    let options = TreeBuilderOpts { scripting_enabled: false, ..Default::default() };
    let builder = TreeBuilder::new(Sink::new(tree.clone(), document), options);
    let tokenizer = Tokenizer::new(DepthLimit(builder), TokenizerOpts::default());
    parse_without_scripts(tree, &tokenizer, html);
}

/// The [HTML fragment parsing algorithm](https://html.spec.whatwg.org/multipage/parsing.html#html-fragment-parsing-algorithm).
/// Returns a fragment of the context's document with what was parsed.
pub(crate) fn parse_fragment(tree: &Rc<Tree>, context: NodeId, html: &str) -> NodeId {
    let document = tree.document_of(context);
    let [root, fragment] =
        [(); 2].map(|()| tree.create(document, NodeKind::Fragment { host: None }));
    // As in browsers, what a template gets is parsed as for its contents.
    let contents = tree.element(context).and_then(|it| it.template_contents);
    let scripting_enabled = tree.is_scripting_enabled(contents.unwrap_or(context));
    let quirks_mode = match &*tree.kind(document) {
        NodeKind::Document(it) => it.mode,
        _ => QuirksMode::NoQuirks,
    };
    let options = TreeBuilderOpts { scripting_enabled, quirks_mode, ..Default::default() };
    let is_form = |id: &NodeId| tree.is_html_element(*id, &local_name!("form"));
    let form = tree.inclusive_ancestors(context).find(is_form);
    let sink = Sink::of_fragment(tree.clone(), document, root);
    let builder = TreeBuilder::new_for_fragment(sink, context, form, options);
    let state = builder.tokenizer_state_for_context_elem(scripting_enabled);
    let options = TokenizerOpts { initial_state: Some(state), ..Default::default() };
    parse_without_scripts(tree, &Tokenizer::new(DepthLimit(builder), options), html);
    if let Some(html) = tree.first_child(root) {
        let parsed: Vec<_> = tree.children(html).collect();
        for child in parsed {
            tree.link(fragment, child, None);
        }
    }
    tree.let_go(root);
    fragment
}

fn parse_without_scripts(tree: &Tree, tokenizer: &Tokenizer<DepthLimit>, html: &str) {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    loop {
        match tokenizer.feed(&input) {
            TokenizerResult::Done => break,
            // It is prepared, as far as that goes without running it.
            TokenizerResult::Script(script) => {
                let is_empty = tree.child_text_content(script).is_empty();
                tree.update_element(script, |it| {
                    it.script.parser_inserted = false;
                    it.script.not_forced_async &= it.has(&local_name!("async"));
                    let has_source = !is_empty || it.has(&local_name!("src"));
                    if has_source && it.script_type().is_some() {
                        it.script.already_started = true;
                    }
                });
            }
            TokenizerResult::EncodingIndicator(_) => {}
        }
    }
    tokenizer.end();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_stops_at_each_script_with_only_what_came_before_in_the_tree() {
        let tree = Tree::new();
        let document = tree.create_document(Default::default());
        let html = "<p id=one><script>1</script><p id=two><script>2</script><p id=three>";
        let parser = Parser::new(tree.clone(), document, false);
        parser.push(html, true);
        let seen = |id| tree.element_by_id(document, id).is_some();
        assert!(matches!(parser.step(), Step::Script(_)));
        assert!(seen("one") && !seen("two"));
        assert!(matches!(parser.step(), Step::Script(_)));
        assert!(seen("two") && !seen("three"));
        assert_eq!(parser.step(), Step::Done);
        assert!(seen("three"));
    }

    #[test]
    fn pieces_are_parsed_as_they_arrive() {
        let tree = Tree::new();
        let document = tree.create_document(Default::default());
        let parser = Parser::new(tree.clone(), document, false);
        let seen = |id| tree.element_by_id(document, id).is_some();
        parser.push("<p id=one>text<p id=t", false);
        assert_eq!(parser.step(), Step::Starved);
        assert!(seen("one") && !seen("t"));
        parser.push("wo>", false);
        assert_eq!(parser.step(), Step::Starved);
        assert!(seen("two"));
        parser.push("", true);
        assert_eq!(parser.step(), Step::Done);
    }

    #[test]
    fn elements_beyond_a_depth_become_siblings() {
        let _alone = crate::testing::MEMORY.lock();
        let count = 4_000;
        for (open, close) in [("<div>", "</div>"), ("<i><div>", ""), ("<ul><li>", "")] {
            let tree = Tree::new();
            let document = tree.create_document(Default::default());
            let html = format!("{}<br><br>{}<p id=p>", open.repeat(count), close.repeat(count));
            parse_document(&tree, document, &html);
            let depth = |id| tree.ancestors(id).count();
            let nodes: Vec<_> = tree.descendants(document).collect();
            assert!(nodes.len() > count, "{open}");
            let deepest = nodes.iter().map(|id| depth(*id)).max();
            assert!((512..=520).contains(&deepest.unwrap()), "{open}: {deepest:?}");
            let breaks = nodes.iter().filter(|id| tree.is_html_element(**id, &local_name!("br")));
            assert_eq!(breaks.count(), 2);
        }
    }

    #[test]
    fn a_fragment_is_parsed_for_its_context() {
        let tree = Tree::new();
        let document = tree.create_document(Default::default());
        let parse = |context: &str, html: &str| {
            let context = tree.create_html_element(document, context);
            crate::serialize::children(&tree, parse_fragment(&tree, context, html))
        };
        assert_eq!(parse("div", "<td>x<p>y"), "x<p>y</p>");
        assert_eq!(parse("tr", "<td>x<p>y"), "<td>x<p>y</p></td>");
        assert_eq!(parse("textarea", "<b>"), "&lt;b&gt;");
        assert_eq!(parse("template", "<td>x<!--c-->"), "<td>x<!--c--></td>");
        assert_eq!(parse("html", "x"), "<head></head><body>x</body>");
    }
}
