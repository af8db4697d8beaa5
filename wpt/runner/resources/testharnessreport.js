/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// Takes the place of the file of this name in web-platform-tests: hands the results to the runner,
// by the console.

"use strict";

setup({ output: false });

add_result_callback(test => {
  // Not every string is text that JSON can carry to another program.
  const text = value => value?.toWellFormed() ?? null;
  const result = { name: text(test.name), status: test.status, message: text(test.message) };
  console.log(`wpt-subtest ${JSON.stringify(result)}`);
});

add_completion_callback((tests, { status, message }) => {
  console.log(`wpt-complete ${JSON.stringify({ status, message })}`);
});
