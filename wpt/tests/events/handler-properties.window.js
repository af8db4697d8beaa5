/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Event handlers that are set as properties

"use strict";

test(() => {
  const element = document.createElement("p");
  assert_equals(element.onclick, null);
  const handler = () => {};
  element.onclick = handler;
  assert_equals(element.onclick, handler);
  const object = {};
  element.onclick = object;
  assert_equals(element.onclick, object, "any object is kept");
  for (const value of [null, undefined, 5, "f()", true]) {
    element.onclick = value;
    assert_equals(element.onclick, null);
  }
  assert_true("onclick" in HTMLElement.prototype);
  assert_true("onload" in window);
}, "They are functions, or null");

test(() => {
  const element = document.createElement("p");
  const log = [];
  element.addEventListener("click", () => log.push("first"));
  element.onclick = () => log.push("handler");
  element.addEventListener("click", () => log.push("last"));
  element.click();
  element.onclick = () => log.push("new handler");
  element.click();
  assert_array_equals(log, ["first", "handler", "last", "first", "new handler", "last"]);
  log.length = 0;
  element.onclick = null;
  element.click();
  element.onclick = () => log.push("set again");
  element.click();
  assert_array_equals(log, ["first", "last", "first", "last", "set again"],
    "after null its place is at the end");
}, "A handler keeps its place among the listeners");

test(() => {
  const element = document.createElement("p");
  let seen;
  element.onclick = function(...parameters) { seen = [this, parameters]; };
  const event = new Event("click");
  element.dispatchEvent(event);
  assert_equals(seen[0], element);
  assert_array_equals(seen[1], [event]);
  element.onclick = { handleEvent() { assert_unreached("a handler is no listener object"); } };
  element.click();
}, "It is called with the event");

test(() => {
  const element = document.createElement("p");
  for (const [returned, prevented] of [[false, true], [true, false], [undefined, false], [0, false]]) {
    element.onclick = () => returned;
    const event = new Event("click", { cancelable: true });
    assert_equals(element.dispatchEvent(event), !prevented);
    assert_equals(event.defaultPrevented, prevented, String(returned));
  }
}, "To return false cancels the event");

test(() => {
  let seen;
  window.onmessage = event => { seen = event; };
  const event = new MessageEvent("message");
  window.dispatchEvent(event);
  assert_equals(seen, event);
  window.onmessage = null;
  const body = document.body;
  for (const name of ["onload", "onerror", "onmessage", "onstorage"]) {
    const handler = () => {};
    body[name] = handler;
    assert_equals(window[name], handler, name);
    window[name] = null;
    assert_equals(body[name], null, name);
  }
}, "Some handlers of the body are the window's");

test(() => {
  const { onclick } = Object.getOwnPropertyDescriptors(HTMLElement.prototype);
  const handler = () => {};
  onclick.set.call(document.body, handler);
  assert_equals(document.body.onclick, handler);
  document.body.onclick = null;
  assert_throws_js(TypeError, () => onclick.get.call({}));
}, "They are accessors of the prototype");
