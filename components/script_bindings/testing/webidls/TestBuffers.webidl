/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* No specification has these; they exercise <https://webidl.spec.whatwg.org/#idl-buffer-source-types>. */

/* Interfaces for tests only: buffers and byte strings. */

dictionary BufferOptions {
  BufferSource key;
  Uint8Array? bytes = null;
  ByteString name = "none";
};

[Exposed=Window]
interface TestBuffers {
  constructor();

  attribute ArrayBuffer? kept;

  sequence<octet> bytes(AllowSharedBufferSource source);
  ArrayBuffer buffer(ArrayBuffer buffer);
  ArrayBuffer resizable([AllowResizable] ArrayBuffer buffer);
  DOMString view(ArrayBufferView view);
  DOMString resizableView([AllowResizable] ArrayBufferView view);
  Uint8Array doubled(Uint8Array bytes);
  Float32Array halves(Float32Array numbers);
  DataView dataView(DataView view);
  BigInt64Array bigInts(BigInt64Array numbers);
  unsigned long fill(Uint8Array destination, octet value);
  undefined writeAt([AllowResizable] ArrayBufferView view, unsigned long start, sequence<octet> bytes);
  sequence<octet> take(ArrayBuffer buffer);
  DOMString body((BufferSource or TestBuffers or USVString)? body);
  DOMString either((Int8Array or DataView or BufferOptions) value);
  DOMString options(optional BufferOptions options = {});

  ByteString byteString(ByteString value);
  sequence<octet> bytesOf(ByteString value);
  record<ByteString, ByteString> headers(record<ByteString, ByteString> value);
};
