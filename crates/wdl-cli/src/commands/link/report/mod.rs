//! The report of a run: one page that stands alone, in the reader's language.
//!
//! It holds no value of a record: counts, names of columns and sources, and, in the examples of pairs, ids.

mod facts;
mod groups;
mod levels;
mod of_run;
mod page;
mod points;
mod selves;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_run;
mod words;

use wdl_chart::Width;
use wdl_chart::linkage::{Origin, Outcome, Picture as _, Place};
use wdl_linkage::recognise::Recognised;
use wdl_linkage::{Data, Linked};
use wdl_vocab::Lang;

pub(super) use facts::Measure;
pub(super) use levels::{MISSING, level_words};
pub(super) use of_run::own_step;

/// The picture of a pair of records.
pub(super) fn waterfall(linked: &Linked, (a, b): (u32, u32), lang: Lang) -> String {
    let ends = (a.min(b), a.max(b));
    let links = &linked.links;
    let found = links.binary_search_by_key(&ends, |link| (link.a, link.b));
    let outcome = found.map_or(Outcome::NoLink, |_| Outcome::Link);
    let title = match outcome {
        Outcome::Link => "pair-link",
        Outcome::NoLink => "pair-no-link",
    };
    let place = Place {
        id: "pair",
        title: &words::say(lang, title),
        width: Width::Wide,
        origin: Origin::Unsaid,
    };
    of_run::waterfall(linked, ends, outcome, lang)
        .draw(&place, lang)
        .svg
}

/// The page of a run; `recognised` is what its columns were taken for, and `measured` what known pairs say of it, when some are known.
pub(super) fn report(
    linked: &Linked,
    data: &Data,
    recognised: &[Recognised],
    measured: Option<Measure>,
    lang: Lang,
) -> String {
    page::page(
        &of_run::facts(linked, data, recognised, measured, lang),
        lang,
    )
}
