//! The public site: sentences, charts, tables, downloads and the record of what was done, as static pages in two languages.
//!
//! Fifth floor: it takes released tables and public acts, and gives files.
//! The pages work from a folder without a server, ask nobody else for anything, and run no script.
//! It must not know microdata, nor any table that was not released.

mod blocks;
mod cell;
mod error;
mod formats;
mod input;
mod markdown;
mod model;
mod pages;
mod parts;
mod paths;
mod release_face;
mod sentence;
mod site;
pub mod study;
mod words;

pub use cell::{CellAddress, CellAddressError};
pub use error::PublicationError;
pub use input::{PublicationFile, SiteInput, SourceFace};
pub use site::{CONTENT_SECURITY_POLICY, Report, Site};
pub use words::{TEXTS, fluent_sources};
