/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=MutationObserver: what is observed, and until when

"use strict";

const ignore = () => {};

test(() => {
  const target = document.createElement("p");
  const observer = new MutationObserver(ignore);
  for (const options of [
    undefined,
    {},
    { subtree: true },
    { attributes: false, attributeOldValue: true },
    { attributes: false, attributeFilter: [] },
    { characterData: false, characterDataOldValue: true },
    { childList: false },
  ]) {
    assert_throws_js(TypeError, () => observer.observe(target, options));
  }
  assert_throws_js(TypeError, () => observer.observe(null, { childList: true }));
  assert_throws_js(TypeError, () => new MutationObserver());
  assert_throws_js(TypeError, () => new MutationObserver({}));
  assert_throws_js(TypeError, () => MutationObserver(ignore));
}, "Options that observe nothing are refused");

test(() => {
  const target = document.createElement("p");
  const observer = new MutationObserver(ignore);
  observer.observe(target, { attributes: true });
  target.id = "a";
  observer.disconnect();
  assert_array_equals(observer.takeRecords(), [], "its records are dropped");
  target.id = "b";
  assert_array_equals(observer.takeRecords(), []);
  observer.observe(target, { attributes: true });
  target.id = "c";
  assert_equals(observer.takeRecords().length, 1);
}, "disconnect()");

test(() => {
  const target = document.createElement("p");
  const observer = new MutationObserver(ignore);
  observer.observe(target, { attributes: true });
  observer.observe(target, { childList: true });
  target.id = "a";
  target.append("x");
  const types = observer.takeRecords().map(it => it.type);
  assert_array_equals(types, ["childList"], "new options replace the old ones");
}, "A target that is observed again");

test(() => {
  const parent = document.createElement("div");
  const child = parent.appendChild(document.createElement("p"));
  const observer = new MutationObserver(ignore);
  observer.observe(parent, { attributes: true, subtree: true });
  observer.observe(child, { attributes: true, attributeOldValue: true });
  child.id = "a";
  const records = observer.takeRecords();
  assert_equals(records.length, 1, "one record for an observer, however it observes");
  child.id = "b";
  assert_equals(observer.takeRecords()[0].oldValue, "a");
}, "Two registrations that both apply");

promise_test(async () => {
  const parent = document.createElement("div");
  const child = parent.appendChild(document.createElement("p"));
  const records = [];
  const observer = new MutationObserver(list => records.push(...list));
  observer.observe(parent, { attributes: true, subtree: true });
  child.remove();
  child.id = "a";
  await Promise.resolve();
  assert_equals(records.length, 1, "a removed child is observed until the callback");
  child.id = "b";
  await Promise.resolve();
  assert_equals(records.length, 1, "but not after");
}, "What was removed is observed for a little while");
