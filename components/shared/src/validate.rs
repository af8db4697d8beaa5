/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The limits of what a content process may send, and the check that every message passes once,
//! at the boundary.
//!
//! The content side cuts its *copy* with [`MediaMetadata::cut_to_limits`]; what a page reads back
//! is never cut. A message beyond the limits is therefore the work of a broken or hostile process,
//! and the typed [`Violation`] ends that process. What the shell is asked for has its check in `fetch`.

mod fetch;

use crate::artwork::{ArtworkRule, has_artwork_scheme};
use crate::audio_session::{AudioSessionType, SessionTypes};
use crate::id::{DocumentId, FrameId, NamespaceId, SessionId};
use crate::media_session::{Chapter, MediaImage, MediaMetadata, PositionState};
use crate::messages::{AudioSessionMessage, ContentMessage, MediaSessionUpdate};
pub use fetch::{
    MAX_REQUEST, MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADERS, is_cors_safelisted_method,
    is_forbidden_method, is_header_value, is_token, request,
};

/// The longest title, artist, album or chapter title, in UTF-16 code units.
pub const MAX_TEXT: usize = 4_096;
/// The most images in one list of artwork.
pub const MAX_ARTWORK: usize = 10;
/// The most sizes that one image declares.
pub const MAX_SIZES: usize = 10;
/// The most chapters of one piece.
pub const MAX_CHAPTERS: usize = 200;
/// The longest URL of a document or an image, in bytes; longer `data:` artwork is dropped.
pub const MAX_URL: usize = 64 * 1024;
/// The most documents that one process has open: far more frames with sound than a page has.
pub const MAX_DOCUMENTS: usize = 256;
/// The most `AudioFocusEntry`s of one document that have asked for focus and are still there.
pub const MAX_ENTRIES: usize = 32;
/// The most bytes that all texts of one metadata have together.
pub const MAX_METADATA: usize = 1024 * 1024;

/// What a content process did that no correct one does.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// An id that the process does not own.
    #[error("used an id of namespace {found}; its own is {own}")]
    ForeignId {
        /// The namespace of the id.
        found: NamespaceId,
        /// The namespace of the process.
        own: NamespaceId,
    },
    /// A text, a list or a URL that is too long.
    #[error("sent a {what} of {found}; the limit is {limit}")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The longest that is allowed.
        limit: usize,
    },
    /// Too many of something at one time.
    #[error("has {found} {what}; the limit is {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        found: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// A number that is not finite, or outside its range.
    #[error("sent a {what} that is not finite or outside its range")]
    BadNumber {
        /// Which number.
        what: &'static str,
    },
    /// A set of actions with a member that is none.
    #[error("sent a set of actions with an unknown member")]
    UnknownAction,
    /// A computed audio session type that does not follow from the set type.
    #[error("sent the computed type '{computed_type}' with the set type '{set_type}'")]
    BadTypes {
        /// The set type.
        set_type: AudioSessionType,
        /// The computed type.
        computed_type: AudioSessionType,
    },
    /// An image with a URL that is none, or has another scheme than artwork may have.
    #[error("sent artwork whose URL is not http, https, data, blob or file")]
    BadArtworkUrl,
    /// A file as a document of a process that opens none, or as artwork from outside the folder of
    /// its document.
    #[error("named a file as {what}, which it may not show")]
    ForeignFile {
        /// As what.
        what: &'static str,
    },
    /// A message about a document that was never opened, or is closed.
    #[error("spoke about document {0}, which is not open")]
    UnknownDocument(DocumentId),
    /// A message about an audio session that is none.
    #[error("spoke about audio session {0}, which is none")]
    UnknownSession(SessionId),
    /// An entry was opened twice.
    #[error("opened entry {0} twice")]
    EntryTwice(SessionId),
    /// A document was opened twice.
    #[error("opened document {0} twice")]
    DocumentTwice(DocumentId),
    /// The first message has another version.
    #[error("speaks version {found} of the protocol; this is version {own}")]
    Version {
        /// The version of the process.
        found: u32,
        /// Our own.
        own: u32,
    },
    /// A fetch with the number of one that is not done.
    #[error("used the number of a running fetch again")]
    FetchTwice,
    /// A request that no page can make, see [`request`].
    #[error("sent a request with {what}")]
    BadRequest {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A change of the local storage of an origin that it was not given.
    #[error("changed a local storage that it was not given")]
    ForeignStorage,
    /// A cookie of an origin of which it shows no document.
    #[error("set a cookie of a site of which it shows no document")]
    ForeignCookie,
    /// A permission for a site of which it shows no document.
    #[error("asked for a permission for a site of which it shows no document")]
    ForeignSite,
    /// More messages than a correct process sends, see [`crate::rate`].
    #[error("sent more than {limit} messages a second")]
    TooFast {
        /// How many are allowed.
        limit: u32,
    },
    /// A message came with a descriptor or with shared memory, which none needs; or a long message
    /// without the one socket for the rest of it.
    #[error("sent a descriptor or shared memory, or none where one is needed")]
    UnexpectedDescriptor,
    /// Its channel to the shell or to the manager closed, but it goes on.
    #[error("closed a channel and went on")]
    Detached,
    /// A message that cannot be decoded.
    #[error("sent a message that cannot be decoded: {0}")]
    Malformed(String),
}

/// Checks everything about a message that can be known without state.
///
/// # Errors
///
/// The first [`Violation`] found; the process that sent the message must end.
pub fn validate(message: &ContentMessage, own: NamespaceId) -> Result<(), Violation> {
    match message {
        ContentMessage::DocumentOpened { document, frame, url, may_use_media_session: _ } => {
            owned_document(*document, own)?;
            owned_frame(*frame, own)?;
            at_most("document URL", url.len(), MAX_URL)
        }
        ContentMessage::DocumentTitle { document, title } => {
            owned_document(*document, own)?;
            text("document title", title)
        }
        ContentMessage::DocumentIcon { document, icon } => {
            owned_document(*document, own)?;
            artwork(icon.as_slice())
        }
        ContentMessage::MediaSession { document, update } => {
            owned_document(*document, own)?;
            media_session_update(update)
        }
        ContentMessage::EntryOpened { session } | ContentMessage::EntryClosed { session } => {
            owned_document(session.document, own)?;
            if session.is_entry() { Ok(()) } else { Err(Violation::UnknownSession(*session)) }
        }
        ContentMessage::AudioSession { session, message } => {
            owned_document(session.document, own)?;
            audio_session_message(*session, message)
        }
        ContentMessage::DocumentClosed { document }
        | ContentMessage::ActionDone { document, .. } => owned_document(*document, own),
        ContentMessage::Alive | ContentMessage::StreamsSilenced(_) => Ok(()),
    }
}

/// The computed type is never `auto`, and that of a session with a set type is the set type. An entry
/// has a set type, and never records.
fn audio_session_message(
    session: SessionId,
    message: &AudioSessionMessage,
) -> Result<(), Violation> {
    let (AudioSessionMessage::TryActivate { types, .. }
    | AudioSessionMessage::TypesChanged { types }) = message
    else {
        return Ok(());
    };
    let SessionTypes { set_type, computed_type, .. } = *types;
    let is_computed = match set_type {
        AudioSessionType::Auto | AudioSessionType::PlayAndRecord if session.is_entry() => false,
        AudioSessionType::Auto => computed_type != AudioSessionType::Auto,
        set_type => computed_type == set_type,
    };
    if is_computed { Ok(()) } else { Err(Violation::BadTypes { set_type, computed_type }) }
}

fn owned(found: NamespaceId, own: NamespaceId) -> Result<(), Violation> {
    if found == own { Ok(()) } else { Err(Violation::ForeignId { found, own }) }
}

fn owned_document(document: DocumentId, own: NamespaceId) -> Result<(), Violation> {
    owned(document.namespace, own)
}

fn owned_frame(frame: FrameId, own: NamespaceId) -> Result<(), Violation> {
    owned(frame.namespace, own)
}

fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), Violation> {
    if found <= limit { Ok(()) } else { Err(Violation::TooLong { what, found, limit }) }
}

fn utf16_len(text: &str) -> usize {
    // A text of n bytes has at most n code units: most need no count.
    if text.len() <= MAX_TEXT { text.len() } else { text.encode_utf16().count() }
}

fn text(what: &'static str, text: &str) -> Result<(), Violation> {
    at_most(what, utf16_len(text), MAX_TEXT)
}

/// Checks an update of a media session.
///
/// # Errors
///
/// The first [`Violation`] found.
pub fn media_session_update(update: &MediaSessionUpdate) -> Result<(), Violation> {
    if let Some(Some(metadata)) = &update.metadata {
        media_metadata(metadata)?;
    }
    if let Some(Some(position)) = &update.position {
        position_state(position)?;
    }
    for set in [update.handlers, update.default_handlers].into_iter().flatten() {
        if set.has_unknown() {
            return Err(Violation::UnknownAction);
        }
    }
    Ok(())
}

fn media_metadata(metadata: &MediaMetadata) -> Result<(), Violation> {
    at_most("metadata", metadata.size(), MAX_METADATA)?;
    text("title", &metadata.title)?;
    text("artist", &metadata.artist)?;
    text("album", &metadata.album)?;
    artwork(&metadata.artwork)?;
    at_most("list of chapters", metadata.chapters.len(), MAX_CHAPTERS)?;
    for chapter in &metadata.chapters {
        text("chapter title", &chapter.title)?;
        if !chapter.start_time.is_finite() || chapter.start_time < 0.0 {
            return Err(Violation::BadNumber { what: "chapter start" });
        }
        artwork(&chapter.artwork)?;
    }
    Ok(())
}

fn artwork(images: &[MediaImage]) -> Result<(), Violation> {
    at_most("list of artwork", images.len(), MAX_ARTWORK)?;
    for image in images {
        at_most("artwork URL", image.src.len(), MAX_URL)?;
        at_most("list of sizes", image.sizes.split_ascii_whitespace().count(), MAX_SIZES)?;
        text("list of sizes", &image.sizes)?;
        text("artwork type", &image.type_)?;
        if !has_artwork_scheme(&image.src) {
            return Err(Violation::BadArtworkUrl);
        }
    }
    Ok(())
}

/// Checks a position state: [the steps of `setPositionState`](https://w3c.github.io/mediasession/#dom-mediasession-setpositionstate)
/// that can fail.
///
/// # Errors
///
/// [`Violation::BadNumber`] with the name of the member.
pub fn position_state(state: &PositionState) -> Result<(), Violation> {
    if state.duration.is_nan() || state.duration < 0.0 {
        return Err(Violation::BadNumber { what: "duration" });
    }
    if !state.position.is_finite() || state.position < 0.0 || state.position > state.duration {
        return Err(Violation::BadNumber { what: "position" });
    }
    if !state.playback_rate.is_finite() || state.playback_rate == 0.0 {
        return Err(Violation::BadNumber { what: "playback rate" });
    }
    Ok(())
}

/// `text`, cut to [`MAX_TEXT`] code units without splitting a character.
pub fn cut_text(text: &mut String) {
    if utf16_len(text) <= MAX_TEXT {
        return;
    }
    let mut units = 0;
    let end = text
        .char_indices()
        .find(|(_, character)| {
            units += character.len_utf16();
            units > MAX_TEXT
        })
        .map_or(text.len(), |(index, _)| index);
    text.truncate(end);
}

/// Leaves out images beyond the limit, and those that a document with that rule may not show; shortens
/// what is said of the others.
pub fn cut_artwork(images: &mut Vec<MediaImage>, rule: &ArtworkRule) {
    images.retain(|image| image.src.len() <= MAX_URL && rule.allows(&image.src));
    images.truncate(MAX_ARTWORK);
    for image in images {
        cut_text(&mut image.type_);
        cut_text(&mut image.sizes);
        if image.sizes.split_ascii_whitespace().nth(MAX_SIZES).is_some() {
            let sizes: Vec<_> = image.sizes.split_ascii_whitespace().take(MAX_SIZES).collect();
            image.sizes = sizes.join(" ");
        }
    }
}

impl MediaMetadata {
    /// Cuts this copy so that the session manager accepts it from a document with that rule: long
    /// texts are shortened, images beyond the limit or that the document may not show are left
    /// out, as are chapters beyond the limit.
    pub fn cut_to_limits(&mut self, rule: &ArtworkRule) {
        for text in [&mut self.title, &mut self.artist, &mut self.album] {
            cut_text(text);
        }
        cut_artwork(&mut self.artwork, rule);
        self.chapters.truncate(MAX_CHAPTERS);
        for Chapter { title, artwork, .. } in &mut self.chapters {
            cut_text(title);
            cut_artwork(artwork, rule);
        }
        self.cut_to_size();
    }

    /// Every image, those of chapters too.
    pub fn images(&self) -> impl Iterator<Item = &MediaImage> {
        let of_chapters = self.chapters.iter().flat_map(|chapter| &chapter.artwork);
        self.artwork.iter().chain(of_chapters)
    }

    /// Leaves out artwork until the rest is small enough: of the chapters, from the last, and then
    /// its own.
    fn cut_to_size(&mut self) {
        let mut size = self.size();
        let lists = self.chapters.iter_mut().rev().map(|chapter| &mut chapter.artwork);
        for list in lists.chain([&mut self.artwork]) {
            while size > MAX_METADATA
                && let Some(image) = list.pop()
            {
                size -= size_of_image(&image);
            }
        }
        // Long titles of all chapters together.
        while self.size() > MAX_METADATA && self.chapters.pop().is_some() {}
    }

    /// The bytes of all texts.
    fn size(&self) -> usize {
        let artwork = |images: &[MediaImage]| images.iter().map(size_of_image).sum::<usize>();
        let chapter = |chapter: &Chapter| chapter.title.len() + artwork(&chapter.artwork);
        self.title.len()
            + self.artist.len()
            + self.album.len()
            + artwork(&self.artwork)
            + self.chapters.iter().map(chapter).sum::<usize>()
    }
}

fn size_of_image(image: &MediaImage) -> usize {
    image.src.len() + image.sizes.len() + image.type_.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media_session::ActionSet;

    const OWN: NamespaceId = NamespaceId(7);

    fn document(namespace: u32) -> DocumentId {
        DocumentId::new(NamespaceId(namespace), 1).unwrap()
    }

    fn with_update(update: MediaSessionUpdate) -> Result<(), Violation> {
        validate(
            &ContentMessage::MediaSession { document: document(7), update: Box::new(update) },
            OWN,
        )
    }

    fn with_metadata(metadata: MediaMetadata) -> Result<(), Violation> {
        with_update(MediaSessionUpdate { metadata: Some(Some(metadata)), ..Default::default() })
    }

    #[test]
    fn an_id_of_another_process_is_a_violation() {
        let message = ContentMessage::DocumentClosed { document: document(8) };
        assert_eq!(
            validate(&message, OWN),
            Err(Violation::ForeignId { found: NamespaceId(8), own: OWN })
        );
        assert_eq!(
            validate(&ContentMessage::DocumentClosed { document: document(7) }, OWN),
            Ok(())
        );
    }

    #[test]
    fn metadata_of_many_megabytes_is_refused_and_its_cut_copy_accepted() {
        let image =
            || MediaImage { src: format!("data:{}", "x".repeat(60_000)), ..Default::default() };
        let chapter = || Chapter {
            title: "é".repeat(MAX_TEXT),
            start_time: 0.0,
            artwork: vec![image(); MAX_ARTWORK],
        };
        let mut metadata = MediaMetadata {
            title: "Title".into(),
            artwork: vec![image(); MAX_ARTWORK],
            chapters: vec![chapter(); MAX_CHAPTERS],
            ..Default::default()
        };
        let refused = with_metadata(metadata.clone());
        assert!(matches!(refused, Err(Violation::TooLong { what: "metadata", .. })), "{refused:?}");
        metadata.cut_to_limits(&ArtworkRule::default());
        assert_eq!(with_metadata(metadata.clone()), Ok(()));
        assert_eq!(metadata.title, "Title");
        assert!(metadata.chapters.len() > 100, "titles matter more than images");
        let mut small = MediaMetadata { artwork: vec![image(); 2], ..Default::default() };
        small.cut_to_limits(&ArtworkRule::default());
        assert_eq!(small.artwork.len(), 2);
    }

    #[test]
    fn a_computed_type_follows_from_the_set_type() {
        let with = |set_type, computed_type| {
            let types = SessionTypes { set_type, computed_type, is_short: false };
            let message = AudioSessionMessage::TypesChanged { types };
            let session = document(7).into();
            validate(&ContentMessage::AudioSession { session, message }, OWN)
        };
        for type_ in AudioSessionType::ALL {
            let is_auto = type_ == AudioSessionType::Auto;
            assert_eq!(with(type_, type_).is_ok(), !is_auto, "{type_}");
            assert_eq!(with(AudioSessionType::Auto, type_).is_ok(), !is_auto, "{type_}");
        }
        assert!(with(AudioSessionType::Ambient, AudioSessionType::Playback).is_err());
    }

    #[test]
    fn an_entry_has_a_number_and_a_type_that_does_not_record() {
        let entry = SessionId { document: document(7), entry: 8 };
        let with = |set_type| {
            let types = SessionTypes { set_type, computed_type: set_type, is_short: false };
            let message = AudioSessionMessage::TypesChanged { types };
            validate(&ContentMessage::AudioSession { session: entry, message }, OWN)
        };
        for type_ in AudioSessionType::ALL {
            let records = matches!(type_, AudioSessionType::Auto | AudioSessionType::PlayAndRecord);
            assert_eq!(with(type_).is_err(), records, "{type_}");
        }
        let opened = |session| validate(&ContentMessage::EntryOpened { session }, OWN);
        assert_eq!(opened(entry), Ok(()));
        let own_session = document(7).into();
        assert_eq!(opened(own_session), Err(Violation::UnknownSession(own_session)));
        let closed = validate(&ContentMessage::EntryClosed { session: own_session }, OWN);
        assert_eq!(closed, Err(Violation::UnknownSession(own_session)));
    }

    #[test]
    fn metadata_beyond_any_limit_is_refused_and_its_cut_copy_accepted() {
        let image = |src: &str| MediaImage { src: src.into(), ..Default::default() };
        let good = image("https://example.org/a.png");
        let cases = [
            MediaMetadata { title: "x".repeat(MAX_TEXT + 1), ..Default::default() },
            // 4,000 characters, but 8,000 code units.
            MediaMetadata { artist: "𝄞".repeat(4_000), ..Default::default() },
            MediaMetadata { artwork: vec![good.clone(); MAX_ARTWORK + 1], ..Default::default() },
            MediaMetadata { artwork: vec![image("ftp://example.org/a")], ..Default::default() },
            MediaMetadata { artwork: vec![image("no url at all")], ..Default::default() },
            MediaMetadata {
                artwork: vec![MediaImage { sizes: "1x1 ".repeat(11), ..good }],
                ..Default::default()
            },
            MediaMetadata {
                artwork: vec![image(&format!("data:image/png,{}", "A".repeat(MAX_URL)))],
                ..Default::default()
            },
            MediaMetadata {
                chapters: vec![Chapter::default(); MAX_CHAPTERS + 1],
                ..Default::default()
            },
        ];
        for mut metadata in cases {
            assert!(with_metadata(metadata.clone()).is_err(), "accepted: {metadata:.80?}");
            metadata.cut_to_limits(&ArtworkRule::default());
            assert_eq!(with_metadata(metadata), Ok(()));
        }
    }

    #[test]
    fn a_cut_text_keeps_whole_characters() {
        let mut title = format!("{}𝄞", "x".repeat(MAX_TEXT - 1));
        cut_text(&mut title);
        assert_eq!(title, "x".repeat(MAX_TEXT - 1));
    }

    #[test]
    fn impossible_positions_are_refused() {
        let state =
            |duration, position, playback_rate| PositionState { duration, position, playback_rate };
        for (state, what) in [
            (state(f64::NAN, 0.0, 1.0), "duration"),
            (state(-1.0, 0.0, 1.0), "duration"),
            (state(10.0, 11.0, 1.0), "position"),
            (state(10.0, -0.5, 1.0), "position"),
            (state(f64::INFINITY, f64::INFINITY, 1.0), "position"),
            (state(10.0, 1.0, 0.0), "playback rate"),
            (state(10.0, 1.0, f64::INFINITY), "playback rate"),
        ] {
            let update = MediaSessionUpdate { position: Some(Some(state)), ..Default::default() };
            assert_eq!(with_update(update), Err(Violation::BadNumber { what }));
        }
        let live = state(f64::INFINITY, 3.0, -1.0);
        assert_eq!(position_state(&live), Ok(()));
    }

    #[test]
    fn an_unknown_action_is_refused() {
        let forged: ActionSet = serde_json::from_str("4294967295").unwrap();
        let update = MediaSessionUpdate { handlers: Some(forged), ..Default::default() };
        assert_eq!(with_update(update), Err(Violation::UnknownAction));
    }
}
