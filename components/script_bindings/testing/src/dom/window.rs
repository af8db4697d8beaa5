/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `Window` and `console`.

use std::cell::RefCell;

use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, Error, Fallible, JsObject, JsValue, Realm, ToJs,
    WindowProxy, convert, dom_object,
};

use super::{EventTarget, Holder};
use crate::bindings::{
    ConsoleMethods, DomStringOrFunction, HolderMethods, WindowMethods, WindowOptions,
    WindowPostMessageOptions, WindowProxyOrHolderOrDomString as Described,
};

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The global object.
#[derive(Default)]
pub struct Window {
    event_target: EventTarget,
    name: RefCell<DomString>,
    last_post: RefCell<String>,
    location: RefCell<Option<Dom<Holder>>>,
    timer: RefCell<Option<DomStringOrFunction>>,
    named: RefCell<Vec<Dom<Holder>>>,
    friend: RefCell<Option<WindowProxy>>,
}

dom_object!(Window: EventTarget, event_target, trace(location, timer, named, friend));

impl Window {
    /// A window for a realm that has the interfaces.
    pub fn new(realm: &Realm) -> DomRoot<Self> {
        let window = DomRoot::new(realm, Self::default());
        let location = Dom::new(&Holder::new(realm, "about:blank")).expect("Holder is registered");
        *window.location.borrow_mut() = Some(location);
        window
    }
}

impl WindowMethods for Window {
    fn window(&self, _realm: &Realm) -> DomRoot<Window> {
        self.root()
    }

    fn self_(&self, _realm: &Realm) -> DomRoot<Window> {
        self.root()
    }

    fn location(&self, _realm: &Realm) -> DomRoot<Holder> {
        let location = self.location.borrow();
        location.as_ref().map(Dom::root).expect("set by new")
    }

    fn name(&self, _realm: &Realm) -> DomString {
        self.name.borrow().clone()
    }

    fn set_name(&self, _realm: &Realm, value: DomString) {
        *self.name.borrow_mut() = value;
    }

    fn set_timeout(
        &self,
        _realm: &Realm,
        handler: DomStringOrFunction,
        timeout: i32,
        arguments: Vec<JsValue>,
    ) -> Fallible<i32> {
        if let DomStringOrFunction::Function(function) = &handler {
            function.call_reporting(&JsValue::undefined(), &arguments);
        }
        *self.timer.borrow_mut() = Some(handler);
        Ok(timeout)
    }

    fn post_message(
        &self,
        _realm: &Realm,
        _message: JsValue,
        target_origin: String,
        transfer: Vec<JsObject>,
    ) -> Fallible<()> {
        *self.last_post.borrow_mut() = format!("origin {target_origin} {}", transfer.len());
        Ok(())
    }

    fn post_message_2(
        &self,
        _realm: &Realm,
        _message: JsValue,
        options: WindowPostMessageOptions,
    ) -> Fallible<()> {
        *self.last_post.borrow_mut() = format!("options {}", options.target_origin);
        Ok(())
    }

    fn add_named(&self, realm: &Realm, name: DomString) -> Fallible<()> {
        let holder = Dom::new(&Holder::new(realm, &name.to_str_lossy()))?;
        self.named.borrow_mut().push(holder);
        Ok(())
    }

    fn named_getter(&self, realm: &Realm, name: DomString) -> Fallible<JsObject> {
        let named = self.named.borrow();
        let found = named.iter().find(|holder| name == holder.value(realm).as_str());
        let found = found.ok_or_else(|| Error::type_error("not supported"))?;
        found.root().wrapper()
    }

    fn supported_property_names(&self, realm: &Realm) -> Vec<DomString> {
        self.named.borrow().iter().map(|holder| holder.value(realm).into()).collect()
    }

    fn frames(&self, _realm: &Realm) -> Fallible<WindowProxy> {
        let proxy = self.realm().window_proxy();
        proxy.ok_or_else(|| Error::type_error("the window has no proxy"))
    }

    fn friend(&self, _realm: &Realm) -> Option<WindowProxy> {
        self.friend.borrow().clone()
    }

    fn set_friend(&self, _realm: &Realm, value: Option<WindowProxy>) {
        *self.friend.borrow_mut() = value;
    }

    fn describe(&self, realm: &Realm, value: Option<Described>) -> Fallible<DomString> {
        Ok(match value {
            Some(Described::WindowProxy(proxy)) if proxy.is_same_origin() => "same".into(),
            Some(Described::WindowProxy(_)) => "other".into(),
            Some(Described::Holder(holder)) => holder.value(realm).into(),
            Some(Described::DomString(text)) => text,
            None => "none".into(),
        })
    }

    fn same_window(&self, realm: &Realm, options: WindowOptions) -> Fallible<bool> {
        let view = options.view.map(|view| view.to_js(realm)).transpose()?;
        let source = options.source.map(|source| source.to_js(realm)).transpose()?;
        Ok(matches!((view, source), (Some(view), Some(source)) if view.same_object(&source)))
    }

    fn last_post(&self, _realm: &Realm) -> DomString {
        self.last_post.borrow().clone().into()
    }
}

/// The namespace `console`.
pub struct Console;

impl Console {
    /// What was logged on this thread.
    pub fn log_lines() -> Vec<String> {
        LOG.with(|log| log.borrow().clone())
    }
}

impl ConsoleMethods for Console {
    fn log(realm: &Realm, data: Vec<JsValue>) -> Fallible<()> {
        let mut line = Vec::new();
        for value in &data {
            line.push(convert::dom_string(realm, value)?.into_string_lossy());
        }
        LOG.with(|log| log.borrow_mut().push(line.join(" ")));
        Ok(())
    }

    fn assert(realm: &Realm, condition: bool, data: Vec<JsValue>) -> Fallible<()> {
        if !condition {
            Self::log(realm, data)?;
        }
        Ok(())
    }
}
