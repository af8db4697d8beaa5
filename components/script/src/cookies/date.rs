/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Cookie dates](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-dates), which may be written
//! in nearly any way, such as a `Date` of script as a string. The crate that parses cookies reads those of HTTP only.

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A cookie as it is set, with its `Expires` as HTTP has dates; one that is no date is left out.
pub(super) fn with_http_dates(set: &str) -> String {
    let parts = set.split(';').enumerate().filter_map(|(place, part)| match part.split_once('=') {
        // First is the cookie itself, whatever its name.
        Some((name, value)) if place > 0 && name.trim().eq_ignore_ascii_case("expires") => {
            Some(format!(" Expires={}", http_date(value)?))
        }
        _ => Some(part.to_owned()),
    });
    parts.collect::<Vec<_>>().join(";")
}

/// [Parses a cookie date](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-dates).
fn http_date(text: &str) -> Option<String> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if time.is_none() && parse_time(token).is_some() {
            time = parse_time(token);
        } else if day.is_none() && number(token, 1, 2).is_some() {
            day = number(token, 1, 2);
        } else if month.is_none() && find_month(token).is_some() {
            month = find_month(token);
        } else if year.is_none() {
            year = number(token, 2, 4);
        }
    }
    let year = match year? {
        short @ 70..=99 => short + 1900,
        short @ 0..=69 => short + 2000,
        long => long,
    };
    let ((hour, minute, second), day, month) = (time?, day?, month?);
    let is_valid = (1..=31).contains(&day) && year >= 1601 && hour <= 23 && minute <= 59;
    // The name of the day is not looked at.
    (is_valid && second <= 59)
        .then(|| format!("Thu, {day:02} {} {year} {hour:02}:{minute:02}:{second:02} GMT", month))
}

fn is_delimiter(character: char) -> bool {
    matches!(character, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~')
}

/// The digits at the begin of a token, if there are so many, and no more.
fn number(token: &str, least: usize, most: usize) -> Option<u32> {
    let end = token.find(|it: char| !it.is_ascii_digit()).unwrap_or(token.len());
    if (least..=most).contains(&end) { token[..end].parse().ok() } else { None }
}

fn parse_time(token: &str) -> Option<(u32, u32, u32)> {
    let mut fields = token.splitn(3, ':');
    let mut whole = || fields.next().filter(|it| it.bytes().all(|it| it.is_ascii_digit()));
    let (hour, minute) = (number(whole()?, 1, 2)?, number(whole()?, 1, 2)?);
    Some((hour, minute, number(fields.next()?, 1, 2)?))
}

fn find_month(token: &str) -> Option<&'static str> {
    let start = token.get(..3)?;
    MONTHS.into_iter().find(|month| month.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_however_they_are_written() {
        let epoch = Some("Thu, 01 Jan 1970 00:00:00 GMT");
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", epoch),
            ("Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)", epoch),
            ("1 JANUARY 70 0:0:0", epoch),
            ("Wednesday, 09-Nov-99 23:12:40 GMT", Some("Thu, 09 Nov 1999 23:12:40 GMT")),
            ("Wed Nov  9 23:12:40 2050", Some("Thu, 09 Nov 2050 23:12:40 GMT")),
            ("2031-Dec-24 10:00:00", Some("Thu, 24 Dec 2031 10:00:00 GMT")),
            ("24 Dec 31 10:00:00x", Some("Thu, 24 Dec 2031 10:00:00 GMT")),
            ("32 Dec 31 10:00:00", None),
            ("1 Jan 1600 10:00:00", None),
            ("1 Jan 2000 24:00:00", None),
            ("1 Jan 2000", None),
            ("never é", None),
            ("", None),
        ] {
            assert_eq!(http_date(text).as_deref(), expected, "{text}");
        }
        assert_eq!(with_http_dates("expires=never"), "expires=never");
        let set = "a=expires=1; Path=/; EXPIRES = 1 Jan 70 0:0:0 ; Secure";
        let expected = "a=expires=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure";
        assert_eq!(with_http_dates(set), expected);
        assert_eq!(with_http_dates("a=1; expires=never"), "a=1");
    }
}
