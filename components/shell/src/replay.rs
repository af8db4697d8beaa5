/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Records of what the session manager decided on and what it decided, and their replay.
//!
//! A record is text: one value in [RON](https://docs.rs/ron) on each line, first a [`Header`], then
//! an [`Entry`] for each input of the pure cores. (JSON has no infinity, which is how long live media
//! lasts.)
//!
//! # Threads
//!
//! The session manager's thread hands entries over and never waits; one thread writes them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::JoinHandle;

use clap::Args;
use crossbeam_channel::{Receiver, Sender, unbounded};
use serde::Serialize;
use sordino_constellation::arbiter::{self, Policy};
use sordino_constellation::cores::{Cores, Entry, Header, Output, RECORD_VERSION};
use sordino_traits::Timestamp;

/// Writes a record.
pub(crate) struct Recorder {
    entries: Sender<Entry>,
    writer: JoinHandle<io::Result<()>>,
}

impl Recorder {
    /// Starts a record in a new file, or in place of an old one.
    pub(crate) fn start(path: &Path, policy: Policy) -> Result<Self, String> {
        let cannot = |error: io::Error| format!("cannot write {}: {error}", path.display());
        let mut file = BufWriter::new(File::create(path).map_err(cannot)?);
        let header = Header { version: RECORD_VERSION, policy };
        write_line(&mut file, &header).and_then(|()| file.flush()).map_err(cannot)?;
        let (entries, to_write) = unbounded();
        let writer = std::thread::Builder::new()
            .name("Recorder".into())
            .spawn(move || write_entries(file, &to_write))
            .map_err(cannot)?;
        Ok(Self { entries, writer })
    }

    /// Where the entries go.
    pub(crate) fn sink(&self) -> impl FnMut(Entry) + Send + use<> {
        let entries = self.entries.clone();
        // The writer has met an error when this fails, and says so at the end.
        move |entry| drop(entries.send(entry))
    }

    /// Waits until everything is written. Every sink must be gone.
    pub(crate) fn finish(self) -> io::Result<()> {
        drop(self.entries);
        self.writer.join().unwrap_or_else(|_| Err(io::Error::other("the writer panicked")))
    }
}

fn write_entries(mut file: BufWriter<File>, entries: &Receiver<Entry>) -> io::Result<()> {
    while let Ok(entry) = entries.recv() {
        write_line(&mut file, &entry)?;
        for entry in entries.try_iter() {
            write_line(&mut file, &entry)?;
        }
        // What led to a crash is in the file.
        file.flush()?;
    }
    Ok(())
}

fn write_line(file: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    writeln!(file, "{}", ron::to_string(value).map_err(io::Error::other)?)
}

#[derive(Args, Debug)]
pub(crate) struct Options {
    /// What `sordino run --record FILE` wrote.
    #[arg(value_name = "FILE")]
    record: PathBuf,
}

/// How a replay ends.
#[derive(Debug, Eq, PartialEq)]
enum End {
    /// All inputs gave the outputs that they gave when they were recorded.
    Same { inputs: usize },
    /// The input on this line, from 1, did not.
    Different { line: usize, expected: Vec<String> },
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let path = options.record.display();
    let file = match File::open(&options.record) {
        Ok(file) => file,
        Err(error) => {
            eprintln!("sordino: cannot read {path}: {error}");
            return ExitCode::from(2);
        }
    };
    match replay(BufReader::new(file), &mut BufWriter::new(io::stdout().lock())) {
        Ok(End::Same { inputs }) => {
            eprintln!("{inputs} inputs gave the recorded outputs");
            ExitCode::SUCCESS
        }
        Ok(End::Different { line, expected }) => {
            eprintln!("sordino: line {line} of {path} gives other outputs; recorded are:");
            expected.iter().for_each(|output| eprintln!("  {output}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("sordino: cannot replay {path}: {error}");
            ExitCode::from(2)
        }
    }
}

/// Runs a record through new cores and prints the outputs, each with its time.
fn replay(record: impl BufRead, out: &mut impl Write) -> Result<End, String> {
    let mut lines = record.lines().enumerate().map(|(index, line)| (index + 1, line));
    let (_, first) = lines.next().ok_or("it is empty")?;
    let first = first.map_err(|error| error.to_string())?;
    let header: Header =
        ron::from_str(&first).map_err(|error| format!("it does not begin as a record: {error}"))?;
    if header.version != RECORD_VERSION {
        let found = header.version;
        return Err(format!("it has version {found}; this program reads {RECORD_VERSION}"));
    }
    let mut cores = Cores::new(header.policy);
    let mut inputs = 0;
    for (line, text) in lines {
        let text = text.map_err(|error| format!("line {line}: {error}"))?;
        let Entry { at, input, outputs: expected } =
            ron::from_str(&text).map_err(|error| format!("line {line}: {error}"))?;
        let outputs = cores.handle(input, at);
        for output in &outputs {
            let seconds = at.since(Timestamp::default()).as_secs_f64();
            let text = ron::to_string(output).map_err(|error| error.to_string())?;
            // A reader that went away, as of a pipe, wants no more.
            let _ = writeln!(out, "{seconds:.6} {text}{}", why(&cores, output, at));
        }
        let outputs = as_text(&outputs)?;
        let expected = as_text(&expected)?;
        if outputs != expected {
            return Ok(End::Different { line, expected });
        }
        inputs += 1;
    }
    let _ = out.flush();
    Ok(End::Same { inputs })
}

/// The reasons of what was decided on an audio session.
fn why(cores: &Cores, output: &Output, at: Timestamp) -> String {
    let Output::Arbiter(
        arbiter::Output::State { session, .. } | arbiter::Output::Ducked { session, .. },
    ) = output
    else {
        return String::new();
    };
    let explanation = cores.arbiter().explain(*session, at);
    explanation.map(|it| format!(" // {it}")).unwrap_or_default()
}

/// As text a NaN is equal to itself.
fn as_text(values: &[impl Serialize]) -> Result<Vec<String>, String> {
    values.iter().map(|value| ron::to_string(value).map_err(|error| error.to_string())).collect()
}
