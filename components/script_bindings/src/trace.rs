/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Telling the cycle collector what a Rust object holds.
//!
//! QuickJS frees an object when its count drops to zero, and finds cycles by asking every object what it refers to. A DOM
//! object's wrapper answers for the Rust object behind it, through [`Trace`]. A value that is not reported is simply a
//! root: safe, but a cycle through it leaks. So the rule for the glue is: the wrapper reports the object's values only when
//! it is the object's only owner; else Rust needs the values, and they are roots. References between DOM objects go through
//! the wrapper for that reason, see [`Dom`](crate::Dom).
//!
//! The module is unsafe because a wrong report makes the engine free a value that is in use.

#![allow(unsafe_code)]

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

use rquickjs::qjs;

use crate::realm::Realm;
use crate::string::{ByteString, DomString};
use crate::value::{JsObject, JsValue};

/// One visit of the collector.
pub struct Tracer {
    pub(crate) runtime: *mut qjs::JSRuntime,
    pub(crate) mark: qjs::JS_MarkFunc,
}

impl Tracer {
    fn value(&mut self, value: &JsValue) {
        // SAFETY: called by the collector, with its own mark function and a live value.
        unsafe { qjs::JS_MarkValue(self.runtime, value.as_raw(), self.mark) };
    }

    pub(crate) fn realm(&mut self, realm: &Realm) {
        if let Some(mark) = self.mark {
            // SAFETY: a context starts with the collector's header, which is how the engine marks contexts itself.
            unsafe { mark(self.runtime, realm.ctx().cast()) };
        }
    }
}

/// Something that can report the JavaScript values it owns.
///
/// Use [`impl_trace!`](crate::impl_trace) and [`dom_object!`](crate::dom_object), which cannot get it wrong.
///
/// # Safety
/// An implementation must report only references that `self` owns, each at most once per visit, and the same ones each time
/// it is called without a change of `self` between. Not reporting is always allowed.
pub unsafe trait Trace {
    /// Reports every value that `self` owns.
    fn trace(&self, tracer: &mut Tracer);
}

// SAFETY: owns exactly one reference.
unsafe impl Trace for JsValue {
    fn trace(&self, tracer: &mut Tracer) {
        tracer.value(self);
    }
}

// SAFETY: owns exactly one reference.
unsafe impl Trace for JsObject {
    fn trace(&self, tracer: &mut Tracer) {
        tracer.value(self.as_value());
    }
}

// SAFETY: owns exactly one reference of the context.
unsafe impl Trace for Realm {
    fn trace(&self, tracer: &mut Tracer) {
        tracer.realm(self);
    }
}

// SAFETY: forwards to the one value.
unsafe impl<T: Trace> Trace for Option<T> {
    fn trace(&self, tracer: &mut Tracer) {
        if let Some(value) = self {
            value.trace(tracer);
        }
    }
}

// SAFETY: forwards to the one value.
unsafe impl<T: Trace + ?Sized> Trace for Box<T> {
    fn trace(&self, tracer: &mut Tracer) {
        (**self).trace(tracer);
    }
}

// SAFETY: each element once.
unsafe impl<T: Trace> Trace for Vec<T> {
    fn trace(&self, tracer: &mut Tracer) {
        self.iter().for_each(|value| value.trace(tracer));
    }
}

// SAFETY: each element once.
unsafe impl<T: Trace> Trace for VecDeque<T> {
    fn trace(&self, tracer: &mut Tracer) {
        self.iter().for_each(|value| value.trace(tracer));
    }
}

// SAFETY: each key and value once.
unsafe impl<K: Trace, V: Trace, S> Trace for HashMap<K, V, S> {
    fn trace(&self, tracer: &mut Tracer) {
        for (key, value) in self {
            key.trace(tracer);
            value.trace(tracer);
        }
    }
}

// SAFETY: each key and value once.
unsafe impl<K: Trace, V: Trace> Trace for BTreeMap<K, V> {
    fn trace(&self, tracer: &mut Tracer) {
        for (key, value) in self {
            key.trace(tracer);
            value.trace(tracer);
        }
    }
}

// SAFETY: forwards; while somebody writes, nothing is reported, which is the same for the whole visit because no Rust code
// of ours runs between the collector's two passes.
unsafe impl<T: Trace> Trace for RefCell<T> {
    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(value) = self.try_borrow() {
            value.trace(tracer);
        }
    }
}

// SAFETY: forwards.
unsafe impl<T: Trace> Trace for OnceCell<T> {
    fn trace(&self, tracer: &mut Tracer) {
        if let Some(value) = self.get() {
            value.trace(tracer);
        }
    }
}

// SAFETY: what is shared has several owners, and is then reported by none of them.
unsafe impl<T: Trace + ?Sized> Trace for Rc<T> {
    fn trace(&self, tracer: &mut Tracer) {
        if Rc::strong_count(self) == 1 {
            (**self).trace(tracer);
        }
    }
}

// SAFETY: a `Copy` type cannot own a counted reference.
unsafe impl<T: Copy> Trace for Cell<T> {
    fn trace(&self, _tracer: &mut Tracer) {}
}

macro_rules! holds_nothing {
    ($($type:ty),*) => {
        $(
            // SAFETY: owns no JavaScript value.
            unsafe impl Trace for $type {
                fn trace(&self, _tracer: &mut Tracer) {}
            }
        )*
    };
}
holds_nothing!(
    (),
    bool,
    char,
    u8,
    i8,
    u16,
    i16,
    u32,
    i32,
    u64,
    i64,
    usize,
    isize,
    f32,
    f64,
    String,
    &'static str,
    DomString,
    ByteString
);

macro_rules! tuple {
    ($($name:ident)*) => {
        // SAFETY: each part once.
        unsafe impl<$($name: Trace),*> Trace for ($($name,)*) {
            #[allow(non_snake_case)]
            fn trace(&self, tracer: &mut Tracer) {
                let ($($name,)*) = self;
                $($name.trace(tracer);)*
            }
        }
    };
}
tuple!(A);
tuple!(A B);
tuple!(A B C);

/// Implements [`Trace`] for a struct by visiting the named fields, for a type that holds no value, or for an enum whose
/// variants have one field each.
///
/// ```
/// use sordino_script_bindings::{impl_trace, JsValue};
///
/// struct Listener {
///     callback: JsValue,
///     capture: bool,
/// }
/// impl_trace!(Listener { callback });
///
/// enum Phase { Capturing, Bubbling }
/// impl_trace!(Phase);
///
/// // Every variant has one field.
/// enum Source { Script(JsValue), Text(String) }
/// impl_trace!(enum Source { Script, Text });
/// ```
#[macro_export]
macro_rules! impl_trace {
    (enum $type:ident { $($variant:ident),* $(,)? }) => {
        // SAFETY: one variant is there, and what its one field owns, `self` owns.
        #[allow(unsafe_code)]
        unsafe impl $crate::Trace for $type {
            fn trace(&self, tracer: &mut $crate::Tracer) {
                match self {
                    $(Self::$variant(value) => $crate::Trace::trace(value, tracer),)*
                }
            }
        }
    };
    ($type:ty) => {
        $crate::impl_trace!($type {});
    };
    ($type:ty { $($field:ident),* $(,)? }) => {
        // SAFETY: a field can be named once only, since the pattern would bind it twice, and what it owns, `self` owns.
        #[allow(unsafe_code)]
        unsafe impl $crate::Trace for $type {
            fn trace(&self, tracer: &mut $crate::Tracer) {
                let _ = &tracer;
                $crate::__trace_fields!(self, tracer, $($field),*);
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __trace_fields {
    ($self:ident, $tracer:ident,) => {};
    ($self:ident, $tracer:ident, $($field:ident),+) => {
        let Self { $($field,)+ .. } = $self;
        $($crate::Trace::trace($field, $tracer);)+
    };
}
