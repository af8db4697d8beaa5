/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// Sounds to play, made here: WAV files with a quiet tone.

"use strict";

// The bytes of a WAV file: mono, 8 bit.
function wav(seconds, rate = 8000) {
  const samples = Math.round(seconds * rate);
  const bytes = new Uint8Array(44 + samples);
  const view = new DataView(bytes.buffer);
  const text = (at, value) => [...value].forEach((c, i) => bytes[at + i] = c.charCodeAt(0));
  text(0, "RIFF");
  view.setUint32(4, 36 + samples, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, "data");
  view.setUint32(40, samples, true);
  for (let i = 0; i < samples; i++) {
    bytes[44 + i] = 128 + Math.round(20 * Math.sin(i * 2 * Math.PI * 440 / rate));
  }
  return bytes;
}

// A URL of such a file, until the test ends.
function soundURL(t, seconds) {
  const url = URL.createObjectURL(new Blob([wav(seconds)], { type: "audio/wav" }));
  t.add_cleanup(() => URL.revokeObjectURL(url));
  return url;
}

// A URL of a short one at the server.
function servedURL(seconds) {
  const hex = Array.from(wav(seconds, 4000), byte => byte.toString(16).padStart(2, "0")).join("");
  return `/handlers/body?type=audio/wav&hex=${hex}`;
}

// An element in no document that stops when the test ends.
function newAudio(t, tag = "audio") {
  const audio = document.createElement(tag);
  t.add_cleanup(() => {
    audio.pause();
    audio.removeAttribute("src");
    audio.remove();
    audio.load();
  });
  return audio;
}

// One that has loaded a sound.
async function loadedAudio(t, seconds = 10) {
  const audio = newAudio(t);
  audio.src = soundURL(t, seconds);
  await nextEvent(audio, "canplaythrough");
  return audio;
}

// The types of the events that an element is told, as they come.
function recordEvents(target, types) {
  const seen = [];
  for (const type of types) {
    target.addEventListener(type, () => seen.push(type));
  }
  return seen;
}

// What a promise is rejected with.
async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it was resolved");
}

function rangesOf(ranges) {
  return Array.from({ length: ranges.length }, (_, i) => [ranges.start(i), ranges.end(i)]);
}

// A stream of a microphone, until the test ends.
async function microphone(t) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  t.add_cleanup(() => stream.getTracks().forEach(track => track.stop()));
  return stream;
}

// An element that is to play a stream.
function newPlayer(t, stream) {
  const audio = newAudio(t);
  t.add_cleanup(() => { audio.srcObject = null; });
  audio.srcObject = stream;
  return audio;
}
