/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From text to weedle's tree, with a position for what does not parse.

use weedle::common::Braced;
use weedle::dictionary::DictionaryMembers;
use weedle::interface::InterfaceMembers;
use weedle::mixin::MixinMembers;
use weedle::namespace::NamespaceMembers;
use weedle::{Definitions, Parse};

use crate::source::{IdlError, Source, skip_blank};

/// Parses a file completely.
pub(crate) fn parse(source: &Source) -> Result<Definitions<'_>, IdlError> {
    let (rest, definitions) = Definitions::parse(&source.text)
        .map_err(|error| source.at_offset(0).error(format!("this is not Web IDL: {error}")))?;
    let rest = skip_blank(rest);
    if rest.is_empty() {
        return Ok(definitions);
    }
    let fault = locate(rest);
    let line = fault.lines().next().unwrap_or_default().trim();
    Err(source.at(fault).error(format!(
        "syntax error at `{line}`: this is not a definition or member that Web IDL knows; look for a typo, a missing `;` or \
         a missing type"
    )))
}

/// Where in a definition that does not parse the fault is: the first member that does not parse, or the definition.
fn locate(definition: &str) -> &str {
    let Some(brace) = definition.find('{') else {
        return definition;
    };
    let (header, body) = definition.split_at(brace);
    let body = &body[1..];
    let words: Vec<&str> = header.rsplit(']').next().unwrap_or(header).split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    let rest = if has("mixin") {
        MixinMembers::parse(body).map(|(rest, _)| rest)
    } else if has("interface") {
        InterfaceMembers::parse(body).map(|(rest, _)| rest)
    } else if has("namespace") {
        NamespaceMembers::parse(body).map(|(rest, _)| rest)
    } else if has("dictionary") {
        DictionaryMembers::parse(body).map(|(rest, _)| rest)
    } else {
        return definition;
    };
    let Ok(rest) = rest else { return definition };
    let rest = skip_blank(rest);
    // When all members parse, the fault is in the header or after the closing brace.
    let whole = Braced::<InterfaceMembers<'_>>::parse(&definition[brace..]);
    match rest.strip_prefix('}') {
        Some(after) if whole.is_ok() && !skip_blank(after).starts_with(';') => after,
        Some(_) => definition,
        None => rest,
    }
}
