/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the bus is shown of one state. Pure: it is computed once per update, and every getter
//! and signal is read from it.

use std::collections::BTreeMap;

use sordino_traits::MediaSessionAction as Action;
use sordino_traits::controls::{ControlsState, TrackNumber};
use sordino_traits::media_session::StampedPosition;
use sordino_traits::time::Timestamp;
use zbus::{ObjectPath, Variant};

/// A D-Bus dictionary of named values, `a{sv}`.
pub(super) type Named = BTreeMap<&'static str, Variant<'static>>;

/// Where the path of every track starts.
const TRACKS: &str = "/org/sordino/track";
/// The track id that says that there is no track.
const NO_TRACK: &str = "/org/mpris/MediaPlayer2/TrackList/NoTrack";

/// One consistent picture of the player.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    pub(super) status: &'static str,
    pub(super) rate: f64,
    pub(super) track: Track,
    pub(super) can_go_next: bool,
    pub(super) can_go_previous: bool,
    pub(super) can_play: bool,
    pub(super) can_pause: bool,
    pub(super) can_seek: bool,
    playing: bool,
    position: Option<StampedPosition>,
    discontinuities: u64,
}

/// What `Metadata` is made of. Empty text is not shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Track {
    pub(super) number: Option<TrackNumber>,
    /// Microseconds; `None` when it is live or not known.
    pub(super) length: Option<i64>,
    title: String,
    artist: String,
    album: String,
    url: String,
}

impl View {
    /// Nothing can be controlled.
    pub(super) fn stopped() -> Self {
        Self {
            status: "Stopped",
            rate: 1.0,
            track: Track::default(),
            can_go_next: false,
            can_go_previous: false,
            can_play: false,
            can_pause: false,
            can_seek: false,
            playing: false,
            position: None,
            discontinuities: 0,
        }
    }

    /// The view of `state`.
    pub(super) fn of(state: &ControlsState) -> Self {
        let has = |action| state.actions.contains(action);
        let seekable = has(Action::SeekTo) || has(Action::SeekForward) && has(Action::SeekBackward);
        let position = state.position;
        Self {
            status: if state.playing { "Playing" } else { "Paused" },
            rate: position.map_or(1.0, |position| position.state.playback_rate),
            track: Track {
                number: Some(state.track),
                length: position.and_then(|position| micros(position.state.duration)),
                title: text(&state.metadata.title),
                artist: text(&state.metadata.artist),
                album: text(&state.metadata.album),
                url: text(state.url.as_deref().unwrap_or_default()),
            },
            can_go_next: has(Action::NextTrack),
            can_go_previous: has(Action::PreviousTrack),
            can_play: has(Action::Play),
            can_pause: has(Action::Pause),
            can_seek: seekable && position.is_some(),
            playing: state.playing,
            position,
            discontinuities: state.discontinuities,
        }
    }

    /// The position at `now`, in microseconds; 0 when there is none.
    pub(super) fn position(&self, now: Timestamp) -> i64 {
        self.position
            .and_then(|position| micros(position.position_at(now, self.playing)))
            .unwrap_or(0)
    }

    /// Every property that announces its changes and differs from `previous`, with its value.
    pub(super) fn changes_since(&self, previous: &Self) -> Named {
        let mut changed = Named::new();
        if self.status != previous.status {
            changed.insert("PlaybackStatus", self.status.into());
        }
        if self.rate != previous.rate {
            for name in ["Rate", "MinimumRate", "MaximumRate"] {
                changed.insert(name, self.rate.into());
            }
        }
        if self.track != previous.track {
            changed.insert("Metadata", self.track.metadata().into());
        }
        let flags = [
            ("CanGoNext", self.can_go_next, previous.can_go_next),
            ("CanGoPrevious", self.can_go_previous, previous.can_go_previous),
            ("CanPlay", self.can_play, previous.can_play),
            ("CanPause", self.can_pause, previous.can_pause),
            ("CanSeek", self.can_seek, previous.can_seek),
        ];
        for (name, now, before) in flags {
            if now != before {
                changed.insert(name, now.into());
            }
        }
        changed
    }

    /// Whether the position of the same track has jumped since `previous`.
    pub(super) fn jumped_since(&self, previous: &Self) -> bool {
        self.track.number == previous.track.number
            && self.discontinuities != previous.discontinuities
    }
}

impl Track {
    /// The D-Bus path that stands for the track.
    pub(super) fn path(&self) -> ObjectPath<'static> {
        match self.number {
            Some(TrackNumber(number)) => ObjectPath::try_from(format!("{TRACKS}/{number}"))
                .expect("a path that ends in digits is valid"),
            None => ObjectPath::from_static_str_unchecked(NO_TRACK),
        }
    }

    /// `Metadata`: an entry for each fact that is known, and none for another.
    pub(super) fn metadata(&self) -> Named {
        let mut entries = Named::from([("mpris:trackid", self.path().into())]);
        if let Some(length) = self.length {
            entries.insert("mpris:length", length.into());
        }
        let texts =
            [("xesam:title", &self.title), ("xesam:album", &self.album), ("xesam:url", &self.url)];
        for (name, text) in texts {
            if !text.is_empty() {
                entries.insert(name, text.clone().into());
            }
        }
        if !self.artist.is_empty() {
            entries.insert("xesam:artist", vec![self.artist.clone()].into());
        }
        entries
    }
}

/// Seconds as whole microseconds, if they are finite and fit.
pub(super) fn micros(seconds: f64) -> Option<i64> {
    let micros = (seconds * 1e6).round();
    // The bounds of i64 as f64: the upper one is 2^63, the first number that does not fit.
    (micros >= i64::MIN as f64 && micros < i64::MAX as f64).then_some(micros as i64)
}

/// Microseconds as seconds.
pub(super) fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// `text` as D-Bus can carry it: a NUL, which it cannot, becomes a replacement character.
fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sordino_traits::media_session::{ActionSet, MediaMetadata, PositionState};
    use sordino_traits::{NamespaceId, TabId};

    use super::*;

    fn state() -> ControlsState {
        ControlsState {
            tab: TabId::new(NamespaceId(1), 1).unwrap(),
            track: TrackNumber(7),
            playing: true,
            metadata: MediaMetadata { title: "T\0".into(), ..MediaMetadata::default() },
            url: None,
            position: Some(StampedPosition {
                state: PositionState { duration: 10.0, playback_rate: 2.0, position: 1.0 },
                at: Timestamp::from_origin(Duration::from_secs(100)),
            }),
            discontinuities: 3,
            actions: ActionSet::from_iter([Action::Play, Action::SeekForward]),
        }
    }

    #[test]
    fn position_follows_the_clock_and_the_rate() {
        let at = |seconds| Timestamp::from_origin(Duration::from_millis(seconds));
        let mut state = state();
        assert_eq!(View::of(&state).position(at(102_250)), 5_500_000);
        assert_eq!(View::of(&state).position(at(900_000)), 10_000_000);
        state.playing = false;
        assert_eq!(View::of(&state).position(at(900_000)), 1_000_000);
        state.position = None;
        assert_eq!(View::of(&state).position(at(900_000)), 0);
    }

    #[test]
    fn what_is_not_known_is_absent() {
        let mut state = state();
        let keys = |state: &ControlsState| -> Vec<_> {
            View::of(state).track.metadata().into_keys().collect()
        };
        assert_eq!(keys(&state), ["mpris:length", "mpris:trackid", "xesam:title"]);
        if let Some(position) = &mut state.position {
            position.state.duration = f64::INFINITY;
        }
        state.metadata.artist = "A".into();
        assert_eq!(keys(&state), ["mpris:trackid", "xesam:artist", "xesam:title"]);
        assert_eq!(View::stopped().track.path().as_str(), NO_TRACK);
    }

    #[test]
    fn text_has_no_nul() {
        let title = &View::of(&state()).track.metadata()["xesam:title"];
        assert_eq!(title, &Variant::from("T\u{fffd}"));
    }

    #[test]
    fn seeking_needs_a_position_and_a_way() {
        let mut state = state();
        assert!(!View::of(&state).can_seek, "forward alone is not enough");
        state.actions.insert(Action::SeekBackward);
        assert!(View::of(&state).can_seek);
        state.actions = ActionSet::from_iter([Action::SeekTo]);
        assert!(View::of(&state).can_seek);
        state.position = None;
        assert!(!View::of(&state).can_seek);
    }

    #[test]
    fn changes_are_exactly_the_differences() {
        let before = View::of(&state());
        assert!(before.changes_since(&before).is_empty());

        let mut state = state();
        state.playing = false;
        state.track = TrackNumber(8);
        state.actions.insert(Action::NextTrack);
        state.discontinuities += 1;
        let after = View::of(&state);
        let names: Vec<_> = after.changes_since(&before).into_keys().collect();
        assert_eq!(names, ["CanGoNext", "Metadata", "PlaybackStatus"]);
        assert!(!after.jumped_since(&before), "another track");
        state.discontinuities += 1;
        assert!(View::of(&state).jumped_since(&after));
    }

    #[test]
    fn microseconds_never_overflow() {
        assert_eq!(micros(1.5), Some(1_500_000));
        assert_eq!(micros(-0.25), Some(-250_000));
        for odd in [f64::NAN, f64::INFINITY, f64::MAX, -f64::MAX, 1e13] {
            assert_eq!(micros(odd), None, "{odd}");
        }
    }
}
