/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A content process that an attacker has taken over ends alone.

use rustix::process::Signal;
use serde_json::Value;
use sordino_tests::media::{Kind, tone};
use sordino_tests::{Bus, Site, Sordino};

/// Opens a tab that attacks and one that plays; the first ends for this reason, and the second is
/// as before.
fn ends_alone(attack: &str, reason: &str) {
    let site = Site::new();
    tone(site.folder(), Kind::Wav, 100);
    let player = "<audio src=tone.wav autoplay loop></audio><script>
        navigator.mediaSession.setActionHandler('nexttrack', () => console.log('next'));
    </script>";
    site.page("player.html", "Player", player);
    let bus = Bus::start();
    let program = format!("--content-program=1={}", env!("CARGO_BIN_EXE_hostile-content"));
    let (attack, player) = (format!("data:,{attack}"), site.argument("player.html"));
    // Both sound, so that each could hurt the other.
    let arguments = ["--pref=focus.mode=page", &program, &attack, &player];
    let mut sordino = Sordino::run(&arguments, Some(&bus));
    let plays = |tab| move |event: &Value| event["tab"] == tab && event["state"] == "active";
    sordino.wait_for_all([("audio-session", &plays(1)), ("audio-session", &plays(2))]);
    bus.until("the attacker has the keys", || {
        bus.playerctl(&["metadata", "title"]).as_deref() == Ok("Hostile")
    });
    // That is when it attacks.
    bus.playerctl(&["next"]).unwrap();
    let closed = sordino.wait_for("closed", |_| true);
    assert_eq!(closed["tab"], 1);
    let text = closed["reason"].as_str().unwrap();
    assert!(text.contains(reason), "{text}");

    bus.until("the player has the keys", || {
        bus.playerctl(&["metadata", "title"]).as_deref() == Ok("Player")
    });
    assert_eq!(bus.playerctl(&["status"]).as_deref(), Ok("Playing"));
    bus.playerctl(&["next"]).unwrap();
    sordino.wait_for("console", |event| event["tab"] == 2 && event["text"] == "next");
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(ended.events.iter().all(|it| it["event"] != "closed" || it["tab"] == 1), "{ended:?}");
    let has_yielded = |event: &Value| {
        event["event"] == "audio-session" && event["tab"] == 2 && event["state"] != "active"
    };
    assert!(!ended.events.iter().any(has_yielded), "the player plays all the time: {ended:?}");
}

#[test]
fn a_garbage_header() {
    ends_alone("garbage-header", "sent a message that cannot be decoded: its header is none");
}

#[test]
fn a_packet_that_is_shorter_than_a_header() {
    ends_alone("short-packet", "sent a message that cannot be decoded: its header is none");
}

#[test]
fn a_packet_that_is_longer_than_any_may_be() {
    ends_alone("long-packet", "it announces an impossible length");
}

#[test]
fn a_length_that_is_a_lie() {
    ends_alone("lying-length", "sent a descriptor or shared memory, or none where one is needed");
}

#[test]
fn a_length_for_which_there_is_no_memory() {
    ends_alone("endless-length", "it announces an impossible length");
}

#[test]
fn a_truncated_fragment_and_then_silence() {
    ends_alone("truncated-fragment", "it does not answer");
}

#[test]
fn memory_that_no_message_needs() {
    ends_alone("memory", "sent a descriptor or shared memory");
}

#[test]
fn sockets_that_no_message_needs() {
    ends_alone("sockets", "sent a descriptor or shared memory");
}

#[test]
fn a_flood_of_messages() {
    ends_alone("flood", "sent more than 2000 messages a second");
}

#[test]
fn the_id_of_a_document_of_another_process() {
    ends_alone("foreign-id", "used an id of namespace 2");
}

#[test]
fn a_request_that_hides_another_header() {
    ends_alone("header-injection", "sent a request with a header that is none");
}

#[test]
fn a_question_to_the_user_in_the_name_of_another_site() {
    ends_alone("foreign-site", "asked for a permission for a site of which it shows no document");
}
