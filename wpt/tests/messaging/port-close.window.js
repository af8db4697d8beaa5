/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The close event of ports
// META: script=/support/common.sub.js

"use strict";

promise_test(async () => {
  const { port1, port2 } = new MessageChannel();
  const log = [];
  port2.onmessage = event => log.push(event.data);
  port2.onclose = () => log.push("close");
  port1.postMessage("before");
  port1.close();
  port1.postMessage("after");
  port2.postMessage("nobody hears");
  await nextEvent(port2, "close");
  assert_array_equals(log, ["before", "close"]);
  port1.close();
  const other = new MessageChannel();
  assert_throws_dom("DataCloneError", () => other.port1.postMessage("", [port1]));
}, "close() lets out what was posted before");

promise_test(async () => {
  const frame = document.createElement("iframe");
  document.body.appendChild(frame);
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow.postMessage("", "*", [port2]);
  await nextEvent(frame.contentWindow, "message");
  const closed = nextEvent(port1, "close");
  frame.remove();
  await closed;
}, "A port is closed with its document");
