// META: title=Media elements: attributes
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

test(t => {
  const audio = newAudio(t);
  for (const [type, expected] of [
    ["audio/mpeg", /^(maybe|probably)$/],
    ["audio/mpeg;", /^(maybe|probably)$/],
    ["audio/ogg; codecs=\"vorbis\"", /^probably$/],
    ["audio/ogg; codecs=\"opus\"", /^probably$/],
    ["audio/ogg", /^maybe$/],
    ["audio/wav; codecs=\"1\"", /^probably$/],
    ["audio/wav", /^maybe$/],
    ["audio/webm; codecs=\"opus\"", /^probably$/],
    ["audio/flac", /^(maybe|probably)$/],
    ["audio/x-unheard-of", /^$/],
    ["audio/ogg; codecs=\"nonsense\"", /^$/],
    ["text/plain", /^$/],
    ["application/octet-stream", /^$/],
    ["", /^$/],
    ["audio", /^$/],
  ]) {
    assert_regexp_match(audio.canPlayType(type), expected, type);
  }
}, "canPlayType()");

promise_test(async t => {
  const audio = newAudio(t);
  assert_equals(audio.volume, 1);
  audio.volume = 0.5;
  await nextEvent(audio, "volumechange");
  assert_equals(audio.volume, 0.5);
  for (const value of [-0.1, 1.1, 1e300]) {
    assert_throws_dom("IndexSizeError", () => audio.volume = value, `${value}`);
  }
  for (const value of [NaN, Infinity]) {
    assert_throws_js(TypeError, () => audio.volume = value, `${value}`);
  }
  assert_equals(audio.volume, 0.5);
  audio.muted = true;
  await nextEvent(audio, "volumechange");
  assert_false(audio.defaultMuted);
}, "volume and muted");

test(t => {
  const holder = document.createElement("div");
  holder.innerHTML = "<audio muted></audio><audio></audio>";
  const [one, other] = holder.children;
  assert_true(one.muted);
  assert_true(one.defaultMuted);
  other.defaultMuted = true;
  assert_false(other.muted, "only at the begin");
}, "The attribute muted is the default");

promise_test(async t => {
  const audio = newAudio(t);
  audio.defaultPlaybackRate = 2;
  await nextEvent(audio, "ratechange");
  assert_equals(audio.playbackRate, 1);
  audio.src = soundURL(t, 1);
  assert_equals(audio.playbackRate, 2, "loading takes the default");
  assert_throws_dom("NotSupportedError", () => audio.playbackRate = -1);
  assert_throws_dom("NotSupportedError", () => audio.playbackRate = 1e9);
  assert_throws_js(TypeError, () => audio.playbackRate = NaN);
  assert_equals(audio.playbackRate, 2);
}, "Rates");

test(t => {
  const audio = newAudio(t);
  for (const value of ["none", "metadata", "auto", "NONE"]) {
    audio.preload = value;
    assert_equals(audio.preload, value.toLowerCase());
    assert_equals(audio.getAttribute("preload"), value);
  }
  for (const [value, expected] of [
    [null, null], ["", "anonymous"], ["anonymous", "anonymous"], ["x", "anonymous"],
    ["Use-Credentials", "use-credentials"],
  ]) {
    audio.crossOrigin = value;
    assert_equals(audio.crossOrigin, expected);
  }
  for (const name of ["autoplay", "loop", "controls"]) {
    assert_false(audio[name]);
    audio[name] = true;
    assert_equals(audio.getAttribute(name), "");
  }
  audio.src = "x y";
  assert_equals(audio.src, new URL("x y", location).href);
}, "Reflected attributes");

test(t => {
  const video = document.createElement("video");
  video.width = 320;
  video.setAttribute("height", "24px");
  video.poster = "x.png";
  video.playsInline = true;
  assert_equals(video.getAttribute("width"), "320");
  assert_equals(video.height, 24);
  assert_equals(video.poster, new URL("x.png", location).href);
  assert_equals(video.getAttribute("playsinline"), "");
  assert_true(video instanceof HTMLVideoElement);
}, "Those of a video");
