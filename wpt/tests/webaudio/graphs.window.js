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

context_test(async context => {
  await context.resume();
  let seed = 1;
  const any = list => {
    seed = seed * 1103515245 + 12345 & 0x7fffffff;
    return list[(seed >>> 9) % list.length];
  };
  const number = () => any([0, 1, -1, 1e-300, 1e300, 3e38, -3e38, 0.5, 440, NaN, Infinity, 33]);
  const kinds = [
    "createGain", "createOscillator", "createConstantSource", "createBufferSource", "createPanner",
    "createStereoPanner",
  ];
  const names = ["gain", "frequency", "detune", "offset", "pan", "playbackRate", "positionX"];
  const nodes = [context.destination, context.createGain()];
  const calls = [
    () => nodes.push(context[any(kinds)]()) > 100 && nodes.splice(2, 30),
    node => node.connect(any(nodes)),
    node => node.connect(any(nodes)),
    (node, param) => node.connect(param),
    node => node.disconnect(any(nodes)),
    node => node.disconnect(),
    node => node.start(number(), number(), number()),
    node => node.stop(number()),
    (_, param) => { param.value = number(); },
    (_, param) => param.setValueAtTime(number(), number()),
    (_, param) => param.linearRampToValueAtTime(number(), number()),
    (_, param) => param.exponentialRampToValueAtTime(number(), context.currentTime + number()),
    (_, param) => param.setTargetAtTime(number(), number(), number()),
    (_, param) => param.setValueCurveAtTime([number(), number()], number(), number()),
    (_, param) => param.cancelScheduledValues(number()),
    node => {
      node.channelCount = number();
      node.channelCountMode = any(["max", "clamped-max", "explicit"]);
    },
    node => {
      node.refDistance = number();
      node.maxDistance = number();
      node.coneOuterGain = number();
    },
    node => {
      node.buffer = context.createBuffer(any([1, 2, 32]), any([1, 500]), any([3000, 768000]));
      node.buffer.getChannelData(0).fill(number());
      node.loop = any([true, false]);
      node.loopEnd = number();
    },
  ];
  for (let i = 0; i < 100; i++) {
    for (let j = 0; j < 300; j++) {
      const node = any(nodes);
      try {
        any(calls)(node, node[any(names)]);
      } catch {}
    }
    await new Promise(resolve => setTimeout(resolve));
  }
  const time = context.currentTime;
  await until(() => context.currentTime > time);
  assert_equals(context.state, "running");
}, "Whatever is called, the context goes on");
