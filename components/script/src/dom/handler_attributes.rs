/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Getters and setters of [event handler IDL attributes](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes).

/// Those with this type of callback. `DomObjectExt`, `EventTarget`, `Rc` and `Realm` must be imported.
macro_rules! event_handlers {
    ($type:ty: $($getter:ident $setter:ident),* $(,)?) => {
        $(
            fn $getter(&self, _realm: &Realm) -> Option<Rc<$type>> {
                self.upcast::<EventTarget>().handler(&stringify!($getter)[2..])
            }

            fn $setter(&self, _realm: &Realm, value: Option<Rc<$type>>) {
                self.upcast::<EventTarget>().set_handler(&stringify!($getter)[2..], value);
            }
        )*
    };
}
pub(super) use event_handlers;
