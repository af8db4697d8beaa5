/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Merges partials and mixins into their interfaces.

use std::collections::BTreeMap;

use crate::model::{Idl, Interface, Member};
use crate::source::IdlError;

/// Extended attributes of a partial or a mixin that apply to its members.
const HANDED_DOWN: [&str; 3] = ["Exposed", "SecureContext", "Pref"];

fn handed_down(part: &Interface) -> impl Iterator<Item = Member> {
    part.members.iter().cloned().map(|mut member| {
        for name in HANDED_DOWN {
            if let (Some(attr), false) = (part.attrs.get(name), member.attrs.has(name)) {
                member.attrs.0.push(attr.clone());
            }
        }
        member
    })
}

fn merge_partials(
    whole: &mut BTreeMap<String, Interface>,
    partials: Vec<Interface>,
    what: &str,
    errors: &mut Vec<IdlError>,
) {
    for partial in partials {
        match whole.get_mut(&partial.name) {
            Some(target) => {
                target.members.extend(handed_down(&partial));
                target.iterable = target.iterable.take().or(partial.iterable);
            }
            None => errors.push(partial.position.error(format!(
                "partial {what} `{}` has no {what} to extend: define it, or take `partial` away",
                partial.name
            ))),
        }
    }
}

/// Leaves only whole definitions.
pub(crate) fn merge(idl: &mut Idl, errors: &mut Vec<IdlError>) {
    let partials = std::mem::take(&mut idl.partial_mixins);
    merge_partials(&mut idl.mixins, partials, "interface mixin", errors);
    let partials = std::mem::take(&mut idl.partial_namespaces);
    merge_partials(&mut idl.namespaces, partials, "namespace", errors);
    let partials = std::mem::take(&mut idl.partial_interfaces);
    merge_partials(&mut idl.interfaces, partials, "interface", errors);
    for partial in std::mem::take(&mut idl.partial_dictionaries) {
        match idl.dictionaries.get_mut(&partial.name) {
            Some(target) => target.members.extend(partial.members),
            None => errors.push(partial.position.error(format!(
                "partial dictionary `{}` has no dictionary to extend",
                partial.name
            ))),
        }
    }
    for ((interface, position), (mixin, mixin_position)) in std::mem::take(&mut idl.includes) {
        let Some(part) = idl.mixins.get(&mixin) else {
            errors.push(mixin_position.error(format!(
                "`{interface} includes {mixin}`: there is no interface mixin `{mixin}`"
            )));
            continue;
        };
        match idl.interfaces.get_mut(&interface) {
            Some(target) => target.members.extend(handed_down(part)),
            None => errors.push(position.error(format!(
                "`{interface} includes {mixin}`: there is no interface `{interface}`"
            ))),
        }
    }
}
