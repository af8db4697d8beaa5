/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The two D-Bus interfaces of an MPRIS player. Getters read the view and methods send commands;
//! nothing here waits.
//!
//! `LoopStatus`, `Shuffle` and `Fullscreen` are optional in MPRIS; a page has none of them.

use std::sync::Arc;

use sordino_traits::controls::ControlsCommand;
use sordino_traits::time::Timestamp;
use sordino_traits::{ActionDetails, MediaSessionAction as Action};
use zbus::fdo;
use zbus::message::Header;
use zbus::names::ErrorName;
use zbus::object_server::SignalEmitter;
use zbus::{DBusError, Message, ObjectPath, interface};

use super::view::{Named, seconds};
use super::{Commands, MprisOptions, Shared};

/// The program.
#[doc(alias = "org.mpris.MediaPlayer2")]
pub(super) struct Root {
    identity: String,
    desktop_entry: Option<String>,
    can_quit: bool,
    commands: Commands,
}

impl Root {
    pub(super) fn new(options: &MprisOptions, commands: Commands) -> Self {
        Self {
            identity: options.identity.clone(),
            desktop_entry: options.desktop_entry.clone(),
            can_quit: options.can_quit,
            commands,
        }
    }
}

#[interface(name = "org.mpris.MediaPlayer2", spawn = false, introspection_docs = false)]
impl Root {
    /// Has no effect, as `CanRaise` says: there is no window.
    fn raise(&self) {}

    fn quit(&self) {
        if self.can_quit {
            self.commands.send(ControlsCommand::Quit);
        }
    }

    #[zbus(property)]
    fn can_quit(&self) -> bool {
        self.can_quit
    }

    #[zbus(property)]
    fn can_raise(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn has_track_list(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn identity(&self) -> &str {
        &self.identity
    }

    /// An error is how zbus leaves a property out of `GetAll`.
    #[zbus(property)]
    fn desktop_entry(&self) -> fdo::Result<&str> {
        self.desktop_entry
            .as_deref()
            .ok_or_else(|| fdo::Error::UnknownProperty("the program has no desktop entry".into()))
    }

    #[zbus(property)]
    fn supported_uri_schemes(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn supported_mime_types(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What plays. A method that its `Can…` property does not allow has no effect.
#[doc(alias = "org.mpris.MediaPlayer2.Player")]
pub(super) struct Player {
    shared: Arc<Shared>,
    commands: Commands,
}

impl Player {
    pub(super) const NAME: &'static str = "org.mpris.MediaPlayer2.Player";

    pub(super) fn new(shared: Arc<Shared>, commands: Commands) -> Self {
        Self { shared, commands }
    }

    fn act(&self, allowed: bool, action: Action) {
        if allowed {
            self.commands.send(ActionDetails::new(action));
        }
    }
}

// In the order of the bus: `spawn = false` keeps two commands from overtaking each other.
#[interface(name = "org.mpris.MediaPlayer2.Player", spawn = false, introspection_docs = false)]
impl Player {
    fn next(&self) {
        self.act(self.shared.view().can_go_next, Action::NextTrack);
    }

    fn previous(&self) {
        self.act(self.shared.view().can_go_previous, Action::PreviousTrack);
    }

    fn play(&self) {
        self.act(self.shared.view().can_play, Action::Play);
    }

    fn pause(&self) {
        self.act(self.shared.view().can_pause, Action::Pause);
    }

    /// The one method that MPRIS wants to fail where it is not allowed.
    fn play_pause(&self) -> fdo::Result<()> {
        if !self.shared.view().can_pause {
            return Err(not_supported("this media cannot be paused"));
        }
        self.commands.send(ControlsCommand::PlayPause);
        Ok(())
    }

    /// MPRIS has no property for it: whether the page handles it is for the session to say.
    fn stop(&self) {
        self.act(self.shared.view().track.number.is_some(), Action::Stop);
    }

    fn seek(&self, offset: i64) {
        if self.shared.view().can_seek {
            self.commands.send(ControlsCommand::SeekBy(seconds(offset)));
        }
    }

    /// Has no effect for a track that is not the current one, nor outside of the track.
    fn set_position(&self, track_id: &ObjectPath<'_>, position: i64) {
        let view = self.shared.view();
        let Some(track) = view.track.number else {
            return;
        };
        let end = view.track.length.unwrap_or(i64::MAX);
        if view.can_seek && *track_id == view.track.path() && (0..=end).contains(&position) {
            self.commands.send(ControlsCommand::SetPosition { track, position: seconds(position) });
        }
    }

    fn open_uri(&self, uri: &str) -> fdo::Result<()> {
        log::debug!("OpenUri is refused: {uri}");
        Err(not_supported("this player does not open addresses"))
    }

    /// The position has jumped to so many microseconds.
    #[zbus(signal)]
    pub(super) async fn seeked(emitter: &SignalEmitter<'_>, position: i64) -> zbus::Result<()>;

    #[zbus(property)]
    fn playback_status(&self) -> &str {
        self.shared.view().status
    }

    #[zbus(property)]
    fn rate(&self) -> f64 {
        self.shared.view().rate
    }

    #[zbus(property)]
    fn set_rate(&self, rate: f64) -> Result<(), SetReply> {
        set_fixed(rate, self.shared.view().rate, "the rate is the page's")
    }

    /// The page's rate is the only one there is.
    #[zbus(property)]
    fn minimum_rate(&self) -> f64 {
        self.rate()
    }

    #[zbus(property)]
    fn maximum_rate(&self) -> f64 {
        self.rate()
    }

    #[zbus(property)]
    fn metadata(&self) -> Named {
        self.shared.view().track.metadata()
    }

    #[zbus(property)]
    fn volume(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn set_volume(&self, volume: f64) -> Result<(), SetReply> {
        set_fixed(volume, f64::NAN, "the volume is the page's")
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn position(&self) -> i64 {
        self.shared.view().position(Timestamp::now())
    }

    #[zbus(property)]
    fn can_go_next(&self) -> bool {
        self.shared.view().can_go_next
    }

    #[zbus(property)]
    fn can_go_previous(&self) -> bool {
        self.shared.view().can_go_previous
    }

    #[zbus(property)]
    fn can_play(&self) -> bool {
        self.shared.view().can_play
    }

    #[zbus(property)]
    fn can_pause(&self) -> bool {
        self.shared.view().can_pause
    }

    #[zbus(property)]
    fn can_seek(&self) -> bool {
        self.shared.view().can_seek
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn can_control(&self) -> bool {
        true
    }
}

fn not_supported(why: &str) -> fdo::Error {
    fdo::Error::NotSupported(why.into())
}

/// Sets a property that has only the value `current`.
fn set_fixed(value: f64, current: f64, why: &str) -> Result<(), SetReply> {
    Err(if value == current { SetReply::Done } else { SetReply::Refused(not_supported(why)) })
}

/// The answer to setting a property.
///
/// When a setter succeeds, zbus sends a `PropertiesChanged` of its own, for that property alone
/// and changed or not. So a setter here never "succeeds": it fails with an error whose reply is
/// that of a success, and a change is announced when it is there, with all others.
enum SetReply {
    Done,
    Refused(fdo::Error),
}

impl DBusError for SetReply {
    fn create_reply(&self, call: &Header<'_>) -> zbus::Result<Message> {
        match self {
            Self::Done => Message::method_return(call).build(&()),
            Self::Refused(error) => error.create_reply(call),
        }
    }

    fn name(&self) -> ErrorName<'_> {
        match self {
            Self::Done => ErrorName::from_static_str_unchecked("org.sordino.NoError"),
            Self::Refused(error) => error.name(),
        }
    }

    fn description(&self) -> Option<&str> {
        match self {
            Self::Done => None,
            Self::Refused(error) => error.description(),
        }
    }
}
