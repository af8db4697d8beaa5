/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A program that makes sound through servo-media as the lines on its standard input say, for tests
//! that hear or count it.

mod captures;
mod engine;
mod sources;
mod stress;

use std::io::stdin;
use std::path::Path;

use servo_media::{BackendInit, ServoMedia};
use servo_media_gstreamer::GStreamerBackend;
use sordino_media::session::{ContentProcess, SessionBackend, Sessions};
use sordino_media::sink;
use sordino_traits::NamespaceId;

use captures::Captures;
use engine::{Engine, context_id, say};

fn main() {
    let mut args = std::env::args().skip(1).peekable();
    if args.next_if_eq("own-sink").is_some() {
        gstreamer::init().expect("GStreamer is installed");
        sink::register().expect("nothing is missing");
        sink::process().observe(Box::new(|event| say(&format!("{event:?}"))));
    }
    let sessions = match args.next().as_deref() {
        Some("plain") => {
            ServoMedia::init_with_backend(GStreamerBackend::init);
            None
        }
        Some("sessions") => {
            let sessions = install();
            sessions.observe(|event| say(&format!("{event:?}")));
            Some(sessions)
        }
        Some("managed") => {
            let parent = args.next().expect("the name of a server");
            let namespace = args.next().and_then(|it| it.parse().ok()).expect("a namespace");
            let joined = ContentProcess::join(parent).expect("the parent is there");
            let sessions = install();
            sessions.follow_manager(NamespaceId(namespace), joined.manager).expect("threads");
            None
        }
        Some("media") => return sources::run(),
        other => panic!("which backend? {other:?}"),
    };
    let backend = ServoMedia::get();
    let mut engine = Engine::new(&**backend);
    let mut captures = Captures::default();
    say("ready");
    for line in stdin().lines() {
        let line = line.expect("the test writes text");
        let words: Vec<&str> = line.split(' ').collect();
        let number = |n: usize| words[n].parse::<u32>().expect("a number");
        let gain = |n: usize| words[n].parse::<f64>().expect("a gain");
        let is_on = |n: usize| words[n] == "1";
        match words[0] {
            "player" => engine.player(number(1), number(2), Path::new(words[3])),
            "stream" => engine.stream(number(1), number(2), None),
            "hear" => engine.stream(number(1), number(2), Some(captures.stream(number(3)))),
            "listen" => engine.listen(number(1), number(2), captures.stream(number(3))),
            "mutecapture" => captures.set_muted(number(1), is_on(2)),
            "dropcapture" => captures.drop_capture(number(1)),
            "context" => engine.context(number(1), number(2), gain(3) as f32, gain(4) as f32),
            "play" => engine.set_playing(number(1), true),
            "pause" => engine.set_playing(number(1), false),
            "volume" => engine.set_volume(number(1), gain(2)),
            "mute" => engine.set_muted(number(1), is_on(2)),
            "drop" => engine.drop_sound(number(1)),
            "stress" => stress::run(&**backend, sessions.as_ref(), number(1)),
            "count" => stress::count(),
            "quit" => break,
            _ => {
                let sessions = sessions.as_ref().expect("the backend has sessions");
                if !captures.do_with(sessions, &**backend, &words) {
                    do_to_session(sessions, &words);
                }
            }
        }
        say("done");
    }
}

fn install() -> Sessions {
    SessionBackend::<GStreamerBackend>::install().expect("it is first")
}

fn do_to_session(sessions: &Sessions, words: &[&str]) {
    let session = context_id(words[1].parse().expect("a number"));
    match words[0] {
        "suspend" => sessions.set_suspended(session, words[2] == "1"),
        "silence" => sessions.set_muted(session, words[2] == "1"),
        "gain" => sessions.set_gain(session, words[2].parse().expect("a gain")),
        other => panic!("what is {other}?"),
    }
}
