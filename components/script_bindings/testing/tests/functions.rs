/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Functions compiled from the text of their body.

use sordino_script_bindings::{FunctionSource, JsObject, Realm, convert};
use sordino_script_bindings_testing::World;

/// Compiles `onclick` with a body; the result, or what was thrown.
fn compile(realm: &Realm, body: &str, scope: &[JsObject]) -> Result<JsObject, String> {
    let source = FunctionSource {
        name: "onclick",
        parameters: &["event"],
        body,
        filename: "https://example.org/page.html",
        line: 7,
    };
    realm.compile_function(source, scope).map_err(|error| {
        let exception = realm.exception_value(error);
        realm.describe(&exception)
    })
}

/// Document and element, as variables of the page.
fn scope(world: &World) -> [JsObject; 2] {
    world.eval(
        "var doc = { title: 'the title', who: 'document', value: 'hidden' };
         var element = { who: 'element', value: 'v', onclick: null,
                         ignored: 1, [Symbol.unscopables]: { ignored: true } };
         var who = 'window', other = 'global', ignored = 'global', self2 = this;",
    );
    ["doc", "element"].map(|name| {
        let value = world.realm.eval(name, "t.js").expect("a variable");
        value.try_into().expect("an object")
    })
}

/// Calls a handler on the element, with an event that is a number.
fn call(world: &World, body: &str) -> String {
    let scope = scope(world);
    let function = match compile(&world.realm, body, &scope) {
        Ok(function) => function,
        Err(error) => return format!("throws {}", error.lines().next().unwrap_or_default()),
    };
    world.realm.global().define(&world.realm, "f", function.into()).expect("a free name");
    world.eval("f.call(element, 5)")
}

#[test]
fn the_scope_is_element_document_window() {
    let world = World::new();
    for (body, expected) in [
        ("return [who, value, title, other].join()", "element,v,the title,global"),
        ("return this === element && event === 5 && arguments.length === 1", "true"),
        ("return ignored", "global"),
        ("value = 'new'; return element.value + doc.value", "newhidden"),
        ("title = 'new'; return doc.title", "new"),
        ("other = 'new'; return self2.other", "new"),
        (
            "undeclared = 3; return typeof self2.undeclared + ('undeclared' in element)",
            "numberfalse",
        ),
        ("var value = 'mine'; return value + element.value", "minev"),
        ("var event; return event", "5"),
        ("let who = 1; return (() => who + this.value)()", "1v"),
        ("'use strict'; return this === element && who", "element"),
        ("'use strict'; nowhere = 1", "throws ReferenceError*"),
        ("return eval('who') + new Function('return typeof value')()", "elementundefined"),
        // Its own name is what the element calls so.
        ("onclick = 'replaced'; return element.onclick", "replaced"),
        ("return onclick", "null"),
        ("// a comment at the end", "undefined"),
        ("return '}'", "}"),
        ("return /}/.test('}')", "true"),
        ("", "undefined"),
        ("throw 'out'", "throws out"),
        ("return new.target", "undefined"),
        ("return import.meta", "throws SyntaxError*"),
    ] {
        let found = call(&world, body);
        let fits = match expected.strip_suffix('*') {
            Some(start) => found.starts_with(start),
            None => found == expected,
        };
        assert!(fits, "{body}: {found}");
    }
}

#[test]
fn the_function_looks_as_the_standard_says() {
    let world = World::new();
    call(&world, "return 1;\n// 2");
    assert_eq!(world.eval("String(f)"), "function onclick(event) {\nreturn 1;\n// 2\n}");
    assert_eq!(world.eval("f.name + f.length"), "onclick1");
    assert_eq!(world.eval("Object.getPrototypeOf(f) === Function.prototype"), "true");
    call(&world, "onclick = 0");
    assert_eq!(world.eval("f.name + f.length"), "onclick1");
    let source = FunctionSource {
        name: "onerror",
        parameters: &["event", "source", "lineno", "colno", "error"],
        body: "return [...arguments].join() + error",
        filename: "x",
        line: 1,
    };
    let function = world.realm.compile_function(source, &[]).unwrap();
    let arguments = world.realm.eval("[1, 2, 3, 4, 5]", "t.js").unwrap();
    let arguments = convert::sequence(&world.realm, &arguments, convert::any).unwrap();
    let result =
        world.realm.call(&function.into(), &world.realm.global().into(), &arguments).unwrap();
    assert_eq!(convert::usv_string(&world.realm, &result).unwrap(), "1,2,3,4,55");
    let bad = FunctionSource { name: "a b", ..source };
    assert!(world.realm.compile_function(bad, &[]).is_err());
}

#[test]
fn errors_name_the_line() {
    let world = World::new();
    for (line, first) in [(7, 7), (1, 1), (2, 2), (0, 0), (1000, 1000)] {
        for (body, further) in [("let = ;", 0), ("\n\nreturn )", 2), ("a b", 0)] {
            let source = FunctionSource {
                name: "onclick",
                parameters: &["event"],
                body,
                filename: "https://example.org/page.html",
                line,
            };
            let error = world.realm.compile_function(source, &[]).unwrap_err();
            let exception = world.realm.exception_value(error);
            let text = world.realm.describe(&exception);
            assert!(text.starts_with("SyntaxError"), "{body}: {text}");
            let place = format!("https://example.org/page.html:{}", first + further);
            assert!(text.contains(&place), "{body} at {line}: {text}");
        }
        let source = FunctionSource {
            name: "onclick",
            parameters: &[],
            body: "\nthrow new Error('x')",
            filename: "https://example.org/page.html",
            line,
        };
        let function = world.realm.compile_function(source, &[]).unwrap();
        let error = function.call(&world.realm, &world.realm.global().into(), &[]).unwrap_err();
        let exception = world.realm.exception_value(error);
        let text = world.realm.describe(&exception);
        assert!(text.contains(&format!("page.html:{}", line + 1)), "{line}: {text}");
    }
}

#[test]
fn a_body_cannot_leave_its_function() {
    let world = World::new();
    world.eval("var escaped = false");
    for body in [
        "} escaped = true; {",
        "} escaped = true; function x() {",
        "}, x() {",
        "}, x: function () {",
        "}, [escaped = true]() {",
        "} } ) ; escaped = true; ( { x ( ) {",
        "}) (escaped = true); ({ x() {",
        "} /* ",
        "`",
        "/*",
        "'",
        "}); //",
        "})(); escaped = true; (function () {",
        "}; }; with (escaped = true) {{",
        "} get x() {",
        "} static {",
        "} async x() {",
        "super.x",
        "await 1",
        "yield 1; }, *x() {",
        "<!-- }",
        "\n--> }",
    ] {
        let result = compile(&world.realm, body, &[]);
        let comment = body.contains("--");
        assert_eq!(result.is_ok(), comment, "{body}: {result:?}");
        if let Err(text) = result {
            assert!(text.starts_with("SyntaxError"), "{body}: {text}");
        }
    }
    assert_eq!(world.eval("escaped"), "false");
}
