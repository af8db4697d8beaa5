/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Explanations, in the words that an engine developer reads.

use std::time::Duration;

use sordino_constellation::arbiter::{Arbiter, Hold, Input, OsReason, Policy, SessionId};
use sordino_traits::messages::RequestNumber;
use sordino_traits::{AudioSessionType, DocumentId, NamespaceId, SessionTypes, TabId, Timestamp};

struct Scene {
    arbiter: Arbiter,
    now: Duration,
}

impl Scene {
    fn new() -> Self {
        Self { arbiter: Arbiter::new(Policy::default()), now: Duration::ZERO }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_origin(self.now)
    }

    fn pass(&mut self, milliseconds: u64) {
        self.now += Duration::from_millis(milliseconds);
    }

    fn handle(&mut self, input: &Input) {
        let _outputs = self.arbiter.handle(input, self.now());
    }

    fn session(number: u32) -> SessionId {
        DocumentId::new(NamespaceId(1), number).unwrap().into()
    }

    /// The session with this number plays in the tab with the same number.
    fn plays(&mut self, number: u32, type_: AudioSessionType) {
        let session = Self::session(number);
        self.handle(&Input::Joined { session, tab: TabId::new(NamespaceId(0), number).unwrap() });
        let types = SessionTypes { set_type: type_, computed_type: type_, is_short: false };
        let request = RequestNumber(1);
        self.handle(&Input::Request { session, request, types, by_user: false });
    }

    fn explain(&self, number: u32) -> String {
        self.arbiter.explain(Self::session(number), self.now()).unwrap().to_string()
    }
}

#[test]
fn the_chain_of_reasons_is_told_in_words() {
    let mut scene = Scene::new();
    assert_eq!(scene.arbiter.explain(Scene::session(1), scene.now()), None);
    scene.plays(1, AudioSessionType::Playback);
    scene.pass(1_500);
    assert_eq!(scene.explain(1), "active: it was granted 1.5 s ago");
    scene.plays(2, AudioSessionType::PlayAndRecord);
    scene.pass(3_200);
    assert_eq!(scene.explain(1), "interrupted: tab 2 began a call 3.2 s ago");
    scene.handle(&Input::OsBegan { reason: OsReason::Sleep, tab: None });
    scene.handle(&Input::SetHold { session: Scene::session(1), hold: Hold::User, held: true });
    scene.pass(1_000);
    assert_eq!(
        scene.explain(1),
        "interrupted: the user holds it; the machine went to sleep 1.0 s ago",
        "a holder that is interrupted itself has no part in it"
    );
}

#[test]
fn ducks_losses_and_ends_have_their_reasons() {
    let mut scene = Scene::new();
    scene.plays(1, AudioSessionType::Playback);
    scene.plays(2, AudioSessionType::Transient);
    scene.pass(200);
    assert_eq!(
        scene.explain(1),
        "active: it was granted 0.2 s ago; ducked because tab 2 began a short sound 0.2 s ago"
    );
    let explanation = scene.arbiter.explain(Scene::session(1), scene.now()).unwrap();
    assert_eq!(explanation.ducked_by().count(), 1);
    assert_eq!(explanation.interrupted_by().count(), 0);
    scene.plays(3, AudioSessionType::Playback);
    scene.pass(5_000);
    assert_eq!(scene.explain(1), "interrupted: tab 3 began to play 5.0 s ago, for good");
    let session = Scene::session(3);
    scene.handle(&Input::Abandon { session, request: RequestNumber(2) });
    assert_eq!(scene.explain(1), "inactive: session 1.3 took focus for good");
    assert_eq!(scene.explain(3), "inactive: nothing sounds in it");
}
