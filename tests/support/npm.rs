/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Packages of npm that pages of tests use, of which nothing is kept with the sources.

use std::path::{Path, PathBuf};

/// The folder of a package: in `SORDINO_NPM_PACKAGES`, which `./mach test` sets, or where `./mach test` and
/// `./mach test-wpt` put them.
///
/// # Panics
///
/// When it was not fetched.
pub fn package(name: &str) -> PathBuf {
    let folder = match std::env::var_os("SORDINO_NPM_PACKAGES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../wpt/packages"),
    };
    let package = folder.join(name);
    assert!(package.is_dir(), "there is no {}: ./mach test fetches it", package.display());
    package
}
