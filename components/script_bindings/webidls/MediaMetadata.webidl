/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* Media Session: https://w3c.github.io/mediasession/#the-mediametadata-interface
 *
 * Setting `artwork` runs the convert-artwork algorithm, which can throw. */

[Exposed=Window, Pref="dom.media_session.enabled"]
interface MediaMetadata {
  constructor(optional MediaMetadataInit init = {});

  attribute DOMString title;
  attribute DOMString artist;
  attribute DOMString album;
  [Throws] attribute FrozenArray<object> artwork;
  [SameObject] readonly attribute FrozenArray<ChapterInformation> chapterInfo;
};

dictionary MediaMetadataInit {
  DOMString title = "";
  DOMString artist = "";
  DOMString album = "";
  sequence<MediaImage> artwork = [];
  sequence<ChapterInformationInit> chapterInfo = [];
};

/* https://w3c.github.io/mediasession/#the-mediaimage-dictionary */
dictionary MediaImage {
  required USVString src;
  DOMString sizes = "";
  DOMString type = "";
};
