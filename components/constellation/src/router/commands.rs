/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Where a command of the user goes.

use sordino_traits::controls::ControlsCommand;
use sordino_traits::{ActionDetails, DocumentId, MediaSessionAction, TabId, Timestamp};

use super::Router;
use super::document::Document;
use super::input::{Delivery, NotRouted, Output, Target};

impl Router {
    pub(super) fn obey(
        &self,
        target: Target,
        command: ControlsCommand,
        now: Timestamp,
    ) -> Vec<Output> {
        match self.route(target, &command, now) {
            Ok(outputs) => outputs,
            Err(reason) => vec![Output::NotRouted { command, reason }],
        }
    }

    pub(super) fn pause_all(&self) -> Vec<Output> {
        let all = self.documents.iter();
        let mut sounding: Vec<_> = all.filter(|(_, it)| it.can_be_silenced()).collect();
        sounding.sort_unstable_by_key(|(id, _)| **id);
        let details = ActionDetails::new(MediaSessionAction::Pause);
        sounding.into_iter().map(|(id, document)| ask(*id, document, &details)).collect()
    }

    fn target(&self, target: Target, command: &ControlsCommand) -> Result<DocumentId, NotRouted> {
        match target {
            Target::Active => self.active().ok_or(NotRouted::NoActiveSession),
            Target::Tab(tab) => {
                let handles = |id: DocumentId| match command {
                    ControlsCommand::Action(details) => {
                        self.documents[&id].actions().contains(details.action)
                    }
                    _ => true,
                };
                let active = self.active_in(tab);
                // The one that handles it need not be the one that sounds: a call and its music.
                let by_handler = || self.frames(tab).find(|id| handles(*id)).or(active);
                active
                    .filter(|id| handles(*id))
                    .or_else(by_handler)
                    .or_else(|| self.frames(tab).next())
                    .ok_or(NotRouted::NoSuchSession)
            }
            Target::Document(id) => {
                self.documents.contains_key(&id).then_some(id).ok_or(NotRouted::NoSuchSession)
            }
        }
    }

    fn frames(&self, tab: TabId) -> impl Iterator<Item = DocumentId> {
        self.tabs.get(&tab).into_iter().flatten().copied()
    }

    fn route(
        &self,
        target: Target,
        command: &ControlsCommand,
        now: Timestamp,
    ) -> Result<Vec<Output>, NotRouted> {
        let id = self.target(target, command)?;
        let document = self.documents.get(&id).ok_or(NotRouted::NoSuchSession)?;
        let details = match command {
            ControlsCommand::Action(details) => checked(details)?,
            ControlsCommand::PlayPause => ActionDetails::new(if document.playing {
                MediaSessionAction::Pause
            } else {
                MediaSessionAction::Play
            }),
            ControlsCommand::SeekBy(offset) => seek_by(document, *offset, now)?,
            ControlsCommand::SetPosition { track, position } => {
                if *track != document.track {
                    return Err(NotRouted::StaleTrack);
                }
                let duration = document.position.map(|it| it.state.duration);
                if !duration.is_some_and(|duration| (0.0..=duration).contains(position)) {
                    return Err(NotRouted::OutOfRange);
                }
                ActionDetails::seek_to(*position)
            }
            // It is the embedder's.
            ControlsCommand::Quit => return Err(NotRouted::NoActiveSession),
        };
        let action = details.action;
        let is_for_whole_tab =
            matches!(action, MediaSessionAction::Pause | MediaSessionAction::Stop)
                && !matches!(target, Target::Document(_));
        let is_meant = |frame: DocumentId, it: &Document| {
            let is_asked = frame == id && it.actions().contains(action);
            is_asked || is_for_whole_tab && it.can_be_silenced()
        };
        let others = self.frames(document.tab).filter(|other| *other != id);
        let frames = [id].into_iter().chain(others).map(|frame| (frame, &self.documents[&frame]));
        let meant = frames.filter(|(frame, it)| is_meant(*frame, it));
        let outputs: Vec<_> = meant.map(|(frame, it)| ask(frame, it, &details)).collect();
        if outputs.is_empty() { Err(NotRouted::NotAvailable(action)) } else { Ok(outputs) }
    }
}

/// Asks a document to do something. One that does not handle it is silenced: only pause and stop are
/// meant for documents that do not handle them.
fn ask(id: DocumentId, document: &Document, details: &ActionDetails) -> Output {
    match document.actions().contains(details.action) {
        true => {
            let details = details.clone();
            Output::Deliver(Delivery { tab: document.tab, document: id, details })
        }
        false => Output::Silence(id),
    }
}

/// The details that an action needs are there, and are times.
fn checked(details: &ActionDetails) -> Result<ActionDetails, NotRouted> {
    let is_time = |time: f64| time.is_finite() && time >= 0.0;
    let is_missing = details.action == MediaSessionAction::SeekTo && details.seek_time.is_none();
    match is_missing || ![details.seek_time, details.seek_offset].into_iter().flatten().all(is_time)
    {
        true => Err(NotRouted::BadDetails(details.action)),
        false => Ok(details.clone()),
    }
}

/// A relative seek: by the handler of the direction, else by `seekto`; the page's handlers come
/// before the default ones. Beyond the end it is a step to the next piece, where there is one.
fn seek_by(document: &Document, offset: f64, now: Timestamp) -> Result<ActionDetails, NotRouted> {
    let relative = checked(&ActionDetails::seek_by(offset))?;
    let target = document.position.map(|stamped| {
        let target = stamped.position_at(now, document.playing) + offset;
        (target, stamped.state.duration)
    });
    if let Some((target, duration)) = target
        && target > duration
        && document.actions().contains(MediaSessionAction::NextTrack)
    {
        return Ok(ActionDetails::new(MediaSessionAction::NextTrack));
    }
    for handlers in [document.handlers, document.default_handlers] {
        if handlers.contains(relative.action) {
            return Ok(relative);
        }
        if handlers.contains(MediaSessionAction::SeekTo)
            && let Some((target, duration)) = target
        {
            return Ok(ActionDetails::seek_to(target.clamp(0.0, duration)));
        }
    }
    Err(NotRouted::NotAvailable(relative.action))
}
