// This Source Code Form is subject to the terms of the Mozilla Public
// License, v. 2.0. If a copy of the MPL was not distributed with this
// file, You can obtain one at https://mozilla.org/MPL/2.0/.

// What a page does with a hundred thousand elements in each other.

console.log(`parsed ${document.querySelectorAll("div").length}`);
const depth = 100000;
const nested = (name, into) => {
    const outer = document.createElement(name);
    let inner = outer;
    for (let i = 1; i < depth; i++) inner = into(inner).appendChild(document.createElement(name));
    return [outer, inner];
};
let [outer, deepest] = nested("div", it => it);
deepest.append("deep", "", "est");
console.log(`markup ${outer.innerHTML.length + 4}`);
console.log(`text ${outer.textContent}`);
const clone = outer.cloneNode(true);
console.log(`clone ${clone.querySelectorAll("div").length}, ${clone.isEqualNode(outer) ? "equal" : "not"}`);
deepest.id = "deepest";
if (outer.querySelector("div div #deepest") === deepest
    && deepest.matches("div > div div:not(p) div") && deepest.closest("p") === null
    && outer.contains(deepest)) {
    console.log("selected");
}
document.body.append(outer);
outer.addEventListener("x", event => {
    if (event.composedPath().length > depth) console.log("heard at the top");
});
deepest.dispatchEvent(new Event("x", { bubbles: true }));
outer.normalize();
console.log(`normal ${deepest.childNodes.length}`);
const other = document.implementation.createHTMLDocument();
other.body.append(outer);
if (deepest.ownerDocument === other) console.log("adopted");
outer.remove();
outer = deepest = null;
console.log("gone");
const [template] = nested("template", it => it.content);
console.log(`templates ${template.outerHTML.length}`);
template.cloneNode(true).isEqualNode(template);
document.body.innerHTML = `<svg>${"<g>".repeat(depth)}`;
console.log(`fragment ${document.querySelectorAll("g").length}`);
document.body.innerHTML = "";

let list = [];
for (let i = 0; i < depth; i++) list = [list];
onmessage = ({ data }) => {
    let count = 0;
    for (; data.length; data = data[0]) count++;
    console.log(`a message, ${count} deep`);
};
postMessage(structuredClone(list), "*");
console.log(list);
