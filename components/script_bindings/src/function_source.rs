/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Functions compiled from the text of their body, as event handler content attributes are.
//! <https://html.spec.whatwg.org/#getting-the-current-value-of-the-event-handler>
//!
//! The engine compiles scripts only, so the body becomes part of one. Before that it is compiled in two other places, which
//! no text can leave alike: after a `}` that ends the function, one goes on with a statement, the other with a comma.

#![allow(unsafe_code)]

use std::ffi::CString;

use rquickjs::qjs;

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

/// The text of a function.
#[derive(Clone, Copy, Debug)]
pub struct FunctionSource<'a> {
    /// The name, an identifier: `onclick`.
    pub name: &'a str,
    /// The names of the parameters, identifiers.
    pub parameters: &'a [&'a str],
    /// The text between the braces.
    pub body: &'a str,
    /// What errors and stack traces call the file.
    pub filename: &'a str,
    /// The number of the body's first line in the file.
    pub line: i32,
}

fn is_identifier(name: &str) -> bool {
    let fits = |c: char| c == '_' || c == '$' || c.is_ascii_alphanumeric();
    name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty()
}

impl FunctionSource<'_> {
    /// Text before the function, the function itself, and text after it, such that the body begins at its line.
    fn text(&self, before: &str, head: &str, after: &str) -> (String, i32) {
        let (parameters, body) = (self.parameters.join(", "), self.body);
        let text = format!("{before}{head}({parameters}) {{\n{body}\n}}{after}");
        // The engine takes line 0 for none.
        match self.line - 1 {
            0 => (format!("\n{text}"), -1),
            line => (text, line),
        }
    }
}

impl Realm {
    /// Makes a function of this realm, of which the objects in `scope` (the outermost first) are the scope, inside the
    /// global one. An error of syntax is an exception, with the file and the line in its stack.
    ///
    /// A body that mentions the function's own name means what the scope calls so; `toString` then leaves the name out.
    pub fn compile_function(
        &self,
        source: FunctionSource<'_>,
        scope: &[JsObject],
    ) -> Fallible<JsObject> {
        let mut names = source.parameters.iter().chain([&source.name]);
        if !names.all(|name| is_identifier(name)) {
            return Err(Error::type_error("the function's names must be identifiers"));
        }
        let compile_only = qjs::JS_EVAL_FLAG_COMPILE_ONLY as i32;
        let named = format!("function {}", source.name);
        self.compile(source.text("", &named, ""), source.filename, compile_only)?;
        self.compile(source.text("({ ", source.name, " })"), source.filename, compile_only)?;
        let withs: String =
            (0..scope.len()).map(|place| format!("with (this[{place}]) ")).collect();
        let name = source.name;
        let (before, head, after) = match source.body.contains(name) {
            // A named function would find itself under its name.
            true => (format!("return {{ {name}: "), "function ", format!(" }}.{name}")),
            false => ("return ".to_owned(), named.as_str(), String::new()),
        };
        let before = format!("(function () {{ {withs}{before}");
        let text = source.text(&before, head, &format!("{after} }})"));
        let outer = self.compile(text, source.filename, 0)?;
        let objects = self.new_object()?;
        objects.set_prototype(self, &JsValue::null())?;
        for (place, object) in (0..).zip(scope) {
            objects.define_index(self, place, object.as_value().clone())?;
        }
        self.call(&outer, objects.as_value(), &[])?.try_into()
    }

    /// Compiles a classic script of ours and, unless the flags say otherwise, runs it.
    fn compile(
        &self,
        (text, line): (String, i32),
        filename: &str,
        flags: i32,
    ) -> Fallible<JsValue> {
        let filename = CString::new(filename.replace('\0', "")).unwrap_or_default();
        let mut text = text.into_bytes();
        text.push(0);
        let mut options = qjs::JSEvalOptions {
            version: qjs::JS_EVAL_OPTIONS_VERSION as i32,
            eval_flags: qjs::JS_EVAL_TYPE_GLOBAL as i32 | flags,
            filename: filename.as_ptr(),
            line_num: line,
        };
        let length = text.len() - 1;
        // SAFETY: `text` ends with a zero byte that its length leaves out; all pointers outlive the call.
        self.own(unsafe {
            qjs::JS_Eval2(self.ctx(), text.as_ptr().cast(), length as _, &mut options)
        })
    }
}
