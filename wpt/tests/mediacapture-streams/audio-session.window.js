/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The audio session of a page that captures
// META: script=/support/common.sub.js

"use strict";

const { audioSession, mediaDevices } = navigator;

async function capture(t, constraints) {
  const stream = await mediaDevices.getUserMedia(constraints);
  t.add_cleanup(() => stream.getTracks().forEach(track => track.stop()));
  return stream.getTracks();
}

async function state(wanted) {
  while (audioSession.state !== wanted) {
    await nextEvent(audioSession, "statechange");
  }
}

promise_test(async t => {
  t.add_cleanup(() => { audioSession.type = "auto"; });
  for (const type of ["playback", "transient", "transient-solo", "ambient"]) {
    audioSession.type = type;
    await promise_rejects_dom(t, "InvalidStateError", mediaDevices.getUserMedia({ audio: true }), type);
    await promise_rejects_dom(t, "InvalidStateError", mediaDevices.getUserMedia({ audio: true, video: true }));
    const [camera] = await capture(t, { video: true });
    assert_equals(camera.kind, "video");
  }
  for (const type of ["auto", "play-and-record"]) {
    audioSession.type = type;
    const [microphone] = await capture(t, { audio: true });
    assert_equals(microphone.readyState, "live");
  }
}, "Only some types record");

promise_test(async t => {
  await state("inactive");
  const [microphone] = await capture(t, { audio: true });
  await state("active");
  const clone = microphone.clone();
  microphone.stop();
  await task();
  assert_equals(audioSession.state, "active", "its clone is live");
  clone.stop();
  await state("inactive");
}, "A microphone makes the session active");

promise_test(async t => {
  await state("inactive");
  await capture(t, { video: true });
  await task();
  assert_equals(audioSession.state, "inactive");
}, "A camera does not");

promise_test(async t => {
  t.add_cleanup(() => { audioSession.type = "auto"; });
  const [audio, video] = await capture(t, { audio: true, video: true });
  const clone = audio.clone();
  video.onended = t.unreached_func("it makes no sound");
  const ended = Promise.all([audio, clone].map(track => nextEvent(track, "ended")));
  audioSession.type = "playback";
  assert_equals(audio.readyState, "live", "the type is applied in a task");
  const events = await ended;
  for (const event of events) {
    assert_true(event.isTrusted);
    assert_equals(event.target.readyState, "ended");
  }
  assert_equals(video.readyState, "live");
  await state("inactive");
}, "A type that does not record ends the tracks");

promise_test(async t => {
  t.add_cleanup(() => { audioSession.type = "auto"; });
  const refused = promise_rejects_dom(t, "InvalidStateError", mediaDevices.getUserMedia({ audio: true }));
  audioSession.type = "ambient";
  await refused;
}, "Also when it is set before the devices are there");

promise_test(async t => {
  t.add_cleanup(() => { audioSession.type = "auto"; });
  const [track] = await capture(t, { audio: true });
  const refused = promise_rejects_dom(t, "InvalidStateError", mediaDevices.getUserMedia({ audio: true }));
  const ended = nextEvent(track, "ended");
  audioSession.type = "ambient";
  await Promise.all([ended, refused]);
}, "And of a device that is captured already");
