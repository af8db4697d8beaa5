/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://html.spec.whatwg.org/multipage/dom.html#htmlelement that exist.
[Exposed=Window]
interface HTMLElement : Element {
  // metadata attributes
  [CEReactions] attribute DOMString title;
  [CEReactions] attribute DOMString lang;
  [CEReactions] attribute DOMString dir;

  // user interaction
  [CEReactions] attribute boolean hidden;
  undefined click();
  [CEReactions] attribute DOMString accessKey;

  [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerText;
  [CEReactions, SetterThrows] attribute [LegacyNullToEmptyString] DOMString outerText;
};

// The part of https://html.spec.whatwg.org/multipage/dom.html#htmlorsvgelement that exists.
interface mixin HTMLOrSVGElement {
  [SameObject, GetterThrows] readonly attribute DOMStringMap dataset;
};
HTMLElement includes HTMLOrSVGElement;

// https://html.spec.whatwg.org/multipage/dom.html#domstringmap
[Exposed=Window, LegacyOverrideBuiltIns]
interface DOMStringMap {
  getter DOMString (DOMString name);
  [CEReactions] setter undefined (DOMString name, DOMString value);
  [CEReactions] deleter undefined (DOMString name);
};

// https://html.spec.whatwg.org/multipage/dom.html#htmlunknownelement
[Exposed=Window]
interface HTMLUnknownElement : HTMLElement {
};
