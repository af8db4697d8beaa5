/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=MutationObserver: childList

"use strict";

function sample() {
  const root = document.createElement("div");
  root.innerHTML = "<a></a><b></b><i></i>";
  const observer = new MutationObserver(() => {});
  observer.observe(root, { childList: true });
  return [root, observer];
}

function assert_record(record, expected) {
  assert_equals(record.type, "childList");
  assert_equals(record.target, expected.target);
  assert_array_equals(record.addedNodes, expected.added ?? [], "added");
  assert_array_equals(record.removedNodes, expected.removed ?? [], "removed");
  assert_equals(record.previousSibling, expected.previous ?? null, "previous");
  assert_equals(record.nextSibling, expected.next ?? null, "next");
  assert_equals(record.attributeName, null);
  assert_equals(record.attributeNamespace, null);
  assert_equals(record.oldValue, null);
}

test(() => {
  const [root, observer] = sample();
  const last = root.lastChild;
  const added = root.appendChild(document.createElement("p"));
  const records = observer.takeRecords();
  assert_equals(records.length, 1);
  assert_record(records[0], { target: root, added: [added], previous: last });
  assert_array_equals(observer.takeRecords(), []);
}, "A child is added");

test(() => {
  const [root, observer] = sample();
  const [a, b, i] = root.children;
  b.remove();
  assert_record(observer.takeRecords()[0], { target: root, removed: [b], previous: a, next: i });
}, "A child is removed");

test(() => {
  const [root, observer] = sample();
  const [a, b, i] = root.children;
  const added = document.createElement("p");
  root.replaceChild(added, b);
  const records = observer.takeRecords();
  assert_equals(records.length, 1, "one record for both");
  assert_record(records[0], { target: root, added: [added], removed: [b], previous: a, next: i });
}, "A child is replaced");

test(() => {
  const [root, observer] = sample();
  const [a, b, i] = root.children;
  root.appendChild(a);
  const records = observer.takeRecords();
  assert_equals(records.length, 2, "it is taken out, then put in");
  assert_record(records[0], { target: root, removed: [a], next: b });
  assert_record(records[1], { target: root, added: [a], previous: i });
}, "A child moves");

test(() => {
  const [root, observer] = sample();
  const fragment = new DocumentFragment();
  const children = [new Text("1"), new Text("2")];
  fragment.append(...children);
  observer.observe(fragment, { childList: true });
  const b = root.children[1];
  root.insertBefore(fragment, b);
  const records = observer.takeRecords();
  assert_equals(records.length, 2);
  assert_record(records[0], { target: fragment, removed: children });
  assert_record(records[1], { target: root, added: children, previous: root.firstChild, next: b });
}, "A fragment is inserted");

test(() => {
  const [root, observer] = sample();
  const old = [...root.childNodes];
  root.innerHTML = "x<p></p>";
  const records = observer.takeRecords();
  assert_equals(records.length, 1);
  assert_record(records[0], { target: root, added: [...root.childNodes], removed: old });
  root.textContent = "";
  assert_equals(observer.takeRecords()[0].removedNodes.length, 2);
  root.textContent = "";
  assert_equals(observer.takeRecords().length, 0, "nothing was there, nothing came");
}, "All children are replaced");

test(() => {
  const [root, observer] = sample();
  root.firstChild.append("x");
  assert_equals(observer.takeRecords().length, 0, "not below");
  observer.observe(root, { childList: true, subtree: true });
  root.firstChild.append("y");
  const records = observer.takeRecords();
  assert_equals(records.length, 1);
  assert_equals(records[0].target, root.firstChild);
}, "With subtree, all below is observed");
