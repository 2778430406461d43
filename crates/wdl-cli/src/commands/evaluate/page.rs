//! The report of an evaluation: one page that stands alone, in the reader's language, first for whoever decides and then for whoever checks.
//!
//! A sentence, the picture with its table, what speaks for and against, who was counted, what must hold, how it was computed.

use askama::Template;
use wdl_chart::DataTable;
use wdl_evaluation::glossary::{self, Section};
use wdl_evaluation::numbers::Digits;
use wdl_evaluation::{Cell, Claim, Evaluation, Method, NoteKind, caveat, shown};
use wdl_vocab::{Lang, Text};

use super::picture::{self, Figure};
use super::rows;

const STYLE: &str = include_str!("../../../templates/link-report.css");

#[derive(Template)]
#[template(path = "evaluation-report.html")]
struct Page {
    lang: Lang,
    style: &'static str,
    title: String,
    /// What the method does, where the title does not say it.
    method: Option<String>,
    lead: String,
    caveat: Option<String>,
    /// Rows that rest on few units.
    small: Option<String>,
    figures: Vec<Figure>,
    parts: Vec<Part>,
}

/// A part of the page below the sentence.
struct Part {
    id: &'static str,
    title: &'static str,
    points: Vec<String>,
    /// Each with the id of its caption.
    tables: Vec<(String, DataTable)>,
    has_picture: bool,
}

impl Page {
    fn say(&self, it: &'static str, en: &'static str) -> &'static str {
        said(self.lang, it, en)
    }
}

pub(super) fn said(lang: Lang, it: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::It => it,
        Lang::En => en,
    }
}

/// Names between the quotes of the language, which a terminal writes between backticks; a figure by its name and not by its key.
pub(super) fn quoted(words: &str, lang: Lang) -> String {
    let [open, close] = match lang {
        Lang::It => ['\u{ab}', '\u{bb}'],
        Lang::En => ['\u{201c}', '\u{201d}'],
    };
    let parts = words.split('`').enumerate();
    let parts = parts.map(|(at, part)| match (at % 2, glossary::figure(part)) {
        (0, _) => part.to_owned(),
        (_, Some(figure)) if part.contains('_') => {
            format!("{open}{}{close}", figure.name.get(lang))
        }
        _ => format!("{open}{part}{close}"),
    });
    parts.collect()
}

/// A note as a sentence that stands alone.
fn sentence(words: &str, lang: Lang) -> String {
    let words = quoted(words, lang);
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut own: String = first.into_iter().flatten().chain(letters).collect();
    if !own.ends_with('.') {
        own.push('.');
    }
    own
}

/// The page of an answer.
pub(super) fn page(method: &dyn Method, evaluation: &Evaluation, lang: Lang) -> String {
    let quoted = |words: &str| quoted(words, lang);
    let caveat = caveat(method.claim(), evaluation);
    let title = title(method, evaluation, lang);
    let page = Page {
        lang,
        style: STYLE,
        method: Some(method.title().get(lang).to_owned()).filter(|own| *own != title),
        title,
        lead: quoted(evaluation.summary.get(lang)),
        caveat: caveat.map(|own| quoted(own.get(lang))),
        small: shown::small_groups(evaluation, lang).map(|own| quoted(&own)),
        figures: picture::figures(evaluation, lang),
        parts: parts(evaluation, lang),
    };
    page.render().expect("the template writes into memory")
}

/// What the page is about: the outcome where there is one, else what the method does.
fn title(method: &dyn Method, evaluation: &Evaluation, lang: Lang) -> String {
    let outcome = evaluation.opening.outcome.as_deref();
    let words = match (method.claim(), outcome) {
        (Claim::Effect, Some(outcome)) => Text::new(
            format!("Effetto stimato su `{outcome}`"),
            format!("Estimated effect on `{outcome}`"),
        ),
        (Claim::Association, Some(outcome)) => Text::new(
            format!("Differenze stimate di `{outcome}`"),
            format!("Estimated differences of `{outcome}`"),
        ),
        _ => method.title(),
    };
    quoted(words.get(lang), lang)
}

/// The parts below the sentence, in the order in which questions come.
fn parts(evaluation: &Evaluation, lang: Lang) -> Vec<Part> {
    let notes = |kind: NoteKind| -> Vec<String> {
        let notes = evaluation.notes.iter().filter(|note| note.kind == kind);
        notes
            .map(|note| sentence(note.text.get(lang), lang))
            .collect()
    };
    let part = |section, id, title, points| Part {
        id,
        title,
        points,
        tables: tables(evaluation, section, lang),
        has_picture: section == Some(Section::Result),
    };
    let say = |it, en| said(lang, it, en);
    let sample: Vec<String> = match evaluation.sample.rows {
        0 => Vec::new(),
        _ => shown::sample(&evaluation.sample, lang)
            .iter()
            .map(|own| sentence(own, lang))
            .collect(),
    };
    let parts = vec![
        part(
            Some(Section::Result),
            "result",
            say("Il risultato", "The result"),
            Vec::new(),
        ),
        part(
            Some(Section::Diagnostics),
            "diagnostics",
            say("Quanto ci si può fidare", "How far it can be trusted"),
            notes(NoteKind::Warning),
        ),
        part(
            Some(Section::Sensitivity),
            "sensitivity",
            say("Se si suppone altro", "If something else is supposed"),
            Vec::new(),
        ),
        part(
            Some(Section::Sample),
            "sample",
            say("Chi è stato contato", "Who was counted"),
            sample,
        ),
        part(
            None,
            "assumptions",
            say("Che cosa deve valere", "What must hold"),
            notes(NoteKind::Assumption),
        ),
        part(
            Some(Section::Method),
            "method",
            say("Come è stato calcolato", "How it was computed"),
            notes(NoteKind::Convention),
        ),
    ];
    parts
        .into_iter()
        .filter(|own| !own.points.is_empty() || !own.tables.is_empty())
        .collect()
}

/// The tables of a part: the estimates, the method's own, its single figures.
fn tables(
    evaluation: &Evaluation,
    section: Option<Section>,
    lang: Lang,
) -> Vec<(String, DataTable)> {
    let Some(section) = section else {
        return Vec::new();
    };
    let mut tables = Vec::new();
    if section == Section::Result && !evaluation.estimates.is_empty() {
        tables.push((
            "table-estimates".to_owned(),
            rows::estimates(evaluation, lang),
        ));
    }
    for own in &evaluation.tables {
        if glossary::section(own.key) == section && !own.rows.is_empty() {
            tables.push((format!("table-{}", own.key), rows::table(own, lang)));
        }
    }
    let told = evaluation.figures.iter();
    let keys = told.filter(|(_, own)| **own != Cell::None).map(|own| own.0);
    let figures: Vec<[String; 2]> = keys
        .filter(|key| glossary::figure(key).map_or(Section::Method, |own| own.section) == section)
        .map(|key| shown::figure(evaluation, key, lang, Digits::Person))
        .collect();
    if !figures.is_empty() {
        let id = format!("table-figures-{}", section as u8);
        tables.push((id, rows::figures(section, figures, lang)));
    }
    tables
}
