/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=normalize() and character data

"use strict";

test(() => {
  const parent = document.createElement("div");
  parent.append("a", "", "b", document.createElement("i"), "", "c", document.createComment("x"), "d");
  parent.querySelector("i").append("1", "2");
  const first = parent.firstChild;
  parent.normalize();
  assert_equals(parent.innerHTML, "ab<i>12</i>c<!--x-->d");
  assert_equals(parent.childNodes.length, 5);
  assert_equals(parent.firstChild, first, "the first of them stays");
  assert_equals(parent.childNodes[1].childNodes.length, 1);
}, "normalize() joins text and drops what is empty");

test(() => {
  const text = new Text("hello");
  assert_equals(text.length, 5);
  text.appendData("!");
  assert_equals(text.data, "hello!");
  text.insertData(0, "oh ");
  assert_equals(text.data, "oh hello!");
  text.deleteData(0, 3);
  assert_equals(text.data, "hello!");
  text.replaceData(0, 1, "J");
  assert_equals(text.substringData(0, 100), "Jello!");
  assert_equals(text.substringData(1, 2), "el");
  text.deleteData(3, 100);
  assert_equals(text.data, "Jel");
  for (const method of ["substringData", "deleteData"]) {
    assert_throws_dom("IndexSizeError", () => text[method](4, 1));
  }
  assert_throws_dom("IndexSizeError", () => text.insertData(-1, "x"));
  text.data = null;
  assert_equals(text.data, "");
  text.data = undefined;
  assert_equals(text.data, "undefined");
}, "The methods of character data");

test(() => {
  const parent = document.createElement("p");
  const text = new Text("onetwo");
  parent.append(text);
  const rest = text.splitText(3);
  assert_equals(text.data, "one");
  assert_equals(rest.data, "two");
  assert_equals(text.nextSibling, rest);
  assert_equals(text.wholeText, "onetwo");
  assert_throws_dom("IndexSizeError", () => text.splitText(4));
  assert_equals(text.splitText(3).data, "");
}, "splitText() and wholeText");

test(() => {
  assert_equals(new Text().data, "");
  assert_equals(new Comment("c").data, "c");
  assert_equals(new Comment().nodeType, Node.COMMENT_NODE);
  assert_equals(new Text("t").ownerDocument, document);
  assert_true(new Text() instanceof CharacterData);
  assert_true(new Comment() instanceof CharacterData);
}, "Constructors of text and comments");

test(() => {
  const text = new Text("\u{1F3B5}x");
  assert_equals(text.length, 3, "in UTF-16 units");
  assert_equals(text.substringData(2, 1), "x");
  text.data = "a\uD800b";
  assert_equals(text.data, "a\uD800b", "a lone surrogate stays");
}, "Offsets count UTF-16 code units");
