/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The audio contexts of a content process, as the media thread has them.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::Sender;
use sordino_traits::{DocumentId, ElementId};

use crate::player::session_of;
use crate::session::{Gate, Sessions, Silent};
use crate::thread::Message;
use crate::web_audio::{AudioContextEvent, Control, Decoder, Job, Renderer, Setup};
use crate::{CommandTarget, Commands, MediaEvent};

/// The rendering threads, and the one that decodes.
pub(crate) struct Contexts {
    commands: CommandTarget,
    messages: Sender<Message>,
    threads: Vec<(Sender<Control>, JoinHandle<()>)>,
    decoder: Option<Decoder>,
}

impl Contexts {
    pub(crate) fn new(commands: CommandTarget, messages: Sender<Message>) -> Self {
        Self { commands, messages, threads: Vec::new(), decoder: None }
    }

    /// `None` without GStreamer.
    fn sessions(&self) -> Option<Sessions> {
        match &*self.commands.commands() {
            Commands::Obeyed(sessions) => Some(sessions.clone()),
            Commands::Early(_) | Commands::Pointless => None,
        }
    }

    /// Starts the rendering thread of a context. Where it cannot run, it is closed.
    pub(crate) fn render(&mut self, document: DocumentId, id: ElementId, setup: Setup) {
        self.threads.retain(|(_, thread)| !thread.is_finished());
        let messages = self.messages.clone();
        let tell = move |event| {
            // The media thread has ended when the process ends.
            let _ = messages.send(Message::Report(MediaEvent::AudioContext { context: id, event }));
        };
        let Some(sessions) = self.sessions() else { return tell(AudioContextEvent::Closed) };
        let core = sessions.new_context(session_of(document.into()));
        let gate = Gate::new(core, setup.rate as u32, Silent::GoesOn);
        let controls = setup.wake.clone();
        let (ended, failed) = (tell.clone(), tell.clone());
        let thread = std::thread::Builder::new().name("AudioRenderer".into()).spawn(move || {
            let render = AssertUnwindSafe(|| Renderer::new(setup, gate, tell).run());
            if std::panic::catch_unwind(render).is_err() {
                log::error!("an audio context has panicked, and is closed");
                ended(AudioContextEvent::Closed);
            }
        });
        match thread {
            Ok(thread) => self.threads.push((controls, thread)),
            Err(error) => {
                log::error!("an audio context has no thread: {error}");
                failed(AudioContextEvent::Closed);
            }
        }
    }

    pub(crate) fn decode(&mut self, job: Job) {
        let (number, messages) = (job.number, self.messages.clone());
        let tell = move |number, result: Result<_, String>| {
            let event = MediaEvent::Decoded { number, result: result.map(Arc::new) };
            // As above.
            let _ = messages.send(Message::Report(event));
        };
        if self.sessions().is_none() {
            tell(number, Err("GStreamer is not available".to_owned()));
            return;
        }
        if self.decoder.is_none() {
            match Decoder::start(tell.clone()) {
                Ok(decoder) => self.decoder = Some(decoder),
                Err(error) => tell(number, Err(error.to_string())),
            }
        }
        if let Some(decoder) = &self.decoder {
            decoder.decode(job);
        }
    }
}

impl Drop for Contexts {
    /// The process is about to exit, which GStreamer's threads do not survive.
    fn drop(&mut self) {
        for (controls, _) in &self.threads {
            // It has ended by itself when this fails.
            let _ = controls.send(Control::Close);
        }
        for (_, thread) in self.threads.drain(..) {
            // What has panicked has said so.
            let _ = thread.join();
        }
    }
}
