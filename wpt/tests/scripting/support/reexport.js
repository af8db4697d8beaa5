/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

export * from "./counter.js";
export { default as Renamed } from "./counter.js";
export * as all from "./counter.js";
import { count } from "./counter.js";
export const seen = () => count;
