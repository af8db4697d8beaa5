/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=NodeList

"use strict";

function sample() {
  const root = document.createElement("div");
  root.innerHTML = "a<b></b><!--c-->";
  return root;
}

test(() => {
  const root = sample();
  const list = root.childNodes;
  assert_true(list instanceof NodeList);
  assert_equals(root.childNodes, list);
  assert_equals(list.length, 3);
  root.append("d");
  assert_equals(list.length, 4);
  assert_equals(list[3].data, "d");
  root.firstChild.remove();
  assert_equals(list[0].localName, "b");
  root.textContent = "";
  assert_equals(list.length, 0);
  assert_equals(list[0], undefined);
  assert_equals(list.item(0), null);
}, "childNodes lives");

test(() => {
  const list = sample().childNodes;
  assert_array_equals(Array.from(list, it => it.nodeType), [3, 1, 8]);
  assert_array_equals([...list.keys()], [0, 1, 2]);
  assert_array_equals([...list.values()], [...list]);
  assert_array_equals([...list.entries()].map(([index]) => index), [0, 1, 2]);
  const seen = [];
  const self = {};
  assert_equals(list.forEach(function(node, index, all) {
    seen.push(node, index, all === list, this === self);
  }, self), undefined);
  assert_array_equals(seen, [list[0], 0, true, true, list[1], 1, true, true, list[2], 2, true, true]);
}, "It is iterated");

test(() => {
  const list = sample().childNodes;
  assert_throws_js(TypeError, () => { list[0] = document.body; });
  assert_throws_js(TypeError, () => { list.length = 1; });
  assert_throws_js(TypeError, () => { delete list[0]; });
  assert_true(delete list[7]);
  assert_array_equals(Object.keys(list), ["0", "1", "2"]);
  const descriptor = Object.getOwnPropertyDescriptor(list, 0);
  assert_equals(descriptor.value, list[0]);
  assert_false(descriptor.writable);
  assert_true(descriptor.enumerable && descriptor.configurable);
  assert_throws_js(TypeError, () => Object.defineProperty(list, 0, { value: 1 }));
}, "Its members are not written");

test(() => {
  const root = sample();
  const list = root.childNodes;
  assert_equals(list.item("1"), list[1]);
  assert_equals(list.item(-1), null);
  assert_equals(list["1"], list[1]);
  assert_equals(list["01"], undefined);
  assert_equals(list[-1], undefined);
  assert_equals(list[4294967295], undefined);
  list.expando = "x";
  assert_equals(root.childNodes.expando, "x");
}, "What is an index, and what is not");
