// META: title=Media elements: the end of streams
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const stream = await microphone(t);
  const audio = newPlayer(t, stream);
  await audio.play();
  const ended = nextEvent(audio, "ended");
  stream.getTracks()[0].stop();
  await ended;
  assert_true(audio.ended);
  assert_true(audio.paused);
}, "The end of its tracks is the end of a stream");
