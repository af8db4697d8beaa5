/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface that exist.

[Exposed=Window]
interface Location {
  [LegacyUnforgeable, Throws] stringifier attribute USVString href;
  [LegacyUnforgeable] readonly attribute USVString origin;
  [LegacyUnforgeable, Throws] attribute USVString protocol;
  [LegacyUnforgeable, Throws] attribute USVString host;
  [LegacyUnforgeable, Throws] attribute USVString hostname;
  [LegacyUnforgeable, Throws] attribute USVString port;
  [LegacyUnforgeable, Throws] attribute USVString pathname;
  [LegacyUnforgeable, Throws] attribute USVString search;
  [LegacyUnforgeable, Throws] attribute USVString hash;

  [LegacyUnforgeable] undefined assign(USVString url);
  [LegacyUnforgeable] undefined replace(USVString url);
  [LegacyUnforgeable] undefined reload();
};
