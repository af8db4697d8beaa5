/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A private PipeWire, with WirePlumber as its session manager and pipewire-pulse for clients of
//! PulseAudio, on a private bus; [`crate::SoundServer`] is how tests use it.

use std::path::Path;
use std::process::Command;

use crate::Bus;
use crate::sound::Server;

/// How many sinks the policy of roles adds: each role has one, in front of the real ones.
pub(crate) const ROLES: usize = 2;

/// What every PipeWire process loads.
const LIBRARIES: &str = "
    context.spa-libs = {
        audio.convert.* = audioconvert/libspa-audioconvert
        support.* = support/libspa-support
    }";

/// The server: no devices but null sinks, and 10 ms at a time.
const SERVER: &str = "
    context.properties = {
        core.daemon = true
        core.name = pipewire-0
        support.dbus = false
        default.clock.rate = 48000
        default.clock.allowed-rates = [ 48000 ]
        default.clock.quantum = 480
        default.clock.min-quantum = 480
        default.clock.max-quantum = 960
    }
    context.modules = [
        { name = libpipewire-module-rt args = { nice.level = -11 } flags = [ ifexists nofail ] }
        { name = libpipewire-module-protocol-native }
        { name = libpipewire-module-metadata }
        { name = libpipewire-module-spa-node-factory }
        { name = libpipewire-module-client-node }
        { name = libpipewire-module-client-device }
        { name = libpipewire-module-access }
        { name = libpipewire-module-adapter }
        { name = libpipewire-module-link-factory }
        { name = libpipewire-module-session-manager }
    ]";

/// The server for PulseAudio's clients.
const PULSE: &str = "
    context.properties = { support.dbus = false }
    context.modules = [
        { name = libpipewire-module-rt args = { nice.level = -11 } flags = [ ifexists nofail ] }
        { name = libpipewire-module-protocol-native }
        { name = libpipewire-module-client-node }
        { name = libpipewire-module-adapter }
        { name = libpipewire-module-metadata }
        { name = libpipewire-module-protocol-pulse }
    ]";

/// The session manager: Debian's own policy, without devices and without real-time priority.
const SESSION: &str = "
    context.properties = { wireplumber.script-engine = lua-scripting support.dbus = false }
    context.modules = [
        { name = libpipewire-module-protocol-native }
        { name = libpipewire-module-client-node }
        { name = libpipewire-module-client-device }
        { name = libpipewire-module-adapter }
        { name = libpipewire-module-metadata }
        { name = libpipewire-module-session-manager }
    ]
    wireplumber.components = [
        { name = libwireplumber-module-lua-scripting, type = module }
        { name = main.lua, type = config/lua }
        { name = policy.lua, type = config/lua }
    ]";

const NO_DEVICES: &str = "
    alsa_monitor.enabled = false
    v4l2_monitor.enabled = false
    libcamera_monitor.enabled = false";

/// The policy of roles. The aliases are those of pipewire-pulse, which leaves PulseAudio's names;
/// without a role for recordings the script fails on the first one.
const ROLE_POLICY: &str = r#"
    default_policy.policy.roles = {
      ["Capture"] = {
        ["priority"] = 25,
        ["action.default"] = "mix",
        ["media.class"] = "Audio/Source",
      },
      ["Multimedia"] = {
        ["alias"] = { "Movie", "Music", "Game", "video", "music", "game" },
        ["priority"] = 25,
        ["action.default"] = "mix",
      },
      ["Communication"] = {
        ["alias"] = { "phone" },
        ["priority"] = 75,
        ["action.default"] = "cork",
        ["action.Communication"] = "mix",
      },
    }
    default_policy.endpoints = {
      ["endpoint.multimedia"] = { ["media.class"] = "Audio/Sink", ["role"] = "Multimedia" },
      ["endpoint.communication"] = { ["media.class"] = "Audio/Sink", ["role"] = "Communication" },
    }"#;

/// WirePlumber's script that links streams to devices; with roles, it leaves all streams to
/// another one, which cannot record a sink.
const LINKING: &str = "/usr/share/wireplumber/scripts/policy-node.lua";
const LINKS_NONE: &str = "if endpoints_om:get_n_objects () > 0 and";
const LINKS_RECORDINGS: &str =
    "if si_props[\"item.node.direction\"] == \"output\" and endpoints_om:get_n_objects () > 0 and";

/// Starts the three processes in a folder, with null sinks, at the address that clients of
/// PulseAudio use; they are in the order in which to end them.
pub(crate) fn start(
    folder: &Path,
    address: &str,
    bus: &Bus,
    sinks: &[String],
    roles: bool,
) -> Vec<Server> {
    configure(folder, address, sinks, roles);
    let command = |program: &str, debug: &str| {
        let mut command = Command::new(program);
        command
            .env("XDG_RUNTIME_DIR", folder)
            .env("XDG_CONFIG_HOME", folder)
            .env("XDG_STATE_HOME", folder)
            .env("HOME", folder)
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .env("PIPEWIRE_DEBUG", debug);
        command
    };
    let mut native = command("pipewire", "1,mod.protocol-native:3");
    native.arg("-c").arg(folder.join("server.conf"));
    let native = Server::start(&mut native).ready("Listening on");
    let session = Server::start(&mut command("wireplumber", "1"));
    let mut compatible = command("pipewire", "1,mod.protocol-pulse:3");
    compatible.arg("-c").arg(folder.join("pulse.conf"));
    let compatible = Server::start(&mut compatible).ready("listening on");
    vec![compatible, session, native]
}

fn configure(folder: &Path, address: &str, sinks: &[String], roles: bool) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let objects: String = sinks.iter().enumerate().map(|(at, name)| null_sink(at, name)).collect();
    write(
        "server.conf",
        &format!("{LIBRARIES}{SERVER}\n    context.objects = [{objects}\n    ]\n"),
    );
    let pulse = format!("pulse.properties = {{ server.address = [ \"{address}\" ] }}");
    write("pulse.conf", &format!("{LIBRARIES}{PULSE}\n    {pulse}\n"));
    write("wireplumber/wireplumber.conf", &format!("{LIBRARIES}{SESSION}\n"));
    write("wireplumber/main.lua.d/60-no-devices.lua", NO_DEVICES);
    if roles {
        write("wireplumber/policy.lua.d/60-roles.lua", ROLE_POLICY);
        let script = std::fs::read_to_string(LINKING).expect("WirePlumber is installed");
        let linking = script.replace(LINKS_NONE, LINKS_RECORDINGS);
        assert_ne!(script, linking, "WirePlumber is another version");
        write("wireplumber/scripts/policy-node.lua", &linking);
    }
}

fn null_sink(at: usize, name: &str) -> String {
    let priority = 1_000 - at;
    format!(
        "
        {{ factory = adapter args = {{
            factory.name = support.null-audio-sink
            node.name = {name}
            node.description = {name}
            media.class = Audio/Sink
            audio.position = [ FL FR ]
            audio.rate = 48000
            monitor.channel-volumes = true
            object.linger = true
            priority.session = {priority}
        }} }}"
    )
}
