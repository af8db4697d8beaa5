/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Property shapes, brand checks, exposure.

mod common;

use common::table;
use sordino_script_bindings_testing::{World, dom::Console, eval, new_realm};

const SETUP: &str = "
    var t = new TestBinding();
    function flags(d) {
        return (d.writable ? 'w' : '') + (d.enumerable ? 'e' : '') + (d.configurable ? 'c' : '');
    }
    function shape(o, p) {
        var d = Object.getOwnPropertyDescriptor(o, p);
        if (!d) return 'none';
        if ('value' in d) return 'value ' + flags(d);
        return 'accessor ' + flags(d) + ' ' + [d.get, d.set].map(f => f ? f.name + '/' + f.length : '-').join(' ');
    }
";

const TYPE_ERROR: &str = "throws TypeError*";

#[test]
fn interface_objects() {
    table(
        SETUP,
        &[
            ("shape(globalThis, 'TestBinding')", "value wc"),
            ("typeof TestBinding", "function"),
            ("TestBinding.name", "TestBinding"),
            ("TestBinding.length", "0"),
            ("Event.length", "1"),
            ("shape(TestBinding, 'name')", "value c"),
            ("shape(TestBinding, 'length')", "value c"),
            ("shape(TestBinding, 'prototype')", "value "),
            ("shape(TestBinding.prototype, 'constructor')", "value wc"),
            ("TestBinding.prototype.constructor === TestBinding", "true"),
            ("Object.getPrototypeOf(TestBinding) === EventTarget", "true"),
            ("Object.getPrototypeOf(EventTarget) === Function.prototype", "true"),
            ("Object.getPrototypeOf(TestBinding.prototype) === EventTarget.prototype", "true"),
            ("Object.getPrototypeOf(EventTarget.prototype) === Object.prototype", "true"),
            ("shape(TestBinding.prototype, Symbol.toStringTag)", "value c"),
            ("Object.prototype.toString.call(t)", "[object TestBinding]"),
            ("Object.prototype.toString.call(TestBinding.prototype)", "[object TestBinding]"),
            ("t instanceof TestBinding && t instanceof EventTarget", "true"),
            ("TestBinding()", TYPE_ERROR),
            ("new Holder()", TYPE_ERROR),
            ("Holder()", TYPE_ERROR),
            ("Window()", TYPE_ERROR),
            ("new Window()", TYPE_ERROR),
            ("new Event()", TYPE_ERROR),
            ("typeof WorkerOnly", "undefined"),
            (
                "class Sub extends TestBinding { constructor() { super('sub'); } hi() { return 'hi ' + this.label; } } new Sub().hi()",
                "hi sub",
            ),
            ("Object.getPrototypeOf(new Sub()) === Sub.prototype", "true"),
            (
                "Object.getPrototypeOf(Reflect.construct(TestBinding, [], Object)) === Object.prototype",
                "true",
            ),
            (
                "function F() {} F.prototype = 1; Object.getPrototypeOf(Reflect.construct(TestBinding, [], F)) === TestBinding.prototype",
                "true",
            ),
            (
                "Reflect.construct(TestBinding, [], new Proxy(TestBinding, { get() { throw 'trap'; } }))",
                "throws trap",
            ),
        ],
    );
}

#[test]
fn members() {
    table(
        SETUP,
        &[
            ("shape(TestBinding.prototype, 'label')", "accessor ec get label/0 set label/1"),
            ("shape(TestBinding.prototype, 'count')", "accessor ec get count/0 -"),
            ("shape(TestBinding.prototype, 'domString')", "value wec"),
            ("TestBinding.prototype.domString.name", "domString"),
            ("TestBinding.prototype.domString.length", "1"),
            ("TestBinding.prototype.defaults.length", "1"),
            ("TestBinding.prototype.variadic.length", "0"),
            ("EventTarget.prototype.addEventListener.length", "2"),
            ("shape(TestBinding, 'shout')", "value wec"),
            ("TestBinding.shout('a')", "A"),
            // One name for two operations.
            ("TestBinding.fresh('new')", "new"),
            ("t.fresh() instanceof TestBinding", "true"),
            ("'shout' in TestBinding.prototype", "false"),
            ("shape(TestBinding, 'YES') + shape(TestBinding.prototype, 'YES')", "value evalue e"),
            (
                "[TestBinding.YES, TestBinding.MINUS, TestBinding.INF, t.MINUS].join()",
                "true,-1,Infinity,-1",
            ),
            ("Event.BUBBLING_PHASE", "3"),
            ("shape(TestBinding.prototype, 'toString')", "value wec"),
            ("String(t)", "TestBinding none"),
            ("shape(TestBinding.prototype, Symbol.unscopables)", "value c"),
            ("TestBinding.prototype[Symbol.unscopables].hidden", "true"),
            ("Object.getPrototypeOf(TestBinding.prototype[Symbol.unscopables])", "null"),
            ("new domString()", "throws ReferenceError*"),
            ("new t.domString('x')", TYPE_ERROR),
            ("Object.keys(t).join()", ""),
            ("'optIn' in t", "false"),
            ("'secret' in t", "true"),
            ("t.count = 5; t.count", "0"),
            ("'use strict'; t.count = 5", TYPE_ERROR),
            ("t.picky", "throws InvalidStateError: never"),
            ("t.picky = -1", "throws RangeError: negative"),
            ("t.panics()", "throws InternalError: internal error"),
            ("t.fresh() === t.fresh()", "false"),
        ],
    );
}

#[test]
fn unforgeable_and_factory() {
    table(
        SETUP,
        &[
            ("var h = new Maker(); h.value", "made"),
            ("new Maker('x').value", "x"),
            ("h instanceof Holder && h instanceof Maker", "true"),
            ("Object.getPrototypeOf(h) === Holder.prototype", "true"),
            ("Maker.prototype === Holder.prototype", "true"),
            ("Maker.name + Maker.length", "Maker0"),
            ("OldList === List && OlderList === List && List.name", "List"),
            ("Object.keys(globalThis).includes('OldList')", "false"),
            ("shape(globalThis, 'Maker') + shape(Maker, 'prototype')", "value wcvalue "),
            ("Maker()", TYPE_ERROR),
            ("String(h)", "made"),
            ("h.value = '\\uD800'; h.value === '\\uFFFD'", "true"),
            ("shape(h, 'pinned')", "value e"),
            ("shape(Holder.prototype, 'pinned')", "none"),
            ("h.pinned()", "pinned"),
            ("new Maker().pinned === h.pinned", "true"),
            ("h.pinned = 1; h.pinned()", "pinned"),
            ("shape(new Event('x'), 'isTrusted')", "accessor e get isTrusted/0 -"),
            ("shape(new CustomEvent('x'), 'isTrusted')", "accessor e get isTrusted/0 -"),
            ("new Event('x').isTrusted", "false"),
        ],
    );
}

#[test]
fn brand_checks() {
    table(
        SETUP,
        &[
            (
                "var get = Object.getOwnPropertyDescriptor(TestBinding.prototype, 'label').get; get.call(t)",
                "none",
            ),
            ("get.call({})", TYPE_ERROR),
            ("get.call(1)", TYPE_ERROR),
            ("get.call(null)", TYPE_ERROR),
            ("get.call(new EventTarget())", TYPE_ERROR),
            ("get.call(TestBinding.prototype)", TYPE_ERROR),
            ("get.call(Object.create(t))", TYPE_ERROR),
            (
                "TestBinding.prototype.domString.call({}, throwing = { toString() { throw 1; } })",
                TYPE_ERROR,
            ),
            ("EventTarget.prototype.addEventListener.call(t, 'x', null)", "undefined"),
            ("Object.setPrototypeOf(t, null); get.call(t)", "none"),
            ("TestBinding.prototype.domString.call({})", TYPE_ERROR),
        ],
    );
}

#[test]
fn the_global_object() {
    table(
        SETUP,
        &[
            ("Object.getPrototypeOf(globalThis) === Window.prototype", "true"),
            ("globalThis instanceof EventTarget", "true"),
            ("String(Object.prototype.toString.call(globalThis))", "[object Window]"),
            ("window === globalThis && self === window", "true"),
            ("shape(globalThis, 'window')", "accessor e get window/0 -"),
            ("shape(globalThis, 'name')", "accessor ec get name/0 set name/1"),
            ("shape(globalThis, 'setTimeout')", "value wec"),
            ("'name' in Window.prototype", "false"),
            ("name = 'n'; window.name", "n"),
            ("(0, Object.getOwnPropertyDescriptor(globalThis, 'name').get)()", "n"),
            ("addEventListener('x', null); 'fine'", "fine"),
            ("(0, EventTarget.prototype.addEventListener)('x', null); 'fine'", "fine"),
            ("'use strict'; setTimeout.call(undefined, 'x', 4)", "4"),
            ("setTimeout.call({}, 'x')", TYPE_ERROR),
            ("shape(globalThis, 'location')", "accessor e get location/0 set location/1"),
            ("location = 'there'; location.value", "there"),
            ("location === location", "true"),
            ("self = 5; self", "5"),
            ("shape(globalThis, 'self')", "value wec"),
            (
                "var seen; addEventListener('ping', e => { seen = e.target === window }); dispatchEvent(new Event('ping')); seen",
                "true",
            ),
        ],
    );
}

#[test]
fn namespaces() {
    table(
        SETUP,
        &[
            ("shape(globalThis, 'console')", "value wc"),
            ("typeof console", "object"),
            ("Object.getPrototypeOf(console) === Object.prototype", "true"),
            ("Object.prototype.toString.call(console)", "[object console]"),
            ("shape(console, 'log')", "value wec"),
            ("console.log.length", "0"),
            ("console.log('a', 1, null)", "undefined"),
            ("var log = console.log; log('b')", "undefined"),
            (
                "console.assert(false, 'c'); console.assert(true, 'd'); console.assert()",
                "undefined",
            ),
        ],
    );
    let world = World::new();
    world.eval("console.log('z')");
    assert_eq!(Console::log_lines().last().map(String::as_str), Some("z"));
}

#[test]
fn indexed_getters() {
    table(
        SETUP,
        &[
            ("var l = new List(); l.length", "3"),
            ("l[0] + l[2] + l[3]", "onethreeundefined"),
            ("l.item(1) + l.item(9)", "twonull"),
            ("[...l].join()", "one,two,three"),
            ("Object.keys(l).join()", "0,1,2"),
            ("1 in l", "true"),
            ("3 in l", "false"),
            ("shape(l, '0')", "value ec"),
            ("l[0] = 'x'; l[0]", "one"),
            ("'use strict'; l[0] = 'x'", TYPE_ERROR),
            ("'use strict'; delete l[0]", TYPE_ERROR),
            ("l.extra = 1; l.extra", "1"),
            ("var all = []; l.forEach(v => all.push(v)); all.join()", "one,two,three"),
            ("shape(List.prototype, Symbol.iterator)", "value wc"),
            ("List.prototype[Symbol.iterator] === Array.prototype[Symbol.iterator]", "true"),
            ("[...l.entries()].join()", "0,one,1,two,2,three"),
        ],
    );
}

#[test]
fn prefs_and_secure_contexts() {
    let world = World::new();
    assert_eq!(world.eval("typeof SecureOnly"), "function");
    let other = new_realm(&world.runtime, &|pref| pref == "test.pref", false);
    assert_eq!(eval(&other, "typeof SecureOnly"), "undefined");
    assert_eq!(eval(&other, "'secret' in TestBinding.prototype"), "false");
    assert_eq!(eval(&other, "new TestBinding().optIn"), "2");
}
