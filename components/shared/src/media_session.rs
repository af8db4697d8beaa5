/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The value types of the [Media Session](https://w3c.github.io/mediasession/) draft.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A [media session action](https://w3c.github.io/mediasession/#media-session-action).
        #[derive(
            Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum MediaSessionAction {
            $($(#[$doc])* $variant,)*
        }

        impl MediaSessionAction {
            /// All actions, in the draft's order.
            pub const ALL: [Self; 17] = [$(Self::$variant,)*];

            /// The IDL enumeration value.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

actions! {
    /// Resume the playback.
    Play = "play",
    /// Pause the playback.
    Pause = "pause",
    /// Move back by a few seconds.
    SeekBackward = "seekbackward",
    /// Move forward by a few seconds.
    SeekForward = "seekforward",
    /// Back to the start, or to the previous piece.
    PreviousTrack = "previoustrack",
    /// To the next piece.
    NextTrack = "nexttrack",
    /// Skip the advertisement that plays.
    SkipAd = "skipad",
    /// Stop, and clear the state if appropriate.
    Stop = "stop",
    /// Move to a given time.
    SeekTo = "seekto",
    /// Mute or unmute the microphone.
    ToggleMicrophone = "togglemicrophone",
    /// Turn the camera on or off.
    ToggleCamera = "togglecamera",
    /// Start or stop sharing the screen.
    ToggleScreenshare = "togglescreenshare",
    /// End the call.
    HangUp = "hangup",
    /// To the previous slide.
    PreviousSlide = "previousslide",
    /// To the next slide.
    NextSlide = "nextslide",
    /// Open a picture-in-picture window.
    EnterPictureInPicture = "enterpictureinpicture",
    /// The user spoke.
    VoiceActivity = "voiceactivity",
}

impl fmt::Display for MediaSessionAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no action has.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no action '{0}'; the actions are {actions}", actions = names())]
pub struct UnknownAction(String);

fn names() -> String {
    MediaSessionAction::ALL.map(MediaSessionAction::as_str).join(", ")
}

impl FromStr for MediaSessionAction {
    type Err = UnknownAction;

    fn from_str(name: &str) -> Result<Self, UnknownAction> {
        let found = Self::ALL.into_iter().find(|action| action.as_str() == name);
        found.ok_or_else(|| UnknownAction(name.to_owned()))
    }
}

/// A set of actions.
#[derive(Clone, Copy, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct ActionSet(u32);

impl ActionSet {
    /// The set without a member.
    pub const EMPTY: Self = Self(0);

    /// Whether `action` is a member.
    pub const fn contains(self, action: MediaSessionAction) -> bool {
        self.0 & (1 << action as u32) != 0
    }

    /// Makes `action` a member.
    pub fn insert(&mut self, action: MediaSessionAction) {
        self.0 |= 1 << action as u32;
    }

    /// Takes `action` out.
    pub fn remove(&mut self, action: MediaSessionAction) {
        self.0 &= !(1 << action as u32);
    }

    /// Every member of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set has no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members in the draft's order.
    pub fn iter(self) -> impl Iterator<Item = MediaSessionAction> {
        MediaSessionAction::ALL.into_iter().filter(move |action| self.contains(*action))
    }

    /// Whether the set has a bit that stands for no action, as only a forged message can.
    pub(crate) const fn has_unknown(self) -> bool {
        self.0 >> MediaSessionAction::ALL.len() != 0
    }
}

impl FromIterator<MediaSessionAction> for ActionSet {
    fn from_iter<I: IntoIterator<Item = MediaSessionAction>>(actions: I) -> Self {
        let mut set = Self::EMPTY;
        for action in actions {
            set.insert(action);
        }
        set
    }
}

impl fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// Why picture-in-picture is asked for: a
/// [MediaSessionEnterPictureInPictureReason](https://w3c.github.io/mediasession/#enumdef-mediasessionenterpictureinpicturereason).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureInPictureReason {
    /// None of the others.
    Other,
    /// The user asked for it.
    UserAction,
    /// The page was covered.
    ContentOccluded,
}

impl PictureInPictureReason {
    /// The IDL enumeration value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::UserAction => "useraction",
            Self::ContentOccluded => "contentoccluded",
        }
    }
}

/// What a handler is called with:
/// [MediaSessionActionDetails](https://w3c.github.io/mediasession/#dictdef-mediasessionactiondetails).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ActionDetails {
    /// The action.
    pub action: MediaSessionAction,
    /// How far to seek, in seconds, positive; with `seekbackward` and `seekforward`.
    pub seek_offset: Option<f64>,
    /// Where to seek to, in seconds; always present with `seekto`.
    pub seek_time: Option<f64>,
    /// Whether more `seekto` follow in the same gesture.
    pub fast_seek: Option<bool>,
    /// Whether capture is about to start (`true`) or to stop; with the three toggles.
    pub is_activating: Option<bool>,
    /// Always present with `enterpictureinpicture`.
    pub enter_picture_in_picture_reason: Option<PictureInPictureReason>,
}

impl ActionDetails {
    /// Details that carry nothing but the action, and of `enterpictureinpicture` that the user has
    /// asked for it.
    pub fn new(action: MediaSessionAction) -> Self {
        Self {
            action,
            seek_offset: None,
            seek_time: None,
            fast_seek: None,
            is_activating: None,
            enter_picture_in_picture_reason: (action == MediaSessionAction::EnterPictureInPicture)
                .then_some(PictureInPictureReason::UserAction),
        }
    }

    /// `seekto` the given time in seconds.
    pub fn seek_to(seek_time: f64) -> Self {
        Self { seek_time: Some(seek_time), ..Self::new(MediaSessionAction::SeekTo) }
    }

    /// `seekforward` or `seekbackward` by the length of `offset` (seconds), by its sign.
    pub fn seek_by(offset: f64) -> Self {
        let action = if offset < 0.0 {
            MediaSessionAction::SeekBackward
        } else {
            MediaSessionAction::SeekForward
        };
        Self { seek_offset: Some(offset.abs()), ..Self::new(action) }
    }
}

/// The [declared playback state](https://w3c.github.io/mediasession/#declared-playback-state).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaSessionPlaybackState {
    /// The page does not say.
    #[default]
    None,
    /// The page says that it can be resumed.
    Paused,
    /// The page says that it plays.
    Playing,
}

impl MediaSessionPlaybackState {
    /// The IDL enumeration value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Paused => "paused",
            Self::Playing => "playing",
        }
    }
}

/// A [MediaImage](https://w3c.github.io/mediasession/#dictdef-mediaimage) after its URL was
/// parsed.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct MediaImage {
    /// The absolute URL.
    pub src: String,
    /// Declared sizes, such as `96x96 any`.
    pub sizes: String,
    /// Declared MIME type.
    #[serde(rename = "type")]
    pub type_: String,
}

/// A chapter: [ChapterInformation](https://w3c.github.io/mediasession/#chapterinformation).
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// Where it starts, in seconds.
    pub start_time: f64,
    /// Its artwork.
    pub artwork: Vec<MediaImage>,
}

/// The copy of a page's [MediaMetadata](https://w3c.github.io/mediasession/#mediametadata) that
/// leaves the document.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct MediaMetadata {
    /// The title.
    pub title: String,
    /// The artist.
    pub artist: String,
    /// The album.
    pub album: String,
    /// The artwork, best first or not: a page gives no order.
    pub artwork: Vec<MediaImage>,
    /// The chapters.
    pub chapters: Vec<Chapter>,
}

impl MediaMetadata {
    /// Whether it is [empty metadata](https://w3c.github.io/mediasession/#empty-metadata).
    pub fn is_empty(&self) -> bool {
        self.title.is_empty()
            && self.artist.is_empty()
            && self.album.is_empty()
            && self.artwork.is_empty()
            && self.chapters.is_empty()
    }
}

/// A [position state](https://w3c.github.io/mediasession/#position-state) at one moment.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct PositionState {
    /// Seconds, not negative; +∞ for live media.
    pub duration: f64,
    /// A finite factor, never 0; negative is backwards.
    pub playback_rate: f64,
    /// Seconds, in `0..=duration`.
    pub position: f64,
}

impl PositionState {
    /// The [current playback position](https://w3c.github.io/mediasession/#current-playback-position)
    /// in seconds, `elapsed` after this state was true. While paused time stands still.
    pub fn position_after(&self, elapsed: Duration, playing: bool) -> f64 {
        let rate = if playing { self.playback_rate } else { 0.0 };
        // Live media has no end, but a position is always finite.
        let latest = self.duration.min(f64::MAX);
        (self.position + elapsed.as_secs_f64() * rate).min(latest).max(0.0)
    }
}

/// A position state with the moment at which it was true.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct StampedPosition {
    /// The state.
    pub state: PositionState,
    /// Its [last position updated time](https://w3c.github.io/mediasession/#last-position-updated-time).
    pub at: Timestamp,
}

impl StampedPosition {
    /// The current playback position in seconds.
    pub fn position_at(&self, now: Timestamp, playing: bool) -> f64 {
        self.state.position_after(now.since(self.at), playing)
    }
}
