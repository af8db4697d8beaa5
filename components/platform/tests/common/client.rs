/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A D-Bus client that asks a player, and one that records every signal of the bus.

use std::collections::BTreeMap;
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, bounded, unbounded};
use futures_util::StreamExt;
use serde::Serialize;
use zbus::connection::Builder;
use zbus::{Connection, DynamicType, MatchRule, Message, MessageStream, OwnedVariant, Variant};

pub use sordino_tests::{Bus, PATIENCE};

pub const PATH: &str = "/org/mpris/MediaPlayer2";
pub const ROOT: &str = "org.mpris.MediaPlayer2";
pub const PLAYER: &str = "org.mpris.MediaPlayer2.Player";

pub type Properties = BTreeMap<String, OwnedVariant>;

/// Asks one peer.
pub struct Client {
    connection: Connection,
    peer: String,
}

impl Client {
    pub fn new(bus: &Bus, peer: &str) -> Self {
        let builder = Builder::address(bus.address.as_str()).method_timeout(PATIENCE);
        Self { connection: zbus::block_on(builder.build()).unwrap(), peer: peer.into() }
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    pub fn ask<B>(&self, interface: &str, method: &str, body: &B) -> zbus::Result<Message>
    where
        B: Serialize + DynamicType,
    {
        let peer = Some(self.peer.as_str());
        let call = self.connection.call_method(peer, PATH, Some(interface), method, body);
        zbus::block_on(call)
    }

    /// Calls a method of the player that takes and gives nothing.
    pub fn press(&self, method: &str) {
        self.ask(PLAYER, method, &()).unwrap();
    }

    pub fn get(&self, interface: &str, property: &str) -> zbus::Result<OwnedVariant> {
        let reply = self.ask(PROPERTIES, "Get", &(interface, property))?;
        reply.body().deserialize()
    }

    pub fn set(&self, property: &str, value: impl Into<Variant<'static>>) -> zbus::Result<Message> {
        self.ask(PROPERTIES, "Set", &(PLAYER, property, value.into()))
    }

    pub fn get_all(&self, interface: &str) -> Properties {
        let reply = self.ask(PROPERTIES, "GetAll", &interface).unwrap();
        reply.body().deserialize().unwrap()
    }

    pub fn position(&self) -> i64 {
        i64::try_from(self.get(PLAYER, "Position").unwrap()).unwrap()
    }

    /// Whether somebody owns `name`.
    pub fn is_owned(&self, name: &str) -> bool {
        let bus = Some("org.freedesktop.DBus");
        let path = "/org/freedesktop/DBus";
        let call = self.connection.call_method(bus, path, bus, "NameHasOwner", &name);
        zbus::block_on(call).unwrap().body().deserialize().unwrap()
    }

    /// Asks until `found`.
    pub fn until(&self, what: &str, mut found: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !found(self) {
            assert!(start.elapsed() < PATIENCE, "never: {what}");
            thread::yield_now();
        }
    }
}

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// A signal of a player, or a player's name that came or went.
#[derive(Debug, PartialEq)]
pub enum Seen {
    Changed(Properties),
    Seeked(i64),
    Appeared(String),
    Vanished(String),
    Other(String),
}

/// Everything that a bus's players signal from now on, in order.
pub struct Recorder(Receiver<Seen>);

impl Recorder {
    pub fn start(bus: &Bus) -> Self {
        let (seen, recorded) = unbounded();
        let (is_ready, ready) = bounded(1);
        let address = bus.address.clone();
        let record = async move {
            let connection = Builder::address(address.as_str()).build().await.unwrap();
            let rule = MatchRule::builder().msg_type(zbus::message::Type::Signal);
            let rule = rule.build().unwrap();
            let stream = MessageStream::for_match_rule(rule, &connection, None);
            let mut stream = stream.await.unwrap();
            is_ready.send(()).unwrap();
            // Until the bus is killed, or the test has ended.
            while let Some(Ok(message)) = stream.next().await {
                if read(&message).is_some_and(|signal| seen.send(signal).is_err()) {
                    return;
                }
            }
        };
        thread::spawn(|| zbus::block_on(record));
        ready.recv_timeout(PATIENCE).unwrap();
        Self(recorded)
    }

    pub fn next(&self) -> Seen {
        self.0.recv_timeout(PATIENCE).expect("a signal")
    }

    pub fn next_change(&self) -> Properties {
        match self.next() {
            Seen::Changed(properties) => properties,
            other => panic!("{other:?} instead of a change"),
        }
    }

    pub fn wait_for_name(&self) {
        assert!(matches!(self.next(), Seen::Appeared(_)));
    }
}

fn read(message: &Message) -> Option<Seen> {
    let header = message.header();
    let body = message.body();
    let member = header.member()?.as_str();
    match (header.path()?.as_str(), member) {
        (PATH, "PropertiesChanged") => {
            let (interface, changed, invalidated): (String, Properties, Vec<String>) =
                body.deserialize().unwrap();
            assert_eq!((interface.as_str(), invalidated.len()), (PLAYER, 0));
            Some(Seen::Changed(changed))
        }
        (PATH, "Seeked") => Some(Seen::Seeked(body.deserialize().unwrap())),
        (PATH, other) => Some(Seen::Other(other.into())),
        (_, "NameOwnerChanged") => {
            let (name, _, new): (String, String, String) = body.deserialize().unwrap();
            let event = match new.is_empty() {
                true => Seen::Vanished,
                false => Seen::Appeared,
            };
            name.starts_with(ROOT).then(|| event(name))
        }
        _ => None,
    }
}

/// A value inside of properties as text, such as `7`, `true`, `abc` or `["abc"]`.
pub fn show(properties: &Properties, key: &str) -> String {
    let Some(value) = properties.get(key) else {
        return "absent".into();
    };
    match Variant::try_from(value).unwrap() {
        Variant::Str(text) => text.to_string(),
        Variant::ObjectPath(path) => path.to_string(),
        Variant::I64(number) => number.to_string(),
        Variant::F64(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// `Metadata` inside of properties.
pub fn metadata(properties: &Properties) -> Properties {
    let value = properties["Metadata"].try_clone().unwrap();
    Properties::try_from(value).unwrap()
}
