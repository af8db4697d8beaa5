/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Random histories of a media session on a clock of their own: calls of its page and changes of its
//! media, compared with a reference that takes every second by itself.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use proptest::prelude::*;
use sordino_dom::{MediaSession, MediaState, PositionStateInit};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::MediaSessionUpdate;
use sordino_traits::{
    ActionSet, ElementId, MediaSessionAction, MediaSessionPlaybackState, NamespaceId, Timestamp,
    validate,
};

const ELEMENTS: usize = 3;

/// Sums of whole seconds and rates in quarters are exact.
const RATES: [f64; 5] = [-2.0, -0.25, 0.5, 1.0, 4.0];

#[derive(Clone, Copy, Debug)]
enum Step {
    Declare(MediaSessionPlaybackState),
    SetPosition(PositionStateInit),
    SetMedia(usize, bool, bool),
    RemoveMedia(usize),
    SetHandler(usize, bool),
    Flush,
    /// Seconds go by.
    Wait(u32),
}

/// Values that a page may well pass, good and bad.
fn number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        1 => Just(None),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, -1.0, f64::MAX])
            .prop_map(Some),
        6 => (0_u32..600).prop_map(|number| Some(f64::from(number))),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let rate = prop_oneof![number(), prop::sample::select(RATES.to_vec()).prop_map(Some)];
    let position = (number(), rate, number()).prop_map(|(duration, playback_rate, position)| {
        Step::SetPosition(PositionStateInit { duration, playback_rate, position })
    });
    let declared = prop::sample::select(vec![
        MediaSessionPlaybackState::None,
        MediaSessionPlaybackState::Paused,
        MediaSessionPlaybackState::Playing,
    ]);
    let step = prop_oneof![
        2 => declared.prop_map(Step::Declare),
        3 => position,
        3 => (0..ELEMENTS, any::<bool>(), any::<bool>())
            .prop_map(|(element, playing, muted)| Step::SetMedia(element, playing, muted)),
        1 => (0..ELEMENTS).prop_map(Step::RemoveMedia),
        1 => (0..MediaSessionAction::ALL.len(), any::<bool>())
            .prop_map(|(action, has)| Step::SetHandler(action, has)),
        2 => Just(Step::Flush),
        4 => (0_u32..100).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..80)
}

/// The position state of the page, moved on second by second.
#[derive(Clone, Copy, Debug)]
struct Reference {
    duration: f64,
    rate: f64,
    position: f64,
}

/// What the draft's steps make of the page's values.
fn accepted(init: PositionStateInit) -> Option<Reference> {
    let reference = Reference {
        duration: init.duration?,
        rate: init.playback_rate.unwrap_or(1.0),
        position: init.position.unwrap_or(0.0),
    };
    let Reference { duration, rate, position } = reference;
    (duration >= 0.0
        && (0.0..=duration).contains(&position)
        && position.is_finite()
        && rate.is_finite()
        && rate != 0.0)
        .then_some(reference)
}

#[derive(Default)]
struct World {
    session: MediaSession,
    seconds: u64,
    declared: MediaSessionPlaybackState,
    media: [Option<(bool, bool)>; ELEMENTS],
    handlers: ActionSet,
    position: Option<Reference>,
    /// What the session manager knows.
    heard: MediaSessionUpdate,
}

impl World {
    fn now(&self) -> Timestamp {
        Timestamp::from_origin(Duration::from_secs(self.seconds))
    }

    fn plays(&self) -> bool {
        self.declared == MediaSessionPlaybackState::Playing
            || self.media.iter().flatten().any(|(playing, muted)| *playing && !muted)
    }

    fn step(&mut self, step: Step, ids: &[ElementId]) {
        let now = self.now();
        match step {
            Step::Declare(state) => {
                self.declared = state;
                self.session.set_playback_state(state, now);
            }
            Step::SetPosition(init) => {
                let result = self.session.set_position_state(init, now);
                if init == PositionStateInit::default() {
                    self.position = None;
                    assert_eq!(result, Ok(()));
                } else if let Some(reference) = accepted(init) {
                    self.position = Some(reference);
                    assert_eq!(result, Ok(()), "{init:?}");
                } else {
                    assert!(result.is_err(), "{init:?}");
                }
            }
            Step::SetMedia(number, playing, muted) => {
                self.media[number] = Some((playing, muted));
                let state = MediaState {
                    playing,
                    paused: !playing,
                    muted,
                    interrupted: false,
                    position: None,
                    paused_order: 0,
                };
                self.session.set_media(ids[number], state, now);
            }
            Step::RemoveMedia(number) => {
                self.media[number] = None;
                self.session.remove_media(ids[number], now);
            }
            Step::SetHandler(number, has) => {
                let action = MediaSessionAction::ALL[number];
                self.session.set_action_handler(action, has);
                match has {
                    true => self.handlers.insert(action),
                    false => self.handlers.remove(action),
                }
            }
            Step::Flush => self.flush(),
            Step::Wait(seconds) => {
                let plays = self.plays();
                for _ in 0..seconds {
                    self.seconds += 1;
                    if let Some(it) = self.position.as_mut().filter(|_| plays) {
                        it.position = (it.position + it.rate).clamp(0.0, it.duration.min(f64::MAX));
                    }
                }
            }
        }
    }

    fn flush(&mut self) {
        let now = self.now();
        if let Some(update) = self.session.flush(now) {
            if let Some(Some(position)) = &update.position {
                assert_eq!(validate::position_state(position), Ok(()), "the manager takes it");
            }
            self.heard.playing = update.playing.or(self.heard.playing);
            self.heard.handlers = update.handlers.or(self.heard.handlers);
        }
        assert_eq!(self.heard.playing.unwrap_or(false), self.plays());
        assert_eq!(self.heard.handlers.unwrap_or(ActionSet::EMPTY), self.handlers);
        assert_eq!(self.session.flush(now), None, "nothing has changed since");
    }

    fn check(&self) {
        assert_eq!(self.session.is_playing(), self.plays());
        assert_eq!(self.session.playback_state(), self.declared);
        let position = self.session.effective_position();
        assert_eq!(position.is_some(), self.position.is_some());
        let (Some(position), Some(reference)) = (position, self.position) else { return };
        let duration = position.state.duration;
        let present = position.position_at(self.now(), self.session.is_playing());
        assert!((0.0..=duration).contains(&present) && present.is_finite(), "{present}");
        assert_eq!((duration, present), (reference.duration, reference.position), "{position:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_position_is_that_of_second_by_second_playback(steps in steps()) {
        let mut allocator = IdAllocator::new(NamespaceId(1));
        let ids: Vec<_> = (0..ELEMENTS).map(|_| allocator.element()).collect();
        let mut world = World::default();
        for step in steps {
            world.step(step, &ids);
            world.check();
        }
        world.flush();
    }
}
