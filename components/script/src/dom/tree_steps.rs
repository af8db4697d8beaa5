/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What elements do when trees change: the
//! [insertion](https://dom.spec.whatwg.org/#concept-node-insert-ext),
//! [removing](https://dom.spec.whatwg.org/#concept-node-remove-ext),
//! [post-connection](https://dom.spec.whatwg.org/#concept-node-post-connection-ext),
//! [children changed](https://dom.spec.whatwg.org/#concept-node-children-changed-ext) and
//! [attribute change](https://dom.spec.whatwg.org/#concept-element-attributes-change-ext) steps of HTML.

use std::rc::Rc;

use html5ever::local_name;
use sordino_script_bindings::{DomObject, DomRoot, DomString};

use super::event_handlers::content_attributes;
use super::{
    Element, HTMLIFrameElement, HTMLMediaElement, input_attribute_changed, input_inserted,
};
use crate::page::Page;
use crate::tree::{AttributeChange, NodeId, Role, Step, Tree};

fn object<T: DomObject>(tree: &Tree, id: NodeId) -> Option<DomRoot<T>> {
    tree.object(id).downcast()
}

/// The page that shows the document of a node.
fn page_of(tree: &Tree, id: NodeId) -> Option<Rc<Page>> {
    let page = tree.object(id).page();
    Some(page).filter(|page| page.document_node() == tree.document_of(id))
}

/// Runs what elements have to do at their new places. Script may run.
pub(crate) fn run_steps(tree: &Tree, steps: Vec<Step>) {
    // Of the radio buttons of a group that come together, the last stays checked.
    for step in steps.iter().rev() {
        if let Step::Inserted(id) = step
            && tree.can_have_object(*id)
            && tree.role(*id) == Role::Input
        {
            input_inserted(tree, *id);
        }
    }
    for step in steps {
        match step {
            // What script before it has let go of is about to be freed.
            Step::Inserted(id) | Step::Removed(id) if !tree.can_have_object(id) => {}
            Step::Inserted(id) => inserted(tree, id),
            Step::Removed(id) => removed(tree, id),
        }
    }
}

fn inserted(tree: &Tree, id: NodeId) {
    match tree.role(id) {
        Role::Script => prepare_script(tree, id),
        Role::Frame => {
            if let Some(frame) = object::<HTMLIFrameElement>(tree, id) {
                frame.connection_may_have_changed();
            }
        }
        Role::Media => start_media(tree, id),
        // https://html.spec.whatwg.org/multipage/embedded-content.html#the-source-element:html-element-insertion-steps
        Role::Source => {
            let parent = tree.parent(id).filter(|parent| tree.role(*parent) == Role::Media);
            if let Some(media) = parent
                && page_of(tree, media).is_some()
                && let Some(media) = object::<HTMLMediaElement>(tree, media)
            {
                media.source_inserted();
            }
        }
        Role::None | Role::Input | Role::Title | Role::Base | Role::Link => {}
    }
}

fn start_media(tree: &Tree, id: NodeId) {
    if page_of(tree, id).is_none() {
        return;
    }
    if let Some(media) = object::<HTMLMediaElement>(tree, id) {
        media.connection_may_have_changed();
        media.start_if_it_has_a_source();
    }
}

fn removed(tree: &Tree, id: NodeId) {
    let frame = tree.existing_object(id).and_then(|node| node.downcast::<HTMLIFrameElement>());
    if let Some(frame) = frame {
        frame.connection_may_have_changed();
    }
}

/// <https://html.spec.whatwg.org/multipage/scripting.html#the-script-element:html-element-post-connection-steps>
fn prepare_script(tree: &Tree, id: NodeId) {
    let is_of_parser = tree.element(id).is_none_or(|it| it.script.parser_inserted);
    if is_of_parser || !tree.is_connected(id) {
        return;
    }
    if let Some(page) = page_of(tree, id) {
        page.prepare_script_node(id);
    }
}

/// The children of a node, or the text in them, changed.
pub(crate) fn children_changed(tree: &Tree, parent: NodeId) {
    if tree.role(parent) == Role::Script {
        prepare_script(tree, parent);
    }
}

/// An attribute was set, changed or taken away.
pub(crate) fn attribute_changed(tree: &Tree, id: NodeId, change: &AttributeChange) {
    let Some(name) = change.plain_name() else { return };
    let role = tree.role(id);
    if role == Role::Script {
        if *name == local_name!("async") && change.old.is_none() {
            tree.update_element(id, |it| it.script.not_forced_async = true);
        }
        if *name == local_name!("src") && change.old.is_none() {
            prepare_script(tree, id);
        }
    }
    if role == Role::Input {
        input_attribute_changed(tree, id, name, change);
    }
    // An element without an object reads its event handlers when it gets one.
    let Some(node) = tree.existing_object(id) else { return };
    if let Some(element) = node.downcast::<Element>() {
        let value = change.new.as_ref().map(DomString::to_str_lossy);
        content_attributes::attribute_changed(&element, name, value.as_deref());
    }
    if let Some(media) = node.downcast::<HTMLMediaElement>() {
        media.attribute_changed(name);
    }
    if let Some(frame) = node.downcast::<HTMLIFrameElement>() {
        frame.attribute_changed(name);
    }
}
