/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [modifier keys](https://w3c.github.io/uievents/#keys-modifiers) of an event.

use crate::bindings::EventModifierInit;

/// A set of modifier keys that are held or locked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Modifiers(u16);

impl Modifiers {
    pub(super) const ALT: Self = Self(1 << 0);
    pub(super) const CONTROL: Self = Self(1 << 1);
    pub(super) const META: Self = Self(1 << 2);
    pub(super) const SHIFT: Self = Self(1 << 3);
    const ALT_GRAPH: Self = Self(1 << 4);
    const CAPS_LOCK: Self = Self(1 << 5);
    const FN: Self = Self(1 << 6);
    const FN_LOCK: Self = Self(1 << 7);
    const HYPER: Self = Self(1 << 8);
    const NUM_LOCK: Self = Self(1 << 9);
    const SCROLL_LOCK: Self = Self(1 << 10);
    const SUPER: Self = Self(1 << 11);
    const SYMBOL: Self = Self(1 << 12);
    const SYMBOL_LOCK: Self = Self(1 << 13);

    /// Those of `modifiers` whose flag is set.
    pub(super) fn of(modifiers: &[(Self, bool)]) -> Self {
        let held = modifiers.iter().filter(|(_, held)| *held);
        Self(held.fold(0, |all, (modifier, _)| all | modifier.0))
    }

    pub(super) fn from_init(init: &EventModifierInit) -> Self {
        Self::of(&[
            (Self::ALT, init.alt_key),
            (Self::CONTROL, init.ctrl_key),
            (Self::META, init.meta_key),
            (Self::SHIFT, init.shift_key),
            (Self::ALT_GRAPH, init.modifier_alt_graph),
            (Self::CAPS_LOCK, init.modifier_caps_lock),
            (Self::FN, init.modifier_fn),
            (Self::FN_LOCK, init.modifier_fn_lock),
            (Self::HYPER, init.modifier_hyper),
            (Self::NUM_LOCK, init.modifier_num_lock),
            (Self::SCROLL_LOCK, init.modifier_scroll_lock),
            (Self::SUPER, init.modifier_super),
            (Self::SYMBOL, init.modifier_symbol),
            (Self::SYMBOL_LOCK, init.modifier_symbol_lock),
        ])
    }

    pub(super) fn has(self, modifier: Self) -> bool {
        self.0 & modifier.0 != 0
    }

    /// `getModifierState()`, by the [key value](https://w3c.github.io/uievents-key/#keys-modifier).
    pub(super) fn has_key(self, key: &str) -> bool {
        let modifier = match key {
            "Alt" => Self::ALT,
            "AltGraph" => Self::ALT_GRAPH,
            "CapsLock" => Self::CAPS_LOCK,
            "Control" => Self::CONTROL,
            "Fn" => Self::FN,
            "FnLock" => Self::FN_LOCK,
            "Hyper" => Self::HYPER,
            "Meta" => Self::META,
            "NumLock" => Self::NUM_LOCK,
            "ScrollLock" => Self::SCROLL_LOCK,
            "Shift" => Self::SHIFT,
            "Super" => Self::SUPER,
            "Symbol" => Self::SYMBOL,
            "SymbolLock" => Self::SYMBOL_LOCK,
            _ => return false,
        };
        self.has(modifier)
    }
}
