/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The parts of https://html.spec.whatwg.org/multipage/forms.html#htmlformelement that exist.
[Exposed=Window]
interface HTMLFormElement : HTMLElement {
  [CEReactions] attribute DOMString acceptCharset;
  [CEReactions] attribute USVString action;
  [CEReactions] attribute DOMString autocomplete;
  [CEReactions] attribute DOMString enctype;
  [CEReactions] attribute DOMString method;
  [CEReactions] attribute DOMString name;
  [CEReactions] attribute boolean noValidate;
  [CEReactions] attribute DOMString target;
  [CEReactions] attribute DOMString rel;
};

// https://html.spec.whatwg.org/multipage/forms.html#htmllabelelement
[Exposed=Window]
interface HTMLLabelElement : HTMLElement {
  readonly attribute HTMLFormElement? form;
  [CEReactions] attribute DOMString htmlFor;
  readonly attribute HTMLElement? control;
};

// The parts of https://html.spec.whatwg.org/multipage/input.html#htmlinputelement that exist.
[Exposed=Window]
interface HTMLInputElement : HTMLElement {
  [CEReactions] attribute DOMString accept;
  [CEReactions] attribute DOMString alt;
  [CEReactions] attribute DOMString autocomplete;
  [CEReactions] attribute boolean defaultChecked;
  attribute boolean checked;
  [CEReactions] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  attribute boolean indeterminate;
  [CEReactions] attribute DOMString max;
  [CEReactions] attribute DOMString min;
  [CEReactions] attribute boolean multiple;
  [CEReactions] attribute DOMString name;
  [CEReactions] attribute DOMString pattern;
  [CEReactions] attribute DOMString placeholder;
  [CEReactions] attribute boolean readOnly;
  [CEReactions] attribute boolean required;
  [CEReactions] attribute DOMString step;
  [CEReactions] attribute DOMString type;
  [CEReactions] attribute DOMString defaultValue;
  [CEReactions, SetterThrows] attribute [LegacyNullToEmptyString] DOMString value;
};

// The parts of https://html.spec.whatwg.org/multipage/form-elements.html#htmlbuttonelement that exist.
[Exposed=Window]
interface HTMLButtonElement : HTMLElement {
  [CEReactions] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions] attribute DOMString name;
  [CEReactions] attribute DOMString type;
  [CEReactions] attribute DOMString value;
};

// https://html.spec.whatwg.org/multipage/form-elements.html#htmldatalistelement
[Exposed=Window]
interface HTMLDataListElement : HTMLElement {
  [SameObject, GetterThrows] readonly attribute HTMLCollection options;
};

// The parts of https://html.spec.whatwg.org/multipage/form-elements.html#htmltextareaelement that exist.
[Exposed=Window]
interface HTMLTextAreaElement : HTMLElement {
  [CEReactions] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions] attribute DOMString name;
  [CEReactions] attribute DOMString placeholder;
  [CEReactions] attribute boolean readOnly;
  [CEReactions] attribute boolean required;
  [CEReactions] attribute DOMString wrap;
  readonly attribute DOMString type;
  [CEReactions] attribute DOMString defaultValue;
  attribute [LegacyNullToEmptyString] DOMString value;
  readonly attribute unsigned long textLength;
};

// The parts of https://html.spec.whatwg.org/multipage/form-elements.html#htmlprogresselement that exist.
[Exposed=Window]
interface HTMLProgressElement : HTMLElement {
  [CEReactions] attribute double value;
  [CEReactions] attribute double max;
  readonly attribute double position;
};

// The parts of https://html.spec.whatwg.org/multipage/form-elements.html#htmlmeterelement that exist.
[Exposed=Window]
interface HTMLMeterElement : HTMLElement {
  [CEReactions] attribute double value;
  [CEReactions] attribute double min;
  [CEReactions] attribute double max;
  [CEReactions] attribute double low;
  [CEReactions] attribute double high;
  [CEReactions] attribute double optimum;
};

// The parts of https://html.spec.whatwg.org/multipage/form-elements.html#htmlfieldsetelement that exist.
[Exposed=Window]
interface HTMLFieldSetElement : HTMLElement {
  [CEReactions] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions] attribute DOMString name;
  readonly attribute DOMString type;
  [SameObject, GetterThrows] readonly attribute HTMLCollection elements;
};

// The parts of https://html.spec.whatwg.org/multipage/form-elements.html#htmllegendelement that exist.
[Exposed=Window]
interface HTMLLegendElement : HTMLElement {
};
