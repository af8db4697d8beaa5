/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The process: its channels and its event loop.
//!
//! # Threads
//!
//! The main thread runs the event loop, with QuickJS in it. It waits for its inbox and for its
//! timers, and when it sends, for the session manager and the shell, which always read. Three reader
//! threads block on one IPC channel each: commands for script and commands of the shell go to the
//! inbox; commands for media go straight to the media thread, so that silence does not wait for
//! script.

use std::process::ExitCode;
use std::rc::Rc;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use ipc_channel::ipc::IpcReceiver;
use sordino_media::session::{ContentProcess, ManagerChannels};
use sordino_media::sink::ProcessFacts;
use sordino_media::{Media, MediaEvent};
use sordino_traits::embedder::{DeviceSalt, ShellCommand, ShellRequest};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{ContentMessage, MediaCommand, ScriptCommand};
use sordino_traits::{AudioSessionType, Timestamp};
use url::Url;

use crate::agent::{Agent, AgentError, Outside};
use crate::memory_watch::MemoryWatch;
use crate::prefs::{PrefError, Prefs};

/// What wakes the event loop.
enum Incoming {
    Script(ScriptCommand),
    Shell(ShellCommand),
    Media(MediaEvent),
    /// A channel closed: the parent is gone.
    Closed,
}

/// Why the process cannot go on. The parent is told, if it is there.
#[derive(Debug, thiserror::Error)]
enum ProcessError {
    #[error("cannot reach the parent process, or start a thread: {0}")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Media(#[from] sordino_media::MediaError),
    #[error(transparent)]
    Agent(#[from] AgentError),
    #[error(transparent)]
    Pref(#[from] PrefError),
    #[error("{url} is not a URL: {reason}")]
    Url { url: String, reason: String },
}

/// Runs a content process to its end: joins the one-shot server of that name, opens the page that
/// the shell names, and plays it until the shell says so or is gone.
pub fn run_content_process(server_name: String) -> ExitCode {
    sordino_media::log_glib_messages();
    let ended = Process::join(server_name).and_then(|process| {
        let media = process.outside.media.clone();
        let ended = process.run();
        media.shutdown();
        ended
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sordino content process: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What mixers show of the sound of pages.
fn our_streams() -> ProcessFacts {
    ProcessFacts {
        application_name: "Sordino".into(),
        role: Some(AudioSessionType::Playback.media_role()),
        icon_name: Some("multimedia-player".into()),
        ..ProcessFacts::default()
    }
}

struct Process {
    outside: Outside,
    inbox: Receiver<Incoming>,
}

impl Process {
    fn join(server_name: String) -> Result<Self, ProcessError> {
        let ContentProcess { manager, shell: shell_commands, requests: shell } =
            ContentProcess::join(server_name)?;
        let ManagerChannels { content, script, media: media_commands } = manager;

        let (sender, inbox) = unbounded();
        let (from_media, to_manager) = (sender.clone(), content.clone());
        let media = Media::start(Some(our_streams()), move |event| match event {
            // It does not wait for script.
            MediaEvent::StreamsSilenced(silenced) => {
                to_manager.send_at_once(ContentMessage::StreamsSilenced(silenced));
            }
            // The event loop has ended when this fails.
            event => drop(from_media.send(Incoming::Media(event))),
        })?;
        read(script, &sender, Incoming::Script, "ScriptCommands")?;
        read(shell_commands, &sender, Incoming::Shell, "ShellCommands")?;
        let to_media = media.clone();
        let alive = content.clone();
        std::thread::Builder::new().name("MediaCommands".into()).spawn(move || {
            while let Ok(command) = media_commands.recv() {
                match command {
                    MediaCommand::Ping => alive.send_at_once(ContentMessage::Alive),
                    command => to_media.command(command),
                }
            }
        })?;
        Ok(Self { outside: Outside { manager: content, shell, media }, inbox })
    }

    fn run(self) -> Result<(), ProcessError> {
        let Some((ids, url, prefs, device_salt)) = self.wait_for_page() else { return Ok(()) };
        let prefs = Prefs::with(&prefs)?;
        let url = Url::parse(&url)
            .map_err(|error| ProcessError::Url { url, reason: error.to_string() })?;
        let mebibytes = prefs.number("content.process_mebibytes");
        let watch = MemoryWatch::start(mebibytes, self.outside.shell.clone())?;
        let agent = Agent::new(prefs, ids, device_salt, self.outside.clone())?;
        agent.open(url);
        self.run_event_loop(&agent, &watch);
        agent.close();
        Ok(())
    }

    /// Waits for the first command of the shell. `None`: there is nothing to do.
    fn wait_for_page(&self) -> Option<(IdAllocator, String, Vec<String>, DeviceSalt)> {
        loop {
            match self.inbox.recv().ok()? {
                Incoming::Shell(ShellCommand::LoadPage {
                    tab: _,
                    namespace,
                    url,
                    prefs,
                    device_salt,
                }) => {
                    return Some((IdAllocator::new(namespace), url, prefs, device_salt));
                }
                Incoming::Media(event) => self.report_media(event),
                Incoming::Closed | Incoming::Shell(ShellCommand::Shutdown) => return None,
                Incoming::Script(_) | Incoming::Shell(_) => {}
            }
        }
    }

    fn request(&self, request: ShellRequest) {
        if let Err(error) = self.outside.shell.send(request) {
            log::debug!("the shell is gone: {error}");
        }
    }

    fn run_event_loop(&self, agent: &Rc<Agent>, watch: &MemoryWatch) {
        loop {
            watch.is_busy(true);
            while !agent.is_over() && agent.run_task() {
                // What came meanwhile has its turn among the tasks.
                for incoming in self.inbox.try_iter() {
                    if !self.dispatch(agent, incoming) {
                        return;
                    }
                }
            }
            if agent.is_over() {
                return;
            }
            watch.is_busy(false);
            let incoming = match agent.events().idle_for(Timestamp::now()) {
                None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(idle) => self.inbox.recv_timeout(idle),
            };
            let goes_on = match incoming {
                Ok(incoming) => self.dispatch(agent, incoming),
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => false,
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Makes tasks of what came in. Returns whether the process goes on.
    fn dispatch(&self, agent: &Rc<Agent>, incoming: Incoming) -> bool {
        match incoming {
            Incoming::Script(command) => agent.script_command(command),
            Incoming::Media(MediaEvent::Player { element, player, event }) => {
                agent.player_event(element, player, event);
            }
            Incoming::Media(MediaEvent::Devices(devices)) => {
                agent.captures().devices_listed(agent, devices);
            }
            Incoming::Media(MediaEvent::Source { source, event }) => {
                agent.captures().source_event(agent, source, event);
            }
            Incoming::Media(MediaEvent::AudioContext { context, event }) => {
                agent.audio_context_event(context, event);
            }
            Incoming::Media(MediaEvent::Decoded { number, result }) => {
                agent.decoded(number, result)
            }
            Incoming::Media(event) => self.report_media(event),
            Incoming::Shell(ShellCommand::Permission { id, granted }) => {
                agent.captures().permission(agent, id, granted);
            }
            Incoming::Shell(ShellCommand::Fetch { id, event }) => agent.fetch_event(id, event),
            Incoming::Shell(ShellCommand::Click { selectors }) => agent.click(selectors),
            Incoming::Shell(ShellCommand::LocalStorage(area)) => {
                agent.storage_areas().give(agent, area);
            }
            Incoming::Shell(ShellCommand::LocalStorageChanged(changed)) => {
                agent.storage_areas().changed(agent, changed);
            }
            Incoming::Shell(ShellCommand::CookiesChanged { written, documents }) => {
                agent.cookies().changed(agent, written, &documents);
            }
            Incoming::Shell(ShellCommand::LoadPage { .. }) => {
                log::warn!("a second page was asked for; a content process shows one");
            }
            Incoming::Closed | Incoming::Shell(ShellCommand::Shutdown) => return false,
        }
        true
    }

    fn report_media(&self, event: MediaEvent) {
        match event {
            MediaEvent::Ready { sound_device } => {
                self.request(ShellRequest::MediaReady { sound_device });
            }
            MediaEvent::Unavailable { reason } => {
                self.request(ShellRequest::MediaUnavailable { reason });
            }
            event => log::debug!("{event:?}"),
        }
    }
}

/// A thread that hands everything from one channel on to the inbox.
fn read<T>(
    channel: IpcReceiver<T>,
    inbox: &Sender<Incoming>,
    wrap: fn(T) -> Incoming,
    name: &str,
) -> Result<(), ProcessError>
where
    T: for<'de> serde::Deserialize<'de> + serde::Serialize + Send + 'static,
{
    let inbox = inbox.clone();
    std::thread::Builder::new().name(name.into()).spawn(move || {
        while let Ok(message) = channel.recv()
            && inbox.send(wrap(message)).is_ok()
        {}
        // The event loop has ended when this fails.
        let _ = inbox.send(Incoming::Closed);
    })?;
    Ok(())
}
