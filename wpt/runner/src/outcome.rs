/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What tests say of themselves: lines of the console that `testharnessreport.js` and
//! `testdriver-vendor.js` write, in every browser.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// How a subtest ended: the
/// [codes](https://web-platform-tests.org/writing-tests/testharness-api.html) of testharness.js.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    Pass,
    Fail,
    Timeout,
    NotRun,
    PreconditionFailed,
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match u8::deserialize(deserializer)? {
            0 => Self::Pass,
            2 => Self::Timeout,
            3 => Self::NotRun,
            4 => Self::PreconditionFailed,
            _ => Self::Fail,
        })
    }
}

/// A subtest and its result.
#[derive(Debug, Deserialize)]
pub(crate) struct Subtest {
    pub(crate) name: String,
    pub(crate) status: Status,
    pub(crate) message: Option<String>,
}

impl fmt::Display for Subtest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.status {
            Status::Pass => "PASS",
            Status::Fail => "FAIL",
            Status::Timeout => "TIMEOUT",
            Status::NotRun => "NOTRUN",
            Status::PreconditionFailed => "PRECONDITION_FAILED",
        };
        write!(f, "{status} {}", self.name)?;
        self.message.iter().try_for_each(|message| write!(f, ": {message}"))
    }
}

/// The status of the whole harness; 0 is well.
#[derive(Deserialize)]
struct Complete {
    status: u8,
    message: Option<String>,
}

/// What became of a test.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) subtests: Vec<Subtest>,
    /// Why the test as a whole is no good.
    pub(crate) error: Option<String>,
}

/// What a test wants next.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// Nothing: it goes on by itself.
    Wait,
    /// A click on the user's behalf on the element that the last selector matches; those before it
    /// match frames, from the outermost to the innermost.
    Click(Vec<String>),
    /// It has ended.
    Done,
}

impl Outcome {
    /// Takes a line of the console.
    pub(crate) fn take(&mut self, line: &str) -> Next {
        match self.read(line) {
            Ok(next) => next,
            Err(error) => {
                self.error = Some(error);
                Next::Done
            }
        }
    }

    fn read(&mut self, line: &str) -> Result<Next, String> {
        match line.split_once(' ') {
            Some(("wpt-subtest", result)) => {
                self.subtests.push(parse(result)?);
                Ok(Next::Wait)
            }
            Some(("wpt-click", selectors)) => Ok(Next::Click(parse(selectors)?)),
            Some(("wpt-complete", result)) => match parse(result)? {
                Complete { status: 0, message: _ } => Ok(Next::Done),
                Complete { status, message } => Err(message.unwrap_or_else(|| match status {
                    2 => "the test did not end in time".to_owned(),
                    _ => format!("the harness ended with status {status}"),
                })),
            },
            _ => {
                println!("  console: {line}");
                Ok(Next::Wait)
            }
        }
    }
}

fn parse<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| format!("{error} in: {json}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_an_outcome() {
        let mut outcome = Outcome::default();
        let pass = r#"wpt-subtest {"name":"a","status":0,"message":null}"#;
        let fail = r#"wpt-subtest {"name":"b","status":1,"message":"why"}"#;
        assert_eq!(outcome.take(pass), Next::Wait);
        assert_eq!(outcome.take(fail), Next::Wait);
        let path = vec!["#frame".to_owned(), "#button".to_owned()];
        assert_eq!(outcome.take(r##"wpt-click ["#frame","#button"]"##), Next::Click(path));
        assert_eq!(outcome.take(r#"wpt-complete {"status":0}"#), Next::Done);
        assert_eq!(outcome.error, None);
        let shown: Vec<_> = outcome.subtests.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["PASS a", "FAIL b: why"]);
    }

    #[test]
    fn a_broken_harness_is_an_error() {
        let mut outcome = Outcome::default();
        assert_eq!(outcome.take(r#"wpt-complete {"status":1,"message":"boom"}"#), Next::Done);
        assert_eq!(outcome.error.as_deref(), Some("boom"));
        assert_eq!(outcome.take("wpt-subtest {"), Next::Done);
        assert!(outcome.error.is_some_and(|error| error.ends_with("in: {")));
    }
}
