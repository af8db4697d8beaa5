/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

// An entry that is abandoned when the test ends.
function newEntry(t, type) {
  const entry = new AudioFocusEntry(type);
  t.add_cleanup(async () => {
    entry.abandon();
    await inState(entry, "inactive");
  });
  return entry;
}

// One that has focus.
async function activeEntry(t, type) {
  const entry = newEntry(t, type);
  await entry.request();
  return entry;
}

// Waits until an entry is in a state.
async function inState(entry, state) {
  while (entry.state !== state) await nextEvent(entry, "statechange");
}
