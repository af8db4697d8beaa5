/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Capture, target and bubble

"use strict";

function tree() {
  const parent = document.createElement("div");
  const child = document.createElement("p");
  parent.append(child);
  return { parent, child };
}

test(() => {
  const { parent, child } = tree();
  const log = [];
  for (const [name, target] of Object.entries({ parent, child })) {
    for (const capture of [false, true]) {
      target.addEventListener("x", event => {
        log.push(`${name} ${capture ? "capture" : "bubble"} ${event.eventPhase}`);
        assert_equals(event.target, child);
        assert_equals(event.currentTarget, target);
        assert_equals(event.srcElement, child);
      }, capture);
    }
  }
  const event = new Event("x", { bubbles: true });
  assert_equals(event.eventPhase, 0);
  assert_equals(event.target, null);
  assert_true(child.dispatchEvent(event));
  assert_array_equals(log, [
    "parent capture 1", "child capture 2", "child bubble 2", "parent bubble 3",
  ]);
  assert_equals(event.eventPhase, 0);
  assert_equals(event.currentTarget, null);
  assert_equals(event.target, child, "the target stays");
}, "The order of the phases");

test(() => {
  const { parent, child } = tree();
  let calls = 0;
  parent.addEventListener("x", () => ++calls);
  child.dispatchEvent(new Event("x"));
  assert_equals(calls, 0);
  parent.addEventListener("x", () => ++calls, true);
  child.dispatchEvent(new Event("x"));
  assert_equals(calls, 1, "capturing goes on without bubbling");
}, "An event that does not bubble");

test(() => {
  const { child } = tree();
  document.body.append(child);
  const path = [];
  const note = event => path.push(event.currentTarget);
  for (const target of [child, document.body, document.documentElement, document, window]) {
    target.addEventListener("x", note, { once: true });
  }
  child.dispatchEvent(new Event("x", { bubbles: true }));
  assert_array_equals(path, [child, document.body, document.documentElement, document, window]);
  child.remove();
}, "A document's parent is its window");

test(() => {
  const { child } = tree();
  document.body.append(child);
  let calls = 0;
  const note = () => ++calls;
  window.addEventListener("load", note);
  child.dispatchEvent(new Event("load", { bubbles: true }));
  window.removeEventListener("load", note);
  child.remove();
  assert_equals(calls, 0);
}, "But not for load");

for (const [method, expected] of [
  ["stopPropagation", ["parent", "parent again"]],
  ["stopImmediatePropagation", ["parent"]],
]) {
  test(() => {
    const { parent, child } = tree();
    const log = [];
    parent.addEventListener("x", event => {
      log.push("parent");
      event[method]();
      assert_true(event.cancelBubble);
    }, true);
    parent.addEventListener("x", () => log.push("parent again"), true);
    child.addEventListener("x", () => log.push("child"));
    const event = new Event("x", { bubbles: true });
    child.dispatchEvent(event);
    assert_array_equals(log, expected);
    assert_false(event.cancelBubble, "after the dispatch it is forgotten");
  }, `${method}()`);
}

test(() => {
  const { child } = tree();
  const event = new Event("x");
  event.stopPropagation();
  let calls = 0;
  child.addEventListener("x", () => ++calls);
  child.dispatchEvent(event);
  assert_equals(calls, 0);
  child.dispatchEvent(event);
  assert_equals(calls, 1);
}, "An event that was stopped before it was dispatched");

test(() => {
  const { parent, child } = tree();
  const log = [];
  parent.addEventListener("x", () => {
    log.push("moved");
    child.remove();
  }, true);
  child.addEventListener("x", () => log.push("child"));
  parent.addEventListener("x", () => log.push("parent"));
  child.dispatchEvent(new Event("x", { bubbles: true }));
  assert_array_equals(log, ["moved", "child", "parent"]);
}, "The path is fixed before the first listener runs");
