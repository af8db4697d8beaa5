/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=What a window of another origin lets be seen
// META: script=/support/common.sub.js

"use strict";

async function open(t, site) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL("<iframe></iframe><script>var secret = 1</script>", site);
  document.body.append(frame);
  await nextEvent(frame, "load");
  return frame;
}

for (const [name, site] of [["another port", OTHER_ORIGIN], ["another host", OTHER_SITE]]) {
  promise_test(async t => {
    const { contentWindow: other } = await open(t, site);
    assert_equals(other.parent, window);
    assert_equals(other.top, window);
    assert_equals(other.self, other);
    assert_equals(other.window, other);
    assert_equals(other.frames, other);
    assert_equals(other.opener, null);
    assert_equals(other.length, 1);
    assert_equals(other[0].parent, other);
    assert_false(other.closed);
    for (const method of ["postMessage", "blur", "focus", "close"]) {
      assert_equals(typeof other[method], "function", method);
      assert_equals(other[method], other[method], "it stays the same");
      assert_equals(Object.getPrototypeOf(other[method]), Function.prototype, "of this realm");
    }
  }, `${name}: what is seen`);

  promise_test(async t => {
    const { contentWindow: other, contentDocument } = await open(t, site);
    assert_equals(contentDocument, null);
    for (const property of ["document", "secret", "name", "navigator", "localStorage", "eval", "origin",
                            "frameElement", "Array", "nothing", Symbol("x")]) {
      assert_throws_dom("SecurityError", () => other[property], String(property));
    }
    assert_throws_dom("SecurityError", () => other[1], "a frame that is not there");
    assert_throws_dom("SecurityError", () => { other.name = "x"; });
    assert_throws_dom("SecurityError", () => { delete other.secret; });
    assert_throws_dom("SecurityError", () => "secret" in other);
    assert_throws_dom("SecurityError", () => Object.defineProperty(other, "x", { value: 1 }));
    assert_throws_dom("SecurityError", () => Object.getOwnPropertyDescriptor(other, "document"));
  }, `${name}: what is not`);

  promise_test(async t => {
    const { contentWindow: other } = await open(t, site);
    assert_equals(Object.getPrototypeOf(other), null);
    assert_true(Object.isExtensible(other));
    assert_equals(other.then, undefined);
    assert_equals(other[Symbol.toStringTag], undefined);
    assert_equals(other[Symbol.hasInstance], undefined);
    assert_equals(other[Symbol.isConcatSpreadable], undefined);
    assert_equals(Object.prototype.toString.call(other), "[object Object]");
    const keys = Reflect.ownKeys(other);
    assert_equals(keys[0], "0");
    for (const key of ["window", "self", "location", "close", "closed", "focus", "blur", "frames", "length",
                       "top", "opener", "parent", "postMessage", "then", Symbol.toStringTag]) {
      assert_true(keys.includes(key), String(key));
    }
    assert_array_equals(Object.keys(other), ["0"]);
  }, `${name}: the exotic object`);

  promise_test(async t => {
    const frame = await open(t, site);
    const { location: other } = frame.contentWindow;
    assert_throws_dom("SecurityError", () => other.href);
    assert_throws_dom("SecurityError", () => other.pathname);
    assert_throws_dom("SecurityError", () => other.reload());
    assert_throws_dom("SecurityError", () => other.assign);
    assert_throws_dom("SecurityError", () => String(other));
    assert_equals(Object.getPrototypeOf(other), null);
    assert_equals(typeof other.replace, "function");
    const next = nextEvent(frame, "load");
    other.href = htmlURL("<p>mine");
    await next;
    assert_equals(frame.contentDocument.body.textContent, "mine");
  }, `${name}: its location`);
}

promise_test(async t => {
  const frame = await open(t, OTHER_ORIGIN);
  const next = nextEvent(frame, "load");
  frame.contentWindow.location = htmlURL("<p>mine");
  await next;
  assert_equals(frame.contentWindow.document.body.textContent, "mine");
  const away = nextEvent(frame, "load");
  frame.contentWindow.location.replace(htmlURL("x", OTHER_ORIGIN));
  await away;
  assert_throws_dom("SecurityError", () => frame.contentWindow.document);
}, "From one origin to the other and back");
