/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=MutationObserver: attributes and characterData

"use strict";

const observe = (target, options) => {
  const observer = new MutationObserver(() => {});
  observer.observe(target, options);
  return observer;
};

test(() => {
  const element = document.createElement("p");
  const observer = observe(element, { attributes: true });
  element.setAttribute("a", "1");
  element.setAttribute("a", "1");
  element.removeAttribute("a");
  element.removeAttribute("a");
  const records = observer.takeRecords();
  assert_equals(records.length, 3, "also when the value stays the same");
  for (const record of records) {
    assert_equals(record.type, "attributes");
    assert_equals(record.target, element);
    assert_equals(record.attributeName, "a");
    assert_equals(record.attributeNamespace, null);
    assert_equals(record.oldValue, null);
    assert_equals(record.addedNodes.length, 0);
    assert_equals(record.removedNodes.length, 0);
  }
}, "Each change of an attribute");

test(() => {
  const element = document.createElement("p");
  const observer = observe(element, { attributeOldValue: true });
  element.id = "x";
  element.id = "y";
  element.removeAttribute("id");
  assert_array_equals(observer.takeRecords().map(it => it.oldValue), [null, "x", "y"]);
}, "attributeOldValue implies attributes");

test(() => {
  const element = document.createElement("p");
  const observer = observe(element, { attributeFilter: ["a", "c"] });
  for (const name of ["a", "b", "c"]) {
    element.setAttribute(name, "");
  }
  element.setAttributeNS("urn:x", "a", "");
  const names = observer.takeRecords().map(it => it.attributeName);
  assert_array_equals(names, ["a", "c"], "attributes without a namespace");
}, "attributeFilter");

test(() => {
  const element = document.createElement("p");
  const observer = observe(element, { attributes: true });
  element.setAttributeNS("urn:x", "p:a", "");
  element.classList.add("c");
  element.dataset.d = "";
  const records = observer.takeRecords();
  assert_array_equals(records.map(it => it.attributeName), ["a", "class", "data-d"]);
  assert_equals(records[0].attributeNamespace, "urn:x");
}, "However they are written");

test(() => {
  const text = new Text("abc");
  const observer = observe(text, { characterData: true, characterDataOldValue: true });
  text.data = "x";
  text.data = "x";
  text.appendData("y");
  const records = observer.takeRecords();
  assert_array_equals(records.map(it => it.oldValue), ["abc", "x", "x"]);
  assert_array_equals(records.map(it => it.type), Array(3).fill("characterData"));
  assert_equals(records[0].target, text);
}, "characterData");

test(() => {
  const parent = document.createElement("p");
  parent.innerHTML = "a<b title=1>c</b>";
  const observer = observe(parent, { attributes: true, characterData: true, subtree: true });
  parent.firstChild.data = "d";
  parent.lastChild.title = "2";
  parent.lastChild.firstChild.data = "e";
  const targets = observer.takeRecords().map(it => it.target.nodeName);
  assert_array_equals(targets, ["#text", "B", "#text"]);
}, "With subtree");
