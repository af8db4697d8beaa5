/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The extended attributes that the generator knows.
//!
//! Unknown ones are errors, since a mistyped `[SameObjct]` must not pass for a comment.

/// On interfaces, mixins and partials.
///
/// `[Serializable]` and `[Transferable]` ask for implementations of the traits of those names.
pub(crate) const INTERFACE: &[&str] = &[
    "Exposed",
    "Global",
    "LegacyFactoryFunction",
    "LegacyWindowAlias",
    "NamedConstructor",
    "Pref",
    "SecureContext",
    "Serializable",
    "Transferable",
    "LegacyUnenumerableNamedProperties",
    "LegacyOverrideBuiltIns",
];

/// On namespaces.
pub(crate) const NAMESPACE: &[&str] = &["Exposed", "Pref", "SecureContext"];

/// On callback interfaces.
pub(crate) const CALLBACK_INTERFACE: &[&str] = &["Exposed"];

/// On members.
///
/// `[CEReactions]`, `[SameObject]` and `[NewObject]` are accepted and have no effect: the implementation must do what they
/// promise. `[Throws]` (also `[GetterThrows]`, `[SetterThrows]`) makes an attribute's Rust methods fallible.
/// `[HTMLConstructor]` makes a constructor that always throws, since there are no custom elements.
pub(crate) const MEMBER: &[&str] = &[
    "CEReactions",
    "Clamp",
    "Default",
    "EnforceRange",
    "Exposed",
    "GetterThrows",
    "HTMLConstructor",
    "LegacyLenientThis",
    "LegacyNullToEmptyString",
    "LegacyUnforgeable",
    "NewObject",
    "Pref",
    "PutForwards",
    "Replaceable",
    "SameObject",
    "SecureContext",
    "SetterThrows",
    "Throws",
    "Unscopable",
];
