/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From IDL names to Rust names.

const KEYWORDS: [&str; 42] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type",
    "unsafe", "use", "where", "while", "box", "final", "virtual",
];

/// `setActionHandler` is `set_action_handler`, `innerHTML` is `inner_html`, `type` is `type_`.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (i, c) in chars.iter().enumerate() {
        if *c == '-' {
            snake.push('_');
            continue;
        }
        if c.is_uppercase() {
            let after_lower = i > 0 && (chars[i - 1].is_lowercase() || chars[i - 1].is_numeric());
            let ends_acronym = i > 0
                && chars[i - 1].is_uppercase()
                && chars.get(i + 1).is_some_and(|next| next.is_lowercase());
            if after_lower || ends_acronym {
                snake.push('_');
            }
        }
        snake.extend(c.to_lowercase());
    }
    escape(snake)
}

/// Adds an underscore to a keyword.
fn escape(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// An enum value as a variant: `play-and-record` is `PlayAndRecord`, the empty string is `Empty`.
pub(crate) fn variant(value: &str) -> String {
    let mut variant = String::new();
    let mut upper = true;
    for c in value.chars() {
        if !c.is_alphanumeric() {
            upper = true;
            continue;
        }
        if variant.is_empty() && c.is_numeric() {
            variant.push('_');
        }
        if upper {
            variant.extend(c.to_uppercase());
        } else {
            variant.push(c);
        }
        upper = false;
    }
    if variant.is_empty() {
        variant.push_str("Empty");
    }
    if variant == "Self" {
        variant.push('_');
    }
    variant
}

/// `AudioSession` is `AUDIO_SESSION`.
pub(crate) fn upper(name: &str) -> String {
    snake(name).trim_end_matches('_').to_uppercase()
}

/// The Levenshtein distance of two names, to find what a mistyped one meant.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut previous = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = previous + usize::from(x != *y);
            previous = row[j + 1];
            row[j + 1] = substituted.min(previous + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_rust() {
        for (idl, rust) in [
            ("setActionHandler", "set_action_handler"),
            ("innerHTML", "inner_html"),
            ("HTMLAudioElement", "html_audio_element"),
            ("URL", "url"),
            ("toJSON", "to_json"),
            ("type", "type_"),
            ("onstatechange", "onstatechange"),
            ("getElementById", "get_element_by_id"),
        ] {
            assert_eq!(snake(idl), rust);
        }
        assert_eq!(variant("play-and-record"), "PlayAndRecord");
        assert_eq!(variant(""), "Empty");
        assert_eq!(variant("2d"), "_2d");
    }
}
