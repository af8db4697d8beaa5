/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Files, data and other schemes.

use sordino_traits::embedder::Header;

use super::*;

fn of_file(url: String, destination: Destination) -> Request {
    Request { origin: Some("null".into()), ..Request::new(url, destination) }
}

#[test]
fn a_page_that_is_a_file_reads_files_and_no_other_does() {
    let site = Site::new();
    site.write("list.json", "{}");
    site.write("page.html", "words");
    let file = |name: &str| Url::from_file_path(site.file(name)).unwrap().to_string();
    let network = Network::new(LONG);
    let tab = Tab::new(&file("page.html"), &network);
    let (head, body) = tab.fetch(of_file(file("list.json"), Destination::Empty)).unwrap();
    assert_eq!((head.status, head.length, &*body), (200, Some(2), &b"{}"[..]));
    assert_eq!(head.headers, [Header::new("content-type", "application/json")]);
    assert_eq!(head.mime_type.as_deref(), Some("application/json"));
    let page = Request::new(file("page.html"), Destination::Document);
    assert_eq!(tab.fetch(page).unwrap().1, b"words");

    let web = Tab::new(&site.url("page.html"), &network);
    let refused = web.refused(of_file(file("list.json"), Destination::Media));
    assert!(refused.contains("files are for pages that are files"), "{refused}");
    let frame = Request { origin: Some(site.origin()), ..of_file(file("x"), Destination::Media) };
    assert!(tab.refused(frame).contains("files are for pages that are files"));
}

#[test]
fn files_that_are_none() {
    let site = Site::new();
    site.write("page.html", "words");
    let file = |name: &str| Url::from_file_path(site.file(name)).unwrap().to_string();
    let tab = Tab::new(&file("page.html"), &Network::new(LONG));
    let media = |url| of_file(url, Destination::Media);
    assert!(tab.refused(media(file("absent.ogg"))).contains("No such file"));
    let folder = Url::from_file_path(site.folder()).unwrap().to_string();
    assert!(tab.refused(media(folder)).contains("folder"));
    for method in ["HEAD", "POST"] {
        let request = Request { method: method.into(), ..media(file("page.html")) };
        assert!(tab.refused(request).contains("with GET"), "{method}");
    }
}

#[test]
fn a_pipe_that_says_nothing_can_be_given_up() {
    let site = Site::new();
    let path = site.file("pipe");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let writer = std::fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let url = Url::from_file_path(&path).unwrap().to_string();
    let tab = Tab::new(&url, &Network::new(LONG));
    let ids: Vec<_> =
        (0..64).map(|_| tab.start(of_file(url.clone(), Destination::Media))).collect();
    for id in &ids {
        assert!(matches!(tab.next(*id), FetchEvent::Response(_)));
        tab.fetches.cancel(*id);
    }
    let id = tab.start(of_file(url, Destination::Media));
    assert!(matches!(tab.next(id), FetchEvent::Response(_)));
    std::io::Write::write_all(&mut &writer, b"words").unwrap();
    drop(writer);
    assert_eq!(tab.next(id), FetchEvent::Chunk(b"words".to_vec()));
    assert_eq!(tab.next(id), FetchEvent::Done);
}

#[test]
fn data_is_its_own_answer() {
    let tab = Tab::new("https://example.org/", &Network::new(LONG));
    let data = |url: &str| Request {
        mode: RequestMode::Cors,
        origin: Some("https://example.org".into()),
        ..Request::new(url, Destination::Empty)
    };
    let (head, body) = tab.fetch(data("data:text/x-own;charset=utf-8;base64,d29yZHM=")).unwrap();
    assert_eq!((head.status, &*head.status_text, &*body), (200, "OK", &b"words"[..]));
    assert_eq!(head.headers, [Header::new("content-type", "text/x-own;charset=utf-8")]);
    assert_eq!(head.charset.as_deref(), Some("utf-8"));
    assert!(tab.refused(data("data:no-comma")).contains("NoComma"));
    let head = Request { method: "HEAD".into(), ..data("data:,x") };
    assert!(tab.refused(head).contains("with GET"));
    let script = Request { destination: Destination::Script, ..data("data:image/png,x") };
    assert!(tab.refused(script).contains("no script"));
}

#[test]
fn other_schemes_are_refused_with_a_reason() {
    let tab = Tab::new("https://example.org/", &Network::new(LONG));
    for (url, reason) in [
        ("blob:https://example.org/1", "only the process that made"),
        ("ftp://example.org/", "http, https, file or data"),
        ("javascript:alert()", "http, https, file or data"),
        ("http://127.0.0.1:25/", "port"),
        ("no URL", "relative URL without a base"),
        ("http://host.invalid/", "no host of that name"),
    ] {
        let refused = tab.refused(Request::new(url, Destination::Media));
        assert!(refused.contains(reason), "{url}: {refused}");
    }
}
