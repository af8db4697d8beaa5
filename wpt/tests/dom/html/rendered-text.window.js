/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=innerText and outerText of what is not rendered

"use strict";

test(() => {
  const element = document.createElement("div");
  element.innerHTML = "a <b> b</b><script>c</script>";
  assert_equals(element.innerText, "a  bc");
  element.innerText = "one\ntwo\r\n\rthree";
  assert_equals(element.innerHTML, "one<br>two<br><br>three");
  element.innerText = null;
  assert_equals(element.childNodes.length, 0);
}, "innerText");

test(() => {
  const parent = document.createElement("div");
  parent.innerHTML = "a<b>x</b>b";
  parent.children[0].outerText = "y";
  assert_equals(parent.childNodes.length, 1);
  assert_equals(parent.firstChild.data, "ayb");
  parent.innerHTML = "a<b>x</b>b";
  parent.children[0].outerText = "\n";
  assert_equals(parent.innerHTML, "a<br>b");
  parent.children[0].outerText = "";
  assert_equals(parent.childNodes.length, 1);
  assert_throws_dom("NoModificationAllowedError", () => (parent.outerText = "x"));
}, "outerText");
