/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Microtasks, and their order among tasks

"use strict";

promise_test(async () => {
  const log = [];
  setTimeout(() => log.push("task"));
  queueMicrotask(() => {
    log.push("microtask 1");
    queueMicrotask(() => log.push("nested"));
  });
  Promise.resolve().then(() => log.push("promise"));
  queueMicrotask(() => log.push("microtask 2"));
  log.push("sync");
  await new Promise(resolve => setTimeout(resolve));
  assert_array_equals(log, ["sync", "microtask 1", "promise", "microtask 2", "nested", "task"]);
}, "All microtasks run before the next task, in the order in which they were queued");

promise_test(async () => {
  const log = [];
  for (const name of ["a", "b"]) {
    setTimeout(() => {
      log.push(name);
      Promise.resolve().then(() => log.push(`${name} microtask`));
    });
  }
  await new Promise(resolve => setTimeout(resolve));
  assert_array_equals(log, ["a", "a microtask", "b", "b microtask"]);
}, "After each task its microtasks run");

promise_test(async () => {
  const log = [];
  const target = new EventTarget();
  for (const name of ["a", "b"]) {
    target.addEventListener("x", () => {
      log.push(name);
      queueMicrotask(() => log.push(`${name} microtask`));
    });
  }
  const element = document.createElement("script");
  window.dispatchNow = () => target.dispatchEvent(new Event("x"));
  element.text = "dispatchNow(); log2.push('script ends')";
  window.log2 = log;
  document.body.append(element);
  element.remove();
  assert_array_equals(log, ["a", "b", "script ends"], "not while script is on the stack");
  await Promise.resolve();
  assert_array_equals(log.slice(3), ["a microtask", "b microtask"]);
}, "Not between listeners of a synchronous event");

promise_test(async () => {
  const log = [];
  window.addEventListener("message", () => {
    log.push("a");
    queueMicrotask(() => log.push("a microtask"));
  }, { once: true });
  window.addEventListener("message", () => log.push("b"), { once: true });
  const done = new Promise(resolve => {
    window.addEventListener("message", () => setTimeout(resolve), { once: true });
  });
  window.postMessage(1);
  await done;
  assert_array_equals(log, ["a", "a microtask", "b"]);
}, "But between listeners when no script is on the stack");

promise_test(async () => {
  const log = [];
  const thenable = {
    then(resolve) {
      log.push("then");
      resolve("value");
    },
  };
  const promise = (async () => log.push(await thenable))();
  log.push("sync");
  await promise;
  assert_array_equals(log, ["sync", "then", "value"]);
}, "The then() of a thenable is called in a microtask");

test(() => {
  for (const value of [undefined, null, 5, "f()", {}]) {
    assert_throws_js(TypeError, () => queueMicrotask(value));
  }
  assert_equals(queueMicrotask(() => {}), undefined);
}, "queueMicrotask() takes a function");

promise_test(async () => {
  let parameters;
  let self;
  queueMicrotask(function() {
    parameters = arguments.length;
    self = this;
  });
  await Promise.resolve();
  assert_equals(parameters, 0);
  assert_equals(self, undefined);
}, "It is called without arguments and without this");
