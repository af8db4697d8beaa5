/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* Media Session: https://w3c.github.io/mediasession/#the-mediasession-interface */

[Exposed=Window]
partial interface Navigator {
  [SameObject, Pref="dom.media_session.enabled"]
  readonly attribute MediaSession mediaSession;
};

[Exposed=Window, Pref="dom.media_session.enabled"]
interface MediaSession {
  attribute MediaMetadata? metadata;
  attribute MediaSessionPlaybackState playbackState;

  undefined setActionHandler(MediaSessionAction action, MediaSessionActionHandler? handler);
  undefined setPositionState(optional MediaPositionState state = {});

  Promise<undefined> setMicrophoneActive(boolean active);
  Promise<undefined> setCameraActive(boolean active);
  Promise<undefined> setScreenshareActive(boolean active);
};

enum MediaSessionPlaybackState {
  "none",
  "paused",
  "playing"
};

enum MediaSessionAction {
  "play",
  "pause",
  "seekbackward",
  "seekforward",
  "previoustrack",
  "nexttrack",
  "skipad",
  "stop",
  "seekto",
  "togglemicrophone",
  "togglecamera",
  "togglescreenshare",
  "hangup",
  "previousslide",
  "nextslide",
  "enterpictureinpicture",
  "voiceactivity"
};

enum MediaSessionEnterPictureInPictureReason {
  "other",
  "useraction",
  "contentoccluded"
};

callback MediaSessionActionHandler = undefined (MediaSessionActionDetails details);

/* https://w3c.github.io/mediasession/#the-mediapositionstate-dictionary */
dictionary MediaPositionState {
  unrestricted double duration;
  double playbackRate;
  double position;
};

/* https://w3c.github.io/mediasession/#the-mediasessionactiondetails-dictionary */
dictionary MediaSessionActionDetails {
  required MediaSessionAction action;
  double seekOffset;
  double seekTime;
  boolean fastSeek;
  boolean isActivating;
  MediaSessionEnterPictureInPictureReason enterPictureInPictureReason;
};
