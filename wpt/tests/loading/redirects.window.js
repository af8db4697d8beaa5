/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Redirects of documents and scripts
// META: script=/support/common.sub.js

"use strict";

const redirect = to => `/handlers/redirect?to=${encodeURIComponent(to)}`;

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = redirect(htmlURL("<script>var where = location.href</script>"));
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.URL, htmlURL("<script>var where = location.href</script>"));
  assert_equals(frame.contentWindow.where, frame.contentWindow.location.href);
  assert_equals(frame.src, ORIGIN + redirect(htmlURL("<script>var where = location.href</script>")));
}, "A document has the last URL");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = `${redirect(htmlURL("x"))}#mine`;
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_equals(frame.contentWindow.location.hash, "#mine", "the fragment is kept");
  frame.src = `${redirect(`${htmlURL("x")}#theirs`)}#mine`;
  await nextEvent(frame, "load");
  assert_equals(frame.contentWindow.location.hash, "#theirs", "unless there is a new one");
}, "Fragments");

promise_test(async t => {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  script.src = redirect("/handlers/body?type=text/javascript&text=window.redirected = document.currentScript.src");
  document.body.append(script);
  await nextEvent(script, "load");
  assert_equals(window.redirected, script.src);
}, "A script");

promise_test(async () => {
  const module = await import(redirect("/handlers/body?type=text/javascript&text=export default import.meta.url"));
  assert_equals(module.default,
    `${ORIGIN}/handlers/body?type=text/javascript&text=export%20default%20import.meta.url`);
}, "A module has the last URL");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const said = nextMessage();
  const html = "<script>parent.postMessage(origin, '*')</script>";
  frame.src = redirect(htmlURL(html, OTHER_ORIGIN));
  document.body.append(frame);
  const { data, origin } = await said;
  assert_equals(data, OTHER_ORIGIN);
  assert_equals(origin, OTHER_ORIGIN);
}, "A document that came to be elsewhere has that origin");
