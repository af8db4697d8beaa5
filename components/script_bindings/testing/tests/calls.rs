/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Callbacks, promises, exceptions, realms.

mod common;

use std::cell::Cell;
use std::rc::Rc;

use common::table;
use sordino_script_bindings::{
    DomExceptionName, DomRoot, DomString, Error, JsObject, JsPromise, JsValue, ToJs, convert,
};
use sordino_script_bindings_testing::bindings::{EventInit, TestBindingMethods};
use sordino_script_bindings_testing::dom::{Event, EventTarget, TestBinding};
use sordino_script_bindings_testing::{World, eval, new_realm};

const TYPE_ERROR: &str = "throws TypeError*";

#[test]
fn callback_functions() {
    table(
        "var t = new TestBinding(); var args;",
        &[
            ("t.reduce((...a) => { args = a; return 5; }, 2)", "5"),
            ("args.length + ' ' + args.join()", "4 2,n,1,"),
            ("t.reduce(() => '8', 0)", "8"),
            ("t.reduce(() => NaN, 0)", TYPE_ERROR),
            ("t.reduce(() => {}, 0)", TYPE_ERROR),
            ("t.reduce(() => { throw 'out' }, 0)", "throws out"),
            ("t.reduce(function () { 'use strict'; return this === undefined ? 1 : 0 }, 0)", "1"),
            ("t.reduce({}, 0)", TYPE_ERROR),
            ("t.reduce(null, 0)", TYPE_ERROR),
            ("t.reduce({ call() {} }, 0)", TYPE_ERROR),
            ("t.reduce(new Proxy(() => 3, {}), 0)", "3"),
            ("t.reduce((total, name) => t.reduce(x => x + 1, total) * 2, 4)", "10"),
        ],
    );
}

#[test]
fn event_handlers_treat_other_values_as_null() {
    table(
        "var t = new TestBinding(); var f = () => 1; var o = {};",
        &[
            ("t.onping", "null"),
            ("t.onping = f; t.onping === f", "true"),
            ("t.onping = 1; t.onping", "null"),
            ("t.onping = f; t.onping = 'code'; t.onping", "null"),
            ("t.onping = f; t.onping = undefined; t.onping", "null"),
            ("t.onping = f; t.onping = Symbol(); t.onping", "null"),
            ("t.onping = o; t.onping === o", "true"),
        ],
    );
}

#[test]
fn a_handler_that_is_no_function_returns_undefined() {
    let world = World::new();
    let value = world.realm.eval("var t = new TestBinding(); t.onping = {}; t", "t.js").unwrap();
    let object = convert::interface::<TestBinding>(&world.realm, &value).unwrap();
    let handler = object.onping(&world.realm).unwrap();
    let event = Event::new_inherited("x".into(), &EventInit::default());
    let event = DomRoot::new(&world.realm, event);
    let result = handler.call(&JsValue::undefined(), &event).unwrap();
    assert!(result.is_undefined());
}

#[test]
fn callback_interfaces() {
    let world = World::new();
    for (script, expected) in [
        // A function is called with the target as `this`.
        (
            "var t = new EventTarget(); var seen = [];
             t.addEventListener('a', function (e) { seen.push(this === t, e.type, e.target === t) });
             t.dispatchEvent(new Event('a')); seen.join()",
            "true,a,true",
        ),
        // An object's method is looked up at each call, with the object as `this`.
        (
            "seen = []; var l = { handleEvent() { seen.push(1, this === l) } };
             t.addEventListener('b', l);
             l.handleEvent = function () { seen.push(2, this === l) };
             t.dispatchEvent(new Event('b')); seen.join()",
            "2,true",
        ),
        ("t.addEventListener('c', null)", "undefined"),
        ("t.addEventListener('c', 1)", TYPE_ERROR),
        ("t.addEventListener('c', 'x')", TYPE_ERROR),
        ("t.addEventListener('c')", TYPE_ERROR),
        // What a listener throws is reported, and the next one runs.
        (
            "seen = []; t.addEventListener('d', () => { throw new Error('one') });
             t.addEventListener('d', { get handleEvent() { throw new Error('two') } });
             t.addEventListener('d', {});
             t.addEventListener('d', () => seen.push('last'), { once: true });
             t.dispatchEvent(new Event('d')); t.dispatchEvent(new Event('d')); seen.join()",
            "last",
        ),
    ] {
        let found = world.eval(script);
        let fits = match expected.strip_suffix('*') {
            Some(start) => found.starts_with(start),
            None => found == expected,
        };
        assert!(fits, "{script}: {found}");
    }
    let reported = world.reported.borrow();
    let starts: Vec<&str> = reported.iter().filter_map(|text| text.lines().next()).collect();
    assert_eq!(starts.len(), 6, "{starts:?}");
    assert_eq!(starts[0], "Error: one");
    assert_eq!(starts[1], "Error: two");
    assert!(starts[2].starts_with("TypeError: handleEvent"), "{starts:?}");
}

#[test]
fn promises_reject_instead_of_throwing() {
    let world = World::new();
    let run = |script: &str| {
        let script = format!(
            "var out = 'pending'; try {{ ({script}).then(v => out = 'ok ' + v, e => out = 'no ' + e) }}
             catch (e) {{ out = 'threw ' + e }}"
        );
        world.eval(&script);
        world.eval("out")
    };
    world.eval("var t = new TestBinding()");
    assert_eq!(run("t.later('x')"), "ok x");
    assert_eq!(run("t.fails('none')"), "ok undefined");
    assert_eq!(run("t.fails('range')"), "no RangeError: out of range");
    assert_eq!(run("t.fails('dom')"), "no AbortError: it was aborted");
    assert!(run("t.later()").starts_with("no TypeError"));
    assert!(run("t.later(Symbol())").starts_with("no TypeError"));
    assert_eq!(run("t.later({ toString() { throw 'thrown' } })"), "no thrown");
    assert!(run("TestBinding.prototype.later.call({}, 'x')").starts_with("no TypeError"));
    let getter = "Object.getOwnPropertyDescriptor(TestBinding.prototype, 'ready').get";
    assert_eq!(run(&format!("{getter}.call(t)")), "ok 7");
    assert!(run(&format!("{getter}.call({{}})")).starts_with("no TypeError"));
    assert_eq!(run("t.wait(3)"), "ok 3");
    assert_eq!(run("t.wait(Promise.reject('r'))"), "no r");
    assert_eq!(run("t.wait({ then(f) { f('thenable') } })"), "ok thenable");
    assert_eq!(world.eval("t.ready === t.ready"), "true");
    assert_eq!(world.eval("t.throws('range')"), "throws RangeError: out of range");
    assert!(world.reported.borrow().is_empty());
}

#[test]
fn unhandled_rejections_reach_the_hook() {
    let world = World::new();
    let seen = Rc::new(Cell::new((0, 0)));
    let sink = Rc::clone(&seen);
    world.runtime.set_promise_rejection(move |_, _, _, handled| {
        let (unhandled, late) = sink.get();
        sink.set(match handled {
            false => (unhandled + 1, late),
            true => (unhandled, late + 1),
        });
    });
    world.eval("var p = new TestBinding().fails('dom')");
    assert_eq!(seen.get(), (1, 0));
    world.eval("p.catch(() => 0)");
    assert_eq!(seen.get(), (1, 1));
    let promise = JsPromise::new(&world.realm).unwrap();
    assert!(promise.is_pending(&world.realm));
    promise.mark_as_handled(&world.realm);
    promise.reject(&world.realm, Error::type_error("x"));
    assert!(!promise.is_pending(&world.realm));
    assert_eq!(seen.get(), (1, 1));
}

#[test]
fn dom_exceptions() {
    table(
        "var e; try { new TestBinding().throws('dom') } catch (x) { e = x }",
        &[
            ("e instanceof DOMException && e instanceof Error", "true"),
            ("e.name + e.message + e.code", "AbortErrorit was aborted20"),
            ("e.constructor === DOMException", "true"),
            ("typeof e.stack", "string"),
            ("String(e)", "AbortError: it was aborted"),
            ("Object.prototype.toString.call(e)", "[object DOMException]"),
            ("Object.getPrototypeOf(DOMException.prototype) === Error.prototype", "true"),
            ("DOMException.length", "0"),
            ("var d = new DOMException(); [d.name, d.message, d.code].join('|')", "Error||0"),
            ("new DOMException('m', 'DataCloneError').code", "25"),
            ("new DOMException('m', 'NotAllowedError').code", "0"),
            ("DOMException.DATA_CLONE_ERR + DOMException.prototype.INDEX_SIZE_ERR", "26"),
            ("DOMException()", TYPE_ERROR),
            (
                "Object.getOwnPropertyDescriptor(DOMException.prototype, 'name').get.call({})",
                TYPE_ERROR,
            ),
            ("Object.getOwnPropertyDescriptor(DOMException.prototype, 'name').enumerable", "true"),
            ("try { atob('*') } catch (x) { x instanceof DOMException }", "true"),
            ("new DOMException('x'.repeat(1000)).message.length", "1000"),
        ],
    );
}

#[test]
fn every_name_has_its_code() {
    let world = World::new();
    for name in DomExceptionName::ALL {
        let script = format!("new DOMException('', '{name}').code");
        assert_eq!(world.eval(&script), name.code().to_string(), "{name}");
    }
}

#[test]
fn realms_are_separate_and_brands_are_not() {
    let world = World::new();
    let other = new_realm(&world.runtime, &|_| false, true);
    let global: JsValue = other.global().into();
    world.realm.global().define(&world.realm, "other", global).unwrap();
    for (script, expected) in [
        ("other.TestBinding === TestBinding", "false"),
        ("var theirs = new other.TestBinding('theirs'); theirs instanceof TestBinding", "false"),
        ("theirs instanceof other.TestBinding", "true"),
        // Brand checks do not care about realms.
        ("Object.getOwnPropertyDescriptor(TestBinding.prototype, 'label').get.call(theirs)", "theirs"),
        ("var mine = new TestBinding(); mine.friend = theirs; mine.friend === theirs", "true"),
        // An exception is of the realm whose function ran.
        ("try { TestBinding.prototype.throws.call(theirs, 'range') } catch (e) { e instanceof RangeError }", "true"),
        ("try { other.TestBinding.prototype.throws.call(mine, 'range') } catch (e) { e instanceof other.RangeError }", "true"),
        ("try { other.TestBinding.prototype.throws.call(mine, 'dom') } catch (e) { e instanceof other.DOMException }", "true"),
        ("try { other.TestBinding.prototype.longs.call(mine, 1) } catch (e) { e instanceof other.TypeError }", "true"),
        ("other.TestBinding.prototype.later.call(mine, 'x') instanceof other.Promise", "true"),
        ("other.TestBinding.prototype.longs.call(mine, [1]) instanceof other.Array", "true"),
        // A missing `this` is the global object of the function's realm.
        ("other.name = 'o'; name = 'm'; (0, Object.getOwnPropertyDescriptor(other, 'name').get)()", "o"),
        ("other.window === other && other.location !== location", "true"),
        ("EventTarget.prototype.addEventListener.call(other, 'x', null)", "undefined"),
        // The prototype of an odd new.target comes from its realm.
        (
            "var F = other.Function('return 1'); F.prototype = null;
             Object.getPrototypeOf(Reflect.construct(TestBinding, [], F)) === other.TestBinding.prototype",
            "true",
        ),
    ] {
        assert_eq!(world.eval(script), expected, "{script}");
    }
    // An object keeps its realm; a second wrapper is never made.
    let made = TestBinding::new(&other, DomString::from("rust"));
    let wrapper: JsValue = made.to_js(&world.realm).unwrap();
    world.realm.global().define(&world.realm, "made", wrapper).unwrap();
    assert_eq!(world.eval("made instanceof other.TestBinding"), "true");
    assert_eq!(eval(&other, "new TestBinding() instanceof EventTarget"), "true");
}

#[test]
fn the_entry_realm_and_the_end_of_script() {
    let world = World::new();
    let other = new_realm(&world.runtime, &|_| false, true);
    let global: JsValue = other.global().into();
    world.realm.global().define(&world.realm, "other", global).unwrap();
    let address = world.realm.global().address();
    let probe = other
        .new_function("probe", 0, move |call| {
            Ok(JsValue::from_bool(call.realm().entry().global().address() == address))
        })
        .unwrap();
    world.realm.global().define(&world.realm, "probe", probe.into()).unwrap();
    assert_eq!(world.eval("probe()"), "true");
    let ends = Rc::new(Cell::new(0));
    let sink = Rc::clone(&ends);
    world.runtime.set_script_exit(move |realm| {
        sink.set(sink.get() + 1);
        realm.run_microtasks();
    });
    world.eval("var log = []; var t = new EventTarget();
        t.addEventListener('x', () => { Promise.resolve().then(() => log.push('micro')); log.push(1); });
        t.addEventListener('x', () => log.push(2));
        t.dispatchEvent(new Event('x')); log.push(3);");
    assert_eq!(world.eval("log.join()"), "1,2,3,micro", "script is on the stack");
    assert_eq!(ends.get(), 2, "once for each evaluation");
    let value = world.realm.eval("log = []; t", "t.js").unwrap();
    let target = convert::interface::<EventTarget>(&world.realm, &value).unwrap();
    let event = Event::new_inherited("x".into(), &EventInit::default());
    let event = DomRoot::new(&world.realm, event);
    use sordino_script_bindings_testing::bindings::EventTargetMethods;
    target.dispatch_event(&world.realm, event).unwrap();
    assert_eq!(world.eval("log.join()"), "1,micro,2", "a checkpoint after each callback");
}

#[test]
fn rust_functions_and_objects() {
    let world = World::new();
    let realm = &world.realm;
    let add = realm
        .new_function("add", 2, |call| {
            let realm = call.realm();
            let sum = convert::double(realm, call.arg(0))? + convert::double(realm, call.arg(1))?;
            sum.to_js(realm)
        })
        .unwrap();
    realm.global().define(realm, "add", add.into()).unwrap();
    assert_eq!(world.eval("add(1, 2) + add.name + add.length"), "3add2");
    assert!(world.eval("add(1)").starts_with("throws TypeError"));
    let object: JsObject = realm.new_object().unwrap();
    object.set(realm, "x", 5.to_js(realm).unwrap()).unwrap();
    assert!(object.has(realm, "x").unwrap());
    assert_eq!(object.get(realm, "x").unwrap().as_f64(), Some(5.0));
    object.freeze(realm).unwrap();
    let failed = object.set(realm, "x", JsValue::null());
    assert!(matches!(failed, Err(Error::JsException)));
    let exception = realm.take_exception();
    assert!(realm.describe(&exception).starts_with("TypeError"));
    assert!(realm.take_exception().is_undefined());
}
