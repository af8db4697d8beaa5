/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `https:`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::*;

/// A server with a certificate of its own, which answers each request with its body.
struct SecureServer {
    address: SocketAddr,
    certificate: CertificateDer<'static>,
    connections: Arc<AtomicUsize>,
}

impl SecureServer {
    fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::<AtomicUsize>::default();
        let (config, count) = (Arc::new(config), connections.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                count.fetch_add(1, Ordering::Relaxed);
                let connection = ServerConnection::new(config.clone()).unwrap();
                let mut stream = BufReader::new(StreamOwned::new(connection, stream));
                // The client may go.
                while let Ok(body) = read_body(&mut stream)
                    && write!(
                        stream.get_mut(),
                        "HTTP/1.1 200 Sealed\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    )
                    .is_ok()
                    && stream.get_mut().flush().is_ok()
                {}
            }
        });
        Self { address, certificate, connections }
    }

    fn network(&self) -> Network {
        let certificate = Certificate::from_der(&self.certificate).to_owned();
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[certificate]));
        Network { tls: tls.build(), ..Network::new(LONG) }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/", self.address.port())
    }
}

fn read_body(stream: &mut impl BufRead) -> std::io::Result<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(String::from_utf8(body).unwrap())
}

#[test]
fn long_bodies_go_and_come_over_one_connection() {
    let server = SecureServer::start();
    let tab = Tab::new(&server.url(), &server.network());
    for length in [0, 1, 20_000, 1_000_000] {
        let request = Request {
            method: "POST".into(),
            body: Some("x".repeat(length).into()),
            ..Request::new(server.url(), Destination::Media)
        };
        let (head, body) = tab.fetch(request).unwrap();
        assert_eq!((head.status, &*head.status_text), (200, "Sealed"));
        assert_eq!(body.len(), length);
    }
    assert_eq!(server.connections.load(Ordering::Relaxed), 1);
}

#[test]
fn a_server_that_cannot_show_who_it_is_gets_nothing() {
    let server = SecureServer::start();
    let get = |url: String| Request::new(url, Destination::Media);
    let stranger = Tab::new(&server.url(), &Network::new(LONG));
    let refused = stranger.refused(get(server.url()));
    assert!(refused.contains("certificate"), "{refused}");
    let tab = Tab::new(&server.url(), &server.network());
    let refused = tab.refused(get(format!("https://{}/", server.address)));
    assert!(refused.contains("certificate"), "{refused}");
}

#[test]
fn a_handshake_that_does_not_end_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap());
    let get = || Request::new(url.clone(), Destination::Media);
    let impatient = Tab::new(&url, &Network::new(limits(SHORT, PATIENCE, PATIENCE)));
    assert!(impatient.refused(get()).contains("no connection within 0.3 s"));
    drop(silent.accept().unwrap());

    let tab = Tab::new(&url, &Network::new(Limits::default()));
    let id = tab.start(get());
    let (mut stream, _) = silent.accept().unwrap();
    tab.fetches.cancel(id);
    stream.read_to_end(&mut Vec::new()).unwrap();
}
