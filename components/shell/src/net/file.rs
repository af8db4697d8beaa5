/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `file:`.

use std::fs::File;

use sordino_traits::embedder::{FetchError, ResponseHead};
use url::Url;

use super::Response;

pub(super) fn fetch(url: &Url) -> Result<Response, FetchError> {
    let file_error = |path: String, reason: String| FetchError::File { path, reason };
    let path = url
        .to_file_path()
        .map_err(|()| file_error(url.to_string(), "it is not a local path".into()))?;
    let shown = || path.display().to_string();
    let file = File::open(&path).map_err(|error| file_error(shown(), error.to_string()))?;
    let metadata = file.metadata().map_err(|error| file_error(shown(), error.to_string()))?;
    if metadata.is_dir() {
        return Err(file_error(shown(), "it is a folder; name a file in it".into()));
    }
    let head = ResponseHead {
        url: url.to_string(),
        status: 200,
        mime_type: mime_guess::from_path(&path).first().map(|it| it.essence_str().to_owned()),
        charset: None,
        // A device or a pipe has no length.
        length: metadata.is_file().then_some(metadata.len()),
    };
    Ok(Response { head, body: Box::new(file) })
}
