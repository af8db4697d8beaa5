/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Channel messaging](https://html.spec.whatwg.org/multipage/web-messaging.html#channel-messaging), without
//! its objects: the ends of channels, which go from one `MessagePort` to the next when that is
//! transferred.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};

use sordino_script_bindings::structured_clone::Serialized;
use sordino_script_bindings::{DomRoot, DomWeak};
use sordino_traits::DocumentId;

use crate::dom::MessagePort;

/// One end of a channel. A port has it, or a message in which a port is transferred.
#[derive(Default)]
pub(crate) struct End {
    other: RefCell<Weak<End>>,
    /// The port that has it; none while it is on its way.
    port: RefCell<Option<DomWeak<MessagePort>>>,
    /// The [port message queue](https://html.spec.whatwg.org/multipage/web-messaging.html#port-message-queue).
    queue: RefCell<VecDeque<Serialized>>,
    enabled: Cell<bool>,
}

impl End {
    /// The two ends of a new channel.
    pub(crate) fn channel() -> (Rc<Self>, Rc<Self>) {
        let (one, two) = (Rc::<Self>::default(), Rc::<Self>::default());
        one.other.replace(Rc::downgrade(&two));
        two.other.replace(Rc::downgrade(&one));
        (one, two)
    }

    /// The other end, unless it is closed or lost.
    pub(crate) fn other(&self) -> Option<Rc<Self>> {
        self.other.borrow().upgrade()
    }

    /// The port that has it.
    pub(crate) fn port(&self) -> Option<DomRoot<MessagePort>> {
        self.port.borrow().as_ref()?.upgrade()
    }

    /// A port has it now, or none. Its messages wait until the port is started.
    pub(crate) fn set_port(&self, port: Option<&DomRoot<MessagePort>>) {
        self.port.replace(port.map(DomRoot::downgrade));
        self.enabled.set(false);
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled.get()
    }

    /// Lets messages out. Returns how many wait; 0 if they need not.
    pub(crate) fn enable(&self) -> usize {
        if self.enabled.replace(true) { 0 } else { self.queue.borrow().len() }
    }

    pub(crate) fn push(&self, message: Serialized) {
        self.queue.borrow_mut().push_back(message);
    }

    pub(crate) fn pop(&self) -> Option<Serialized> {
        self.queue.borrow_mut().pop_front()
    }

    /// [Disentangles](https://html.spec.whatwg.org/multipage/web-messaging.html#disentangle) it from the other
    /// end, which is returned.
    pub(crate) fn disentangle(&self) -> Option<Rc<Self>> {
        let other = self.other.take().upgrade()?;
        other.other.take();
        Some(other)
    }
}

/// The ends that ports of documents have.
#[derive(Default)]
pub(crate) struct MessagePorts(RefCell<HashMap<DocumentId, Vec<Weak<End>>>>);

impl MessagePorts {
    /// A port of a document has an end now.
    pub(crate) fn add(&self, document: DocumentId, end: &Rc<End>) {
        let mut all = self.0.borrow_mut();
        let ends = all.entry(document).or_default();
        // Those that are gone go before the list grows.
        if ends.len() == ends.capacity() {
            ends.retain(|end| end.strong_count() > 0);
        }
        ends.push(Rc::downgrade(end));
    }

    /// A document is destroyed: its ports are closed.
    pub(crate) fn close(&self, document: DocumentId) {
        let ends = self.0.borrow_mut().remove(&document).unwrap_or_default();
        for end in ends.iter().filter_map(Weak::upgrade) {
            // It may be another document's by now.
            if let Some(port) = end.port().filter(|port| port.page().document_id() == document) {
                port.close_end();
            }
        }
    }
}
