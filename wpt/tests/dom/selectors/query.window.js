/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=querySelector(), querySelectorAll(), matches() and closest()

"use strict";

const root = document.createElement("div");
root.id = "root";
root.innerHTML = `
  <ul class="list main"><li id="one">1</li><li class="x">2</li><li data-k="v w">3</li></ul>
  <p lang="en-GB" title="Some Title">text <b>bold</b><!-- --></p>
  <p></p>
  <a href="https://example.org/a.ogg">link</a>`;
document.body.append(root);

const found = selector =>
  Array.from(root.querySelectorAll(selector), it => it.id || it.textContent || it.localName).join();

for (const [selector, expected] of [
  ["li", "one,2,3"],
  ["#one", "one"],
  [".x", "2"],
  [".list.main > li", "one,2,3"],
  ["ul li.x", "2"],
  ["#one + li", "2"],
  ["#one ~ li", "2,3"],
  ["li:first-child", "one"],
  ["li:last-child", "3"],
  ["li:nth-child(2n+1)", "one,3"],
  ["li:not(.x)", "one,3"],
  ["li:is(.x, #one)", "one,2"],
  [":where(li).x", "2"],
  ["li:nth-last-child(2)", "2"],
  ["p:nth-of-type(2)", "p"],
  ["p:empty", "p"],
  ["b:only-child", "bold"],
  ["[data-k]", "3"],
  ["[data-k='v w']", "3"],
  ["[data-k~=w]", "3"],
  ["[lang|=en]", "text bold"],
  ["[title^=Some]", "text bold"],
  ["[title$=Title]", "text bold"],
  ["[title*='e T']", "text bold"],
  ["[title='some title' i]", "text bold"],
  ["[href$='.ogg']", "link"],
  ["LI.x", "2"],
  ["b, #one", "one,bold"],
  ["#root li", "one,2,3"],
  [":scope > p > b", "bold"],
  ["*|b", "bold"],
  ["ul:has(.x) #one", "one"],
  ["none", ""],
]) {
  test(() => assert_equals(found(selector), expected), `querySelectorAll("${selector}")`);
}

test(() => {
  assert_equals(root.querySelector("li").id, "one");
  assert_equals(root.querySelector("nothing"), null);
  assert_equals(document.querySelector("#root b").textContent, "bold");
  assert_equals(root.querySelector("#root"), null, "the root itself is not found");
}, "querySelector() gives the first in the order of the tree");

test(() => {
  const item = root.querySelector(".x");
  assert_true(item.matches("ul > .x"));
  assert_false(item.matches("ul"));
  assert_equals(item.closest("li"), item);
  assert_equals(item.closest("#root").id, "root");
  assert_equals(item.closest("p"), null);
  assert_true(item.matches(":scope"));
  assert_equals(item.webkitMatchesSelector("li"), true);
}, "matches() and closest()");

test(() => {
  for (const selector of ["", " ", "a >", "[", "a[", "::", ":unknown-thing", "1a", "a,,b", "!"]) {
    assert_throws_dom("SyntaxError", () => document.querySelector(selector), `"${selector}"`);
    assert_throws_dom("SyntaxError", () => root.querySelectorAll(selector), `"${selector}"`);
    assert_throws_dom("SyntaxError", () => root.matches(selector), `"${selector}"`);
    assert_throws_dom("SyntaxError", () => root.closest(selector), `"${selector}"`);
  }
}, "What is no selector throws");

test(() => {
  const list = root.querySelectorAll("li");
  assert_true(list instanceof NodeList);
  root.querySelector("li").remove();
  assert_equals(list.length, 3);
  assert_equals(list[0].id, "one");
  assert_not_equals(root.querySelectorAll("li"), list);
}, "The list does not live");
