/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* No specification has these; they exercise <https://html.spec.whatwg.org/multipage/structured-data.html>. */

/* Interfaces for tests only: objects that can be serialized or transferred. */

[Exposed=Window, Serializable]
interface Parcel {
  constructor(DOMString text);
  readonly attribute DOMString text;
};

[Exposed=Window, Serializable]
interface LabelledParcel : Parcel {
  constructor(DOMString text, DOMString label);
  readonly attribute DOMString label;
};

[Exposed=Window, Transferable]
interface Port {
  constructor(long number);
  readonly attribute long number;
};

[Exposed=Window, SecureContext, Serializable]
interface SecretParcel {
  constructor();
};
