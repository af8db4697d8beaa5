/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Microphones.

use std::collections::HashMap;
use std::sync::mpsc::channel;

use servo_base::generic_channel::GenericCallback;
use servo_media::Backend;
use servo_media::player::{PlaybackState, PlayerEvent};
use servo_media::streams::registry::MediaStreamId;
use sordino_media::session::{Capture, CaptureConstraints, Sessions};

use crate::engine::{context_id, say, stream_player};
use crate::stress::count;

#[derive(Default)]
pub struct Captures(HashMap<u32, Capture>);

impl Captures {
    /// Does what needs the sessions; whether it is that.
    pub fn do_with(&mut self, sessions: &Sessions, backend: &dyn Backend, words: &[&str]) -> bool {
        let number = |n: usize| words[n].parse::<u32>().expect("a number");
        match words[0] {
            "microphones" => {
                for it in sessions.microphones() {
                    say(&format!("microphone {} {:?} {}", it.id, it.label, it.is_default));
                }
            }
            "capture" => self.capture(sessions, number(1), number(2), words.get(3).copied()),
            "captures" => many(sessions, backend, number(1)),
            _ => return false,
        }
        true
    }

    fn capture(&mut self, sessions: &Sessions, id: u32, session: u32, device: Option<&str>) {
        let constraints = CaptureConstraints { device_id: device.map(ToString::to_string) };
        let tell = move |event| say(&format!("capture {id} {event:?}"));
        match sessions.create_capture(context_id(session), &constraints, tell) {
            Ok(capture) => {
                say(&format!("capture {id} of {}", capture.device()));
                self.0.insert(id, capture);
            }
            Err(error) => say(&format!("capture {id} fails: {error:?}")),
        }
    }

    pub fn stream(&self, id: u32) -> MediaStreamId {
        self.0[&id].stream()
    }

    pub fn set_muted(&self, id: u32, muted: bool) {
        self.0[&id].set_muted(muted);
    }

    pub fn drop_capture(&mut self, id: u32) {
        self.0.remove(&id);
    }
}

/// Makes captures one after the other, each with a player that plays it, and says what the process
/// has after the first ones and after the last.
fn many(sessions: &Sessions, backend: &dyn Backend, captures: u32) {
    for at in 0..captures {
        let capture = sessions
            .create_capture(context_id(1), &CaptureConstraints::default(), |_| {})
            .expect("there is a microphone");
        let (events, playing) = channel();
        let callback = GenericCallback::new(move |event: Result<PlayerEvent, _>| {
            if let Ok(PlayerEvent::StateChanged(PlaybackState::Playing)) = event {
                // Nobody waits after the first one.
                let _ = events.send(());
            }
        })
        .expect("there are channels");
        let player = stream_player(backend, 2, callback, &capture.stream());
        player.lock().expect("nobody panics").play().expect("it plays");
        playing.recv().expect("it has a callback");
        // Either may be the first.
        if at % 2 == 0 {
            drop(capture);
            drop(player);
        } else {
            drop(player);
            drop(capture);
        }
        if at == captures / 5 || at == captures - 1 {
            count();
        }
    }
}
