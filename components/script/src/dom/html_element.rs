/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLElement](https://html.spec.whatwg.org/multipage/dom.html#htmlelement) and elements with
//! little of their own.

use std::cell::Cell;
use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, Fallible, Realm, dom_object};

use super::event_handlers::event_handlers;
use super::{Element, EventTarget, fire_synthetic, form_controls};
use crate::bindings::{
    EventHandlerNonNull, HTMLBodyElementMethods, HTMLElementMethods, HTMLFrameSetElementMethods,
    HTMLUnknownElementMethods, OnBeforeUnloadEventHandlerNonNull, OnErrorEventHandlerNonNull,
};
use crate::tree::NodeRef;

/// An HTML element.
pub(crate) struct HTMLElement {
    element: Element,
    /// The [click in progress flag](https://html.spec.whatwg.org/multipage/interaction.html#click-in-progress-flag).
    click_in_progress: Cell<bool>,
}

dom_object!(HTMLElement: Element, element);

impl HTMLElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { element: Element::new(node), click_in_progress: Cell::new(false) }
    }

    /// Whether it is a form control that is disabled.
    pub(crate) fn is_disabled(&self) -> bool {
        let element = self.upcast::<Element>();
        form_controls::is_disabled(element.page().tree(), element.id())
    }
}

impl HTMLElementMethods for HTMLElement {
    /// <https://html.spec.whatwg.org/multipage/interaction.html#dom-click>
    fn click(&self, _realm: &Realm) -> Fallible<()> {
        if self.is_disabled() || self.click_in_progress.replace(true) {
            return Ok(());
        }
        fire_synthetic(&self.root().upcast(), "click", false);
        self.click_in_progress.set(false);
        Ok(())
    }

    event_handlers! { EventHandlerNonNull:
        onabort set_onabort, onauxclick set_onauxclick, onbeforeinput set_onbeforeinput,
        onbeforematch set_onbeforematch, onbeforetoggle set_onbeforetoggle, onblur set_onblur,
        oncancel set_oncancel, oncanplay set_oncanplay, oncanplaythrough set_oncanplaythrough,
        onchange set_onchange, onclick set_onclick, onclose set_onclose, oncommand set_oncommand,
        oncontextlost set_oncontextlost, oncontextmenu set_oncontextmenu,
        oncontextrestored set_oncontextrestored, oncopy set_oncopy, oncuechange set_oncuechange,
        oncut set_oncut, ondblclick set_ondblclick, ondrag set_ondrag, ondragend set_ondragend,
        ondragenter set_ondragenter, ondragleave set_ondragleave, ondragover set_ondragover,
        ondragstart set_ondragstart, ondrop set_ondrop, ondurationchange set_ondurationchange,
        onemptied set_onemptied, onended set_onended, onfocus set_onfocus,
        onformdata set_onformdata, oninput set_oninput, oninvalid set_oninvalid,
        onkeydown set_onkeydown, onkeypress set_onkeypress, onkeyup set_onkeyup, onload set_onload,
        onloadeddata set_onloadeddata, onloadedmetadata set_onloadedmetadata,
        onloadstart set_onloadstart, onmousedown set_onmousedown, onmouseenter set_onmouseenter,
        onmouseleave set_onmouseleave, onmousemove set_onmousemove, onmouseout set_onmouseout,
        onmouseover set_onmouseover, onmouseup set_onmouseup, onpaste set_onpaste,
        onpause set_onpause, onplay set_onplay, onplaying set_onplaying, onprogress set_onprogress,
        onratechange set_onratechange, onreset set_onreset, onresize set_onresize,
        onscroll set_onscroll, onscrollend set_onscrollend,
        onsecuritypolicyviolation set_onsecuritypolicyviolation, onseeked set_onseeked,
        onseeking set_onseeking, onselect set_onselect, onslotchange set_onslotchange,
        onstalled set_onstalled, onsubmit set_onsubmit, onsuspend set_onsuspend,
        ontimeupdate set_ontimeupdate, ontoggle set_ontoggle, onvolumechange set_onvolumechange,
        onwaiting set_onwaiting, onwebkitanimationend set_onwebkitanimationend,
        onwebkitanimationiteration set_onwebkitanimationiteration,
        onwebkitanimationstart set_onwebkitanimationstart,
        onwebkittransitionend set_onwebkittransitionend, onwheel set_onwheel,
        onpointerover set_onpointerover, onpointerenter set_onpointerenter,
        onpointerdown set_onpointerdown, onpointermove set_onpointermove,
        onpointerup set_onpointerup, onpointercancel set_onpointercancel,
        onpointerout set_onpointerout, onpointerleave set_onpointerleave,
        ongotpointercapture set_ongotpointercapture, onlostpointercapture set_onlostpointercapture,
    }
    event_handlers! { OnErrorEventHandlerNonNull: onerror set_onerror }
}

/// A `body`. Its handlers of a window's events are those of the window.
pub(crate) struct HTMLBodyElement {
    html_element: HTMLElement,
}

dom_object!(HTMLBodyElement: HTMLElement, html_element);

impl HTMLBodyElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { html_element: HTMLElement::new(node) }
    }
}

impl HTMLBodyElementMethods for HTMLBodyElement {
    event_handlers! { EventHandlerNonNull:
        onafterprint set_onafterprint, onbeforeprint set_onbeforeprint,
        onhashchange set_onhashchange, onlanguagechange set_onlanguagechange,
        onmessage set_onmessage, onmessageerror set_onmessageerror, onoffline set_onoffline,
        ononline set_ononline, onpagehide set_onpagehide, onpagereveal set_onpagereveal,
        onpageshow set_onpageshow, onpageswap set_onpageswap, onpopstate set_onpopstate,
        onrejectionhandled set_onrejectionhandled, onstorage set_onstorage,
        onunhandledrejection set_onunhandledrejection, onunload set_onunload,
    }
    event_handlers! { OnBeforeUnloadEventHandlerNonNull: onbeforeunload set_onbeforeunload }
}

/// A `frameset`, as far as it is like a `body`.
pub(crate) struct HTMLFrameSetElement {
    html_element: HTMLElement,
}

dom_object!(HTMLFrameSetElement: HTMLElement, html_element);

impl HTMLFrameSetElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { html_element: HTMLElement::new(node) }
    }
}

impl HTMLFrameSetElementMethods for HTMLFrameSetElement {
    event_handlers! { EventHandlerNonNull:
        onafterprint set_onafterprint, onbeforeprint set_onbeforeprint,
        onhashchange set_onhashchange, onlanguagechange set_onlanguagechange,
        onmessage set_onmessage, onmessageerror set_onmessageerror, onoffline set_onoffline,
        ononline set_ononline, onpagehide set_onpagehide, onpagereveal set_onpagereveal,
        onpageshow set_onpageshow, onpageswap set_onpageswap, onpopstate set_onpopstate,
        onrejectionhandled set_onrejectionhandled, onstorage set_onstorage,
        onunhandledrejection set_onunhandledrejection, onunload set_onunload,
    }
    event_handlers! { OnBeforeUnloadEventHandlerNonNull: onbeforeunload set_onbeforeunload }
}

/// An element that HTML does not know, or of which there is no more here.
pub(crate) struct HTMLUnknownElement {
    html_element: HTMLElement,
}

dom_object!(HTMLUnknownElement: HTMLElement, html_element);

impl HTMLUnknownElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { html_element: HTMLElement::new(node) }
    }
}

impl HTMLUnknownElementMethods for HTMLUnknownElement {}
