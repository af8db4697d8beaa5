/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Changing text by units

"use strict";

test(() => {
  const text = new Text("abcd");
  text.appendData("e");
  text.insertData(1, "x");
  assert_equals(text.data, "axbcde");
  text.deleteData(0, 2);
  assert_equals(text.data, "bcde");
  text.replaceData(1, 2, "yyy");
  assert_equals(text.data, "byyye");
  assert_equals(text.substringData(1, 3), "yyy");
  assert_equals(text.substringData(4, 100), "e");
  text.deleteData(1, -1);
  assert_equals(text.data, "b", "a negative count is a great one");
  assert_equals(text.length, 1);
}, "Parts of the data");

test(() => {
  const comment = new Comment("abc");
  for (const act of [
    () => comment.substringData(4, 0),
    () => comment.insertData(4, "x"),
    () => comment.deleteData(4, 0),
    () => comment.replaceData(4, 0, "x"),
    () => comment.insertData(-1, "x"),
  ]) {
    assert_throws_dom("IndexSizeError", act);
  }
  assert_equals(comment.data, "abc");
  assert_equals(comment.substringData(3, 0), "");
  assert_throws_js(TypeError, () => comment.substringData(1));
}, "Offsets beyond the end are refused");

test(() => {
  const text = new Text("\u{1F320} a \u{1F320}");
  assert_equals(text.length, 7);
  assert_equals(text.substringData(0, 2), "\u{1F320}");
  assert_equals(text.substringData(1, 3), "\uDF20 a");
  text.deleteData(1, 1);
  assert_equals(text.data, "\uD83C a \u{1F320}");
  text.insertData(1, "\uDF20");
  assert_equals(text.data, "\u{1F320} a \u{1F320}");
  text.data = "\uD800";
  assert_equals(text.cloneNode().data, "\uD800");
  const element = document.createElement("p");
  element.setAttribute("a", "\uDFFF");
  assert_equals(element.getAttribute("a"), "\uDFFF");
}, "Half a character is a unit, too");

test(() => {
  const text = new Text("x");
  text.data = null;
  assert_equals(text.data, "");
  text.data = undefined;
  assert_equals(text.data, "undefined");
  text.appendData(null);
  assert_equals(text.data, "undefinednull");
}, "null is empty for data only");

test(() => {
  const parent = document.createElement("p");
  const text = parent.appendChild(new Text("abcd"));
  parent.append(new Text("e"), document.createElement("b"), "f");
  const rest = text.splitText(2);
  assert_array_equals(Array.from(parent.childNodes, it => it.data), ["ab", "cd", "e", undefined, "f"]);
  assert_equals(text.nextSibling, rest);
  for (const part of [text, rest, rest.nextSibling]) {
    assert_equals(part.wholeText, "abcde");
  }
  assert_equals(parent.lastChild.wholeText, "f");
  assert_equals(new Text("xy").splitText(1).parentNode, null);
  assert_throws_dom("IndexSizeError", () => text.splitText(3));
}, "splitText() and wholeText");

test(() => {
  const xml = document.implementation.createDocument(null, "x", null);
  const section = xml.createCDATASection("a<b");
  assert_equals(section.nodeType, Node.CDATA_SECTION_NODE);
  assert_true(section instanceof Text);
  xml.documentElement.append("x", section);
  assert_equals(xml.documentElement.textContent, "xa<b");
  assert_equals(section.wholeText, "xa<b");
  assert_throws_dom("InvalidCharacterError", xml.defaultView ?? self.DOMException,
    () => xml.createCDATASection("]]>"));
  assert_throws_dom("NotSupportedError", () => document.createCDATASection("x"));
  const instruction = document.createProcessingInstruction("a", "b");
  assert_equals(instruction.nodeType, Node.PROCESSING_INSTRUCTION_NODE);
  assert_equals(instruction.target, "a");
  assert_equals(instruction.nodeName, "a");
  assert_equals(instruction.data, "b");
  assert_throws_dom("InvalidCharacterError", () => document.createProcessingInstruction("1", ""));
  assert_throws_dom("InvalidCharacterError", () => document.createProcessingInstruction("a", "?>"));
}, "CDATA sections and processing instructions");
