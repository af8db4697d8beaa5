/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Frames that are taken away
// META: script=/support/common.sub.js

"use strict";

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  let loads = 0;
  frame.onload = () => ++loads;
  frame.src = htmlURL("x");
  document.body.append(frame);
  frame.remove();
  await fetch("/handlers/echo");
  await task();
  assert_equals(loads, 0, "a load that was begun ends");
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "x");
}, "Before it is loaded, and inserted again");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL("<script>parent.frameElementOf = frameElement; frameElement.remove(); var x = 1</script>");
  document.body.append(frame);
  while (!window.frameElementOf) {
    await task();
  }
  assert_equals(window.frameElementOf, frame);
  assert_false(frame.isConnected);
  assert_equals(window.length, 0);
}, "By its own script");

promise_test(async t => {
  const outer = document.createElement("iframe");
  t.add_cleanup(() => outer.remove());
  outer.srcdoc = "<iframe></iframe>";
  document.body.append(outer);
  await nextEvent(outer, "load");
  const inner = outer.contentWindow[0];
  const log = [];
  for (const [name, view] of [["outer", outer.contentWindow], ["inner", inner]]) {
    view.addEventListener("pagehide", event => log.push(`${name} pagehide ${event.persisted}`));
    view.addEventListener("unload", () => log.push(`${name} unload`));
  }
  outer.remove();
  assert_equals(inner.parent, null);
  assert_true(inner.closed);
  assert_true(log.includes("outer pagehide false"), String(log));
  assert_true(log.includes("inner pagehide false"), String(log));
}, "With the frames in it; pagehide is fired at once");

promise_test(async t => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const { contentWindow } = frame;
  frame.remove();
  assert_equals(contentWindow.document.URL, "about:blank");
  assert_equals(contentWindow.location.href, "about:blank");
  const fromEval = contentWindow.eval("1 + 1");
  assert_equals(fromEval, 2);
  assert_equals(new contentWindow.Array(3).length, 3);
}, "What is left of its window");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  document.body.append(frame);
  const parent = document.createElement("div");
  document.body.append(parent);
  t.add_cleanup(() => parent.remove());
  const { contentWindow } = frame;
  parent.append(frame);
  assert_not_equals(frame.contentWindow, contentWindow, "to move a frame is to make it anew");
  assert_true(contentWindow.closed);
}, "Moved elsewhere");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const key = uniqueKey();
  frame.src = `/handlers/body?type=text/html&text=slow&pipe=hold(${key})`;
  document.body.append(frame);
  const loads = [];
  frame.addEventListener("load", () => loads.push(frame.contentDocument.body.textContent));
  frame.src = htmlURL("quick");
  await nextEvent(frame, "load");
  await release(key);
  await task();
  assert_array_equals(loads, ["quick"]);
  assert_equals(frame.contentDocument.body.textContent, "quick");
}, "A navigation takes the place of another that is under way");
