/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which GStreamer plugins there are, and which Debian packages have those that there are not.

use std::sync::OnceLock;

use gstreamer::prelude::*;

/// What a page may expect to be played.
struct Need {
    /// Its name for people.
    what: &'static str,
    /// What GStreamer calls it where it misses a plugin for it.
    caps: &'static str,
    /// The elements of which one must be there.
    elements: &'static [&'static str],
    /// The Debian package of the first of them.
    package: &'static str,
}

const fn need(
    what: &'static str,
    caps: &'static str,
    elements: &'static [&'static str],
    package: &'static str,
) -> Need {
    Need { what, caps, elements, package }
}

const BASE: &str = "gstreamer1.0-plugins-base";
const GOOD: &str = "gstreamer1.0-plugins-good";
const BAD: &str = "gstreamer1.0-plugins-bad";
const LIBAV: &str = "gstreamer1.0-libav";

const NEEDS: [Need; 16] = [
    need("any media", "", &["playbin3"], BASE),
    need("any sound", "", &["audioconvert"], BASE),
    need("playback at other rates", "", &["scaletempo"], GOOD),
    need("MediaStreams", "", &["proxysink"], BAD),
    need("cameras", "", &["v4l2src"], GOOD),
    need("sound through PulseAudio or PipeWire", "", &["pulsesink"], "gstreamer1.0-pulseaudio"),
    need("WAV files", "audio/x-wav", &["wavparse"], GOOD),
    need("Ogg files", "application/ogg", &["oggdemux"], BASE),
    need("WebM files", "video/webm", &["matroskademux"], GOOD),
    need("Matroska files", "video/x-matroska", &["matroskademux"], GOOD),
    need("MP4 files", "video/quicktime", &["qtdemux"], GOOD),
    need("Vorbis", "audio/x-vorbis", &["vorbisdec"], BASE),
    need("Opus", "audio/x-opus", &["opusdec", "avdec_opus"], BASE),
    need("FLAC", "audio/x-flac", &["flacdec", "avdec_flac"], GOOD),
    need(
        "MP3",
        "audio/mpeg, mpegversion=(int)1",
        &["mpg123audiodec", "avdec_mp3", "avdec_mp3float"],
        GOOD,
    ),
    need("AAC", "audio/mpeg, mpegversion=(int)4", &["avdec_aac", "avdec_aac_fixed", "faad"], LIBAV),
];

/// Whether GStreamer would choose an element of this name.
fn is_there(element: &str) -> bool {
    gstreamer::ElementFactory::find(element).is_some_and(|it| it.rank() > gstreamer::Rank::NONE)
}

impl Need {
    fn is_missing(&self) -> bool {
        // Those that GStreamer does not choose by itself have no rank.
        let exists = |element: &&str| {
            is_there(element)
                || (self.caps.is_empty() && gstreamer::ElementFactory::find(element).is_some())
        };
        !self.elements.iter().any(exists)
    }
}

/// What is missing, by its names for people, once GStreamer has started.
static MISSING: OnceLock<Vec<&str>> = OnceLock::new();

/// Whether it is known that what a page may expect to be played cannot.
pub(crate) fn is_missing(what: &str) -> bool {
    MISSING.get().is_some_and(|missing| missing.contains(&what))
}

/// Whether a need has this name.
#[cfg(test)]
pub(crate) fn is_known(what: &str) -> bool {
    NEEDS.iter().any(|need| need.what == what)
}

/// Logs what cannot be played, and what to install for it. To be called once GStreamer has started.
pub(crate) fn warn_of_missing() {
    let missing = || NEEDS.iter().filter(|need| need.is_missing());
    MISSING.get_or_init(|| missing().map(|need| need.what).collect());
    for need in missing() {
        log::warn!(
            "GStreamer lacks {}, without which there is no {}: install the Debian package {}",
            need.elements[0],
            need.what,
            need.package
        );
    }
}

/// What a page is told of an error: GStreamer's text without its details; or, if a plugin is missing,
/// what for and where it can be had.
pub(crate) fn explain(error: &str) -> String {
    let missing = error.lines().find_map(|line| line.strip_prefix("Missing "));
    let Some(missing) = missing else {
        return error.lines().next().unwrap_or_default().to_owned();
    };
    let need = NEEDS.iter().find(|need| !need.caps.is_empty() && missing.contains(need.caps));
    let packages = match need {
        Some(need) => format!("the Debian package {}", need.package),
        None => format!("a plugin for it, perhaps of the Debian packages {BAD} or {LIBAV}"),
    };
    let reason = format!("GStreamer lacks a {missing}: install {packages}");
    log::warn!("{reason}");
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    const LACKS: &str = "Error from element x: Your GStreamer installation is missing a plug-in.\n\
        no suitable plugins found:\n\
        Missing decoder: MPEG-4 AAC (audio/mpeg, mpegversion=(int)4, level=(string)2)";

    #[test]
    fn a_missing_plugin_is_told_with_its_package() {
        let reason = explain(LACKS);
        assert!(reason.contains("MPEG-4 AAC"), "{reason}");
        assert!(reason.ends_with("install the Debian package gstreamer1.0-libav"), "{reason}");
        let unknown = explain(&LACKS.replace("audio/mpeg", "audio/x-unheard-of"));
        assert!(unknown.contains("perhaps"), "{unknown}");
    }

    #[test]
    fn other_errors_lose_only_their_details() {
        assert_eq!(explain("Could not decode stream.\n../gst/x.c(1)"), "Could not decode stream.");
        assert_eq!(explain(""), "");
    }

    #[test]
    fn whatever_sordino_needs_is_there_where_it_is_tested() {
        gstreamer::init().unwrap();
        let missing: Vec<_> = NEEDS.iter().filter(|it| it.is_missing()).map(|it| it.what).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
