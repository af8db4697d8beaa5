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
Navigator includes NavigatorLanguage;
Navigator includes NavigatorOnLine;

/* https://html.spec.whatwg.org/multipage/system-state.html#client-identification, in the mode "Gecko" */
interface mixin NavigatorID {
  readonly attribute DOMString appCodeName;
  readonly attribute DOMString appName;
  readonly attribute DOMString appVersion;
  readonly attribute DOMString platform;
  readonly attribute DOMString product;
  [Exposed=Window] readonly attribute DOMString productSub;
  readonly attribute DOMString userAgent;
  [Exposed=Window] readonly attribute DOMString vendor;
  [Exposed=Window] readonly attribute DOMString vendorSub;
};

partial interface mixin NavigatorID {
  [Exposed=Window] boolean taintEnabled();
  [Exposed=Window] readonly attribute DOMString oscpu;
};

/* https://html.spec.whatwg.org/multipage/system-state.html#language-preferences */
interface mixin NavigatorLanguage {
  readonly attribute DOMString language;
  [Throws] readonly attribute FrozenArray<DOMString> languages;
};

/* https://html.spec.whatwg.org/multipage/system-state.html#browser-state */
interface mixin NavigatorOnLine {
  readonly attribute boolean onLine;
};
