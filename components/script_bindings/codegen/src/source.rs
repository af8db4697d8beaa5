/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! IDL files, positions in them, and errors that name both.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A fault in the IDL, or in what the Rust side makes of it.
///
/// Displays as `file:line: reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdlError {
    /// The file, as it was given to the generator.
    pub file: PathBuf,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub reason: String,
}

impl fmt::Display for IdlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.reason)
    }
}

impl std::error::Error for IdlError {}

/// A place in an IDL file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) file: Arc<Path>,
    pub(crate) line: usize,
}

impl Position {
    pub(crate) fn error(&self, reason: impl Into<String>) -> IdlError {
        IdlError { file: self.file.to_path_buf(), line: self.line, reason: reason.into() }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// weedle does not know `*` as the value of an extended attribute. No identifier of Web IDL is a digit, but weedle takes it
/// for one, and the text keeps its length.
const EXPOSED_EVERYWHERE: &str = "Exposed=0";

/// One IDL file.
pub(crate) struct Source {
    pub(crate) file: Arc<Path>,
    pub(crate) text: String,
}

impl Source {
    /// All `*.webidl` files of a folder, by name.
    pub(crate) fn read_dir(dir: &Path) -> Result<Vec<Self>, IdlError> {
        let error = |path: &Path, error: std::io::Error| IdlError {
            file: path.to_path_buf(),
            line: 0,
            reason: format!("cannot be read: {error}"),
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(|e| error(dir, e))? {
            let path = entry.map_err(|e| error(dir, e))?.path();
            if path.extension().is_some_and(|ext| ext == "webidl") {
                paths.push(path);
            }
        }
        paths.sort();
        paths
            .into_iter()
            .map(|path| {
                // A line comment at the end of a file needs its line feed.
                let text = fs::read_to_string(&path).map_err(|e| error(&path, e))? + "\n";
                let file = path.into();
                let text = text.replace("Exposed=*", EXPOSED_EVERYWHERE);
                Ok(Self { file, text })
            })
            .collect()
    }

    pub(crate) fn at_offset(&self, offset: usize) -> Position {
        let before = self.text.as_bytes().iter().take(offset);
        Position {
            file: Arc::clone(&self.file),
            line: 1 + before.filter(|byte| **byte == b'\n').count(),
        }
    }

    /// The position of a piece of this file's text (found by its address).
    pub(crate) fn at(&self, piece: &str) -> Position {
        let start = self.text.as_ptr() as usize;
        self.at_offset((piece.as_ptr() as usize).saturating_sub(start))
    }
}

/// `text` without leading white space and comments.
pub(crate) fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let after = if let Some(comment) = rest.strip_prefix("//") {
            comment.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            return rest;
        };
        rest = after.trim_start();
    }
}
