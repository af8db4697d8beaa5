/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a change of focus costs, and what a session weighs.
//!
//! - One change of focus among 10, 1,000 and 100,000 idle sessions, as ratios to the first.
//! - Events in a second at 1,000 sessions: 80 % pause and play of the top, 10 % requests of others,
//!   10 % metadata.
//! - The memory of an idle session.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use sordino_constellation::arbiter::{Arbiter, Input, Output, Policy, SessionId};
use sordino_constellation::router::{self, Focus, Router};
use sordino_traits::messages::{MediaSessionUpdate, RequestNumber};
use sordino_traits::{
    ActionSet, AudioSessionState, AudioSessionType, DocumentId, MediaMetadata, MediaSessionAction,
    NamespaceId, SessionTypes, TabId, Timestamp,
};

const ROUNDS: usize = 15;
const MOST_RATIO: f64 = 2.0;
const LEAST_EVENTS: f64 = 1_000_000.0;
const MOST_BYTES: u64 = 1024;

fn document(number: u32) -> DocumentId {
    DocumentId::new(NamespaceId(1), number + 1).unwrap()
}

fn session(number: u32) -> SessionId {
    document(number).into()
}

/// Arbiter and router with so many tabs of one session each.
struct Tabs {
    arbiter: Arbiter,
    router: Router,
    count: u32,
    now: u64,
}

impl Tabs {
    fn new(count: u32) -> Self {
        let (arbiter, router) = (Arbiter::new(Policy::default()), Router::new());
        let mut tabs = Self { arbiter, router, count, now: 0 };
        for number in 0..count {
            let tab = TabId::new(NamespaceId(0), number + 1).unwrap();
            tabs.handle(&Input::Joined { session: session(number), tab });
            tabs.shows_tab(router::Input::Opened {
                document: document(number),
                tab,
                url: "https://example.org/".into(),
                is_private: false,
                is_allowed: true,
            });
        }
        tabs
    }

    fn now(&mut self) -> Timestamp {
        self.now += 1;
        Timestamp::from_origin(Duration::from_millis(self.now))
    }

    /// Lets something happen, and tells the router of it, as [`sordino_constellation::cores`] does.
    fn handle(&mut self, input: &Input) {
        let now = self.now();
        for output in self.arbiter.handle(input, now) {
            if let Output::State { session, state, .. } = &output {
                let focus = match state {
                    AudioSessionState::Active => {
                        Focus::Holds { is_exclusive: true, order: self.arbiter.order(*session) }
                    }
                    AudioSessionState::Interrupted => Focus::Waits,
                    AudioSessionState::Inactive => Focus::None,
                };
                let document = session.document;
                black_box(self.router.handle(router::Input::Focus { document, focus }, now));
            }
            black_box(output);
        }
    }

    fn plays(&mut self, number: u32, set_type: AudioSessionType) {
        let types = match set_type {
            AudioSessionType::Auto => SessionTypes {
                set_type,
                computed_type: AudioSessionType::Playback,
                is_short: false,
            },
            computed_type => SessionTypes { set_type, computed_type, is_short: false },
        };
        let (session, request) = (session(number), RequestNumber(1));
        self.handle(&Input::Request { session, request, types, by_user: true });
    }

    fn stops(&mut self, number: u32) {
        let (session, request) = (session(number), RequestNumber(1));
        self.handle(&Input::Abandon { session, request });
    }

    fn shows(&mut self, number: u32, title: u32) {
        let metadata = MediaMetadata { title: format!("Song {title}"), ..Default::default() };
        let update = MediaSessionUpdate {
            metadata: Some(Some(metadata)),
            handlers: Some(ActionSet::from_iter([MediaSessionAction::NextTrack])),
            ..Default::default()
        };
        let update = Box::new(update);
        self.shows_tab(router::Input::Updated { document: document(number), update });
    }

    fn shows_tab(&mut self, input: router::Input) {
        let now = self.now();
        black_box(self.router.handle(input, now));
    }
}

fn time(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One call over one song, many times; all other sessions are idle.
fn change_focus(tabs: &mut Tabs) {
    const CHANGES: u32 = 20_000;
    for _ in 0..CHANGES {
        tabs.plays(1, AudioSessionType::PlayAndRecord);
        tabs.stops(1);
    }
}

fn focus_among_idle() -> bool {
    let counts = [10, 1_000, 100_000];
    let mut tabs = counts.map(Tabs::new);
    for tabs in &mut tabs {
        tabs.plays(0, AudioSessionType::Playback);
        change_focus(tabs);
    }
    let mut fits = true;
    for (index, count) in counts.into_iter().enumerate().skip(1) {
        let (few, many) = tabs.split_at_mut(index);
        let ratios = (0..ROUNDS).map(|_| {
            let few = time(|| change_focus(&mut few[0]));
            time(|| change_focus(&mut many[0])) / few
        });
        let ratio = median(ratios.collect());
        println!(
            "a change of focus among {count} idle sessions: {ratio:.2} times that among 10 (at most {MOST_RATIO})"
        );
        fits &= ratio <= MOST_RATIO;
    }
    fits
}

/// A generator of numbers that is the same on every machine: Knuth's MMIX constants.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(limit)).unwrap()
    }
}

fn events_in_a_second() -> bool {
    const EVENTS: u32 = 500_000;
    // Of sixteen sessions ten play media and say nothing of their type; the rest say one each, but
    // two of them `transient`.
    let type_of = |number: u32| match number % 16 {
        0 => AudioSessionType::Playback,
        1 | 2 => AudioSessionType::Transient,
        3 => AudioSessionType::TransientSolo,
        4 => AudioSessionType::Ambient,
        5 => AudioSessionType::PlayAndRecord,
        _ => AudioSessionType::Auto,
    };
    let mut tabs = Tabs::new(1_000);
    let mut numbers = Numbers(1);
    for number in 0..tabs.count {
        tabs.shows(number, 0);
    }
    let mut top = 0;
    let rates = (0..ROUNDS).map(|_| {
        let elapsed = time(|| {
            for event in 0..EVENTS {
                match numbers.below(10) {
                    0 => {
                        // What was on top has stopped, or plays on below.
                        top = numbers.below(tabs.count);
                        tabs.plays(top, type_of(top));
                    }
                    1 => tabs.shows(numbers.below(tabs.count), event),
                    _ if event % 2 == 0 => tabs.stops(top),
                    _ => tabs.plays(top, type_of(top)),
                }
            }
        });
        f64::from(EVENTS) / elapsed
    });
    let rate = median(rates.collect());
    println!("at 1,000 sessions: {:.2} million events in a second (at least 1)", rate / 1e6);
    rate >= LEAST_EVENTS
}

/// The memory of this process, in bytes.
fn resident_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

fn memory_of_an_idle_session() -> bool {
    const COUNT: u32 = 100_000;
    let before = resident_memory();
    let tabs = Tabs::new(COUNT);
    let bytes = (resident_memory() - before) / u64::from(COUNT);
    black_box(&tabs);
    println!("an idle session: {bytes} bytes (at most {MOST_BYTES})");
    bytes <= MOST_BYTES
}

fn main() {
    // The memory first: what is freed later is not given back.
    let results = [memory_of_an_idle_session(), focus_among_idle(), events_in_a_second()];
    assert!(!results.contains(&false), "beyond a limit");
}
