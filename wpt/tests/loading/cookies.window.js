/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=document.cookie, and cookies in requests
// META: script=/support/common.sub.js

"use strict";

const names = () => document.cookie.split("; ").filter(it => it).toSorted();
const forget = () => names().forEach(it => {
  document.cookie = `${it.split("=")[0]}=; max-age=0; path=/`;
  document.cookie = `${it.split("=")[0]}=; max-age=0`;
});
const set = value => fetch(`/handlers/echo?pipe=header(Set-Cookie,${value.replaceAll(",", "\\,")})`);
const sent = async (init, origin = "") =>
  (await (await fetch(`${origin}/handlers/echo`, init)).json()).headers.cookie;

promise_test(async () => {
  forget();
  assert_equals(document.cookie, "");
  document.cookie = "a=1";
  document.cookie = "b=2; path=/";
  document.cookie = "a=3";
  assert_array_equals(names(), ["a=3", "b=2"]);
  document.cookie = "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT";
  assert_array_equals(names(), ["b=2"]);
  document.cookie = "b=; max-age=0; path=/";
  assert_equals(document.cookie, "");
}, "One is written at a time");

promise_test(async () => {
  forget();
  document.cookie = "here=1";
  document.cookie = "everywhere=1; path=/";
  document.cookie = "elsewhere=1; path=/other";
  assert_array_equals(names(), ["everywhere=1", "here=1"]);
  assert_equals(await sent(), "everywhere=1", "handlers are in another path");
}, "Paths");

promise_test(async () => {
  forget();
  await set("seen=1; path=/");
  await set("hidden=1; path=/; HttpOnly");
  assert_array_equals(names(), ["seen=1"]);
  const header = (await sent()).split("; ").toSorted();
  assert_array_equals(header, ["hidden=1", "seen=1"]);
  document.cookie = "hidden=2; path=/";
  assert_array_equals(names(), ["seen=1"], "script does not replace it");
  await set("hidden=; path=/; max-age=0");
}, "Cookies of answers");

promise_test(async () => {
  forget();
  document.cookie = "a=1; path=/";
  assert_equals(await sent({ credentials: "omit" }), undefined);
  assert_equals(await sent({ credentials: "include" }), "a=1");
  await fetch("/handlers/echo?pipe=header(Set-Cookie,b=2; path=/)", { credentials: "omit" });
  assert_array_equals(names(), ["a=1"]);
}, "Credentials");

promise_test(async () => {
  forget();
  for (const bad of ["x=1; domain=example.org", "x=1; secure; domain=com", "__Host-x=1"]) {
    document.cookie = bad;
  }
  assert_equals(document.cookie, "");
}, "What is not taken");

promise_test(async t => {
  forget();
  const frames = [1, 2, 3].map(() => document.createElement("iframe"));
  t.add_cleanup(() => {
    frames.forEach(it => it.remove());
    forget();
  });
  const url = `${htmlURL("<p>x")}&pipe=header(Set-Cookie,of-frame=1; path=/)`;
  await Promise.all(frames.map(it => {
    it.src = url;
    document.body.append(it);
    return nextEvent(it, "load");
  }));
  for (const [index, frame] of frames.entries()) {
    const own = frame.contentDocument;
    own.cookie = `written-${index}=1; path=/`;
    assert_true(own.cookie.split("; ").includes("of-frame=1"), `${index}`);
    assert_true(own.cookie.split("; ").includes(`written-${index}=1`), `${index}`);
  }
  const loaded = nextEvent(frames[0], "load");
  frames[0].contentWindow.location = "javascript:'<p>made by script'";
  await loaded;
  assert_true(frames[0].contentDocument.cookie.split("; ").includes("of-frame=1"));
}, "Frames of one URL, and what script makes of them");

promise_test(async t => {
  forget();
  document.cookie = "same-site=1; path=/";
  const frame = document.createElement("iframe");
  t.add_cleanup(() => {
    frame.remove();
    forget();
  });
  // The innermost document has the site of this one, but it is in one of another.
  const html = "<script>parent.parent.postMessage({ innermost: document.cookie }, '*')</scr" + "ipt>";
  frame.src = htmlURL(`<iframe src="${htmlURL(html).replaceAll("&", "&amp;")}"></iframe>`, OTHER_SITE);
  document.body.append(frame);
  const { data } = await nextMessage(event => "innermost" in event.data);
  assert_equals(data.innermost, "");
}, "SameSite in a page of another site");
