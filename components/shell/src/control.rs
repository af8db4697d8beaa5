/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Driving a running `sordino run` from another process of the same user: `sordino click`,
//! `sordino action`, `sordino permit` and `sordino deny`.
//!
//! `sordino run` listens on a socket in the user's runtime folder, `sordino/PID.sock`. A client sends
//! one request as a line of JSON and gets one answer as another. With `--json`, the same requests are
//! read from standard input.
//!
//! # Threads
//!
//! One waits for clients. Each client has one more, which blocks on that client and on the main loop;
//! the main loop waits for neither.

use std::fs::{self, DirBuilder};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use crossbeam_channel::{Receiver, Sender, bounded};
use serde::{Deserialize, Serialize};

/// How many requests wait for the main loop.
const REQUESTS: usize = 16;
/// The longest request, in bytes.
const MAX_REQUEST: u64 = 64 * 1024;
/// How long a client waits for its answer.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Args, Debug)]
pub(crate) struct ClickOptions {
    /// The first element of the page that matches this CSS selector is clicked. Selectors before it
    /// are those of the frames that it is in, from the outermost in.
    #[arg(value_name = "SELECTOR", required = true)]
    selectors: Vec<String>,

    /// The tab, counted from 1. Without it, the one that has the media keys, or the first.
    #[arg(long, value_name = "TAB")]
    tab: Option<u32>,

    /// The process number of `sordino run`, when more than one runs.
    #[arg(long, value_name = "PID")]
    process: Option<u32>,
}

#[derive(Args, Debug)]
pub(crate) struct ActionOptions {
    /// The action by its name in the draft, and for seekto, seekforward and seekbackward the seconds;
    /// a number before it is the tab, counted from 1. Without it, the tab that has the media keys.
    #[arg(value_name = "[TAB] ACTION [SECONDS]", required = true, num_args = 1..=3)]
    words: Vec<String>,

    /// The process number of `sordino run`, when more than one runs.
    #[arg(long, value_name = "PID")]
    process: Option<u32>,
}

#[derive(Args, Debug)]
pub(crate) struct PermissionOptions {
    /// The tab, counted from 1. Without it, the one that has asked first.
    #[arg(long, value_name = "TAB")]
    tab: Option<u32>,

    /// The process number of `sordino run`, when more than one runs.
    #[arg(long, value_name = "PID")]
    process: Option<u32>,
}

/// What another process asks for.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub(crate) enum Request {
    /// Click as the user would.
    Click {
        /// CSS selectors, as [`ClickOptions`] has them.
        selectors: Vec<String>,
        /// The tab, counted from 1; `None` for the active one.
        tab: Option<u32>,
    },
    /// An action of media sessions, as it is typed on the terminal.
    Action {
        /// Such as `seekto 30`.
        text: String,
    },
    /// Allow what a page has asked for.
    Permit {
        /// The tab, counted from 1; `None` for the one that has asked first.
        tab: Option<u32>,
    },
    /// Refuse it.
    Deny {
        /// As above.
        tab: Option<u32>,
    },
}

/// What became of a request, in one line.
pub(crate) type Answer = Result<String, String>;

/// The socket of this process. It is deleted when this is dropped.
pub(crate) struct Control {
    path: Option<PathBuf>,
    requests: Receiver<(Request, Sender<Answer>)>,
    sender: Sender<(Request, Sender<Answer>)>,
}

impl Control {
    /// Listens, if there is a runtime folder to do it in.
    pub(crate) fn start() -> Self {
        let (sender, requests) = bounded(REQUESTS);
        let path = match folder().map(|folder| listen(&folder, sender.clone())) {
            None => None,
            Some(Ok(path)) => Some(path),
            Some(Err(error)) => {
                log::warn!("`sordino click` will not reach this process: {error}");
                None
            }
        };
        Self { path, requests, sender }
    }

    /// Also takes requests as lines of standard input, from a program that has started this one. Their
    /// answers are events.
    pub(crate) fn read_input(&self) {
        let sender = self.sender.clone();
        let reader = move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                match serde_json::from_str(&line) {
                    Ok(request) => {
                        // Nobody waits for the answer: what happens is an event.
                        let (answer, _) = bounded(1);
                        if sender.send((request, answer)).is_err() {
                            return;
                        }
                    }
                    Err(error) => log::error!("'{line}' is no request: {error}"),
                }
            }
        };
        if let Err(error) = std::thread::Builder::new().name("Input".into()).spawn(reader) {
            log::error!("standard input is not read: {error}");
        }
    }

    /// The requests, each with the channel for its one answer.
    pub(crate) fn requests(&self) -> &Receiver<(Request, Sender<Answer>)> {
        &self.requests
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Somebody may have tidied up.
            let _ = fs::remove_file(path);
        }
    }
}

/// Where the sockets of the user's processes are.
fn folder() -> Option<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from)?;
    runtime.is_absolute().then(|| runtime.join("sordino"))
}

fn listen(folder: &Path, sender: Sender<(Request, Sender<Answer>)>) -> io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = folder.join(format!("{}.sock", std::process::id()));
    // An earlier process with this number may have been killed.
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(&path)?;
    std::thread::Builder::new().name("Control".into()).spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let sender = sender.clone();
            let thread = std::thread::Builder::new().name("ControlClient".into());
            if let Err(error) = thread.spawn(move || serve(client, &sender)) {
                log::warn!("no thread for a client: {error}");
            }
        }
    })?;
    Ok(path)
}

fn serve(mut client: UnixStream, sender: &Sender<(Request, Sender<Answer>)>) {
    let answer = read_request(&client).and_then(|request| {
        let (answer, answered) = bounded(1);
        let gone = || "sordino is ending".to_owned();
        sender.send((request, answer)).map_err(|_| gone())?;
        answered.recv().map_err(|_| gone())?
    });
    let line = serde_json::to_string(&answer).expect("two strings can be written as JSON");
    // The client may have gone.
    let _ = writeln!(client, "{line}");
}

fn read_request(client: &UnixStream) -> Result<Request, String> {
    let mut line = String::new();
    client.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    BufReader::new(client.take(MAX_REQUEST)).read_line(&mut line).map_err(|it| it.to_string())?;
    serde_json::from_str(&line)
        .map_err(|error| format!("the request cannot be understood: {error}"))
}

/// `sordino click`.
pub(crate) fn click(options: ClickOptions) -> ExitCode {
    let ClickOptions { selectors, tab, process } = options;
    finish("click", process, &Request::Click { selectors, tab })
}

/// `sordino action`.
pub(crate) fn action(options: &ActionOptions) -> ExitCode {
    finish("action", options.process, &Request::Action { text: options.words.join(" ") })
}

/// `sordino permit`.
pub(crate) fn permit(options: &PermissionOptions) -> ExitCode {
    finish("permit", options.process, &Request::Permit { tab: options.tab })
}

/// `sordino deny`.
pub(crate) fn deny(options: &PermissionOptions) -> ExitCode {
    finish("deny", options.process, &Request::Deny { tab: options.tab })
}

/// Asks, and prints the answer.
fn finish(command: &str, process: Option<u32>, request: &Request) -> ExitCode {
    match find(process).and_then(|stream| ask(stream, request)) {
        Ok(done) => {
            println!("{done}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("sordino {command}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Connects to the process with this number, or to the only one.
fn find(process: Option<u32>) -> Result<UnixStream, String> {
    let folder = folder().ok_or("XDG_RUNTIME_DIR is not set, so no process can be found")?;
    let name = |path: &Path| Some(path.file_stem()?.to_str()?.to_owned());
    let wanted = |path: &PathBuf| {
        process.is_none_or(|process| name(path).is_some_and(|name| name == process.to_string()))
    };
    let sockets = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
    let sockets = sockets.map(|entry| entry.path()).filter(wanted);
    // A killed process leaves its socket.
    let mut running: Vec<_> = sockets
        .filter_map(|path| UnixStream::connect(&path).ok().map(|stream| (path, stream)))
        .collect();
    match (running.len(), process) {
        (0, None) => Err("no `sordino run` is running".into()),
        (0, Some(process)) => Err(format!("no `sordino run` has the process number {process}")),
        (1, _) => Ok(running.remove(0).1),
        _ => {
            let numbers: Vec<_> = running.iter().filter_map(|(path, _)| name(path)).collect();
            let numbers = numbers.join(", ");
            Err(format!("more than one runs; say which with --process: {numbers}"))
        }
    }
}

fn ask(mut stream: UnixStream, request: &Request) -> Answer {
    let text = |error: io::Error| match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            format!("the page has not answered within {} s", PATIENCE.as_secs())
        }
        _ => error.to_string(),
    };
    let line = serde_json::to_string(request).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(text)?;
    writeln!(stream, "{line}").map_err(text)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).map_err(text)?;
    serde_json::from_str(&answer).map_err(|_| "sordino has ended".to_owned())?
}
