/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Preferences as the session manager and the network take them.

use std::time::Duration;

use sordino_constellation::arbiter::{Mode, OverCall, Policy};
use sordino_script::Prefs;

use crate::net::Limits;
use crate::permissions::CapturePolicy;

fn choice<T: Copy>(prefs: &Prefs, name: &str, choices: [(&str, T); 3]) -> Result<T, String> {
    let value = prefs.text(name);
    let found = choices.iter().find(|choice| choice.0 == value).map(|choice| choice.1);
    found.ok_or_else(|| {
        let [first, second, third] = choices.map(|choice| choice.0);
        format!("the preference '{name}' is {first}, {second} or {third}; '{value}' is none")
    })
}

/// Checks what content processes read for themselves.
pub(crate) fn check_content(prefs: &Prefs, is_test: bool) -> Result<(), String> {
    if prefs.is_on("media.test_devices") && !is_test {
        return Err("the preference 'media.test_devices' needs --test-mode".into());
    }
    choice(prefs, "media.autoplay", ["allowed", "muted-only", "user-gesture"].map(|it| (it, ())))?;
    capture_policy(prefs)?;
    seconds(prefs, "dom.user_activation.transient_seconds")?;
    Ok(())
}

/// Who may capture.
pub(crate) fn capture_policy(prefs: &Prefs) -> Result<CapturePolicy, String> {
    let policies = [
        ("ask", CapturePolicy::Ask),
        ("allow", CapturePolicy::Allow),
        ("deny", CapturePolicy::Deny),
    ];
    choice(prefs, "media.capture", policies)
}

/// What sessions do to each other, as the preferences say.
pub(crate) fn policy(prefs: &Prefs) -> Result<Policy, String> {
    let modes = Mode::ALL.map(|mode| (mode.as_str(), mode));
    let over_call = [("duck", OverCall::Duck), ("hold", OverCall::Hold), ("mix", OverCall::Mix)];
    Ok(Policy {
        mode: choice(prefs, "focus.mode", modes)?,
        over_call: choice(prefs, "focus.over_call", over_call)?,
        reclaim_guard: seconds(prefs, "focus.reclaim_guard")?,
        peer_resume: seconds(prefs, "os.peer_resume_seconds")?,
        ..Policy::default()
    })
}

fn seconds(prefs: &Prefs, name: &str) -> Result<Duration, String> {
    let seconds = prefs.number(name);
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| format!("the preference '{name}' is a time; {seconds} s is none"))
}

/// How long a content process may take to say that it is alive; `None` for ever.
pub(crate) fn process_patience(prefs: &Prefs) -> Result<Option<Duration>, String> {
    seconds_or_for_ever(prefs, "content.answer_seconds")
}

fn seconds_or_for_ever(prefs: &Prefs, name: &str) -> Result<Option<Duration>, String> {
    let limit = seconds(prefs, name)?;
    Ok((!limit.is_zero()).then_some(limit))
}

/// How long servers may take.
pub(crate) fn network_limits(prefs: &Prefs) -> Result<Limits, String> {
    Ok(Limits {
        connect: seconds_or_for_ever(prefs, "network.connect_seconds")?,
        answer: seconds_or_for_ever(prefs, "network.answer_seconds")?,
        idle: seconds_or_for_ever(prefs, "network.idle_seconds")?,
    })
}

/// The gain of what is ducked.
pub(crate) fn duck_gain(prefs: &Prefs) -> Result<f64, String> {
    let gain = prefs.number("focus.duck_gain");
    match (0.0..=1.0).contains(&gain) {
        true => Ok(gain),
        false => Err(format!("the preference 'focus.duck_gain' is from 0 to 1; {gain} is not")),
    }
}
