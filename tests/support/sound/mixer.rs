/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The streams of a server, and what the real `pactl` does to them, as a user's mixer would.

use serde_json::Value;

use super::SoundServer;

/// A stream as the server knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Its number, for [`SoundServer::set_gain`] and the like.
    pub index: u32,
    /// The process that plays it; 0 for the server itself.
    pub pid: u32,
    /// The sink that it plays to; none while WirePlumber's policy holds it.
    pub sink: Option<String>,
    /// Whether it is paused, by itself or by WirePlumber's policy.
    pub corked: bool,
    /// Whether the server mutes it.
    pub muted: bool,
    /// Its volume, as a gain in 0..1.
    pub gain: f64,
    /// `media.role`, like `music`.
    pub role: Option<String>,
    /// `media.name`, like the title of a song.
    pub name: Option<String>,
    /// `application.name`.
    pub application: Option<String>,
    /// `application.icon_name`.
    pub icon: Option<String>,
}

impl Stream {
    fn of(stream: &Value, sinks: &[(u64, String)]) -> Self {
        let property = |name: &str| stream["properties"][name].as_str().map(ToString::to_string);
        let channel = stream["volume"].as_object().and_then(|channels| channels.values().next());
        let volume = channel.and_then(|channel| channel["value"].as_f64()).unwrap_or(0.0);
        let sink = sinks.iter().find(|(index, _)| Some(*index) == stream["sink"].as_u64());
        Self {
            index: number(&stream["index"]),
            pid: property("application.process.id").map_or(0, |pid| pid.parse().unwrap()),
            sink: sink.map(|(_, name)| name.clone()),
            corked: stream["corked"].as_bool().unwrap(),
            muted: stream["mute"].as_bool().unwrap(),
            // A volume of PulseAudio is the cube root of a gain, in 65,536ths.
            gain: (volume / 65_536.0).powi(3),
            role: property("media.role"),
            name: property("media.name"),
            application: property("application.name"),
            icon: property("application.icon_name"),
        }
    }

    /// Whether it is one of the short ones by which GStreamer learns what the server can do.
    fn is_probe(&self) -> bool {
        self.name.as_deref() == Some("pulsesink probe")
    }
}

fn number(value: &Value) -> u32 {
    value.as_u64().and_then(|number| u32::try_from(number).ok()).expect("an index")
}

impl SoundServer {
    /// What `pactl` prints.
    ///
    /// # Errors
    ///
    /// What it says when it fails, as when there is no such stream.
    pub fn pactl(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.client("pactl").args(arguments).output().expect("pactl is installed");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_string();
        match output.status.success() {
            true => Ok(text(&output.stdout)),
            false => Err(format!("{arguments:?}: {}", text(&output.stderr))),
        }
    }

    fn list(&self, what: &[&str]) -> Vec<Value> {
        let arguments = [&["--format=json", "list"], what].concat();
        serde_json::from_str(&self.pactl(&arguments).unwrap()).unwrap()
    }

    fn numbered_sinks(&self) -> Vec<(u64, String)> {
        let sinks = self.list(&["short", "sinks"]);
        let named = |sink: &Value| (sink["index"].as_u64().unwrap(), sink["name"].clone());
        sinks.iter().map(named).map(|(at, name)| (at, name.as_str().unwrap().into())).collect()
    }

    /// The names of the sinks.
    pub fn sinks(&self) -> Vec<String> {
        self.numbered_sinks().into_iter().map(|(_, name)| name).collect()
    }

    /// The streams of now, without those by which GStreamer only learns what the server can do.
    pub fn streams(&self) -> Vec<Stream> {
        let streams = self.list(&["sink-inputs"]);
        let sinks = self.numbered_sinks();
        let all = streams.iter().map(|stream| Stream::of(stream, &sinks));
        all.filter(|stream| !stream.is_probe()).collect()
    }

    /// Waits until the streams are as wanted.
    pub fn until(&self, what: &str, wanted: impl Fn(&[Stream]) -> bool) {
        let mut streams = Vec::new();
        let found = self.becomes(|| {
            streams = self.streams();
            wanted(&streams)
        });
        assert!(found, "never: {what}; there is {streams:?}");
    }

    /// Waits for a stream, and tells of it.
    pub fn until_stream(&self, what: &str, wanted: impl Fn(&Stream) -> bool) -> Stream {
        let mut streams = Vec::new();
        self.becomes(|| {
            streams = self.streams();
            streams.iter().any(&wanted)
        });
        let found = streams.iter().find(|stream| wanted(stream)).cloned();
        found.unwrap_or_else(|| panic!("never: {what}; there is {streams:?}"))
    }

    fn set(&self, verb: &str, object: &str, value: &str) {
        self.pactl(&[verb, object, value]).unwrap();
    }

    /// Sets the volume of a stream, as a gain in 0..1.
    pub fn set_gain(&self, stream: u32, gain: f64) {
        let volume = (gain.cbrt() * 65_536.0).round();
        self.set("set-sink-input-volume", &stream.to_string(), &volume.to_string());
    }

    /// Mutes a stream, or no longer.
    pub fn set_muted(&self, stream: u32, muted: bool) {
        let muted = if muted { "1" } else { "0" };
        self.set("set-sink-input-mute", &stream.to_string(), muted);
    }

    /// Moves a stream to another sink; it is there when this returns.
    ///
    /// It is asked for until it is so: pipewire-pulse forgets the wish when `pactl` leaves before
    /// it has told WirePlumber.
    pub fn move_to(&self, stream: u32, sink: &str) {
        let moves = self.becomes(|| {
            self.set("move-sink-input", &stream.to_string(), sink);
            let found =
                |found: &Stream| found.index == stream && found.sink.as_deref() == Some(sink);
            self.streams().iter().any(found)
        });
        assert!(moves, "stream {stream} never moves to {sink}");
    }

    /// Makes a sink the one for streams that choose none; it is so when this returns.
    ///
    /// pipewire-pulse refuses it before WirePlumber has told it that there are defaults.
    pub fn set_default_sink(&self, sink: &str) {
        let mut answer = Ok(String::new());
        let changes = self.becomes(|| {
            answer = self.pactl(&["set-default-sink", sink]);
            answer.is_ok() && self.pactl(&["get-default-sink"]).unwrap() == sink
        });
        assert!(changes, "{sink} never becomes the default sink: {answer:?}");
    }

    /// Loads a module, with its arguments, and tells its number.
    pub fn load_module(&self, line: &str) -> u32 {
        let arguments: Vec<&str> = ["load-module"].into_iter().chain(line.split(' ')).collect();
        self.pactl(&arguments).unwrap().parse().expect("the number of the module")
    }

    /// Unloads a module by its number, as when its device goes.
    pub fn unload_module(&self, module: u32) {
        self.pactl(&["unload-module", &module.to_string()]).unwrap();
    }
}
