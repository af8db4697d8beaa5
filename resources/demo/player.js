/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// A small music player, as a web developer would write it: three pieces, three buttons, the
// Media Session API for media keys, and the Audio Session API to say that this is music.

"use strict";

const pieces = [
  { title: "Morning Bells", name: "morning-bells" },
  { title: "Paper Boats", name: "paper-boats" },
  { title: "Lamplight", name: "lamplight" },
];
const SEEK_SECONDS = 5;

const audio = document.getElementById("audio");
const playButton = document.getElementById("play");
const session = navigator.audioSession;
const mediaSession = navigator.mediaSession;

let current = 0;
let stopped = false;

function show(id, text) {
  document.getElementById(id).textContent = text;
}

function clock(seconds) {
  const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
  const rest = whole % 60;
  return Math.floor(whole / 60) + (rest < 10 ? ":0" : ":") + rest;
}

// What is playing.

function choose(index) {
  current = (index + pieces.length) % pieces.length;
  const piece = pieces[current];
  audio.src = piece.name + ".ogg";
  describe(piece);
}

function describe(piece) {
  console.log("Piece: " + piece.title);
  show("title", piece.title);
  document.getElementById("artwork").src = piece.name + ".png";
  if (mediaSession) {
    mediaSession.metadata = new MediaMetadata({
      title: piece.title,
      artist: "Sordino",
      album: "Three Small Pieces",
      artwork: [{ src: piece.name + ".png", sizes: "512x512", type: "image/png" }],
    });
  }
}

// What a listener can do. Buttons and media keys call the same functions.

function play() {
  show("message", "");
  audio.play().catch(function (error) {
    if (error.name === "AbortError") {
      return; // Paused, or another piece chosen, before it began.
    }
    console.log("Not playing: " + error.name + ": " + error.message);
    if (error.name === "NotAllowedError") {
      show("message", "Press Play to start.");
    }
  });
}

function pause() {
  audio.pause();
}

function stop() {
  stopped = true;
  audio.pause();
  audio.currentTime = 0;
  update();
}

function skip(step) {
  choose(current + step);
  play();
}

function seek(time) {
  const end = Number.isFinite(audio.duration) ? audio.duration : time;
  audio.currentTime = Math.max(0, Math.min(time, end));
}

// What the page and the system's media controls show.

function update() {
  playButton.textContent = audio.paused ? "Play" : "Pause";
  if (mediaSession) {
    mediaSession.playbackState = stopped ? "none" : audio.paused ? "paused" : "playing";
  }
}

function updatePosition() {
  show("position", clock(audio.currentTime));
  show("duration", clock(audio.duration));
  if (mediaSession && Number.isFinite(audio.duration)) {
    mediaSession.setPositionState({
      duration: audio.duration,
      playbackRate: audio.playbackRate,
      position: Math.min(audio.currentTime, audio.duration),
    });
  }
}

audio.addEventListener("play", function () {
  stopped = false;
  update();
});
audio.addEventListener("pause", update);
audio.addEventListener("loadedmetadata", updatePosition);
audio.addEventListener("ratechange", updatePosition);
audio.addEventListener("seeked", updatePosition);
audio.addEventListener("timeupdate", function () {
  show("position", clock(audio.currentTime));
});
audio.addEventListener("ended", function () {
  skip(1);
});
audio.addEventListener("error", function () {
  show("message", "This piece cannot be played.");
  console.log("Cannot play " + audio.src);
});

playButton.addEventListener("click", function () {
  if (audio.paused) {
    play();
  } else {
    pause();
  }
});
document.getElementById("previous").addEventListener("click", function () {
  skip(-1);
});
document.getElementById("next").addEventListener("click", function () {
  skip(1);
});

if (mediaSession) {
  const handlers = {
    play: play,
    pause: pause,
    stop: stop,
    previoustrack: function () {
      skip(-1);
    },
    nexttrack: function () {
      skip(1);
    },
    seekbackward: function (details) {
      seek(audio.currentTime - (details.seekOffset || SEEK_SECONDS));
    },
    seekforward: function (details) {
      seek(audio.currentTime + (details.seekOffset || SEEK_SECONDS));
    },
    seekto: function (details) {
      seek(details.seekTime);
    },
  };
  for (const action in handlers) {
    try {
      mediaSession.setActionHandler(action, handlers[action]);
    } catch (error) {
      console.log("No media key for " + action + ": " + error.message);
    }
  }
}

if (session) {
  session.type = "playback";
  show("session", session.state);
  session.onstatechange = function () {
    console.log("Audio session: " + session.state);
    show("session", session.state);
  };
}

describe(pieces[current]);
play();
