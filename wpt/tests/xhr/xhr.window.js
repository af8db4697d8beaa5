/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=XMLHttpRequest
// META: script=/support/common.sub.js

"use strict";

function send(method, url, { body, type, headers = {} } = {}) {
  const xhr = new XMLHttpRequest();
  xhr.open(method, url);
  if (type) {
    xhr.responseType = type;
  }
  for (const [name, value] of Object.entries(headers)) {
    xhr.setRequestHeader(name, value);
  }
  const ended = new Promise(resolve => { xhr.onloadend = () => resolve(xhr); });
  xhr.send(body);
  return ended;
}

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  const log = [];
  const note = event => log.push(`${event.type} ${xhr.readyState}`);
  for (const type of ["readystatechange", "loadstart", "progress", "load", "loadend", "error"]) {
    xhr.addEventListener(type, note);
  }
  assert_equals(xhr.readyState, XMLHttpRequest.UNSENT);
  xhr.open("GET", "/handlers/body?text=hello&type=text/plain");
  assert_equals(xhr.readyState, XMLHttpRequest.OPENED);
  xhr.send();
  log.push("sent");
  await nextEvent(xhr, "loadend");
  assert_array_equals(log, [
    "readystatechange 1", "loadstart 1", "sent", "readystatechange 2", "readystatechange 3",
    "progress 3", "readystatechange 4", "load 4", "loadend 4",
  ]);
  assert_equals(xhr.status, 200);
  assert_equals(xhr.statusText, "OK");
  assert_equals(xhr.responseText, "hello");
  assert_equals(xhr.response, "hello");
  assert_equals(xhr.responseURL, `${ORIGIN}/handlers/body?text=hello&type=text/plain`);
}, "A request from begin to end");

promise_test(async () => {
  const xhr = await send("GET", "/handlers/body?text=x&type=a/b&pipe=header(X-One,1)|status(404)");
  assert_equals(xhr.status, 404);
  assert_equals(xhr.getResponseHeader("x-one"), "1");
  assert_equals(xhr.getResponseHeader("CONTENT-type"), "a/b");
  assert_equals(xhr.getResponseHeader("nothing"), null);
  const lines = xhr.getAllResponseHeaders().split("\r\n");
  assert_true(lines.includes("x-one: 1"));
  assert_array_equals(lines.slice(0, -1), lines.slice(0, -1).toSorted());
  assert_equals(lines.at(-1), "");
}, "Headers of the answer");

promise_test(async () => {
  const xhr = await send("post", "/handlers/echo", {
    body: "é", type: "json", headers: { "X-Test": "1", "x-test": "2" },
  });
  const { method, body, headers } = xhr.response;
  assert_equals(method, "POST");
  assert_equals(body, "é");
  assert_equals(headers["x-test"], "1, 2");
  assert_equals(headers["content-type"], "text/plain;charset=UTF-8");
}, "A body and headers of the request");

for (const [type, check] of [
  ["arraybuffer", it => it instanceof ArrayBuffer && it.byteLength === 3],
  ["blob", it => it instanceof Blob && it.size === 3 && it.type === "application/json"],
  ["json", it => it[0] === 5],
  ["text", it => it === "[5]"],
  ["", it => it === "[5]"],
]) {
  promise_test(async () => {
    const xhr = await send("GET", "/handlers/body?text=[5]&type=application/json", { type });
    assert_true(check(xhr.response));
    if (type !== "" && type !== "text") {
      assert_throws_dom("InvalidStateError", () => xhr.responseText);
    }
  }, `responseType "${type}"`);

  promise_test(async () => {
    const xhr = await send("GET", "/handlers/body?text=[5]&type=application/json", { type });
    assert_equals(xhr.response, xhr.response);
  }, `responseType "${type}": the response is always the same`);
}

promise_test(async () => {
  const xhr = await send("GET", "/handlers/body?text=<p>x&type=text/html", { type: "document" });
  assert_equals(xhr.response.body.innerHTML, "<p>x</p>");
  assert_equals(xhr.responseXML, xhr.response);
  assert_equals((await send("GET", "/handlers/body?text={", { type: "json" })).response, null);
}, "A document, and bad JSON");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  const log = [];
  xhr.onerror = event => log.push(event.type, event.loaded, xhr.readyState);
  xhr.open("GET", `${OTHER_ORIGIN}/handlers/echo`);
  xhr.send();
  await new Promise(resolve => { xhr.onloadend = resolve; });
  assert_array_equals(log, ["error", 0, 4]);
  assert_equals(xhr.status, 0);
  assert_equals(xhr.responseText, "");
  assert_equals(xhr.getAllResponseHeaders(), "");
}, "A network error");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", "/handlers/echo?pipe=never");
  xhr.timeout = 10;
  xhr.send();
  await nextEvent(xhr, "timeout");
  assert_equals(xhr.readyState, XMLHttpRequest.DONE);
  assert_equals(xhr.status, 0);
}, "A timeout");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  const log = [];
  for (const type of ["readystatechange", "abort", "loadend", "load"]) {
    xhr.addEventListener(type, () => log.push(`${type} ${xhr.readyState}`));
  }
  xhr.open("GET", "/handlers/echo?pipe=never");
  xhr.send();
  xhr.abort();
  assert_array_equals(log, ["readystatechange 1", "readystatechange 4", "abort 4", "loadend 4"]);
  assert_equals(xhr.readyState, XMLHttpRequest.UNSENT);
}, "abort()");

test(() => {
  const xhr = new XMLHttpRequest();
  assert_throws_dom("InvalidStateError", () => xhr.send());
  assert_throws_dom("InvalidStateError", () => xhr.setRequestHeader("a", "b"));
  assert_throws_dom("SyntaxError", () => xhr.open("a b", "/"));
  assert_throws_dom("SecurityError", () => xhr.open("TRACE", "/"));
  assert_throws_dom("SyntaxError", () => xhr.open("GET", "http://"));
  xhr.open("GET", "/");
  assert_throws_dom("SyntaxError", () => xhr.setRequestHeader("a b", "c"));
  xhr.setRequestHeader("Host", "ignored");
  xhr.responseType = "nonsense";
  assert_equals(xhr.responseType, "");
}, "What is refused");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  const uploads = [];
  for (const type of ["loadstart", "progress", "load", "loadend"]) {
    xhr.upload.addEventListener(type, event => uploads.push(`${type} ${event.loaded}`));
  }
  xhr.open("POST", "/handlers/echo");
  xhr.send("12345");
  await nextEvent(xhr, "load");
  assert_equals(uploads[0], "loadstart 0");
  assert_array_equals(uploads.slice(-2), ["load 5", "loadend 5"]);
}, "The events of the upload");

test(() => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", "/handlers/body?text=sync", false);
  xhr.send();
  assert_equals(xhr.responseText, "sync");
  assert_equals(xhr.status, 200);
  xhr.open("GET", `${OTHER_ORIGIN}/handlers/echo`, false);
  assert_throws_dom("NetworkError", () => xhr.send());
}, "Synchronous requests");

promise_test(async () => {
  const key = uniqueKey();
  // Else a browser may look at more of it before it hands out any.
  const nosniff = "header(X-Content-Type-Options,nosniff)";
  const xhr = new XMLHttpRequest();
  xhr.open("GET", `/handlers/body?text=0123456789&type=text/plain&pipe=hold(${key},4)|${nosniff}`);
  xhr.send();
  await new Promise(resolve => {
    xhr.onreadystatechange = () => xhr.responseText === "0123" && resolve();
  });
  assert_equals(xhr.readyState, XMLHttpRequest.LOADING);
  release(key);
  await nextEvent(xhr, "load");
  assert_equals(xhr.responseText, "0123456789");
}, "Text grows while it comes");
