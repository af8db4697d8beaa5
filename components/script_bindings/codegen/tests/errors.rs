/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Faults in IDL and in implementations are errors with file, line and reason.

use std::fs;
use std::path::{Path, PathBuf};

use sordino_script_bindings_codegen::{Config, Generator};

/// The errors for one IDL file, without the folder's name.
fn errors(idl: &str) -> Vec<String> {
    errors_with(idl, None)
}

fn errors_with(idl: &str, source: Option<&str>) -> Vec<String> {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("Test.webidl"), idl).expect("a file");
    let source_dir = source.map(|source| {
        let src = dir.path().join("src");
        fs::create_dir(&src).expect("a folder");
        fs::write(src.join("dom.rs"), source).expect("a file");
        src
    });
    let config = Config { source_dir, ..Config::default() };
    let generator = Generator::new(dir.path(), config);
    let folder = format!("{}/", dir.path().display());
    match generator.generate(&dir.path().join("out.rs")) {
        Ok(()) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.to_string().replace(&folder, "")).collect(),
    }
}

#[track_caller]
fn one_error(idl: &str, start: &str, mentions: &str) {
    let errors = errors(idl);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].starts_with(start), "{errors:?}");
    assert!(errors[0].contains(mentions), "{errors:?}");
}

#[test]
fn a_typo_names_the_line_of_the_member() {
    one_error(
        "/* x */\n[Exposed=Window]\ninterface A {\n  attribute long ok;\n  atribute long bad;\n};\n",
        "Test.webidl:5: syntax error at `atribute long bad;`",
        "typo",
    );
    one_error(
        "dictionary D {\n  long a;\n  long = 3;\n};\n",
        "Test.webidl:3: syntax error",
        "long = 3",
    );
    one_error(
        "[Exposed=Window]\ninterface A {\n  attribute long ok;\n}\n\nenum E { \"a\" };\n",
        "Test.webidl:",
        "missing `;`",
    );
    one_error("// c\ninterfac A {};\n", "Test.webidl:2: syntax error", "interfac A");
    one_error("[Exposed=Window\ninterface A {};", "Test.webidl:1: syntax error", "Exposed");
}

#[test]
fn an_unknown_type_names_the_line_and_a_similar_name() {
    one_error(
        "enum Mood { \"calm\" };\n[Exposed=Window]\ninterface A {\n  attribute Moood mood;\n};\n",
        "Test.webidl:4: unknown type `Moood`",
        "did you mean `Mood`?",
    );
    one_error(
        "callback C = undefined (\n  Nowhere x);\n",
        "Test.webidl:2: unknown type `Nowhere`",
        "define it",
    );
    one_error(
        "dictionary D {\n\n  sequence<(long or Nope)> x;\n};\n",
        "Test.webidl:3: unknown type `Nope`",
        "define it",
    );
    one_error(
        "[Exposed=Window] interface A {\n  attribute SharedArrayBuffer x;\n};\n",
        "Test.webidl:2: type `SharedArrayBuffer` is not supported",
        "generator",
    );
}

#[test]
fn faults_of_meaning_name_the_line() {
    let interface = |body: &str| format!("[Exposed=Window]\ninterface A {{\n{body}\n}};\n");
    for (idl, start, mentions) in [
        (
            "[Exposed=Window]\ninterface A : B {};\n".to_owned(),
            "Test.webidl:2: `A` inherits from `B`",
            "no such interface",
        ),
        (
            interface("attribute long x;\nattribute long x;"),
            "Test.webidl:4: `x` is declared twice",
            "Test.webidl:3",
        ),
        (
            interface("[SameObjct] readonly attribute long x;"),
            "Test.webidl:3: unknown extended attribute [SameObjct]",
            "SameObject",
        ),
        (interface("attribute sequence<long> x;"), "Test.webidl:3: attribute `x`", "FrozenArray"),
        (
            interface("undefined f(optional long a, long b);"),
            "Test.webidl:3: required argument `b`",
            "optional",
        ),
        (
            interface("undefined f(optional long a = \"x\");"),
            "Test.webidl:3: the default value",
            "type",
        ),
        (interface("[PutForwards=x] attribute A a;"), "Test.webidl:3: [PutForwards]", "readonly"),
        (
            "interface A {};\n".to_owned(),
            "Test.webidl:1: `A` must say where it is exposed",
            "[Exposed=Window]",
        ),
        (
            "enum E { \"a\" };\nenum E { \"b\" };\n".to_owned(),
            "Test.webidl:2: `E` is defined twice",
            "Test.webidl:1",
        ),
        (
            "partial interface A {};\n".to_owned(),
            "Test.webidl:1: partial interface `A`",
            "no interface",
        ),
        ("A includes B;\n".to_owned(), "Test.webidl:1: `A includes B`", "no interface mixin `B`"),
        (
            "dictionary D {\n required long a = 1;\n};\n".to_owned(),
            "Test.webidl:2: required member `a`",
            "default",
        ),
        ("enum E { \"a\", \"a\" };\n".to_owned(), "Test.webidl:1: enum `E`", "twice"),
        (interface("iterable<long>;"), "Test.webidl:2: `A` needs an indexed getter", "length"),
        (
            interface(
                "readonly attribute unsigned long length;\ngetter long (unsigned long i);\n\
                 iterable<long, long>;",
            ),
            "Test.webidl:2: `A` cannot have both",
            "iterable",
        ),
        (
            interface("deleter undefined (DOMString name);"),
            "Test.webidl:2: `A` has a named setter or deleter",
            "needs a named getter",
        ),
        (
            interface("setter undefined (unsigned long i, long v);"),
            "Test.webidl:3: a special operation",
            "not supported",
        ),
        (interface("iterable<long, Nope>;"), "Test.webidl:3: unknown type `Nope`", "define it"),
    ] {
        one_error(&idl, start, mentions);
    }
}

const INTERFACE: &str = "[Exposed=Window]\ninterface A {\n  attribute DOMString title;\n\
                         \n  undefined go(optional long times = 1);\n};\n";

#[test]
fn a_missing_method_names_the_signature() {
    let source = "impl AMethods for A {\n fn title(&self) {}\n fn set_title(&self) {}\n}\n";
    assert_eq!(
        errors_with(INTERFACE, Some(source)),
        ["Test.webidl:5: `impl AMethods for A` lacks a method: \
             add `fn go(&self, realm: &Realm, times: i32) -> Fallible<()>`"]
    );
}

#[test]
fn a_missing_implementation_names_the_interface() {
    let errors = errors_with(INTERFACE, Some("struct A;"));
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0]
            .starts_with("Test.webidl:2: `A` has no implementation: write `impl AMethods for A`"),
        "{errors:?}"
    );
}

#[test]
fn an_implementation_in_a_module_is_found() {
    let source = "mod inner { impl super::AMethods for super::A {\n fn title(&self) {}\n \
                  fn set_title(&self) {}\n fn go(&self) {} } }\n";
    assert_eq!(errors_with(INTERFACE, Some(source)), [""; 0]);
}

#[test]
fn what_is_exposed_elsewhere_is_left_out() {
    assert_eq!(errors_with("[Exposed=Worker] interface A { undefined f(); };", Some("")), [""; 0]);
}

/// The IDL files of this repository are sound, and the generator writes Rust for them.
#[test]
fn the_shipped_files_are_sound() {
    let webidls: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../webidls");
    // Another component adds the rest; the types these need must be here.
    let code = Generator::new(webidls, Config::default()).code();
    let code = code.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>());
    let code = code.unwrap();
    for expected in [
        "pub trait AudioSessionMethods",
        "pub trait MediaSessionMethods",
        "pub trait MediaMetadataMethods",
        "pub trait ChapterInformationMethods",
        "pub struct MediaSessionActionDetails",
        "pub enum AudioSessionType",
    ] {
        assert!(code.contains(expected), "{expected}");
    }
}
