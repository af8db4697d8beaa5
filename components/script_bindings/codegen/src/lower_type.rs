/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Types, from weedle's tree to the model.

use weedle::common::Identifier;
use weedle::term;
use weedle::types::{
    AttributedType, FloatingPointType, IntegerType, MayBeNull, NonAnyType, RecordKeyType,
    ReturnType, SingleType, Type as IdlType, UnionMemberType, UnionType,
};

use crate::lower::Lowering;
use crate::model::{self, Attrs, Integer, Mode, Type};

/// Applies `[Clamp]`, `[EnforceRange]` and `[LegacyNullToEmptyString]` to the type they belong to.
pub(crate) fn apply_attrs(ty: Type, attrs: &Attrs) -> Type {
    match ty {
        Type::Integer(integer, _) if attrs.has("Clamp") => Type::Integer(integer, Mode::Clamp),
        Type::Integer(integer, _) if attrs.has("EnforceRange") => {
            Type::Integer(integer, Mode::EnforceRange)
        }
        Type::DomString { .. } if attrs.has("LegacyNullToEmptyString") => {
            Type::DomString { null_empty: true }
        }
        Type::Buffer(name, _) if attrs.has("AllowResizable") => Type::Buffer(name, true),
        Type::Nullable(inner) => Type::Nullable(Box::new(apply_attrs(*inner, attrs))),
        ty => ty,
    }
}

pub(crate) fn lower_attributed(cx: &mut Lowering<'_>, ty: &AttributedType<'_>) -> Type {
    let attrs = cx.attrs(ty.attributes.as_ref());
    apply_attrs(lower_type(cx, &ty.type_), &attrs)
}

pub(crate) fn lower_return(cx: &mut Lowering<'_>, ty: &ReturnType<'_>) -> Type {
    match ty {
        ReturnType::Undefined(_) => Type::Undefined,
        ReturnType::Type(ty) => lower_type(cx, ty),
    }
}

pub(crate) fn lower_type(cx: &mut Lowering<'_>, ty: &IdlType<'_>) -> Type {
    match ty {
        IdlType::Single(SingleType::Any(_)) => Type::Any,
        IdlType::Single(SingleType::NonAny(ty)) => non_any(cx, ty),
        IdlType::Union(union) => nullable(lower_union(cx, &union.type_), union.q_mark),
    }
}

fn nullable(ty: Type, q_mark: Option<term::QMark>) -> Type {
    match q_mark {
        Some(_) => Type::Nullable(Box::new(ty)),
        None => ty,
    }
}

fn lower_union(cx: &mut Lowering<'_>, union: &UnionType<'_>) -> Type {
    let members = union.body.list.iter().map(|member| match member {
        UnionMemberType::Single(ty) => {
            let attrs = cx.attrs(ty.attributes.as_ref());
            apply_attrs(non_any(cx, &ty.type_), &attrs)
        }
        UnionMemberType::Union(union) => nullable(lower_union(cx, &union.type_), union.q_mark),
    });
    Type::Union(members.collect())
}

fn integer(ty: &IntegerType) -> &'static Integer {
    match ty {
        IntegerType::LongLong(t) if t.unsigned.is_some() => &model::UNSIGNED_LONG_LONG,
        IntegerType::LongLong(_) => &model::LONG_LONG,
        IntegerType::Long(t) if t.unsigned.is_some() => &model::UNSIGNED_LONG,
        IntegerType::Long(_) => &model::LONG,
        IntegerType::Short(t) if t.unsigned.is_some() => &model::UNSIGNED_SHORT,
        IntegerType::Short(_) => &model::SHORT,
    }
}

fn floating(ty: &FloatingPointType) -> Type {
    match ty {
        FloatingPointType::Float(t) => Type::Float { unrestricted: t.unrestricted.is_some() },
        FloatingPointType::Double(t) => Type::Double { unrestricted: t.unrestricted.is_some() },
    }
}

fn named(cx: &Lowering<'_>, identifier: &MayBeNull<Identifier<'_>>) -> Type {
    let name = identifier.type_;
    let ty = match name.0 {
        "undefined" => Type::Undefined,
        text => Type::buffer(text).unwrap_or_else(|| Type::Named(text.to_owned(), cx.at(name))),
    };
    nullable(ty, identifier.q_mark)
}

fn non_any(cx: &mut Lowering<'_>, ty: &NonAnyType<'_>) -> Type {
    match ty {
        NonAnyType::Promise(t) => {
            let inner = lower_return(cx, &t.generics.body);
            Type::Promise(Box::new(inner))
        }
        NonAnyType::Integer(t) => nullable(Type::Integer(integer(&t.type_), Mode::Wrap), t.q_mark),
        NonAnyType::FloatingPoint(t) => nullable(floating(&t.type_), t.q_mark),
        NonAnyType::Boolean(t) => nullable(Type::Boolean, t.q_mark),
        NonAnyType::Byte(t) => nullable(Type::Integer(&model::BYTE, Mode::Wrap), t.q_mark),
        NonAnyType::Octet(t) => nullable(Type::Integer(&model::OCTET, Mode::Wrap), t.q_mark),
        NonAnyType::DOMString(t) => nullable(Type::DomString { null_empty: false }, t.q_mark),
        NonAnyType::USVString(t) => nullable(Type::UsvString, t.q_mark),
        NonAnyType::Sequence(t) => {
            let inner = lower_type(cx, &t.type_.generics.body);
            nullable(Type::Sequence(Box::new(inner)), t.q_mark)
        }
        NonAnyType::FrozenArrayType(t) => {
            let inner = lower_type(cx, &t.type_.generics.body);
            nullable(Type::FrozenArray(Box::new(inner)), t.q_mark)
        }
        NonAnyType::RecordType(t) => {
            let (key, _, value) = &t.type_.generics.body;
            let key = match &**key {
                RecordKeyType::DOM(_) => Type::DomString { null_empty: false },
                RecordKeyType::USV(_) => Type::UsvString,
                RecordKeyType::Byte(_) => Type::ByteString,
                RecordKeyType::NonAny(ty) => non_any(cx, ty),
            };
            let value = lower_type(cx, value);
            nullable(Type::Record(Box::new(key), Box::new(value)), t.q_mark)
        }
        NonAnyType::Object(t) => nullable(Type::Object, t.q_mark),
        NonAnyType::Identifier(t) => named(cx, t),
        NonAnyType::ByteString(t) => nullable(Type::ByteString, t.q_mark),
        NonAnyType::Symbol(_) => unsupported("symbol", cx),
        NonAnyType::Error(_) => unsupported("Error", cx),
        NonAnyType::ArrayBuffer(t) => buffer("ArrayBuffer", t.q_mark),
        NonAnyType::DataView(t) => buffer("DataView", t.q_mark),
        NonAnyType::Int8Array(t) => buffer("Int8Array", t.q_mark),
        NonAnyType::Int16Array(t) => buffer("Int16Array", t.q_mark),
        NonAnyType::Int32Array(t) => buffer("Int32Array", t.q_mark),
        NonAnyType::Uint8Array(t) => buffer("Uint8Array", t.q_mark),
        NonAnyType::Uint16Array(t) => buffer("Uint16Array", t.q_mark),
        NonAnyType::Uint32Array(t) => buffer("Uint32Array", t.q_mark),
        NonAnyType::Uint8ClampedArray(t) => buffer("Uint8ClampedArray", t.q_mark),
        NonAnyType::Float32Array(t) => buffer("Float32Array", t.q_mark),
        NonAnyType::Float64Array(t) => buffer("Float64Array", t.q_mark),
        NonAnyType::ArrayBufferView(t) => buffer("ArrayBufferView", t.q_mark),
        NonAnyType::BufferSource(t) => buffer("BufferSource", t.q_mark),
    }
}

fn buffer(name: &'static str, q_mark: Option<term::QMark>) -> Type {
    nullable(Type::Buffer(name, false), q_mark)
}

/// A type that becomes an error in `check`, where the member's position is known.
fn unsupported(name: &str, cx: &Lowering<'_>) -> Type {
    Type::Named(name.to_owned(), cx.source.at_offset(0))
}
