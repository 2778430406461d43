//! Encoded files and their linkage: what a party gives away instead of its values, and how two such files are linked without them.
//!
//! Place in the flow: a party encodes its records with the schema and the key of the project ([`encode`]) and hands the bytes of [`Encoded::write`] to whoever links; that one reads both files and links them ([`link`]) or one with itself ([`dedupe`]), and never has the key.
//! It must not know the key beyond the moment of encoding, nor any value.
//!
//! How similar two records must be is not fixed beforehand and needs no truth: strangers are seen in the files themselves.
//! Two different records of one file are no match as long as that file has no duplicates, so the pairs within each file show how similar strangers are, households and namesakes included; what is more frequent between the files than within them are matches (see [`link`]).
//!
//! **Invariants:** files that were made with another schema, key or salt are refused, never found without matches; what is damaged is refused before anything in it is used; the links depend on the set of records alone.

mod agreed;
mod candidates;
mod closure;
mod dates;
mod doubles;
mod encode;
mod evidence;
mod faults;
mod file;
mod hidden;
mod learn;
mod link;
mod proposed;
mod strangers;
mod unseen;

pub use agreed::Agreed;
pub use dates::DatesRead;
pub use encode::encode;
pub use faults::{EncodeError, LinkError, ReadError};
pub use file::Encoded;
pub use link::{EncodedLink, EncodedLinks, Options, dedupe, link};
pub use proposed::{proposed_schema, terms_wanted};
