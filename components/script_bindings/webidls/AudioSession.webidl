/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* Audio Session: https://w3c.github.io/audio-session/ */

/* https://w3c.github.io/audio-session/#extensions-to-navigator */
[Exposed=Window]
partial interface Navigator {
  [Pref="dom.audio_session.enabled"]
  readonly attribute AudioSession audioSession;
};

/* https://w3c.github.io/audio-session/#audiosession-interface */
[Exposed=Window, Pref="dom.audio_session.enabled"]
interface AudioSession : EventTarget {
  attribute AudioSessionType type;
  readonly attribute AudioSessionState state;

  attribute EventHandler onstatechange;
};

/* https://w3c.github.io/audio-session/#audio-session-types */
enum AudioSessionType {
  "auto",
  "playback",
  "transient",
  "transient-solo",
  "ambient",
  "play-and-record"
};

/* https://w3c.github.io/audio-session/#audio-session-states */
enum AudioSessionState {
  "inactive",
  "active",
  "interrupted"
};
