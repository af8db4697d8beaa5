/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Scripts that script makes
// META: script=/support/common.sub.js

"use strict";

setup({ allow_uncaught_exception: true });

const external = (text, pipe = "") =>
  `/handlers/body?type=text/javascript&text=${encodeURIComponent(text)}&pipe=${pipe}`;

function make(t, properties) {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  return Object.assign(script, properties);
}

setup(() => { window.log = []; });

test(t => {
  log.length = 0;
  const script = make(t, { text: "log.push('inline', document.currentScript === script)" });
  window.script = script;
  document.body.append(script);
  log.push("after");
  assert_array_equals(log, ["inline", true, "after"]);
  script.remove();
  document.body.append(script);
  assert_equals(log.length, 3, "it runs once");
  script.text = "log.push('again')";
  assert_equals(log.length, 3);
}, "An inline script runs when it is inserted, once");

promise_test(async t => {
  log.length = 0;
  const script = make(t, { src: external("log.push('external')") });
  assert_true(script.async);
  document.body.append(script);
  log.push("after");
  await nextEvent(script, "load");
  assert_array_equals(log, ["after", "external"]);
}, "An external one runs later");

promise_test(async t => {
  log.length = 0;
  const [one, two, three] = [uniqueKey(), uniqueKey(), uniqueKey()].map((key, index) =>
    make(t, { async: false, src: external(`log.push(${index + 1})`, `hold(${key})`), key }));
  const loaded = nextEvent(three, "load");
  document.body.append(one, two, three);
  await release(three.key);
  await release(two.key);
  assert_array_equals(log, []);
  await release(one.key);
  await loaded;
  assert_array_equals(log, [1, 2, 3]);
}, "Without async they keep their order");

test(t => {
  log.length = 0;
  const script = make(t);
  document.body.append(script);
  assert_array_equals(log, []);
  script.append("log.push('text')");
  assert_array_equals(log, ["text"], "an empty one waits for its text");
  script.append("; log.push('more')");
  assert_equals(log.length, 1);
}, "A script that gets its text later");

promise_test(async t => {
  log.length = 0;
  const script = make(t);
  document.body.append(script);
  script.src = external("log.push('src')");
  await nextEvent(script, "load");
  assert_array_equals(log, ["src"]);
  script.src = external("log.push('new')");
  await task();
  assert_equals(log.length, 1);
}, "A script that gets its URL later");

test(t => {
  log.length = 0;
  const script = make(t, { type: "text/template", text: "log.push('typed')" });
  document.body.append(script);
  assert_array_equals(log, []);
  script.type = "";
  assert_array_equals(log, [], "only insertion starts it");
  document.body.append(script);
  assert_array_equals(log, ["typed"]);
}, "One of an unknown type has not been started");

for (const [type, runs] of [
  ["", true], ["text/javascript", true], [" Text/ECMAScript ", true], ["application/x-javascript", true],
  ["text/javascript; charset=utf-8", false], ["text/javascript2", false], ["javascript", false],
  ["application/json", false], ["importmap-nonsense", false],
]) {
  test(t => {
    log.length = 0;
    const script = make(t, { text: "log.push(1)" });
    script.setAttribute("type", type);
    document.body.append(script);
    assert_equals(log.length === 1, runs);
  }, `type="${type}" ${runs ? "runs" : "does not run"}`);
}

test(t => {
  log.length = 0;
  const script = make(t, { text: "log.push('clone')" });
  const clone = script.cloneNode(true);
  t.add_cleanup(() => clone.remove());
  document.body.append(script);
  document.body.append(clone);
  assert_array_equals(log, ["clone", "clone"]);
  document.body.append(script.cloneNode(true));
  document.body.lastChild.remove();
  assert_equals(log.length, 2, "a clone of one that ran does not run");
}, "Clones");

test(t => {
  log.length = 0;
  const fragment = new DocumentFragment();
  fragment.append(
    make(t, { text: "log.push(1, document.querySelectorAll('.second').length)" }),
    make(t, { text: "log.push(2)", className: "second" }));
  document.body.append(fragment);
  assert_array_equals(log, [1, 1, 2], "all are inserted, then each runs");
}, "Scripts in a fragment");

test(t => {
  log.length = 0;
  const outer = make(t, {
    text: `
      log.push("outer begins");
      const inner = document.createElement("script");
      inner.text = "log.push('inner')";
      document.body.append(inner);
      inner.remove();
      log.push("outer ends");`,
  });
  document.body.append(outer);
  assert_array_equals(log, ["outer begins", "inner", "outer ends"]);
}, "A script inserts a script");

test(t => {
  log.length = 0;
  const errors = [];
  const note = event => {
    errors.push(event.error);
    event.preventDefault();
  };
  addEventListener("error", note);
  document.body.append(make(t, { text: "log.push(1); throw 5;" }), make(t, { text: "no code" }));
  removeEventListener("error", note);
  assert_array_equals(log, [1]);
  assert_equals(errors[0], 5);
  assert_true(errors[1] instanceof SyntaxError);
}, "Errors go to the window, not to who inserts it");
