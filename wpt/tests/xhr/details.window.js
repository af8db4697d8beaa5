/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// META: title=XMLHttpRequest: requests that follow each other, types, headers
// META: script=/support/common.sub.js

"use strict";

const body = (text, type = "text/plain") =>
  `/handlers/body?text=${encodeURIComponent(text)}&type=${encodeURIComponent(type)}`;

function logged(xhr, types) {
  const log = [];
  for (const type of types) {
    xhr.addEventListener(type, () => log.push(`${type} ${xhr.readyState}`));
  }
  return log;
}

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  const log = logged(xhr, ["load", "loadend"]);
  xhr.open("GET", body("a"));
  xhr.send();
  await new Promise(resolve => {
    xhr.onload = () => {
      if (xhr.responseText === "a") {
        xhr.open("GET", body("b"));
        xhr.send();
      } else {
        resolve();
      }
    };
  });
  await task();
  assert_array_equals(log, ["load 4", "loadend 1", "load 4", "loadend 4"]);
}, "A request that is sent by the handler of another");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  const log = logged(xhr, ["readystatechange", "abort", "load", "loadend"]);
  xhr.open("GET", "/handlers/echo?pipe=never");
  xhr.send();
  xhr.open("GET", body("again"));
  assert_equals(xhr.readyState, XMLHttpRequest.OPENED);
  xhr.send();
  await nextEvent(xhr, "load");
  assert_equals(xhr.responseText, "again");
  assert_false(log.includes("abort 4"));
}, "open() ends what was sent before");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", body("\xe9\x80", "text/plain;charset=utf-8"));
  xhr.overrideMimeType("text/x;charset=iso-8859-1");
  xhr.send();
  await nextEvent(xhr, "load");
  assert_equals(xhr.responseText, "Ã©Â€");
  assert_throws_dom("InvalidStateError", () => xhr.overrideMimeType("a/b"));
  assert_throws_dom("InvalidStateError", () => { xhr.responseType = "json"; });
}, "overrideMimeType()");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", "/handlers/echo?pipe=never");
  xhr.send();
  assert_throws_dom("InvalidStateError", () => xhr.send());
  assert_throws_dom("InvalidStateError", () => xhr.setRequestHeader("a", "b"));
  assert_throws_dom("InvalidStateError", () => { xhr.withCredentials = true; });
  xhr.timeout = 1;
  await nextEvent(xhr, "timeout");
  assert_equals(xhr.response, "");
}, "What is refused once it is sent, and a time that is set late");

promise_test(async () => {
  const sent = async (value, type) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/handlers/echo");
    if (type) {
      xhr.setRequestHeader("Content-Type", type);
    }
    xhr.responseType = "json";
    xhr.send(value);
    await nextEvent(xhr, "load");
    return xhr.response.headers["content-type"];
  };
  assert_equals(await sent("x", "a/b;charset=latin1;c=d"), "a/b;charset=UTF-8;c=d");
  assert_equals(await sent(new Blob(["x"]), "a/b;charset=latin1"), "a/b;charset=latin1");
  assert_equals(await sent(new Blob(["x"], { type: "c/d" })), "c/d");
  assert_equals(await sent(new URLSearchParams("a=b")), "application/x-www-form-urlencoded;charset=UTF-8");
}, "The type of what is sent");

promise_test(async () => {
  const url = URL.createObjectURL(new Blob(["blob"], { type: "Text/Own" }));
  const xhr = new XMLHttpRequest();
  xhr.open("GET", `${url}#x`);
  xhr.responseType = "blob";
  xhr.send();
  await nextEvent(xhr, "load");
  assert_equals(xhr.status, 200);
  assert_equals(xhr.response.type, "text/own");
  assert_equals(xhr.getResponseHeader("Content-Type"), "text/own");
  assert_equals(await xhr.response.text(), "blob");
}, "A blob URL");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  xhr.responseType = "arraybuffer";
  xhr.open("GET", `${OTHER_ORIGIN}/handlers/echo`);
  xhr.send();
  await new Promise(resolve => { xhr.onloadend = resolve; });
  assert_equals(xhr.response, null);
  assert_equals(xhr.responseURL, "");
  assert_equals(xhr.getResponseHeader("content-type"), null);
}, "There is no object of a network error");

test(() => {
  assert_throws_js(TypeError, () => new XMLHttpRequestUpload());
  assert_throws_js(TypeError, () => new XMLHttpRequestEventTarget());
  const xhr = new XMLHttpRequest();
  assert_equals(xhr.upload, xhr.upload);
  assert_true(xhr.upload instanceof XMLHttpRequestEventTarget);
  assert_equals(xhr.readyState, 0);
  xhr.abort();
  assert_equals(xhr.readyState, 0);
  assert_equals(xhr.status, 0);
  assert_equals(xhr.getAllResponseHeaders(), "");
}, "A request before it is opened");

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  const html = "<!DOCTYPE html><title>T</title><script>globalThis.ran = 1</" + "script><p id=p>é";
  xhr.open("GET", body(html, "text/html;charset=utf-8"));
  xhr.responseType = "document";
  xhr.send();
  await nextEvent(xhr, "load");
  const { response } = xhr;
  assert_equals(xhr.responseXML, response);
  assert_equals(response.title, "T");
  assert_equals(response.getElementById("p").textContent, "é");
  assert_equals(response.URL, xhr.responseURL);
  assert_equals(response.defaultView, null);
  assert_equals(globalThis.ran, undefined);
  const sent = new XMLHttpRequest();
  sent.open("POST", "/handlers/echo");
  sent.responseType = "json";
  sent.send(response);
  await nextEvent(sent, "load");
  assert_equals(sent.response.headers["content-type"], "text/html;charset=UTF-8");
  assert_true(sent.response.body.startsWith("<!DOCTYPE html><html><head><title>T</title>"));
}, "A document comes and goes");
