/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Servers that misbehave, limits, and giving up.

use std::net::TcpListener;
use std::time::Instant;

use sordino_tests::rude::{Conduct, Happened, RudeServer};
use sordino_tests::site::Answer;
use sordino_traits::embedder::Header;
use sordino_traits::validate::Violation;

use super::*;

fn get(url: String) -> Request {
    Request::new(url, Destination::Script)
}

#[test]
fn a_bad_answer_is_an_error_that_says_what_is_wrong() {
    let server = RudeServer::start();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(LONG));
    for (conduct, reason) in [
        (Conduct::Hangup, "closed the connection"),
        (Conduct::HalfBody, "closed the connection before the end"),
        (Conduct::HalfChunk, "closed the connection before the end"),
        (Conduct::Garbage, "not valid HTTP"),
        (Conduct::BadHeader, "not valid HTTP"),
        (Conduct::TwoLengths, "not valid HTTP"),
        (Conduct::EndlessHeaders, "too many headers"),
        (Conduct::EndlessHeader, "longer than 65536 bytes"),
    ] {
        let refused = tab.refused(get(server.url(conduct)));
        assert!(refused.contains(reason), "{conduct:?}: {refused}");
        assert!(refused.contains(&server.url(conduct)), "it names the URL: {refused}");
    }
}

#[test]
fn what_is_more_than_was_promised_is_left_out() {
    let server = RudeServer::start();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(LONG));
    for _ in 0..2 {
        let (head, body) = tab.fetch(get(server.url(Conduct::TooMuch))).unwrap();
        assert_eq!((head.length, &*body), (Some(4), &b"whol"[..]));
    }
}

#[test]
fn a_connection_that_was_closed_meanwhile_is_made_anew() {
    let server = RudeServer::start();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(LONG));
    for _ in 0..100 {
        let (_, body) = tab.fetch(get(server.url(Conduct::Once))).unwrap();
        assert_eq!(body, b"once");
    }
}

#[test]
fn an_endless_body_ends_at_the_limit() {
    let server = RudeServer::start();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(LONG));
    let refused = tab.refused(get(server.url(Conduct::EndlessBody)));
    assert!(refused.contains("larger than 268435456 bytes"), "{refused}");
    server.wait_for(Happened::Over(Conduct::EndlessBody));
}

/// Of media the content process says when it has enough.
#[test]
fn media_is_not_read_while_it_is_paused() {
    let server = RudeServer::start();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(LONG));
    let id = tab.start(Request::new(server.url(Conduct::EndlessBody), Destination::Media));
    assert!(matches!(tab.next(id), FetchEvent::Response(_)));
    for _ in 0..2 {
        tab.fetches.pause(id, true);
        // What was on its way comes, and then nothing more.
        while tab.commands.recv_timeout(SHORT).is_ok() {}
        tab.fetches.pause(id, false);
        assert!(matches!(tab.next(id), FetchEvent::Chunk(_)));
    }
    tab.fetches.pause(id, true);
    tab.fetches.cancel(id);
    server.wait_for(Happened::Over(Conduct::EndlessBody));
}

#[test]
fn silence_ends_at_its_limit() {
    let server = RudeServer::start();
    for (conduct, limits, reason) in [
        (Conduct::Never, limits(PATIENCE, SHORT, PATIENCE), "no answer within 0.3 s"),
        (Conduct::HalfHead, limits(PATIENCE, SHORT, PATIENCE), "no answer within 0.3 s"),
        (Conduct::Stall, limits(PATIENCE, PATIENCE, SHORT), "sent nothing for 0.3 s"),
        (Conduct::StallWithoutLength, limits(PATIENCE, PATIENCE, SHORT), "sent nothing for 0.3 s"),
    ] {
        let tab = Tab::new("http://127.0.0.1/", &Network::new(limits));
        let begin = Instant::now();
        let refused = tab.refused(get(server.url(conduct)));
        assert!(refused.contains(reason), "{conduct:?}: {refused}");
        assert!(begin.elapsed() >= SHORT, "{conduct:?}: too early");
        server.wait_for(Happened::Over(conduct));
    }
}

#[test]
fn a_server_that_takes_no_body_is_given_up() {
    // It is connected to, and never accepts.
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    rustix::net::sockopt::set_socket_recv_buffer_size(&deaf, 4_096).unwrap();
    let network = Network::new(limits(PATIENCE, PATIENCE, SHORT));
    let tab = Tab::new("http://127.0.0.1/", &network);
    let post = Request {
        method: "POST".into(),
        body: Some("x".repeat(3_500_000).into()),
        ..get(format!("http://{}/", deaf.local_addr().unwrap()))
    };
    let refused = tab.refused(post);
    assert!(refused.contains("took nothing for 0.3 s"), "{refused}");
}

#[test]
fn a_connection_that_is_not_made_ends_at_its_limit() {
    // Once its backlog is full, Linux does not answer who connects.
    let full = TcpListener::bind("127.0.0.1:0").unwrap();
    rustix::net::listen(&full, 0).unwrap();
    let address = full.local_addr().unwrap();
    let _taken: Vec<_> =
        (0..4).map_while(|_| std::net::TcpStream::connect_timeout(&address, SHORT).ok()).collect();
    let network = Network::new(limits(SHORT, PATIENCE, PATIENCE));
    let tab = Tab::new("http://127.0.0.1/", &network);
    let refused = tab.refused(get(format!("http://{address}/")));
    assert!(refused.contains("no connection within 0.3 s"), "{refused}");
}

#[test]
fn a_cancelled_fetch_lets_go_of_its_server_wherever_it_is() {
    let server = RudeServer::start();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(Limits::default()));
    for conduct in [
        Conduct::Never,
        Conduct::HalfHead,
        Conduct::Stall,
        Conduct::StallWithoutLength,
        Conduct::EndlessBody,
    ] {
        let id = tab.start(get(server.url(conduct)));
        server.wait_for(Happened::Asked(conduct));
        if !matches!(conduct, Conduct::Never | Conduct::HalfHead) {
            assert!(matches!(tab.next(id), FetchEvent::Response(_)));
            assert!(matches!(tab.next(id), FetchEvent::Chunk(_)));
        }
        tab.fetches.cancel(id);
        server.wait_for(Happened::Over(conduct));
    }
    // Nothing more of them comes than was on its way.
    while tab.commands.recv_timeout(SHORT).is_ok() {}
    let site = Site::new();
    site.write("page.txt", "words");
    let id = tab.start(get(site.url("page.txt")));
    let command = tab.commands.recv_timeout(PATIENCE).unwrap();
    let is_new = matches!(command, ShellCommand::Fetch { id: of, .. } if of == id);
    assert!(is_new, "{command:?}");
}

#[test]
fn servers_are_let_go_with_the_process() {
    let server = RudeServer::start();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(Limits::default()));
    for _ in 0..70 {
        tab.start(get(server.url(Conduct::Never)));
    }
    (0..64).for_each(|_| server.wait_for(Happened::Asked(Conduct::Never)));
    tab.fetches.cancel_all();
    (0..64).for_each(|_| server.wait_for(Happened::Over(Conduct::Never)));
}

#[test]
fn a_connection_that_is_being_made_can_be_given_up() {
    let full = TcpListener::bind("127.0.0.1:0").unwrap();
    rustix::net::listen(&full, 0).unwrap();
    let address = full.local_addr().unwrap();
    let _taken: Vec<_> =
        (0..4).map_while(|_| std::net::TcpStream::connect_timeout(&address, SHORT).ok()).collect();
    let tab = Tab::new("http://127.0.0.1/", &Network::new(Limits::default()));
    let stuck: Vec<_> = (0..64).map(|_| tab.start(get(format!("http://{address}/")))).collect();
    // All places are taken.
    let site = Site::new();
    site.write("page.txt", "words");
    let waiting = tab.start(get(site.url("page.txt")));
    assert!(tab.commands.recv_timeout(SHORT).is_err(), "it waits for its turn");
    tab.fetches.cancel(stuck[0]);
    assert_eq!(tab.finish(waiting).unwrap().1, b"words");
    stuck.iter().for_each(|id| tab.fetches.cancel(*id));
    // The threads are there again: as many as there may be at all, three times over.
    let many: Vec<_> = (0..400).map(|_| tab.start(get(site.url("page.txt")))).collect();
    for id in many {
        assert_eq!(tab.finish(id).unwrap().1, b"words");
    }
}

#[test]
fn thousands_at_once_all_end() {
    let site = Site::new();
    site.write("page.txt", "words");
    site.hold("held");
    let tab = Tab::of(&site);
    let held: Vec<_> = (0..64).map(|_| tab.start(get(site.url("held")))).collect();
    let ids: Vec<_> = (0..3_000).map(|_| tab.start(get(site.url("page.txt")))).collect();
    let cancelled = ids[10];
    tab.fetches.cancel(cancelled);
    site.release("held");
    let mut outcomes = HashMap::new();
    for id in ids.into_iter().filter(|id| *id != cancelled) {
        let outcome = match tab.finish(id) {
            Ok((_, body)) => String::from_utf8(body).unwrap(),
            Err(error) => error.to_string(),
        };
        *outcomes.entry(outcome).or_insert(0) += 1;
    }
    let too_many = format!("cannot fetch {}: too many fetches wait already", site.url("page.txt"));
    assert_eq!(outcomes, HashMap::from([("words".to_owned(), 1_023), (too_many, 1_976)]));
    for id in held {
        assert_eq!(tab.finish(id).unwrap().0.status, 404);
    }
}

#[test]
fn a_process_that_asks_for_what_no_page_can_must_end() {
    let site = Site::new();
    site.hold("page.txt");
    let tab = Tab::of(&site);
    let start = |request| tab.fetches.start(FetchId(1), Box::new(request));
    let good = || from(&site, site.url("page.txt"));
    let header = Header::new("x\r\nhost", "evil.example");
    for bad in [
        Request { method: "GET / HTTP/1.1\r\n".into(), ..good() },
        Request { headers: vec![header], ..good() },
        Request { origin: Some("evil".into()), ..good() },
    ] {
        assert!(matches!(start(bad), Err(Violation::BadRequest { .. })));
    }
    let long =
        Request { method: "POST".into(), body: Some("x".repeat(4 * 1024 * 1024).into()), ..good() };
    assert!(matches!(start(long), Err(Violation::TooLong { what: "request", .. })));
    assert_eq!(start(good()), Ok(()));
    assert_eq!(start(good()), Err(Violation::FetchTwice));
}

#[test]
fn an_answer_that_is_late_is_an_answer() {
    let site = Site::new();
    site.answer("late", Answer::new("words"));
    site.hold("late");
    let tab = Tab::of(&site);
    let id = tab.start(from(&site, site.url("late")));
    assert!(tab.commands.recv_timeout(SHORT).is_err());
    site.release("late");
    assert_eq!(tab.finish(id).unwrap().1, b"words");
}
