/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `WindowProxy`.

use std::rc::Rc;

use sordino_script_bindings::{
    DomExceptionName, Error, JsValue, Realm, ToJs, WindowProxy, convert, live_handles,
};
use sordino_script_bindings_testing::context::{Context, new_window};
use sordino_script_bindings_testing::dom::{Window, live_objects};
use sordino_script_bindings_testing::{World, eval, new_realm};

/// Runs scripts in one realm, and reports all differences at once.
#[track_caller]
fn rows(realm: &Realm, rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (script, expected) in rows {
        let found = eval(realm, script);
        let fits = match expected.strip_suffix('*') {
            Some(start) => found.starts_with(start),
            None => found == *expected,
        };
        if !fits {
            wrong.push(format!("{script}\n    is {found}\n    not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn define(realm: &Realm, name: &str, value: &impl ToJs) {
    let value = value.to_js(realm).expect("a value");
    realm.global().define(realm, name, value).expect("a free name");
}

const TYPE_ERROR: &str = "throws TypeError*";
const SECURITY_ERROR: &str = "throws SecurityError*";

const SETUP: &str = "
    function shape(o, p) {
        var d = Object.getOwnPropertyDescriptor(o, p);
        if (!d) return 'none';
        return ('value' in d ? typeof d.value : 'accessor') + ' '
            + (d.writable ? 'w' : '') + (d.enumerable ? 'e' : '') + (d.configurable ? 'c' : '');
    }
    'done'";

#[test]
fn all_names_are_the_proxy() {
    let world = World::new();
    let (realm, _context, proxy) = new_window(&world.runtime);
    define(&realm, "given", &proxy);
    eval(&realm, SETUP);
    rows(
        &realm,
        &[
            ("window === self && self === globalThis && globalThis === frames", "true"),
            ("this === window && window === given", "true"),
            ("window.window.self.frames === window", "true"),
            ("(() => this)() === window", "true"),
            ("window instanceof Window && window instanceof EventTarget", "true"),
            ("Object.getPrototypeOf(window) === Window.prototype", "true"),
            ("Object.prototype.toString.call(window)", "[object Window]"),
            ("typeof window", "object"),
            ("shape(window, 'globalThis') + shape(window, 'window')", "object wcaccessor e"),
            // A function without `this` acts on its own window.
            ("(0, Object.getOwnPropertyDescriptor(window, 'name').get)()", ""),
            ("(function () { 'use strict'; return this })()", "undefined"),
            ("var target; addEventListener('x', function (e) { target = [e.target === window, this === window].join() });
              dispatchEvent(new Event('x')); target", "true,true"),
            ("window.dispatchEvent(new Event('x')); target", "true,true"),
            ("friend = window; friend === window", "true"),
            ("describe(window) + describe(null) + describe('text') + describe(location)", "samenonetextabout:blank"),
            ("describe((function () { return this })())", "same"),
            ("sameWindow({ source: window, view: window })", "true"),
            ("sameWindow({ source: (function () { return this })(), view: window })", "true"),
            ("sameWindow({ source: {} })", TYPE_ERROR),
            ("sameWindow({ view: {} })", TYPE_ERROR),
            ("self = 5; self", "5"),
        ],
    );
    let window = realm.global_object::<Window>().unwrap();
    assert!(window.to_js(&realm).unwrap().same_object(proxy.as_object().as_value()));
    assert!(window.wrapper().unwrap() == *proxy.as_object());
    assert!(realm.global_this() == *proxy.as_object());
    assert!(realm.global() != *proxy.as_object());
    let found = convert::interface::<Window>(&realm, proxy.as_object().as_value()).unwrap();
    assert_eq!(found, window);
}

#[test]
fn everything_is_forwarded() {
    let world = World::new();
    let (realm, _context, _proxy) = new_window(&world.runtime);
    eval(&realm, SETUP);
    rows(
        &realm,
        &[
            ("window.made = 1; made", "1"),
            ("made = 2; window.made", "2"),
            ("var declared = 3; window.declared + shape(window, 'declared')", "3number we"),
            (
                "function f() {}; window.f === f && 'f' in window && window.hasOwnProperty('f')",
                "true",
            ),
            ("let hidden = 1; window.hidden", "undefined"),
            ("delete window.made; typeof made", "undefined"),
            ("delete window.declared", "false"),
            ("'use strict'; delete window.window", TYPE_ERROR),
            ("'use strict'; window.window = 1", TYPE_ERROR),
            ("window.window = 1; window.window === window", "true"),
            ("name = 'n'; window.name + Reflect.get(window, 'name')", "nn"),
            ("window.name = 'm'; name", "m"),
            ("shape(window, 'name') + shape(window, 'setTimeout')", "accessor ecfunction wec"),
            (
                "Object.defineProperty(window, 'seen', { get() { return this === window }, set(v) { log = v }, configurable: true }); seen + '' + window.seen",
                "falsetrue",
            ),
            ("var log; window.seen = 5; log", "5"),
            (
                "Object.defineProperty(window, 'only', { set(v) { log = v }, enumerable: true }); window.only",
                "undefined",
            ),
            ("window.only = 6; log", "6"),
            (
                "Object.defineProperty(window, 'fixed', { value: 1 }); window.fixed = 2; window.fixed",
                "1",
            ),
            ("'use strict'; window.fixed = 2", TYPE_ERROR),
            ("Object.defineProperty(window, 'fixed', { value: 2 })", TYPE_ERROR),
            ("Reflect.defineProperty(window, 'fixed', { value: 2 })", "false"),
            (
                "Object.keys(window).includes('f') && Object.keys(window).includes('name') && Reflect.ownKeys(window).includes('fixed')",
                "true",
            ),
            (
                "var all = []; for (let key in window) all.push(key); all.includes('f') && all.includes('addEventListener')",
                "true",
            ),
            (
                "window[Symbol.for('s')] = 1; Reflect.ownKeys(window).at(-1) === Symbol.for('s')",
                "true",
            ),
            (
                "addNamed('thing'); window.thing.value + ('thing' in window) + window.hasOwnProperty('thing')",
                "thingtruefalse",
            ),
            ("window.nothing", "undefined"),
            ("var o = Object.create(window); o.f === f && o.name", TYPE_ERROR),
            ("o.own = 1; 'own' in window", "false"),
            ("Object.assign({}, window).f === f", "true"),
            ("window[0]", "undefined"),
            ("window[0] = 1; window[0]", "undefined"),
            ("'use strict'; window[0] = 1", TYPE_ERROR),
            ("Object.defineProperty(window, 0, { value: 1 })", TYPE_ERROR),
            ("delete window[0] && !(0 in window)", "true"),
            ("window.thing = 1; shape(window, 'thing')", "number wec"),
        ],
    );
}

#[test]
fn children_are_indices() {
    let world = World::new();
    let (realm, context, _proxy) = new_window(&world.runtime);
    let (child, _child_context, child_proxy) = new_window(&world.runtime);
    context.add_child("kid", child_proxy);
    eval(&realm, SETUP);
    eval(&child, "name = 'the child'");
    rows(
        &realm,
        &[
            ("window[0].name", "the child"),
            ("shape(window, 0) + (0 in window) + (1 in window)", "object ectruefalse"),
            ("frames[0] === window[0] && window[0] !== window", "true"),
            ("Object.keys(window)[0]", "0"),
            ("'use strict'; delete window[0]", TYPE_ERROR),
            ("'use strict'; window[0] = 1", TYPE_ERROR),
            // Objects of two windows of one origin mix.
            ("window[0].made = [1]; window[0].eval('made').length", "1"),
            ("window[0] instanceof Window", "false"),
            ("window[0] instanceof window[0].Window", "true"),
            ("Object.getOwnPropertyDescriptor(window, 'name').get.call(window[0])", "the child"),
            ("describe(window[0])", "same"),
            ("sameWindow({ view: window[0], source: window[0] })", "true"),
        ],
    );
    context.clear();
    assert_eq!(eval(&realm, "window[0]"), "undefined");
}

#[test]
fn a_proxy_outlives_its_windows() {
    let world = World::new();
    let (outer, context, _) = new_window(&world.runtime);
    let (first, _child_context, proxy) = new_window(&world.runtime);
    context.add_child("frame", proxy.clone());
    eval(
        &first,
        "var mark = 'first'; name = 'one'; var me = window; function own() { return mark }",
    );
    let dated = first.eval("own", "t.js").unwrap();
    eval(
        &outer,
        "var w = window[0]; w.expando = 1; var FirstWindow = w.Window; var getName = Object.getOwnPropertyDescriptor(w, 'name').get",
    );
    let second = new_realm(&world.runtime, &|_| false, true);
    second.set_window_proxy(&proxy).unwrap();
    proxy.set_same_origin(&second).unwrap();
    eval(&second, "var mark = 'second'; name = 'two'");
    define(&outer, "own", &dated);
    rows(
        &outer,
        &[
            ("w === window[0] && w.window === w && w.mark", "second"),
            ("w.expando", "undefined"),
            ("w instanceof FirstWindow", "false"),
            ("w instanceof w.Window && w.Window !== FirstWindow", "true"),
            ("w.name + getName.call(w)", "twotwo"),
            // Functions of the old window keep it.
            ("own()", "first"),
        ],
    );
    assert_eq!(eval(&first, "mark + name + me.mark + (me === window)"), "firstonesecondtrue");
    // The context goes, and the window stays with the proxy.
    context.clear();
    drop((second, first, dated));
    world.runtime.run_gc();
    assert_eq!(eval(&outer, "w.mark + w.name"), "secondtwo");
}

/// A window, and in it one of another origin: its realm, its context, and the proxy that the outer one has.
fn across_origins(world: &World) -> (Realm, Realm, Rc<Context>, WindowProxy) {
    let (outer, outer_context, _) = new_window(&world.runtime);
    let (inner, context, _) = new_window(&world.runtime);
    let foreign = context.proxy(&outer);
    outer_context.add_child("inner", foreign.clone());
    define(&outer, "w", &foreign);
    eval(&outer, SETUP);
    // The proxies refer weakly to the contexts.
    outer.set_data(outer_context);
    (outer, inner, context, foreign)
}

#[test]
fn another_origin_sees_little() {
    let world = World::new();
    let (outer, inner, context, foreign) = across_origins(&world);
    eval(&inner, "var secret = 1");
    assert!(!foreign.is_same_origin());
    rows(
        &outer,
        &[
            ("w === window[0] && typeof w", "object"),
            ("w.secret", SECURITY_ERROR),
            ("w.document", SECURITY_ERROR),
            ("w.name", SECURITY_ERROR),
            ("w.focus", SECURITY_ERROR),
            ("w[0]", SECURITY_ERROR),
            ("w[Symbol.iterator]", SECURITY_ERROR),
            ("'secret' in w", SECURITY_ERROR),
            ("w.secret = 1", SECURITY_ERROR),
            ("w[0] = 1", SECURITY_ERROR),
            ("w.closed = 1", SECURITY_ERROR),
            ("w.postMessage = 1", SECURITY_ERROR),
            ("delete w.secret", SECURITY_ERROR),
            ("delete w.closed", SECURITY_ERROR),
            ("Object.defineProperty(w, 'x', { value: 1 })", SECURITY_ERROR),
            ("Object.defineProperty(w, 'closed', { value: 1 })", SECURITY_ERROR),
            ("Object.getOwnPropertyDescriptor(w, 'secret')", SECURITY_ERROR),
            ("w.hasOwnProperty", SECURITY_ERROR),
            ("w.toString", SECURITY_ERROR),
            ("w + ''", SECURITY_ERROR),
            ("Object.getPrototypeOf(w)", "null"),
            ("w instanceof Window", "false"),
            ("Object.prototype.toString.call(w)", "[object Object]"),
            (
                "w.then + '' + w[Symbol.toStringTag] + w[Symbol.hasInstance] + w[Symbol.isConcatSpreadable]",
                "undefinedundefinedundefinedundefined",
            ),
            ("shape(w, 'then') + shape(w, Symbol.toStringTag)", "undefined cundefined c"),
            ("w.then = 1", SECURITY_ERROR),
            (
                "Reflect.ownKeys(w).map(String).join()",
                "window,location,closed,postMessage,then,Symbol(Symbol.toStringTag),Symbol(Symbol.hasInstance),Symbol(Symbol.isConcatSpreadable)",
            ),
            ("Object.keys(w).length", "0"),
            ("var all = []; for (let key in w) all.push(key); all.length", "0"),
            ("[].concat(w).length", "1"),
            (
                "try { w.secret } catch (e) { e instanceof DOMException && e instanceof Error }",
                "true",
            ),
            ("describe(w)", "other"),
            ("friend = w; friend === w", "true"),
            ("sameWindow({ view: w })", TYPE_ERROR),
        ],
    );
    // What it may do.
    rows(
        &outer,
        &[
            ("w.closed", "false"),
            ("w.window === w", "true"),
            ("shape(w, 'closed') + shape(w, 'postMessage')", "accessor cfunction c"),
            ("w.postMessage('hi')", "undefined"),
            (
                "w.postMessage === w.postMessage && w.postMessage.name + w.postMessage.length",
                "postMessage1",
            ),
            ("w.postMessage instanceof Function", "true"),
            (
                "var d = Object.getOwnPropertyDescriptor(w, 'location'); d.get.name + '/' + d.set.name",
                "get location/set location",
            ),
            ("Object.getOwnPropertyDescriptor(w, 'location').set === d.set", "true"),
            ("w.location = 'there'", "there"),
            ("w.location.href = 'href'", "href"),
            ("w.location.replace('other')", "undefined"),
            ("w.location.href", SECURITY_ERROR),
            ("w.location.host", SECURITY_ERROR),
            ("w.location.replace = 1", SECURITY_ERROR),
            ("Reflect.ownKeys(w.location).length", "6"),
        ],
    );
    let expected = ["postMessage hi", "location there", "href href", "replace other"];
    assert_eq!(*context.messages.borrow(), expected);
    // The window's own pages are not bound by it.
    assert_eq!(eval(&inner, "window.secret + ',' + (window === self)"), "1,true");
}

#[test]
fn members_do_not_work_on_another_origin() {
    let world = World::new();
    let (outer, _inner, context, _foreign) = across_origins(&world);
    context.add_child("grandchild", context.proxy(&outer));
    rows(
        &outer,
        &[
            ("Object.getOwnPropertyDescriptor(window, 'name').get.call(w)", SECURITY_ERROR),
            ("Object.getOwnPropertyDescriptor(window, 'name').set.call(w, 'x')", SECURITY_ERROR),
            ("setTimeout.call(w, 'x')", SECURITY_ERROR),
            ("addEventListener.call(w, 'x', null)", SECURITY_ERROR),
            ("Object.getOwnPropertyDescriptor(window, 'location').get.call(w)", SECURITY_ERROR),
            ("TestBinding.prototype.domString.call({}, 'x')", TYPE_ERROR),
            // Frames can be had by index, and by name unless that is a property.
            ("typeof w[0] + shape(w, 0)", "objectobject ec"),
            ("w[0] === w.grandchild && shape(w, 'grandchild')", "object c"),
            ("w[1]", SECURITY_ERROR),
            ("w.grandchild.closed", "false"),
            ("'grandchild' in w", "true"),
            ("Reflect.ownKeys(w)[0]", "0"),
        ],
    );
}

#[test]
fn each_realm_has_its_own_functions() {
    let world = World::new();
    let (outer, _inner, _context, foreign) = across_origins(&world);
    let (second, _second_context, _) = new_window(&world.runtime);
    define(&second, "w", &foreign);
    define(&outer, "theirs", &second.eval("w.postMessage", "t.js").unwrap());
    rows(&outer, &[("theirs === w.postMessage", "false"), ("theirs instanceof Function", "false")]);
    // An exception is of the realm that ran.
    assert_eq!(eval(&second, "try { w.x } catch (e) { e instanceof DOMException }"), "true");
    assert_eq!(eval(&outer, "try { w.x } catch (e) { e instanceof DOMException }"), "true");
    // A new window means new functions.
    define(&outer, "before", &outer.eval("w.postMessage", "t.js").unwrap());
    foreign.set_cross_origin(&outer).unwrap();
    assert_eq!(eval(&outer, "before === w.postMessage"), "false");
}

#[test]
fn a_frame_may_change_its_origin() {
    let world = World::new();
    let (outer, inner, _context, foreign) = across_origins(&world);
    eval(&inner, "var secret = 'open'");
    rows(&outer, &[("w.secret", SECURITY_ERROR)]);
    foreign.set_same_origin(&inner).unwrap();
    rows(
        &outer,
        &[
            ("w.secret", "open"),
            ("Object.getPrototypeOf(w) === w.Window.prototype", "true"),
            ("Object.getOwnPropertyDescriptor(window, 'name').set.call(w, 'x'); w.name", "x"),
            ("Object.preventExtensions(w) === w", "true"),
        ],
    );
    foreign.set_cross_origin(&outer).unwrap();
    rows(&outer, &[("w.secret", SECURITY_ERROR), ("w.addEventListener", SECURITY_ERROR)]);
}

#[test]
fn windows_leave_nothing() {
    let world = World::new();
    let (handles, wrappers) = (live_handles(), world.runtime.live_wrappers());
    for _ in 0..20 {
        // Child and parent refer to each other, and both to objects of the other.
        let (parent, context, parent_proxy) = new_window(&world.runtime);
        let (child, child_context, child_proxy) = new_window(&world.runtime);
        context.add_child("child", child_proxy.clone());
        define(&child, "parent", &parent_proxy);
        eval(
            &child,
            "parent.t = new TestBinding(); parent.t.onping = () => window; addEventListener('x', () => parent)",
        );
        eval(
            &parent,
            "var w = window[0]; w.made = window; w.t = new w.TestBinding(); t.friend = w.t; friend = w",
        );
        // Another origin's view of both, and functions for it.
        let (stranger, _stranger_context, _) = new_window(&world.runtime);
        let foreign = context.proxy(&stranger);
        define(&stranger, "w", &foreign);
        assert_eq!(
            eval(&stranger, "w.postMessage('x'); w.location; w.me = 1"),
            "throws SecurityError: the object is of another origin"
        );
        // And a navigation.
        let next = new_realm(&world.runtime, &|_| false, true);
        next.set_window_proxy(&child_proxy).unwrap();
        child_proxy.set_same_origin(&next).unwrap();
        eval(&next, "window.self.loop = window; addNamed('x'); x.w = window");
        child_context.clear();
        context.clear();
    }
    world.runtime.run_gc();
    world.runtime.run_gc();
    assert_eq!(live_objects(), 0);
    assert_eq!(live_handles(), handles);
    assert_eq!(world.runtime.live_wrappers(), wrappers);
}

#[test]
fn a_realm_can_be_referred_to_weakly() {
    let world = World::new();
    let (realm, _context, proxy) = new_window(&world.runtime);
    let weak = realm.downgrade();
    assert!(weak.is(&realm) && weak.upgrade().is_some_and(|found| found.is(&realm)));
    realm.set_data(Rc::new(weak.clone()));
    eval(&realm, "var mark = 1");
    drop(realm);
    world.runtime.run_gc();
    // The proxy keeps its window, and that its realm.
    let realm = weak.upgrade().expect("the proxy has it");
    assert_eq!(eval(&realm, "window.mark"), "1");
    drop((realm, proxy));
    world.runtime.run_gc();
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_realm_without_a_proxy_has_its_global_object() {
    let world = World::new();
    let (realm, _context, proxy) = new_window(&world.runtime);
    assert!(world.realm.window_proxy().is_none());
    assert!(world.realm.global_this() == world.realm.global());
    define(&world.realm, "other", &proxy);
    assert_eq!(world.eval("this === window && other !== window && describe(other)"), "same");
    assert!(world.eval("describe(window)").starts_with("[object Window]"));
    let failed = WindowProxy::from_js(&realm, &JsValue::null());
    assert!(matches!(failed, Err(Error::Type(_))));
    assert_eq!(DomExceptionName::SecurityError.code(), 18);
}
