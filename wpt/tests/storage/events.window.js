/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The storage event
// META: script=/support/common.sub.js

"use strict";

async function open(t, origin = ORIGIN) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL("<p>frame", origin);
  document.body.append(frame);
  await nextEvent(frame, "load");
  return frame.contentWindow;
}

promise_test(async t => {
  const frame = await open(t);
  localStorage.clear();
  const log = [];
  const here = event => log.push(event);
  addEventListener("storage", here);
  t.add_cleanup(() => removeEventListener("storage", here));
  const seen = nextEvent(frame, "storage");
  localStorage.setItem("key", "value");
  const { key, oldValue, newValue, url, storageArea, bubbles, cancelable, isTrusted } = await seen;
  assert_equals(key, "key");
  assert_equals(oldValue, null);
  assert_equals(newValue, "value");
  assert_equals(url, location.href);
  assert_equals(storageArea, frame.localStorage);
  assert_false(bubbles || cancelable);
  assert_true(isTrusted);
  await task();
  assert_equals(log.length, 0, "not to the one who wrote");
}, "Other documents are told of a change");

promise_test(async t => {
  const frame = await open(t);
  localStorage.clear();
  const log = [];
  frame.onstorage = event => log.push(`${event.key} ${event.oldValue} ${event.newValue}`);
  localStorage.a = "1";
  localStorage.a = "1";
  localStorage.a = "2";
  localStorage.removeItem("nothing");
  delete localStorage.a;
  localStorage.b = "3";
  localStorage.clear();
  localStorage.clear();
  localStorage.end = "1";
  while (!log.includes("end null 1")) {
    await task();
  }
  const expected =
    ["a null 1", "a 1 2", "a 2 null", "b null 3", "null null null", "end null 1"];
  assert_array_equals(log.slice(log.indexOf("a null 1")), expected, "after the first clear()");
  localStorage.clear();
}, "Only of changes, and in order");

promise_test(async t => {
  const frame = await open(t);
  const seen = nextEvent(window, "storage");
  frame.sessionStorage.setItem("s", "1");
  const { key, storageArea, url } = await seen;
  assert_equals(key, "s");
  assert_equals(storageArea, sessionStorage);
  assert_equals(url, frame.location.href);
  assert_equals(sessionStorage.getItem("s"), "1", "frames of one origin share it");
  sessionStorage.clear();
}, "From a frame, by sessionStorage");

promise_test(async t => {
  localStorage.setItem("mine", "1");
  const frame = document.createElement("iframe");
  t.add_cleanup(() => {
    frame.remove();
    localStorage.clear();
  });
  const said = nextMessage();
  frame.src = htmlURL(`<script>
    localStorage.setItem("theirs", "2");
    parent.postMessage(localStorage.getItem("mine"), "*");
  </script>`, OTHER_ORIGIN);
  document.body.append(frame);
  assert_equals((await said).data, null);
  assert_equals(localStorage.getItem("theirs"), null);
}, "Another origin has another one");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const said = nextMessage();
  frame.src = `data:text/html,<script>
    let name = "none";
    try { localStorage } catch (error) { name = error.name }
    parent.postMessage(name, "*");
  </script>`;
  document.body.append(frame);
  assert_equals((await said).data, "SecurityError");
}, "An opaque origin has none");

test(() => {
  const event = new StorageEvent("storage", { key: "k", oldValue: "o", newValue: "n", url: "u",
                                              storageArea: localStorage });
  assert_equals(event.key, "k");
  assert_equals(event.oldValue, "o");
  assert_equals(event.newValue, "n");
  assert_equals(event.url, "u");
  assert_equals(event.storageArea, localStorage);
  const plain = new StorageEvent("x");
  assert_equals(plain.key, null);
  assert_equals(plain.url, "");
  assert_equals(plain.storageArea, null);
}, "The constructor");
