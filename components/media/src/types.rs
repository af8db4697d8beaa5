/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which MIME types of media can be played.

use crate::plugins;

/// How surely media of a MIME type can be played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Support {
    /// It cannot.
    No,
    /// The container can be read; what is in it, is not said.
    Maybe,
    /// The codecs can be decoded, too.
    Probably,
}

/// A container: the subtypes of its types, what it takes to read it, and the codecs that it may hold.
struct Container {
    subtypes: &'static [&'static str],
    need: &'static str,
    codecs: &'static [Codec],
}

/// A codec: how its names begin, and what it takes to decode it, if it sounds. Pictures are not decoded.
struct Codec {
    names: &'static [&'static str],
    need: Option<&'static str>,
}

const VORBIS: Codec = Codec { names: &["vorbis"], need: Some("Vorbis") };
const OPUS: Codec = Codec { names: &["opus"], need: Some("Opus") };
const FLAC: Codec = Codec { names: &["flac", "fLaC"], need: Some("FLAC") };
const MP3: Codec = Codec { names: &["mp3", "mp4a.69", "mp4a.6b", "mp4a.6B"], need: Some("MP3") };
const AAC: Codec = Codec { names: &["mp4a.40", "mp4a.67"], need: Some("AAC") };
const PCM: Codec = Codec { names: &["1"], need: None };
const PICTURES: Codec =
    Codec { names: &["vp8", "vp9", "vp09", "av01", "avc1", "avc3", "theora"], need: None };

const CONTAINERS: [Container; 7] = [
    Container {
        subtypes: &["wav", "wave", "x-wav", "vnd.wave", "x-pn-wav"],
        need: "WAV files",
        codecs: &[PCM],
    },
    Container { subtypes: &["ogg"], need: "Ogg files", codecs: &[VORBIS, OPUS, FLAC, PICTURES] },
    Container { subtypes: &["webm"], need: "WebM files", codecs: &[VORBIS, OPUS, PICTURES] },
    Container {
        subtypes: &["mp4", "x-m4a", "m4a", "x-m4v"],
        need: "MP4 files",
        codecs: &[AAC, MP3, OPUS, FLAC, PICTURES],
    },
    Container { subtypes: &["mpeg", "mp3", "x-mp3"], need: "MP3", codecs: &[MP3] },
    Container { subtypes: &["aac", "x-aac", "aacp"], need: "AAC", codecs: &[AAC] },
    Container { subtypes: &["flac", "x-flac"], need: "FLAC", codecs: &[FLAC] },
];

impl Codec {
    fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|own| {
            let rest = name.strip_prefix(own);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

/// Whether media of a MIME type can be played, by its essence in lower case and its `codecs` parameter.
/// Before GStreamer has started, what this machine lacks is not known yet.
pub fn support(essence: &str, codecs: Option<&str>) -> Support {
    let subtype = match essence.split_once('/') {
        Some(("audio" | "video", subtype)) => subtype,
        Some(("application", "ogg")) => "ogg",
        _ => return Support::No,
    };
    // MPEG audio is not in what is called a video.
    let is_elementary = matches!(subtype, "mpeg") && essence.starts_with("video/");
    let container = CONTAINERS.iter().find(|it| it.subtypes.contains(&subtype) && !is_elementary);
    let Some(container) = container.filter(|it| !plugins::is_missing(it.need)) else {
        return Support::No;
    };
    let Some(codecs) = codecs else { return Support::Maybe };
    let can_decode = |name: &str| {
        let codec = container.codecs.iter().find(|codec| codec.is_named(name.trim()));
        codec.is_some_and(|codec| codec.need.is_none_or(|need| !plugins::is_missing(need)))
    };
    if codecs.split(',').all(can_decode) { Support::Probably } else { Support::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_with_and_without_codecs() {
        for (essence, codecs, expected) in [
            ("audio/mpeg", None, Support::Maybe),
            ("audio/mpeg", Some("mp3"), Support::Probably),
            ("video/mpeg", None, Support::No),
            ("audio/ogg", Some("vorbis"), Support::Probably),
            ("application/ogg", None, Support::Maybe),
            ("audio/ogg", Some("mp4a.40.2"), Support::No),
            ("audio/mp4", Some("mp4a.40.2"), Support::Probably),
            ("video/mp4", Some("avc1.42E01E, mp4a.40.2"), Support::Probably),
            ("video/webm", Some("vp8, opus"), Support::Probably),
            ("video/webm", Some("vp8, nonsense"), Support::No),
            ("audio/webm", Some("vorbisx"), Support::No),
            ("audio/wav", Some("1"), Support::Probably),
            ("audio/x-unheard-of", None, Support::No),
            ("application/octet-stream", None, Support::No),
            ("audio", None, Support::No),
            ("", None, Support::No),
        ] {
            assert_eq!(support(essence, codecs), expected, "{essence} {codecs:?}");
        }
    }

    #[test]
    fn whatever_is_needed_is_known_by_its_name() {
        let codecs = CONTAINERS.iter().flat_map(|it| it.codecs).filter_map(|it| it.need);
        for need in CONTAINERS.iter().map(|it| it.need).chain(codecs) {
            assert!(plugins::is_known(need), "{need}");
        }
    }
}
