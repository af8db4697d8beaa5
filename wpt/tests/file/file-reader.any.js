/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// FileReader: results and the order of events.

"use strict";

function read(method, ...args) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader[method](...args);
  });
}

promise_test(async () => {
  const blob = new Blob([new Uint8Array([0xe9, 0x61])], { type: "text/plain" });
  assert_equals(await read("readAsText", blob), "\ufffda");
  assert_equals(await read("readAsText", blob, "latin1"), "éa");
  assert_equals(await read("readAsText", blob, "koi8-r"), "Иa");
  assert_equals(await read("readAsText", blob.slice(), "no such label"), "\ufffda");
  assert_equals(await read("readAsBinaryString", blob), "\xe9a");
  assert_equals(await read("readAsDataURL", blob), `data:${blob.type};base64,6WE=`);
  const buffer = await read("readAsArrayBuffer", blob);
  assert_array_equals(new Uint8Array(buffer), [0xe9, 0x61]);
}, "The four kinds of results");

promise_test(async () => {
  const reader = new FileReader();
  const seen = [];
  for (const type of ["loadstart", "progress", "load", "loadend"]) {
    reader.addEventListener(type, event => {
      seen.push(`${type} ${event.loaded}/${event.total} ${reader.readyState}`);
    });
  }
  assert_equals(reader.readyState, FileReader.EMPTY);
  reader.readAsText(new Blob(["abc"]));
  assert_equals(reader.readyState, FileReader.LOADING);
  assert_throws_dom("InvalidStateError", () => reader.readAsText(new Blob()));
  assert_equals(reader.result, null);
  await new Promise(resolve => reader.addEventListener("loadend", resolve));
  assert_array_equals(seen, ["loadstart 0/3 1", "progress 3/3 1", "load 3/3 2", "loadend 3/3 2"]);
}, "The events of a read");

promise_test(async () => {
  const reader = new FileReader();
  const seen = [];
  for (const type of ["loadstart", "progress", "load", "loadend", "abort"]) {
    reader.addEventListener(type, () => seen.push(type));
  }
  reader.abort();
  assert_array_equals(seen, []);
  reader.readAsText(new Blob(["abc"]));
  reader.abort();
  assert_equals(reader.readyState, FileReader.DONE);
  assert_equals(reader.result, null);
  await read("readAsText", new Blob(["x"]));
  assert_array_equals(seen, ["abort", "loadend"]);
}, "abort() ends a read");

promise_test(async () => {
  const reader = new FileReader();
  let ends = 0;
  const both = new Promise(resolve => {
    reader.onload = () => {
      if (reader.result === "a") {
        reader.readAsText(new Blob(["b"]));
      } else {
        resolve();
      }
    };
  });
  reader.onloadend = () => ends++;
  reader.readAsText(new Blob(["a"]));
  await both;
  await new Promise(resolve => setTimeout(resolve));
  assert_equals(ends, 1, "a read that follows at once takes the place of the end");
}, "A reader reads again in its handler");
