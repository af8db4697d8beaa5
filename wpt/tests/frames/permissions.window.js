/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Permissions Policy: the attribute allow
// META: script=/support/common.sub.js

"use strict";

const ask = `<script>
  onmessage = async ({ source }) => {
    let microphone;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      stream.getTracks().forEach(track => track.stop());
      microphone = true;
    } catch (error) {
      microphone = error.name;
    }
    source.postMessage({ microphone }, "*");
  };
</script>`;

async function microphone(t, { origin = ORIGIN, allow } = {}) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  if (allow !== undefined) {
    frame.allow = allow;
  }
  frame.src = htmlURL(ask, origin);
  document.body.append(frame);
  await nextEvent(frame, "load");
  const answer = nextMessage(event => event.source === frame.contentWindow);
  frame.contentWindow.postMessage("?", "*");
  return (await answer).data.microphone;
}

promise_test(async t => {
  assert_equals(await microphone(t), true, "of the same origin");
  assert_equals(await microphone(t, { origin: OTHER_ORIGIN }), "NotAllowedError");
}, "Without allow only frames of the same origin may record");

promise_test(async t => {
  assert_equals(await microphone(t, { origin: OTHER_ORIGIN, allow: "microphone" }), true);
  assert_equals(await microphone(t, { origin: OTHER_ORIGIN, allow: "camera; microphone *" }), true);
  assert_equals(await microphone(t, { origin: OTHER_ORIGIN, allow: `microphone ${OTHER_ORIGIN}` }), true);
  assert_equals(await microphone(t, { origin: OTHER_ORIGIN, allow: "microphone 'src'" }), true);
}, "With allow a frame of another origin may");

promise_test(async t => {
  assert_equals(await microphone(t, { allow: "microphone 'none'" }), "NotAllowedError");
  for (const allow of ["camera", "microphone 'self'", "microphone https://example.org", "MICROPHONE-x"]) {
    assert_equals(await microphone(t, { origin: OTHER_ORIGIN, allow }), "NotAllowedError", allow);
  }
}, "What does not allow it");
