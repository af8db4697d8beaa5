/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Browsing contexts](https://html.spec.whatwg.org/multipage/document-sequences.html#browsing-context)
//! and their navigation: the tab's own, and one for each `iframe` that is in a document.
//!
//! There is no session history: what a navigation leaves is discarded.

mod navigation;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use html5ever::local_name;
use sordino_script_bindings::{DomRoot, DomWeak, Realm};
use sordino_traits::FrameId;
use sordino_traits::embedder::{FetchId, ShellRequest};

use crate::agent::Agent;
use crate::dom::{HTMLIFrameElement, Node};
use crate::page::Page;
use crate::window_proxies::WindowProxies;
pub(crate) use navigation::Target;
use navigation::{Found, about_blank};

/// The document that is shown, and the realm that it lives in.
struct Shown {
    page: Rc<Page>,
    _realm: Realm,
}

/// Where a frame is.
struct Container {
    parent: Weak<BrowsingContext>,
    element: DomWeak<HTMLIFrameElement>,
}

/// A browsing context.
pub(crate) struct BrowsingContext {
    agent: Weak<Agent>,
    id: FrameId,
    /// None for the tab's own.
    container: Option<Container>,
    shown: RefCell<Option<Shown>>,
    children: RefCell<Vec<Rc<BrowsingContext>>>,
    /// The fetch of what is navigated to.
    navigation: Cell<Option<FetchId>>,
    /// Counts navigations: what belongs to an older one is out of date.
    navigations: Cell<u64>,
    /// Whether the load event of the container's document waits for this.
    delays_load: Cell<bool>,
    discarded: Cell<bool>,
    /// Whether its document has an [unload counter](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-counter)
    /// above zero: nothing can be navigated.
    unloading: Cell<bool>,
    /// Whether its document is the [initial `about:blank`](https://html.spec.whatwg.org/multipage/dom.html#is-initial-about:blank).
    shows_initial: Cell<bool>,
    /// The [target name](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-target).
    name: RefCell<String>,
    proxies: WindowProxies,
}

impl BrowsingContext {
    /// A tab's own context, with no document yet.
    pub(crate) fn top_level(agent: Weak<Agent>, id: FrameId) -> Rc<Self> {
        Rc::new(Self::new(agent, id, None))
    }

    fn new(agent: Weak<Agent>, id: FrameId, container: Option<Container>) -> Self {
        Self {
            agent,
            id,
            container,
            shown: RefCell::default(),
            children: RefCell::default(),
            navigation: Cell::new(None),
            navigations: Cell::new(0),
            delays_load: Cell::new(false),
            discarded: Cell::new(false),
            unloading: Cell::new(false),
            shows_initial: Cell::new(false),
            name: RefCell::default(),
            proxies: WindowProxies::default(),
        }
    }

    /// [Creates a new child navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#create-a-new-child-navigable)
    /// for an element of this context's document, with the initial `about:blank` in it.
    pub(crate) fn new_child(
        self: &Rc<Self>,
        creator: &Rc<Page>,
        element: &DomRoot<HTMLIFrameElement>,
    ) -> Rc<Self> {
        let container = Container { parent: Rc::downgrade(self), element: element.downgrade() };
        let id = self.agent().new_frame_id();
        let child = Rc::new(Self::new(self.agent.clone(), id, Some(container)));
        child.set_name(element.name_attribute());
        self.children.borrow_mut().push(child.clone());
        let inherited = Some((creator.base_url(), creator.origin().clone()));
        let referrer = creator.referrer().map(String::from).unwrap_or_default();
        let blank = Found::local(about_blank(), inherited, String::new());
        child.show(blank.with_referrer(referrer), true);
        child
    }

    fn agent(&self) -> Rc<Agent> {
        self.agent.upgrade().expect("the agent lives as long as the process runs tasks")
    }

    pub(crate) fn id(&self) -> FrameId {
        self.id
    }

    /// The page that is shown.
    pub(crate) fn page(&self) -> Option<Rc<Page>> {
        self.shown.borrow().as_ref().map(|shown| shown.page.clone())
    }

    /// The context that this is a frame of.
    pub(crate) fn parent(&self) -> Option<Rc<Self>> {
        self.container.as_ref()?.parent.upgrade()
    }

    /// The `iframe` that this is in.
    pub(crate) fn container(&self) -> Option<DomRoot<HTMLIFrameElement>> {
        self.container.as_ref()?.element.upgrade()
    }

    /// The frames of the document, in the order in which they were made.
    pub(crate) fn children(&self) -> Vec<Rc<Self>> {
        self.children.borrow().clone()
    }

    /// The [top-level](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-top) context.
    pub(crate) fn top(self: &Rc<Self>) -> Rc<Self> {
        let ancestors = std::iter::successors(Some(self.clone()), |context| context.parent());
        ancestors.last().unwrap_or_else(|| self.clone())
    }

    /// The [document-tree child navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#document-tree-child-navigables):
    /// the frames in tree order.
    pub(crate) fn document_tree_children(&self) -> Vec<Rc<Self>> {
        let mut children = self.children();
        let Some(page) = self.page().filter(|_| children.len() > 1) else { return children };
        let tree = page.tree();
        let elements = tree.descendants(page.document_node());
        let frames = elements.filter(|id| {
            let element = tree.element(*id);
            element.is_some_and(|it| it.is_html() && it.name.local == local_name!("iframe"))
        });
        let places: HashMap<_, _> = frames.enumerate().map(|(place, id)| (id, place)).collect();
        children.sort_by_key(|child| {
            let element = child.container();
            element.and_then(|it| places.get(&it.upcast::<Node>().id()).copied())
        });
        children
    }

    pub(crate) fn name(&self) -> String {
        self.name.borrow().clone()
    }

    pub(crate) fn set_name(&self, name: String) {
        *self.name.borrow_mut() = name;
    }

    pub(crate) fn proxies(&self) -> &WindowProxies {
        &self.proxies
    }

    /// The origins, serialized, of the documents that this context is in, from the inside out.
    pub(crate) fn ancestor_origins(&self) -> Vec<String> {
        let contexts = std::iter::successors(self.parent(), |context| context.parent());
        let pages = contexts.filter_map(|context| context.page());
        let mut origins: Vec<_> = pages.map(|page| page.origin().ascii_serialization()).collect();
        origins.dedup();
        origins
    }

    pub(crate) fn is_discarded(&self) -> bool {
        self.discarded.get()
    }

    fn is_top_level(&self) -> bool {
        self.container.is_none()
    }

    /// [Unloads](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document) what
    /// is shown, with its frames, and discards it.
    fn leave(self: &Rc<Self>) {
        self.unload();
        self.discard_document();
    }

    /// The events of leaving, here and in all frames.
    fn unload(&self) {
        self.set_unloading(true);
        self.fire_unload();
        self.set_unloading(false);
    }

    fn set_unloading(&self, unloading: bool) {
        self.unloading.set(unloading);
        for child in self.children() {
            child.set_unloading(unloading);
        }
    }

    fn fire_unload(&self) {
        for child in self.children() {
            child.fire_unload();
        }
        if let Some(page) = self.page() {
            page.unload();
        }
    }

    fn discard_document(&self) {
        let children = std::mem::take(&mut *self.children.borrow_mut());
        for child in children {
            child.discard();
        }
        let shown = self.shown.borrow_mut().take();
        if let Some(shown) = &shown {
            shown.page.discard();
        }
        drop(shown);
    }

    /// Leaves the document and [destroys](https://html.spec.whatwg.org/multipage/document-sequences.html#destroy-a-child-navigable)
    /// the context: its `iframe` was removed.
    pub(crate) fn remove(&self) {
        self.unload();
        self.discard();
    }

    /// [Destroys](https://html.spec.whatwg.org/multipage/document-sequences.html#destroy-a-child-navigable)
    /// the context and all in it: its `iframe` was removed, or the tab ends.
    pub(crate) fn discard(&self) {
        if self.discarded.replace(true) {
            return;
        }
        self.stop_navigation();
        self.discard_document();
        self.undelay_load_of_container();
        self.proxies.clear();
        if let Some(parent) = self.parent() {
            parent.children.borrow_mut().retain(|child| child.id != self.id);
        }
    }

    /// [Completely finishes loading](https://html.spec.whatwg.org/multipage/document-lifecycle.html#completely-finish-loading)
    /// the document that is shown.
    pub(crate) fn completely_loaded(&self, page: &Rc<Page>) {
        match self.container() {
            Some(element) => {
                element.load_event_steps();
                self.undelay_load_of_container();
            }
            None => {
                let title = page.tree().title(page.document_node());
                page.send_shell(ShellRequest::PageLoaded { title });
            }
        }
    }
}
