/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Media files, made by GStreamer.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A kind of file that every engine is expected to play.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// MPEG-1 layer 3.
    Mp3,
    /// Vorbis in Ogg.
    Ogg,
    /// 16-bit PCM.
    Wav,
    /// AAC in MP4.
    M4a,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mp3, Self::Ogg, Self::Wav, Self::M4a];

    /// How such a file's name ends, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Wav => "wav",
            Self::M4a => "m4a",
        }
    }

    fn encoder(self) -> &'static str {
        match self {
            Self::Mp3 => "lamemp3enc ! id3v2mux",
            Self::Ogg => "vorbisenc ! oggmux",
            Self::Wav => "wavenc",
            Self::M4a => "avenc_aac ! mp4mux",
        }
    }
}

/// Writes `tone.<extension>` of so many seconds into `folder`.
pub fn tone(folder: &Path, kind: Kind, seconds: u32) -> PathBuf {
    let path = folder.join("tone").with_extension(kind.extension());
    // A buffer of 4,410 samples at 44,100 Hz is a tenth of a second.
    let buffers = seconds * 10;
    write(&format!(
        "audiotestsrc num-buffers={buffers} samplesperbuffer=4410 freq=440 volume=0.2 \
         ! audio/x-raw,rate=44100,channels=2 ! audioconvert ! {} ! filesink location={}",
        kind.encoder(),
        path.display(),
    ));
    path
}

/// Writes `<hertz>.wav` into `folder`: a mono tone of an amplitude in 0..1, of so many seconds, at
/// 48,000 Hz.
pub fn pure_tone(folder: &Path, hertz: u32, amplitude: f64, seconds: u32) -> PathBuf {
    let path = folder.join(format!("{hertz}.wav"));
    // A buffer of 4,800 samples at 48,000 Hz is a tenth of a second.
    let buffers = seconds * 10;
    write(&format!(
        "audiotestsrc num-buffers={buffers} samplesperbuffer=4800 freq={hertz} volume={amplitude} \
         ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! wavenc ! filesink location={}",
        path.display(),
    ));
    path
}

fn write(pipeline: &str) {
    let output = Command::new("gst-launch-1.0")
        .arg("--quiet")
        .args(pipeline.split_whitespace())
        .output()
        .expect("gst-launch-1.0 is installed");
    assert!(output.status.success(), "{pipeline}: {}", String::from_utf8_lossy(&output.stderr));
}
