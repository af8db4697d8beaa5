/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Event handler content attributes](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-content-attributes):
//! handlers that are written in HTML, as in `<button onclick="play()">`.

use std::rc::Rc;

use html5ever::ns;
use sordino_script_bindings::{DomInterface, DomObjectExt, DomRoot};

use super::Value;
use super::compile::Source;
use crate::bindings::{BINDINGS, DocumentMethods};
use crate::dom::{Element, EventTarget, HTMLBodyElement, HTMLElement, HTMLFrameSetElement, Node};
use crate::page::Page;

/// The [Window-reflecting body element event handler set](https://html.spec.whatwg.org/multipage/webappapis.html#window-reflecting-body-element-event-handler-set).
const REFLECTED: [&str; 6] = ["blur", "error", "focus", "load", "resize", "scroll"];

/// An event handler that is an attribute member of this interface itself, by its name without `on`.
fn handler_of<T: DomInterface>(name: &str) -> Option<&'static str> {
    let spec = BINDINGS.interfaces.iter().find(|spec| spec.info.id == T::INFO.id)?;
    let members = spec.members.iter().filter_map(|member| member.name.to_str().ok());
    members.filter_map(|member| member.strip_prefix("on")).find(|handler| *handler == name)
}

fn is_body_or_frameset(target: &DomRoot<EventTarget>) -> bool {
    target.downcast::<HTMLBodyElement>().is_some()
        || target.downcast::<HTMLFrameSetElement>().is_some()
}

/// [Determines the target of an event handler](https://html.spec.whatwg.org/multipage/webappapis.html#determining-the-target-of-an-event-handler).
pub(super) fn target_of(target: &DomRoot<EventTarget>, name: &str) -> Option<DomRoot<EventTarget>> {
    let is_of_window =
        || REFLECTED.contains(&name) || handler_of::<HTMLBodyElement>(name).is_some();
    if is_body_or_frameset(target) && is_of_window() {
        let page = target.downcast::<Node>()?.document().shown_by()?;
        return Some(page.window().upcast());
    }
    Some(target.clone())
}

/// The event handler that a content attribute of an element sets, if it is one.
fn handler_of_attribute(element: &DomRoot<EventTarget>, attribute: &str) -> Option<&'static str> {
    let name = attribute.strip_prefix("on")?;
    let of_body = || handler_of::<HTMLBodyElement>(name).filter(|_| is_body_or_frameset(element));
    element.downcast::<HTMLElement>()?;
    handler_of::<HTMLElement>(name).or_else(of_body)
}

/// The [attribute change steps](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-content-attributes)
/// of event handlers, for an attribute without a namespace; `None` when it was taken away.
pub(crate) fn attribute_changed(element: &Element, attribute: &str, value: Option<&str>) {
    let root = element.root().upcast();
    let Some(name) = handler_of_attribute(&root, attribute) else { return };
    let Some(target) = target_of(&root, name) else { return };
    match value {
        Some(body) => set(element, &target, name, body, 1),
        None => target.deactivate_handler(name),
    }
}

fn set(
    element: &Element,
    target: &DomRoot<EventTarget>,
    name: &'static str,
    body: &str,
    line: u32,
) {
    let source = Source {
        body: body.to_owned(),
        url: element.page().url().to_string(),
        line: i32::try_from(line).unwrap_or(i32::MAX),
    };
    target.activate_handler(name, Value::Uncompiled(Rc::new(source)));
}

/// Reads the handlers that the parser gave an element.
pub(crate) fn read_all(node: &DomRoot<Node>) {
    read(node, |_target, _name| true);
}

/// Reads the handlers of the body, which are those of the window, before its object is asked for; also
/// those that the parser has added to it since.
pub(crate) fn body_parsed(page: &Page) {
    let document = page.document();
    if let Some(body) = document.body(&document.realm()) {
        read(&body.upcast(), |target, name| !target.knows_handler(name));
    }
}

fn read(node: &DomRoot<Node>, is_wanted: impl Fn(&EventTarget, &str) -> bool) {
    let Some(element) = node.downcast::<Element>() else { return };
    let tree = node.tree();
    let Some((attributes, line)) = tree.element(node.id()).map(|own| {
        let own_namespace = own.attributes.iter().filter(|it| it.name.ns == ns!());
        let handlers = own_namespace.filter(|it| it.name.local.starts_with("on"));
        let handlers = handlers.map(|it| (it.name.local.clone(), it.value.clone()));
        (handlers.collect::<Vec<_>>(), own.line)
    }) else {
        return;
    };
    let root = element.upcast();
    for (attribute, body) in attributes {
        if let Some(name) = handler_of_attribute(&root, &attribute)
            && let Some(target) = target_of(&root, name)
            && is_wanted(&target, name)
        {
            set(&element, &target, name, &body.to_str_lossy(), line);
        }
    }
}
