/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [HTML fragment serialization algorithm](https://html.spec.whatwg.org/multipage/parsing.html#html-fragment-serialisation-algorithm).

use html5ever::{LocalName, QualName, local_name, ns};

use crate::tree::{Element, NodeId, NodeKind, Tree, qualified_name};

/// Something that is still to be written.
enum Work {
    /// A node and those after it.
    From(NodeId, TextMode),
    EndTag(NodeId),
}

/// How text is written.
#[derive(Clone, Copy)]
enum TextMode {
    Escaped,
    Raw,
}

/// The children of a node; of a template, its contents. Lone surrogates become U+FFFD.
pub(crate) fn children(tree: &Tree, node: NodeId) -> String {
    let mut html = String::new();
    if let Some((first, mode)) = first_inside(tree, node) {
        write(tree, vec![Work::From(first, mode)], &mut html);
    }
    html
}

/// A node with its children.
pub(crate) fn node(tree: &Tree, node: NodeId) -> String {
    let mut html = String::new();
    let mut work = Vec::new();
    write_one(tree, node, TextMode::Escaped, &mut work, &mut html);
    write(tree, work, &mut html);
    html
}

/// What comes first in a node, and how text there is written.
fn first_inside(tree: &Tree, id: NodeId) -> Option<(NodeId, TextMode)> {
    let (parent, mode) = match tree.element(id) {
        None => (id, TextMode::Escaped),
        Some(element) if element.has_no_end_tag() => return None,
        Some(element) => {
            let has_raw_text = is_of(&element, &RAW_TEXT)
                || (element.is(&local_name!("noscript")) && tree.is_scripting_enabled(id));
            let mode = if has_raw_text { TextMode::Raw } else { TextMode::Escaped };
            (element.template_contents.unwrap_or(id), mode)
        }
    };
    Some((tree.first_child(parent)?, mode))
}

fn write(tree: &Tree, mut work: Vec<Work>, html: &mut String) {
    while let Some(next) = work.pop() {
        match next {
            Work::EndTag(id) => {
                if let Some(element) = tree.element(id) {
                    html.push_str("</");
                    push_tag_name(html, &element.name);
                    html.push('>');
                }
            }
            Work::From(id, mode) => {
                if let Some(sibling) = tree.next_sibling(id) {
                    work.push(Work::From(sibling, mode));
                }
                write_one(tree, id, mode, &mut work, html);
            }
        }
    }
}

fn write_one(tree: &Tree, id: NodeId, mode: TextMode, work: &mut Vec<Work>, html: &mut String) {
    match &*tree.kind(id) {
        NodeKind::Element(element) => {
            push_start_tag(html, element);
            if !element.has_no_end_tag() {
                work.push(Work::EndTag(id));
                work.extend(first_inside(tree, id).map(|(first, mode)| Work::From(first, mode)));
            }
        }
        NodeKind::Text(text) | NodeKind::CdataSection(text) => match mode {
            TextMode::Escaped => push_escaped(html, &text.to_str_lossy(), false),
            TextMode::Raw => html.push_str(&text.to_str_lossy()),
        },
        NodeKind::Comment(text) => {
            html.push_str("<!--");
            html.push_str(&text.to_str_lossy());
            html.push_str("-->");
        }
        NodeKind::ProcessingInstruction(instruction) => {
            html.push_str("<?");
            html.push_str(&instruction.target.to_str_lossy());
            html.push(' ');
            html.push_str(&instruction.data.to_str_lossy());
            html.push('>');
        }
        NodeKind::Doctype(doctype) => {
            html.push_str("<!DOCTYPE ");
            html.push_str(&doctype.name);
            html.push('>');
        }
        NodeKind::Document(_) | NodeKind::Fragment { .. } | NodeKind::Attribute(_) => {}
    }
}

fn push_tag_name(html: &mut String, name: &QualName) {
    match name.ns {
        ns!(html) | ns!(mathml) | ns!(svg) => html.push_str(&name.local),
        _ => html.push_str(&qualified_name(name)),
    }
}

fn push_start_tag(html: &mut String, element: &Element) {
    html.push('<');
    push_tag_name(html, &element.name);
    for attribute in &element.attributes {
        html.push(' ');
        let name = &attribute.name;
        match name.ns {
            ns!() => html.push_str(&name.local),
            ns!(xml) => push_prefixed(html, "xml:", &name.local),
            ns!(xmlns) if name.local == local_name!("xmlns") => html.push_str("xmlns"),
            ns!(xmlns) => push_prefixed(html, "xmlns:", &name.local),
            ns!(xlink) => push_prefixed(html, "xlink:", &name.local),
            _ => html.push_str(&qualified_name(name)),
        }
        html.push_str("=\"");
        push_escaped(html, &attribute.value.to_str_lossy(), true);
        html.push('"');
    }
    html.push('>');
}

fn push_prefixed(html: &mut String, prefix: &str, local_name: &str) {
    html.push_str(prefix);
    html.push_str(local_name);
}

/// [Escapes a string](https://html.spec.whatwg.org/multipage/parsing.html#escapingString).
fn push_escaped(html: &mut String, text: &str, is_attribute: bool) {
    let mut rest = text;
    let is_special =
        |c: char| matches!(c, '&' | '\u{a0}' | '<' | '>') || (c == '"' && is_attribute);
    while let Some(place) = rest.find(is_special) {
        let (plain, special) = rest.split_at(place);
        html.push_str(plain);
        let mut characters = special.chars();
        html.push_str(match characters.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => "&nbsp;",
        });
        rest = characters.as_str();
    }
    html.push_str(rest);
}

/// Elements whose text is written as it is.
const RAW_TEXT: [LocalName; 7] = [
    local_name!("style"),
    local_name!("script"),
    local_name!("xmp"),
    local_name!("iframe"),
    local_name!("noembed"),
    local_name!("noframes"),
    local_name!("plaintext"),
];

fn is_of(element: &Element, names: &[LocalName]) -> bool {
    element.is_html() && names.contains(&element.name.local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::parse_for_test;

    #[test]
    fn what_was_parsed_is_written_so_that_it_is_parsed_the_same() {
        let html = "<html><head><title>a &amp; b</title><script>1 < 2 && 3</script></head>\
                    <body class=\"&quot;&lt;&amp;&nbsp;\">x&nbsp;&lt;y&gt;\"<br><img src=\"i\">\
                    <!-- c --><template><p>in</p></template><svg viewBox=\"0\" xlink:href=\"#\">\
                    <path></path></svg></body></html>";
        let (tree, document) = parse_for_test(&format!("<!doctype html>{html}"));
        assert_eq!(children(&tree, document), format!("<!DOCTYPE html>{html}"));
        let root = tree.document_element(document).unwrap();
        assert_eq!(node(&tree, root), html);
    }

    #[test]
    fn nothing_is_written_between_the_tags_of_void_elements() {
        let (tree, document) = parse_for_test("<br>");
        let br =
            tree.descendants(document).find(|id| tree.is_html_element(*id, &local_name!("br")));
        tree.insert_text(br.unwrap(), "x", None);
        assert_eq!(node(&tree, br.unwrap()), "<br>");
        assert_eq!(children(&tree, br.unwrap()), "");
    }
}
