/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `TestBinding`: returns what it was given.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use sordino_script_bindings::{
    Dom, DomExceptionName, DomObject, DomRoot, DomString, Error, Fallible, FrozenArray, JsObject,
    JsPromise, JsValue, Realm, Record, dom_object,
};

use super::{Event, EventTarget};
use crate::bindings::{
    Child, DomStringOrLongOrBooleanOrDomStringSequenceOrParentOrEventOrReducer as Anything,
    EventHandlerNonNull, EventMethods, Image, LongOrBoolean, Mood, Parent, Reducer,
    TestBindingMethods,
};

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
}

/// How many `TestBinding`s there are on this thread.
pub fn live_objects() -> usize {
    LIVE.with(Cell::get)
}

/// Counts the objects that exist.
struct Live;

impl Default for Live {
    fn default() -> Self {
        LIVE.with(|live| live.set(live.get() + 1));
        Self
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        LIVE.with(|live| live.set(live.get() - 1));
    }
}

/// One of everything.
#[derive(Default)]
pub struct TestBinding {
    event_target: EventTarget,
    label: RefCell<DomString>,
    usv: RefCell<String>,
    flag: Cell<bool>,
    number: Cell<f64>,
    anything: RefCell<JsValue>,
    mood: Cell<Option<Mood>>,
    onping: RefCell<Option<Rc<EventHandlerNonNull>>>,
    items: RefCell<Option<FrozenArray>>,
    images: OnceCell<FrozenArray>,
    friend: RefCell<Option<Dom<TestBinding>>>,
    ready: OnceCell<JsPromise>,
    count: Cell<i32>,
    _live: Live,
}

dom_object!(
    TestBinding: EventTarget,
    event_target,
    trace(anything, onping, items, images, friend, ready)
);

impl TestBinding {
    /// A new one.
    pub fn new(realm: &Realm, label: DomString) -> DomRoot<Self> {
        let object = Self { label: RefCell::new(label), ..Self::default() };
        DomRoot::new(realm, object)
    }

    fn fail(kind: &DomString) -> Fallible<()> {
        Err(match kind.as_str() {
            Some("range") => Error::range_error("out of range"),
            Some("dom") => Error::dom(DomExceptionName::AbortError, "it was aborted"),
            Some("type") => Error::type_error("wrong type"),
            _ => return Ok(()),
        })
    }
}

impl TestBindingMethods for TestBinding {
    fn constructor(realm: &Realm, label: DomString) -> Fallible<DomRoot<Self>> {
        Ok(Self::new(realm, label))
    }

    fn label(&self, _realm: &Realm) -> DomString {
        self.label.borrow().clone()
    }

    fn set_label(&self, _realm: &Realm, value: DomString) {
        *self.label.borrow_mut() = value;
    }

    fn null_empty(&self, realm: &Realm) -> DomString {
        self.label(realm)
    }

    fn set_null_empty(&self, realm: &Realm, value: DomString) {
        self.set_label(realm, value);
    }

    fn usv(&self, _realm: &Realm) -> String {
        self.usv.borrow().clone()
    }

    fn set_usv(&self, _realm: &Realm, value: String) {
        *self.usv.borrow_mut() = value;
    }

    fn flag(&self, _realm: &Realm) -> bool {
        self.flag.get()
    }

    fn set_flag(&self, _realm: &Realm, value: bool) {
        self.flag.set(value);
    }

    fn number(&self, _realm: &Realm) -> f64 {
        self.number.get()
    }

    fn set_number(&self, _realm: &Realm, value: f64) {
        self.number.set(value);
    }

    fn anything(&self, _realm: &Realm) -> JsValue {
        self.anything.borrow().clone()
    }

    fn set_anything(&self, _realm: &Realm, value: JsValue) {
        *self.anything.borrow_mut() = value;
    }

    fn mood(&self, _realm: &Realm) -> Mood {
        self.mood.get().unwrap_or(Mood::Empty)
    }

    fn set_mood(&self, _realm: &Realm, value: Mood) {
        self.mood.set(Some(value));
    }

    fn maybe_mood(&self, _realm: &Realm) -> Option<Mood> {
        self.mood.get()
    }

    fn set_maybe_mood(&self, _realm: &Realm, value: Option<Mood>) {
        self.mood.set(value);
    }

    fn onping(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.onping.borrow().clone()
    }

    fn set_onping(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        *self.onping.borrow_mut() = value;
    }

    fn items(&self, realm: &Realm) -> FrozenArray {
        let mut items = self.items.borrow_mut();
        let empty = || FrozenArray::new::<JsValue>(realm, []).expect("memory for an array");
        items.get_or_insert_with(empty).clone()
    }

    fn set_items(&self, realm: &Realm, value: Vec<JsObject>) {
        let items = FrozenArray::new(realm, value).expect("memory for an array");
        *self.items.borrow_mut() = Some(items);
    }

    fn images(&self, realm: &Realm) -> FrozenArray {
        let image = Image { src: "a.png".into(), sizes: "1x1".into() };
        let make = || FrozenArray::of_frozen(realm, [image]).expect("memory for an array");
        self.images.get_or_init(make).clone()
    }

    fn picky(&self, _realm: &Realm) -> Fallible<i32> {
        Err(Error::dom(DomExceptionName::InvalidStateError, "never"))
    }

    fn set_picky(&self, _realm: &Realm, value: i32) -> Fallible<()> {
        if value < 0 {
            return Err(Error::range_error("negative"));
        }
        Ok(())
    }

    fn friend(&self, _realm: &Realm) -> Option<DomRoot<TestBinding>> {
        self.friend.borrow().as_ref().map(Dom::root)
    }

    fn set_friend(&self, _realm: &Realm, value: Option<DomRoot<TestBinding>>) {
        let friend = value.map(|value| Dom::new(&value).expect("the interface is registered"));
        *self.friend.borrow_mut() = friend;
    }

    fn hidden(&self, _realm: &Realm) -> i32 {
        1
    }

    fn opt_in(&self, _realm: &Realm) -> i32 {
        2
    }

    fn secret(&self, _realm: &Realm) -> i32 {
        3
    }

    fn ready(&self, realm: &Realm) -> Fallible<JsPromise> {
        if self.ready.get().is_none() {
            let _ = self.ready.set(JsPromise::resolved(realm, &7)?);
        }
        self.ready.get().cloned().ok_or(Error::JsException)
    }

    fn dom_string(&self, _realm: &Realm, value: DomString) -> Fallible<DomString> {
        Ok(value)
    }

    fn usv_string(&self, _realm: &Realm, value: String) -> Fallible<String> {
        Ok(value)
    }

    fn bool(&self, _realm: &Realm, value: bool) -> Fallible<bool> {
        Ok(value)
    }

    fn dbl(&self, _realm: &Realm, value: f64) -> Fallible<f64> {
        Ok(value)
    }

    fn udbl(&self, _realm: &Realm, value: f64) -> Fallible<f64> {
        Ok(value)
    }

    fn flt(&self, _realm: &Realm, value: f32) -> Fallible<f32> {
        Ok(value)
    }

    fn uflt(&self, _realm: &Realm, value: f32) -> Fallible<f32> {
        Ok(value)
    }

    fn i8(&self, _realm: &Realm, value: i8) -> Fallible<i8> {
        Ok(value)
    }

    fn u8(&self, _realm: &Realm, value: u8) -> Fallible<u8> {
        Ok(value)
    }

    fn i16(&self, _realm: &Realm, value: i16) -> Fallible<i16> {
        Ok(value)
    }

    fn u16(&self, _realm: &Realm, value: u16) -> Fallible<u16> {
        Ok(value)
    }

    fn i32(&self, _realm: &Realm, value: i32) -> Fallible<i32> {
        Ok(value)
    }

    fn u32(&self, _realm: &Realm, value: u32) -> Fallible<u32> {
        Ok(value)
    }

    fn i64(&self, _realm: &Realm, value: i64) -> Fallible<i64> {
        Ok(value)
    }

    fn u64(&self, _realm: &Realm, value: u64) -> Fallible<u64> {
        Ok(value)
    }

    fn clamp_u8(&self, _realm: &Realm, value: u8) -> Fallible<u8> {
        Ok(value)
    }

    fn clamp_i32(&self, _realm: &Realm, value: i32) -> Fallible<i32> {
        Ok(value)
    }

    fn clamp_i64(&self, _realm: &Realm, value: i64) -> Fallible<i64> {
        Ok(value)
    }

    fn enforce_u8(&self, _realm: &Realm, value: u8) -> Fallible<u8> {
        Ok(value)
    }

    fn enforce_i32(&self, _realm: &Realm, value: i32) -> Fallible<i32> {
        Ok(value)
    }

    fn enforce_u64(&self, _realm: &Realm, value: u64) -> Fallible<u64> {
        Ok(value)
    }

    fn obj(&self, _realm: &Realm, value: JsObject) -> Fallible<JsObject> {
        Ok(value)
    }

    fn any_of(&self, _realm: &Realm, value: JsValue) -> Fallible<JsValue> {
        Ok(value)
    }

    fn nullable_double(&self, _realm: &Realm, value: Option<f64>) -> Fallible<Option<f64>> {
        Ok(value)
    }

    fn mood_of(&self, _realm: &Realm, value: Mood) -> Fallible<Mood> {
        Ok(value)
    }

    fn longs(&self, _realm: &Realm, value: Vec<i32>) -> Fallible<Vec<i32>> {
        Ok(value)
    }

    fn map(
        &self,
        _realm: &Realm,
        value: Record<DomString, i32>,
    ) -> Fallible<Record<DomString, i32>> {
        Ok(value)
    }

    fn child(&self, _realm: &Realm, value: Child) -> Fallible<DomString> {
        let alpha = value.parent.alpha.map_or("unset".to_owned(), String::from);
        let text = format!(
            "{alpha} {} {} {} {} {:?} {:?} {}",
            value.parent.zulu,
            value.name,
            value.level,
            value.list.len(),
            value.extra,
            value.maybe,
            value.mood
        );
        Ok(text.into())
    }

    fn child_back(&self, _realm: &Realm, value: Child) -> Fallible<Child> {
        Ok(value)
    }

    fn parent(&self, _realm: &Realm, value: Parent) -> Fallible<DomString> {
        Ok(value.zulu.to_string().into())
    }

    fn event(&self, _realm: &Realm, value: DomRoot<Event>) -> Fallible<DomRoot<Event>> {
        Ok(value)
    }

    fn reduce(&self, realm: &Realm, reducer: Rc<Reducer>, start: f64) -> Fallible<f64> {
        let name = DomString::from("n");
        let rest = [JsValue::from_i32(1), JsValue::null()];
        reducer
            .call(&JsValue::undefined(), start, Some(&name), &rest)
            .map_err(|exception| realm.throw_value(exception))
    }

    fn union(&self, realm: &Realm, value: Anything) -> Fallible<DomString> {
        let text = match value {
            Anything::DomString(text) => format!("string {text}"),
            Anything::Long(number) => format!("long {number}"),
            Anything::Boolean(value) => format!("boolean {value}"),
            Anything::DomStringSequence(list) => format!("sequence {}", list.len()),
            Anything::Parent(parent) => format!("parent {}", parent.zulu),
            Anything::Event(event) => format!("event {}", event.type_(realm)),
            Anything::Reducer(_) => "reducer".to_owned(),
        };
        Ok(text.into())
    }

    fn union_number(&self, _realm: &Realm, value: Option<LongOrBoolean>) -> Fallible<DomString> {
        let text = match value {
            Some(LongOrBoolean::Long(number)) => format!("long {number}"),
            Some(LongOrBoolean::Boolean(value)) => format!("boolean {value}"),
            None => "null".to_owned(),
        };
        Ok(text.into())
    }

    fn defaults(
        &self,
        _realm: &Realm,
        required: i32,
        one: i32,
        two: Option<DomString>,
        three: bool,
        four: f64,
        five: Option<i32>,
    ) -> Fallible<DomString> {
        let two = two.map_or("null".to_owned(), String::from);
        Ok(format!("{required} {one} {two} {three} {four} {five:?}").into())
    }

    fn variadic(&self, _realm: &Realm, values: Vec<JsValue>) -> Fallible<()> {
        self.count.set(i32::try_from(values.len()).unwrap_or(-1));
        Ok(())
    }

    fn count(&self, _realm: &Realm) -> i32 {
        self.count.get()
    }

    fn later(&self, realm: &Realm, value: DomString) -> Fallible<JsPromise> {
        JsPromise::resolved(realm, &value)
    }

    fn fails(&self, realm: &Realm, kind: DomString) -> Fallible<JsPromise> {
        Self::fail(&kind)?;
        JsPromise::resolved(realm, &())
    }

    fn throws(&self, _realm: &Realm, kind: DomString) -> Fallible<()> {
        Self::fail(&kind)
    }

    fn wait(&self, realm: &Realm, value: JsPromise) -> Fallible<JsPromise> {
        let result = JsPromise::new(realm)?;
        let (fulfilled, rejected) = (result.clone(), result.clone());
        value.react(
            realm,
            move |realm, value| fulfilled.resolve(realm, value),
            move |realm, reason| rejected.reject_value(realm, reason.clone()),
        )?;
        Ok(result)
    }

    fn panics(&self, _realm: &Realm) -> Fallible<()> {
        panic!("on purpose")
    }

    fn shout(_realm: &Realm, text: DomString) -> Fallible<DomString> {
        Ok(text.to_string().to_uppercase().into())
    }

    fn fresh_static(_realm: &Realm, text: DomString) -> Fallible<DomString> {
        Ok(text)
    }

    fn stringifier(&self, realm: &Realm) -> Fallible<DomString> {
        Ok(format!("TestBinding {}", self.label(realm)).into())
    }

    fn fresh(&self, realm: &Realm) -> Fallible<DomRoot<TestBinding>> {
        Ok(Self::new(realm, "fresh".into()))
    }

    fn keep(&self, _realm: &Realm) -> Fallible<()> {
        self.reflector().preserve()
    }

    fn drop(&self, _realm: &Realm) -> Fallible<()> {
        self.reflector().release();
        Ok(())
    }
}
