/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Who keeps what alive.

use sordino_script_bindings::{JsValue, Runtime, live_handles};
use sordino_script_bindings_testing::dom::live_objects;
use sordino_script_bindings_testing::{World, bindings, eval, new_realm};

#[test]
fn a_bare_runtime_leaves_nothing() {
    let runtime = Runtime::new().unwrap();
    drop(runtime);
    assert_eq!(live_handles(), 0);
    let runtime = Runtime::new().unwrap();
    let realm = runtime.new_realm().unwrap();
    drop(realm);
    drop(runtime);
    assert_eq!(live_handles(), 0, "a bare realm");
    let runtime = Runtime::new().unwrap();
    let realm = runtime.new_realm().unwrap();
    bindings::register_interfaces(&realm, &|_| false, true).unwrap();
    drop(realm);
    drop(runtime);
    assert_eq!(live_handles(), 0, "interfaces");
    drop(World::new());
    assert_eq!(live_handles(), 0, "a window");
    Runtime::new().unwrap();
}

#[test]
fn a_used_world_leaves_nothing() {
    for script in [
        "1",
        "new TestBinding()",
        "var t = new TestBinding(); t.onping = () => t; t.anything = t; t.friend = t",
        "addEventListener('x', function f() { return window })",
        "var t = new TestBinding(); t.wait(t.later('x')).then(() => t)",
        "dispatchEvent(new CustomEvent('x', { detail: window }))",
        "setTimeout(() => globalThis); self = 1; location = 'x'",
        "new TestBinding().keep()",
        "console.log('x')",
        "new List()[0]; [...new List()]",
        "class A extends TestBinding {} new A()",
        "t = new TestBinding(); t.items = [t]; t.images; t.ready",
        "throw new DOMException('x', 'y')",
    ] {
        let world = World::new();
        world.eval(script);
        drop(world);
        assert_eq!(live_handles(), 0, "{script}");
        assert_eq!(live_objects(), 0, "{script}");
    }
}

#[test]
fn cycles_through_handlers_are_collected() {
    let world = World::new();
    let count = |script: &str, expected: usize, why: &str| {
        let result = world.eval(script);
        assert!(!result.starts_with("throws"), "{script}: {result}");
        world.runtime.run_gc();
        assert_eq!(live_objects(), expected, "{why}");
    };
    count("(() => { let t = new TestBinding(); t.onping = () => t; })()", 0, "handler");
    count(
        "(() => { let t = new TestBinding(); t.addEventListener('x', { handleEvent() { return t } }); })()",
        0,
        "listener",
    );
    count("(() => { let t = new TestBinding(); t.anything = { t }; })()", 0, "any");
    count("(() => { let t = new TestBinding(); t.self = t; })()", 0, "expando");
    count(
        "(() => { let a = new TestBinding(), b = new TestBinding(); a.friend = b; b.onping = () => a; })()",
        0,
        "across two objects",
    );
    count(
        "(() => { let a = new TestBinding(), b = new TestBinding(); a.friend = b; b.friend = a; })()",
        0,
        "two objects by Rust references",
    );
    count("(() => { let t = new TestBinding(); t.friend = t; })()", 0, "itself");
    count("(() => { let t = new TestBinding(); t.items = [t]; })()", 0, "frozen array");
    count(
        "(() => { let t = new TestBinding(); let e = new Event('x'); t.dispatchEvent(e); t.e = e; })()",
        0,
        "event with target",
    );
    count("var kept = new TestBinding(); kept.onping = () => kept;", 1, "a reachable one");
    count("kept.onping !== null || fail()", 1, "its handler is there");
    count("kept = undefined", 0, "no longer reachable");
    assert_eq!(world.runtime.live_wrappers(), 1, "the location only");
}

#[test]
fn a_preserved_wrapper_stays() {
    let world = World::new();
    world.eval(
        "(() => { let t = new TestBinding(); t.keep(); t.keep(); t.expando = 5; t.onping = () => t;
                  globalThis.ref = new WeakRef(t); })()",
    );
    let alive = || {
        world.runtime.run_gc();
        live_objects()
    };
    assert_eq!(alive(), 1);
    assert_eq!(world.eval("ref.deref().expando"), "5");
    world.eval("ref.deref().drop()");
    assert_eq!(alive(), 1, "released once of two");
    world.eval("ref.deref().drop()");
    assert_eq!(alive(), 0);
    assert_eq!(world.eval("typeof ref.deref()"), "undefined");
}

#[test]
fn one_wrapper_per_object() {
    let world = World::new();
    assert_eq!(
        world
            .eval("var a = new TestBinding(), b = new TestBinding(); a.friend = b; a.friend === b"),
        "true"
    );
    world.eval("b.expando = 1; b = undefined");
    world.runtime.run_gc();
    assert_eq!(world.eval("a.friend.expando"), "1");
}

#[test]
fn ten_thousand_objects_leave_nothing() {
    let world = World::new();
    let churn = "for (let i = 0; i < 10000; i++) {
        let t = new TestBinding('x' + i);
        t.onping = () => t;
        t.addEventListener('a', () => t.label);
        t.friend = new TestBinding();
        t.friend.anything = t;
    } 'done'";
    let handles = live_handles();
    assert_eq!(world.eval(churn), "done");
    world.runtime.run_gc();
    assert_eq!(live_objects(), 0);
    let memory = || world.runtime.engine().memory_usage().memory_used_size;
    let before = memory();
    for _ in 0..3 {
        world.eval(churn);
        world.runtime.run_gc();
    }
    assert_eq!(live_objects(), 0);
    assert_eq!(world.runtime.live_wrappers(), 1);
    assert_eq!(live_handles(), handles);
    assert!(memory() < before + 20_000, "{} to {}", before, memory());
}

#[test]
fn realms_are_collected() {
    let world = World::new();
    let handles = live_handles();
    for _ in 0..50 {
        let realm = new_realm(&world.runtime, &|_| false, true);
        eval(
            &realm,
            "var t = new TestBinding(); t.onping = () => window; addEventListener('x', () => t); t.friend = t;",
        );
        drop(realm);
    }
    world.runtime.run_gc();
    world.runtime.run_gc();
    assert_eq!(live_objects(), 0);
    assert_eq!(live_handles(), handles);
}

#[test]
fn the_collector_may_run_at_any_time() {
    let world = World::new();
    let gc = world.realm.new_function("gc", 0, |call| {
        call.realm().run_gc();
        Ok(JsValue::undefined())
    });
    world.realm.global().define(&world.realm, "gc", gc.unwrap().into()).unwrap();
    let result = world.eval(
        "var t = new TestBinding('kept'), seen = [];
         t.addEventListener('x', function (e) { t = null; gc(); seen.push(this.label, e.type); });
         t.addEventListener('x', { get handleEvent() { gc(); return () => seen.push('second'); } });
         t.friend = t; t.onping = () => t;
         t.longs({ *[Symbol.iterator]() { gc(); yield 1; gc(); } });
         t.child({ get name() { gc(); return 'n'; } });
         t.reduce(() => { gc(); return 1; }, 0);
         t.dispatchEvent(new CustomEvent('x', { get detail() { gc(); return window; } }));
         new (class extends TestBinding { constructor() { gc(); super({ toString() { gc(); return 'x' } }); gc(); } });
         seen.join()",
    );
    assert_eq!(result, "kept,x,second");
    world.runtime.run_gc();
    assert_eq!(live_objects(), 0);
}
