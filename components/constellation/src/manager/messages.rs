/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What content processes say, checked against what is known of them, as inputs of the pure cores.

use sordino_traits::messages::{AudioSessionMessage, ContentMessage};
use sordino_traits::validate::{self, Violation};
use sordino_traits::{DocumentId, MediaImage, SessionId, Timestamp};

use super::content::Incoming;
use super::core::Core;
use super::liveness::Owed;
use super::open_document::OpenDocument;
use super::{ContentEnd, ContentId, ManagerEvent};
use crate::arbiter::Hold;
use crate::{arbiter, router};

impl Core {
    pub(super) fn handle_incoming(&mut self, Incoming { from, message }: Incoming) {
        self.settle(Timestamp::now());
        // A process that was ended may have messages on the way.
        let Some(content) = self.contents.get_mut(&from) else { return };
        content.is_heard = true;
        let result = match message {
            Ok(message) => self.handle_message(from, message, Timestamp::now()),
            Err(reason) => Err(reason),
        };
        self.end_on_error(from, result);
    }

    fn handle_message(
        &mut self,
        from: ContentId,
        message: ContentMessage,
        now: Timestamp,
    ) -> Result<(), ContentEnd> {
        match message {
            ContentMessage::DocumentOpened { document, frame: _, url, may_use_media_session } => {
                self.open_document(from, document, url, may_use_media_session, now)?;
            }
            ContentMessage::DocumentTitle { document, title } => {
                self.check_owner(from, document)?;
                self.drive_for(from, router::Input::Titled { document, title }, now);
            }
            ContentMessage::DocumentIcon { document, icon } => {
                self.check_images(from, document, icon.as_slice())?;
                self.drive_for(from, router::Input::Icon { document, icon }, now);
            }
            ContentMessage::DocumentClosed { document } => {
                self.check_owner(from, document)?;
                self.close_document(document, now);
            }
            ContentMessage::EntryOpened { session } => self.open_entry(from, session, now)?,
            ContentMessage::EntryClosed { session } => {
                self.check_session(from, session)?;
                self.close_entry(session, now);
            }
            ContentMessage::AudioSession { session, message } => {
                self.check_session(from, session)?;
                self.drive(arbiter_input(session, message), now);
            }
            ContentMessage::MediaSession { document, update } => {
                let metadata = update.metadata.iter().flatten();
                self.check_images(from, document, metadata.flat_map(|it| it.images()))?;
                self.drive_for(from, router::Input::Updated { document, update }, now);
            }
            ContentMessage::ActionDone { document, action, outcome } => {
                self.check_owner(from, document)?;
                // That of nobody's action is no news.
                if !self.liveness.answered(Owed { number: from, document, action }) {
                    return Ok(());
                }
                let open = self.documents.get(&document);
                if open.is_some_and(|open| open.done_without_it == Some(action)) {
                    self.hold_hung(document, None, now);
                }
                let tab = self.contents[&from].tab;
                self.emit(ManagerEvent::ActionDone { tab, document, action, outcome });
            }
            ContentMessage::StreamsSilenced(silenced) => {
                if let Some(content) = self.contents.get_mut(&from) {
                    content.is_silenced = silenced;
                    let tab = content.tab;
                    self.consider_streams(tab, now);
                }
            }
            // That it says anything is noted already.
            ContentMessage::Alive => {}
        }
        Ok(())
    }

    fn open_document(
        &mut self,
        from: ContentId,
        document: DocumentId,
        url: String,
        is_allowed: bool,
        now: Timestamp,
    ) -> Result<(), ContentEnd> {
        if self.documents.contains_key(&document) {
            return Err(Violation::DocumentTwice(document).into());
        }
        let Some(content) = self.contents.get_mut(&from) else { return Ok(()) };
        let found = content.documents.len() + 1;
        if found > validate::MAX_DOCUMENTS {
            let limit = validate::MAX_DOCUMENTS;
            return Err(Violation::TooMany { what: "documents", found, limit }.into());
        }
        let open = OpenDocument::new(document, from, &url);
        if open.artwork_rule.allows_files() && !content.files.allows(&url) {
            return Err(Violation::ForeignFile { what: "a document" }.into());
        }
        content.documents.insert(document);
        let (tab, is_private) = (content.tab, content.is_private);
        self.documents.insert(document, open);
        self.drive(arbiter::Input::Joined { session: document.into(), tab }, now);
        let opened = router::Input::Opened { document, tab, url, is_private, is_allowed };
        self.drive_for(from, opened, now);
        Ok(())
    }

    fn open_entry(
        &mut self,
        from: ContentId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(), ContentEnd> {
        self.check_owner(from, session.document)?;
        let Some(open) = self.documents.get_mut(&session.document) else { return Ok(()) };
        if open.has(session) {
            return Err(Violation::EntryTwice(session).into());
        }
        let (found, limit) = (open.entries() + 1, validate::MAX_ENTRIES);
        if found > limit {
            return Err(Violation::TooMany { what: "entries", found, limit }.into());
        }
        open.add(session);
        let is_hung = open.done_without_it.is_some();
        let tab = self.contents[&from].tab;
        self.drive(arbiter::Input::Joined { session, tab }, now);
        if is_hung {
            self.drive(arbiter::Input::SetHold { session, hold: Hold::Hang, held: true }, now);
        }
        Ok(())
    }

    /// Lets something happen to a document of that process, of which nothing is told if it is
    /// private.
    fn drive_for(&mut self, from: ContentId, input: router::Input, now: Timestamp) {
        let is_private = self.contents.get(&from).is_some_and(|content| content.is_private);
        self.drive(if is_private { input.without_private_data() } else { input }, now);
    }

    fn check_owner(&self, from: ContentId, document: DocumentId) -> Result<(), ContentEnd> {
        if self.documents.get(&document).is_some_and(|it| it.content == from) {
            Ok(())
        } else {
            Err(Violation::UnknownDocument(document).into())
        }
    }

    fn check_session(&self, from: ContentId, session: SessionId) -> Result<(), ContentEnd> {
        self.check_owner(from, session.document)?;
        match self.documents[&session.document].has(session) {
            true => Ok(()),
            false => Err(Violation::UnknownSession(session).into()),
        }
    }

    fn check_images<'a>(
        &self,
        from: ContentId,
        document: DocumentId,
        images: impl IntoIterator<Item = &'a MediaImage>,
    ) -> Result<(), ContentEnd> {
        self.check_owner(from, document)?;
        let rule = &self.documents[&document].artwork_rule;
        match images.into_iter().all(|image| rule.allows(&image.src)) {
            true => Ok(()),
            false => Err(Violation::ForeignFile { what: "artwork" }.into()),
        }
    }
}

fn arbiter_input(session: SessionId, message: AudioSessionMessage) -> arbiter::Input {
    match message {
        AudioSessionMessage::TryActivate { request, types, by_user } => {
            arbiter::Input::Request { session, request, types, by_user }
        }
        AudioSessionMessage::Inactivate { request } => arbiter::Input::Abandon { session, request },
        AudioSessionMessage::TypesChanged { types } => {
            arbiter::Input::TypesChanged { session, types }
        }
    }
}
