/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The window proxy stays, its window changes
// META: script=/support/common.sub.js

"use strict";

async function open(t, html = "<script>var x = 1</script>") {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL(html);
  document.body.append(frame);
  await nextEvent(frame, "load");
  return frame;
}

promise_test(async t => {
  const frame = await open(t);
  const proxy = frame.contentWindow;
  const { document: oldDocument, Array: oldArray } = proxy;
  proxy.expando = 1;
  const get = proxy.eval("(() => typeof x)");
  frame.src = htmlURL("<script>var y = 2</script>");
  await nextEvent(frame, "load");
  assert_equals(frame.contentWindow, proxy);
  assert_equals(window[0], proxy);
  assert_equals(proxy.y, 2);
  assert_equals(proxy.x, undefined);
  assert_equals(proxy.expando, undefined);
  assert_not_equals(proxy.document, oldDocument);
  assert_not_equals(proxy.Array, oldArray);
  assert_equals(get(), "number", "a function of the old window sees its own globals");
  assert_equals(oldDocument.defaultView, null);
}, "After a navigation");

promise_test(async t => {
  const frame = await open(t);
  const { contentWindow, contentDocument } = frame;
  frame.remove();
  assert_equals(frame.contentWindow, null);
  assert_equals(frame.contentDocument, null);
  assert_equals(contentWindow.parent, null);
  assert_equals(contentWindow.top, null);
  assert_equals(contentWindow.frameElement, null);
  assert_true(contentWindow.closed);
  assert_equals(contentWindow.length, 0);
  assert_equals(contentWindow.x, 1, "the window can still be used");
  assert_equals(contentDocument.defaultView, null);
  document.body.append(frame);
  assert_not_equals(frame.contentWindow, contentWindow, "inserted again it is another one");
}, "After the frame is removed");

promise_test(async t => {
  const frame = await open(t, `<script>
    setInterval(() => parent.tick(), 1);
    onunload = () => parent.unloaded = true;
  </script>`);
  let ticks = 0;
  const ticked = new Promise(resolve => {
    window.tick = () => {
      ++ticks;
      resolve();
    };
  });
  await ticked;
  frame.remove();
  const before = ticks;
  await new Promise(resolve => setTimeout(resolve, 20));
  assert_equals(ticks, before);
}, "Its timers end with it");

promise_test(async t => {
  const frame = await open(t);
  const { contentWindow } = frame;
  let called = 0;
  contentWindow.addEventListener("message", () => ++called);
  contentWindow.postMessage(1, "*");
  frame.remove();
  await task();
  await task();
  assert_equals(called, 0);
}, "Its tasks do not run any more");

promise_test(async t => {
  const frame = await open(t, "<script>var n = (parent.n = (parent.n ?? 0) + 1)</script>");
  const proxy = frame.contentWindow;
  const first = frame.contentDocument;
  proxy.location.reload();
  await nextEvent(frame, "load");
  assert_equals(frame.contentWindow, proxy);
  assert_not_equals(frame.contentDocument, first);
  assert_equals(window.n, 2);
  assert_equals(frame.contentDocument.URL, first.URL);
}, "reload() discards, too");
