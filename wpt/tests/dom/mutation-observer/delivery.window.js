/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=MutationObserver: when callbacks run

"use strict";

setup({ allow_uncaught_exception: true });

function sample(log, name) {
  const target = document.createElement("p");
  const observer = new MutationObserver(records => log.push(`${name}${records.length}`));
  observer.observe(target, { attributes: true });
  return target;
}

promise_test(async () => {
  const log = [];
  const target = sample(log, "observer");
  setTimeout(() => log.push("task"));
  Promise.resolve().then(() => log.push("before"));
  target.id = "a";
  Promise.resolve().then(() => log.push("after"));
  target.id = "b";
  log.push("sync");
  await new Promise(resolve => setTimeout(resolve));
  assert_array_equals(log, ["sync", "before", "observer2", "after", "task"]);
}, "A callback runs in one microtask, with all records");

promise_test(async () => {
  const log = [];
  const one = sample(log, "one");
  const two = sample(log, "two");
  two.id = "a";
  one.id = "a";
  two.id = "b";
  await Promise.resolve();
  assert_array_equals(log, ["one1", "two2"]);
}, "Observers are called in the order in which they were made");

promise_test(async () => {
  const target = document.createElement("p");
  const calls = [];
  const observer = new MutationObserver(function(records, self) {
    calls.push(this === self, self === observer, records.length);
    if (calls.length < 9) {
      target.id += "x";
    }
  });
  observer.observe(target, { attributes: true });
  target.id = "x";
  await new Promise(resolve => setTimeout(resolve));
  assert_array_equals(calls, Array(3).fill([true, true, 1]).flat());
}, "What a callback changes is told to it anew");

promise_test(async t => {
  const errors = [];
  const listener = event => {
    errors.push(event.error.message);
    event.preventDefault();
  };
  addEventListener("error", listener);
  t.add_cleanup(() => removeEventListener("error", listener));
  const log = [];
  const target = document.createElement("p");
  const bad = new MutationObserver(() => { throw new Error("from the callback"); });
  const good = new MutationObserver(() => log.push("good"));
  bad.observe(target, { attributes: true });
  good.observe(target, { attributes: true });
  target.id = "a";
  await Promise.resolve();
  assert_array_equals(errors, ["from the callback"]);
  assert_array_equals(log, ["good"]);
}, "An exception is reported, and the next is called");
