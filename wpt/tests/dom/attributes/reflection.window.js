/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Attributes that are properties, too

"use strict";

for (const [tag, property, attribute] of [
  ["p", "id", "id"],
  ["p", "className", "class"],
  ["p", "title", "title"],
  ["p", "lang", "lang"],
  ["a", "target", "target"],
  ["a", "rel", "rel"],
  ["iframe", "name", "name"],
  ["iframe", "allow", "allow"],
  ["iframe", "srcdoc", "srcdoc"],
  ["script", "type", "type"],
]) {
  test(() => {
    const element = document.createElement(tag);
    assert_equals(element[property], "");
    element[property] = "some value";
    assert_equals(element.getAttribute(attribute), "some value");
    element.setAttribute(attribute, " other ");
    assert_equals(element[property], " other ");
    element[property] = null;
    assert_equals(element.getAttribute(attribute), "null");
    element.removeAttribute(attribute);
    assert_equals(element[property], "");
  }, `${tag}.${property} is a string`);
}

for (const [tag, property, attribute] of [
  ["audio", "autoplay", "autoplay"],
  ["audio", "loop", "loop"],
  ["audio", "defaultMuted", "muted"],
  ["script", "defer", "defer"],
  ["script", "noModule", "nomodule"],
]) {
  test(() => {
    const element = document.createElement(tag);
    assert_false(element[property]);
    element[property] = "yes";
    assert_equals(element.getAttribute(attribute), "");
    assert_true(element[property]);
    element[property] = 0;
    assert_false(element.hasAttribute(attribute));
    element.setAttribute(attribute, "false");
    assert_true(element[property], "any value is true");
  }, `${tag}.${property} is a boolean`);
}

for (const [tag, property] of [["a", "href"], ["iframe", "src"], ["audio", "src"], ["script", "src"]]) {
  test(() => {
    const element = document.createElement(tag);
    assert_equals(element[property], "");
    element[property] = "a b?c#d";
    assert_equals(element.getAttribute(property), "a b?c#d");
    assert_equals(element[property], new URL("a%20b?c#d", document.baseURI).href);
    element.setAttribute(property, "//example.org/x/../y");
    assert_equals(element[property], `${location.protocol}//example.org/y`);
    element.setAttribute(property, "http://a:b:c/");
    assert_equals(element[property], "http://a:b:c/", "what is no URL stays");
  }, `${tag}.${property} is a URL`);
}

test(() => {
  const link = document.createElement("a");
  link.href = "https://user:pass@example.org:8080/path?query#hash";
  assert_equals(link.protocol, "https:");
  assert_equals(link.host, "example.org:8080");
  assert_equals(link.hostname, "example.org");
  assert_equals(link.port, "8080");
  assert_equals(link.pathname, "/path");
  assert_equals(link.search, "?query");
  assert_equals(link.hash, "#hash");
  assert_equals(link.origin, "https://example.org:8080");
  link.pathname = "new";
  link.hash = "";
  assert_equals(link.href, "https://user:pass@example.org:8080/new?query");
  assert_equals(String(link), link.href);
}, "A link has the parts of its URL");
