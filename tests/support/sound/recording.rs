/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a sink plays, recorded by the real `parec`.

use std::io::Read;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Instant;

use super::{SoundServer, end};
use crate::PATIENCE;
use crate::meter::{RATE, STEP, Samples, Tone, tone_db};

/// Both channels are recorded and averaged here: PipeWire makes the sum of two equal ones 3 dB
/// louder when it is asked for one.
const CHANNELS: usize = 2;

/// The seconds that a tone must be away to have ended: on a busy machine, a program that comes too
/// late leaves shorter gaps.
pub const HUSH: f64 = 0.1;

/// How far from an instant, in seconds, the pieces are whose arrival dates it.
const NEARBY: f64 = 2.0;

/// A recording that goes on until it is stopped or dropped.
///
/// All times are in seconds from its first sample.
#[derive(Debug)]
pub struct Recording {
    process: Child,
    shared: Arc<Shared>,
    reader: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    heard: Mutex<Heard>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Heard {
    samples: Vec<f32>,
    /// When each piece came, and the seconds recorded by then.
    arrivals: Vec<(Instant, f64)>,
    ended: bool,
}

impl Heard {
    fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(RATE)
    }

    /// The seconds of an instant: no piece can come before its last sample has sounded, and the
    /// one that was delayed least came just then.
    fn at(&self, instant: Instant) -> f64 {
        let dated = |(came, seconds): &(Instant, f64)| {
            let since = instant.saturating_duration_since(*came).as_secs_f64();
            let since = since - came.saturating_duration_since(instant).as_secs_f64();
            (since.abs(), seconds + since)
        };
        let within = |reach: f64| {
            let dated = self.arrivals.iter().map(dated).filter(|(away, _)| *away < reach);
            dated.map(|(_, at)| at).reduce(f64::max)
        };
        within(NEARBY).or_else(|| within(f64::INFINITY)).expect("a recording has begun")
    }
}

impl Shared {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap()
    }

    /// Takes samples in until `parec` ends.
    fn listen(&self, mut output: ChildStdout) {
        let mut bytes = [0; 16_384];
        let mut rest = 0;
        while let Ok(count @ 1..) = output.read(&mut bytes[rest..]) {
            let came = Instant::now();
            let filled = rest + count;
            let whole = filled - filled % (CHANNELS * size_of::<f32>());
            let (values, _) = bytes[..whole].as_chunks();
            let values: Vec<f32> = values.iter().copied().map(f32::from_le_bytes).collect();
            let mut heard = self.heard();
            heard.samples.extend_from_slice(Samples::interleaved(&values, CHANNELS).values());
            let seconds = heard.seconds();
            heard.arrivals.push((came, seconds));
            drop(heard);
            self.arrived.notify_all();
            bytes.copy_within(whole..filled, 0);
            rest = filled - whole;
        }
        self.heard().ended = true;
        self.arrived.notify_all();
    }
}

impl SoundServer {
    /// Records what a sink plays; the recording goes on when this returns.
    pub fn record(&self, sink: &str) -> Recording {
        let mut process = self
            .client("parec")
            .arg(format!("--device={sink}.monitor"))
            .args(["--rate=48000", "--format=float32le", "--latency-msec=10", "--raw"])
            .arg(format!("--channels={CHANNELS}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("parec is installed");
        let output = process.stdout.take().unwrap();
        let shared = Arc::<Shared>::default();
        let listening = Arc::clone(&shared);
        let reader = std::thread::spawn(move || listening.listen(output));
        let recording = Recording { process, shared, reader: Some(reader) };
        drop(recording.until_heard("the recording starts", |heard| !heard.samples.is_empty()));
        recording
    }
}

impl Recording {
    fn until_heard(
        &self,
        what: &str,
        mut holds: impl FnMut(&Heard) -> bool,
    ) -> MutexGuard<'_, Heard> {
        let deadline = Instant::now() + PATIENCE;
        let mut heard = self.shared.heard();
        while !holds(&heard) {
            let left = deadline.saturating_duration_since(Instant::now());
            if heard.ended || left.is_zero() {
                let (ended, seconds) = (heard.ended, heard.seconds());
                // The reader needs the lock after this panic, too.
                drop(heard);
                panic!("never: {what}; there are {seconds} s, ended: {ended}");
            }
            heard = self.shared.arrived.wait_timeout(heard, left).unwrap().0;
        }
        heard
    }

    /// The seconds at which what sounds now is, or will be, in the recording.
    ///
    /// A change that the server makes now is found there within 10 ms (PulseAudio) or 20 ms
    /// (PipeWire), as long as the machine lets the server run. What a program plays comes later by
    /// the time that it takes through the program's own buffer.
    pub fn mark(&self) -> f64 {
        self.at(Instant::now())
    }

    /// The seconds at which what sounded at an instant of the last minutes is in the recording.
    pub fn at(&self, instant: Instant) -> f64 {
        self.shared.heard().at(instant)
    }

    /// A copy of what is recorded so far.
    pub fn samples(&self) -> Samples {
        Samples::mono(self.shared.heard().samples.clone())
    }

    /// Waits until it is as wanted; asked for each piece, with all that is recorded so far.
    pub fn until(&self, what: &str, wanted: impl Fn(&Samples) -> bool) {
        let wanted = |heard: &Heard| wanted(&Samples::mono(heard.samples.clone()));
        drop(self.until_heard(what, wanted));
    }

    /// Waits until it is this long, in seconds.
    pub fn until_long(&self, seconds: f64) {
        drop(self.until_heard("the recording is long enough", |heard| heard.seconds() >= seconds));
    }

    /// Waits until a tone of now or later is at `db` dBFS or above, and tells when in the
    /// recording, to 20 ms.
    pub fn until_tone(&self, hertz: f64, db: f64) -> f64 {
        let what = format!("{hertz} Hz at {db} dBFS");
        self.until_level(&what, hertz, STEP, |level| level >= db)
    }

    /// Waits until a tone is below `db` dBFS for [`HUSH`] now or later, and tells when in the
    /// recording that begins, to 20 ms.
    pub fn until_no_tone(&self, hertz: f64, db: f64) -> f64 {
        let what = format!("{hertz} Hz below {db} dBFS");
        self.until_level(&what, hertz, HUSH, |level| level < db)
    }

    /// Waits until a tone of now or later is within 1 dB of `db` dBFS for `seconds` on end, and
    /// tells when in the recording that begins, to 20 ms.
    pub fn until_steady(&self, hertz: f64, db: f64, seconds: f64) -> f64 {
        let what = format!("{hertz} Hz at just {db} dBFS");
        self.until_level(&what, hertz, seconds, |level| (level - db).abs() < 1.0)
    }

    fn until_level(
        &self,
        what: &str,
        hertz: f64,
        lasting: f64,
        wanted: impl Fn(f64) -> bool,
    ) -> f64 {
        let tone = Tone::apart(hertz);
        let step = |seconds: f64| (seconds * f64::from(RATE)).round() as usize;
        let mut start = self.shared.heard().samples.len();
        let mut since = start;
        let holds = |heard: &Heard| {
            while let Some(span) = heard.samples.get(start..start + step(tone.seconds)) {
                start += step(STEP);
                match wanted(tone_db(span, hertz)) {
                    true if start - since >= step(lasting) => return true,
                    true => {}
                    false => since = start,
                }
            }
            false
        };
        drop(self.until_heard(what, holds));
        since as f64 / f64::from(RATE) + tone.seconds / 2.0
    }

    /// Waits until it has ended by itself, as when the server is killed.
    pub fn until_ended(&self) {
        let mut heard = self.shared.heard();
        while !heard.ended {
            let (later, wait) = self.shared.arrived.wait_timeout(heard, PATIENCE).unwrap();
            assert!(!wait.timed_out(), "the recording never ends");
            heard = later;
        }
    }

    /// Ends it, and gives all that sounded until now.
    pub fn stop(mut self) -> Samples {
        let now = self.mark();
        let long = |heard: &Heard| heard.ended || heard.seconds() >= now;
        drop(self.until_heard("what sounds now is recorded", long));
        end(&mut self.process);
        self.reader.take().unwrap().join().unwrap();
        Samples::mono(std::mem::take(&mut self.shared.heard().samples))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn late_pieces_do_not_shift_the_time() {
        let start = Instant::now();
        let after = |milliseconds: u64| start + Duration::from_millis(milliseconds);
        let mut heard = Heard::default();
        for (piece, late) in [30, 0, 12, 200, 100].into_iter().enumerate() {
            let recorded = 10 * (piece as u64 + 1);
            heard.arrivals.push((after(500 + recorded + late), recorded as f64 / 1e3));
        }
        for (instant, seconds) in [(500, 0.0), (520, 0.02), (900, 0.4), (5_500, 5.0)] {
            let at = heard.at(after(instant));
            assert!((at - seconds).abs() < 1e-6, "{at} s, not {seconds} s");
        }
    }
}
