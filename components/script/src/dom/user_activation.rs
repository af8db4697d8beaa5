/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [UserActivation](https://html.spec.whatwg.org/multipage/interaction.html#the-useractivation-interface).

use sordino_script_bindings::{DomObjectExt, DomRoot, Realm, Reflector, dom_object};

use crate::bindings::UserActivationMethods;
use crate::page::Page;

/// Whether the user has acted, as script sees it.
pub(crate) struct UserActivation {
    reflector: Reflector,
}

dom_object!(UserActivation, reflector);

impl UserActivation {
    pub(crate) fn create(realm: &Realm) -> DomRoot<Self> {
        DomRoot::new(realm, Self { reflector: Reflector::new() })
    }
}

impl UserActivationMethods for UserActivation {
    /// <https://html.spec.whatwg.org/multipage/interaction.html#dom-useractivation-hasbeenactive>
    fn has_been_active(&self, _realm: &Realm) -> bool {
        self.realm().data::<Page>().is_some_and(|page| page.has_sticky_activation())
    }

    /// <https://html.spec.whatwg.org/multipage/interaction.html#dom-useractivation-isactive>
    fn is_active(&self, _realm: &Realm) -> bool {
        self.realm().data::<Page>().is_some_and(|page| page.has_transient_activation())
    }
}
