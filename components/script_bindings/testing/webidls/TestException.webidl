/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* No specification has these; they exercise <https://webidl.spec.whatwg.org/#idl-DOMException-derived-interfaces>. */

[Exposed=Window]
interface Failure : DOMException {
  constructor(DOMString place, optional DOMString message = "");
  readonly attribute DOMString place;
  Failure same(Failure other);
};

[Exposed=Window]
interface DetailedFailure : Failure {
  constructor();
  readonly attribute long depth;
};
