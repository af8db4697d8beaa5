/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* HTML: https://html.spec.whatwg.org/#message-channels */

[Exposed=(Window,Worker)]
interface MessageChannel {
  constructor();

  readonly attribute MessagePort port1;
  readonly attribute MessagePort port2;
};

/* https://html.spec.whatwg.org/#messageport */
[Exposed=(Window,Worker,AudioWorklet), Transferable]
interface MessagePort : EventTarget {
  undefined postMessage(any message, sequence<object> transfer);
  undefined postMessage(any message, optional StructuredSerializeOptions options = {});
  undefined start();
  undefined close();

  attribute EventHandler onclose;
};
MessagePort includes MessageEventTarget;

interface mixin MessageEventTarget {
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
};

/* https://html.spec.whatwg.org/#dom-structuredclone */
partial interface mixin WindowOrWorkerGlobalScope {
  any structuredClone(any value, optional StructuredSerializeOptions options = {});
};
