/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Table tests of scripts.

use sordino_script_bindings_testing::World;

/// Runs each script in one world and compares its value as text; reports all differences at once.
#[track_caller]
pub fn table(setup: &str, rows: &[(&str, &str)]) {
    let world = World::new();
    let setup = world.eval(setup);
    assert!(!setup.starts_with("throws"), "set-up {setup}");
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
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
