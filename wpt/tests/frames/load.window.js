/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Frames: src, srcdoc and about:blank
// META: script=/support/common.sub.js

"use strict";

function make(t, properties = {}) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  return Object.assign(frame, properties);
}

test(t => {
  const frame = make(t);
  assert_equals(frame.contentWindow, null);
  assert_equals(frame.contentDocument, null);
  let loads = 0;
  frame.onload = () => ++loads;
  document.body.append(frame);
  assert_equals(loads, 1, "at once");
  const { contentDocument, contentWindow } = frame;
  assert_equals(contentDocument.URL, "about:blank");
  assert_equals(contentDocument.readyState, "complete");
  assert_equals(contentDocument.documentElement.outerHTML, "<html><head></head><body></body></html>");
  assert_equals(contentDocument.defaultView, contentWindow);
  assert_equals(contentDocument.compatMode, "BackCompat");
  assert_equals(contentDocument.characterSet, document.characterSet);
  assert_equals(contentWindow.origin, origin);
  assert_equals(contentDocument.referrer, location.href);
}, "Without src it has about:blank, at once");

promise_test(async t => {
  const frame = make(t, { src: htmlURL("<p id=x>text") });
  document.body.append(frame);
  const first = frame.contentWindow;
  assert_equals(frame.contentDocument.URL, "about:blank", "until it is loaded");
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.URL, frame.src);
  assert_equals(frame.contentWindow, first, "the window proxy stays");
  assert_equals(frame.contentDocument.getElementById("x").textContent, "text");
  assert_equals(frame.contentDocument.referrer, location.href);
}, "With src");

promise_test(async t => {
  const frame = make(t, { srcdoc: "<title>T</title><p>x", src: htmlURL("other") });
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.title, "T");
  assert_equals(frame.contentDocument.URL, "about:srcdoc");
  assert_equals(frame.contentDocument.baseURI, document.baseURI);
  assert_equals(frame.contentWindow.origin, origin);
  assert_equals(frame.contentDocument.compatMode, "CSS1Compat");
  frame.srcdoc = "<title>U</title>";
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.title, "U");
  frame.removeAttribute("srcdoc");
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "other");
}, "srcdoc goes before src");

promise_test(async t => {
  const frame = make(t);
  document.body.append(frame);
  frame.src = htmlURL("one");
  await nextEvent(frame, "load");
  frame.setAttribute("src", htmlURL("two"));
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "two");
}, "Setting src navigates");

promise_test(async t => {
  for (const src of ["", "about:blank", "about:blank#x"]) {
    const frame = make(t);
    frame.setAttribute("src", src);
    document.body.append(frame);
    assert_equals(frame.contentDocument.body.innerHTML, "");
    assert_equals(frame.contentWindow.origin, origin);
    frame.remove();
  }
}, "src that is about:blank");

promise_test(async t => {
  const log = [];
  window.tell = text => log.push(text);
  const frame = make(t, { src: htmlURL(`<script>
    parent.tell("script");
    onload = () => parent.tell("window load");
    document.addEventListener("DOMContentLoaded", () => parent.tell("DOMContentLoaded"));
  </script><img>`) });
  frame.onload = event => {
    log.push("frame load", event.target === frame, event.bubbles);
  };
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_array_equals(log, ["script", "DOMContentLoaded", "window load", "frame load", true, false]);
}, "The order of the events");

promise_test(async t => {
  const outer = make(t, { src: htmlURL(`<iframe src="${htmlURL("inner")}"></iframe>`) });
  document.body.append(outer);
  await nextEvent(outer, "load");
  const inner = outer.contentDocument.querySelector("iframe");
  assert_equals(inner.contentDocument.readyState, "complete");
  assert_equals(inner.contentDocument.body.textContent, "inner");
}, "A frame's load waits for the frames in it");

test(t => {
  const parent = document.createElement("div");
  document.body.append(parent);
  t.add_cleanup(() => parent.remove());
  parent.innerHTML = "<iframe></iframe><iframe></iframe>";
  const [one, two] = parent.children;
  assert_not_equals(one.contentWindow, two.contentWindow);
  assert_equals(one.contentWindow.frameElement, one);
  assert_equals(one.contentWindow.document, one.contentDocument);
  assert_equals(one.contentWindow.Array === Array, false, "each has a realm of its own");
  assert_false(one.contentDocument instanceof Document);
  assert_true(one.contentDocument instanceof one.contentWindow.Document);
}, "Frames by innerHTML");

promise_test(async t => {
  const frame = make(t, { src: `${OTHER_ORIGIN}/handlers/body?type=text/html&text=x` });
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument, null);
  assert_not_equals(frame.contentWindow, null);
  assert_equals(frame.contentWindow.frames, frame.contentWindow);
}, "A frame of another origin loads, but its document is not seen");

promise_test(async t => {
  const frame = make(t, { src: "http://127.0.0.1:1/" });
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument, null);
}, "A page that cannot be reached loads, too, as of another origin");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const loaded = nextEvent(frame, "load");
  frame.srcdoc = "<!DOCTYPE html><script>location = 'javascript:void(ran = 1)'</script>";
  document.body.append(frame);
  await loaded;
  assert_equals(frame.contentDocument.readyState, "complete");
}, "A javascript: URL that shows nothing while it loads");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  let count = 0;
  frame.onload = () => count++;
  frame.srcdoc = "<!DOCTYPE html><p>first</p>";
  document.body.append(frame);
  await nextEvent(frame, "load");
  frame.contentWindow.onunload = () => {
    frame.contentWindow.location = "/handlers/body?type=text/html&text=trap";
  };
  const loaded = nextEvent(frame, "load");
  frame.srcdoc = "<!DOCTYPE html><p>second</p>";
  await loaded;
  await new Promise(resolve => setTimeout(resolve));
  assert_equals(frame.contentDocument.body.textContent, "second");
  assert_equals(count, 2);
}, "Nothing is navigated while a document is left");

promise_test(async t => {
  const frame = document.createElement("iframe");
  frame.srcdoc = "<!DOCTYPE html>";
  document.body.append(frame);
  await nextEvent(frame, "load");
  let count = 0;
  const left = new Promise(resolve => {
    frame.contentWindow.onpagehide = () => {
      count++;
      frame.remove();
      resolve();
    };
  });
  frame.srcdoc = "<!DOCTYPE html><p>another</p>";
  await left;
  await new Promise(resolve => setTimeout(resolve));
  assert_equals(count, 1);
  assert_equals(frame.contentWindow, null);
}, "A frame that is removed while it is left");
