// META: title=Media elements: seeking, and what is buffered and played
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = await loadedAudio(t, 10);
  const seen = recordEvents(audio, ["seeking", "timeupdate", "seeked"]);
  audio.currentTime = 4;
  assert_true(audio.seeking);
  assert_equals(audio.currentTime, 4, "at once");
  assert_array_equals(seen, []);
  await nextEvent(audio, "seeked");
  assert_false(audio.seeking);
  assert_approx_equals(audio.currentTime, 4, 0.05);
  assert_array_equals(seen, ["seeking", "timeupdate", "seeked"]);
  assert_true(audio.paused);
}, "The events of seeking");

for (const [to, arrives] of [[-5, 0], [99, 10], [1e300, 10], [-0, 0], [2.5, 2.5]]) {
  promise_test(async t => {
    const audio = await loadedAudio(t, 10);
    audio.currentTime = to;
    assert_approx_equals(audio.currentTime, arrives, 0.01);
    await nextEvent(audio, "seeked");
    assert_approx_equals(audio.currentTime, arrives, 0.1);
  }, `Seeking to ${to}`);
}

promise_test(async t => {
  const audio = await loadedAudio(t);
  for (const value of [NaN, Infinity, -Infinity, "x", {}, undefined]) {
    assert_throws_js(TypeError, () => audio.currentTime = value, `${value}`);
  }
  assert_equals(audio.currentTime, 0);
  assert_false(audio.seeking);
}, "What is no time");

promise_test(async t => {
  const audio = newAudio(t);
  audio.currentTime = 3;
  assert_equals(audio.currentTime, 3);
  audio.src = soundURL(t, 10);
  audio.currentTime = 4;
  await nextEvent(audio, "seeked");
  assert_approx_equals(audio.currentTime, 4, 0.05);
}, "A time that is set before there is media is where it begins");

promise_test(async t => {
  const audio = await loadedAudio(t, 10);
  await audio.play();
  await nextEvent(audio, "timeupdate");
  audio.currentTime = 5;
  await nextEvent(audio, "seeked");
  assert_false(audio.paused);
  await new Promise(resolve => audio.ontimeupdate = () => audio.currentTime > 5.2 && resolve());
  audio.currentTime = 9.8;
  await nextEvent(audio, "ended");
  const played = rangesOf(audio.played);
  assert_equals(played.length, 3, JSON.stringify(played));
  assert_equals(played[0][0], 0);
  assert_approx_equals(played[1][0], 5, 0.05);
  assert_approx_equals(played[2][1], 10, 0.05);
}, "Seeking while it plays, and what was played");

promise_test(async t => {
  const audio = newAudio(t);
  assert_equals(audio.buffered.length, 0);
  assert_equals(audio.played.length, 0);
  assert_equals(audio.seekable.length, 0);
  audio.src = soundURL(t, 10);
  await nextEvent(audio, "canplaythrough");
  assert_not_equals(audio.seekable, audio.seekable);
  const [[start, end], ...more] = rangesOf(audio.seekable);
  assert_equals(start, 0);
  assert_approx_equals(end, 10, 0.01);
  assert_equals(more.length, 0);
  while (rangesOf(audio.buffered)[0]?.[1] < 9.9) {
    await nextEvent(audio, "progress");
  }
  const ranges = audio.seekable;
  for (const index of [1, -1, 4294967295]) {
    assert_throws_dom("IndexSizeError", () => ranges.start(index));
    assert_throws_dom("IndexSizeError", () => ranges.end(index));
  }
  assert_throws_js(TypeError, () => ranges.start());
  assert_throws_js(TypeError, () => new TimeRanges());
}, "Ranges of time");

promise_test(async t => {
  const audio = await loadedAudio(t, 10);
  for (let i = 0; i < 50; i++) {
    audio.currentTime = i % 10;
  }
  await nextEvent(audio, "seeked");
  while (audio.seeking) {
    await nextEvent(audio, "seeked");
  }
  assert_approx_equals(audio.currentTime, 9, 0.1);
  await audio.play();
  await nextEvent(audio, "ended");
}, "Many seeks at once end at the last");
