/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! The [constrainable pattern](https://w3c.github.io/mediacapture-main/#constrainable-interface) on plain
//! values. Pure.

/// The name of a [constrainable property](https://w3c.github.io/mediacapture-main/#constrainable-properties).
pub(crate) type Property = &'static str;

/// A value of a property.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Text(String),
    Boolean(bool),
}

impl Value {
    /// Whether they are the same; numbers as exactly as a quotient of two can be given.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => (one - other).abs() <= 1e-6 * one.abs(),
            _ => self == other,
        }
    }

    /// How far it is from what is ideal.
    fn distance(&self, ideal: &Self) -> f64 {
        match (self, ideal) {
            _ if self.is(ideal) => 0.0,
            (Self::Number(actual), Self::Number(ideal)) => {
                (actual - ideal).abs() / actual.abs().max(ideal.abs())
            }
            _ => 1.0,
        }
    }
}

/// What is wanted of a property.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Constraint {
    pub(crate) property: Property,
    /// One of these; any, if there are none.
    pub(crate) exact: Vec<Value>,
    pub(crate) ideal: Vec<Value>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
}

/// One [possible settings dictionary](https://w3c.github.io/mediacapture-main/#dfn-settings-dictionary). What
/// a device does not have is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings(pub(crate) Vec<(Property, Value)>);

impl Settings {
    pub(crate) fn get(&self, property: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| *name == property).map(|(_, value)| value)
    }
}

impl Constraint {
    fn is_satisfied_by(&self, value: Option<&Value>) -> bool {
        let is_required = !self.exact.is_empty() || self.min.is_some() || self.max.is_some();
        let Some(value) = value else { return !is_required };
        let is_exact = self.exact.is_empty() || self.exact.iter().any(|exact| exact.is(value));
        let is_in_range = match value {
            Value::Number(number) => {
                self.min.is_none_or(|min| *number >= min)
                    && self.max.is_none_or(|max| *number <= max)
            }
            _ => true,
        };
        is_exact && is_in_range
    }

    /// The [fitness distance](https://w3c.github.io/mediacapture-main/#dfn-fitness-distance); infinite if it
    /// is required and not satisfied.
    fn distance(&self, settings: &Settings) -> f64 {
        let value = settings.get(self.property);
        if !self.is_satisfied_by(value) {
            return f64::INFINITY;
        }
        if self.ideal.is_empty() {
            return 0.0;
        }
        let Some(value) = value else { return 1.0 };
        self.ideal.iter().map(|ideal| value.distance(ideal)).fold(1.0, f64::min)
    }
}

/// What is wanted of a track.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Constraints {
    pub(crate) basic: Vec<Constraint>,
    pub(crate) advanced: Vec<Vec<Constraint>>,
}

fn distance(set: &[Constraint], settings: &Settings) -> f64 {
    set.iter().map(|constraint| constraint.distance(settings)).sum()
}

impl Constraints {
    /// Forgets what is not about these properties: they are for tracks of another kind.
    pub(crate) fn keep(&mut self, properties: &[Property]) {
        for set in std::iter::once(&mut self.basic).chain(&mut self.advanced) {
            set.retain(|constraint| properties.contains(&constraint.property));
        }
    }

    /// The [SelectSettings](https://w3c.github.io/mediacapture-main/#dfn-selectsettings) algorithm: which of
    /// the candidates fits best, the first of those that fit the same.
    ///
    /// # Errors
    ///
    /// A constraint that none of them satisfies; empty if it takes several to exclude all.
    pub(crate) fn select(&self, candidates: &[Settings]) -> Result<usize, Property> {
        // 3 and 4
        let mut fitting: Vec<_> = candidates
            .iter()
            .enumerate()
            .map(|(place, settings)| (place, distance(&self.basic, settings)))
            .filter(|(_, distance)| distance.is_finite())
            .collect();
        if fitting.is_empty() {
            let satisfies_none = |constraint: &&Constraint| {
                candidates.iter().all(|settings| constraint.distance(settings).is_infinite())
            };
            return Err(self.basic.iter().find(satisfies_none).map_or("", |it| it.property));
        }
        // 5
        for set in &self.advanced {
            let fits = |place: usize| distance(set, &candidates[place]).is_finite();
            if fitting.iter().any(|(place, _)| fits(*place)) {
                fitting.retain(|(place, _)| fits(*place));
            }
        }
        // 6
        let best = fitting.iter().min_by(|one, other| one.1.total_cmp(&other.1));
        best.map(|(place, _)| *place).ok_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera(width: f64, rate: f64) -> Settings {
        let (width, rate) = (Value::Number(width), Value::Number(rate));
        let id = Value::Text("front".into());
        Settings(vec![("width", width), ("frameRate", rate), ("deviceId", id)])
    }

    fn number(property: Property, exact: Option<f64>, ideal: Option<f64>) -> Constraint {
        let values = |value: Option<f64>| value.map(Value::Number).into_iter().collect();
        Constraint { property, exact: values(exact), ideal: values(ideal), ..Constraint::default() }
    }

    fn selected(basic: Vec<Constraint>, advanced: Vec<Vec<Constraint>>) -> Result<usize, Property> {
        let cameras = [camera(640.0, 30.0), camera(1280.0, 30.0), camera(320.0, 15.0)];
        Constraints { basic, advanced }.select(&cameras)
    }

    #[test]
    fn without_wishes_it_is_the_first() {
        assert_eq!(selected(vec![], vec![]), Ok(0));
        assert_eq!(Constraints::default().select(&[]), Err(""));
    }

    #[test]
    fn the_nearest_to_the_ideal_is_chosen() {
        for (width, place) in [(10.0, 2), (400.0, 2), (500.0, 0), (5000.0, 1)] {
            assert_eq!(selected(vec![number("width", None, Some(width))], vec![]), Ok(place));
        }
        let text = |it: &str| vec![Value::Text(it.into())];
        let id = Constraint { property: "deviceId", ideal: text("back"), ..Default::default() };
        assert_eq!(selected(vec![id], vec![]), Ok(0), "an ideal excludes nothing");
    }

    #[test]
    fn what_is_required_excludes() {
        assert_eq!(selected(vec![number("width", Some(1280.0), None)], vec![]), Ok(1));
        assert_eq!(selected(vec![number("width", Some(1.0), None)], vec![]), Err("width"));
        assert_eq!(selected(vec![number("height", Some(1.0), None)], vec![]), Err("height"));
        let range = |min, max| Constraint { property: "frameRate", min, max, ..Default::default() };
        assert_eq!(selected(vec![range(None, Some(20.0))], vec![]), Ok(2));
        assert_eq!(selected(vec![range(Some(31.0), None)], vec![]), Err("frameRate"));
        let both = vec![number("width", Some(1280.0), None), range(None, Some(20.0))];
        assert_eq!(selected(both, vec![]), Err(""), "each can be satisfied");
    }

    #[test]
    fn advanced_sets_count_in_their_order_where_they_can() {
        let exact = |width| vec![number("width", Some(width), None)];
        assert_eq!(selected(vec![], vec![exact(7.0), exact(320.0), exact(640.0)]), Ok(2));
    }

    #[test]
    fn what_is_not_about_the_kind_is_ignored() {
        let mut constraints = Constraints {
            basic: vec![number("width", Some(7.0), None)],
            advanced: vec![vec![number("width", Some(7.0), None)]],
        };
        constraints.keep(&["sampleRate"]);
        assert_eq!(constraints.select(&[Settings::default()]), Ok(0));
    }
}
