/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! JavaScript modules.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use sordino_script_bindings::{
    DynamicImport, Error, Fallible, JsPromise, JsValue, Module, ModuleRequest, ModuleSource, Realm,
    convert, live_handles,
};
use sordino_script_bindings_testing::{World, eval, new_realm};

/// Modules by name; a specifier is a name.
type Modules = BTreeMap<String, Module>;

fn parse(realm: &Realm, name: &str, text: &str) -> Fallible<Module> {
    let base_url = format!("https://example.org/{name}");
    Module::parse(realm, ModuleSource { text, name, base_url: &base_url, line: 1 })
}

#[track_caller]
fn graph(realm: &Realm, sources: &[(&str, &str)]) -> Modules {
    let parsed = sources.iter().map(|(name, text)| {
        let module = parse(realm, name, text);
        ((*name).to_owned(), module.unwrap_or_else(|error| panic!("{name}: {error}")))
    });
    parsed.collect()
}

fn link(realm: &Realm, modules: &Modules, root: &str) -> Fallible<()> {
    realm.link_module(&modules[root], |_, request| modules.get(&request.specifier).cloned())
}

/// Links and runs a module; then all microtasks. What became of it, as text.
fn run(realm: &Realm, modules: &Modules, root: &str) -> String {
    let promise = link(realm, modules, root).and_then(|()| realm.evaluate_module(&modules[root]));
    match promise {
        Ok(promise) => settled(realm, &promise),
        Err(error) => {
            let exception = realm.exception_value(error);
            format!("throws {}", realm.describe(&exception).lines().next().unwrap_or_default())
        }
    }
}

fn settled(realm: &Realm, promise: &JsPromise) -> String {
    let outcome = Rc::new(RefCell::new("pending".to_owned()));
    let (done, failed) = (Rc::clone(&outcome), Rc::clone(&outcome));
    promise
        .react(
            realm,
            move |_, _| *done.borrow_mut() = "done".to_owned(),
            move |realm, reason| {
                let text = convert::dom_string(realm, reason);
                *failed.borrow_mut() = format!("rejects {}", text.unwrap_or_default());
            },
        )
        .expect("memory for a reaction");
    realm.run_microtasks();
    outcome.take()
}

#[test]
fn a_graph_is_linked_and_run_in_order() {
    let world = World::new();
    let realm = &world.realm;
    world.eval("var log = []");
    let modules = graph(
        realm,
        &[
            ("main", "import def, { value, bump } from 'a'; import * as all from 'b'; import 'c';
                      log.push('main'); bump(); globalThis.out = [def, value, Object.keys(all).join('+'), this, typeof all.b].join();"),
            ("a", "export { value, bump } from 'b'; export default 'def'; log.push('a');"),
            ("b", "export let value = 1; export function bump() { value++ } export const b = 2; log.push('b');"),
            ("c", "import { b } from 'b'; log.push('c' + b);"),
        ],
    );
    let requests: Vec<&str> =
        modules["main"].requests().iter().map(|r| r.specifier.as_str()).collect();
    assert_eq!(requests, ["a", "b", "c"]);
    assert_eq!(run(realm, &modules, "main"), "done");
    assert_eq!(world.eval("out"), "def,2,b+bump+value,,number");
    assert_eq!(world.eval("log.join()"), "b,a,c2,main");
    // Once only.
    assert_eq!(run(realm, &modules, "main"), "done");
    assert_eq!(run(realm, &modules, "b"), "done");
    assert_eq!(world.eval("log.length"), "4");
    let namespace = realm.module_namespace(&modules["b"]).unwrap();
    assert_eq!(namespace.get(realm, "value").unwrap().as_f64(), Some(2.0));
    // Another realm has modules of its own.
    let other = new_realm(&world.runtime, &|_| false, true);
    eval(&other, "var log = ['other']");
    assert_eq!(run(&other, &modules, "main"), "done");
    assert_eq!(eval(&other, "log.join()"), "other,b,a,c2,main");
    assert!(
        realm.module_namespace(&modules["b"]).unwrap()
            != other.module_namespace(&modules["b"]).unwrap()
    );
}

#[test]
fn cycles() {
    let world = World::new();
    world.eval("var log = []");
    let modules = graph(
        &world.realm,
        &[
            (
                "even",
                "import { odd } from 'odd'; export function even(n) { return n == 0 || odd(n - 1) } log.push('even');",
            ),
            (
                "odd",
                "import { even } from 'even'; export function odd(n) { return n != 0 && even(n - 1) } log.push('odd', even(4));",
            ),
            ("self", "import * as me from 'self'; export const x = 1; log.push(me.x);"),
            ("early", "import { later } from 'late'; export let value = 1;"),
            ("late", "import { value } from 'early'; value; export let later = 1;"),
        ],
    );
    assert_eq!(run(&world.realm, &modules, "even"), "done");
    assert_eq!(run(&world.realm, &modules, "odd"), "done");
    assert_eq!(run(&world.realm, &modules, "self"), "done");
    assert_eq!(world.eval("log.join()"), "odd,true,even,1");
    assert!(run(&world.realm, &modules, "early").starts_with("rejects ReferenceError"));
}

#[test]
fn errors_are_remembered() {
    let world = World::new();
    let realm = &world.realm;
    world.eval("var runs = 0");
    let modules = graph(
        realm,
        &[
            ("bad", "runs++; throw new RangeError('thrown')"),
            ("user", "import 'bad'; runs += 100"),
            ("typo", "import { missing } from 'empty'"),
            ("empty", ""),
            ("fine", "import 'empty'; runs += 1000"),
        ],
    );
    let promise =
        link(realm, &modules, "bad").and_then(|()| realm.evaluate_module(&modules["bad"]));
    let promise = promise.unwrap();
    assert_eq!(settled(realm, &promise), "rejects RangeError: thrown");
    let again = realm.evaluate_module(&modules["bad"]).unwrap();
    assert!(again.as_object() == promise.as_object());
    assert_eq!(run(realm, &modules, "user"), "rejects RangeError: thrown");
    assert_eq!(run(realm, &modules, "user"), "rejects RangeError: thrown");
    assert_eq!(world.eval("runs"), "1");
    // A missing export is found before anything runs, each time.
    for _ in 0..2 {
        assert!(run(realm, &modules, "typo").starts_with("throws SyntaxError"));
    }
    assert_eq!(run(realm, &modules, "fine"), "done");
    assert_eq!(world.eval("runs"), "1001");
}

#[test]
fn syntax_errors_name_the_place() {
    let world = World::new();
    let realm = &world.realm;
    for (text, line) in
        [("let x = 1;\n\nlet y = ;", 3), ("import { from 'x'", 1), ("export { nothing }", 1)]
    {
        let source =
            ModuleSource { text, name: "https://example.org/m.js", base_url: "", line: 10 };
        let error = Module::parse(realm, source).unwrap_err();
        let exception = realm.exception_value(error);
        realm.global().define(realm, "e", exception.clone()).unwrap();
        assert_eq!(world.eval("e instanceof SyntaxError && e.constructor === SyntaxError"), "true");
        let text = realm.describe(&exception);
        let place = format!("https://example.org/m.js:{}", line + 9);
        assert!(text.contains(&place) || text.contains("nothing"), "{text}");
    }
    for (text, is_module) in [
        ("with (x) {}", false),
        ("await 1", true),
        ("import.meta", true),
        ("/(/", false),
        ("import 'x' with { kind: 'y' }", false),
    ] {
        assert_eq!(parse(realm, "m", text).is_ok(), is_module, "{text}");
        realm.take_exception();
    }
    assert_eq!(parse(realm, "m", "x").map(|module| module.name().to_owned()).unwrap(), "m");
    let hundred = "let a = `text ${1}`, b = /x/v, c = 1n, d = class { #p = 1 }; ".repeat(100);
    assert!(parse(realm, "m", &hundred.replace("let", "var")).is_ok());
}

#[test]
fn requests_have_their_attributes() {
    let world = World::new();
    let text = "import a from 'x'; import b from 'y' with { type: 'json' }; export * from 'x'; import('z');";
    let module = parse(&world.realm, "m", text).unwrap();
    let request = |specifier: &str, attributes: &[(&str, &str)]| ModuleRequest {
        specifier: specifier.to_owned(),
        attributes: attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
    };
    assert_eq!(module.requests(), [request("x", &[]), request("y", &[("type", "json")])]);
}

#[test]
fn json_modules() {
    let world = World::new();
    let realm = &world.realm;
    let mut modules = graph(
        realm,
        &[(
            "main",
            "import data from 'data' with { type: 'json' }; import { default as same } from 'data'; globalThis.out = data.list[1] + (data === same)",
        )],
    );
    modules.insert(
        "data".into(),
        Module::parse_json(realm, r#"{ "list": [1, "two"] }"#, "data").unwrap(),
    );
    assert_eq!(run(realm, &modules, "main"), "done");
    assert_eq!(world.eval("out"), "twotrue");
    assert!(Module::parse_json(realm, "{ bad", "data").is_err());
    let exception = realm.take_exception();
    assert!(realm.describe(&exception).starts_with("SyntaxError"));
}

#[test]
fn import_meta() {
    let world = World::new();
    let realm = &world.realm;
    let modules = graph(
        realm,
        &[(
            "m",
            "globalThis.meta = import.meta; globalThis.out = import.meta.url + import.meta.extra; globalThis.same = () => import.meta === meta",
        )],
    );
    assert!(realm.import_meta(&modules["m"]).is_err());
    link(realm, &modules, "m").unwrap();
    realm.import_meta(&modules["m"]).unwrap().define(realm, "extra", JsValue::from_i32(5)).unwrap();
    assert_eq!(run(realm, &modules, "m"), "done");
    assert_eq!(world.eval("out"), "https://example.org/m5");
    assert_eq!(world.eval("same() && Object.getPrototypeOf(meta) === null"), "true");
}

#[test]
fn top_level_await() {
    let world = World::new();
    let realm = &world.realm;
    world.eval("var log = [], go, ready = new Promise(resolve => go = resolve);");
    let modules = graph(
        realm,
        &[
            ("slow", "log.push('slow 1'); export const value = await ready; log.push('slow 2');"),
            ("quick", "log.push('quick');"),
            ("main", "import { value } from 'slow'; import 'quick'; log.push('main ' + value);"),
            ("fails", "await Promise.reject('late');"),
        ],
    );
    assert_eq!(run(realm, &modules, "main"), "pending");
    assert_eq!(world.eval("log.join()"), "slow 1,quick");
    world.eval("go('v')");
    assert_eq!(world.eval("log.join()"), "slow 1,quick,slow 2,main v");
    assert_eq!(run(realm, &modules, "main"), "done");
    assert_eq!(run(realm, &modules, "fails"), "rejects late");
}

#[test]
fn what_is_not_there_is_an_error() {
    let world = World::new();
    let realm = &world.realm;
    let modules = graph(
        realm,
        &[
            ("a", "import 'b'"),
            ("b", "import 'nowhere'"),
            ("c", ""),
            ("d", "import 'c'"),
            ("same", ""),
        ],
    );
    assert!(
        run(realm, &modules, "a").starts_with("throws TypeError: 'nowhere' was not loaded for b")
    );
    assert!(realm.evaluate_module(&modules["c"]).is_err());
    assert!(realm.module_namespace(&modules["c"]).is_err());
    link(realm, &modules, "c").unwrap();
    assert!(realm.module_namespace(&modules["c"]).is_err(), "not evaluated");
    assert_eq!(run(realm, &modules, "d"), "done");
    assert!(realm.module_namespace(&modules["c"]).is_ok(), "with d");
    // A name is one module's.
    let imposter = parse(realm, "c", "export default 1").unwrap();
    let other = parse(realm, "other", "import 'c'").unwrap();
    assert!(realm.link_module(&other, |_, _| Some(imposter.clone())).is_err());
    realm.take_exception();
    // But any number of inline modules share that of their page.
    for _ in 0..3 {
        let inline =
            parse(realm, "page", "import 'c'; globalThis.n = (globalThis.n ?? 0) + 1").unwrap();
        realm.link_module(&inline, |_, _| modules.get("c").cloned()).unwrap();
        realm.evaluate_module(&inline).unwrap();
    }
    assert_eq!(world.eval("n"), "3");
}

#[test]
fn modules_do_not_run_within_modules() {
    let world = World::new();
    let realm = &world.realm;
    let modules = graph(realm, &[("inner", ""), ("outer", "runInner()")]);
    link(realm, &modules, "inner").unwrap();
    let inner = modules["inner"].clone();
    let run_inner = realm
        .new_function("runInner", 0, move |call| {
            call.realm().evaluate_module(&inner).map(|promise| promise.as_object().clone().into())
        })
        .unwrap();
    realm.global().define(realm, "runInner", run_inner.into()).unwrap();
    assert!(run(realm, &modules, "outer").starts_with("rejects InvalidStateError"));
    assert_eq!(run(realm, &modules, "inner"), "done");
}

#[test]
fn long_chains_end_with_an_error() {
    let world = World::new();
    let realm = &world.realm;
    let chain = |count: usize| -> Modules {
        (0..count)
            .map(|i| {
                let text = match i + 1 {
                    next if next < count => format!("import 'm{next}'; export default {i}"),
                    _ => "import 'm0'; globalThis.end = true".to_owned(),
                };
                let name = format!("m{i}");
                let module = parse(realm, &name, &text).unwrap();
                (name, module)
            })
            .collect()
    };
    assert!(run(realm, &chain(2000), "m0").starts_with("throws RangeError"));
    assert_eq!(run(realm, &chain(900), "m0"), "done");
    assert_eq!(world.eval("end"), "true");
}

/// Links `import()`s by name, now or when told.
fn dynamic(world: &World, modules: Modules, later: Option<Rc<RefCell<Vec<DynamicImport>>>>) {
    world.runtime.set_dynamic_import(move |realm, import| {
        if let Some(later) = &later {
            later.borrow_mut().push(import);
            return;
        }
        answer(realm, &modules, import);
    });
}

fn answer(realm: &Realm, modules: &Modules, import: DynamicImport) {
    let specifier = import.specifier.clone();
    match link_found(realm, modules, &specifier) {
        Ok(()) => import.finish(realm, &modules[&specifier]),
        Err(error) => import.reject(realm, error),
    }
}

fn link_found(realm: &Realm, modules: &Modules, name: &str) -> Fallible<()> {
    let found = modules.get(name);
    let found = found.ok_or_else(|| Error::type_error(format!("cannot load {name}")))?;
    realm.link_module(found, |_, request| modules.get(&request.specifier).cloned())
}

#[test]
fn dynamic_import() {
    let world = World::new();
    let realm = &world.realm;
    let modules = graph(
        realm,
        &[
            (
                "a",
                "import { b } from 'b'; export const a = 'a' + b; globalThis.count = (globalThis.count ?? 0) + 1;",
            ),
            ("b", "export const b = 'b'; export const late = () => import('a');"),
            ("bad", "throw 'thrown'"),
            ("typo", "import { nothing } from 'b'"),
            ("thenable", "export function then(resolve) { resolve('assimilated') }"),
            ("main", "const { a } = await import('a'); globalThis.fromModule = a;"),
        ],
    );
    dynamic(&world, modules.clone(), None);
    world.eval("var out = []; function show(p) { p.then(v => out.push('ok ' + (typeof v == 'object' ? v.a : v)), e => out.push('no ' + e)); }");
    for (script, expected) in [
        ("show(import('a'))", "ok ab"),
        ("show(import('a'))", "ok ab"),
        ("show(Promise.all([import('a'), import('a')]).then(([x, y]) => x === y))", "ok true"),
        ("show(import('b').then(b => b.late()))", "ok ab"),
        ("show(import('bad'))", "no thrown"),
        ("show(import('bad'))", "no thrown"),
        ("show(import('nowhere'))", "no TypeError: cannot load nowhere"),
        ("show(import('thenable'))", "ok assimilated"),
        ("show(import({ toString() { throw 'in toString' } }))", "no in toString"),
        ("show(import('a', { with: { type: 'json' } }))", "ok ab"),
        ("show(import('a', 1))", "no TypeError: options must be an object"),
        ("show(eval(\"import('a')\"))", "ok ab"),
        ("show(new Function(\"return import('a')\")())", "ok ab"),
        ("setTimeout(() => show(import('a')))", "ok ab"),
    ] {
        let result = world.eval(script);
        assert!(!result.starts_with("throws"), "{script}: {result}");
        assert_eq!(world.eval("out.splice(0).join()"), expected, "{script}");
    }
    world.eval("show(import('typo'))");
    assert!(world.eval("out.splice(0).join()").starts_with("no SyntaxError"));
    world.eval("show(import('a', { with: { kind: 'x' } }))");
    assert!(world.eval("out.splice(0).join()").starts_with("no TypeError"));
    assert_eq!(world.eval("count"), "1");
    assert_eq!(run(realm, &modules, "main"), "done");
    assert_eq!(world.eval("fromModule"), "ab");
    assert!(world.reported.borrow().is_empty());
}

#[test]
fn dynamic_import_waits() {
    let world = World::new();
    let realm = &world.realm;
    let modules = graph(
        realm,
        &[
            ("a", "export const a = 1; export const go = () => import('b')"),
            ("b", "export const b = await globalThis.slow"),
        ],
    );
    let later: Rc<RefCell<Vec<DynamicImport>>> = Rc::default();
    dynamic(&world, Modules::new(), Some(Rc::clone(&later)));
    world.eval("var out = [], release, slow = new Promise(r => release = r);
                import('a').then(m => { out.push('a'); return m.go() }).then(m => out.push('b' + m.b))");
    assert_eq!(world.eval("out.join()"), "");
    let take = || later.borrow_mut().pop().expect("an import");
    let import = take();
    assert_eq!((import.referrer.as_str(), import.specifier.as_str()), ("test.js", "a"));
    answer(realm, &modules, import);
    realm.run_microtasks();
    assert_eq!(world.eval("out.join()"), "a");
    let import = take();
    assert_eq!(import.referrer, "https://example.org/a", "the base URL");
    answer(realm, &modules, import);
    realm.run_microtasks();
    assert_eq!(world.eval("out.join()"), "a");
    world.eval("release(2)");
    assert_eq!(world.eval("out.join()"), "a,b2");
    // Nobody answers.
    world.eval("import('never').then(() => out.push('never'))");
    drop(take());
    assert!(later.borrow().is_empty());
    assert_eq!(world.eval("out.join()"), "a,b2");
}

#[test]
fn without_a_hook_import_is_rejected() {
    let world = World::new();
    world.eval("var out; import('a').catch(e => out = String(e))");
    assert_eq!(world.eval("out"), "TypeError: import() is not supported here");
}

#[test]
fn modules_leave_nothing() {
    let handles = {
        let world = World::new();
        let handles = live_handles();
        for _ in 0..20 {
            let realm = new_realm(&world.runtime, &|_| false, true);
            let modules = graph(
                &realm,
                &[
                    (
                        "a",
                        "import * as b from 'b'; export let t = new TestBinding(); t.onping = () => [b, t, import.meta]; await 1;",
                    ),
                    (
                        "b",
                        "import * as a from 'a'; export const f = () => a; globalThis.f = f; throw new Error('x')",
                    ),
                ],
            );
            dynamic(&world, modules.clone(), None);
            assert_eq!(run(&realm, &modules, "a"), "rejects Error: x");
            assert!(
                eval(&realm, "import('a').catch(() => window)").starts_with("[object Promise]")
            );
            assert!(parse(&realm, "bad", "let").is_err());
            realm.take_exception();
        }
        world.runtime.set_dynamic_import(|_, _| {});
        world.runtime.run_gc();
        world.runtime.run_gc();
        assert_eq!(live_handles(), handles);
        let memory = world.runtime.engine().memory_usage().memory_used_size;
        assert!(memory < 8_000_000, "{memory}");
        drop(world);
        live_handles()
    };
    assert_eq!(handles, 0);
}
