/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object that exist.

[Global=Window, Exposed=Window, LegacyUnenumerableNamedProperties]
interface Window : EventTarget {
  [LegacyUnforgeable, Throws] readonly attribute WindowProxy window;
  [Replaceable, Throws] readonly attribute WindowProxy self;
  [LegacyUnforgeable] readonly attribute Document document;
  attribute DOMString name;
  [LegacyUnforgeable, PutForwards=href] readonly attribute Location location;
  readonly attribute boolean closed;
  undefined close();
  undefined focus();
  undefined blur();

  [Replaceable, Throws] readonly attribute WindowProxy frames;
  [Replaceable] readonly attribute unsigned long length;
  [LegacyUnforgeable] readonly attribute WindowProxy? top;
  [SetterThrows] attribute any opener;
  [Replaceable] readonly attribute WindowProxy? parent;
  readonly attribute Element? frameElement;
  getter object (DOMString name);

  readonly attribute Navigator navigator;

  undefined postMessage(any message, USVString targetOrigin, optional sequence<object> transfer = []);
  undefined postMessage(any message, optional WindowPostMessageOptions options = {});
};

dictionary WindowPostMessageOptions : StructuredSerializeOptions {
  USVString targetOrigin = "/";
};

dictionary StructuredSerializeOptions {
  sequence<object> transfer = [];
};

// https://html.spec.whatwg.org/multipage/webappapis.html#windoworworkerglobalscope-mixin
interface mixin WindowOrWorkerGlobalScope {
  [Replaceable] readonly attribute USVString origin;
  readonly attribute boolean isSecureContext;
  readonly attribute boolean crossOriginIsolated;
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
