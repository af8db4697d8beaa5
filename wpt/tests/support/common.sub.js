/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// What many tests need.

"use strict";

// The origin of the tests, and two others: on another port, and on another host.
const ORIGIN = "http://{{host}}:{{ports[http][0]}}";
const OTHER_ORIGIN = "http://{{host}}:{{ports[http][1]}}";
const OTHER_SITE = "http://{{hosts[alt][]}}:{{ports[http][0]}}";

// A key that no other test uses, for what the server keeps.
function uniqueKey() {
  return `${Math.random()}-${Math.random()}`.replaceAll("0.", "");
}

// Lets the answers go on that wait for a key.
function release(key) {
  return fetch(`/handlers/release?key=${key}`);
}

// A document of the tests' server with this HTML.
function htmlURL(html, origin = ORIGIN) {
  return `${origin}/handlers/body?type=text/html&text=${encodeURIComponent(html)}`;
}

// The next event of this type. Rejects with the first event of type "error".
function nextEvent(target, type) {
  return new Promise((resolve, reject) => {
    target.addEventListener(type, resolve, { once: true });
    if (type !== "error") {
      target.addEventListener("error", () => reject(new Error(`error, not ${type}`)), { once: true });
    }
  });
}

// The next message to this window, if `accept` likes it.
function nextMessage(accept = () => true) {
  return new Promise(resolve => {
    addEventListener("message", function listener(event) {
      if (accept(event)) {
        removeEventListener("message", listener);
        resolve(event);
      }
    });
  });
}

// A task later than those that are queued now.
function task() {
  return new Promise(resolve => setTimeout(resolve));
}
