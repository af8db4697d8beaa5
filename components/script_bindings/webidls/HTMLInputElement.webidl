/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* The parts of https://html.spec.whatwg.org/multipage/input.html#htmlinputelement that exist: those of
 * checkboxes and radio buttons. */

[Exposed=Window]
interface HTMLInputElement : HTMLElement {
  attribute boolean defaultChecked;
  attribute boolean checked;
  attribute boolean disabled;
  attribute boolean indeterminate;
  attribute DOMString name;
  attribute DOMString type;
};

/* The parts of https://html.spec.whatwg.org/multipage/forms.html#htmllabelelement that exist. */
[Exposed=Window]
interface HTMLLabelElement : HTMLElement {
  attribute DOMString htmlFor;
  readonly attribute HTMLElement? control;
};
