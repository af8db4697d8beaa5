/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! Constraints, settings and capabilities as scripts write and read them.

use sordino_media::capture::{InputKind, MICROPHONE_LATENCY, MICROPHONE_RATE};
use sordino_script_bindings::DomString;

use crate::bindings::{
    BooleanOrConstrainBooleanParameters as ConstrainBoolean, BooleanOrDomString,
    BooleanOrDomStringOrConstrainBooleanOrDOMStringParameters as ConstrainBooleanOrText,
    DomStringOrDomStringSequence as Texts,
    DomStringOrDomStringSequenceOrConstrainDOMStringParameters as ConstrainText,
    DoubleOrConstrainDoubleRange as ConstrainDouble, DoubleRange, MediaTrackCapabilities,
    MediaTrackConstraintSet, MediaTrackConstraints, MediaTrackSettings, ULongRange,
    UnsignedLongOrConstrainULongRange as ConstrainULong,
};
use crate::capture::{
    Constraint, Constraints, KnownDevice, Property, SAMPLE_SIZE, Settings, Value,
};

fn text(text: &DomString) -> Value {
    Value::Text(text.to_str_lossy().into_owned())
}

fn number(number: impl Into<f64>) -> Value {
    Value::Number(number.into())
}

/// A value alone is ideal in the basic constraints, and exact in advanced ones.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Set {
    Basic,
    Advanced,
}

impl Set {
    fn bare(self, property: Property, values: Vec<Value>) -> Constraint {
        match self {
            Self::Basic => Constraint { property, ideal: values, ..Constraint::default() },
            Self::Advanced => Constraint { property, exact: values, ..Constraint::default() },
        }
    }

    fn integer(self, property: Property, given: &ConstrainULong) -> Constraint {
        let one = |value: Option<u32>| value.map(number).into_iter().collect();
        match given {
            ConstrainULong::UnsignedLong(value) => self.bare(property, vec![number(*value)]),
            ConstrainULong::ConstrainULongRange(range) => Constraint {
                property,
                exact: one(range.exact),
                ideal: one(range.ideal),
                min: range.parent.min.map(f64::from),
                max: range.parent.max.map(f64::from),
            },
        }
    }

    fn double(self, property: Property, given: &ConstrainDouble) -> Constraint {
        let one = |value: Option<f64>| value.map(number).into_iter().collect();
        match given {
            ConstrainDouble::Double(value) => self.bare(property, vec![number(*value)]),
            ConstrainDouble::ConstrainDoubleRange(range) => Constraint {
                property,
                exact: one(range.exact),
                ideal: one(range.ideal),
                min: range.parent.min,
                max: range.parent.max,
            },
        }
    }

    fn text(self, property: Property, given: &ConstrainText) -> Constraint {
        let some = |given: &Option<Texts>| match given {
            None => Vec::new(),
            Some(Texts::DomString(one)) => vec![text(one)],
            Some(Texts::DomStringSequence(all)) => all.iter().map(text).collect(),
        };
        match given {
            ConstrainText::DomString(one) => self.bare(property, vec![text(one)]),
            ConstrainText::DomStringSequence(all) => {
                self.bare(property, all.iter().map(text).collect())
            }
            ConstrainText::ConstrainDOMStringParameters(parameters) => Constraint {
                property,
                exact: some(&parameters.exact),
                ideal: some(&parameters.ideal),
                ..Constraint::default()
            },
        }
    }

    fn boolean(self, property: Property, given: &ConstrainBoolean) -> Constraint {
        let one = |value: Option<bool>| value.map(Value::Boolean).into_iter().collect();
        match given {
            ConstrainBoolean::Boolean(value) => self.bare(property, vec![Value::Boolean(*value)]),
            ConstrainBoolean::ConstrainBooleanParameters(parameters) => Constraint {
                property,
                exact: one(parameters.exact),
                ideal: one(parameters.ideal),
                ..Constraint::default()
            },
        }
    }

    fn boolean_or_text(self, property: Property, given: &ConstrainBooleanOrText) -> Constraint {
        let one = |value: &Option<BooleanOrDomString>| match value {
            None => Vec::new(),
            Some(BooleanOrDomString::Boolean(value)) => vec![Value::Boolean(*value)],
            Some(BooleanOrDomString::DomString(value)) => vec![text(value)],
        };
        match given {
            ConstrainBooleanOrText::Boolean(value) => {
                self.bare(property, vec![Value::Boolean(*value)])
            }
            ConstrainBooleanOrText::DomString(value) => self.bare(property, vec![text(value)]),
            ConstrainBooleanOrText::ConstrainBooleanOrDOMStringParameters(parameters) => {
                Constraint {
                    property,
                    exact: one(&parameters.exact),
                    ideal: one(&parameters.ideal),
                    ..Constraint::default()
                }
            }
        }
    }

    fn of(self, given: &MediaTrackConstraintSet) -> Vec<Constraint> {
        let integer = |name, it: &Option<_>| it.as_ref().map(|it| self.integer(name, it));
        let double = |name, it: &Option<_>| it.as_ref().map(|it| self.double(name, it));
        let text = |name, it: &Option<_>| it.as_ref().map(|it| self.text(name, it));
        let boolean = |name, it: &Option<_>| it.as_ref().map(|it| self.boolean(name, it));
        let echo = given.echo_cancellation.as_ref();
        [
            integer("width", &given.width),
            integer("height", &given.height),
            double("aspectRatio", &given.aspect_ratio),
            double("frameRate", &given.frame_rate),
            text("facingMode", &given.facing_mode),
            text("resizeMode", &given.resize_mode),
            integer("sampleRate", &given.sample_rate),
            integer("sampleSize", &given.sample_size),
            echo.map(|it| self.boolean_or_text("echoCancellation", it)),
            boolean("autoGainControl", &given.auto_gain_control),
            boolean("noiseSuppression", &given.noise_suppression),
            double("latency", &given.latency),
            integer("channelCount", &given.channel_count),
            text("deviceId", &given.device_id),
            text("groupId", &given.group_id),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What a page wants of a track.
pub(super) fn constraints_of(given: &MediaTrackConstraints) -> Constraints {
    let advanced = given.advanced.iter().flatten();
    Constraints {
        basic: Set::Basic.of(&given.parent),
        advanced: advanced.map(|set| Set::Advanced.of(set)).collect(),
    }
}

/// What a track is set to.
pub(super) fn settings_for_script(settings: &Settings) -> MediaTrackSettings {
    let double = |property: &str| match settings.get(property) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was one")]
    let integer = |property: &str| double(property).map(|number| number as u32);
    let text = |property: &str| match settings.get(property) {
        Some(Value::Text(text)) => Some(DomString::from(text.as_str())),
        _ => None,
    };
    let boolean = |property: &str| match settings.get(property) {
        Some(Value::Boolean(value)) => Some(*value),
        _ => None,
    };
    MediaTrackSettings {
        width: integer("width"),
        height: integer("height"),
        aspect_ratio: double("aspectRatio"),
        frame_rate: double("frameRate"),
        facing_mode: text("facingMode"),
        resize_mode: text("resizeMode"),
        sample_rate: integer("sampleRate"),
        sample_size: integer("sampleSize"),
        echo_cancellation: boolean("echoCancellation").map(BooleanOrDomString::Boolean),
        auto_gain_control: boolean("autoGainControl"),
        noise_suppression: boolean("noiseSuppression"),
        latency: double("latency"),
        channel_count: integer("channelCount"),
        device_id: text("deviceId"),
        group_id: text("groupId"),
    }
}

fn integers(values: impl Iterator<Item = u32> + Clone) -> Option<ULongRange> {
    Some(ULongRange { max: values.clone().max(), min: values.min() })
}

fn doubles(values: impl Iterator<Item = f64> + Clone) -> Option<DoubleRange> {
    let range = DoubleRange {
        max: values.clone().max_by(f64::total_cmp),
        min: values.min_by(f64::total_cmp),
    };
    Some(range)
}

/// What a device can be set to.
pub(super) fn capabilities_of(known: &KnownDevice) -> MediaTrackCapabilities {
    let device_id = Some(known.id.as_str().into());
    let group_id = Some(known.group.as_str().into());
    match known.device.kind {
        InputKind::Microphone => MediaTrackCapabilities {
            sample_rate: integers(std::iter::once(MICROPHONE_RATE)),
            sample_size: integers(std::iter::once(SAMPLE_SIZE)),
            echo_cancellation: Some(vec![BooleanOrDomString::Boolean(false)]),
            auto_gain_control: Some(vec![false]),
            noise_suppression: Some(vec![false]),
            latency: doubles(std::iter::once(MICROPHONE_LATENCY)),
            channel_count: integers(std::iter::once(1)),
            device_id,
            group_id,
            ..MediaTrackCapabilities::default()
        },
        InputKind::Camera => {
            let modes = known.device.modes.iter();
            MediaTrackCapabilities {
                width: integers(modes.clone().map(|mode| mode.width)),
                height: integers(modes.clone().map(|mode| mode.height)),
                aspect_ratio: doubles(
                    modes.clone().map(|it| f64::from(it.width) / f64::from(it.height.max(1))),
                ),
                frame_rate: doubles(modes.map(|mode| mode.frame_rate)),
                facing_mode: Some(Vec::new()),
                resize_mode: Some(vec!["none".into()]),
                device_id,
                group_id,
                ..MediaTrackCapabilities::default()
            }
        }
    }
}
