/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What happened, as a line for people or as JSON for programs.

use std::fmt;

use serde::Serialize;

use crate::permissions::Devices;

/// An event of the engine that its user is told about.
///
/// As JSON it is one object on one line with `event` as its name; tabs are numbered from 1, times
/// are seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Report {
    /// Which media controls there are.
    Controls { backend: &'static str, detail: String },
    /// There is no sound device.
    NoSoundDevice,
    /// Nothing can be played in this tab.
    MediaUnavailable { tab: u32, reason: String },
    /// A page was loaded, in the process with this id.
    Loaded { tab: u32, url: String, title: String, pid: u32 },
    /// A page cannot be shown.
    Failed { tab: u32, url: String, reason: String },
    /// A line of a page's console.
    Console { tab: u32, level: &'static str, text: String },
    /// What the media controls show now.
    NowPlaying {
        tab: u32,
        status: &'static str,
        title: String,
        artist: String,
        album: String,
        position: Option<f64>,
        duration: Option<f64>,
    },
    /// Nothing is under control.
    NothingPlaying,
    /// The state of a page's audio session, or of an entry of audio focus that it manages.
    AudioSession {
        tab: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        entry: Option<u32>,
        state: &'static str,
        why: String,
    },
    /// Whether a page is ducked, or an entry of it.
    Ducked {
        tab: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        entry: Option<u32>,
        ducked: bool,
        why: String,
    },
    /// An action was dealt with.
    Action { tab: u32, action: &'static str, handled_by: &'static str },
    /// A page has left an action unanswered; what can be done without it is done.
    NotAnswered { tab: u32, action: &'static str },
    /// Why an audio session is what it is.
    Why { tab: u32, document: String, why: String },
    /// Why a tab gets the media keys.
    HasKeys { tab: u32, why: String },
    /// How loud a tab is, besides what its page wants: 0 to 1.
    Volume { tab: u32, volume: f64 },
    /// What tabs do to each other from now on.
    Mode { mode: &'static str },
    /// Which tab keeps the keys, whatever else sounds.
    Pinned { tab: Option<u32> },
    /// A document asks to capture, and waits for an answer.
    AsksPermission { tab: u32, site: String, microphone: bool, camera: bool },
    /// What became of that.
    Permission {
        tab: u32,
        site: String,
        microphone: bool,
        camera: bool,
        granted: bool,
        why: &'static str,
    },
    /// What a tab captures from now on.
    Capturing { tab: u32, microphone: bool, camera: bool },
    /// A command went nowhere.
    NotDone { reason: String },
    /// A click on the user's behalf.
    Clicked { tab: u32, element: String },
    /// A tab is gone.
    Closed { tab: u32, reason: String },
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Controls { backend: _, detail } => write!(f, "{detail}"),
            Self::NoSoundDevice => {
                write!(f, "no sound device: pages play in real time, unheard")
            }
            Self::MediaUnavailable { tab, reason } => {
                write!(f, "tab {tab}: no media: {reason}")
            }
            Self::Loaded { tab, url, title, pid } => {
                write!(f, "tab {tab}: loaded ")?;
                match title.as_str() {
                    "" => write!(f, "{url}")?,
                    title => write!(f, "\"{}\"", plain(title))?,
                }
                write!(f, " in process {pid}")
            }
            Self::Failed { tab, url, reason } => {
                write!(f, "tab {tab}: cannot open {url}: {}", plain(reason))
            }
            Self::Console { tab, level, text } => {
                write!(f, "tab {tab}: console.{level}: {}", plain(text))
            }
            Self::NowPlaying { tab, status, title, artist, album: _, position, duration } => {
                write!(f, "tab {tab}: {status} \"{}\"", plain(title))?;
                if !artist.is_empty() {
                    write!(f, " by {}", plain(artist))?;
                }
                match (position, duration) {
                    (Some(position), Some(duration)) => {
                        write!(f, " at {} of {}", clock(*position), clock(*duration))
                    }
                    (Some(position), None) => write!(f, " at {}", clock(*position)),
                    _ => Ok(()),
                }
            }
            Self::NothingPlaying => write!(f, "nothing is playing"),
            Self::AudioSession { tab, entry: None, state: _, why } => {
                write!(f, "tab {tab}: audio session {why}")
            }
            Self::AudioSession { tab, entry: Some(entry), state: _, why } => {
                write!(f, "tab {tab}: audio focus entry {entry} {why}")
            }
            Self::Ducked { tab, entry, ducked, why } => {
                write!(f, "tab {tab}: ")?;
                if let Some(entry) = entry {
                    write!(f, "audio focus entry {entry} ")?;
                }
                match ducked {
                    true => write!(f, "ducked; {why}"),
                    false => f.write_str("not ducked"),
                }
            }
            Self::Action { tab, action, handled_by } => {
                write!(f, "tab {tab}: {action}, by {handled_by}")
            }
            Self::NotAnswered { tab, action } => {
                write!(f, "tab {tab}: the page does not answer to {action}")
            }
            Self::Why { tab, document, why } => write!(f, "tab {tab}: session {document} {why}"),
            Self::HasKeys { tab, why } => write!(f, "tab {tab}: has the media keys, as {why}"),
            Self::Volume { tab, volume } => {
                write!(f, "tab {tab}: volume {:.0} %", volume * 100.0)
            }
            Self::Mode { mode } => write!(f, "focus mode: {mode}"),
            Self::Pinned { tab: Some(tab) } => write!(f, "tab {tab} keeps the keys"),
            Self::Pinned { tab: None } => write!(f, "the keys go to what sounds last"),
            Self::AsksPermission { tab, site, microphone, camera } => {
                let noun = Devices { microphone: *microphone, camera: *camera }.noun();
                write!(f, "tab {tab}: {} asks for {noun}", plain(site))
            }
            Self::Permission { tab, site, microphone, camera, granted, why } => {
                let noun = Devices { microphone: *microphone, camera: *camera }.noun();
                let may = if *granted { "may" } else { "may not" };
                write!(f, "tab {tab}: {} {may} use {noun}: {why}", plain(site))
            }
            Self::Capturing { tab, microphone, camera } => {
                let noun = Devices { microphone: *microphone, camera: *camera }.noun();
                write!(f, "tab {tab}: captures {noun}")
            }
            Self::NotDone { reason } => write!(f, "not done: {}", plain(reason)),
            Self::Clicked { tab, element } => write!(f, "tab {tab}: clicked {}", plain(element)),
            Self::Closed { tab, reason } => write!(f, "tab {tab}: {}", plain(reason)),
        }
    }
}

/// How much of a text is written on a line for people, in characters.
const MAX_TEXT: usize = 2_000;

/// A text of a page as it may go to a terminal: on one line, without control characters and those
/// that turn the direction of writing around, and not endless.
pub(crate) fn plain(text: &str) -> impl fmt::Display + '_ {
    struct Plain<'a>(&'a str);

    impl fmt::Display for Plain<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (count, character) in self.0.chars().enumerate() {
                if count == MAX_TEXT {
                    return write!(f, "…");
                }
                match character {
                    '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                        write!(f, "{}", character.escape_unicode())?;
                    }
                    character if character.is_control() => {
                        write!(f, "{}", character.escape_debug())?;
                    }
                    character => write!(f, "{character}")?,
                }
            }
            Ok(())
        }
    }

    Plain(text)
}

/// Seconds as minutes and seconds.
pub(crate) fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_writes_no_escape_sequences_and_no_lines_of_its_own() {
        let text = "a\u{1b}[2J\ntab 2: forged \u{202e}".to_owned();
        let report = Report::Console { tab: 1, level: "log", text };
        assert_eq!(report.to_string(), r"tab 1: console.log: a\u{1b}[2J\ntab 2: forged \u{202e}");
        let endless = Report::NotDone { reason: "x".repeat(1_000_000) };
        assert!(endless.to_string().len() < 3_000);
    }

    #[test]
    fn a_report_is_one_line_for_people_and_one_object_for_programs() {
        let report = Report::NowPlaying {
            tab: 1,
            status: "playing",
            title: "Song".into(),
            artist: "Singer".into(),
            album: String::new(),
            position: Some(61.9),
            duration: Some(125.0),
        };
        assert_eq!(report.to_string(), "tab 1: playing \"Song\" by Singer at 1:01 of 2:05");
        let json: serde_json::Value =
            serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        assert_eq!(json["event"], "now-playing");
        assert_eq!(json["duration"], 125.0);
        assert_eq!(json["tab"], 1);
    }
}
