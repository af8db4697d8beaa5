/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://html.spec.whatwg.org/multipage/scripting.html#htmlscriptelement that exist: the rest is about when
// pages are shown.

[Exposed=Window]
interface HTMLScriptElement : HTMLElement {
  [CEReactions] attribute DOMString type;
  [CEReactions] attribute USVString src;
  [CEReactions] attribute boolean noModule;
  [CEReactions] attribute boolean async;
  [CEReactions] attribute boolean defer;
  [CEReactions] attribute DOMString? crossOrigin;
  [CEReactions] attribute DOMString referrerPolicy;
  [CEReactions] attribute DOMString integrity;
  [CEReactions] attribute DOMString text;
  static boolean supports(DOMString type);

  // Obsolete: https://html.spec.whatwg.org/multipage/obsolete.html#HTMLScriptElement-partial
  [CEReactions] attribute DOMString charset;
  [CEReactions] attribute DOMString event;
  [CEReactions] attribute DOMString htmlFor;
};
