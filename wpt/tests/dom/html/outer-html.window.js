/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=outerHTML and what is written out

"use strict";

test(() => {
  const parent = document.createElement("div");
  parent.innerHTML = "<p id=a>x</p><p>y</p>";
  const first = parent.firstChild;
  assert_equals(first.outerHTML, `<p id="a">x</p>`);
  first.outerHTML = "1<i></i>2";
  assert_equals(parent.innerHTML, "1<i></i>2<p>y</p>");
  assert_equals(first.parentNode, null);
  assert_equals(first.outerHTML, `<p id="a">x</p>`);
  parent.lastChild.outerHTML = "";
  assert_equals(parent.innerHTML, "1<i></i>2");
}, "Setting it replaces the element");

test(() => {
  const alone = document.createElement("p");
  alone.outerHTML = "<b></b>";
  assert_equals(alone.outerHTML, "<p></p>", "without a parent nothing happens");
  assert_throws_dom("NoModificationAllowedError", () => {
    document.documentElement.outerHTML = "<html></html>";
  });
}, "Where there is nothing to replace it in");

test(() => {
  const element = document.createElement("p");
  element.setAttribute("a", "<>&\"'\u00A0");
  assert_equals(element.outerHTML.replaceAll("<>", "&lt;&gt;"),
    `<p a="&lt;&gt;&amp;&quot;'&nbsp;"></p>`);
  element.removeAttribute("a");
  element.append("<>&\"'\u00A0");
  assert_equals(element.outerHTML, `<p>&lt;&gt;&amp;"'&nbsp;</p>`);
}, "What has to be escaped is");

test(() => {
  for (const tag of ["br", "hr", "img", "input", "meta", "link", "source", "wbr"]) {
    const element = document.createElement(tag);
    assert_equals(element.outerHTML, `<${tag}>`);
    element.append("x");
    assert_equals(element.outerHTML, `<${tag}>`, "children of such elements are not written");
  }
  assert_equals(document.createElement("p").outerHTML, "<p></p>");
}, "Void elements have no end tag");

test(() => {
  const foreign = document.createElementNS("http://www.w3.org/2000/svg", "linearGradient");
  assert_equals(foreign.outerHTML, "<linearGradient></linearGradient>");
  const prefixed = document.createElementNS("urn:x", "p:q");
  prefixed.setAttributeNS("urn:y", "r:s", "1");
  assert_equals(prefixed.outerHTML, `<p:q r:s="1"></p:q>`);
  const element = document.createElement("div");
  element.innerHTML = "<svg viewbox='0'><foreignobject/></svg>";
  assert_equals(element.innerHTML, `<svg viewBox="0"><foreignObject></foreignObject></svg>`);
  assert_equals(element.firstChild.namespaceURI, "http://www.w3.org/2000/svg");
}, "Elements of other namespaces");
