/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a fallible DOM method returns, and the names of DOMException.

use thiserror::Error as ThisError;

/// The result of a DOM method that can fail.
pub type Fallible<T> = Result<T, Error>;

/// Why a DOM method failed. The glue turns it into an exception of the realm whose function is running.
#[derive(Clone, Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A JavaScript `TypeError`.
    #[error("TypeError: {0}")]
    Type(String),
    /// A JavaScript `RangeError`.
    #[error("RangeError: {0}")]
    Range(String),
    /// A `DOMException`.
    #[error("{0}: {1}")]
    Dom(DomExceptionName, String),
    /// Script threw, and the exception is pending in the engine.
    #[error("a JavaScript exception is pending")]
    JsException,
}

macro_rules! names {
    ($($variant:ident = $code:literal,)*) => {
        /// The names in the DOMException names table of Web IDL.
        /// <https://webidl.spec.whatwg.org/#dfn-error-names-table>
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum DomExceptionName {
            $(
                #[doc = concat!("`", stringify!($variant), "`")]
                $variant,
            )*
        }

        impl DomExceptionName {
            /// Every name.
            pub const ALL: &[DomExceptionName] = &[$(DomExceptionName::$variant),*];

            /// The name that script sees.
            pub const fn as_str(self) -> &'static str {
                match self { $(DomExceptionName::$variant => stringify!($variant),)* }
            }

            /// The legacy code, zero if there is none.
            pub const fn code(self) -> u16 {
                match self { $(DomExceptionName::$variant => $code,)* }
            }
        }
    };
}

names! {
    IndexSizeError = 1,
    HierarchyRequestError = 3,
    WrongDocumentError = 4,
    InvalidCharacterError = 5,
    NoModificationAllowedError = 7,
    NotFoundError = 8,
    NotSupportedError = 9,
    InUseAttributeError = 10,
    InvalidStateError = 11,
    SyntaxError = 12,
    InvalidModificationError = 13,
    NamespaceError = 14,
    InvalidAccessError = 15,
    TypeMismatchError = 17,
    SecurityError = 18,
    NetworkError = 19,
    AbortError = 20,
    URLMismatchError = 21,
    QuotaExceededError = 22,
    TimeoutError = 23,
    InvalidNodeTypeError = 24,
    DataCloneError = 25,
    EncodingError = 0,
    NotReadableError = 0,
    UnknownError = 0,
    ConstraintError = 0,
    DataError = 0,
    TransactionInactiveError = 0,
    ReadOnlyError = 0,
    VersionError = 0,
    OperationError = 0,
    NotAllowedError = 0,
    OptOutError = 0,
}

impl std::fmt::Display for DomExceptionName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Error {
    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self::Type(message.into())
    }

    /// A `RangeError`.
    pub fn range_error(message: impl Into<String>) -> Self {
        Self::Range(message.into())
    }

    /// A `DOMException`.
    pub fn dom(name: DomExceptionName, message: impl Into<String>) -> Self {
        Self::Dom(name, message.into())
    }
}
