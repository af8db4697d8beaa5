/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=import()
// META: script=/support/common.sub.js

"use strict";

promise_test(async () => {
  const { importer } = await import("./support/meta.js");
  const counter = await importer("./counter.js");
  assert_equals(counter, await import("./support/counter.js"), "relative to the module");
  const script = document.createElement("script");
  script.src = "support/classic-import.js";
  document.body.append(script);
  await nextEvent(script, "load");
  assert_equals(await window.fromClassic, counter, "relative to the classic script");
  script.remove();
}, "What it is relative to");

promise_test(async () => {
  const evaluated = await eval("import('./support/counter.js')");
  const made = await new Function("return import('./support/counter.js')")();
  const inTimer = await new Promise(resolve => {
    window.resolveTimer = resolve;
    setTimeout("resolveTimer(import('./support/counter.js'))");
  });
  const element = document.createElement("p");
  element.setAttribute("onclick", "fromHandler = import('./support/counter.js')");
  element.click();
  const handled = await window.fromHandler;
  const expected = await import("./support/counter.js");
  assert_array_equals([evaluated, made, inTimer, handled], Array(4).fill(expected));
}, "From eval, Function, a timer and a handler");

promise_test(async t => {
  await promise_rejects_exactly(t, "thrown", import({ toString() { throw "thrown"; } }));
  await promise_rejects_js(t, TypeError, import(Symbol()));
  assert_equals(await import({ toString: () => "./support/counter.js" }),
    await import("./support/counter.js"));
}, "The specifier is converted to a string");

promise_test(async () => {
  const log = [];
  const promise = import("./support/counter.js").then(() => log.push("imported"));
  log.push("sync");
  await promise;
  assert_array_equals(log, ["sync", "imported"]);
}, "It is never synchronous");

promise_test(async t => {
  const url = `/scripting/support/late.js?${uniqueKey()}`;
  await promise_rejects_js(t, TypeError, import(url));
  await promise_rejects_js(t, TypeError, import(url), "still");
}, "What could not be fetched rejects");
