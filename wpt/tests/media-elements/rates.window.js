// META: title=Media elements: rates
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = await loadedAudio(t, 10);
  audio.playbackRate = 4;
  const begin = performance.now();
  await audio.play();
  await new Promise(resolve => audio.ontimeupdate = () => audio.currentTime > 4 && resolve());
  assert_less_than(performance.now() - begin, 3500);
}, "The rate is how fast time goes");

promise_test(async t => {
  const audio = await loadedAudio(t, 10);
  audio.playbackRate = 0;
  await audio.play();
  assert_false(audio.paused);
  await new Promise(resolve => t.step_timeout(resolve, 300));
  assert_equals(audio.currentTime, 0);
  audio.playbackRate = 1;
  await new Promise(resolve => audio.ontimeupdate = () => audio.currentTime > 0.1 && resolve());
}, "At the rate 0 time stands still");
