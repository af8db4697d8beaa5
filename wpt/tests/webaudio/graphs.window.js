/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Graphs of nodes
// META: script=/webaudio/support/contexts.js

"use strict";

context_test(async context => {
  await context.resume();
  const nodes = Array.from({ length: 10000 }, () => context.createGain());
  nodes.reduce((one, two) => one.connect(two)).connect(context.destination);
  const source = context.createConstantSource();
  source.connect(nodes[0]);
  source.start();
  const time = context.currentTime;
  await until(() => context.currentTime > time);
  nodes[9999].connect(nodes[0]);
  source.stop();
  await eventOf(source, "ended");
  assert_equals(context.state, "running");
}, "Ten thousand nodes in a row, and then in a ring");

context_test(async context => {
  await context.resume();
  const [one, two] = [context.createGain(), context.createGain()];
  const oscillator = context.createOscillator();
  oscillator.connect(one).connect(two).connect(one);
  two.connect(oscillator.frequency);
  two.connect(two);
  two.connect(context.destination);
  oscillator.start();
  oscillator.stop(context.currentTime + 0.02);
  await eventOf(oscillator, "ended");
  two.disconnect();
  assert_equals(context.state, "running");
}, "Cycles");
