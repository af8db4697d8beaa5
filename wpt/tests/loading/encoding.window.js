/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=How the encoding of a document is found
// META: script=/support/common.sub.js

"use strict";

const hex = text => Array.from(text, it => it.charCodeAt(0).toString(16).padStart(2, "0")).join("");

async function load(t, type, bytes) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = `/handlers/body?type=${encodeURIComponent(type)}&hex=${bytes}`;
  document.body.append(frame);
  await nextEvent(frame, "load");
  return frame.contentDocument;
}

// The letter is é in windows-1252 and й in windows-1251; in UTF-8 it is no character.
const letter = "e9";
for (const [name, type, bytes, encoding, text] of [
  ["The header", "text/html; charset=windows-1251", letter, "windows-1251", "\u0439"],
  ["A quoted parameter", "text/html; charset=\"windows-1251\"", letter, "windows-1251", "\u0439"],
  ["A label", "text/html; charset=latin1", letter, "windows-1252", "\u00E9"],
  ["meta charset", "text/html", hex("<meta charset=windows-1251>") + letter, "windows-1251", "\u0439"],
  ["meta http-equiv", "text/html",
   hex("<meta http-equiv=content-type content='text/html; charset=windows-1251'>") + letter,
   "windows-1251", "\u0439"],
  ["The header goes before meta", "text/html; charset=windows-1252",
   hex("<meta charset=windows-1251>") + letter, "windows-1252", "\u00E9"],
  ["An unknown label is none", "text/html; charset=nonsense",
   hex("<meta charset=windows-1251>") + letter, "windows-1251", "\u0439"],
  ["A byte order mark of UTF-8 goes before all", "text/html; charset=windows-1252",
   "efbbbf" + hex("<meta charset=windows-1251>") + "c3a9", "UTF-8", "\u00E9"],
  ["A byte order mark of UTF-16LE", "text/html", "fffe6100e900", "UTF-16LE", "a\u00E9"],
  ["A byte order mark of UTF-16BE", "text/html; charset=utf-8", "feff006100e9", "UTF-16BE", "a\u00E9"],
  ["meta cannot say UTF-16", "text/html", hex("<meta charset=utf-16>") + "c3a9", "UTF-8", "\u00E9"],
  ["A comment hides meta", "text/html",
   hex("<!-- <meta charset=windows-1251> --><meta charset=windows-1252>") + letter,
   "windows-1252", "\u00E9"],
  ["Bytes that are no character", "text/html; charset=utf-8", `61${letter}62`, "UTF-8", "a\uFFFDb"],
]) {
  promise_test(async t => {
    const { characterSet, body } = await load(t, type, bytes);
    assert_equals(characterSet, encoding);
    assert_equals(body.textContent, text);
  }, name);
}

promise_test(async t => {
  const { characterSet } = await load(t, "text/html", hex("<p>plain"));
  assert_equals(characterSet, document.characterSet);
}, "Without any, a frame takes that of its parent");

promise_test(async t => {
  const late = hex(" ".repeat(3000) + "<meta charset=windows-1251>") + letter;
  const { characterSet, body } = await load(t, "text/html", late);
  assert_equals(characterSet, "windows-1251");
  assert_equals(body.textContent.trim(), "\u0439");
}, "meta after the first kilobyte");

promise_test(async t => {
  const key = uniqueKey();
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const bytes = hex("<!DOCTYPE html><p>") + "c3a9";
  const length = bytes.length / 2;
  frame.src = `/handlers/body?type=text/html;charset=utf-8&hex=${bytes}&pipe=hold(${key},${length - 1})`;
  document.body.append(frame);
  await release(key);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "\u00E9");
}, "A character that arrives in two pieces");
