/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// META: title=MessageChannel and MessagePort
// META: script=/support/common.sub.js

"use strict";

promise_test(async () => {
  const { port1, port2 } = new MessageChannel();
  const log = [];
  port1.postMessage({ a: [1] });
  port1.postMessage("two");
  const both = new Promise(resolve => {
    port2.onmessage = event => {
      log.push(event.data);
      if (log.length === 2) {
        resolve(event);
      }
    };
  });
  assert_array_equals(log, [], "in a task each");
  const event = await both;
  assert_equals(log[0].a[0], 1);
  assert_equals(log[1], "two");
  assert_true(event instanceof MessageEvent);
  assert_true(event.isTrusted);
  assert_equals(event.origin, "");
  assert_equals(event.source, null);
  assert_equals(event.target, port2);
  assert_array_equals(event.ports, []);
}, "Messages arrive in order, once there is a handler");

promise_test(async t => {
  const { port1, port2 } = new MessageChannel();
  let got = 0;
  port2.addEventListener("message", () => got++);
  port1.postMessage(1);
  await task();
  await task();
  assert_equals(got, 0, "a listener does not start a port");
  port2.start();
  await nextEvent(port2, "message");
  assert_equals(got, 1);
  port1.postMessage(2);
  assert_equals(got, 1, "not at once");
  await nextEvent(port2, "message");
  assert_equals(got, 2);
}, "start()");

promise_test(async () => {
  const { port1, port2 } = new MessageChannel();
  const inner = new MessageChannel();
  port1.postMessage({ port: inner.port2 }, [inner.port2]);
  inner.port1.postMessage("early");
  assert_throws_dom("DataCloneError", () => port1.postMessage("", [inner.port2]));
  assert_throws_dom("DataCloneError", () => port1.postMessage("", [port1]));
  assert_throws_dom("DataCloneError", () => port1.postMessage(port2), "only by transfer");
  const got = await new Promise(resolve => { port2.onmessage = resolve; });
  const [port] = got.ports;
  assert_equals(got.data.port, port);
  assert_true(Object.isFrozen(got.ports));
  assert_not_equals(port, inner.port2);
  const early = await new Promise(resolve => { port.onmessage = resolve; });
  assert_equals(early.data, "early");
  port.postMessage("back");
  const back = await new Promise(resolve => { inner.port1.onmessage = resolve; });
  assert_equals(back.data, "back");
}, "A port is transferred, with what waits in it");

promise_test(async () => {
  const { port1, port2 } = new MessageChannel();
  const buffer = new ArrayBuffer(4);
  port1.postMessage([buffer, new Blob(["x"])], { transfer: [buffer] });
  assert_equals(buffer.byteLength, 0);
  const { data } = await new Promise(resolve => { port2.onmessage = resolve; });
  assert_equals(data[0].byteLength, 4);
  assert_equals(await data[1].text(), "x");
  assert_throws_dom("DataCloneError", () => port1.postMessage(() => {}));
}, "Other objects that are transferred or cloned");

promise_test(async () => {
  const frame = document.createElement("iframe");
  const loaded = nextEvent(frame, "load");
  frame.src = htmlURL(`<script>
    onmessage = ({ ports: [port] }) => {
      port.onmessage = event => port.postMessage("frame: " + event.data);
      port.postMessage("ready");
    };
  </script>`);
  document.body.appendChild(frame);
  await loaded;
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow.postMessage("", "*", [port2]);
  const messages = [];
  let heard = () => {};
  port1.onmessage = event => {
    messages.push(event.data);
    heard();
  };
  const next = () => new Promise(resolve => { heard = resolve; });
  await next();
  port1.postMessage("hello");
  await next();
  assert_array_equals(messages, ["ready", "frame: hello"]);
  frame.remove();
  port1.postMessage("nobody hears");
}, "A channel to a frame");

test(() => {
  const port = new MessageChannel().port1;
  const event = new MessageEvent("x", { source: port, ports: [port, new MessageChannel().port2] });
  assert_equals(event.source, port);
  assert_equals(event.ports[0], port);
  assert_equals(event.ports.length, 2);
  assert_throws_js(TypeError, () => new MessageEvent("x", { ports: [{}] }));
  assert_throws_js(TypeError, () => new MessagePort());
  const { port1, port2 } = new MessageChannel();
  const clone = structuredClone({ port1 }, { transfer: [port1] });
  assert_true(clone.port1 instanceof MessagePort);
  assert_not_equals(clone.port1, port1);
}, "Ports in events and clones");
