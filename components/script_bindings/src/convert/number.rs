/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Numeric types.

#![allow(unsafe_code)]

use rquickjs::qjs;

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::value::JsValue;

/// What to do with a number that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerMode {
    /// Modulo the type's range.
    Wrap,
    /// `[EnforceRange]`: a `TypeError`.
    EnforceRange,
    /// `[Clamp]`: the nearest that fits.
    Clamp,
}

/// `ToNumber`.
fn to_number(realm: &Realm, value: &JsValue) -> Fallible<f64> {
    if let Some(number) = value.as_f64() {
        return Ok(number);
    }
    if value.is_bigint() {
        return Err(Error::type_error("a BigInt cannot become a number"));
    }
    let mut number = 0.0;
    // SAFETY: all are alive; `number` is written.
    let status = unsafe { qjs::JS_ToFloat64(realm.ctx(), &mut number, value.as_raw()) };
    if status < 0 {
        return Err(Error::JsException);
    }
    Ok(number)
}

fn finite(number: f64, name: &str) -> Fallible<f64> {
    if number.is_finite() {
        Ok(number)
    } else {
        Err(Error::Type(format!("{number} is not a finite {name}")))
    }
}

/// `double`
pub fn double(realm: &Realm, value: &JsValue) -> Fallible<f64> {
    finite(to_number(realm, value)?, "double")
}

/// `unrestricted double`
pub fn unrestricted_double(realm: &Realm, value: &JsValue) -> Fallible<f64> {
    to_number(realm, value)
}

/// `float`
pub fn float(realm: &Realm, value: &JsValue) -> Fallible<f32> {
    let number = finite(to_number(realm, value)?, "float")?;
    let rounded = number as f32;
    finite(f64::from(rounded), "float").map(|_| rounded)
}

/// `unrestricted float`
pub fn unrestricted_float(realm: &Realm, value: &JsValue) -> Fallible<f32> {
    Ok(to_number(realm, value)? as f32)
}

/// <https://webidl.spec.whatwg.org/#abstract-opdef-converttoint>
fn to_int(
    realm: &Realm,
    value: &JsValue,
    bits: u32,
    signed: bool,
    mode: IntegerMode,
) -> Fallible<i128> {
    // 1.-3. The bounds; for 64 bits those of the safe integers.
    let (lower, upper) = match (bits, signed) {
        (64, false) => (0, (1i128 << 53) - 1),
        (64, true) => (-(1i128 << 53) + 1, (1i128 << 53) - 1),
        (_, false) => (0, (1i128 << bits) - 1),
        (_, true) => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
    };
    // 4.-5. Let x be ToNumber(V); negative zero is zero.
    let x = to_number(realm, value)?;
    match mode {
        IntegerMode::EnforceRange => {
            if !x.is_finite() {
                return Err(Error::Type(format!("{x} is not a finite integer")));
            }
            let x = x.trunc();
            if x < lower as f64 || x > upper as f64 {
                return Err(Error::Type(format!("{x} is outside {lower}..{upper}")));
            }
            Ok(x as i128)
        }
        IntegerMode::Clamp => {
            if x.is_nan() {
                return Ok(0);
            }
            let x = x.clamp(lower as f64, upper as f64);
            Ok(x.round_ties_even() as i128)
        }
        IntegerMode::Wrap => {
            if !x.is_finite() {
                return Ok(0);
            }
            // The remainder of floating-point numbers is exact, and fits in 128 bits.
            let modulus = 1i128 << bits;
            let x = (x.trunc() % modulus as f64) as i128;
            let x = x.rem_euclid(modulus);
            if signed && x >= modulus / 2 { Ok(x - modulus) } else { Ok(x) }
        }
    }
}

macro_rules! integers {
    ($($(#[$doc:meta])* $name:ident: $type:ty, $bits:literal, $signed:literal;)*) => {
        $(
            $(#[$doc])*
            pub fn $name(realm: &Realm, value: &JsValue, mode: IntegerMode) -> Fallible<$type> {
                let number = to_int(realm, value, $bits, $signed, mode)?;
                // The range is that of the type, so nothing is cut off.
                Ok(number as $type)
            }
        )*
    };
}

integers! {
    /// `byte`
    byte: i8, 8, true;
    /// `octet`
    octet: u8, 8, false;
    /// `short`
    short: i16, 16, true;
    /// `unsigned short`
    unsigned_short: u16, 16, false;
    /// `long`
    long: i32, 32, true;
    /// `unsigned long`
    unsigned_long: u32, 32, false;
    /// `long long`
    long_long: i64, 64, true;
    /// `unsigned long long`
    unsigned_long_long: u64, 64, false;
}
