/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=postMessage() to this window and to frames
// META: script=/support/common.sub.js

"use strict";

promise_test(async () => {
  const received = nextMessage();
  const data = { a: [1], self: null };
  data.self = data;
  postMessage(data, "*");
  data.a.push(2);
  const event = await received;
  assert_array_equals(event.data.a, [1], "it is cloned at once");
  assert_equals(event.data.self, event.data);
  assert_equals(event.origin, ORIGIN);
  assert_equals(event.source, window);
  assert_array_equals(event.ports, []);
  assert_equals(event.lastEventId, "");
  assert_true(event.isTrusted);
  assert_false(event.bubbles || event.cancelable);
}, "A message to this window");

promise_test(async () => {
  const log = [];
  const note = event => log.push(event.data);
  addEventListener("message", note);
  const done = nextMessage(event => event.data === 3);
  postMessage(1);
  Promise.resolve().then(() => log.push("microtask"));
  postMessage(2, "/");
  postMessage(3, { targetOrigin: ORIGIN });
  log.push("sync");
  await done;
  removeEventListener("message", note);
  assert_array_equals(log, ["sync", "microtask", 1, 2, 3]);
}, "Messages are tasks, in order");

promise_test(async () => {
  const received = nextMessage();
  postMessage("lost", OTHER_ORIGIN);
  postMessage("lost", "https://example.org");
  postMessage("found", `${ORIGIN}/path/is/ignored`);
  assert_equals((await received).data, "found");
}, "Only a window of the target origin gets it");

test(() => {
  for (const origin of ["", "no url", "example.org"]) {
    assert_throws_dom("SyntaxError", () => postMessage(1, origin));
  }
  assert_throws_dom("DataCloneError", () => postMessage(() => {}, "*"));
  assert_throws_dom("DataCloneError", () => postMessage({ a: Symbol() }, "*"));
  assert_throws_js(TypeError, () => postMessage());
  const error = new Error("from a getter");
  assert_throws_exactly(error, () => postMessage({ get a() { throw error; } }, "*"));
}, "What is refused");

for (const [name, origin] of [["same-origin", ORIGIN], ["cross-origin", OTHER_ORIGIN]]) {
  promise_test(async t => {
    const frame = document.createElement("iframe");
    t.add_cleanup(() => frame.remove());
    frame.src = htmlURL(`<script>
      onmessage = ({ data, origin, source }) => {
        source.postMessage({ data, origin, fromParent: source === parent }, origin);
      };
    </script>`, origin);
    document.body.append(frame);
    await nextEvent(frame, "load");
    const answer = nextMessage();
    frame.contentWindow.postMessage({ x: new Date(0) }, origin);
    const { data, origin: from, source } = await answer;
    assert_equals(data.data.x.getTime(), 0);
    assert_true(data.data.x instanceof Date, "of this realm");
    assert_equals(data.origin, ORIGIN);
    assert_true(data.fromParent);
    assert_equals(from, origin);
    assert_equals(source, frame.contentWindow);
  }, `To a ${name} frame and back`);
}

promise_test(async () => {
  const buffer = new ArrayBuffer(4);
  new Uint8Array(buffer)[0] = 7;
  const received = nextMessage();
  postMessage(buffer, "*", [buffer]);
  assert_equals(buffer.byteLength, 0, "it is detached");
  const { data } = await received;
  assert_equals(new Uint8Array(data)[0], 7);
  assert_throws_dom("DataCloneError", () => postMessage(buffer, "*", [buffer]));
  assert_throws_dom("DataCloneError", () => postMessage(1, "*", [{}]));
}, "An array buffer is transferred");
