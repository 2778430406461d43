//! Normalised combinations and encodings of values, for records without a valid code.
//!
//! Place in the flow: the holder's tool hands in the names and dates of a row that is about to leave, and gets byte strings for the custodians and keyed bit vectors for the seal; later the linkage compares them.
//! A recipe of the lab folder, `linkage/<name>.yaml`, says which.
//! It must not know files of data, contracts, custodians or the network: values and keys in, bytes out.
//!
//! **Invariants:** one normal form for every spelling of a name; a missing or placeholder part gives nothing, never a token that many share; no field shares a key with another field, recipe or project; what was normalised is wiped when dropped.
//!
//! What the encodings must survive, and why each step is there (the papers are named in `docs/decisions/0004-who-gets-which-pseudonym.md`):
//! bit positions come from one keyed hash each and never from double hashing, whose few patterns a vector gives away; a salt that the person does not change breaks the frequencies that pattern mining and graph matching live on; the diffusion makes each bit the sum of several, so that no bit belongs to one gram.

mod clk;
pub mod code;
mod combination;
pub mod compare;
pub mod dice;
mod key;
pub mod names;
mod normal;
mod recipe;
mod sound;
mod values;

pub use clk::{
    Apart, CLK_BYTES, Cache, Cut, Encoder, FieldCells, Filter, NormalForm, RecordCache, SaltPart,
    Schema, SchemaEncoder, SchemaField, Vectors, clk, grams_of,
};
pub use combination::{Probe, Role, canonical};
pub use key::EncodingKey;
pub use normal::{Name, Person};
pub use recipe::{
    ClkField, ClkRule, Combination, Field, Form, Grams, Part, Recipe, RecipeError, RecipeFault,
    Recipes, Rows, Salt, Variant,
};
pub use values::{BirthDate, Sex, Values};
