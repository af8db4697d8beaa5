/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The pages of tests that are scripts only. Comments `// META: name=value` at their begin
//! add a `title`, another `script`, or `timeout=long`.

use std::path::Path;

use crate::discovery::SCRIPTS;

/// The page at a path, if there is a script for it where its file would be.
pub(super) fn page(path: &str, file: &Path) -> Option<String> {
    let made = |(script, page): &(&str, &str)| Some(path.strip_suffix(page)?.to_owned() + script);
    let url = SCRIPTS.iter().find_map(made)?;
    let script = std::fs::read_to_string(file.with_file_name(Path::new(&url).file_name()?)).ok()?;
    let mut head = String::from("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n");
    let mut scripts = String::new();
    let meta = |line: &str| Some(line.strip_prefix("// META:")?.trim().to_owned());
    for line in script.lines().filter_map(meta) {
        match line.split_once('=') {
            Some(("script", url)) => scripts += &element(url),
            Some(("title", title)) => head += &format!("<title>{title}</title>\n"),
            Some(("timeout", "long")) => head += "<meta name=\"timeout\" content=\"long\">\n",
            _ => {}
        }
    }
    let harness =
        ["/resources/testharness.js", "/resources/testharnessreport.js"].map(element).concat();
    Some(head + &harness + &scripts + "<body>\n" + &element(&format!("/{url}")))
}

fn element(url: &str) -> String {
    format!("<script src=\"{url}\"></script>\n")
}
