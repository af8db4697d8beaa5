/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [TimeRanges](https://html.spec.whatwg.org/multipage/media.html#time-ranges).

use sordino_script_bindings::{
    DomExceptionName, DomRoot, Error, Fallible, Realm, Reflector, dom_object,
};

use crate::bindings::TimeRangesMethods;

/// Ranges of time in seconds, [normalized](https://html.spec.whatwg.org/multipage/media.html#normalized-timeranges-object):
/// in order, without overlaps, not touching.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ranges(Vec<(f64, f64)>);

impl Ranges {
    /// Of any ranges.
    pub(super) fn of(ranges: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut all = Self::default();
        for (start, end) in ranges {
            all.add(start, end);
        }
        all
    }

    /// Adds a range, unless it is empty.
    pub(super) fn add(&mut self, start: f64, end: f64) {
        if start.is_nan() || end.is_nan() || start >= end {
            return;
        }
        let (mut start, mut end) = (start, end);
        self.0.retain(|range| {
            let touches = range.0 <= end && range.1 >= start;
            if touches {
                (start, end) = (start.min(range.0), end.max(range.1));
            }
            !touches
        });
        let at = self.0.partition_point(|range| range.0 < start);
        self.0.insert(at, (start, end));
    }

    /// The position in the ranges that is nearest to another one; `None` without ranges.
    pub(super) fn nearest(&self, position: f64) -> Option<f64> {
        let within = self.0.iter().map(|(start, end)| position.clamp(*start, *end));
        within.min_by(|one, other| (one - position).abs().total_cmp(&(other - position).abs()))
    }
}

/// What script has of them: as they were when it asked.
pub(crate) struct TimeRanges {
    reflector: Reflector,
    ranges: Vec<(f64, f64)>,
}

dom_object!(TimeRanges, reflector);

impl TimeRanges {
    pub(super) fn new(realm: &Realm, Ranges(ranges): Ranges) -> DomRoot<Self> {
        DomRoot::new(realm, Self { reflector: Reflector::new(), ranges })
    }

    fn range(&self, index: u32) -> Fallible<(f64, f64)> {
        self.ranges.get(index as usize).copied().ok_or_else(|| {
            let reason = format!("there are {} ranges, and none {index}", self.ranges.len());
            Error::dom(DomExceptionName::IndexSizeError, reason)
        })
    }
}

impl TimeRangesMethods for TimeRanges {
    fn length(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.ranges.len()).unwrap_or(u32::MAX)
    }

    fn start(&self, _realm: &Realm, index: u32) -> Fallible<f64> {
        Ok(self.range(index)?.0)
    }

    fn end(&self, _realm: &Realm, index: u32) -> Fallible<f64> {
        Ok(self.range(index)?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_normalized() {
        let nan = f64::NAN;
        for (added, expected) in [
            (&[(1.0, 2.0), (3.0, 4.0)][..], &[(1.0, 2.0), (3.0, 4.0)][..]),
            (&[(3.0, 4.0), (1.0, 2.0)], &[(1.0, 2.0), (3.0, 4.0)]),
            (&[(1.0, 2.0), (2.0, 4.0)], &[(1.0, 4.0)]),
            (&[(1.0, 2.0), (5.0, 6.0), (0.5, 5.5)], &[(0.5, 6.0)]),
            (&[(1.0, 1.0), (2.0, 1.0), (nan, 1.0), (0.0, nan)], &[]),
        ] {
            assert_eq!(Ranges::of(added.iter().copied()).0, expected, "{added:?}");
        }
    }

    #[test]
    fn the_nearest_position_is_in_a_range() {
        let ranges = Ranges::of([(1.0, 2.0), (5.0, 6.0)]);
        for (position, nearest) in [(0.0, 1.0), (1.5, 1.5), (3.0, 2.0), (4.0, 5.0), (9.0, 6.0)] {
            assert_eq!(ranges.nearest(position), Some(nearest));
        }
        assert_eq!(Ranges::default().nearest(1.0), None);
    }
}
