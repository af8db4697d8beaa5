/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=structuredClone()

"use strict";

for (const value of [
  undefined, null, true, false, 0, -0, 1.5, NaN, -Infinity, "", "text \u{1F3B5} \uD800", 10n ** 30n,
]) {
  test(() => assert_equals(structuredClone(value), value), `A primitive: ${Object.is(value, -0) ? "-0" : String(value)}`);
}

test(() => {
  for (const [object, valueOf] of [
    [new Boolean(false), false], [new Number(-0), -0], [new String("s"), "s"], [Object(5n), 5n],
  ]) {
    const clone = structuredClone(object);
    assert_equals(typeof clone, "object");
    assert_not_equals(clone, object);
    assert_equals(Object.getPrototypeOf(clone), Object.getPrototypeOf(object));
    assert_equals(clone.valueOf(), valueOf);
  }
}, "Wrapped primitives");

test(() => {
  const date = new Date(1234.5);
  assert_equals(structuredClone(date).getTime(), 1234);
  assert_true(Number.isNaN(structuredClone(new Date(NaN)).getTime()));
  const expression = /a(b)c/giu;
  expression.lastIndex = 3;
  const clone = structuredClone(expression);
  assert_equals(String(clone), "/a(b)c/giu");
  assert_equals(clone.lastIndex, 0);
}, "Dates and regular expressions");

test(() => {
  const source = { b: 1, a: { c: [1, , 3] }, 5: "x", [Symbol("s")]: 1 };
  Object.defineProperty(source, "hidden", { value: 1, enumerable: false });
  Object.defineProperty(source, "getter", { get: () => "got", enumerable: true });
  const clone = structuredClone(source);
  assert_array_equals(Object.keys(clone), ["5", "b", "a", "getter"]);
  assert_equals(Reflect.ownKeys(clone).length, 4);
  assert_equals(clone.getter, "got");
  assert_true(Object.getOwnPropertyDescriptor(clone, "getter").writable);
  assert_array_equals(Object.keys(clone.a.c), ["0", "2"]);
  assert_equals(clone.a.c.length, 3);
  class Thing { x = 1; }
  assert_equals(Object.getPrototypeOf(structuredClone(new Thing())), Object.prototype);
}, "Objects and arrays: own enumerable properties with string keys");

test(() => {
  const array = Object.assign([1], { extra: 2 });
  assert_equals(structuredClone(array).extra, 2);
  assert_equals(structuredClone(new Array(5)).length, 5);
}, "Arrays keep their length and other properties");

test(() => {
  const shared = { x: 1 };
  const source = { a: shared, b: shared, map: new Map([[shared, shared]]) };
  source.self = source;
  const clone = structuredClone(source);
  assert_equals(clone.self, clone);
  assert_equals(clone.a, clone.b);
  assert_equals(clone.map.get(clone.a), clone.a);
  assert_not_equals(clone.a, shared);
}, "References stay references, in circles, too");

test(() => {
  const map = structuredClone(new Map([["k", { v: 1 }], [1, new Set([2, 3])]]));
  assert_true(map instanceof Map);
  assert_equals(map.get("k").v, 1);
  assert_array_equals([...map.get(1)], [2, 3]);
  assert_array_equals([...structuredClone(new Set(["b", "a"]))], ["b", "a"]);
}, "Maps and sets");

test(() => {
  const { buffer } = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const views = [
    new Uint8Array(buffer, 2, 3), new Int16Array(buffer, 2, 2), new DataView(buffer, 1, 4),
    new Float64Array(buffer), new Uint8ClampedArray(buffer), new BigInt64Array(buffer),
  ];
  const clones = structuredClone(views);
  clones.forEach((clone, index) => {
    assert_equals(clone.constructor, views[index].constructor);
    assert_equals(clone.byteOffset, views[index].byteOffset);
    assert_equals(clone.byteLength, views[index].byteLength);
    assert_equals(clone.buffer, clones[0].buffer, "they share one buffer");
  });
  assert_not_equals(clones[0].buffer, buffer);
  assert_array_equals([...clones[0]], [3, 4, 5]);
}, "Array buffers and views");

test(() => {
  for (const constructor of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError,
                             URIError]) {
    const clone = structuredClone(new constructor("message"));
    assert_equals(Object.getPrototypeOf(clone), constructor.prototype);
    assert_equals(clone.message, "message");
    assert_equals(clone.name, constructor.name);
    assert_equals(Object.getOwnPropertyDescriptor(clone, "message").enumerable, false);
  }
  const odd = new Error("x");
  odd.name = "Odd";
  assert_equals(Object.getPrototypeOf(structuredClone(odd)), Error.prototype);
  assert_equals(structuredClone(odd).name, "Error");
  const exception = structuredClone(new DOMException("m", "AbortError"));
  assert_true(exception instanceof DOMException);
  assert_equals(exception.name, "AbortError");
  assert_equals(exception.message, "m");
}, "Errors");

test(() => {
  for (const value of [
    () => {}, class {}, Symbol(), Symbol.iterator, new WeakMap(), new WeakSet(), new WeakRef({}),
    Promise.resolve(), (function*() {})(), new Proxy({}, {}), new EventTarget(),
  ]) {
    assert_throws_dom("DataCloneError", () => structuredClone(value), String(typeof value));
    assert_throws_dom("DataCloneError", () => structuredClone([{ value }]));
  }
  assert_throws_js(TypeError, () => structuredClone());
}, "What cannot be cloned");

test(() => {
  const buffer = new ArrayBuffer(8);
  const clone = structuredClone({ buffer }, { transfer: [buffer] });
  assert_equals(clone.buffer.byteLength, 8);
  assert_equals(buffer.byteLength, 0);
  assert_throws_dom("DataCloneError", () => structuredClone(1, { transfer: [buffer] }));
  assert_throws_dom("DataCloneError", () => structuredClone(1, { transfer: [{}] }));
  const twice = new ArrayBuffer(1);
  assert_throws_dom("DataCloneError", () => structuredClone(1, { transfer: [twice, twice] }));
  assert_equals(twice.byteLength, 1);
}, "Transfer");

test(() => {
  const error = new Error("getter");
  assert_throws_exactly(error, () => structuredClone({ get x() { throw error; } }));
  const order = [];
  structuredClone({
    get a() { order.push("a"); delete this.b; return 1; },
    b: 1,
    get c() { order.push("c"); return 1; },
  });
  assert_array_equals(order, ["a", "c"]);
}, "Getters run");
