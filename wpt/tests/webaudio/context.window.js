/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=AudioContext
// META: script=/webaudio/support/contexts.js

"use strict";

promise_test(async t => {
  const context = newContext(t);
  assert_true(context instanceof BaseAudioContext);
  assert_true(context instanceof EventTarget);
  assert_greater_than(context.sampleRate, 0);
  assert_equals(context.destination, context.destination);
  assert_equals(context.listener, context.listener);
  assert_throws_js(TypeError, () => new BaseAudioContext());
  assert_throws_js(TypeError, () => AudioContext());
}, "A new context");

context_test(context => {
  assert_equals(context.state, "suspended");
  assert_equals(context.currentTime, 0);
}, "It is suspended at first");

promise_test(async t => {
  const context = newContext(t);
  const event = await eventOf(context, "statechange");
  assert_true(event.isTrusted);
  assert_false(event.bubbles);
  assert_equals(context.state, "running");
  await until(() => context.currentTime > 0.05);
  const time = context.currentTime;
  assert_approx_equals(time * context.sampleRate / 128 % 1, 0, 1e-6, "whole quanta");
  await until(() => context.currentTime > time);
}, "It starts by itself, and its time goes on");

promise_test(async t => {
  const context = newContext(t);
  await eventOf(context, "statechange");
  await context.resume();
  assert_equals(context.state, "running");
  const changes = [];
  context.onstatechange = () => changes.push(context.state);
  assert_equals(await context.suspend(), undefined);
  assert_equals(context.state, "suspended");
  const time = context.currentTime;
  await new Promise(resolve => setTimeout(resolve, 50));
  assert_equals(context.currentTime, time, "time stands still");
  await context.suspend();
  assert_equals(await context.resume(), undefined);
  assert_equals(context.state, "running");
  await until(() => context.currentTime > time && changes.length > 1);
  assert_array_equals(changes, ["suspended", "running"]);
}, "suspend() and resume()");

promise_test(async t => {
  const context = newContext(t);
  const both = [context.suspend(), context.resume(), context.suspend(), context.resume()];
  await Promise.all(both);
  await until(() => context.state === "running");
}, "suspend() and resume() by turns");

promise_test(async t => {
  const context = newContext(t);
  await context.suspend();
  const source = context.createConstantSource();
  source.start();
  await new Promise(resolve => setTimeout(resolve, 50));
  assert_equals(context.state, "suspended");
}, "A source does not start what the page has suspended");

promise_test(async t => {
  const context = newContext(t);
  await context.resume();
  await until(() => context.currentTime > 0);
  const changed = eventOf(context, "statechange");
  assert_equals(await context.close(), undefined);
  assert_equals(context.state, "closed");
  await changed;
  for (const method of ["close", "resume", "suspend"]) {
    await promise_rejects_dom(t, "InvalidStateError", context[method](), method);
  }
  const time = context.currentTime;
  assert_greater_than(time, 0, "it can be read");
  const gain = context.createGain();
  gain.connect(context.destination);
  const source = context.createOscillator();
  source.connect(gain);
  source.start();
  source.stop(1);
  gain.gain.setValueAtTime(1, 1);
}, "close(), and what can be done after");

promise_test(async t => {
  const context = newContext(t);
  const closed = context.close();
  for (const method of ["close", "resume", "suspend"]) {
    await promise_rejects_dom(t, "InvalidStateError", context[method](), method);
  }
  await closed;
}, "Whoever closes has closed");

promise_test(async t => {
  for (const sampleRate of [8000, 44100, 48000, 96000]) {
    const context = newContext(t, { sampleRate });
    assert_equals(context.sampleRate, sampleRate);
    await context.close();
  }
  for (const sampleRate of [0, 1, 2999, 768001, 1e9, -44100]) {
    assert_throws_dom("NotSupportedError", () => new AudioContext({ sampleRate }), sampleRate);
  }
  for (const sampleRate of [NaN, Infinity, -Infinity, "many"]) {
    assert_throws_js(TypeError, () => new AudioContext({ sampleRate }), sampleRate);
  }
}, "Sample rates");

promise_test(async t => {
  for (const latencyHint of ["interactive", "balanced", "playback", 0, 0.05, 1e9, -1]) {
    const context = newContext(t, { latencyHint });
    assert_greater_than(context.baseLatency, 0, latencyHint);
    assert_less_than(context.baseLatency, 2, latencyHint);
    assert_greater_than_equal(context.outputLatency, 0);
    await context.close();
  }
  for (const latencyHint of ["loud", NaN, Infinity]) {
    assert_throws_js(TypeError, () => new AudioContext({ latencyHint }), latencyHint);
  }
}, "Latency hints");

promise_test(async t => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const { AudioContext: Other } = frame.contentWindow;
  const context = new Other();
  const exception = frame.contentWindow.DOMException;
  frame.remove();
  assert_equals(context.currentTime >= 0, true);
  assert_throws_dom("InvalidStateError", exception, () => new Other());
  await until(() => true);
}, "A document that is gone has no contexts");

promise_test(async t => {
  const { listener } = newContext(t);
  for (const [name, value] of Object.entries({
    positionX: 0, positionY: 0, positionZ: 0,
    forwardX: 0, forwardY: 0, forwardZ: -1,
    upX: 0, upY: 1, upZ: 0,
  })) {
    assert_true(listener[name] instanceof AudioParam, name);
    assert_equals(listener[name], listener[name], name);
    assert_equals(listener[name].value, value, name);
  }
}, "The listener");

context_test(context => {
  const { listener } = context;
  const of = name => ["X", "Y", "Z"].map(it => listener[name + it].value);
  listener.setPosition(1, 2, 3);
  assert_array_equals(of("position"), [1, 2, 3]);
  listener.setOrientation(1, 2, 3, 4, 5, 6);
  assert_array_equals(of("forward"), [1, 2, 3]);
  assert_array_equals(of("up"), [4, 5, 6]);
  assert_throws_js(TypeError, () => listener.setPosition(NaN, 0, 0));
}, "setPosition() and setOrientation() of the listener");
