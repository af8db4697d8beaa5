/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `sordino-wpt`: runs tests that are written for testharness.js, in the headless engine or in
//! another browser, and prints every subtest. `./mach test-wpt` builds and starts it.
//!
//! * [`discovery`]: which tests there are.
//! * [`server`]: where the pages come from.
//! * [`browser`]: what opens them.
//! * [`outcome`]: what they say.
//! * [`expectations`]: what other browsers lack.

mod browser;
mod discovery;
mod expectations;
mod outcome;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use browser::process::{is_interrupted, watch_signals};
use browser::{Browser, Chromium, Firefox, Sordino};
use expectations::Expectations;
use outcome::{Outcome, Status};
use server::Server;

/// Runs tests that are written for testharness.js.
#[derive(Debug, Parser)]
#[command(name = "sordino-wpt", version)]
struct Arguments {
    /// Where they run.
    #[arg(long, value_enum, default_value_t = BrowserName::Sordino)]
    browser: BrowserName,

    /// The headless engine; another browser does not need it.
    #[arg(long, value_name = "PROGRAM", default_value = "sordino")]
    sordino: PathBuf,

    /// The folder of the tests.
    #[arg(long, value_name = "FOLDER")]
    tests: PathBuf,

    /// What other browsers lack.
    #[arg(long, value_name = "FILE")]
    expectations: PathBuf,

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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum BrowserName {
    Sordino,
    Chromium,
    Firefox,
}

impl BrowserName {
    /// As in the expectations.
    fn as_str(self) -> &'static str {
        match self {
            Self::Sordino => "sordino",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
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

/// Returns whether every subtest of every test did what was expected.
fn run_all(arguments: &Arguments) -> Result<bool, String> {
    let wanted = |test: &String| {
        arguments.only.is_empty() || arguments.only.iter().any(|part| test.contains(part.as_str()))
    };
    let tests: Vec<_> = discovery::find(&arguments.tests)?.into_iter().filter(wanted).collect();
    if tests.is_empty() {
        return Err(format!("no test in {} matches", arguments.tests.display()));
    }
    let expectations = Expectations::read(&arguments.expectations, arguments.browser.as_str())?;
    watch_signals()?;
    let server = Server::start(&arguments.tests, &arguments.packages)?;
    let mut browser: Box<dyn Browser> = match arguments.browser {
        BrowserName::Sordino => Box::new(Sordino::new(&arguments.sordino)),
        BrowserName::Chromium => Box::new(Chromium::start()?),
        BrowserName::Firefox => Box::new(Firefox::start()?),
    };
    let mut totals = Totals::default();
    for test in &tests {
        println!("{test}");
        if let Some(what) = expectations.lacks(test) {
            println!("  not run: {} lacks {what}", arguments.browser.as_str());
            totals.not_run += 1;
            continue;
        }
        let outcome = browser.run(&server.url(test));
        if is_interrupted() {
            return Err("interrupted".to_owned());
        }
        totals.add(test, &outcome, &expectations, arguments.quiet);
    }
    let Totals { passed, failed, known, not_run } = totals;
    if known + not_run > 0 {
        println!("known: {known} subtests failed as expected, {not_run} tests not run");
    }
    println!("{} tests: {passed} subtests passed, {failed} failed", tests.len());
    Ok(failed == 0)
}

#[derive(Default)]
struct Totals {
    passed: usize,
    failed: usize,
    /// Failed, as expected.
    known: usize,
    not_run: usize,
}

impl Totals {
    /// Counts and prints the results of a test.
    fn add(&mut self, test: &str, outcome: &Outcome, expectations: &Expectations, quiet: bool) {
        for subtest in &outcome.subtests {
            let passed = subtest.status == Status::Pass;
            match (passed, expectations.fails(test, &subtest.name)) {
                (true, false) => {
                    self.passed += 1;
                    if !quiet {
                        println!("  {subtest}");
                    }
                }
                (true, true) => {
                    self.failed += 1;
                    println!("  {subtest}, but it was expected to fail");
                }
                (false, true) => {
                    self.known += 1;
                    if !quiet {
                        println!("  expected: {subtest}");
                    }
                }
                (false, false) => {
                    self.failed += 1;
                    println!("  {subtest}");
                }
            }
        }
        let nothing = outcome.subtests.is_empty().then(|| "it has no subtest".to_owned());
        if let Some(error) = outcome.error.clone().or(nothing) {
            self.failed += 1;
            println!("  ERROR {error}");
        }
    }
}
