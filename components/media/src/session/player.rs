/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A player under a session.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError, Weak};
use std::time::Instant;

use servo_base::generic_channel::GenericCallback;
use servo_media::player::{PlaybackState, Player, PlayerError, PlayerEvent, StreamType};
use servo_media::streams::registry::{MediaStreamId, get_stream};
use servo_media::{ClientContextId, MediaInstance, MediaInstanceError};

use super::SessionEvent;
use super::facts::{Facts, Setting, Wanted};
use super::leak::Leak;
use super::registry::{Object, ObjectId, Registry, Work};
use crate::lock::lock;

pub(crate) type InnerPlayer = Arc<Mutex<dyn Player>>;

/// The latest position, in seconds: some 30 years.
const LATEST: f64 = 1e9;

/// What is known of a player without asking it.
struct State {
    wanted: Wanted,
    has_audio: bool,
    /// Whether it failed, for good.
    failed: bool,
    /// Whether it came to its end, and was not wanted to play since.
    ended: bool,
    /// What was last said of it.
    audible: bool,
}

impl State {
    fn is_audible(&self) -> bool {
        let Wanted { playing, muted, volume, .. } = self.wanted;
        playing && !muted && volume > 0.0 && self.has_audio && !self.ended && !self.failed
    }
}

struct Inner {
    /// `None` when it was dropped.
    player: Option<InnerPlayer>,
    /// What it is set to; `None` while it is not set up. To set it up may take time, so only the
    /// engine's own calls do.
    setting: Option<Setting>,
    leak: Leak,
}

/// What the session and the engine share of a player.
///
/// `state` is held for moments, and never while the inner player is called. `inner` is held while it
/// is, which may block. Who only hands on facts does not wait for it: whoever has it looks for
/// newer facts when he has given it back.
pub(crate) struct PlayerCore {
    id: ObjectId,
    session: ClientContextId,
    registry: Arc<Registry>,
    /// For those to whom it is handed on.
    me: Weak<Self>,
    state: Mutex<State>,
    inner: Mutex<Inner>,
}

impl PlayerCore {
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = lock(&self.state);
        change(&mut state);
        let audible = state.is_audible();
        if std::mem::replace(&mut state.audible, audible) != audible {
            // In the order of the changes, so before the state is given back.
            let event = SessionEvent::Audible { session: self.session, object: self.id, audible };
            self.registry.work(Work::Tell(event));
        }
    }

    fn want(&self, want: impl FnOnce(&mut Wanted)) {
        self.change(|state| state.wanted.change(want));
    }

    /// Takes over new facts, and has the worker act on them. Never blocks.
    pub(crate) fn set_facts(&self, facts: Facts) {
        let due = lock(&self.state).wanted.set_facts(facts, Instant::now());
        self.registry.work(Work::Settle(self.me.clone()));
        if let Some(due) = due {
            self.registry.work(Work::SettleAt(due, self.me.clone()));
        }
    }

    /// Sets the inner player to what is wanted, unless somebody else has it, who then does.
    pub(crate) fn settle(&self) {
        loop {
            let mut inner = match self.inner.try_lock() {
                Ok(inner) => inner,
                Err(TryLockError::Poisoned(error)) => error.into_inner(),
                Err(TryLockError::WouldBlock) => return,
            };
            if inner.setting.is_none() || inner.player.is_none() {
                return;
            }
            let (version, result) = self.set_inner(&mut inner);
            let set_to = inner.setting;
            drop(inner);
            if let Err(error) = result {
                log::warn!("a player does not follow its session: {error:?}");
                return;
            }
            let state = lock(&self.state);
            // A fade may have come to its end meanwhile.
            let is_still =
                set_to.is_none_or(|set_to| state.wanted.setting(set_to, Instant::now()) == set_to);
            if state.wanted.version() == version && is_still {
                return;
            }
        }
    }

    /// Returns the version of what it was set to.
    fn set_inner(&self, inner: &mut Inner) -> (u64, Result<(), PlayerError>) {
        let is_new = inner.setting.is_none();
        let before = inner.setting.unwrap_or(Setting { playing: false, muted: false, volume: 1.0 });
        let (version, setting) = {
            let state = lock(&self.state);
            (state.wanted.version(), state.wanted.setting(before, Instant::now()))
        };
        let Some(player) = inner.player.clone() else { return (version, Ok(())) };
        let set = || {
            let player = lock(&player);
            if is_new || setting.volume != before.volume {
                player.set_volume(setting.volume)?;
            }
            if is_new || setting.muted != before.muted {
                player.set_mute(setting.muted)?;
            }
            match (before.playing, setting.playing) {
                (false, true) => player.play(),
                (true, false) => player.pause(),
                _ => Ok(()),
            }
        };
        let result = if is_new {
            let (result, leak) = Leak::of(set);
            inner.leak.add(leak);
            result
        } else {
            set()
        };
        if result.is_ok() {
            inner.setting = Some(setting);
        }
        (version, result)
    }

    /// The engine calls: the player is set up if it is not, and set to what is wanted.
    fn call<T>(
        &self,
        method: impl FnOnce(&dyn Player) -> Result<T, PlayerError>,
    ) -> Result<T, PlayerError> {
        let mut inner = lock(&self.inner);
        let (_, result) = self.set_inner(&mut inner);
        let result = result.and_then(|()| match &inner.player {
            Some(player) => method(&*lock(player)),
            None => Err(PlayerError::Backend("the player is gone".into())),
        });
        drop(inner);
        self.settle();
        result
    }

    /// The engine wants something of the player: it is set up if it is not, and set to it.
    fn follow(&self) -> Result<(), PlayerError> {
        self.call(|_| Ok(()))
    }

    /// Something happened to the inner player; on one of its threads.
    fn observe(&self, event: &PlayerEvent) {
        match event {
            PlayerEvent::MetadataUpdated(metadata) => {
                let has_audio = !metadata.audio_tracks.is_empty();
                self.change(|state| {
                    state.has_audio = has_audio;
                    state.wanted.change(|wanted| wanted.is_soundless = !has_audio);
                });
                // On a thread of GStreamer's the inner player is not to be called.
                self.registry.work(Work::Settle(self.me.clone()));
            }
            PlayerEvent::EndOfStream => self.change(|state| {
                state.ended = true;
                state.wanted.change(Wanted::end_fade);
            }),
            PlayerEvent::Error(_) => self.change(|state| state.failed = true),
            PlayerEvent::SeekDone(_) | PlayerEvent::StateChanged(PlaybackState::Playing) => {
                self.change(|state| state.ended = false);
            }
            _ => {}
        }
    }
}

/// A callback that sees what the engine's own is told.
pub(crate) fn observed(
    core: &Weak<PlayerCore>,
    engine: GenericCallback<PlayerEvent>,
) -> GenericCallback<PlayerEvent> {
    let (core, sender) = (core.clone(), engine.clone());
    let callback = GenericCallback::new(move |event| {
        let Ok(event) = event else { return };
        if let Some(core) = core.upgrade() {
            core.observe(&event);
        }
        // The engine has forgotten the player when it fails.
        let _ = sender.send(event);
    });
    callback.unwrap_or_else(|error| {
        log::error!("nobody can see what a player does: {error:?}");
        engine
    })
}

/// A player of the inner backend under a session. The engine sees what its page wants of it, never
/// what its session does to it, but for the events: when time stands still, they say so.
pub(crate) struct SessionPlayer {
    core: Arc<PlayerCore>,
    /// The only object of a context of the inner backend.
    inner_context: ClientContextId,
}

impl SessionPlayer {
    /// `make` makes the inner player in a context of the inner backend that has no other objects.
    pub(crate) fn new(
        registry: &Arc<Registry>,
        session: ClientContextId,
        stream_type: StreamType,
        callback: GenericCallback<PlayerEvent>,
        make: impl FnOnce(&ClientContextId, GenericCallback<PlayerEvent>) -> InnerPlayer,
    ) -> Self {
        let id = registry.next_object();
        let is_live = stream_type == StreamType::Stream;
        let core = Arc::new_cyclic(|me| PlayerCore {
            id,
            session,
            registry: registry.clone(),
            me: me.clone(),
            state: Mutex::new(State {
                wanted: Wanted::new(Facts::default(), is_live),
                has_audio: false,
                failed: false,
                ended: false,
                audible: false,
            }),
            inner: Mutex::new(Inner { player: None, setting: None, leak: Leak::default() }),
        });
        let inner_context = registry.take_inner_context();
        let inner = make(&inner_context, observed(&core.me, callback));
        lock(&core.inner).player = Some(inner);
        registry.add(session, id, Object::Player(core.me.clone()));
        Self { core, inner_context }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.core.state)
    }

    fn get<T>(&self, default: T, method: impl FnOnce(&dyn Player) -> T) -> T {
        self.core.call(|player| Ok(method(player))).unwrap_or(default)
    }
}

impl Player for SessionPlayer {
    fn play(&self) -> Result<(), PlayerError> {
        self.core.change(|state| {
            state.wanted.change(|wanted| wanted.playing = true);
            state.ended = false;
        });
        self.core.follow()
    }

    fn pause(&self) -> Result<(), PlayerError> {
        self.core.want(|wanted| wanted.playing = false);
        self.core.follow()
    }

    fn paused(&self) -> bool {
        !self.state().wanted.playing
    }

    fn can_resume(&self) -> bool {
        self.get(false, |player| player.can_resume())
    }

    fn stop(&self) -> Result<(), PlayerError> {
        self.core.want(|wanted| {
            wanted.playing = false;
            wanted.end_fade();
        });
        self.core.call(|player| player.stop())
    }

    fn seek(&self, time: f64) -> Result<(), PlayerError> {
        // The inner one panics when the nanoseconds do not fit into 64 bits.
        self.core.call(|player| player.seek(time.clamp(0.0, LATEST)))
    }

    fn seekable(&self) -> Vec<Range<f64>> {
        self.get(Vec::new(), |player| player.seekable())
    }

    fn set_mute(&self, muted: bool) -> Result<(), PlayerError> {
        self.core.want(|wanted| wanted.muted = muted);
        self.core.follow()
    }

    fn muted(&self) -> bool {
        self.state().wanted.muted
    }

    fn set_volume(&self, volume: f64) -> Result<(), PlayerError> {
        self.core.want(|wanted| wanted.volume = volume);
        self.core.follow()
    }

    fn volume(&self) -> f64 {
        self.state().wanted.volume
    }

    fn set_input_size(&self, size: u64) -> Result<(), PlayerError> {
        self.core.call(|player| player.set_input_size(size))
    }

    fn set_seekable(&self, seekable: bool) -> Result<(), PlayerError> {
        self.core.call(|player| player.set_seekable(seekable))
    }

    fn set_download_buffering_enabled(&self, enabled: bool) -> Result<(), PlayerError> {
        // It is of no use once the player is set up.
        let mut inner = lock(&self.core.inner);
        let Inner { player: Some(player), setting: None, .. } = &*inner else { return Ok(()) };
        let (result, leak) = Leak::of(|| lock(player).set_download_buffering_enabled(enabled));
        inner.leak.add(leak);
        drop(inner);
        self.core.settle();
        result
    }

    fn set_playback_rate(&self, playback_rate: f64) -> Result<(), PlayerError> {
        self.core.call(|player| player.set_playback_rate(playback_rate))
    }

    fn playback_rate(&self) -> f64 {
        self.get(1.0, |player| player.playback_rate())
    }

    fn push_data(&self, data: Vec<u8>) -> Result<(), PlayerError> {
        self.core.call(|player| player.push_data(data))
    }

    fn end_of_stream(&self) -> Result<(), PlayerError> {
        self.core.call(|player| player.end_of_stream())
    }

    fn buffered(&self) -> Vec<Range<f64>> {
        self.get(Vec::new(), |player| player.buffered())
    }

    fn set_stream(&self, stream: &MediaStreamId, only_stream: bool) -> Result<(), PlayerError> {
        // The inner one panics otherwise.
        if get_stream(stream).is_none() {
            return Err(PlayerError::SetStreamFailed);
        }
        // Sets it up.
        self.core.follow()?;
        lock(&self.core.inner).leak.wait_for_source();
        self.core.call(|player| player.set_stream(stream, only_stream))
    }

    fn render_use_gl(&self) -> bool {
        let inner = lock(&self.core.inner);
        let uses_gl = inner.player.as_ref().is_some_and(|player| lock(player).render_use_gl());
        drop(inner);
        self.core.settle();
        uses_gl
    }

    fn set_audio_track(&self, stream_index: i32, enabled: bool) -> Result<(), PlayerError> {
        self.core.call(|player| player.set_audio_track(stream_index, enabled))
    }

    fn set_video_track(&self, stream_index: i32, enabled: bool) -> Result<(), PlayerError> {
        self.core.call(|player| player.set_video_track(stream_index, enabled))
    }
}

impl MediaInstance for SessionPlayer {
    fn get_id(&self) -> usize {
        self.core.id.0
    }

    fn mute(&self, muted: bool) -> Result<(), MediaInstanceError> {
        self.set_mute(muted).map_err(|_| MediaInstanceError)
    }

    fn suspend(&self) -> Result<(), MediaInstanceError> {
        self.pause().map_err(|_| MediaInstanceError)
    }

    fn resume(&self) -> Result<(), MediaInstanceError> {
        self.play().map_err(|_| MediaInstanceError)
    }
}

impl Drop for SessionPlayer {
    /// Drops the inner player on this thread, whoever else still has the core for a moment.
    fn drop(&mut self) {
        let mut inner = lock(&self.core.inner);
        let (player, leak) = (inner.player.take(), std::mem::take(&mut inner.leak));
        drop(inner);
        leak.free_after(player, self.core.registry.reaper());
        self.core.change(|state| state.wanted.change(|wanted| wanted.playing = false));
        self.core.registry.remove(self.core.session, self.core.id);
        self.core.registry.give_back(self.inner_context);
    }
}
