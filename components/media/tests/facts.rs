/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is heard is the product of the facts, and nothing clicks.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::path::PathBuf;

use common::TestEngine;
use sordino_tests::sound::{LEVEL, QUIET, SPEAKER};
use sordino_tests::{Recording, SoundServer, Tone, media};

/// The session of all sounds here.
const SESSION: u32 = 7;
/// What is heard as a click, in dBFS above 2 kHz.
const CLICK: f64 = -50.0;
/// How often a change is tried that cannot be judged.
const TRIES: usize = 20;

/// A change of one fact, and back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fact {
    Suspended,
    Ducked,
    Silenced,
    PageVolume,
    PageMuted,
    PagePaused,
}

use Fact::{Ducked, PageMuted, PagePaused, PageVolume, Silenced, Suspended};

impl Fact {
    const ALL: [Self; 6] = [Suspended, Ducked, Silenced, PageVolume, PageMuted, PagePaused];

    fn set(self, engine: &mut TestEngine) {
        let command = match self {
            Suspended => format!("suspend {SESSION} 1"),
            Ducked => format!("gain {SESSION} 0.2"),
            Silenced => format!("silence {SESSION} 1"),
            PageVolume => "volume 1 0.5".into(),
            PageMuted => "mute 1 1".into(),
            PagePaused => "pause 1".into(),
        };
        engine.tell(&command);
    }

    fn unset(self, engine: &mut TestEngine) {
        let command = match self {
            Suspended => format!("suspend {SESSION} 0"),
            Ducked => format!("gain {SESSION} 1"),
            Silenced => format!("silence {SESSION} 0"),
            PageVolume => "volume 1 1".into(),
            PageMuted => "mute 1 0".into(),
            PagePaused => "play 1".into(),
        };
        engine.tell(&command);
    }
}

/// What a sound of this level is with these facts, in dBFS; `None` is silence.
fn expected(level: f64, facts: &[Fact]) -> Option<f64> {
    let gain = facts.iter().fold(1.0, |gain, fact| match fact {
        Ducked => gain * 0.2,
        PageVolume => gain * 0.5,
        _ => 0.0,
    });
    (gain > 0.0).then(|| level + 20.0 * f64::log10(gain))
}

/// Waits until it sounds as the facts say.
fn hear(recording: &Recording, hertz: f64, level: f64, facts: &[Fact]) {
    match expected(level, facts) {
        Some(level) => drop(recording.until_steady(hertz, level, 0.1)),
        None => drop(recording.until_no_tone(hertz, QUIET)),
    }
}

/// A sound that an engine can make.
struct Sound {
    make: String,
    hertz: f64,
    /// In dBFS.
    level: f64,
    /// What its page can do to it.
    has_volume: bool,
}

fn make_sound(engine: &mut TestEngine, make: &str) {
    engine.tell(make);
    if make.starts_with("player") {
        engine.until("1 paused");
    }
}

fn every_pair_in_every_order(sound: &Sound) {
    let server = SoundServer::start();
    let mut engine = TestEngine::start(Some(&server), &["own-sink", "sessions"]);
    let recording = server.record(SPEAKER);
    make_sound(&mut engine, &sound.make);
    engine.tell("play 1");
    let (hertz, level) = (sound.hertz, sound.level);
    hear(&recording, hertz, level, &[]);
    let usable = |fact: &Fact| sound.has_volume || !matches!(fact, PageVolume | PageMuted);
    let facts: Vec<Fact> = Fact::ALL.into_iter().filter(usable).collect();
    for first in &facts {
        for second in facts.iter().filter(|it| *it != first) {
            first.set(&mut engine);
            hear(&recording, hertz, level, &[*first]);
            second.set(&mut engine);
            hear(&recording, hertz, level, &[*first, *second]);
            // In the order in which they were set: the other stays.
            first.unset(&mut engine);
            hear(&recording, hertz, level, &[*second]);
            second.unset(&mut engine);
            hear(&recording, hertz, level, &[]);
        }
    }
}

/// How long, in seconds, a sound is there before it plays: it must not be silent for as long.
const REST: f64 = 1.5;

struct ToneFile {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn tone(hertz: u32, seconds: u32) -> ToneFile {
    let folder = tempfile::tempdir().unwrap();
    let path = media::pure_tone(folder.path(), hertz, 0.25, seconds);
    ToneFile { _folder: folder, path }
}

#[test]
fn a_player_sounds_as_its_page_and_its_session_want() {
    let tone = tone(400, 300);
    let make = format!("player 1 {SESSION} {}", tone.path.display());
    every_pair_in_every_order(&Sound { make, hertz: 400.0, level: LEVEL, has_volume: true });
}

#[test]
fn an_audio_context_sounds_as_its_page_and_its_session_want() {
    let make = format!("context 1 {SESSION} 400 0.25");
    every_pair_in_every_order(&Sound { make, hertz: 400.0, level: LEVEL, has_volume: false });
}

#[test]
fn a_media_stream_sounds_as_its_page_and_its_session_want() {
    let make = format!("stream 1 {SESSION}");
    let level = 20.0 * f64::log10(0.8);
    every_pair_in_every_order(&Sound { make, hertz: 440.0, level, has_volume: true });
}

#[test]
fn what_was_loaded_long_before_is_heard_at_once_and_from_its_begin() {
    let tone = tone(400, 1);
    let server = SoundServer::start();
    let mut engine = TestEngine::start(Some(&server), &["own-sink", "sessions"]);
    let recording = server.record(SPEAKER);
    engine.load(1, SESSION, &tone.path);
    recording.until_long(recording.mark() + REST);
    let wanted = recording.mark();
    engine.tell("play 1");
    engine.until("1 ended");
    recording.until_no_tone(400.0, QUIET);
    let samples = recording.samples();
    let fast = Tone::fast(400.0);
    let begin = samples.first_tone(fast, LEVEL - 3.0, wanted).unwrap();
    let end = samples.last_tone(fast, LEVEL - 3.0).unwrap();
    assert!(begin - wanted < REST / 2.0, "it was silent for {} s", begin - wanted);
    // A busy machine may be late for the first pieces, of 10 ms each.
    assert!((end - begin - 1.0).abs() < 0.05, "of 1 s there were {} s", end - begin);
}

/// A tone of 200 Hz, which is changed.
struct Changed {
    _server: SoundServer,
    engine: TestEngine,
    recording: Recording,
}

impl Changed {
    fn start(make: &str) -> Self {
        let server = SoundServer::start();
        let mut engine = TestEngine::start(Some(&server), &["own-sink", "sessions"]);
        let recording = server.record(SPEAKER);
        make_sound(&mut engine, make);
        engine.tell("play 1");
        recording.until_steady(200.0, LEVEL, 0.3);
        Self { _server: server, engine, recording }
    }

    /// The residue around a change, there or back, whichever has more.
    ///
    /// The sound of a busy machine has gaps, which click too: then it is tried again.
    fn click(&mut self, fact: Fact) -> f64 {
        for _ in 0..TRIES {
            let there = self.residue(|engine| fact.set(engine), &[fact]);
            let back = self.residue(|engine| fact.unset(engine), &[]);
            if let (Some(there), Some(back)) = (there, back) {
                return there.max(back);
            }
        }
        panic!("{fact:?} has a gap each time");
    }

    /// `None` when there is a gap.
    fn residue(&mut self, change: impl Fn(&mut TestEngine), facts: &[Fact]) -> Option<f64> {
        let begin = self.recording.mark();
        change(&mut self.engine);
        hear(&self.recording, 200.0, LEVEL, facts);
        self.recording.until_long(self.recording.mark() + 0.2);
        let end = self.recording.mark() - 0.05;
        let samples = self.recording.samples();
        (!samples.has_gap(begin - 0.1..end)).then(|| samples.click_db(begin..end))
    }
}

fn nothing_clicks(make: &str, facts: &[Fact]) {
    let mut changed = Changed::start(make);
    for fact in facts {
        let click = changed.click(*fact);
        assert!(click < CLICK, "{fact:?} of {make} clicks at {click} dBFS");
    }
}

#[test]
fn what_is_done_to_a_session_does_not_click() {
    let tone = tone(200, 120);
    let player = format!("player 1 {SESSION} {}", tone.path.display());
    let context = format!("context 1 {SESSION} 200 0.25");
    for make in [player, context] {
        nothing_clicks(&make, &[Suspended, Ducked, Silenced]);
    }
}

/// What a click is: the sound server cuts the tone where it is, which is sometimes near zero.
#[test]
fn a_hard_cut_clicks() {
    let tone = tone(200, 120);
    let mut changed = Changed::start(&format!("player 1 {SESSION} {}", tone.path.display()));
    let residues = [(); 4].map(|()| changed.click(PagePaused));
    assert!(residues.iter().any(|residue| *residue > CLICK), "{residues:?}");
}

#[test]
fn the_page_can_change_its_volume_without_a_click() {
    let tone = tone(200, 120);
    let make = format!("player 1 {SESSION} {}", tone.path.display());
    nothing_clicks(&make, &[PageVolume, PageMuted]);
}
