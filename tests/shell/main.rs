/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `sordino run` from end to end: the built program, a private D-Bus daemon and the real
//! `playerctl`.
//!
//! * [`autoplay`]: what plays before the user has acted.
//! * [`bad_input`]: pages and media that cannot be shown or played.
//! * [`bad_pages`]: pages that are too much, and servers that do not behave.
//! * [`bad_script`]: scripts that never end, or take all memory.
//! * [`capture`]: microphones and cameras, and who may use them.
//! * [`click`]: the user's clicks from another terminal.
//! * [`demo`]: the demo page under a desktop's media controls.
//! * [`focus`]: who sounds when several tabs want to.
//! * [`focus_entries`]: entries of audio focus that pages manage.
//! * [`heard`]: what is heard of pages.
//! * [`hostile`]: content processes that an attacker has taken over.
//! * [`leaks`]: what a tab keeps of documents that it shows no more.
//! * [`pages`]: pages and media files from elsewhere.
//! * [`processes`]: content processes that die.
//! * [`record`]: what the session manager decided, recorded and replayed.
//! * [`script`]: what scripts may do to media elements.
//! * [`servers`]: sound servers that come and go.
//! * [`storage`]: what the tabs of a run keep together.
//! * [`terminal`]: the live status and its keys.
//! * [`web_audio`]: audio contexts of pages.
//! * [`web_pages`]: pages as web developers write them.

#![allow(clippy::unwrap_used, reason = "a test")]

mod autoplay;
mod bad_input;
mod bad_media;
mod bad_pages;
mod bad_script;
mod capture;
mod click;
mod demo;
mod focus;
mod focus_entries;
mod heard;
mod hostile;
mod leaks;
mod npm_players;
mod pages;
mod processes;
mod record;
mod script;
mod servers;
mod sounding_pages;
mod storage;
mod terminal;
mod web_audio;
mod web_pages;
