/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The live status on a terminal: log lines scroll above, the bottom shows what plays.
//!
//! # Threads
//!
//! One thread waits for keys; the main loop reads them, and draws.

use std::collections::BTreeMap;
use std::io::{self, Stdout};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, never};
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::MoveToColumn;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{Clear, ClearType, disable_raw_mode, enable_raw_mode};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Style, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Gauge, Paragraph, Widget};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use sordino_traits::Timestamp;
use sordino_traits::controls::{ControlsCommand, ControlsState};
use sordino_traits::{ActionDetails, MediaSessionAction};

use crate::permissions::Devices;
use crate::prompt::Question;
use crate::report::{clock, plain};

/// How far the arrow keys seek, in seconds.
const SEEK_STEP: f64 = 5.0;
/// How much louder or softer one key makes a tab, as a part of its whole volume.
const VOLUME_STEP: f64 = 0.1;
const HEIGHT: u16 = 5;
const KEYS: [&str; 2] = [
    "space play/pause · p/n track · s stop · ←/→ seek · a any action · P pause all",
    "m mute · +/- volume · c click · i pin · o focus mode · w why · q quit",
];

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key {
    /// A command for the active session.
    Command(ControlsCommand),
    /// Mute or unmute the active tab.
    ToggleMute,
    /// Pause every tab.
    PauseAll,
    /// Change the volume of the active tab by a part of the whole.
    Volume(f64),
    /// Keep the keys with what is active now, or no longer.
    TogglePin,
    /// Let tabs do something else to each other.
    NextMode,
    /// Say why everything is as it is.
    Explain,
    /// Let the tab that asks capture, or refuse it.
    Permit(bool),
    /// The user has answered the prompt.
    Answer(Question, String),
    /// End the program.
    Quit,
    /// The prompt changed; draw again.
    Redraw,
}

/// What `poll` says when the terminal was closed. To read from it then gives nothing, at once, for
/// ever.
const GONE: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

/// The keys of the terminal.
///
/// A thread only tells when there may be one to read: whoever asks crossterm for an event holds a
/// lock until there is one, and drawing needs that lock to find the cursor.
pub(crate) struct Keys {
    readable: Receiver<()>,
    /// Asks the thread to tell again.
    watch: Sender<()>,
}

impl Keys {
    /// No keys at all.
    pub(crate) fn none() -> Self {
        Self { readable: never(), watch: bounded(0).0 }
    }

    /// Starts the thread.
    pub(crate) fn watch() -> io::Result<Self> {
        let (pressed, readable) = bounded(0);
        let (watch, again) = bounded(0);
        std::thread::Builder::new().name("Keys".into()).spawn(move || {
            let stdin = io::stdin();
            loop {
                let mut stdin = [PollFd::new(&stdin, PollFlags::IN)];
                match poll(&mut stdin, None) {
                    Ok(_) if stdin[0].revents().intersects(GONE) => return,
                    Ok(_) | Err(Errno::INTR) => {}
                    Err(error) => return log::error!("cannot wait for keys: {error}"),
                }
                // One of the two is closed when the program ends.
                if pressed.send(()).is_err() || again.recv().is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { readable, watch })
    }

    /// Has a message when [`Keys::read`] may have keys, and is closed when the terminal is gone.
    pub(crate) fn readable(&self) -> &Receiver<()> {
        &self.readable
    }

    /// The keys that were pressed.
    pub(crate) fn read(&mut self) -> Vec<KeyEvent> {
        let mut keys = Vec::new();
        let read = read_keys(&mut keys);
        if let Err(error) = &read {
            log::error!("cannot read keys: {error}");
        }
        if read.is_err() || self.watch.send(()).is_err() {
            *self = Self::none();
        }
        keys
    }
}

fn read_keys(keys: &mut Vec<KeyEvent>) -> io::Result<()> {
    while event::poll(Duration::ZERO)? {
        if let Event::Key(key) = event::read()?
            && key.kind != KeyEventKind::Release
        {
            keys.push(key);
        }
    }
    Ok(())
}

/// Everything that the status shows.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) controls: Option<ControlsState>,
    pub(crate) muted: bool,
    /// Who asks to capture what.
    pub(crate) question: Option<String>,
    /// What tabs capture, by their numbers.
    pub(crate) capturing: BTreeMap<u32, Devices>,
    /// What was last done, and why.
    pub(crate) last: String,
}

/// The bottom lines of the terminal. Dropping it gives the terminal back.
pub(crate) struct Status {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    prompt: Option<(Question, String)>,
}

impl Status {
    /// Takes the terminal over.
    pub(crate) fn start() -> io::Result<Self> {
        enable_raw_mode()?;
        let options = TerminalOptions { viewport: Viewport::Inline(HEIGHT) };
        match Terminal::with_options(CrosstermBackend::new(io::stdout()), options) {
            Ok(terminal) => Ok(Self { terminal, prompt: None }),
            Err(error) => {
                disable_raw_mode()?;
                Err(error)
            }
        }
    }

    /// What a key means now.
    pub(crate) fn interpret(&mut self, key: KeyEvent, shown: &Shown) -> Option<Key> {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return matches!(key.code, KeyCode::Char('c' | 'd')).then_some(Key::Quit);
        }
        if let Some((question, prompt)) = &mut self.prompt {
            return Some(match key.code {
                KeyCode::Enter => {
                    let answer = Key::Answer(*question, std::mem::take(prompt));
                    self.prompt = None;
                    answer
                }
                KeyCode::Esc => {
                    self.prompt = None;
                    Key::Redraw
                }
                KeyCode::Backspace => {
                    prompt.pop();
                    Key::Redraw
                }
                KeyCode::Char(character) => {
                    prompt.push(character);
                    Key::Redraw
                }
                _ => return None,
            });
        }
        let action = |action| Some(Key::Command(ActionDetails::new(action).into()));
        match key.code {
            KeyCode::Char('y') if shown.question.is_some() => Some(Key::Permit(true)),
            KeyCode::Char('n') if shown.question.is_some() => Some(Key::Permit(false)),
            KeyCode::Char(' ') => Some(Key::Command(ControlsCommand::PlayPause)),
            KeyCode::Char('n') => action(MediaSessionAction::NextTrack),
            KeyCode::Char('p') => action(MediaSessionAction::PreviousTrack),
            KeyCode::Char('s') => action(MediaSessionAction::Stop),
            KeyCode::Left => Some(Key::Command(ControlsCommand::SeekBy(-SEEK_STEP))),
            KeyCode::Right => Some(Key::Command(ControlsCommand::SeekBy(SEEK_STEP))),
            KeyCode::Char('m') => Some(Key::ToggleMute),
            KeyCode::Char('P') => Some(Key::PauseAll),
            KeyCode::Char('+' | '=') => Some(Key::Volume(VOLUME_STEP)),
            KeyCode::Char('-') => Some(Key::Volume(-VOLUME_STEP)),
            KeyCode::Char('i') => Some(Key::TogglePin),
            KeyCode::Char('o') => Some(Key::NextMode),
            KeyCode::Char('w') => Some(Key::Explain),
            KeyCode::Char('c') => self.ask(Question::Click),
            KeyCode::Char('a') => self.ask(Question::Action),
            KeyCode::Char('q') => Some(Key::Quit),
            _ => None,
        }
    }

    fn ask(&mut self, question: Question) -> Option<Key> {
        self.prompt = Some((question, String::new()));
        Some(Key::Redraw)
    }

    /// Puts a line above the status.
    pub(crate) fn log(&mut self, line: &str) -> io::Result<()> {
        let width = usize::from(self.terminal.size()?.width.max(1));
        let height = u16::try_from(line.chars().count().div_ceil(width)).unwrap_or(u16::MAX);
        self.terminal.insert_before(height.clamp(1, 20), |buffer| {
            Paragraph::new(line)
                .wrap(ratatui::widgets::Wrap { trim: false })
                .render(buffer.area, buffer);
        })
    }

    /// Draws the status.
    pub(crate) fn draw(&mut self, shown: &Shown, now: Timestamp) -> io::Result<()> {
        let prompt = self.prompt.as_ref();
        self.terminal.draw(|frame| draw(frame, shown, prompt, now))?;
        Ok(())
    }
}

impl Drop for Status {
    fn drop(&mut self) {
        // There is nobody left to tell when the terminal is gone.
        let _ = self.terminal.clear();
        let _ = execute!(io::stdout(), MoveToColumn(0), Clear(ClearType::FromCursorDown));
        let _ = disable_raw_mode();
    }
}

fn draw(frame: &mut Frame<'_>, shown: &Shown, prompt: Option<&(Question, String)>, now: Timestamp) {
    let [title, bar, last, keys, more_keys] =
        Layout::vertical([Constraint::Length(1); 5]).areas(frame.area());
    match &shown.controls {
        Some(state) => {
            frame.render_widget(title_line(state, shown.muted), title);
            frame.render_widget(position_bar(state, now), bar);
        }
        None => frame.render_widget(Line::from("nothing is playing").dim(), title),
    }
    // What listens is always to be seen.
    if !shown.capturing.is_empty() {
        let line = Line::from(capturing_line(&shown.capturing)).red().right_aligned();
        frame.render_widget(line, title);
    }
    frame.render_widget(Line::from(shown.last.as_str()), last);
    let bottom = match (prompt, &shown.question) {
        (Some((question, text)), _) => {
            [Line::from(format!("{}:", question.text())).dim(), Line::from(format!("{text}▏"))]
        }
        (None, Some(question)) => {
            [Line::from(question.as_str()).bold(), Line::from("y allow · n refuse").dim()]
        }
        (None, None) => KEYS.map(|keys| Line::from(keys).dim()),
    };
    for (line, area) in bottom.into_iter().zip([keys, more_keys]) {
        frame.render_widget(line, area);
    }
}

/// Such as `● tab 1: the microphone`.
fn capturing_line(capturing: &BTreeMap<u32, Devices>) -> String {
    let each = capturing.iter().map(|(tab, devices)| format!("tab {tab}: {}", devices.noun()));
    format!(" ● {}", each.collect::<Vec<_>>().join(", "))
}

fn title_line(state: &ControlsState, muted: bool) -> Line<'static> {
    let sign = if state.playing { "▶" } else { "⏸" };
    let artist = match state.metadata.artist.as_str() {
        "" => String::new(),
        artist => format!(" — {}", plain(artist)),
    };
    let muted = if muted { " (muted)" } else { "" };
    let tab = state.tab.index;
    Line::from(format!("{sign} tab {tab}: {}{artist}{muted}", plain(&state.metadata.title))).bold()
}

fn position_bar(state: &ControlsState, now: Timestamp) -> Gauge<'static> {
    let gauge = Gauge::default().gauge_style(Style::new().cyan()).use_unicode(true);
    let Some(stamped) = state.position else { return gauge.label("no position") };
    let position = stamped.position_at(now, state.playing);
    let duration = stamped.state.duration;
    if duration.is_finite() && duration > 0.0 {
        let label = format!("{} / {}", clock(position), clock(duration));
        gauge.ratio((position / duration).clamp(0.0, 1.0)).label(label)
    } else {
        gauge.label(format!("{} live", clock(position)))
    }
}
