/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The scenarios of the files in `scenarios/`, each in every mode.
//!
//! A scenario begins with `## its name`. Each of its lines is an act and, after `|`, what is so
//! then: in the modes `browser`, `page` and `none`, or once for all three. A session is a letter,
//! with the number of its tab where it first appears: `A1 plays music`. What is so names every
//! session there is: `A+` is active, `A!` interrupted, `A-` inactive, `~` after it ducked. A small
//! letter is an entry: `a` one beside the session of `A`'s document.

use std::collections::BTreeMap;
use std::time::Duration;

use sordino_constellation::arbiter::{
    Arbiter, Hold, Input, Mode, OsReason, OverCall, Policy, SessionId,
};
use sordino_traits::messages::RequestNumber;
use sordino_traits::{
    AudioSessionState, AudioSessionType, DocumentId, NamespaceId, SessionTypes, TabId, Timestamp,
};

/// What a session is, in the words of the scenarios.
fn types(word: &str) -> SessionTypes {
    use AudioSessionType::{Ambient, Auto, PlayAndRecord, Playback, Transient, TransientSolo};

    let (set_type, computed_type) = match word {
        "media" | "ping" => (Auto, Playback),
        "microphone" => (Auto, PlayAndRecord),
        "context" => (Auto, Ambient),
        "playback" => (Playback, Playback),
        "call" => (PlayAndRecord, PlayAndRecord),
        "solo" => (TransientSolo, TransientSolo),
        "transient" => (Transient, Transient),
        "ambient" => (Ambient, Ambient),
        _ => panic!("'{word}' is no kind of session"),
    };
    SessionTypes { set_type, computed_type, is_short: word == "ping" }
}

fn tab(number: &str) -> TabId {
    let number = number.parse().unwrap_or_else(|_| panic!("'{number}' is no tab"));
    TabId::new(NamespaceId(0), number).unwrap()
}

fn os_reason(words: &[&str]) -> OsReason {
    match words {
        ["a", "call"] => OsReason::Call,
        ["sleep"] => OsReason::Sleep,
        ["silenced", "streams"] => OsReason::Stream,
        ["no", "device"] => OsReason::Device,
        ["foreign", "focus"] => OsReason::Focus,
        ["player", number] => OsReason::Player(number.parse().unwrap()),
        _ => panic!("{words:?} is no reason of the operating system"),
    }
}

struct Scene {
    arbiter: Arbiter,
    policy: Policy,
    time: Duration,
    requests: u32,
    sessions: BTreeMap<String, SessionTypes>,
}

impl Scene {
    fn new(mode: Mode) -> Self {
        let policy = Policy { mode, ..Policy::default() };
        Self {
            arbiter: Arbiter::new(policy),
            policy,
            time: Duration::ZERO,
            requests: 0,
            sessions: BTreeMap::new(),
        }
    }

    fn handle(&mut self, input: &Input) {
        self.time += Duration::from_millis(100);
        let outputs = self.arbiter.handle(input, Timestamp::from_origin(self.time));
        assert!(outputs.len() <= 2 + 3 * self.sessions.len(), "{input:?} tells {outputs:?}");
    }

    fn id(name: &str) -> SessionId {
        let letter = u32::from(name.as_bytes()[0].to_ascii_uppercase() - b'A');
        let document = DocumentId::new(NamespaceId(1), letter + 1).unwrap();
        let is_entry = name.starts_with(|letter: char| letter.is_ascii_lowercase());
        SessionId { document, entry: u32::from(is_entry) }
    }

    /// The session that a word names; one that appears with its tab joins.
    fn session(&mut self, word: &str) -> SessionId {
        let (name, tab_number) = word.split_at(1);
        assert!(name.chars().all(|letter| letter.is_ascii_alphabetic()), "'{word}' is no session");
        let session = Self::id(name);
        if !tab_number.is_empty() && !self.sessions.contains_key(name) {
            self.sessions.insert(name.to_owned(), SessionTypes::default());
            self.handle(&Input::Joined { session, tab: tab(tab_number) });
        }
        assert!(self.sessions.contains_key(name), "{name} is in no tab");
        session
    }

    fn request(&mut self, word: &str, kind: Option<&str>, by_user: bool) {
        let session = self.session(word);
        let known = self.sessions.get_mut(&word[..1]).unwrap();
        *known = kind.map_or(*known, types);
        let types = *known;
        self.requests += 1;
        let request = RequestNumber(self.requests);
        self.handle(&Input::Request { session, request, types, by_user });
    }

    fn set_policy(&mut self, change: impl FnOnce(&mut Policy)) {
        change(&mut self.policy);
        self.handle(&Input::SetPolicy(self.policy));
    }

    fn act(&mut self, act: &str) {
        let words: Vec<_> = act.split_whitespace().collect();
        match words[..] {
            ["user", "plays", name] => self.request(name, None, true),
            ["user", "plays", name, kind] => self.request(name, Some(kind), true),
            [name, "plays"] => self.request(name, None, false),
            [name, "plays", kind] => self.request(name, Some(kind), false),
            [name, "stops"] => {
                let session = self.session(name);
                self.handle(&Input::Abandon { session, request: RequestNumber(0) });
            }
            ["user", "pauses", name] => {
                let session = self.session(name);
                self.handle(&Input::Pause { session });
            }
            [name, "becomes", kind] => {
                let session = self.session(name);
                self.sessions.insert(name.to_owned(), types(kind));
                self.handle(&Input::TypesChanged { session, types: types(kind) });
            }
            [name, "crashes" | "navigates" | "leaves"] => {
                let session = self.session(name);
                self.sessions.remove(name);
                self.handle(&Input::Left { session });
            }
            [name, "moves", "to", number] => {
                let session = self.session(name);
                self.handle(&Input::Moved { session, tab: tab(number) });
            }
            ["tab", number, "closes", "with", ref names @ ..] => {
                for name in names {
                    self.sessions.remove(*name);
                }
                self.handle(&Input::TabClosed { tab: tab(number) });
            }
            [seconds, "seconds", "pass"] => {
                self.time += Duration::from_secs(seconds.parse().unwrap());
            }
            ["mode", mode] => {
                let mode = Mode::ALL.into_iter().find(|it| it.as_str() == mode);
                self.set_policy(|policy| policy.mode = mode.expect("a mode"));
            }
            ["over", "call", what] => self.set_policy(|policy| {
                policy.over_call = match what {
                    "duck" => OverCall::Duck,
                    "hold" => OverCall::Hold,
                    "mix" => OverCall::Mix,
                    _ => panic!("'{what}' is nothing to do over a call"),
                }
            }),
            [name, what @ ("held" | "released"), by] => {
                let session = self.session(name);
                let hold = match by {
                    "by-user" => Hold::User,
                    "by-policy" => Hold::Policy,
                    "by-hang" => Hold::Hang,
                    _ => panic!("'{by}' holds nothing"),
                };
                self.handle(&Input::SetHold { session, hold, held: what == "held" });
            }
            ["os:", ref reason @ .., "begins"] => match reason {
                [reason @ .., "in", number] => self
                    .handle(&Input::OsBegan { reason: os_reason(reason), tab: Some(tab(number)) }),
                reason => self.handle(&Input::OsBegan { reason: os_reason(reason), tab: None }),
            },
            ["os:", ref reason @ .., "ends"] => match reason {
                [reason @ .., "in", number] => self
                    .handle(&Input::OsEnded { reason: os_reason(reason), tab: Some(tab(number)) }),
                reason => self.handle(&Input::OsEnded { reason: os_reason(reason), tab: None }),
            },
            ["os:", "denies", "focus"] => self.handle(&Input::OsFocusDenied),
            ["os:", "takes", "focus"] => self.handle(&Input::OsFocusLost),
            _ => panic!("'{act}' is no act"),
        }
    }

    fn picture(&self) -> String {
        let one = |name: &String| {
            let session = Self::id(name);
            let state = match self.arbiter.state(session) {
                Some(AudioSessionState::Active) => "+",
                Some(AudioSessionState::Interrupted) => "!",
                Some(AudioSessionState::Inactive) => "-",
                None => "?",
            };
            let ducked = if self.arbiter.is_ducked(session) { "~" } else { "" };
            format!("{name}{state}{ducked}")
        };
        self.sessions.keys().map(one).collect::<Vec<_>>().join(" ")
    }
}

/// Plays a file of scenarios in every mode; reports all differences at once. Returns how many
/// scenarios there are.
fn play(text: &str) -> usize {
    let mut wrong = Vec::new();
    let mut scenarios = 0;
    let mut name = "";
    let mut scenes: Vec<Scene> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("## ") {
            name = title;
            scenarios += 1;
            scenes = Mode::ALL.into_iter().map(Scene::new).collect();
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
        let mut columns = line.split('|').map(str::trim);
        let act = columns.next().unwrap_or_default();
        let expected: Vec<_> = columns.collect();
        let mut found = Vec::new();
        for scene in &mut scenes {
            scene.act(act);
            found.push(scene.picture());
        }
        let fits = match expected[..] {
            [one] => found.iter().all(|picture| picture == one),
            _ => found == expected,
        };
        if !fits {
            if found[1..].iter().all(|it| *it == found[0]) {
                found.truncate(1);
            }
            wrong.push(format!("{name}: {act} | {}", found.join(" | ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    scenarios
}

macro_rules! scenarios {
    ($($name:ident: $least:literal,)*) => {
        $(
            #[test]
            fn $name() {
                let found = play(include_str!(concat!("scenarios/", stringify!($name), ".txt")));
                assert!(found >= $least, "{found} scenarios");
            }
        )*
    };
}

scenarios! {
    table: 25,
    layers: 25,
    cascade: 20,
    commands: 20,
    system: 25,
    modes: 10,
    entries: 14,
}
