/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The methods of a document that make nodes

"use strict";

test(() => {
  const element = document.createElement("DIV");
  assert_equals(element.localName, "div");
  assert_equals(element.tagName, "DIV");
  assert_equals(element.namespaceURI, "http://www.w3.org/1999/xhtml");
  assert_equals(element.prefix, null);
  assert_equals(element.ownerDocument, document);
  assert_false(element.hasAttributes());
  assert_equals(document.createElement(null).localName, "null");
  assert_equals(document.createElement("x:y").localName, "x:y");
}, "createElement() makes an HTML element");

test(() => {
  for (const name of ["", "1a", "a b", "<a>", " a", "a>"]) {
    assert_throws_dom("InvalidCharacterError", () => document.createElement(name), `"${name}"`);
  }
  assert_throws_js(TypeError, () => document.createElement());
}, "Some names are refused");

test(() => {
  for (const [name, constructor] of [
    ["div", HTMLDivElement],
    ["audio", HTMLAudioElement],
    ["script", HTMLScriptElement],
    ["iframe", HTMLIFrameElement],
    ["template", HTMLTemplateElement],
    ["a", HTMLAnchorElement],
    ["section", HTMLElement],
    ["unheard", HTMLUnknownElement],
  ]) {
    const element = document.createElement(name);
    assert_equals(Object.getPrototypeOf(element), constructor.prototype, name);
    assert_true(element instanceof HTMLElement, name);
  }
  assert_equals(Object.getPrototypeOf(document.createElement("un-heard")), HTMLElement.prototype);
}, "Each name has its interface");

test(() => {
  const element = document.createElementNS("urn:x", "p:Local");
  assert_equals(element.namespaceURI, "urn:x");
  assert_equals(element.prefix, "p");
  assert_equals(element.localName, "Local");
  assert_equals(element.tagName, "p:Local");
  assert_equals(Object.getPrototypeOf(element), Element.prototype);
  assert_equals(document.createElementNS(null, "a").namespaceURI, null);
  assert_equals(document.createElementNS("", "a").namespaceURI, null);
  assert_throws_dom("NamespaceError", () => document.createElementNS(null, "p:a"));
  assert_throws_dom("NamespaceError", () => document.createElementNS("urn:x", "xml:a"));
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  assert_false(svg instanceof HTMLElement);
  assert_equals(svg.tagName, "svg");
}, "createElementNS() takes a namespace");

test(() => {
  assert_equals(document.createTextNode("x").data, "x");
  assert_equals(document.createComment("x").data, "x");
  assert_equals(document.createDocumentFragment().nodeType, Node.DOCUMENT_FRAGMENT_NODE);
  const attribute = document.createAttribute("X");
  assert_equals(attribute.name, "x");
  assert_equals(attribute.value, "");
  assert_equals(attribute.ownerElement, null);
}, "The other kinds of nodes");

test(() => {
  for (const [type, constructor] of [
    ["Event", Event],
    ["events", Event],
    ["HTMLEvents", Event],
    ["CustomEvent", CustomEvent],
    ["MouseEvents", MouseEvent],
    ["UIEvent", UIEvent],
    ["KeyboardEvent", KeyboardEvent],
    ["MessageEvent", MessageEvent],
  ]) {
    const event = document.createEvent(type);
    assert_equals(Object.getPrototypeOf(event), constructor.prototype, type);
    assert_equals(event.type, "");
    assert_false(event.isTrusted);
    assert_throws_dom("InvalidStateError", () => document.dispatchEvent(event));
    event.initEvent("x", true, true);
    assert_equals(event.type, "x");
    assert_true(event.bubbles && event.cancelable);
  }
  assert_throws_dom("NotSupportedError", () => document.createEvent("ErrorEvents"));
}, "createEvent()");
