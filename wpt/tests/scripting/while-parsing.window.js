/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Scripts that take away what the parser works on
// META: script=/support/common.sub.js

"use strict";

function open(t, html, bytes) {
  const key = uniqueKey();
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const pipe = bytes === undefined ? "" : `&pipe=hold(${key},${bytes})`;
  frame.src = `/handlers/body?type=text/html;charset=utf-8&text=${encodeURIComponent(html)}${pipe}`;
  document.body.append(frame);
  return { frame, key };
}

promise_test(async t => {
  const { frame } = open(t, `<!DOCTYPE html><body><div id=D><b><p id=blk>x<script>
    document.body.append(blk); blk.append(D);</script></b>tail<p id=end>`);
  await nextEvent(frame, "load");
  const { document } = frame.contentWindow;
  assert_equals(document.getElementById("blk"), null, "it is in nothing any more");
  assert_equals(document.readyState, "complete");
}, "A node is not put into itself");

promise_test(async t => {
  const first = `<!DOCTYPE html><body><iframe></iframe><div id=x><p><script>
    frames[0].document.adoptNode(x);
    document.querySelector("iframe").remove();
    // What nobody refers to may be freed now.
    setTimeout(() => {
      for (let i = 0; i < 20000; i++) document.createElement("p").append("text");
      setTimeout(() => parent.postMessage("adopted", "*"));
    });
  </script>` + " ".repeat(1100);
  const { frame, key } = open(t, `${first}text<i>more</i></div><p id=end>`, first.length);
  await nextMessage(event => event.data === "adopted");
  const loaded = nextEvent(frame, "load");
  release(key);
  await loaded;
  assert_equals(frame.contentDocument.readyState, "complete");
}, "Open elements are in another document");

promise_test(async t => {
  const { frame } = open(t, `<!DOCTYPE html><body><p id=x><script>
    x.remove(); x = document.createElement("p");</script>in what was removed</p><p id=end>`);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "");
  assert_equals(frame.contentDocument.body.lastElementChild.id, "end");
}, "Open elements are removed");
