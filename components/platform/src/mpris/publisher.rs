/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The player's name on the bus, and its signals.

use std::sync::Arc;

use sordino_traits::controls::ControlsState;
use sordino_traits::time::Timestamp;
use zbus::fdo::{RequestNameFlags, RequestNameReply};
use zbus::names::WellKnownName;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, ObjectPath};

use super::interfaces::Player;
use super::view::{Named, View};
use super::{PATH, Shared};
use crate::controls::ControlsError;

/// The bus itself, as a peer.
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";
/// How many names are tried.
const NAMES: u32 = 8;

/// What the player has on the bus at present.
enum Presence {
    /// No name: there is nothing to show.
    Absent,
    /// The name.
    Named(String),
    /// No name, although there is something to show: it could not be had.
    Refused,
}

/// Makes the bus show one state after the other. A part of the D-Bus thread.
pub(super) struct Publisher {
    emitter: SignalEmitter<'static>,
    /// The name that is tried first.
    name: String,
    presence: Presence,
    shared: Arc<Shared>,
}

impl Publisher {
    pub(super) fn new(connection: Connection, name: String, shared: Arc<Shared>) -> Self {
        let path = ObjectPath::from_static_str_unchecked(PATH);
        Self {
            emitter: SignalEmitter::from_parts(connection, path),
            name,
            presence: Presence::Absent,
            shared,
        }
    }

    /// Shows `state`: first in every property, then in at most one `PropertiesChanged`, then in a
    /// `Seeked` if the position has jumped.
    pub(super) async fn publish(&mut self, state: Option<&ControlsState>) {
        let view = Arc::new(state.map_or_else(View::stopped, View::of));
        let previous = self.shared.replace_view(view.clone());
        match (&self.presence, state) {
            (_, None) => self.release().await,
            // Whoever sees the name appear reads every property anew.
            (Presence::Absent, Some(_)) => self.request().await,
            (Presence::Refused, Some(_)) => {}
            (Presence::Named(_), Some(_)) => {
                if let Err(error) = self.announce(&view, &previous).await {
                    self.complain("cannot announce a change on D-Bus", &error);
                }
            }
        }
    }

    async fn announce(&self, view: &View, previous: &View) -> zbus::Result<()> {
        let changed = view.changes_since(previous);
        if !changed.is_empty() {
            self.properties_changed(changed).await?;
        }
        if view.jumped_since(previous) {
            Player::seeked(&self.emitter, view.position(Timestamp::now())).await?;
        }
        Ok(())
    }

    async fn properties_changed(&self, changed: Named) -> zbus::Result<()> {
        let invalidated: [&str; 0] = [];
        let body = (Player::NAME, changed, &invalidated[..]);
        self.emitter.emit("org.freedesktop.DBus.Properties", "PropertiesChanged", &body).await
    }

    /// Requests the name, or another when it is taken.
    async fn request(&mut self) {
        for number in 1..=NAMES {
            let name = match number {
                1 => self.name.clone(),
                _ => format!("{}_{number}", self.name),
            };
            match self.request_name(&name).await {
                Ok(RequestNameReply::PrimaryOwner | RequestNameReply::AlreadyOwner) => {
                    log::info!("media controls are on D-Bus as {name}");
                    self.shared.set_bus_name(Some(name.clone()));
                    self.presence = Presence::Named(name);
                    return;
                }
                Ok(_) => log::info!("the D-Bus name {name} is taken"),
                Err(error) => {
                    self.complain(&format!("cannot get the D-Bus name {name}"), &error);
                    self.presence = Presence::Refused;
                    return;
                }
            }
        }
        log::warn!("{}", ControlsError::NameTaken(self.name.clone()));
        self.presence = Presence::Refused;
    }

    /// Gives the name back, if there is one. The connection stays.
    pub(super) async fn release(&mut self) {
        let presence = std::mem::replace(&mut self.presence, Presence::Absent);
        let Presence::Named(name) = presence else {
            return;
        };
        self.shared.set_bus_name(None);
        let released = self
            .emitter
            .connection()
            .call_method(Some(BUS), BUS_PATH, Some(BUS), "ReleaseName", &name)
            .await;
        match released {
            Ok(_) => log::info!("media controls have left D-Bus"),
            Err(error) => self.complain(&format!("cannot release the D-Bus name {name}"), &error),
        }
    }

    /// Logs an error. That the bus is gone is said once, elsewhere.
    fn complain(&self, what: &str, error: &zbus::Error) {
        let level = match self.emitter.connection().is_closed() {
            true => log::Level::Debug,
            false => log::Level::Warn,
        };
        log::log!(level, "{what}: {error}");
    }

    /// Not [`Connection::request_name`]: that takes the name away from a player that lets it, lets
    /// others do so to us, and needs three round trips.
    async fn request_name(&self, name: &str) -> zbus::Result<RequestNameReply> {
        let name = WellKnownName::try_from(name)?;
        let body = (name, RequestNameFlags::DO_NOT_QUEUE);
        self.emitter
            .connection()
            .call_method(Some(BUS), BUS_PATH, Some(BUS), "RequestName", &body)
            .await?
            .body()
            .deserialize()
    }
}
