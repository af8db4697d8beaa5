/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What an exception says of itself, for the console and for `error` events; and the exception that
//! an error of the pure crates is.

use std::fmt;

use sordino_script_bindings::{DomExceptionName, Error, JsValue, Realm};

/// What the web sees of an error whose text begins with the name of its exception.
pub(crate) fn thrown_by(error: &impl fmt::Display) -> Error {
    let text = error.to_string();
    let (name, reason) = text.split_once(": ").unwrap_or(("TypeError", &text));
    match DomExceptionName::ALL.iter().find(|known| known.as_str() == name) {
        Some(name) => Error::dom(*name, reason),
        None => Error::type_error(reason),
    }
}

/// An exception, as far as it can be told.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Exception {
    /// Such as `TypeError: x is not a function`.
    pub(crate) message: String,
    /// The URL of the script; empty when it is not known.
    pub(crate) file: String,
    /// From 1; 0 when it is not known.
    pub(crate) line: u32,
    /// From 1; 0 when it is not known.
    pub(crate) column: u32,
}

impl Exception {
    /// Reads a thrown value. What it throws itself meanwhile is dropped.
    pub(crate) fn of(realm: &Realm, value: &JsValue) -> Self {
        let description = realm.describe(value);
        let mut lines = description.lines();
        let message = lines.next().unwrap_or_default().to_owned();
        let place = lines.find_map(parse_place).unwrap_or_default();
        Self { message, file: place.0, line: place.1, column: place.2 }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        if self.file.is_empty() {
            return Ok(());
        }
        write!(f, " ({}:{})", self.file, self.line)
    }
}

/// The place in a line of a stack: `    at name (file:line:column)` or `    at file:line:column`.
fn parse_place(line: &str) -> Option<(String, u32, u32)> {
    let rest = line.trim().strip_prefix("at ")?;
    let place = match rest.rfind(" (") {
        Some(start) => rest[start + 2..].strip_suffix(')')?,
        None => rest,
    };
    let (place, column) = place.rsplit_once(':')?;
    let (file, line) = place.rsplit_once(':')?;
    Some((file.to_owned(), line.parse().ok()?, column.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_stacks() {
        let place = |line| parse_place(line);
        assert_eq!(
            place("    at f (http://h:80/a.js:3:9)"),
            Some(("http://h:80/a.js".into(), 3, 9))
        );
        assert_eq!(place("    at file:///a.html:12:1"), Some(("file:///a.html".into(), 12, 1)));
        assert_eq!(place("    at forEach (native)"), None);
        assert_eq!(place("TypeError: at x"), None);
    }
}
