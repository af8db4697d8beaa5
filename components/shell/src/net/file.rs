/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `file:`.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Result as IoResult, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;

use rustix::event::PollFlags;
use rustix::fs::OFlags;
use sordino_traits::embedder::{ContentRange, FetchError, Header, ResponseHead};
use sordino_traits::headers::resolve_range;

use super::fetch::Response;
use super::interrupt::Interrupt;
use super::request::Request;

pub(super) fn fetch(request: &Request, interrupt: &Interrupt) -> Result<Response, FetchError> {
    if request.method != "GET" {
        return Err(request.failed("files can only be read, with GET"));
    }
    let url = request.url();
    let file_error = |path: String, reason: String| FetchError::File { path, reason };
    let path = url
        .to_file_path()
        .map_err(|()| file_error(url.to_string(), "it is not a local path".into()))?;
    let shown = || path.display().to_string();
    let mut file = OpenOptions::new()
        .read(true)
        // A pipe that nobody writes to must not hold up the opening.
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(&path)
        .map_err(|error| file_error(shown(), error.to_string()))?;
    let metadata = file.metadata().map_err(|error| file_error(shown(), error.to_string()))?;
    if metadata.is_dir() {
        return Err(file_error(shown(), "it is a folder; name a file in it".into()));
    }
    let mime_type = mime_guess::from_path(&path).first().map(|it| it.essence_str().to_owned());
    let header = mime_type.as_deref().map(|it| Header::new("content-type", it));
    // A device or a pipe has no length.
    let total = metadata.is_file().then_some(metadata.len());
    let mut head = ResponseHead {
        url: url.to_string(),
        status: 200,
        status_text: "OK".into(),
        headers: header.into_iter().collect(),
        mime_type,
        length: total,
        ..Default::default()
    };
    // Media is fetched from where it is to be played.
    if let Some(range) = request.headers.get("range")
        && let Some(total) = total
        && let Some((start, _)) = resolve_range(&range, total)
    {
        file.seek(SeekFrom::Start(start))
            .map_err(|error| file_error(shown(), error.to_string()))?;
        head.status = 206;
        head.status_text = "Partial Content".into();
        head.length = Some(total - start);
        head.range = Some(ContentRange { start, total: Some(total) });
        head.validator = metadata.modified().ok().map(|time| format!("{time:?}").into());
    }
    let body = Box::new(FileReader { file, interrupt: interrupt.clone() });
    Ok(Response { head, body, cookie_access: None })
}

/// A file that can be a pipe on which nothing comes.
struct FileReader {
    file: File,
    interrupt: Interrupt,
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        loop {
            match self.file.read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.interrupt.wait(&self.file, PollFlags::IN, None)?;
                }
                read => return read,
            }
        }
    }
}
