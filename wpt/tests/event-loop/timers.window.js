/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=setTimeout() and setInterval()

"use strict";

promise_test(async () => {
  const log = [];
  setTimeout(() => log.push("20"), 20);
  setTimeout(() => log.push("0 a"), 0);
  setTimeout(() => log.push("10"), 10);
  setTimeout(() => log.push("0 b"), 0);
  setTimeout(() => log.push("none"));
  await new Promise(resolve => setTimeout(resolve, 30));
  assert_array_equals(log, ["0 a", "0 b", "none", "10", "20"]);
}, "They fire in the order of their times, then of their making");

promise_test(async () => {
  for (const timeout of [5, 30]) {
    const begin = performance.now();
    await new Promise(resolve => setTimeout(resolve, timeout));
    assert_greater_than_equal(performance.now() - begin, timeout - 1);
  }
}, "Not before their time");

promise_test(async () => {
  for (const timeout of [-1, NaN, "x", null, undefined, {}, 2 ** 31, Infinity]) {
    await new Promise(resolve => setTimeout(resolve, timeout));
  }
  await new Promise(resolve => setTimeout(resolve, "1"));
}, "Any value is a time; what is no time is 0");

promise_test(async () => {
  const log = [];
  const ids = [1, 2, 3].map(value => setTimeout(() => log.push(value)));
  clearTimeout(ids[1]);
  clearTimeout(0);
  clearTimeout(-5);
  clearTimeout();
  clearTimeout("x");
  clearTimeout(ids[1]);
  await new Promise(resolve => setTimeout(resolve));
  assert_array_equals(log, [1, 3]);
  for (const id of ids) {
    assert_equals(typeof id, "number");
    assert_greater_than(id, 0);
  }
  assert_equals(new Set(ids).size, 3);
}, "clearTimeout()");

promise_test(async () => {
  const log = [];
  const second = setTimeout(() => log.push("second"));
  setTimeout(() => log.push("third"));
  await new Promise(resolve => {
    setTimeout(resolve, 5);
    Promise.resolve().then(() => clearTimeout(second));
  });
  assert_array_equals(log, ["third"]);
  const ids = [];
  ids.push(setTimeout(() => {
    log.push("a");
    clearTimeout(ids[1]);
  }), setTimeout(() => log.push("b")));
  await new Promise(resolve => setTimeout(resolve, 5));
  assert_array_equals(log, ["third", "a"], "one that is due is cleared, too");
}, "Timers that are cleared when others fire");

promise_test(async () => {
  let count = 0;
  await new Promise(resolve => {
    const id = setInterval(() => {
      if (++count === 3) {
        clearInterval(id);
        setTimeout(resolve, 10);
      }
    }, 1);
  });
  assert_equals(count, 3);
  const id = setInterval(() => assert_unreached(), 1);
  clearTimeout(id);
  const other = setTimeout(() => assert_unreached(), 1);
  clearInterval(other);
  await new Promise(resolve => setTimeout(resolve, 5));
}, "setInterval() goes on until it is cleared, by either function");

promise_test(async () => {
  const [self, ...parameters] = await new Promise(resolve => {
    setTimeout(function(...all) { resolve([this, ...all]); }, 0, 1, "two", null);
  });
  assert_equals(self, window);
  assert_array_equals(parameters, [1, "two", null]);
}, "Arguments go along, and this is the window");

promise_test(async () => {
  window.ran = [];
  setTimeout("ran.push(1)");
  setTimeout({ toString: () => "ran.push(2)" }, 1);
  setTimeout("var fromTimer = 5", 1);
  await new Promise(resolve => setTimeout(resolve, 10));
  assert_array_equals(window.ran, [1, 2]);
  assert_equals(window.fromTimer, 5, "in the global scope");
}, "A string is a program");

promise_test(async () => {
  let depth = 0;
  const begin = performance.now();
  await new Promise(resolve => {
    (function again() {
      if (++depth === 10) {
        resolve();
      } else {
        setTimeout(again, 0);
      }
    })();
  });
  assert_greater_than_equal(performance.now() - begin, 4 * 3);
}, "Nested timers are slowed down to 4 ms");
