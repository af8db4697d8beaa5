/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=MediaStreamTrack

"use strict";

async function capture(t, constraints = { audio: true }) {
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  t.add_cleanup(() => stream.getTracks().forEach(track => track.stop()));
  return stream.getTracks()[0];
}

promise_test(async t => {
  const track = await capture(t);
  for (const type of ["ended", "mute", "unmute"]) {
    assert_equals(track[`on${type}`], null);
    track[`on${type}`] = t.unreached_func(type);
  }
  track.stop();
  assert_equals(track.readyState, "ended");
  track.stop();
  track.enabled = false;
  assert_false(track.enabled);
  await new Promise(resolve => setTimeout(resolve, 50));
}, "Who stops a track is not told that it has ended");

promise_test(async t => {
  const track = await capture(t);
  track.enabled = false;
  assert_false(track.enabled);
  assert_false(track.muted);
  assert_equals(track.readyState, "live");
  const clone = track.clone();
  assert_false(clone.enabled);
  track.enabled = true;
  assert_true(track.enabled);
  assert_false(clone.enabled);
  assert_not_equals(clone.id, track.id);
  assert_equals(clone.kind, track.kind);
  assert_equals(clone.label, track.label);
  track.stop();
  assert_equals(clone.readyState, "live");
  assert_equals(track.clone().readyState, "ended");
  clone.stop();
}, "A clone is on its own");

promise_test(async t => {
  for (const [constraints, names] of [
    [{ audio: true }, ["deviceId", "groupId", "sampleRate", "channelCount", "echoCancellation"]],
    [{ video: true }, ["deviceId", "groupId", "width", "height", "frameRate"]],
  ]) {
    const track = await capture(t, constraints);
    const [settings, capabilities] = [track.getSettings(), track.getCapabilities()];
    for (const name of names) {
      assert_not_equals(settings[name], undefined, name);
      assert_not_equals(capabilities[name], undefined, name);
      const { min, max } = capabilities[name];
      if (max !== undefined) {
        assert_between_inclusive(settings[name], min, max, name);
      }
    }
    assert_equals(settings.deviceId, capabilities.deviceId);
    assert_equals(settings.groupId, capabilities.groupId);
    assert_not_equals(track.getSettings(), settings);
  }
}, "What it is set to is what it can be set to");

promise_test(async t => {
  const audio = { channelCount: { ideal: 1 }, echoCancellation: true, deviceId: ["one", "two"] };
  const track = await capture(t, { audio });
  const given = track.getConstraints();
  assert_equals(given.channelCount.ideal, 1);
  assert_equals(given.echoCancellation, true);
  assert_array_equals(given.deviceId, ["one", "two"]);
  assert_not_equals(given, track.getConstraints());
  assert_equals(Object.keys((await capture(t)).getConstraints()).length, 0);
}, "It knows what was asked for");

promise_test(async t => {
  const track = await capture(t);
  const { sampleRate, deviceId } = track.getSettings();
  assert_equals(await track.applyConstraints({ sampleRate: { exact: sampleRate }, deviceId }), undefined);
  assert_equals(track.getConstraints().sampleRate.exact, sampleRate);
  await track.applyConstraints({ sampleRate: { max: 1 } }).then(() => assert_unreached(), error => {
    assert_equals(error.name, "OverconstrainedError");
    assert_equals(error.constraint, "sampleRate");
  });
  assert_equals(track.getConstraints().sampleRate.exact, sampleRate);
  await track.applyConstraints({ width: { exact: 1 }, sampleRate: 1 });
  assert_equals(track.getSettings().sampleRate, sampleRate);
  await track.applyConstraints();
  assert_equals(Object.keys(track.getConstraints()).length, 0);
  await promise_rejects_js(t, TypeError, track.applyConstraints(1));
}, "applyConstraints()");

test(() => {
  const names = ["width", "height", "frameRate", "sampleRate", "channelCount", "echoCancellation", "deviceId", "groupId"];
  const supported = navigator.mediaDevices.getSupportedConstraints();
  for (const name of names) {
    assert_true(supported[name], name);
  }
}, "getSupportedConstraints()");

test(() => {
  const error = new OverconstrainedError("width", "too wide");
  assert_equals(error.name, "OverconstrainedError");
  assert_equals(error.constraint, "width");
  assert_equals(error.message, "too wide");
  assert_true(error instanceof DOMException);
  assert_equals(String(error), "OverconstrainedError: too wide");
  assert_equals(new OverconstrainedError("").message, "");
  assert_throws_js(TypeError, () => new OverconstrainedError());
  assert_throws_js(TypeError, () => OverconstrainedError("width"));
}, "OverconstrainedError");
