/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From weedle's tree to the model: interfaces, mixins, namespaces and their members.

use weedle::argument::{Argument as IdlArgument, ArgumentList};
use weedle::attribute::ExtendedAttributeList;
use weedle::common::Identifier;
use weedle::interface::{
    ConstMember, Inheritance, InterfaceMember, IterableInterfaceMember, Special as IdlSpecial,
    StringifierOrInheritOrStatic, StringifierOrStatic,
};
use weedle::literal::ConstValue;
use weedle::mixin::MixinMember;
use weedle::namespace::NamespaceMember;
use weedle::types::{AttributedType, ReturnType};

use crate::lower::Lowering;
use crate::lower_type::{apply_attrs, lower_attributed, lower_return};
use crate::lower_value::{float, integer};
use crate::model::{Attrs, Interface, Iterable, Literal, Member, MemberKind, Special, Type};
use crate::source::Position;

impl Lowering<'_> {
    pub(crate) fn interface(
        &mut self,
        name: Identifier<'_>,
        inheritance: Option<Inheritance<'_>>,
        attributes: Option<&ExtendedAttributeList<'_>>,
        members: &[InterfaceMember<'_>],
    ) -> Interface {
        let mut interface = self.empty(name, inheritance, attributes);
        for member in members {
            match member {
                InterfaceMember::Const(m) => interface.members.push(self.constant(m)),
                InterfaceMember::Attribute(m) => {
                    let mut member = self.attribute(
                        m.identifier,
                        m.attributes.as_ref(),
                        &m.type_,
                        m.readonly.is_some(),
                    );
                    match m.modifier {
                        Some(StringifierOrInheritOrStatic::Stringifier(_)) => {
                            member.stringifier = true;
                        }
                        Some(StringifierOrInheritOrStatic::Static(_)) => member.is_static = true,
                        Some(StringifierOrInheritOrStatic::Inherit(_)) => {
                            self.unsupported(&member.position, "`inherit`");
                        }
                        None => {}
                    }
                    interface.members.push(member);
                }
                InterfaceMember::Constructor(m) => {
                    let kind = MemberKind::Constructor { args: self.arguments(&m.args.body) };
                    let attrs = self.attrs(m.attributes.as_ref());
                    let position = match attrs.0.first() {
                        Some(attr) => attr.position.clone(),
                        None => self.first_position(&m.args.body, &interface.position),
                    };
                    let member = self.member("constructor", position, attrs, kind);
                    interface.members.push(member);
                }
                InterfaceMember::Operation(m) => {
                    let mut member = self.operation(
                        m.identifier,
                        m.attributes.as_ref(),
                        &m.return_type,
                        &m.args.body,
                        &interface.position,
                    );
                    if let Some(special) = &m.special {
                        member.special = self.special(special, &member);
                    }
                    match m.modifier {
                        Some(StringifierOrStatic::Static(_)) => member.is_static = true,
                        Some(StringifierOrStatic::Stringifier(_)) => member.stringifier = true,
                        None => {}
                    }
                    interface.members.push(member);
                }
                InterfaceMember::Stringifier(m) => {
                    let attrs = self.attrs(m.attributes.as_ref());
                    let position = interface.position.clone();
                    let member = self.stringifier(position, attrs);
                    interface.members.push(member);
                }
                InterfaceMember::Iterable(IterableInterfaceMember::Single(_)) => {
                    interface.iterable = Some(Iterable::Values);
                }
                InterfaceMember::Iterable(IterableInterfaceMember::Double(m)) => {
                    let (key, _, value) = &m.generics.body;
                    let (key, value) = (lower_attributed(self, key), lower_attributed(self, value));
                    interface.iterable = Some(Iterable::Pairs(key, value));
                }
                InterfaceMember::AsyncIterable(_) => {
                    self.unsupported(&interface.position.clone(), "an async iterable");
                }
                InterfaceMember::Maplike(_) | InterfaceMember::Setlike(_) => {
                    self.unsupported(&interface.position.clone(), "maplike or setlike");
                }
            }
        }
        interface
    }

    /// Which special operation a member is, by its keyword and its first argument.
    fn special(&mut self, keyword: &IdlSpecial, member: &Member) -> Option<Special> {
        let MemberKind::Operation { args, .. } = &member.kind else {
            return None;
        };
        let types: Vec<&Type> = args.iter().map(|arg| &arg.ty).collect();
        let special = match (keyword, types.as_slice()) {
            (IdlSpecial::Getter(_), [Type::Integer(..)]) => Special::IndexedGetter,
            (IdlSpecial::Getter(_), [Type::DomString { .. }]) => Special::NamedGetter,
            (IdlSpecial::Setter(_), [Type::DomString { .. }, _]) => Special::NamedSetter,
            (IdlSpecial::Deleter(_), [Type::DomString { .. }]) => Special::NamedDeleter,
            _ => {
                let position = member.position.clone();
                self.unsupported(&position, "a special operation with these arguments");
                return None;
            }
        };
        Some(special)
    }

    pub(crate) fn mixin(
        &mut self,
        name: Identifier<'_>,
        attributes: Option<&ExtendedAttributeList<'_>>,
        members: &[MixinMember<'_>],
    ) -> Interface {
        let mut interface = self.empty(name, None, attributes);
        for member in members {
            let member = match member {
                MixinMember::Const(m) => self.constant(m),
                MixinMember::Attribute(m) => {
                    let readonly = m.readonly.is_some();
                    let mut member =
                        self.attribute(m.identifier, m.attributes.as_ref(), &m.type_, readonly);
                    member.stringifier = m.stringifier.is_some();
                    member
                }
                MixinMember::Operation(m) => {
                    let mut member = self.operation(
                        m.identifier,
                        m.attributes.as_ref(),
                        &m.return_type,
                        &m.args.body,
                        &interface.position,
                    );
                    member.stringifier = m.stringifier.is_some();
                    member
                }
                MixinMember::Stringifier(m) => {
                    let attrs = self.attrs(m.attributes.as_ref());
                    self.stringifier(interface.position.clone(), attrs)
                }
            };
            interface.members.push(member);
        }
        interface
    }

    pub(crate) fn namespace(
        &mut self,
        name: Identifier<'_>,
        attributes: Option<&ExtendedAttributeList<'_>>,
        members: &[NamespaceMember<'_>],
    ) -> Interface {
        let mut interface = self.empty(name, None, attributes);
        for member in members {
            let mut member = match member {
                NamespaceMember::Attribute(m) => {
                    self.attribute(m.identifier, m.attributes.as_ref(), &m.type_, true)
                }
                NamespaceMember::Operation(m) => self.operation(
                    m.identifier,
                    m.attributes.as_ref(),
                    &m.return_type,
                    &m.args.body,
                    &interface.position,
                ),
            };
            member.is_static = true;
            interface.members.push(member);
        }
        interface
    }

    fn empty(
        &mut self,
        name: Identifier<'_>,
        inheritance: Option<Inheritance<'_>>,
        attributes: Option<&ExtendedAttributeList<'_>>,
    ) -> Interface {
        Interface {
            name: name.0.to_owned(),
            position: self.at(name),
            parent: inheritance
                .map(|parent| (parent.identifier.0.to_owned(), self.at(parent.identifier))),
            attrs: self.attrs(attributes),
            members: Vec::new(),
            iterable: None,
        }
    }

    fn member(&self, name: &str, position: Position, attrs: Attrs, kind: MemberKind) -> Member {
        Member {
            name: name.to_owned(),
            position,
            attrs,
            kind,
            is_static: false,
            stringifier: false,
            special: None,
        }
    }

    fn stringifier(&self, position: Position, attrs: Attrs) -> Member {
        let kind =
            MemberKind::Operation { ret: Type::DomString { null_empty: false }, args: Vec::new() };
        let mut member = self.member("", position, attrs, kind);
        member.stringifier = true;
        member
    }

    fn constant(&mut self, m: &ConstMember<'_>) -> Member {
        let value = match &m.const_value {
            ConstValue::Boolean(value) => Literal::Boolean(value.0),
            ConstValue::Float(value) => Literal::Float(float(value)),
            ConstValue::Integer(value) => Literal::Integer(integer(value)),
            ConstValue::Null(_) => Literal::Null,
        };
        let attrs = self.attrs(m.attributes.as_ref());
        let position = self.at(m.identifier);
        self.member(m.identifier.0, position, attrs, MemberKind::Constant { value })
    }

    fn attribute(
        &mut self,
        name: Identifier<'_>,
        attributes: Option<&ExtendedAttributeList<'_>>,
        ty: &AttributedType<'_>,
        readonly: bool,
    ) -> Member {
        let attrs = self.attrs(attributes);
        let ty = apply_attrs(lower_attributed(self, ty), &attrs);
        let position = self.at(name);
        self.member(name.0, position, attrs, MemberKind::Attribute { ty, readonly })
    }

    fn operation(
        &mut self,
        name: Option<Identifier<'_>>,
        attributes: Option<&ExtendedAttributeList<'_>>,
        ret: &ReturnType<'_>,
        args: &ArgumentList<'_>,
        fallback: &Position,
    ) -> Member {
        let kind =
            MemberKind::Operation { ret: lower_return(self, ret), args: self.arguments(args) };
        let attrs = self.attrs(attributes);
        let (name, position) = match name {
            Some(name) => (name.0, self.at(name)),
            None => ("", self.first_position(args, fallback)),
        };
        self.member(name, position, attrs, kind)
    }

    /// The position of the first argument, for constructs that have no name.
    fn first_position(&self, args: &ArgumentList<'_>, fallback: &Position) -> Position {
        match args.list.first() {
            Some(IdlArgument::Single(arg)) => self.at(arg.identifier),
            Some(IdlArgument::Variadic(arg)) => self.at(arg.identifier),
            None => fallback.clone(),
        }
    }
}
