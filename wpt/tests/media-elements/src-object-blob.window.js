// META: title=Media elements: blobs as srcObject
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = newAudio(t);
  t.add_cleanup(() => { audio.srcObject = null; });
  const blob = new Blob([wav(2)], { type: "audio/wav" });
  audio.srcObject = blob;
  assert_equals(audio.srcObject, blob);
  await nextEvent(audio, "canplaythrough");
  assert_approx_equals(audio.duration, 2, 0.01);
  assert_equals(audio.currentSrc, "");
  await audio.play();
}, "A blob plays");

promise_test(async t => {
  const audio = newAudio(t);
  const url = URL.createObjectURL(new Blob([wav(2)], { type: "audio/wav" }));
  audio.src = url;
  await nextEvent(audio, "loadstart");
  URL.revokeObjectURL(url);
  await nextEvent(audio, "canplaythrough");
  audio.currentTime = 1.5;
  await nextEvent(audio, "seeked");
  await audio.play();
  await nextEvent(audio, "ended");
}, "A URL of a blob may be revoked when it was read");
