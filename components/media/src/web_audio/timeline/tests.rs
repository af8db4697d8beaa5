/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use super::*;

/// The values at these times of a timeline that starts at `value` and to which all this was done at 0.
fn values<const N: usize>(
    value: f32,
    automations: impl IntoIterator<Item = Automation>,
    times: [f64; N],
) -> [f32; N] {
    let mut timeline = Timeline::new(value);
    for automation in automations {
        timeline.apply(automation, 0.0);
    }
    times.map(|time| timeline.value_at(time))
}

fn set(value: f32, time: f64) -> Automation {
    Automation::SetValue { value, time }
}

fn linear(value: f32, end: f64) -> Automation {
    Automation::LinearRamp { value, end }
}

fn exponential(value: f32, end: f64) -> Automation {
    Automation::ExponentialRamp { value, end }
}

fn target(target: f32, start: f64, time_constant: f32) -> Automation {
    Automation::SetTarget { target, start, time_constant }
}

fn curve(values: &[f32], start: f64, duration: f64) -> Automation {
    Automation::SetValueCurve { values: values.into(), start, duration }
}

fn is_near<const N: usize>(values: [f32; N], expected: [f32; N]) {
    let is_near = values.iter().zip(expected).all(|(value, it)| (value - it).abs() < 1e-5);
    assert!(is_near, "{values:?} instead of {expected:?}");
}

#[test]
fn a_value_holds_until_the_next() {
    let steps = [set(1.0, 1.0), set(2.0, 2.0)];
    assert_eq!(
        values(0.5, steps, [0.0, 0.99, 1.0, 1.99, 2.0, 9.0]),
        [0.5, 0.5, 1.0, 1.0, 2.0, 2.0]
    );
}

#[test]
fn what_is_set_for_the_past_is_set_now() {
    let mut timeline = Timeline::new(1.0);
    assert_eq!(timeline.value_at(5.0), 1.0);
    timeline.apply(set(0.25, 1.0), 5.0);
    assert_eq!(timeline.value_at(5.0), 0.25);
}

#[test]
fn events_of_one_time_act_in_the_order_of_their_calls() {
    assert_eq!(values(0.0, [set(1.0, 1.0), set(2.0, 1.0)], [1.0]), [2.0]);
    assert_eq!(values(0.0, [set(9.0, 2.0), set(1.0, 1.0)], [1.5, 2.0]), [1.0, 9.0]);
}

#[test]
fn ramps_go_from_the_event_before() {
    let up = [set(0.0, 1.0), linear(4.0, 3.0)];
    assert_eq!(values(9.0, up, [0.5, 1.0, 2.0, 2.5, 3.0, 4.0]), [9.0, 0.0, 2.0, 3.0, 4.0, 4.0]);
    is_near(
        values(9.0, [set(1.0, 1.0), exponential(16.0, 3.0)], [1.5, 2.0, 3.0]),
        [2.0, 4.0, 16.0],
    );
}

#[test]
fn a_ramp_without_an_event_before_goes_from_now() {
    let mut timeline = Timeline::new(1.0);
    assert_eq!(timeline.value_at(2.0), 1.0);
    timeline.apply(linear(3.0, 4.0), 2.0);
    assert_eq!(timeline.value_at(3.0), 2.0);
}

#[test]
fn an_exponential_ramp_crosses_no_zero() {
    assert_eq!(values(0.0, [exponential(4.0, 2.0)], [1.0, 2.0]), [0.0, 4.0]);
    assert_eq!(values(-1.0, [exponential(4.0, 2.0)], [1.0, 2.0]), [-1.0, 4.0]);
    is_near(values(-1.0, [exponential(-4.0, 2.0)], [1.0, 2.0]), [-2.0, -4.0]);
}

#[test]
fn a_target_is_approached() {
    let approach = [target(0.0, 1.0, 0.5)];
    let e = std::f32::consts::E;
    is_near(
        values(1.0, approach, [0.5, 1.0, 1.5, 2.0, 100.0]),
        [1.0, 1.0, 1.0 / e, 1.0 / (e * e), 0.0],
    );
    assert_eq!(values(1.0, [target(0.5, 1.0, 0.0)], [0.9, 1.0]), [1.0, 0.5]);
}

#[test]
fn a_timeline_comes_to_rest() {
    for end in [target(0.25, 1.0, 0.1), curve(&[0.0, 0.25], 1.0, 1.0), linear(0.25, 2.0)] {
        let mut timeline = Timeline::new(1.0);
        timeline.apply(end, 0.0);
        assert_eq!(timeline.constant(), None);
        for tenth in 0..100 {
            timeline.value_at(f64::from(tenth) / 10.0);
        }
        assert_eq!(timeline.constant(), Some(0.25));
    }
}

#[test]
fn a_ramp_replaces_a_target_that_has_not_begun_and_continues_one_that_has() {
    let replaced = [target(0.0, 1.0, 0.5), linear(3.0, 3.0)];
    assert_eq!(values(1.0, replaced, [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]);
    let mut timeline = Timeline::new(1.0);
    timeline.apply(target(0.0, 0.0, 1.0), 0.0);
    let reached = timeline.value_at(1.0);
    timeline.apply(linear(reached + 1.0, 2.0), 1.0);
    is_near([timeline.value_at(1.0), timeline.value_at(1.5)], [reached, reached + 0.5]);
}

#[test]
fn a_curve_is_stretched_and_its_end_stays() {
    let bend = [curve(&[0.0, 1.0, 0.5], 1.0, 4.0), linear(1.5, 7.0)];
    let times = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    assert_eq!(values(9.0, bend, times), [9.0, 0.0, 0.5, 1.0, 0.75, 0.5, 1.0, 1.5]);
}

#[test]
fn cancelling_restores_what_was_before() {
    let cancelled =
        [set(1.0, 1.0), linear(3.0, 3.0), Automation::CancelScheduledValues { time: 2.0 }];
    assert_eq!(values(0.0, cancelled, [0.5, 1.0, 2.5, 4.0]), [0.0, 1.0, 1.0, 1.0]);
    let mut timeline = Timeline::new(9.0);
    timeline.apply(curve(&[0.0, 1.0], 1.0, 2.0), 0.0);
    assert_eq!(timeline.value_at(2.0), 0.5);
    timeline.apply(Automation::CancelScheduledValues { time: 2.0 }, 2.0);
    assert_eq!(timeline.value_at(2.5), 9.0);
}

#[test]
fn holding_keeps_the_value_of_that_time() {
    let hold = Automation::CancelAndHold { time: 2.0 };
    let times = [1.5, 2.0, 9.0];
    let ramp = [set(1.0, 1.0), linear(3.0, 3.0), set(7.0, 5.0), hold.clone()];
    assert_eq!(values(0.0, ramp, times), [1.5, 2.0, 2.0]);
    let e = std::f32::consts::E;
    is_near(
        values(1.0, [target(0.0, 1.0, 1.0), hold.clone()], times),
        [(-0.5_f32).exp(), 1.0 / e, 1.0 / e],
    );
    let bend = [curve(&[0.0, 1.0, 0.0], 1.0, 4.0), hold.clone()];
    assert_eq!(values(9.0, bend, times), [0.25, 0.5, 0.5]);
    assert_eq!(values(0.0, [set(1.0, 1.0), set(7.0, 5.0), hold], times), [1.0, 1.0, 1.0]);
}

#[test]
fn numbers_without_bounds_do_no_harm() {
    let wild = [
        set(f32::MAX, 0.0),
        linear(f32::MIN, f64::MAX),
        exponential(f32::MIN_POSITIVE, 1e300),
        target(f32::MAX, 1e308, f32::MAX),
        curve(&[f32::MAX, f32::MIN], 1e-300, 1e300),
        Automation::CancelAndHold { time: f64::INFINITY },
        Automation::CancelScheduledValues { time: f64::INFINITY },
    ];
    values(0.0, wild, [0.0, 1e-300, 1.0, 1e300, 1e308]);
}
