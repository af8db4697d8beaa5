/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=dispatchEvent()

"use strict";

test(() => {
  const target = new EventTarget();
  for (const event of [null, undefined, {}, "x"]) {
    assert_throws_js(TypeError, () => target.dispatchEvent(event));
  }
  assert_throws_js(TypeError, () => target.dispatchEvent());
  assert_throws_dom("InvalidStateError", () => target.dispatchEvent(document.createEvent("Event")));
}, "It takes an event that has a type");

test(() => {
  const target = new EventTarget();
  const event = new Event("x");
  target.addEventListener("x", () => {
    assert_throws_dom("InvalidStateError", () => target.dispatchEvent(event));
    assert_throws_dom("InvalidStateError", () => new EventTarget().dispatchEvent(event));
  });
  assert_true(target.dispatchEvent(event));
  const other = new EventTarget();
  other.dispatchEvent(event);
  assert_equals(event.target, other, "afterwards it can be dispatched again");
}, "An event is dispatched once at a time");

test(() => {
  const target = new EventTarget();
  const log = [];
  target.addEventListener("a", () => {
    log.push("a begins");
    target.dispatchEvent(new Event("b"));
    log.push("a ends");
  });
  target.addEventListener("b", () => log.push("b"));
  target.dispatchEvent(new Event("a"));
  assert_array_equals(log, ["a begins", "b", "a ends"]);
}, "A listener dispatches another event");

test(() => {
  const target = new EventTarget();
  const log = [];
  const second = () => log.push("second");
  target.addEventListener("x", () => {
    log.push("first");
    target.removeEventListener("x", second);
    target.addEventListener("x", () => log.push("new"), { once: true });
  }, { once: true });
  target.addEventListener("x", second);
  target.dispatchEvent(new Event("x"));
  assert_array_equals(log, ["first"], "neither the removed one nor the new one");
  target.dispatchEvent(new Event("x"));
  assert_array_equals(log, ["first", "new"]);
}, "Listeners that change during the dispatch");

test(() => {
  const target = new EventTarget();
  target.addEventListener("x", event => event.preventDefault());
  assert_true(target.dispatchEvent(new Event("x")));
  const event = new Event("x", { cancelable: true });
  assert_false(target.dispatchEvent(event));
  assert_true(event.defaultPrevented);
  assert_false(event.returnValue);
  assert_false(target.dispatchEvent(event), "once canceled it stays so");
}, "It tells whether the event was canceled");

test(() => {
  const event = new Event("x");
  assert_false(event.isTrusted);
  const target = new EventTarget();
  target.addEventListener("x", () => assert_false(event.isTrusted));
  target.dispatchEvent(event);
  const descriptor = Object.getOwnPropertyDescriptor(event, "isTrusted");
  assert_false(descriptor.configurable);
  assert_equals(typeof descriptor.get, "function");
  assert_false("isTrusted" in Event.prototype);
}, "Such events are not trusted");

promise_test(async () => {
  const target = new EventTarget();
  const log = [];
  target.addEventListener("x", () => {
    log.push("one");
    Promise.resolve().then(() => log.push("microtask"));
  });
  target.addEventListener("x", () => log.push("two"));
  target.dispatchEvent(new Event("x"));
  log.push("after");
  await Promise.resolve();
  assert_array_equals(log, ["one", "two", "after", "microtask"]);
}, "While script is on the stack, microtasks wait");

test(() => {
  const frameless = Reflect.construct(Event, ["x"], Object);
  assert_true(new EventTarget().dispatchEvent(frameless));
  class Player extends EventTarget {
    play() {
      return this.dispatchEvent(new CustomEvent("play", { detail: this }));
    }
  }
  const player = new Player();
  let detail;
  player.addEventListener("play", event => { detail = event.detail; });
  assert_true(player.play());
  assert_equals(detail, player);
}, "Classes derive from EventTarget");
