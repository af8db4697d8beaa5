/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* No specification has these; they exercise <https://webidl.spec.whatwg.org/#js-iterable>. */

/* Interfaces for tests only: pair iterators. */

[Exposed=Window]
interface PairList {
  constructor(optional sequence<sequence<DOMString>> init = []);
  undefined append(DOMString name, long value);
  undefined remove(DOMString name);
  iterable<DOMString, long>;
};

[Exposed=Window]
interface LongerPairList : PairList {
  constructor();
};

[Exposed=Window]
interface OtherPairs {
  constructor();
  iterable<long, OtherPairs?>;
};
