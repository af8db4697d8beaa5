/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The items of a [storage area](https://html.spec.whatwg.org/multipage/webstorage.html), as a content
//! process and the shell keep them: strings, their quota, and changes that both make in one order.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// How much the keys and values of an area have together, in bytes.
pub const STORAGE_QUOTA: usize = 5 * 1024 * 1024;
/// How much a key and its value have together, in bytes: what fits in one message.
pub const MAX_STORAGE_ITEM: usize = 3 * 1024 * 1024;

/// A string of script.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum StorageString {
    /// Text.
    Text(String),
    /// 16-bit units that are no text: there is a lone surrogate among them.
    Units(Vec<u16>),
}

impl StorageString {
    /// How much it counts, in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Units(units) => 2 * units.len(),
        }
    }
}

impl From<&str> for StorageString {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A change of an area.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum StorageChange {
    /// A key has a new value.
    Set {
        /// The key.
        key: StorageString,
        /// Its value.
        value: StorageString,
    },
    /// A key is gone.
    Remove {
        /// The key.
        key: StorageString,
    },
    /// All keys are gone.
    Clear,
}

impl StorageChange {
    /// How much it takes, in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Set { key, value } => key.size() + value.size(),
            Self::Remove { key } => key.size(),
            Self::Clear => 0,
        }
    }

    /// The key that it is about; none when it is about all.
    pub fn key(&self) -> Option<&StorageString> {
        match self {
            Self::Set { key, .. } | Self::Remove { key } => Some(key),
            Self::Clear => None,
        }
    }
}

/// What a change has done, as the `storage` event says it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StorageEffect {
    /// `None` when all keys are gone.
    pub key: Option<StorageString>,
    /// The value before.
    pub old_value: Option<StorageString>,
    /// The value now.
    pub new_value: Option<StorageString>,
}

/// There is no room for an item.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "there is no room for the item: an area has {STORAGE_QUOTA} bytes, and an item at most {MAX_STORAGE_ITEM}"
)]
pub struct QuotaExceeded;

/// The items of an area.
#[derive(Clone, Debug, Default)]
pub struct StorageItems {
    items: IndexMap<StorageString, StorageString>,
    size: usize,
}

impl StorageItems {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How much they count together, in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The value of a key.
    pub fn get(&self, key: &StorageString) -> Option<&StorageString> {
        self.items.get(key)
    }

    /// The key at a place. The order changes only when an item comes or goes.
    pub fn key(&self, index: usize) -> Option<&StorageString> {
        self.items.get_index(index).map(|(key, _)| key)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &StorageString> {
        self.items.keys()
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&StorageString, &StorageString)> {
        self.items.iter()
    }

    /// Makes a change. Returns what it did; `None` when it changed nothing.
    ///
    /// # Errors
    ///
    /// [`QuotaExceeded`], and then nothing has changed.
    pub fn apply(
        &mut self,
        change: &StorageChange,
    ) -> Result<Option<StorageEffect>, QuotaExceeded> {
        match change {
            StorageChange::Set { key, value } => self.set(key, value),
            StorageChange::Remove { key } => {
                // The last item takes the place of the removed one, so that no other moves.
                let old_value = self.items.swap_remove(key);
                Ok(old_value.map(|old| {
                    self.size -= key.size() + old.size();
                    StorageEffect { key: Some(key.clone()), old_value: Some(old), new_value: None }
                }))
            }
            StorageChange::Clear => {
                let was_empty = self.items.is_empty();
                self.items.clear();
                self.size = 0;
                let effect = StorageEffect { key: None, old_value: None, new_value: None };
                Ok((!was_empty).then_some(effect))
            }
        }
    }

    fn set(
        &mut self,
        key: &StorageString,
        value: &StorageString,
    ) -> Result<Option<StorageEffect>, QuotaExceeded> {
        let old = self.items.get(key);
        if old == Some(value) {
            return Ok(None);
        }
        let before = old.map_or(0, |old| key.size() + old.size());
        let size = key.size() + value.size();
        let total = self.size - before + size;
        // What gets smaller is welcome also in an area that has too much.
        if size > MAX_STORAGE_ITEM || (total > STORAGE_QUOTA && total > self.size) {
            return Err(QuotaExceeded);
        }
        self.size = total;
        let old_value = self.items.insert(key.clone(), value.clone());
        Ok(Some(StorageEffect {
            key: Some(key.clone()),
            old_value,
            new_value: Some(value.clone()),
        }))
    }
}

impl FromIterator<(StorageString, StorageString)> for StorageItems {
    fn from_iter<T: IntoIterator<Item = (StorageString, StorageString)>>(items: T) -> Self {
        let items: IndexMap<_, _> = items.into_iter().collect();
        let size = items.iter().map(|(key, value)| key.size() + value.size()).sum();
        Self { items, size }
    }
}

/// All items of a local storage area, as a content process gets them before it shows a document that
/// may use it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct LocalStorageArea {
    /// The origin, serialized.
    pub origin: String,
    /// The number of the last change that they have seen.
    pub version: u64,
    /// Keys and values, in order.
    pub items: Vec<(StorageString, StorageString)>,
}

/// A change of a local storage area that the shell has made, or refused. All processes hear of all
/// changes in the same order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct LocalStorageChanged {
    /// The origin, serialized.
    pub origin: String,
    /// The number of the change. One that an area has seen already is to be ignored.
    pub version: u64,
    /// Who made it.
    pub author: ChangeAuthor,
}

/// Who made a change of a local storage area.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum ChangeAuthor {
    /// This process: it is its oldest change of the area that was not answered yet.
    You {
        /// Whether it was made. It is refused when others have taken the room.
        accepted: bool,
    },
    /// Another process.
    Other {
        /// The change.
        change: StorageChange,
        /// The URL of the document whose script made it.
        url: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(key: &str, value: &str) -> StorageChange {
        StorageChange::Set { key: key.into(), value: value.into() }
    }

    #[test]
    fn changes_say_what_they_did() {
        let mut items = StorageItems::default();
        let effect = |key: &str, old: Option<&str>, new: Option<&str>| {
            let [old_value, new_value] = [old, new].map(|value| value.map(StorageString::from));
            Ok(Some(StorageEffect { key: Some(key.into()), old_value, new_value }))
        };
        assert_eq!(items.apply(&set("a", "1")), effect("a", None, Some("1")));
        assert_eq!(items.apply(&set("a", "1")), Ok(None));
        assert_eq!(items.apply(&set("a", "2")), effect("a", Some("1"), Some("2")));
        let remove = StorageChange::Remove { key: "a".into() };
        assert_eq!(items.apply(&remove), effect("a", Some("2"), None));
        assert_eq!(items.apply(&remove), Ok(None));
        assert_eq!(items.apply(&StorageChange::Clear), Ok(None));
        items.apply(&set("b", "")).unwrap();
        assert_eq!(items.apply(&StorageChange::Clear).unwrap().unwrap().key, None);
        assert!(items.is_empty());
    }

    #[test]
    fn an_area_is_not_endless() {
        let mut items = StorageItems::default();
        let large = "x".repeat(2 * 1024 * 1024);
        items.apply(&set("a", &large)).unwrap();
        items.apply(&set("b", &large)).unwrap();
        assert_eq!(items.apply(&set("c", &large)), Err(QuotaExceeded));
        assert_eq!(items.len(), 2);
        items.apply(&set("b", "small")).unwrap();
        items.apply(&set("c", &large)).unwrap();
        let longest = "x".repeat(MAX_STORAGE_ITEM);
        assert_eq!(StorageItems::default().apply(&set("a", &longest)), Err(QuotaExceeded));
        StorageItems::default().apply(&set("", &longest)).unwrap();
    }

    #[test]
    fn the_size_is_kept_through_all_changes() {
        let mut items: StorageItems =
            [("a".into(), "12".into()), ("b".into(), "3".into())].into_iter().collect();
        for change in [
            set("a", "1"),
            set("ccc", "4"),
            StorageChange::Remove { key: "b".into() },
            StorageChange::Set { key: StorageString::Units(vec![0xd800]), value: "".into() },
        ] {
            items.apply(&change).unwrap();
            let counted: usize = items.iter().map(|(key, value)| key.size() + value.size()).sum();
            assert_eq!(items.size, counted);
        }
    }
}
