/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A small consumer of the bindings, for their tests.
//!
//! Its IDL is in `webidls`, its implementations are in [`dom`], and [`World`] is a realm with all of it installed.

pub mod context;
pub mod dom;

/// The generated code.
#[allow(clippy::all, missing_docs)]
pub mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

use std::cell::RefCell;
use std::rc::Rc;

use sordino_script_bindings::{DomRoot, Realm, Runtime, convert};

use crate::dom::Window;

/// A runtime with one realm.
pub struct World {
    /// The first realm.
    pub realm: Realm,
    /// The messages of reported exceptions.
    pub reported: Rc<RefCell<Vec<String>>>,
    /// Dropped last.
    pub runtime: Runtime,
}

impl World {
    /// A world that is a secure context, with no preference on.
    pub fn new() -> Self {
        let runtime = Runtime::new().expect("the engine starts");
        let reported = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&reported);
        runtime.set_report_exception(move |realm, exception| {
            sink.borrow_mut().push(realm.describe(&exception));
        });
        runtime.set_script_exit(Realm::run_microtasks);
        let realm = new_realm(&runtime, &|_| false, true);
        Self { realm, reported, runtime }
    }

    /// Runs a script and returns its value as text; an exception as `throws …`.
    pub fn eval(&self, source: &str) -> String {
        eval(&self.realm, source)
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// A new realm with the test interfaces and a window.
pub fn new_realm(runtime: &Runtime, pref: &dyn Fn(&str) -> bool, secure_context: bool) -> Realm {
    let realm = runtime.new_realm().expect("memory for a realm");
    bindings::register_interfaces(&realm, pref, secure_context).expect("interfaces install");
    let window: DomRoot<Window> = Window::new(&realm);
    realm.set_global_object(&window).expect("a first window");
    realm
}

/// Runs a script and returns its value as text; an exception as `throws …`.
pub fn eval(realm: &Realm, source: &str) -> String {
    match realm.eval(source, "test.js") {
        Ok(value) => convert::dom_string(realm, &value)
            .map_or_else(|_| "not a string".to_owned(), |text| text.to_string()),
        Err(error) => {
            let exception = realm.exception_value(error);
            let text = convert::dom_string(realm, &exception);
            text.map_or_else(|_| "throws".to_owned(), |text| format!("throws {text}"))
        }
    }
}
