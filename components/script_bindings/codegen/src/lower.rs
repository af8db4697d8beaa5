/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From weedle's tree to the model: definitions.

use weedle::common::Identifier;
use weedle::{Definition, Definitions};

use crate::lower_type::{lower_attributed, lower_return};
use crate::model::{Callback, Enum, Idl, Typedef};
use crate::source::{IdlError, Position, Source};

/// Adds the definitions of one file.
pub(crate) struct Lowering<'a> {
    pub(crate) source: &'a Source,
    pub(crate) idl: &'a mut Idl,
    pub(crate) errors: &'a mut Vec<IdlError>,
}

impl Lowering<'_> {
    pub(crate) fn at(&self, identifier: Identifier<'_>) -> Position {
        self.source.at(identifier.0)
    }

    pub(crate) fn unsupported(&mut self, position: &Position, what: &str) {
        self.errors.push(position.error(format!(
            "{what} is not supported by this generator: take it out, or add it to the generator"
        )));
    }

    pub(crate) fn definitions(&mut self, definitions: &Definitions<'_>) {
        for definition in definitions {
            self.definition(definition);
        }
    }

    /// Reports a second definition of a name.
    fn is_new(&mut self, name: Identifier<'_>) -> bool {
        let Some(first) = self.idl.position_of(name.0) else {
            return true;
        };
        let reason = format!(
            "`{}` is defined twice (first at {first}): rename one, or make it `partial`",
            name.0
        );
        self.errors.push(self.at(name).error(reason));
        false
    }

    fn definition(&mut self, definition: &Definition<'_>) {
        match definition {
            Definition::Callback(d) => {
                let attrs = self.attrs(d.attributes.as_ref());
                let callback = Callback {
                    name: d.identifier.0.to_owned(),
                    position: self.at(d.identifier),
                    non_object_as_null: attrs.has("LegacyTreatNonObjectAsNull"),
                    ret: lower_return(self, &d.return_type),
                    args: self.arguments(&d.arguments.body),
                };
                if self.is_new(d.identifier) {
                    self.idl.callbacks.insert(callback.name.clone(), callback);
                }
            }
            Definition::CallbackInterface(d) => {
                let found = self.interface(
                    d.identifier,
                    d.inheritance,
                    d.attributes.as_ref(),
                    &d.members.body,
                );
                if self.is_new(d.identifier) {
                    self.idl.callback_interfaces.insert(found.name.clone(), found);
                }
            }
            Definition::Interface(d) => {
                let found = self.interface(
                    d.identifier,
                    d.inheritance,
                    d.attributes.as_ref(),
                    &d.members.body,
                );
                if self.is_new(d.identifier) {
                    self.idl.interfaces.insert(found.name.clone(), found);
                }
            }
            Definition::PartialInterface(d) => {
                let found =
                    self.interface(d.identifier, None, d.attributes.as_ref(), &d.members.body);
                self.idl.partial_interfaces.push(found);
            }
            Definition::InterfaceMixin(d) => {
                let found = self.mixin(d.identifier, d.attributes.as_ref(), &d.members.body);
                if self.is_new(d.identifier) {
                    self.idl.mixins.insert(found.name.clone(), found);
                }
            }
            Definition::PartialInterfaceMixin(d) => {
                let found = self.mixin(d.identifier, d.attributes.as_ref(), &d.members.body);
                self.idl.partial_mixins.push(found);
            }
            Definition::Namespace(d) => {
                let found = self.namespace(d.identifier, d.attributes.as_ref(), &d.members.body);
                if self.is_new(d.identifier) {
                    self.idl.namespaces.insert(found.name.clone(), found);
                }
            }
            Definition::PartialNamespace(d) => {
                let found = self.namespace(d.identifier, d.attributes.as_ref(), &d.members.body);
                self.idl.partial_namespaces.push(found);
            }
            Definition::Dictionary(d) => {
                let found = self.dictionary(d.identifier, d.inheritance, &d.members.body);
                if self.is_new(d.identifier) {
                    self.idl.dictionaries.insert(found.name.clone(), found);
                }
            }
            Definition::PartialDictionary(d) => {
                let found = self.dictionary(d.identifier, None, &d.members.body);
                self.idl.partial_dictionaries.push(found);
            }
            Definition::Enum(d) => {
                let values = d.values.body.list.iter();
                let found = Enum {
                    name: d.identifier.0.to_owned(),
                    position: self.at(d.identifier),
                    values: values.map(|v| v.value.0.to_owned()).collect(),
                };
                if self.is_new(d.identifier) {
                    self.idl.enums.insert(found.name.clone(), found);
                }
            }
            Definition::Typedef(d) => {
                let found = Typedef {
                    name: d.identifier.0.to_owned(),
                    position: self.at(d.identifier),
                    ty: lower_attributed(self, &d.type_),
                };
                if self.is_new(d.identifier) {
                    self.idl.typedefs.insert(found.name.clone(), found);
                }
            }
            Definition::IncludesStatement(d) => {
                let entry = |id: Identifier<'_>| (id.0.to_owned(), self.source.at(id.0));
                let includes = (entry(d.lhs_identifier), entry(d.rhs_identifier));
                self.idl.includes.push(includes);
            }
            Definition::Implements(d) => {
                let position = self.at(d.lhs_identifier);
                self.errors.push(position.error("`implements` is obsolete: write `includes`"));
            }
        }
    }
}
