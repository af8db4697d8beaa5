// META: title=Media elements: which resource is loaded, and how
// META: script=/support/common.sub.js
// META: script=/media-elements/support/sound.js
/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

"use strict";

promise_test(async t => {
  const audio = newAudio(t);
  assert_equals(audio.networkState, audio.NETWORK_EMPTY);
  const seen = recordEvents(audio, [
    "loadstart", "durationchange", "loadedmetadata", "loadeddata", "canplay", "canplaythrough",
  ]);
  audio.src = soundURL(t, 2);
  assert_equals(audio.networkState, audio.NETWORK_NO_SOURCE, "before the script goes on");
  assert_equals(audio.currentSrc, "");
  await nextEvent(audio, "canplaythrough");
  assert_array_equals(seen, [
    "loadstart", "durationchange", "loadedmetadata", "loadeddata", "canplay", "canplaythrough",
  ]);
  assert_equals(audio.currentSrc, audio.src);
  assert_equals(audio.readyState, audio.HAVE_ENOUGH_DATA);
  assert_approx_equals(audio.duration, 2, 0.01);
  assert_true(audio.paused);
}, "The events of loading, in their order");

promise_test(async t => {
  const audio = newAudio(t);
  audio.src = "";
  await new Promise(resolve => audio.onerror = resolve);
  assert_equals(audio.error.code, MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED);
  assert_equals(audio.networkState, audio.NETWORK_NO_SOURCE);
}, "An empty src is an error");

for (const [name, content] of [
  ["garbage", new Uint8Array(30000).map((_, i) => i * 7919 % 251)],
  ["nothing", new Uint8Array()],
  ["text", "This is a sentence."],
  ["only the head of a file", wav(1).slice(0, 20)],
]) {
  promise_test(async t => {
    const audio = newAudio(t);
    audio.src = URL.createObjectURL(new Blob([content], { type: "audio/wav" }));
    const play = rejection(audio.play());
    await new Promise(resolve => audio.onerror = resolve);
    assert_equals(audio.error.code, MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED);
    assert_equals(audio.readyState, audio.HAVE_NOTHING);
    assert_equals((await play).name, "NotSupportedError");
    assert_equals((await rejection(audio.play())).name, "NotSupportedError", "again");
    assert_false(audio.paused, "it is to play");
  }, `An error of a resource that is ${name}`);
}

promise_test(async t => {
  const audio = newAudio(t);
  audio.src = URL.createObjectURL(new Blob([wav(1)], { type: "text/plain" }));
  await nextEvent(audio, "canplaythrough");
}, "A wrong type does not matter");

promise_test(async t => {
  const audio = newAudio(t);
  audio.src = "/does/not/exist.wav";
  await new Promise(resolve => audio.onerror = resolve);
  assert_equals(audio.error.code, MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED);
  audio.src = soundURL(t, 1);
  assert_equals(audio.error, null);
  await nextEvent(audio, "canplaythrough");
}, "After an error something else can be loaded");

promise_test(async t => {
  const audio = await loadedAudio(t, 5);
  audio.currentTime = 3;
  await nextEvent(audio, "seeked");
  audio.playbackRate = 2;
  await audio.play();
  const seen = recordEvents(audio, ["abort", "emptied", "loadstart", "timeupdate"]);
  const play = rejection(new Promise((_, reject) => {
    audio.addEventListener("pause", reject);
    audio.addEventListener("canplaythrough", () => reject("no pause"));
  }));
  audio.load();
  assert_true(audio.paused);
  assert_equals(audio.currentTime, 0);
  assert_equals(audio.readyState, audio.HAVE_NOTHING);
  assert_true(Number.isNaN(audio.duration));
  assert_equals(audio.playbackRate, 1);
  assert_equals(await play, "no pause");
  assert_array_equals(seen.filter(type => type != "timeupdate"), ["abort", "emptied", "loadstart"]);
}, "load() begins anew");

promise_test(async t => {
  const audio = newAudio(t);
  audio.src = soundURL(t, 5);
  const play = rejection(audio.play());
  audio.src = soundURL(t, 5);
  assert_equals((await play).name, "AbortError");
}, "play() is aborted by another resource");

promise_test(async t => {
  const audio = newAudio(t);
  const seen = [];
  for (const [src, type] of [
    ["/does/not/exist.wav"],
    [""],
    [soundURL(t, 1), "audio/x-unheard-of"],
    [soundURL(t, 3), "audio/wav"],
    [soundURL(t, 1), "audio/wav"],
  ]) {
    const source = document.createElement("source");
    if (src) {
      source.src = src;
    }
    if (type) {
      source.type = type;
    }
    source.onerror = event => {
      assert_false(event.bubbles);
      seen.push(type ?? src);
    };
    audio.append(source);
  }
  await new Promise(resolve => audio.oncanplaythrough = resolve);
  assert_array_equals(seen, ["/does/not/exist.wav", "", "audio/x-unheard-of"]);
  assert_approx_equals(audio.duration, 3, 0.01);
  assert_equals(audio.error, null);
  assert_equals(audio.currentSrc, audio.children[3].src);
}, "The first source that can be played is");

promise_test(async t => {
  const audio = newAudio(t);
  audio.preload = "none";
  audio.src = servedURL(0.5);
  const seen = recordEvents(audio, ["loadstart", "suspend", "loadedmetadata", "playing"]);
  await nextEvent(audio, "suspend");
  assert_equals(audio.networkState, audio.NETWORK_IDLE);
  assert_equals(audio.readyState, audio.HAVE_NOTHING);
  await audio.play();
  assert_array_equals(seen.filter((type, i) => seen.indexOf(type) == i),
    ["loadstart", "suspend", "loadedmetadata", "playing"]);
}, "With preload=none nothing is fetched until it is to play");

promise_test(async t => {
  const frame = document.createElement("iframe");
  frame.src = htmlURL(`<audio src='data:audio/wav;base64,${btoa(String.fromCharCode(...wav(0.2)))}'></audio>
    <script>
      let loaded = false;
      document.querySelector("audio").onloadeddata = () => loaded = true;
      onload = () => parent.postMessage({ loaded, ready: document.querySelector("audio").readyState });
    <\/script>`);
  t.add_cleanup(() => frame.remove());
  const message = nextMessage(event => "loaded" in event.data);
  document.body.append(frame);
  const { data } = await message;
  assert_true(data.ready >= HTMLMediaElement.HAVE_CURRENT_DATA);
}, "The load event of the document waits for the first data");

promise_test(async t => {
  const audio = new Audio(soundURL(t, 1));
  assert_equals(audio.preload, "auto");
  assert_equals(audio.localName, "audio");
  await nextEvent(audio, "canplaythrough");
  audio.removeAttribute("src");
  audio.load();
  await new Promise(resolve => t.step_timeout(resolve));
  assert_equals(audio.networkState, audio.NETWORK_EMPTY);
}, "Audio() loads, and without a source there is nothing");

promise_test(async t => {
  const video = newAudio(t, "video");
  video.src = soundURL(t, 1);
  await nextEvent(video, "canplaythrough");
  assert_equals(video.videoWidth, 0);
  assert_equals(video.videoHeight, 0);
  await video.play();
}, "A video element plays sound");
