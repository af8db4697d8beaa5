/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The reason phrases of responses, which ureq reads and drops: a transport around all others that
//! reads along.

use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use httparse::{EMPTY_HEADER, Response, Status};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The most headers that ureq reads, and more.
const MAX_HEADERS: usize = 256;

/// The phrase of the last response of a client. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct ReasonPhrase(Arc<Mutex<String>>);

impl ReasonPhrase {
    pub(super) fn take(&self) -> String {
        take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, phrase: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = phrase.to_owned();
    }
}

impl<In: Transport> Connector<In> for ReasonPhrase {
    type Out = ReadAlong<In>;

    fn connect(
        &self,
        _details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let phrase = self.clone();
        Ok(chained.map(|inner| ReadAlong { inner, phrase, head: Some(Vec::new()) }))
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct ReadAlong<T> {
    inner: T,
    phrase: ReasonPhrase,
    /// What came of the head of a response; `None` once it is whole.
    head: Option<Vec<u8>>,
}

impl<T: Transport> ReadAlong<T> {
    fn read_head(&mut self, from: usize) {
        let Some(head) = &mut self.head else { return };
        let input = self.inner.buffers().input();
        head.extend_from_slice(input.get(from..).unwrap_or_default());
        loop {
            let mut headers = [EMPTY_HEADER; MAX_HEADERS];
            let mut response = Response::new(&mut headers);
            match response.parse(head) {
                Ok(Status::Partial) => return,
                // An informational response comes before the one that counts.
                Ok(Status::Complete(length)) if matches!(response.code, Some(100 | 102..=199)) => {
                    head.drain(..length);
                }
                Ok(Status::Complete(_)) => {
                    self.phrase.set(response.reason.unwrap_or_default());
                    self.head = None;
                    return;
                }
                // ureq says so.
                Err(_) => {
                    self.head = None;
                    return;
                }
            }
        }
    }
}

impl<T: Transport> Transport for ReadAlong<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // The answer to this comes next.
        self.head = Some(Vec::new());
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let known = self.inner.buffers().input().len();
        let made_progress = self.inner.await_input(timeout)?;
        self.read_head(known);
        Ok(made_progress)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
