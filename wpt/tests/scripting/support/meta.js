/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

export const { url } = import.meta;
export const meta = import.meta;
export const again = () => import.meta;
export const resolve = specifier => import.meta.resolve(specifier);
export const importer = specifier => import(specifier);
