/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Functions of event handlers from their text in HTML.

use sordino_script_bindings::{
    DomObjectExt, DomRoot, Fallible, JsObject, JsValue, Realm, ToJs, impl_trace,
};

use crate::dom::{Element, EventTarget, Node, form_owner};

/// An [internal raw uncompiled handler](https://html.spec.whatwg.org/multipage/webappapis.html#internal-raw-uncompiled-handler).
pub(super) struct Source {
    pub(super) body: String,
    pub(super) url: String,
    /// The line of `url` on which the body begins, from 1.
    pub(super) line: i32,
}

impl_trace!(Source);

/// The step of [getting the current value of the event handler](https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler)
/// that makes a function of the body. What the engine throws, such as a `SyntaxError`, is the error.
pub(super) fn compile(
    target: &DomRoot<EventTarget>,
    name: &str,
    source: &Source,
) -> Result<JsObject, JsValue> {
    let realm = target.realm();
    let element = target.downcast::<Element>();
    let parameters = match (name, &element) {
        ("error", None) => "event, source, lineno, colno, error",
        _ => "event",
    };
    check_body(&realm, source, parameters)?;
    scopes(&realm, element.as_ref())
        .and_then(|scopes| create_function(&realm, name, parameters, source, &scopes))
        .map_err(|error| realm.exception_value(error))
}

/// What the function sees besides the global object, the outermost first.
fn scopes(realm: &Realm, element: Option<&DomRoot<Element>>) -> Fallible<Vec<JsValue>> {
    let Some(element) = element else { return Ok(Vec::new()) };
    let node: DomRoot<Node> = element.upcast();
    let mut scopes = vec![node.document().to_js(realm)?];
    if let Some(form) = form_owner(node.tree(), node.id()) {
        scopes.push(node.tree().object(form).to_js(realm)?);
    }
    scopes.push(element.to_js(realm)?);
    Ok(scopes)
}

/// Throws unless the body is a `FunctionBody` by itself.
///
/// It must be one in two places. In the first, a `,` or `}` follows a function; in the second, neither
/// may. So nothing passes both that would end the function and go on behind it. None of it runs.
fn check_body(realm: &Realm, source: &Source, parameters: &str) -> Result<(), JsValue> {
    let Source { body, url, line } = source;
    for text in [
        format!("throw null; ({{ handler({parameters}) {{\n{body}\n}} }})"),
        format!("throw null; (0 ? function ({parameters}) {{\n{body}\n}} : 0)"),
    ] {
        if let Err(error) = realm.eval_at(&text, url, line - 1) {
            let thrown = realm.exception_value(error);
            if !thrown.is_null() {
                return Err(thrown);
            }
        }
    }
    Ok(())
}

/// [Creates the function](https://tc39.es/ecma262/#sec-ordinaryfunctioncreate), with an object environment
/// for each scope.
///
/// The engine lends no way to do so: it is given a text in which the scopes are those of `with`. No name
/// is bound on the way: the function has its own from the property that it is put into.
fn create_function(
    realm: &Realm,
    name: &str,
    parameters: &str,
    source: &Source,
    scopes: &[JsValue],
) -> Fallible<JsObject> {
    let Source { body, url, line } = source;
    let withs: String = (0..scopes.len()).map(|scope| format!("with (this[{scope}]) ")).collect();
    let text = format!(
        "(function () {{ {withs}return {{ on{name}: function ({parameters}) {{\n{body}\n}} }}.on{name}; }})"
    );
    let scopes = realm.new_array(scopes.iter().cloned())?;
    let make: JsObject = realm.eval_at(&text, url, line - 1)?.try_into()?;
    make.call(realm, scopes.as_value(), &[])?.try_into()
}
