/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=enumerateDevices()
// META: script=/support/common.sub.js

"use strict";

const { mediaDevices } = navigator;
const inputs = async () => (await mediaDevices.enumerateDevices()).filter(({ kind }) => kind !== "audiooutput");

promise_test(async () => {
  const devices = await inputs();
  assert_array_equals(devices.map(({ kind }) => kind), ["audioinput", "videoinput"]);
  for (const { deviceId, groupId, label } of devices) {
    assert_array_equals([deviceId, groupId, label], ["", "", ""]);
  }
}, "Before it captures, a page knows only what kinds there are");

promise_test(async t => {
  const stream = await mediaDevices.getUserMedia({ audio: true });
  stream.getTracks().forEach(track => track.stop());
  const devices = await inputs();
  const microphones = devices.filter(({ kind }) => kind === "audioinput");
  assert_greater_than(microphones.length, 0);
  for (const device of microphones) {
    assert_not_equals(device.deviceId, "");
    assert_not_equals(device.groupId, "");
    assert_not_equals(device.label, "");
    assert_true(device instanceof InputDeviceInfo);
    assert_true(device instanceof MediaDeviceInfo);
    const { deviceId, groupId, kind, label } = device;
    assert_object_equals(device.toJSON(), { deviceId, groupId, kind, label });
    assert_equals(device.getCapabilities().deviceId, deviceId);
  }
  const cameras = devices.filter(({ kind }) => kind === "videoinput");
  assert_equals(cameras.length, 1);
  assert_equals(cameras[0].label, "");
  assert_equals(Object.keys(cameras[0].getCapabilities()).length, 0);
}, "Who has captured a microphone knows the microphones");

promise_test(async () => {
  const stream = await mediaDevices.getUserMedia({ audio: true, video: true });
  stream.getTracks().forEach(track => track.stop());
  const ids = async () => (await inputs()).map(({ deviceId }) => deviceId);
  const [first, second] = [await ids(), await ids()];
  assert_array_equals(first, second);
  assert_equals(new Set(first).size, first.length);
}, "Ids stay");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.allow = "microphone *; camera *";
  const ask = `<script>
    onmessage = async ({ source }) => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      stream.getTracks().forEach(track => track.stop());
      const devices = await navigator.mediaDevices.enumerateDevices();
      source.postMessage({ ids: devices.map(({ deviceId }) => deviceId) }, "*");
    };
  </script>`;
  frame.src = htmlURL(ask, OTHER_ORIGIN);
  document.body.append(frame);
  await nextEvent(frame, "load");
  const answer = nextMessage(event => event.source === frame.contentWindow);
  frame.contentWindow.postMessage("?", "*");
  const theirs = new Set((await answer).data.ids.filter(id => id && id !== "default"));
  const stream = await mediaDevices.getUserMedia({ audio: true });
  stream.getTracks().forEach(track => track.stop());
  assert_greater_than(theirs.size, 0);
  for (const { deviceId } of await inputs()) {
    assert_false(theirs.has(deviceId));
  }
}, "Another origin has other ids");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL(`<script>
    onmessage = async ({ source }) => {
      const devices = await navigator.mediaDevices.enumerateDevices();
      source.postMessage({ kinds: devices.map(({ kind }) => kind) }, "*");
    };
  </script>`, OTHER_ORIGIN);
  document.body.append(frame);
  await nextEvent(frame, "load");
  const answer = nextMessage(event => event.source === frame.contentWindow);
  frame.contentWindow.postMessage("?", "*");
  const { kinds } = (await answer).data;
  assert_false(kinds.includes("audioinput"));
  assert_false(kinds.includes("videoinput"));
}, "Who may not capture knows of no devices");

test(() => {
  assert_equals(navigator.mediaDevices, mediaDevices);
  assert_equals(mediaDevices.ondevicechange, null);
  const listener = () => {};
  mediaDevices.ondevicechange = listener;
  assert_equals(mediaDevices.ondevicechange, listener);
  mediaDevices.ondevicechange = null;
}, "There is one object, which is told of changes");
