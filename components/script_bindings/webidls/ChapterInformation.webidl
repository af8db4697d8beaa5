/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* Media Session: https://w3c.github.io/mediasession/#the-chapterinformation-interface
 *
 * The draft writes `FrozenArray<MediaImage>`, which Web IDL does not allow: a dictionary cannot be the element of a frozen
 * array. It is taken as `FrozenArray<object>` whose elements are frozen objects, each a converted MediaImage. */

[Exposed=Window, Pref="dom.media_session.enabled"]
interface ChapterInformation {
  readonly attribute DOMString title;
  readonly attribute double startTime;
  [SameObject] readonly attribute FrozenArray<object> artwork;
};

dictionary ChapterInformationInit {
  DOMString title = "";
  double startTime = 0;
  sequence<MediaImage> artwork = [];
};
