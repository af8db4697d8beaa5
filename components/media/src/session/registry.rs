/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which sessions there are, what is done to them, what sounds in them; and the thread that does it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Instant;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use servo_media::{Backend, ClientContextId};

use super::SessionEvent;
use super::capture::{CaptureCore, Notice};
use super::facts::Facts;
use super::gate::ContextCore;
use super::leak::Reaper;
use super::player::PlayerCore;
use crate::lock::lock;

/// The number of a player, audio context or capture.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ObjectId(pub(crate) usize);

/// Something that sounds, or is heard by others.
pub(crate) enum Object {
    Player(Weak<PlayerCore>),
    Context(Weak<ContextCore>),
    Capture(Weak<CaptureCore>),
}

/// Who does something to a session. What one does, the other does not undo.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Hand {
    /// The engine, by the methods of [`Backend`].
    Engine,
    /// Whoever has the [`Sessions`](super::Sessions).
    Manager,
}

#[derive(Default)]
struct Session {
    by_engine: Facts,
    by_manager: Facts,
    /// Whether its facts matter only to the objects that it still has.
    forgotten: bool,
    objects: HashMap<ObjectId, Object>,
}

impl Session {
    /// What is done to it alone.
    fn facts(&self) -> Facts {
        self.by_engine.and(self.by_manager)
    }
}

#[derive(Default)]
struct State {
    sessions: HashMap<ClientContextId, Session>,
    /// What is done to all of them.
    all: Facts,
    objects: usize,
    /// Contexts of the inner backend: each holds at most one object, so nothing that the inner
    /// backend does to a context can meet the end of another object.
    inner_contexts: u32,
    free_inner_contexts: Vec<ClientContextId>,
}

/// Done on the worker.
pub(crate) enum Work {
    Settle(Weak<PlayerCore>),
    SettleAt(Instant, Weak<PlayerCore>),
    Tell(SessionEvent),
    Observe(Observer),
}

/// Called on the worker.
pub(crate) type Observer = Box<dyn FnMut(SessionEvent) + Send>;

/// The namespace of the contexts of the inner backend; it never sees another's.
const INNER_NAMESPACE: u32 = u32::MAX;

pub(crate) struct Registry {
    backend: Box<dyn Backend>,
    state: Mutex<State>,
    worker: Sender<Work>,
    captures: Sender<CaptureNotice>,
    reaper: Reaper,
}

/// What happened to a microphone. It may take a sound server that does not answer to deal with it.
type CaptureNotice = (Weak<CaptureCore>, Notice);

fn handle_notices(notices: &Receiver<CaptureNotice>) {
    for (capture, notice) in notices {
        if let Some(capture) = capture.upgrade() {
            capture.handle(notice);
        }
    }
}

impl Registry {
    /// # Errors
    ///
    /// The operating system gives no thread.
    pub(crate) fn new(backend: Box<dyn Backend>) -> std::io::Result<Arc<Self>> {
        let (worker, work) = unbounded();
        std::thread::Builder::new()
            .name("MediaSessions".into())
            .spawn(move || Worker::default().run(&work))?;
        let (captures, notices) = unbounded();
        std::thread::Builder::new()
            .name("Microphones".into())
            .spawn(move || handle_notices(&notices))?;
        let reaper = Reaper::start()?;
        Ok(Arc::new(Self { backend, state: Mutex::default(), worker, captures, reaper }))
    }

    pub(crate) fn reaper(&self) -> &Reaper {
        &self.reaper
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    /// Held for moments, never while the backend is called, and nothing that does more in its drop
    /// than free memory is dropped meanwhile.
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn work(&self, work: Work) {
        // It ends with the registry only.
        if self.worker.send(work).is_err() {
            log::error!("the thread of the media sessions is gone");
        }
    }

    pub(crate) fn notice(&self, capture: Weak<CaptureCore>, notice: Notice) {
        if self.captures.send((capture, notice)).is_err() {
            log::error!("the thread of the microphones is gone");
        }
    }

    pub(crate) fn next_object(&self) -> ObjectId {
        let mut state = self.state();
        state.objects += 1;
        ObjectId(state.objects)
    }

    pub(crate) fn add(&self, session: ClientContextId, id: ObjectId, object: Object) {
        let mut state = self.state();
        let all = state.all;
        let entry = state.sessions.entry(session).or_default();
        tell(&object, all, entry.facts());
        entry.forgotten = false;
        entry.objects.insert(id, object);
    }

    pub(crate) fn remove(&self, session: ClientContextId, id: ObjectId) {
        let mut state = self.state();
        if let Some(entry) = state.sessions.get_mut(&session) {
            entry.objects.remove(&id);
            if entry.objects.is_empty() {
                self.work(Work::Tell(SessionEvent::Empty { session }));
            }
        }
        state.prune(session);
    }

    /// Changes what is done to a session.
    pub(crate) fn change(
        &self,
        session: ClientContextId,
        hand: Hand,
        change: impl FnOnce(&mut Facts),
    ) {
        let mut state = self.state();
        let all = state.all;
        let entry = state.sessions.entry(session).or_default();
        let before = entry.facts();
        change(match hand {
            Hand::Engine => &mut entry.by_engine,
            Hand::Manager => &mut entry.by_manager,
        });
        let after = entry.facts();
        if before != after {
            for object in entry.objects.values() {
                tell(object, all, after);
            }
        }
        state.prune(session);
    }

    /// Changes what is done to all sessions.
    pub(crate) fn change_all(&self, change: impl FnOnce(&mut Facts)) {
        let mut state = self.state();
        let before = state.all;
        change(&mut state.all);
        let all = state.all;
        if before != all {
            for entry in state.sessions.values() {
                for object in entry.objects.values() {
                    tell(object, all, entry.facts());
                }
            }
        }
    }

    /// Forgets a session as soon as it has no objects; until then they are treated as before.
    pub(crate) fn forget(&self, session: ClientContextId) {
        let mut state = self.state();
        if let Some(entry) = state.sessions.get_mut(&session) {
            entry.forgotten = true;
        }
        state.prune(session);
    }

    /// A context of the inner backend that has no objects.
    pub(crate) fn take_inner_context(&self) -> ClientContextId {
        let mut state = self.state();
        state.free_inner_contexts.pop().unwrap_or_else(|| {
            state.inner_contexts += 1;
            ClientContextId::build(INNER_NAMESPACE, state.inner_contexts)
        })
    }

    /// The object of this context of the inner backend is gone.
    pub(crate) fn give_back(&self, inner_context: ClientContextId) {
        // Makes the inner backend forget the entry of what is gone; it has no other way to.
        self.backend.mute(&inner_context, false);
        self.state().free_inner_contexts.push(inner_context);
    }
}

impl State {
    /// Forgets a session in which there is nothing and to which nothing is done.
    fn prune(&mut self, session: ClientContextId) {
        let Some(entry) = self.sessions.get(&session) else { return };
        let untouched = entry.facts() == Facts::default();
        if entry.objects.is_empty() && (untouched || entry.forgotten) {
            self.sessions.remove(&session);
        }
    }
}

/// `all` is done to all sessions, `facts` to that of the object.
fn tell(object: &Object, all: Facts, facts: Facts) {
    match object {
        Object::Player(player) => {
            if let Some(player) = player.upgrade() {
                player.set_facts(all.and(facts));
            }
        }
        Object::Context(context) => {
            if let Some(context) = context.upgrade() {
                context.set_facts(all.and(facts));
            }
        }
        Object::Capture(capture) => {
            if let Some(capture) = capture.upgrade() {
                capture.set_silenced(all.suspended || facts.suspended || facts.muted);
            }
        }
    }
}

/// A player to be set again.
struct Due {
    at: Instant,
    player: Weak<PlayerCore>,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

/// The one thread that sets players to what their sessions want. It may wait for GStreamer.
#[derive(Default)]
struct Worker {
    due: BinaryHeap<Reverse<Due>>,
    observer: Option<Observer>,
}

impl Worker {
    fn run(mut self, work: &Receiver<Work>) {
        loop {
            let next = match self.due.peek() {
                None => work.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(Reverse(due)) => work.recv_deadline(due.at),
            };
            match next {
                Ok(work) => contain(|| self.handle(work)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let now = Instant::now();
            while self.due.peek().is_some_and(|Reverse(due)| due.at <= now) {
                if let Some(Reverse(due)) = self.due.pop() {
                    contain(|| settle(&due.player));
                }
            }
        }
    }

    fn handle(&mut self, work: Work) {
        match work {
            Work::Settle(player) => settle(&player),
            Work::SettleAt(at, player) => self.due.push(Reverse(Due { at, player })),
            Work::Tell(event) => {
                if let Some(observer) = &mut self.observer {
                    observer(event);
                }
            }
            Work::Observe(observer) => self.observer = Some(observer),
        }
    }
}

/// servo-media panics where a player of its own has panicked before, and an observer may; the other
/// players must be silenced all the same.
fn contain(work: impl FnOnce()) {
    if std::panic::catch_unwind(AssertUnwindSafe(work)).is_err() {
        log::error!("a player does not follow its session, or nobody hears of it: see the panic");
    }
}

fn settle(player: &Weak<PlayerCore>) {
    if let Some(player) = player.upgrade() {
        player.settle();
    }
}
