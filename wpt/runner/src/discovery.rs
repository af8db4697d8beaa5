/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which tests there are: HTML files, and scripts for which the server makes the HTML file
//! (`name.window.js`, `name.any.js`). What is in a folder `support` or `resources` is none.

use std::path::Path;

/// For the end of a script's name, the end of the page's that the server makes for it.
pub(crate) const SCRIPTS: [(&str, &str); 2] =
    [(".window.js", ".window.html"), (".any.js", ".any.html")];

const NO_TESTS: [&str; 2] = ["support", "resources"];

/// The paths of the tests in a folder, in order.
pub(crate) fn find(folder: &Path) -> Result<Vec<String>, String> {
    let mut tests = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let error = |error: std::io::Error| format!("cannot read {}: {error}", next.display());
        for entry in std::fs::read_dir(&next).map_err(error)? {
            let path = entry.map_err(error)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !NO_TESTS.contains(&&*name) {
                    folders.push(path);
                }
            } else if let Some(page) = page(&name)
                && let Ok(relative) = path.with_file_name(page).strip_prefix(folder)
            {
                tests.push(relative.to_string_lossy().into_owned());
            }
        }
    }
    tests.sort();
    Ok(tests)
}

/// The name of the page of a test.
fn page(name: &str) -> Option<String> {
    let made = |(script, page): &(&str, &str)| Some(name.strip_suffix(script)?.to_owned() + page);
    SCRIPTS.iter().find_map(made).or_else(|| name.ends_with(".html").then(|| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_marked_scripts_are_tests() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            "b.html",
            "a/c.window.js",
            "a/d.any.js",
            "a/e.js",
            "a/b.html.headers",
            "support/f.html",
        ];
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        assert_eq!(find(folder.path()).unwrap(), ["a/c.window.html", "a/d.any.html", "b.html"]);
    }
}
