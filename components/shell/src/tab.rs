/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A tab: one content process, from its start to its end.
//!
//! # Threads
//!
//! Per tab: one that waits for the process to join and then reads its requests, one that writes
//! commands to it, and one that waits for its end. All they do is to hand on to the main loop
//! through its bounded channel. Besides, those of its fetches and of its local storage.

use std::convert::Infallible;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use ipc_channel::ipc::{self, IpcOneShotServer, IpcSender};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, set_parent_process_death_signal, waitid,
};
use sordino_constellation::untrusted::{ReceiveError, UntrustedReceiver};
use sordino_constellation::{ContentChannels, SessionManagerProxy};
use sordino_traits::embedder::{DeviceSalt, ShellCommand, ShellRequest};
use sordino_traits::messages::{ContentHello, ContentWelcome, PROTOCOL_VERSION};
use sordino_traits::validate::Violation;
use sordino_traits::{NamespaceId, TabId};
use tempfile::TempDir;
use url::Url;

use crate::local_storage::{LocalStorage, TabStorage};
use crate::net::{Fetches, Network};

/// How many commands wait for a content process; they are rare.
const COMMAND_QUEUE: usize = 64;
/// How long the requests of a process that has ended may take to be read.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long a process may take to end after it has closed its channels.
pub(crate) const LAST_STEPS: Duration = Duration::from_secs(2);

/// What the threads of a tab tell the main loop.
#[derive(Debug)]
pub(crate) enum TabEvent {
    /// The process has joined.
    Joined,
    /// It asks for something that is not a fetch.
    Request(ShellRequest),
    /// It did what no correct content process does, and must end.
    Violation(Violation),
    /// It has ended; nothing of it follows.
    Exited(std::io::Result<ExitStatus>),
}

/// What a tab opens, and how.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) url: Url,
    /// Preferences that the user has changed, as `NAME=VALUE`.
    pub(crate) prefs: Vec<String>,
    /// Whether nothing of it is shown or recorded.
    pub(crate) is_private: bool,
    /// Its cookies, and how long servers may take.
    pub(crate) network: Network,
    pub(crate) local_storage: LocalStorage,
    pub(crate) device_salt: DeviceSalt,
    /// The program of the content process; `None` for this one.
    pub(crate) program: Option<PathBuf>,
}

/// A running content process.
pub(crate) struct Tab {
    pub(crate) id: TabId,
    pub(crate) url: Url,
    /// Its process id.
    pub(crate) pid: u32,
    /// Whether the user was told that it is gone, and why.
    pub(crate) is_closed: bool,
    child: Arc<Mutex<Child>>,
    commands: Sender<ShellCommand>,
    /// Where GStreamer buffers media; deleted with the tab, however its process ended.
    _cache: TempDir,
}

/// In a content process: the name of the one-shot server to join, from the inherited pipe.
pub(crate) fn read_server_name() -> Result<String, String> {
    use std::io::IsTerminal;

    if std::io::stdin().is_terminal() {
        return Err("there is no parent to join".into());
    }
    // Where it is not to be had, a process that does nothing but compute outlives a killed parent.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let mut name = String::new();
    std::io::stdin().lock().read_line(&mut name).map_err(|error| error.to_string())?;
    let name = name.trim().to_owned();
    if name.is_empty() || name.contains('\0') {
        Err("there is no parent to join".into())
    } else {
        Ok(name)
    }
}

impl Tab {
    /// Starts a content process.
    pub(crate) fn open(
        id: TabId,
        opening: Opening,
        manager: SessionManagerProxy,
        events: Sender<(TabId, TabEvent)>,
    ) -> std::io::Result<Self> {
        let (server, name) = IpcOneShotServer::<ContentHello>::new()?;
        let cache = cache_folder()?;
        let program = match &opening.program {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        let mut child = std::process::Command::new(program)
            .arg("content")
            .env("XDG_CACHE_HOME", cache.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut pipe) = child.stdin.take() {
            writeln!(pipe, "{name}")?;
        }
        let pid = child.id();
        let child = Arc::new(Mutex::new(child));
        let (commands, to_write) = bounded(COMMAND_QUEUE);

        let spawn = |name: &str| std::thread::Builder::new().name(format!("{name} {id}"));
        // Nothing is ever sent through these two; each is closed when its thread is done.
        let (reading, all_read) = bounded::<Infallible>(0);
        let (running, ended) = bounded::<Infallible>(0);
        {
            let (child, events) = (child.clone(), events.clone());
            spawn("ContentWaiter").spawn(move || {
                let status = wait_for_end(pid, &child);
                drop(running);
                // Its last words come first. A process that never joined has none.
                let _ = all_read.recv_timeout(LAST_WORDS);
                // The main loop may have gone.
                let _ = events.send((id, TabEvent::Exited(status)));
            })?;
        }
        let url = opening.url.clone();
        spawn("ContentRequests").spawn(move || {
            let last_events = events.clone();
            let serve = move || serve(id, server, opening, &manager, to_write, &events);
            // ipc-channel panics when the first message has a header that it cannot make sense of.
            let violation = match catch_unwind(AssertUnwindSafe(serve)) {
                Ok(()) => Violation::Detached,
                Err(_) => Violation::Malformed("the decoder gave up".into()),
            };
            drop(reading);
            // A process that has closed its channel is about to end.
            if ended.recv_timeout(LAST_STEPS) == Err(RecvTimeoutError::Timeout) {
                // The main loop may have gone.
                let _ = last_events.send((id, TabEvent::Violation(violation)));
            }
        })?;
        Ok(Self { id, url, pid, is_closed: false, child, commands, _cache: cache })
    }

    /// Sends a command, unless the process is gone or does not read.
    pub(crate) fn send(&self, command: ShellCommand) {
        if let Err(error) = self.commands.try_send(command) {
            log::warn!("a command to tab {} is lost: {error}", self.id);
        }
    }

    /// Ends the process without asking it. [`TabEvent::Exited`] follows.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // It fails when the process has ended already.
        let _ = child.kill();
    }
}

/// A cache folder for one content process, in which GStreamer finds its registry of plugins.
fn cache_folder() -> std::io::Result<TempDir> {
    const GSTREAMER: &str = "gstreamer-1.0";

    let folder = tempfile::Builder::new().prefix("sordino-").tempdir()?;
    let user_cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    if let Some(registry) = user_cache.map(|cache| cache.join(GSTREAMER)) {
        // Without it every content process would look at every plugin, which takes a second.
        let linked = std::fs::create_dir_all(&registry)
            .and_then(|()| std::os::unix::fs::symlink(&registry, folder.path().join(GSTREAMER)));
        if let Err(error) = linked {
            log::warn!("content processes start slowly, without {}: {error}", registry.display());
        }
    }
    Ok(folder)
}

/// Lets the process join, and deals with all that it asks for until its channel closes.
fn serve(
    id: TabId,
    server: IpcOneShotServer<ContentHello>,
    Opening { url: page, prefs, is_private, network, local_storage, device_salt, program: _ }: Opening,
    manager: &SessionManagerProxy,
    to_write: Receiver<ShellCommand>,
    events: &Sender<(TabId, TabEvent)>,
) {
    let Ok((_, hello)) = server.accept() else { return };
    if hello.version != PROTOCOL_VERSION {
        let violation = Violation::Version { found: hello.version, own: PROTOCOL_VERSION };
        // The main loop may have gone.
        let _ = events.send((id, TabEvent::Violation(violation)));
        return;
    }
    // The number of the tab is the namespace of its process.
    let namespace = NamespaceId(id.index.get());
    let load =
        ShellCommand::LoadPage { tab: id, namespace, url: page.to_string(), prefs, device_salt };
    let ContentHello { welcome, script, media, shell, .. } = hello;
    // Of what a process cannot reach, nothing else reads and nothing is changed.
    let (Ok((to_manager, content)), Ok((to_shell, requests))) = (ipc::channel(), ipc::channel())
    else {
        return log::error!("no channels for tab {id}");
    };
    if welcome.send(ContentWelcome { content: to_manager, requests: to_shell }).is_err() {
        return;
    }
    let channels = ContentChannels {
        tab: id,
        namespace,
        is_private,
        opened_file: (page.scheme() == "file").then(|| page.clone()),
        content,
        script,
        media,
    };
    if manager.add_content(channels).is_err() || shell.send(load).is_err() {
        return;
    }
    let storage = match TabStorage::start(local_storage, id, shell.clone()) {
        Ok(storage) => storage,
        Err(error) => return log::error!("no thread for the storage of tab {id}: {error}"),
    };
    let fetches = Fetches::new(shell.clone(), page, &network, storage.clone());
    let writer = std::thread::Builder::new()
        .name(format!("ContentCommands {id}"))
        .spawn(move || write_commands(&to_write, &shell));
    if let Err(error) = writer {
        log::error!("no thread for the commands to tab {id}: {error}");
    }
    if events.send((id, TabEvent::Joined)).is_ok() {
        read_requests(id, &UntrustedReceiver::new(requests), &fetches, &storage, events);
    }
    fetches.cancel_all();
}

/// Waits without reaping, so that nobody has to hold the lock meanwhile; then reaps.
fn wait_for_end(pid: u32, child: &Mutex<Child>) -> std::io::Result<ExitStatus> {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(pid), options) {}
    }
    child.lock().unwrap_or_else(PoisonError::into_inner).wait()
}

fn write_commands(commands: &Receiver<ShellCommand>, content: &IpcSender<ShellCommand>) {
    while let Ok(command) = commands.recv()
        && content.send(command).is_ok()
    {}
}

fn read_requests(
    id: TabId,
    requests: &UntrustedReceiver<ShellRequest>,
    fetches: &Fetches,
    storage: &TabStorage,
    events: &Sender<(TabId, TabEvent)>,
) {
    loop {
        let event = match requests.recv() {
            Ok(ShellRequest::Fetch { id, request }) => match fetches.start(id, request) {
                Ok(()) => continue,
                Err(violation) => TabEvent::Violation(violation),
            },
            Ok(ShellRequest::CancelFetch { id }) => {
                fetches.cancel(id);
                continue;
            }
            Ok(ShellRequest::PauseFetch { id, paused }) => {
                fetches.pause(id, paused);
                continue;
            }
            Ok(ShellRequest::ChangeLocalStorage { origin, url, change }) => {
                match storage.change(&origin, &url, &change) {
                    Ok(()) => continue,
                    Err(violation) => TabEvent::Violation(violation),
                }
            }
            Ok(ShellRequest::SetCookie { url, cookie }) => {
                match fetches.set_cookie(&url, &cookie) {
                    Ok(()) => continue,
                    Err(violation) => TabEvent::Violation(violation),
                }
            }
            Ok(ShellRequest::AskPermission { site, .. })
                if let Err(violation) = fetches.check_site(&site) =>
            {
                TabEvent::Violation(violation)
            }
            Ok(request) => TabEvent::Request(request),
            Err(ReceiveError::Violation(violation)) => TabEvent::Violation(violation),
            // The waiter tells of the end.
            Err(_) => return,
        };
        let is_end = matches!(event, TabEvent::Violation(_));
        if events.send((id, event)).is_err() || is_end {
            return;
        }
    }
}
