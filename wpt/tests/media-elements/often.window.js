// META: title=Media elements: what is done very often
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = await loadedAudio(t);
  const ends = [];
  for (let i = 0; i < 10000; i++) {
    ends.push(audio.play());
    audio.pause();
  }
  await Promise.all(ends);
  assert_true(audio.paused);
  await audio.play();
  assert_false(audio.paused);
}, "play() and pause() very often");
