/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [bodies](https://fetch.spec.whatwg.org/#concept-body) of requests and responses.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use sordino_script_bindings::{Error, Fallible, JsPromise, JsValue, Realm, ToJs, impl_trace};

pub(crate) use crate::bindings::BlobOrBufferSourceOrURLSearchParamsOrUsvString as BodyInit;
use crate::page::Page;

/// What becomes of a stream: all its bytes, or why they are not all there.
type Outcome = Result<Bytes, JsValue>;

type Waiter = Box<dyn FnOnce(Outcome)>;

/// The bytes of a body, as they come. Script cannot see it; the bodies that share it are as those of
/// a stream with as many branches.
#[derive(Default)]
pub(crate) struct ByteStream {
    received: RefCell<Vec<u8>>,
    complete: RefCell<Option<Bytes>>,
    error: RefCell<Option<JsValue>>,
    waiters: RefCell<Vec<Waiter>>,
}

impl_trace!(ByteStream { error });

impl ByteStream {
    /// One whose bytes are all there.
    pub(crate) fn of(bytes: Bytes) -> Rc<Self> {
        Rc::new(Self { complete: RefCell::new(Some(bytes)), ..Self::default() })
    }

    /// More bytes came.
    pub(crate) fn push(&self, bytes: &[u8]) {
        self.received.borrow_mut().extend_from_slice(bytes);
    }

    /// No more bytes come.
    pub(crate) fn close(&self) {
        let bytes = Bytes::from(self.received.take());
        self.complete.replace(Some(bytes));
        self.settle();
    }

    /// The rest does not come. That changes nothing once all is there.
    pub(crate) fn fail(&self, error: JsValue) {
        if self.outcome().is_none() {
            self.received.take();
            self.error.replace(Some(error));
            self.settle();
        }
    }

    /// Nothing more becomes of it.
    pub(crate) fn abandon(&self) {
        let waiters = self.waiters.take();
        drop(waiters);
    }

    /// Whether somebody waits for its end.
    pub(crate) fn is_awaited(&self) -> bool {
        !self.waiters.borrow().is_empty()
    }

    fn outcome(&self) -> Option<Outcome> {
        let error = self.error.borrow().clone().map(Err);
        error.or_else(|| self.complete.borrow().clone().map(Ok))
    }

    fn settle(&self) {
        if let Some(outcome) = self.outcome() {
            for waiter in self.waiters.take() {
                waiter(outcome.clone());
            }
        }
    }

    /// [Fully reads](https://fetch.spec.whatwg.org/#body-fully-read) it.
    fn when_settled(&self, waiter: impl FnOnce(Outcome) + 'static) {
        match self.outcome() {
            Some(outcome) => waiter(outcome),
            None => self.waiters.borrow_mut().push(Box::new(waiter)),
        }
    }
}

/// The body of a `Request` or a `Response`, which may be null, and whether it was read.
#[derive(Default)]
pub(crate) struct Body {
    stream: Option<Rc<ByteStream>>,
    used: Cell<bool>,
}

impl_trace!(Body { stream });

impl Body {
    pub(crate) fn new(stream: Option<Rc<ByteStream>>) -> Self {
        Self { stream, used: Cell::new(false) }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.stream.is_none()
    }

    /// Whether it is [unusable](https://fetch.spec.whatwg.org/#body-unusable).
    pub(crate) fn is_used(&self) -> bool {
        self.used.get()
    }

    fn require_usable(&self) -> Fallible<()> {
        if self.is_used() {
            return Err(Error::type_error("the body was read already"));
        }
        Ok(())
    }

    /// [Clones](https://fetch.spec.whatwg.org/#concept-body-clone) it.
    pub(crate) fn try_clone(&self) -> Fallible<Self> {
        self.require_usable()?;
        Ok(Self::new(self.stream.clone()))
    }

    /// Gives it to another object; this one is used then.
    pub(crate) fn give(&self) -> Fallible<Self> {
        let given = self.try_clone()?;
        self.used.set(self.stream.is_some());
        Ok(given)
    }

    /// The bytes of a body whose source is known: that of a request.
    pub(crate) fn source(&self) -> Option<Bytes> {
        self.stream.as_ref()?.complete.borrow().clone()
    }

    /// [Consumes](https://fetch.spec.whatwg.org/#concept-body-consume-body) it: a promise of what becomes
    /// of the bytes.
    pub(crate) fn consume<T: ToJs>(
        &self,
        realm: &Realm,
        package: impl FnOnce(&Realm, &Bytes) -> Fallible<T> + 'static,
    ) -> Fallible<JsPromise> {
        self.require_usable()?;
        let promise = JsPromise::new(realm)?;
        let Some(stream) = &self.stream else {
            settle(realm, &promise, package(realm, &Bytes::new()));
            return Ok(promise);
        };
        self.used.set(true);
        let (page, result) = (Page::of(realm), promise.clone());
        stream.when_settled(move |outcome| {
            page.queue(move |page| {
                let realm = page.realm();
                match outcome {
                    Ok(bytes) => settle(&realm, &result, package(&realm, &bytes)),
                    Err(error) => result.reject_value(&realm, error),
                }
            });
        });
        Ok(promise)
    }
}

fn settle<T: ToJs>(realm: &Realm, promise: &JsPromise, value: Fallible<T>) {
    match value {
        Ok(value) => promise.resolve(realm, &value),
        Err(error) => promise.reject(realm, error),
    }
}

/// [Extracts](https://fetch.spec.whatwg.org/#concept-bodyinit-extract) a body and its type.
pub(crate) fn extract(realm: &Realm, init: &BodyInit) -> (Bytes, Option<String>) {
    match init {
        BodyInit::Blob(blob) => {
            let data = blob.data();
            (data.bytes.clone(), Some(data.type_.clone()).filter(|type_| !type_.is_empty()))
        }
        BodyInit::BufferSource(source) => (source.to_vec(realm).into(), None),
        BodyInit::URLSearchParams(params) => {
            let type_ = "application/x-www-form-urlencoded;charset=UTF-8";
            (params.serialize().into(), Some(type_.into()))
        }
        BodyInit::UsvString(text) => (text.clone().into(), Some("text/plain;charset=UTF-8".into())),
    }
}
