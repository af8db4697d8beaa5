/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=contains(), compareDocumentPosition(), isEqualNode() and getRootNode()

"use strict";

const {
  DOCUMENT_POSITION_DISCONNECTED: DISCONNECTED,
  DOCUMENT_POSITION_PRECEDING: PRECEDING,
  DOCUMENT_POSITION_FOLLOWING: FOLLOWING,
  DOCUMENT_POSITION_CONTAINS: CONTAINS,
  DOCUMENT_POSITION_CONTAINED_BY: CONTAINED_BY,
  DOCUMENT_POSITION_IMPLEMENTATION_SPECIFIC: SPECIFIC,
} = Node;

function tree() {
  const parent = document.createElement("div");
  parent.innerHTML = "<a><i></i></a><b></b>";
  return [parent, ...parent.children];
}

test(() => {
  assert_array_equals(
    [DISCONNECTED, PRECEDING, FOLLOWING, CONTAINS, CONTAINED_BY, SPECIFIC], [1, 2, 4, 8, 16, 32]);
  assert_equals(document.DOCUMENT_POSITION_CONTAINS, 8);
}, "The constants");

test(() => {
  const [parent, a, b] = tree();
  assert_equals(a.compareDocumentPosition(a), 0);
  assert_equals(a.compareDocumentPosition(b), FOLLOWING);
  assert_equals(b.compareDocumentPosition(a), PRECEDING);
  assert_equals(b.compareDocumentPosition(a.firstChild), PRECEDING);
  assert_equals(parent.compareDocumentPosition(a), FOLLOWING | CONTAINED_BY);
  assert_equals(a.firstChild.compareDocumentPosition(parent), PRECEDING | CONTAINS);
}, "Positions in one tree");

test(() => {
  const [one] = tree();
  const [other] = tree();
  const there = one.compareDocumentPosition(other);
  const back = other.compareDocumentPosition(one);
  for (const position of [there, back]) {
    assert_true([PRECEDING, FOLLOWING].includes(position & ~(DISCONNECTED | SPECIFIC)));
    assert_equals(position & (DISCONNECTED | SPECIFIC), DISCONNECTED | SPECIFIC);
  }
  assert_not_equals(there, back);
  assert_equals(one.compareDocumentPosition(other), there, "it stays the same");
}, "Positions in two trees are consistent");

test(() => {
  const [parent, a, b] = tree();
  assert_true(parent.contains(parent));
  assert_true(parent.contains(a.firstChild));
  assert_false(a.contains(parent));
  assert_false(a.contains(b));
  assert_false(a.contains(null));
  assert_throws_js(TypeError, () => a.contains());
}, "contains()");

test(() => {
  const [one, a] = tree();
  const [other] = tree();
  assert_true(one.isEqualNode(other));
  assert_false(one.isSameNode(other));
  assert_true(one.isSameNode(one));
  assert_false(one.isEqualNode(null));
  a.setAttribute("x", "1");
  assert_false(one.isEqualNode(other));
  other.firstChild.setAttribute("x", "1");
  assert_true(one.isEqualNode(other));
  a.firstChild.append("t");
  assert_false(one.isEqualNode(other));
  assert_true(document.createTextNode("x").isEqualNode(document.createTextNode("x")));
  assert_false(document.createTextNode("x").isEqualNode(document.createComment("x")));
}, "isEqualNode() compares what is in the nodes");

test(() => {
  const [parent, a] = tree();
  assert_equals(a.firstChild.getRootNode(), parent);
  assert_false(a.isConnected);
  document.body.append(parent);
  assert_equals(a.firstChild.getRootNode(), document);
  assert_true(a.firstChild.isConnected);
  parent.remove();
  assert_false(a.isConnected);
  assert_equals(document.getRootNode(), document);
}, "getRootNode() and isConnected");
