/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [permissions policy](https://www.w3.org/TR/permissions-policy/) of documents, for the features
//! that exist.

use sfv::{BareItem, Dictionary, ListEntry, Parser};
use url::{Origin, Url};

/// A [policy-controlled feature](https://www.w3.org/TR/permissions-policy/#policy-controlled-feature).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Feature {
    /// <https://html.spec.whatwg.org/multipage/media.html#allowed-to-play>
    Autoplay,
    /// <https://w3c.github.io/mediasession/#permissions-policy>
    MediaSession,
    /// <https://w3c.github.io/mediacapture-main/#permissions-policy-integration>
    Microphone,
    /// The same.
    Camera,
}

impl Feature {
    const ALL: [Self; 4] = [Self::Autoplay, Self::MediaSession, Self::Microphone, Self::Camera];

    fn name(self) -> &'static str {
        match self {
            Self::Autoplay => "autoplay",
            Self::MediaSession => "mediasession",
            Self::Microphone => "microphone",
            Self::Camera => "camera",
        }
    }

    /// Whether its [default allowlist](https://www.w3.org/TR/permissions-policy/#default-allowlist) is
    /// `*`, not `'self'`.
    fn is_for_all_by_default(self) -> bool {
        self == Self::MediaSession
    }
}

/// An [allowlist](https://www.w3.org/TR/permissions-policy/#allowlist) of a response header.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Allowlist {
    is_for_all: bool,
    origins: Vec<Origin>,
}

impl Allowlist {
    fn matches(&self, origin: &Origin) -> bool {
        self.is_for_all || self.origins.contains(origin)
    }
}

/// The features that a document may use, and what it lets its frames use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PermissionsPolicy {
    inherited: [bool; Feature::ALL.len()],
    declared: [Option<Allowlist>; Feature::ALL.len()],
    origin: Origin,
}

/// What the policy of a frame comes from.
pub(crate) struct FrameOf<'a> {
    /// The policy and the origin of the document that the `iframe` is in.
    pub(crate) policy: &'a PermissionsPolicy,
    pub(crate) origin: &'a Origin,
    /// The `allow` attribute.
    pub(crate) allow: &'a str,
    /// The origin of what the `src` attribute names.
    pub(crate) declared_origin: &'a Origin,
    /// The origin of the document in the frame.
    pub(crate) own_origin: &'a Origin,
}

impl PermissionsPolicy {
    /// Of a document of this origin in a tab: it may use everything.
    pub(crate) fn of_tab(origin: Origin) -> Self {
        Self { inherited: [true; Feature::ALL.len()], declared: Default::default(), origin }
    }

    /// The [inherited policy](https://www.w3.org/TR/permissions-policy/#algo-define-inherited-policy-in-container)
    /// of a document in a frame.
    pub(crate) fn of_frame(frame: &FrameOf<'_>) -> Self {
        Self {
            inherited: Feature::ALL.map(|feature| inherits(feature, frame)),
            declared: Default::default(),
            origin: frame.own_origin.clone(),
        }
    }

    /// Adds what the document's own response says: the
    /// [Permissions-Policy header](https://www.w3.org/TR/permissions-policy/#permissions-policy-http-header-field).
    /// Headers that are no dictionary say nothing.
    pub(crate) fn declare<'a>(&mut self, headers: impl Iterator<Item = &'a [u8]>) {
        let header = headers.collect::<Vec<_>>().join(b", ".as_slice());
        let Ok(dictionary) = Parser::new(&header).parse::<Dictionary>() else { return };
        for feature in Feature::ALL {
            if let Some(entry) = dictionary.get(feature.name()) {
                self.declared[feature as usize] = Some(self.allowlist(entry));
            }
        }
    }

    fn allowlist(&self, entry: &ListEntry) -> Allowlist {
        let items = match entry {
            ListEntry::Item(item) => std::slice::from_ref(item),
            ListEntry::InnerList(list) => &list.items,
        };
        let mut allowlist = Allowlist::default();
        for item in items {
            match &item.bare_item {
                BareItem::Token(token) if token.as_str() == "*" => allowlist.is_for_all = true,
                BareItem::Token(token) if token.as_str() == "self" => {
                    allowlist.origins.push(self.origin.clone());
                }
                BareItem::String(url) => {
                    allowlist.origins.extend(Url::parse(url.as_str()).map(|url| url.origin()));
                }
                _ => {}
            }
        }
        allowlist
    }

    /// Whether the document is [allowed to use](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#allowed-to-use)
    /// a feature.
    pub(crate) fn allows(&self, feature: Feature) -> bool {
        self.inherited[feature as usize] && self.declares(feature, &self.origin)
    }

    fn declares(&self, feature: Feature, origin: &Origin) -> bool {
        let declared = self.declared[feature as usize].as_ref();
        declared.is_none_or(|allowlist| allowlist.matches(origin))
    }
}

fn inherits(feature: Feature, frame: &FrameOf<'_>) -> bool {
    if !frame.policy.allows(feature) || !frame.policy.declares(feature, frame.own_origin) {
        return false;
    }
    match container_policy(feature, frame) {
        Some(allowed) => allowed,
        None => feature.is_for_all_by_default() || frame.own_origin == frame.origin,
    }
}

/// What the `allow` attribute says of a feature; the first [directive](https://www.w3.org/TR/permissions-policy/#serialized-policy-directive)
/// for it counts. `None`: nothing.
fn container_policy(feature: Feature, frame: &FrameOf<'_>) -> Option<bool> {
    let mut directives = frame.allow.split(';').map(str::split_ascii_whitespace);
    let mut allowlist = directives.find_map(|mut words| {
        words.next().filter(|name| name.eq_ignore_ascii_case(feature.name())).map(|_| words)
    })?;
    let mut is_empty = true;
    let named = allowlist.any(|member| {
        is_empty = false;
        match member {
            "*" => true,
            "'self'" => frame.own_origin == frame.origin,
            "'src'" => frame.own_origin == frame.declared_origin,
            "'none'" => false,
            url => Url::parse(url).is_ok_and(|url| {
                let origin = url.origin();
                origin.is_tuple() && origin == *frame.own_origin
            }),
        }
    });
    // A feature without a list is for what `src` names.
    Some(named || (is_empty && frame.own_origin == frame.declared_origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Origin {
        Url::parse(url).unwrap().origin()
    }

    /// Whether a frame from `src`, that shows `shown`, may use a feature.
    fn allows(feature: Feature, allow: &str, src: &str, shown: &str) -> bool {
        let frame = FrameOf {
            policy: &PermissionsPolicy::of_tab(origin("https://top.example/")),
            origin: &origin("https://top.example/"),
            allow,
            declared_origin: &origin(src),
            own_origin: &origin(shown),
        };
        PermissionsPolicy::of_frame(&frame).allows(feature)
    }

    #[test]
    fn by_default_features_are_for_the_same_origin_and_media_sessions_for_all() {
        let (own, other) = ("https://top.example/frame", "https://other.example/");
        for (feature, in_other) in [
            (Feature::Autoplay, false),
            (Feature::Microphone, false),
            (Feature::MediaSession, true),
        ] {
            assert!(allows(feature, "", own, own), "{feature:?}");
            assert_eq!(allows(feature, "", other, other), in_other, "{feature:?}");
            assert_eq!(allows(feature, "camera *; fullscreen", other, other), in_other);
        }
    }

    #[test]
    fn the_allow_attribute_gives_and_takes() {
        let (own, other) = ("https://top.example/frame", "https://other.example/");
        let third = "https://third.example/";
        for (allow, src, shown, expected) in [
            ("microphone", other, other, true),
            ("microphone", other, third, false),
            ("microphone *", other, third, true),
            ("MICROPHONE *", other, third, true),
            ("microphone 'self'", own, own, true),
            ("microphone 'self'", other, other, false),
            ("microphone 'src'", other, other, true),
            ("microphone 'none'", own, own, false),
            ("microphone https://third.example", other, third, true),
            ("microphone https://third.example", other, other, false),
            ("camera; microphone", other, other, true),
            ("microphone 'none'; microphone *", other, other, false),
            ("microphone 'none' *", other, other, true),
        ] {
            let allowed = allows(Feature::Microphone, allow, src, shown);
            assert_eq!(allowed, expected, "{allow} for {shown} in the frame of {src}");
        }
        assert!(!allows(Feature::MediaSession, "mediasession 'none'", other, other));
    }

    #[test]
    fn the_header_takes_from_the_document_and_from_its_frames() {
        let (top, other) = ("https://top.example/", "https://other.example/");
        for (header, feature, own, in_other) in [
            ("microphone=()", Feature::Microphone, false, false),
            ("microphone=(self)", Feature::Microphone, true, false),
            ("microphone=self", Feature::Microphone, true, false),
            ("microphone=*", Feature::Microphone, true, true),
            ("microphone=(self \"https://other.example\")", Feature::Microphone, true, true),
            ("camera=(), microphone=()", Feature::Autoplay, true, true),
            ("mediasession=(self)", Feature::MediaSession, true, false),
            ("microphone=(", Feature::Microphone, true, true),
        ] {
            let mut policy = PermissionsPolicy::of_tab(origin(top));
            policy.declare([header.as_bytes()].into_iter());
            assert_eq!(policy.allows(feature), own, "{header}");
            let (origin, own_origin) = (&origin(top), &origin(other));
            let allow = "microphone *; autoplay *";
            let frame =
                FrameOf { policy: &policy, origin, allow, declared_origin: own_origin, own_origin };
            assert_eq!(PermissionsPolicy::of_frame(&frame).allows(feature), in_other, "{header}");
        }
    }

    #[test]
    fn what_a_document_may_not_use_it_cannot_give() {
        let top = origin("https://top.example/");
        let mut frame = FrameOf {
            policy: &PermissionsPolicy::of_tab(origin("https://top.example/")),
            origin: &top,
            allow: "autoplay 'none'",
            declared_origin: &top,
            own_origin: &top,
        };
        let outer = PermissionsPolicy::of_frame(&frame);
        (frame.policy, frame.allow) = (&outer, "autoplay *");
        let inner = PermissionsPolicy::of_frame(&frame);
        assert!(!inner.allows(Feature::Autoplay) && inner.allows(Feature::Microphone));
    }
}
