/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! Interfaces that inherit from `DOMException`.

mod common;

use common::table;
use sordino_script_bindings_testing::{World, new_realm};

#[test]
fn they_are_exceptions_of_the_engine_with_more() {
    table(
        "var failure = new Failure('door', 'shut'); var detailed = new DetailedFailure();",
        &[
            ("Object.getPrototypeOf(Failure) === DOMException", "true"),
            ("Object.getPrototypeOf(Failure.prototype) === DOMException.prototype", "true"),
            ("Failure.length", "1"),
            ("String(failure)", "Failure: shut"),
            (
                "[failure.name, failure.message, failure.code, failure.place].join()",
                "Failure,shut,0,door",
            ),
            ("failure instanceof DOMException && failure instanceof Error", "true"),
            ("typeof failure.stack", "string"),
            ("Object.prototype.toString.call(failure)", "[object Failure]"),
            ("Reflect.ownKeys(failure).join()", "stack"),
            ("failure.same(failure) === failure", "true"),
            ("new Failure('door').message", ""),
            ("detailed.place + detailed.depth + detailed.name", "here3DetailedFailure"),
            ("failure.same(detailed) === detailed", "true"),
            ("class Own extends Failure { get it() { return this.place; } } new Own('x').it", "x"),
            ("Failure('door')", "throws TypeError*"),
            ("new Failure()", "throws TypeError*"),
            ("failure.same(new DOMException('', 'Failure'))", "throws TypeError*"),
            ("Failure.prototype.place", "throws TypeError*"),
            (
                "Object.getOwnPropertyDescriptor(DetailedFailure.prototype, 'depth').get.call(failure)",
                "throws TypeError*",
            ),
        ],
    );
}

#[test]
fn one_is_known_in_other_realms_and_goes_away() {
    let world = World::new();
    let other = new_realm(&world.runtime, &|_| true, true);
    let failure = other.eval("new Failure('there')", "other.js").unwrap();
    world.realm.global().define(&world.realm, "theirs", failure).unwrap();
    let place = "Object.getOwnPropertyDescriptor(Failure.prototype, 'place').get.call(theirs)";
    assert_eq!(world.eval(place), "there");
    let before = world.runtime.live_wrappers();
    world.eval("for (let i = 0; i < 1000; i++) new Failure('gone', String(i));");
    world.runtime.run_gc();
    assert_eq!(world.runtime.live_wrappers(), before);
}
