/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=innerHTML

"use strict";

const sample = tag => document.createElement(tag);

test(() => {
  const element = sample("div");
  element.innerHTML = "<p class=x>a<b>c</b></p><!--d-->e";
  assert_equals(element.childNodes.length, 3);
  assert_equals(element.firstChild.className, "x");
  assert_equals(element.childNodes[1].data, "d");
  assert_equals(element.innerHTML, `<p class="x">a<b>c</b></p><!--d-->e`);
  element.innerHTML = "";
  assert_equals(element.childNodes.length, 0);
  element.innerHTML = null;
  assert_equals(element.innerHTML, "");
  element.innerHTML = 5;
  assert_equals(element.innerHTML, "5");
}, "It is parsed and serialized");

test(() => {
  const element = sample("div");
  element.innerHTML = "<p>1<p>2<br>3</div><i>4";
  assert_equals(element.innerHTML, "<p>1</p><p>2<br>3<i>4</i></p>");
  element.innerHTML = "<b><p>x</b>y</p>";
  assert_equals(element.innerHTML, "<b></b><p><b>x</b>y</p>");
  element.innerHTML = "<html><head><title>t</title></head><body>x";
  assert_equals(element.innerHTML, "<title>t</title>x");
}, "Bad HTML is mended as in a document");

test(() => {
  const table = sample("table");
  table.innerHTML = "<tr><td>1<td>2";
  assert_equals(table.innerHTML, "<tbody><tr><td>1</td><td>2</td></tr></tbody>");
  const div = sample("div");
  div.innerHTML = "<tr><td>1";
  assert_equals(div.innerHTML, "1");
  const select = sample("ul");
  select.innerHTML = "<li>1<li>2";
  assert_equals(select.children.length, 2);
}, "The element is the context");

test(() => {
  window.ran = 0;
  const element = sample("div");
  document.body.append(element);
  element.innerHTML = "<script>ran = 1</scr" + "ipt>";
  assert_equals(window.ran, 0);
  assert_equals(element.firstChild.text, "ran = 1");
  element.remove();
}, "Its scripts do not run");

test(() => {
  const element = sample("div");
  element.innerHTML = "&lt;&amp;&gt;&nbsp;&quot;&eacute;&#x1F3B5;&nosuch;";
  assert_equals(element.textContent, "<&>\u00A0\"é\u{1F3B5}&nosuch;");
  assert_equals(element.innerHTML, "&lt;&amp;&gt;&nbsp;\"é\u{1F3B5}&amp;nosuch;");
}, "Character references");

test(() => {
  const element = sample("div");
  element.append(sample("p"));
  const removed = element.firstChild;
  removed.textContent = "kept";
  element.innerHTML = "new";
  assert_equals(removed.parentNode, null);
  assert_equals(removed.textContent, "kept");
  element.innerHTML += "<b></b>";
  assert_equals(element.innerHTML, "new<b></b>");
}, "What was there is removed whole");

test(() => {
  const script = sample("script");
  script.innerHTML = "a < b && c";
  assert_equals(script.innerHTML, "a < b && c");
  const style = sample("style");
  style.innerHTML = "<p>";
  assert_equals(style.childNodes.length, 1);
  assert_equals(style.innerHTML, "<p>");
  const textarea = sample("textarea");
  textarea.innerHTML = "<p>&amp;";
  assert_equals(textarea.textContent, "<p>&");
  assert_equals(textarea.innerHTML, "&lt;p&gt;&amp;");
}, "Raw text elements");
