/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Local storage](https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage): what the tabs of
//! a run share, and what a private tab has for itself. Nothing is kept on disk.
//!
//! A content process has a copy of the areas that its documents may use. It is given one before the
//! first document of that origin, changes it at once, and says so here. Here all changes get one
//! order, in which every process that has the area hears of them.
//!
//! # Threads
//!
//! Everything is under one lock, which is held while memory is read and written, never while
//! something is sent: each tab has a thread that sends it the changes. One that does not read them
//! gets no more when [`MAX_BACKLOG`] bytes wait.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, unbounded};
use ipc_channel::ipc::IpcSender;
use sordino_traits::TabId;
use sordino_traits::embedder::ShellCommand;
use sordino_traits::storage::{
    ChangeAuthor, LocalStorageArea, LocalStorageChanged, MAX_STORAGE_ITEM, StorageChange,
    StorageItems,
};
use sordino_traits::validate::{MAX_URL, Violation};
use url::Url;

/// How much all areas have together, in bytes.
const MAX_TOTAL: usize = 128 * 1024 * 1024;
/// How much may wait for a content process, in bytes.
const MAX_BACKLOG: usize = 32 * 1024 * 1024;
/// What a change takes besides its strings, in bytes.
const OVERHEAD: usize = 256;

/// The local storage of a run, or of one private tab. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct LocalStorage(Arc<Mutex<Areas>>);

#[derive(Debug, Default)]
struct Areas {
    /// By origin, serialized.
    by_origin: HashMap<String, Area>,
    total: usize,
}

#[derive(Debug, Default)]
struct Area {
    items: StorageItems,
    /// The number of the last change.
    version: u64,
    readers: Vec<(TabId, Outbox)>,
}

/// Where changes wait for a content process.
#[derive(Clone, Debug)]
struct Outbox {
    sender: Sender<(LocalStorageChanged, usize)>,
    backlog: Arc<AtomicUsize>,
}

impl Outbox {
    /// Returns whether the process is there and reads.
    fn send(&self, changed: LocalStorageChanged, size: usize) -> bool {
        let backlog = self.backlog.fetch_add(size, Ordering::Relaxed) + size;
        backlog <= MAX_BACKLOG && self.sender.send((changed, size)).is_ok()
    }
}

impl LocalStorage {
    fn lock(&self) -> MutexGuard<'_, Areas> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A tab wants to hear of an area from now on. Returns what is in it.
    fn join(&self, tab: TabId, origin: &str, outbox: Outbox) -> LocalStorageArea {
        let mut areas = self.lock();
        let area = areas.by_origin.entry(origin.to_owned()).or_default();
        area.readers.push((tab, outbox));
        let items = area.items.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        LocalStorageArea { origin: origin.to_owned(), version: area.version, items }
    }

    /// A tab has ended.
    fn leave(&self, tab: TabId) {
        let mut areas = self.lock();
        areas.by_origin.retain(|_, area| {
            area.readers.retain(|(reader, _)| *reader != tab);
            !area.readers.is_empty() || !area.items.is_empty()
        });
    }

    /// Makes a change, and tells all that have the area.
    fn change(&self, tab: TabId, origin: &str, url: &str, change: &StorageChange) {
        let mut areas = self.lock();
        let Areas { by_origin, total } = &mut *areas;
        let Some(area) = by_origin.get_mut(origin) else { return };
        let before = area.items.size();
        let is_set = matches!(change, StorageChange::Set { .. });
        let has_room = !is_set || *total + change.size() <= MAX_TOTAL;
        let accepted = has_room && area.items.apply(change).is_ok();
        *total = *total - before + area.items.size();
        area.version += 1;
        let version = area.version;
        let size = OVERHEAD + change.size() + url.len();
        area.readers.retain(|(reader, outbox)| {
            let author = if *reader == tab {
                ChangeAuthor::You { accepted }
            } else if accepted {
                ChangeAuthor::Other { change: change.clone(), url: url.to_owned() }
            } else {
                return true;
            };
            let reads = outbox
                .send(LocalStorageChanged { origin: origin.to_owned(), version, author }, size);
            if !reads {
                log::warn!("tab {reader} hears no more of changes of local storage");
            }
            reads
        });
    }
}

/// The part of one content process.
#[derive(Debug)]
pub(crate) struct TabStorage {
    shared: LocalStorage,
    tab: TabId,
    content: IpcSender<ShellCommand>,
    outbox: Outbox,
    /// The origins of the areas that it was given.
    given: Mutex<HashSet<String>>,
}

impl TabStorage {
    /// Starts the thread that tells the process of changes.
    pub(crate) fn start(
        shared: LocalStorage,
        tab: TabId,
        content: IpcSender<ShellCommand>,
    ) -> std::io::Result<Arc<Self>> {
        let (sender, changes) = unbounded();
        let outbox = Outbox { sender, backlog: Arc::default() };
        let (backlog, to_content) = (outbox.backlog.clone(), content.clone());
        std::thread::Builder::new()
            .name(format!("ContentStorage {tab}"))
            .spawn(move || send_changes(&changes, &backlog, &to_content))?;
        let given = Mutex::default();
        Ok(Arc::new(Self { shared, tab, content, outbox, given }))
    }

    fn given(&self) -> MutexGuard<'_, HashSet<String>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process is about to show a document from that URL: gives it the area of its origin. This
    /// may wait for the process, under a lock of its own.
    pub(crate) fn give(&self, url: &str) {
        let origin = Url::parse(url).map(|url| url.origin());
        let Some(origin) = origin.ok().filter(url::Origin::is_tuple) else { return };
        let origin = origin.ascii_serialization();
        let mut given = self.given();
        if given.insert(origin.clone()) {
            let area = self.shared.join(self.tab, &origin, self.outbox.clone());
            // It fails when the process is gone.
            let _ = self.content.send(ShellCommand::LocalStorage(area));
        }
    }

    /// The process has changed an area.
    ///
    /// # Errors
    ///
    /// [`Violation::ForeignStorage`], or what is too long.
    pub(crate) fn change(
        &self,
        origin: &str,
        url: &str,
        change: &StorageChange,
    ) -> Result<(), Violation> {
        for (what, found, limit) in [
            ("item of a storage", change.size(), MAX_STORAGE_ITEM),
            ("URL of a document", url.len(), MAX_URL),
        ] {
            if found > limit {
                return Err(Violation::TooLong { what, found, limit });
            }
        }
        if !self.given().contains(origin) {
            return Err(Violation::ForeignStorage);
        }
        self.shared.change(self.tab, origin, url, change);
        Ok(())
    }
}

impl Drop for TabStorage {
    fn drop(&mut self) {
        self.shared.leave(self.tab);
    }
}

fn send_changes(
    changes: &Receiver<(LocalStorageChanged, usize)>,
    backlog: &AtomicUsize,
    content: &IpcSender<ShellCommand>,
) {
    while let Ok((changed, size)) = changes.recv()
        && content.send(ShellCommand::LocalStorageChanged(changed)).is_ok()
    {
        backlog.fetch_sub(size, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use ipc_channel::ipc::{self, IpcReceiver};
    use sordino_traits::NamespaceId;
    use sordino_traits::id::IdAllocator;

    use super::*;

    const PAGE: &str = "https://example.org/page";
    const ORIGIN: &str = "https://example.org";

    struct Tabs {
        ids: IdAllocator,
        shared: LocalStorage,
    }

    impl Tabs {
        fn new() -> Self {
            Self { ids: IdAllocator::new(NamespaceId(0)), shared: LocalStorage::default() }
        }

        fn open(&mut self) -> (Arc<TabStorage>, IpcReceiver<ShellCommand>) {
            let (content, commands) = ipc::channel().unwrap();
            let tab = TabStorage::start(self.shared.clone(), self.ids.tab(), content).unwrap();
            (tab, commands)
        }
    }

    fn set(key: &str, value: &str) -> StorageChange {
        StorageChange::Set { key: key.into(), value: value.into() }
    }

    fn given(commands: &IpcReceiver<ShellCommand>) -> LocalStorageArea {
        match commands.recv().unwrap() {
            ShellCommand::LocalStorage(area) => area,
            other => panic!("{other:?}"),
        }
    }

    fn changed(commands: &IpcReceiver<ShellCommand>) -> (u64, ChangeAuthor) {
        match commands.recv().unwrap() {
            ShellCommand::LocalStorageChanged(LocalStorageChanged { origin, version, author }) => {
                assert_eq!(origin, ORIGIN);
                (version, author)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_hear_of_changes_in_one_order() {
        let mut tabs = Tabs::new();
        let (one, from_one) = tabs.open();
        let (two, from_two) = tabs.open();
        one.give(PAGE);
        one.give("https://example.org/other");
        assert_eq!(given(&from_one).items, []);
        one.change(ORIGIN, PAGE, &set("a", "1")).unwrap();
        two.give(PAGE);
        let area = given(&from_two);
        assert_eq!((area.version, area.items), (1, vec![("a".into(), "1".into())]));
        two.change(ORIGIN, PAGE, &set("a", "2")).unwrap();
        one.change(ORIGIN, PAGE, &StorageChange::Clear).unwrap();
        let by_other = |change| ChangeAuthor::Other { change, url: PAGE.into() };
        let by_you = ChangeAuthor::You { accepted: true };
        assert_eq!(changed(&from_one), (1, by_you.clone()));
        assert_eq!(changed(&from_one), (2, by_other(set("a", "2"))));
        assert_eq!(changed(&from_one), (3, by_you.clone()));
        assert_eq!(changed(&from_two), (2, by_you));
        assert_eq!(changed(&from_two), (3, by_other(StorageChange::Clear)));
    }

    #[test]
    fn what_has_no_room_is_refused_and_nobody_else_hears_of_it() {
        let mut tabs = Tabs::new();
        let (one, from_one) = tabs.open();
        let (two, from_two) = tabs.open();
        for (tab, commands) in [(&one, &from_one), (&two, &from_two)] {
            tab.give(PAGE);
            given(commands);
        }
        let large = "x".repeat(2 << 20);
        for (key, accepted) in [("a", true), ("b", true), ("c", false)] {
            one.change(ORIGIN, PAGE, &set(key, &large)).unwrap();
            assert_eq!(changed(&from_one).1, ChangeAuthor::You { accepted });
        }
        one.change(ORIGIN, PAGE, &set("d", "")).unwrap();
        let keys = (0..3).map(|_| match changed(&from_two).1 {
            ChangeAuthor::Other { change, .. } => change.key().cloned(),
            author => panic!("{author:?}"),
        });
        assert_eq!(keys.flatten().collect::<Vec<_>>(), ["a".into(), "b".into(), "d".into()]);
    }

    #[test]
    fn what_was_not_given_is_not_changed() {
        let mut tabs = Tabs::new();
        let (tab, _commands) = tabs.open();
        let refused = |change| tab.change(ORIGIN, PAGE, &change);
        assert_eq!(refused(set("a", "1")), Err(Violation::ForeignStorage));
        tab.give("file:///page.html");
        tab.give("data:text/html,x");
        assert_eq!(refused(StorageChange::Clear), Err(Violation::ForeignStorage));
        let long = set("a", &"x".repeat(MAX_STORAGE_ITEM));
        assert!(matches!(refused(long), Err(Violation::TooLong { .. })));
    }

    #[test]
    fn a_tab_that_does_not_read_costs_the_others_nothing() {
        let mut tabs = Tabs::new();
        let (one, from_one) = tabs.open();
        let (stuck, from_stuck) = tabs.open();
        one.give(PAGE);
        given(&from_one);
        stuck.give(PAGE);
        let large = "x".repeat(2 << 20);
        for _ in 0..20 {
            one.change(ORIGIN, PAGE, &set("a", &large)).unwrap();
            one.change(ORIGIN, PAGE, &StorageChange::Clear).unwrap();
            changed(&from_one);
            changed(&from_one);
        }
        let readers = tabs.shared.lock().by_origin[ORIGIN].readers.len();
        assert_eq!(readers, 1, "it hears no more");
        drop((from_stuck, stuck, one));
        assert!(tabs.shared.lock().by_origin.is_empty(), "nobody has it, and it is empty");
    }
}
