/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=textContent and innerText's simpler siblings

"use strict";

test(() => {
  const element = document.createElement("div");
  element.innerHTML = "a<b>b<!--no--><i>c</i></b> d<script>e</script>";
  assert_equals(element.textContent, "abc de");
  element.textContent = "<p>";
  assert_equals(element.innerHTML, "&lt;p&gt;");
  assert_equals(element.childNodes.length, 1);
  element.textContent = "";
  assert_equals(element.childNodes.length, 0);
  element.textContent = null;
  assert_equals(element.childNodes.length, 0);
  element.textContent = undefined;
  assert_equals(element.childNodes.length, 0);
  element.textContent = 5;
  assert_equals(element.textContent, "5");
}, "Of an element");

test(() => {
  const text = new Text("a");
  const comment = new Comment("b");
  assert_equals(text.textContent, "a");
  assert_equals(comment.textContent, "b");
  text.textContent = "x";
  comment.textContent = null;
  assert_equals(text.data, "x");
  assert_equals(comment.data, "");
}, "Of text and comments");

test(() => {
  const fragment = document.createDocumentFragment();
  fragment.append("a", document.createElement("p"), "b");
  assert_equals(fragment.textContent, "ab");
  fragment.textContent = "c";
  assert_equals(fragment.childNodes.length, 1);
}, "Of a fragment");

test(() => {
  assert_equals(document.textContent, null);
  assert_equals(document.doctype.textContent, null);
  document.textContent = "x";
  assert_not_equals(document.documentElement, null, "setting does nothing");
}, "Of a document and a doctype");

test(() => {
  const element = document.createElement("div");
  element.innerHTML = "<b>x</b>";
  const child = element.firstChild;
  element.textContent = "y";
  assert_equals(child.parentNode, null);
  assert_equals(child.textContent, "x", "what was removed keeps its own");
}, "What was there is removed, not changed");
