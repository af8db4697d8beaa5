/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the user types on the last line of the terminal.

use sordino_constellation::router::Target;
use sordino_traits::controls::ControlsCommand;
use sordino_traits::{ActionDetails, MediaSessionAction, NamespaceId, TabId};

/// What is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Question {
    /// A CSS selector.
    Click,
    /// An action of media sessions, and whose.
    Action,
}

impl Question {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Click => "click the element (CSS selector)",
            Self::Action => "action, as in: hangup, seekto 30, 2 togglecamera (of tab 2)",
        }
    }
}

/// Reads `[TAB] ACTION [SECONDS]`.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn parse_action(text: &str) -> Result<(Target, ControlsCommand), String> {
    let mut words = text.split_ascii_whitespace().peekable();
    let mut target = Target::Active;
    if let Some(tab) = words.peek().and_then(|word| word.parse().ok()) {
        let tab = TabId::new(NamespaceId(0), tab).ok_or("tabs are counted from 1")?;
        target = Target::Tab(tab);
        words.next();
    }
    let name = words.next().ok_or("type an action, such as nexttrack")?;
    let action: MediaSessionAction = name.parse().map_err(|error| format!("{error}"))?;
    let seconds = match words.next() {
        None => None,
        Some(word) => {
            let seconds: f64 = word.parse().map_err(|_| format!("'{word}' is no time"))?;
            let is_time = seconds.is_finite() && seconds >= 0.0;
            Some(is_time.then_some(seconds).ok_or(format!("'{word}' is no time in seconds"))?)
        }
    };
    if let Some(word) = words.next() {
        return Err(format!("'{word}' is one word too many"));
    }
    let details = match (action, seconds) {
        (MediaSessionAction::SeekTo, Some(seconds)) => ActionDetails::seek_to(seconds),
        (MediaSessionAction::SeekTo, None) => return Err("seekto needs a time in seconds".into()),
        (MediaSessionAction::SeekForward, Some(seconds)) => ActionDetails::seek_by(seconds),
        (MediaSessionAction::SeekBackward, Some(seconds)) => ActionDetails::seek_by(-seconds),
        (action, None) => ActionDetails::new(action),
        (action, Some(_)) => return Err(format!("{action} takes no time")),
    };
    Ok((target, details.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_can_be_typed() {
        for action in MediaSessionAction::ALL {
            let time = if action == MediaSessionAction::SeekTo { " 3.5" } else { "" };
            let (target, command) = parse_action(&format!("{action}{time}")).unwrap();
            assert_eq!(target, Target::Active);
            let ControlsCommand::Action(details) = command else { panic!("{command:?}") };
            assert_eq!(details.action, action);
        }
        let back = parse_action(" 2  seekbackward 7 ").unwrap();
        let tab = Target::Tab(TabId::new(NamespaceId(0), 2).unwrap());
        assert_eq!(back, (tab, ActionDetails::seek_by(-7.0).into()));
    }

    #[test]
    fn what_cannot_be_understood_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "type an action"),
            ("0 play", "counted from 1"),
            ("dance", "there is no action 'dance'; the actions are play, pause"),
            ("seekto", "needs a time"),
            ("seekto soon", "'soon' is no time"),
            ("seekto -1", "'-1' is no time"),
            ("seekto inf", "'inf' is no time"),
            ("hangup 3", "hangup takes no time"),
            ("2 play 3 4", "one word too many"),
        ] {
            let error = parse_action(text).unwrap_err();
            assert!(error.contains(reason), "{text:?}: {error}");
        }
    }
}
