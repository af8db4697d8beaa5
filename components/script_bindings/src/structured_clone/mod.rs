/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Structured clone: JavaScript values as plain data, to be made again in another realm.
//! <https://html.spec.whatwg.org/multipage/structured-data.html>
//!
//! - `serialize` walks a value in the order that script can observe, with a list of what is left to do, so that depth costs
//!   no stack. `deserialize` makes all objects first and fills them then.
//! - `platform`: what DOM objects do to take part.

mod deserialize;
mod platform;
mod serialize;

pub use deserialize::{Deserialized, deserialize, deserialize_with_transfer};
pub use platform::{Serializable, SerializationSteps, TransferSteps, Transferable};
pub use serialize::{serialize, serialize_with};

use std::any::Any;
use std::rc::Rc;

use crate::buffer::ViewType;
use crate::interface::InterfaceInfo;
use crate::string::DomString;

/// How much a value may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// What all parts of the value take as data, in bytes; a `DataCloneError` if they are more.
    pub bytes: usize,
}

impl Default for Limits {
    /// 256 MiB.
    fn default() -> Self {
        Self { bytes: 256 << 20 }
    }
}

/// A serialized value. It holds no reference to the engine, so it can wait in a queue, and be made again in any realm of the
/// thread.
#[derive(Clone, Debug)]
pub struct Serialized {
    root: Value,
    nodes: Vec<Node>,
    /// The transferred objects, in order.
    transferred: Vec<u32>,
    bytes: usize,
}

impl Serialized {
    /// About how many bytes it takes.
    pub fn byte_size(&self) -> usize {
        self.bytes
    }
}

/// A primitive value, or the number of an object.
#[derive(Clone, Debug)]
enum Value {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    /// In decimal.
    BigInt(String),
    String(DomString),
    Object(u32),
}

#[derive(Clone, Debug)]
enum PropertyKey {
    Index(u32),
    Name(DomString),
}

type Properties = Vec<(PropertyKey, Value)>;

/// One object.
#[derive(Clone, Debug)]
enum Node {
    /// A `Boolean`, `Number`, `BigInt` or `String` object.
    Primitive(Value),
    Date(f64),
    RegExp {
        source: DomString,
        flags: String,
    },
    ArrayBuffer {
        bytes: Vec<u8>,
        max_byte_length: Option<usize>,
    },
    /// Without a length: as long as the buffer.
    View {
        view_type: ViewType,
        buffer: u32,
        offset: usize,
        length: Option<usize>,
    },
    /// Keys and values by turns.
    Map(Vec<Value>),
    Set(Vec<Value>),
    Error {
        kind: ErrorKind,
        message: Option<DomString>,
        stack: Option<DomString>,
        cause: Option<Value>,
    },
    DomException {
        name: DomString,
        message: DomString,
        stack: Option<DomString>,
    },
    Array {
        length: u32,
        properties: Properties,
    },
    Object(Properties),
    /// A serializable platform object.
    Platform(PlatformData),
    /// A transferred platform object.
    Transferred(PlatformData),
    /// A transferable object whose turn has not come yet.
    Pending,
}

#[derive(Clone)]
struct PlatformData {
    info: &'static InterfaceInfo,
    data: Rc<dyn Any>,
}

impl std::fmt::Debug for PlatformData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info.name)
    }
}

/// The constructors of errors that survive; the others become `Error`.
#[derive(Clone, Copy, Debug)]
enum ErrorKind {
    Error,
    Eval,
    Range,
    Reference,
    Syntax,
    Type,
    Uri,
}

impl ErrorKind {
    fn of(name: &DomString) -> Self {
        match name.as_str() {
            Some("EvalError") => Self::Eval,
            Some("RangeError") => Self::Range,
            Some("ReferenceError") => Self::Reference,
            Some("SyntaxError") => Self::Syntax,
            Some("TypeError") => Self::Type,
            Some("URIError") => Self::Uri,
            _ => Self::Error,
        }
    }
}
