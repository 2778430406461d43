//! Cryptographic long-term keys: 1024 keyed bits that two records share as far as their grams do.
//!
//! Each field is cut into grams; each gram sets its field's number of bits, every position drawn from its own bits of a keyed hash (HMAC-SHA256 of salt and gram under the field's key); the diffusion then makes each bit the sum of several.
//! Sources: Schnell, Bachteler, Reiher, BMC Med. Inform. Decis. Mak. 9:41 (2009) for the vector; Armknecht, Heng, Schnell, PoPETs 2023(2) for the diffusion.
//! Bit `p` is bit `p % 8`, the lowest first, of byte `p / 8`.
//!
//! [`Encoder`] serves a lab's recipe and its people; [`SchemaEncoder`] serves plain files with a [`Schema`] of any columns.

mod cache;
mod diffusion;
mod grams;
mod person;
mod plan;
mod schema;

pub use cache::Cache;
pub use grams::count as grams_of;
pub use person::{Encoder, clk};
pub use schema::{
    Apart, Cut, FieldCells, Filter, NormalForm, RecordCache, SaltPart, Schema, SchemaEncoder,
    SchemaField, Vectors,
};

/// The bytes of an encoding.
pub const CLK_BYTES: usize = 128;
pub(crate) const BITS: usize = CLK_BYTES * 8;
pub(crate) const WORDS: usize = BITS / 64;

/// A vector as words: bit `p` is bit `p % 64` of word `p / 64`.
pub(crate) type Bits = [u64; WORDS];

/// A record with fewer fields falls to the frequency of its values.
const FIELDS_MIN: usize = 3;

fn bytes(bits: &Bits) -> [u8; CLK_BYTES] {
    let mut bytes = [0; CLK_BYTES];
    for (place, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(bits) {
        *place = word.to_le_bytes();
    }
    bytes
}
