/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=atob() and btoa()

"use strict";

for (const [text, encoded] of [
  ["", ""], ["a", "YQ=="], ["ab", "YWI="], ["abc", "YWJj"], ["\0\xFF", "AP8="], ["~~~???", "fn5+Pz8/"],
]) {
  test(() => {
    assert_equals(btoa(text), encoded);
    assert_equals(atob(encoded), text);
  }, JSON.stringify(text));
}

test(() => {
  assert_equals(atob(" Y Q\n=\t=\f\r"), "a", "white space");
  assert_equals(atob("YQ"), "a", "without padding");
  assert_equals(atob("YR=="), "a", "bits that are too many");
  assert_equals(atob(null), "\x9E\xE9e");
  for (const bad of ["Y", "YQ=", "Y===", "=", "YQ==x", "Y-_Q", "é", "\0"]) {
    assert_throws_dom("InvalidCharacterError", () => atob(bad), JSON.stringify(bad));
  }
}, "What atob() takes");

test(() => {
  assert_throws_dom("InvalidCharacterError", () => btoa("\u0100"));
  assert_throws_js(TypeError, () => btoa());
  assert_throws_js(TypeError, () => atob());
  assert_equals(btoa(undefined), btoa("undefined"));
}, "What btoa() takes");
