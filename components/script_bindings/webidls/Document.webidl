/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://dom.spec.whatwg.org/#interface-document and
// https://html.spec.whatwg.org/multipage/dom.html#the-document-object that exist.

[Exposed=Window]
interface Document : Node {
  constructor();

  [SameObject, GetterThrows] readonly attribute DOMImplementation implementation;
  readonly attribute USVString URL;
  readonly attribute USVString documentURI;
  readonly attribute DOMString compatMode;
  readonly attribute DOMString characterSet;
  readonly attribute DOMString charset; // legacy alias of .characterSet
  readonly attribute DOMString inputEncoding; // legacy alias of .characterSet
  readonly attribute DOMString contentType;

  readonly attribute DocumentType? doctype;
  readonly attribute Element? documentElement;
  HTMLCollection getElementsByTagName(DOMString qualifiedName);
  HTMLCollection getElementsByTagNameNS(DOMString? namespace, DOMString localName);
  HTMLCollection getElementsByClassName(DOMString classNames);

  [CEReactions, NewObject] Element createElement(DOMString localName);
  [CEReactions, NewObject] Element createElementNS(DOMString? namespace, DOMString qualifiedName);
  [NewObject] DocumentFragment createDocumentFragment();
  [NewObject] Text createTextNode(DOMString data);
  [NewObject] CDATASection createCDATASection(DOMString data);
  [NewObject] Comment createComment(DOMString data);
  [NewObject] ProcessingInstruction createProcessingInstruction(DOMString target, DOMString data);

  [CEReactions, NewObject] Node importNode(
    Node node,
    optional (boolean or ImportNodeOptions) options = false);
  [CEReactions] Node adoptNode(Node node);

  [NewObject] Attr createAttribute(DOMString localName);
  [NewObject] Attr createAttributeNS(DOMString? namespace, DOMString qualifiedName);
};

[Exposed=Window]
interface XMLDocument : Document {
};

dictionary ImportNodeOptions {
  boolean selfOnly = false;
};

enum DocumentReadyState { "loading", "interactive", "complete" };
enum DocumentVisibilityState { "visible", "hidden" };

partial interface Document {
  // resource metadata management
  [LegacyUnforgeable, PutForwards=href] readonly attribute Location? location;
  readonly attribute USVString referrer;
  attribute USVString cookie;
  readonly attribute DocumentReadyState readyState;

  // DOM tree accessors
  [CEReactions] attribute DOMString title;
  [CEReactions, SetterThrows] attribute HTMLElement? body;
  readonly attribute HTMLHeadElement? head;
  [SameObject, GetterThrows] readonly attribute HTMLCollection images;
  [SameObject, GetterThrows] readonly attribute HTMLCollection embeds;
  [SameObject, GetterThrows] readonly attribute HTMLCollection plugins;
  [SameObject, GetterThrows] readonly attribute HTMLCollection links;
  [SameObject, GetterThrows] readonly attribute HTMLCollection forms;
  [SameObject, GetterThrows] readonly attribute HTMLCollection scripts;
  [SameObject, GetterThrows] readonly attribute HTMLCollection anchors;
  NodeList getElementsByName(DOMString elementName);
  readonly attribute HTMLScriptElement? currentScript;

  // dynamic markup insertion: refused
  [CEReactions] Document open(optional DOMString unused1, optional DOMString unused2);
  [CEReactions] undefined close();
  [CEReactions] undefined write(DOMString... text);
  [CEReactions] undefined writeln(DOMString... text);

  // user interaction
  readonly attribute WindowProxy? defaultView;
  boolean hasFocus();
  readonly attribute boolean hidden;
  readonly attribute DocumentVisibilityState visibilityState;

  [LegacyLenientThis] attribute EventHandler onreadystatechange;
};
