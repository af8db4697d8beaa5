/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [similar-origin window agent](https://html.spec.whatwg.org/multipage/webappapis.html#similar-origin-window-agent)
//! of a content process: the engine, the event loop, and all documents of the tab. Documents of
//! other origins are in it, too; the window proxies keep them apart.

mod fetches;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use ipc_channel::ipc::IpcSender;
use sordino_media::session::ToManager;
use sordino_media::web_audio::{AudioContextEvent, SampleBuffer};
use sordino_media::{Media, PlayerEvent, PlayerNumber};
use sordino_script_bindings::{DomRoot, DomWeak, Error, OverBudget, Realm, Runtime, RuntimeError};
use sordino_traits::embedder::{ConsoleLevel, DeviceSalt, FetchId, ShellRequest};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::ScriptCommand;
use sordino_traits::{DocumentId, ElementId, FrameId, SessionId, Timestamp};
use url::Url;

use crate::browsing_context::BrowsingContext;
use crate::capture::Captures;
use crate::cookies::AgentCookies;
use crate::dom::{AudioContext, HTMLMediaElement};
use crate::event_loop::EventLoop;
use crate::file_api::BlobUrlStore;
use crate::focus_entries::FocusEntries;
use crate::message_ports::MessagePorts;
use crate::page::Page;
use crate::prefs::Prefs;
use crate::storage::StorageAreas;
use crate::tree::Tree;
use fetches::Fetch;

/// After how many tasks the session manager hears of what has changed, even if there are more.
const MAX_UNHEARD_TURNS: u32 = 64;

/// Why there is no engine or no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AgentError {
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    #[error("cannot set the page's global object up: {0}")]
    Realm(Error),
}

/// The channels out of a content process.
#[derive(Clone)]
pub(crate) struct Outside {
    pub(crate) manager: ToManager,
    pub(crate) shell: IpcSender<ShellRequest>,
    pub(crate) media: Media,
}

/// The agent of a content process.
pub(crate) struct Agent {
    me: Weak<Agent>,
    prefs: Prefs,
    outside: Outside,
    tree: Rc<Tree>,
    events: EventLoop<Rc<Agent>>,
    ids: RefCell<IdAllocator>,
    top: RefCell<Option<Rc<BrowsingContext>>>,
    /// The documents that are shown, each in its browsing context.
    pages: RefCell<BTreeMap<DocumentId, Rc<Page>>>,
    media_elements: RefCell<BTreeMap<ElementId, DomWeak<HTMLMediaElement>>>,
    audio_contexts: RefCell<BTreeMap<ElementId, DomWeak<AudioContext>>>,
    last_decoding: Cell<u64>,
    focus_entries: FocusEntries,
    fetches: RefCell<HashMap<FetchId, Fetch>>,
    last_fetch: Cell<u64>,
    blob_urls: BlobUrlStore,
    message_ports: MessagePorts,
    storage_areas: StorageAreas,
    cookies: AgentCookies,
    captures: Captures,
    device_salt: DeviceSalt,
    /// Whether the tab has nothing to show.
    over: Cell<bool>,
    /// How many tasks have run since the session manager last heard of the pages.
    unheard_turns: Cell<u32>,
    /// After all that has objects in it.
    runtime: Runtime,
}

/// Sets the limits of script that the preferences say. What goes beyond them ends with an error on the
/// console; the rest of the page goes on.
fn limit(runtime: &Runtime, prefs: &Prefs, shell: &IpcSender<ShellRequest>) {
    let budget = prefs.seconds("content.script_seconds");
    if !budget.is_zero() {
        let shell = shell.clone();
        runtime.set_script_budget(budget, move || {
            let text = format!(
                "a script was stopped, as it ran for {} s without an end; the preference \
                 content.script_seconds is the limit",
                budget.as_secs_f64()
            );
            // Without the shell the process ends soon.
            let _ = shell.send(ShellRequest::Console { level: ConsoleLevel::Error, text });
            OverBudget::Stop
        });
    }
    let mebibytes = prefs.number("content.memory_mebibytes").max(0.0);
    let shell = shell.clone();
    runtime.set_out_of_memory(move || {
        let text = format!(
            "the scripts of this tab are out of memory: they have taken {mebibytes} MiB; the \
             preference content.memory_mebibytes is the limit"
        );
        // As above.
        let _ = shell.send(ShellRequest::Console { level: ConsoleLevel::Error, text });
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    runtime.set_memory_limit((mebibytes * 1024.0 * 1024.0) as usize);
}

impl Agent {
    pub(crate) fn new(
        prefs: Prefs,
        ids: IdAllocator,
        device_salt: DeviceSalt,
        outside: Outside,
    ) -> Result<Rc<Self>, AgentError> {
        let runtime = Runtime::new()?;
        limit(&runtime, &prefs, &outside.shell);
        runtime.set_script_exit(Realm::run_microtasks);
        let with_page = |realm: &Realm, act: &dyn Fn(Rc<Page>)| {
            // A page that is discarded hears nothing more.
            if let Some(page) = realm.data::<Page>() {
                act(page);
            }
        };
        runtime.set_report_exception(move |realm, exception| {
            with_page(realm, &|page| page.report_exception(exception.clone()));
        });
        runtime.set_promise_rejection(move |realm, promise, reason, handled| {
            with_page(realm, &|page| page.rejection(promise.clone(), reason.clone(), handled));
        });
        runtime.set_dynamic_import(|realm, import| {
            if let Some(page) = realm.data::<Page>() {
                page.import(import);
            }
        });
        Ok(Rc::new_cyclic(|me| Self {
            me: me.clone(),
            prefs,
            outside,
            tree: Tree::new(),
            events: EventLoop::new(),
            ids: RefCell::new(ids),
            top: RefCell::default(),
            pages: RefCell::default(),
            media_elements: RefCell::default(),
            audio_contexts: RefCell::default(),
            last_decoding: Cell::new(0),
            focus_entries: FocusEntries::default(),
            fetches: RefCell::default(),
            last_fetch: Cell::new(0),
            blob_urls: BlobUrlStore::default(),
            message_ports: MessagePorts::default(),
            storage_areas: StorageAreas::default(),
            cookies: AgentCookies::default(),
            captures: Captures::default(),
            device_salt,
            over: Cell::new(false),
            unheard_turns: Cell::new(0),
            runtime,
        }))
    }

    pub(crate) fn weak(&self) -> Weak<Self> {
        self.me.clone()
    }

    /// Opens the tab's top-level browsing context, and navigates it.
    pub(crate) fn open(&self, url: Url) {
        self.open_empty().navigate_top_level(url);
    }

    /// Opens the tab's top-level browsing context with nothing in it.
    pub(crate) fn open_empty(&self) -> Rc<BrowsingContext> {
        let top = BrowsingContext::top_level(self.me.clone(), self.new_frame_id());
        *self.top.borrow_mut() = Some(top.clone());
        top
    }

    /// Discards all documents.
    pub(crate) fn close(&self) {
        let top = self.top.borrow_mut().take();
        if let Some(top) = top {
            top.discard();
        }
    }

    pub(crate) fn prefs(&self) -> &Prefs {
        &self.prefs
    }

    pub(crate) fn outside(&self) -> &Outside {
        &self.outside
    }

    pub(crate) fn tree(&self) -> &Rc<Tree> {
        &self.tree
    }

    pub(crate) fn events(&self) -> &EventLoop<Rc<Self>> {
        &self.events
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// The top-level browsing context, while there is one.
    pub(crate) fn top(&self) -> Option<Rc<BrowsingContext>> {
        self.top.borrow().clone()
    }

    pub(crate) fn new_frame_id(&self) -> FrameId {
        self.ids.borrow_mut().frame()
    }

    pub(crate) fn new_document_id(&self) -> DocumentId {
        self.ids.borrow_mut().document()
    }

    /// A page is shown.
    pub(crate) fn add_page(&self, page: Rc<Page>) {
        self.pages.borrow_mut().insert(page.document_id(), page);
    }

    /// A page is shown no more: its tasks, timers and fetches end.
    pub(crate) fn remove_page(&self, document: DocumentId) {
        self.events.discard(document);
        self.blob_urls.forget(document);
        self.message_ports.close(document);
        let page = self.pages.borrow_mut().remove(&document);
        let is_of = |fetch: &Fetch| fetch.document == Some(document);
        let wanted: Vec<_> = {
            let fetches = self.fetches.borrow();
            fetches.iter().filter(|(_, fetch)| is_of(fetch)).map(|(id, _)| *id).collect()
        };
        for id in wanted {
            let fetch = self.fetches.borrow_mut().remove(&id);
            if fetch.is_some_and(|fetch| fetch.keepalive.is_none()) {
                self.send_shell(ShellRequest::CancelFetch { id });
            }
        }
        drop(page);
    }

    pub(crate) fn new_element_id(&self) -> ElementId {
        self.ids.borrow_mut().element()
    }

    /// What documents capture.
    pub(crate) fn captures(&self) -> &Captures {
        &self.captures
    }

    /// What makes the names of devices this run's.
    pub(crate) fn device_salt(&self) -> &[u8] {
        &self.device_salt.0
    }

    /// The page of a document that is shown.
    pub(crate) fn page(&self, document: DocumentId) -> Option<Rc<Page>> {
        self.pages.borrow().get(&document).cloned()
    }

    /// The pages that are shown.
    pub(crate) fn all_pages(&self) -> Vec<Rc<Page>> {
        self.pages.borrow().values().cloned().collect()
    }

    pub(crate) fn message_ports(&self) -> &MessagePorts {
        &self.message_ports
    }

    pub(crate) fn cookies(&self) -> &AgentCookies {
        &self.cookies
    }

    pub(crate) fn storage_areas(&self) -> &StorageAreas {
        &self.storage_areas
    }

    pub(crate) fn blob_urls(&self) -> &BlobUrlStore {
        &self.blob_urls
    }

    /// Registers a new media element.
    pub(crate) fn add_media_element(
        &self,
        create: impl FnOnce(ElementId) -> DomRoot<HTMLMediaElement>,
    ) -> DomRoot<HTMLMediaElement> {
        let id = self.new_element_id();
        let element = create(id);
        self.media_elements.borrow_mut().insert(id, element.downgrade());
        element
    }

    /// A media element was freed: its player and its part in the sessions end.
    pub(crate) fn media_element_freed(&self, id: ElementId, document: DocumentId) {
        let element = self.media_elements.borrow_mut().remove(&id);
        drop(element);
        self.outside.media.remove_player(id);
        if let Some(page) = self.page(document) {
            page.audio_session().update(&page, |core| core.remove_element(id));
            page.media_session().forget_media(id);
        }
        self.focus_entries.forget_element(document, id);
    }

    /// The entries of audio focus that pages manage.
    pub(crate) fn focus_entries(&self) -> &FocusEntries {
        &self.focus_entries
    }

    /// A new entry's session.
    pub(crate) fn new_entry_session(&self, document: DocumentId) -> SessionId {
        SessionId::of_entry(document, self.ids.borrow_mut().entry())
    }

    /// The media element with this id, if it is still there.
    pub(crate) fn media_element(&self, id: ElementId) -> Option<DomRoot<HTMLMediaElement>> {
        self.media_elements.borrow().get(&id)?.upgrade()
    }

    /// The media elements that are there.
    pub(crate) fn media_elements(&self) -> Vec<DomRoot<HTMLMediaElement>> {
        self.media_elements.borrow().values().filter_map(DomWeak::upgrade).collect()
    }

    /// Registers a new audio context.
    pub(crate) fn add_audio_context(
        &self,
        create: impl FnOnce(ElementId) -> DomRoot<AudioContext>,
    ) -> DomRoot<AudioContext> {
        let id = self.ids.borrow_mut().element();
        let context = create(id);
        self.audio_contexts.borrow_mut().insert(id, context.downgrade());
        context
    }

    /// Whether there are fewer audio contexts than so many that are not closed, when those that nobody
    /// needs are gone.
    pub(crate) fn has_room_for_audio_contexts(&self, most: usize) -> bool {
        let is_full =
            || self.audio_contexts().iter().filter(|context| !context.is_closed()).count() >= most;
        if is_full() {
            self.runtime.run_gc();
        }
        !is_full()
    }

    /// An audio context was freed: its part in the sessions ends.
    pub(crate) fn audio_context_freed(&self, id: ElementId, document: DocumentId) {
        let context = self.audio_contexts.borrow_mut().remove(&id);
        drop(context);
        if let Some(page) = self.page(document) {
            page.audio_session().update(&page, |core| core.remove_element(id));
            page.media_session().forget_media(id);
        }
    }

    /// The audio context with this id, if it is still there.
    pub(crate) fn audio_context(&self, id: ElementId) -> Option<DomRoot<AudioContext>> {
        self.audio_contexts.borrow().get(&id)?.upgrade()
    }

    /// The audio contexts that are there.
    pub(crate) fn audio_contexts(&self) -> Vec<DomRoot<AudioContext>> {
        self.audio_contexts.borrow().values().filter_map(DomWeak::upgrade).collect()
    }

    /// The number of a new decoding.
    pub(crate) fn new_decoding(&self) -> u64 {
        self.last_decoding.set(self.last_decoding.get() + 1);
        self.last_decoding.get()
    }

    /// Runs what is to be done now, and returns when that was one task, or when there is none.
    pub(crate) fn run_task(self: &Rc<Self>) -> bool {
        let task = self.events.next(Timestamp::now());
        let has_task = task.is_some();
        if let Some(task) = task {
            task(self);
        }
        self.end_turn();
        has_task
    }

    /// What is done after each task.
    fn end_turn(self: &Rc<Self>) {
        // A task that only settles promises has entered no script, after which this would be done.
        self.runtime.run_microtasks();
        let pages = self.all_pages();
        for page in &pages {
            page.notify_about_rejections();
        }
        if self.tree.take_media_moved() {
            for element in self.media_elements() {
                element.connection_may_have_changed();
            }
        }
        if self.captures.take_streams_changed() {
            for element in self.media_elements() {
                element.follow_stream();
            }
        }
        for page in pages.iter().filter(|page| !page.is_discarded()) {
            page.audio_session().end_turn(page);
            for entry in self.focus_entries.of_document(page.document_id()) {
                entry.end_turn();
            }
        }
        // Nothing below knows a node by its id.
        self.tree.collect();
        // The rest of a picture that is being drawn is in the tasks that are there already. A tab
        // that always has tasks is heard nevertheless.
        let turns = self.unheard_turns.get() + 1;
        self.unheard_turns.set(turns);
        if self.events.has_tasks() && turns < MAX_UNHEARD_TURNS {
            return;
        }
        self.unheard_turns.set(0);
        for page in pages.iter().filter(|page| !page.is_discarded()) {
            page.tell_manager();
        }
    }

    /// The session manager says something.
    pub(crate) fn script_command(&self, command: ScriptCommand) {
        let document = match &command {
            ScriptCommand::AudioSessionState { session, .. }
            | ScriptCommand::EntryDucked { session, .. } => session.document,
            ScriptCommand::Action { document, .. } => *document,
        };
        // A document that was discarded meanwhile needs no more commands.
        if let Some(page) = self.page(document) {
            page.script_command(command);
        }
    }

    /// A player reports.
    pub(crate) fn player_event(&self, id: ElementId, player: PlayerNumber, event: PlayerEvent) {
        let Some(element) = self.media_element(id) else { return };
        element.page().queue(move |_| element.handle_player(player, event));
    }

    /// A rendering thread reports.
    pub(crate) fn audio_context_event(&self, id: ElementId, event: AudioContextEvent) {
        let Some(context) = self.audio_context(id) else { return };
        context.page().queue(move |_| context.handle_event(&event));
    }

    /// Something was decoded, or cannot be.
    pub(crate) fn decoded(&self, number: u64, result: Result<Arc<SampleBuffer>, String>) {
        self.events.queue(None, move |agent: &Rc<Self>| {
            agent.audio_contexts().iter().any(|context| context.decoded(number, &result));
        });
    }

    /// Clicks an element on the user's behalf; all selectors but the last are of frames, from the
    /// outermost in.
    pub(crate) fn click(&self, selectors: Vec<String>) {
        self.events.queue(None, move |agent: &Rc<Self>| {
            let page = agent.top().and_then(|top| top.page());
            let page = page.ok_or_else(|| "the page is not there yet".to_owned());
            let result = page.and_then(|page| match selectors.split_last() {
                Some((element, frames)) => {
                    let page = frames.iter().try_fold(page, |page, frame| page.frame(frame))?;
                    page.click(element)
                }
                None => Err("no selector says what to click".to_owned()),
            });
            agent.send_shell(ShellRequest::Clicked { selectors, result });
        });
    }

    /// The tab has nothing to show, and its process ends.
    pub(crate) fn fail(&self, reason: String) {
        self.send_shell(ShellRequest::PageFailed { reason });
        self.over.set(true);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.get()
    }

    /// Sends to the shell. Without it the process has no reason to live, and ends soon: its inbox is
    /// closed as well.
    pub(crate) fn send_shell(&self, request: ShellRequest) {
        if let Err(error) = self.outside.shell.send(request) {
            log::debug!("the shell is gone: {error}");
        }
    }
}

#[cfg(test)]
mod tests;
