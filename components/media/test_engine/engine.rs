/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A small engine on servo-media's own interface. It knows nothing of Sordino.

use std::collections::HashMap;
use std::io::{Write, stdout};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, Weak};

use servo_base::generic_channel::GenericCallback;
use servo_media::audio::audio_node::{
    AudioNodeInit, AudioNodeMessage, AudioScheduledSourceNodeMessage, ChannelInfo,
};
use servo_media::audio::context::AudioContext;
use servo_media::audio::gain_node::GainNodeOptions;
use servo_media::audio::oscillator_node::OscillatorNodeOptions;
use servo_media::player::context::{GlApi, GlContext, NativeDisplay, PlayerGLContext};
use servo_media::player::{PlaybackState, Player, PlayerError, PlayerEvent, StreamType};
use servo_media::streams::registry::MediaStreamId;
use servo_media::{Backend, ClientContextId};

pub struct NoGl;

impl PlayerGLContext for NoGl {
    fn get_gl_context(&self) -> GlContext {
        GlContext::Unknown
    }

    fn get_native_display(&self) -> NativeDisplay {
        NativeDisplay::Unknown
    }

    fn get_gl_api(&self) -> GlApi {
        GlApi::None
    }
}

enum Sound {
    Player(Arc<Mutex<dyn Player>>),
    Context(Arc<Mutex<AudioContext>>),
}

pub struct Engine<'a> {
    backend: &'a dyn Backend,
    sounds: HashMap<u32, Sound>,
}

pub fn say(what: &str) {
    let mut out = stdout().lock();
    writeln!(out, "{what}").and_then(|()| out.flush()).expect("the test reads");
}

pub fn context_id(session: u32) -> ClientContextId {
    ClientContextId::build(0, session)
}

/// How much is pushed at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// Pushes the bytes of a file whenever they are wanted, from wherever they are.
fn feed(player: Weak<Mutex<dyn Player>>, bytes: Vec<u8>) -> Sender<PlayerEvent> {
    let (events, wanted) = channel();
    std::thread::spawn(move || {
        let mut offset = 0;
        for event in wanted {
            match event {
                PlayerEvent::NeedData => {
                    let Some(player) = player.upgrade() else { return };
                    let player = player.lock().expect("nobody panics");
                    loop {
                        let end = bytes.len().min(offset + CHUNK);
                        if offset == end {
                            // Said before, after a seek to the end.
                            let _ = player.end_of_stream();
                            break;
                        }
                        match player.push_data(bytes[offset..end].to_vec()) {
                            Ok(()) => offset = end,
                            Err(PlayerError::EnoughData) => break,
                            Err(error) => {
                                say(&format!("error {error:?}"));
                                break;
                            }
                        }
                    }
                }
                PlayerEvent::SeekData(to, lock) => {
                    offset = to as usize;
                    lock.unlock(true);
                }
                _ => {}
            }
        }
    });
    events
}

/// A player of a live stream.
pub fn stream_player(
    backend: &dyn Backend,
    session: u32,
    callback: GenericCallback<PlayerEvent>,
    stream: &MediaStreamId,
) -> Arc<Mutex<dyn Player>> {
    let (session, gl) = (context_id(session), Box::new(NoGl));
    let player = backend.create_player(&session, StreamType::Stream, callback, None, None, gl);
    player.lock().expect("nobody panics").set_stream(stream, true).expect("it is a stream");
    player
}

impl<'a> Engine<'a> {
    pub fn new(backend: &'a dyn Backend) -> Self {
        Self { backend, sounds: HashMap::new() }
    }

    pub fn player(&mut self, id: u32, session: u32, file: &Path) {
        let bytes = std::fs::read(file).expect("the test has written it");
        let length = bytes.len() as u64;
        // The feeder must know the player, which must have a callback.
        let feeder: Arc<Mutex<Option<Sender<PlayerEvent>>>> = Arc::default();
        let to_feeder = feeder.clone();
        let callback = GenericCallback::new(move |event: Result<PlayerEvent, _>| {
            let Ok(event) = event else { return };
            tell(id, &event);
            if let Some(feeder) = &*to_feeder.lock().expect("nobody panics") {
                // It has gone with the player.
                let _ = feeder.send(event);
            }
        })
        .expect("there are channels");
        let kind = StreamType::Seekable;
        let player = self.backend.create_player(
            &context_id(session),
            kind,
            callback,
            None,
            None,
            Box::new(NoGl),
        );
        *feeder.lock().expect("nobody panics") = Some(feed(Arc::downgrade(&player), bytes));
        {
            let player = player.lock().expect("nobody panics");
            player.set_input_size(length).expect("it is set up");
            player.set_seekable(true).expect("it can");
        }
        self.sounds.insert(id, Sound::Player(player));
    }

    /// A player of a live stream, which is a tone of 440 Hz at a gain of 0.8 if there is none.
    pub fn stream(&mut self, id: u32, session: u32, stream: Option<MediaStreamId>) {
        let callback = GenericCallback::new(move |event: Result<PlayerEvent, _>| {
            if let Ok(event) = event {
                tell(id, &event);
            }
        })
        .expect("there are channels");
        let stream = stream.unwrap_or_else(|| self.backend.create_audiostream());
        let player = stream_player(self.backend, session, callback, &stream);
        self.sounds.insert(id, Sound::Player(player));
    }

    /// An audio context that plays a stream.
    pub fn listen(&mut self, id: u32, session: u32, stream: MediaStreamId) {
        let context = self
            .backend
            .create_audio_context(&context_id(session), Default::default())
            .expect("there is a sink");
        {
            let context = context.lock().expect("nobody panics");
            let init = AudioNodeInit::MediaStreamSourceNode(stream);
            let source = context.create_node(init, ChannelInfo::default()).expect("it is known");
            context.connect_ports(source.output(0), context.dest_node().input(0));
        }
        self.sounds.insert(id, Sound::Context(context));
    }

    /// An audio context with an oscillator.
    pub fn context(&mut self, id: u32, session: u32, frequency: f32, gain: f32) {
        let context = self
            .backend
            .create_audio_context(&context_id(session), Default::default())
            .expect("there is a sink");
        {
            let context = context.lock().expect("nobody panics");
            let oscillator = OscillatorNodeOptions { freq: frequency, ..Default::default() };
            let channels = ChannelInfo::default;
            let node = |init| context.create_node(init, channels()).expect("it is known");
            let source = node(AudioNodeInit::OscillatorNode(oscillator));
            let volume = node(AudioNodeInit::GainNode(GainNodeOptions { gain }));
            context.connect_ports(source.output(0), volume.input(0));
            context.connect_ports(volume.output(0), context.dest_node().input(0));
            let start = AudioNodeMessage::AudioScheduledSourceNode(
                AudioScheduledSourceNodeMessage::Start(0.),
            );
            context.message_node(source, start);
        }
        self.sounds.insert(id, Sound::Context(context));
    }

    pub fn set_playing(&self, id: u32, playing: bool) {
        match (&self.sounds[&id], playing) {
            (Sound::Player(player), true) => {
                player.lock().expect("nobody panics").play().expect("it plays");
            }
            (Sound::Player(player), false) => {
                player.lock().expect("nobody panics").pause().expect("it pauses");
            }
            (Sound::Context(context), true) => {
                context.lock().expect("nobody panics").resume();
            }
            (Sound::Context(context), false) => {
                context.lock().expect("nobody panics").suspend();
            }
        }
    }

    fn as_player(&self, id: u32) -> std::sync::MutexGuard<'_, dyn Player + 'static> {
        let Sound::Player(player) = &self.sounds[&id] else { panic!("{id} is no player") };
        player.lock().expect("nobody panics")
    }

    pub fn set_volume(&self, id: u32, volume: f64) {
        self.as_player(id).set_volume(volume).expect("it can");
    }

    pub fn set_muted(&self, id: u32, muted: bool) {
        self.as_player(id).set_mute(muted).expect("it can");
    }

    pub fn drop_sound(&mut self, id: u32) {
        self.sounds.remove(&id);
    }
}

fn tell(id: u32, event: &PlayerEvent) {
    match event {
        PlayerEvent::StateChanged(PlaybackState::Playing) => say(&format!("{id} playing")),
        PlayerEvent::StateChanged(PlaybackState::Paused) => say(&format!("{id} paused")),
        PlayerEvent::EndOfStream => say(&format!("{id} ended")),
        PlayerEvent::Error(reason) => say(&format!("{id} error {reason}")),
        _ => {}
    }
}
