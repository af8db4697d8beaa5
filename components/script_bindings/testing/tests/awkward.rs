/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Every conversion with every awkward value, as a matrix.

mod common;

use common::table;

/// The columns. Two objects convert themselves, the second by throwing; the third throws from a
/// getter, and the proxy from each of its traps.
const VALUES: &str = "[
    undefined, null, NaN, Infinity, -Infinity, -0, '\\uD800', Symbol(),
    { valueOf() { return 7; }, toString() { return 'calm'; } },
    { valueOf() { throw 'thrown'; }, toString() { throw 'thrown'; } },
    { get name() { throw 'getter'; }, get alpha() { throw 'getter'; },
      get [Symbol.iterator]() { throw 'getter'; }, get [Symbol.toPrimitive]() { throw 'getter'; } },
    new Proxy({}, { get() { throw 'trap'; }, ownKeys() { throw 'trap'; } }),
]";

/// `T` is a `TypeError`, `!` something that script threw, `=` the very value.
fn setup() -> String {
    format!(
        "var t = new TestBinding();
         var values = {VALUES};
         function show(result, value) {{
             if (typeof value == 'object' && value && result === value) return '=';
             if (Object.is(result, -0)) return '-0';
             if (typeof result == 'symbol') return result === value ? '=' : 'another symbol';
             if (result === '\\uD800') return 'D800';
             if (String(result).includes('\\uFFFD')) return String(result).replace('\\uFFFD', 'FFFD');
             return result === '' ? 'empty' : String(result);
         }}
         function row(convert) {{
             return values.map(value => {{
                 try {{
                     return show(convert(value), value);
                 }} catch (error) {{
                     return error instanceof TypeError ? 'T' : '!' + error;
                 }}
             }}).join(' ');
         }}"
    )
}

#[test]
fn every_conversion_with_every_awkward_value() {
    table(
        &setup(),
        &[
            (
                "row(v => t.domString(v))",
                "undefined null NaN Infinity -Infinity 0 D800 T calm !thrown !getter !trap",
            ),
            (
                "row(v => (t.nullEmpty = v, t.nullEmpty))",
                "undefined empty NaN Infinity -Infinity 0 D800 T calm !thrown !getter !trap",
            ),
            (
                "row(v => t.usvString(v))",
                "undefined null NaN Infinity -Infinity 0 FFFD T calm !thrown !getter !trap",
            ),
            (
                "row(v => t.bool(v))",
                "false false false true true false true true true true true true",
            ),
            ("row(v => t.dbl(v))", "T 0 T T T -0 T T 7 !thrown !getter !trap"),
            (
                "row(v => t.udbl(v))",
                "NaN 0 NaN Infinity -Infinity -0 NaN T 7 !thrown !getter !trap",
            ),
            ("row(v => t.flt(v))", "T 0 T T T -0 T T 7 !thrown !getter !trap"),
            (
                "row(v => t.uflt(v))",
                "NaN 0 NaN Infinity -Infinity -0 NaN T 7 !thrown !getter !trap",
            ),
            ("row(v => t.i8(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.u8(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.i16(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.u16(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.i32(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.u32(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.i64(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.u64(v))", "0 0 0 0 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.clampU8(v))", "0 0 0 255 0 0 0 T 7 !thrown !getter !trap"),
            ("row(v => t.enforceU8(v))", "T 0 T T T 0 T T 7 !thrown !getter !trap"),
            ("row(v => t.obj(v))", "T T T T T T T T = = = ="),
            ("row(v => t.anyOf(v))", "undefined null NaN Infinity -Infinity -0 D800 = = = = ="),
            ("row(v => t.nullableDouble(v))", "null null T T T -0 T T 7 !thrown !getter !trap"),
            ("row(v => t.moodOf(v))", "T T T T T T T T calm !thrown !getter !trap"),
            (
                "row(v => (t.mood = 'very-loud', t.mood = v, t.mood))",
                "very-loud very-loud very-loud very-loud very-loud very-loud very-loud T calm !thrown !getter !trap",
            ),
            ("row(v => t.longs(v).length)", "T T T T T T T T T T !getter !trap"),
            (
                "row(v => JSON.stringify(t.map(v)))",
                "T T T T T T T T {\"valueOf\":0,\"toString\":0} {\"valueOf\":0,\"toString\":0} !getter !trap",
            ),
            ("row(v => t.parent(v))", "1 1 T T T T T T 1 1 !getter !trap"),
            ("row(v => t.child(v))", "T T T T T T T T T T !getter !trap"),
            ("row(v => t.event(v))", "T T T T T T T T T T T T"),
            ("row(v => t.reduce(v, 0))", "T T T T T T T T T T T T"),
            (
                "row(v => (t.onping = v, t.onping))",
                "null null null null null null null null = = = =",
            ),
            ("row(v => (t.friend = v, t.friend))", "null null T T T T T T T T T T"),
            ("row(v => (t.items = v, t.items.length))", "T T T T T T T T T T !getter !trap"),
            (
                "row(v => t.union(v))",
                "parent 1 parent 1 long 0 long 0 long 0 long 0 string FFFD T parent 1 parent 1 !getter !trap",
            ),
            (
                "row(v => t.unionNumber(v))",
                "null null long 0 long 0 long 0 long 0 long 0 T long 7 !thrown !getter !trap",
            ),
            (
                "row(v => t.addEventListener('x', v))",
                "undefined undefined T T T T T T undefined undefined undefined undefined",
            ),
            (
                "row(v => t.wait(v) instanceof Promise)",
                "true true true true true true true true true true true true",
            ),
        ],
    );
}
