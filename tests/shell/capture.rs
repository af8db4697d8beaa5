/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! Microphones of a sound server, devices that are made up, and who may use them.

use rustix::process::Signal;
use serde_json::Value;
use sordino_tests::media::pure_tone;
use sordino_tests::sound::{INAUDIBLE, LEVEL, Player, QUIET, SPEAKER};
use sordino_tests::{Bus, Site, Sordino, SoundServer};

use super::focus::{LOG, is_in, says, signal};

pub const ALLOW: [&str; 2] = ["--pref", "media.capture=allow"];
const TEST_DEVICES: [&str; 3] = ["--test-mode", "--pref", "media.test_devices=true"];

/// The tone that is a voice, in Hz.
const VOICE: f64 = 600.0;

/// How a page captures, and says what becomes of its tracks.
const CAPTURE: &str = r#"
const devices = navigator.mediaDevices;
const capture = async constraints => {
    window.stream = await devices.getUserMedia(constraints);
    for (const track of stream.getTracks()) {
        const say = ({ type }) => log(`${track.kind} ${type} ${track.muted} ${track.readyState}`);
        track.onmute = track.onunmute = track.onended = say;
    }
    log("captures");
    return stream.getTracks();
};
const ask = constraints => capture(constraints).catch(error => log(error.name));
"#;

/// A site with music, and a page of each of these scripts.
fn site<const N: usize>(scripts: [&str; N]) -> (Site, [String; N]) {
    let site = Site::new();
    for hertz in [400, 1_000] {
        pure_tone(site.folder(), hertz, 0.25, 60);
    }
    let names = std::array::from_fn(|number| {
        let name = format!("{}.html", number + 1);
        let script = format!(
            "<body><script>{LOG}{CAPTURE}(async () => {{ {} }})();</script>",
            scripts[number]
        );
        site.page(&name, &format!("Page {}", number + 1), &script);
        name
    });
    (site, names)
}

fn run(
    site: &Site,
    options: &[&str],
    names: &[String],
    bus: Option<&Bus>,
    sound: Option<&SoundServer>,
) -> Sordino {
    let urls: Vec<_> = names.iter().map(|name| site.url(name)).collect();
    let mut arguments = options.to_vec();
    arguments.extend(urls.iter().map(String::as_str));
    Sordino::run_with_sound(&arguments, bus, sound)
}

fn captures(tab: u32, microphone: bool, camera: bool) -> impl Fn(&Value) -> bool {
    move |event| {
        event["tab"] == tab && event["microphone"] == microphone && event["camera"] == camera
    }
}

fn microphone_of(sink: &str) -> String {
    format!(
        "module-remap-source master={sink}.monitor source_name={sink}-source \
         source_properties=device.description={sink}-label"
    )
}

/// A server whose microphone hears what is played into the sink `desk`.
pub fn server() -> SoundServer {
    let builder = SoundServer::builder().sinks(&[SPEAKER, "desk"]);
    let server = builder.module(&microphone_of("desk")).start();
    server.pactl(&["set-default-source", "desk-source"]).unwrap();
    server
}

/// A voice that the microphone hears.
fn tone_into(server: &SoundServer, sink: &str) -> Player {
    let player = server.play_tone("music", VOICE, 0.25);
    let stream = player.stream(&server.streams()).unwrap().index;
    server.move_to(stream, sink);
    player
}

/// What the server says of those who record.
fn recorders(server: &SoundServer) -> String {
    server.pactl(&["list", "source-outputs"]).unwrap()
}

#[test]
fn the_user_is_asked_once_for_each_site() {
    let script = "ask({ audio: true });";
    let (site, names) = site([script, script]);
    let mut sordino = run(&site, &TEST_DEVICES, &names, None, None);
    let asks = |tab: u32| {
        move |event: &Value| {
            event["tab"] == tab && event["microphone"] == true && event["camera"] == false
        }
    };
    let [asked, _] =
        sordino.wait_for_all([("asks-permission", &asks(1)), ("asks-permission", &asks(2))]);
    assert_eq!(asked["site"], site.url("").trim_end_matches('/'));
    let answer = sordino.permit(&["--tab", "2"]).unwrap();
    assert!(answer.contains("may use the microphone: the user says so"), "{answer}");
    sordino.wait_for_all([
        ("capturing", &captures(1, true, false)),
        ("capturing", &captures(2, true, false)),
        ("console", &says(1, "captures")),
        ("console", &says(2, "captures")),
    ]);
    let error = sordino.permit(&["--tab", "1"]).unwrap_err();
    assert!(error.contains("tab 1 asks for nothing"), "{error}");
}

#[test]
fn who_is_refused_gets_an_error_and_does_not_ask_again() {
    let script = "await ask({ audio: true, video: true }); await ask({ video: true }); \
                  await ask({ audio: true }); log('done');";
    let (site, names) = site([script]);
    let mut sordino = run(&site, &TEST_DEVICES, &names, None, None);
    sordino.wait_for("asks-permission", |event| event["camera"] == true);
    let answer = sordino.deny(&[]).unwrap();
    assert!(answer.contains("may not use the microphone and the camera"), "{answer}");
    sordino.wait_for_console("done");
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    let asked = ended.events.iter().filter(|event| event["event"] == "asks-permission").count();
    assert_eq!(asked, 1);
    assert!(ended.events.iter().all(|event| event["event"] != "capturing"));
    let refused = "NotAllowedError";
    assert_eq!(ended.console(), [refused, refused, refused, "done"]);
}

#[test]
fn preferences_refuse_and_made_up_devices_are_for_tests() {
    let (site, names) = site(["ask({ audio: true });"]);
    let options = [TEST_DEVICES.as_slice(), &["--pref", "media.capture=deny"]].concat();
    let mut sordino = run(&site, &options, &names, None, None);
    let refused = sordino.wait_for("permission", |event| event["granted"] == false);
    assert_eq!(refused["why"], "the preference media.capture says so");
    sordino.wait_for_console("NotAllowedError");

    let sordino = run(&site, &TEST_DEVICES[1..], &names, None, None);
    let ended = sordino.wait();
    assert!(!ended.status.success());
    assert!(ended.errors.contains("needs --test-mode"), "{}", ended.errors);
}

#[test]
fn music_of_another_tab_is_silent_while_a_page_records() {
    let record = "await signal('record'); const [track] = await capture({ audio: true }); \
                  log(track.label); await signal('end'); track.stop();";
    let (site, names) = site(["play('400.wav', true);", record]);
    let server = server();
    let recording = server.record(SPEAKER);
    let mut sordino = run(&site, &ALLOW, &names, None, Some(&server));
    sordino.wait_for("audio-session", is_in(1, "active"));
    recording.until_steady(400.0, LEVEL, 0.2);
    signal(&site, "record");
    sordino.wait_for_all([
        ("console", &says(2, "desk-label")),
        ("capturing", &captures(2, true, false)),
        ("audio-session", &is_in(2, "active")),
        ("audio-session", &is_in(1, "interrupted")),
        ("console", &says(1, "pause")),
    ]);
    recording.until_no_tone(400.0, INAUDIBLE);
    let recorders = recorders(&server);
    assert!(recorders.contains("media.role = \"phone\""), "{recorders}");

    signal(&site, "end");
    sordino.wait_for_all([
        ("capturing", &captures(2, false, false)),
        ("audio-session", &is_in(2, "inactive")),
        ("audio-session", &is_in(1, "active")),
    ]);
    recording.until_steady(400.0, LEVEL, 0.2);
    server.until("nobody records", |_| !self::recorders(&server).contains("\"phone\""));
}

#[test]
fn a_call_of_another_tab_mutes_the_microphone_until_it_ends() {
    let call = "session.type = 'play-and-record'; await signal('call'); \
                const audio = await play('1000.wav', true); await signal('end'); audio.pause();";
    let record = "const [track] = await capture({ audio: true }); window.clone = track.clone();";
    let (site, names) = site([record, call]);
    let server = server();
    let mut sordino = run(&site, &ALLOW, &names, None, Some(&server));
    sordino
        .wait_for_all([("console", &says(1, "captures")), ("audio-session", &is_in(1, "active"))]);
    signal(&site, "call");
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "interrupted")),
        ("console", &says(1, "interrupted")),
        ("console", &says(1, "audio mute true live")),
    ]);
    signal(&site, "end");
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "active")),
        ("console", &says(1, "audio unmute false live")),
    ]);
}

#[test]
fn the_user_toggles_what_listens_and_watches() {
    let script = "
        const [audio, video] = await capture({ audio: true, video: true });
        navigator.mediaSession.setActionHandler('togglemicrophone', ({ isActivating }) => {
            log(`handler ${isActivating} ${audio.muted}`);
        });
        log('ready');";
    let (site, names) = site([script]);
    let options = [TEST_DEVICES.as_slice(), &ALLOW].concat();
    let mut sordino = run(&site, &options, &names, None, None);
    sordino.wait_for_all([("console", &says(1, "ready")), ("audio-session", &is_in(1, "active"))]);
    let mut toggle = |action: &str, said: &[&str]| {
        sordino.action(&["1", action]).unwrap();
        for text in said {
            sordino.wait_for_console(text);
        }
    };
    toggle("togglemicrophone", &["handler false false", "audio mute true live"]);
    toggle("togglemicrophone", &["handler true true", "audio unmute false live"]);
    // Without a handler of the page.
    toggle("togglecamera", &["video mute true live"]);
    toggle("togglecamera", &["video unmute false live"]);
}

#[test]
fn a_page_is_told_that_somebody_speaks_into_its_muted_microphone() {
    let script = "
        const [track] = await capture({ audio: true });
        navigator.mediaSession.setActionHandler('voiceactivity', ({ action }) => {
            log(`${action} ${track.muted} ${track.enabled}`);
        });
        await signal('mute');
        await navigator.mediaSession.setMicrophoneActive(false);
        await signal('disable');
        await navigator.mediaSession.setMicrophoneActive(true);
        track.enabled = false;
        log('disabled');";
    let (site, names) = site([script]);
    let server = server();
    let mut sordino = run(&site, &ALLOW, &names, None, Some(&server));
    sordino.wait_for_console("captures");
    let voice = tone_into(&server, "desk");
    signal(&site, "mute");
    sordino.wait_for_console("voiceactivity true true");
    drop(voice);
    // Longer than a pause between words.
    let desk = server.record("desk");
    let silence = desk.until_no_tone(VOICE, QUIET);
    desk.until_long(silence + 0.5);
    signal(&site, "disable");
    sordino.wait_for_console("disabled");
    let _voice = tone_into(&server, "desk");
    sordino.wait_for_console("voiceactivity false false");
}

#[test]
fn a_microphone_that_is_pulled_out_ends_its_tracks() {
    let script = "
        const inputs = async () => {
            const all = await devices.enumerateDevices();
            return all.filter(({ kind }) => kind === 'audioinput');
        };
        const [desk] = await capture({ audio: true });
        const changed = async event => {
            const labels = (await inputs()).map(({ label }) => label);
            log(`${event.type}: ${labels.filter(label => label.endsWith('-label'))}`);
        };
        devices.ondevicechange = changed;
        await inputs();
        log('knows');
        await signal('usb');
        const usb = (await inputs()).find(({ label }) => label === 'usb-label');
        const [track] = await capture({ audio: { deviceId: { exact: usb.deviceId } } });
        log(track.label);
        await signal('end');
        desk.stop();";
    let (site, names) = site([script]);
    let server = server();
    let mut sordino = run(&site, &ALLOW, &names, None, Some(&server));
    sordino.wait_for_console("knows");
    server.pactl(&["load-module", "module-null-sink", "sink_name=usb", "norewinds=1"]).unwrap();
    let module = server.load_module(&microphone_of("usb"));
    sordino.wait_for_console("devicechange: desk-label,usb-label");
    signal(&site, "usb");
    sordino.wait_for_console("usb-label");
    server.unload_module(module);
    sordino.wait_for_all([
        ("console", &says(1, "audio ended false ended")),
        ("console", &says(1, "devicechange: desk-label")),
    ]);
    signal(&site, "end");
    sordino.wait_for("capturing", captures(1, false, false));
}

#[test]
fn what_nobody_can_reach_captures_nothing() {
    let script = "
        await devices.getUserMedia({ audio: true, video: true });
        log('lost');
        await signal('again');
        window.stream = await devices.getUserMedia({ audio: true });
        log('kept');
        await signal('leave');
        location = 'about:blank';";
    let (site, names) = site([script]);
    let options = [TEST_DEVICES.as_slice(), &ALLOW].concat();
    let mut sordino = run(&site, &options, &names, None, None);
    sordino.wait_for("capturing", captures(1, true, true));
    sordino.wait_for("capturing", captures(1, false, false));
    signal(&site, "again");
    sordino.wait_for("capturing", captures(1, true, false));
    signal(&site, "leave");
    sordino.wait_for("capturing", captures(1, false, false));
}

#[test]
fn a_thousand_captures_leave_nothing() {
    let script = "
        for (let count = 1; count <= 1000; count++) {
            const constraints = { audio: count % 2 === 0, video: count % 2 === 1 };
            const stream = await devices.getUserMedia(constraints);
            stream.getTracks().forEach(track => track.stop());
            if (count === 100 || count === 1000) {
                // What was stopped is let go of before the devices are listed.
                await devices.enumerateDevices();
                log(`at ${count}`);
                await signal(`${count}`);
            }
        }";
    let (site, names) = site([script]);
    let options = [TEST_DEVICES.as_slice(), &ALLOW].concat();
    let mut sordino = run(&site, &options, &names, None, None);
    sordino.wait_for_console("at 100");
    let content = sordino.children()[0];
    let (early, early_memory) = (content.resources(), content.own_memory());
    signal(&site, "100");
    sordino.wait_for_console("at 1000");
    let (late, late_memory) = (content.resources(), content.own_memory());
    assert!(late.0 <= early.0 + 5, "threads: {early:?} after 100 times, {late:?} after 1000");
    assert!(late.1 <= early.1 + 10, "descriptors: {early:?} after 100 times, {late:?} after 1000");
    assert!(late_memory < early_memory + (8 << 20), "{early_memory}, {late_memory} bytes");
}
