/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The HTML parser of a document, which stops at every script that must run before it goes on.

use std::rc::Rc;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};

use crate::sink::Sink;
use crate::tree::{NodeId, Tree};

/// Why the parser stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// This `script` ended; go on when it has run, or need not.
    Script(NodeId),
    /// The page is parsed.
    Done,
}

/// A parse in progress.
pub(crate) struct Parser {
    tree: Rc<Tree>,
    document: NodeId,
    tokenizer: Tokenizer<TreeBuilder<NodeId, Sink>>,
    input: BufferQueue,
}

impl Parser {
    /// A parser of all of `html` into a document. Scripts run: `noscript` is not shown.
    pub(crate) fn new(tree: Rc<Tree>, document: NodeId, html: &str) -> Self {
        tree.parser_started(document);
        let options = TreeBuilderOpts { scripting_enabled: true, ..Default::default() };
        let builder = TreeBuilder::new(Sink::new(tree.clone(), document), options);
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let tokenizer = Tokenizer::new(builder, TokenizerOpts::default());
        Self { tree, document, tokenizer, input }
    }

    /// Goes on to the next script or to the end.
    pub(crate) fn step(&self) -> Step {
        loop {
            match self.tokenizer.feed(&self.input) {
                TokenizerResult::Done => {
                    self.tokenizer.end();
                    return Step::Done;
                }
                TokenizerResult::Script(script) => return Step::Script(script),
                TokenizerResult::EncodingIndicator(_) => {}
            }
        }
    }
}

impl Drop for Parser {
    fn drop(&mut self) {
        self.tree.parser_ended(self.document);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_stops_at_each_script_with_only_what_came_before_in_the_tree() {
        let tree = Tree::new();
        let document = tree.create_document();
        let html = "<p id=one><script>1</script><p id=two><script>2</script><p id=three>";
        let parser = Parser::new(tree.clone(), document, html);
        let seen = |id| tree.element_by_id(document, id).is_some();
        assert!(matches!(parser.step(), Step::Script(_)));
        assert!(seen("one") && !seen("two"));
        assert!(matches!(parser.step(), Step::Script(_)));
        assert!(seen("two") && !seen("three"));
        assert_eq!(parser.step(), Step::Done);
        assert!(seen("three"));
    }
}
