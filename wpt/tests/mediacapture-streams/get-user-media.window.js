/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=getUserMedia()
// META: script=/support/common.sub.js

"use strict";

const { mediaDevices } = navigator;

async function capture(t, constraints) {
  const stream = await mediaDevices.getUserMedia(constraints);
  t.add_cleanup(() => stream.getTracks().forEach(track => track.stop()));
  return stream;
}

function rejectsOverconstrained(promise, constraint) {
  return promise.then(() => assert_unreached(), error => {
    assert_equals(error.name, "OverconstrainedError");
    assert_true(error instanceof OverconstrainedError);
    assert_true(error instanceof DOMException);
    assert_equals(error.constraint, constraint);
    assert_equals(error.code, 0);
  });
}

promise_test(async t => {
  for (const nothing of [undefined, null, {}, { audio: false }, { audio: false, video: false }, { screen: true }]) {
    await promise_rejects_js(t, TypeError, mediaDevices.getUserMedia(nothing));
  }
  await promise_rejects_js(t, TypeError, mediaDevices.getUserMedia(1));
  await promise_rejects_js(t, TypeError, mediaDevices.getUserMedia.call({}, { audio: true }));
}, "Who asks for nothing gets a TypeError");

promise_test(async t => {
  for (const audio of [true, {}, { deviceId: "x" }, { width: { exact: 1 } }, 1]) {
    const stream = await capture(t, { audio });
    assert_true(stream instanceof MediaStream);
    assert_true(stream.active);
    assert_array_equals(stream.getTracks(), stream.getAudioTracks());
    assert_equals(stream.getTracks().length, 1);
    const [track] = stream.getAudioTracks();
    assert_true(track instanceof MediaStreamTrack);
    assert_equals(track.kind, "audio");
    assert_equals(track.readyState, "live");
    assert_true(track.enabled);
    assert_not_equals(track.label, "");
    assert_not_equals(track.id, stream.id);
  }
}, "A microphone");

promise_test(async t => {
  const stream = await capture(t, { video: true });
  assert_equals(stream.getTracks().length, 1);
  const [track] = stream.getVideoTracks();
  assert_equals(track.kind, "video");
  const { width, height, frameRate } = track.getSettings();
  assert_greater_than(width, 0);
  assert_greater_than(height, 0);
  assert_greater_than(frameRate, 0);
}, "A camera");

promise_test(async t => {
  const stream = await capture(t, { audio: true, video: true });
  assert_array_equals(stream.getTracks().map(track => track.kind).sort(), ["audio", "video"]);
}, "Both");

promise_test(async t => {
  const [one, other] = await Promise.all([capture(t, { audio: true }), capture(t, { audio: true })]);
  assert_not_equals(one.id, other.id);
  const [first, second] = [...one.getTracks(), ...other.getTracks()];
  assert_not_equals(first.id, second.id);
  assert_equals(first.getSettings().deviceId, second.getSettings().deviceId);
  first.stop();
  assert_equals(second.readyState, "live");
  assert_false(one.active);
  assert_true(other.active);
}, "Two at once are two tracks of one device");

promise_test(async () => {
  const exact = "there is no such device";
  await rejectsOverconstrained(mediaDevices.getUserMedia({ audio: { deviceId: { exact } } }), "deviceId");
  await rejectsOverconstrained(mediaDevices.getUserMedia({ video: { deviceId: { exact: [exact] } } }), "deviceId");
  await rejectsOverconstrained(mediaDevices.getUserMedia({ video: { width: { min: 100000 } } }), "width");
  await rejectsOverconstrained(
    mediaDevices.getUserMedia({ audio: true, video: { frameRate: { exact: 100000 } } }), "frameRate");
}, "What cannot be had is an OverconstrainedError");

promise_test(async t => {
  await capture(t, { audio: true });
  const devices = await mediaDevices.enumerateDevices();
  for (const { kind, deviceId, label } of devices) {
    if (kind === "audiooutput") {
      continue;
    }
    const name = kind === "audioinput" ? "audio" : "video";
    if (name === "video") {
      continue;
    }
    const stream = await capture(t, { [name]: { deviceId: { exact: deviceId } } });
    const [track] = stream.getTracks();
    assert_equals(track.getSettings().deviceId, deviceId);
    assert_equals(track.label, label);
  }
}, "The device that is wanted");

promise_test(async t => {
  const order = [];
  const promise = capture(t, { audio: true }).then(() => order.push("resolved"));
  await Promise.resolve();
  order.push("microtask");
  await promise;
  assert_array_equals(order, ["microtask", "resolved"]);
}, "It takes a while");

promise_test(async t => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const { mediaDevices: theirs, DOMException: TheirException } = frame.contentWindow.navigator.mediaDevices
    ? { mediaDevices: frame.contentWindow.navigator.mediaDevices, DOMException: frame.contentWindow.DOMException }
    : {};
  frame.remove();
  await promise_rejects_dom(t, "InvalidStateError", TheirException, theirs.getUserMedia({ audio: true }));
}, "A document that is not shown cannot capture");
