/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! The thread *Captures*.

use std::collections::HashMap;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use sordino_traits::{DocumentId, ElementId};

use super::devices::{Devices, TEST, Watch};
use super::outlet::Outlet;
use super::source::Source;
use super::{InputDevice, InputKind, Shared, SourceEvent, VideoMode};
use crate::lock::lock;
use crate::player::session_of;
use crate::session::{CaptureConstraints, CaptureError, CaptureEvent, Sessions};
use crate::{Media, MediaEvent};

/// What the thread is asked for.
pub(super) enum Request {
    List,
    Watch,
    UseTestDevices,
    Open {
        document: DocumentId,
        source: ElementId,
        kind: InputKind,
        device: String,
        mode: Option<VideoMode>,
    },
    Close(ElementId),
    /// A consumer is gone.
    Stop(Box<Outlet>),
    /// Devices have come or gone.
    Changed,
    /// A camera is gone.
    Lost(ElementId),
    Shutdown,
}

/// Answers when there is nobody who could do it.
pub(super) fn refuse(request: &Request, report: impl Fn(MediaEvent)) {
    match *request {
        Request::List => report(MediaEvent::Devices(Vec::new())),
        Request::Open { source, .. } => {
            let error = SourceEvent::Failed(CaptureError::NotFound);
            report(MediaEvent::Source { source, event: error });
        }
        _ => {}
    }
}

pub(super) struct CaptureThread {
    media: Media,
    shared: Arc<Shared>,
    requests: Sender<Request>,
    /// `None` until it is needed.
    sessions: Option<Sessions>,
    devices: Devices,
    has_test_devices: bool,
    watch: Option<Watch>,
    sources: HashMap<ElementId, Source>,
}

impl CaptureThread {
    pub(super) fn new(media: Media, shared: Arc<Shared>, requests: Sender<Request>) -> Self {
        Self {
            media,
            shared,
            requests,
            sessions: None,
            devices: Devices::default(),
            has_test_devices: false,
            watch: None,
            sources: HashMap::new(),
        }
    }

    /// What is returned is closed when the thread has ended.
    pub(super) fn spawn(self, inbox: Receiver<Request>) -> std::io::Result<Receiver<()>> {
        let (running, ended) = bounded(0);
        std::thread::Builder::new().name("Captures".into()).spawn(move || {
            let _running = running;
            self.run(&inbox);
        })?;
        Ok(ended)
    }

    fn run(mut self, inbox: &Receiver<Request>) {
        // GStreamer is set up on the media thread. Without it there is nothing to capture.
        self.sessions = self.media.commands.sessions();
        while let Ok(request) = inbox.recv() {
            if matches!(request, Request::Shutdown) {
                break;
            }
            match self.sessions.clone() {
                Some(sessions) => self.handle(request, &sessions),
                None => refuse(&request, |event| self.media.report(event)),
            }
        }
        self.watch = None;
        for (id, source) in std::mem::take(&mut self.sources) {
            lock(&self.shared.sources).remove(&id);
            source.close();
        }
    }

    fn handle(&mut self, request: Request, sessions: &Sessions) {
        match request {
            Request::List => {
                self.watch_anew();
                self.list(sessions);
                self.report_devices();
            }
            Request::Watch => {
                if self.watch.is_none() && !self.has_test_devices {
                    self.watch = Some(self.new_watch());
                    self.list(sessions);
                }
            }
            Request::UseTestDevices => self.has_test_devices = true,
            Request::Changed => {
                let before = self.devices.all.clone();
                self.list(sessions);
                if self.devices.all != before {
                    self.report_devices();
                }
            }
            Request::Open { document, source, kind, device, mode } => {
                let event = match self.open(sessions, document, source, kind, &device, mode) {
                    Ok(opened) => {
                        lock(&self.shared.sources).insert(source, opened.live());
                        self.sources.insert(source, opened);
                        SourceEvent::Opened
                    }
                    Err(error) => SourceEvent::Failed(error),
                };
                self.report(source, event);
            }
            Request::Close(id) => {
                lock(&self.shared.sources).remove(&id);
                if let Some(source) = self.sources.remove(&id) {
                    source.close();
                }
            }
            Request::Stop(outlet) => outlet.stop(),
            Request::Lost(source) => {
                if self.sources.contains_key(&source) {
                    self.report(source, SourceEvent::Ended);
                }
            }
            Request::Shutdown => {}
        }
    }

    fn report(&self, source: ElementId, event: SourceEvent) {
        self.media.report(MediaEvent::Source { source, event });
    }

    fn report_devices(&self) {
        self.media.report(MediaEvent::Devices(self.devices.all.clone()));
    }

    fn list(&mut self, sessions: &Sessions) {
        self.devices = match self.has_test_devices {
            true => Devices::for_tests(),
            false => Devices::list(sessions),
        };
    }

    fn new_watch(&self) -> Watch {
        let requests = self.requests.clone();
        Watch::start(move || {
            // The thread has ended when it fails.
            let _ = requests.send(Request::Changed);
        })
    }

    /// The sound server may be another since.
    fn watch_anew(&mut self) {
        if self.watch.is_some() {
            self.watch = Some(self.new_watch());
        }
    }

    fn known(&self, kind: InputKind, id: &str) -> Option<&InputDevice> {
        self.devices.all.iter().find(|device| device.kind == kind && device.id == id)
    }

    fn open(
        &mut self,
        sessions: &Sessions,
        document: DocumentId,
        source: ElementId,
        kind: InputKind,
        id: &str,
        mode: Option<VideoMode>,
    ) -> Result<Source, CaptureError> {
        if self.known(kind, id).is_none() {
            self.list(sessions);
        }
        let device = self.known(kind, id).ok_or(CaptureError::NotFound)?;
        match kind {
            InputKind::Microphone => {
                let constraints = CaptureConstraints { device_id: Some(id.to_owned()) };
                let (media, requests) = (self.media.clone(), self.requests.clone());
                let observer = move |event| {
                    let event = match event {
                        CaptureEvent::Ended => {
                            // The thread has ended when it fails.
                            let _ = requests.send(Request::Changed);
                            SourceEvent::Ended
                        }
                        CaptureEvent::VoiceActivity => SourceEvent::VoiceActivity,
                    };
                    media.report(MediaEvent::Source { source, event });
                };
                let session = session_of(document.into());
                let capture = match id.starts_with(TEST) && self.has_test_devices {
                    true => sessions.create_test_capture(session, observer)?,
                    false => sessions.create_capture(session, &constraints, observer)?,
                };
                Source::of_microphone(capture)
            }
            InputKind::Camera => {
                let mode = mode.or_else(|| device.modes.first().copied());
                let mode = mode.ok_or(CaptureError::NotFound)?;
                let requests = self.requests.clone();
                Source::of_camera(self.devices.cameras.get(id), mode, move || {
                    // As above.
                    let _ = requests.send(Request::Lost(source));
                })
            }
        }
    }
}
