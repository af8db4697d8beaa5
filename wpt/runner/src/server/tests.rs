/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use tempfile::TempDir;

use super::Server;

/// A server of a folder with these files.
fn server(files: &[(&str, &str)]) -> (TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    for path in ["packages/wpt-runner/testharness", "packages/@webref/idl", "tests"] {
        std::fs::create_dir_all(folder.path().join(path)).unwrap();
    }
    std::fs::write(folder.path().join("packages/@webref/idl/a.idl"), "interface A {};").unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join("tests").join(name), text).unwrap();
    }
    let packages = folder.path().join("packages");
    let server = Server::start(&folder.path().join("tests"), &packages).unwrap();
    (folder, server)
}

fn send(server: &Server, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    write!(stream, "{head}\r\n\r\n").unwrap();
    stream
}

/// The head and the body of the answer.
fn answer(mut stream: TcpStream) -> (String, String) {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn get(server: &Server, target: &str) -> (String, String) {
    answer(send(server, &format!("GET {target} HTTP/1.1\r\nHost: a\r\nX-Test: yes")))
}

#[test]
fn files_come_with_their_headers_and_ranges() {
    let (_folder, server) =
        server(&[("a.txt", "0123456789"), ("a.txt.headers", "X-One: 1\nContent-Type: x/y\n")]);
    let (head, body) = get(&server, "/a.txt");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n"), "{head}");
    assert!(head.contains("X-One: 1\r\n") && head.contains("Content-Type: x/y\r\n"), "{head}");
    assert_eq!(body, "0123456789");
    let range = |range: &str| {
        answer(send(&server, &format!("GET /a.txt HTTP/1.1\r\nRange: bytes={range}")))
    };
    for (asked, content, expected) in
        [("2-4", "2-4/10", "234"), ("8-", "8-9/10", "89"), ("-3", "7-9/10", "789")]
    {
        let (head, body) = range(asked);
        assert!(head.starts_with("HTTP/1.1 206"), "{head}");
        assert!(head.contains(&format!("Content-Range: bytes {content}\r\n")), "{head}");
        assert_eq!(body, expected);
    }
    assert!(range("10-").0.starts_with("HTTP/1.1 416"));
    assert!(get(&server, "/../a.txt").0.starts_with("HTTP/1.1 404"));
}

#[test]
fn pipes_change_answers() {
    let (_folder, server) = server(&[("a.txt", "0123456789")]);
    let (head, body) = get(&server, r"/a.txt?pipe=status(404)|header(X-A,b\,%20c)");
    assert!(head.starts_with("HTTP/1.1 404 Not Found\r\n"), "{head}");
    assert!(head.contains("X-A: b, c\r\n"), "{head}");
    assert_eq!(body, "0123456789");
    let (head, body) = get(&server, "/a.txt?pipe=truncate(4)");
    assert!(head.contains("Content-Length: 10\r\n"), "{head}");
    assert_eq!(body, "0123");
    assert!(get(&server, "/a.txt?pipe=nothing").0.starts_with("HTTP/1.1 500"));
}

#[test]
fn an_answer_waits_for_another_request() {
    let (_folder, server) = server(&[("a.txt", "0123456789")]);
    let mut held = send(&server, "GET /a.txt?pipe=hold(k,3)|note(n) HTTP/1.1");
    let mut first = Vec::new();
    while !first.ends_with(b"012") {
        let mut byte = [0];
        held.read_exact(&mut byte).unwrap();
        first.extend(byte);
    }
    get(&server, "/handlers/release?key=k");
    let mut rest = String::new();
    held.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "3456789");
    let (_, notes) = get(&server, "/handlers/noted?key=n");
    let notes: serde_json::Value = serde_json::from_str(&notes).unwrap();
    assert_eq!(notes[0]["path"], "/a.txt");
}

#[test]
fn what_never_answers_ends_with_its_client() {
    let (_folder, server) = server(&[("a.txt", "")]);
    let mut stream = send(&server, "GET /a.txt?pipe=never HTTP/1.1");
    stream.shutdown(Shutdown::Write).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"");
}

#[test]
fn handlers_answer() {
    let (_folder, server) = server(&[]);
    let (head, _) = get(&server, "/handlers/redirect?to=/a%20b&status=307");
    assert!(head.starts_with("HTTP/1.1 307 Temporary Redirect\r\n"), "{head}");
    assert!(head.contains("Location: /a b\r\n"), "{head}");
    let stream = send(&server, "POST /handlers/echo?q HTTP/1.1\r\nContent-Length: 2\r\nX-Y: z");
    let mut posted = stream.try_clone().unwrap();
    posted.write_all(b"hi").unwrap();
    let echo: serde_json::Value = serde_json::from_str(&answer(stream).1).unwrap();
    assert_eq!(echo["method"], "POST");
    assert_eq!(echo["query"], "q");
    assert_eq!(echo["headers"]["x-y"], "z");
    assert_eq!(echo["body"], "hi");
    let (head, body) = get(&server, "/handlers/body?hex=6f6B&type=a/b");
    assert!(head.contains("Content-Type: a/b\r\n"), "{head}");
    assert_eq!(body, "ok");
    assert!(get(&server, "/handlers/body?hex=6").0.starts_with("HTTP/1.1 400"));
}

#[test]
fn braces_are_filled_in() {
    let text = "{{host}}:{{ports[http][0]}} {{GET[q]}} {{headers[x-test]}} {{unknown}} {{";
    let (_folder, server) = server(&[("a.sub.txt", text), ("b.txt", text)]);
    let port = server.port;
    let expected = format!("127.0.0.1:{port} 1 yes {{{{unknown}}}} {{{{");
    assert_eq!(get(&server, "/a.sub.txt?q=1").1, expected);
    assert_eq!(get(&server, "/b.txt?q=1").1, text);
    assert_eq!(get(&server, "/b.txt?q=1&pipe=sub").1, expected);
}

#[test]
fn scripts_get_a_page() {
    let script = "// META: title=One\n// META: script=/x.js\nrun();\n";
    let (_folder, server) = server(&[("a.window.js", script), ("b.js", script)]);
    let (head, page) = get(&server, "/a.window.html");
    assert!(head.contains("Content-Type: text/html\r\n"), "{head}");
    let place = |text| page.find(text).unwrap_or_else(|| panic!("no {text} in {page}"));
    assert!(place("<title>One</title>") < place("/resources/testharness.js"));
    assert!(place("/resources/testharnessreport.js") < place("/x.js"));
    assert!(place("/x.js") < place("/a.window.js"));
    assert!(get(&server, "/b.window.html").0.starts_with("HTTP/1.1 404"));
}
