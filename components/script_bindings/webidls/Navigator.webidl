/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* HTML: https://html.spec.whatwg.org/#the-navigator-object
 *
 * Only what is implemented; the sessions are added by their own files. */

[Exposed=Window]
interface Navigator {
};
Navigator includes NavigatorID;

interface mixin NavigatorID {
  readonly attribute DOMString userAgent;
};
