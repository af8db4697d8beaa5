/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The main loop of `sordino run`: it owns the session manager, the media controls and the tabs.
//!
//! # Threads
//!
//! The main loop waits for its channels only; see [`crate::tab`] and [`sordino_constellation`] for
//! who fills them. It writes to the terminal.

mod driving;
mod keys;
mod permissions;

use std::collections::{BTreeMap, VecDeque};
use std::io::IsTerminal;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::{Duration, Instant};

use clap::Args;
use crossbeam_channel::{Receiver, Sender, bounded, never, select, unbounded};
use sordino_constellation::arbiter::Policy;
use sordino_constellation::{ManagerEvent, SessionManager, SessionManagerProxy};
use sordino_platform::{
    ControlsError, EmbeddedControls, MediaControls, MprisControls, MprisOptions,
};
use sordino_script::Prefs;
use sordino_traits::controls::{ControlsCommand, ControlsState};
use sordino_traits::embedder::{ShellCommand, ShellRequest};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::ActionOutcome;
use sordino_traits::validate::Violation;
use sordino_traits::{NamespaceId, TabId, Timestamp};
use url::Url;

use crate::address;
use crate::control::{Answer, Control};
use crate::local_storage::LocalStorage;
use crate::net::Network;
use crate::output::Output;
use crate::permissions::{Devices, Permissions};
use crate::replay::Recorder;
use crate::report::Report;
use crate::settings::{
    capture_policy, check_content, duck_gain, network_limits, policy, process_patience,
};
use crate::status::{Keys, Shown, Status};
use crate::tab::{LAST_STEPS, Opening, Tab, TabEvent};
use permissions::new_salt;

/// How many events of all tabs wait for the main loop.
const TAB_EVENTS: usize = 256;
/// How often the position bar is drawn while something plays.
const REDRAW: Duration = Duration::from_millis(250);
/// How long a content process has to end when it is asked to.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(1);

#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Pages: HTML files or URLs (http, https, file, data). Without any, the demo page.
    #[arg(value_name = "URL|FILE")]
    pages: Vec<String>,

    /// Write every event as a line of JSON.
    #[arg(long)]
    json: bool,

    /// Change a preference, for instance focus.mode=page; `sordino prefs` prints all.
    #[arg(long = "pref", value_name = "NAME=VALUE")]
    prefs: Vec<String>,

    /// Open the pages in private tabs: nothing that they show goes to the media controls or to a
    /// record.
    #[arg(long)]
    private: bool,

    /// Write everything that the session manager decides on, and what it decides, to a file for
    /// `sordino replay`.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    /// Allow what is for tests only, such as devices that are made up.
    #[arg(long, hide = true)]
    test_mode: bool,

    /// Another program as the content process of a tab; for tests.
    #[arg(long = "content-program", value_name = "TAB=FILE", hide = true)]
    content_programs: Vec<ContentProgram>,
}

/// See [`Options::content_programs`].
#[derive(Clone, Debug)]
struct ContentProgram {
    tab: u32,
    program: PathBuf,
}

impl FromStr for ContentProgram {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (tab, program) = text.split_once('=').ok_or("it is TAB=FILE")?;
        let tab = tab.parse().map_err(|_| format!("'{tab}' is no number of a tab"))?;
        Ok(Self { tab, program: program.into() })
    }
}

/// Runs until the user ends it or no tab is left.
pub(crate) fn run(options: &Options) -> ExitCode {
    let urls: Result<Vec<Url>, _> = if options.pages.is_empty() {
        address::demo().map(|url| vec![url])
    } else {
        options.pages.iter().map(|page| address::parse(page)).collect()
    };
    let result = urls
        .map_err(|error| error.to_string())
        .and_then(|urls| Shell::start(options).and_then(|shell| shell.run(urls, options)));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sordino: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Shell {
    manager: SessionManager,
    proxy: SessionManagerProxy,
    tabs: BTreeMap<TabId, Tab>,
    tab_events: Receiver<(TabId, TabEvent)>,
    tab_event_sender: Sender<(TabId, TabEvent)>,
    signals: Receiver<()>,
    control: Control,
    /// Of each tab, who waits to hear of clicks, in their order.
    clicks: BTreeMap<TabId, VecDeque<Option<Sender<Answer>>>>,
    keys: Keys,
    status: Option<Status>,
    shown: Shown,
    json: bool,
    policy: Policy,
    network: Network,
    local_storage: LocalStorage,
    permissions: Permissions,
    recorder: Option<Recorder>,
    muted: Vec<TabId>,
    volumes: BTreeMap<TabId, f64>,
    /// Whose channel to the manager is closed, and until when they may take to end.
    leaving: Vec<(Instant, TabId)>,
    output: Output,
    sound_device_reported: bool,
    /// Whether a page could not be opened, or its process died.
    failed: bool,
    quitting: bool,
}

impl Shell {
    fn start(options: &Options) -> Result<Self, String> {
        let text = |error: &dyn std::error::Error| error.to_string();
        let (commands, controls_commands) = unbounded();
        let is_live =
            !options.json && std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
        let (mut controls, report) = media_controls(commands, is_live);
        let prefs = Prefs::with(&options.prefs).map_err(|error| text(&error))?;
        check_content(&prefs, options.test_mode)?;
        let policy = policy(&prefs)?;
        let mut builder = SessionManager::builder()
            .policy(policy)
            .duck_gain(duck_gain(&prefs)?)
            .process_patience(process_patience(&prefs)?)
            .media_controls(move |state| controls.update(state), controls_commands);
        let recorder = match &options.record {
            None => None,
            Some(path) => {
                let recorder = Recorder::start(path, policy)?;
                builder = builder.record(recorder.sink());
                Some(recorder)
            }
        };
        let manager = builder.spawn().map_err(|error| text(&error))?;
        let (tab_event_sender, tab_events) = bounded(TAB_EVENTS);
        let mut keys = Keys::none();
        let mut status = None;
        if is_live {
            // A terminal that does not say where its cursor is gets lines.
            match Status::start() {
                Ok(started) => {
                    status = Some(started);
                    keys = Keys::watch().map_err(|error| text(&error))?;
                }
                Err(error) => log::error!("no live status on this terminal: {error}"),
            }
        }
        let mut shell = Self {
            proxy: manager.proxy(),
            manager,
            tabs: BTreeMap::new(),
            tab_events,
            tab_event_sender,
            signals: signals().map_err(|error| text(&error))?,
            control: Control::start(),
            clicks: BTreeMap::new(),
            keys,
            status,
            shown: Shown::default(),
            json: options.json,
            policy,
            network: Network::new(network_limits(&prefs)?),
            local_storage: LocalStorage::default(),
            permissions: Permissions::new(
                capture_policy(&prefs)?,
                is_live || options.json,
                options.private,
            ),
            recorder,
            muted: Vec::new(),
            volumes: BTreeMap::new(),
            leaving: Vec::new(),
            output: Output::start().map_err(|error| text(&error))?,
            sound_device_reported: false,
            failed: false,
            quitting: false,
        };
        shell.report(&report);
        Ok(shell)
    }

    fn run(mut self, urls: Vec<Url>, options: &Options) -> Result<ExitCode, String> {
        let mut ids = IdAllocator::new(NamespaceId(0));
        let common_salt = new_salt()?;
        for url in urls {
            let id = ids.tab();
            let mut programs = options.content_programs.iter();
            let program = programs.find(|it| it.tab == number(id)).map(|it| it.program.clone());
            let (prefs, is_private) = (options.prefs.clone(), options.private);
            let (network, local_storage) = if is_private {
                (self.network.private(), LocalStorage::default())
            } else {
                (self.network.clone(), self.local_storage.clone())
            };
            let device_salt = if is_private { new_salt()? } else { common_salt };
            let opening =
                Opening { url, prefs, is_private, network, local_storage, device_salt, program };
            let tab = Tab::open(id, opening, self.proxy.clone(), self.tab_event_sender.clone())
                .map_err(|error| format!("cannot start a content process: {error}"))?;
            self.tabs.insert(id, tab);
        }
        if self.json {
            self.control.read_input();
        }
        let manager_events = self.manager.events();
        while !self.quitting && !self.tabs.is_empty() {
            let tick = self.next_tick();
            select! {
                recv(self.tab_events) -> event => if let Ok((tab, event)) = event {
                    self.handle_tab_event(tab, event);
                },
                recv(manager_events) -> event => match event {
                    Ok(event) => self.handle_manager_event(event),
                    Err(_) => return Err("the session manager has ended".into()),
                },
                recv(self.control.requests()) -> request => if let Ok((request, answer)) = request {
                    self.handle_control(request, answer);
                },
                recv(self.signals) -> _ => self.quitting = true,
                recv(self.keys.readable()) -> readable => match readable {
                    Ok(()) => self.keys.read().into_iter().for_each(|key| self.handle_key(key)),
                    Err(_) => self.quitting = true,
                },
                recv(tick) -> _ => self.kill_detached(),
            }
            self.draw();
        }
        self.end_tabs();
        self.manager.shutdown();
        if let Some(Err(error)) = self.recorder.map(Recorder::finish) {
            eprintln!("sordino: the record is not complete: {error}");
            self.failed = true;
        }
        drop(self.status);
        self.output.finish();
        Ok(if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// When there is something to do even if nothing happens. The position bar moves only on a
    /// terminal and while something plays.
    fn next_tick(&self) -> Receiver<Instant> {
        let moves = self.shown.controls.as_ref().is_some_and(|state| state.playing);
        let redraw = (self.status.is_some() && moves).then(|| Instant::now() + REDRAW);
        let leaving = self.leaving.first().map(|(until, _)| *until);
        redraw.into_iter().chain(leaving).min().map_or_else(never, crossbeam_channel::at)
    }

    /// Ends the processes that closed their channel to the manager and went on.
    fn kill_detached(&mut self) {
        while let Some((until, id)) = self.leaving.first().copied()
            && until <= Instant::now()
        {
            self.leaving.remove(0);
            self.kill(id, format!("the content process {}; it was ended", Violation::Detached));
        }
    }

    fn draw(&mut self) {
        if let Some(status) = &mut self.status
            && let Err(error) = status.draw(&self.shown, Timestamp::now())
        {
            log::warn!("cannot draw the status: {error}");
        }
    }

    fn report(&mut self, report: &Report) {
        let line = if self.json {
            serde_json::to_string(report).unwrap_or_else(|error| error.to_string())
        } else {
            report.to_string()
        };
        if let Some(status) = &mut self.status {
            // What plays is at the bottom anyway.
            let is_shown_below =
                matches!(report, Report::NowPlaying { .. } | Report::NothingPlaying);
            if !is_shown_below && let Err(error) = status.log(&line) {
                log::warn!("cannot write to the terminal: {error}");
            }
            return;
        }
        // A reader that went away, as of a pipe, ends the program.
        if self.quitting {
            self.output.try_write(line);
        } else if !self.output.write(line, &self.signals) {
            self.quitting = true;
        }
    }

    fn last(&mut self, report: &Report) {
        self.shown.last = report.to_string();
        self.report(report);
    }

    fn handle_tab_event(&mut self, id: TabId, event: TabEvent) {
        let tab = number(id);
        match event {
            TabEvent::Joined => log::debug!("tab {tab} has joined"),
            TabEvent::Request(request) => self.handle_request(id, request),
            TabEvent::Violation(violation) => {
                self.kill(id, format!("the content process {violation}; it was ended"));
            }
            TabEvent::Exited(status) => {
                let Some(Tab { is_closed, .. }) = self.tabs.remove(&id) else { return };
                // Who waits for a click hears that nothing comes.
                self.clicks.remove(&id);
                self.forget_permissions(id);
                // The manager knows it from its own channel as well; twice does no harm.
                let _ = self.proxy.close_tab(id);
                let reason = match status {
                    // It has said itself why it ended.
                    Ok(status) if status.success() => return,
                    Ok(status) => match status.signal() {
                        Some(signal) => {
                            let name = signal_hook::low_level::signal_name(signal);
                            let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
                            format!("the content process was killed by signal {signal}{name}")
                        }
                        None => format!("the content process crashed ({status})"),
                    },
                    Err(error) => format!("the content process is lost: {error}"),
                };
                if !is_closed {
                    self.failed = true;
                    self.last(&Report::Closed { tab, reason });
                }
            }
        }
    }

    /// Ends a content process that must not go on.
    fn kill(&mut self, id: TabId, reason: String) {
        let Some(tab) = self.tabs.get_mut(&id) else { return };
        tab.kill();
        if !std::mem::replace(&mut tab.is_closed, true) {
            self.failed = true;
            self.last(&Report::Closed { tab: number(id), reason });
        }
    }

    fn handle_request(&mut self, id: TabId, request: ShellRequest) {
        let tab = number(id);
        let Some(Tab { url, pid, .. }) = self.tabs.get(&id) else { return };
        let (url, pid) = (url.to_string(), *pid);
        match request {
            ShellRequest::Console { level, text } => {
                self.report(&Report::Console { tab, level: level.as_str(), text });
            }
            ShellRequest::PageLoaded { title } => {
                self.report(&Report::Loaded { tab, url, title, pid });
            }
            ShellRequest::PageFailed { reason } => {
                self.failed = true;
                if let Some(tab) = self.tabs.get_mut(&id) {
                    tab.is_closed = true;
                }
                self.last(&Report::Failed { tab, url, reason });
            }
            ShellRequest::MediaReady { sound_device } => {
                if !sound_device && !self.sound_device_reported {
                    self.sound_device_reported = true;
                    self.report(&Report::NoSoundDevice);
                }
            }
            ShellRequest::MediaUnavailable { reason } => {
                self.failed = true;
                self.report(&Report::MediaUnavailable { tab, reason });
            }
            ShellRequest::Clicked { selectors: _, result } => {
                let asker = self.clicks.get_mut(&id).and_then(VecDeque::pop_front).flatten();
                if let Some(asker) = asker {
                    // The asker may have gone.
                    let _ = asker.try_send(result.clone().map(|it| format!("clicked {it}")));
                }
                self.last(&match result {
                    Ok(element) => Report::Clicked { tab, element },
                    Err(reason) => Report::NotDone { reason },
                });
            }
            ShellRequest::AskPermission { id: request, site, microphone, camera } => {
                self.ask_permission(id, request, site, Devices { microphone, camera });
            }
            ShellRequest::Capturing { microphone, camera } => {
                self.capturing(id, Devices { microphone, camera });
            }
            // The tab's own thread deals with these.
            ShellRequest::Fetch { .. }
            | ShellRequest::CancelFetch { .. }
            | ShellRequest::PauseFetch { .. }
            | ShellRequest::ChangeLocalStorage { .. }
            | ShellRequest::SetCookie { .. } => {}
        }
    }

    fn handle_manager_event(&mut self, event: ManagerEvent) {
        match event {
            ManagerEvent::Controls(state) => {
                let state = state.map(|state| *state);
                self.report(&now_playing(state.as_ref()));
                self.shown.controls = state;
                self.show_muted();
            }
            ManagerEvent::AudioSession { tab, entry, state, why, .. } => {
                let (tab, entry) = (number(tab), Some(entry).filter(|entry| *entry != 0));
                self.report(&Report::AudioSession { tab, entry, state: state.as_str(), why });
            }
            ManagerEvent::Ducked { tab, entry, ducked, why, .. } => {
                let (tab, entry) = (number(tab), Some(entry).filter(|entry| *entry != 0));
                self.report(&Report::Ducked { tab, entry, ducked, why });
            }
            ManagerEvent::ActionDone { tab, action, outcome, .. } => {
                let handled_by = match outcome {
                    ActionOutcome::PageHandler => "the page's handler",
                    ActionOutcome::DefaultHandler => "the default handler",
                    ActionOutcome::Unhandled => "nobody",
                };
                let (tab, action) = (number(tab), action.as_str());
                self.last(&Report::Action { tab, action, handled_by });
            }
            ManagerEvent::NotAnswered { tab, action, .. } => {
                let (tab, action) = (number(tab), action.as_str());
                self.last(&Report::NotAnswered { tab, action });
            }
            ManagerEvent::Lost { count } => log::error!("{count} events were too many to show"),
            ManagerEvent::NotRouted { command: _, reason } => {
                self.last(&Report::NotDone { reason: reason.to_string() });
            }
            ManagerEvent::QuitRequested => self.quitting = true,
            ManagerEvent::ContentEnded { tab, reason, .. } => self.content_ended(tab, &reason),
            ManagerEvent::ActionSent { .. } => {}
            event => log::debug!("{event:?}"),
        }
    }

    /// A process with which the manager has broken must not go on.
    fn content_ended(&mut self, id: TabId, reason: &sordino_constellation::ContentEnd) {
        use sordino_constellation::ContentEnd;

        match reason {
            ContentEnd::Violation(_)
            | ContentEnd::NamespaceTaken(_)
            | ContentEnd::NotReading
            | ContentEnd::NotAnswering => {
                self.kill(id, format!("the content process was ended: {reason}"));
            }
            // It ends by itself soon, if it is in order.
            ContentEnd::Closed => self.leaving.push((Instant::now() + LAST_STEPS, id)),
            _ => {}
        }
    }

    /// Asks all content processes to end, and ends those that do not.
    fn end_tabs(&mut self) {
        for tab in self.tabs.values() {
            tab.send(ShellCommand::Shutdown);
        }
        let mut deadline = Instant::now() + SHUTDOWN_PATIENCE;
        let mut killed = false;
        while !self.tabs.is_empty() {
            match self.tab_events.recv_deadline(deadline) {
                Ok((id, TabEvent::Exited(_))) => {
                    self.tabs.remove(&id);
                }
                Ok(_) => {}
                Err(_) if killed => return,
                Err(_) => {
                    self.tabs.values().for_each(Tab::kill);
                    killed = true;
                    deadline = Instant::now() + SHUTDOWN_PATIENCE;
                }
            }
        }
    }
}

/// The number by which people know a tab.
fn number(tab: TabId) -> u32 {
    tab.index.get()
}

fn now_playing(state: Option<&ControlsState>) -> Report {
    let Some(state) = state else { return Report::NothingPlaying };
    let now = Timestamp::now();
    Report::NowPlaying {
        tab: number(state.tab),
        status: if state.playing { "playing" } else { "paused" },
        title: state.metadata.title.clone(),
        artist: state.metadata.artist.clone(),
        album: state.metadata.album.clone(),
        position: state.position.map(|stamped| stamped.position_at(now, state.playing)),
        duration: state
            .position
            .map(|stamped| stamped.state.duration)
            .filter(|duration| duration.is_finite()),
    }
}

/// The desktop's controls where there is a session bus, else those of the terminal's keys alone.
fn media_controls(
    commands: Sender<ControlsCommand>,
    is_live: bool,
) -> (Box<dyn MediaControls>, Report) {
    let options = MprisOptions { can_quit: true, ..Default::default() };
    let name = format!("org.mpris.MediaPlayer2.{}", options.name_suffix);
    match MprisControls::connect(options, commands.clone()) {
        Ok(controls) => {
            let detail = format!("media keys: D-Bus, as {name}");
            (Box::new(controls), Report::Controls { backend: "mpris", detail })
        }
        Err(error) => {
            let reason = match error {
                ControlsError::NoBus => "there is no D-Bus session bus".to_owned(),
                error => error.to_string(),
            };
            let which = if is_live { "only those of this terminal" } else { "none" };
            let detail = format!("media keys: {which}, because {reason}");
            let controls = EmbeddedControls::new(commands);
            (Box::new(controls), Report::Controls { backend: "embedded", detail })
        }
    }
}

/// A message for each signal that asks a program to end.
fn signals() -> std::io::Result<Receiver<()>> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
    let (sender, receiver) = unbounded();
    std::thread::Builder::new().name("Signals".into()).spawn(move || {
        for _ in signals.forever() {
            if sender.send(()).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
}
