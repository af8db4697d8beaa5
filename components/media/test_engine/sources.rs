/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! The sources and streams of [`Media`], as a content process has them.

use std::collections::HashMap;
use std::io::stdin;

use sordino_media::capture::{InputKind, TrackGate, TrackStream};
use sordino_media::sink::ProcessFacts;
use sordino_media::{Media, MediaEvent, PlayerNumber};
use sordino_traits::id::IdAllocator;
use sordino_traits::{ElementId, NamespaceId};

use crate::engine::say;

fn element(number: &str) -> ElementId {
    let number = number.parse().expect("a number");
    ElementId::new(NamespaceId(1), number).expect("not 0")
}

fn tell(event: &MediaEvent) {
    match event {
        MediaEvent::Devices(devices) => {
            let ids: Vec<_> = devices.iter().map(|device| device.id.as_str()).collect();
            say(&format!("devices {}", ids.join(" ")));
        }
        MediaEvent::Source { source, event } => say(&format!("source {source} {event:?}")),
        _ => {}
    }
}

/// Does what the lines say, to the end.
pub fn run() {
    let facts = ProcessFacts::default();
    let media = Media::start(Some(facts), |event| tell(&event)).expect("a thread");
    let document = IdAllocator::new(NamespaceId(1)).document();
    let mut gates: HashMap<String, TrackGate> = HashMap::new();
    let mut streams: HashMap<String, TrackStream> = HashMap::new();
    say("ready");
    for line in stdin().lines() {
        let line = line.expect("the test writes text");
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "devices" => media.list_devices(),
            "watch" => media.watch_devices(),
            "open" => {
                let (source, device) = (element(words[1]), words[2].to_owned());
                media.open_source(document, source, InputKind::Microphone, device, None);
            }
            "close" => media.close_source(element(words[1])),
            // The player, the source and the gate.
            "hear" => {
                let gate = gates.entry(words[3].to_owned()).or_default();
                let stream = media.open_track_stream(element(words[2]), gate).expect("it is open");
                let player = element(words[1]);
                media.create_stream_player(document, player, PlayerNumber(1), stream.id());
                media.play(player);
                streams.insert(words[1].to_owned(), stream);
            }
            "gate" => gates[words[1]].set_open(words[2] == "1"),
            "drop" => {
                media.remove_player(element(words[1]));
                streams.remove(words[1]);
            }
            other => panic!("what is {other}?"),
        }
        say("done");
    }
    media.shutdown();
}
