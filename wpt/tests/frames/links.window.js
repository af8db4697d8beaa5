/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Where links lead
// META: script=/support/common.sub.js

"use strict";

async function add(t, { name, srcdoc = "" } = {}, parent = document) {
  const frame = parent.createElement("iframe");
  if (name !== undefined) {
    frame.name = name;
  }
  frame.srcdoc = srcdoc;
  t.add_cleanup(() => frame.remove());
  parent.body.append(frame);
  await nextEvent(frame, "load");
  return frame;
}

const shown = frame => frame.contentDocument.body.textContent;

// A link in the document of a frame.
function link(frame, href, attributes = {}) {
  const element = frame.contentDocument.createElement("a");
  Object.assign(element, { href, ...attributes });
  frame.contentDocument.body.append(element);
  return element;
}

promise_test(async t => {
  for (const target of ["", "_self", "_SELF"]) {
    const frame = await add(t);
    link(frame, htmlURL("there"), { target }).click();
    assert_equals(shown(frame), "", "not at once");
    await nextEvent(frame, "load");
    assert_equals(shown(frame), "there", target);
  }
}, "In its own frame");

promise_test(async t => {
  const outer = await add(t);
  const inner = await add(t, {}, outer.contentDocument);
  link(inner, htmlURL("there"), { target: "_parent" }).click();
  await nextEvent(outer, "load");
  assert_equals(shown(outer), "there");
}, "In the frame around it");

promise_test(async t => {
  const [one, other] = [await add(t), await add(t, { name: "named" })];
  const inner = await add(t, { name: "inner" }, one.contentDocument);
  link(inner, htmlURL("outside"), { target: "named" }).click();
  await nextEvent(other, "load");
  assert_equals(shown(other), "outside", "elsewhere in the tab");
  link(one, htmlURL("inside"), { target: "inner" }).click();
  await nextEvent(inner, "load");
  assert_equals(shown(inner), "inside", "in the frame itself");
}, "In a frame with a name");

promise_test(async t => {
  const frame = await add(t, { srcdoc: "<base target=of-base><iframe name=of-base></iframe>" });
  const inner = frame.contentDocument.querySelector("iframe");
  link(frame, htmlURL("by base")).click();
  await nextEvent(inner, "load");
  assert_equals(shown(inner), "by base");
  link(frame, htmlURL("by the link"), { target: "_self" }).click();
  await nextEvent(frame, "load");
  assert_equals(shown(frame), "by the link");
}, "Where base says");

promise_test(async t => {
  const frame = await add(t, { srcdoc: "<map><area id=area></map>" });
  const area = frame.contentDocument.getElementById("area");
  area.href = htmlURL("by area");
  area.click();
  await nextEvent(frame, "load");
  assert_equals(shown(frame), "by area");
}, "An area is a link, too");

promise_test(async t => {
  const frame = await add(t);
  const element = link(frame, htmlURL("there"));
  element.remove();
  element.click();
  await nextEvent(frame, "load");
  assert_equals(shown(frame), "there");
}, "A link need not be in the document");

promise_test(async t => {
  const frame = await add(t);
  const message = nextMessage(event => event.source === frame.contentWindow);
  link(frame, "javascript:parent.postMessage(location.href)").click();
  assert_equals((await message).data, "about:srcdoc");
}, "A javascript: URL runs in the frame");

promise_test(async t => {
  const frame = await add(t);
  const changed = nextEvent(frame.contentWindow, "hashchange");
  link(frame, "about:srcdoc#there").click();
  await changed;
  assert_equals(frame.contentWindow.location.hash, "#there");
}, "To a fragment");

// Follows a link that should lead nowhere, and sees that the frame stays where it is.
async function leadsNowhere(t, act) {
  const frame = await add(t);
  act(frame);
  await task();
  // A navigation that began before would be over.
  link(frame, "about:srcdoc#later").click();
  await nextEvent(frame.contentWindow, "hashchange");
  assert_equals(frame.contentDocument.URL, "about:srcdoc#later");
  assert_equals(window.ran, undefined);
}

promise_test(async t => {
  await leadsNowhere(t, frame => {
    const without = link(frame, "");
    without.removeAttribute("href");
    without.click();
  });
  await leadsNowhere(t, frame => link(frame, "http://a b/").click());
  await leadsNowhere(t, frame => {
    const canceled = link(frame, "javascript:void(parent.ran = true)");
    canceled.addEventListener("click", event => event.preventDefault());
    canceled.click();
  });
}, "What leads nowhere");
