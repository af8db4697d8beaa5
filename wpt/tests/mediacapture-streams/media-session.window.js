/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=setMicrophoneActive() and setCameraActive() mute tracks
// META: script=/support/common.sub.js

"use strict";

const { mediaDevices, mediaSession } = navigator;

async function capture(t, constraints) {
  const stream = await mediaDevices.getUserMedia(constraints);
  t.add_cleanup(() => stream.getTracks().forEach(track => track.stop()));
  return stream.getTracks();
}

for (const [method, own, other] of [
  ["setMicrophoneActive", "audio", "video"],
  ["setCameraActive", "video", "audio"],
]) {
  promise_test(async t => {
    const tracks = await capture(t, { audio: true, video: true });
    const track = tracks.find(({ kind }) => kind === own);
    const untouched = tracks.find(({ kind }) => kind === other);
    untouched.onmute = untouched.onunmute = t.unreached_func("another kind");
    const clone = track.clone();
    t.add_cleanup(() => clone.stop());
    const order = [];
    const muted = [track, clone].map(it => nextEvent(it, "mute"));
    const done = mediaSession[method](false).then(() => order.push("resolved"));
    for (const event of await Promise.all(muted)) {
      assert_true(event.target.muted);
      assert_true(event.isTrusted);
      order.push("mute");
    }
    await done;
    assert_array_equals(order, ["resolved", "mute", "mute"]);
    assert_true(track.enabled);
    assert_equals(track.readyState, "live");

    const [late] = await capture(t, { [own]: true });
    assert_true(late.muted, "one that comes later");
    const unmuted = [track, clone, late].map(it => nextEvent(it, "unmute"));
    await mediaSession[method](true);
    await Promise.all(unmuted);
    assert_false(track.muted);
    assert_false(late.muted);
  }, `${method}()`);

  promise_test(async t => {
    const [track] = await capture(t, { [own]: true });
    track.stop();
    track.onmute = t.unreached_func("it has ended");
    await mediaSession[method](false);
    await task();
    assert_false(track.muted);
    await mediaSession[method](true);
  }, `${method}() and a track that has ended`);
}

promise_test(async t => {
  if (!navigator.audioSession) {
    return;
  }
  const [track] = await capture(t, { audio: true });
  const state = async wanted => {
    while (navigator.audioSession.state !== wanted) {
      await nextEvent(navigator.audioSession, "statechange");
    }
  };
  await state("active");
  mediaSession.setMicrophoneActive(false);
  await state("inactive");
  mediaSession.setMicrophoneActive(true);
  await state("active");
  assert_false(track.muted);
}, "A muted microphone is not audible for the audio session");
