/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The attributes of scripts
// META: script=/support/common.sub.js

"use strict";

setup({ allow_uncaught_exception: true });

const external = (text, pipe = "", origin = "") =>
  `${origin}/handlers/body?type=text/javascript&text=${encodeURIComponent(text)}&pipe=${pipe}`;

function make(t, attributes) {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  for (const [name, value] of Object.entries(attributes)) {
    script.setAttribute(name, value);
  }
  return script;
}

function outcome(script) {
  return new Promise(resolve => {
    script.onload = script.onerror = event => resolve(event.type);
    document.body.appendChild(script);
  });
}

for (const [attributes, expected] of [
  [{ for: "window", event: "onload" }, true],
  [{ for: " WINDOW ", event: " onLoad() " }, true],
  [{ for: "window", event: "onclick" }, false],
  [{ for: "button", event: "onload" }, false],
  [{ for: "button" }, true],
  [{ event: "onclick" }, true],
  [{ for: "", event: "" }, false],
  [{ language: "JavaScript" }, true],
  [{ language: "vbscript" }, false],
  [{ language: "" }, true],
  [{ language: "vbscript", type: "" }, true],
  [{ language: "javascript", type: "text/plain" }, false],
  [{ nomodule: "" }, false],
]) {
  test(t => {
    window.ran = false;
    const script = make(t, attributes);
    script.text = "window.ran = true";
    document.body.appendChild(script);
    assert_equals(window.ran, expected);
  }, `An inline script with ${JSON.stringify(attributes)} ${expected ? "runs" : "does not run"}`);
}

test(t => {
  const script = make(t, {});
  assert_true(script.async, "of script");
  script.async = false;
  assert_false(script.async);
  assert_false(script.hasAttribute("async"));
  script.async = true;
  assert_equals(script.getAttribute("async"), "");
  const other = make(t, { async: "" });
  other.removeAttribute("async");
  assert_false(other.async, "an attribute ends what was so from the start");
  assert_false(document.querySelector("script").async, "of the parser");
}, "async");

test(t => {
  const script = make(t, {});
  assert_equals(script.crossOrigin, null);
  script.crossOrigin = "";
  assert_equals(script.crossOrigin, "anonymous");
  script.crossOrigin = "Use-Credentials";
  assert_equals(script.crossOrigin, "use-credentials");
  assert_equals(script.getAttribute("crossorigin"), "Use-Credentials");
  script.crossOrigin = null;
  assert_false(script.hasAttribute("crossorigin"));
  assert_equals(script.referrerPolicy, "");
  script.referrerPolicy = "No-Referrer";
  assert_equals(script.referrerPolicy, "no-referrer");
  script.referrerPolicy = "nonsense";
  assert_equals(script.referrerPolicy, "");
  for (const [property, attribute] of [["noModule", "nomodule"], ["defer", "defer"]]) {
    assert_false(script[property]);
    script[property] = true;
    assert_equals(script.getAttribute(attribute), "");
  }
  for (const [property, attribute] of [
    ["charset", "charset"], ["event", "event"], ["htmlFor", "for"], ["integrity", "integrity"], ["type", "type"],
  ]) {
    assert_equals(script[property], "");
    script[property] = "a B";
    assert_equals(script.getAttribute(attribute), "a B");
    assert_equals(script[property], "a B");
  }
}, "Reflection");

test(() => {
  assert_true(HTMLScriptElement.supports("classic"));
  assert_true(HTMLScriptElement.supports("module"));
  for (const type of ["", "text/javascript", "Module", " module", "nonsense"]) {
    assert_false(HTMLScriptElement.supports(type), type);
  }
}, "supports()");

promise_test(async t => {
  const good = "sha256-n9EN4HRuqAZWS3DkzeVa5nrYbAXf6rOQSDqdLq/Yc5c=";
  const bad = "sha256-Zlljt19yTkK31TrPd+41ZSjlKqi/L/AISB92l8D6qSQ=";
  for (const type of ["", "module"]) {
    window.ran = false;
    const src = external("window.ran = true");
    assert_equals(await outcome(make(t, { src: `${src}&${type}1`, type, integrity: bad })), "error");
    assert_false(window.ran);
    assert_equals(await outcome(make(t, { src: `${src}&${type}2`, type, integrity: good })), "load");
    assert_true(window.ran);
  }
  const other = external("window.ran = true", "", OTHER_ORIGIN);
  assert_equals(await outcome(make(t, { src: other, integrity: good })), "error",
    "what may not be read cannot be checked");
}, "integrity");

promise_test(async t => {
  const json = `/handlers/body?type=application/json&text=${encodeURIComponent('{"a": [1]}')}`;
  const module = await import(json, { with: { type: "json" } });
  assert_equals(module.default.a[0], 1);
  assert_equals(await import(json, { with: { type: "json" } }), module);
  await promise_rejects_js(t, TypeError, import(`${json}&1`), "it is no JavaScript");
  await promise_rejects_js(t, TypeError, import(external("0"), { with: { type: "json" } }));
  await promise_rejects_js(t, TypeError, import(json, { with: { type: "nonsense" } }));
  const broken = "/handlers/body?type=application/json&text={";
  await promise_rejects_js(t, SyntaxError, import(broken, { with: { type: "json" } }));
}, "JSON modules");

promise_test(async t => {
  window.rejections = 0;
  const note = event => {
    event.preventDefault();
    ++window.rejections;
  };
  addEventListener("unhandledrejection", note);
  t.add_cleanup(() => removeEventListener("unhandledrejection", note));
  const src = "Promise.reject(new Error('secret'))";
  assert_equals(await outcome(make(t, { src: external(src, "", OTHER_ORIGIN) })), "load");
  await task();
  assert_equals(window.rejections, 0, "of another origin");
  assert_equals(await outcome(make(t, { src: external(src) })), "load");
  await task();
  assert_equals(window.rejections, 1);
}, "Rejections in scripts of other origins are not told");

promise_test(async t => {
  const src = "window.imported = import('./x.js').catch(error => error.name)";
  assert_equals(await outcome(make(t, { src: external(src, "", OTHER_ORIGIN) })), "load");
  assert_equals(await window.imported, "TypeError");
}, "Nothing is relative to a script of another origin");
