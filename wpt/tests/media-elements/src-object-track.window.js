// META: title=Media elements: streams that get tracks
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = newPlayer(t, new MediaStream());
  const play = audio.play();
  const [track] = (await microphone(t)).getTracks();
  audio.srcObject.addTrack(track);
  await play;
  assert_false(audio.paused);
}, "A stream plays when it gets a track");
