/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* HTML: https://html.spec.whatwg.org/multipage/webappapis.html#windoweventhandlers */

interface mixin WindowEventHandlers {
  attribute EventHandler onafterprint;
  attribute EventHandler onbeforeprint;
  attribute OnBeforeUnloadEventHandler onbeforeunload;
  attribute EventHandler onhashchange;
  attribute EventHandler onlanguagechange;
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
  attribute EventHandler onoffline;
  attribute EventHandler ononline;
  attribute EventHandler onpagehide;
  attribute EventHandler onpagereveal;
  attribute EventHandler onpageshow;
  attribute EventHandler onpageswap;
  attribute EventHandler onpopstate;
  attribute EventHandler onrejectionhandled;
  attribute EventHandler onstorage;
  attribute EventHandler onunhandledrejection;
  attribute EventHandler onunload;
};

Window includes WindowEventHandlers;

/* The parts of https://html.spec.whatwg.org/multipage/sections.html#htmlbodyelement that exist. */
[Exposed=Window]
interface HTMLBodyElement : HTMLElement {
};
HTMLBodyElement includes WindowEventHandlers;

/* The parts of https://html.spec.whatwg.org/multipage/obsolete.html#htmlframesetelement that exist. */
[Exposed=Window]
interface HTMLFrameSetElement : HTMLElement {
};
HTMLFrameSetElement includes WindowEventHandlers;
