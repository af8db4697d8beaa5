/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Ids. Each has the layout of Servo's pipeline and browsing-context ids, a namespace and a
//! non-zero index, so that an adapter converts them field by field.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// Who hands ids out. A content process owns exactly one namespace, which the shell gives it; an
/// id of another namespace in one of its messages is a violation.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct NamespaceId(pub u32);

impl fmt::Display for NamespaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! namespaced_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
        )]
        pub struct $name {
            /// The namespace of whoever made the id.
            pub namespace: NamespaceId,
            /// The running number inside the namespace.
            pub index: NonZeroU32,
        }

        impl $name {
            /// The id with these parts, or `None` when `index` is 0.
            pub fn new(namespace: NamespaceId, index: u32) -> Option<Self> {
                NonZeroU32::new(index).map(|index| Self { namespace, index })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}.{}", self.namespace, self.index)
            }
        }
    };
}

namespaced_id! {
    /// A tab: one top-level browsing context. Servo calls it a WebView.
    TabId
}
namespaced_id! {
    /// A browsing context inside a tab: the top-level one or that of an `iframe`.
    FrameId
}
namespaced_id! {
    /// A document, and with it its audio session and its media session. Servo: a pipeline.
    DocumentId
}
namespaced_id! {
    /// An element of an audio session: a media element, an audio context or a microphone.
    ElementId
}
namespaced_id! {
    /// An `AudioFocusEntry`. No document of its namespace has the same index.
    EntryId
}

/// An audio session: that of a document, or an entry of the document beside it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct SessionId {
    /// The document.
    pub document: DocumentId,
    /// 0 for the document's own session; otherwise the index of an `AudioFocusEntry` that the page
    /// manages, see [`EntryId`].
    pub entry: u32,
}

impl SessionId {
    /// The session of an entry of a document. Both ids are of one namespace.
    pub fn of_entry(document: DocumentId, entry: EntryId) -> Self {
        Self { document, entry: entry.index.get() }
    }

    /// Whether it is an entry, and not the document's own session.
    pub fn is_entry(self) -> bool {
        self.entry != 0
    }
}

impl From<DocumentId> for SessionId {
    fn from(document: DocumentId) -> Self {
        Self { document, entry: 0 }
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            0 => write!(f, "{}", self.document),
            entry => write!(f, "{} entry {entry}", self.document),
        }
    }
}

/// Hands out the ids of one namespace.
#[derive(Debug)]
pub struct IdAllocator {
    namespace: NamespaceId,
    next: u32,
}

impl IdAllocator {
    /// An allocator that starts with index 1.
    pub fn new(namespace: NamespaceId) -> Self {
        Self { namespace, next: 1 }
    }

    /// The namespace of all ids that this allocator hands out.
    pub fn namespace(&self) -> NamespaceId {
        self.namespace
    }

    /// The next number. All kinds of id share one count, so that no two ids of a namespace are
    /// equal in their parts.
    pub fn next_parts(&mut self) -> (NamespaceId, NonZeroU32) {
        let index = NonZeroU32::new(self.next).expect("the count starts at 1 and wraps to 1");
        self.next = self.next.checked_add(1).unwrap_or(1);
        (self.namespace, index)
    }

    /// A new document id.
    pub fn document(&mut self) -> DocumentId {
        let (namespace, index) = self.next_parts();
        DocumentId { namespace, index }
    }

    /// A new frame id.
    pub fn frame(&mut self) -> FrameId {
        let (namespace, index) = self.next_parts();
        FrameId { namespace, index }
    }

    /// A new tab id.
    pub fn tab(&mut self) -> TabId {
        let (namespace, index) = self.next_parts();
        TabId { namespace, index }
    }

    /// A new element id.
    pub fn element(&mut self) -> ElementId {
        let (namespace, index) = self.next_parts();
        ElementId { namespace, index }
    }

    /// A new id of an entry.
    pub fn entry(&mut self) -> EntryId {
        let (namespace, index) = self.next_parts();
        EntryId { namespace, index }
    }
}
