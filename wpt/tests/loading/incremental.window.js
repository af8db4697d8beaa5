/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=A document that arrives in pieces
// META: script=/support/common.sub.js

"use strict";

function open(t, html, bytes) {
  const key = uniqueKey();
  const frame = document.createElement("iframe");
  t.add_cleanup(() => {
    release(key);
    frame.remove();
  });
  frame.src = `/handlers/body?type=text/html;charset=utf-8&text=${encodeURIComponent(html)}&pipe=hold(${key},${bytes})`;
  document.body.append(frame);
  return { frame, key };
}

promise_test(async t => {
  const first = "<!DOCTYPE html><p>first</p><script>parent.postMessage('ran', '*')</script>"
    + " ".repeat(2000);
  const { frame, key } = open(t, `${first}<p>second</p>`, first.length);
  await nextMessage(event => event.data === "ran");
  assert_equals(frame.contentDocument.readyState, "loading");
  assert_equals(frame.contentDocument.querySelectorAll("p").length, 1);
  const loaded = nextEvent(frame, "load");
  release(key);
  await loaded;
  assert_equals(frame.contentDocument.readyState, "complete");
  assert_equals(frame.contentDocument.querySelectorAll("p").length, 2);
}, "Scripts run before the rest is here");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const key = uniqueKey();
  const html = `<!DOCTYPE html><p>before</p>
    <script src="/handlers/body?type=text/javascript&text=n=document.querySelectorAll('p').length&pipe=hold(${key})"></script>
    <p>after</p>`;
  frame.src = htmlURL(html);
  document.body.append(frame);
  release(key);
  await nextEvent(frame, "load");
  assert_equals(frame.contentWindow.n, 1);
  assert_equals(frame.contentDocument.querySelectorAll("p").length, 2);
}, "A script in the way holds the parser up");
