/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=What form controls have besides their attributes

"use strict";

const input = type => {
  const element = document.createElement("input");
  element.type = type;
  return element;
};

test(() => {
  const element = input("text");
  element.setAttribute("value", "default");
  assert_equals(element.value, "default");
  element.value = "dirty";
  assert_equals(element.getAttribute("value"), "default");
  element.defaultValue = "other";
  assert_equals(element.value, "dirty");
  assert_equals(element.cloneNode().value, "dirty");
  element.value = "a\nb";
  assert_equals(element.value, "ab", "a line");
  element.value = null;
  assert_equals(element.value, "");
}, "The value of a text input is no attribute once it is set");

test(() => {
  for (const type of ["hidden", "submit", "button", "checkbox", "radio"]) {
    const element = input(type);
    assert_equals(element.value, ["checkbox", "radio"].includes(type) ? "on" : "", type);
    element.value = "x";
    assert_equals(element.getAttribute("value"), "x", type);
  }
  const file = input("file");
  assert_equals(file.value, "");
  file.value = "";
  assert_throws_dom("InvalidStateError", () => (file.value = "x"));
}, "The value of others is");

test(() => {
  const element = input("text");
  assert_equals(element.type, "text");
  for (const [given, type] of [["CheckBox", "checkbox"], ["nothing", "text"], ["", "text"]]) {
    element.type = given;
    assert_equals(element.getAttribute("type"), given);
    assert_equals(element.type, type);
  }
  element.value = "typed";
  element.type = "hidden";
  assert_equals(element.getAttribute("value"), "typed");
  assert_equals(element.value, "typed");
}, "The type of an input");

test(() => {
  const element = input("checkbox");
  assert_false(element.checked);
  element.defaultChecked = true;
  assert_true(element.checked);
  assert_true(element.matches(":checked"));
  element.checked = false;
  assert_true(element.hasAttribute("checked"));
  assert_false(element.matches(":checked"));
  element.removeAttribute("checked");
  element.setAttribute("checked", "");
  assert_false(element.checked, "it is dirty");
  element.checked = true;
  assert_true(element.cloneNode().checked);
}, "A checkbox");

test(() => {
  const form = document.createElement("form");
  form.innerHTML = "<input type=radio name=a><p><input type=radio name=a></p><input type=radio name=b>";
  const [one, two, other] = form.querySelectorAll("input");
  other.checked = true;
  one.checked = true;
  assert_true(one.checked);
  two.checked = true;
  assert_false(one.checked);
  assert_true(two.checked && other.checked);
  assert_equals(two.form, form);
}, "One radio button of a group is checked");

test(() => {
  const element = document.createElement("textarea");
  element.textContent = "a\r\nb";
  assert_equals(element.value, "a\nb");
  assert_equals(element.defaultValue, "a\r\nb");
  assert_equals(element.textLength, 3);
  element.value = "c";
  element.textContent = "d";
  assert_equals(element.value, "c");
  assert_equals(element.cloneNode(true).value, "c");
  assert_equals(element.type, "textarea");
}, "A textarea");

test(() => {
  const holder = document.createElement("div");
  holder.innerHTML = `<fieldset disabled><legend><input id=in></legend><button id=out></button>
    <input id=own disabled></fieldset><p id=p disabled></p>`;
  const ids = selector => Array.from(holder.querySelectorAll(selector), it => it.id);
  assert_array_equals(ids("[id]:disabled"), ["out", "own"]);
  assert_array_equals(ids("[id]:enabled"), ["in"]);
  assert_array_equals(ids("input:optional"), ["in", "own"]);
}, "What is disabled");

test(() => {
  const holder = document.createElement("div");
  document.body.append(holder);
  holder.innerHTML = `<label><b></b><input type=hidden><input id=a></label>
    <label for=b></label><label for=c></label><button id=b></button><p id=c></p>`;
  const controls = Array.from(holder.querySelectorAll("label"), it => it.control);
  assert_array_equals(controls, [holder.querySelector("#a"), holder.querySelector("#b"), null]);
  holder.remove();
}, "The control of a label");

test(() => {
  const form = document.createElement("form");
  assert_equals(form.action, document.URL);
  form.action = "x";
  assert_equals(form.action, document.baseURI.replace(/[^/]*$/, "x"));
  assert_equals(form.method, "get");
  form.method = "POST";
  assert_equals(form.method, "post");
  form.method = "put";
  assert_equals(form.method, "get");
  assert_equals(form.enctype, "application/x-www-form-urlencoded");
  const button = document.createElement("button");
  assert_equals(button.type, "submit");
  button.type = "reset";
  assert_equals(button.type, "reset");
}, "Keywords and defaults");

test(() => {
  const meter = document.createElement("meter");
  meter.max = 10;
  meter.value = 20;
  assert_equals(meter.value, 10);
  assert_equals(meter.optimum, 5);
  const progress = document.createElement("progress");
  assert_equals(progress.position, -1);
  progress.max = 4;
  progress.value = 1;
  assert_equals(progress.position, 0.25);
  assert_throws_js(TypeError, () => (progress.value = NaN));
}, "meter and progress");
