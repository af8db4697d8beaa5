// META: title=focusEntry of media elements
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
// META: script=/audio-focus/support/entries.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = newAudio(t);
  assert_equals(audio.focusEntry, null);
  const entry = newEntry(t, "playback");
  audio.focusEntry = entry;
  assert_equals(audio.focusEntry, entry);
  assert_throws_js(TypeError, () => { audio.focusEntry = {}; });
  assert_equals(audio.focusEntry, entry);
  audio.focusEntry = undefined;
  assert_equals(audio.focusEntry, null);
}, "focusEntry is an entry or null");

promise_test(async t => {
  const entry = newEntry(t, "playback");
  const audio = newAudio(t);
  audio.focusEntry = entry;
  audio.src = soundURL(t, 10);
  await nextEvent(audio, "canplaythrough");
  const seen = recordEvents(audio, ["play", "waiting", "playing", "pause"]);
  await audio.play();
  assert_equals(entry.state, "active");
  assert_array_equals(seen, ["play", "playing"]);
  assert_equals(navigator.audioSession.state, "inactive", "it left that session");
  while (audio.currentTime === 0) await nextEvent(audio, "timeupdate");
  audio.pause();
  await inState(entry, "inactive");
  assert_array_equals(seen, ["play", "playing", "pause"]);
}, "play() asks for focus, and pause() gives it back");

promise_test(async t => {
  const entry = await activeEntry(t, "playback");
  const audio = await loadedAudio(t);
  audio.focusEntry = entry;
  await audio.play();
  audio.pause();
  await nextEvent(audio, "pause");
  await new Promise(resolve => t.step_timeout(resolve, 50));
  assert_equals(entry.state, "active");
  await audio.play();
  entry.abandon();
  await nextEvent(audio, "pause");
  assert_true(audio.paused);
}, "What the page has asked for lasts until it abandons it");

promise_test(async t => {
  const audio = await loadedAudio(t);
  audio.focusEntry = newEntry(t, "playback");
  await audio.play();
  const paused = nextEvent(audio, "pause");
  const directions = await activeEntry(t, "transient-solo");
  await paused;
  assert_equals(audio.focusEntry.state, "suspended");
  assert_true(audio.paused);
  const refused = await rejection(audio.play());
  assert_equals(refused.name, "NotAllowedError");
  assert_true(audio.paused);
  directions.abandon();
  await nextEvent(audio, "playing");
  assert_equals(audio.focusEntry.state, "active");
  assert_false(audio.paused);
}, "What is suspended is paused, may not play, and goes on");

promise_test(async t => {
  const audio = await loadedAudio(t);
  audio.focusEntry = newEntry(t, "playback");
  await audio.play();
  const paused = nextEvent(audio, "pause");
  const directions = await activeEntry(t, "transient-solo");
  await paused;
  audio.pause();
  await inState(audio.focusEntry, "inactive");
  directions.abandon();
  await inState(directions, "inactive");
  await new Promise(resolve => t.step_timeout(resolve, 50));
  assert_true(audio.paused);
}, "What the page pauses meanwhile does not go on");

promise_test(async t => {
  const directions = await activeEntry(t, "transient-solo");
  const audio = await loadedAudio(t);
  audio.focusEntry = newEntry(t, "transient");
  const seen = recordEvents(audio, ["play", "playing", "pause"]);
  const refused = await rejection(audio.play());
  assert_equals(refused.name, "NotAllowedError");
  assert_true(audio.paused);
  assert_array_equals(seen, ["play", "pause"]);
  assert_equals(audio.currentTime, 0);
  assert_equals(audio.focusEntry.state, "inactive");
  directions.abandon();
  await inState(directions, "inactive");
  await audio.play();
}, "play() is rejected when the entry is refused");

promise_test(async t => {
  const [song, other] = [await loadedAudio(t), await loadedAudio(t)];
  song.focusEntry = newEntry(t, "playback");
  other.focusEntry = newEntry(t, "playback");
  await song.play();
  const paused = nextEvent(song, "pause");
  await other.play();
  await paused;
  await inState(song.focusEntry, "inactive");
  other.pause();
  await inState(other.focusEntry, "inactive");
  assert_true(song.paused, "it was lost for good");
}, "Of two elements with entries that play the newer plays");

promise_test(async t => {
  const [song, other] = [await loadedAudio(t), await loadedAudio(t)];
  const entry = song.focusEntry = newEntry(t, "playback");
  other.focusEntry = entry;
  await Promise.all([song.play(), other.play()]);
  song.pause();
  await nextEvent(song, "pause");
  await new Promise(resolve => t.step_timeout(resolve, 50));
  assert_equals(entry.state, "active");
  other.pause();
  await inState(entry, "inactive");
}, "Elements share an entry");

promise_test(async t => {
  const audio = await loadedAudio(t);
  await audio.play();
  const session = navigator.audioSession;
  while (session.state !== "active") await nextEvent(session, "statechange");
  const entry = newEntry(t, "playback");
  audio.focusEntry = entry;
  await inState(entry, "active");
  while (session.state !== "inactive") await nextEvent(session, "statechange");
  assert_false(audio.paused);
  const before = audio.currentTime;
  await new Promise(resolve => {
    audio.ontimeupdate = () => audio.currentTime > before + 0.3 && resolve();
  });
  audio.focusEntry = null;
  await inState(entry, "inactive");
  while (session.state !== "active") await nextEvent(session, "statechange");
  assert_false(audio.paused);
}, "What plays goes on in its new session");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  document.body.append(frame);
  const audio = await loadedAudio(t);
  const foreign = new frame.contentWindow.AudioFocusEntry("playback");
  assert_throws_dom("InvalidStateError", () => { audio.focusEntry = foreign; });
  assert_equals(audio.focusEntry, null);
  const entry = audio.focusEntry = newEntry(t, "playback");
  await audio.play();
  document.body.append(audio);
  frame.contentDocument.body.append(audio);
  assert_equals(audio.focusEntry, null, "an entry is of one document");
  await inState(entry, "inactive");
  audio.focusEntry = foreign;
  await inState(foreign, "active");
  assert_false(audio.paused);
}, "Elements and entries of two documents");
