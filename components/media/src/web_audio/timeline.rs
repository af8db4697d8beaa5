/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [automation events](https://webaudio.github.io/web-audio-api/#dfn-automation-event) of a parameter,
//! and its intrinsic value at every time. Pure. Times are seconds of the context.

use std::collections::VecDeque;
use std::sync::Arc;

/// What script does to a parameter's timeline. Times are not negative and finite, but that of a
/// cancellation, which may be infinite.
#[derive(Clone, Debug, PartialEq)]
pub enum Automation {
    /// `setValueAtTime()`, and the setter of `value`.
    SetValue {
        /// The value from then on.
        value: f32,
        /// When.
        time: f64,
    },
    /// `linearRampToValueAtTime()`.
    LinearRamp {
        /// The value at the end.
        value: f32,
        /// When it ends.
        end: f64,
    },
    /// `exponentialRampToValueAtTime()`.
    ExponentialRamp {
        /// The value at the end, which is not 0.
        value: f32,
        /// When it ends.
        end: f64,
    },
    /// `setTargetAtTime()`.
    SetTarget {
        /// What is approached.
        target: f32,
        /// From when on.
        start: f64,
        /// In seconds, not negative.
        time_constant: f32,
    },
    /// `setValueCurveAtTime()`.
    SetValueCurve {
        /// At least two.
        values: Arc<[f32]>,
        /// When it starts.
        start: f64,
        /// In seconds, above 0.
        duration: f64,
    },
    /// `cancelScheduledValues()`.
    CancelScheduledValues {
        /// From when on.
        time: f64,
    },
    /// `cancelAndHoldAtTime()`.
    CancelAndHold {
        /// When.
        time: f64,
    },
}

/// A value curve, of which only a part may be played.
#[derive(Clone, Debug)]
struct Curve {
    values: Arc<[f32]>,
    start: f64,
    duration: f64,
    /// When it ends, or is held.
    until: f64,
}

impl Curve {
    fn value_at(&self, time: f64) -> f32 {
        let last = self.values.len() - 1;
        let position = last as f64 / self.duration * (time.min(self.until) - self.start);
        let position = position.clamp(0.0, last as f64);
        let index = (position as usize).min(last);
        let Some(next) = self.values.get(index + 1) else { return self.values[index] };
        let part = (position - index as f64) as f32;
        self.values[index] + (next - self.values[index]) * part
    }
}

#[derive(Clone, Debug)]
enum Event {
    SetValue { value: f32, time: f64 },
    Ramp { value: f32, end: f64, is_exponential: bool },
    SetTarget { target: f32, start: f64, time_constant: f32 },
    Curve(Curve),
}

impl Event {
    /// The [automation event time](https://webaudio.github.io/web-audio-api/#automation-event-time).
    fn time(&self) -> f64 {
        match self {
            Self::SetValue { time, .. } => *time,
            Self::Ramp { end, .. } => *end,
            Self::SetTarget { start, .. } => *start,
            Self::Curve(curve) => curve.start,
        }
    }

    fn is_ramp(&self) -> bool {
        matches!(self, Self::Ramp { .. })
    }
}

/// What the last event that has begun does.
#[derive(Clone, Debug)]
enum Shape {
    Hold,
    Target { target: f32, time_constant: f32 },
    Curve(Curve),
}

/// From where on the last event that has begun acts.
#[derive(Clone, Debug)]
struct Anchor {
    time: f64,
    value: f32,
    shape: Shape,
}

impl Anchor {
    fn hold(time: f64, value: f32) -> Self {
        Self { time, value, shape: Shape::Hold }
    }

    /// Its value at a time, were there no other event.
    fn value_at(&self, time: f64) -> f32 {
        match &self.shape {
            Shape::Hold => self.value,
            Shape::Target { target, time_constant } => {
                let (elapsed, constant) = (time - self.time, f64::from(*time_constant));
                let rest = if constant > 0.0 { (-elapsed / constant).exp() as f32 } else { 0.0 };
                target + (self.value - target) * rest
            }
            Shape::Curve(curve) => curve.value_at(time),
        }
    }

    /// When and at which value a ramp begins that follows it.
    fn end(&self) -> (f64, f32) {
        match &self.shape {
            Shape::Curve(curve) => (curve.until, curve.value_at(curve.until)),
            _ => (self.time, self.value),
        }
    }
}

/// So close to its target, a value has arrived.
const ARRIVED: f32 = 1e-6;

/// The timeline of a parameter.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    anchor: Anchor,
    /// Whether there has been an event.
    has_begun: bool,
    /// Those that have not begun, and a ramp that has.
    events: VecDeque<Event>,
}

impl Timeline {
    pub(crate) fn new(value: f32) -> Self {
        Self { anchor: Anchor::hold(0.0, value), has_begun: false, events: VecDeque::new() }
    }

    /// Whether its value does not change by itself.
    pub(crate) fn constant(&self) -> Option<f32> {
        let rests = self.events.is_empty() && matches!(self.anchor.shape, Shape::Hold);
        rests.then_some(self.anchor.value)
    }

    /// Adds or removes events. What is to happen before `now` happens now.
    pub(crate) fn apply(&mut self, automation: Automation, now: f64) {
        match automation {
            Automation::SetValue { value, time } => {
                self.insert(Event::SetValue { value, time: time.max(now) });
            }
            Automation::LinearRamp { value, end } => {
                self.insert_ramp(
                    Event::Ramp { value, end: end.max(now), is_exponential: false },
                    now,
                );
            }
            Automation::ExponentialRamp { value, end } => {
                self.insert_ramp(
                    Event::Ramp { value, end: end.max(now), is_exponential: true },
                    now,
                );
            }
            Automation::SetTarget { target, start, time_constant } => {
                self.insert(Event::SetTarget { target, start: start.max(now), time_constant });
            }
            Automation::SetValueCurve { values, start, duration } => {
                let start = start.max(now);
                self.insert(Event::Curve(Curve {
                    values,
                    start,
                    duration,
                    until: start + duration,
                }));
            }
            Automation::CancelScheduledValues { time } => self.cancel(time.max(now)),
            Automation::CancelAndHold { time } => self.cancel_and_hold(time.max(now)),
        }
    }

    fn insert(&mut self, event: Event) {
        let place = self.events.partition_point(|other| other.time() <= event.time());
        self.events.insert(place, event);
    }

    /// Without an event before it, a ramp starts from where the value is now.
    fn insert_ramp(&mut self, ramp: Event, now: f64) {
        if !self.has_begun && self.events.is_empty() {
            self.anchor = Anchor::hold(now, self.anchor.value);
            self.has_begun = true;
        }
        self.insert(ramp);
    }

    /// [cancelScheduledValues()](https://webaudio.github.io/web-audio-api/#dom-audioparam-cancelscheduledvalues).
    fn cancel(&mut self, time: f64) {
        let covers = |curve: &Curve| curve.start <= time && time <= curve.start + curve.duration;
        self.events.retain(|event| {
            event.time() < time && !matches!(event, Event::Curve(curve) if covers(curve))
        });
        if matches!(&self.anchor.shape, Shape::Curve(curve) if covers(curve)) {
            self.anchor.shape = Shape::Hold;
        }
    }

    /// [cancelAndHoldAtTime()](https://webaudio.github.io/web-audio-api/#dom-audioparam-cancelandholdattime).
    fn cancel_and_hold(&mut self, time: f64) {
        let held = self.clone().value_at(time);
        let next = self.events.partition_point(|event| event.time() <= time);
        if let Some(Event::Ramp { value, end, .. }) = self.events.get_mut(next) {
            (*value, *end) = (held, time);
            self.events.truncate(next + 1);
            return;
        }
        self.events.truncate(next);
        let hold = |curve: &mut Curve| curve.until = curve.until.min(time);
        let is_target = match self.events.back_mut() {
            Some(Event::Curve(curve)) => {
                hold(curve);
                false
            }
            Some(event) => matches!(event, Event::SetTarget { .. }),
            None => match &mut self.anchor.shape {
                Shape::Curve(curve) => {
                    hold(curve);
                    false
                }
                shape => matches!(shape, Shape::Target { .. }),
            },
        };
        if is_target {
            self.events.push_back(Event::SetValue { value: held, time });
        }
    }

    fn begin(&mut self, time: f64, value: f32, shape: Shape) {
        self.events.pop_front();
        self.anchor = Anchor { time, value, shape };
        self.has_begun = true;
    }

    /// The value at a time, which is not before that of the last call.
    pub(crate) fn value_at(&mut self, time: f64) -> f32 {
        while let Some(event) = self.events.front() {
            match event {
                Event::Ramp { value, end, is_exponential } => {
                    // A ramp that follows an approach that is under way goes on from where that is.
                    if matches!(self.anchor.shape, Shape::Target { .. }) {
                        let from = time.min(*end);
                        self.anchor = Anchor::hold(from, self.anchor.value_at(from));
                    }
                    if time < *end {
                        let (start, first) = self.anchor.end();
                        if time < start {
                            break;
                        }
                        let part = (time - start) / (*end - start);
                        return ramp(first, *value, part, *is_exponential);
                    }
                    let (end, value) = (*end, *value);
                    self.begin(end, value, Shape::Hold);
                }
                event if event.time() > time => break,
                Event::SetValue { value, time } => {
                    let (time, value) = (*time, *value);
                    self.begin(time, value, Shape::Hold);
                }
                Event::SetTarget { target, start, time_constant } => {
                    let (target, start, time_constant) = (*target, *start, *time_constant);
                    let value = self.anchor.value_at(start);
                    // A ramp that follows replaces it.
                    let shape = match self.events.get(1).is_some_and(Event::is_ramp) {
                        true => Shape::Hold,
                        false => Shape::Target { target, time_constant },
                    };
                    self.begin(start, value, shape);
                }
                Event::Curve(curve) => {
                    let curve = curve.clone();
                    let value = self.anchor.value_at(curve.start);
                    self.begin(curve.start, value, Shape::Curve(curve));
                }
            }
        }
        let value = self.anchor.value_at(time);
        let has_arrived = match &self.anchor.shape {
            Shape::Hold => false,
            Shape::Curve(curve) => time >= curve.until,
            Shape::Target { target, .. } => {
                (value - target).abs() <= ARRIVED * target.abs().max(1e-3)
            }
        };
        if has_arrived {
            let (end, last) = match &self.anchor.shape {
                Shape::Target { target, .. } => (time, *target),
                _ => self.anchor.end(),
            };
            self.anchor = Anchor::hold(end, last);
        }
        value
    }
}

/// The value of a ramp when that part of it, in 0..1, is over.
fn ramp(first: f32, last: f32, part: f64, is_exponential: bool) -> f32 {
    if !is_exponential {
        return first + (last - first) * part as f32;
    }
    if first == 0.0 || (first < 0.0) != (last < 0.0) {
        return first;
    }
    (f64::from(first) * (f64::from(last) / f64::from(first)).powf(part)) as f32
}

#[cfg(test)]
mod tests;
