/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::time::Duration;

use sordino_traits::Timestamp;

use super::*;

type Metadata = MediaMetadata<&'static str>;

fn base() -> Url {
    Url::parse("https://example.org/music/player.html").unwrap()
}

fn image(src: &str) -> MediaImage {
    MediaImage { src: src.into(), sizes: "96x96 ANY".into(), type_: "image/png".into() }
}

fn chapter(title: &str, start_time: f64, src: &str) -> ChapterInformationInit {
    ChapterInformationInit { title: title.into(), start_time, artwork: vec![image(src)] }
}

fn metadata(title: &str) -> RefCell<Metadata> {
    let init = MediaMetadataInit { title: title.into(), ..Default::default() };
    RefCell::new(Metadata::new(init, &base()).unwrap())
}

/// The title that the session manager hears, if it hears of the metadata at all.
fn sent_title(session: &mut MediaSession) -> Option<Option<String>> {
    let update = session.flush(Timestamp::from_origin(Duration::ZERO))?;
    Some(update.metadata?.map(|metadata| metadata.title))
}

#[test]
fn constructor_steps_1_to_8_take_every_member() {
    let init = MediaMetadataInit {
        title: "Title".into(),
        artist: "Artist".into(),
        album: "Album".into(),
        artwork: vec![image("cover.png")],
        chapter_info: vec![chapter("One", 0.0, "1.png"), chapter("Two", 90.5, "/2.png")],
    };
    let metadata = Metadata::new(init, &base()).unwrap();
    assert_eq!(
        [metadata.title(), metadata.artist(), metadata.album()],
        ["Title", "Artist", "Album"]
    );
    assert_eq!(metadata.artwork(), [image("https://example.org/music/cover.png")]);
    let chapters: Vec<_> = metadata
        .chapters()
        .iter()
        .map(|chapter| (&**chapter.title(), chapter.start_time(), &*chapter.artwork()[0].src))
        .collect();
    assert_eq!(
        chapters,
        [
            ("One", 0.0, "https://example.org/music/1.png"),
            ("Two", 90.5, "https://example.org/2.png")
        ]
    );
    assert_eq!(metadata.session(), None);
}

#[test]
fn constructor_without_members_gives_empty_metadata() {
    let metadata = Metadata::new(MediaMetadataInit::default(), &base()).unwrap();
    assert!(metadata.to_plain().is_empty());
    for init in [
        MediaMetadataInit { title: "x".to_owned(), ..Default::default() },
        MediaMetadataInit { artist: "x".to_owned(), ..Default::default() },
        MediaMetadataInit { album: "x".to_owned(), ..Default::default() },
        MediaMetadataInit { artwork: vec![image("a")], ..Default::default() },
        MediaMetadataInit { chapter_info: vec![chapter("", 0.0, "a")], ..Default::default() },
    ] {
        let metadata = Metadata::new(init, &base()).unwrap();
        assert!(!metadata.to_plain().is_empty(), "{metadata:?}");
    }
}

#[test]
fn constructor_steps_5_and_7_refuse_everything_for_one_bad_url() {
    let bad = "http://[";
    let expected = Err(MediaMetadataError::InvalidUrl { src: bad.into() });
    let artwork = MediaMetadataInit {
        artwork: vec![image("a.png"), image(bad), image("b.png")],
        ..Default::default()
    };
    assert_eq!(Metadata::new(artwork, &base()).map(|_| ()), expected);
    let chapters = MediaMetadataInit {
        artwork: vec![image("a.png")],
        chapter_info: vec![chapter("One", 0.0, "a.png"), chapter("Two", 1.0, bad)],
        ..Default::default()
    };
    assert_eq!(Metadata::new(chapters, &base()).map(|_| ()), expected);
}

#[test]
fn convert_artwork_step_2_parses_each_url_against_the_base_and_keeps_the_rest() {
    for (src, expected) in [
        ("cover.png", "https://example.org/music/cover.png"),
        ("/cover.png", "https://example.org/cover.png"),
        ("//cdn.example/c.png", "https://cdn.example/c.png"),
        ("", "https://example.org/music/player.html"),
        ("  a b.png\n", "https://example.org/music/a%20b.png"),
        ("HTTP://EXAMPLE.ORG:80/x", "http://example.org/x"),
        ("data:image/png;base64,AA==", "data:image/png;base64,AA=="),
        ("blob:https://example.org/1", "blob:https://example.org/1"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ] {
        let converted = convert_artwork(vec![image(src)], &base()).unwrap();
        assert_eq!(converted, [image(expected)], "{src:?}");
    }
    for bad in ["http://[", "https://", "//:80", "http://a b/"] {
        assert_eq!(
            convert_artwork(vec![image(bad)], &base()),
            Err(MediaMetadataError::InvalidUrl { src: bad.into() })
        );
    }
}

#[test]
fn create_a_chapter_information_step_3_wants_a_start_from_zero_on() {
    for good in [0.0, -0.0, 1e9, f64::MAX] {
        assert!(ChapterInformation::new(chapter("x", good, "a"), &base()).is_ok(), "{good}");
    }
    for bad in [-1.0, -f64::MIN_POSITIVE, f64::NEG_INFINITY, f64::NAN, f64::INFINITY] {
        assert_eq!(
            ChapterInformation::new(chapter("x", bad, "a"), &base()),
            Err(MediaMetadataError::InvalidStart { title: "x".into() }),
            "{bad}"
        );
    }
}

#[test]
fn artwork_setter_step_2_keeps_the_old_artwork_when_it_fails() {
    let metadata = metadata("A");
    let mut metadata = metadata.borrow_mut();
    assert_eq!(metadata.set_artwork(vec![image("a.png")], &base()), Ok(None));
    assert!(metadata.set_artwork(vec![image("b.png"), image("http://[")], &base()).is_err());
    assert_eq!(metadata.artwork(), [image("https://example.org/music/a.png")]);
}

#[test]
fn metadata_setter_steps_1_to_3_move_the_association() {
    let (first, second) = (metadata("A"), metadata("B"));
    let mut session = MediaSession::new();
    session.set_metadata("session", None, Some(&first));
    assert_eq!(first.borrow().session(), Some(&"session"));
    session.set_metadata("session", Some(&first), Some(&second));
    assert_eq!((first.borrow().session(), second.borrow().session()), (None, Some(&"session")));
    session.set_metadata("session", Some(&second), Some(&second));
    assert_eq!(second.borrow().session(), Some(&"session"), "the same again");
    session.set_metadata("session", Some(&second), None);
    assert_eq!(second.borrow().session(), None);
}

#[test]
fn metadata_setter_step_3_gives_an_object_to_the_session_that_took_it_last() {
    let shared = metadata("A");
    let (mut first, mut second) = (MediaSession::new(), MediaSession::new());
    first.set_metadata("first", None, Some(&shared));
    second.set_metadata("second", None, Some(&shared));
    assert_eq!(shared.borrow_mut().set_title("B".into()), Some("second"));
    // Step 1 does not ask whose metadata it is.
    first.set_metadata("first", Some(&shared), None);
    assert_eq!(shared.borrow().session(), None);
}

#[test]
fn metadata_setter_step_4_updates_the_platform_at_once() {
    let mut session = MediaSession::new();
    let (first, second) = (metadata("A"), metadata(""));
    session.set_metadata("session", None, Some(&first));
    assert_eq!(sent_title(&mut session), Some(Some("A".into())));
    session.set_metadata("session", Some(&first), Some(&first));
    assert_eq!(sent_title(&mut session), None, "the same again");
    session.set_metadata("session", Some(&first), Some(&second));
    assert_eq!(sent_title(&mut session), Some(None), "empty metadata is unset");
    session.set_metadata("session", Some(&second), None);
    assert_eq!(sent_title(&mut session), None);
}

#[test]
fn modification_step_1_does_nothing_without_a_session() {
    let metadata = metadata("A");
    let mut metadata = metadata.borrow_mut();
    assert_eq!(metadata.set_title("B".into()), None);
    assert_eq!(metadata.set_artist("B".into()), None);
    assert_eq!(metadata.set_album("B".into()), None);
    assert_eq!(metadata.set_artwork(vec![image("a")], &base()), Ok(None));
}

#[test]
fn modification_step_2_is_a_task_for_each_attribute_and_sends_what_is_so_then() {
    let mut session = MediaSession::new();
    let shown = metadata("A");
    session.set_metadata("session", None, Some(&shown));
    assert_eq!(sent_title(&mut session), Some(Some("A".into())));
    for title in ["B", "C"] {
        assert_eq!(shown.borrow_mut().set_title(title.into()), Some("session"));
    }
    assert_eq!(shown.borrow_mut().set_artist("x".into()), Some("session"));
    assert_eq!(shown.borrow_mut().set_album("x".into()), Some("session"));
    assert_eq!(shown.borrow_mut().set_artwork(vec![image("a")], &base()), Ok(Some("session")));
    assert_eq!(sent_title(&mut session), None, "before its task");
    assert_eq!(shown.borrow().session(), Some(&"session"));
    session.update_metadata(Some(shown.borrow().to_plain()));
    assert_eq!(sent_title(&mut session), Some(Some("C".into())));
}

#[test]
fn modification_step_2_1_does_nothing_when_other_metadata_came_first() {
    let mut session = MediaSession::new();
    let (first, second) = (metadata("A"), metadata("B"));
    session.set_metadata("session", None, Some(&first));
    assert_eq!(first.borrow_mut().set_title("late".into()), Some("session"));
    session.set_metadata("session", Some(&first), Some(&second));
    assert_eq!(first.borrow().session(), None);
}
