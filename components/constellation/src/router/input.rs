/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What goes into the router and what comes out.

use std::fmt;

use serde::{Deserialize, Serialize};
use sordino_traits::controls::{ControlsCommand, ControlsState};
use sordino_traits::messages::MediaSessionUpdate;
use sordino_traits::{ActionDetails, DocumentId, MediaImage, MediaSessionAction, TabId};

/// What a document's audio session is to the media controls.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Focus {
    /// It is active.
    Holds {
        /// Whether its type is an exclusive one.
        is_exclusive: bool,
        /// Its place in the order of grants.
        order: u64,
    },
    /// It is interrupted: it would sound, and the user may bring it back.
    Waits,
    /// It is silent, or sounds too shortly to be controlled.
    None,
}

/// Whom a command of the user is for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Target {
    /// The active media session; what media keys mean.
    #[default]
    Active,
    /// A tab, as the controls in its own menu: its active frame, else the best one that handles the
    /// action, whether or not it has sounded.
    Tab(TabId),
    /// One document, as the controls in its picture-in-picture window.
    Document(DocumentId),
}

/// What has happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Input {
    /// A document exists.
    Opened {
        /// The document.
        document: DocumentId,
        /// Its tab.
        tab: TabId,
        /// Its URL; empty if the tab is private.
        url: String,
        /// Whether the controls show a placeholder instead of it. Whoever sends inputs leaves out
        /// what is private: see [`Input::without_private_data`].
        is_private: bool,
        /// Whether its [permissions policy](https://w3c.github.io/mediasession/#permissions-policy)
        /// lets it use `mediasession`. One that may not is never the active media session.
        is_allowed: bool,
    },
    /// The document is in another tab now.
    Moved {
        /// The document.
        document: DocumentId,
        /// Its tab from now on.
        tab: TabId,
    },
    /// The document is gone.
    Closed {
        /// The document.
        document: DocumentId,
    },
    /// The document's title changed.
    Titled {
        /// The document.
        document: DocumentId,
        /// The title.
        title: String,
    },
    /// The document's icon changed.
    Icon {
        /// The document.
        document: DocumentId,
        /// Its icon.
        icon: Option<MediaImage>,
    },
    /// The document's audio session changed.
    Focus {
        /// The document.
        document: DocumentId,
        /// What it is now.
        focus: Focus,
    },
    /// The document's media session changed.
    Updated {
        /// The document.
        document: DocumentId,
        /// What changed.
        update: Box<MediaSessionUpdate>,
    },
    /// A document is shown in picture-in-picture or full screen, and gets the keys while it can be
    /// controlled; `None` ends that.
    Pinned(Option<DocumentId>),
    /// The user acts.
    Command {
        /// For whom.
        target: Target,
        /// What the user does.
        command: ControlsCommand,
    },
    /// The user wants silence: every document that sounds, or waits to, is to pause.
    PauseAll,
    /// What happened so far belongs in one picture, which is now to be shown.
    Publish,
}

impl Input {
    /// The same, without what tells what a private tab shows: URLs, titles, metadata and positions.
    /// Which actions it handles, and whether it plays, stay.
    #[must_use]
    pub fn without_private_data(mut self) -> Self {
        match &mut self {
            Self::Opened { url, is_private, .. } => {
                url.clear();
                *is_private = true;
            }
            Self::Titled { title, .. } => title.clear(),
            Self::Icon { icon, .. } => *icon = None,
            Self::Updated { update, .. } => {
                update.metadata = None;
                update.position = None;
                update.new_track = false;
            }
            Self::Closed { .. }
            | Self::Moved { .. }
            | Self::Focus { .. }
            | Self::Pinned(_)
            | Self::Command { .. }
            | Self::PauseAll
            | Self::Publish => {}
        }
        self
    }
}

/// What to do.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Output {
    /// Show this, `None` for nothing.
    Controls(Option<Box<ControlsState>>),
    /// Tell a document that the user triggered an action.
    Deliver(Delivery),
    /// A command of the user goes nowhere.
    NotRouted {
        /// The command.
        command: ControlsCommand,
        /// Why.
        reason: NotRouted,
    },
    /// A document sounds, or waits to, and does not handle the `pause` or the `stop` that is meant for
    /// it: silence it without asking.
    Silence(DocumentId),
}

/// Why a document has the active media session.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Choice {
    /// It is in picture-in-picture or in full screen.
    Pinned,
    /// Of all that sound and can be controlled, its tab was granted focus last.
    SoundsLast,
    /// Nothing that can be controlled sounds, and its tab was the last that did, or waited to.
    SoundedLast,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pinned => "it is in picture-in-picture or in full screen",
            Self::SoundsLast => "it began to sound last",
            Self::SoundedLast => "nothing sounds, and it was the last that did",
        })
    }
}

/// An action on its way to a document.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Delivery {
    /// The tab.
    pub tab: TabId,
    /// The document whose session is to handle it.
    pub document: DocumentId,
    /// The action.
    pub details: ActionDetails,
}

/// Why an action goes nowhere.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, thiserror::Error)]
#[non_exhaustive]
pub enum NotRouted {
    /// Nothing is controllable.
    #[error("there is no active media session")]
    NoActiveSession,
    /// The document or the tab that was meant is not there, or may not use media sessions.
    #[error("there is no such media session")]
    NoSuchSession,
    /// The session has no handler for it.
    #[error("the media session has no handler for {0}")]
    NotAvailable(MediaSessionAction),
    /// The piece changed between the user's look and the user's act.
    #[error("another track is playing by now")]
    StaleTrack,
    /// The position is outside the track, or there is none.
    #[error("the position is outside the track")]
    OutOfRange,
    /// The action lacks a time that it needs, or has one that is negative or not finite.
    #[error("{0} needs a time in seconds that is not negative")]
    BadDetails(MediaSessionAction),
}
