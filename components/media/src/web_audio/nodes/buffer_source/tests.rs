/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use super::super::tests::{run, samples};
use super::super::{NodeMessage, Processor};
use super::*;
use crate::web_audio::param::{Param, ParamInit};

/// Frames a second of the context.
const RATE: f64 = 8.0;

/// A buffer with the frames 1, 2, 3, … at a rate.
fn count(frames: u16, rate: f32) -> NodeMessage {
    let samples = (1..=frames).map(f32::from).collect();
    NodeMessage::Buffer(Some(Arc::new(SampleBuffer {
        rate,
        length: frames.into(),
        channels: vec![Some(samples)],
    })))
}

/// What a source plays that is told this and starts, and whether it has ended.
fn play(speed: f32, messages: impl IntoIterator<Item = NodeMessage>) -> (Vec<f32>, bool) {
    let mut source = Processor::BufferSource(Box::default());
    let range = (f32::MIN, f32::MAX);
    let mut params = [(ParamName::PlaybackRate, speed), (ParamName::Detune, 0.0)]
        .map(|(name, value)| Param::new(ParamInit::new(name, value, range, false)));
    for message in messages {
        source.handle(message);
    }
    let (blocks, ended) = run(&mut source, &mut params, RATE, 2);
    let mut samples = samples(&blocks);
    while samples.last() == Some(&0.0) {
        samples.pop();
    }
    (samples, ended.is_some())
}

const NOW: NodeMessage = NodeMessage::Start(0.0);

fn range(offset: f64, duration: f64) -> NodeMessage {
    NodeMessage::Range { offset, duration }
}

fn repeat(start: f64, end: f64) -> NodeMessage {
    NodeMessage::Loop { enabled: true, start, end }
}

#[test]
fn a_buffer_is_played_once() {
    assert_eq!(play(1.0, [count(3, 8.0), NOW]), (vec![1.0, 2.0, 3.0], true));
    let later = play(1.0, [count(3, 8.0), NodeMessage::Start(0.25)]);
    assert_eq!(later, (vec![0.0, 0.0, 1.0, 2.0, 3.0], true));
}

#[test]
fn without_a_start_or_a_buffer_there_is_silence() {
    assert_eq!(play(1.0, [count(3, 8.0)]), (vec![], false));
    assert_eq!(play(1.0, [NOW]), (vec![], false));
    let empty = SampleBuffer { rate: 8.0, length: 0, channels: Vec::new() };
    assert_eq!(play(1.0, [NodeMessage::Buffer(Some(Arc::new(empty))), NOW]), (vec![], false));
}

#[test]
fn speed_and_rates_stretch_it() {
    assert_eq!(play(0.5, [count(3, 8.0), NOW]).0, [1.0, 1.5, 2.0, 2.5, 3.0, 3.0]);
    assert_eq!(play(2.0, [count(5, 8.0), NOW]).0, [1.0, 3.0, 5.0]);
    assert_eq!(play(1.0, [count(3, 4.0), NOW]).0, [1.0, 1.5, 2.0, 2.5, 3.0, 3.0]);
    assert_eq!(play(-1.0, [count(4, 8.0), range(0.25, f64::INFINITY), NOW]).0, [3.0, 2.0, 1.0]);
}

#[test]
fn a_part_is_played() {
    assert_eq!(play(1.0, [count(8, 8.0), range(0.25, 0.375), NOW]), (vec![3.0, 4.0, 5.0], true));
    // The duration is that of the content.
    assert_eq!(play(2.0, [count(8, 8.0), range(0.0, 0.5), NOW]), (vec![1.0, 3.0], true));
    assert_eq!(play(1.0, [count(3, 8.0), range(9.0, 9.0), NOW]), (vec![], true));
}

#[test]
fn it_is_stopped() {
    assert_eq!(play(1.0, [count(8, 8.0), NOW, NodeMessage::Stop(0.25)]), (vec![1.0, 2.0], true));
    let before = [count(8, 8.0), NodeMessage::Start(0.5), NodeMessage::Stop(0.25)];
    assert_eq!(play(1.0, before), (vec![], true));
}

#[test]
fn a_loop_repeats() {
    let (samples, ended) = play(1.0, [count(4, 8.0), repeat(0.125, 0.375), NOW]);
    assert_eq!(samples[..8], [1.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0, 2.0]);
    assert!(!ended);
    let all = play(1.0, [count(3, 8.0), repeat(0.0, 0.0), NOW]).0;
    assert_eq!(all[..5], [1.0, 2.0, 3.0, 1.0, 2.0]);
    let once = play(1.0, [count(3, 8.0), repeat(0.0, 0.0), range(0.0, 0.5), NOW]);
    assert_eq!(once, (vec![1.0, 2.0, 3.0, 1.0], true));
    let slow = play(0.5, [count(2, 8.0), repeat(0.0, 0.0), NOW]).0;
    assert_eq!(slow[..5], [1.0, 1.5, 2.0, 1.5, 1.0], "the end is followed by the start");
    let backwards = play(-1.0, [count(3, 8.0), repeat(0.0, 0.0), NOW]).0;
    assert_eq!(backwards[..4], [1.0, 3.0, 2.0, 1.0]);
}

#[test]
fn it_starts_between_frames() {
    let (samples, _) = play(1.0, [count(4, 8.0), NodeMessage::Start(0.0625)]);
    assert_eq!(samples[..3], [0.0, 1.5, 2.5]);
}

#[test]
fn wild_numbers_do_no_harm() {
    for speed in [0.0, f32::MAX, f32::MIN, f32::MIN_POSITIVE] {
        for (start, end) in [(0.0, f64::MAX), (f64::MAX, f64::MAX), (-1.0, 1e-300), (0.1, 0.1)] {
            play(speed, [count(3, 8.0), repeat(start, end), range(f64::MAX, f64::MAX), NOW]);
        }
    }
    let short = SampleBuffer { rate: 8.0, length: 9, channels: vec![Some(Arc::new([1.0])), None] };
    let (samples, _) = play(1.0, [NodeMessage::Buffer(Some(Arc::new(short))), NOW]);
    assert_eq!(samples, [1.0]);
}
