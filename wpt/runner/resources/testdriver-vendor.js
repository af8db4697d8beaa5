/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// How testdriver.js reaches the runner: by the console.

"use strict";

window.test_driver_internal = {
  click(selectors) {
    console.log(`wpt-click ${JSON.stringify(selectors)}`);
  },
};
