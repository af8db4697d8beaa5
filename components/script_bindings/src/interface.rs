/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Interfaces as data; the generator writes one [`InterfaceSpec`] per interface, and [`install`](crate::install) reads it.

use std::ffi::CStr;

use crate::dom_object::DomObject;
use crate::glue::Native;
use crate::legacy::{Indexed, Named};
use crate::string::DomString;
use crate::structured_clone::{SerializationSteps, TransferSteps};

/// The number of an interface, unique in one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceId(pub u16);

impl InterfaceId {
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a wrapper must know about its interface.
pub struct InterfaceInfo {
    /// The number.
    pub id: InterfaceId,
    /// The IDL identifier.
    pub name: &'static str,
    /// The interface it inherits from.
    pub parent: Option<&'static InterfaceInfo>,
    /// Whether it or an ancestor has `[LegacyUnforgeable]` members.
    pub has_unforgeable: bool,
    /// Its indexed getter, own or inherited.
    pub indexed: Option<&'static Indexed>,
    /// Its named properties, own or inherited. Those of a `[Global]` interface are on its named properties object.
    pub named: Option<&'static Named>,
    /// `[Serializable]`
    pub serialization: Option<SerializationSteps>,
    /// `[Transferable]`
    pub transfer: Option<TransferSteps>,
    /// The message of an interface that inherits from `DOMException`.
    pub exception_message: Option<fn(&dyn DomObject) -> DomString>,
}

impl InterfaceInfo {
    /// Whether its wrappers have internal methods of their own.
    pub(crate) fn is_legacy(&self) -> bool {
        self.indexed.is_some() || self.named.is_some()
    }
}

/// When a member or an interface is there.
#[derive(Clone, Copy, Default)]
pub struct Exposure {
    /// `[SecureContext]`
    pub secure_context: bool,
    /// `[Pref="name"]`
    pub pref: Option<&'static str>,
}

/// What decides about exposure in one realm.
pub struct Features<'a> {
    /// Whether a preference is on.
    pub pref: &'a dyn Fn(&str) -> bool,
    /// Whether the realm is a secure context.
    pub secure_context: bool,
}

impl Features<'_> {
    pub(crate) fn allow(&self, exposure: Exposure) -> bool {
        (self.secure_context || !exposure.secure_context)
            && exposure.pref.is_none_or(|name| (self.pref)(name))
    }
}

/// The value of a constant.
#[derive(Clone, Copy)]
pub enum Constant {
    /// A boolean.
    Bool(bool),
    /// Any number.
    Number(f64),
}

/// The kinds of members.
pub enum MemberKind {
    /// An attribute; without a setter if it is read-only.
    Attribute {
        /// The getter.
        get: Native,
        /// The setter.
        set: Option<Native>,
    },
    /// An operation.
    Operation {
        /// The function.
        call: Native,
        /// The smallest number of required arguments.
        length: u8,
    },
    /// A constant.
    Constant(Constant),
}

/// One member.
pub struct Member {
    /// The property name.
    pub name: &'static CStr,
    /// What it is.
    pub kind: MemberKind,
    /// When it is there.
    pub exposure: Exposure,
    /// `static`
    pub is_static: bool,
    /// `[LegacyUnforgeable]`
    pub unforgeable: bool,
    /// `[Unscopable]`
    pub unscopable: bool,
}

/// A function with its `length`.
pub struct Function {
    /// The name on the global object.
    pub name: &'static CStr,
    /// The function.
    pub call: Native,
    /// The smallest number of required arguments.
    pub length: u8,
}

/// All about one interface.
pub struct InterfaceSpec {
    /// What wrappers need.
    pub info: &'static InterfaceInfo,
    /// The name as a property name.
    pub name: &'static CStr,
    /// The constructor and its length.
    pub constructor: Option<(Native, u8)>,
    /// Own members, mixins and partials included.
    pub members: &'static [Member],
    /// `[LegacyFactoryFunction]`
    pub factories: &'static [Function],
    /// `[LegacyWindowAlias]`
    pub window_aliases: &'static [&'static CStr],
    /// When the interface is there.
    pub exposure: Exposure,
    /// `[Global]`
    pub is_global: bool,
    /// The named properties of a `[Global]` interface.
    pub named_properties: Option<&'static Named>,
    /// With `iterable<K, V>`: `next` of its iterators. The methods that return them are in `members`.
    pub pair_iterator: Option<Native>,
}

/// All about one namespace.
pub struct NamespaceSpec {
    /// The property name on the global object.
    pub name: &'static CStr,
    /// The members.
    pub members: &'static [Member],
    /// When it is there.
    pub exposure: Exposure,
}

/// Everything that one generated file exposes; interfaces after their parents.
pub struct Bindings {
    /// The interfaces.
    pub interfaces: &'static [InterfaceSpec],
    /// The namespaces.
    pub namespaces: &'static [NamespaceSpec],
}
