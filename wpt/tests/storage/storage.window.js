/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=localStorage and sessionStorage

"use strict";

for (const name of ["localStorage", "sessionStorage"]) {
  const storage = window[name];

  test(() => {
    storage.clear();
    assert_equals(storage.length, 0);
    assert_equals(storage.getItem("a"), null);
    assert_equals(storage.setItem("a", 5), undefined);
    assert_equals(storage.getItem("a"), "5");
    storage.setItem("a", null);
    assert_equals(storage.getItem("a"), "null");
    assert_equals(storage.length, 1);
    assert_equals(storage.key(0), "a");
    assert_equals(storage.key(1), null);
    assert_equals(storage.removeItem("a"), undefined);
    storage.removeItem("a");
    assert_equals(storage.length, 0);
    assert_throws_js(TypeError, () => storage.getItem());
    assert_throws_js(TypeError, () => storage.setItem("a"));
  }, `${name}: methods`);

  test(() => {
    storage.clear();
    storage.foo = "bar";
    assert_equals(storage.getItem("foo"), "bar");
    assert_equals(storage.foo, "bar");
    assert_equals(storage["foo"], "bar");
    assert_true("foo" in storage);
    assert_false("baz" in storage);
    assert_equals(storage.baz, undefined);
    storage[5] = {};
    assert_equals(storage.getItem("5"), "[object Object]");
    assert_true(delete storage.foo);
    assert_equals(storage.foo, undefined);
    assert_true(delete storage.foo);
    assert_array_equals(Object.keys(storage), ["5"]);
    const descriptor = Object.getOwnPropertyDescriptor(storage, "5");
    assert_true(descriptor.writable && descriptor.enumerable && descriptor.configurable);
  }, `${name}: properties`);

  test(() => {
    storage.clear();
    storage.setItem("getItem", "x");
    storage.setItem("length", "y");
    assert_equals(typeof storage.getItem, "function", "methods stay");
    assert_equals(storage.getItem("getItem"), "x");
    assert_equals(storage.length, 2);
    assert_equals(storage.getItem("length"), "y");
    storage.clear();
  }, `${name}: names of methods as keys`);

  test(() => {
    storage.clear();
    for (const text of ["", "\u00E9\u{1F3B5}", "\uD800", "a\0b"]) {
      storage.setItem(text, text);
      assert_equals(storage.getItem(text), text);
    }
    assert_equals(storage.length, 4);
    assert_true(storage instanceof Storage);
    assert_equals(window[name], storage);
    assert_throws_js(TypeError, () => new Storage());
    storage.clear();
  }, `${name}: any string`);

  test(() => {
    storage.clear();
    const large = "x".repeat(1024 * 1024);
    let name;
    for (let count = 0; count < 100 && !name; ++count) {
      try {
        storage.setItem(String(count), large);
      } catch (error) {
        ({ name } = error);
      }
    }
    assert_equals(name, "QuotaExceededError");
    assert_greater_than(storage.length, 0);
    storage.clear();
  }, `${name}: it is not endless`);
}

test(() => {
  localStorage.setItem("a", "local");
  sessionStorage.setItem("a", "session");
  assert_equals(localStorage.getItem("a"), "local");
  localStorage.clear();
  assert_equals(sessionStorage.getItem("a"), "session");
  sessionStorage.clear();
}, "The two are apart");
