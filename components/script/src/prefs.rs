/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The preferences, from `resources/prefs.toml`.

use std::time::Duration;

use toml::Value;

/// The whole table with its comments, as it was when the program was built.
pub const PREFS_TABLE: &str = include_str!("../../../resources/prefs.toml");

/// Why a preference cannot be set.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PrefError {
    /// It is not of the form `table.key=value`.
    #[error("'{0}' sets no preference; write it as table.key=value, as in focus.mode=page")]
    NoValue(String),
    /// There is none of this name.
    #[error("there is no preference '{0}'; `sordino prefs` prints all")]
    Unknown(String),
    /// The value is of another type.
    #[error("the preference '{name}' is a {expected}; {value} is none")]
    WrongType {
        /// The preference.
        name: String,
        /// The value as it was given.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
}

/// The preferences of a process.
#[derive(Clone, Debug)]
pub struct Prefs(toml::Table);

impl Default for Prefs {
    fn default() -> Self {
        Self(
            PREFS_TABLE
                .parse()
                .expect("resources/prefs.toml is valid TOML; a test of this crate reads it"),
        )
    }
}

impl Prefs {
    /// The defaults, with changes of the form `table.key=value`; the last for a name counts.
    ///
    /// # Errors
    ///
    /// The first change that cannot be made.
    pub fn with<'a>(changes: impl IntoIterator<Item = &'a String>) -> Result<Self, PrefError> {
        let mut prefs = Self::default();
        for change in changes {
            let (name, value) =
                change.split_once('=').ok_or_else(|| PrefError::NoValue(change.clone()))?;
            prefs.set(name.trim(), value.trim())?;
        }
        Ok(prefs)
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), PrefError> {
        let unknown = || PrefError::Unknown(name.to_owned());
        let (tables, key) = name.rsplit_once('.').ok_or_else(unknown)?;
        let mut table = &mut self.0;
        for part in tables.split('.') {
            table = table.get_mut(part).and_then(Value::as_table_mut).ok_or_else(unknown)?;
        }
        let value = table.get_mut(key).filter(|value| !value.is_table()).ok_or_else(unknown)?;
        let wrong = |expected| PrefError::WrongType {
            name: name.to_owned(),
            value: format!("'{text}'"),
            expected,
        };
        *value = match value {
            Value::Boolean(_) => {
                Value::Boolean(text.parse().map_err(|_| wrong("boolean, true or false"))?)
            }
            Value::Float(_) => {
                let number = text.parse().ok().filter(|number: &f64| number.is_finite());
                Value::Float(number.ok_or_else(|| wrong("number"))?)
            }
            _ => Value::String(text.trim_matches('"').to_owned()),
        };
        Ok(())
    }

    fn get(&self, name: &str) -> Option<&Value> {
        let mut parts = name.split('.');
        let first = parts.next().and_then(|part| self.0.get(part));
        parts.fold(first, |value, part| value?.get(part))
    }

    /// A boolean preference by its dotted name; one that does not exist is off.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A number by its dotted name; one that does not exist is 0.
    pub fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(Value::as_float).unwrap_or(0.0)
    }

    /// A time by its dotted name, which is a number of seconds; what is no time is none at all.
    pub fn seconds(&self, name: &str) -> Duration {
        Duration::try_from_secs_f64(self.number(name)).unwrap_or_default()
    }

    /// A text by its dotted name; one that does not exist is empty.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_are_on_and_unknown_preferences_off() {
        let prefs = Prefs::default();
        assert!(prefs.is_on("dom.audio_session.enabled"));
        assert!(prefs.is_on("dom.media_session.enabled"));
        assert!(!prefs.is_on("dom.audio_session"));
        assert!(!prefs.is_on("no.such.pref"));
    }

    #[test]
    fn preferences_are_changed_by_their_names() {
        let changes =
            ["focus.mode=page", "focus.duck_gain = 0.5", "dom.media_session.enabled=false"];
        let prefs = Prefs::with(&changes.map(str::to_owned)).unwrap();
        assert_eq!(prefs.text("focus.mode"), "page");
        assert_eq!(prefs.number("focus.duck_gain"), 0.5);
        assert!(!prefs.is_on("dom.media_session.enabled"));
        assert_eq!(prefs.text("focus.over_call"), "duck");
    }

    #[test]
    fn what_cannot_be_set_is_an_error_that_says_what_to_write() {
        for (change, expected) in [
            ("focus.mode", "table.key=value"),
            ("mode=page", "no preference 'mode'"),
            ("focus.mod=page", "no preference 'focus.mod'"),
            ("focus=page", "no preference 'focus'"),
            ("dom.audio_session=true", "no preference 'dom.audio_session'"),
            ("focus.duck_gain=loud", "is a number; 'loud' is none"),
            ("focus.duck_gain=inf", "is a number; 'inf' is none"),
            ("dom.audio_session.enabled=1", "true or false; '1' is none"),
        ] {
            let error = Prefs::with(&[change.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(expected), "{change}: {error}");
        }
    }
}
