// META: title=Media elements: sources that come later
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = newAudio(t);
  const source = document.createElement("source");
  source.src = "/does/not/exist.wav";
  audio.append(source);
  await new Promise(resolve => source.onerror = resolve);
  await new Promise(resolve => t.step_timeout(resolve));
  assert_equals(audio.networkState, audio.NETWORK_NO_SOURCE);
  assert_equals(audio.error, null);
  const next = document.createElement("source");
  next.src = soundURL(t, 1);
  audio.append(next);
  await nextEvent(audio, "canplaythrough");
  assert_equals(audio.currentSrc, next.src);
}, "When no source can be played, the next one that comes is tried");
