/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Browsing contexts as script sees them: their window proxies, and what pages of other origins may do
//! through these.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use sordino_script_bindings::{
    Call, CrossOriginAccess, CrossOriginFunction, CrossOriginObject, CrossOriginProperty, Fallible,
    JsValue, Realm, ToJs, WindowContext, WindowProxy, convert,
};
use url::Origin;

use crate::bindings::WindowPostMessageOptions;
use crate::browsing_context::{BrowsingContext, Target};
use crate::dom::parse_for_entry;
use crate::messaging::post_message;
use crate::page::Page;

/// The proxies of one browsing context: one for each origin of those who look at it.
#[derive(Default)]
pub(crate) struct WindowProxies {
    by_viewer: RefCell<Vec<(Origin, WindowProxy)>>,
}

impl WindowProxies {
    /// All proxies show this page from now on, or hide it.
    pub(crate) fn show(&self, page: &Page, realm: &Realm) -> Fallible<()> {
        let proxies = self.by_viewer.borrow().clone();
        proxies.iter().try_for_each(|(viewer, proxy)| point(proxy, viewer, page, realm))
    }

    /// Lets go of them; script may still hold some.
    pub(crate) fn clear(&self) {
        let proxies = std::mem::take(&mut *self.by_viewer.borrow_mut());
        drop(proxies);
    }
}

fn point(proxy: &WindowProxy, viewer: &Origin, page: &Page, realm: &Realm) -> Fallible<()> {
    if page.origin() == viewer {
        proxy.set_same_origin(&page.realm())
    } else {
        proxy.set_cross_origin(realm)
    }
}

impl BrowsingContext {
    /// The [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object)
    /// of this context for pages of that origin. The realm lends memory.
    pub(crate) fn proxy_for(
        self: &Rc<Self>,
        viewer: &Origin,
        realm: &Realm,
    ) -> Fallible<WindowProxy> {
        let proxies = &self.proxies().by_viewer;
        let known = proxies.borrow().iter().find(|(of, _)| of == viewer).map(|(_, it)| it.clone());
        if let Some(known) = known {
            return Ok(known);
        }
        let view = View { context: Rc::downgrade(self), viewer: viewer.clone() };
        let proxy = WindowProxy::new(realm, Rc::new(view))?;
        if let Some(page) = self.page() {
            point(&proxy, viewer, &page, realm)?;
        }
        proxies.borrow_mut().push((viewer.clone(), proxy.clone()));
        Ok(proxy)
    }

    /// The proxy for the page that `realm` is of.
    pub(crate) fn proxy_in(self: &Rc<Self>, realm: &Realm) -> Option<WindowProxy> {
        let page = Page::of(realm);
        match self.proxy_for(page.origin(), realm) {
            Ok(proxy) => Some(proxy),
            Err(error) => {
                log::error!("a window proxy cannot be made: {error}");
                None
            }
        }
    }
}

/// A browsing context as pages of one origin see it. A proxy owns it.
struct View {
    context: Weak<BrowsingContext>,
    viewer: Origin,
}

impl View {
    /// The proxy of another context for the same pages.
    fn proxy_of(&self, context: &Rc<BrowsingContext>) -> Option<WindowProxy> {
        let realm = context.page()?.realm();
        context.proxy_for(&self.viewer, &realm).ok()
    }

    /// A getter of a proxy, or of `null` if there is no such context.
    fn proxy_getter(
        &self,
        find: impl Fn(&Rc<BrowsingContext>) -> Option<Rc<BrowsingContext>> + 'static,
    ) -> CrossOriginProperty {
        let (context, viewer) = (self.context.clone(), self.viewer.clone());
        getter(move |call| {
            let found = context.upgrade().and_then(|context| find(&context));
            match found {
                Some(found) => found.proxy_for(&viewer, call.realm())?.to_js(call.realm()),
                None => Ok(JsValue::null()),
            }
        })
    }
}

/// `postMessage()` of a window of another origin, in both of its forms.
fn post_message_from(call: &Call<'_>, context: &Rc<BrowsingContext>) -> Fallible<JsValue> {
    let realm = call.realm();
    call.require(1)?;
    let objects = |value: &JsValue| convert::sequence(realm, value, convert::object);
    let (target_origin, transfer) = if call.arg(1).is_nullish() || call.arg(1).is_object() {
        let options = WindowPostMessageOptions::from_js(realm, call.arg(1))?;
        (options.target_origin, options.parent.transfer)
    } else {
        let target_origin = convert::usv_string(realm, call.arg(1))?;
        let transfer = call.arg(2);
        let transfer = if transfer.is_undefined() { Vec::new() } else { objects(transfer)? };
        (target_origin, transfer)
    };
    post_message(realm, context, call.arg(0), &target_origin, &transfer)?;
    Ok(JsValue::undefined())
}

fn getter(get: impl Fn(&Call<'_>) -> Fallible<JsValue> + 'static) -> CrossOriginProperty {
    CrossOriginProperty::Attribute { get: Some(Rc::new(get)), set: None }
}

/// [Navigates](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate) a
/// context that is still there to the first argument.
fn navigation(context: Weak<BrowsingContext>) -> CrossOriginFunction {
    Rc::new(move |call| {
        call.require(1)?;
        let url = convert::usv_string(call.realm(), call.arg(0))?;
        let url = parse_for_entry(call.realm(), &url)?;
        if let Some(context) = context.upgrade() {
            context.navigate(Target::Url(url), Some(&Page::of(&call.realm().entry())));
        }
        Ok(JsValue::undefined())
    })
}

/// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginproperties-(-o-)>
const WINDOW_NAMES: [&str; 13] = [
    "window",
    "self",
    "location",
    "close",
    "closed",
    "focus",
    "blur",
    "frames",
    "length",
    "top",
    "opener",
    "parent",
    "postMessage",
];

impl CrossOriginAccess for View {
    fn cross_origin_names(&self) -> &'static [&'static str] {
        &WINDOW_NAMES
    }

    fn cross_origin_property(&self, name: &str) -> Option<CrossOriginProperty> {
        let context = self.context.clone();
        Some(match name {
            "window" | "self" | "frames" => self.proxy_getter(|own| Some(own.clone())),
            "parent" => self.proxy_getter(|own| Some(own.parent().unwrap_or_else(|| own.clone()))),
            "top" => self.proxy_getter(|own| Some(own.top())),
            "opener" => getter(|_| Ok(JsValue::null())),
            "closed" => {
                let is_closed = move || context.upgrade().is_none_or(|own| own.is_discarded());
                getter(move |call| is_closed().to_js(call.realm()))
            }
            "length" => {
                let count =
                    move || context.upgrade().map_or(0, |own| own.document_tree_children().len());
                getter(move |call| u32::try_from(count()).unwrap_or(u32::MAX).to_js(call.realm()))
            }
            "location" => {
                let location = Rc::new(LocationView(context.clone()));
                let get = move |call: &Call<'_>| {
                    CrossOriginObject::new(call.realm(), location.clone())?.to_js(call.realm())
                };
                CrossOriginProperty::Attribute {
                    get: Some(Rc::new(get)),
                    set: Some(navigation(context)),
                }
            }
            "postMessage" => CrossOriginProperty::Operation {
                length: 1,
                call: Rc::new(move |call| {
                    let Some(context) = context.upgrade() else { return Ok(JsValue::undefined()) };
                    post_message_from(call, &context)
                }),
            },
            // Nothing has the focus, and no window was opened by script, so that it could close it.
            "close" | "focus" | "blur" => CrossOriginProperty::Operation {
                length: 0,
                call: Rc::new(|_| Ok(JsValue::undefined())),
            },
            _ => return None,
        })
    }
}

impl WindowContext for View {
    fn child_count(&self) -> u32 {
        let children = self.context.upgrade().map(|context| context.document_tree_children());
        u32::try_from(children.map_or(0, |children| children.len())).unwrap_or(u32::MAX)
    }

    fn child(&self, index: u32) -> Option<WindowProxy> {
        let children = self.context.upgrade()?.document_tree_children();
        self.proxy_of(children.get(usize::try_from(index).ok()?)?)
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#document-tree-child-navigable-target-name-property-set>
    fn named_child(&self, name: &str) -> Option<WindowProxy> {
        let children = self.context.upgrade()?.document_tree_children();
        let named = children.iter().find(|child| !name.is_empty() && child.name() == name)?;
        self.proxy_of(named)
    }
}

/// The `Location` of a window of another origin.
struct LocationView(Weak<BrowsingContext>);

impl CrossOriginAccess for LocationView {
    fn cross_origin_names(&self) -> &'static [&'static str] {
        &["href", "replace"]
    }

    fn cross_origin_property(&self, name: &str) -> Option<CrossOriginProperty> {
        let navigation = navigation(self.0.clone());
        Some(match name {
            "href" => CrossOriginProperty::Attribute { get: None, set: Some(navigation) },
            "replace" => CrossOriginProperty::Operation { length: 1, call: navigation },
            _ => return None,
        })
    }
}
