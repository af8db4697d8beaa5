/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! How GStreamer is set up.

use std::sync::Arc;

use crossbeam_channel::Sender;
use gstreamer::prelude::*;
use servo_media::Backend;
use servo_media_gstreamer::GStreamerBackend;

use crate::session::SessionBackend;
use crate::sink::{self, SinkEvent};
use crate::thread::Message;
use crate::{CommandTarget, MediaEvent, plugins};

/// Sinks that autoaudiosink would try where there is no sound server, and must not.
///
/// * OpenAL opens the same devices a second time, and complains on stderr when there is none.
/// * JACK's library keeps a database with locks in shared memory: once any program was killed while
///   it held one, every later client waits for it for ever.
const SHUNNED_SINKS: [&str; 2] = ["openalsink", "jackaudiosink"];

/// Starts servo-media with its GStreamer backend, and says how it went.
pub(crate) fn start_gstreamer(
    own_audio_sink: bool,
    observer: &impl Fn(MediaEvent),
    messages: &Sender<Message>,
    commands: &CommandTarget,
) -> Option<Arc<dyn Backend>> {
    if let Err(error) = gstreamer::init() {
        commands.give_up();
        observer(MediaEvent::Unavailable { reason: format!("GStreamer does not start: {error}") });
        return None;
    }
    for name in SHUNNED_SINKS {
        let sink =
            gstreamer::Registry::get().find_feature(name, gstreamer::ElementFactory::static_type());
        if let Some(sink) = sink {
            sink.set_rank(gstreamer::Rank::NONE);
        }
    }
    match SessionBackend::<GStreamerBackend>::new() {
        Ok((backend, sessions)) => {
            plugins::warn_of_missing();
            let has_own_sink = own_audio_sink && use_own_sink(messages);
            commands.start(sessions);
            let sound_device = if has_own_sink { sink::finds_device() } else { has_sound_device() };
            observer(MediaEvent::Ready { sound_device });
            Some(Arc::new(backend))
        }
        Err(error) => {
            commands.give_up();
            observer(MediaEvent::Unavailable { reason: error.to_string() });
            None
        }
    }
}

/// Makes all sound run through the session sink. Returns whether it does.
fn use_own_sink(messages: &Sender<Message>) -> bool {
    if let Err(error) = sink::register() {
        log::warn!("the session sink cannot be used, so sound may click: {error}");
        return false;
    }
    let messages = messages.clone();
    sink::process().observe(Box::new(move |event| {
        let SinkEvent::Interrupted(silenced) = event;
        // The media thread has ended when it fails.
        let _ = messages.send(Message::StreamsSilenced(silenced));
    }));
    true
}

/// Whether the sink that every player will choose finds a device or a server. It then holds a real
/// sink instead of the one that plays to nowhere.
fn has_sound_device() -> bool {
    let Ok(sink) = gstreamer::ElementFactory::make("autoaudiosink").build() else { return false };
    let started = sink.set_state(gstreamer::State::Ready).is_ok();
    let children = sink.dynamic_cast_ref::<gstreamer::Bin>().map(|bin| bin.children());
    let is_real = |element: &gstreamer::Element| {
        element.factory().is_some_and(|factory| factory.name() != "fakesink")
    };
    let found = started && children.is_some_and(|children| children.iter().any(is_real));
    // It held no stream; nothing can be lost here.
    let _ = sink.set_state(gstreamer::State::Null);
    found
}
