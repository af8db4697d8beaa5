/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioBufferSourceNode](https://webaudio.github.io/web-audio-api/#AudioBufferSourceNode).

use std::sync::Arc;

use super::schedule::Schedule;
use super::{Moment, Params};
use crate::web_audio::block::Block;
use crate::web_audio::param::ParamName;

/// The contents of an [AudioBuffer](https://webaudio.github.io/web-audio-api/#AudioBuffer).
#[derive(Clone, Debug, PartialEq)]
pub struct SampleBuffer {
    /// In frames a second.
    pub rate: f32,
    /// The frames of each channel.
    pub length: usize,
    /// The channels, each with `length` samples; `None` is silence.
    pub channels: Vec<Option<Arc<[f32]>>>,
}

/// The greatest rate at which a buffer is played, as a factor. More is no sound.
const FASTEST: f64 = 1e6;

pub(crate) struct BufferSource {
    pub(super) schedule: Schedule,
    buffer: Option<Arc<SampleBuffer>>,
    /// In seconds of the buffer.
    offset: f64,
    /// In seconds of the buffer.
    duration: f64,
    /// In seconds of the buffer.
    looped: Option<(f64, f64)>,
    /// Where it is in the buffer, in seconds; `None` before it has begun.
    position: Option<f64>,
    /// How much it has played, in seconds of the buffer.
    elapsed: f64,
    has_entered_loop: bool,
}

impl Default for BufferSource {
    fn default() -> Self {
        Self {
            schedule: Schedule::default(),
            buffer: None,
            offset: 0.0,
            duration: f64::INFINITY,
            looped: None,
            position: None,
            elapsed: 0.0,
            has_entered_loop: false,
        }
    }
}

/// What is repeated, in seconds of the buffer: not empty.
#[derive(Clone, Copy)]
struct Loop {
    start: f64,
    end: f64,
}

impl Loop {
    /// The loop that such times make in a buffer of a duration.
    fn of((start, end): (f64, f64), duration: f64) -> Option<Self> {
        let is_valid = start >= 0.0 && end > 0.0 && start < end;
        let (start, end) = if is_valid { (start, end.min(duration)) } else { (0.0, duration) };
        (start < end).then_some(Self { start, end })
    }

    fn wrap(self, position: f64) -> f64 {
        if (self.start..self.end).contains(&position) {
            return position;
        }
        let wrapped = self.start + (position - self.start).rem_euclid(self.end - self.start);
        // Which rounding may have made the end.
        if wrapped < self.end { wrapped } else { self.start }
    }
}

impl BufferSource {
    pub(super) fn set_buffer(&mut self, buffer: Option<Arc<SampleBuffer>>) {
        self.buffer = buffer;
    }

    pub(super) fn set_range(&mut self, offset: f64, duration: f64) {
        (self.offset, self.duration) = (offset, duration);
    }

    pub(super) fn set_loop(&mut self, looped: Option<(f64, f64)>) {
        self.looped = looped;
    }

    /// The [playback algorithm](https://webaudio.github.io/web-audio-api/#playback-AudioBufferSourceNode).
    pub(super) fn process(
        &mut self,
        params: Params<'_>,
        moment: Moment,
        output: &mut Block,
    ) -> bool {
        output.silence();
        let frames = self.schedule.frames(moment);
        let buffer = self.buffer.clone().filter(|buffer| buffer.length > 0);
        if let Some(buffer) = buffer.filter(|_| !frames.is_empty()) {
            let rate = f64::from(params.values(ParamName::PlaybackRate).at(0));
            let cents = f64::from(params.values(ParamName::Detune).at(0));
            let rate = rate * (cents / 1_200.0).exp2();
            let rate = if rate.is_nan() { 0.0 } else { rate.clamp(-FASTEST, FASTEST) };
            let length = buffer.length as f64 / f64::from(buffer.rate);
            let looped = self.looped.and_then(|times| Loop::of(times, length));
            if looped.is_none() {
                self.has_entered_loop = false;
            }
            let channels = output.clear_to(buffer.channels.len());
            for frame in frames {
                let position = self.advance(rate, looped, length, moment, frame);
                if self.has_played_all(position, rate, looped, length) {
                    self.schedule.end();
                    break;
                }
                if (0.0..length).contains(&position) {
                    let place = Place::of(&buffer, position, looped);
                    for (channel, samples) in channels.iter_mut().zip(&buffer.channels) {
                        channel[frame] =
                            samples.as_ref().map_or(0.0, |samples| place.value(samples));
                    }
                }
                self.position = Some(position + rate / moment.rate);
                self.elapsed += rate.abs() / moment.rate;
            }
        }
        self.schedule.has_ended(moment)
    }

    /// Where it is at a frame.
    fn advance(
        &mut self,
        rate: f64,
        looped: Option<Loop>,
        length: f64,
        moment: Moment,
        frame: usize,
    ) -> f64 {
        let mut position = self.position.unwrap_or_else(|| {
            let mut offset = self.offset.min(length);
            if let Some(looped) = looped {
                if rate >= 0.0 && offset >= looped.end {
                    offset = looped.end;
                }
                if rate < 0.0 && offset < looped.start {
                    offset = looped.start;
                }
            }
            self.offset = offset;
            // It need not start with a frame; what should have started earlier starts now.
            let late = moment.time(frame) - self.schedule.start_time();
            if late * moment.rate < 1.0 { offset + late * rate } else { offset }
        });
        if let Some(looped) = looped {
            self.has_entered_loop |= (self.offset < looped.end && position >= looped.start)
                || (self.offset >= looped.end && position < looped.end)
                || (rate >= 0.0 && position >= looped.end);
            if self.has_entered_loop {
                position = looped.wrap(position);
            }
        }
        position
    }

    fn has_played_all(&self, position: f64, rate: f64, looped: Option<Loop>, length: f64) -> bool {
        let is_beyond = (rate > 0.0 && position >= length) || (rate < 0.0 && position < 0.0);
        self.elapsed >= self.duration || (looped.is_none() && is_beyond)
    }
}

/// A place between two frames of a buffer.
struct Place {
    before: usize,
    after: usize,
    part: f32,
}

impl Place {
    fn of(buffer: &SampleBuffer, position: f64, looped: Option<Loop>) -> Self {
        let rate = f64::from(buffer.rate);
        let frame = position * rate;
        // Rounding must not make much of a place that is meant to be a frame.
        let nearest = frame.round();
        let frame = if (frame - nearest).abs() < 1e-6 { nearest } else { frame };
        let last = buffer.length - 1;
        let before = (frame as usize).min(last);
        let end = looped.map(|it| it.end * rate).filter(|end| (before + 1) as f64 >= *end);
        let after = match (end, looped) {
            (Some(_), Some(looped)) => ((looped.start * rate) as usize).min(last),
            _ => (before + 1).min(last),
        };
        Self { before, after, part: (frame - before as f64).clamp(0.0, 1.0) as f32 }
    }

    fn value(&self, samples: &[f32]) -> f32 {
        // As long as the buffer says.
        let at = |index: usize| samples.get(index).copied().unwrap_or(0.0);
        let before = at(self.before);
        before + (at(self.after) - before) * self.part
    }
}

#[cfg(test)]
mod tests;
