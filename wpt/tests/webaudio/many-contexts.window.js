/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Many contexts
// META: timeout=long
// META: script=/webaudio/support/contexts.js

"use strict";

promise_test(async () => {
  for (let i = 0; i < 300; i++) {
    const context = new AudioContext();
    const source = context.createOscillator();
    source.connect(context.destination);
    source.start();
    await context.close();
  }
}, "Three hundred, one after the other");

promise_test(async () => {
  for (let i = 0; i < 1000; i++) {
    try {
      new AudioContext();
    } catch (error) {
      assert_equals(error.name, "NotSupportedError");
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
}, "A thousand that nobody keeps");

promise_test(async () => {
  const contexts = [];
  try {
    for (let i = 0; i < 200; i++) contexts.push(new AudioContext());
  } catch (error) {
    assert_equals(error.name, "NotSupportedError");
  }
  await Promise.all(contexts.map(context => context.close()));
  let last;
  // What nobody keeps may take a moment to go.
  await until(() => {
    try {
      last = new AudioContext();
    } catch {}
    return last;
  });
  await last.resume();
  await last.close();
}, "As many as can be, and then one more");
