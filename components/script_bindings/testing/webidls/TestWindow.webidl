/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* No specification has these; they exercise <https://webidl.spec.whatwg.org/>. */

/* Interfaces for tests only: a global object, an event target, a namespace. */

[Exposed=Window, Global, LegacyUnenumerableNamedProperties]
interface Window : EventTarget {
  getter object (DOMString name);
  [LegacyUnforgeable] readonly attribute Window window;
  [Replaceable] readonly attribute Window self;
  [LegacyUnforgeable, PutForwards=value] readonly attribute Holder location;
  attribute DOMString name;
  long setTimeout(TimerHandler handler, optional long timeout = 0, any... arguments);
  undefined postMessage(any message, USVString targetOrigin, optional sequence<object> transfer = []);
  undefined postMessage(any message, optional WindowPostMessageOptions options = {});
  readonly attribute DOMString lastPost;
  undefined addNamed(DOMString name);
  [Throws] readonly attribute WindowProxy frames;
  attribute WindowProxy? friend;
  DOMString describe((WindowProxy or Holder or DOMString)? value);
  boolean sameWindow(optional WindowOptions options = {});
};

dictionary WindowOptions {
  WindowProxy? source = null;
  Window? view = null;
};

callback Function = any (any... arguments);
typedef (DOMString or Function) TimerHandler;

dictionary WindowPostMessageOptions {
  USVString targetOrigin = "/";
};

[Exposed=Window]
interface EventTarget {
  constructor();
  undefined addEventListener(DOMString type, EventListener? callback, optional (AddEventListenerOptions or boolean) options = {});
  boolean dispatchEvent(Event event);
};

callback interface EventListener {
  undefined handleEvent(Event event);
};

dictionary EventListenerOptions {
  boolean capture = false;
};

dictionary AddEventListenerOptions : EventListenerOptions {
  boolean passive;
  boolean once = false;
};

[LegacyTreatNonObjectAsNull] callback EventHandlerNonNull = any (Event event);
typedef EventHandlerNonNull? EventHandler;

[Exposed=Window]
interface Event {
  constructor(DOMString type, optional EventInit eventInitDict = {});
  readonly attribute DOMString type;
  readonly attribute EventTarget? target;
  [LegacyUnforgeable] readonly attribute boolean isTrusted;
  readonly attribute boolean bubbles;
  const unsigned short NONE = 0;
  const unsigned short BUBBLING_PHASE = 3;
};

dictionary EventInit {
  boolean bubbles = false;
  boolean cancelable = false;
};

[Exposed=Window]
interface CustomEvent : Event {
  constructor(DOMString type, optional CustomEventInit eventInitDict = {});
  readonly attribute any detail;
};

dictionary CustomEventInit : EventInit {
  any detail = null;
};

[Exposed=*]
namespace console {
  undefined log(any... data);
  undefined assert(optional boolean condition = false, any... data);
};

[Exposed=Worker]
interface WorkerOnly {
  attribute UnknownHere missing;
};
typedef long UnknownHere;
