/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://dom.spec.whatwg.org/#interface-document and
// https://html.spec.whatwg.org/multipage/dom.html#the-document-object that exist.

[Exposed=Window]
interface Document : Node {
  readonly attribute USVString URL;
  readonly attribute USVString documentURI;
  readonly attribute DOMString contentType;
  readonly attribute USVString referrer;
  readonly attribute WindowProxy? defaultView;
  [LegacyUnforgeable, PutForwards=href] readonly attribute Location? location;
  readonly attribute DocumentReadyState readyState;
  readonly attribute Element? documentElement;
  readonly attribute HTMLElement? head;
  readonly attribute HTMLElement? body;
  attribute DOMString title;
  readonly attribute HTMLScriptElement? currentScript;
  Element? getElementById(DOMString elementId);
  HTMLCollection getElementsByTagName(DOMString qualifiedName);
  Element? querySelector(DOMString selectors);
  [NewObject] Element createElement(DOMString localName);
  [NewObject] Text createTextNode(DOMString data);
  attribute EventHandler onreadystatechange;
};

enum DocumentReadyState { "loading", "interactive", "complete" };
