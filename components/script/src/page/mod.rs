/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A page: one document with its realm, and everything that its objects share.
//!
//! * this file: the page and what its objects ask of it.
//! * `load`: from a response to a loaded document; running scripts.
//! * `turn`: what is done at the end of each turn of the event loop.
//! * `user_input`: what the user does with the page.

mod load;
mod turn;
mod user_input;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use html5ever::{local_name, ns};
use ipc_channel::ipc::IpcSender;
use sordino_dom::{DefaultAction, ElementKind, ShortSounds, TrackMuting};
use sordino_media::session::ToManager;
use sordino_media::{Media, PlayerEvent, PlayerNumber};
use sordino_script_bindings::{
    DomExceptionName, DomObject, DomRoot, Error, Fallible, JsValue, Realm,
};
use sordino_traits::embedder::{ConsoleLevel, Destination, FetchEvent, FetchId, ShellRequest};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{ContentMessage, ScriptCommand};
use sordino_traits::{DocumentId, ElementId, MediaImage, MediaSessionAction};
use url::Url;

use crate::bindings::DocumentReadyState;
use crate::dom::{
    AudioSession, Document, Element, EventTarget, HTMLAudioElement, HTMLBodyElement, HTMLElement,
    HTMLFrameSetElement, HTMLInputElement, HTMLLabelElement, HTMLMediaElement, HTMLScriptElement,
    HTMLUnknownElement, MediaSession, Node, Text, Window,
};
use crate::event_loop::EventLoop;
use crate::prefs::Prefs;
use crate::selector;
use crate::tree::{NodeId, NodeKind, Tree};
use crate::user_activation::ActivationState;
use load::Loader;
pub(crate) use load::why_not_a_page;

type FetchHandler = Rc<dyn Fn(&Rc<Page>, FetchEvent)>;

/// How much of a line for the console is sent, in bytes.
const MAX_CONSOLE_TEXT: usize = 64 * 1024;

/// The channels out of a content process.
#[derive(Clone)]
pub(crate) struct Outside {
    pub(crate) manager: ToManager,
    pub(crate) shell: IpcSender<ShellRequest>,
    pub(crate) media: Media,
}

/// A page.
pub(crate) struct Page {
    realm: Realm,
    tree: Rc<Tree>,
    url: Url,
    document_id: DocumentId,
    outside: Outside,
    prefs: Prefs,
    events: EventLoop<Rc<Page>>,
    ids: RefCell<IdAllocator>,
    nodes: RefCell<HashMap<NodeId, DomRoot<Node>>>,
    media_elements: RefCell<BTreeMap<ElementId, DomRoot<HTMLMediaElement>>>,
    audio_session: OnceCell<DomRoot<AudioSession>>,
    media_session: OnceCell<DomRoot<MediaSession>>,
    fetches: RefCell<HashMap<FetchId, FetchHandler>>,
    last_fetch: Cell<u64>,
    pauses: Cell<u64>,
    short_sounds: RefCell<ShortSounds>,
    actions_activate: bool,
    activation: ActivationState,
    loader: Loader,
    /// Whether the tree changed since the title and the icon were read last.
    tree_changed: Cell<bool>,
    /// How many tasks have run since the session manager last heard of the page.
    unheard_turns: Cell<u32>,
    sent_title: RefCell<String>,
    sent_icon: RefCell<Option<MediaImage>>,
    /// Rejected promises that nobody handles yet, with their reasons.
    rejections: RefCell<Vec<(JsValue, JsValue)>>,
    /// Whether an exception is being reported.
    reporting: Cell<bool>,
    discarded: Cell<bool>,
}

impl Page {
    /// A page with an empty document, told to the session manager.
    pub(crate) fn open(
        realm: Realm,
        url: Url,
        mut ids: IdAllocator,
        outside: Outside,
        prefs: &Prefs,
    ) -> Rc<Self> {
        let document = ids.document();
        let frame = ids.frame();
        let page = Rc::new(Self {
            realm,
            tree: Rc::new(Tree::new()),
            url,
            document_id: document,
            outside,
            prefs: prefs.clone(),
            events: EventLoop::new(),
            ids: RefCell::new(ids),
            nodes: RefCell::default(),
            media_elements: RefCell::default(),
            audio_session: OnceCell::new(),
            media_session: OnceCell::new(),
            fetches: RefCell::default(),
            last_fetch: Cell::new(0),
            pauses: Cell::new(0),
            short_sounds: RefCell::new(ShortSounds::new(
                prefs.number("auto.transient_max_seconds"),
            )),
            actions_activate: prefs.is_on("dom.media_session.actions_activate"),
            activation: ActivationState::new(
                prefs.seconds("dom.user_activation.transient_seconds"),
            ),
            loader: Loader::default(),
            tree_changed: Cell::new(true),
            unheard_turns: Cell::new(0),
            sent_title: RefCell::default(),
            sent_icon: RefCell::default(),
            rejections: RefCell::default(),
            reporting: Cell::new(false),
            discarded: Cell::new(false),
        });
        page.realm.set_data(page.clone());
        let url = page.url.to_string();
        page.send_content(ContentMessage::DocumentOpened {
            document,
            frame,
            url,
            // A top-level document: nobody could forbid it.
            may_use_media_session: true,
        });
        page
    }

    /// The page of a realm.
    ///
    /// # Panics
    ///
    /// Before [`Page::open`] and after [`Page::discard`], when no script of the realm runs.
    pub(crate) fn of(realm: &Realm) -> Rc<Self> {
        realm.data().expect("script runs only while its page is there")
    }

    pub(crate) fn tree(&self) -> &Rc<Tree> {
        &self.tree
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// The [document base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url).
    pub(crate) fn base_url(&self) -> Url {
        let base = self.tree.first_html_element(&local_name!("base"));
        let href = base.and_then(|base| {
            self.tree.element(base)?.attribute(&local_name!("href")).map(str::to_owned)
        });
        href.and_then(|href| self.url.join(&href).ok()).unwrap_or_else(|| self.url.clone())
    }

    /// A URL made absolute; one that cannot be parsed stays as it is.
    pub(crate) fn resolve_or_keep(&self, url: &str) -> String {
        self.base_url().join(url).map_or_else(|_| url.to_owned(), String::from)
    }

    pub(crate) fn document_id(&self) -> DocumentId {
        self.document_id
    }

    pub(crate) fn prefs(&self) -> &Prefs {
        &self.prefs
    }

    pub(crate) fn media(&self) -> &Media {
        &self.outside.media
    }

    pub(crate) fn events(&self) -> &EventLoop<Rc<Self>> {
        &self.events
    }

    pub(crate) fn ready_state(&self) -> DocumentReadyState {
        self.loader.ready_state()
    }

    pub(crate) fn current_script(&self) -> Option<NodeId> {
        self.loader.current_script()
    }

    /// The place of a new pause in the order of all pauses.
    pub(crate) fn next_pause(&self) -> u64 {
        self.pauses.set(self.pauses.get() + 1);
        self.pauses.get()
    }

    /// Sends to the session manager. Without it the process has no reason to live, and ends soon:
    /// its inbox is closed as well.
    pub(crate) fn send_content(&self, message: ContentMessage) {
        self.outside.manager.send(message);
    }

    /// Sends to the shell; as [`Page::send_content`].
    pub(crate) fn send_shell(&self, request: ShellRequest) {
        if let Err(error) = self.outside.shell.send(request) {
            log::debug!("the shell is gone: {error}");
        }
    }

    pub(crate) fn log(&self, level: ConsoleLevel, text: String) {
        let mut text = text;
        if text.len() > MAX_CONSOLE_TEXT {
            text.truncate(text.floor_char_boundary(MAX_CONSOLE_TEXT));
            text.push('…');
        }
        self.send_shell(ShellRequest::Console { level, text });
    }

    /// The object of a node. Nodes of a document keep their object for good: it has the listeners
    /// and whatever script put on it.
    pub(crate) fn node(&self, id: NodeId) -> DomRoot<Node> {
        if let Some(node) = self.nodes.borrow().get(&id) {
            return node.clone();
        }
        let node = self.make_node(id);
        if let Err(error) = node.reflector().preserve() {
            log::error!("a node cannot be kept: {error}");
        }
        self.nodes.borrow_mut().insert(id, node.clone());
        Element::object_made(&node);
        node
    }

    fn make_node(&self, id: NodeId) -> DomRoot<Node> {
        let realm = &self.realm;
        let name = match &*self.tree.kind(id) {
            NodeKind::Document => return DomRoot::new(realm, Document::new(id)).upcast(),
            NodeKind::Text(_) => return DomRoot::new(realm, Text::new(id)).upcast(),
            NodeKind::Element(element) if element.name.ns == ns!(html) => {
                element.name.local.clone()
            }
            NodeKind::Element(_) => return DomRoot::new(realm, Element::new(id)).upcast(),
            NodeKind::Fragment | NodeKind::Doctype { .. } | NodeKind::Comment(_) => {
                return DomRoot::new(realm, Node::new(id));
            }
        };
        match &*name {
            "audio" => self.make_audio(id),
            "body" => DomRoot::new(realm, HTMLBodyElement::new(id)).upcast(),
            "frameset" => DomRoot::new(realm, HTMLFrameSetElement::new(id)).upcast(),
            "input" => DomRoot::new(realm, HTMLInputElement::new(id)).upcast(),
            "label" => DomRoot::new(realm, HTMLLabelElement::new(id)).upcast(),
            "script" => DomRoot::new(realm, HTMLScriptElement::new(id)).upcast(),
            // Elements with an interface of their own that is not here are what HTML calls unknown.
            "video" | "canvas" | "iframe" | "object" => {
                DomRoot::new(realm, HTMLUnknownElement::new(id)).upcast()
            }
            _ => DomRoot::new(realm, HTMLElement::new(id)).upcast(),
        }
    }

    /// Media elements are elements of the document's audio session from the start.
    fn make_audio(&self, id: NodeId) -> DomRoot<Node> {
        let media_id = self.ids.borrow_mut().element();
        let audio = DomRoot::new(&self.realm, HTMLAudioElement::new(id, media_id));
        audio.upcast::<HTMLMediaElement>().created();
        self.media_elements.borrow_mut().insert(media_id, audio.upcast());
        let page = Self::of(&self.realm);
        self.audio_session()
            .update(&page, |core| core.add_element(media_id, ElementKind::MediaElement));
        audio.upcast()
    }

    pub(crate) fn document(&self) -> DomRoot<Document> {
        self.node(self.tree.document()).downcast().expect("the root of a tree is a document")
    }

    pub(crate) fn window(&self) -> Option<DomRoot<Window>> {
        self.realm.global_object()
    }

    /// The two sessions live as long as the page, whoever holds them: they may fire events.
    pub(crate) fn audio_session(&self) -> DomRoot<AudioSession> {
        self.audio_session
            .get_or_init(|| {
                let session = DomRoot::new(&self.realm, AudioSession::new());
                if let Err(error) = session.reflector().preserve() {
                    log::error!("the audio session cannot be kept: {error}");
                }
                session
            })
            .clone()
    }

    pub(crate) fn media_session(&self) -> DomRoot<MediaSession> {
        self.media_session
            .get_or_init(|| {
                let session = DomRoot::new(&self.realm, MediaSession::new(&self.url));
                if let Err(error) = session.reflector().preserve() {
                    log::error!("the media session cannot be kept: {error}");
                }
                session
            })
            .clone()
    }

    pub(crate) fn query_selector(
        &self,
        root: NodeId,
        selectors: &str,
    ) -> Fallible<Option<DomRoot<Element>>> {
        let found = selector::query(&self.tree, root, selectors)
            .map_err(|reason| Error::dom(DomExceptionName::SyntaxError, reason))?;
        Ok(found.and_then(|id| self.node(id).downcast()))
    }

    /// The tree is not what it was.
    pub(crate) fn tree_changed(&self) {
        self.tree_changed.set(true);
    }

    /// A node was put into the tree by script.
    pub(crate) fn inserted(&self, node: &DomRoot<Node>) {
        if let Some(media) = node.downcast::<HTMLMediaElement>() {
            let connected = self.tree.is_inclusive_ancestor(self.tree.document(), node.id());
            media.connection_changed(connected);
            media.start_if_it_has_a_source();
        }
        // A source element starts the media element that it was put into.
        let parent = node.parent().and_then(|parent| parent.downcast::<HTMLMediaElement>());
        if let Some(media) = parent {
            media.start_if_it_has_a_source();
        }
        let page = Self::of(&self.realm);
        page.prepare_inserted_scripts(node.id());
    }

    /// Takes a node out of the tree.
    pub(crate) fn remove(&self, node: &DomRoot<Node>) {
        self.tree.remove(node.id());
        self.tree_changed();
    }

    /// Media that is not in the document any more pauses, unless it was put back in the same task:
    /// the end of the [removing steps](https://html.spec.whatwg.org/multipage/media.html#media-elements).
    fn pause_removed_media(&self) {
        let media: Vec<_> = self.media_elements.borrow().values().cloned().collect();
        for element in media {
            let id = element.upcast::<Node>().id();
            let connected = self.tree.is_inclusive_ancestor(self.tree.document(), id);
            element.connection_changed(connected);
        }
    }

    fn media_element(&self, id: ElementId) -> Option<DomRoot<HTMLMediaElement>> {
        self.media_elements.borrow().get(&id).cloned()
    }

    /// Does something with a media element of this page, if there is one with this id.
    pub(crate) fn with_media(&self, id: ElementId, act: impl FnOnce(&HTMLMediaElement)) {
        if let Some(media) = self.media_element(id) {
            act(&media);
        }
    }

    /// Queues a task for a media element of this page.
    pub(crate) fn queue_media(
        &self,
        id: ElementId,
        task: impl FnOnce(&HTMLMediaElement) + 'static,
    ) {
        self.events.queue(move |page: &Rc<Self>| {
            if let Some(media) = page.media_element(id) {
                task(&media);
            }
        });
    }

    /// A player reports.
    pub(crate) fn player_event(&self, id: ElementId, player: PlayerNumber, event: PlayerEvent) {
        self.queue_media(id, move |media| media.handle_player(player, event));
    }

    pub(crate) fn short_sounds(&self) -> &RefCell<ShortSounds> {
        &self.short_sounds
    }

    /// A default handler of the media session acts.
    pub(crate) fn run_default_action(&self, action: DefaultAction) {
        match action {
            DefaultAction::Play(id) => self.with_media(id, HTMLMediaElement::play_by_user),
            DefaultAction::Pause(id) => self.with_media(id, HTMLMediaElement::pause_by_page),
            DefaultAction::SeekTo(id, position) => {
                self.with_media(id, |media| media.seek(position));
            }
            DefaultAction::SetMuted(muting) => self.set_track_muted(muting),
        }
    }

    /// [Sets a track's muted state](https://w3c.github.io/mediacapture-main/#set-a-track-s-muted-state).
    pub(crate) fn set_track_muted(&self, muting: TrackMuting) {
        // No track is ever added to the session: there is no capture.
        log::error!("there is no track {}", muting.track);
    }

    /// The session manager says something.
    pub(crate) fn script_command(self: &Rc<Self>, command: ScriptCommand) {
        match command {
            ScriptCommand::AudioSessionState { document, state, answers } => {
                if document == self.document_id {
                    self.audio_session().update(self, |core| core.state_changed(state, answers));
                }
            }
            ScriptCommand::Action { document, details } => {
                if document != self.document_id {
                    return;
                }
                self.events.queue(move |page: &Rc<Self>| {
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

    /// Fetches a URL; each event is a task.
    pub(crate) fn fetch(
        &self,
        url: &Url,
        destination: Destination,
        handler: impl Fn(&Rc<Self>, FetchEvent) + 'static,
    ) -> FetchId {
        let id = FetchId(self.last_fetch.get() + 1);
        self.last_fetch.set(id.0);
        self.fetches.borrow_mut().insert(id, Rc::new(handler));
        self.send_shell(ShellRequest::Fetch { id, url: url.to_string(), destination });
        id
    }

    pub(crate) fn cancel_fetch(&self, id: FetchId) {
        let handler = self.fetches.borrow_mut().remove(&id);
        if handler.is_some() {
            self.send_shell(ShellRequest::CancelFetch { id });
        }
    }

    /// The shell reports about a fetch.
    pub(crate) fn fetch_event(&self, id: FetchId, event: FetchEvent) {
        self.events.queue(move |page: &Rc<Self>| {
            let is_last = matches!(event, FetchEvent::Done | FetchEvent::Failed(_));
            let handler = if is_last {
                page.fetches.borrow_mut().remove(&id)
            } else {
                page.fetches.borrow().get(&id).cloned()
            };
            // A cancelled fetch has no handler.
            if let Some(handler) = handler {
                handler(page, event);
            }
        });
    }

    /// Clicks the first element that matches, on the user's behalf: the events are trusted.
    pub(crate) fn click(&self, selector: String) {
        self.events.queue(move |page: &Rc<Self>| {
            let found = page.query_selector(page.tree.document(), &selector);
            let result = match found {
                Ok(Some(element)) => match element.downcast::<HTMLElement>() {
                    Some(html) => {
                        user_input::click(page, &html);
                        Ok(element.short_description())
                    }
                    None => Err(format!("{} has no click()", element.short_description())),
                },
                Ok(None) => Err(format!("no element matches '{selector}'")),
                Err(Error::Dom(_, reason)) => Err(reason),
                Err(error) => Err(error.to_string()),
            };
            page.send_shell(ShellRequest::Clicked { selector, result });
        });
    }

    /// Discards the document: no more sound, tasks, listeners or sessions.
    pub(crate) fn discard(&self) {
        if self.discarded.replace(true) {
            return;
        }
        for media in self.media_elements.borrow().values() {
            media.discard();
        }
        self.media().document_closed(self.document_id);
        self.send_content(ContentMessage::DocumentClosed { document: self.document_id });
        self.events.clear();
        self.fetches.borrow_mut().clear();
        self.rejections.borrow_mut().clear();
        self.loader.clear();
        if let Some(window) = self.window() {
            window.clear();
        }
        if let Some(session) = self.audio_session.get() {
            session.upcast::<EventTarget>().clear_listeners();
            session.reflector().release();
        }
        if let Some(session) = self.media_session.get() {
            session.clear();
            session.reflector().release();
        }
        let nodes = std::mem::take(&mut *self.nodes.borrow_mut());
        for node in nodes.values() {
            node.upcast::<EventTarget>().clear_listeners();
            node.reflector().release();
        }
        drop(nodes);
        self.media_elements.borrow_mut().clear();
        self.realm.clear_data();
    }
}
