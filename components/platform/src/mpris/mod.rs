/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The media controls of a Linux desktop:
//! [MPRIS 2.2](https://specifications.freedesktop.org/mpris-spec/latest/) on the session bus.
//!
//! * `address`: which bus.
//! * `mailbox`: how a state gets to the D-Bus thread, and how that thread waits.
//! * `view`: what the bus is shown of a state. Pure.
//! * `interfaces`: the two D-Bus interfaces.
//! * `publisher`: the name on the bus, and the signals.
//!
//! # Threads
//!
//! Each [`MprisControls`] has one thread, `sordino-mpris`, which runs zbus and everything here. It
//! waits for the bus and for its owner, and for nothing else: commands leave it without waiting.
//! Its owner never waits for it, but to connect and to end, both for a bounded time. Idle, it
//! sleeps in one system call without a time-out.
//!
//! Only this thread replaces the view, between two method calls, so no getter asks another thread
//! and no `GetAll` sees half of one state and half of the next.

mod address;
mod interfaces;
mod mailbox;
mod publisher;
mod view;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use sordino_traits::controls::{ControlsCommand, ControlsState};
use zbus::connection::Builder;
use zbus::names::WellKnownName;
use zbus::{Address, Connection};

use crate::controls::{ControlsError, MediaControls};
use interfaces::{Player, Root};
use mailbox::{Either, Mailbox, race};
use publisher::Publisher;
use view::View;

/// Every MPRIS player is this object.
const PATH: &str = "/org/mpris/MediaPlayer2";
/// What the bus name of every MPRIS player starts with.
const NAME_PREFIX: &str = "org.mpris.MediaPlayer2.";
/// How long [`MprisControls::connect`] waits for the bus.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the D-Bus thread waits for the bus to answer one call of ours.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);
/// How long dropping [`MprisControls`] waits for its thread.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);

/// What the player is called, and which bus it is on.
///
/// ```
/// use sordino_platform::MprisOptions;
///
/// let options = MprisOptions {
///     can_quit: true,
///     ..MprisOptions::default()
/// };
/// assert_eq!(options.identity, "Sordino");
/// ```
#[derive(Clone, Debug)]
pub struct MprisOptions {
    /// The name that people see.
    #[doc(alias = "Identity")]
    pub identity: String,
    /// The name of the program's `.desktop` file without that suffix, from which the desktop
    /// takes the icon.
    #[doc(alias = "DesktopEntry")]
    pub desktop_entry: Option<String>,
    /// What follows `org.mpris.MediaPlayer2.` in the bus name. When that name is taken, `_2`,
    /// `_3` and so on are tried.
    pub name_suffix: String,
    /// Whether the desktop may end the program, with [`ControlsCommand::Quit`].
    #[doc(alias = "CanQuit")]
    pub can_quit: bool,
    /// A D-Bus address list; `None` for the session bus of the environment.
    pub bus_address: Option<String>,
}

impl Default for MprisOptions {
    /// `Sordino` as `sordino.instance<PID>` on the session bus, which cannot be made to quit.
    fn default() -> Self {
        Self {
            identity: "Sordino".into(),
            desktop_entry: None,
            name_suffix: format!("sordino.instance{}", std::process::id()),
            can_quit: false,
            bus_address: None,
        }
    }
}

/// The MPRIS backend. The player is on the bus while there is a state to show.
///
/// Dropping it takes the name off the bus and ends its thread; should the bus not answer, after
/// 3 s it leaves the thread to end by itself.
#[derive(Debug)]
pub struct MprisControls {
    mailbox: Arc<Mailbox>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    /// Disconnected when the thread is at its end.
    ended: Receiver<()>,
}

impl MprisControls {
    /// Connects to the bus. The player's name is not requested before there is a state to show.
    ///
    /// Commands are sent to `commands` from the D-Bus thread, which never waits: where `commands`
    /// is bounded and full they are dropped.
    ///
    /// Blocks until the bus has answered, 5 s at most.
    ///
    /// # Errors
    ///
    /// [`ControlsError::NoBus`], at once, when there is no session bus;
    /// [`ControlsError::InvalidName`] for a bad [`MprisOptions::name_suffix`];
    /// [`ControlsError::Connect`], [`ControlsError::Timeout`] and [`ControlsError::Thread`] as
    /// they say.
    pub fn connect(
        options: MprisOptions,
        commands: Sender<ControlsCommand>,
    ) -> Result<Self, ControlsError> {
        let name = format!("{NAME_PREFIX}{}", options.name_suffix);
        if WellKnownName::try_from(name.as_str()).is_err() {
            return Err(ControlsError::InvalidName(name));
        }
        let addresses = match &options.bus_address {
            Some(list) => address::parse(list)?,
            None => address::session(|variable| std::env::var_os(variable))?,
        };

        let mailbox = Arc::new(Mailbox::default());
        let shared = Arc::new(Shared::default());
        let (has_connected, connected) = bounded(1);
        let (ending, ended) = bounded::<()>(0);
        let service = Service {
            options,
            commands: Commands(commands),
            mailbox: mailbox.clone(),
            shared: shared.clone(),
        };
        let thread = thread::Builder::new().name("sordino-mpris".into()).spawn(move || {
            zbus::block_on(service.run(addresses, name, has_connected));
            drop(ending);
        })?;
        let mut controls = Self { mailbox, shared, thread: Some(thread), ended };
        match connected.recv_timeout(CONNECT_TIMEOUT) {
            Ok(Ok(())) => Ok(controls),
            Ok(Err(error)) => Err(error),
            Err(_) => {
                // A thread that waits for a silent bus wakes up for the mailbox; nothing is to be
                // gained by waiting for that.
                controls.thread = None;
                Err(ControlsError::Timeout(CONNECT_TIMEOUT))
            }
        }
    }

    /// The player's name on the bus at present, such as `org.mpris.MediaPlayer2.sordino.instance7`;
    /// `None` while it has none. Does not block.
    pub fn bus_name(&self) -> Option<String> {
        self.shared.bus_name()
    }
}

impl MediaControls for MprisControls {
    fn update(&mut self, state: Option<ControlsState>) {
        self.mailbox.put(state);
    }

    fn backend_name(&self) -> &'static str {
        "mpris"
    }
}

impl Drop for MprisControls {
    fn drop(&mut self) {
        self.mailbox.stop();
        let Some(thread) = self.thread.take() else {
            return;
        };
        if let Err(RecvTimeoutError::Timeout) = self.ended.recv_timeout(STOP_TIMEOUT) {
            log::warn!("the D-Bus bus does not answer; its thread is left to end by itself");
        } else if thread.join().is_err() {
            log::error!("the D-Bus thread of the media controls panicked");
        }
    }
}

/// What the D-Bus thread is made of.
struct Service {
    options: MprisOptions,
    commands: Commands,
    mailbox: Arc<Mailbox>,
    shared: Arc<Shared>,
}

impl Service {
    async fn run(
        self,
        addresses: Vec<Address>,
        name: String,
        has_connected: Sender<Result<(), ControlsError>>,
    ) {
        let connecting = self.connect(&addresses);
        let connection = match race(connecting, self.mailbox.stopped()).await {
            Either::First(Ok(connection)) => connection,
            Either::First(Err(error)) => {
                // The receiver is gone only when it has given up.
                let _ = has_connected.send(Err(error));
                return;
            }
            Either::Second(()) => return,
        };
        let _ = has_connected.send(Ok(()));

        let mut publisher = Publisher::new(connection.clone(), name, self.shared.clone());
        loop {
            match race(self.mailbox.next(), connection.closed()).await {
                Either::First(Some(state)) => publisher.publish(state.as_ref()).await,
                Either::First(None) => {
                    publisher.release().await;
                    break;
                }
                Either::Second(()) => {
                    self.shared.set_bus_name(None);
                    log::warn!("the D-Bus bus is gone, and with it the desktop's media controls");
                    self.mailbox.stopped().await;
                    break;
                }
            }
        }
        drop(publisher);
        if let Err(error) = connection.close().await {
            log::debug!("closing the D-Bus connection: {error}");
        }
    }

    /// Connects to the first of `addresses` that answers, and serves the player there.
    async fn connect(&self, addresses: &[Address]) -> Result<Connection, ControlsError> {
        let mut result = Err(ControlsError::NoBus);
        for address in addresses {
            let root = Root::new(&self.options, self.commands.clone());
            let player = Player::new(self.shared.clone(), self.commands.clone());
            result = Builder::address(address.clone())
                .method_timeout(CALL_TIMEOUT)
                .serve_at(PATH, root)
                .serve_at(PATH, player)
                .build()
                .await
                .map_err(|source| ControlsError::Connect {
                    address: address.to_string(),
                    source: source.into(),
                });
            if result.is_ok() {
                break;
            }
        }
        result
    }
}

/// What the owner and the D-Bus thread both see.
#[derive(Debug)]
struct Shared {
    /// What the bus is shown. Replaced by the D-Bus thread only.
    view: RwLock<Arc<View>>,
    bus_name: Mutex<Option<String>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self { view: RwLock::new(Arc::new(View::stopped())), bus_name: Mutex::default() }
    }
}

impl Shared {
    fn view(&self) -> Arc<View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows `view`; returns what was shown before.
    fn replace_view(&self, view: Arc<View>) -> Arc<View> {
        let mut shown = self.view.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *shown, view)
    }

    fn bus_name(&self) -> Option<String> {
        self.bus_name.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_bus_name(&self, name: Option<String>) {
        *self.bus_name.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }
}

/// Where the user's commands go.
#[derive(Clone, Debug)]
struct Commands(Sender<ControlsCommand>);

impl Commands {
    /// Sends a command without waiting.
    fn send(&self, command: impl Into<ControlsCommand>) {
        match self.0.try_send(command.into()) {
            Ok(()) => {}
            Err(TrySendError::Full(command)) => {
                log::warn!("too many media commands are waiting; dropped {command:?}");
            }
            Err(TrySendError::Disconnected(command)) => {
                log::debug!("nobody receives media commands any more; dropped {command:?}");
            }
        }
    }
}
