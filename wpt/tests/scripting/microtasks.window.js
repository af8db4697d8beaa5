/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Microtasks between scripts
// META: script=/support/common.sub.js

"use strict";

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL(`<!DOCTYPE html>
    <script>
      var log = [];
      Promise.resolve().then(() => log.push("microtask 1"));
      setTimeout(() => log.push("timer"));
      log.push("script 1");
    </script><script>
      log.push("script 2");
      document.currentScript.remove();
      queueMicrotask(() => log.push("microtask 2"));
    </script><script>log.push("script 3")</script>`);
  document.body.append(frame);
  await nextEvent(frame, "load");
  const { log } = frame.contentWindow;
  assert_array_equals(log.filter(it => it !== "timer"),
    ["script 1", "microtask 1", "script 2", "microtask 2", "script 3"]);
}, "They run after each script of the parser");

promise_test(async () => {
  const log = [];
  window.note = text => log.push(text);
  const script = document.createElement("script");
  script.text = "Promise.resolve().then(() => note('microtask')); note('script')";
  document.body.append(script);
  script.remove();
  log.push("caller");
  await Promise.resolve();
  assert_array_equals(log, ["script", "caller", "microtask"]);
}, "Not after a script that script inserts");

promise_test(async () => {
  const log = [];
  const script = document.createElement("script");
  window.note = text => log.push(text);
  script.src = "/handlers/body?type=text/javascript&text=note('script');queueMicrotask(()=>note('microtask'))";
  script.onload = () => log.push("load");
  document.body.append(script);
  await nextEvent(script, "load");
  script.remove();
  assert_array_equals(log, ["script", "microtask", "load"]);
}, "Before the load event");
