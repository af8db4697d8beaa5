/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What other browsers lack or do otherwise: `wpt/meta/browsers.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

/// What is known of one browser.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectations {
    /// What it lacks, by the tests of it: paths of tests, or of folders with a final slash.
    #[serde(default)]
    lacks: BTreeMap<String, String>,
    /// The names of subtests that fail, by the path of their test.
    #[serde(default)]
    fails: BTreeMap<String, BTreeSet<String>>,
}

impl Expectations {
    /// Reads what a file says of a browser, which may be nothing.
    pub(crate) fn read(file: &Path, browser: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        Self::parse(&text, browser).map_err(|error| format!("{}: {error}", file.display()))
    }

    fn parse(text: &str, browser: &str) -> Result<Self, String> {
        let mut all: BTreeMap<String, Self> =
            toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(all.remove(browser).unwrap_or_default())
    }

    /// What the browser lacks that a test needs.
    pub(crate) fn lacks(&self, test: &str) -> Option<&str> {
        let concerns = |pattern: &str| match pattern.ends_with('/') {
            true => test.starts_with(pattern),
            false => test == pattern,
        };
        self.lacks.iter().find(|(pattern, _)| concerns(pattern)).map(|(_, what)| what.as_str())
    }

    /// Whether a subtest is known to fail.
    pub(crate) fn fails(&self, test: &str, subtest: &str) -> bool {
        self.fails.get(test).is_some_and(|subtests| subtests.contains(subtest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [chromium.lacks]
        "audio-session/" = "Audio Session"
        "dom/a.html" = "it"
        [chromium.fails]
        "dom/b.html" = ["one", "two"]
    "#;

    #[test]
    fn a_browser_lacks_and_fails_what_the_file_says() {
        let chromium = Expectations::parse(TEXT, "chromium").unwrap();
        assert_eq!(chromium.lacks("audio-session/type.html"), Some("Audio Session"));
        assert_eq!(chromium.lacks("dom/a.html"), Some("it"));
        assert_eq!(chromium.lacks("dom/a.html.html"), None);
        assert!(chromium.fails("dom/b.html", "two"));
        assert!(!chromium.fails("dom/b.html", "three"));
        let other = Expectations::parse(TEXT, "firefox").unwrap();
        assert_eq!(other.lacks("dom/a.html"), None);
    }

    #[test]
    fn a_misspelt_table_is_an_error() {
        assert!(Expectations::parse("[chromium.lack]\n", "chromium").is_err());
    }
}
