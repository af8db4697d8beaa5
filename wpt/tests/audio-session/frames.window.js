/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=navigator.audioSession in frames
// META: script=/support/common.sub.js

"use strict";

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  document.body.append(frame);
  const { audioSession } = frame.contentWindow.navigator;
  assert_not_equals(audioSession, navigator.audioSession);
  audioSession.type = "ambient";
  assert_equals(navigator.audioSession.type, "auto");
  assert_equals(audioSession.state, "inactive");
}, "Each frame has a session of its own");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const said = nextMessage();
  frame.src = htmlURL(`<script>
    navigator.audioSession.type = "transient";
    parent.postMessage([navigator.audioSession.type, navigator.audioSession.state], "*");
  </script>`, OTHER_ORIGIN);
  document.body.append(frame);
  assert_array_equals((await said).data, ["transient", "inactive"]);
  assert_equals(navigator.audioSession.type, "auto");
}, "So has a frame of another origin");
