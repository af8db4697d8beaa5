/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The Location of a frame
// META: script=/support/common.sub.js

"use strict";

async function open(t) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = "/handlers/echo?a=1#b";
  document.body.append(frame);
  await nextEvent(frame, "load");
  return frame;
}

promise_test(async t => {
  const { contentWindow: { location: it } } = await open(t);
  assert_equals(it.href, `${ORIGIN}/handlers/echo?a=1#b`);
  assert_equals(it.origin, ORIGIN);
  assert_equals(it.protocol, "http:");
  assert_equals(it.host, location.host);
  assert_equals(it.hostname, location.hostname);
  assert_equals(it.port, location.port);
  assert_equals(it.pathname, "/handlers/echo");
  assert_equals(it.search, "?a=1");
  assert_equals(it.hash, "#b");
  assert_equals(String(it), it.href);
  assert_equals(it.ancestorOrigins?.[0] ?? ORIGIN, ORIGIN);
}, "Its parts");

for (const [name, go] of [
  ["location = url", (frame, url) => { frame.location = url; }],
  ["location.href = url", (frame, url) => { frame.location.href = url; }],
  ["assign()", (frame, url) => frame.location.assign(url)],
  ["replace()", (frame, url) => frame.location.replace(url)],
  ["document.location = url", (frame, url) => { frame.document.location = url; }],
]) {
  promise_test(async t => {
    const frame = await open(t);
    const first = frame.contentDocument;
    const loaded = nextEvent(frame, "load");
    go(frame.contentWindow, htmlURL("there"));
    assert_equals(frame.contentDocument, first, "not at once");
    await loaded;
    assert_equals(frame.contentDocument.body.textContent, "there");
  }, name);
}

promise_test(async t => {
  const frame = await open(t);
  for (const [property, value, path] of [
    ["search", "?c", "/handlers/echo?c"],
    ["pathname", "/handlers/body", "/handlers/body?c"],
  ]) {
    const loaded = nextEvent(frame, "load");
    frame.contentWindow.location[property] = value;
    await loaded;
    const { pathname, search } = frame.contentWindow.location;
    assert_equals(pathname + search, path);
  }
}, "Its parts navigate");

promise_test(async t => {
  const frame = await open(t);
  const { contentDocument, contentWindow } = frame;
  const changed = nextEvent(contentWindow, "hashchange");
  contentWindow.location.hash = "c";
  assert_equals(contentWindow.location.hash, "#c");
  const { oldURL, newURL } = await changed;
  assert_true(oldURL.endsWith("#b"));
  assert_true(newURL.endsWith("#c"));
  assert_equals(frame.contentDocument, contentDocument, "it is the same document");
  let changes = 0;
  contentWindow.onhashchange = () => ++changes;
  contentWindow.location.hash = "#c";
  await task();
  assert_equals(changes, 0, "the same fragment is no change");
}, "A new fragment is no new document");

promise_test(async t => {
  const frame = await open(t);
  const loaded = nextEvent(frame, "load");
  const child = frame.contentDocument.createElement("script");
  child.text = "location = 'body?type=text/html&text=relative'";
  frame.contentDocument.body.append(child);
  await loaded;
  assert_equals(frame.contentWindow.location.pathname, "/handlers/body");
  const again = nextEvent(frame, "load");
  frame.contentWindow.location = "/handlers/body?type=text/html&text=absolute";
  await again;
  assert_equals(frame.contentDocument.body.textContent, "absolute");
}, "URLs are relative to the document of the caller");

promise_test(async t => {
  const frame = await open(t);
  const { location: it } = frame.contentWindow;
  assert_throws_dom("SyntaxError", frame.contentWindow.DOMException, () => it.assign("http://"));
  assert_throws_dom("SyntaxError", frame.contentWindow.DOMException, () => { it.href = "http://"; });
  frame.remove();
  it.href = htmlURL("x");
  assert_equals(frame.contentWindow, null, "without a frame nothing happens");
}, "What is no URL");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  document.body.append(frame);
  frame.src = "javascript:'<p>made by script'";
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "made by script");
  frame.contentWindow.location = "javascript:parent.fromURL = 5; undefined";
  await task();
  await task();
  assert_equals(window.fromURL, 5);
  assert_equals(frame.contentDocument.body.textContent, "made by script");
}, "javascript: URLs");
