/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Structured clone.

use sordino_script_bindings::structured_clone::{
    self, Deserialized, Limits, deserialize_with_transfer, serialize,
};
use sordino_script_bindings::{
    Call, Fallible, JsObject, JsValue, Realm, ToJs, convert, live_handles,
};
use sordino_script_bindings_testing::dom::live_objects;
use sordino_script_bindings_testing::{World, new_realm};

/// `clone(value, transfer)` in a realm, with the result made in `target`.
fn add_clone(realm: &Realm, target: Realm) {
    let clone = realm.new_function("clone", 1, move |call: &Call<'_>| -> Fallible<JsValue> {
        let realm = call.realm();
        let transfer: Vec<JsObject> = match call.arg(1).is_undefined() {
            true => Vec::new(),
            false => convert::sequence(realm, call.arg(1), convert::object)?,
        };
        let serialized = serialize(realm, call.arg(0), &transfer)?;
        let Deserialized { value, transferred } = deserialize_with_transfer(&target, serialized)?;
        if !transferred.is_empty() {
            realm.global().define(realm, "transferred", transferred.to_js(realm)?)?;
        }
        Ok(value)
    });
    let clone = clone.expect("memory for a function").into();
    realm.global().define(realm, "clone", clone).expect("a free name");
}

#[track_caller]
fn rows(setup: &str, rows: &[(&str, &str)]) {
    let world = World::new();
    add_clone(&world.realm, world.realm.clone());
    world.eval(setup);
    let mut wrong = Vec::new();
    for (script, expected) in rows {
        let found = world.eval(script);
        let fits = match expected.strip_suffix('*') {
            Some(start) => found.starts_with(start),
            None => found == *expected,
        };
        if !fits {
            wrong.push(format!("{script}\n    is {found}\n    not {expected}"));
        }
    }
    world.eval("clone = undefined");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const CLONE_ERROR: &str = "throws DataCloneError*";

#[test]
fn primitives_and_their_objects() {
    rows(
        "function same(v) { let c = clone(v); return Object.is(c, v) }
         function wrapped(v) { let o = Object(v); o.extra = 1; let c = clone(o);
             return [typeof c, c !== o, c.constructor.name, Object.is(c.valueOf(), v), 'extra' in c].join() }",
        &[
            ("[undefined, null, true, false, 0, -0, NaN, Infinity, 1.5, -7, '', 'text', 1n, -(2n ** 200n)].every(same)", "true"),
            ("same('\\ud800') && same('a\\udc00b') && same('\\u{1F600}') && same('a\\0b')", "true"),
            ("wrapped(true) + wrapped(false)", "object,true,Boolean,true,falseobject,true,Boolean,true,false"),
            ("wrapped(-0) + wrapped(5n)", "object,true,Number,true,falseobject,true,BigInt,true,false"),
            ("wrapped('x\\ud800')", "object,true,String,true,false"),
            ("clone(Symbol())", CLONE_ERROR),
            ("clone(Object(Symbol()))", CLONE_ERROR),
            ("Number.prototype.valueOf = () => { throw 'never' }; +clone(new Number(3)).toString()", "3"),
        ],
    );
}

#[test]
fn dates_and_regular_expressions() {
    rows(
        "",
        &[
            (
                "let d = new Date(1e12), c = clone(d); [c !== d, c instanceof Date, +c === 1e12].join()",
                "true,true,true",
            ),
            ("isNaN(clone(new Date(NaN)))", "true"),
            ("Date.prototype.getTime = null; +clone(new Date(5))", "5"),
            (
                "let r = /a\\/[b]/giu; r.lastIndex = 3; let s = clone(r); [s.source, s.flags, s.lastIndex, s instanceof RegExp].join()",
                "a\\/[b],giu,0,true",
            ),
            ("clone(/(?:)/v).flags + clone(new RegExp('')).source", "v(?:)"),
            (
                "let f = /x/dmsy; Object.defineProperty(f, 'flags', { get() { throw 'never' } }); clone(f).flags",
                "dmsy",
            ),
        ],
    );
}

#[test]
fn objects_and_arrays() {
    rows(
        "",
        &[
            (
                "let o = { a: 1, b: { c: [2, 'x'] }, 5: null, '': undefined }; let c = clone(o); JSON.stringify(c) + ('' in c)",
                r#"{"5":null,"a":1,"b":{"c":[2,"x"]}}true"#,
            ),
            ("c !== o && c.b !== o.b && Object.getPrototypeOf(c) === Object.prototype", "true"),
            (
                "class Point { constructor() { this.x = 1 } get y() { return 2 } }; let p = clone(new Point()); p.x + '' + p.y + (p instanceof Point)",
                "1undefinedfalse",
            ),
            // Getters run, in order, and may change what follows.
            (
                "let log = []; let g = clone({ get a() { log.push('a'); return { get deep() { log.push('deep'); return 1 } } }, get b() { log.push('b'); return 2 } }); log.join() + g.a.deep + g.b",
                "a,deep,b12",
            ),
            (
                "let q = { get a() { delete q.b; return 1 }, b: 2 }; Object.keys(clone(q)).join()",
                "a",
            ),
            ("clone({ get a() { throw 'thrown' } })", "throws thrown"),
            ("Object.getOwnPropertyDescriptor(clone({ get a() { return 1 } }), 'a').value", "1"),
            (
                "Object.keys(clone(Object.defineProperty({ [Symbol()]: 1, a: 1 }, 'hidden', { value: 1 }))).join()",
                "a",
            ),
            ("Object.keys(clone(Object.create({ inherited: 1 }))).length", "0"),
            (
                "Object.keys(clone(Object.freeze({ a: 1 }))).join() + Object.isFrozen(clone(Object.freeze({})))",
                "afalse",
            ),
            (
                "let l = [1,, 3]; l.extra = 'e'; l.length = 7; let m = clone(l); [Array.isArray(m), m.length, 1 in m, m[2], m.extra].join()",
                "true,7,false,3,e",
            ),
            ("let sparse = []; sparse[4294967294] = 1; clone(sparse).length", "4294967295"),
            ("JSON.stringify(clone([[], [[]], {}]))", "[[],[[]],{}]"),
            ("clone({ __proto__: null, a: 1 }).toString()", "[object Object]"),
            (
                "let own = clone(JSON.parse('{\"__proto__\": 5}')); own.hasOwnProperty('__proto__') + '' + own['__proto__']",
                "true5",
            ),
        ],
    );
}

#[test]
fn cycles_and_shared_references() {
    rows(
        "",
        &[
            (
                "let o = {}; o.self = o; o.list = [o]; let c = clone(o); c.self === c && c.list[0] === c && c !== o",
                "true",
            ),
            (
                "let shared = { x: 1 }; let two = clone([shared, shared, new Map([[shared, shared]])]); two[0] === two[1] && [...two[2]][0].every(x => x === two[0])",
                "true",
            ),
            (
                "let date = new Date(); let dates = clone([date, date]); dates[0] === dates[1]",
                "true",
            ),
            ("let m = new Map(); m.set(m, m); let n = clone(m); n.get(n) === n", "true"),
            // Depth costs no stack.
            (
                "let deep = []; for (let i = 0; i < 50000; i++) deep = [deep]; let flat = clone(deep); let depth = 0; while (flat.length) { flat = flat[0]; depth++ } depth",
                "50000",
            ),
            (
                "let chain = {}; for (let i = 0; i < 20000; i++) chain = { next: new Map([[1, chain]]) }; typeof clone(chain)",
                "object",
            ),
        ],
    );
}

#[test]
fn maps_sets_and_errors() {
    rows(
        "",
        &[
            (
                "let m = clone(new Map([[1, 'a'], ['k', { v: 2 }], [NaN, -0]])); [m instanceof Map, m.size, m.get(1), m.get('k').v, Object.is(m.get(NaN), -0)].join()",
                "true,3,a,2,true",
            ),
            (
                "let s = clone(new Set([3, 'x', null])); [s instanceof Set, ...s].join()",
                "true,3,x,",
            ),
            // A copy is made before script runs.
            (
                "let grow = new Map([[{ get x() { grow.set('late', 1); return 1 } }, 1]]); clone(grow).size",
                "1",
            ),
            (
                "let made = new Map([[1, 2]]); Map.prototype.forEach = Map.prototype.set = Map.prototype[Symbol.iterator] = null; clone(made).get(1)",
                "2",
            ),
            ("let extra = new Map(); extra.own = 1; 'own' in clone(extra)", "false"),
            (
                "let e = clone(new RangeError('out')); [e instanceof RangeError, e.message, e.name, Object.prototype.toString.call(e)].join()",
                "true,out,RangeError,[object Error]",
            ),
            ("let t = new TypeError('x'); clone(t).stack === t.stack && typeof t.stack", "string"),
            ("Object.getOwnPropertyDescriptor(e, 'message').enumerable", "false"),
            ("'message' in Object.getOwnPropertyDescriptors(clone(new Error()))", "false"),
            (
                "class Mine extends SyntaxError { name = 'Mine' }; let mine = clone(new Mine('m')); [mine.constructor.name, mine.name, mine.message].join()",
                "Error,Error,m",
            ),
            (
                "let named = new Error(); named.name = 'URIError'; clone(named) instanceof URIError",
                "true",
            ),
            (
                "let cause = { a: 1 }; let because = clone(new Error('x', { cause })); because.cause.a + '' + (because.cause !== cause)",
                "1true",
            ),
            ("clone(new Error('x', { cause: () => 1 }))", CLONE_ERROR),
            (
                "let loop = new Error('x'); loop.cause = loop; let looped = clone(loop); looped.cause === looped",
                "true",
            ),
            (
                "clone(Object.defineProperty(new Error('x'), 'message', { get() { return 'never' } })).hasOwnProperty('message')",
                "false",
            ),
            (
                "let x = clone(new DOMException('m', 'AbortError')); [x instanceof DOMException, x.name, x.message, x.code].join()",
                "true,AbortError,m,20",
            ),
        ],
    );
}

#[test]
fn buffers_and_views() {
    rows(
        "let bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);",
        &[
            (
                "let b = clone(bytes.buffer); b !== bytes.buffer && new Uint8Array(b).join()",
                "1,2,3,4,5,6,7,8",
            ),
            (
                "let v = clone(bytes.subarray(2, 5)); [v instanceof Uint8Array, v.byteOffset, v.length, v.buffer.byteLength, v.join()].join('|')",
                "true|2|3|8|3,4,5",
            ),
            (
                "let [one, two, buffer] = clone([bytes, new Uint16Array(bytes.buffer, 2, 1), bytes.buffer]); one.buffer === two.buffer && two.buffer === buffer && two[0] === 0x403",
                "true",
            ),
            (
                "let d = clone(new DataView(bytes.buffer, 4, 2)); [d instanceof DataView, d.byteOffset, d.byteLength, d.getUint8(0)].join()",
                "true,4,2,5",
            ),
            (
                "[Int8Array, Uint8ClampedArray, Int16Array, Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array].every(T => { let c = clone(new T([1, 2])); return c instanceof T && c[1] === 2 })",
                "true",
            ),
            ("clone(new BigInt64Array([-1n]))[0] === -1n", "true"),
            ("let gone = new ArrayBuffer(4); gone.transfer(); clone(gone)", CLONE_ERROR),
            ("let view = new Uint8Array(4); view.buffer.transfer(); clone(view)", CLONE_ERROR),
            (
                "let r = new ArrayBuffer(4, { maxByteLength: 8 }); let q = clone(r); [q.resizable, q.maxByteLength, q.byteLength].join()",
                "true,8,4",
            ),
            ("let tail = clone(new Uint8Array(r, 1)); tail.buffer.resize(8); tail.length", "7"),
            ("let part = clone(new Uint8Array(r, 1, 3)); part.buffer.resize(8); part.length", "3"),
            (
                "let full = new ArrayBuffer(4, { maxByteLength: 4 }); new Uint8Array(full).set([1, 2, 3, 4]); let seen = clone([new Uint8Array(full), new DataView(full, 0, 4), new Uint16Array(full)]); seen[0].buffer.resize(2); [seen[0].length, seen[2].length, new Uint8Array(full).join()].join('|')",
                "2|1|1,2,3,4",
            ),
            (
                "let short = new ArrayBuffer(8, { maxByteLength: 8 }); let lost = new Uint8Array(short, 4, 4); short.resize(4); clone(lost)",
                CLONE_ERROR,
            ),
        ],
    );
}

#[test]
fn transfer() {
    rows(
        "let bytes = new Uint8Array([1, 2, 3]); let other = new ArrayBuffer(2);",
        &[
            (
                "let c = clone({ bytes, again: bytes.buffer }, [bytes.buffer]); [c.bytes.join(), c.bytes.buffer === c.again, bytes.length, bytes.buffer.detached].join('|')",
                "1,2,3|true|0|true",
            ),
            ("transferred.length + '' + (transferred[0] === c.again)", "1true"),
            (
                "clone(null, [other, new ArrayBuffer(5)]); transferred.map(b => b.byteLength).join() + other.detached",
                "2,5true",
            ),
            ("clone(null, [other])", CLONE_ERROR),
            ("let b = new ArrayBuffer(1); clone(null, [b, b])", CLONE_ERROR),
            ("b.detached", "false"),
            ("clone(null, [{}])", CLONE_ERROR),
            ("clone(null, [new Uint8Array(1)])", CLONE_ERROR),
            ("clone(() => 1, [b])", CLONE_ERROR),
            ("b.detached", "false"),
            (
                "let port = new Port(7); let moved = clone({ port }, [port]).port; moved instanceof Port && moved !== port && moved.number",
                "7",
            ),
            ("transferred[0] === moved", "true"),
            ("clone(null, [port])", CLONE_ERROR),
            ("clone(new Port(1))", CLONE_ERROR),
            (
                "let grow = new ArrayBuffer(1, { maxByteLength: 4 }); clone(grow, [grow]).maxByteLength",
                "4",
            ),
        ],
    );
}

#[test]
fn what_cannot_be_cloned() {
    let values = [
        "() => 1",
        "function f() {}",
        "class A {}",
        "Math.max",
        "async () => 1",
        "new WeakMap()",
        "new WeakSet()",
        "new WeakRef({})",
        "Promise.resolve()",
        "(function* () {})()",
        "[].values()",
        "new Map().entries()",
        "new Proxy({}, {})",
        "new Proxy([], {})",
        "window",
        "document = new TestBinding()",
        "new Event('x')",
        "new List()",
        "new Store()",
        "Symbol.iterator",
        "(function () { return arguments })()",
    ];
    let table: Vec<(String, &str)> = values
        .iter()
        .flat_map(|value| {
            [format!("clone({value})"), format!("clone({{ deep: [{value}] }})")]
                .map(|script| (script, CLONE_ERROR))
        })
        .collect();
    let table: Vec<(&str, &str)> =
        table.iter().map(|(script, expected)| (script.as_str(), *expected)).collect();
    rows("", &table);
    rows(
        "",
        &[
            ("try { clone(() => 1) } catch (e) { e instanceof DOMException && e.code }", "25"),
            ("JSON.stringify(clone(Math))", "{}"),
            ("JSON.stringify(clone(Object.prototype))", "{}"),
        ],
    );
}

#[test]
fn platform_objects() {
    rows(
        "",
        &[
            (
                "let p = new Parcel('text'); p.extra = 1; let c = clone([p, p]); [c[0] === c[1], c[0] !== p, c[0] instanceof Parcel, c[0].text, 'extra' in c[0]].join()",
                "true,true,true,text,false",
            ),
            (
                "let l = clone(new LabelledParcel('t', 'label')); [l instanceof LabelledParcel, l.text, l.label].join()",
                "true,t,label",
            ),
        ],
    );
    let world = World::new();
    let plain = new_realm(&world.runtime, &|_| false, false);
    add_clone(&world.realm, plain.clone());
    plain.global().define(&plain, "other", world.realm.global().into()).unwrap();
    world.realm.global().define(&world.realm, "plain", plain.global().into()).unwrap();
    for (script, expected) in [
        ("clone(new Parcel('x')) instanceof plain.Parcel", "true"),
        ("clone({}) instanceof plain.Object && clone([]) instanceof plain.Array", "true"),
        ("clone(new Map()) instanceof plain.Map && clone(/x/) instanceof plain.RegExp", "true"),
        ("clone(new TypeError()) instanceof plain.TypeError", "true"),
        ("clone(new DOMException()) instanceof plain.DOMException", "true"),
        (
            "clone(new Date()) instanceof plain.Date && clone(new Number(1)) instanceof plain.Number",
            "true",
        ),
        ("clone(new Uint8Array(1)) instanceof plain.Uint8Array", "true"),
    ] {
        assert_eq!(world.eval(script), expected, "{script}");
    }
    // An interface of secure contexts only.
    assert!(world.eval("clone(new SecretParcel())").starts_with("throws DataCloneError"));
    world.eval("clone = plain = undefined");
    plain.eval("other = undefined", "t.js").unwrap();
}

#[test]
fn a_serialized_value_is_plain_data() {
    let world = World::new();
    let realm = &world.realm;
    let handles = live_handles();
    let value = realm.eval(
        "({ list: [1, new Date(3), new Map([['k', /x/]])], text: 'x'.repeat(1000) })",
        "t.js",
    );
    let serialized = serialize(realm, &value.unwrap(), &[]).unwrap();
    assert_eq!(live_handles(), handles);
    assert!((1000..2000).contains(&serialized.byte_size()), "{}", serialized.byte_size());
    for _ in 0..2 {
        let copy = structured_clone::deserialize(realm, serialized.clone()).unwrap();
        realm.global().define(realm, "copy", copy).unwrap();
        assert_eq!(
            world.eval("copy.list[1].getTime() + copy.list[2].get('k').source + copy.text.length"),
            "3x1000"
        );
    }
    let next = new_realm(&world.runtime, &|_| false, true);
    assert!(structured_clone::deserialize(&next, serialized).unwrap().is_object());
}

#[test]
fn a_limit_stops_large_values() {
    let world = World::new();
    let realm = &world.realm;
    let limits = Limits { bytes: 100_000 };
    for (script, fits) in [
        ("[]", true),
        ("new Uint8Array(90000)", true),
        ("new Uint8Array(110000)", false),
        ("'x'.repeat(90000)", true),
        ("'x'.repeat(110000)", false),
        ("Array(4e9)", true),
        ("Array(5000).fill(0)", false),
        ("new Set(Array(5000).keys())", false),
        ("Array(200).fill({ shared: 'x'.repeat(5000) })", true),
        ("Array(20).fill().map(() => ({ own: 'x'.repeat(5000) }))", false),
        (
            "let endless = {}; Object.defineProperty(endless, 'next', { enumerable: true, get() { return { __proto__: null, next: Object.create(endless), ...endless } } }); endless",
            false,
        ),
    ] {
        let value = realm
            .eval(&format!("({{ value: (() => {{ {} }})() }}).value", wrap(script)), "t.js")
            .unwrap();
        let result = structured_clone::serialize_with(realm, &value, &[], limits);
        assert_eq!(result.is_ok(), fits, "{script}");
    }
}

/// A script as the body of a function that returns its last value.
fn wrap(script: &str) -> String {
    match script.rsplit_once(';') {
        Some((before, last)) => format!("{before}; return {last}"),
        None => format!("return {script}"),
    }
}

#[test]
fn clones_leave_nothing() {
    let world = World::new();
    add_clone(&world.realm, world.realm.clone());
    let (handles, wrappers) = (live_handles(), world.runtime.live_wrappers());
    world.eval(
        "for (let i = 0; i < 100; i++) {
             let o = { p: new Parcel('x'), b: new Uint8Array(100), m: new Map([[1, { x: 1 }]]) };
             o.self = o; o.m.set(o, o);
             clone(o); clone(o, [o.b.buffer]);
             try { clone({ o, f() {} }) } catch {}
         }",
    );
    world.eval("delete window.transferred");
    world.runtime.run_gc();
    assert_eq!((live_handles(), world.runtime.live_wrappers()), (handles, wrappers));
    assert_eq!(live_objects(), 0);
    world.eval("clone = undefined");
}
