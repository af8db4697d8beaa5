/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Activation and frames
// META: script=/support/common.sub.js
// META: script=/resources/testdriver.js
// META: script=/resources/testdriver-vendor.js

"use strict";

const active = view => view.navigator.userActivation.isActive;
const sticky = view => view.navigator.userActivation.hasBeenActive;

async function open(t, id, options = {}) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.id = id;
  frame.srcdoc = "<button id=inner>button</button><iframe id=nested></iframe>";
  Object.assign(frame, options);
  document.body.append(frame);
  await nextEvent(frame, "load");
  return frame;
}

promise_test(async t => {
  const one = await open(t, "one");
  const two = await open(t, "two");
  const nested = one.contentWindow[0];
  assert_false(active(window));
  await test_driver.click(one.contentDocument.getElementById("inner"));
  assert_true(active(one.contentWindow), "the frame that was clicked");
  assert_true(active(window), "those around it");
  assert_true(active(nested), "those of the same origin in it");
  assert_true(sticky(one.contentWindow) && sticky(window));
}, "A click in a frame activates it, those around it, and those in it of its origin");

promise_test(async t => {
  const frame = await open(t, "other", {
    src: htmlURL(`<button id=inner onclick='parent.postMessage("clicked", "*")'>button</button><script>
      onmessage = () => parent.postMessage(
        [navigator.userActivation.isActive, navigator.userActivation.hasBeenActive], "*");
    </script>`, OTHER_ORIGIN),
  });
  frame.removeAttribute("srcdoc");
  await nextEvent(frame, "load");
  const ask = async () => {
    const answer = nextMessage();
    frame.contentWindow.postMessage("?", "*");
    return (await answer).data;
  };
  await test_driver.bless("something");
  assert_array_equals(await ask(), [false, false], "a click here does not activate another origin");
  const clicked = nextMessage(event => event.data === "clicked");
  test_driver.click_in_frame(frame, "inner");
  await clicked;
  assert_array_equals(await ask(), [true, true]);
}, "Frames of another origin");
