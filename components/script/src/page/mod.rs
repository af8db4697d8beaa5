/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A page: one document that is or was shown, with its realm, and what its objects share.
//!
//! * this file: the page and what its objects ask of it.
//! * `load`: from a response to a loaded document.
//! * `scripts`: `script` elements: when they run, and running classic scripts.
//! * `fetch_script`: fetching what they name.
//! * `modules`: the module map, module graphs and `import()`.
//! * `rejections`: promises that nobody handles.
//! * `turn`: what is done at the end of each turn of the event loop.
//! * `user_input`: what the user does with the page.
//!
//! Script can hold objects of a document that is shown no more. Their page stays with the realm, but
//! it is discarded: it does nothing more and is heard no more.

mod fetch_script;
mod load;
mod modules;
mod rejections;
mod scripts;
mod turn;
mod user_input;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use encoding_rs::Encoding;
use sordino_dom::{AudioFocusEntry, DefaultAction, ShortSounds, TrackMuting};
use sordino_media::Media;
use sordino_script_bindings::{DomRoot, Realm, WeakRealm};
use sordino_traits::cookies::DocumentCookies;
use sordino_traits::embedder::{
    ConsoleLevel, Destination, FetchEvent, FetchId, Request, ShellRequest,
};
use sordino_traits::messages::{ContentMessage, ScriptCommand};
use sordino_traits::origin::is_origin_potentially_trustworthy;
use sordino_traits::{DocumentId, ElementId, MediaImage, MediaSessionAction, SessionId, Timestamp};
use url::{Origin, Url};

use crate::agent::{Agent, AgentError};
use crate::bindings::{DocumentReadyState, register_interfaces};
use crate::browsing_context::BrowsingContext;
use crate::dom::{
    AudioContext, AudioSession, Document, HTMLMediaElement, HTMLScriptElement, MediaSession, Node,
    Window,
};
use crate::event_loop::TimerId;
use crate::file_api::BlobData;
use crate::permissions_policy::{Feature, PermissionsPolicy};
use crate::selector::SelectorLists;
use crate::tree::{DocumentNode, NodeId, Tree};
use crate::user_activation::ActivationState;
use load::Loader;
pub(crate) use load::{why_not_a_page, why_not_html};
use rejections::Rejections;

/// How much of a line for the console is sent, in bytes.
const MAX_CONSOLE_TEXT: usize = 64 * 1024;

/// What a document is opened with.
pub(crate) struct DocumentInit {
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    /// The base URL of a document whose own URL is no base: that of its creator.
    pub(crate) fallback_base_url: Option<Url>,
    pub(crate) policy: PermissionsPolicy,
    /// The URL of the document that led here; empty if none did.
    pub(crate) referrer: String,
    /// The [content type](https://dom.spec.whatwg.org/#concept-document-content-type).
    pub(crate) content_type: String,
    pub(crate) encoding: &'static Encoding,
    /// Of a document that a server gave.
    pub(crate) cookies: Option<Box<DocumentCookies>>,
}

/// A page.
pub(crate) struct Page {
    agent: Weak<Agent>,
    context: Weak<BrowsingContext>,
    realm: WeakRealm,
    tree: Rc<Tree>,
    document: NodeId,
    url: RefCell<Url>,
    origin: Origin,
    is_secure_context: bool,
    policy: PermissionsPolicy,
    document_referrer: String,
    fallback_base_url: Option<Url>,
    document_id: DocumentId,
    pauses: Cell<u64>,
    short_sounds: RefCell<ShortSounds>,
    actions_activate: bool,
    activation: ActivationState,
    loader: Loader,
    /// Whether the URL, which the icon's goes by, changed since the icon was read last.
    url_changed: Cell<bool>,
    selectors: SelectorLists,
    sent_title: RefCell<String>,
    sent_icon: RefCell<Option<MediaImage>>,
    rejections: Rejections,
    /// Whether an exception is being reported.
    reporting: Cell<bool>,
    discarded: Cell<bool>,
    /// Of a document that a server gave.
    cookies: RefCell<Option<DocumentCookies>>,
}

impl Page {
    /// A page with an empty document in a realm of its own, told to the session manager. It lives as
    /// long as the realm; the caller keeps that as long as the page is shown.
    pub(crate) fn open(
        agent: &Agent,
        context: &Rc<BrowsingContext>,
        init: DocumentInit,
    ) -> Result<(Rc<Self>, Realm), AgentError> {
        let DocumentInit {
            url,
            origin,
            fallback_base_url,
            policy,
            referrer,
            content_type,
            encoding,
            cookies,
        } = init;
        let realm = agent.runtime().new_realm()?;
        let prefs = agent.prefs();
        let is_secure_context = is_origin_potentially_trustworthy(&url)
            || (url.scheme() == "about" && is_trustworthy_origin(&origin))
            || url.scheme() == "blob" && is_trustworthy_origin(&origin);
        register_interfaces(&realm, &|pref| prefs.is_on(pref), is_secure_context)
            .map_err(AgentError::Realm)?;
        let document =
            agent.tree().new_document(&realm, DocumentNode::of_page(content_type, encoding));
        let window = DomRoot::new(&realm, Window::new(&document));
        realm.set_global_object(&window).map_err(AgentError::Realm)?;
        let document_id = agent.new_document_id();
        let page = Rc::new(Self {
            agent: agent.weak(),
            context: Rc::downgrade(context),
            realm: realm.downgrade(),
            tree: agent.tree().clone(),
            document: document.node_id(),
            url: RefCell::new(url.clone()),
            origin,
            is_secure_context,
            policy,
            document_referrer: referrer,
            fallback_base_url,
            document_id,
            pauses: Cell::new(0),
            short_sounds: RefCell::new(ShortSounds::new(
                prefs.number("auto.transient_max_seconds"),
            )),
            actions_activate: prefs.is_on("dom.media_session.actions_activate"),
            activation: ActivationState::new(
                prefs.seconds("dom.user_activation.transient_seconds"),
            ),
            loader: Loader::default(),
            url_changed: Cell::new(false),
            selectors: SelectorLists::default(),
            sent_title: RefCell::default(),
            sent_icon: RefCell::default(),
            rejections: Rejections::default(),
            reporting: Cell::new(false),
            discarded: Cell::new(false),
            cookies: RefCell::new(cookies.map(|it| *it)),
        });
        realm.set_data(page.clone());
        agent.add_page(page.clone());
        page.send_content(ContentMessage::DocumentOpened {
            document: document_id,
            frame: context.id(),
            url: url.into(),
            may_use_media_session: page.policy.allows(Feature::MediaSession),
        });
        Ok((page, realm))
    }

    /// The page of a realm, which may be discarded.
    ///
    /// # Panics
    ///
    /// Before [`Page::open`], when no script of the realm runs.
    pub(crate) fn of(realm: &Realm) -> Rc<Self> {
        realm.data().expect("script runs only in realms of pages")
    }

    /// # Panics
    ///
    /// While the process ends, when no script runs and no task.
    pub(crate) fn agent(&self) -> Rc<Agent> {
        self.agent.upgrade().expect("the agent lives as long as the process runs tasks")
    }

    /// # Panics
    ///
    /// When the page is discarded and nobody holds an object of it.
    pub(crate) fn realm(&self) -> Realm {
        self.realm.upgrade().expect("who asks is the shown page, or an object of the realm")
    }

    /// The browsing context that it is shown in; `None` when it is discarded.
    pub(crate) fn context(&self) -> Option<Rc<BrowsingContext>> {
        if self.is_discarded() { None } else { self.context.upgrade() }
    }

    pub(crate) fn tree(&self) -> &Rc<Tree> {
        &self.tree
    }

    /// Its document, in the tree.
    pub(crate) fn document_node(&self) -> NodeId {
        self.document
    }

    pub(crate) fn url(&self) -> Url {
        self.url.borrow().clone()
    }

    /// Changes the URL without loading anything: to another fragment.
    pub(crate) fn set_url(&self, url: Url) {
        *self.url.borrow_mut() = url;
        self.url_changed.set(true);
    }

    /// Does something with the cookies of the document, if it has any.
    pub(crate) fn with_cookies<R>(&self, act: impl FnOnce(&mut DocumentCookies) -> R) -> Option<R> {
        self.cookies.borrow_mut().as_mut().map(act)
    }

    #[cfg(test)]
    pub(crate) fn set_cookies(&self, cookies: Option<DocumentCookies>) {
        *self.cookies.borrow_mut() = cookies;
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// To whom the user gives a permission: the origin, or if that is none of the web, the document by its
    /// URL.
    pub(crate) fn site(&self) -> String {
        if self.origin.is_tuple() {
            return self.origin.ascii_serialization();
        }
        let mut url = self.url();
        url.set_fragment(None);
        url.set_query(None);
        url.into()
    }

    /// The [encoding](https://dom.spec.whatwg.org/#concept-document-encoding) of the document.
    pub(crate) fn encoding(&self) -> &'static Encoding {
        self.tree.encoding(self.document)
    }

    /// The [referrer](https://html.spec.whatwg.org/multipage/dom.html#dom-document-referrer) of the
    /// document.
    pub(crate) fn document_referrer(&self) -> &str {
        &self.document_referrer
    }

    /// Whether it is a [secure context](https://w3c.github.io/webappsec-secure-contexts/#settings-object).
    pub(crate) fn is_secure_context(&self) -> bool {
        self.is_secure_context
    }

    pub(crate) fn policy(&self) -> &PermissionsPolicy {
        &self.policy
    }

    /// The [fallback base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#fallback-base-url).
    pub(crate) fn fallback_base_url(&self) -> Url {
        self.fallback_base_url.clone().unwrap_or_else(|| self.url())
    }

    /// The [document base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url).
    pub(crate) fn base_url(&self) -> Url {
        self.tree.base_url(self.document, self.fallback_base_url())
    }

    /// A URL made absolute; one that cannot be parsed stays as it is.
    pub(crate) fn resolve_or_keep(&self, url: &str) -> String {
        self.base_url().join(url).map_or_else(|_| url.to_owned(), String::from)
    }

    pub(crate) fn document_id(&self) -> DocumentId {
        self.document_id
    }

    pub(crate) fn media(&self) -> Media {
        self.agent().outside().media.clone()
    }

    /// Queues a task, which is dropped when the page is discarded before.
    pub(crate) fn queue(self: &Rc<Self>, task: impl FnOnce(&Rc<Self>) + 'static) {
        if self.is_discarded() {
            return;
        }
        let page = self.clone();
        self.agent().events().queue(Some(self.document_id), move |_| task(&page));
    }

    /// A new timer number.
    pub(crate) fn new_timer(&self) -> TimerId {
        self.agent().events().new_timer()
    }

    /// Has a task done after `delay`, unless the page is discarded before.
    pub(crate) fn set_timer(
        self: &Rc<Self>,
        id: TimerId,
        delay: Duration,
        task: impl FnOnce(&Rc<Self>) + 'static,
    ) {
        if self.is_discarded() {
            return;
        }
        let page = self.clone();
        let now = Timestamp::now();
        let events = self.agent();
        events.events().set_timer(self.document_id, id, delay, now, move |_| task(&page));
    }

    /// Forgets a timer.
    pub(crate) fn clear_timer(&self, id: TimerId) {
        self.agent().events().clear_timer(id);
    }

    pub(crate) fn ready_state(&self) -> DocumentReadyState {
        self.loader.ready_state()
    }

    pub(crate) fn current_script(&self) -> Option<DomRoot<HTMLScriptElement>> {
        self.loader.scripts.current()
    }

    /// The place of a new pause in the order of all pauses.
    pub(crate) fn next_pause(&self) -> u64 {
        self.pauses.set(self.pauses.get() + 1);
        self.pauses.get()
    }

    /// Sends to the session manager, unless the page is discarded. Without it the process has no
    /// reason to live, and ends soon: its inbox is closed as well.
    pub(crate) fn send_content(&self, message: ContentMessage) {
        if !self.is_discarded() {
            self.agent().outside().manager.send(message);
        }
    }

    /// Sends to the shell.
    pub(crate) fn send_shell(&self, request: ShellRequest) {
        self.agent().send_shell(request);
    }

    pub(crate) fn log(&self, level: ConsoleLevel, text: String) {
        let mut text = text;
        if text.len() > MAX_CONSOLE_TEXT {
            text.truncate(text.floor_char_boundary(MAX_CONSOLE_TEXT));
            text.push('…');
        }
        self.send_shell(ShellRequest::Console { level, text });
    }

    /// The object of a node.
    pub(crate) fn node(&self, id: NodeId) -> DomRoot<Node> {
        self.tree.object(id)
    }

    pub(crate) fn document(&self) -> DomRoot<Document> {
        self.tree.document_object(self.document)
    }

    pub(crate) fn window(&self) -> DomRoot<Window> {
        self.realm().global_object().expect("a page is opened with a window")
    }

    pub(crate) fn audio_session(&self) -> DomRoot<AudioSession> {
        self.window().audio_session()
    }

    pub(crate) fn media_session(&self) -> DomRoot<MediaSession> {
        self.window().media_session()
    }

    /// The selectors that its scripts use.
    pub(crate) fn selectors(&self) -> &SelectorLists {
        &self.selectors
    }

    /// Does something with a media element of this page, if there is one with this id.
    pub(crate) fn with_media(&self, id: ElementId, act: impl FnOnce(&HTMLMediaElement)) {
        if let Some(media) = self.agent().media_element(id) {
            act(&media);
        }
    }

    /// Runs the [element suspend steps](https://w3c.github.io/audio-session/#element-suspend-steps).
    pub(crate) fn suspend_element(self: &Rc<Self>, id: ElementId) {
        if !self.agent().captures().set_suspended(self, id, true) {
            self.with_media(id, HTMLMediaElement::suspend);
            self.with_audio_context(id, AudioContext::interrupt);
        }
    }

    /// Runs the [element resume steps](https://w3c.github.io/audio-session/#element-resume-steps).
    pub(crate) fn resume_element(self: &Rc<Self>, id: ElementId) {
        if !self.agent().captures().set_suspended(self, id, false) {
            self.with_media(id, HTMLMediaElement::resume);
            self.with_audio_context(id, AudioContext::end_interruption);
        }
    }

    /// Does something with an audio context of this page, if there is one with this id.
    pub(crate) fn with_audio_context(&self, id: ElementId, act: impl FnOnce(&AudioContext)) {
        if let Some(context) = self.agent().audio_context(id) {
            act(&context);
        }
    }

    pub(crate) fn short_sounds(&self) -> &RefCell<ShortSounds> {
        &self.short_sounds
    }

    /// A default handler of the media session acts.
    pub(crate) fn run_default_action(&self, action: DefaultAction) {
        match action {
            DefaultAction::Play(id) => {
                self.with_media(id, HTMLMediaElement::play_by_user);
                self.with_audio_context(id, AudioContext::play_by_user);
            }
            DefaultAction::Pause(id) => {
                self.with_media(id, HTMLMediaElement::pause_by_page);
                self.with_audio_context(id, AudioContext::pause_by_user);
            }
            DefaultAction::SeekTo(id, position) => {
                self.with_media(id, |media| media.seek(position));
            }
            DefaultAction::SetMuted(muting) => self.set_track_muted(muting),
        }
    }

    /// [Sets a track's muted state](https://w3c.github.io/mediacapture-main/#set-a-track-s-muted-state).
    pub(crate) fn set_track_muted(&self, muting: TrackMuting) {
        self.agent().captures().set_muted_by_user(muting);
    }

    /// The session manager says something to this document.
    pub(crate) fn script_command(self: &Rc<Self>, command: ScriptCommand) {
        match command {
            ScriptCommand::AudioSessionState { session, state, answers } if session.is_entry() => {
                self.queue_for_entry(session, move |core| core.state_changed(state, answers));
            }
            ScriptCommand::AudioSessionState { state, answers, .. } => {
                self.audio_session().update(self, |core| core.state_changed(state, answers));
            }
            ScriptCommand::EntryDucked { session, ducked } => {
                self.queue_for_entry(session, move |core| core.set_ducked(ducked));
            }
            ScriptCommand::Action { document, details } => {
                self.queue(move |page: &Rc<Self>| {
                    let action = details.action;
                    // Before the handler, which may play what the user asked for.
                    if page.actions_activate && action != MediaSessionAction::VoiceActivity {
                        page.activate();
                    }
                    let outcome = page.media_session().handle_action(page, &details);
                    page.send_content(ContentMessage::ActionDone { document, action, outcome });
                });
            }
        }
    }

    /// Queues a task that lets something happen to an entry, if that is still there.
    fn queue_for_entry(
        self: &Rc<Self>,
        session: SessionId,
        change: impl FnOnce(&mut AudioFocusEntry) + 'static,
    ) {
        self.queue(move |page| {
            if let Some(entry) = page.agent().focus_entries().get(session) {
                entry.update(change);
            }
        });
    }

    /// A `GET` of this document, as [`Request::new`] makes it, with its origin and its referrer.
    pub(crate) fn new_request(&self, url: &Url, destination: Destination) -> Request {
        Request {
            origin: Some(self.origin.ascii_serialization()),
            ancestors: self.context().map(|it| it.ancestor_origins()).unwrap_or_default(),
            referrer: self.referrer().map(String::from),
            ..Request::new(url.as_str(), destination)
        }
    }

    /// What the document says of itself as a
    /// [referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer).
    pub(crate) fn referrer(&self) -> Option<Url> {
        if !self.origin.is_tuple() && self.url().scheme() != "file" {
            return None;
        }
        let url = self.url();
        if url.scheme() == "about" { self.fallback_base_url.clone() } else { Some(url) }
    }

    /// Fetches; each event is a task. `None`: the page is discarded, and nothing happens.
    pub(crate) fn fetch_request(
        self: &Rc<Self>,
        request: Request,
        handler: impl Fn(&Rc<Self>, FetchEvent) + 'static,
    ) -> Option<FetchId> {
        if self.is_discarded() {
            return None;
        }
        let page = self.clone();
        let handler = move |_: &Rc<Agent>, event| handler(&page, event);
        Some(self.agent().fetch(Some(self.document_id), request, handler))
    }

    /// Fetches for script, see [`Agent::fetch_for_script`]. `None` also when the page is discarded.
    pub(crate) fn fetch_for_script(
        self: &Rc<Self>,
        request: Request,
        blob: Option<BlobData>,
        keepalive: bool,
        handler: impl Fn(&Rc<Self>, FetchEvent) + 'static,
    ) -> Option<FetchId> {
        if self.is_discarded() {
            return None;
        }
        let page = self.clone();
        let handler = move |_: &Rc<Agent>, event| handler(&page, event);
        self.agent().fetch_for_script(self.document_id, request, blob, keepalive, handler)
    }

    pub(crate) fn pause_fetch(&self, id: FetchId, paused: bool) {
        self.agent().pause_fetch(id, paused);
    }

    pub(crate) fn cancel_fetch(&self, id: FetchId) {
        self.agent().cancel_fetch(id);
    }

    pub(crate) fn is_discarded(&self) -> bool {
        self.discarded.get()
    }

    /// [Destroys the document](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document):
    /// no more sound, tasks, listeners or sessions.
    pub(crate) fn discard(&self) {
        if self.is_discarded() {
            return;
        }
        let agent = self.agent();
        for media in agent.media_elements() {
            if media.page().document_id == self.document_id {
                media.discard();
            }
        }
        agent.captures().close_document(&agent, self.document_id);
        for context in agent.audio_contexts() {
            if context.is_of(self) {
                context.discard();
            }
        }
        self.media().session_closed(self.document_id);
        agent.focus_entries().discard(self.document_id);
        self.send_content(ContentMessage::DocumentClosed { document: self.document_id });
        self.discarded.set(true);
        agent.remove_page(self.document_id);
        self.rejections.clear();
        if let Some(fetch) = self.loader.take_body_fetch() {
            agent.cancel_fetch(fetch);
        }
        self.loader.clear();
        self.window().clear();
        self.realm().release_preserved();
    }
}

fn is_trustworthy_origin(origin: &Origin) -> bool {
    let url = Url::parse(&origin.ascii_serialization());
    url.is_ok_and(|url| is_origin_potentially_trustworthy(&url))
}
