/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Generates the bindings of this crate's DOM objects from the Web IDL files.

use std::path::Path;
use std::process::ExitCode;

use sordino_script_bindings_codegen::{Config, Generator};

fn main() -> ExitCode {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = Config { source_dir: Some(here.join("src")), ..Config::default() };
    Generator::new(here.join("../script_bindings/webidls"), config).build("bindings.rs")
}
