/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// https://html.spec.whatwg.org/multipage/semantics.html#htmlhtmlelement
[Exposed=Window]
interface HTMLHtmlElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/semantics.html#htmlheadelement
[Exposed=Window]
interface HTMLHeadElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/semantics.html#htmltitleelement
[Exposed=Window]
interface HTMLTitleElement : HTMLElement {
  [CEReactions] attribute DOMString text;
};

// https://html.spec.whatwg.org/multipage/semantics.html#htmlbaseelement
[Exposed=Window]
interface HTMLBaseElement : HTMLElement {
  [CEReactions] attribute USVString href;
  [CEReactions] attribute DOMString target;
};

// The parts of https://html.spec.whatwg.org/multipage/semantics.html#htmllinkelement that exist.
[Exposed=Window]
interface HTMLLinkElement : HTMLElement {
  [CEReactions] attribute USVString href;
  [CEReactions] attribute DOMString rel;
  [CEReactions] attribute DOMString media;
  [CEReactions] attribute DOMString integrity;
  [CEReactions] attribute DOMString hreflang;
  [CEReactions] attribute DOMString type;
  [SameObject, PutForwards=value, GetterThrows] readonly attribute DOMTokenList sizes;
  [CEReactions] attribute boolean disabled;
};

// https://html.spec.whatwg.org/multipage/semantics.html#htmlmetaelement
[Exposed=Window]
interface HTMLMetaElement : HTMLElement {
  [CEReactions] attribute DOMString name;
  [CEReactions] attribute DOMString httpEquiv;
  [CEReactions] attribute DOMString content;
  [CEReactions] attribute DOMString media;
};

// The parts of https://html.spec.whatwg.org/multipage/semantics.html#htmlstyleelement that exist.
[Exposed=Window]
interface HTMLStyleElement : HTMLElement {
  [CEReactions] attribute DOMString media;
};

// https://html.spec.whatwg.org/multipage/sections.html#htmlheadingelement
[Exposed=Window]
interface HTMLHeadingElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmlparagraphelement
[Exposed=Window]
interface HTMLParagraphElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmlhrelement
[Exposed=Window]
interface HTMLHRElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmlpreelement
[Exposed=Window]
interface HTMLPreElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmlquoteelement
[Exposed=Window]
interface HTMLQuoteElement : HTMLElement {
  [CEReactions] attribute USVString cite;
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmlolistelement
[Exposed=Window]
interface HTMLOListElement : HTMLElement {
  [CEReactions] attribute boolean reversed;
  [CEReactions] attribute long start;
  [CEReactions] attribute DOMString type;
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmlulistelement
[Exposed=Window]
interface HTMLUListElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmlmenuelement
[Exposed=Window]
interface HTMLMenuElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmllielement
[Exposed=Window]
interface HTMLLIElement : HTMLElement {
  [CEReactions] attribute long value;
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmldlistelement
[Exposed=Window]
interface HTMLDListElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/grouping-content.html#htmldivelement
[Exposed=Window]
interface HTMLDivElement : HTMLElement {
};

// The parts of https://html.spec.whatwg.org/multipage/text-level-semantics.html#htmlanchorelement that exist.
[Exposed=Window]
interface HTMLAnchorElement : HTMLElement {
  [CEReactions] attribute DOMString name; // obsolete
  [CEReactions] attribute DOMString target;
  [CEReactions] attribute DOMString download;
  [CEReactions] attribute DOMString rel;
  [CEReactions] attribute DOMString hreflang;
  [CEReactions] attribute DOMString type;
  [CEReactions] attribute DOMString text;
};

HTMLAnchorElement includes HTMLHyperlinkElementUtils;

// https://html.spec.whatwg.org/multipage/links.html#htmlhyperlinkelementutils
interface mixin HTMLHyperlinkElementUtils {
  [CEReactions] stringifier attribute USVString href;
  readonly attribute USVString origin;
  [CEReactions] attribute USVString protocol;
  [CEReactions] attribute USVString username;
  [CEReactions] attribute USVString password;
  [CEReactions] attribute USVString host;
  [CEReactions] attribute USVString hostname;
  [CEReactions] attribute USVString port;
  [CEReactions] attribute USVString pathname;
  [CEReactions] attribute USVString search;
  [CEReactions] attribute USVString hash;
};

// https://html.spec.whatwg.org/multipage/text-level-semantics.html#htmldataelement
[Exposed=Window]
interface HTMLDataElement : HTMLElement {
  [CEReactions] attribute DOMString value;
};

// https://html.spec.whatwg.org/multipage/text-level-semantics.html#htmltimeelement
[Exposed=Window]
interface HTMLTimeElement : HTMLElement {
  [CEReactions] attribute DOMString dateTime;
};

// https://html.spec.whatwg.org/multipage/text-level-semantics.html#htmlspanelement
[Exposed=Window]
interface HTMLSpanElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/text-level-semantics.html#htmlbrelement
[Exposed=Window]
interface HTMLBRElement : HTMLElement {
};

// https://html.spec.whatwg.org/multipage/edits.html#htmlmodelement
[Exposed=Window]
interface HTMLModElement : HTMLElement {
  [CEReactions] attribute USVString cite;
  [CEReactions] attribute DOMString dateTime;
};

// https://html.spec.whatwg.org/multipage/embedded-content.html#htmlpictureelement
[Exposed=Window]
interface HTMLPictureElement : HTMLElement {
};

// The parts of https://html.spec.whatwg.org/multipage/embedded-content.html#htmlsourceelement that exist.
[Exposed=Window]
interface HTMLSourceElement : HTMLElement {
  [CEReactions] attribute USVString src;
  [CEReactions] attribute DOMString type;
  [CEReactions] attribute USVString srcset;
  [CEReactions] attribute DOMString sizes;
  [CEReactions] attribute DOMString media;
  [CEReactions] attribute unsigned long width;
  [CEReactions] attribute unsigned long height;
};

// https://html.spec.whatwg.org/multipage/image-maps.html#htmlmapelement
[Exposed=Window]
interface HTMLMapElement : HTMLElement {
  [CEReactions] attribute DOMString name;
  [SameObject, GetterThrows] readonly attribute HTMLCollection areas;
};

// The parts of https://html.spec.whatwg.org/multipage/image-maps.html#htmlareaelement that exist.
[Exposed=Window]
interface HTMLAreaElement : HTMLElement {
  [CEReactions] attribute DOMString alt;
  [CEReactions] attribute DOMString coords;
  [CEReactions] attribute DOMString shape;
  [CEReactions] attribute DOMString target;
  [CEReactions] attribute DOMString download;
  [CEReactions] attribute DOMString rel;
};

HTMLAreaElement includes HTMLHyperlinkElementUtils;

// https://html.spec.whatwg.org/multipage/interactive-elements.html#htmldetailselement
[Exposed=Window]
interface HTMLDetailsElement : HTMLElement {
  [CEReactions] attribute DOMString name;
  [CEReactions] attribute boolean open;
};

// The parts of https://html.spec.whatwg.org/multipage/scripting.html#htmltemplateelement that exist.
[Exposed=Window]
interface HTMLTemplateElement : HTMLElement {
  [GetterThrows] readonly attribute DocumentFragment content;
};
