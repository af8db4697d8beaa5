/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [console](https://console.spec.whatwg.org/#console-namespace).

use sordino_script_bindings::{Fallible, JsValue, Realm, convert};
use sordino_traits::embedder::ConsoleLevel;

use crate::bindings::ConsoleMethods;
use crate::page::Page;

/// `console`.
pub(crate) struct Console;

impl Console {
    fn log_values(realm: &Realm, level: ConsoleLevel, data: &[JsValue]) -> Fallible<()> {
        let text: Vec<_> = data.iter().map(|value| Self::text_of(realm, value)).collect();
        Page::of(realm).log(level, text.join(" "));
        Ok(())
    }

    /// Strings as they are, errors with their stack, other objects as JSON where that is possible.
    fn text_of(realm: &Realm, value: &JsValue) -> String {
        if let Some(object) = value.as_object()
            && !value.is_callable(realm)
            && !matches!(object.has(realm, "stack"), Ok(true))
            && let Some(json) = Self::json_of(realm, value)
        {
            return json;
        }
        realm.describe(value)
    }

    fn json_of(realm: &Realm, value: &JsValue) -> Option<String> {
        let json = realm.global().get(realm, "JSON").ok()?;
        let stringify = json.as_object()?.get(realm, "stringify").ok()?;
        match realm.call(&stringify, &json, std::slice::from_ref(value)) {
            Ok(text) if text.is_string() => convert::usv_string(realm, &text).ok(),
            Ok(_) => None,
            Err(_) => {
                drop(realm.take_exception());
                None
            }
        }
    }
}

impl ConsoleMethods for Console {
    fn debug(realm: &Realm, data: Vec<JsValue>) -> Fallible<()> {
        Self::log_values(realm, ConsoleLevel::Debug, &data)
    }

    fn error(realm: &Realm, data: Vec<JsValue>) -> Fallible<()> {
        Self::log_values(realm, ConsoleLevel::Error, &data)
    }

    fn info(realm: &Realm, data: Vec<JsValue>) -> Fallible<()> {
        Self::log_values(realm, ConsoleLevel::Info, &data)
    }

    fn log(realm: &Realm, data: Vec<JsValue>) -> Fallible<()> {
        Self::log_values(realm, ConsoleLevel::Log, &data)
    }

    fn warn(realm: &Realm, data: Vec<JsValue>) -> Fallible<()> {
        Self::log_values(realm, ConsoleLevel::Warn, &data)
    }
}
