/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The IDL after parsing: owned, with positions, mixins and partials merged later.

use std::collections::BTreeMap;

use crate::source::Position;

/// How an integer is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Wrap,
    EnforceRange,
    Clamp,
}

/// An IDL type; typedefs are replaced by `check`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Any,
    Undefined,
    Boolean,
    /// Rust type, conversion function, IDL name.
    Integer(&'static Integer, Mode),
    Double {
        unrestricted: bool,
    },
    Float {
        unrestricted: bool,
    },
    DomString {
        null_empty: bool,
    },
    UsvString,
    ByteString,
    Object,
    /// The name, and whether there is `[AllowResizable]`.
    Buffer(&'static str, bool),
    Named(String, Position),
    Nullable(Box<Type>),
    Sequence(Box<Type>),
    FrozenArray(Box<Type>),
    Record(Box<Type>, Box<Type>),
    Promise(Box<Type>),
    Union(Vec<Type>),
}

/// The buffer types, in the order of <https://webidl.spec.whatwg.org/#js-union>.
pub(crate) const BUFFERS: [&str; 15] = [
    "ArrayBuffer",
    "DataView",
    "Int8Array",
    "Int16Array",
    "Int32Array",
    "Uint8Array",
    "Uint16Array",
    "Uint32Array",
    "Uint8ClampedArray",
    "BigInt64Array",
    "BigUint64Array",
    "Float32Array",
    "Float64Array",
    "ArrayBufferView",
    "BufferSource",
];

impl Type {
    /// The buffer type of that name. `AllowSharedBufferSource` is `BufferSource`, since nothing is shared.
    pub(crate) fn buffer(name: &str) -> Option<Self> {
        let name = if name == "AllowSharedBufferSource" { "BufferSource" } else { name };
        let found = BUFFERS.iter().find(|buffer| **buffer == name)?;
        Some(Self::Buffer(found, false))
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Integer {
    pub(crate) rust: &'static str,
    pub(crate) convert: &'static str,
    pub(crate) idl: &'static str,
}

macro_rules! integers {
    ($($name:ident: $rust:literal, $convert:literal, $idl:literal;)*) => {
        $(pub(crate) static $name: Integer =
            Integer { rust: $rust, convert: $convert, idl: $idl };)*
    };
}
integers! {
    BYTE: "i8", "byte", "Byte";
    OCTET: "u8", "octet", "Octet";
    SHORT: "i16", "short", "Short";
    UNSIGNED_SHORT: "u16", "unsigned_short", "UnsignedShort";
    LONG: "i32", "long", "Long";
    UNSIGNED_LONG: "u32", "unsigned_long", "UnsignedLong";
    LONG_LONG: "i64", "long_long", "LongLong";
    UNSIGNED_LONG_LONG: "u64", "unsigned_long_long", "UnsignedLongLong";
}

/// A default value or the value of a constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Boolean(bool),
    /// As Rust source of an integer.
    Integer(i128),
    Float(f64),
    String(String),
    Null,
    EmptyArray,
    EmptyDictionary,
}

/// An extended attribute.
#[derive(Clone, Debug)]
pub(crate) struct Attr {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) value: AttrValue,
}

#[derive(Clone, Debug)]
pub(crate) enum AttrValue {
    None,
    /// `=identifier` or `="string"`
    Text(String),
    /// `=(a, b)`
    List(Vec<String>),
    /// `=Name(arguments)`
    Named(String, Vec<Argument>),
    /// `*`
    All,
}

/// The extended attributes of one construct.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attrs(pub(crate) Vec<Attr>);

impl Attrs {
    pub(crate) fn get(&self, name: &str) -> Option<&Attr> {
        self.0.iter().find(|attr| attr.name == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match &self.get(name)?.value {
            AttrValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) optional: bool,
    pub(crate) variadic: bool,
    pub(crate) default: Option<Literal>,
    pub(crate) position: Position,
}

#[derive(Clone, Debug)]
pub(crate) enum MemberKind {
    Constant { value: Literal },
    Attribute { ty: Type, readonly: bool },
    Operation { ret: Type, args: Vec<Argument> },
    Constructor { args: Vec<Argument> },
}

#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) attrs: Attrs,
    pub(crate) kind: MemberKind,
    pub(crate) is_static: bool,
    pub(crate) stringifier: bool,
    pub(crate) special: Option<Special>,
}

/// A special operation: one with the keyword `getter`, `setter` or `deleter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    IndexedGetter,
    NamedGetter,
    NamedSetter,
    NamedDeleter,
}

impl Special {
    /// The Rust name of one without identifier.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::IndexedGetter => "indexed_getter",
            Self::NamedGetter => "named_getter",
            Self::NamedSetter => "named_setter",
            Self::NamedDeleter => "named_deleter",
        }
    }
}

impl Member {
    /// Whether both are overloads of one operation or constructor.
    pub(crate) fn overloads(&self, other: &Self) -> bool {
        self.name == other.name
            && self.is_static == other.is_static
            && self.stringifier == other.stringifier
            && self.special == other.special
            && std::mem::discriminant(&self.kind) == std::mem::discriminant(&other.kind)
    }
}

/// An interface, a mixin, a namespace or a callback interface.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) parent: Option<(String, Position)>,
    pub(crate) attrs: Attrs,
    pub(crate) members: Vec<Member>,
    pub(crate) iterable: Option<Iterable>,
}

impl Interface {
    /// Its own special operation of that kind.
    pub(crate) fn special(&self, special: Special) -> Option<&Member> {
        self.members.iter().find(|member| member.special == Some(special))
    }
}

/// `iterable<…>`
#[derive(Clone, Debug)]
pub(crate) enum Iterable {
    /// `iterable<V>`, of what the indexed getter returns.
    Values,
    /// `iterable<K, V>`
    Pairs(Type, Type),
}

#[derive(Clone, Debug)]
pub(crate) struct DictionaryMember {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) default: Option<Literal>,
}

#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) parent: Option<(String, Position)>,
    pub(crate) members: Vec<DictionaryMember>,
}

#[derive(Clone, Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) values: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Callback {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) non_object_as_null: bool,
    pub(crate) ret: Type,
    pub(crate) args: Vec<Argument>,
}

#[derive(Clone, Debug)]
pub(crate) struct Typedef {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) ty: Type,
}

/// All definitions of all files.
#[derive(Default)]
pub(crate) struct Idl {
    pub(crate) interfaces: BTreeMap<String, Interface>,
    pub(crate) mixins: BTreeMap<String, Interface>,
    pub(crate) namespaces: BTreeMap<String, Interface>,
    pub(crate) callback_interfaces: BTreeMap<String, Interface>,
    pub(crate) dictionaries: BTreeMap<String, Dictionary>,
    pub(crate) enums: BTreeMap<String, Enum>,
    pub(crate) callbacks: BTreeMap<String, Callback>,
    pub(crate) typedefs: BTreeMap<String, Typedef>,
    pub(crate) partial_interfaces: Vec<Interface>,
    pub(crate) partial_mixins: Vec<Interface>,
    pub(crate) partial_namespaces: Vec<Interface>,
    pub(crate) partial_dictionaries: Vec<Dictionary>,
    /// Interface, mixin.
    pub(crate) includes: Vec<((String, Position), (String, Position))>,
}

impl Idl {
    /// Where a name is defined.
    pub(crate) fn position_of(&self, name: &str) -> Option<&Position> {
        let interfaces =
            [&self.interfaces, &self.mixins, &self.namespaces, &self.callback_interfaces];
        interfaces
            .into_iter()
            .find_map(|map| map.get(name).map(|found| &found.position))
            .or_else(|| self.dictionaries.get(name).map(|found| &found.position))
            .or_else(|| self.enums.get(name).map(|found| &found.position))
            .or_else(|| self.callbacks.get(name).map(|found| &found.position))
            .or_else(|| self.typedefs.get(name).map(|found| &found.position))
    }
}
