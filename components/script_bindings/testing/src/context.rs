/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Browsing contexts: what is behind a `WindowProxy`.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use sordino_script_bindings::{
    Call, CrossOriginAccess, CrossOriginFunction, CrossOriginObject, CrossOriginProperty, Error,
    Realm, Runtime, ToJs, WindowContext, WindowProxy, convert,
};

use crate::new_realm;

/// A browsing context with children, and with one proxy for pages of its window's origin and one for others.
#[derive(Default)]
pub struct Context {
    children: RefCell<Vec<(String, WindowProxy)>>,
    /// What pages of other origins posted, or set the location to.
    pub messages: RefCell<Vec<String>>,
}

/// Owned by the proxy, so that it refers weakly to what owns it.
struct View(Weak<Context>);

impl Context {
    /// A new context without a window.
    pub fn new() -> Rc<Self> {
        Rc::default()
    }

    /// A proxy for pages of one origin.
    pub fn proxy(self: &Rc<Self>, realm: &Realm) -> WindowProxy {
        let view = Rc::new(View(Rc::downgrade(self)));
        WindowProxy::new(realm, view).expect("memory for a proxy")
    }

    /// Adds a child.
    pub fn add_child(&self, name: &str, proxy: WindowProxy) {
        self.children.borrow_mut().push((name.to_owned(), proxy));
    }

    /// Takes all children away.
    pub fn clear(&self) {
        let children = std::mem::take(&mut *self.children.borrow_mut());
        drop(children);
    }
}

/// A new realm whose window is behind a proxy of its own origin.
pub fn new_window(runtime: &Runtime) -> (Realm, Rc<Context>, WindowProxy) {
    let realm = new_realm(runtime, &|_| false, true);
    let context = Context::new();
    let proxy = context.proxy(&realm);
    proxy.set_same_origin(&realm).expect("a target");
    realm.set_window_proxy(&proxy).expect("a proxy");
    (realm, context, proxy)
}

impl View {
    /// A function that notes its name and its first argument.
    fn note(&self, name: &'static str) -> CrossOriginFunction {
        let context = self.0.clone();
        Rc::new(move |call| {
            let text = convert::dom_string(call.realm(), call.arg(0))?;
            let context = context.upgrade().ok_or_else(|| Error::type_error("it is gone"))?;
            context.messages.borrow_mut().push(format!("{name} {text}"));
            ().to_js(call.realm())
        })
    }
}

impl CrossOriginAccess for View {
    fn cross_origin_names(&self) -> &'static [&'static str] {
        &["window", "location", "closed", "postMessage", "focus"]
    }

    fn cross_origin_property(&self, name: &str) -> Option<CrossOriginProperty> {
        Some(match name {
            "window" => CrossOriginProperty::Attribute {
                get: Some(Rc::new(|call| Ok(call.this_value().clone()))),
                set: None,
            },
            "location" => {
                let location = Rc::new(LocationView(View(self.0.clone())));
                CrossOriginProperty::Attribute {
                    get: Some(Rc::new(move |call| {
                        CrossOriginObject::new(call.realm(), location.clone())?.to_js(call.realm())
                    })),
                    set: Some(self.note("location")),
                }
            }
            "closed" => {
                let context = self.0.clone();
                let get = move |call: &Call<'_>| (context.strong_count() == 0).to_js(call.realm());
                CrossOriginProperty::Attribute { get: Some(Rc::new(get)), set: None }
            }
            "postMessage" => {
                CrossOriginProperty::Operation { length: 1, call: self.note("postMessage") }
            }
            _ => return None,
        })
    }
}

impl WindowContext for View {
    fn child_count(&self) -> u32 {
        let context = self.0.upgrade();
        context.map_or(0, |context| u32::try_from(context.children.borrow().len()).unwrap_or(0))
    }

    fn child(&self, index: u32) -> Option<WindowProxy> {
        let context = self.0.upgrade()?;
        let children = context.children.borrow();
        children.get(index as usize).map(|(_, proxy)| proxy.clone())
    }

    fn named_child(&self, name: &str) -> Option<WindowProxy> {
        let context = self.0.upgrade()?;
        let children = context.children.borrow();
        children.iter().find(|(other, _)| other == name).map(|(_, proxy)| proxy.clone())
    }
}

/// The `Location` of another origin.
struct LocationView(View);

impl CrossOriginAccess for LocationView {
    fn cross_origin_names(&self) -> &'static [&'static str] {
        &["href", "replace"]
    }

    fn cross_origin_property(&self, name: &str) -> Option<CrossOriginProperty> {
        Some(match name {
            "href" => CrossOriginProperty::Attribute { get: None, set: Some(self.0.note("href")) },
            _ => CrossOriginProperty::Operation { length: 1, call: self.0.note("replace") },
        })
    }
}
