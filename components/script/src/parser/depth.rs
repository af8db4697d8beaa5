/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A limit to how deeply elements are nested in each other.
//!
//! For most start tags the [tree construction](https://html.spec.whatwg.org/multipage/parsing.html#tree-construction)
//! looks through the stack of open elements, so that the time for many nested elements grows with their
//! square. As in browsers, an element that would be nested deeper than the limit becomes a sibling
//! of the one that it would be in: that is closed before. Script can nest nodes as it likes.

use std::cell::RefCell;

use html5ever::LocalName;
use html5ever::interface::Tracer;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;

use crate::sink::Sink;
use crate::tree::NodeId;

/// As Chromium has it.
const MAX_DEPTH: u32 = 512;

/// A tree builder that is told to close elements beyond the limit.
pub(crate) struct DepthLimit(pub(crate) TreeBuilder<NodeId, Sink>);

/// Collects the nodes that a tree builder holds.
#[derive(Default)]
struct Held(RefCell<Vec<NodeId>>);

impl Tracer for Held {
    type Handle = NodeId;

    fn trace_handle(&self, node: &NodeId) {
        self.0.borrow_mut().push(*node);
    }
}

impl DepthLimit {
    /// The nodes that it goes on from.
    pub(super) fn held(&self) -> Vec<NodeId> {
        let held = Held::default();
        self.0.trace_handles(&held);
        let mut held = held.0.into_inner();
        held.extend(self.0.sink.current());
        held
    }
}

impl TokenSink for DepthLimit {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if let Token::TagToken(Tag { kind: TagKind::StartTag, .. }) = &token
            && let Some(name) = self.0.sink.name_of_current_beyond(MAX_DEPTH)
        {
            match self.0.process_token(end_tag(name), line) {
                TokenSinkResult::Continue => {}
                // Only the end of a script could say something else, and no tag is in one.
                _ => log::debug!("an end tag was not expected to change the tokenizer"),
            }
        }
        self.0.process_token(token, line)
    }

    fn end(&self) {
        self.0.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn end_tag(name: LocalName) -> Token {
    Token::TagToken(Tag {
        kind: TagKind::EndTag,
        name,
        self_closing: false,
        attrs: Vec::new(),
        had_duplicate_attributes: false,
    })
}
