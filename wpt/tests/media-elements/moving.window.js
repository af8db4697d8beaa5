// META: title=Media elements: from document to document
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = await loadedAudio(t);
  document.body.append(audio);
  await audio.play();
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  document.body.append(frame);
  frame.contentDocument.body.append(audio);
  assert_equals(audio.ownerDocument, frame.contentDocument);
  await new Promise(resolve => t.step_timeout(resolve, 50));
  assert_false(audio.paused);
  const before = audio.currentTime;
  await new Promise(resolve => {
    audio.ontimeupdate = () => audio.currentTime > before + 0.3 && resolve();
  });
  document.body.append(audio);
  await nextEvent(audio, "timeupdate");
  assert_greater_than(audio.currentTime, before);
}, "An element goes on in another document");

promise_test(async t => {
  const audio = await loadedAudio(t);
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  document.body.append(frame);
  frame.contentDocument.body.append(audio);
  await audio.play();
  // The time is told also when it stands still for want of data.
  await nextEvent(audio, "timeupdate");
  audio.pause();
  await nextEvent(audio, "pause");
  await audio.play();
  const before = audio.currentTime;
  while (audio.currentTime <= before) await nextEvent(audio, "timeupdate");
}, "What is paused as soon as it plays in another document plays again");
