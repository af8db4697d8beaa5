/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A private sound server, PulseAudio or PipeWire, with what a user and other programs do to it.
//!
//! * Here: the server itself, which can be killed and started again.
//! * [`mixer`]: its streams, and what the real `pactl` does to them.
//! * [`recording`]: what a sink plays, recorded.
//! * [`program`]: another program, which plays a tone.

pub mod mixer;
pub mod program;
pub mod recording;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crossbeam_channel::Receiver;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{Bus, PATIENCE, lines, pipewire};

pub use mixer::Stream;
pub use program::Player;
pub use recording::Recording;

/// The null sink of a server that was asked for none by name.
pub const SPEAKER: &str = "speaker";

/// The level of a tone whose amplitude is 0.25, as most are, in dBFS.
pub const LEVEL: f64 = -12.04;
/// The same of a tone that is ducked to a fifth.
pub const DUCKED: f64 = LEVEL - 13.98;
/// What is no sound of a tone, in dBFS: another one may sound.
pub const QUIET: f64 = -65.0;
/// What is silence to a listener, in dBFS.
pub const INAUDIBLE: f64 = -60.0;
/// A tone below this, in dBFS, has ended; a busy machine leaves gaps in another one that reach it.
pub const GONE: f64 = -30.0;

/// A sound server with null sinks of 48 kHz, at an address and in a folder of its own.
#[derive(Debug)]
pub struct SoundServer {
    /// What `PULSE_SERVER` must be for its clients.
    pub address: String,
    setup: Builder,
    running: Option<Running>,
    folder: TempDir,
}

/// What a sound server is to be like.
#[derive(Clone, Debug)]
pub struct Builder {
    kind: Kind,
    sinks: Vec<String>,
    modules: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    PulseAudio,
    PipeWire { roles: bool },
}

/// The processes of a server, and the `pactl` that tells of changes.
#[derive(Debug)]
struct Running {
    servers: Vec<Server>,
    _bus: Option<Bus>,
    subscription: Child,
    changes: Receiver<String>,
}

/// A process of a server, until this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    /// It must be read on, or the process writes to nobody.
    log: Receiver<String>,
}

impl Server {
    /// Starts it, its log being what it writes as errors.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let log = lines(process.stderr.take().unwrap());
        Self { process, log }
    }

    /// Waits until its log says so.
    pub(crate) fn ready(self, sign: &str) -> Self {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            match self.log.recv_deadline(deadline) {
                Ok(line) if line.contains(sign) => return self,
                Ok(line) => seen.push(line),
                Err(_) => panic!("it never says {sign:?}, only {seen:?}"),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

impl Builder {
    /// Its null sinks by name, instead of [`SPEAKER`] alone; the first is the default one.
    #[must_use]
    pub fn sinks(mut self, names: &[&str]) -> Self {
        self.sinks = names.iter().map(ToString::to_string).collect();
        self
    }

    /// One more module, with its arguments, like `module-role-cork trigger_roles=phone`.
    #[must_use]
    pub fn module(mut self, line: &str) -> Self {
        self.modules.push(line.into());
        self
    }

    /// PipeWire with WirePlumber and pipewire-pulse, as on most desktops, instead of PulseAudio.
    #[must_use]
    pub fn pipewire(mut self) -> Self {
        self.kind = Kind::PipeWire { roles: false };
        self
    }

    /// PipeWire with WirePlumber's policy of roles: a stream of the role `phone` takes the sink
    /// from those of `music`, `video`, `game` and of no role, whose clocks stand still meanwhile.
    #[must_use]
    pub fn pipewire_with_roles(mut self) -> Self {
        self.kind = Kind::PipeWire { roles: true };
        self
    }

    /// Starts it; it takes clients when this returns.
    pub fn start(self) -> SoundServer {
        let mut server = self.absent();
        server.start_again();
        server
    }

    /// Only an address, until [`SoundServer::start_again`].
    pub fn absent(self) -> SoundServer {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("unix:{}", folder.path().join("native").display());
        SoundServer { address, setup: self, running: None, folder }
    }
}

impl SoundServer {
    /// Starts PulseAudio with one null sink; it takes clients when this returns.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// The address of a PulseAudio server that does not run before [`Self::start_again`].
    pub fn absent() -> Self {
        Self::builder().absent()
    }

    /// Says what a server is to be like: PulseAudio with [`SPEAKER`], if no more is said.
    pub fn builder() -> Builder {
        Builder { kind: Kind::PulseAudio, sinks: vec![SPEAKER.into()], modules: Vec::new() }
    }

    /// Ends it by SIGKILL, as one that crashes.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Lets it stand still, as one that hangs, or go on.
    pub fn set_stalled(&self, stalled: bool) {
        let signal = if stalled { Signal::STOP } else { Signal::CONT };
        for server in &self.running.as_ref().expect("the server runs").servers {
            kill_process(Pid::from_child(&server.process), signal).unwrap();
        }
    }

    /// Starts it at the address that it had or shall have; it takes clients when this returns.
    pub fn start_again(&mut self) {
        assert!(self.running.is_none(), "it runs already");
        let folder = self.folder.path();
        let (servers, bus) = match self.setup.kind {
            Kind::PulseAudio => (vec![pulseaudio(folder, &self.address, &self.setup)], None),
            Kind::PipeWire { roles } => {
                let bus = Bus::start();
                let sinks = &self.setup.sinks;
                (pipewire::start(folder, &self.address, &bus, sinks, roles), Some(bus))
            }
        };
        let (subscription, changes) = self.subscribe();
        self.running = Some(Running { servers, _bus: bus, subscription, changes });
        if let Kind::PipeWire { roles } = self.setup.kind {
            self.settle(roles);
        }
    }

    /// Waits until WirePlumber takes part: before that, nothing is linked to a sink.
    fn settle(&self, roles: bool) {
        let default = &self.setup.sinks[0];
        let wanted = self.setup.sinks.len() + if roles { pipewire::ROLES } else { 0 };
        assert!(self.becomes(|| self.sinks().len() == wanted), "all sinks are there");
        self.set_default_sink(default);
        for line in &self.setup.modules {
            self.load_module(line);
        }
        drop(self.record(default));
    }

    /// Follows the server's changes; it hears of all that come after this returns.
    fn subscribe(&self) -> (Child, Receiver<String>) {
        let mut subscription = self
            .client("pactl")
            .arg("subscribe")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("pactl is installed");
        let changes = lines(subscription.stdout.take().unwrap());
        let start = Instant::now();
        // Each question is a change itself: that of a client.
        while changes.is_empty() {
            assert!(start.elapsed() < PATIENCE, "no change is told of");
            self.pactl(&["info"]).unwrap();
        }
        (subscription, changes)
    }

    /// A program that is a client of this server.
    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("PULSE_SERVER", &self.address)
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .env_remove("PULSE_SINK")
            .env_remove("PULSE_PROP")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null());
        command
    }

    /// Waits until `holds`, which is asked after each change of the server; whether it ever does.
    fn becomes(&self, mut holds: impl FnMut() -> bool) -> bool {
        let changes = &self.running.as_ref().expect("the server runs").changes;
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            if changes.recv_deadline(deadline).is_err() {
                return false;
            }
            // One look is enough for all changes so far.
            while changes.try_recv().is_ok() {}
        }
        true
    }
}

/// Runs PulseAudio until it takes clients.
fn pulseaudio(folder: &Path, address: &str, setup: &Builder) -> Server {
    let socket = address.trim_start_matches("unix:");
    let mut script = String::new();
    for name in &setup.sinks {
        // With rewinds, such a sink plays 2 s ahead until it has a client: those are lost.
        script += &format!(
            "load-module module-null-sink sink_name={name} rate=48000 format=float32le channels=2 \
             norewinds=1 sink_properties=device.description={name}\n"
        );
    }
    script += &format!("set-default-sink {}\n", setup.sinks[0]);
    for line in &setup.modules {
        script += &format!("load-module {line}\n");
    }
    script +=
        &format!("load-module module-native-protocol-unix socket={socket} auth-anonymous=1\n");
    let script_path = folder.join("setup.pa");
    std::fs::write(&script_path, script).unwrap();
    let mut command = Command::new("pulseaudio");
    command
        .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"])
        .args(["--log-target=stderr", "--log-level=info", "-F"])
        .arg(script_path)
        .env("XDG_RUNTIME_DIR", folder)
        .env("HOME", folder)
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
    Server::start(&mut command).ready("Daemon startup complete")
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.subscription);
    }
}

/// Ends a process and waits for its end.
fn end(process: &mut Child) {
    // It fails when the process has ended already.
    let _ = process.kill();
    let _ = process.wait();
}
