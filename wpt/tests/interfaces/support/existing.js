/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// idlharness.js for engines that have parts of the interfaces of a specification.

"use strict";

// Tests interfaces as the specifications with these short names define them. All members of those
// in `complete` must exist. Of those in `partial`, the ones that exist are tested. What the
// `dependencies` define is only known. `objects` are as for add_objects().
function testExisting({ specs, complete = [], partial = [], dependencies = [], objects = {} }) {
  const tested = [...complete, ...partial];
  const own = specs.flatMap(spec => WebIDL2.parse(INTERFACES[spec]));
  const all = [...own, ...dependencies.flatMap(spec => WebIDL2.parse(INTERFACES[spec]))];
  const names = new Set(all.map(it => it.name));
  // What rests on still other specifications is left out.
  const definitions = all.filter(({ inheritance, includes, target }) =>
    (!inheritance || names.has(inheritance)) &&
    (!includes || names.has(includes) && tested.includes(target)));
  for (const definition of definitions) {
    const users = definitions.filter(it => it.includes && it.includes === definition.name);
    const owners = [definition.name, ...users.map(it => it.target)].filter(it => tested.includes(it));
    const isTested = own.includes(definition) && owners.length > 0;
    definition.untested = !isTested;
    for (const member of definition.members ?? []) {
      member.untested = !isTested || isOddStringifier(member) ||
        !owners.every(it => complete.includes(it) || exists(it, member));
    }
  }
  const array = new IdlArray();
  array.internal_add_idls(definitions);
  array.add_objects(objects);
  array.test();
}

// Whether a member of an interface is there, or is of a kind that has no name.
function exists(name, member) {
  const constructor = window[name];
  const places = [constructor, constructor?.prototype, ...(name === "Window" ? [window] : [])];
  return !member.name || places.some(place => place && member.name in place);
}

// idlharness.js looks on the prototype for what is on the object.
function isOddStringifier({ special, extAttrs }) {
  return special === "stringifier" && extAttrs.some(it => it.name === "LegacyUnforgeable");
}
