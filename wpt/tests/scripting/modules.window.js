/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Module graphs

"use strict";

const at = name => `./support/${name}.js`;

promise_test(async () => {
  const one = await import(at("counter"));
  const two = await import(at("reexport"));
  assert_equals(await import(at("counter")), one, "one module, one namespace");
  assert_equals(window.evaluations, 1);
  assert_equals(two.all, one);
  assert_equals(two.Renamed, one.default);
  assert_equals(two.default, undefined, "export * leaves out the default");
}, "A module is evaluated once");

promise_test(async () => {
  const counter = await import(at("counter"));
  const other = await import(at("reexport"));
  const before = counter.count;
  counter.increment();
  assert_equals(counter.count, before + 1);
  assert_equals(other.count, before + 1);
  assert_equals(other.seen(), before + 1);
}, "Bindings live");

promise_test(async () => {
  const namespace = await import(at("counter"));
  assert_array_equals(Object.keys(namespace), ["count", "default", "increment"], "sorted");
  assert_equals(namespace[Symbol.toStringTag], "Module");
  assert_equals(Object.getPrototypeOf(namespace), null);
  assert_throws_js(TypeError, () => { namespace.count = 5; });
  assert_throws_js(TypeError, () => { namespace.fresh = 5; });
  assert_throws_js(TypeError, () => { delete namespace.count; });
  assert_false(Object.isExtensible(namespace));
}, "The namespace object");

promise_test(async () => {
  const { results } = await import(at("cycle-a"));
  const { early } = await import(at("cycle-b"));
  assert_array_equals(window.order, ["b", "a"]);
  assert_equals(early, "ReferenceError", "a constant of the other is not there yet");
  assert_array_equals(results, ["value of a", "a"]);
}, "A cycle");

promise_test(async () => {
  const promise = import(at("imports-await"));
  const { value } = await promise;
  assert_equals(value, "awaited");
  assert_array_equals(window.awaitLog, ["begins", "ends", "dependent"]);
}, "Top-level await");

promise_test(async t => {
  const first = import(at("imports-throws"));
  await promise_rejects_js(t, RangeError, first);
  await promise_rejects_js(t, RangeError, import(at("throws")));
  assert_equals(window.throws, 1, "the error is kept");
  assert_equals(window.afterThrow, undefined);
  const [one, two] = await Promise.all([at("throws"), at("throws")].map(it => import(it).catch(e => e)));
  assert_equals(one, two);
}, "A module that throws");

promise_test(async t => {
  await promise_rejects_js(t, SyntaxError, import(at("syntax-error")));
  await promise_rejects_js(t, SyntaxError, import(at("imports-syntax-error")));
  await promise_rejects_js(t, SyntaxError, import(at("missing-export")));
  assert_equals(window.missing, undefined);
  assert_equals(window.evaluated, undefined, "nothing of such a graph runs");
}, "Errors of syntax and of linking");

promise_test(async t => {
  await promise_rejects_js(t, TypeError, import(at("no-such-file")));
  await promise_rejects_js(t, TypeError, import(at("imports-missing-file")));
  assert_equals(window.evaluated, undefined);
  for (const specifier of ["bare", "", "counter.js", "http://"]) {
    await promise_rejects_js(t, TypeError, import(specifier), specifier);
  }
}, "Files that are not there, and names that are no URLs");

promise_test(async () => {
  const { self, strict, globalName, kind } = await import(at("this"));
  assert_equals(self, undefined);
  assert_equals(strict, undefined);
  assert_equals(globalName, undefined);
  assert_equals(kind, "number");
}, "Modules are strict and have a scope of their own");

promise_test(async () => {
  const one = await import(`${at("meta")}?1`);
  const two = await import(`${at("meta")}?2`);
  const hash = await import(`${at("meta")}#1`);
  assert_not_equals(one, two);
  assert_equals(one.url, new URL("support/meta.js?1", location).href);
  assert_equals(hash.url, new URL("support/meta.js#1", location).href);
  assert_equals(Object.getPrototypeOf(one.meta), null);
  assert_equals(one.again(), one.meta);
  assert_not_equals(one.meta, two.meta);
  one.meta.extra = 1;
  assert_equals(one.again().extra, 1);
  assert_equals(one.resolve("../x"), new URL("x", location).href);
  assert_throws_js(TypeError, () => one.resolve("bare"));
}, "import.meta; each URL is a module of its own");
