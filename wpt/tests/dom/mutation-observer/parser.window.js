/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=What the parser does is observed

"use strict";

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const loaded = new Promise(resolve => { frame.onload = resolve; });
  frame.srcdoc = `<!DOCTYPE html><body><script>
    window.seen = [];
    new MutationObserver(records => {
      for (const record of records) for (const node of record.addedNodes) seen.push(node.nodeName);
    }).observe(document.body, { childList: true, subtree: true });
  </script><p>a</p><script>window.early = seen.join();</script><p>b</p>`;
  document.body.append(frame);
  await loaded;
  const { early, seen } = frame.contentWindow;
  assert_equals(early.split(",").filter(it => it === "P").length, 1, "before the second script");
  assert_equals(seen.filter(it => it === "P").length, 2);
  assert_equals(seen.filter(it => it === "SCRIPT").length, 1);
  assert_true(seen.includes("#text"));
}, "Nodes that the parser puts into the document");
