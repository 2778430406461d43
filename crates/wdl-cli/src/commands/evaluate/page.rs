//! The report of an evaluation: one page that stands alone, in the reader's language.
//!
//! Estimates, counts, names of columns and groups, and means of groups that may be small: the page says that it has not been through disclosure control.

use askama::Template;
use wdl_chart::{
    Column, DataCell, DataTable, Effect, Effects, Gaps, Origin, Picture as _, Place, Row, Scope,
    Width,
};
use wdl_evaluation::{Evaluation, Method, NoteKind, Table, shown};
use wdl_vocab::{Lang, Text};

const STYLE: &str = include_str!("../../../templates/link-report.css");

/// The estimates drawn at most: a picture of more is a wall.
const DRAWN: usize = 40;

#[derive(Template)]
#[template(path = "evaluation-report.html")]
struct Page {
    lang: Lang,
    style: &'static str,
    title: String,
    estimand: String,
    lead: Vec<String>,
    figure: Option<Figure>,
    estimates: DataTable,
    sample: Vec<String>,
    notes: Vec<(String, Vec<String>)>,
    figures: Option<DataTable>,
    /// Each with the id of its caption.
    tables: Vec<(String, DataTable)>,
}

struct Figure {
    wide: String,
    narrow: String,
    words: String,
}

impl Page {
    fn say(&self, it: &'static str, en: &'static str) -> &'static str {
        said(self.lang, it, en)
    }
}

fn said(lang: Lang, it: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::It => it,
        Lang::En => en,
    }
}

/// The page of an answer.
pub(super) fn page(method: &dyn Method, evaluation: &Evaluation, lang: Lang) -> String {
    let page = Page {
        lang,
        style: STYLE,
        title: method.title().get(lang).to_owned(),
        estimand: evaluation.estimand.get(lang).to_owned(),
        lead: lead(evaluation, lang),
        figure: figure(evaluation, lang),
        estimates: table(
            said(lang, "Stime", "Estimates"),
            shown::estimates(&evaluation.estimates, lang),
        ),
        sample: shown::sample(&evaluation.sample, lang),
        notes: notes(evaluation, lang),
        figures: figures(evaluation, lang),
        tables: evaluation
            .tables
            .iter()
            .map(|own: &Table| {
                let id = format!("table-{}", own.key);
                (id, table(own.title.get(lang), shown::table(own, lang)))
            })
            .collect(),
    };
    page.render().expect("the template writes into memory")
}

/// The main estimate in a sentence, and how sure it is.
fn lead(evaluation: &Evaluation, lang: Lang) -> Vec<String> {
    let Some(main) = evaluation.estimates.first() else {
        return Vec::new();
    };
    let number = |value| shown::decimal(value, lang);
    let estimate = number(main.estimate);
    let Some([low, high]) = main.interval else {
        let words = Text::new(
            format!("Stima: {estimate}, senza un intervallo: non si può dire quanto sia sicura."),
            format!("Estimate: {estimate}, without an interval: how sure it is cannot be said."),
        );
        return vec![words.get(lang).to_owned()];
    };
    let (low_words, high_words) = (number(low), number(high));
    let percent = lang.number(100.0 * main.level, 0);
    let first = Text::new(
        format!("Stima: {estimate} (intervallo al {percent} %: da {low_words} a {high_words})."),
        format!("Estimate: {estimate} ({percent} % interval: {low_words} to {high_words})."),
    );
    let second = match low <= 0.0 && high >= 0.0 {
        true => Text::fixed(
            "L'intervallo comprende lo zero: con questi dati un effetto nullo non si può escludere.",
            "The interval holds zero: with these data no effect at all cannot be ruled out.",
        ),
        false => Text::fixed(
            "L'intervallo non comprende lo zero: un effetto nullo si concilia male con questi dati, se valgono le ipotesi qui sotto.",
            "The interval does not hold zero: no effect at all is hard to reconcile with these data, if the assumptions below hold.",
        ),
    };
    vec![first.get(lang).to_owned(), second.get(lang).to_owned()]
}

fn figure(evaluation: &Evaluation, lang: Lang) -> Option<Figure> {
    let drawn = evaluation
        .estimates
        .iter()
        .filter(|own| own.estimate.is_finite());
    let effects: Vec<Effect> = drawn
        .take(DRAWN)
        .map(|own| Effect {
            label: own.name.clone(),
            estimate: own.estimate,
            interval: own
                .interval
                .filter(|ends| ends.iter().all(|end| end.is_finite())),
        })
        .collect();
    if effects.is_empty() {
        return None;
    }
    let level = evaluation.estimates[0].level;
    let picture = Effects { effects, level };
    let title = said(lang, "Stime e intervalli", "Estimates and intervals");
    let draw = |id, width| {
        let place = Place {
            id,
            title,
            width,
            origin: Origin::Unsaid,
        };
        picture.draw(&place, lang).svg
    };
    Some(Figure {
        wide: draw("effects", Width::Wide),
        narrow: draw("effects-narrow", Width::Narrow),
        words: picture.alt(lang),
    })
}

/// Notes by kind: what must hold first, then what speaks against, then usages.
fn notes(evaluation: &Evaluation, lang: Lang) -> Vec<(String, Vec<String>)> {
    let kinds = [
        (
            NoteKind::Assumption,
            said(lang, "Che cosa deve valere", "What must hold"),
        ),
        (
            NoteKind::Warning,
            said(lang, "A che cosa stare attenti", "What to be wary of"),
        ),
        (
            NoteKind::Convention,
            said(lang, "Come è stato calcolato", "How it was computed"),
        ),
    ];
    let of = |kind: NoteKind| -> Vec<String> {
        let notes = evaluation.notes.iter().filter(|note| note.kind == kind);
        notes.map(|note| note.text.get(lang).to_owned()).collect()
    };
    kinds
        .into_iter()
        .map(|(kind, title)| (title.to_owned(), of(kind)))
        .filter(|(_, notes)| !notes.is_empty())
        .collect()
}

fn figures(evaluation: &Evaluation, lang: Lang) -> Option<DataTable> {
    if evaluation.figures.is_empty() {
        return None;
    }
    let mut rows = vec![vec![
        said(lang, "voce", "figure").to_owned(),
        said(lang, "valore", "value").to_owned(),
    ]];
    rows.extend(
        evaluation
            .figures
            .iter()
            .map(|(key, value)| vec![(*key).to_owned(), shown::cell(value, lang)]),
    );
    let title = said(
        lang,
        "Altre cifre del metodo",
        "Further figures of the method",
    );
    Some(table(title, rows))
}

/// Rows of words as a table: the first is its head, the first column names each row.
fn table(caption: &str, rows: Vec<Vec<String>>) -> DataTable {
    let mut rows = rows.into_iter();
    let mut head = rows.next().unwrap_or_default().into_iter();
    let corner = head.next().unwrap_or_default();
    DataTable {
        caption: caption.to_owned(),
        corner,
        columns: head
            .map(|text| Column {
                text,
                scope: Scope::Column,
                is_number: true,
            })
            .collect(),
        rows: rows
            .map(|row| {
                let mut cells = row.into_iter();
                Row {
                    head: cells.next().unwrap_or_default(),
                    scope: Scope::Row,
                    is_total: false,
                    cells: cells.map(|text| DataCell { text, gap: None }).collect(),
                }
            })
            .collect(),
        gaps: Gaps::new(),
    }
}
