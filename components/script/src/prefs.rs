/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The preferences, from `resources/prefs.toml`.

/// The whole table with its comments, as it was when the program was built.
pub const PREFS_TABLE: &str = include_str!("../../../resources/prefs.toml");

/// The preferences of this process.
#[derive(Debug)]
pub(crate) struct Prefs(toml::Table);

impl Prefs {
    /// The defaults.
    pub(crate) fn load() -> Self {
        Self(
            PREFS_TABLE
                .parse()
                .expect("resources/prefs.toml is valid TOML; a test of this crate reads it"),
        )
    }

    /// A boolean preference by its dotted name; one that does not exist is off.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        let mut parts = name.split('.');
        let first = parts.next().and_then(|part| self.0.get(part));
        let value = parts.fold(first, |value, part| value?.get(part));
        value.and_then(toml::Value::as_bool).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_are_on_and_unknown_preferences_off() {
        let prefs = Prefs::load();
        assert!(prefs.is_on("dom.audio_session.enabled"));
        assert!(prefs.is_on("dom.media_session.enabled"));
        assert!(!prefs.is_on("dom.audio_session"));
        assert!(!prefs.is_on("no.such.pref"));
    }
}
