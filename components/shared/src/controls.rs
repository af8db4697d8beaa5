/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a set of media controls shows, and what it sends back. One [`ControlsState`] is one
//! consistent picture: a backend publishes it whole, so that no track is ever shown torn.

use serde::{Deserialize, Serialize};

use crate::id::TabId;
use crate::media_session::{ActionDetails, ActionSet, MediaMetadata, StampedPosition};

/// Which piece is playing. Equal numbers mean the same piece; a new piece has a new number.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct TrackNumber(pub u64);

/// The active media session, ready to be shown.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ControlsState {
    /// The tab whose session it is.
    pub tab: TabId,
    /// The piece.
    pub track: TrackNumber,
    /// The actual playback state.
    pub playing: bool,
    /// The effective metadata: the page's own, else made from the document.
    pub metadata: MediaMetadata,
    /// The document's URL.
    pub url: Option<String>,
    /// The position state; `None` when neither the page nor its media has one.
    pub position: Option<StampedPosition>,
    /// How often the position has jumped. A change means that the position is not where the
    /// previous state and the clock would have put it.
    pub discontinuities: u64,
    /// The actions that have a handler, the page's or the default one.
    pub actions: ActionSet,
}

/// What the user did with the controls.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum ControlsCommand {
    /// One action with its details.
    Action(ActionDetails),
    /// A joint command for play and pause, such as the button of a headset.
    PlayPause,
    /// Move the position by so many seconds; negative is back.
    SeekBy(f64),
    /// Move to a position in seconds, if `track` is still the piece that plays.
    SetPosition {
        /// The piece that was shown when the user acted.
        track: TrackNumber,
        /// The position in seconds.
        position: f64,
    },
    /// End the program, where the embedder allows it.
    Quit,
}

impl From<ActionDetails> for ControlsCommand {
    fn from(details: ActionDetails) -> Self {
        Self::Action(details)
    }
}
