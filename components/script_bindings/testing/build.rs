/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Generates the bindings of the test interfaces, as a consumer does.

use std::process::ExitCode;

use sordino_script_bindings_codegen::{Config, Generator};

fn main() -> ExitCode {
    let config = Config { source_dir: Some("src".into()), ..Config::default() };
    Generator::new("webidls", config).build("bindings.rs")
}
