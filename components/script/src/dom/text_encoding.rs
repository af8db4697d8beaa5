/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [TextDecoder](https://encoding.spec.whatwg.org/#interface-textdecoder) and
//! [TextEncoder](https://encoding.spec.whatwg.org/#interface-textencoder). The encodings are those of the
//! crate `encoding_rs`.

use std::cell::{Cell, RefCell};

use encoding_rs::{Decoder, DecoderResult, Encoding};
use sordino_script_bindings::{
    BufferSource, DomRoot, DomString, Error, Fallible, Realm, Reflector, Uint8Array, dom_object,
};

use crate::bindings::{
    TextDecodeOptions, TextDecoderMethods, TextDecoderOptions, TextEncoderEncodeIntoResult,
    TextEncoderMethods,
};

/// Makes text of bytes.
pub(crate) struct TextDecoder {
    reflector: Reflector,
    encoding: &'static Encoding,
    fatal: bool,
    ignore_bom: bool,
    decoder: RefCell<Decoder>,
    /// Whether the text of the last call goes on.
    do_not_flush: Cell<bool>,
}

dom_object!(TextDecoder, reflector);

impl TextDecoder {
    fn new_decoder(encoding: &'static Encoding, ignore_bom: bool) -> Decoder {
        if ignore_bom {
            encoding.new_decoder_without_bom_handling()
        } else {
            encoding.new_decoder_with_bom_removal()
        }
    }

    /// Decodes what is there now; `None` for an error that is fatal.
    fn run(&self, bytes: &[u8], last: bool) -> Fallible<Option<String>> {
        let mut decoder = self.decoder.borrow_mut();
        let length = if self.fatal {
            decoder.max_utf8_buffer_length_without_replacement(bytes.len())
        } else {
            decoder.max_utf8_buffer_length(bytes.len())
        };
        let length = length.ok_or_else(|| Error::range_error("the text would be too long"))?;
        let mut text = String::with_capacity(length);
        if self.fatal {
            let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, last);
            return Ok((result == DecoderResult::InputEmpty).then_some(text));
        }
        // There is room for all of it.
        let _ = decoder.decode_to_string(bytes, &mut text, last);
        Ok(Some(text))
    }
}

impl TextDecoderMethods for TextDecoder {
    /// <https://encoding.spec.whatwg.org/#dom-textdecoder>
    fn constructor(
        realm: &Realm,
        label: DomString,
        options: TextDecoderOptions,
    ) -> Fallible<DomRoot<Self>> {
        let encoding = Encoding::for_label_no_replacement(label.to_str_lossy().as_bytes())
            .ok_or_else(|| Error::Range(format!("'{label}' is no encoding that can be decoded")))?;
        let TextDecoderOptions { fatal, ignore_bom } = options;
        let decoder = Self {
            reflector: Reflector::new(),
            encoding,
            fatal,
            ignore_bom,
            decoder: RefCell::new(Self::new_decoder(encoding, ignore_bom)),
            do_not_flush: Cell::new(false),
        };
        Ok(DomRoot::new(realm, decoder))
    }

    fn encoding(&self, _realm: &Realm) -> DomString {
        self.encoding.name().to_ascii_lowercase().into()
    }

    fn fatal(&self, _realm: &Realm) -> bool {
        self.fatal
    }

    fn ignore_bom(&self, _realm: &Realm) -> bool {
        self.ignore_bom
    }

    /// <https://encoding.spec.whatwg.org/#dom-textdecoder-decode>
    fn decode(
        &self,
        realm: &Realm,
        input: Option<BufferSource>,
        options: TextDecodeOptions,
    ) -> Fallible<String> {
        if !self.do_not_flush.replace(options.stream) {
            self.decoder.replace(Self::new_decoder(self.encoding, self.ignore_bom));
        }
        let bytes = input.map(|input| input.to_vec(realm)).unwrap_or_default();
        self.run(&bytes, !options.stream)?
            .ok_or_else(|| Error::Type(format!("the bytes are not valid {}", self.encoding.name())))
    }
}

/// Makes UTF-8 of text.
pub(crate) struct TextEncoder {
    reflector: Reflector,
}

dom_object!(TextEncoder, reflector);

impl TextEncoderMethods for TextEncoder {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new() }))
    }

    fn encoding(&self, _realm: &Realm) -> DomString {
        "utf-8".into()
    }

    fn encode(&self, realm: &Realm, input: String) -> Fallible<Uint8Array> {
        Uint8Array::new(realm, input)
    }

    /// <https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto>
    fn encode_into(
        &self,
        realm: &Realm,
        source: String,
        destination: Uint8Array,
    ) -> Fallible<TextEncoderEncodeIntoResult> {
        let written = source.floor_char_boundary(destination.byte_length(realm));
        let text = &source[..written];
        if written > 0 {
            destination.write(realm, 0, text.as_bytes())?;
        }
        Ok(TextEncoderEncodeIntoResult {
            read: Some(text.encode_utf16().count() as u64),
            written: Some(written as u64),
        })
    }
}
