/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* The AudioFocusEntry of the audio focus explainer, which is no specification:
   https://github.com/w3c/audio-session/blob/main/explainer.md. What it leaves open is decided, and
   written down, in components/dom/src/audio_focus_entry.rs. */

enum AudioFocusType {
  "playback",
  "transient",
  "transient-solo",
  "ambient"
};

enum AudioFocusState {
  "inactive",
  "active",
  "ducking",
  "suspended"
};

[Exposed=Window, Pref="dom.audio_focus.enabled"]
interface AudioFocusEntry : EventTarget {
  constructor(AudioFocusType type);

  readonly attribute AudioFocusType type;
  readonly attribute AudioFocusState state;
  Promise<undefined> request();
  undefined abandon();

  attribute EventHandler onstatechange;
};

[Exposed=Window]
partial interface HTMLMediaElement {
  [Pref="dom.audio_focus.enabled", SetterThrows] attribute AudioFocusEntry? focusEntry;
};
