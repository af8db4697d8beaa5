/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=click() and what it activates
// META: script=/support/common.sub.js
// META: script=/resources/testdriver.js
// META: script=/resources/testdriver-vendor.js

"use strict";

test(() => {
  const button = document.createElement("button");
  document.body.append(button);
  let event;
  button.onclick = it => { event = it; };
  assert_equals(button.click(), undefined);
  assert_equals(event.type, "click");
  assert_true(event.bubbles && event.cancelable && event.composed);
  assert_true(event instanceof PointerEvent);
  assert_false(event.isTrusted);
  assert_equals(event.view, window);
  assert_equals(event.target, button);
  button.remove();
}, "click() makes an event that is not trusted");

test(() => {
  const element = document.createElement("p");
  let count = 0;
  element.addEventListener("click", () => {
    if (++count < 5) {
      element.click();
    }
  });
  element.click();
  assert_equals(count, 1);
}, "click() within its own click does nothing");

async function leaveFragment() {
  const changed = nextEvent(window, "hashchange");
  location.hash = "";
  await changed;
}

promise_test(async t => {
  const link = document.createElement("a");
  link.href = "#fragment";
  document.body.append(link);
  t.add_cleanup(() => link.remove());
  const old = location.href;
  const changed = nextEvent(window, "hashchange");
  link.click();
  const { oldURL, newURL } = await changed;
  assert_equals(location.hash, "#fragment");
  assert_equals(newURL, location.href);
  assert_equals(oldURL, old);
  await leaveFragment();
}, "A link to a fragment");

promise_test(async t => {
  const link = document.createElement("a");
  link.href = "#other";
  link.innerHTML = "<b>text</b>";
  document.body.append(link);
  t.add_cleanup(() => link.remove());
  link.onclick = () => false;
  link.click();
  link.onclick = null;
  link.addEventListener("click", event => event.preventDefault(), { once: true });
  link.firstChild.click();
  await task();
  assert_equals(location.hash, "");
  const changed = nextEvent(window, "hashchange");
  link.firstChild.click();
  await changed;
  assert_equals(location.hash, "#other", "a click within the link");
  await leaveFragment();
}, "A click that is canceled activates nothing");

promise_test(async t => {
  const frame = document.createElement("iframe");
  frame.name = "target-of-link";
  const link = document.createElement("a");
  link.target = "target-of-link";
  link.href = htmlURL("<p>there");
  document.body.append(frame, link);
  t.add_cleanup(() => {
    frame.remove();
    link.remove();
  });
  link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "there");
  assert_equals(location.pathname, "/events/click.window.html");
}, "A link with a target navigates that, by an event of script, too");

promise_test(async t => {
  const button = document.createElement("button");
  button.id = "real";
  button.textContent = "x";
  document.body.append(button);
  t.add_cleanup(() => button.remove());
  const clicked = nextEvent(button, "click");
  await test_driver.click(button);
  const { isTrusted, button: which, detail } = await clicked;
  assert_true(isTrusted);
  assert_equals(which, 0);
  assert_equals(detail, 1);
}, "A click of the user is trusted");
