/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the player says, and the [ready states](https://html.spec.whatwg.org/multipage/media.html#ready-states)
//! that follow from it.

use std::time::Duration;

use sordino_media::{PlayerEvent, PlayerNumber};
use sordino_traits::Timestamp;

use super::time_ranges::Ranges;
use super::{ErrorCode, HTMLMediaElement, ready};

/// In seconds; what has no duration has no end.
fn seconds(duration: Option<Duration>) -> f64 {
    duration.map_or(f64::INFINITY, |it| it.as_secs_f64())
}

impl HTMLMediaElement {
    /// Something happened to the player. Runs as a task of its own.
    pub(crate) fn handle_player(&self, player: PlayerNumber, event: PlayerEvent) {
        if player != self.player.get() {
            return;
        }
        match event {
            PlayerEvent::Metadata { duration, has_audio, video_size } => {
                self.has_audio.set(has_audio);
                self.video_size.set(video_size);
                let is_stream = self.stream().is_some();
                self.set_duration(if is_stream { f64::INFINITY } else { seconds(duration) });
                // The handler of `durationchange` may have loaded something else.
                if player == self.player.get() && self.ready_state.get() == ready::NOTHING {
                    self.metadata_loaded();
                }
            }
            PlayerEvent::Duration(duration) => self.set_duration(seconds(duration)),
            PlayerEvent::Position(position, at) => {
                let (_, _, advances) = self.clock.get();
                // A stream is at the time since it began to play.
                let is_its_time = self.stream().is_none() && !self.at_end.get();
                if is_its_time && !self.seeking.get() && advances {
                    self.set_clock(position, at, true);
                }
            }
            PlayerEvent::Playing if self.has_begun.get() && !self.seeking.get() => {
                self.has_data_again();
                let now = Timestamp::now();
                self.set_clock(self.position(now), now, self.playback_rate.get() != 0.0);
            }
            PlayerEvent::Buffering => {
                self.stop_clock();
                self.lacks_data();
            }
            PlayerEvent::Paused => {
                self.stop_clock();
                // It was paused while it lacked data, and can go on.
                if !self.has_begun.get() && !self.seeking.get() {
                    self.has_data_again();
                }
            }
            PlayerEvent::Buffered(ranges) => *self.buffered.borrow_mut() = Ranges::of(ranges),
            PlayerEvent::Fetch => self.follow_wish(),
            PlayerEvent::Seeked(position) => self.seeked(position),
            PlayerEvent::Ended => self.reached_end(),
            PlayerEvent::Error(reason) => self.failed(ErrorCode::Decode, reason),
            _ => {}
        }
        if player == self.player.get() {
            self.report();
        }
    }

    /// [Once enough of the media data has been fetched to determine the duration](https://html.spec.whatwg.org/multipage/media.html#getting-media-metadata);
    /// GStreamer has decoded the first data by then.
    fn metadata_loaded(&self) {
        let load = self.load_count.get();
        let media = self.page().media();
        if self.video_size.get().is_some() {
            self.queue_event("resize");
        }
        self.ready_state.set(ready::METADATA);
        self.fire("loadedmetadata");
        if self.load_count.get() != load {
            return;
        }
        if !matches!(self.playback_rate.get(), 0.0 | 1.0) {
            media.set_rate(self.media_id, self.playback_rate.get());
        }
        let start = self.default_start.replace(0.0);
        if start > 0.0 {
            self.seek(start);
        }
        self.ready_state.set(ready::ENOUGH_DATA);
        self.queue_event("loadeddata");
        self.undelay_load_event();
        self.queue_event("canplay");
        self.report();
        self.queue_event("canplaythrough");
        self.autoplay_if_allowed();
    }

    /// Time stands still for want of data: for what is fetched, or for a moment only, until GStreamer has
    /// put what there is into its place.
    fn lacks_data(&self) {
        let was_playing = self.is_potentially_playing();
        if was_playing && !self.seeking.get() && self.is_fetching() {
            self.ready_state.set(ready::CURRENT_DATA);
            self.queue_event("timeupdate");
            self.queue_event("waiting");
        }
    }

    fn has_data_again(&self) {
        if self.ready_state.get() == ready::CURRENT_DATA {
            self.ready_state.set(ready::ENOUGH_DATA);
            self.queue_event("canplay");
            if self.has_begun.get() {
                self.notify_about_playing();
            }
            self.queue_event("canplaythrough");
        }
    }
}
