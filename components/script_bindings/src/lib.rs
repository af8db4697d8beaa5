/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Web IDL bindings on QuickJS.
//!
//! Everything that script sees of the DOM comes from `webidls/*.webidl`. The crate `sordino-script-bindings-codegen`, called
//! from the build script of the crate that implements the interfaces, turns each interface into a Rust trait
//! (`AudioSessionMethods`) and into glue that checks brands, converts arguments and calls the trait; dictionaries,
//! enumerations, unions and callbacks become Rust types. This crate is what that glue stands on.
//!
//! # Where things are
//!
//! - [`Runtime`], [`Realm`]: the engine of a thread, and its global objects. A runtime [limits](Runtime::set_script_budget) the
//!   time, memory and stack of script. [`JsValue`], [`JsObject`], [`JsPromise`]: values.
//! - [`DomObject`], [`Reflector`], [`DomRoot`], [`Dom`]: Rust objects with a JavaScript wrapper, and references to them.
//! - [`Trace`]: what the cycle collector must know. [`convert`]: the conversions. [`Callback`]: calling back.
//! - [`InterfaceSpec`] and [`install()`]: interfaces as data, and making them. [`Call`] and [`Native`]: calls from script.
//! - [`Error`], [`DomExceptionName`], [`DomException`]: exceptions.
//! - [`Module`], [`Realm::link_module`], [`Realm::evaluate_module`], [`DynamicImport`]: modules. The embedder parses a module, fetches
//!   what it requests, links the graph and runs it; nothing is loaded while the engine waits.
//! - [`Realm::compile_function`]: functions from text, such as event handler content attributes.
//! - [`structured_clone`]: values as plain data. `[Serializable]` and `[Transferable]` interfaces implement [`Serializable`]
//!   and [`Transferable`].
//!
//! # An interface, from IDL to Rust
//!
//! The build script of the implementing crate:
//!
//! ```text
//! fn main() -> std::process::ExitCode {
//!     let config = Config { source_dir: Some("src".into()), ..Config::default() };
//!     Generator::new("../script_bindings/webidls", config).build("bindings.rs")
//! }
//! ```
//!
//! Its library includes the result, and has a module `dom` with a type for each interface:
//!
//! ```text
//! #[allow(clippy::all, missing_docs)]
//! pub mod bindings {
//!     include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
//! }
//! ```
//!
//! For this IDL
//!
//! ```text
//! [Exposed=Window]
//! interface Counter : EventTarget {
//!   constructor(optional long start = 0);
//!   readonly attribute long value;
//!   attribute EventHandler onchange;
//!   undefined add(long amount, optional CounterOptions options = {});
//! };
//! dictionary CounterOptions { boolean quiet = false; };
//! ```
//!
//! the implementation is
//!
//! ```text
//! pub struct Counter {
//!     event_target: EventTarget, // the base, embedded
//!     value: Cell<i32>,
//!     onchange: RefCell<Option<Rc<EventHandlerNonNull>>>,
//! }
//! // The base, the field it is in, and every field that holds a JavaScript value.
//! dom_object!(Counter: EventTarget, event_target, trace(onchange));
//!
//! impl CounterMethods for Counter {
//!     fn constructor(realm: &Realm, start: i32) -> Fallible<DomRoot<Self>> {
//!         Ok(DomRoot::new(realm, Counter::new_inherited(start)))
//!     }
//!     fn value(&self, _realm: &Realm) -> i32 {
//!         self.value.get()
//!     }
//!     fn onchange(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
//!         self.onchange.borrow().clone()
//!     }
//!     fn set_onchange(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
//!         *self.onchange.borrow_mut() = value;
//!     }
//!     fn add(&self, realm: &Realm, amount: i32, options: CounterOptions) -> Fallible<()> {
//!         let sum = self.value.get().checked_add(amount);
//!         self.value.set(sum.ok_or_else(|| Error::range_error("too many"))?);
//!         // A clone, so that no borrow is open while script runs.
//!         let handler = self.onchange.borrow().clone();
//!         if let (Some(handler), false) = (handler, options.quiet) {
//!             let event = DomRoot::new(realm, Event::new_inherited("change"));
//!             handler.call_reporting(&self.root().to_js(realm)?, &event);
//!         }
//!         Ok(())
//!     }
//! }
//! ```
//!
//! A misspelt type in the IDL, or a method that is missing here, stops the build with the IDL's file and line. The crate in
//! `testing/` is a complete consumer.
//!
//! # Signatures
//!
//! Names are snake case (`innerHTML` is `inner_html`; a keyword gets an underscore, `type_`; a setter is `set_…`; the second
//! overload is `…_2`; a static operation beside a member of the same name is `…_static`; `[LegacyFactoryFunction=Audio]` is `construct_audio`; a stringifier is `stringifier`). The first
//! parameter is the realm of the running function; the object's own is `self.realm()`. Attributes return plain values, unless
//! the IDL says `[Throws]`, `[GetterThrows]` or `[SetterThrows]`; operations and constructors return [`Fallible`]. What a
//! promise-returning operation returns as an error becomes a rejection.
//!
//! | IDL | Rust |
//! |---|---|
//! | `any`, `object` | [`JsValue`], [`JsObject`] |
//! | `DOMString`, `USVString`, `ByteString` | [`DomString`] (keeps lone surrogates), `String`, [`ByteString`] |
//! | `boolean`, integers, `double`, `float` | `bool`, `i8` … `u64`, `f64`, `f32` |
//! | `ArrayBuffer`, `Uint8Array` and the like, `DataView` | the type of that name |
//! | `ArrayBufferView`, `BufferSource` | [`ArrayBufferView`], [`BufferSource`] (also `AllowSharedBufferSource`: nothing is shared) |
//! | interface | [`DomRoot`] of its type; [`DomException`] |
//! | `WindowProxy` | [`WindowProxy`] |
//! | dictionary | its struct; inherited members in `parent`; members that may be missing are `Option` (`any`: `undefined`) |
//! | enumeration | its enum; in an attribute's setter, unknown values never arrive |
//! | callback function, callback interface | `Rc` of its type, to keep and to call |
//! | `T?` | `Option` |
//! | `sequence<T>`, `record<K, V>` | `Vec`, [`Record`] |
//! | `FrozenArray<T>` | [`FrozenArray`] to script, `Vec` from script |
//! | `Promise<T>` | [`JsPromise`] |
//! | `(A or B)` | `enum AOrB` |
//! | `optional T` without default | `Option` (`any`: `undefined`) |
//! | `T...` | `Vec` |
//!
//! `iterable<K, V>` asks for `fn value_pair(&self, realm: &Realm, index: usize) -> Option<(K, V)>`, which is called at each step, so
//! that script sees changes; `iterable<V>` needs an indexed getter and no method.
//!
//! A named getter, setter or deleter is a method like any operation (without identifier `named_getter`, …), and is called for
//! supported property names only. These are `fn supported_property_names(&self, realm: &Realm) -> Vec<DomString>`;
//! `fn is_supported_property_name(&self, realm: &Realm, name: &DomString) -> bool` looks there unless it is written. The
//! names of a `[Global]` interface are on its named properties object.
//!
//! # Windows
//!
//! Script sees a window through a [`WindowProxy`]. The embedder makes one for each browsing context and each origin of those who
//! look, points it to the window of the moment ([`WindowProxy::set_same_origin`]), and gives it to that window's realm
//! ([`Realm::set_window_proxy`]). From then on a [`DomRoot`] of the window converts to the proxy, and the proxy to the
//! [`DomRoot`]. What pages of other origins see is the embedder's [`WindowContext`] and, for a `Location`, a
//! [`CrossOriginObject`].
//!
//! # Exceptions
//!
//! The Rust type of an interface that inherits from `DOMException` has a [`Reflector`] of its own, as that of a root, and
//! implements [`ExceptionInterface`]; what script sees is a `DOMException` of the engine with the interface's prototype.
//!
//! # Lifetimes
//!
//! A wrapper owns its DOM object; the object knows its wrapper weakly, so there is one wrapper per object as long as anybody
//! can tell. Values in traced fields belong to the wrapper while it is the only owner: a handler that closes over its own
//! object is collected with it. While Rust holds a [`DomRoot`], the values are roots. A reference from one DOM object to
//! another is a [`Dom`]. [`Reflector::preserve`] keeps an object with its wrapper alive while something goes on that the page
//! may yet hear of. A realm lives as long as a handle, an object or a function of it does; a [`WeakRealm`] is a handle that
//! does not count, for data that the realm keeps.
//!
//! ```
//! use sordino_script_bindings::{Runtime, ToJs, convert};
//!
//! let runtime = Runtime::new()?;
//! let realm = runtime.new_realm()?;
//! let double = realm.new_function("double", 1, |call| {
//!     (convert::double(call.realm(), call.arg(0))? * 2.0).to_js(call.realm())
//! })?;
//! realm.global().define(&realm, "double", double.into())?;
//! assert_eq!(realm.eval("double('21')", "example.js")?.as_f64(), Some(42.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod buffer;
mod callback;
mod class;
pub mod convert;
mod cross_origin;
mod dom_object;
mod dom_ref;
mod error;
mod exception;
mod exception_interface;
mod exotic;
mod function_source;
mod glue;
mod install;
mod interface;
mod intrinsics;
mod json;
mod key;
mod legacy;
mod limits;
mod memory;
mod module;
mod object;
pub mod pair_iterator;
mod promise;
mod property;
mod realm;
mod reflector;
mod runtime;
mod script;
mod string;
pub mod structured_clone;
mod trace;
mod value;
mod window_proxy;
mod wrapper;

pub use buffer::{
    ArrayBuffer, ArrayBufferView, BigInt64Array, BigUint64Array, BufferSource, DataView,
    Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Uint8Array, Uint8ClampedArray,
    Uint16Array, Uint32Array, ViewType,
};
pub use callback::Callback;
pub use convert::{FrozenArray, Record, ToJs};
pub use cross_origin::{
    CrossOriginAccess, CrossOriginFunction, CrossOriginObject, CrossOriginProperty,
};
pub use dom_object::{DerivedFrom, DomBase, DomInterface, DomObject, DomObjectExt};
pub use dom_ref::{Dom, DomRoot, DomWeak};
pub use error::{DomExceptionName, Error, Fallible};
pub use exception::DomException;
pub use exception_interface::ExceptionInterface;
pub use function_source::FunctionSource;
pub use glue::{Call, Native};
pub use install::install;
pub use interface::{
    Bindings, Constant, Exposure, Features, Function, InterfaceId, InterfaceInfo, InterfaceSpec,
    Member, MemberKind, NamespaceSpec,
};
pub use legacy::{Indexed, Named, NamedDeleter, NamedSetter};
pub use limits::{OverBudget, ScriptStopper, script_must_end};
pub use module::{DynamicImport, Module, ModuleRequest, ModuleSource};
pub use pair_iterator::PairIterable;
pub use promise::JsPromise;
pub use realm::{Realm, WeakRealm};
pub use reflector::Reflector;
pub use runtime::{Runtime, RuntimeError};
pub use string::{ByteString, DomString};
pub use structured_clone::{Serializable, Serialized, Transferable};
pub use trace::{Trace, Tracer};
pub use value::{JsObject, JsValue, live_handles};
pub use window_proxy::{WindowContext, WindowProxy};

/// The engine's raw interface, for named unsafe modules of an embedder.
pub use rquickjs::qjs;
