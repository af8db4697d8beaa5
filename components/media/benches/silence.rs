/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From a command to what is heard: how long a tone sounds on after its session is suspended, and
//! how long it takes to be ducked.
//!
//! The engine plays to a null sink of a private PulseAudio. What is measured begins before the
//! command is written to the engine's standard input, or what causes it to the session manager, and ends
//! in the recording of that sink.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Duration;

use common::TestEngine;
use sordino_media::sink::Buffering;
use sordino_tests::manager::Managed;
use sordino_tests::meter::{RATE, tone_db};
use sordino_tests::sound::{DUCKED, INAUDIBLE, LEVEL, SPEAKER};
use sordino_tests::{Recording, SoundServer, media};
use sordino_traits::AudioSessionType;

const TIMES: usize = 100;
const HERTZ: f64 = 400.0;
/// The amplitude of [`INAUDIBLE`].
const SILENT: f32 = 0.001;
/// What it is ducked to, as a gain.
const DUCK: f64 = 0.2;
/// How near to its level a ducked tone has arrived, in dB.
const NEAR: f64 = 1.0;
/// How long the ramp between two levels is, in milliseconds.
const RAMP: f64 = 100.0;
/// What is measured at once of a tone, in samples: two of its periods; and how far apart.
const WINDOW: usize = RATE as usize / 200;
const STEP: usize = RATE as usize / 1_000;

/// A sound that the engine makes as number 1 in session 7.
struct Sound {
    name: &'static str,
    make: String,
    /// Whether a session manager in another process commands.
    is_managed: bool,
}

/// Who commands.
enum Commander {
    /// The engine's own process.
    Itself(TestEngine),
    /// A session manager, since another tab wants to sound.
    Manager(Box<Managed<TestEngine>>),
}

impl Commander {
    fn engine(&mut self) -> &mut TestEngine {
        match self {
            Self::Itself(engine) => engine,
            Self::Manager(managed) => &mut managed.process,
        }
    }

    fn suspend(&mut self) {
        match self {
            Self::Itself(engine) => engine.tell_at_once("suspend 7 1"),
            Self::Manager(managed) => managed.other.sounds_as(AudioSessionType::PlayAndRecord),
        }
    }

    fn duck(&mut self) {
        match self {
            Self::Itself(engine) => engine.tell_at_once(&format!("gain 7 {DUCK}")),
            Self::Manager(managed) => managed.other.sounds_as(AudioSessionType::Transient),
        }
    }

    /// Takes back what was commanded.
    fn let_go(&mut self) {
        match self {
            Self::Itself(engine) => {
                engine.tell("suspend 7 0");
                engine.tell("gain 7 1");
            }
            Self::Manager(managed) => managed.other.is_silent(),
        }
    }
}

/// The milliseconds of each change.
struct Times {
    suspended: Vec<f64>,
    ducked: Vec<f64>,
    latencies: Latencies,
}

/// The latencies that the server reports of the stream, in milliseconds.
#[derive(Default)]
struct Latencies {
    /// Of the sound that it was given and has not played.
    buffer: Vec<f64>,
    /// Of its sink.
    sink: Vec<f64>,
}

impl Latencies {
    fn take(&mut self, server: &SoundServer) {
        let list = server.pactl(&["--format=json", "list", "sink-inputs"]).unwrap();
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        let stream = &list[0];
        self.buffer.extend(stream["buffer_latency_usec"].as_f64().map(|it| it / 1e3));
        self.sink.extend(stream["sink_latency_usec"].as_f64().map(|it| it / 1e3));
    }
}

/// What is recorded from these seconds on.
fn since(recording: &Recording, seconds: f64) -> Vec<f32> {
    let first = (seconds * f64::from(RATE)) as usize;
    recording.samples().values()[first..].to_vec()
}

fn milliseconds(samples: usize) -> f64 {
    samples as f64 * 1e3 / f64::from(RATE)
}

/// Nothing from here on is as loud as [`INAUDIBLE`].
fn silent_from(samples: &[f32]) -> f64 {
    let last = samples.iter().rposition(|sample| sample.abs() >= SILENT);
    milliseconds(last.map_or(0, |at| at + 1))
}

/// The level of the tone stays near to that of a ducked one from here on, to 1 ms.
fn ducked_from(samples: &[f32]) -> f64 {
    let steps = samples.len().saturating_sub(WINDOW) / STEP;
    let is_near = |step: &usize| {
        let window = &samples[step * STEP..][..WINDOW];
        (tone_db(window, HERTZ) - DUCKED).abs() < NEAR
    };
    let first = (0..steps).rev().take_while(is_near).last().unwrap_or(steps);
    milliseconds(first * STEP + WINDOW / 2)
}

/// A delay that is another each time, so that no command is in step with the buffers.
fn out_of_step(time: usize) -> Duration {
    Duration::from_micros(time as u64 * 7_919 % 50_000)
}

fn measure(server: &SoundServer, sound: &Sound) -> Times {
    let mut commander = match sound.is_managed {
        true => Commander::Manager(Box::new(TestEngine::start_managed(server, &["own-sink"]))),
        false => Commander::Itself(TestEngine::start(Some(server), &["own-sink", "sessions"])),
    };
    let recording = server.record(SPEAKER);
    let engine = commander.engine();
    engine.tell(&sound.make);
    if sound.make.starts_with("player") {
        engine.until("1 paused");
    }
    engine.tell("play 1");
    let mut times =
        Times { suspended: Vec::new(), ducked: Vec::new(), latencies: Latencies::default() };
    for time in 0..TIMES {
        recording.until_steady(HERTZ, LEVEL, 0.1);
        std::thread::sleep(out_of_step(2 * time));
        let mark = recording.mark();
        commander.suspend();
        recording.until_no_tone(HERTZ, INAUDIBLE);
        times.suspended.push(silent_from(&since(&recording, mark)));
        commander.let_go();

        recording.until_steady(HERTZ, LEVEL, 0.1);
        times.latencies.take(server);
        std::thread::sleep(out_of_step(2 * time + 1));
        let mark = recording.mark();
        commander.duck();
        recording.until_steady(HERTZ, DUCKED, 0.1);
        times.ducked.push(ducked_from(&since(&recording, mark)));
        commander.let_go();
    }
    times
}

fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() * percent / 100).copied().unwrap_or(f64::NAN)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let tone = media::pure_tone(folder.path(), HERTZ as u32, 0.25, 300);
    let player = format!("player 1 7 {}", tone.display());
    let sounds = [
        Sound { name: "player", make: player.clone(), is_managed: false },
        Sound { name: "audio context", make: "context 1 7 400 0.25".into(), is_managed: false },
        Sound { name: "from manager", make: player, is_managed: true },
    ];
    let Buffering { buffer, latency } = Buffering::default();
    let (buffer, latency) = (buffer.as_millis(), latency.as_millis());
    let rows: Vec<_> =
        sounds.iter().map(|sound| (sound.name, measure(&SoundServer::start(), sound))).collect();

    println!("{TIMES} commands each, in ms; the sink buffers {buffer} ms, {latency} ms at a time;");
    println!("a recorder may be wrong by 10 ms");
    println!();
    println!(
        "                below {INAUDIBLE} dBFS   within {NEAR} dB of the duck    the server's latency"
    );
    println!("                median    p99     median    p99    ramps     buffer    sink");
    for (name, times) in rows {
        let median = |values: &[f64]| percentile(values, 50);
        println!(
            "{name:<14} {:7.1} {:6.1}    {:7.1} {:6.1}   {:6.2}     {:6.1}  {:6.1}",
            median(&times.suspended),
            percentile(&times.suspended, 99),
            median(&times.ducked),
            percentile(&times.ducked, 99),
            median(&times.ducked) / RAMP,
            median(&times.latencies.buffer),
            median(&times.latencies.sink),
        );
    }
}
