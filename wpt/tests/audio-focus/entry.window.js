// META: title=AudioFocusEntry
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
// META: script=/audio-focus/support/entries.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

test(() => {
  for (const type of ["playback", "transient", "transient-solo", "ambient"]) {
    const entry = new AudioFocusEntry(type);
    assert_equals(entry.type, type);
    assert_equals(entry.state, "inactive");
    assert_equals(entry.onstatechange, null);
    assert_true(entry instanceof EventTarget);
  }
  for (const bad of ["", "auto", "play-and-record", "Playback", undefined, null]) {
    assert_throws_js(TypeError, () => new AudioFocusEntry(bad));
  }
  assert_throws_js(TypeError, () => new AudioFocusEntry());
  assert_throws_js(TypeError, () => AudioFocusEntry("playback"));
  const entry = new AudioFocusEntry("ambient");
  assert_throws_js(TypeError, () => { entry.state = "active"; });
  assert_throws_js(TypeError, () => { entry.type = "playback"; });
}, "A new entry has its type and is inactive");

promise_test(async t => {
  const entry = newEntry(t, "playback");
  const states = [];
  entry.onstatechange = () => states.push(entry.state);
  const request = entry.request();
  assert_equals(entry.state, "inactive", "not yet");
  assert_equals(await request, undefined);
  assert_equals(entry.state, "active");
  await entry.request();
  assert_array_equals(states, ["active"]);
  assert_equals(entry.abandon(), undefined);
  assert_equals(entry.state, "active", "not yet");
  await nextEvent(entry, "statechange");
  assert_array_equals(states, ["active", "inactive"]);
  await entry.request();
  assert_array_equals(states, ["active", "inactive", "active"]);
}, "request() and abandon()");

promise_test(async t => {
  const entry = newEntry(t, "playback");
  const requests = [entry.request(), entry.request()].map(rejection);
  entry.abandon();
  for (const request of requests) {
    assert_equals((await request).name, "AbortError");
  }
  assert_equals(entry.state, "inactive");
  entry.abandon();
}, "abandon() aborts request()");

promise_test(async t => {
  const first = await activeEntry(t, "playback");
  const second = await activeEntry(t, "playback");
  await inState(first, "inactive");
  assert_equals(second.state, "active");
  await first.request();
  await inState(second, "inactive");
}, "One entry that plays is active at most");

promise_test(async t => {
  const music = await activeEntry(t, "playback");
  const waves = await activeEntry(t, "ambient");
  assert_equals(music.state, "active");
  const chime = await activeEntry(t, "transient");
  await inState(music, "ducking");
  await inState(waves, "ducking");
  assert_equals(chime.state, "active");
  chime.abandon();
  await inState(music, "active");
  await inState(waves, "active");
}, "A chime ducks the rest of the page");

promise_test(async t => {
  const music = await activeEntry(t, "playback");
  const directions = await activeEntry(t, "transient-solo");
  await inState(music, "suspended");
  const refused = await rejection(music.request());
  assert_equals(refused.name, "NotAllowedError");
  assert_equals(music.state, "suspended");
  directions.abandon();
  await inState(music, "active");
}, "Directions suspend the music, which goes on after them");

promise_test(async t => {
  const directions = await activeEntry(t, "transient-solo");
  const chime = newEntry(t, "transient");
  chime.onstatechange = t.unreached_func("it is refused");
  const refused = await rejection(chime.request());
  assert_true(refused instanceof DOMException);
  assert_equals(refused.name, "NotAllowedError");
  assert_equals(chime.state, "inactive");
  directions.abandon();
  await inState(directions, "inactive");
  await new Promise(resolve => t.step_timeout(resolve, 50));
  assert_equals(chime.state, "inactive", "it does not wait for its turn");
  chime.onstatechange = null;
  await chime.request();
  assert_equals(chime.state, "active");
}, "What may not begin is refused, and asks again");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  document.body.append(frame);
  const entry = new frame.contentWindow.AudioFocusEntry("playback");
  await entry.request();
  assert_equals(entry.state, "active");
  const mine = await activeEntry(t, "playback");
  await inState(entry, "inactive");
  frame.remove();
  assert_equals((await rejection(entry.request())).name, "InvalidStateError");
  entry.abandon();
  assert_equals(mine.state, "active");
}, "Entries of a frame, and of a document that is gone");

promise_test(async t => {
  const entries = Array.from({ length: 40 }, () => newEntry(t, "ambient"));
  const results = await Promise.allSettled(entries.map(entry => entry.request()));
  const refused = results.filter(result => result.status === "rejected");
  assert_greater_than(refused.length, 0);
  assert_less_than(refused.length, 40);
  for (const { reason } of refused) {
    assert_equals(reason.name, "NotAllowedError");
  }
  assert_equals(navigator.audioSession.state, "inactive");
}, "Too many entries are refused");
