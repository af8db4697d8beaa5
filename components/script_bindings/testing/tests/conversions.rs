/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Every conversion, with awkward values.

mod common;

use common::table;

const SETUP: &str = "
    var t = new TestBinding();
    var throwing = { valueOf() { throw 'thrown'; }, toString() { throw 'thrown'; } };
    var seven = { valueOf() { return 7; }, toString() { return 'seven'; } };
    var boom = new Proxy({}, { get() { throw 'trap'; } });
    function show(v) { return Object.is(v, -0) ? '-0' : String(v); }
";

const TYPE_ERROR: &str = "throws TypeError*";

#[test]
fn dom_string() {
    table(
        SETUP,
        &[
            ("t.domString('a')", "a"),
            ("t.domString(undefined)", "undefined"),
            ("t.domString(null)", "null"),
            ("t.domString(NaN)", "NaN"),
            ("t.domString(-0)", "0"),
            ("t.domString(Infinity)", "Infinity"),
            ("t.domString(1n)", "1"),
            ("t.domString(seven)", "seven"),
            ("t.domString(throwing)", "throws thrown"),
            ("t.domString(boom)", "throws trap"),
            ("t.domString(Symbol())", TYPE_ERROR),
            ("t.domString()", TYPE_ERROR),
            ("t.domString({})", "[object Object]"),
            ("t.domString('a\\u0000b').length", "3"),
            ("t.domString('\\uD800').charCodeAt(0).toString(16)", "d800"),
            ("t.domString('x\\uDC00y') === 'x\\uDC00y'", "true"),
            ("t.domString('\\uD83D\\uDE00') === '\\u{1F600}'", "true"),
            ("t.domString('\\u00e9\\u20ac') === 'é€'", "true"),
            ("t.domString('a'.repeat(300000)).length", "300000"),
            ("var s = ''; for (var i = 0; i < 5000; i++) s += 'é'; t.domString(s) === s", "true"),
            ("t.label = '\\uD800x'; t.label === '\\uD800x'", "true"),
            ("t.nullEmpty = null; t.nullEmpty", ""),
            ("t.nullEmpty = undefined; t.nullEmpty", "undefined"),
        ],
    );
}

#[test]
fn usv_string() {
    table(
        SETUP,
        &[
            ("t.usvString('a')", "a"),
            ("t.usvString('\\uD800') === '\\uFFFD'", "true"),
            ("t.usvString('a\\uDC00\\uD800b') === 'a\\uFFFD\\uFFFDb'", "true"),
            ("t.usvString('\\uD83D\\uDE00') === '\\u{1F600}'", "true"),
            ("t.usvString(null)", "null"),
            ("t.usvString(Symbol())", TYPE_ERROR),
            ("t.usvString(throwing)", "throws thrown"),
            ("t.usv = '\\uD800'; t.usv === '\\uFFFD'", "true"),
        ],
    );
}

#[test]
fn boolean_any_object() {
    table(
        SETUP,
        &[
            (
                "[undefined, null, NaN, 0, -0, '', 0n].map(v => t.bool(v)).join()",
                "false,false,false,false,false,false,false",
            ),
            (
                "[1, 'a', {}, Symbol(), Infinity, boom, throwing].map(v => t.bool(v)).join()",
                "true,true,true,true,true,true,true",
            ),
            ("t.bool()", TYPE_ERROR),
            ("var o = {}; t.anyOf(o) === o", "true"),
            ("t.anyOf(undefined)", "undefined"),
            ("show(t.anyOf(-0))", "-0"),
            ("t.anyOf(5n) === 5n", "true"),
            ("var y = Symbol(); t.anyOf(y) === y", "true"),
            ("t.anyOf(boom) === boom", "true"),
            ("t.obj(o) === o", "true"),
            ("t.obj(boom) === boom", "true"),
            ("t.obj(eval) === eval", "true"),
            ("t.obj(null)", TYPE_ERROR),
            ("t.obj(1)", TYPE_ERROR),
            ("t.obj('x')", TYPE_ERROR),
            ("t.obj(Symbol())", TYPE_ERROR),
        ],
    );
}

#[test]
fn floating_point() {
    table(
        SETUP,
        &[
            ("t.dbl(1.5)", "1.5"),
            ("show(t.dbl(-0))", "-0"),
            ("t.dbl(null)", "0"),
            ("t.dbl(true)", "1"),
            ("t.dbl('0x10')", "16"),
            ("t.dbl('  12  ')", "12"),
            ("t.dbl('')", "0"),
            ("t.dbl([3])", "3"),
            ("t.dbl(seven)", "7"),
            ("t.dbl(undefined)", TYPE_ERROR),
            ("t.dbl(NaN)", TYPE_ERROR),
            ("t.dbl(Infinity)", TYPE_ERROR),
            ("t.dbl(-Infinity)", TYPE_ERROR),
            ("t.dbl('x')", TYPE_ERROR),
            ("t.dbl(Symbol())", TYPE_ERROR),
            ("t.dbl(1n)", TYPE_ERROR),
            ("t.dbl(throwing)", "throws thrown"),
            ("t.dbl(boom)", "throws trap"),
            ("t.udbl(NaN)", "NaN"),
            ("t.udbl(undefined)", "NaN"),
            ("t.udbl(-Infinity)", "-Infinity"),
            ("show(t.udbl(-0))", "-0"),
            ("t.udbl(1n)", TYPE_ERROR),
            ("t.flt(0.1) === Math.fround(0.1)", "true"),
            ("t.flt(3.4028235677973366e38)", TYPE_ERROR),
            ("t.flt(NaN)", TYPE_ERROR),
            ("t.uflt(1e300)", "Infinity"),
            ("t.uflt(NaN)", "NaN"),
            ("show(t.flt(-0))", "-0"),
            ("t.number = 'x'", TYPE_ERROR),
            ("t.number = 2.5; t.number", "2.5"),
        ],
    );
}

#[test]
fn integers_wrap() {
    table(
        SETUP,
        &[
            ("show(t.i32(-0))", "0"),
            (
                "[undefined, null, NaN, Infinity, -Infinity, 'x'].map(v => t.i32(v)).join()",
                "0,0,0,0,0,0",
            ),
            ("t.i32(1.9)", "1"),
            ("t.i32(-1.9)", "-1"),
            ("t.i32(2147483648)", "-2147483648"),
            ("t.i32(4294967296)", "0"),
            ("t.i32(-2147483649)", "2147483647"),
            ("t.i32(1e21)", "-559939584"),
            ("t.i32(1n)", TYPE_ERROR),
            ("t.i32(Symbol())", TYPE_ERROR),
            ("t.i32(throwing)", "throws thrown"),
            ("t.i32(seven)", "7"),
            ("t.u32(-1)", "4294967295"),
            ("t.u32(4294967297)", "1"),
            ("t.i8(128)", "-128"),
            ("t.i8(-129)", "127"),
            ("t.u8(256)", "0"),
            ("t.u8(-1)", "255"),
            ("t.i16(32768)", "-32768"),
            ("t.u16(65537)", "1"),
            ("t.i64(9007199254740993)", "9007199254740992"),
            ("t.i64(9223372036854775808)", "-9223372036854776000"),
            ("t.i64(-1)", "-1"),
            ("t.u64(-1)", "18446744073709552000"),
            ("t.u64(18446744073709551616)", "0"),
            ("t.u64(1e300)", "0"),
        ],
    );
}

#[test]
fn integers_clamp_and_enforce() {
    table(
        SETUP,
        &[
            ("[300, -5, NaN, Infinity, -Infinity].map(v => t.clampU8(v)).join()", "255,0,0,255,0"),
            ("[0.5, 1.5, 2.5, -0.5, 254.5].map(v => t.clampU8(v)).join()", "0,2,2,0,254"),
            ("show(t.clampI32(-0.2))", "0"),
            ("t.clampI32(1e10)", "2147483647"),
            ("t.clampI64(Infinity)", "9007199254740991"),
            ("t.clampI64(-Infinity)", "-9007199254740991"),
            ("t.enforceU8(255.9)", "255"),
            ("show(t.enforceU8(-0.9))", "0"),
            ("t.enforceU8(256)", TYPE_ERROR),
            ("t.enforceU8(-1)", TYPE_ERROR),
            ("t.enforceU8(NaN)", TYPE_ERROR),
            ("t.enforceU8(undefined)", TYPE_ERROR),
            ("t.enforceI32(Infinity)", TYPE_ERROR),
            ("t.enforceI32(-2147483648.5)", "-2147483648"),
            ("t.enforceU64(9007199254740991)", "9007199254740991"),
            ("t.enforceU64(9007199254740992)", TYPE_ERROR),
            ("t.enforceU64(-1)", TYPE_ERROR),
        ],
    );
}

#[test]
fn nullable_and_enum() {
    table(
        SETUP,
        &[
            ("t.nullableDouble(null)", "null"),
            ("t.nullableDouble(undefined)", "null"),
            ("t.nullableDouble('4')", "4"),
            ("t.nullableDouble(NaN)", TYPE_ERROR),
            ("t.moodOf('calm')", "calm"),
            ("t.moodOf('very-loud')", "very-loud"),
            ("t.moodOf('')", ""),
            ("t.moodOf({ toString: () => 'calm' })", "calm"),
            ("t.moodOf('Calm')", TYPE_ERROR),
            ("t.moodOf('\\uD800')", TYPE_ERROR),
            ("t.moodOf(undefined)", TYPE_ERROR),
            ("t.moodOf(throwing)", "throws thrown"),
            ("t.moodOf(Symbol())", TYPE_ERROR),
            // In a setter, an unknown value is ignored, but the conversion to a string is not.
            ("t.mood = 'calm'; t.mood = 'nonsense'; t.mood", "calm"),
            ("t.mood = undefined; t.mood", "calm"),
            ("t.mood = throwing", "throws thrown"),
            ("t.mood = Symbol()", TYPE_ERROR),
            ("'use strict'; t.mood = ''; t.mood", ""),
            ("t.maybeMood = 'calm'; t.maybeMood = 'nonsense'; t.maybeMood", "calm"),
            ("t.maybeMood = null; t.maybeMood", "null"),
        ],
    );
}

#[test]
fn sequences() {
    table(
        SETUP,
        &[
            ("t.longs([1, '2', 3.9]).join()", "1,2,3"),
            ("Array.isArray(t.longs([]))", "true"),
            ("t.longs(new Set([4, 5])).join()", "4,5"),
            ("t.longs({ *[Symbol.iterator]() { yield 6; } }).join()", "6"),
            ("t.longs(new Proxy([1, 2], {})).join()", "1,2"),
            ("t.longs([1,,2]).join()", "1,0,2"),
            ("t.longs(undefined)", TYPE_ERROR),
            ("t.longs(null)", TYPE_ERROR),
            ("t.longs('12')", TYPE_ERROR),
            ("t.longs({})", TYPE_ERROR),
            ("t.longs({ length: 1, 0: 1 })", TYPE_ERROR),
            ("t.longs({ [Symbol.iterator]: 1 })", TYPE_ERROR),
            ("t.longs({ get [Symbol.iterator]() { throw 'getter'; } })", "throws getter"),
            ("t.longs({ [Symbol.iterator]: () => 1 })", TYPE_ERROR),
            ("t.longs({ [Symbol.iterator]: () => ({ next: () => 1 }) })", TYPE_ERROR),
            ("t.longs({ [Symbol.iterator]: () => ({ next() { throw 'next'; } }) })", "throws next"),
            ("t.longs([1, throwing])", "throws thrown"),
            ("t.longs(boom)", "throws trap"),
            ("t.items = [o = {}]; t.items[0] === o", "true"),
            ("t.items === t.items && Object.isFrozen(t.items)", "true"),
            ("t.items = [1]", TYPE_ERROR),
            ("t.items.length", "1"),
            (
                "t.images === t.images && Object.isFrozen(t.images) && Object.isFrozen(t.images[0])",
                "true",
            ),
            ("JSON.stringify(t.images)", "[{\"sizes\":\"1x1\",\"src\":\"a.png\"}]"),
            ("'use strict'; t.images[0].src = 'x'", TYPE_ERROR),
            ("JSON.stringify(t.map({ b: 1, a: '2' }))", "{\"b\":1,\"a\":2}"),
            ("t.map({ [Symbol()]: 1 })", TYPE_ERROR),
            ("t.map(1)", TYPE_ERROR),
            ("Object.keys(t.map(Object.create({ inherited: 1 }))).length", "0"),
        ],
    );
}

#[test]
fn dictionaries() {
    let setup = format!(
        "{SETUP} var log = [];
        function logged(values) {{
            return new Proxy(values, {{ get(target, name) {{ log.push(String(name)); return target[name]; }} }});
        }}"
    );
    table(
        &setup,
        &[
            ("t.child({ name: 'n' })", "unset 1 n 5 0 undefined None calm"),
            (
                "t.child({ name: 'n', alpha: 'a', zulu: 2, level: 999, list: [{}, null], maybe: 1.5, mood: '' })",
                "a 2 n 255 2 undefined Some(1.5) ",
            ),
            // Inherited members first, each dictionary's in lexicographic order.
            (
                "t.child(logged({ name: 'n' })); log.join()",
                "alpha,zulu,extra,level,list,maybe,mood,name",
            ),
            ("t.child({})", TYPE_ERROR),
            ("t.child({ name: undefined })", TYPE_ERROR),
            ("t.child(null)", TYPE_ERROR),
            ("t.child(undefined)", TYPE_ERROR),
            ("t.child(1)", TYPE_ERROR),
            ("t.child('x')", TYPE_ERROR),
            (
                "t.child({ name: 'n', level: undefined, maybe: undefined, alpha: undefined })",
                "unset 1 n 5 0 undefined None calm",
            ),
            ("t.child({ name: 'n', maybe: null })", "unset 1 n 5 0 undefined None calm"),
            ("t.child({ name: 'n', mood: 'x' })", TYPE_ERROR),
            ("t.child({ get alpha() { throw 'getter'; } })", "throws getter"),
            ("t.child(boom)", "throws trap"),
            ("t.child(function named() {})", "unset 1 named 5 0 undefined None calm"),
            ("t.parent()", "1"),
            ("t.parent(null)", "1"),
            ("t.parent(undefined)", "1"),
            ("t.parent({ zulu: 3 })", "3"),
            ("t.parent(Object.create({ zulu: 4 }))", "4"),
            ("t.parent(() => 1)", "1"),
            ("t.parent(Symbol())", TYPE_ERROR),
            (
                "JSON.stringify(t.childBack({ name: 'n', extra: { x: 1 } }))",
                "{\"zulu\":1,\"extra\":{\"x\":1},\"level\":5,\"list\":[],\"maybe\":null,\"mood\":\"calm\",\"name\":\"n\"}",
            ),
            ("'extra' in t.childBack({ name: 'n' })", "false"),
            ("'alpha' in t.childBack({ name: 'n' })", "false"),
        ],
    );
}

#[test]
fn interfaces_unions_and_arguments() {
    table(
        SETUP,
        &[
            ("var e = new Event('x'); t.event(e) === e", "true"),
            ("var c = new CustomEvent('x'); t.event(c) === c", "true"),
            ("t.event({})", TYPE_ERROR),
            ("t.event(null)", TYPE_ERROR),
            ("t.event(t)", TYPE_ERROR),
            ("t.event(Object.create(e))", TYPE_ERROR),
            ("t.event(new Proxy(e, {}))", TYPE_ERROR),
            ("t.event(Event.prototype)", TYPE_ERROR),
            ("t.union('x')", "string x"),
            ("t.union(5.9)", "long 5"),
            ("t.union(true)", "boolean true"),
            ("t.union(['a', 'b'])", "sequence 2"),
            ("t.union({ zulu: 8 })", "parent 8"),
            ("t.union(null)", "parent 1"),
            ("t.union(undefined)", "parent 1"),
            ("t.union(e)", "event x"),
            ("t.union(() => 1)", "reducer"),
            ("t.union(Symbol())", TYPE_ERROR),
            ("t.union(1n)", "string 1"),
            ("t.unionNumber(null)", "null"),
            ("t.unionNumber(undefined)", "null"),
            ("t.unionNumber(false)", "boolean false"),
            ("t.unionNumber('9')", "long 9"),
            ("t.unionNumber({})", "long 0"),
            ("t.defaults(1)", "1 1 null true 0.5 None"),
            (
                "t.defaults(1, undefined, undefined, undefined, undefined, undefined)",
                "1 1 null true 0.5 None",
            ),
            ("t.defaults(1, 2, 'x', false, 4, 5)", "1 2 x false 4 Some(5)"),
            ("t.defaults(1, null, null, null, null, null)", "1 0 null false 0 Some(0)"),
            ("t.defaults()", TYPE_ERROR),
            ("t.variadic(); t.count", "0"),
            ("t.variadic(undefined, 1, null); t.count", "3"),
        ],
    );
}

#[test]
fn overloads() {
    table(
        SETUP,
        &[
            ("postMessage(1); lastPost", "options /"),
            ("postMessage(1, undefined); lastPost", "options /"),
            ("postMessage(1, null); lastPost", "options /"),
            ("postMessage(1, {}); lastPost", "options /"),
            ("postMessage(1, { targetOrigin: 'x' }); lastPost", "options x"),
            ("postMessage(1, 'y'); lastPost", "origin y 0"),
            ("postMessage(1, 5); lastPost", "origin 5 0"),
            ("postMessage(1, 'y', [{}]); lastPost", "origin y 1"),
            ("postMessage()", TYPE_ERROR),
            ("postMessage.length", "1"),
            ("setTimeout('code', 5)", "5"),
            ("setTimeout(() => {})", "0"),
            ("var got; setTimeout((...a) => got = a.join(), 1, 'a', 2); got", "a,2"),
            ("setTimeout({ toString: () => 'code' }, 3)", "3"),
            ("setTimeout()", TYPE_ERROR),
        ],
    );
}
