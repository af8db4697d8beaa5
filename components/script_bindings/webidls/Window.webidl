/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object
// that a page without frames can use.

[Global=Window, Exposed=Window]
interface Window : EventTarget {
  [LegacyUnforgeable] readonly attribute Window window;
  [Replaceable] readonly attribute Window self;
  [LegacyUnforgeable] readonly attribute Document document;
  [LegacyUnforgeable, PutForwards=href] readonly attribute Location location;
  readonly attribute Navigator navigator;

  /* There are no frames and nothing opens another page. */
  [Replaceable] readonly attribute Window frames;
  [LegacyUnforgeable] readonly attribute Window? top;
  [Replaceable] readonly attribute Window? opener;
  [Replaceable] readonly attribute Window? parent;
};

// https://html.spec.whatwg.org/multipage/webappapis.html#windoworworkerglobalscope-mixin
interface mixin WindowOrWorkerGlobalScope {
  undefined reportError(any e);
  long setTimeout(TimerHandler handler, optional long timeout = 0, any... arguments);
  undefined clearTimeout(optional long id = 0);
  long setInterval(TimerHandler handler, optional long timeout = 0, any... arguments);
  undefined clearInterval(optional long id = 0);
  undefined queueMicrotask(VoidFunction callback);
};
Window includes WindowOrWorkerGlobalScope;

typedef (DOMString or Function) TimerHandler;

// https://webidl.spec.whatwg.org/#Function
callback Function = any (any... arguments);

// https://webidl.spec.whatwg.org/#VoidFunction
callback VoidFunction = undefined ();

// https://dom.spec.whatwg.org/#interface-window-extensions
partial interface Window {
  [Replaceable] readonly attribute (Event or undefined) event;
};
