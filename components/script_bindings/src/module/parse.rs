/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Compiling a module, and finding what it imports.

#![allow(unsafe_code)]

use std::ffi::CString;
use std::rc::Rc;
use std::slice;

use rquickjs::qjs;

use super::loader::Mode;
use super::{Code, Module, ModuleInner, ModuleSource};
use crate::convert::ToJs;
use crate::error::{Error, Fallible};
use crate::object::Atom;
use crate::realm::Realm;
use crate::runtime::RuntimeInner;
use crate::value::{JsObject, JsValue};

/// A context in which modules are compiled and never run.
///
/// The engine frees a module with its context only. So that what was compiled does not pile up, the context is replaced
/// after some text.
pub(crate) struct Parser {
    ctx: *mut qjs::JSContext,
    bytes: usize,
}

/// How much text one context compiles.
const BYTES_PER_CONTEXT: usize = 1 << 20;

impl Parser {
    /// # Safety
    /// The runtime must be alive, and outlive the result.
    unsafe fn new(rt: *mut qjs::JSRuntime) -> Option<Self> {
        // SAFETY: see above.
        let ctx = unsafe { qjs::JS_NewContext(rt) };
        (!ctx.is_null()).then_some(Self { ctx, bytes: 0 })
    }
}

impl Drop for Parser {
    fn drop(&mut self) {
        // SAFETY: the parser owns the context.
        unsafe { qjs::JS_FreeContext(self.ctx) };
    }
}

impl RuntimeInner {
    /// The context to compile a text of that length in.
    fn parser_context(&self, bytes: usize) -> Fallible<*mut qjs::JSContext> {
        let mut parser = self.module_parser.borrow_mut();
        if parser.as_ref().is_some_and(|parser| parser.bytes > BYTES_PER_CONTEXT) {
            drop(parser.take());
        }
        if parser.is_none() {
            // SAFETY: the runtime is alive, and drops the parser first.
            *parser = unsafe { Parser::new(self.rt) };
        }
        let parser = parser.as_mut().ok_or_else(|| Error::range_error("out of memory"))?;
        parser.bytes += bytes;
        Ok(parser.ctx)
    }
}

/// What compiling gave: the code; or the class, message and stack of the error.
type Compiled = Result<Vec<u8>, [String; 3]>;

/// # Safety
/// The context must be alive, `text` must end with a zero byte.
unsafe fn compile(
    ctx: *mut qjs::JSContext,
    text: &[u8],
    filename: &CString,
    line: i32,
) -> Compiled {
    let mut options = qjs::JSEvalOptions {
        version: qjs::JS_EVAL_OPTIONS_VERSION as i32,
        eval_flags: (qjs::JS_EVAL_TYPE_MODULE | qjs::JS_EVAL_FLAG_COMPILE_ONLY) as i32,
        filename: filename.as_ptr(),
        line_num: line,
    };
    // SAFETY: see above; every value and buffer is freed once.
    unsafe {
        let source = text.as_ptr().cast();
        let module = qjs::JS_Eval2(ctx, source, text.len().saturating_sub(1) as _, &mut options);
        if !qjs::JS_IsException(module) {
            let mut size = 0;
            let flags = qjs::JS_WRITE_OBJ_BYTECODE as i32;
            let code = qjs::JS_WriteObject(ctx, &mut size, module, flags);
            qjs::JS_FreeValue(ctx, module);
            if !code.is_null() {
                let bytes = slice::from_raw_parts(code, size as usize).to_vec();
                qjs::js_free(ctx, code.cast());
                return Ok(bytes);
            }
        }
        let exception = qjs::JS_GetException(ctx);
        let property = |name: &std::ffi::CStr| {
            let value = qjs::JS_GetPropertyStr(ctx, exception, name.as_ptr());
            let mut length = 0;
            let string = qjs::JS_ToCStringLen2(ctx, &mut length, value, false);
            let text = match string.is_null() {
                true => String::new(),
                false => {
                    let bytes = slice::from_raw_parts(string.cast::<u8>(), length as usize);
                    String::from_utf8_lossy(bytes).into_owned()
                }
            };
            qjs::JS_FreeCString(ctx, string);
            qjs::JS_FreeValue(ctx, value);
            text
        };
        let parts = [property(c"name"), property(c"message"), property(c"stack")];
        qjs::JS_FreeValue(ctx, exception);
        Err(parts)
    }
}

impl Module {
    /// Compiles a module. An error of syntax is an exception of `realm`, with the file and the line in its stack.
    pub fn parse(realm: &Realm, source: ModuleSource<'_>) -> Fallible<Self> {
        let runtime = realm.runtime();
        let ctx = runtime.parser_context(source.text.len())?;
        let mut text = Vec::with_capacity(source.text.len() + 1);
        text.extend_from_slice(source.text.as_bytes());
        text.push(0);
        let name = source.name.replace('\0', "");
        let filename = CString::new(name.clone()).unwrap_or_default();
        // SAFETY: the parser's context is alive, and no script runs in it.
        let (compiled, mode) = runtime.in_mode(Mode::Noting(Default::default()), || unsafe {
            compile(ctx, &text, &filename, source.line)
        });
        let code = compiled.map_err(|error| throw(realm, &error))?;
        let requests = match mode {
            Mode::Noting(requests) => requests.into_inner(),
            Mode::Linking | Mode::Running => Vec::new(),
        };
        let base_url = source.base_url.to_owned();
        let inner = ModuleInner { name, base_url, code: Code::Script(code), requests };
        Ok(Self { inner: Rc::new(inner) })
    }

    /// A JSON module. An error of syntax is an exception of `realm`.
    /// <https://tc39.es/ecma262/#sec-parsejsonmodule>
    pub fn parse_json(realm: &Realm, text: &str, name: &str) -> Fallible<Self> {
        let name = name.replace('\0', "");
        parse_json(realm, text, &name)?;
        let inner = ModuleInner {
            base_url: name.clone(),
            name,
            code: Code::Json(text.to_owned()),
            requests: Vec::new(),
        };
        Ok(Self { inner: Rc::new(inner) })
    }
}

/// The value of a JSON text.
pub(super) fn parse_json(realm: &Realm, text: &str, name: &str) -> Fallible<JsValue> {
    let (text, name) = (CString::new(text), CString::new(name).unwrap_or_default());
    let Ok(text) = text else {
        // SAFETY: the context is alive, the format takes one C string.
        unsafe {
            let message = c"the text has a zero byte".as_ptr();
            qjs::JS_ThrowSyntaxError(realm.ctx(), c"%s".as_ptr(), message);
        }
        return Err(Error::JsException);
    };
    let length = text.as_bytes().len();
    // SAFETY: the text ends with a zero byte that its length leaves out.
    realm.own(unsafe { qjs::JS_ParseJSON(realm.ctx(), text.as_ptr(), length as _, name.as_ptr()) })
}

/// Throws in `realm` what was thrown in the parser's context.
fn throw(realm: &Realm, [class, message, stack]: &[String; 3]) -> Error {
    let text = CString::new(message.replace('\0', "")).unwrap_or_default();
    // SAFETY: the context is alive, the format takes one C string; the result is owned.
    let error = realm.own(unsafe {
        match class.as_str() {
            "SyntaxError" => qjs::JS_NewSyntaxError(realm.ctx(), c"%s".as_ptr(), text.as_ptr()),
            _ => qjs::JS_NewInternalError(realm.ctx(), c"%s".as_ptr(), text.as_ptr()),
        }
    });
    let with_stack = || -> Fallible<JsObject> {
        let error: JsObject = error?.try_into()?;
        let flags = (qjs::JS_PROP_WRITABLE | qjs::JS_PROP_CONFIGURABLE) as i32;
        error.define_with(realm, Atom::new(realm, "stack").raw(), stack.to_js(realm)?, flags)?;
        Ok(error)
    };
    match with_stack() {
        Ok(error) => realm.throw_value(error.into_value()),
        Err(error) => error,
    }
}
