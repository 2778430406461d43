//! Documents on paper: text in, a tagged PDF out.
//!
//! Place in the flow: beside the publication; whoever has something to say on paper hands over Typst markup and gets the bytes of a file.
//! It knows nothing of what it sets, and reaches nothing: no file, no network, no fonts but its own, no clock.
//!
//! Every document is PDF/UA-1 (a screen reader can read it) and PDF/A-2a (an archive can keep it): what would break either, such as an image without its text, is an error.
//! The same text gives the same bytes.

mod error;
mod quote;
mod world;

use jiff::civil::Date;
use typst::foundations::Smart;
use typst::layout::PageRanges;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use wdl_vocab::Lang;

pub use error::PaperError;
pub use quote::quoted;

use world::OneSource;

/// A document to be set.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// What names it among all documents, the same at every making; it does not appear in the file.
    pub ident: &'a str,
    /// Its title, for the file's properties and the reader's window.
    pub title: &'a str,
    /// Its language.
    pub lang: Lang,
    /// Its date.
    pub date: Date,
    /// Its text, in Typst markup; what comes from outside goes through [`quoted`].
    pub source: &'a str,
}

/// Sets a document.
///
/// # Errors
/// [`PaperError`] when the markup is wrong, or the document would not be accessible or not be fit for an archive.
///
/// ```
/// use wdl_paper::{Paper, pdf, quoted};
/// let source = format!("= Ricevuta\n#{}", quoted("1 * 2 = $"));
/// let paper = Paper {
///     ident: "example",
///     title: "Ricevuta",
///     lang: wdl_vocab::Lang::It,
///     date: jiff::civil::date(2026, 10, 5),
///     source: &source,
/// };
/// assert!(pdf(&paper).is_ok_and(|bytes| bytes.starts_with(b"%PDF-1.7")));
/// ```
pub fn pdf(paper: &Paper<'_>) -> Result<Vec<u8>, PaperError> {
    let preamble = preamble(paper);
    let world = OneSource::new(format!("{preamble}{}", paper.source));
    let told = |faults: &[typst::diag::SourceDiagnostic]| {
        error::told(faults, &world, preamble.lines().count())
    };
    let document = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|faults| told(&faults))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
        .expect("the two standards share PDF 1.7");
    let options = PdfOptions {
        ident: Smart::Custom(paper.ident.to_owned()),
        creator: Smart::Custom(Some("wdl".to_owned())),
        timestamp: None::<Timestamp>,
        page_ranges: None::<PageRanges>,
        standards,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(&document, &options).map_err(|faults| told(&faults))
}

/// What every document begins with, on lines of its own.
fn preamble(paper: &Paper<'_>) -> String {
    let (date, lang) = (paper.date, paper.lang.code());
    format!(
        "#set document(title: {}, date: datetime(year: {}, month: {}, day: {}))\n#set text(lang: \"{lang}\")\n",
        quoted(paper.title),
        date.year(),
        date.month(),
        date.day(),
    )
}
