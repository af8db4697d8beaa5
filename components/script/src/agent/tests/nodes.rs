/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What script makes of nodes is freed when script lets go of it, and not before.

use super::*;

/// Everything that refers to nodes, and nodes of every kind, in cycles.
const NODES: &str = r#"(() => {
    const cycle = (...objects) => objects.forEach((it, i) => it.other = objects[(i + 1) % objects.length]);
    const holder = document.createElement("div");
    holder.innerHTML = `<p id=x class="a b" data-y=1>text<!--c--></p><template><b>in</b></template>
        <form name=f><input type=radio name=r></form><a href=/x>link</a><audio></audio>`;
    const [p, template] = holder.children;
    cycle(p.attributes, p.attributes[0], p.classList, p.dataset, p.childNodes, p.firstChild, p.lastChild);
    cycle(holder.getElementsByTagName("p"), holder.querySelectorAll("*"), holder.children, holder);
    cycle(template.content, template.content.firstChild, template.content.ownerDocument, template);
    const attribute = document.createAttribute("a");
    attribute.back = holder;
    holder.setAttributeNode(attribute);
    cycle(holder.removeAttributeNode(attribute), holder);
    const observer = new MutationObserver(records => { observer.records = [records, holder]; });
    observer.observe(holder, { subtree: true, childList: true, attributes: true, characterData: true });
    p.remove();
    holder.append("x", document.createComment("y"), document.createDocumentFragment());
    holder.lastChild.data = "z";
    cycle(observer.takeRecords()[0].addedNodes, observer);
    holder.append(p);
    const other = document.implementation.createHTMLDocument("t");
    cycle(other, other.implementation, other.body.appendChild(holder.cloneNode(true)), other.doctype);
    const parsed = new DOMParser().parseFromString("<p>x<template>y", "text/html");
    cycle(parsed, parsed.body.firstChild, parsed.querySelector("template").content);
    cycle(document.implementation.createDocument(null, "x").documentElement, new Document(), new Text("x"));
    document.body.append(holder);
    holder.onclick = () => holder;
    document.body.replaceChildren();
    other.adoptNode(template).content.append(document.importNode(p, true));
    return true;
})()"#;

#[test]
fn nodes_that_script_lets_go_of_leave_nothing() {
    let agent = agent(&[]);
    let page = show(&agent, "<!DOCTYPE html><body>");
    assert_leaves_nothing(&agent, || {
        assert_eq!(eval(&page, NODES).as_bool(), Some(true));
        run_all_tasks(&agent);
    });
    agent.close();
}

fn collect(agent: &Rc<Agent>) {
    for _ in 0..2 {
        agent.runtime.run_gc();
        run_all_tasks(agent);
    }
}

#[test]
fn what_belongs_to_a_node_lives_as_long_as_script_can_reach_it() {
    let agent = agent(&[]);
    let page =
        show(&agent, "<!DOCTYPE html><body><div id=d a=1><template><b>x</b></template></div>");
    eval(
        &page,
        "var d = document.getElementById('d');
         d.attributes[1].mark = 'attribute';
         d.firstChild.content.mark = 'contents';
         d.firstChild.content.firstChild.mark = 'inside';
         d.firstChild.content.ownerDocument.mark = 'document';
         d.childNodes.mark = 'list';
         d = null",
    );
    collect(&agent);
    let marks = "d = document.getElementById('d'); var contents = d.firstChild.content;
        [d.getAttributeNode('a'), contents, contents.firstChild, contents.ownerDocument, d.childNodes]
            .map(it => it.mark).join() === 'attribute,contents,inside,document,list'";
    assert_eq!(eval(&page, marks).as_bool(), Some(true));
    // From one of them, all others are reached.
    eval(&page, "contents = contents.firstChild; d.remove(); d = null");
    collect(&agent);
    let marks =
        "contents.getRootNode().mark === 'contents' && contents.ownerDocument.mark === 'document'";
    assert_eq!(eval(&page, marks).as_bool(), Some(true));
    let nodes = agent.tree.len();
    eval(&page, "contents = null");
    collect(&agent);
    assert_eq!(nodes - agent.tree.len(), 6, "d, its attributes, template, contents, b, x");
    agent.close();
}

#[test]
fn an_observer_lives_as_long_as_what_it_observes() {
    let agent = agent(&[]);
    let page = show(&agent, "<!DOCTYPE html><body>");
    eval(
        &page,
        "var seen = 0; new MutationObserver(() => seen++).observe(document.body, { childList: true })",
    );
    collect(&agent);
    eval(&page, "document.body.append('x')");
    run_all_tasks(&agent);
    assert_eq!(eval(&page, "seen").as_f64(), Some(1.0));
    agent.close();
}
