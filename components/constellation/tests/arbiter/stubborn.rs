/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Two pages that start again whenever their state changes.

use std::collections::VecDeque;
use std::time::Duration;

use sordino_constellation::arbiter::{Arbiter, Input, Output, Policy, SessionId};
use sordino_traits::messages::RequestNumber;
use sordino_traits::{
    AudioSessionState, AudioSessionType, DocumentId, NamespaceId, SessionTypes, TabId, Timestamp,
};

/// What a page does when its session is silenced.
#[derive(Clone, Copy, Debug)]
enum Stubborn {
    /// `play()`.
    Plays,
    /// `pause()` and `play()`.
    PausesAndPlays,
}

struct Pages {
    arbiter: Arbiter,
    types: SessionTypes,
    reaction: Stubborn,
    queue: VecDeque<Input>,
    /// How often a session fell silent that had sounded.
    takeovers: usize,
    inputs: usize,
}

fn session(number: u32) -> SessionId {
    DocumentId::new(NamespaceId(1), number).unwrap().into()
}

impl Pages {
    fn new(set_type: AudioSessionType, reaction: Stubborn) -> Self {
        let mut pages = Self {
            arbiter: Arbiter::new(Policy::default()),
            types: SessionTypes { set_type, computed_type: set_type, is_short: false },
            reaction,
            queue: VecDeque::new(),
            takeovers: 0,
            inputs: 0,
        };
        for number in [1, 2] {
            let tab = TabId::new(NamespaceId(0), number).unwrap();
            pages.queue.push_back(Input::Joined { session: session(number), tab });
            pages.queue.push_back(pages.play(session(number)));
        }
        pages
    }

    fn play(&self, session: SessionId) -> Input {
        let (request, types) = (RequestNumber(1), self.types);
        Input::Request { session, request, types, by_user: false }
    }

    /// Lets the pages do at this moment what they do, until they are at rest.
    fn settle(&mut self, now: Timestamp) {
        let mut most = 20;
        while let Some(input) = self.queue.pop_front() {
            assert!(most > 0, "{:?} of {:?} has no end", self.reaction, self.types.set_type);
            most -= 1;
            self.inputs += 1;
            for output in self.arbiter.handle(&input, now) {
                let Output::State { session, state, answers: None } = output else { continue };
                if state == AudioSessionState::Active {
                    continue;
                }
                self.takeovers += usize::from(state == AudioSessionState::Interrupted);
                if let Stubborn::PausesAndPlays = self.reaction {
                    let request = RequestNumber(1);
                    self.queue.push_back(Input::Abandon { session, request });
                }
                self.queue.push_back(self.play(session));
            }
        }
    }
}

#[test]
fn two_pages_that_start_again_when_they_are_silenced_come_to_rest() {
    for set_type in [
        AudioSessionType::Playback,
        AudioSessionType::PlayAndRecord,
        AudioSessionType::TransientSolo,
        AudioSessionType::Transient,
        AudioSessionType::Ambient,
    ] {
        for reaction in [Stubborn::Plays, Stubborn::PausesAndPlays] {
            let mut pages = Pages::new(set_type, reaction);
            pages.settle(Timestamp::default());
            // They also try again every 10 ms, for a minute.
            for step in 1..=6_000 {
                for number in [1, 2] {
                    let is_silent =
                        pages.arbiter.state(session(number)) != Some(AudioSessionState::Active);
                    if is_silent {
                        if let Stubborn::PausesAndPlays = reaction {
                            let (session, request) = (session(number), RequestNumber(1));
                            pages.queue.push_back(Input::Abandon { session, request });
                        }
                        pages.queue.push_back(pages.play(session(number)));
                    }
                }
                pages.settle(Timestamp::from_origin(Duration::from_millis(10 * step)));
            }
            // Each keeps what it took for the time of the guard, which is 2 s.
            let most = 60 / 2 + 1;
            let takeovers = pages.takeovers;
            assert!(takeovers <= most, "{reaction:?} of {set_type:?}: {takeovers} takeovers");
        }
    }
}
