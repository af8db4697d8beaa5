/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* No specification has these; they exercise <https://webidl.spec.whatwg.org/>. */

/* Interfaces for tests only: one attribute or operation for each conversion and shape. */

enum Mood { "", "calm", "very-loud" };

dictionary Parent {
  long zulu = 1;
  DOMString alpha;
};

dictionary Child : Parent {
  required DOMString name;
  [Clamp] octet level = 5;
  sequence<Parent> list = [];
  any extra;
  double? maybe = null;
  Mood mood = "calm";
};

dictionary Image {
  required USVString src;
  DOMString sizes = "";
};

callback Reducer = double (double total, optional DOMString name, any... rest);

[Exposed=Window]
interface TestBinding : EventTarget {
  constructor(optional DOMString label = "none");

  const boolean YES = true;
  const long MINUS = -1;
  const unrestricted double INF = Infinity;

  attribute DOMString label;
  attribute [LegacyNullToEmptyString] DOMString nullEmpty;
  attribute USVString usv;
  attribute boolean flag;
  attribute double number;
  attribute any anything;
  attribute Mood mood;
  attribute Mood? maybeMood;
  attribute EventHandler onping;
  attribute FrozenArray<object> items;
  [SameObject] readonly attribute FrozenArray<Image> images;
  [Throws] attribute long picky;
  attribute TestBinding? friend;
  [Unscopable] readonly attribute long hidden;
  [Pref="test.pref"] readonly attribute long optIn;
  [SecureContext] readonly attribute long secret;
  readonly attribute Promise<long> ready;

  DOMString domString(DOMString value);
  USVString usvString(USVString value);
  boolean bool(boolean value);
  double dbl(double value);
  unrestricted double udbl(unrestricted double value);
  float flt(float value);
  unrestricted float uflt(unrestricted float value);
  byte i8(byte value);
  octet u8(octet value);
  short i16(short value);
  unsigned short u16(unsigned short value);
  long i32(long value);
  unsigned long u32(unsigned long value);
  long long i64(long long value);
  unsigned long long u64(unsigned long long value);
  octet clampU8([Clamp] octet value);
  long clampI32([Clamp] long value);
  long long clampI64([Clamp] long long value);
  octet enforceU8([EnforceRange] octet value);
  long enforceI32([EnforceRange] long value);
  unsigned long long enforceU64([EnforceRange] unsigned long long value);
  object obj(object value);
  any anyOf(any value);
  double? nullableDouble(double? value);
  Mood moodOf(Mood value);
  sequence<long> longs(sequence<long> value);
  record<DOMString, long> map(record<DOMString, long> value);
  DOMString child(Child value);
  Child childBack(Child value);
  DOMString parent(optional Parent value = {});
  Event event(Event value);
  double reduce(Reducer reducer, double start);
  DOMString union((DOMString or long or boolean or sequence<DOMString> or Parent or Event or Reducer) value);
  DOMString unionNumber((long or boolean)? value);
  DOMString defaults(long required, optional long one = 1, optional DOMString? two = null, optional boolean three = true, optional double four = 0.5, optional long five);
  undefined variadic(any... values);
  readonly attribute long count;
  Promise<DOMString> later(DOMString value);
  Promise<undefined> fails(DOMString kind);
  undefined throws(DOMString kind);
  Promise<any> wait(Promise<any> value);
  undefined panics();
  static DOMString shout(DOMString text);
  static DOMString fresh(DOMString text);
  stringifier;
  [NewObject] TestBinding fresh();
  undefined keep();
  undefined drop();
};

[Exposed=Window, LegacyFactoryFunction=Maker(optional DOMString value)]
interface Holder {
  stringifier attribute USVString value;
  [LegacyUnforgeable] DOMString pinned();
};

[Exposed=Window, LegacyWindowAlias=(OldList, OlderList)]
interface List {
  constructor();
  readonly attribute unsigned long length;
  getter DOMString? item(unsigned long index);
  iterable<DOMString?>;
};

[Exposed=Window, SecureContext]
interface SecureOnly {
  readonly attribute long value;
};
