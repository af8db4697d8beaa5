/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=insertAdjacentElement(), -Text() and -HTML()

"use strict";

function target() {
  const parent = document.createElement("div");
  parent.innerHTML = "<p>x</p>";
  return parent.firstChild;
}

const results = {
  beforebegin: "<i></i><p>x</p>",
  afterbegin: "<p><i></i>x</p>",
  beforeend: "<p>x<i></i></p>",
  afterend: "<p>x</p><i></i>",
};

for (const [where, result] of Object.entries(results)) {
  test(() => {
    const p = target();
    const parent = p.parentNode;
    const child = document.createElement("i");
    assert_equals(p.insertAdjacentElement(where, child), child);
    assert_equals(parent.innerHTML, result);
    child.remove();
    assert_equals(p.insertAdjacentText(where.toUpperCase(), "<i>"), undefined);
    assert_equals(parent.innerHTML, result.replace("<i></i>", "&lt;i&gt;"));
    p.textContent = "x";
    parent.replaceChildren(p);
    assert_equals(p.insertAdjacentHTML(where, "<i></i>"), undefined);
    assert_equals(parent.innerHTML, result);
  }, where);
}

test(() => {
  const p = target();
  for (const where of ["", "before", "beforebegin "]) {
    assert_throws_dom("SyntaxError", () => p.insertAdjacentElement(where, p.cloneNode()));
    assert_throws_dom("SyntaxError", () => p.insertAdjacentText(where, "x"));
    assert_throws_dom("SyntaxError", () => p.insertAdjacentHTML(where, "x"));
  }
  assert_throws_js(TypeError, () => p.insertAdjacentElement("afterend", document.createTextNode("x")));
}, "Other places are refused");

test(() => {
  const alone = document.createElement("p");
  assert_equals(alone.insertAdjacentElement("beforebegin", target()), null);
  assert_equals(alone.insertAdjacentElement("afterend", target()), null);
  alone.insertAdjacentText("afterend", "x");
  assert_equals(alone.nextSibling, null);
  assert_throws_dom("NoModificationAllowedError", () => alone.insertAdjacentHTML("afterend", "x"));
  alone.insertAdjacentHTML("afterbegin", "x");
  assert_equals(alone.outerHTML, "<p>x</p>");
}, "Beside an element without a parent there is no place");

test(() => {
  const table = document.createElement("table");
  table.insertAdjacentHTML("beforeend", "<tr><td>1");
  assert_equals(table.outerHTML, "<table><tbody><tr><td>1</td></tr></tbody></table>");
  const row = table.querySelector("tr");
  row.insertAdjacentHTML("beforeend", "<td>2</td>");
  assert_equals(row.cells?.length ?? row.children.length, 2);
}, "HTML is parsed as what is in that place");
