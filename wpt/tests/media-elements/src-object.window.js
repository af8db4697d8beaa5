// META: title=Media elements: srcObject
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const stream = await microphone(t);
  const audio = newPlayer(t, stream);
  assert_equals(audio.srcObject, stream);
  await audio.play();
  assert_equals(audio.duration, Infinity);
  assert_equals(audio.currentSrc, "");
  assert_equals(audio.seekable.length, 0);
  assert_equals(audio.buffered.length, 0);
  assert_equals(audio.readyState, audio.HAVE_ENOUGH_DATA);
  const before = audio.currentTime;
  await nextEvent(audio, "timeupdate");
  assert_greater_than_equal(audio.currentTime, before);
  audio.playbackRate = 2;
  assert_equals(audio.playbackRate, 1, "what happens now has no other rate");
  audio.pause();
  assert_true(audio.paused);
  await audio.play();
}, "A stream plays");

promise_test(async t => {
  const stream = await microphone(t);
  const audio = newPlayer(t, stream);
  await audio.play();
  audio.srcObject = null;
  assert_equals(audio.readyState, audio.HAVE_NOTHING);
  assert_true(audio.paused);
  assert_equals(stream.getTracks()[0].readyState, "live");
  audio.src = soundURL(t, 1);
  await nextEvent(audio, "canplaythrough");
  assert_approx_equals(audio.duration, 1, 0.01);
}, "After a stream something else can be played");

promise_test(async t => {
  const stream = await microphone(t);
  const audio = newPlayer(t, stream);
  audio.src = soundURL(t, 1);
  await audio.play();
  assert_equals(audio.duration, Infinity);
}, "srcObject comes before src");

test(t => {
  const audio = newAudio(t);
  assert_equals(audio.srcObject, null);
  for (const value of ["x", 1, {}, []]) {
    assert_throws_js(TypeError, () => audio.srcObject = value);
  }
}, "What is no provider");
