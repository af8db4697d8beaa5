/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `iterable<K, V>`.

mod common;

use common::table;
use sordino_script_bindings::live_handles;
use sordino_script_bindings_testing::{World, eval, new_realm};

const SETUP: &str = "
    var list = new PairList([['a', '1'], ['b', '2']]);
    function shape(o, p) {
        var d = Object.getOwnPropertyDescriptor(o, p);
        return (d.writable ? 'w' : '') + (d.enumerable ? 'e' : '') + (d.configurable ? 'c' : '');
    }
    var IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
";

const TYPE_ERROR: &str = "throws TypeError*";

#[test]
fn pairs_can_be_iterated() {
    table(
        SETUP,
        &[
            ("JSON.stringify([...list])", r#"[["a",1],["b",2]]"#),
            ("JSON.stringify([...list.entries()])", r#"[["a",1],["b",2]]"#),
            ("[...list.keys()].join()", "a,b"),
            ("[...list.values()].join()", "1,2"),
            (
                "var all = []; list.forEach((v, k, l) => all.push(v, k, l === list)); all.join()",
                "1,a,true,2,b,true",
            ),
            ("list.forEach(function () { all = this }, 5); typeof all", "object"),
            ("list.forEach(function () { 'use strict'; all = this }, 5); all", "5"),
            ("list.forEach(() => { throw 'out' })", "throws out"),
            ("list.forEach()", TYPE_ERROR),
            ("list.forEach({})", TYPE_ERROR),
            ("[...new PairList()].length", "0"),
            ("new Map(list).get('b')", "2"),
            ("JSON.stringify(Object.fromEntries(list))", r#"{"a":1,"b":2}"#),
            ("var l = new LongerPairList(); l.append('x', 9); [...l].join()", "x,9"),
            ("var o = new OtherPairs(); [...o][0][1] === o", "true"),
        ],
    );
}

#[test]
fn changes_during_iteration_are_seen() {
    table(
        SETUP,
        &[
            (
                "var seen = []; for (let [name] of list) { seen.push(name); if (name == 'a') list.append('c', 3); } seen.join()",
                "a,b,c",
            ),
            (
                "seen = []; list.forEach((v, name) => { seen.push(name); if (name == 'a') list.remove('a'); }); seen.join()",
                "a,c",
            ),
            ("var i = list.keys(); i.next().value + i.next().value + i.next().done", "bctrue"),
            // There is no state that remembers the end.
            ("list.append('d', 4); i.next().value", "d"),
        ],
    );
}

#[test]
fn iterators_have_the_standard_shape() {
    table(
        SETUP,
        &[
            ("PairList.prototype[Symbol.iterator] === PairList.prototype.entries", "true"),
            ("shape(PairList.prototype, Symbol.iterator)", "wc"),
            (
                "['entries', 'keys', 'values', 'forEach'].map(n => shape(PairList.prototype, n)).join()",
                "wec,wec,wec,wec",
            ),
            (
                "['entries', 'keys', 'values', 'forEach'].map(n => PairList.prototype[n].length).join()",
                "0,0,0,1",
            ),
            (
                "['entries', 'forEach'].map(n => PairList.prototype[n].name).join()",
                "entries,forEach",
            ),
            (
                "var proto = Object.getPrototypeOf(list.keys()); proto === Object.getPrototypeOf(list.entries())",
                "true",
            ),
            ("Object.getPrototypeOf(proto) === IteratorPrototype", "true"),
            ("Object.prototype.toString.call(list.keys())", "[object PairList Iterator]"),
            ("shape(proto, Symbol.toStringTag)", "c"),
            ("shape(proto, 'next') + proto.next.name + proto.next.length", "wecnext0"),
            ("Reflect.ownKeys(proto).length", "2"),
            ("Reflect.ownKeys(list.keys()).length", "0"),
            ("var i = list.keys(); i[Symbol.iterator]() === i", "true"),
            ("JSON.stringify(i.next())", r#"{"value":"a","done":false}"#),
            ("Reflect.ownKeys(new PairList().keys().next()).join()", "value,done"),
            ("proto.next.call({})", TYPE_ERROR),
            ("proto.next.call([].values())", TYPE_ERROR),
            ("proto.next.call(new OtherPairs().keys())", TYPE_ERROR),
            ("proto.next.call(undefined)", TYPE_ERROR),
            ("PairList.prototype.keys.call({})", TYPE_ERROR),
            ("PairList.prototype.forEach.call({}, () => 1)", TYPE_ERROR),
            ("LongerPairList.prototype.hasOwnProperty('keys')", "false"),
            (
                "var longer = new LongerPairList(); Object.getPrototypeOf(longer.keys()) === proto",
                "true",
            ),
        ],
    );
}

#[test]
fn iterators_are_of_the_realm_whose_method_ran() {
    let world = World::new();
    let other = new_realm(&world.runtime, &|_| false, true);
    let global = other.global().into();
    world.realm.global().define(&world.realm, "other", global).unwrap();
    world.eval("var theirs = new other.PairList([['a', '1']]);");
    for (script, expected) in [
        ("[...PairList.prototype.entries.call(theirs)].join()", "a,1"),
        (
            "Object.getPrototypeOf(PairList.prototype.keys.call(theirs)) === Object.getPrototypeOf(new PairList().keys())",
            "true",
        ),
        (
            "Object.getPrototypeOf(theirs.keys()) === Object.getPrototypeOf(new PairList().keys())",
            "false",
        ),
        // Brand checks do not care about realms.
        ("Object.getPrototypeOf(new PairList().keys()).next.call(theirs.keys()).value", "a"),
    ] {
        assert_eq!(world.eval(script), expected, "{script}");
    }
    assert_eq!(eval(&other, "[...new PairList([['x', '5']]).values()][0]"), "5");
}

#[test]
fn iterators_keep_their_object_and_no_longer() {
    let world = World::new();
    let (handles, wrappers) = (live_handles(), world.runtime.live_wrappers());
    world.eval("var i = new PairList([['kept', '1']]).keys()");
    world.runtime.run_gc();
    assert_eq!(world.eval("i.next().value"), "kept");
    world.eval("i = (() => { let l = new PairList(); l.iterator = l.keys(); })()");
    world.runtime.run_gc();
    assert_eq!((live_handles(), world.runtime.live_wrappers()), (handles, wrappers));
}
