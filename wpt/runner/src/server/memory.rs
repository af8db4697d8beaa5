/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What requests of a test leave for others. Keys are made by the test, so that none meets another.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

#[derive(Default)]
pub(super) struct Memory {
    state: Mutex<State>,
    released: Condvar,
}

#[derive(Default)]
struct State {
    released: HashSet<String>,
    notes: BTreeMap<String, Vec<Value>>,
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a key is, or was, released.
    pub(super) fn hold(&self, key: &str) {
        let mut state = self.state();
        while !state.released.contains(key) {
            state = self.released.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn release(&self, key: &str) {
        self.state().released.insert(key.to_owned());
        self.released.notify_all();
    }

    pub(super) fn note(&self, key: &str, note: Value) {
        self.state().notes.entry(key.to_owned()).or_default().push(note);
    }

    pub(super) fn notes(&self, key: &str) -> Vec<Value> {
        self.state().notes.get(key).cloned().unwrap_or_default()
    }
}
