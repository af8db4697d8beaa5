/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `WindowProxy`: the object that pages have for a browsing context, whatever window is in it.
//! <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object>
//!
//! There is one for each browsing context and each origin of those who look: realms of one origin share it. So a proxy knows
//! without asking whether its window is of the origin of the running script: it then forwards everything to the window's
//! global object; else it shows only what [`WindowContext`] gives.

use std::cell::{Cell, RefCell};
use std::ffi::c_int;
use std::rc::Rc;

use rquickjs::qjs;

use crate::class::ObjectData;
use crate::convert::ToJs;
use crate::cross_origin::{self, CrossOriginAccess, security_error};
use crate::error::{Error, Fallible};
use crate::exotic::{Exotic, Internal};
use crate::key::Key;
use crate::object::Atom;
use crate::property::{Definition, OwnProperty};
use crate::realm::Realm;
use crate::runtime::current_runtime;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

/// A browsing context, as the pages of one origin see it through its [`WindowProxy`].
///
/// The proxy owns it, and the collector does not look into it: refer weakly to what owns proxies in turn.
pub trait WindowContext: CrossOriginAccess {
    /// The number of document-tree child navigables.
    fn child_count(&self) -> u32;

    /// The proxy of a document-tree child navigable, for the same pages.
    fn child(&self, index: u32) -> Option<WindowProxy>;

    /// The proxy of the document-tree child navigable with that target name, if pages of other origins may find it by name.
    /// <https://html.spec.whatwg.org/#document-tree-child-navigable-target-name-property-set>
    fn named_child(&self, name: &str) -> Option<WindowProxy>;
}

/// A handle on a `WindowProxy` object. Clones are the same object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowProxy {
    object: JsObject,
}

crate::impl_trace!(WindowProxy { object });

impl WindowProxy {
    /// A new one, which is of another origin until [`set_same_origin`](Self::set_same_origin). The realm only lends memory.
    pub fn new(realm: &Realm, context: Rc<dyn WindowContext>) -> Fallible<Self> {
        let data = WindowProxyData {
            context,
            window: RefCell::default(),
            id: Cell::new(cross_origin::next_id()),
        };
        let class = &realm.runtime().window_proxy_class;
        Ok(Self { object: class.create(realm, &JsValue::null(), data)? })
    }

    /// From now on the window is that of `realm`, and of the same origin as those who look. The proxy keeps it alive, also
    /// when the browsing context is gone.
    pub fn set_same_origin(&self, realm: &Realm) -> Fallible<()> {
        let global = realm.global();
        let prototype = global.prototype(realm)?;
        self.set_window(realm, Some(global), &prototype)
    }

    /// From now on the window is of another origin. The realm only lends memory.
    pub fn set_cross_origin(&self, realm: &Realm) -> Fallible<()> {
        self.set_window(realm, None, &JsValue::null())
    }

    fn set_window(
        &self,
        realm: &Realm,
        window: Option<JsObject>,
        prototype: &JsValue,
    ) -> Fallible<()> {
        if let Some(data) = realm.runtime().window_proxy_class.data_of(self.object.as_value()) {
            data.id.set(cross_origin::next_id());
            let old = data.window.replace(window);
            drop(old);
        }
        // Script may have made the object inextensible, which only means that `getPrototypeOf` stays as it was.
        if self.object.is_extensible(realm)? {
            self.object.set_prototype(realm, prototype)?;
        }
        Ok(())
    }

    /// Whether the window is of the origin of those who look.
    pub fn is_same_origin(&self) -> bool {
        window_of(self.object.as_value()).is_some()
    }

    /// Converts a value: a proxy, or a global object, which stands for its proxy.
    pub fn from_js(realm: &Realm, value: &JsValue) -> Fallible<Self> {
        if realm.runtime().window_proxy_class.has(value) {
            return Ok(Self { object: value.clone().try_into()? });
        }
        let found = Realm::with_global(realm, value).and_then(|realm| realm.window_proxy());
        found.ok_or_else(|| Error::type_error("the value is not a WindowProxy"))
    }

    /// The object.
    pub fn as_object(&self) -> &JsObject {
        &self.object
    }
}

impl ToJs for WindowProxy {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.object.as_value().clone())
    }
}

/// The global object that a proxy forwards to.
pub(crate) fn window_of(value: &JsValue) -> Option<JsObject> {
    let data = current_runtime()?.window_proxy_class.data_of(value)?;
    let window = data.window.borrow();
    window.clone()
}

/// Whether a value is a proxy whose window is of another origin.
pub(crate) fn is_cross_origin(realm: &Realm, value: &JsValue) -> bool {
    let data = realm.runtime().window_proxy_class.data_of(value);
    data.is_some_and(|data| data.window.borrow().is_none())
}

/// What a `WindowProxy` owns.
pub(crate) struct WindowProxyData {
    context: Rc<dyn WindowContext>,
    /// The global object, if it is of the same origin.
    window: RefCell<Option<JsObject>>,
    /// Changes with the window.
    id: Cell<u64>,
}

impl WindowProxyData {
    fn window(&self) -> Option<JsObject> {
        self.window.borrow().clone()
    }

    /// The property of a child, if the key is an index; then `Err` stands for another origin's index without a child.
    fn child(&self, call: &Internal<'_>) -> Fallible<Option<Option<OwnProperty>>> {
        let Key::Index(index) = Key::of(call.realm, call.atom)? else {
            return Ok(None);
        };
        match self.context.child(index) {
            Some(child) => {
                let flags = qjs::JS_PROP_ENUMERABLE | qjs::JS_PROP_CONFIGURABLE;
                let value = child.to_js(call.realm)?;
                Ok(Some(Some(OwnProperty::data(value, flags as c_int))))
            }
            None if self.window.borrow().is_some() => Ok(Some(None)),
            None => Err(security_error()),
        }
    }

    fn is_index(call: &Internal<'_>) -> Fallible<bool> {
        Ok(matches!(Key::of(call.realm, call.atom)?, Key::Index(_)))
    }

    /// `[[GetOwnProperty]]` of a window of another origin.
    fn cross_origin_property(&self, call: &Internal<'_>) -> Fallible<OwnProperty> {
        if let Some(Some(child)) = self.child(call)? {
            return Ok(child);
        }
        if let Some(found) = cross_origin::own_property(call, &*self.context, self.id.get())? {
            return Ok(found);
        }
        if let Key::Name(name) = Key::of(call.realm, call.atom)?
            && let Some(child) = name.as_str().and_then(|name| self.context.named_child(name))
        {
            let flags = qjs::JS_PROP_CONFIGURABLE as c_int;
            return Ok(OwnProperty::data(child.to_js(call.realm)?, flags));
        }
        cross_origin::fallback(call)
    }

    fn same_origin_property(
        &self,
        call: &Internal<'_>,
        window: &JsObject,
    ) -> Fallible<Option<OwnProperty>> {
        match self.child(call)? {
            Some(child) => Ok(child),
            None => window.own_property_atom(call.realm, call.atom),
        }
    }
}

impl Exotic for WindowProxyData {
    /// <https://html.spec.whatwg.org/#windowproxy-getownproperty>
    fn get_own_property(
        &self,
        call: &Internal<'_>,
        _wants_value: bool,
    ) -> Fallible<Option<OwnProperty>> {
        match self.window() {
            Some(window) => self.same_origin_property(call, &window),
            None => self.cross_origin_property(call).map(Some),
        }
    }

    /// <https://html.spec.whatwg.org/#windowproxy-ownpropertykeys>
    fn own_keys<'a>(&self, call: &Internal<'a>) -> Fallible<Vec<Atom<'a>>> {
        let realm = call.realm;
        let indices = 0..self.context.child_count();
        let mut keys: Vec<Atom<'a>> = indices.map(|index| Atom::of_index(realm, index)).collect();
        match self.window() {
            Some(window) => keys.extend(window.own_keys(realm)?),
            None => keys.extend(cross_origin::own_keys(realm, &*self.context)),
        }
        Ok(keys)
    }

    /// <https://html.spec.whatwg.org/#windowproxy-delete>
    fn delete(&self, call: &Internal<'_>) -> Fallible<bool> {
        let window = self.window().ok_or_else(security_error)?;
        match self.child(call)? {
            Some(child) => Ok(child.is_none()),
            None => window.delete_own_atom(call.realm, call.atom),
        }
    }

    /// <https://html.spec.whatwg.org/#windowproxy-defineownproperty>
    fn define_own_property(
        &self,
        call: &Internal<'_>,
        definition: &Definition<'_>,
    ) -> Fallible<bool> {
        let window = self.window().ok_or_else(security_error)?;
        if Self::is_index(call)? {
            return Ok(false);
        }
        definition.apply(call.realm, &window, call.atom)
    }

    /// <https://html.spec.whatwg.org/#windowproxy-get>
    fn get(&self, call: &Internal<'_>, receiver: &JsValue) -> Fallible<JsValue> {
        match self.window() {
            Some(window) => {
                let own = self.same_origin_property(call, &window)?;
                Internal { object: &window, ..*call }.ordinary_get(own, receiver)
            }
            None => cross_origin::get(call.realm, self.cross_origin_property(call)?, receiver),
        }
    }

    /// <https://html.spec.whatwg.org/#windowproxy-set>
    fn set(&self, call: &Internal<'_>, value: &JsValue, receiver: &JsValue) -> Fallible<bool> {
        let Some(window) = self.window() else {
            let own = self.cross_origin_property(call)?;
            return cross_origin::set(call.realm, &own, value, receiver);
        };
        if Self::is_index(call)? {
            return Ok(false);
        }
        let own = window.own_property_atom(call.realm, call.atom)?;
        Internal { object: &window, ..*call }.ordinary_set(own, value, receiver)
    }
}

impl ObjectData for WindowProxyData {}

// SAFETY: the one reference to the global object.
#[allow(unsafe_code)]
unsafe impl Trace for WindowProxyData {
    fn trace(&self, tracer: &mut Tracer) {
        self.window.trace(tracer);
    }
}
