/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=DOMParser

"use strict";

test(() => {
  const made = new DOMParser().parseFromString("<title>T</title><p id=a>x", "text/html");
  assert_true(made instanceof Document);
  assert_equals(made.title, "T");
  assert_equals(made.body.innerHTML, `<p id="a">x</p>`);
  assert_equals(made.getElementById("a").ownerDocument, made);
  assert_equals(made.defaultView, null);
  assert_equals(made.URL, document.URL);
  assert_equals(made.contentType, "text/html");
  assert_equals(made.characterSet, "UTF-8");
  assert_equals(made.doctype, null);
  assert_equals(made.compatMode, "BackCompat");
}, "It makes a document of HTML");

test(() => {
  const made = new DOMParser().parseFromString("<!DOCTYPE html>", "text/html");
  assert_equals(made.doctype.name, "html");
  assert_equals(made.compatMode, "CSS1Compat");
  assert_equals(made.documentElement.outerHTML, "<html><head></head><body></body></html>");
}, "An empty document has its three elements");

test(() => {
  window.ran = false;
  const text = "<script>ran = true</scr" + "ipt><body onload='ran = true'><p onclick='ran = true'>";
  const made = new DOMParser().parseFromString(text, "text/html");
  assert_false(window.ran);
  made.querySelector("p").click();
  assert_false(window.ran, "there is no window, so no handler");
  const script = document.adoptNode(made.querySelector("script"));
  document.body.append(script);
  assert_false(window.ran);
  script.remove();
}, "No script of it runs");

test(() => {
  assert_throws_js(TypeError, () => new DOMParser().parseFromString("", "text/plain"));
  assert_throws_js(TypeError, () => new DOMParser().parseFromString(""));
}, "The type is one of an enumeration");

test(t => {
  const parse = html => new DOMParser().parseFromString(html, "text/html").querySelector("script");
  t.add_cleanup(() => { delete window.ran; });
  window.ran = [];
  const empty = parse("<script></script>");
  document.body.append(empty);
  empty.textContent = "ran.push('empty')";
  const data = parse("<script type=data>ran.push('data')</script>");
  document.body.append(data);
  data.removeAttribute("type");
  data.append(" ");
  const full = parse("<script>ran.push('full')</script>");
  document.body.append(full);
  assert_array_equals(ran, ["empty", "data"]);
  [empty, data, full].forEach(it => it.remove());
}, "Scripts of it that had nothing to run yet");
