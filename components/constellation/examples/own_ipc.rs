/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! An engine with an IPC of its own: it has no [`SessionManager`], but drives the pure cores.
//!
//! Run it with `cargo run -p sordino-constellation --example own_ipc`: two tabs play, a key is
//! pressed, and one tab closes.
//!
//! [`SessionManager`]: sordino_constellation::SessionManager

use std::collections::HashMap;

use sordino_constellation::arbiter::{self, Policy};
use sordino_constellation::cores::{Cores, Input, Output};
use sordino_constellation::router;
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{MediaSessionUpdate, RequestNumber};
use sordino_traits::validate::{self, Violation};
use sordino_traits::{
    ActionDetails, ActionSet, AudioSessionType, DocumentId, MediaMetadata, MediaSessionAction,
    NamespaceId, SessionTypes, TabId, Timestamp,
};

/// The engine's own link to a content process; here it prints what it would send.
struct Pipeline {
    name: &'static str,
}

impl Pipeline {
    fn send(&self, what: impl std::fmt::Display) {
        println!("{}: {what}", self.name);
    }
}

/// The part of the engine that its processes talk to.
struct Engine {
    cores: Cores,
    pipelines: HashMap<DocumentId, Pipeline>,
}

impl Engine {
    /// Everything that happens goes through here, on one thread, and in this order.
    fn handle(&mut self, input: impl Into<Input>) {
        for output in self.cores.handle(input.into(), Timestamp::now()) {
            match output {
                Output::Arbiter(output) => self.tell_audio_session(&output),
                Output::Router(output) => self.tell_media_session(output),
            }
        }
    }

    fn tell_audio_session(&self, output: &arbiter::Output) {
        match output {
            arbiter::Output::State { session, state, answers } => {
                if let Some(pipeline) = self.pipelines.get(&session.document) {
                    let answers = answers.map_or("", |_| " (an answer)");
                    // To the media thread and to the event loop.
                    pipeline.send(format_args!("audio session {}{answers}", state.as_str()));
                }
            }
            arbiter::Output::Ducked { session, ducked } => {
                if let Some(pipeline) = self.pipelines.get(&session.document) {
                    pipeline.send(format_args!("gain {}", if *ducked { 0.2 } else { 1.0 }));
                }
            }
            arbiter::Output::Selected { tab, session } => {
                println!("tab {tab} is to the system: {:?}", session.map(|(_, as_type)| as_type));
            }
            arbiter::Output::OsFocus(session_type) => println!("ask for focus: {session_type:?}"),
        }
    }

    fn tell_media_session(&mut self, output: router::Output) {
        match output {
            router::Output::Controls(state) => {
                println!("controls: {:?}", state.map(|state| state.metadata.title));
            }
            router::Output::Deliver(delivery) => {
                if let Some(pipeline) = self.pipelines.get(&delivery.document) {
                    pipeline.send(format_args!("action {}", delivery.details.action));
                }
            }
            router::Output::NotRouted { reason, .. } => println!("the key did nothing: {reason}"),
            router::Output::Silence(document) => {
                self.handle(arbiter::Input::Pause { session: document.into() });
            }
        }
    }

    /// A document with this name plays.
    fn play(
        &mut self,
        document: DocumentId,
        tab: TabId,
        name: &'static str,
    ) -> Result<(), Violation> {
        self.pipelines.insert(document, Pipeline { name });
        self.handle(arbiter::Input::Joined { session: document.into(), tab });
        self.handle(router::Input::Opened {
            document,
            tab,
            url: "https://example.org/".into(),
            is_private: false,
            is_allowed: true,
        });
        let metadata = MediaMetadata { title: name.into(), ..Default::default() };
        let update = MediaSessionUpdate {
            metadata: Some(Some(metadata)),
            playing: Some(true),
            handlers: Some(ActionSet::from_iter([MediaSessionAction::NextTrack])),
            ..Default::default()
        };
        // What comes from a content process is checked before anything else.
        validate::media_session_update(&update)?;
        self.handle(router::Input::Updated { document, update: Box::new(update) });
        let computed_type = AudioSessionType::Playback;
        self.handle(arbiter::Input::Request {
            session: document.into(),
            request: RequestNumber(1),
            types: SessionTypes { computed_type, ..Default::default() },
            by_user: false,
        });
        self.handle(router::Input::Publish);
        Ok(())
    }
}

fn main() -> Result<(), Violation> {
    let mut engine = Engine { cores: Cores::new(Policy::default()), pipelines: HashMap::new() };
    let mut ids = IdAllocator::new(NamespaceId(1));
    let (first, second) = (ids.document(), ids.document());
    let mut tabs = IdAllocator::new(NamespaceId(0));
    let tabs = [tabs.tab(), tabs.tab()];
    engine.play(first, tabs[0], "First song")?;
    engine.play(second, tabs[1], "Second song")?;
    if let Some(why) = engine.cores.arbiter().explain(first.into(), Timestamp::now()) {
        println!("First song is {why}");
    }
    engine.handle(router::Input::Command {
        target: router::Target::Active,
        command: ActionDetails::new(MediaSessionAction::NextTrack).into(),
    });
    // The tab closes.
    engine.handle(arbiter::Input::TabClosed { tab: tabs[1] });
    engine.handle(router::Input::Publish);
    Ok(())
}
