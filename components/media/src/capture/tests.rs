/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use gstreamer::State;
use gstreamer::prelude::*;
use gstreamer_app::{AppSink, AppSinkCallbacks};
use servo_media::audio::AudioBackend;
use servo_media::streams::registry::{MediaStreamId, get_stream};
use servo_media_gstreamer::GStreamerBackend;
use servo_media_gstreamer::media_stream::GStreamerMediaStream;
use sordino_traits::NamespaceId;
use sordino_traits::id::IdAllocator;

use super::*;
use crate::session::SessionAudio;

const PATIENCE: Duration = Duration::from_secs(20);

struct World {
    media: Media,
    events: Receiver<MediaEvent>,
    ids: IdAllocator,
    document: DocumentId,
}

impl World {
    fn new() -> Self {
        let (sender, events): (Sender<MediaEvent>, _) = channel();
        let media = Media::start(None, move |event| {
            // The test may have ended.
            let _ = sender.send(event);
        })
        .unwrap();
        media.use_test_devices();
        let mut ids = IdAllocator::new(NamespaceId(1));
        let document = ids.document();
        Self { media, events, ids, document }
    }

    fn devices(&self) -> Vec<InputDevice> {
        self.media.list_devices();
        loop {
            if let MediaEvent::Devices(devices) = self.events.recv_timeout(PATIENCE).unwrap() {
                return devices;
            }
        }
    }

    fn event(&self, wanted: ElementId) -> SourceEvent {
        loop {
            match self.events.recv_timeout(PATIENCE).unwrap() {
                MediaEvent::Source { source, event } if source == wanted => return event,
                _ => {}
            }
        }
    }

    fn open(&mut self, kind: InputKind) -> ElementId {
        let devices = self.devices();
        let device = devices.iter().find(|device| device.kind == kind).unwrap();
        let source = self.ids.element();
        self.media.open_source(self.document, source, kind, device.id.clone(), None);
        assert_eq!(self.event(source), SourceEvent::Opened);
        source
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.media.shutdown();
    }
}

/// Reads a stream as its consumer does; the greatest sample or brightness of each buffer.
fn consume(id: MediaStreamId, kind: InputKind) -> Receiver<f32> {
    let (levels, received) = channel();
    let stream = get_stream(&id).unwrap();
    let mut stream = lock(&stream);
    let stream = stream.as_mut_any().downcast_mut::<GStreamerMediaStream>().unwrap();
    let (pipeline, last) = (stream.pipeline_or_new(), stream.src_element());
    let read = move |sink: &AppSink| {
        let sample = sink.pull_sample().map_err(|_| gstreamer::FlowError::Eos)?;
        let map = sample.buffer().unwrap().map_readable().unwrap();
        let level = match kind {
            InputKind::Microphone => {
                let samples = map.as_chunks().0.iter().map(|it| f32::from_le_bytes(*it).abs());
                samples.fold(0.0, f32::max)
            }
            InputKind::Camera => {
                let pixels = &map[..map.len() / 3 * 2];
                f32::from(pixels.iter().copied().max().unwrap_or(0))
            }
        };
        // The test may have seen enough.
        let _ = levels.send(level);
        Ok(gstreamer::FlowSuccess::Ok)
    };
    let callbacks = AppSinkCallbacks::builder().new_sample(read).build();
    let sink = AppSink::builder().sync(false).callbacks(callbacks).build();
    pipeline.add(&sink).unwrap();
    last.link(&sink).unwrap();
    pipeline.set_state(State::Playing).unwrap();
    received
}

fn until(levels: &Receiver<f32>, wanted: impl Fn(f32) -> bool) {
    // Ten in a row: what was on its way has arrived.
    let mut row = 0;
    while row < 10 {
        let level = levels.recv_timeout(PATIENCE).expect("the stream goes on");
        row = if wanted(level) { row + 1 } else { 0 };
    }
}

#[test]
fn each_consumer_has_a_stream_under_the_gate_of_its_track() {
    let mut world = World::new();
    let source = world.open(InputKind::Microphone);
    let (one, other) = (TrackGate::default(), TrackGate::default());
    let streams = [&one, &one, &other]
        .map(|gate| world.media.open_track_stream(source, gate).expect("a stream"));
    let levels = streams.each_ref().map(|stream| consume(stream.id(), InputKind::Microphone));
    for levels in &levels {
        until(levels, |level| level > 0.1);
    }
    one.set_open(false);
    until(&levels[0], |level| level == 0.0);
    until(&levels[1], |level| level == 0.0);
    until(&levels[2], |level| level > 0.1);
    one.set_open(true);
    until(&levels[0], |level| level > 0.1);

    world.media.mute_source(source, true);
    levels.iter().for_each(|levels| until(levels, |level| level == 0.0));
    assert_eq!(world.event(source), SourceEvent::VoiceActivity, "the tone is as loud as a voice");
    world.media.mute_source(source, false);
    levels.iter().for_each(|levels| until(levels, |level| level > 0.1));
    let command = sordino_traits::messages::MediaCommand::SetSilenced {
        session: world.document.into(),
        silenced: true,
    };
    world.media.command(command);
    levels.iter().for_each(|levels| until(levels, |level| level == 0.0));

    let [first, ..] = streams;
    drop(first);
    until(&levels[2], |level| level == 0.0);
    world.media.close_source(source);
    while levels[2].recv_timeout(PATIENCE).is_ok() {}
    assert!(world.media.open_track_stream(source, &one).is_none(), "it is closed");
}

#[test]
fn a_camera_is_dark_while_its_track_is_not_to_be_seen() {
    let mut world = World::new();
    let source = world.open(InputKind::Camera);
    let gate = TrackGate::default();
    let stream = world.media.open_track_stream(source, &gate).expect("a stream");
    let levels = consume(stream.id(), InputKind::Camera);
    until(&levels, |brightness| brightness > 100.0);
    gate.set_open(false);
    until(&levels, |brightness| brightness == 16.0);
    gate.set_open(true);
    until(&levels, |brightness| brightness > 100.0);
}

#[test]
fn a_device_that_is_not_there_cannot_be_opened() {
    let mut world = World::new();
    assert_eq!(world.devices().len(), 3);
    let source = world.ids.element();
    let (kind, device) = (InputKind::Camera, "sordino-test-microphone".to_owned());
    world.media.open_source(world.document, source, kind, device, None);
    assert_eq!(world.event(source), SourceEvent::Failed(CaptureError::NotFound));
}

fn count(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn sources_give_everything_back() {
    let mut world = World::new();
    let round = |world: &mut World| {
        for kind in [InputKind::Microphone, InputKind::Camera] {
            let source = world.open(kind);
            let stream = world.media.open_track_stream(source, &TrackGate::default()).unwrap();
            let levels = consume(stream.id(), kind);
            levels.recv_timeout(PATIENCE).expect("it gives something");
            drop(stream);
            world.media.close_source(source);
        }
    };
    let counts = |world: &World| {
        // All that was asked for before is done then.
        world.devices();
        (count("/proc/self/task"), count("/proc/self/fd"))
    };
    (0..3).for_each(|_| round(&mut world));
    let before = counts(&world);
    (0..25).for_each(|_| round(&mut world));
    let after = counts(&world);
    // Other tests of this process run meanwhile.
    assert!(after.0 < before.0 + 25, "threads: {before:?}, {after:?}");
    assert!(after.1 < before.1 + 25, "descriptors: {before:?}, {after:?}");
}

#[test]
fn an_audio_context_reads_a_stream_until_its_source_is_closed() {
    let mut world = World::new();
    let source = world.open(InputKind::Microphone);
    let gate = TrackGate::default();
    let stream = world.media.open_track_stream(source, &gate).expect("a stream");
    // As the render thread of a context does, at the rate of most.
    let reader = SessionAudio::<GStreamerBackend>::make_streamreader(stream.id(), 44_100.0);
    let reader = reader.expect("a reader");
    reader.start();
    let sounds = || !reader.pull().is_silence();
    while !sounds() {}
    assert!((0..500).all(|_| sounds()), "there is a gap");
    world.media.close_source(source);
    // What was on its way comes first; then it does not wait for more.
    while sounds() {}
    assert!((0..500).all(|_| !sounds()));
    reader.stop();
}
