/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The sound of one [render quantum](https://webaudio.github.io/web-audio-api/#render-quantum), and how
//! its channels are mixed. Pure.

use std::f32::consts::FRAC_1_SQRT_2;

/// The frames of a render quantum.
pub const QUANTUM: usize = 128;

/// One channel of a quantum.
pub(crate) type Channel = [f32; QUANTUM];

/// [ChannelCountMode](https://webaudio.github.io/web-audio-api/#enumdef-channelcountmode).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChannelCountMode {
    /// As many channels as the connection with most of them.
    Max,
    /// The same, but not more than the count.
    ClampedMax,
    /// The count.
    Explicit,
}

/// [ChannelInterpretation](https://webaudio.github.io/web-audio-api/#enumdef-channelinterpretation).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChannelInterpretation {
    /// Channels are loudspeakers, where a layout with that many is known.
    Speakers,
    /// Channels are only numbered.
    Discrete,
}

/// How many channels the input of a node has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Channels {
    /// In 1..=32.
    pub count: usize,
    /// What the count means.
    pub mode: ChannelCountMode,
    /// What the channels are.
    pub interpretation: ChannelInterpretation,
}

impl Channels {
    /// This count, as `max` and `speakers`.
    pub const fn up_to_max(count: usize) -> Self {
        let interpretation = ChannelInterpretation::Speakers;
        Self { count, mode: ChannelCountMode::Max, interpretation }
    }

    /// [computedNumberOfChannels](https://webaudio.github.io/web-audio-api/#computednumberofchannels),
    /// where the connection with most channels has `most`.
    fn computed_number(&self, most: usize) -> usize {
        match self.mode {
            ChannelCountMode::Max => most,
            ChannelCountMode::ClampedMax => most.min(self.count),
            ChannelCountMode::Explicit => self.count,
        }
    }
}

/// A part of a mixing rule: to which channel which one is added, with which gain.
type Share = (usize, usize, f32);

const S: f32 = FRAC_1_SQRT_2;

/// [Up-mixing](https://webaudio.github.io/web-audio-api/#UpMix-sub) and
/// [down-mixing](https://webaudio.github.io/web-audio-api/#down-mix) of the layouts of loudspeakers that
/// are known.
fn speaker_rule(from: usize, to: usize) -> Option<&'static [Share]> {
    Some(match (from, to) {
        (1, 2 | 4) => &[(0, 0, 1.0), (1, 0, 1.0)],
        (1, 6) => &[(2, 0, 1.0)],
        (2, 4 | 6) => &[(0, 0, 1.0), (1, 1, 1.0)],
        (4, 6) => &[(0, 0, 1.0), (1, 1, 1.0), (4, 2, 1.0), (5, 3, 1.0)],
        (2, 1) => &[(0, 0, 0.5), (0, 1, 0.5)],
        (4, 1) => &[(0, 0, 0.25), (0, 1, 0.25), (0, 2, 0.25), (0, 3, 0.25)],
        (6, 1) => &[(0, 0, S), (0, 1, S), (0, 2, 1.0), (0, 4, 0.5), (0, 5, 0.5)],
        (4, 2) => &[(0, 0, 0.5), (0, 2, 0.5), (1, 1, 0.5), (1, 3, 0.5)],
        (6, 2) => &[(0, 0, 1.0), (0, 2, S), (0, 4, S), (1, 1, 1.0), (1, 2, S), (1, 5, S)],
        (6, 4) => &[(0, 0, 1.0), (0, 2, S), (1, 1, 1.0), (1, 2, S), (2, 4, 1.0), (3, 5, 1.0)],
        _ => return None,
    })
}

/// The sound of a quantum. Without channels it is one channel of silence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    channels: Vec<Channel>,
}

impl Block {
    pub(crate) fn is_silent(&self) -> bool {
        self.channels.is_empty()
    }

    pub(crate) fn channel_count(&self) -> usize {
        self.channels.len().max(1)
    }

    /// None if it is silent.
    pub(crate) fn channels(&self) -> &[Channel] {
        &self.channels
    }

    pub(crate) fn channels_mut(&mut self) -> &mut [Channel] {
        &mut self.channels
    }

    pub(crate) fn silence(&mut self) {
        self.channels.clear();
    }

    /// Makes it so many channels, all zeros.
    pub(crate) fn clear_to(&mut self, count: usize) -> &mut [Channel] {
        self.channels.clear();
        self.channels.resize(count, [0.0; QUANTUM]);
        &mut self.channels
    }

    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.channels.clone_from(&other.channels);
    }

    /// What becomes of the connections to an input:
    /// [channel mixing](https://webaudio.github.io/web-audio-api/#channel-up-mixing-and-down-mixing).
    pub(crate) fn mix<'a>(
        &mut self,
        connections: impl Iterator<Item = &'a Self> + Clone,
        channels: Channels,
    ) {
        let most = connections.clone().map(Self::channel_count).max().unwrap_or(1);
        self.silence();
        let count = channels.computed_number(most);
        for connection in connections.filter(|it| !it.is_silent()) {
            if self.is_silent() {
                self.clear_to(count);
            }
            self.add(connection, channels.interpretation);
        }
    }

    /// Adds what is not silent to what has channels.
    fn add(&mut self, other: &Self, interpretation: ChannelInterpretation) {
        let (from, to) = (other.channels.len(), self.channels.len());
        let rule = match interpretation {
            ChannelInterpretation::Speakers if from != to => speaker_rule(from, to),
            _ => None,
        };
        let Some(rule) = rule else {
            for (sum, channel) in self.channels.iter_mut().zip(&other.channels) {
                for (sum, sample) in sum.iter_mut().zip(channel) {
                    *sum += sample;
                }
            }
            return;
        };
        for &(to, from, gain) in rule {
            for (sum, sample) in self.channels[to].iter_mut().zip(&other.channels[from]) {
                *sum += sample * gain;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(values: &[f32]) -> Block {
        let mut block = Block::default();
        for (channel, value) in block.clear_to(values.len()).iter_mut().zip(values) {
            *channel = [*value; QUANTUM];
        }
        block
    }

    fn mixed(inputs: &[&[f32]], channels: Channels) -> Vec<f32> {
        let inputs: Vec<_> = inputs.iter().map(|values| block(values)).collect();
        let mut mixed = Block::default();
        mixed.mix(inputs.iter(), channels);
        mixed.channels().iter().map(|channel| channel[QUANTUM - 1]).collect()
    }

    const fn exactly(count: usize) -> Channels {
        Channels { mode: ChannelCountMode::Explicit, ..Channels::up_to_max(count) }
    }

    #[test]
    fn loudspeakers_are_mixed_by_the_standards_equations() {
        assert_eq!(mixed(&[&[0.5]], exactly(2)), [0.5, 0.5]);
        assert_eq!(mixed(&[&[0.5]], exactly(6)), [0.0, 0.0, 0.5, 0.0, 0.0, 0.0]);
        assert_eq!(mixed(&[&[1.0, 0.5]], exactly(1)), [0.75]);
        assert_eq!(mixed(&[&[1.0, 2.0, 3.0, 4.0]], exactly(2)), [2.0, 3.0]);
        let stereo = mixed(&[&[1.0, 2.0, 4.0, 9.0, 8.0, 16.0]], exactly(2));
        assert_eq!(stereo, [1.0 + S * 4.0 + S * 8.0, 2.0 + S * 4.0 + S * 16.0]);
        let mono = mixed(&[&[1.0, 2.0, 4.0, 9.0, 8.0, 16.0]], exactly(1));
        assert!((mono[0] - (S * 3.0 + 4.0 + 12.0)).abs() < 1e-5, "{mono:?}");
    }

    #[test]
    fn channels_without_a_known_layout_are_cut_or_filled() {
        assert_eq!(mixed(&[&[1.0, 2.0, 3.0]], exactly(2)), [1.0, 2.0]);
        assert_eq!(mixed(&[&[1.0, 2.0, 3.0]], exactly(4)), [1.0, 2.0, 3.0, 0.0]);
        let discrete = Channels { interpretation: ChannelInterpretation::Discrete, ..exactly(2) };
        assert_eq!(mixed(&[&[0.5]], discrete), [0.5, 0.0]);
    }

    #[test]
    fn the_connections_decide_how_many_channels_there_are() {
        assert_eq!(mixed(&[&[0.5], &[1.0, 2.0]], Channels::up_to_max(1)), [1.5, 2.5]);
        let clamped = Channels { mode: ChannelCountMode::ClampedMax, ..Channels::up_to_max(1) };
        assert_eq!(mixed(&[&[0.5], &[1.0, 2.0]], clamped), [2.0]);
        assert!(mixed(&[&[]], exactly(2)).is_empty());
        assert!(mixed(&[], exactly(2)).is_empty());
    }
}
