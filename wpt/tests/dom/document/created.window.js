/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Documents that script creates

"use strict";

test(() => {
  const created = new Document();
  assert_equals(created.contentType, "application/xml");
  assert_equals(created.URL, "about:blank");
  assert_equals(created.documentElement, null);
  assert_equals(created.createElement("A").localName, "A");
  assert_equals(created.createElement("A").namespaceURI, null);
  assert_equals(created.readyState, "complete");
  assert_equals(created.visibilityState, "hidden");
  assert_false(created.hasFocus());
}, "new Document()");

test(() => {
  const { implementation } = document;
  for (const [namespace, type] of [
    ["http://www.w3.org/1999/xhtml", "application/xhtml+xml"],
    ["http://www.w3.org/2000/svg", "image/svg+xml"],
    ["urn:x", "application/xml"],
    [null, "application/xml"],
  ]) {
    const created = implementation.createDocument(namespace, "x", null);
    assert_equals(created.contentType, type);
    assert_equals(created.documentElement.namespaceURI, namespace);
    assert_true(created instanceof XMLDocument);
  }
  const doctype = implementation.createDocumentType("d", "p", "s");
  const created = implementation.createDocument("urn:x", "a:b", doctype);
  assert_equals(created.doctype, doctype);
  assert_equals(doctype.ownerDocument, created);
  assert_equals(created.documentElement.tagName, "a:b");
  assert_equals(implementation.createDocument(null, null).documentElement, null);
  assert_throws_dom("NamespaceError", () => implementation.createDocument(null, "a:b"));
  assert_equals(created.cloneNode(true).documentElement.prefix, "a");
}, "createDocument()");

test(() => {
  const created = document.implementation.createHTMLDocument("a  b");
  assert_equals(created.title, "a b");
  assert_equals(created.head.outerHTML, "<head><title>a  b</title></head>");
  assert_equals(created.compatMode, "CSS1Compat");
  const base = created.createElement("base");
  base.href = "https://example.org/x/";
  created.head.append(base);
  const link = created.createElement("a");
  link.href = "y";
  assert_equals(link.href, "https://example.org/x/y");
  assert_equals(link.baseURI, "https://example.org/x/");
  assert_equals(document.implementation.createHTMLDocument().querySelector("title"), null);
}, "createHTMLDocument()");

test(() => {
  const created = document.implementation.createHTMLDocument("");
  for (const act of [
    () => created.append("text"),
    () => created.append(created.createElement("p")),
    () => created.insertBefore(created.createElement("p"), created.doctype),
    () => created.append(created.createComment(""), created.createElement("p")),
    () => created.append(document.implementation.createDocumentType("x", "", "")),
    () => created.body.append(document.implementation.createDocumentType("x", "", "")),
    () => created.body.append(document),
    () => created.replaceChild(created.createElement("p"), created.doctype),
  ]) {
    assert_throws_dom("HierarchyRequestError", act);
  }
  created.replaceChild(created.createElement("p"), created.documentElement);
  assert_equals(created.documentElement.localName, "p");
  assert_equals(created.body, null);
  created.insertBefore(created.createComment("x"), created.doctype);
  assert_equals(created.childNodes.length, 3);
}, "What a document can have");

test(() => {
  const created = document.implementation.createHTMLDocument("");
  created.body = created.createElement("frameset");
  assert_equals(created.body.localName, "frameset");
  assert_throws_dom("HierarchyRequestError", () => (created.body = created.createElement("p")));
  assert_throws_dom("HierarchyRequestError", () => (created.body = null));
  created.documentElement.remove();
  assert_throws_dom("HierarchyRequestError", () => (created.body = created.createElement("body")));
}, "Setting the body");
