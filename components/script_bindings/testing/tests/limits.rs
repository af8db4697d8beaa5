/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Time, memory and stack of script.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use sordino_script_bindings::structured_clone::{deserialize, serialize};
use sordino_script_bindings::{
    Error, JsValue, Module, ModuleSource, OverBudget, ToJs, live_handles,
};
use sordino_script_bindings_testing::context::new_window;
use sordino_script_bindings_testing::{World, eval};

const BUDGET: Duration = Duration::from_millis(100);

/// A world whose script is stopped, and how often it was asked.
fn impatient() -> (World, Rc<Cell<u32>>) {
    let world = World::new();
    let asked = Rc::new(Cell::new(0));
    let count = Rc::clone(&asked);
    world.runtime.set_script_budget(BUDGET, move || {
        count.set(count.get() + 1);
        OverBudget::Stop
    });
    (world, asked)
}

#[test]
fn endless_script_is_stopped() {
    let (world, asked) = impatient();
    for script in [
        "while (true);",
        "try { while (true); } catch (e) { globalThis.caught = e } finally { globalThis.caught = 1 }",
        "(function f() { try { while (true); } finally { f() } })()",
        "for (let i = 0; ; i++) [i].map(x => x + 1)",
        "/(a+)+b/.test('a'.repeat(40))",
        "new TestBinding().reduce(() => { while (true); }, 0)",
        "new TestBinding().longs({ *[Symbol.iterator]() { while (true) yield 1 } })",
        "new TestBinding().domString({ toString() { while (true); } })",
        "var t = new EventTarget(); t.addEventListener('x', () => { while (true); }); while (true) t.dispatchEvent(new Event('x'))",
        "new Function('while (true);')()",
        "eval('while (true);')",
        "new Proxy({}, { get() { while (true); } }).x",
    ] {
        let start = Instant::now();
        let before = asked.get();
        let error = world.realm.eval(script, "endless.js").unwrap_err();
        let exception = world.realm.exception_value(error);
        assert!(exception.is_uncatchable_error(), "{script}");
        let text = world.realm.describe(&exception);
        assert!(text.starts_with("InternalError: script was stopped\n"), "{script}: {text}");
        assert!(
            text.contains("endless.js") || script.contains("Function") || script.contains("eval"),
            "{script}: {text}"
        );
        assert_eq!(asked.get(), before + 1, "{script}");
        assert!(start.elapsed() >= BUDGET, "{script}");
    }
    // What comes next has its time again.
    assert_eq!(world.eval("typeof caught"), "undefined");
    assert_eq!(world.eval("let n = 0; for (let i = 0; i < 10000; i++) n += i; n"), "49995000");
}

#[test]
fn script_may_go_on() {
    let world = World::new();
    let left = Rc::new(Cell::new(3));
    let count = Rc::clone(&left);
    world.runtime.set_script_budget(BUDGET, move || {
        count.set(count.get() - 1);
        if count.get() == 0 { OverBudget::Stop } else { OverBudget::Continue }
    });
    let start = Instant::now();
    assert!(world.realm.eval("while (true);", "t.js").is_err());
    world.realm.take_exception();
    assert_eq!(left.get(), 0);
    assert!(start.elapsed() >= BUDGET * 3);
}

#[test]
fn promises_and_microtasks_are_stopped() {
    let (world, asked) = impatient();
    world.eval("var runs = 0; Promise.resolve().then(() => { while (true); }).then(() => runs++, () => runs += 100)");
    assert_eq!(asked.get(), 1);
    world.eval("(function again() { Promise.resolve().then(again) })()");
    assert_eq!(asked.get(), 2, "a chain without end");
    world.eval("(async () => { try { while (true); } catch { runs = -1 } })()");
    assert!(asked.get() >= 3);
    assert_ne!(world.eval("runs"), "-1");
}

#[test]
fn modules_are_stopped() {
    let (world, _) = impatient();
    let source = ModuleSource { text: "while (true);", name: "m", base_url: "m", line: 1 };
    let module = Module::parse(&world.realm, source).unwrap();
    world.realm.link_module(&module, |_, _| None).unwrap();
    let stopped = Rc::new(Cell::new(false));
    let seen = Rc::clone(&stopped);
    let promise = world.realm.evaluate_module(&module).unwrap();
    promise
        .react(&world.realm, |_, _| {}, move |_, reason| seen.set(reason.is_uncatchable_error()))
        .unwrap();
    world.realm.run_microtasks();
    assert!(stopped.get());
}

#[test]
fn script_that_rust_runs_by_the_way_is_stopped() {
    let (world, asked) = impatient();
    let hostile = world.realm.eval("({ toString() { while (true); } })", "t.js").unwrap();
    for round in 1..=3 {
        let text = world.realm.describe(&hostile);
        assert!(text.starts_with("[an object that cannot be"), "{text}");
        assert_eq!(asked.get(), round);
        // Another run begins with new time when there was a pause.
        let pause = Instant::now();
        while pause.elapsed() <= BUDGET {
            std::hint::spin_loop();
        }
    }
}

#[test]
fn another_thread_can_stop_script() {
    let world = World::new();
    let stopper = world.runtime.script_stopper();
    // Nothing is running.
    stopper.stop();
    assert_eq!(world.eval("1 + 1"), "2");
    let (started, wait) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        wait.recv().expect("the script begins");
        stopper.stop();
    });
    let begun = world
        .realm
        .new_function("begun", 0, move |_| {
            started.send(()).map_err(|_| Error::type_error("nobody waits"))?;
            Ok(JsValue::undefined())
        })
        .unwrap();
    world.realm.global().define(&world.realm, "begun", begun.into()).unwrap();
    let error = world.realm.eval("begun(); while (true);", "t.js").unwrap_err();
    assert!(world.realm.exception_value(error).is_uncatchable_error());
    thread.join().unwrap();
    assert_eq!(world.eval("2 + 2"), "4");
}

#[test]
fn deep_recursion_is_a_range_error() {
    let world = World::new();
    for script in [
        "(function f() { f() })()",
        "(function f() { return [1].map(f) })()",
        // Through Rust, in each way it calls script.
        "var b = new TestBinding(); (function f() { return b.reduce(f, 0) })()",
        "var b = new TestBinding(); (function f() { return b.domString({ toString: f }) })()",
        "var b = new TestBinding(); (function f() { return b.longs({ get [Symbol.iterator]() { return f() } }) })()",
        "(function f() { return b.child({ get name() { return f() } }) })()",
        "var s = new Store(); (function f() { s.x = { toString: f } })()",
        "var c = new Collection([]); Object.defineProperty(c, 'x', { get() { return c.x } }); c.x",
        "var p = new PairList([['a', '1']]); (function f() { p.forEach(f) })()",
        "(function f() { new (class extends TestBinding { constructor() { f(); super() } }) })()",
    ] {
        let found = world.eval(script);
        assert!(found.starts_with("throws RangeError"), "{script}: {found}");
        assert_eq!(world.eval("1"), "1");
    }
    let (window, _context, _proxy) = new_window(&world.runtime);
    let found = eval(
        &window,
        "Object.defineProperty(window, 'x', { get() { return window.x } }); window.x",
    );
    assert!(found.starts_with("throws RangeError"), "{found}");
    let nested = "[".repeat(100_000);
    assert!(world.eval(&nested).starts_with("throws"), "a deep text");
    world.reported.borrow_mut().clear();
}

#[test]
fn the_stack_can_be_limited() {
    let world = World::new();
    let depth = "var depth = 0; function f() { depth++; f() } try { f() } catch (e) { e instanceof RangeError && depth }";
    let large: f64 = world.eval(depth).parse().unwrap();
    world.runtime.set_max_stack_size(256 * 1024);
    let small: f64 = world.eval(depth).parse().unwrap();
    assert!(small * 2.0 < large && small > 100.0, "{small} of {large}");
}

#[test]
fn memory_runs_out_with_an_exception() {
    let world = World::new();
    let realm = &world.realm;
    let used = || usize::try_from(world.runtime.engine().memory_usage().malloc_size).unwrap();
    let setup = "function fill(make) { let all = []; try { for (;;) all.push(make(all.length)) } catch (e) { let text = String(e); all = null; return text } }";
    world.eval(setup);
    let handles = live_handles();
    for (script, limit) in [
        ("fill(() => ({ a: 1 }))", 500_000),
        ("fill(i => 'x'.repeat(1000) + i)", 500_000),
        ("fill(() => new Uint8Array(100000))", 500_000),
        ("fill(i => new TestBinding('x' + i))", 500_000),
        (
            "fill(i => { let t = new TestBinding(); t.onping = () => t; t.addEventListener('x', () => t); t.friend = t; return t })",
            500_000,
        ),
        (
            "fill(i => { let s = new Store(); s['k' + i] = 'v'; s[Symbol()] = 1; return [s, Object.keys(s)] })",
            500_000,
        ),
        ("fill(i => [...new PairList([['a', '1']]).entries()])", 500_000),
        ("fill(i => new TestBuffers().doubled(new Uint8Array(1000)))", 500_000),
        ("fill(i => new TestBinding().childBack({ name: 'n' + i, list: [{}, {}] }))", 500_000),
        ("fill(i => { try { new TestBinding().throws('dom') } catch (e) { return e } })", 500_000),
        ("fill(i => new Event('x' + i).isTrusted || new Maker('y'))", 500_000),
        ("fill(i => new CustomEvent('x', { detail: new Collection(['a' + i]) }))", 500_000),
        ("fill(i => new TestBinding().later('x').then(() => 1))", 500_000),
        ("let s = 'x'; try { for (;;) s += s } catch (e) { s = null; String(e) }", 500_000),
    ] {
        // Different limits fail at different places.
        for extra in 0..12 {
            world.runtime.run_gc();
            world.runtime.set_memory_limit(used() + limit + extra * 1237);
            let found = world.eval(script);
            world.runtime.set_memory_limit(0);
            let is_exception = ["InternalError", "RangeError", "throws", "not a string", "null"]
                .iter()
                .any(|start| found.starts_with(start));
            assert!(is_exception, "{script}: {found}");
        }
    }
    world.runtime.run_gc();
    world.runtime.run_gc();
    assert_eq!(world.eval("new TestBinding('fine').label"), "fine");
    assert_eq!(live_handles(), handles);
    // Rust code gets errors, too.
    let big = realm
        .eval("Array.from({ length: 2000 }, (_, i) => ({ text: 'x'.repeat(100) + i }))", "t.js")
        .unwrap();
    let serialized = serialize(realm, &big, &[]).unwrap();
    drop(big);
    world.runtime.run_gc();
    for extra in [0, 5_000, 50_000, 200_000] {
        world.runtime.set_memory_limit(used() + extra);
        let failed = deserialize(realm, serialized.clone());
        let text = "x".repeat(300_000).to_js(realm);
        let source = ModuleSource { text: "export let x = 1", name: "m", base_url: "m", line: 1 };
        let module = Module::parse(realm, source).and_then(|module| {
            realm.link_module(&module, |_, _| None)?;
            realm.evaluate_module(&module)
        });
        let realms = world.runtime.new_realm();
        world.runtime.set_memory_limit(0);
        assert!(failed.is_err() && text.is_err(), "{extra}");
        // A page can always be left for another.
        assert!(realms.is_ok());
        drop(module);
        realm.take_exception();
        world.runtime.run_gc();
    }
    assert!(deserialize(realm, serialized).unwrap().is_object());
}

#[test]
fn what_ran_out_is_told_while_there_is_no_more() {
    let world = World::new();
    let told = Rc::new(Cell::new(0));
    let count = Rc::clone(&told);
    world.runtime.set_out_of_memory(move || count.set(count.get() + 1));
    let describe = |script: &str| {
        let error = world.realm.eval(script, "full.js").unwrap_err();
        world.realm.describe(&world.realm.exception_value(error))
    };
    // What is full stays so.
    world.runtime.set_memory_limit(4 << 20);
    let text = describe("globalThis.all = [];\nfor (;;) all.push({});");
    assert!(text.starts_with("InternalError: out of memory\n"), "{text}");
    assert!(text.contains("full.js:2"), "{text}");
    assert_eq!(told.get(), 1);
    for _ in 0..100 {
        let text = describe("for (;;) all.push({ a: 1 });");
        assert!(text.starts_with("InternalError: out of memory"), "{text}");
    }
    assert_eq!(told.get(), 1, "nothing was free in between");
    world.runtime.set_memory_limit(0);
    world.eval("all = null");
    world.runtime.set_memory_limit(4 << 20);
    assert!(describe("new ArrayBuffer(1 << 30)").contains("out of memory"));
    assert_eq!(told.get(), 2);
    world.runtime.set_memory_limit(0);

    // An exception that is described where there is no more stack.
    let texts = Rc::new(std::cell::RefCell::new(Vec::new()));
    let found = Rc::clone(&texts);
    world.runtime.set_report_exception(move |realm, exception| {
        found.borrow_mut().push(realm.describe(&exception));
    });
    world.eval(
        "var t = new EventTarget(); t.addEventListener('x', () => t.dispatchEvent(new Event('x'))); \
         t.dispatchEvent(new Event('x'))",
    );
    let texts = texts.borrow();
    assert!(!texts.is_empty());
    for text in texts.iter() {
        assert!(text.starts_with("RangeError: Maximum call stack size exceeded\n"), "{text}");
    }
}
