/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! <https://html.spec.whatwg.org/#structureddeserialize>

#![allow(unsafe_code)]

use rquickjs::qjs;

use super::{ErrorKind, Node, PlatformData, PropertyKey, Serialized, Value};
use crate::buffer::{ArrayBuffer, ArrayBufferView};
use crate::convert::ToJs;
use crate::error::{DomExceptionName, Error, Fallible};
use crate::object::{Atom, FLAGS_ALL, check};
use crate::realm::Realm;
use crate::string::DomString;
use crate::value::{JsObject, JsValue};

/// A value that was made again.
#[derive(Clone, Debug)]
pub struct Deserialized {
    /// The value.
    pub value: JsValue,
    /// What was transferred, in the order in which it was listed.
    pub transferred: Vec<JsValue>,
}

/// Makes a value again, in `realm`. A `DataCloneError` if an interface is not exposed there.
pub fn deserialize(realm: &Realm, serialized: Serialized) -> Fallible<JsValue> {
    deserialize_with_transfer(realm, serialized).map(|deserialized| deserialized.value)
}

/// Like [`deserialize`], with the transferred objects.
/// <https://html.spec.whatwg.org/#structureddeserializewithtransfer>
pub fn deserialize_with_transfer(realm: &Realm, serialized: Serialized) -> Fallible<Deserialized> {
    let Serialized { root, nodes, transferred, .. } = serialized;
    let mut deserializer = Deserializer { realm, objects: Vec::with_capacity(nodes.len()) };
    for node in &nodes {
        let object = deserializer.create(node)?;
        deserializer.objects.push(object);
    }
    for (number, node) in nodes.iter().enumerate() {
        deserializer.fill(number, node)?;
    }
    let transferred: Fallible<Vec<JsValue>> =
        transferred.into_iter().map(|number| deserializer.value(&Value::Object(number))).collect();
    Ok(Deserialized { value: deserializer.value(&root)?, transferred: transferred? })
}

struct Deserializer<'a> {
    realm: &'a Realm,
    /// By number.
    objects: Vec<JsValue>,
}

/// Neither enumerable, as for an error's members.
const HIDDEN: i32 = (qjs::JS_PROP_WRITABLE | qjs::JS_PROP_CONFIGURABLE) as i32;

impl Deserializer<'_> {
    fn value(&self, value: &Value) -> Fallible<JsValue> {
        match value {
            Value::Undefined => Ok(JsValue::undefined()),
            Value::Null => Ok(JsValue::null()),
            Value::Boolean(value) => Ok(JsValue::from_bool(*value)),
            Value::Number(value) => Ok(JsValue::from_f64(*value)),
            Value::BigInt(digits) => {
                let digits = digits.to_js(self.realm)?;
                let big_int = &self.realm.intrinsics().big_int;
                self.realm.call(big_int, &JsValue::undefined(), &[digits])
            }
            Value::String(text) => text.to_js(self.realm),
            Value::Object(number) => {
                let object = self.objects.get(*number as usize);
                object.cloned().ok_or_else(|| Error::type_error("there is no such object"))
            }
        }
    }

    /// The object without what it holds.
    fn create(&self, node: &Node) -> Fallible<JsValue> {
        let realm = self.realm;
        let intrinsics = realm.intrinsics();
        match node {
            Node::Primitive(value) => {
                let primitive = self.value(value)?;
                // SAFETY: all are alive.
                realm.own(unsafe { qjs::JS_ToObject(realm.ctx(), primitive.as_raw()) })
            }
            // SAFETY: the context is alive.
            Node::Date(time) => realm.own(unsafe { qjs::JS_NewDate(realm.ctx(), *time) }),
            Node::RegExp { source, flags } => {
                let arguments = [source.to_js(realm)?, flags.to_js(realm)?];
                realm.construct(&intrinsics.reg_exp, &arguments)
            }
            Node::ArrayBuffer { bytes, max_byte_length } => {
                let buffer = match max_byte_length {
                    Some(max) => ArrayBuffer::new_resizable(realm, bytes, *max)?,
                    None => ArrayBuffer::new(realm, bytes)?,
                };
                buffer.to_js(realm)
            }
            Node::View { view_type, buffer, offset, length } => {
                let value = self.value(&Value::Object(*buffer))?;
                let buffer = crate::convert::buffer_allow_resizable::<ArrayBuffer>(realm, &value)?;
                ArrayBufferView::new(realm, *view_type, &buffer, *offset, *length)?.to_js(realm)
            }
            Node::Map(_) => realm.construct(&intrinsics.map, &[]),
            Node::Set(_) => realm.construct(&intrinsics.set, &[]),
            Node::Error { kind, message, stack, .. } => {
                self.error(*kind, message.as_ref(), stack.as_ref())
            }
            Node::DomException { name, message, stack } => {
                let constructor = realm.inner().dom_exception.borrow().clone();
                let arguments = [message.to_js(realm)?, name.to_js(realm)?];
                let exception: JsObject = realm.construct(&constructor, &arguments)?.try_into()?;
                self.set_stack(&exception, stack.as_ref())?;
                Ok(exception.into_value())
            }
            Node::Array { length, .. } => {
                let array = realm.new_array::<JsValue>([])?.into_value();
                // SAFETY: all are alive.
                check(unsafe {
                    qjs::JS_SetLength(realm.ctx(), array.as_raw(), i64::from(*length))
                })?;
                Ok(array)
            }
            Node::Object(_) => realm.new_object().map(JsObject::into_value),
            Node::Platform(platform) => {
                self.check_exposed(platform)?;
                let steps = platform.info.serialization.ok_or_else(not_here)?;
                (steps.deserialize)(realm, platform.data.clone())
            }
            Node::Transferred(platform) => {
                self.check_exposed(platform)?;
                let steps = platform.info.transfer.ok_or_else(not_here)?;
                (steps.receive)(realm, platform.data.clone())
            }
            Node::Pending => Err(not_here()),
        }
    }

    fn check_exposed(&self, platform: &PlatformData) -> Fallible<()> {
        if self.realm.is_exposed(platform.info.id) { Ok(()) } else { Err(not_here()) }
    }

    fn error(
        &self,
        kind: ErrorKind,
        message: Option<&DomString>,
        stack: Option<&DomString>,
    ) -> Fallible<JsValue> {
        let realm = self.realm;
        let intrinsics = realm.intrinsics();
        // SAFETY: the context is alive.
        let error: JsObject = realm.own(unsafe { qjs::JS_NewError(realm.ctx()) })?.try_into()?;
        let constructor = match kind {
            ErrorKind::Error => None,
            ErrorKind::Eval => Some(&intrinsics.eval_error),
            ErrorKind::Range => Some(&intrinsics.range_error),
            ErrorKind::Reference => Some(&intrinsics.reference_error),
            ErrorKind::Syntax => Some(&intrinsics.syntax_error),
            ErrorKind::Type => Some(&intrinsics.type_error),
            ErrorKind::Uri => Some(&intrinsics.uri_error),
        };
        if let Some(constructor) = constructor.and_then(JsValue::as_object) {
            error.set_prototype(realm, &constructor.get(realm, "prototype")?)?;
        }
        if let Some(message) = message {
            let name = Atom::new(realm, "message");
            error.define_with(realm, name.raw(), message.to_js(realm)?, HIDDEN)?;
        }
        self.set_stack(&error, stack)?;
        Ok(error.into_value())
    }

    fn set_stack(&self, error: &JsObject, stack: Option<&DomString>) -> Fallible<()> {
        let Some(stack) = stack else { return Ok(()) };
        let name = Atom::new(self.realm, "stack");
        error.define_with(self.realm, name.raw(), stack.to_js(self.realm)?, HIDDEN)
    }

    /// What the object holds.
    fn fill(&self, number: usize, node: &Node) -> Fallible<()> {
        let (realm, intrinsics) = (self.realm, self.realm.intrinsics());
        let target = &self.objects[number];
        match node {
            Node::Map(values) => {
                let (pairs, _) = values.as_chunks::<2>();
                for [key, value] in pairs {
                    let arguments = [self.value(key)?, self.value(value)?];
                    realm.call(&intrinsics.map_set, target, &arguments)?;
                }
            }
            Node::Set(values) => {
                for value in values {
                    realm.call(&intrinsics.set_add, target, &[self.value(value)?])?;
                }
            }
            Node::Error { cause: Some(cause), .. } => {
                if let Some(error) = target.as_object() {
                    let name = Atom::new(realm, "cause");
                    error.define_with(realm, name.raw(), self.value(cause)?, HIDDEN)?;
                }
            }
            Node::Array { properties, .. } | Node::Object(properties) => {
                let Some(object) = target.as_object() else { return Ok(()) };
                for (key, value) in properties {
                    let name = match key {
                        PropertyKey::Index(index) => Atom::of_index(realm, *index),
                        PropertyKey::Name(name) => Atom::of_value(realm, &name.to_js(realm)?)?,
                    };
                    object.define_with(realm, name.raw(), self.value(value)?, FLAGS_ALL)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn not_here() -> Error {
    Error::dom(DomExceptionName::DataCloneError, "the object cannot be made here")
}
