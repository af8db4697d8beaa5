/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=fetch() and redirects
// META: script=/support/common.sub.js

"use strict";

const redirect = (to, status = 302) =>
  `/handlers/redirect?status=${status}&to=${encodeURIComponent(to)}`;

for (const status of [301, 302, 303, 307, 308]) {
  promise_test(async () => {
    const get = await fetch(redirect("/handlers/echo?get", status));
    assert_true(get.redirected);
    assert_equals(get.url, `${ORIGIN}/handlers/echo?get`);
    const post = await fetch(redirect("/handlers/echo", status), {
      method: "POST", body: "x", headers: { "Content-Type": "a/b" },
    });
    const { method, body, headers } = await post.json();
    const kept = status >= 307;
    assert_equals(method, kept ? "POST" : "GET");
    assert_equals(body, kept ? "x" : "");
    assert_equals(headers["content-type"], kept ? "a/b" : undefined);
    const put = await fetch(redirect("/handlers/echo", status), { method: "PUT", body: "x" });
    assert_equals((await put.json()).method, status === 303 ? "GET" : "PUT");
  }, `Status ${status}`);
}

promise_test(async t => {
  const url = redirect("/handlers/echo");
  await promise_rejects_js(t, TypeError, fetch(url, { redirect: "error" }));
  const manual = await fetch(url, { redirect: "manual" });
  assert_equals(manual.type, "opaqueredirect");
  assert_equals(manual.status, 0);
  assert_equals(manual.url, `${ORIGIN}${url}`);
  assert_equals(await manual.text(), "");
  assert_equals((await fetch("/handlers/echo", { redirect: "error" })).status, 200);
}, "Redirect modes");

promise_test(async () => {
  const response = await fetch(`${redirect("echo?x")}#a`);
  assert_equals(response.url, `${ORIGIN}/handlers/echo?x`, "relative to the one before");
  const two = await fetch(redirect(redirect("/handlers/echo?two")));
  assert_equals(two.url, `${ORIGIN}/handlers/echo?two`);
}, "Relative places, and one after another");

promise_test(async t => {
  await promise_rejects_js(t, TypeError, fetch(redirect("http://")));
  await promise_rejects_js(t, TypeError, fetch(redirect("data:text/plain,x")));
  await promise_rejects_js(t, TypeError, fetch(redirect("file:///etc/hostname")));
  const none = await fetch("/handlers/body?text=x&pipe=status(302)");
  assert_equals(none.status, 302, "without Location it is an answer");
  assert_false(none.redirected);
}, "Places where no redirect leads");

promise_test(async t => {
  // Each answer leads to a file with such a header, in a circle.
  await promise_rejects_js(t, TypeError, fetch("support/loop.txt?pipe=status(302)"));
}, "Redirects that do not end");
