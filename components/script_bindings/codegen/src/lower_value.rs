/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From weedle's tree to the model: arguments, dictionaries, extended attributes and literals.

use weedle::argument::{Argument as IdlArgument, ArgumentList};
use weedle::attribute::{ExtendedAttribute, ExtendedAttributeList, IdentifierOrString};
use weedle::common::{Default as IdlDefault, Identifier};
use weedle::dictionary::DictionaryMember as IdlDictionaryMember;
use weedle::interface::Inheritance;
use weedle::literal::{DefaultValue, FloatLit, IntegerLit};

use crate::lower::Lowering;
use crate::lower_type::{apply_attrs, lower_attributed, lower_type};
use crate::model::{Argument, Attr, AttrValue, Attrs, Dictionary, DictionaryMember, Literal};

impl Lowering<'_> {
    pub(crate) fn arguments(&mut self, args: &ArgumentList<'_>) -> Vec<Argument> {
        args.list
            .iter()
            .map(|arg| match arg {
                IdlArgument::Single(arg) => {
                    let attrs = self.attrs(arg.attributes.as_ref());
                    Argument {
                        name: arg.identifier.0.to_owned(),
                        ty: apply_attrs(lower_attributed(self, &arg.type_), &attrs),
                        optional: arg.optional.is_some(),
                        variadic: false,
                        default: arg.default.as_ref().map(literal),
                        position: self.at(arg.identifier),
                    }
                }
                IdlArgument::Variadic(arg) => {
                    let attrs = self.attrs(arg.attributes.as_ref());
                    Argument {
                        name: arg.identifier.0.to_owned(),
                        ty: apply_attrs(lower_type(self, &arg.type_), &attrs),
                        optional: false,
                        variadic: true,
                        default: None,
                        position: self.at(arg.identifier),
                    }
                }
            })
            .collect()
    }

    pub(crate) fn dictionary(
        &mut self,
        name: Identifier<'_>,
        inheritance: Option<Inheritance<'_>>,
        members: &[IdlDictionaryMember<'_>],
    ) -> Dictionary {
        let members = members.iter().map(|member| {
            let attrs = self.attrs(member.attributes.as_ref());
            DictionaryMember {
                name: member.identifier.0.to_owned(),
                position: self.at(member.identifier),
                ty: apply_attrs(lower_type(self, &member.type_), &attrs),
                required: member.required.is_some(),
                default: member.default.as_ref().map(literal),
            }
        });
        let members = members.collect();
        Dictionary {
            name: name.0.to_owned(),
            position: self.at(name),
            parent: inheritance
                .map(|parent| (parent.identifier.0.to_owned(), self.at(parent.identifier))),
            members,
        }
    }

    pub(crate) fn attrs(&mut self, attributes: Option<&ExtendedAttributeList<'_>>) -> Attrs {
        let Some(list) = attributes else {
            return Attrs::default();
        };
        let attrs = list.body.list.iter().map(|attribute| match attribute {
            ExtendedAttribute::NoArgs(a) => self.attr(a.0, AttrValue::None),
            ExtendedAttribute::Ident(a) => {
                let text = match a.rhs {
                    IdentifierOrString::Identifier(identifier) => identifier.0,
                    IdentifierOrString::String(string) => string.0,
                };
                let value =
                    if text == "0" { AttrValue::All } else { AttrValue::Text(text.to_owned()) };
                self.attr(a.lhs_identifier, value)
            }
            ExtendedAttribute::IdentList(a) => {
                let list = a.list.body.list.iter().map(|id| id.0.to_owned());
                self.attr(a.identifier, AttrValue::List(list.collect()))
            }
            ExtendedAttribute::NamedArgList(a) => {
                let args = self.arguments(&a.args.body);
                let value = AttrValue::Named(a.rhs_identifier.0.to_owned(), args);
                self.attr(a.lhs_identifier, value)
            }
            ExtendedAttribute::ArgList(a) => {
                let args = self.arguments(&a.args.body);
                let value = AttrValue::Named(String::new(), args);
                self.attr(a.identifier, value)
            }
        });
        Attrs(attrs.collect())
    }

    fn attr(&self, name: Identifier<'_>, value: AttrValue) -> Attr {
        Attr { name: name.0.to_owned(), position: self.at(name), value }
    }
}

fn literal(default: &IdlDefault<'_>) -> Literal {
    match &default.value {
        DefaultValue::Boolean(value) => Literal::Boolean(value.0),
        DefaultValue::EmptyArray(_) => Literal::EmptyArray,
        DefaultValue::EmptyDictionary(_) => Literal::EmptyDictionary,
        DefaultValue::Float(value) => Literal::Float(float(value)),
        DefaultValue::Integer(value) => Literal::Integer(integer(value)),
        DefaultValue::Null(_) => Literal::Null,
        DefaultValue::String(value) => Literal::String(value.0.to_owned()),
    }
}

pub(crate) fn float(literal: &FloatLit<'_>) -> f64 {
    match literal {
        FloatLit::Value(value) => value.0.trim().parse().unwrap_or(f64::NAN),
        FloatLit::NegInfinity(_) => f64::NEG_INFINITY,
        FloatLit::Infinity(_) => f64::INFINITY,
        FloatLit::NaN(_) => f64::NAN,
    }
}

pub(crate) fn integer(literal: &IntegerLit<'_>) -> i128 {
    let (text, radix) = match literal {
        IntegerLit::Dec(value) => (value.0, 10),
        IntegerLit::Hex(value) => (value.0, 16),
        IntegerLit::Oct(value) => (value.0, 8),
    };
    let (sign, digits) = match text.trim().strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.trim()),
    };
    let digits = match radix {
        16 => digits.trim_start_matches("0x").trim_start_matches("0X"),
        _ => digits,
    };
    sign * i128::from_str_radix(digits, radix).unwrap_or(0)
}
