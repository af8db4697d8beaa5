/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The load and error events of scripts
// META: script=/support/common.sub.js

"use strict";

setup({ allow_uncaught_exception: true });

const external = (text, pipe = "") =>
  `/handlers/body?type=text/javascript&text=${encodeURIComponent(text)}&pipe=${pipe}`;

async function outcome(t, properties) {
  const script = Object.assign(document.createElement("script"), properties);
  t.add_cleanup(() => script.remove());
  const event = await new Promise(resolve => {
    script.onload = script.onerror = resolve;
    document.body.append(script);
  });
  assert_equals(event.target, script);
  assert_false(event.bubbles || event.cancelable);
  assert_true(event.isTrusted);
  assert_equals(Object.getPrototypeOf(event), Event.prototype);
  return event.type;
}

promise_test(async t => {
  window.ran = 0;
  assert_equals(await outcome(t, { src: external("ran = 1") }), "load");
  assert_equals(window.ran, 1);
}, "load, after it ran");

promise_test(async t => {
  assert_equals(await outcome(t, { src: "/no-such-file.js" }), "error");
  assert_equals(await outcome(t, { src: "http://127.0.0.1:1/" }), "error");
  assert_equals(await outcome(t, { src: "http://" }), "error");
  assert_equals(await outcome(t, { src: "unknown:x" }), "error");
}, "error, when it could not be fetched");

promise_test(async t => {
  let reported = 0;
  const note = event => {
    ++reported;
    event.preventDefault();
  };
  addEventListener("error", note);
  t.add_cleanup(() => removeEventListener("error", note));
  assert_equals(await outcome(t, { src: external("throw 1") }), "load");
  assert_equals(reported, 1);
  assert_equals(await outcome(t, { src: external("no code") }), "load");
  assert_equals(reported, 2);
}, "load, also when it threw or could not be parsed");

promise_test(async t => {
  const type = "module";
  assert_equals(await outcome(t, { type, src: external("window.ran = 2") }), "load");
  assert_equals(window.ran, 2);
  assert_equals(await outcome(t, { type, src: external("import '/no-such-file.js'") }), "error");
  let error;
  addEventListener("error", event => {
    event.preventDefault();
    ({ error } = event);
  }, { once: true });
  assert_equals(await outcome(t, { type, src: external("import 'bare'") }), "load");
  assert_true(error instanceof TypeError, "a name that cannot be resolved is an error of the script");
}, "Modules: a graph that cannot be fetched is an error");

promise_test(async t => {
  const seen = [];
  const listener = event => seen.push(event.target);
  addEventListener("error", listener, true);
  t.add_cleanup(() => removeEventListener("error", listener, true));
  const script = Object.assign(document.createElement("script"), { src: "/no-such-file.js" });
  t.add_cleanup(() => script.remove());
  let bubbled = false;
  const bubbling = () => { bubbled = true; };
  addEventListener("error", bubbling);
  t.add_cleanup(() => removeEventListener("error", bubbling));
  document.body.append(script);
  await new Promise(resolve => { script.onerror = resolve; });
  assert_array_equals(seen, [script]);
  assert_false(bubbled);
}, "They do not bubble, but are captured");

promise_test(async t => {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  script.src = "";
  const failed = nextEvent(script, "error");
  document.body.append(script);
  await failed;
}, "An empty URL is an error");
