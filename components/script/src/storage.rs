/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [storage areas](https://html.spec.whatwg.org/multipage/webstorage.html) of a content process.
//!
//! Those of session storage are the tab's, and are here only. Those of local storage are copies of
//! what the shell has: it gives one before the first document of an origin is shown. Script changes
//! the copy at once, and the shell is told; it tells in which order all tabs have made their changes.
//! So each copy has what is confirmed, and on top of that what the shell has not answered yet.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use sordino_script_bindings::DomString;
use sordino_traits::embedder::ShellRequest;
use sordino_traits::storage::{
    ChangeAuthor, LocalStorageArea, LocalStorageChanged, QuotaExceeded, StorageChange,
    StorageEffect, StorageItems, StorageString,
};
use url::{Origin, Url};

use crate::agent::Agent;
use crate::page::Page;

/// Which of the two storages of a window.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum StorageKind {
    Local,
    Session,
}

/// The items of an origin.
pub(crate) struct Area {
    kind: StorageKind,
    origin: Origin,
    /// What script sees.
    items: RefCell<StorageItems>,
    /// What the shell has, if it has the area.
    shared: RefCell<Option<Shared>>,
}

/// The side of the shell.
struct Shared {
    /// The number of the last change that was confirmed.
    version: u64,
    confirmed: StorageItems,
    /// Our changes that were not answered yet.
    pending: VecDeque<StorageChange>,
}

impl Shared {
    /// What script sees: our changes come after all that is confirmed now.
    fn view(&self) -> StorageItems {
        let mut view = self.confirmed.clone();
        for change in &self.pending {
            // What has no more room will be refused.
            view.apply(change).ok();
        }
        view
    }

    /// Whether a change of others shows, since none of ours comes after it.
    fn shows(&self, change: &StorageChange) -> bool {
        let hides = |own: &StorageChange| match (own.key(), change.key()) {
            (Some(own), Some(key)) => own == key,
            _ => true,
        };
        !self.pending.iter().any(hides)
    }
}

impl Area {
    fn new(kind: StorageKind, origin: Origin) -> Self {
        Self { kind, origin, items: RefCell::default(), shared: RefCell::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.items.borrow().len()
    }

    pub(crate) fn key(&self, index: usize) -> Option<DomString> {
        self.items.borrow().key(index).map(to_dom)
    }

    pub(crate) fn keys(&self) -> Vec<DomString> {
        self.items.borrow().keys().map(to_dom).collect()
    }

    pub(crate) fn get(&self, key: &DomString) -> Option<DomString> {
        self.items.borrow().get(&from_dom(key)).map(to_dom)
    }

    /// Script of a document makes a change. The other documents of the origin hear of it.
    ///
    /// # Errors
    ///
    /// [`QuotaExceeded`], and then nothing has changed.
    pub(crate) fn change(
        &self,
        page: &Rc<Page>,
        change: StorageChange,
    ) -> Result<(), QuotaExceeded> {
        let Some(effect) = self.items.borrow_mut().apply(&change)? else { return Ok(()) };
        let url = page.url().to_string();
        if let Some(shared) = &mut *self.shared.borrow_mut() {
            shared.pending.push_back(change.clone());
            let origin = self.origin.ascii_serialization();
            let url = url.clone();
            page.send_shell(ShellRequest::ChangeLocalStorage { origin, url, change });
        }
        self.broadcast(&page.agent(), &effect, &url, Some(page));
        Ok(())
    }

    /// [Broadcasts](https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast) a change
    /// to the documents of the origin but for the one that made it.
    fn broadcast(&self, agent: &Agent, effect: &StorageEffect, url: &str, by: Option<&Rc<Page>>) {
        for page in agent.all_pages() {
            let made_it = by.is_some_and(|by| by.document_id() == page.document_id());
            if made_it || *page.origin() != self.origin {
                continue;
            }
            let (kind, effect, url) = (self.kind, effect.clone(), url.to_owned());
            page.queue(move |page| page.window().fire_storage_event(kind, &effect, url));
        }
    }

    /// The shell has the area, and this is what it has.
    fn share(&self, area: LocalStorageArea) {
        let confirmed: StorageItems = area.items.into_iter().collect();
        self.items.replace(confirmed.clone());
        let pending = VecDeque::new();
        self.shared.replace(Some(Shared { version: area.version, confirmed, pending }));
    }

    /// The shell says what the next change was.
    fn changed(&self, agent: &Agent, version: u64, author: ChangeAuthor) {
        let mut borrowed = self.shared.borrow_mut();
        let Some(shared) = borrowed.as_mut().filter(|shared| shared.version < version) else {
            return;
        };
        shared.version = version;
        match author {
            ChangeAuthor::You { accepted } => {
                let own = shared.pending.pop_front();
                if let Some(own) = own.filter(|_| accepted) {
                    // It had room there.
                    shared.confirmed.apply(&own).ok();
                } else {
                    self.items.replace(shared.view());
                }
            }
            ChangeAuthor::Other { change, url } => {
                let effect = shared.confirmed.apply(&change);
                let has_room =
                    shared.shows(&change) && self.items.borrow_mut().apply(&change).is_ok();
                if !has_room {
                    self.items.replace(shared.view());
                }
                drop(borrowed);
                if let Ok(Some(effect)) = effect {
                    self.broadcast(agent, &effect, &url, None);
                }
            }
        }
    }
}

/// All areas of a content process.
#[derive(Default)]
pub(crate) struct StorageAreas {
    areas: RefCell<HashMap<(StorageKind, Origin), Rc<Area>>>,
    /// Changes of areas that are not here yet, by origin.
    early: RefCell<HashMap<String, Vec<LocalStorageChanged>>>,
}

impl StorageAreas {
    /// The area of an origin that has one: that is not opaque.
    pub(crate) fn area(&self, kind: StorageKind, origin: &Origin) -> Rc<Area> {
        let mut areas = self.areas.borrow_mut();
        let make = || Rc::new(Area::new(kind, origin.clone()));
        areas.entry((kind, origin.clone())).or_insert_with(make).clone()
    }

    fn local(&self, origin: &str) -> Option<Rc<Area>> {
        let origin = Url::parse(origin).ok()?.origin();
        Some(self.area(StorageKind::Local, &origin))
    }

    /// The shell gives an area.
    pub(crate) fn give(&self, agent: &Agent, given: LocalStorageArea) {
        let origin = given.origin.clone();
        let Some(area) = self.local(&origin) else { return };
        area.share(given);
        let early = self.early.borrow_mut().remove(&origin);
        for LocalStorageChanged { version, author, .. } in early.into_iter().flatten() {
            area.changed(agent, version, author);
        }
    }

    /// The shell tells of a change. It may overtake the area.
    pub(crate) fn changed(&self, agent: &Agent, changed: LocalStorageChanged) {
        let Some(area) = self.local(&changed.origin) else { return };
        let is_here = area.shared.borrow().is_some();
        if is_here {
            area.changed(agent, changed.version, changed.author);
        } else {
            let mut early = self.early.borrow_mut();
            early.entry(changed.origin.clone()).or_default().push(changed);
        }
    }
}

/// A string of script, as it is kept.
pub(crate) fn from_dom(string: &DomString) -> StorageString {
    match string.as_ill_formed() {
        Some(units) => StorageString::Units(units.to_vec()),
        None => StorageString::Text(string.to_str_lossy().into_owned()),
    }
}

/// A kept string, for script.
pub(crate) fn to_dom(string: &StorageString) -> DomString {
    match string {
        StorageString::Text(text) => text.as_str().into(),
        StorageString::Units(units) => DomString::from_utf16(units),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{agent, eval, run_all_tasks, show};

    const ORIGIN: &str = "https://example.org";

    fn area(version: u64, items: &[(&str, &str)]) -> LocalStorageArea {
        let items = items.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        LocalStorageArea { origin: ORIGIN.into(), version, items }
    }

    fn by_other(version: u64, change: StorageChange) -> LocalStorageChanged {
        let author = ChangeAuthor::Other { change, url: "https://example.org/other".into() };
        LocalStorageChanged { origin: ORIGIN.into(), version, author }
    }

    fn by_us(version: u64, accepted: bool) -> LocalStorageChanged {
        let author = ChangeAuthor::You { accepted };
        LocalStorageChanged { origin: ORIGIN.into(), version, author }
    }

    fn set(key: &str, value: &str) -> StorageChange {
        StorageChange::Set { key: key.into(), value: value.into() }
    }

    #[test]
    fn our_changes_come_after_those_of_others_until_they_are_answered() {
        let agent = agent(&[]);
        let page = show(&agent, "<!DOCTYPE html>");
        let areas = agent.storage_areas();
        areas.give(&agent, area(3, &[("a", "0")]));
        let sees = |expected: &str| {
            run_all_tasks(&agent);
            let seen = "log.splice(0).concat(Object.keys(localStorage).sort()\
                        .map(key => key + localStorage[key])).join()";
            let is_it = eval(&page, &format!("{seen} === '{expected}' || fail({seen})"));
            assert_eq!(is_it.as_bool(), Some(true), "{expected}");
        };
        eval(
            &page,
            "var log = []; localStorage.a = '1'; onstorage = event => \
             log.push([event.key, event.oldValue, event.newValue].join('/'))",
        );
        areas.changed(&agent, by_other(4, set("a", "2")));
        areas.changed(&agent, by_other(5, set("b", "2")));
        sees("a/0/2,b//2,a1,b2");
        areas.changed(&agent, by_us(6, true));
        areas.changed(&agent, by_other(5, set("a", "late")));
        sees("a1,b2");
        eval(&page, "localStorage.c = '3'");
        areas.changed(&agent, by_other(7, StorageChange::Clear));
        sees("//,c3");
        areas.changed(&agent, by_us(8, false));
        sees("");
        agent.close();
    }

    #[test]
    fn changes_that_overtake_the_area_wait_for_it() {
        let agent = agent(&[]);
        let page = show(&agent, "<!DOCTYPE html>");
        let areas = agent.storage_areas();
        areas.changed(&agent, by_other(6, set("a", "6")));
        areas.changed(&agent, by_other(7, set("b", "7")));
        areas.give(&agent, area(6, &[("a", "6"), ("c", "5")]));
        let seen = "localStorage.a + localStorage.b + localStorage.c === '675'";
        assert_eq!(eval(&page, seen).as_bool(), Some(true));
        agent.close();
    }
}
