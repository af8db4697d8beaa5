/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A realm: one global object with its own prototypes; in a browser, a document's script environment.
//!
//! A [`Realm`] is a counted handle on the engine's context. Its data (prototypes, the DOM object behind the global object, the
//! embedder's data) is owned by a hidden object of the context, so it lives exactly as long as the context does, and the
//! collector can see through it. The module is unsafe because it counts contexts by hand.

#![allow(unsafe_code)]

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::mem::ManuallyDrop;
use std::rc::{Rc, Weak};

use rquickjs::qjs;

use crate::convert::ToJs;
use crate::cross_origin::CrossOriginFunctions;
use crate::dom_object::DomObject;
use crate::dom_ref::DomRoot;
use crate::error::{Error, Fallible};
use crate::install::InterfaceObjects;
use crate::interface::InterfaceId;
use crate::intrinsics::Intrinsics;
use crate::module::ModuleTable;
use crate::object::Atom;
use crate::runtime::RuntimeInner;
use crate::value::{JsObject, JsValue, count_handle, uncount_handle};
use crate::window_proxy::WindowProxy;

pub(crate) struct RealmInner {
    ctx: *mut qjs::JSContext,
    runtime: *const RuntimeInner,
    /// By interface id.
    pub(crate) interfaces: RefCell<Vec<Option<InterfaceObjects>>>,
    pub(crate) global_object: RefCell<Option<Rc<dyn DomObject>>>,
    pub(crate) dom_exception: RefCell<JsValue>,
    /// See [`crate::exception_interface`]; `undefined` until there is one.
    pub(crate) exceptions: RefCell<JsValue>,
    pub(crate) intrinsics: RefCell<Rc<Intrinsics>>,
    pub(crate) window_proxy: RefCell<Option<WindowProxy>>,
    pub(crate) cross_origin: RefCell<CrossOriginFunctions>,
    pub(crate) modules: RefCell<ModuleTable>,
    data: RefCell<Option<Rc<dyn Any>>>,
    /// Wrappers kept alive, by address. Roots, so not traced.
    preserved: RefCell<HashMap<usize, JsValue>>,
}

impl RealmInner {
    pub(crate) fn preserve(&self, wrapper: JsValue) {
        let address = wrapper.address().unwrap_or(0);
        let old = self.preserved.borrow_mut().insert(address, wrapper);
        drop(old);
    }

    pub(crate) fn release(&self, address: usize) {
        let wrapper = self.preserved.borrow_mut().remove(&address);
        drop(wrapper);
    }

    /// Lets go of what only the embedder keeps alive.
    pub(crate) fn let_go(&self) {
        let preserved = std::mem::take(&mut *self.preserved.borrow_mut());
        let data = self.data.borrow_mut().take();
        drop((preserved, data));
    }

    /// Lets go of everything; the context is going away.
    pub(crate) fn clear(&self) {
        let interfaces = std::mem::take(&mut *self.interfaces.borrow_mut());
        let dom_exception = std::mem::take(&mut *self.dom_exception.borrow_mut());
        let exceptions = std::mem::take(&mut *self.exceptions.borrow_mut());
        let intrinsics = std::mem::take(&mut *self.intrinsics.borrow_mut());
        let global = self.global_object.borrow_mut().take();
        let window_proxy = self.window_proxy.borrow_mut().take();
        let cross_origin = std::mem::take(&mut *self.cross_origin.borrow_mut());
        drop((
            interfaces,
            dom_exception,
            exceptions,
            intrinsics,
            global,
            window_proxy,
            cross_origin,
        ));
        self.let_go();
    }

    pub(crate) fn runtime(&self) -> &RuntimeInner {
        // SAFETY: the runtime is freed after all its realms.
        unsafe { &*self.runtime }
    }
}

/// A counted handle on a realm.
///
/// Clones are the same realm. A handle keeps the realm alive, except the one in a DOM object's reflector, which the
/// collector sees.
pub struct Realm {
    inner: Rc<RealmInner>,
}

impl Realm {
    pub(crate) fn create(runtime: &RuntimeInner) -> Option<Self> {
        runtime.with_free_memory(|| Self::create_now(runtime))
    }

    fn create_now(runtime: &RuntimeInner) -> Option<Self> {
        // SAFETY: the runtime is alive; every step checks for failure; ownership of the context goes into the handle.
        unsafe {
            let ctx = qjs::JS_NewContext(runtime.rt);
            if ctx.is_null() {
                return None;
            }
            count_handle();
            let realm = Self {
                inner: Rc::new(RealmInner {
                    ctx,
                    runtime,
                    interfaces: RefCell::default(),
                    global_object: RefCell::default(),
                    dom_exception: RefCell::default(),
                    exceptions: RefCell::default(),
                    intrinsics: RefCell::default(),
                    window_proxy: RefCell::default(),
                    cross_origin: RefCell::default(),
                    modules: RefCell::default(),
                    data: RefCell::default(),
                    preserved: RefCell::default(),
                }),
            };
            qjs::JS_SetContextOpaque(ctx, Rc::as_ptr(&realm.inner).cast_mut().cast());
            let holder = qjs::JS_NewObjectClass(ctx, runtime.realm_class as _);
            if qjs::JS_IsException(holder) {
                return None;
            }
            qjs::JS_SetOpaque(holder, Rc::into_raw(Rc::clone(&realm.inner)).cast_mut().cast());
            qjs::JS_SetClassProto(ctx, runtime.realm_class, holder);
            runtime
                .globals
                .borrow_mut()
                .insert(realm.global().address(), Rc::downgrade(&realm.inner));
            // The engine adds DOMException to the first context of a runtime only.
            if qjs::JS_AddIntrinsicDOMException(ctx) < 0 {
                return None;
            }
            let constructor = realm.global().get(&realm, "DOMException").ok()?;
            *realm.inner.dom_exception.borrow_mut() = constructor;
            if runtime.dom_exception_class.get() == 0 {
                let sample = realm.new_dom_exception("Error", "").ok()?;
                let class = qjs::JS_GetClassID(sample.as_raw());
                runtime.dom_exception_class.set(class);
            }
            *realm.inner.intrinsics.borrow_mut() = Rc::new(Intrinsics::capture(&realm).ok()?);
            // <https://html.spec.whatwg.org/#creating-a-new-javascript-realm>: nothing here is cross-origin isolated.
            realm
                .global()
                .delete_atom(&realm, Atom::new(&realm, "SharedArrayBuffer").ok()?.raw())
                .ok()?;
            Some(realm)
        }
    }

    /// A new handle on the realm of a context.
    ///
    /// # Safety
    /// `ctx` must be null or a live context of this thread's runtime.
    pub unsafe fn from_context(ctx: *mut qjs::JSContext) -> Option<Self> {
        if ctx.is_null() {
            return None;
        }
        // SAFETY: the opaque of our contexts is a pointer that an `Rc` in the context's holder owns.
        unsafe {
            let inner = qjs::JS_GetContextOpaque(ctx).cast_const().cast::<RealmInner>();
            if inner.is_null() {
                return None;
            }
            Some(Self::clone(&ManuallyDrop::new(Self { inner: Rc::from_raw(inner) })))
        }
    }

    /// The realm of a context, without counting.
    ///
    /// # Safety
    /// As `from_context`, and the context must outlive the result.
    pub(crate) unsafe fn borrow_context(ctx: *mut qjs::JSContext) -> Option<ManuallyDrop<Self>> {
        // SAFETY: as in `from_context`.
        unsafe {
            let inner = qjs::JS_GetContextOpaque(ctx).cast_const().cast::<RealmInner>();
            if inner.is_null() {
                return None;
            }
            Some(ManuallyDrop::new(Self { inner: Rc::from_raw(inner) }))
        }
    }

    pub(crate) fn from_inner(inner: Rc<RealmInner>) -> Self {
        // SAFETY: the caller found `inner` through a live context or holder.
        unsafe { qjs::JS_DupContext(inner.ctx) };
        count_handle();
        Self { inner }
    }

    /// A handle that does not keep the realm alive.
    pub fn downgrade(&self) -> WeakRealm {
        WeakRealm { inner: Rc::downgrade(&self.inner) }
    }

    /// The realm that has this object as its `Object.prototype`.
    pub(crate) fn with_object_prototype(&self, prototype: &JsValue) -> Option<Realm> {
        let globals = self.runtime().globals.borrow();
        let realms = globals.values().filter_map(Weak::upgrade);
        let realms: Vec<Realm> = realms.map(Realm::from_inner).collect();
        drop(globals);
        realms.into_iter().find(|realm| {
            let object = realm.new_object().and_then(|object| object.prototype(realm));
            object.is_ok_and(|own| own.same_object(prototype))
        })
    }

    pub(crate) fn inner(&self) -> &RealmInner {
        &self.inner
    }

    pub(crate) fn runtime(&self) -> &RuntimeInner {
        self.inner.runtime()
    }

    pub(crate) fn ctx(&self) -> *mut qjs::JSContext {
        self.inner.ctx
    }

    /// The engine's context, for what this crate does not offer.
    pub fn as_raw(&self) -> *mut qjs::JSContext {
        self.inner.ctx
    }

    /// Lends rquickjs's own view of this realm.
    pub fn with_ctx<R>(&self, f: impl for<'js> FnOnce(rquickjs::Ctx<'js>) -> R) -> R {
        let ctx = std::ptr::NonNull::new(self.ctx()).expect("a realm has a context");
        // SAFETY: the context is alive; the closure cannot let the lifetime escape.
        f(unsafe { rquickjs::Ctx::from_raw(ctx) })
    }

    /// The global object itself; script may see a proxy in its place, see [`global_this`](Self::global_this).
    pub fn global(&self) -> JsObject {
        // SAFETY: the context is alive; the result is owned and is an object.
        let value = unsafe { JsValue::from_raw(qjs::JS_GetGlobalObject(self.ctx())) };
        JsObject::try_from(value).expect("the global object is an object")
    }

    /// The realm of a global object.
    pub(crate) fn with_global(&self, global: &JsValue) -> Option<Realm> {
        let found = self.runtime().globals.borrow().get(&global.address()?)?.upgrade()?;
        Some(Self::from_inner(found))
    }

    /// Makes a proxy what script of this realm sees in place of the global object: `window`, `globalThis`, and `this` of a
    /// script.
    ///
    /// The engine itself does not know the proxy: `this` of a sloppy function that was called without one is the global
    /// object itself, which has all the same members, but is another object.
    pub fn set_window_proxy(&self, proxy: &WindowProxy) -> Fallible<()> {
        let old = self.inner.window_proxy.replace(Some(proxy.clone()));
        drop(old);
        let flags = (qjs::JS_PROP_WRITABLE | qjs::JS_PROP_CONFIGURABLE) as _;
        let name = Atom::new(self, "globalThis")?;
        self.global().define_with(self, name.raw(), proxy.to_js(self)?, flags)
    }

    /// What stands for the global object in script, if it is not the global object itself.
    pub fn window_proxy(&self) -> Option<WindowProxy> {
        self.inner.window_proxy.borrow().clone()
    }

    /// What script sees as `globalThis`: the proxy, or the global object.
    pub fn global_this(&self) -> JsObject {
        self.window_proxy().map_or_else(|| self.global(), |proxy| proxy.as_object().clone())
    }

    /// Makes `object` the DOM object behind the global object (a `Window`). Can be done once, after
    /// the interfaces were registered.
    pub fn set_global_object<T: DomObject>(&self, object: &DomRoot<T>) -> Fallible<()> {
        if self.inner.global_object.borrow().is_some() {
            return Err(Error::type_error("the realm has a global object already"));
        }
        object.reflector().adopt_global(self.global().as_value())?;
        *self.inner.global_object.borrow_mut() = Some(object.owner());
        Ok(())
    }

    /// The DOM object behind the global object, as a `T`.
    pub fn global_object<T: DomObject>(&self) -> Option<DomRoot<T>> {
        DomRoot::from_owner(self.inner.global_object.borrow().clone()?)
    }

    /// Keeps data of the embedder with the realm, as long as that lives. The collector does not look into it: refer to the
    /// realm from there by [`downgrade`](Self::downgrade) only.
    pub fn set_data<T: Any>(&self, data: Rc<T>) {
        *self.inner.data.borrow_mut() = Some(data);
    }

    /// The embedder's data, if it is a `T`.
    pub fn data<T: Any>(&self) -> Option<Rc<T>> {
        self.inner.data.borrow().clone()?.downcast().ok()
    }

    /// Lets go of all preserved wrappers; to be called when the document is destroyed.
    pub fn release_preserved(&self) {
        let preserved = std::mem::take(&mut *self.inner.preserved.borrow_mut());
        drop(preserved);
    }

    /// The interface prototype object of an interface, once it was registered.
    pub fn prototype_of(&self, id: InterfaceId) -> Fallible<JsObject> {
        match self.inner.interfaces.borrow().get(id.index()) {
            Some(Some(objects)) => Ok(objects.prototype.clone()),
            _ => Err(Error::type_error("the interface is not registered")),
        }
    }

    /// The interface object (the constructor) of an interface, once it was registered.
    pub fn interface_object(&self, id: InterfaceId) -> Fallible<JsObject> {
        match self.inner.interfaces.borrow().get(id.index()) {
            Some(Some(objects)) => Ok(objects.constructor.clone()),
            _ => Err(Error::type_error("the interface is not registered")),
        }
    }

    /// Whether an interface is exposed.
    pub(crate) fn is_exposed(&self, id: InterfaceId) -> bool {
        let interfaces = self.inner.interfaces.borrow();
        matches!(interfaces.get(id.index()), Some(Some(objects)) if objects.is_exposed)
    }

    /// The language's own built-ins, as they were when the realm was made.
    pub(crate) fn intrinsics(&self) -> Rc<Intrinsics> {
        Rc::clone(&self.inner.intrinsics.borrow())
    }

    /// The prototype of an interface's pair iterators.
    pub(crate) fn iterator_prototype_of(&self, id: InterfaceId) -> Fallible<JsObject> {
        match self.inner.interfaces.borrow().get(id.index()) {
            Some(Some(InterfaceObjects { iterator_prototype: Some(found), .. })) => {
                Ok(found.clone())
            }
            _ => Err(Error::type_error("the interface has no pair iterator")),
        }
    }

    /// A new ordinary object.
    pub fn new_object(&self) -> Fallible<JsObject> {
        // SAFETY: the context is alive.
        self.own(unsafe { qjs::JS_NewObject(self.ctx()) })?.try_into()
    }

    /// A new array.
    pub fn new_array<T: ToJs>(&self, items: impl IntoIterator<Item = T>) -> Fallible<JsObject> {
        // SAFETY: the context is alive.
        let array: JsObject = self.own(unsafe { qjs::JS_NewArray(self.ctx()) })?.try_into()?;
        for (index, item) in items.into_iter().enumerate() {
            let index = u32::try_from(index).map_err(|_| Error::range_error("array too long"))?;
            array.define_index(self, index, item.to_js(self)?)?;
        }
        Ok(array)
    }

    /// Takes over a value that the engine returned, or finds that it threw.
    pub(crate) fn own(&self, raw: qjs::JSValue) -> Fallible<JsValue> {
        // SAFETY: reads the tag; then takes over a reference that the engine gave to us.
        unsafe {
            if qjs::JS_IsException(raw) {
                Err(Error::JsException)
            } else {
                Ok(JsValue::from_raw(raw))
            }
        }
    }

    /// The other realms of the runtime.
    pub(crate) fn others(&self) -> Vec<Realm> {
        let globals = self.runtime().globals.borrow();
        let realms: Vec<_> = globals.values().filter_map(Weak::upgrade).collect();
        drop(globals);
        realms.into_iter().map(Realm::from_inner).filter(|realm| !realm.is(self)).collect()
    }

    /// Whether both handles are the same realm.
    pub fn is(&self, other: &Realm) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Clone for Realm {
    fn clone(&self) -> Self {
        Self::from_inner(Rc::clone(&self.inner))
    }
}

impl Drop for Realm {
    fn drop(&mut self) {
        uncount_handle();
        // SAFETY: this handle owned one reference of the context.
        unsafe { qjs::JS_FreeContext(self.inner.ctx) };
    }
}

/// A handle on a realm that does not keep it alive, for what the realm itself keeps: the embedder's data, closures.
#[derive(Clone, Default)]
pub struct WeakRealm {
    inner: Weak<RealmInner>,
}

impl WeakRealm {
    /// The realm, if it is still there. Always `None` while objects are being freed (in `Drop` of a DOM object).
    pub fn upgrade(&self) -> Option<Realm> {
        let inner = self.inner.upgrade()?;
        let finalizing = inner.runtime().finalizing.get();
        (!finalizing).then(|| Realm::from_inner(inner))
    }

    /// Whether this is a handle on that realm.
    pub fn is(&self, realm: &Realm) -> bool {
        std::ptr::eq(self.inner.as_ptr(), Rc::as_ptr(&realm.inner))
    }
}

impl std::fmt::Debug for WeakRealm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WeakRealm({:p})", self.inner.as_ptr())
    }
}

impl std::fmt::Debug for Realm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Realm({:p})", self.inner.ctx)
    }
}
