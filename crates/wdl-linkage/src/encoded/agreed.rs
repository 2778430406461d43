//! What the makers of encoded files agreed on, as it stands at the head of each file.

use wdl_encoding::{EncodingKey, Schema};
use wdl_vocab::Digest;

/// What must be the same in two files for their encodings to be comparable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The fingerprint of the schema: fields, forms, grams, fill, diffusion, length, salts and version.
    pub schema: Digest,
    /// A keyed hash of a constant and of the schema: the same for one key, and no help in finding it.
    pub key_check: [u8; 16],
    /// The salt of each vector in words.
    pub salts: Vec<String>,
}

impl Agreed {
    /// What a party that has this schema and this key agreed on.
    pub fn of(schema: &Schema, key: &EncodingKey) -> Agreed {
        let fingerprint = schema.fingerprint();
        Agreed {
            schema: fingerprint,
            key_check: key.check_value(&fingerprint.0),
            salts: schema.salts(),
        }
    }

    /// The key check in hexadecimal.
    pub fn key_check_text(&self) -> String {
        self.key_check
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
