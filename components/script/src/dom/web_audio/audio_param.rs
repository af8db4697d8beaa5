/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioParam](https://webaudio.github.io/web-audio-api/#AudioParam).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use sordino_media::web_audio::{
    AudioContext as Rendered, Automation, CurrentValue, NodeId, ParamInit, ParamName,
};
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, Error, Fallible, Realm, Reflector, dom_object,
    impl_trace,
};

use super::{AudioNode, BaseAudioContext, not_negative, refuse};
use crate::bindings::{AudioParamMethods, AutomationRate};

/// The range of a parameter that may have any value.
pub(super) const ANY: (f32, f32) = (f32::MIN, f32::MAX);

/// An event of a timeline, as far as others must not be at its time.
#[derive(Clone, Copy)]
struct Scheduled {
    time: f64,
    /// Of a curve, in seconds.
    duration: Option<f64>,
}

/// What lies ahead of a timeline, as far as it is known here.
#[derive(Default)]
struct Ahead {
    events: Vec<Scheduled>,
    has_curves: bool,
    /// With so many events it is worth the while to forget what is over.
    forget_at: usize,
}

impl Ahead {
    /// The fewest events that are looked through for what is over.
    const FEW: usize = 32;

    fn forget_before(&mut self, now: f64) {
        self.events.retain(|event| event.time + event.duration.unwrap_or(0.0) >= now);
        self.has_curves = self.events.iter().any(|event| event.duration.is_some());
        self.forget_at = (2 * self.events.len()).max(Self::FEW);
    }

    /// Whether an event would be at the time of a curve, or a curve at that of an event.
    fn collides(&self, new: Scheduled) -> bool {
        if !self.has_curves && new.duration.is_none() {
            return false;
        }
        let end = new.time + new.duration.unwrap_or(0.0);
        self.events.iter().any(|event| {
            let is_in_curve =
                event.duration.is_some_and(|it| (event.time..event.time + it).contains(&new.time));
            is_in_curve || (new.time < event.time && event.time < end)
        })
    }
}

/// A parameter of a node, or of the listener.
pub(super) struct Param {
    context: Rendered,
    node: NodeId,
    name: ParamName,
    current: Arc<CurrentValue>,
    default: f32,
    range: (f32, f32),
    is_a_rate: Cell<bool>,
    /// Whether the rate cannot be changed.
    has_fixed_rate: bool,
    ahead: RefCell<Ahead>,
}

impl Param {
    /// The parameter of a node that is made of `init`.
    fn new(context: &Rendered, node: NodeId, init: &ParamInit, has_fixed_rate: bool) -> Rc<Self> {
        Rc::new(Self {
            context: context.clone(),
            node,
            name: init.name,
            current: init.current.clone(),
            default: init.default,
            range: (init.min, init.max),
            is_a_rate: Cell::new(init.is_a_rate),
            has_fixed_rate,
            ahead: RefCell::default(),
        })
    }

    /// [Sets the value](https://webaudio.github.io/web-audio-api/#dom-audioparam-value).
    pub(super) fn set_value(&self, value: f32) -> Fallible<()> {
        self.schedule(0.0, None)?;
        self.context.set_value(self.node, self.name, &self.current, value);
        Ok(())
    }

    /// Notes an event of the timeline, unless it is in the way of a
    /// [value curve](https://webaudio.github.io/web-audio-api/#dom-audioparam-setvaluecurveattime).
    fn schedule(&self, time: f64, duration: Option<f64>) -> Fallible<()> {
        let now = self.context.current_time();
        let new = Scheduled { time: time.max(now), duration };
        let mut ahead = self.ahead.borrow_mut();
        if ahead.events.len() >= ahead.forget_at {
            ahead.forget_before(now);
        }
        if ahead.collides(new) {
            let time = new.time;
            let reason =
                format!("at {time} s, a value curve and another event would be at one time");
            return refuse(DomExceptionName::NotSupportedError, reason);
        }
        ahead.has_curves |= duration.is_some();
        ahead.events.push(new);
        Ok(())
    }

    fn cancel(&self, time: f64, cuts_curves: bool) {
        let mut ahead = self.ahead.borrow_mut();
        for event in &mut ahead.events {
            if let Some(duration) = &mut event.duration
                && cuts_curves
                && event.time < time
            {
                *duration = duration.min(time - event.time);
            }
        }
        ahead.events.retain(|event| {
            let covers = event.duration.is_some_and(|it| time <= event.time + it) && !cuts_curves;
            event.time < time && !covers
        });
    }

    fn automate(&self, automation: Automation) {
        self.context.automate(self.node, self.name, automation);
    }
}

/// A parameter, with its object as soon as script has asked for that.
pub(super) struct ParamSlot {
    param: Rc<Param>,
    object: RefCell<Option<Dom<AudioParam>>>,
}

impl_trace!(ParamSlot { object });

impl ParamSlot {
    /// The parameter of a node that is made of `init`.
    pub(super) fn new(context: &Rendered, node: NodeId, init: &ParamInit) -> Self {
        Self { param: Param::new(context, node, init, false), object: RefCell::default() }
    }

    /// The same, of which the rate cannot be changed.
    pub(super) fn with_fixed_rate(context: &Rendered, node: NodeId, init: &ParamInit) -> Self {
        Self { param: Param::new(context, node, init, true), object: RefCell::default() }
    }

    pub(super) fn param(&self) -> &Param {
        &self.param
    }

    /// Its object, which keeps the node: who has one can do something with the other.
    pub(super) fn object_of(&self, node: &AudioNode) -> DomRoot<AudioParam> {
        self.object(&node.realm(), &node.base_context(), Some(&node.root()))
    }

    /// Its object, of a context or of a node of it.
    pub(super) fn object(
        &self,
        realm: &Realm,
        context: &DomRoot<BaseAudioContext>,
        node: Option<&DomRoot<AudioNode>>,
    ) -> DomRoot<AudioParam> {
        if let Some(object) = &*self.object.borrow() {
            return object.root();
        }
        let object = AudioParam {
            reflector: Reflector::new(),
            context: Dom::new(context).ok(),
            node: node.and_then(|node| Dom::new(node).ok()),
            param: self.param.clone(),
        };
        let object = DomRoot::new(realm, object);
        // Without memory for it, the next call makes another.
        self.object.replace(Dom::new(&object).ok());
        object
    }
}

/// What script has of a parameter.
pub(crate) struct AudioParam {
    reflector: Reflector,
    /// They are kept, unless there was no memory for that.
    context: Option<Dom<BaseAudioContext>>,
    node: Option<Dom<AudioNode>>,
    param: Rc<Param>,
}

dom_object!(AudioParam, reflector, trace(context, node));

impl AudioParam {
    /// The parameter as the rendering thread knows it.
    pub(super) fn address(&self) -> (NodeId, ParamName) {
        (self.param.node, self.param.name)
    }

    pub(super) fn is_of(&self, context: &BaseAudioContext) -> bool {
        self.context.as_ref().is_some_and(|own| own.root() == context.root())
    }
}

impl AudioParamMethods for AudioParam {
    fn value(&self, _realm: &Realm) -> f32 {
        self.param.current.get()
    }

    fn set_value(&self, _realm: &Realm, value: f32) -> Fallible<()> {
        self.param.set_value(value)
    }

    fn automation_rate(&self, _realm: &Realm) -> AutomationRate {
        if self.param.is_a_rate.get() { AutomationRate::ARate } else { AutomationRate::KRate }
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-automationrate>
    fn set_automation_rate(&self, _realm: &Realm, value: AutomationRate) -> Fallible<()> {
        let is_a_rate = value == AutomationRate::ARate;
        if is_a_rate == self.param.is_a_rate.get() {
            return Ok(());
        }
        if self.param.has_fixed_rate {
            let reason = "this parameter is always k-rate";
            return refuse(DomExceptionName::InvalidStateError, reason);
        }
        self.param.is_a_rate.set(is_a_rate);
        self.param.context.set_a_rate(self.param.node, self.param.name, is_a_rate);
        Ok(())
    }

    fn default_value(&self, _realm: &Realm) -> f32 {
        self.param.default
    }

    fn min_value(&self, _realm: &Realm) -> f32 {
        self.param.range.0
    }

    fn max_value(&self, _realm: &Realm) -> f32 {
        self.param.range.1
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-setvalueattime>
    fn set_value_at_time(
        &self,
        _realm: &Realm,
        value: f32,
        start_time: f64,
    ) -> Fallible<DomRoot<Self>> {
        let time = not_negative(start_time, "the start time")?;
        self.param.schedule(time, None)?;
        self.param.automate(Automation::SetValue { value, time });
        Ok(self.root())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-linearramptovalueattime>
    fn linear_ramp_to_value_at_time(
        &self,
        _realm: &Realm,
        value: f32,
        end_time: f64,
    ) -> Fallible<DomRoot<Self>> {
        let end = not_negative(end_time, "the end time")?;
        self.param.schedule(end, None)?;
        self.param.automate(Automation::LinearRamp { value, end });
        Ok(self.root())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-exponentialramptovalueattime>
    fn exponential_ramp_to_value_at_time(
        &self,
        _realm: &Realm,
        value: f32,
        end_time: f64,
    ) -> Fallible<DomRoot<Self>> {
        if value == 0.0 {
            return Err(Error::range_error("an exponential ramp never comes to 0"));
        }
        let end = not_negative(end_time, "the end time")?;
        self.param.schedule(end, None)?;
        self.param.automate(Automation::ExponentialRamp { value, end });
        Ok(self.root())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-settargetattime>
    fn set_target_at_time(
        &self,
        _realm: &Realm,
        target: f32,
        start_time: f64,
        time_constant: f32,
    ) -> Fallible<DomRoot<Self>> {
        let start = not_negative(start_time, "the start time")?;
        not_negative(time_constant.into(), "the time constant")?;
        self.param.schedule(start, None)?;
        self.param.automate(Automation::SetTarget { target, start, time_constant });
        Ok(self.root())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-setvaluecurveattime>
    fn set_value_curve_at_time(
        &self,
        _realm: &Realm,
        values: Vec<f32>,
        start_time: f64,
        duration: f64,
    ) -> Fallible<DomRoot<Self>> {
        if values.len() < 2 {
            let reason = "a value curve needs two values at least";
            return refuse(DomExceptionName::InvalidStateError, reason);
        }
        let start = not_negative(start_time, "the start time")?;
        if duration <= 0.0 {
            let reason = format!("the duration is {duration}; it must be positive");
            return Err(Error::range_error(reason));
        }
        self.param.schedule(start, Some(duration))?;
        let values = values.into();
        self.param.automate(Automation::SetValueCurve { values, start, duration });
        Ok(self.root())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-cancelscheduledvalues>
    fn cancel_scheduled_values(&self, _realm: &Realm, cancel_time: f64) -> Fallible<DomRoot<Self>> {
        let time = not_negative(cancel_time, "the cancel time")?;
        self.param.cancel(time.max(self.param.context.current_time()), false);
        self.param.automate(Automation::CancelScheduledValues { time });
        Ok(self.root())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioparam-cancelandholdattime>
    fn cancel_and_hold_at_time(&self, _realm: &Realm, cancel_time: f64) -> Fallible<DomRoot<Self>> {
        let time = not_negative(cancel_time, "the cancel time")?;
        self.param.cancel(time.max(self.param.context.current_time()), true);
        self.param.automate(Automation::CancelAndHold { time });
        Ok(self.root())
    }
}
