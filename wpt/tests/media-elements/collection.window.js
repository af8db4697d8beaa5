// META: title=Media elements: garbage collection
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const ended = new Promise(resolve => {
    const audio = new Audio(soundURL(t, 0.5));
    audio.onended = resolve;
    audio.play();
  });
  for (let i = 0; i < 20; i++) {
    new Array(10000).fill({});
    await new Promise(resolve => t.step_timeout(resolve));
  }
  self.gc?.();
  await ended;
}, "What plays is not collected, though nobody holds it");
