/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a page does at the end of each turn of the event loop.

use html5ever::local_name;
use sordino_script_bindings::JsValue;
use sordino_traits::artwork::ArtworkRule;
use sordino_traits::embedder::ConsoleLevel;
use sordino_traits::messages::ContentMessage;
use sordino_traits::{MediaImage, validate};

use super::Page;
use crate::dom::{ErrorEvent, dispatch};
use crate::exception::Exception;

impl Page {
    /// Tells the session manager what has changed since it last heard of the page.
    pub(crate) fn tell_manager(&self) {
        self.send_title_and_icon();
        if let Some(update) = self.media_session().flush() {
            let (document, update) = (self.document_id, Box::new(update));
            self.send_content(ContentMessage::MediaSession { document, update });
        }
    }

    fn send_title_and_icon(&self) {
        if !self.tree.take_title_changed(self.document) && !self.url_changed.replace(false) {
            return;
        }
        let document = self.document_id;
        let mut title = self.tree.title(self.document);
        validate::cut_text(&mut title);
        if *self.sent_title.borrow() != title {
            self.sent_title.borrow_mut().clone_from(&title);
            self.send_content(ContentMessage::DocumentTitle { document, title });
        }
        let icon = self.icon();
        if *self.sent_icon.borrow() != icon {
            self.sent_icon.borrow_mut().clone_from(&icon);
            self.send_content(ContentMessage::DocumentIcon { document, icon });
        }
    }

    /// The [icon](https://html.spec.whatwg.org/multipage/links.html#rel-icon) that the page names,
    /// if the session manager may know of it.
    fn icon(&self) -> Option<MediaImage> {
        let link = self.tree.element(self.tree.icon(self.document)?)?;
        let attribute = |name| link.attribute(name).unwrap_or_default().into_owned();
        let icon = MediaImage {
            src: self.resolve_or_keep(&attribute(&local_name!("href"))),
            sizes: attribute(&local_name!("sizes")),
            type_: attribute(&local_name!("type")),
        };
        let mut shown = vec![icon];
        validate::cut_artwork(&mut shown, &ArtworkRule::of_document(self.url.borrow().as_str()));
        shown.pop()
    }

    /// [Reports an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception):
    /// as an `error` event, and if nobody handles that, on the console.
    pub(crate) fn report_exception(&self, value: JsValue) {
        let realm = self.realm();
        let exception = Exception::of(&realm, &value);
        // What the page hears of an exception in a script with muted errors.
        let (shown, error) = match self.loader.scripts.has_muted_errors(&exception.file) {
            true => {
                let message = "Script error.".to_owned();
                (Exception { message, ..Exception::default() }, JsValue::null())
            }
            false => (exception.clone(), value),
        };
        // An exception in the handler of an exception is only logged.
        let handled = !self.reporting.replace(true) && {
            let event = ErrorEvent::new_trusted(&realm, &shown, error);
            let not_canceled = dispatch(&self.window().upcast(), &event.upcast());
            self.reporting.set(false);
            !not_canceled
        };
        if !handled {
            self.log(ConsoleLevel::Error, format!("Uncaught {exception}"));
        }
    }
}
