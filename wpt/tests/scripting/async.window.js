/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Scripts with async
// META: script=/support/common.sub.js

"use strict";

function asyncScript(name, key) {
  const script = document.createElement("script");
  script.src = `/handlers/body?type=text/javascript&text=log.push('${name}')&pipe=hold(${key})`;
  return script;
}

promise_test(async t => {
  window.log = [];
  const [key, other] = [uniqueKey(), uniqueKey()];
  const first = asyncScript("first", key);
  const second = asyncScript("second", other);
  document.body.append(first, second);
  t.add_cleanup(() => {
    first.remove();
    second.remove();
  });
  const loaded = nextEvent(second, "load");
  await release(other);
  await loaded;
  assert_array_equals(log, ["second"], "it does not wait for the first");
  const late = nextEvent(first, "load");
  await release(key);
  await late;
  assert_array_equals(log, ["second", "first"]);
}, "They run as they arrive");

function collect(t) {
  const log = [];
  const note = event => log.push(event.data);
  addEventListener("message", note);
  t.add_cleanup(() => removeEventListener("message", note));
  return log;
}

function open(t, attributes, key) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const src = `/handlers/body?type=text/javascript&text=tell('ran')&pipe=hold(${key})`;
  frame.src = htmlURL(`<!DOCTYPE html><script>
    function tell(what) { parent.postMessage(what, "*"); }
    onload = () => tell("load");
    document.addEventListener("DOMContentLoaded", () => tell("DOMContentLoaded"));
  </script>
  <script ${attributes} src="${src}"></script>`);
  document.body.append(frame);
}

promise_test(async t => {
  const key = uniqueKey();
  const log = collect(t);
  open(t, "async", key);
  await nextMessage(event => event.data === "DOMContentLoaded");
  assert_array_equals(log, ["DOMContentLoaded"]);
  release(key);
  await nextMessage(event => event.data === "load");
  assert_array_equals(log, ["DOMContentLoaded", "ran", "load"]);
}, "DOMContentLoaded does not wait for them, load does");

for (const attributes of ["defer", "", "type=module"]) {
  promise_test(async t => {
    const key = uniqueKey();
    const log = collect(t);
    open(t, attributes, key);
    release(key);
    await nextMessage(event => event.data === "load");
    assert_array_equals(log, ["ran", "DOMContentLoaded", "load"]);
  }, `DOMContentLoaded waits for a script with "${attributes}"`);
}
