/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [decodeAudioData()](https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-decodeaudiodata), up
//! to the samples.
//!
//! One thread decodes, one resource after the other.

use std::io::{Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use gstreamer::prelude::*;
use gstreamer::{Caps, ClockTime, Element, MessageType, MessageView, Pad, State};
use gstreamer_app::{AppSink, AppSrc, AppSrcCallbacks, AppStreamType};

use super::SampleBuffer;
use crate::lock::lock;
use crate::plugins;

/// Something to decode.
pub(crate) struct Job {
    /// The caller counts.
    pub(crate) number: u64,
    pub(crate) data: Vec<u8>,
    /// In frames a second.
    pub(crate) rate: f32,
}

/// Why something cannot be decoded.
#[derive(Debug, thiserror::Error)]
enum DecodeError {
    #[error("GStreamer lacks an element: {0}")]
    Element(#[from] gstreamer::glib::BoolError),
    #[error("GStreamer's pipeline does not start")]
    State(#[from] gstreamer::StateChangeError),
    #[error("{0}")]
    Media(String),
    #[error("it has no sound")]
    Empty,
    #[error("it is longer than {} MiB of samples", MOST_SAMPLES * 4 / (1024 * 1024))]
    TooLong,
    #[error("nothing came of it for {} s", PATIENCE.as_secs())]
    Stuck,
    #[error("the process ends")]
    Stopped,
}

/// How many samples, of all channels, something may have.
const MOST_SAMPLES: usize = 128 * 1024 * 1024;
/// The most channels.
const MOST_CHANNELS: usize = 32;
/// How long a decoder may take without a sample.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether the process ends.
const LOOKS: Duration = Duration::from_millis(50);
/// How much is handed over at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The thread that decodes. To drop it ends what it does.
pub(crate) struct Decoder {
    jobs: Option<Sender<Job>>,
    stops: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Decoder {
    /// # Errors
    ///
    /// The operating system gives no thread.
    pub(crate) fn start(
        done: impl Fn(u64, Result<SampleBuffer, String>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, queue): (_, Receiver<Job>) = unbounded();
        let stops = Arc::new(AtomicBool::new(false));
        let stopped = stops.clone();
        let thread = std::thread::Builder::new().name("AudioDecoder".into()).spawn(move || {
            for job in queue {
                let decoded = decode(job.data, job.rate, &stopped);
                done(job.number, decoded.map_err(|error| error.to_string()));
            }
        })?;
        Ok(Self { jobs: Some(jobs), stops, thread: Some(thread) })
    }

    pub(crate) fn decode(&self, job: Job) {
        // The thread ends with this.
        let _ = self.jobs.as_ref().map(|jobs| jobs.send(job));
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::Relaxed);
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread that decodes has panicked");
        }
    }
}

/// A pipeline that ends with this.
struct Pipeline(gstreamer::Pipeline);

impl Drop for Pipeline {
    fn drop(&mut self) {
        if let Err(error) = self.0.set_state(State::Null) {
            log::warn!("a decoder does not end: {error}");
        }
    }
}

fn decode(data: Vec<u8>, rate: f32, stops: &AtomicBool) -> Result<SampleBuffer, DecodeError> {
    let pipeline = Pipeline(gstreamer::Pipeline::new());
    let source = source_of(data);
    let decoder = gstreamer::ElementFactory::make("decodebin")
        .property("caps", Caps::new_empty_simple("audio/x-raw"))
        .property("expose-all-streams", false)
        .build()?;
    refuse_other_media(&decoder);
    let convert = gstreamer::ElementFactory::make("audioconvert").build()?;
    let resample = gstreamer::ElementFactory::make("audioresample").build()?;
    let caps = Caps::builder("audio/x-raw")
        .field("format", if cfg!(target_endian = "big") { "F32BE" } else { "F32LE" })
        .field("layout", "interleaved")
        .field("rate", rate as i32)
        .build();
    let sink = AppSink::builder().caps(&caps).sync(false).max_buffers(4).build();
    let tail: [&Element; 3] = [&convert, &resample, sink.upcast_ref()];
    pipeline.0.add_many([source.upcast_ref(), &decoder])?;
    pipeline.0.add_many(tail)?;
    source.link(&decoder)?;
    Element::link_many(tail)?;
    let target = convert.static_pad("sink").expect("audioconvert has one");
    decoder.connect_pad_added(move |_, pad| link_first(pad, &target));
    pipeline.0.set_state(State::Playing)?;
    let samples = take_samples(&pipeline.0, &sink, stops)?;
    samples.finish(rate)
}

/// The first track with sound is decoded.
fn link_first(pad: &Pad, target: &Pad) {
    if !target.is_linked()
        && let Err(error) = pad.link(target)
    {
        log::debug!("a track cannot be decoded: {error}");
    }
}

/// Playlists and streams by the name of other resources are no sound; nothing else may be fetched.
fn refuse_other_media(decoder: &Element) {
    decoder.connect("autoplug-continue", false, |arguments| {
        let caps = arguments.get(2).and_then(|caps| caps.get::<Caps>().ok());
        let is_refused = caps.is_some_and(|caps| {
            let name = |structure: &gstreamer::StructureRef| structure.name().as_str().to_owned();
            caps.iter().map(name).any(|name| OTHER_MEDIA.contains(&name.as_str()))
        });
        Some((!is_refused).to_value())
    });
}

/// What names other resources.
const OTHER_MEDIA: [&str; 7] = [
    "application/x-hls",
    "application/dash+xml",
    "application/vnd.ms-sstr+xml",
    "application/sdp",
    "application/x-rtsp",
    "application/smil",
    "text/uri-list",
];

/// A source that gives its bytes from anywhere.
fn source_of(data: Vec<u8>) -> AppSrc {
    let size = i64::try_from(data.len()).unwrap_or(i64::MAX);
    let source = AppSrc::builder()
        .format(gstreamer::Format::Bytes)
        .stream_type(AppStreamType::RandomAccess)
        .build();
    source.set_size(size);
    let data = Arc::new(Mutex::new(std::io::Cursor::new(data)));
    let seeks = data.clone();
    let need = move |source: &AppSrc, _: u32| {
        let mut chunk = vec![0; CHUNK];
        let length = lock(&data).read(&mut chunk).unwrap_or(0);
        // What fails here has ended, which the sink hears.
        if length == 0 {
            let _ = source.end_of_stream();
            return;
        }
        chunk.truncate(length);
        let _ = source.push_buffer(gstreamer::Buffer::from_mut_slice(chunk));
    };
    let seek = move |_: &AppSrc, offset: u64| lock(&seeks).seek(SeekFrom::Start(offset)).is_ok();
    source.set_callbacks(AppSrcCallbacks::builder().need_data(need).seek_data(seek).build());
    source
}

/// What has been decoded.
#[derive(Default)]
struct Samples {
    channels: Vec<Vec<f32>>,
}

impl Samples {
    fn push(&mut self, sample: &gstreamer::Sample) -> Result<(), DecodeError> {
        let structure = sample.caps().and_then(|caps| caps.structure(0));
        let channels = structure.and_then(|it| it.get::<i32>("channels").ok()).unwrap_or(0);
        let channels = usize::try_from(channels).unwrap_or(0);
        if !(1..=MOST_CHANNELS).contains(&channels) {
            return Err(DecodeError::Media(format!("it has {channels} channels")));
        }
        if self.channels.is_empty() {
            self.channels = vec![Vec::new(); channels];
        }
        // A stream may come to have others; it is what it was.
        if self.channels.len() != channels {
            return Ok(());
        }
        let map = sample.buffer().and_then(|buffer| buffer.map_readable().ok());
        let Some(map) = map else { return Ok(()) };
        let (values, _) = map.as_slice().as_chunks();
        if self.channels.len() * self.channels[0].len() + values.len() > MOST_SAMPLES {
            return Err(DecodeError::TooLong);
        }
        for frame in values.chunks_exact(channels) {
            for (channel, bytes) in self.channels.iter_mut().zip(frame) {
                channel.push(f32::from_ne_bytes(*bytes));
            }
        }
        Ok(())
    }

    fn finish(self, rate: f32) -> Result<SampleBuffer, DecodeError> {
        let length = self.channels.first().map_or(0, Vec::len);
        if length == 0 {
            return Err(DecodeError::Empty);
        }
        let channels = self.channels.into_iter().map(|channel| Some(channel.into())).collect();
        Ok(SampleBuffer { rate, length, channels })
    }
}

fn take_samples(
    pipeline: &gstreamer::Pipeline,
    sink: &AppSink,
    stops: &AtomicBool,
) -> Result<Samples, DecodeError> {
    let bus = pipeline.bus().expect("every pipeline has a bus");
    let looks = ClockTime::try_from(LOOKS).unwrap_or(ClockTime::ZERO);
    let mut samples = Samples::default();
    let mut last = Instant::now();
    let mut fault = None;
    loop {
        let sample = sink.try_pull_sample(looks);
        if stops.load(Ordering::Relaxed) {
            return Err(DecodeError::Stopped);
        }
        if let Some(sample) = sample {
            last = Instant::now();
            samples.push(&sample)?;
            continue;
        }
        if fault.is_none() {
            fault = bus.pop_filtered(&[MessageType::Error]);
        } else if samples.channels.is_empty() {
            return Err(DecodeError::Media(fault.as_ref().map(reason).unwrap_or_default()));
        }
        // What was decoded before a fault is worth having, as it is of other resources.
        if sink.is_eos() || (fault.is_some() && !samples.channels.is_empty()) {
            return Ok(samples);
        }
        if fault.is_none() && last.elapsed() > PATIENCE {
            return Err(DecodeError::Stuck);
        }
    }
}

fn reason(message: &gstreamer::Message) -> String {
    let MessageView::Error(error) = message.view() else { return String::new() };
    plugins::explain(&format!("{}\n{}", error.error(), error.debug().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_now(data: Vec<u8>) -> Result<SampleBuffer, DecodeError> {
        gstreamer::init().unwrap();
        decode(data, 8_000.0, &AtomicBool::new(false))
    }

    /// A WAV file with 16-bit samples of one channel at 8,000 Hz.
    fn wav(samples: &[i16]) -> Vec<u8> {
        let length = samples.len() as u32 * 2;
        let mut file = Vec::from(*b"RIFF");
        file.extend((36 + length).to_le_bytes());
        file.extend(b"WAVEfmt ");
        file.extend(16_u32.to_le_bytes());
        for field in [1_u16, 1] {
            file.extend(field.to_le_bytes());
        }
        for field in [8_000_u32, 16_000] {
            file.extend(field.to_le_bytes());
        }
        for field in [2_u16, 16] {
            file.extend(field.to_le_bytes());
        }
        file.extend(b"data");
        file.extend(length.to_le_bytes());
        file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        file
    }

    #[test]
    fn samples_are_those_of_the_file() {
        let samples: Vec<_> = (0..20_000).map(|it| (it % 100) * 100).collect();
        let decoded = decode_now(wav(&samples)).unwrap();
        assert_eq!((decoded.length, decoded.channels.len(), decoded.rate), (20_000, 1, 8_000.0));
        let channel = decoded.channels[0].as_ref().unwrap();
        for (found, expected) in channel.iter().zip(&samples) {
            assert!((found - f32::from(*expected) / 32_768.0).abs() < 1e-3, "{found} {expected}");
        }
    }

    #[test]
    fn what_is_no_sound_is_refused_soon() {
        let started = Instant::now();
        let mut cut = wav(&[1; 100]);
        cut.truncate(40);
        let playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n";
        for data in [
            Vec::new(),
            vec![0],
            b"this is only some text, and there is no sound in it".to_vec(),
            vec![0xff; 300_000],
            (0..1_000_000_u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8).collect(),
            cut,
            playlist.to_vec(),
            wav(&[]),
        ] {
            let length = data.len();
            assert!(decode_now(data).is_err(), "{length} bytes");
        }
        assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    }

    #[test]
    fn a_file_that_is_cut_is_decoded_up_to_there() {
        let mut file = wav(&[1_000; 8_000]);
        file.truncate(44 + 8_000);
        assert_eq!(decode_now(file).unwrap().length, 4_000);
    }
}
