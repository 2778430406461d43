//! Direct identifiers and their canonical form.
//!
//! The only crate that looks inside a codice fiscale; only the holder's tool and the synthetic city may use it.
//! It knows nothing of files, keys or pseudonyms.
//!
//! Rules (D.M. 23 December 1976 n. 13813): pattern, check character, and for omocodia the code *as issued*.
//! Omocodia is never decoded: two people who share a base code differ only there.

mod agreement;
mod compose;
mod fold;
mod free_text;
mod numbers;
mod places;
mod tax_code;

pub use agreement::{Disagreement, Facts, read_sex};
pub use compose::{ComposeError, Registration, Sex, compose, eni, provisional, stp};
pub use fold::bare_letters;
pub use free_text::{find_in_text, names_person};
pub use numbers::{CodeFault, Iban, VatNumber};
pub use places::{CadastralPlace, MunicipalityCode, PostCode};
pub use tax_code::{Identity, NotATaxCode, TaxCode};
