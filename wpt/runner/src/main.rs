/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `sordino-wpt`: runs tests that are written for testharness.js, each in a content process of the
//! headless engine, and prints every subtest. `./mach test-wpt` builds and starts it.
//!
//! * [`server`]: where the pages come from.
//! * [`run`]: one page, from its start to its result.

mod run;
mod server;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use run::{Outcome, Status};
use server::Server;

/// Runs tests that are written for testharness.js in the headless engine.
#[derive(Debug, Parser)]
#[command(name = "sordino-wpt", version)]
struct Arguments {
    /// The engine.
    #[arg(long, value_name = "PROGRAM")]
    sordino: PathBuf,

    /// The folder of the tests.
    #[arg(long, value_name = "FOLDER")]
    tests: PathBuf,

    /// The folder with the npm packages `wpt-runner` and `@webref/idl`.
    #[arg(long, value_name = "FOLDER")]
    packages: PathBuf,

    /// Print failed subtests only.
    #[arg(long)]
    quiet: bool,

    /// Tests, by their path in the folder or a part of it. Without any, all.
    #[arg(value_name = "TEST")]
    only: Vec<String>,
}

fn main() -> ExitCode {
    match run_all(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sordino-wpt: {error}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether every subtest of every test passed.
fn run_all(arguments: &Arguments) -> Result<bool, String> {
    let wanted = |test: &String| {
        arguments.only.is_empty() || arguments.only.iter().any(|part| test.contains(part.as_str()))
    };
    let tests: Vec<_> = find(&arguments.tests)?.into_iter().filter(wanted).collect();
    if tests.is_empty() {
        return Err(format!("no test in {} matches", arguments.tests.display()));
    }
    let server = Server::start(&arguments.tests, &arguments.packages)?;
    let (mut passed, mut failed) = (0, 0);
    for test in &tests {
        println!("{test}");
        let outcome = run::run(&arguments.sordino, &server.url(test));
        for subtest in &outcome.subtests {
            if subtest.status == Status::Pass {
                passed += 1;
            } else {
                failed += 1;
            }
            if subtest.status != Status::Pass || !arguments.quiet {
                println!("  {subtest}");
            }
        }
        if let Some(error) = trouble(&outcome) {
            failed += 1;
            println!("  ERROR {error}");
        }
    }
    println!("{} tests: {passed} subtests passed, {failed} failed", tests.len());
    Ok(failed == 0)
}

/// What is wrong with a whole test.
fn trouble(outcome: &Outcome) -> Option<String> {
    let nothing = outcome.subtests.is_empty().then(|| "it has no subtest".to_owned());
    outcome.error.clone().or(nothing)
}

/// The tests below a folder, in order: the HTML files.
fn find(folder: &Path) -> Result<Vec<String>, String> {
    let mut tests = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let error = |error: std::io::Error| format!("cannot read {}: {error}", next.display());
        for entry in std::fs::read_dir(&next).map_err(error)? {
            let path = entry.map_err(error)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html")
                && let Ok(relative) = path.strip_prefix(folder)
            {
                tests.push(relative.to_string_lossy().into_owned());
            }
        }
    }
    tests.sort();
    Ok(tests)
}
