/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=HTMLCollection, and what makes one

"use strict";

function sample() {
  const root = document.createElement("div");
  root.innerHTML = "<p class='a b' id=one></p><p class=b name=two></p><i id=one></i>";
  return root;
}

test(() => {
  const root = sample();
  const list = root.getElementsByTagName("P");
  assert_true(list instanceof HTMLCollection);
  assert_equals(list.length, 2);
  root.append(document.createElement("p"));
  assert_equals(list.length, 3);
  assert_equals(list[2], root.lastChild);
  list[0].remove();
  assert_equals(list.length, 2);
  assert_equals(root.getElementsByTagName("*").length, 3);
  assert_equals(list.item(5), null);
  assert_equals(list[5], undefined);
}, "getElementsByTagName() lives");

test(() => {
  const root = sample();
  const list = root.getElementsByClassName("b");
  assert_equals(list.length, 2);
  assert_equals(root.getElementsByClassName(" b  a ").length, 1);
  assert_equals(root.getElementsByClassName("").length, 0);
  assert_equals(root.getElementsByClassName("B").length, 0);
  list[0].className = "";
  assert_equals(list.length, 1);
}, "getElementsByClassName() lives");

test(() => {
  const root = sample();
  const list = root.children;
  assert_equals(list.one.localName, "p", "the first with that id");
  assert_equals(list.two, root.children[1], "by name");
  assert_equals(list.namedItem("one"), list[0]);
  assert_equals(list.namedItem("three"), null);
  assert_equals(list.three, undefined);
  assert_true("one" in list);
  assert_true(1 in list);
  assert_false(3 in list);
  assert_array_equals(Object.getOwnPropertyNames(list), ["0", "1", "2", "one", "two"]);
  assert_array_equals(Object.keys(list), ["0", "1", "2"], "names are not enumerable");
}, "Elements are found by name");

test(() => {
  const root = sample();
  const list = root.children;
  assert_array_equals([...list], Array.from(root.childNodes));
  assert_equals(HTMLCollection.prototype[Symbol.iterator], Array.prototype[Symbol.iterator]);
  assert_equals(list.forEach, undefined);
  assert_throws_js(TypeError, () => { list[0] = null; });
  assert_throws_js(TypeError, () => { list.length = 0; });
  list.expando = 1;
  assert_equals(list.expando, 1);
  assert_equals(root.children, list, "it is always the same");
}, "It is iterated, and not written");

test(() => {
  const root = sample();
  const list = root.getElementsByTagNameNS("http://www.w3.org/1999/xhtml", "p");
  assert_equals(list.length, 2);
  assert_equals(root.getElementsByTagNameNS("*", "i").length, 1);
  assert_equals(root.getElementsByTagNameNS(null, "p").length, 0);
  const seen = [];
  for (const element of list) {
    seen.push(element);
    if (seen.length < 5) {
      root.append(document.createElement("p"));
    }
  }
  assert_equals(seen.length, 6, "a loop sees what is added meanwhile");
}, "getElementsByTagNameNS(), and a loop over a live list");

test(() => {
  const form = document.createElement("div");
  form.innerHTML = "<a name=x></a><a href=y></a><img><iframe></iframe><form></form>";
  document.body.append(form);
  assert_equals(document.getElementsByName("x").length, 1);
  assert_true(document.getElementsByName("x") instanceof NodeList);
  assert_equals(document.links.length, 1);
  assert_equals(document.images.length, 1);
  assert_equals(document.forms.length, 1);
  assert_greater_than(document.scripts.length, 0);
  form.remove();
  assert_equals(document.links.length, 0);
}, "The collections of a document");
