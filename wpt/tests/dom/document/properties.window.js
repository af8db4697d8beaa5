/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=What a document knows of itself

"use strict";

test(() => {
  assert_equals(document.URL, location.href);
  assert_equals(document.documentURI, location.href);
  assert_equals(document.baseURI, location.href);
  assert_equals(document.location, location);
  assert_equals(document.defaultView, window);
  assert_equals(document.characterSet, "UTF-8");
  assert_equals(document.charset, "UTF-8");
  assert_equals(document.inputEncoding, "UTF-8");
  assert_equals(document.contentType, "text/html");
  assert_equals(document.compatMode, "CSS1Compat");
  assert_equals(document.referrer, "");
  assert_true(document.implementation.hasFeature());
}, "Addresses and types");

test(() => {
  assert_equals(document.visibilityState, "visible");
  assert_false(document.hidden);
  assert_true(document.hasFocus());
}, "It is visible");

test(() => {
  assert_equals(document.documentElement.localName, "html");
  assert_equals(document.head, document.documentElement.firstElementChild);
  assert_equals(document.body, document.documentElement.lastElementChild);
  const other = document.implementation.createHTMLDocument("");
  other.body.remove();
  assert_equals(other.body, null);
  other.body = other.createElement("body");
  assert_equals(other.documentElement.lastChild, other.body);
  assert_throws_dom("HierarchyRequestError", () => { other.body = other.createElement("p"); });
  other.documentElement.remove();
  assert_equals(other.documentElement, null);
  assert_equals(other.head, null);
}, "documentElement, head and body");

test(() => {
  const other = document.implementation.createHTMLDocument("");
  assert_equals(other.title, "");
  other.title = "  one \n two\t ";
  assert_equals(other.querySelector("title").textContent, "  one \n two\t ");
  assert_equals(other.title, "one two");
  other.querySelector("title").remove();
  assert_equals(other.title, "");
  other.title = "new";
  assert_equals(other.head.innerHTML, "<title>new</title>");
  other.head.remove();
  other.title = "nowhere";
  assert_equals(other.title, "");
}, "title");

test(() => {
  const element = document.createElement("p");
  element.id = "the-id";
  assert_equals(document.getElementById("the-id"), null);
  document.body.append(element);
  assert_equals(document.getElementById("the-id"), element);
  const second = document.createElement("b");
  second.id = "the-id";
  element.before(second);
  assert_equals(document.getElementById("the-id"), second, "the first in the tree");
  second.id = "other";
  assert_equals(document.getElementById("the-id"), element);
  element.remove();
  assert_equals(document.getElementById("the-id"), null);
  assert_equals(document.getElementById(""), null);
  second.remove();
}, "getElementById()");

test(() => {
  assert_equals(new Document().contentType, "application/xml");
  assert_equals(new Document().documentElement, null);
  assert_equals(new Document().URL, "about:blank");
}, "The constructor");
