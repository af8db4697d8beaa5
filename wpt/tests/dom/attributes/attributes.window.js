/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Attributes

"use strict";

const sample = () => document.createElement("p");

test(() => {
  const element = sample();
  assert_equals(element.getAttribute("a"), null);
  assert_equals(element.setAttribute("A", 5), undefined);
  assert_equals(element.getAttribute("a"), "5");
  assert_true(element.hasAttribute("A"));
  element.setAttribute("a", null);
  assert_equals(element.getAttribute("a"), "null");
  element.removeAttribute("A");
  assert_false(element.hasAttribute("a"));
  element.removeAttribute("a");
  assert_equals(element.getAttribute("a"), null);
}, "get, set, has and remove; names of HTML elements are lower case");

test(() => {
  const element = sample();
  for (const name of ["", "a b", "a>", "a=b", "a/b"]) {
    assert_throws_dom("InvalidCharacterError", () => element.setAttribute(name, "x"), `"${name}"`);
  }
  assert_false(element.hasAttributes());
  assert_throws_js(TypeError, () => element.setAttribute("a"));
}, "Some names are refused");

test(() => {
  const element = sample();
  assert_true(element.toggleAttribute("a"));
  assert_equals(element.getAttribute("a"), "");
  assert_true(element.toggleAttribute("a", true));
  assert_false(element.toggleAttribute("a"));
  assert_false(element.toggleAttribute("a", false));
  assert_false(element.hasAttribute("a"));
}, "toggleAttribute()");

test(() => {
  const element = sample();
  element.setAttribute("c", "");
  element.setAttribute("a", "");
  element.setAttribute("b", "");
  assert_array_equals(element.getAttributeNames(), ["c", "a", "b"]);
  element.setAttribute("c", "1");
  assert_array_equals(element.getAttributeNames(), ["c", "a", "b"], "a new value, the old place");
  element.removeAttribute("c");
  element.setAttribute("c", "");
  assert_array_equals(element.getAttributeNames(), ["a", "b", "c"]);
  assert_true(element.hasAttributes());
}, "getAttributeNames() has their order");

test(() => {
  const element = sample();
  element.setAttributeNS("urn:x", "p:A", "1");
  element.setAttribute("a", "2");
  assert_equals(element.getAttributeNS("urn:x", "A"), "1");
  assert_equals(element.getAttributeNS("urn:x", "a"), null);
  assert_equals(element.getAttributeNS(null, "a"), "2");
  assert_equals(element.getAttributeNS("", "a"), "2");
  assert_true(element.hasAttributeNS("urn:x", "A"));
  assert_array_equals(element.getAttributeNames(), ["p:A", "a"]);
  element.removeAttributeNS("urn:x", "A");
  assert_false(element.hasAttributeNS("urn:x", "A"));
  assert_throws_dom("NamespaceError", () => element.setAttributeNS(null, "p:a", ""));
}, "Attributes in namespaces");

test(() => {
  const element = sample();
  element.setAttribute("a", "1");
  element.setAttribute("b", "2");
  const { attributes } = element;
  assert_equals(attributes, element.attributes);
  assert_equals(attributes.length, 2);
  assert_equals(attributes[0].name, "a");
  assert_equals(attributes.item(1).value, "2");
  assert_equals(attributes.b.value, "2");
  assert_equals(attributes.getNamedItem("A"), attributes[0]);
  assert_equals(attributes.item(2), null);
  assert_equals(attributes[2], undefined);
  assert_equals(attributes[0].ownerElement, element);
  attributes[0].value = "new";
  assert_equals(element.getAttribute("a"), "new");
  const removed = attributes.removeNamedItem("a");
  assert_equals(removed.ownerElement, null);
  assert_equals(attributes.length, 1);
  assert_throws_dom("NotFoundError", () => attributes.removeNamedItem("a"));
  assert_equals(Array.from(attributes, it => it.name).join(), "b");
}, "attributes is a live map of nodes");

test(() => {
  const element = sample();
  const attribute = document.createAttribute("a");
  attribute.value = "1";
  assert_equals(element.setAttributeNode(attribute), null);
  assert_equals(element.getAttributeNode("a"), attribute);
  assert_throws_dom("InUseAttributeError", () => sample().setAttributeNode(attribute));
  assert_equals(element.removeAttributeNode(attribute), attribute);
  assert_equals(attribute.value, "1");
}, "Attributes as nodes");
