/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* HTML: https://html.spec.whatwg.org/#atob */

partial interface mixin WindowOrWorkerGlobalScope {
  DOMString btoa(DOMString data);
  ByteString atob(DOMString data);
};
