/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Buffer types and byte strings.

mod common;

use common::table;
use sordino_script_bindings::{ArrayBuffer, ToJs, Uint8Array, live_handles};
use sordino_script_bindings_testing::World;

const SETUP: &str = "
    var t = new TestBuffers();
    var bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
    var growing = new ArrayBuffer(8, { maxByteLength: 16 });
    function detached() { let b = new ArrayBuffer(4); b.transfer(); return b; }
";

const TYPE_ERROR: &str = "throws TypeError*";

#[test]
fn buffer_sources() {
    table(
        SETUP,
        &[
            ("t.bytes(bytes).join()", "1,2,3,4,5,6,7,8"),
            ("t.bytes(bytes.buffer).join()", "1,2,3,4,5,6,7,8"),
            ("t.bytes(bytes.subarray(2, 4)).join()", "3,4"),
            ("t.bytes(new Uint16Array(bytes.buffer, 4, 1)).join()", "5,6"),
            ("t.bytes(new DataView(bytes.buffer, 6)).join()", "7,8"),
            ("t.bytes(new DataView(bytes.buffer, 1, 2)).join()", "2,3"),
            ("t.bytes(new BigUint64Array([258n])).join()", "2,1,0,0,0,0,0,0"),
            ("t.bytes(new Float16Array(3)).length", "6"),
            ("t.bytes(new ArrayBuffer(0)).length", "0"),
            ("t.bytes(detached()).length", "0"),
            ("var v = new Uint8Array(4); v.buffer.transfer(); t.bytes(v).length", "0"),
            (
                "var d = new DataView(new ArrayBuffer(4)); d.buffer.transfer(); t.bytes(d).length",
                "0",
            ),
            ("t.bytes([1, 2])", TYPE_ERROR),
            ("t.bytes('x')", TYPE_ERROR),
            ("t.bytes(null)", TYPE_ERROR),
            ("t.bytes()", TYPE_ERROR),
            ("t.bytes({ __proto__: Uint8Array.prototype })", TYPE_ERROR),
            ("t.bytes(new Proxy(bytes, {}))", TYPE_ERROR),
            ("typeof SharedArrayBuffer", "undefined"),
            ("t.buffer(bytes.buffer) === bytes.buffer", "true"),
            ("t.buffer(bytes)", TYPE_ERROR),
            ("t.kept = bytes.buffer; t.kept === bytes.buffer", "true"),
            ("t.kept = bytes", TYPE_ERROR),
            ("t.kept = undefined; t.kept", "null"),
        ],
    );
}

#[test]
fn what_script_overrides_does_not_matter() {
    table(
        SETUP,
        &[
            (
                "for (let name of ['buffer', 'byteOffset', 'byteLength']) {
                     let fake = { get() { throw 'never' } };
                     Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), name, fake);
                     Object.defineProperty(DataView.prototype, name, fake);
                     Object.defineProperty(bytes, name, fake);
                 }
                 Object.defineProperty(ArrayBuffer.prototype, 'resizable', { get() { throw 'never' } });
                 t.bytes(bytes).length",
                "8",
            ),
            ("t.bytes(new DataView(new ArrayBuffer(5), 2)).length", "3"),
            ("t.buffer(growing)", TYPE_ERROR),
        ],
    );
}

#[test]
fn resizable_buffers_need_permission() {
    table(
        SETUP,
        &[
            ("t.buffer(growing)", TYPE_ERROR),
            ("t.bytes(growing)", TYPE_ERROR),
            ("t.bytes(new Uint8Array(growing))", TYPE_ERROR),
            ("t.view(new Uint8Array(growing))", TYPE_ERROR),
            ("new Uint8Array(t.resizable(growing))[0]", "1"),
            ("new Uint8Array(t.resizable(bytes.buffer))[0]", "0"),
            (
                "var all = new Uint8Array(growing), part = new Uint16Array(growing, 4, 2); t.resizableView(all)",
                "Uint8Array 8 (8 at 0 of 8)",
            ),
            ("growing.resize(16); t.resizableView(all)", "Uint8Array 16 (16 at 0 of 16)"),
            ("t.resizableView(part)", "Uint16Array 2 (4 at 4 of 16)"),
            ("growing.resize(5); t.resizableView(part)", "Uint16Array 0 (0 at 0 of 5)"),
            ("t.writeAt(all, 4, [9]); all[4]", "9"),
            ("t.writeAt(all, 5, [9])", TYPE_ERROR),
            ("t.writeAt(part, 0, [9])", TYPE_ERROR),
        ],
    );
}

#[test]
fn views_and_typed_arrays() {
    table(
        SETUP,
        &[
            ("t.view(bytes)", "Uint8Array 8 (8 at 0 of 8)"),
            ("t.view(new Float64Array(3).subarray(1))", "Float64Array 2 (16 at 8 of 24)"),
            ("t.view(new DataView(new ArrayBuffer(9), 1, 3))", "DataView 3 (3 at 1 of 9)"),
            ("t.view(new Uint8ClampedArray(2))", "Uint8ClampedArray 2 (2 at 0 of 2)"),
            ("t.view(bytes.buffer)", TYPE_ERROR),
            (
                "var d = t.doubled(bytes); d instanceof Uint8Array && d.join()",
                "2,4,6,8,10,12,14,16",
            ),
            ("d.buffer.byteLength", "8"),
            ("t.doubled(new Uint8ClampedArray(2))", TYPE_ERROR),
            ("t.doubled(new Int8Array(2))", TYPE_ERROR),
            ("class Sub extends Uint8Array {}; t.doubled(new Sub([4]))[0]", "8"),
            ("t.halves(new Float32Array([1, 3])).join()", "0.5,1.5"),
            ("t.halves(new Float64Array([1, 3]))", TYPE_ERROR),
            ("t.bigInts(new BigInt64Array([-5n, 1n << 62n])).join()", "-5,4611686018427387904"),
            ("var v = new DataView(new ArrayBuffer(1)); t.dataView(v) === v", "true"),
            ("t.dataView(bytes)", TYPE_ERROR),
            (
                "var target = new Uint8Array(6); t.fill(target.subarray(1, 3), 7) + ' ' + target.join()",
                "2 0,7,7,0,0,0",
            ),
            ("t.writeAt(target, 4, [8, 9]); target.join()", "0,7,7,0,8,9"),
            ("t.writeAt(target, 5, [8, 9])", TYPE_ERROR),
            ("t.writeAt(target, 4294967295, [8])", TYPE_ERROR),
            (
                "t.writeAt(new Uint8Array(new ArrayBuffer(2).transferToImmutable?.() ?? detached()), 0, [1])",
                TYPE_ERROR,
            ),
        ],
    );
}

#[test]
fn detaching_takes_the_bytes() {
    table(
        SETUP,
        &[
            ("t.take(bytes.buffer).join()", "1,2,3,4,5,6,7,8"),
            ("bytes.length + ' ' + bytes.buffer.detached", "0 true"),
            ("t.take(bytes.buffer)", TYPE_ERROR),
            ("t.body(bytes)", "0 bytes detached"),
            ("t.body(bytes.buffer)", "0 bytes detached"),
        ],
    );
}

#[test]
fn unions_and_dictionaries() {
    table(
        SETUP,
        &[
            ("t.body(bytes.buffer)", "8 bytes"),
            ("t.body(bytes.subarray(1))", "7 bytes"),
            ("t.body(new DataView(bytes.buffer, 6))", "2 bytes"),
            ("t.body(t)", "object"),
            ("t.body('text')", "text"),
            ("t.body([1, 2])", "1,2"),
            ("t.body(null)", "none"),
            ("t.body(growing)", TYPE_ERROR),
            ("t.either(new Int8Array(2))", "Int8Array 2 (2 at 0 of 2)"),
            ("t.either(new DataView(new ArrayBuffer(2)))", "DataView 2 (2 at 0 of 2)"),
            ("t.either(new Uint8Array(2))", "0 0 none"),
            ("t.either({ key: new Int8Array(3) })", "3 0 none"),
            ("t.options()", "0 0 none"),
            ("t.options({ key: bytes.buffer, bytes, name: 'n' })", "8 8 n"),
            ("t.options({ key: undefined, bytes: null })", "0 0 none"),
            ("t.options({ key: 1 })", TYPE_ERROR),
            ("t.options({ bytes: new Int8Array(1) })", TYPE_ERROR),
        ],
    );
}

#[test]
fn byte_strings() {
    table(
        SETUP,
        &[
            ("t.byteString('abc')", "abc"),
            ("t.byteString('\\u00ff\\u0080') === '\\u00ff\\u0080'", "true"),
            ("t.bytesOf('a\\u00ff\\0').join()", "97,255,0"),
            ("t.byteString('\\u0100')", TYPE_ERROR),
            ("t.byteString('\\ud800')", TYPE_ERROR),
            ("t.byteString('\\u{1F600}')", TYPE_ERROR),
            ("t.byteString(12)", "12"),
            ("t.byteString(Symbol())", TYPE_ERROR),
            ("JSON.stringify(t.headers({ Accept: 'x', b: 1 }))", r#"{"Accept":"x","b":"1"}"#),
            ("t.headers({ '\\u0100': 'x' })", TYPE_ERROR),
            ("t.headers({ a: '\\u0100' })", TYPE_ERROR),
        ],
    );
}

#[test]
fn buffers_made_by_rust() {
    let world = World::new();
    let realm = &world.realm;
    let handles = live_handles();
    let buffer = ArrayBuffer::new(realm, b"hello").unwrap();
    let view = Uint8Array::new(realm, vec![1, 2, 3]).unwrap();
    for (name, value) in [("buffer", buffer.to_js(realm)), ("view", view.to_js(realm))] {
        realm.global().define(realm, name, value.unwrap()).unwrap();
    }
    assert_eq!(world.eval("String.fromCharCode(...new Uint8Array(buffer))"), "hello");
    assert_eq!(world.eval("view[1] = 20; view.join()"), "1,20,3");
    assert_eq!(view.elements(realm), [1, 20, 3]);
    buffer.write(realm, 1, b"ipp").unwrap();
    assert_eq!(buffer.to_vec(realm), b"hippo");
    assert!(buffer.write(realm, 3, b"too long").is_err());
    assert_eq!(buffer.detach(realm).unwrap(), b"hippo");
    assert!(buffer.is_detached(realm));
    assert_eq!(world.eval("buffer.byteLength + ' ' + buffer.detached"), "0 true");
    drop((buffer, view));
    assert_eq!(live_handles(), handles);
}
