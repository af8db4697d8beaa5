/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! <https://html.spec.whatwg.org/#structuredserializeinternal>

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::vec;

use rquickjs::qjs;

use super::{ErrorKind, Limits, Node, PlatformData, PropertyKey, Serialized, Value};
use crate::buffer::{ArrayBuffer, ArrayBufferView, Buffer, ViewType};
use crate::convert;
use crate::error::{DomExceptionName, Error, Fallible};
use crate::exception::DomException;
use crate::key::Key;
use crate::object::Atom;
use crate::realm::Realm;
use crate::string::DomString;
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// Serializes a value; the objects in `transfer` are moved, not copied.
/// <https://html.spec.whatwg.org/#structuredserializewithtransfer>
pub fn serialize(realm: &Realm, value: &JsValue, transfer: &[JsObject]) -> Fallible<Serialized> {
    serialize_with(realm, value, transfer, Limits::default())
}

/// Like [`serialize`], with a limit of its own.
pub fn serialize_with(
    realm: &Realm,
    value: &JsValue,
    transfer: &[JsObject],
    limits: Limits,
) -> Fallible<Serialized> {
    let mut serializer = Serializer {
        realm,
        nodes: Vec::new(),
        memory: HashMap::new(),
        kept: Vec::new(),
        stack: Vec::new(),
        left: limits.bytes,
    };
    let transferred = serializer.prepare_transfer(transfer)?;
    let root = serializer.run(value)?;
    for (object, node) in transfer.iter().zip(&transferred) {
        let moved = serializer.transfer(object)?;
        serializer.nodes[*node as usize] = moved;
    }
    let bytes = limits.bytes - serializer.left;
    Ok(Serialized { root, nodes: serializer.nodes, transferred, bytes })
}

fn data_clone_error(what: &str) -> Error {
    Error::dom(DomExceptionName::DataCloneError, format!("{what} cannot be cloned"))
}

/// What is left to do for an object whose number is known.
enum Frame<'a> {
    Properties { object: JsObject, node: u32, keys: vec::IntoIter<Atom<'a>> },
    Values { node: u32, values: vec::IntoIter<JsValue> },
}

struct Serializer<'a> {
    realm: &'a Realm,
    nodes: Vec<Node>,
    /// Numbers by address.
    memory: HashMap<usize, u32>,
    /// Keeps what is in `memory` alive, so that no address is used again.
    kept: Vec<JsObject>,
    stack: Vec<Frame<'a>>,
    /// Bytes that may still be used.
    left: usize,
}

/// About what a value or object takes besides its text and bytes.
const OVERHEAD: usize = 32;

impl<'a> Serializer<'a> {
    fn spend(&mut self, bytes: usize) -> Fallible<()> {
        let left = self.left.checked_sub(bytes + OVERHEAD);
        self.left = left.ok_or_else(|| data_clone_error("so large a value"))?;
        Ok(())
    }

    fn run(&mut self, value: &JsValue) -> Fallible<Value> {
        let root = self.value(value)?;
        while let Some(frame) = self.stack.last_mut() {
            match frame {
                Frame::Properties { object, node, keys } => match keys.next() {
                    Some(key) => {
                        let (object, node) = (object.clone(), *node);
                        self.property(&object, node, &key)?;
                    }
                    None => drop(self.stack.pop()),
                },
                Frame::Values { node, values } => match values.next() {
                    Some(value) => {
                        let node = *node as usize;
                        let value = self.value(&value)?;
                        match &mut self.nodes[node] {
                            Node::Map(values) | Node::Set(values) => values.push(value),
                            Node::Error { cause, .. } => *cause = Some(value),
                            _ => {}
                        }
                    }
                    None => drop(self.stack.pop()),
                },
            }
        }
        Ok(root)
    }

    fn property(&mut self, object: &JsObject, node: u32, key: &Atom<'_>) -> Fallible<()> {
        // A getter may have deleted it.
        if !object.has_own_atom(self.realm, key.raw())? {
            return Ok(());
        }
        let value = object.get_atom(self.realm, key.raw())?;
        let value = self.value(&value)?;
        let key = match Key::of(self.realm, key.raw())? {
            Key::Index(index) => PropertyKey::Index(index),
            Key::Name(name) => PropertyKey::Name(name),
            Key::Symbol => return Ok(()),
        };
        self.spend(match &key {
            PropertyKey::Index(_) => 0,
            PropertyKey::Name(name) => text_size(name),
        })?;
        match &mut self.nodes[node as usize] {
            Node::Array { properties, .. } | Node::Object(properties) => {
                properties.push((key, value));
            }
            _ => {}
        }
        Ok(())
    }

    /// A primitive value; or the number of an object, whose parts may be left for later.
    fn value(&mut self, value: &JsValue) -> Fallible<Value> {
        if let Some(object) = value.as_object() {
            return match self.memory.get(&object.address()) {
                Some(number) => Ok(Value::Object(*number)),
                None => self.object(object).map(Value::Object),
            };
        }
        let primitive = self.primitive(value)?;
        self.spend(match &primitive {
            Value::String(text) => text_size(text),
            Value::BigInt(digits) => digits.len(),
            _ => 0,
        })?;
        Ok(primitive)
    }

    fn primitive(&self, value: &JsValue) -> Fallible<Value> {
        if let Some(value) = value.as_bool() {
            return Ok(Value::Boolean(value));
        }
        if let Some(value) = value.as_f64() {
            return Ok(Value::Number(value));
        }
        if value.is_string() {
            return convert::dom_string(self.realm, value).map(Value::String);
        }
        if value.is_bigint() {
            return convert::usv_string(self.realm, value).map(Value::BigInt);
        }
        if value.is_nullish() {
            return Ok(if value.is_null() { Value::Null } else { Value::Undefined });
        }
        Err(data_clone_error("a symbol"))
    }

    fn add(&mut self, object: &JsObject, node: Node) -> Fallible<u32> {
        let number = u32::try_from(self.nodes.len());
        let number = number.map_err(|_| data_clone_error("so large a value"))?;
        self.spend(0)?;
        self.nodes.push(node);
        self.memory.insert(object.address(), number);
        self.kept.push(object.clone());
        Ok(number)
    }

    /// An object that was not met before.
    fn object(&mut self, object: &JsObject) -> Fallible<u32> {
        let (realm, value) = (self.realm, object.as_value());
        let raw = value.as_raw();
        let intrinsics = realm.intrinsics();
        let call = |function: &JsValue| realm.call(function, value, &[]);
        // SAFETY: all of these read the class of a live object.
        let (is_date, is_reg_exp, is_map, is_set, is_error, is_array) = unsafe {
            (
                qjs::JS_IsDate(raw),
                qjs::JS_IsRegExp(raw),
                qjs::JS_IsMap(raw),
                qjs::JS_IsSet(raw),
                qjs::JS_IsError(raw),
                qjs::JS_IsArray(raw),
            )
        };
        let classes = &realm.runtime().object_classes;
        let class = classes.of(value);
        if class == classes.object && Realm::with_global(realm, value).is_none() {
            let node = self.add(object, Node::Object(Vec::new()))?;
            return self.properties(object, node);
        }
        if let Some(value_of) = match class {
            class if class == classes.boolean => Some(&intrinsics.boolean_value_of),
            class if class == classes.number => Some(&intrinsics.number_value_of),
            class if class == classes.big_int => Some(&intrinsics.big_int_value_of),
            class if class == classes.string => Some(&intrinsics.string_value_of),
            _ => None,
        } {
            let primitive = self.value(&call(value_of)?)?;
            return self.add(object, Node::Primitive(primitive));
        }
        if is_date {
            let time = convert::unrestricted_double(realm, &call(&intrinsics.date_get_time)?)?;
            return self.add(object, Node::Date(time));
        }
        if is_reg_exp {
            let source = convert::dom_string(realm, &call(&intrinsics.reg_exp_source)?)?;
            self.spend(text_size(&source))?;
            let flags = self.flags(value)?;
            return self.add(object, Node::RegExp { source, flags });
        }
        if let Some(buffer) = ArrayBuffer::of(value) {
            let node = self.array_buffer(&buffer)?;
            return self.add(object, node);
        }
        if let Some(view) = ArrayBufferView::of(value) {
            let node = self.view(&view)?;
            return self.add(object, node);
        }
        if is_map || is_set {
            let (for_each, node) = match is_map {
                true => (&intrinsics.map_for_each, Node::Map(Vec::new())),
                false => (&intrinsics.set_for_each, Node::Set(Vec::new())),
            };
            // A copy, since script may change it while it is being serialized.
            let values = self.entries(value, for_each, is_map)?.into_iter();
            let node = self.add(object, node)?;
            self.stack.push(Frame::Values { node, values });
            return Ok(node);
        }
        if is_error {
            return self.error(object);
        }
        if is_array {
            let length = convert::unrestricted_double(realm, &object.get(realm, "length")?)? as u32;
            let node = self.add(object, Node::Array { length, properties: Vec::new() })?;
            return self.properties(object, node);
        }
        self.platform_object(object)
    }

    /// A platform object, if it is serializable.
    fn platform_object(&mut self, object: &JsObject) -> Fallible<u32> {
        let (realm, value) = (self.realm, object.as_value());
        if let Ok(exception) = DomException::from_js(realm, value) {
            let (name, message) = (exception.name(realm)?, exception.message(realm)?);
            let stack = self.own_text(object, "stack")?;
            self.spend(text_size(&name) + text_size(&message))?;
            return self.add(object, Node::DomException { name, message, stack });
        }
        if let Some(owner) = wrapper::owner_of(realm, value) {
            let info = owner.info();
            let steps = info.serialization.ok_or_else(|| data_clone_error(info.name))?;
            let data = (steps.serialize)(realm, value)?;
            return self.add(object, Node::Platform(PlatformData { info, data }));
        }
        let what = if value.is_callable(realm) { "a function" } else { "the object" };
        Err(data_clone_error(what))
    }

    /// The own enumerable properties with string keys, for later.
    fn properties(&mut self, object: &JsObject, node: u32) -> Fallible<u32> {
        let flags = qjs::JS_GPN_STRING_MASK | qjs::JS_GPN_ENUM_ONLY;
        let keys = object.own_keys_with(self.realm, flags as _)?;
        self.spend(keys.len())?;
        let object = object.clone();
        self.stack.push(Frame::Properties { object, node, keys: keys.into_iter() });
        Ok(node)
    }

    /// A `Map`'s keys and values by turns, or a `Set`'s values.
    fn entries(
        &mut self,
        value: &JsValue,
        for_each: &JsValue,
        is_map: bool,
    ) -> Fallible<Vec<JsValue>> {
        let entries: Rc<RefCell<Vec<JsValue>>> = Rc::default();
        let sink = Rc::clone(&entries);
        let collect = self.realm.new_function("", 2, move |call| {
            let mut entries = sink.borrow_mut();
            if is_map {
                entries.push(call.arg(1).clone());
            }
            entries.push(call.arg(0).clone());
            Ok(JsValue::undefined())
        })?;
        self.realm.call(for_each, value, &[collect.into_value()])?;
        let entries = entries.take();
        self.spend(entries.len())?;
        Ok(entries)
    }

    fn flags(&self, value: &JsValue) -> Fallible<String> {
        let intrinsics = self.realm.intrinsics();
        let mut flags = String::new();
        for (flag, getter) in [
            ('d', &intrinsics.reg_exp_has_indices),
            ('g', &intrinsics.reg_exp_global),
            ('i', &intrinsics.reg_exp_ignore_case),
            ('m', &intrinsics.reg_exp_multiline),
            ('s', &intrinsics.reg_exp_dot_all),
            ('u', &intrinsics.reg_exp_unicode),
            ('v', &intrinsics.reg_exp_unicode_sets),
            ('y', &intrinsics.reg_exp_sticky),
        ] {
            if self.realm.call(getter, value, &[])?.as_bool() == Some(true) {
                flags.push(flag);
            }
        }
        Ok(flags)
    }

    fn array_buffer(&mut self, buffer: &ArrayBuffer) -> Fallible<Node> {
        if buffer.is_detached(self.realm) {
            return Err(data_clone_error("a detached ArrayBuffer"));
        }
        self.spend(buffer.byte_length(self.realm))?;
        let max_byte_length = buffer.max_byte_length(self.realm);
        Ok(Node::ArrayBuffer { bytes: buffer.to_vec(self.realm), max_byte_length })
    }

    fn view(&mut self, view: &ArrayBufferView) -> Fallible<Node> {
        let realm = self.realm;
        if view.is_out_of_bounds(realm) {
            return Err(data_clone_error("a view out of the bounds of its buffer"));
        }
        let array_buffer = view.buffer(realm)?;
        let Value::Object(buffer) = self.value(array_buffer.as_object().as_value())? else {
            return Err(data_clone_error("the view"));
        };
        let (view_type, offset) = (view.view_type(), view.byte_offset(realm));
        let length = match view.tracks_length(realm)? {
            true => None,
            false if view_type == ViewType::DataView => Some(view.byte_length(realm)),
            false => Some(view.length(realm)),
        };
        Ok(Node::View { view_type, buffer, offset, length })
    }

    fn error(&mut self, object: &JsObject) -> Fallible<u32> {
        let realm = self.realm;
        let name = convert::dom_string(realm, &object.get(realm, "name")?)?;
        let message = match object.own_property(realm, "message")? {
            Some(found) if !found.is_accessor() => Some(convert::dom_string(realm, &found.value)?),
            _ => None,
        };
        self.spend(message.as_ref().map_or(0, text_size))?;
        let stack = match self.own_text(object, "stack")? {
            Some(own) => Some(own),
            None => {
                let stack = realm.call(&realm.intrinsics().error_stack, object.as_value(), &[])?;
                self.text(&stack)?
            }
        };
        let kind = ErrorKind::of(&name);
        let node = self.add(object, Node::Error { kind, message, stack, cause: None })?;
        if let Some(cause) = object.own_property(realm, "cause")?
            && !cause.is_accessor()
        {
            let values = vec![cause.value].into_iter();
            self.stack.push(Frame::Values { node, values });
        }
        Ok(node)
    }

    /// A string that is an own data property.
    fn own_text(&mut self, object: &JsObject, name: &str) -> Fallible<Option<DomString>> {
        match object.own_property(self.realm, name)? {
            Some(found) => self.text(&found.value),
            None => Ok(None),
        }
    }

    /// The text of a string.
    fn text(&mut self, value: &JsValue) -> Fallible<Option<DomString>> {
        if !value.is_string() {
            return Ok(None);
        }
        let text = convert::dom_string(self.realm, value)?;
        self.spend(text_size(&text))?;
        Ok(Some(text))
    }

    /// Checks what is to be transferred, and gives each object its number.
    fn prepare_transfer(&mut self, transfer: &[JsObject]) -> Fallible<Vec<u32>> {
        let mut numbers = Vec::new();
        for object in transfer {
            let value = object.as_value();
            let owner = wrapper::owner_of(self.realm, value);
            let steps = owner.and_then(|owner| owner.info().transfer);
            if ArrayBuffer::of(value).is_none() && steps.is_none() {
                return Err(data_clone_error("an object that is not transferable"));
            }
            if self.memory.contains_key(&object.address()) {
                return Err(data_clone_error("an object that is listed twice"));
            }
            numbers.push(self.add(object, Node::Pending)?);
        }
        Ok(numbers)
    }

    fn transfer(&mut self, object: &JsObject) -> Fallible<Node> {
        let (realm, value) = (self.realm, object.as_value());
        if let Some(buffer) = ArrayBuffer::of(value) {
            let max_byte_length = buffer.max_byte_length(realm);
            self.spend(buffer.byte_length(realm))?;
            let bytes = buffer.detach(realm);
            let bytes = bytes.map_err(|_| data_clone_error("a detached ArrayBuffer"))?;
            return Ok(Node::ArrayBuffer { bytes, max_byte_length });
        }
        let info = wrapper::owner_of(realm, value).map(|owner| owner.info());
        let Some((info, steps)) = info.and_then(|info| Some((info, info.transfer?))) else {
            return Err(data_clone_error("the object"));
        };
        if (steps.is_detached)(realm, value)? {
            return Err(data_clone_error("an object that was transferred already"));
        }
        let data = (steps.transfer)(realm, value)?;
        Ok(Node::Transferred(PlatformData { info, data }))
    }
}

fn text_size(text: &DomString) -> usize {
    match (text.as_str(), text.as_ill_formed()) {
        (Some(text), _) => text.len(),
        (None, units) => units.map_or(0, |units| units.len() * 2),
    }
}
