/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Choosing among types by the JavaScript value: unions and overloads.
//! <https://webidl.spec.whatwg.org/#js-union> and <https://webidl.spec.whatwg.org/#js-overloads>

use crate::model::{BUFFERS, Type};
use crate::types::{Kind, Types};

/// A type to choose, and the Rust code to run then, an expression that ends the function.
pub(crate) struct Choice {
    pub(crate) ty: Type,
    /// Only in overloads: the argument may be missing.
    pub(crate) optional: bool,
    pub(crate) action: String,
}

fn members(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Nullable(inner) => members(inner),
        Type::Union(types) => types.iter().collect(),
        ty => vec![ty],
    }
}

/// Rust code that looks at `value: &JsValue` in `realm` and runs the action of the type that fits.
pub(crate) fn chain(types: &Types<'_>, choices: &[Choice], failure: &str) -> String {
    let mut code = String::new();
    let kind = |ty: &Type| match ty {
        Type::Named(name, _) => Some(types.kind(name)),
        _ => None,
    };
    let mut rule = |condition: &dyn Fn(&Type) -> Option<String>| {
        for choice in choices {
            if let Some(condition) = members(&choice.ty).into_iter().find_map(condition) {
                code += &format!("if {condition} {{ return {}; }}\n", choice.action);
            }
        }
    };
    let when = |matches: bool, condition: &str| matches.then(|| condition.to_owned());

    rule(&|ty| when(*ty == Type::Undefined, "value.is_undefined()"));
    rule(&|ty| when(kind(ty) == Some(Kind::Dictionary), "value.is_nullish()"));
    rule(&|ty| match ty {
        Type::Named(name, _) if types.kind(name) == Kind::Interface => {
            Some(format!("rt::convert::is_interface::<{}>(realm, value)", types.dom_type(name)))
        }
        Type::Named(name, _) if types.kind(name) == Kind::DomException => {
            Some("rt::DomException::from_js(realm, value).is_ok()".into())
        }
        Type::Named(name, _) if types.kind(name) == Kind::WindowProxy => {
            Some("rt::WindowProxy::from_js(realm, value).is_ok()".into())
        }
        _ => None,
    });
    for name in BUFFERS {
        rule(&|ty| {
            let found = matches!(ty, Type::Buffer(buffer, _) if *buffer == name);
            when(found, &format!("rt::convert::is_buffer::<rt::{name}>(value)"))
        });
    }
    rule(&|ty| when(kind(ty) == Some(Kind::Callback), "value.is_callable(realm)"));
    rule(&|ty| {
        let sequence = matches!(ty, Type::Sequence(_) | Type::FrozenArray(_));
        when(sequence, "rt::convert::has_iterator(realm, value)?")
    });
    rule(&|ty| {
        let object = matches!(ty, Type::Object | Type::Record(..) | Type::Promise(_))
            || matches!(kind(ty), Some(Kind::Dictionary | Kind::CallbackInterface));
        when(object, "value.is_object()")
    });
    rule(&|ty| when(*ty == Type::Boolean, "value.is_boolean()"));
    rule(&|ty| when(is_numeric(ty), "value.is_number()"));

    let last = |wanted: &dyn Fn(&Type) -> bool| {
        let mut found = choices.iter();
        found.find(|choice| members(&choice.ty).into_iter().any(wanted))
    };
    let is_string = |ty: &Type| {
        matches!(ty, Type::DomString { .. } | Type::UsvString | Type::ByteString)
            || kind(ty) == Some(Kind::Enum)
    };
    let fallback = last(&is_string)
        .or_else(|| last(&is_numeric))
        .or_else(|| last(&|ty| *ty == Type::Boolean))
        .or_else(|| last(&|ty| *ty == Type::Any));
    let nullable = choices
        .iter()
        .find(|choice| matches!(choice.ty, Type::Nullable(_)))
        .map(|choice| format!("if value.is_nullish() {{ return {}; }}\n", choice.action));
    let optional = choices
        .iter()
        .find(|choice| choice.optional)
        .map(|choice| format!("if value.is_undefined() {{ return {}; }}\n", choice.action));
    let end = match fallback {
        Some(choice) => choice.action.clone(),
        None => format!("Err(rt::Error::type_error({failure:?}))"),
    };
    optional.unwrap_or_default() + &nullable.unwrap_or_default() + &code + &end
}

fn is_numeric(ty: &Type) -> bool {
    matches!(ty, Type::Integer(..) | Type::Double { .. } | Type::Float { .. })
}
