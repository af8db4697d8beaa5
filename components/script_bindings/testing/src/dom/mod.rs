/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The DOM objects of the test interfaces.

mod buffers;
mod clone;
mod event;
mod event_target;
mod failure;
mod misc;
mod named;
mod pairs;
mod test_binding;
mod window;

pub use buffers::TestBuffers;
pub use clone::{LabelledParcel, Parcel, Port, SecretParcel};
pub use event::{CustomEvent, Event};
pub use event_target::EventTarget;
pub use failure::{DetailedFailure, Failure};
pub use misc::{Holder, List, SecureOnly};
pub use named::{Collection, LongerCollection, NumberMap, Overriding, Store};
pub use pairs::{LongerPairList, OtherPairs, PairList};
pub use test_binding::{TestBinding, live_objects};
pub use window::{Console, Window};
