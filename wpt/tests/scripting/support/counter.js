/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

window.evaluations = (window.evaluations ?? 0) + 1;
export let count = 0;
export function increment() {
  ++count;
}
export default class Counter {}
