/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Named properties.

mod common;

use common::table;
use sordino_script_bindings::live_handles;
use sordino_script_bindings_testing::{World, new_realm};

const SETUP: &str = "
    function shape(o, p) {
        var d = Object.getOwnPropertyDescriptor(o, p);
        if (!d) return 'none';
        return ('value' in d ? String(d.value) : 'accessor') + ' '
            + (d.writable ? 'w' : '') + (d.enumerable ? 'e' : '') + (d.configurable ? 'c' : '');
    }
    function keys(o) { return Reflect.ownKeys(o).map(String).join(); }
";

const TYPE_ERROR: &str = "throws TypeError*";

#[test]
fn getter_setter_and_deleter() {
    let setup = format!("{SETUP} var s = new Store();");
    table(
        &setup,
        &[
            ("s.a = 1; s.a", "1"),
            ("typeof s.a + s.getItem('a') + s.length", "string11"),
            ("s['b c'] = 'x'; s[5] = 'five'; s[''] = 'empty'; keys(s)", "a,b c,5,"),
            ("s[5] + s['5'] + s['']", "fivefiveempty"),
            ("shape(s, 'a')", "1 wec"),
            ("'a' in s && s.hasOwnProperty('a') && !('z' in s)", "true"),
            ("s.z", "undefined"),
            ("Object.keys(s).join('|')", "a|b c|5|"),
            (
                "var all = []; for (let key in s) all.push(key); all.slice(0, 4).join('|')",
                "a|b c|5|",
            ),
            ("JSON.stringify({ ...s })", r#"{"5":"five","a":"1","b c":"x","":"empty"}"#),
            (
                "delete s.a && delete s[5] && delete s[''] && delete s['b c'] && delete s.nothing",
                "true",
            ),
            ("keys(s) + s.length", "0"),
            // Members of the interface are not hidden, but can be items.
            ("s.length = 'item'; s.length", "1"),
            ("s.getItem('length')", "item"),
            ("s.getItem = 'item'; typeof s.getItem", "function"),
            ("keys(s)", ""),
            ("shape(s, 'length')", "none"),
            ("delete s.length; s.getItem('length')", "item"),
            ("s.removeItem('length'); s.removeItem('getItem'); s.length", "0"),
            ("Object.defineProperty(s, 'd', { value: 7 }); s.d", "7"),
            ("shape(s, 'd')", "7 wec"),
            ("Object.defineProperty(s, 'e', { get() { return 1 } })", TYPE_ERROR),
            ("Reflect.defineProperty(s, 'e', { get() { return 1 } })", "false"),
            ("Object.defineProperty(s, 'e', {})", TYPE_ERROR),
            ("s.q = 'too much'", "throws QuotaExceededError*"),
            ("s.q = Symbol()", TYPE_ERROR),
            ("s['\\ud800'] = '\\udc00'; s['\\ud800'] === '\\udc00'", "true"),
            ("s.hasOwnProperty = 1; typeof s.hasOwnProperty", "function"),
        ],
    );
}

#[test]
fn symbols_and_receivers() {
    let setup = format!("{SETUP} var s = new Store(); var y = Symbol('y');");
    table(
        &setup,
        &[
            ("s[y] = 1; s[y]", "1"),
            ("s.a = 'x'; keys(s)", "a,Symbol(y)"),
            ("s.length", "1"),
            ("delete s[y]; y in s", "false"),
            (
                "Object.defineProperty(s, y, { get() { return this === s }, configurable: true })[y]",
                "true",
            ),
            (
                "Object.defineProperty(s, y, { set(v) { this.seen = v }, get: undefined, configurable: true })[y]",
                "undefined",
            ),
            ("s[y] = 'set'; s.seen", "set"),
            // As a prototype, the object is not what is written to.
            ("var o = Object.create(s); o.a", "x"),
            ("o.a = 'own'; o.a + s.a", "ownx"),
            ("o.fresh = 1; 'fresh' in s", "false"),
            ("Reflect.set(s, 'a', 'there', o); o.a + s.a", "therex"),
            (
                "Object.setPrototypeOf(s, { inherited: 1, set magic(v) { this.a = v } }); s.inherited",
                "1",
            ),
            ("s.magic = 2; shape(s, 'magic')", "none"),
            ("Store.prototype.getItem.call(s, 'magic')", "2"),
            (
                "Object.setPrototypeOf(s, new Proxy({}, { get(t, n) { return 'proxied ' + String(n) } })); s.anything",
                "proxied anything",
            ),
        ],
    );
}

#[test]
fn overriding_setter_and_refusing_deleter() {
    let setup = format!("{SETUP} var m = new NumberMap();");
    table(
        &setup,
        &[
            ("m.a = '5'; m.a + 1", "6"),
            ("m.total = 3; m.total", "3"),
            ("Object.getOwnPropertyDescriptor(NumberMap.prototype, 'total').get.call(m)", "0"),
            ("shape(m, 'total')", "3 wec"),
            ("m.toString = 4; m.toString", "4"),
            ("keys(m)", "a,total,toString"),
            ("delete m.toString; typeof m.toString", "function"),
            ("m['x-y'] = 1", "throws SyntaxError: there is a hyphen"),
            ("m.kept = 1; delete m.kept", "false"),
            ("'use strict'; delete m.kept", TYPE_ERROR),
            ("m.bad = { valueOf() { throw 'thrown' } }", "throws thrown"),
            ("'bad' in m", "false"),
        ],
    );
}

#[test]
fn with_an_indexed_getter() {
    let setup =
        format!("{SETUP} var c = new Collection(['a', 'b', 'a', 'item', '1', '', '4294967295']);");
    table(
        &setup,
        &[
            ("c.a === c[0] && c.a === c.namedItem('a') && c.b === c[1]", "true"),
            ("c[1].value", "b"),
            ("c[6].value + c[7]", "4294967295undefined"),
            ("c[4294967295] === c[6] && c[4294967294] === undefined", "true"),
            ("typeof c.item", "function"),
            ("c.a instanceof Holder", "true"),
            ("shape(c, 'b')", "b c"),
            ("shape(c, '1')", "b ec"),
            ("keys(c)", "0,1,2,3,4,5,6,a,b,4294967295,fixed"),
            ("Object.keys(c).join()", "0,1,2,3,4,5,6,fixed"),
            ("'b' in c && 1 in c && !(7 in c)", "true"),
            ("c.b = 1; c.b === c[1]", "true"),
            ("'use strict'; c.b = 1", TYPE_ERROR),
            ("'use strict'; c[1] = 1", TYPE_ERROR),
            ("'use strict'; c[9] = 1", TYPE_ERROR),
            ("'use strict'; delete c.b", TYPE_ERROR),
            ("delete c.b || delete c[1]", "false"),
            ("delete c[9] && delete c.none", "true"),
            ("Object.defineProperty(c, 'b', { value: 1 })", TYPE_ERROR),
            ("Object.defineProperty(c, 9, { value: 1 })", TYPE_ERROR),
            ("c.mine = 1; c.mine + keys(c).slice(-10)", "1fixed,mine"),
            ("shape(c, 'mine')", "1 wec"),
            ("'use strict'; c.mine = 2; c.mine", "2"),
            // What is there first stays visible.
            ("c.add('mine'); c.mine", "2"),
            ("c.namedItem('mine') === c[7]", "true"),
            ("delete c.mine; c.mine === c[7]", "true"),
            ("c.add('fixed'); c.fixed", "fixed"),
            ("shape(c, 'fixed')", "accessor e"),
            (
                "Object.defineProperty(c, 'half', { set() {}, configurable: true }).half",
                "undefined",
            ),
            ("Object.preventExtensions(c); c.later = 1; c.later", "undefined"),
            ("'use strict'; c.later = 1", TYPE_ERROR),
            ("var l = new LongerCollection(['x']); l.x === l[0]", "true"),
            ("keys(l)", "0,x,fixed"),
            ("var o = Object.create(l); o.x = 1; Object.keys(o).join()", "x"),
            ("o.y = 1; o.y", "1"),
        ],
    );
}

#[test]
fn names_over_built_ins() {
    let setup = format!("{SETUP} var o = new Overriding(['title', 'x', 'add']);");
    table(
        &setup,
        &[
            ("o.title", "named title"),
            ("o.add", "named add"),
            ("Overriding.prototype.add.call(o, 'y'); o.y", "named y"),
            // Writing does not see the names of the prototype as hidden.
            (
                "o.title = 'set'; Object.getOwnPropertyDescriptor(Overriding.prototype, 'title').get.call(o)",
                "set",
            ),
            ("o.x = 1; o.x", "named x"),
            ("'use strict'; o.x = 1", TYPE_ERROR),
            ("o.mine = 1; Overriding.prototype.add.call(o, 'mine'); o.mine", "1"),
            ("keys(o)", "title,x,add,y,mine"),
            ("o.mine = 2; o.mine", "1"),
            ("delete o.mine; o.mine", "named mine"),
        ],
    );
}

#[test]
fn the_named_properties_of_the_window() {
    let setup = format!(
        "{SETUP} addNamed('thing'); addNamed('name'); addNamed('addEventListener'); addNamed('here');"
    );
    table(
        &setup,
        &[
            ("thing.value", "thing"),
            ("window.thing === thing && 'thing' in window", "true"),
            ("window.hasOwnProperty('thing')", "false"),
            (
                "var properties = Object.getPrototypeOf(Window.prototype); properties.hasOwnProperty('thing')",
                "true",
            ),
            ("Object.prototype.toString.call(properties)", "[object WindowProperties]"),
            ("Object.getPrototypeOf(properties) === EventTarget.prototype", "true"),
            ("properties.thing === thing", "true"),
            ("shape(properties, Symbol.toStringTag)", "WindowProperties c"),
            ("shape(properties, 'thing').slice(-3)", " wc"),
            ("keys(properties)", "Symbol(Symbol.toStringTag)"),
            // What the window has hides it.
            ("typeof name + typeof addEventListener", "stringfunction"),
            ("shape(properties, 'name') + shape(properties, 'addEventListener')", "nonenone"),
            ("nothing", "throws ReferenceError*"),
            ("typeof nothing", "undefined"),
            ("properties.x = 1; 'x' in properties", "false"),
            ("'use strict'; properties.x = 1", TYPE_ERROR),
            ("Object.defineProperty(properties, 'x', { value: 1 })", TYPE_ERROR),
            ("delete properties.thing", "false"),
            // Writing makes an own property of the window.
            ("thing = 5; thing", "5"),
            ("shape(window, 'thing')", "5 wec"),
            ("shape(properties, 'thing')", "none"),
            ("delete window.thing; thing.value", "thing"),
            ("var here; here", "undefined"),
            ("'use strict'; let thing2 = 1; thing2", "1"),
        ],
    );
}

#[test]
fn named_objects_leave_nothing() {
    let world = World::new();
    let (handles, wrappers) = (live_handles(), world.runtime.live_wrappers());
    world.eval(
        "(() => { let s = new Store(); s.a = 'x'; s[Symbol()] = s;
                  let c = new Collection(['a']); c.self = c; c.a.back = c; })()",
    );
    let realm = new_realm(&world.runtime, &|_| false, true);
    realm.eval("addNamed('x'); x.window = window; var y = x;", "test.js").unwrap();
    drop(realm);
    world.runtime.run_gc();
    world.runtime.run_gc();
    assert_eq!((live_handles(), world.runtime.live_wrappers()), (handles, wrappers));
}
