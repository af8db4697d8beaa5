/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The arbiter against a naive reference, and its scenarios.

#![allow(clippy::unwrap_used, reason = "a test")]

mod differential;
mod explain;
mod exploration;
mod reference;
mod scenarios;
mod stubborn;
