/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Real files through a real GStreamer.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use servo_media_gstreamer::media_stream::GStreamerMediaStream;
use sordino_media::{Media, MediaEvent, PlayerEvent, PlayerNumber, Resource, ResourceFeed};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::MediaCommand;
use sordino_traits::{ElementId, NamespaceId};

const PATIENCE: Duration = Duration::from_secs(30);

/// A mono WAV file with a tone of 440 Hz.
fn wav(seconds: f64) -> Vec<u8> {
    const RATE: u32 = 8_000;
    let samples: Vec<i16> = (0..(f64::from(RATE) * seconds) as u32)
        .map(|n| {
            let phase = f64::from(n) * 440.0 * std::f64::consts::TAU / f64::from(RATE);
            (phase.sin() * 8_000.0) as i16
        })
        .collect();
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let mut file = Vec::new();
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + data.len() as u32).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16u32.to_le_bytes());
    file.extend_from_slice(&1u16.to_le_bytes());
    file.extend_from_slice(&1u16.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&(RATE * 2).to_le_bytes());
    file.extend_from_slice(&2u16.to_le_bytes());
    file.extend_from_slice(&16u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&(data.len() as u32).to_le_bytes());
    file.extend_from_slice(&data);
    file
}

struct Fixture {
    media: Media,
    events: Receiver<MediaEvent>,
    ids: IdAllocator,
}

impl Fixture {
    fn new() -> Self {
        let (sender, events) = channel();
        let media = Media::start(None, move |event| {
            let _ = sender.send(event);
        })
        .unwrap();
        Self { media, events, ids: IdAllocator::new(NamespaceId(1)) }
    }

    fn open(&mut self, length: Option<u64>, can_seek: bool) -> (ElementId, ResourceFeed) {
        let (document, element) = (self.ids.document(), self.ids.element());
        let resource = Resource { length, can_seek };
        let feed = self.media.create_player(document, element, PlayerNumber(1), resource);
        (element, feed)
    }

    fn load(&mut self, bytes: &[u8]) -> ElementId {
        let length = bytes.len() as u64;
        let (element, feed) = self.open(Some(length), false);
        feed.append(0, bytes);
        feed.fetch_ended(length);
        element
    }

    /// The events of the player until `wanted` accepts one, which is the last.
    fn until(&self, wanted: impl Fn(&PlayerEvent) -> bool) -> Vec<PlayerEvent> {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(MediaEvent::Player { event, .. }) => {
                    let done = wanted(&event);
                    seen.push(event);
                    if done {
                        return seen;
                    }
                }
                Ok(_) => {}
                Err(_) => panic!("nothing more; seen so far: {seen:?}"),
            }
        }
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.media.shutdown();
    }
}

fn is_metadata(event: &PlayerEvent) -> bool {
    matches!(event, PlayerEvent::Metadata { .. })
}

#[test]
fn a_file_plays_to_its_end_and_again_from_the_start() {
    let mut fixture = Fixture::new();
    let element = fixture.load(&wav(1.0));
    let metadata = fixture.until(is_metadata).pop().unwrap();
    assert_eq!(
        metadata,
        PlayerEvent::Metadata {
            duration: Some(Duration::from_secs(1)),
            has_audio: true,
            video_size: None
        }
    );
    for _ in 0..2 {
        let start = Instant::now();
        fixture.media.play(element);
        let seen = fixture.until(|event| *event == PlayerEvent::Ended);
        assert!(seen.contains(&PlayerEvent::Playing), "{seen:?}");
        assert!(start.elapsed() > Duration::from_millis(700), "it plays in real time");
        fixture.media.seek(element, 0.0);
        fixture.until(|event| matches!(event, PlayerEvent::Seeked(_)));
    }
}

#[test]
fn a_seek_arrives_and_playing_goes_on_from_there() {
    let mut fixture = Fixture::new();
    let element = fixture.load(&wav(60.0));
    fixture.until(is_metadata);
    fixture.media.play(element);
    fixture.until(|event| *event == PlayerEvent::Playing);
    for target in [50.0, 5.0, 30.0] {
        fixture.media.seek(element, target);
        let seen = fixture.until(
            |event| matches!(event, PlayerEvent::Position(at, _) if (*at - target).abs() < 2.0),
        );
        assert!(
            seen.iter().any(|event| matches!(event, PlayerEvent::Seeked(_))),
            "no end of the seek to {target}: {seen:?}"
        );
    }
    fixture.media.command(MediaCommand::SetTabMuted(true));
    fixture.media.pause(element);
    fixture.until(|event| *event == PlayerEvent::Paused);
}

#[test]
fn data_that_comes_late_and_in_pieces_plays() {
    let mut fixture = Fixture::new();
    let (element, feed) = fixture.open(None, false);
    fixture.media.play(element);
    let bytes = wav(0.5);
    for (offset, piece) in (0..).step_by(1_000).zip(bytes.chunks(1_000)) {
        feed.append(offset, piece);
    }
    feed.fetch_ended(bytes.len() as u64);
    fixture.until(|event| *event == PlayerEvent::Ended);
}

#[test]
fn what_is_no_media_is_an_error_with_a_reason() {
    let garbage: Vec<u8> =
        (0..40_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for bytes in [Vec::new(), b"This is no sound, this is a sentence.".to_vec(), garbage] {
        let mut fixture = Fixture::new();
        fixture.load(&bytes);
        let seen = fixture.until(|event| matches!(event, PlayerEvent::Error(_)));
        let Some(PlayerEvent::Error(reason)) = seen.last() else { panic!("{seen:?}") };
        assert!(!reason.is_empty());
    }
}

/// The stream is servo-media's own tone.
#[test]
fn a_stream_plays_and_pauses() {
    let mut fixture = Fixture::new();
    // There is a backend when anything plays.
    let first = fixture.load(&wav(0.2));
    fixture.until(is_metadata);
    fixture.media.remove_player(first);
    let stream = GStreamerMediaStream::create_audio();
    let (document, element) = (fixture.ids.document(), fixture.ids.element());
    fixture.media.create_stream_player(document, element, PlayerNumber(1), stream);
    let metadata = fixture.until(is_metadata).pop().unwrap();
    assert_eq!(
        metadata,
        PlayerEvent::Metadata { duration: None, has_audio: true, video_size: None }
    );
    fixture.media.play(element);
    fixture.until(|event| *event == PlayerEvent::Playing);
    fixture.media.pause(element);
    fixture.until(|event| *event == PlayerEvent::Paused);
}

#[test]
fn how_much_is_there_is_told_while_it_comes() {
    let mut fixture = Fixture::new();
    let bytes = wav(60.0);
    let length = bytes.len() as u64;
    let (_, feed) = fixture.open(Some(length), false);
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    feed.append(0, first);
    fixture.until(|event| match event {
        PlayerEvent::Buffered(ranges) => ranges.len() == 1 && (ranges[0].1 - 30.0).abs() < 0.1,
        _ => false,
    });
    feed.append(length / 2, rest);
    feed.fetch_ended(length);
    fixture.until(|event| *event == PlayerEvent::Buffered(vec![(0.0, 60.0)]));
}

#[test]
fn players_can_be_dropped_at_any_moment() {
    let mut fixture = Fixture::new();
    for round in 0..20 {
        let element = fixture.load(&wav(10.0));
        if round % 2 == 0 {
            fixture.media.play(element);
        }
        if round % 3 == 0 {
            fixture.media.seek(element, 5.0);
        }
        fixture.media.remove_player(element);
    }
    let last = fixture.load(&wav(0.2));
    fixture.media.play(last);
    fixture.until(|event| *event == PlayerEvent::Ended);
}

/// MPEG audio with a constant bit rate and no header that tells its length.
#[test]
fn media_of_unknown_duration_is_announced_and_plays() {
    let folder = tempfile::tempdir().unwrap();
    let path = sordino_tests::media::tone(folder.path(), sordino_tests::media::Kind::Mp3, 1);
    let mut fixture = Fixture::new();
    let element = fixture.load(&std::fs::read(path).unwrap());
    fixture.until(is_metadata);
    fixture.media.play(element);
    let seen = fixture.until(|event| *event == PlayerEvent::Ended);
    assert!(seen.contains(&PlayerEvent::Playing), "{seen:?}");
}

#[test]
fn what_comes_slowly_plays_before_all_of_it_is_there() {
    let mut fixture = Fixture::new();
    // 4 times as fast as it plays: the whole of it takes 30 s.
    let bytes = wav(120.0);
    let (piece, pace) = (3_200, Duration::from_millis(50));
    let (element, feed) = fixture.open(Some(bytes.len() as u64), false);
    fixture.media.play(element);
    let mut pieces = bytes.chunks(piece);
    let mut offset = 0;
    let mut next = Instant::now();
    let has_played = |event| match event {
        Ok(MediaEvent::Player { event: PlayerEvent::Position(at, _), .. }) => at > 0.5,
        _ => false,
    };
    while !has_played(fixture.events.recv_timeout(next.saturating_duration_since(Instant::now()))) {
        if next <= Instant::now() {
            next += pace;
            let piece = pieces.next().expect("it plays before all of it is there");
            feed.append(offset, piece);
            offset += piece.len() as u64;
        }
    }
    feed.append(offset, &pieces.flatten().copied().collect::<Vec<_>>());
    feed.fetch_ended(bytes.len() as u64);
    fixture.media.seek(element, 119.0);
    fixture.until(|event| *event == PlayerEvent::Ended);
}

#[test]
fn of_many_sounds_that_have_ended_each_can_play_again() {
    let mut fixture = Fixture::new();
    let sounds: Vec<_> = (0..8).map(|_| fixture.load(&wav(0.3))).collect();
    for element in &sounds {
        fixture.media.play(*element);
    }
    for _ in &sounds {
        fixture.until(|event| *event == PlayerEvent::Ended);
    }
    // The first to end are asleep by now.
    for element in &sounds {
        fixture.media.seek(*element, 0.1);
        fixture.media.play(*element);
        let seen = fixture.until(|event| *event == PlayerEvent::Ended);
        assert!(seen.contains(&PlayerEvent::Playing), "{seen:?}");
        assert!(seen.iter().any(|event| matches!(event, PlayerEvent::Seeked(_))), "{seen:?}");
    }
}

#[test]
fn a_player_says_which_of_its_elements_players_it_is() {
    let mut fixture = Fixture::new();
    let element = fixture.load(&wav(1.0));
    let document = fixture.ids.document();
    let bytes = wav(0.2);
    let length = bytes.len() as u64;
    let feed = fixture.media.create_player(document, element, PlayerNumber(2), Resource::default());
    feed.append(0, &bytes);
    feed.fetch_ended(length);
    let metadata = loop {
        match fixture.events.recv_timeout(PATIENCE).unwrap() {
            MediaEvent::Player { player: PlayerNumber(2), event, .. } if is_metadata(&event) => {
                break event;
            }
            _ => {}
        }
    };
    let duration = Some(Duration::from_millis(200));
    assert_eq!(metadata, PlayerEvent::Metadata { duration, has_audio: true, video_size: None });
}

/// A server that can do ranges.
struct Server<'a> {
    bytes: &'a [u8],
    feed: ResourceFeed,
    fetch: u64,
    at: usize,
    /// How many bytes it has brought.
    served: usize,
}

impl Server<'_> {
    /// Brings what is asked for until the player says what is wanted.
    fn serve(&mut self, fixture: &Fixture, wanted: impl Fn(&PlayerEvent) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < deadline, "it never comes, after {} bytes", self.served);
            let is_idle = !self.bring();
            let patience = if is_idle { PATIENCE } else { Duration::ZERO };
            match fixture.events.recv_timeout(patience) {
                Ok(MediaEvent::Player { event, .. }) if wanted(&event) => return,
                Ok(MediaEvent::Player { event: PlayerEvent::Error(reason), .. }) => {
                    panic!("{reason}")
                }
                Ok(_) => {}
                Err(_) => assert!(!is_idle, "it says what it wants"),
            }
        }
    }

    /// Brings a piece, if one is wanted.
    fn bring(&mut self) -> bool {
        const PIECE: usize = 64 * 1024;
        let wish = self.feed.wish();
        if wish.number != self.fetch {
            (self.fetch, self.at) = (wish.number, usize::try_from(wish.from).unwrap());
        }
        let end = (self.at + PIECE).min(self.bytes.len());
        if wish.paused || self.at == end {
            return false;
        }
        self.feed.append(self.at as u64, &self.bytes[self.at..end]);
        self.served += end - self.at;
        self.at = end;
        if end == self.bytes.len() {
            self.feed.fetch_ended(end as u64);
        }
        true
    }
}

#[test]
fn of_what_is_large_only_what_is_played_is_fetched() {
    let mut fixture = Fixture::new();
    let bytes = wav(4_000.0);
    let (element, feed) = fixture.open(Some(bytes.len() as u64), true);
    let mut server = Server { bytes: &bytes, feed, fetch: 0, at: 0, served: 0 };
    server.serve(&fixture, is_metadata);
    fixture.media.play(element);
    let is_at = |event: &PlayerEvent, least: f64| matches!(event, PlayerEvent::Position(at, _) if *at > least);
    server.serve(&fixture, |event| is_at(event, 0.3));
    let (served, all) = (server.served, bytes.len());
    assert!(served < all / 2, "{served} of {all} bytes are enough for a second");
    fixture.media.seek(element, 3_999.0);
    server.serve(&fixture, |event| *event == PlayerEvent::Ended);
    // What was forgotten is fetched again.
    fixture.media.seek(element, 0.0);
    fixture.media.play(element);
    server.serve(&fixture, |event| is_at(event, 0.3));
    assert!(server.served < all, "{} of {all} bytes", server.served);
}

#[test]
fn more_sounds_than_can_be_at_work_wait_and_play_when_they_are_wanted() {
    let mut fixture = Fixture::new();
    let sounds: Vec<_> = (0..100)
        .map(|_| {
            let element = fixture.load(&wav(1.0));
            fixture.until(is_metadata);
            element
        })
        .collect();
    for element in [sounds[0], sounds[99], sounds[50]] {
        fixture.media.seek(element, 0.8);
        fixture.media.play(element);
        let seen = fixture.until(|event| *event == PlayerEvent::Ended);
        assert!(seen.contains(&PlayerEvent::Playing), "{seen:?}");
    }
}

#[test]
fn a_player_goes_on_where_it_is_in_the_session_of_another_document() {
    let mut fixture = Fixture::new();
    let element = fixture.load(&wav(30.0));
    fixture.until(is_metadata);
    fixture.media.seek(element, 20.0);
    fixture.media.play(element);
    fixture.until(|event| matches!(event, PlayerEvent::Position(at, _) if *at > 20.0));
    let other = fixture.ids.document();
    fixture.media.move_player(element, other);
    fixture.until(|event| *event == PlayerEvent::Playing);
    let seen = fixture.until(|event| matches!(event, PlayerEvent::Position(at, _) if *at > 20.5));
    let goes_back =
        |event: &PlayerEvent| matches!(event, PlayerEvent::Position(at, _) if *at < 20.0);
    assert!(!seen.iter().any(goes_back), "{seen:?}");
    // It is in that session now.
    fixture.media.command(MediaCommand::SetSilenced { session: other.into(), silenced: true });
    fixture.until(|event| *event == PlayerEvent::Paused);
}
