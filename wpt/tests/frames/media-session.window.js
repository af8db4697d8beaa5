/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=navigator.mediaSession in frames
// META: script=/support/common.sub.js

"use strict";

async function open(t, origin) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL(`<script>
    navigator.mediaSession.metadata = new MediaMetadata({ title: "of the frame" });
    navigator.mediaSession.playbackState = "playing";
    parent.postMessage({
      title: navigator.mediaSession.metadata.title,
      state: navigator.mediaSession.playbackState,
    }, "*");
  </script>`, origin);
  const said = nextMessage(event => event.source === frame.contentWindow);
  document.body.append(frame);
  return { frame, data: (await said).data };
}

promise_test(async t => {
  const { frame, data } = await open(t, ORIGIN);
  assert_equals(data.title, "of the frame");
  assert_equals(data.state, "playing");
  const theirs = frame.contentWindow.navigator.mediaSession;
  assert_not_equals(theirs, navigator.mediaSession);
  assert_equals(navigator.mediaSession.metadata, null);
  assert_equals(navigator.mediaSession.playbackState, "none");
  assert_equals(theirs.metadata.title, "of the frame");
  assert_false(theirs.metadata instanceof MediaMetadata);
}, "A frame of the same origin has a session of its own");

promise_test(async t => {
  const { data } = await open(t, OTHER_ORIGIN);
  assert_equals(data.title, "of the frame");
  assert_equals(data.state, "playing");
  assert_equals(navigator.mediaSession.metadata, null);
}, "A frame of another origin, too");

promise_test(async t => {
  const { frame } = await open(t, ORIGIN);
  const session = frame.contentWindow.navigator.mediaSession;
  const theirs = new frame.contentWindow.MediaMetadata({ title: "theirs" });
  session.metadata = theirs;
  assert_equals(session.metadata, theirs);
  navigator.mediaSession.metadata = theirs;
  assert_equals(navigator.mediaSession.metadata, theirs, "metadata of another realm is metadata");
  navigator.mediaSession.metadata = null;
  frame.remove();
  session.metadata = null;
  session.setActionHandler("play", () => {});
  assert_equals(session.playbackState, session.playbackState, "it does no harm without a window");
}, "Metadata of another realm, and a session without a window");

promise_test(async t => {
  const { frame } = await open(t, ORIGIN);
  const before = frame.contentWindow.navigator.mediaSession;
  frame.contentWindow.location.reload();
  await nextEvent(frame, "load");
  assert_not_equals(frame.contentWindow.navigator.mediaSession, before);
}, "A new document has a new session");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const said = nextMessage();
  frame.allow = "mediasession 'none'";
  frame.src = htmlURL(`<script>
    navigator.mediaSession.metadata = new MediaMetadata({ title: "x" });
    parent.postMessage(navigator.mediaSession.metadata.title, "*");
  </script>`, OTHER_ORIGIN);
  document.body.append(frame);
  assert_equals((await said).data, "x", "the page cannot tell");
}, "A frame that is not allowed to use the media session reads back what it sets");
