/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Mutation observers](https://dom.spec.whatwg.org/#mutation-observers).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::{QualName, ns};
use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, DomWeak, Error, Fallible, JsPromise, JsValue, Realm,
    Reflector, ToJs, dom_object, impl_trace,
};

use super::{MutationRecord, Node};
use crate::bindings::{MutationCallback, MutationObserverInit, MutationObserverMethods};
use crate::page::Page;
use crate::tree::{NodeId, Tree};

/// What the mutation observers of an agent share.
#[derive(Default)]
pub(crate) struct MutationObservers {
    /// How many registered observers there are: without any, nothing is recorded.
    registered: Cell<usize>,
    /// The [pending mutation observers](https://dom.spec.whatwg.org/#concept-mutation-observers-pending).
    pending: RefCell<Vec<DomRoot<MutationObserver>>>,
    /// [Mutation observer microtask queued](https://dom.spec.whatwg.org/#mutation-observer-compound-microtask-queued-flag)
    microtask_queued: Cell<bool>,
    /// How many observers were made.
    created: Cell<u64>,
}

impl MutationObservers {
    /// Whether anything is observed.
    pub(crate) fn are_any(&self) -> bool {
        self.registered.get() > 0
    }
}

/// What is [observed](https://dom.spec.whatwg.org/#registered-observer).
#[derive(Debug)]
struct Options {
    child_list: bool,
    attributes: bool,
    character_data: bool,
    subtree: bool,
    attribute_old_value: bool,
    character_data_old_value: bool,
    attribute_filter: Option<Vec<DomString>>,
}

/// A [registered observer](https://dom.spec.whatwg.org/#registered-observer) of a node.
pub(crate) struct RegisteredObserver {
    observer: Dom<MutationObserver>,
    options: Rc<Options>,
    /// Of a [transient](https://dom.spec.whatwg.org/#transient-registered-observer) one: the options of
    /// its source, which say which one that is.
    source: Option<Rc<Options>>,
}

impl_trace!(RegisteredObserver { observer });

/// What happened to the children of a node.
#[derive(Clone, Copy, Default)]
pub(crate) struct TreeRecord<'a> {
    pub(crate) added: &'a [NodeId],
    pub(crate) removed: &'a [NodeId],
    pub(crate) previous: Option<NodeId>,
    pub(crate) next: Option<NodeId>,
}

/// The part of a record that depends on its type.
pub(super) enum Mutation<'a> {
    ChildList(TreeRecord<'a>),
    Attributes(&'a QualName),
    CharacterData,
}

impl Mutation<'_> {
    fn interests(&self, options: &Options) -> bool {
        match self {
            Self::ChildList(_) => options.child_list,
            Self::CharacterData => options.character_data,
            Self::Attributes(name) => {
                let passes = |filter: &Vec<DomString>| {
                    name.ns == ns!() && filter.iter().any(|it| *it == *name.local)
                };
                options.attributes && options.attribute_filter.as_ref().is_none_or(passes)
            }
        }
    }

    fn wants_old_value(&self, options: &Options) -> bool {
        match self {
            Self::ChildList(_) => false,
            Self::CharacterData => options.character_data_old_value,
            Self::Attributes(_) => options.attribute_old_value,
        }
    }
}

impl Tree {
    /// [Queues a tree mutation record](https://dom.spec.whatwg.org/#queue-a-tree-mutation-record).
    pub(crate) fn queue_tree_record(&self, target: NodeId, record: &TreeRecord<'_>) {
        self.queue_record(target, &Mutation::ChildList(*record), || None);
    }

    /// [Queues a mutation record](https://dom.spec.whatwg.org/#queue-a-mutation-record) of `attributes`.
    pub(crate) fn queue_attribute_record(
        &self,
        target: NodeId,
        name: &QualName,
        old_value: Option<&DomString>,
    ) {
        self.queue_record(target, &Mutation::Attributes(name), || old_value.cloned());
    }

    /// [Queues a mutation record](https://dom.spec.whatwg.org/#queue-a-mutation-record) of `characterData`.
    pub(crate) fn queue_data_record(&self, target: NodeId, old_value: &DomString) {
        self.queue_record(target, &Mutation::CharacterData, || Some(old_value.clone()));
    }

    fn queue_record(
        &self,
        target: NodeId,
        mutation: &Mutation<'_>,
        old_value: impl Fn() -> Option<DomString>,
    ) {
        if !self.observers().are_any() {
            return;
        }
        // Each interested observer, and whether it wants the old value.
        let mut interested: Vec<(DomRoot<MutationObserver>, bool)> = Vec::new();
        for id in self.inclusive_ancestors(target) {
            let Some(node) = self.existing_object(id) else { continue };
            node.for_each_observer(|registered| {
                let options = &registered.options;
                if (id != target && !options.subtree) || !mutation.interests(options) {
                    return;
                }
                let observer = registered.observer.root();
                let wants = mutation.wants_old_value(options);
                match interested.iter_mut().find(|(other, _)| *other == observer) {
                    Some((_, wanted)) => *wanted |= wants,
                    None => interested.push((observer, wants)),
                }
            });
        }
        for (observer, wants_old_value) in interested {
            let old_value = if wants_old_value { old_value() } else { None };
            let target = self.object(target);
            let record = MutationRecord::create(&observer.realm(), &target, mutation, old_value);
            if let Err(error) = record.and_then(|record| observer.enqueue(self, &record)) {
                log::error!("a mutation record is lost: {error}");
            }
        }
    }

    /// Has the observers of what was above a removed node hear of it until the next microtask.
    pub(crate) fn add_transient_observers(&self, node: NodeId, parent: NodeId) {
        if !self.observers().are_any() {
            return;
        }
        let mut transient = Vec::new();
        for id in self.inclusive_ancestors(parent) {
            let Some(ancestor) = self.existing_object(id) else { continue };
            ancestor.for_each_observer(|registered| {
                if registered.options.subtree {
                    transient.push(RegisteredObserver {
                        observer: registered.observer.clone(),
                        options: registered.options.clone(),
                        source: Some(registered.options.clone()),
                    });
                }
            });
        }
        if transient.is_empty() {
            return;
        }
        let node = self.object(node);
        for registered in transient {
            registered.observer.remember(&node);
            node.register(registered);
        }
    }
}

impl MutationObservers {
    fn next_number(&self) -> u64 {
        self.created.replace(self.created.get() + 1)
    }

    /// A node has this many registered observers more, or fewer.
    pub(super) fn count(&self, more: usize, fewer: usize) {
        self.registered.set((self.registered.get() + more).saturating_sub(fewer));
    }
}

/// A mutation observer.
pub(crate) struct MutationObserver {
    reflector: Reflector,
    callback: Rc<MutationCallback>,
    /// Its place in the order of all observers.
    number: u64,
    /// The [node list](https://dom.spec.whatwg.org/#concept-mo-list): where it is registered.
    nodes: RefCell<Vec<DomWeak<Node>>>,
    /// The [record queue](https://dom.spec.whatwg.org/#concept-mo-queue).
    records: RefCell<Vec<Dom<MutationRecord>>>,
}

dom_object!(MutationObserver, reflector, trace(callback, records));

impl MutationObserver {
    fn remember(&self, node: &DomRoot<Node>) {
        let mut nodes = self.nodes.borrow_mut();
        if !nodes.iter().filter_map(DomWeak::upgrade).any(|other| other == *node) {
            nodes.push(node.downgrade());
        }
    }

    fn all_nodes(&self) -> Vec<DomRoot<Node>> {
        self.nodes.borrow().iter().filter_map(DomWeak::upgrade).collect()
    }

    /// Enqueues a record, and [queues a mutation observer microtask](https://dom.spec.whatwg.org/#queue-a-mutation-observer-compound-microtask).
    fn enqueue(&self, tree: &Tree, record: &DomRoot<MutationRecord>) -> Fallible<()> {
        self.records.borrow_mut().push(Dom::new(record)?);
        let observers = tree.observers();
        let own = self.root();
        let mut pending = observers.pending.borrow_mut();
        if !pending.contains(&own) {
            pending.push(own);
        }
        drop(pending);
        if observers.microtask_queued.get() {
            return Ok(());
        }
        let realm = self.realm();
        let promise = JsPromise::resolved(&realm, &JsValue::undefined())?;
        let tree = Page::of(&realm).tree().clone();
        let notify = move |_: &Realm, _: &JsValue| notify_mutation_observers(&tree);
        promise.react(&realm, notify, |_, _| {})?;
        observers.microtask_queued.set(true);
        Ok(())
    }

    fn take_queue(&self) -> Vec<DomRoot<MutationRecord>> {
        let records = std::mem::take(&mut *self.records.borrow_mut());
        records.iter().map(Dom::root).collect()
    }

    /// Is told of what it has observed.
    fn notify(&self) {
        let records = self.take_queue();
        let own = self.root();
        for node in self.all_nodes() {
            node.unregister(|it| it.source.is_some() && it.observer.root() == own);
        }
        self.nodes.borrow_mut().retain(|node| {
            let node = node.upgrade();
            node.is_some_and(|node| node.has_observer(|it| it.observer.root() == own))
        });
        let realm = self.realm();
        if records.is_empty() || Page::of(&realm).is_discarded() {
            return;
        }
        match own.to_js(&realm) {
            Ok(this) => {
                self.callback.call_reporting(&this, &records, &own);
            }
            Err(error) => log::error!("a mutation observer is not told: {error}"),
        }
    }
}

/// [Notifies mutation observers](https://dom.spec.whatwg.org/#notify-mutation-observers).
fn notify_mutation_observers(tree: &Tree) {
    let observers = tree.observers();
    observers.microtask_queued.set(false);
    let mut pending = std::mem::take(&mut *observers.pending.borrow_mut());
    // In the order in which they were made, as in browsers.
    pending.sort_by_key(|observer| observer.number);
    for observer in pending {
        observer.notify();
    }
}

fn options(init: MutationObserverInit) -> Fallible<Options> {
    let MutationObserverInit {
        child_list,
        attributes,
        character_data,
        subtree,
        attribute_old_value,
        character_data_old_value,
        attribute_filter,
    } = init;
    let implies_attributes = attribute_old_value.is_some() || attribute_filter.is_some();
    let attributes = attributes.unwrap_or(implies_attributes);
    let character_data = character_data.unwrap_or(character_data_old_value.is_some());
    let options = Options {
        child_list,
        attributes,
        character_data,
        subtree,
        attribute_old_value: attribute_old_value.unwrap_or(false),
        character_data_old_value: character_data_old_value.unwrap_or(false),
        attribute_filter,
    };
    let wrong = if !(child_list || attributes || character_data) {
        "none of childList, attributes and characterData is observed"
    } else if !attributes && (options.attribute_old_value || options.attribute_filter.is_some()) {
        "attributeOldValue and attributeFilter need attributes"
    } else if !character_data && options.character_data_old_value {
        "characterDataOldValue needs characterData"
    } else {
        return Ok(options);
    };
    Err(Error::type_error(wrong))
}

impl MutationObserverMethods for MutationObserver {
    fn constructor(realm: &Realm, callback: Rc<MutationCallback>) -> Fallible<DomRoot<Self>> {
        let number = Page::of(realm).tree().observers().next_number();
        let observer = Self {
            reflector: Reflector::new(),
            callback,
            number,
            nodes: RefCell::default(),
            records: RefCell::default(),
        };
        Ok(DomRoot::new(realm, observer))
    }

    /// <https://dom.spec.whatwg.org/#dom-mutationobserver-observe>
    fn observe(
        &self,
        _realm: &Realm,
        target: DomRoot<Node>,
        options: MutationObserverInit,
    ) -> Fallible<()> {
        let options = Rc::new(self::options(options)?);
        let own = self.root();
        let mut old = None;
        target.for_each_observer(|it| {
            if it.source.is_none() && it.observer.root() == own {
                old = Some(it.options.clone());
            }
        });
        if let Some(old) = old {
            let is_old = |it: &Rc<Options>| Rc::ptr_eq(it, &old);
            for node in self.all_nodes() {
                node.unregister(|it| it.source.as_ref().is_some_and(is_old));
            }
            target.update_observers(|it| {
                if it.source.is_none() && is_old(&it.options) {
                    it.options = options.clone();
                }
            });
            return Ok(());
        }
        self.remember(&target);
        target.register(RegisteredObserver { observer: Dom::new(&own)?, options, source: None });
        Ok(())
    }

    /// <https://dom.spec.whatwg.org/#dom-mutationobserver-disconnect>
    fn disconnect(&self, _realm: &Realm) -> Fallible<()> {
        let own = self.root();
        for node in self.all_nodes() {
            node.unregister(|it| it.observer.root() == own);
        }
        let nodes = std::mem::take(&mut *self.nodes.borrow_mut());
        drop((nodes, self.take_queue()));
        Ok(())
    }

    fn take_records(&self, _realm: &Realm) -> Fallible<Vec<DomRoot<MutationRecord>>> {
        Ok(self.take_queue())
    }
}
