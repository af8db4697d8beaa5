/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* No specification has these; they exercise <https://webidl.spec.whatwg.org/#idl-named-properties>. */

/* Interfaces for tests only: named properties. */

[Exposed=Window]
interface Store {
  constructor();
  readonly attribute unsigned long length;
  getter DOMString? getItem(DOMString key);
  setter undefined setItem(DOMString key, DOMString value);
  deleter undefined removeItem(DOMString key);
};

[Exposed=Window, LegacyOverrideBuiltIns]
interface NumberMap {
  constructor();
  attribute long total;
  getter long (DOMString name);
  setter undefined (DOMString name, long value);
  deleter boolean (DOMString name);
};

[Exposed=Window, LegacyUnenumerableNamedProperties]
interface Collection {
  constructor(sequence<DOMString> names);
  readonly attribute unsigned long length;
  getter Holder? item(unsigned long index);
  getter Holder? namedItem(DOMString name);
  undefined add(DOMString name);
  [LegacyUnforgeable] readonly attribute DOMString fixed;
};

[Exposed=Window]
interface LongerCollection : Collection {
  constructor(sequence<DOMString> names);
};

[Exposed=Window, LegacyOverrideBuiltIns]
interface Overriding {
  constructor(sequence<DOMString> names);
  attribute DOMString title;
  undefined add(DOMString name);
  getter DOMString (DOMString name);
};
