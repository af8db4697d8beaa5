/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A PulseAudio server that can be killed, and what is heard on it.

use std::collections::VecDeque;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gstreamer::prelude::*;
use serde_json::Value;
use sordino_media::sink::{self, ProcessFacts, SinkEvent};
use sordino_tests::{PATIENCE, lines};
use tempfile::TempDir;

/// The facts of the sink are the process's: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

pub struct Rig {
    pub address: String,
    server: Option<Child>,
    folder: TempDir,
    pub events: Receiver<SinkEvent>,
    _turn: MutexGuard<'static, ()>,
}

impl Rig {
    /// With an address where no server is yet.
    pub fn without_server() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        gstreamer::init().unwrap();
        sink::register().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let address = format!("unix:{}", folder.path().join("native").display());
        sink::process().set_server(Some(address.clone()));
        sink::process().set_facts(ProcessFacts::default());
        let (sender, events) = channel();
        sink::process().observe(Box::new(move |event| {
            let _ = sender.send(event);
        }));
        Self { address, server: None, folder, events, _turn: turn }
    }

    pub fn new() -> Self {
        let mut rig = Self::without_server();
        rig.start();
        rig
    }

    pub fn start(&mut self) {
        let socket = self.folder.path().join("native");
        let _ = std::fs::remove_file(&socket);
        let mut server = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"])
            .args(["--log-target=stderr", "--log-level=info"])
            // Otherwise the device renders two seconds at once, and starts as slowly.
            .arg("--load=module-null-sink sink_name=first norewinds=1")
            .arg(format!(
                "--load=module-native-protocol-unix socket={} auth-anonymous=1",
                socket.display()
            ))
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("HOME", self.folder.path())
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("pulseaudio is installed");
        let log = lines(server.stderr.take().unwrap());
        while !log.recv_timeout(PATIENCE).unwrap().contains("Daemon startup complete") {}
        std::thread::spawn(move || log.iter().for_each(drop));
        self.server = Some(server);
    }

    pub fn kill(&mut self) {
        let mut server = self.server.take().unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// Sends the server a signal that `kill` knows.
    pub fn signal(&self, signal: &str) {
        let pid = self.server.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    pub fn pactl(&self, arguments: &[&str]) -> String {
        let output = Command::new("pactl")
            .args(["--server", &self.address])
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .output()
            .expect("pactl is installed");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The streams as the server knows them.
    pub fn streams(&self) -> Vec<Value> {
        let list = self.pactl(&["--format=json", "list", "sink-inputs"]);
        serde_json::from_str::<Value>(&list).unwrap().as_array().unwrap().clone()
    }

    pub fn until(&self, what: &str, wanted: impl Fn(&[Value]) -> bool) {
        let start = Instant::now();
        while !wanted(&self.streams()) {
            assert!(start.elapsed() < PATIENCE, "never: {what}; there is {:?}", self.streams());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A program that plays until the result is dropped.
    pub fn other_program(&self, role: &str) -> Program {
        let program = Command::new("gst-launch-1.0")
            .args(["-q", "audiotestsrc", "wave=silence", "!", "pulsesink"])
            .arg(format!("server={}", self.address))
            .arg(format!("stream-properties=props,media.role={role}"))
            .stdout(Stdio::null())
            .spawn()
            .expect("gst-launch-1.0 is installed");
        Program(program)
    }

    pub fn record(&self) -> Recorder {
        Recorder::start(&self.address)
    }

    pub fn expect(&self, interrupted: bool) {
        let event = self.events.recv_timeout(PATIENCE).unwrap();
        assert_eq!(event, SinkEvent::Interrupted(interrupted));
    }

    pub fn expect_nothing(&self) {
        assert_eq!(self.events.try_recv().ok(), None);
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

pub struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What is heard on the server's default sink.
pub struct Recorder {
    recorder: Child,
    /// When a hundredth of a second was heard, and its RMS.
    heard: Arc<Mutex<VecDeque<(Instant, f32)>>>,
}

impl Recorder {
    fn start(address: &str) -> Self {
        let mut recorder = Command::new("parec")
            .args(["--server", address, "--device=@DEFAULT_MONITOR@", "--raw"])
            .args(["--format=float32le", "--rate=48000", "--channels=1", "--latency-msec=10"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec is installed");
        let mut output = recorder.stdout.take().unwrap();
        let heard = Arc::new(Mutex::new(VecDeque::new()));
        let levels = heard.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 480 * 4];
            while output.read_exact(&mut bytes).is_ok() {
                let squares: f32 = bytes
                    .chunks_exact(4)
                    .map(|sample| f32::from_le_bytes(sample.try_into().unwrap()).powi(2))
                    .sum();
                let level = (squares / 480.0).sqrt();
                levels.lock().unwrap().push_back((Instant::now(), level));
            }
        });
        Self { recorder, heard }
    }

    /// Waits until a tenth of a second sounds as loud as wanted, and tells when that began.
    pub fn until(&self, what: &str, wanted: impl Fn(f32) -> bool) -> Instant {
        let start = Instant::now();
        let mut run = Vec::new();
        let mut last = 0.0;
        self.heard.lock().unwrap().clear();
        loop {
            let next = self.heard.lock().unwrap().pop_front();
            match next {
                Some((at, level)) if wanted(level) => run.push(at),
                Some((_, level)) => {
                    last = level;
                    run.clear();
                }
                None => std::thread::sleep(Duration::from_millis(2)),
            }
            if run.len() >= 10 {
                return run[0];
            }
            assert!(start.elapsed() < PATIENCE, "never heard: {what}, but {last}");
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.recorder.kill();
        let _ = self.recorder.wait();
    }
}

/// A pipeline, stopped when dropped, that fails the test when it has posted an error.
pub struct Playing(pub gstreamer::Pipeline);

impl Playing {
    pub fn new(description: &str) -> Self {
        let pipeline = gstreamer::parse::launch(description).unwrap();
        Self(pipeline.downcast().unwrap())
    }

    pub fn play(self) -> Self {
        self.0.set_state(gstreamer::State::Playing).unwrap();
        self.0.state(gstreamer::ClockTime::from_seconds(30)).0.unwrap();
        self
    }

    pub fn set(&self, state: gstreamer::State) {
        self.0.set_state(state).unwrap();
        self.0.state(gstreamer::ClockTime::from_seconds(30)).0.unwrap();
    }

    pub fn position(&self) -> Duration {
        self.0.query_position::<gstreamer::ClockTime>().unwrap().into()
    }

    /// Waits until its time is this many milliseconds later.
    pub fn goes_on(&self, milliseconds: u64) {
        // There is none for a moment while the sink is exchanged.
        let position = || self.0.query_position::<gstreamer::ClockTime>().map(Duration::from);
        let start = Instant::now();
        let mut from = None;
        loop {
            let now = position();
            from = from.or(now);
            let gone = now.zip(from).map(|(now, from)| now.saturating_sub(from));
            if gone >= Some(Duration::from_millis(milliseconds)) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "time stands still: {from:?} {now:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn element(&self) -> gstreamer::Bin {
        let found = self.0.iterate_recurse().into_iter().flatten().find(|element| {
            element.factory().is_some_and(|factory| factory.name() == sink::ELEMENT)
        });
        found.expect("the element was chosen").downcast().unwrap()
    }

    /// The real sink, or what stands in for it.
    pub fn inner(&self) -> gstreamer::Element {
        let mut sinks = self.element().iterate_sinks().into_iter().flatten();
        sinks.next().expect("there is a sink")
    }

    /// Nothing that an application would act on was posted.
    pub fn assert_quiet(&self) {
        use gstreamer::MessageType;
        let bad = [MessageType::Error, MessageType::RequestState, MessageType::ClockLost];
        if let Some(message) = self.0.bus().unwrap().pop_filtered(&bad) {
            panic!("{message:?}");
        }
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        let _ = self.0.set_state(gstreamer::State::Null);
        if !std::thread::panicking() {
            self.assert_quiet();
        }
    }
}
