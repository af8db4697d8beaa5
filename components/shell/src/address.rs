/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the user may call a page: a URL or a file.

use std::path::{Path, PathBuf};

use url::Url;

/// Why an argument is no page.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AddressError {
    /// It looks like a URL, and is none.
    #[error("{argument} is not a valid URL: {reason}")]
    InvalidUrl { argument: String, reason: String },
    /// The path cannot be made absolute.
    #[error("{argument} cannot be found: {reason}; give the path of an HTML file or a URL")]
    NoPath { argument: String, reason: String },
    /// The demo page is not where the program looks for it.
    #[error("the demo page is missing; set SORDINO_RESOURCES to the folder `resources`")]
    NoDemo,
}

/// The URL of a page: an argument with a scheme is a URL, everything else is a file.
pub(crate) fn parse(argument: &str) -> Result<Url, AddressError> {
    let path = Path::new(argument);
    if !path.exists() && has_scheme(argument) {
        return Url::parse(argument).map_err(|error| AddressError::InvalidUrl {
            argument: argument.to_owned(),
            reason: error.to_string(),
        });
    }
    let no_path = |reason: &str| AddressError::NoPath {
        argument: argument.to_owned(),
        reason: reason.to_owned(),
    };
    let absolute = std::path::absolute(path).map_err(|error| no_path(&error.to_string()))?;
    Url::from_file_path(absolute).map_err(|()| no_path("it is not an absolute path"))
}

fn has_scheme(argument: &str) -> bool {
    argument.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// The page that is opened when none is given.
pub(crate) fn demo() -> Result<Url, AddressError> {
    let page = "demo/player.html";
    resource_folders()
        .map(|folder| folder.join(page))
        .find(|path| path.is_file())
        .and_then(|path| Url::from_file_path(path).ok())
        .ok_or(AddressError::NoDemo)
}

/// Where `resources` may be: as the user says, beside the program or above it, in the sources.
fn resource_folders() -> impl Iterator<Item = PathBuf> {
    let from_user = std::env::var_os("SORDINO_RESOURCES").map(PathBuf::from);
    let program = std::env::current_exe().ok();
    let around_program: Vec<_> = program
        .iter()
        .flat_map(|program| program.ancestors().skip(1))
        .map(|folder| folder.join("resources"))
        .collect();
    let in_sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../resources");
    from_user.into_iter().chain(around_program).chain(in_sources.canonicalize().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_files_are_told_apart() {
        assert_eq!(parse("http://example.org/a").unwrap().as_str(), "http://example.org/a");
        assert_eq!(parse("data:text/html,x").unwrap().scheme(), "data");
        assert_eq!(parse("ftp://example.org/").unwrap().scheme(), "ftp");
        let file = parse("some folder/page.html").unwrap();
        assert_eq!(file.scheme(), "file");
        assert!(file.path().ends_with("/some%20folder/page.html"), "{file}");
        assert!(matches!(parse("http://["), Err(AddressError::InvalidUrl { .. })));
    }

    #[test]
    fn a_file_that_exists_is_a_file_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("http:odd.html");
        std::fs::write(&path, "").unwrap();
        assert_eq!(parse(path.to_str().unwrap()).unwrap().scheme(), "file");
    }

    #[test]
    fn the_demo_is_found_in_the_sources() {
        assert!(demo().unwrap().path().ends_with("/resources/demo/player.html"));
    }
}
