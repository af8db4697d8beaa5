/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=MediaStream

"use strict";

async function capture(t, constraints = { audio: true, video: true }) {
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  t.add_cleanup(() => stream.getTracks().forEach(track => track.stop()));
  return stream;
}

test(() => {
  const stream = new MediaStream();
  assert_false(stream.active);
  assert_array_equals(stream.getTracks(), []);
  assert_equals(stream.onaddtrack, null);
  assert_equals(stream.onremovetrack, null);
  assert_not_equals(stream.id, "");
  assert_not_equals(stream.id, new MediaStream().id);
  assert_throws_js(TypeError, () => new MediaStream(null));
  assert_throws_js(TypeError, () => new MediaStream([{}]));
  assert_throws_js(TypeError, () => MediaStream());
}, "An empty stream");

promise_test(async t => {
  const stream = await capture(t);
  const [audio, video] = [...stream.getAudioTracks(), ...stream.getVideoTracks()];
  const copy = new MediaStream(stream);
  assert_not_equals(copy.id, stream.id);
  assert_array_equals(copy.getTracks(), stream.getTracks());
  const own = new MediaStream([video, audio, video]);
  assert_equals(own.getTracks().length, 2);
  assert_array_equals(own.getAudioTracks(), [audio]);
  assert_array_equals(own.getVideoTracks(), [video]);
  copy.removeTrack(audio);
  assert_array_equals(stream.getAudioTracks(), [audio]);
}, "Streams of the same tracks");

promise_test(async t => {
  const stream = await capture(t);
  for (const track of stream.getTracks()) {
    assert_equals(stream.getTrackById(track.id), track);
  }
  assert_equals(stream.getTrackById(stream.id), null);
  assert_equals(stream.getTrackById(""), null);
}, "A track by its id");

promise_test(async t => {
  const [track] = (await capture(t)).getAudioTracks();
  const stream = new MediaStream();
  stream.onaddtrack = stream.onremovetrack = t.unreached_func("the page did it");
  stream.addTrack(track);
  stream.addTrack(track);
  assert_array_equals(stream.getTracks(), [track]);
  assert_true(stream.active);
  stream.removeTrack(track);
  stream.removeTrack(track);
  assert_array_equals(stream.getTracks(), []);
  assert_false(stream.active);
  assert_equals(track.readyState, "live");
  assert_throws_js(TypeError, () => stream.addTrack());
  assert_throws_js(TypeError, () => stream.addTrack({}));
  await new Promise(resolve => setTimeout(resolve));
}, "Tracks are added and removed");

promise_test(async t => {
  const stream = await capture(t);
  const clone = stream.clone();
  t.add_cleanup(() => clone.getTracks().forEach(track => track.stop()));
  assert_not_equals(clone.id, stream.id);
  assert_equals(clone.getTracks().length, 2);
  const ids = [...stream.getTracks(), ...clone.getTracks()].map(track => track.id);
  assert_equals(new Set(ids).size, 4);
  stream.getTracks().forEach(track => track.stop());
  assert_false(stream.active);
  assert_true(clone.active);
}, "A clone has clones of the tracks");

promise_test(async t => {
  const stream = await capture(t);
  const [first, second] = stream.getTracks();
  first.stop();
  assert_true(stream.active);
  second.stop();
  assert_false(stream.active);
  assert_equals(stream.getTracks().length, 2);
}, "It is active while one of its tracks is live");

promise_test(async t => {
  const [track] = (await capture(t)).getTracks();
  const event = new MediaStreamTrackEvent("addtrack", { track, bubbles: true });
  assert_equals(event.track, track);
  assert_true(event.bubbles);
  assert_false(event.isTrusted);
  assert_throws_js(TypeError, () => new MediaStreamTrackEvent("addtrack"));
  assert_throws_js(TypeError, () => new MediaStreamTrackEvent("addtrack", {}));
  assert_throws_js(TypeError, () => new MediaStreamTrackEvent("addtrack", { track: null }));
}, "MediaStreamTrackEvent");
