// META: title=Media elements: playing and pausing
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = await loadedAudio(t);
  const seen = recordEvents(audio, ["play", "waiting", "playing", "pause"]);
  const play = audio.play();
  assert_false(audio.paused);
  assert_array_equals(seen, [], "events come in tasks");
  assert_equals(await play, undefined);
  assert_array_equals(seen, ["play", "playing"]);
  await nextEvent(audio, "timeupdate");
  assert_greater_than(audio.currentTime, 0);
  audio.pause();
  assert_true(audio.paused);
  await nextEvent(audio, "pause");
  const stopped = audio.currentTime;
  await new Promise(resolve => t.step_timeout(resolve, 100));
  assert_equals(audio.currentTime, stopped);
  assert_array_equals(seen, ["play", "playing", "pause"]);
}, "play() and pause()");

promise_test(async t => {
  const audio = newAudio(t);
  audio.src = soundURL(t, 5);
  const seen = recordEvents(audio, ["play", "waiting", "canplay", "playing"]);
  await audio.play();
  assert_array_equals(seen, ["play", "waiting", "canplay", "playing"]);
}, "play() before there is data");

promise_test(async t => {
  const audio = newAudio(t);
  audio.src = soundURL(t, 5);
  const play = rejection(audio.play());
  audio.pause();
  assert_equals((await play).name, "AbortError");
}, "pause() aborts play() before there is data");

promise_test(async t => {
  const audio = await loadedAudio(t);
  const seen = recordEvents(audio, ["play", "playing", "pause"]);
  const play = audio.play();
  audio.pause();
  assert_equals(await play, undefined);
  await nextEvent(audio, "pause");
  assert_array_equals(seen, ["play", "playing", "pause"]);
}, "pause() at once does not abort play() of what can play");

promise_test(async t => {
  const audio = await loadedAudio(t);
  const promises = [audio.play(), audio.play(), audio.play()];
  await Promise.all(promises);
  await audio.play();
}, "play() while it plays");

promise_test(async t => {
  const audio = await loadedAudio(t, 0.3);
  audio.play();
  const seen = recordEvents(audio, ["pause", "ended", "seeking", "seeked", "playing"]);
  await nextEvent(audio, "ended");
  assert_true(audio.ended);
  assert_true(audio.paused);
  assert_approx_equals(audio.currentTime, audio.duration, 0.001);
  assert_array_equals(seen, ["playing", "pause", "ended"]);
  await audio.play();
  assert_false(audio.ended);
  await nextEvent(audio, "ended");
}, "At the end it pauses, and play() begins anew");

promise_test(async t => {
  const audio = await loadedAudio(t, 0.3);
  audio.loop = true;
  audio.onended = t.unreached_func("it loops");
  await audio.play();
  await nextEvent(audio, "seeked");
  await nextEvent(audio, "seeked");
  assert_false(audio.paused);
  assert_false(audio.ended);
}, "loop");

promise_test(async t => {
  const audio = newAudio(t);
  audio.autoplay = true;
  audio.src = soundURL(t, 5);
  const seen = recordEvents(audio, ["canplay", "playing", "play"]);
  await nextEvent(audio, "playing");
  assert_false(audio.paused);
  assert_array_equals(seen, ["canplay", "play", "playing"]);
}, "autoplay");

promise_test(async t => {
  const audio = await loadedAudio(t);
  document.body.append(audio);
  await audio.play();
  audio.remove();
  document.body.append(audio);
  await new Promise(resolve => t.step_timeout(resolve, 50));
  assert_false(audio.paused, "it was put back at once");
  audio.remove();
  assert_false(audio.paused, "before script has come to a stable state");
  await nextEvent(audio, "pause");
  assert_true(audio.paused);
}, "An element that is removed pauses");
