//! An indicator: the finding in a sentence, charts with their tables and files, and all that must be known to read them.

use std::collections::BTreeSet;

use askama::Template;
use wdl_chart::numbers::date;
use wdl_result::{ObservableFrom, Protection};
use wdl_vocab::Lang;

use super::Files;
use super::data::{File, by_words, files_of};
use crate::PublicationError;
use crate::blocks;
use crate::cell::CellAddress;
use crate::model::{Hidden, Indicator, Model, newest};
use crate::parts::figures::{self, Figures, rendered};
use crate::parts::shell::{Link, Shell};
use crate::parts::short;
use crate::paths::PageId;
use crate::release_face::ReleasedTable;
use crate::sentence;
use crate::words::{TEXTS, form, say};

#[derive(Template)]
#[template(path = "indicator.html")]
struct Page<'a> {
    shell: Shell<'a>,
    headline: Option<(String, String)>,
    finding: String,
    strip: Vec<Fact>,
    text: Option<String>,
    sections: Vec<Section>,
    facts: Vec<Fact>,
    bodies: Vec<Link>,
    origin: Vec<Fact>,
    releases: Vec<Vec<String>>,
    trace: Trace,
}

/// A term and what there is to say about it.
struct Fact {
    term: String,
    words: String,
}

/// One table of the indicator.
struct Section {
    id: String,
    title: String,
    figures: Figures,
    history: Option<Figures>,
    history_title: String,
    files: Vec<File>,
}

/// How to follow one number back.
struct Trace {
    command: String,
    form: String,
}

pub(super) fn html(
    model: &Model<'_>,
    id: &str,
    files: &Files,
    lang: Lang,
) -> Result<String, PublicationError> {
    let indicator = model
        .indicator(id)
        .expect("pages are made for the indicators there are");
    let header = indicator.header;
    let page = PageId::Indicator(id.to_owned());
    let mut shell = Shell::new(model, lang, page, header.title.get(lang).to_owned());
    shell.description = header.definition.get(lang).to_owned();
    if let Some(theme) = model.theme(&header.theme) {
        let page = PageId::Theme(theme.id.to_string());
        let link = shell.link(page, theme.title.get(lang).to_owned());
        shell.crumbs.push(link);
    }
    let place = blocks::Page {
        model,
        lang,
        root: &shell.root,
    };
    let text = model.indicator_text(id).map(|text| text.face(lang));
    let text = text
        .map(|face| blocks::render(&face.body, place))
        .transpose()?;
    let mut sections = Vec::new();
    for released in &indicator.tables {
        sections.push(section(&shell, released, files)?);
    }
    Ok(rendered(&Page {
        headline: sentence::headline(indicator, lang),
        finding: sentence::finding(indicator, lang),
        strip: strip(indicator, lang),
        text,
        sections,
        facts: facts(indicator, lang),
        bodies: bodies(&shell, indicator),
        origin: origin(indicator, lang),
        releases: releases(indicator, lang),
        trace: trace(indicator, lang),
        shell,
    }))
}

fn section(
    shell: &Shell<'_>,
    released: &ReleasedTable<'_>,
    files: &Files,
) -> Result<Section, PublicationError> {
    let lang = shell.lang;
    let table = released.table();
    let id = format!("t-{}", table.breakdown());
    let title = match table.dimensions.is_empty() {
        true => say(lang, "indicator-over-time"),
        false => TEXTS.get(
            lang,
            "indicator-by",
            &[("dimension", by_words(released, lang).to_lowercase())],
        ),
    };
    let history_id = format!("{id}-h");
    let shown = match table.dimensions.len() {
        1 => figures::history(table, &history_id, lang)?,
        _ => None,
    };
    Ok(Section {
        title,
        figures: figures::of(table, newest(table), &shell.model.areas, &id, lang)?,
        history: shown,
        history_title: TEXTS.get(
            lang,
            "indicator-history",
            &[("count", table.periods().len().to_string())],
        ),
        files: files_of(shell, released, files),
        id,
    })
}

fn fact(lang: Lang, key: &str, words: impl Into<String>) -> Fact {
    Fact {
        term: say(lang, key),
        words: words.into(),
    }
}

fn periods(indicator: &Indicator<'_>, lang: Lang) -> String {
    let periods = indicator.lead().table().periods();
    match periods.as_slice() {
        [] => say(lang, "finding-none"),
        [one] => one.label(lang),
        [first, .., last] => TEXTS.get(
            lang,
            "period-range",
            &[("first", first.label(lang)), ("last", last.label(lang))],
        ),
    }
}

/// What a reader needs at first sight, above the chart.
fn strip(indicator: &Indicator<'_>, lang: Lang) -> Vec<Fact> {
    let header = indicator.header;
    let mut strip = vec![
        fact(lang, "fact-population", header.population.get(lang)),
        fact(lang, "fact-period", periods(indicator, lang)),
        fact(lang, "fact-date", date(&header.data_date, lang)),
        fact(
            lang,
            "fact-hidden-short",
            hidden_short(indicator.hidden(), lang),
        ),
    ];
    strip.extend(header.protection.map(|protection| {
        let words = changed_short(protection, lang);
        fact(lang, "fact-changed", words)
    }));
    strip
}

fn changed_short(protection: Protection, lang: Lang) -> String {
    match protection.furthest() {
        Some(away) => {
            let args = [("away", lang.number(f64::from(away), 0))];
            TEXTS.get(lang, "changed-at-most-short", &args)
        }
        None => say(lang, "changed-by-chance-short"),
    }
}

fn facts(indicator: &Indicator<'_>, lang: Lang) -> Vec<Fact> {
    let header = indicator.header;
    let observable = match header.observable_from {
        ObservableFrom::Register => "observable-register",
        ObservableFrom::Survey => "observable-survey",
        ObservableFrom::Simulation => "observable-simulation",
        ObservableFrom::NoneHere => "observable-none",
    };
    let period = match indicator.lead().table().periods().first() {
        Some(wdl_vocab::Period::Year(_)) => "period-years",
        Some(wdl_vocab::Period::Quarter { .. }) | None => "period-quarters",
    };
    let period = TEXTS.get(lang, period, &[("range", periods(indicator, lang))]);
    vec![
        fact(lang, "fact-definition", header.definition.get(lang)),
        fact(lang, "fact-source", header.source.get(lang)),
        fact(lang, "fact-population", header.population.get(lang)),
        fact(lang, "fact-base", header.n_label.get(lang)),
        fact(lang, "fact-period", period),
        fact(lang, "fact-coverage", header.coverage.get(lang)),
        fact(lang, "fact-uncertainty", header.uncertainty.get(lang)),
        fact(lang, "fact-hidden", hidden_words(indicator.hidden(), lang)),
        fact(lang, "fact-date", date(&header.data_date, lang)),
        fact(lang, "fact-observable", say(lang, observable)),
    ]
}

fn hidden_short(hidden: Hidden, lang: Lang) -> String {
    if hidden.suppressed == 0 {
        return say(lang, "hidden-none-short");
    }
    TEXTS.get(
        lang,
        "hidden-some-short",
        &[
            ("count", lang.number(hidden.suppressed as f64, 0)),
            ("cells", lang.number(hidden.cells as f64, 0)),
        ],
    )
}

/// What was suppressed and why, and what else is missing.
fn hidden_words(hidden: Hidden, lang: Lang) -> String {
    let number = |count: usize| lang.number(count as f64, 0);
    let mut sentences = vec![match hidden.suppressed {
        0 => say(lang, "hidden-none"),
        suppressed => TEXTS.get(
            lang,
            "hidden-some",
            &[
                ("form", form(suppressed)),
                ("count", number(suppressed)),
                ("cells", number(hidden.cells)),
            ],
        ),
    }];
    for (count, key) in [
        (hidden.not_computable, "hidden-not-computable"),
        (hidden.not_collected, "hidden-not-collected"),
    ] {
        if count > 0 {
            let args = [("form", form(count)), ("count", number(count))];
            sentences.push(TEXTS.get(lang, key, &args));
        }
    }
    sentences.join(" ")
}

/// Versions, digests and deliveries: what makes a number traceable.
fn origin(indicator: &Indicator<'_>, lang: Lang) -> Vec<Fact> {
    let lineages: Vec<_> = indicator
        .tables
        .iter()
        .map(|released| &released.table().header.lineage)
        .collect();
    let snapshots: BTreeSet<&str> = lineages.iter().map(|each| each.snapshot.as_str()).collect();
    let inputs = || lineages.iter().flat_map(|each| &each.inputs);
    let tables: BTreeSet<&str> = inputs().map(|input| input.table.as_str()).collect();
    let deliveries: BTreeSet<&str> = inputs()
        .flat_map(|input| input.deliveries.iter().map(String::as_str))
        .collect();
    let listed = |words: BTreeSet<&str>| words.into_iter().collect::<Vec<_>>().join(", ");
    let lineage = &indicator.header.lineage;
    let mut facts = vec![
        fact(lang, "origin-method", indicator.header.statistic.clone()),
        fact(lang, "origin-code", lineage.code_version.clone()),
        fact(
            lang,
            "origin-definition",
            short(&lineage.definition.to_string()),
        ),
        fact(lang, "origin-snapshot", listed(snapshots)),
    ];
    if !tables.is_empty() {
        facts.push(fact(lang, "origin-tables", listed(tables)));
    }
    if !deliveries.is_empty() {
        let count = deliveries.len();
        let words = TEXTS.get(
            lang,
            "origin-deliveries-count",
            &[
                ("form", form(count)),
                ("count", lang.number(count as f64, 0)),
            ],
        );
        facts.push(fact(lang, "origin-deliveries", words));
    }
    facts
}

/// The bodies whose data the indicator rests on, in the order of the lab.
fn bodies(shell: &Shell<'_>, indicator: &Indicator<'_>) -> Vec<Link> {
    let bodies = &shell.lab().bodies;
    let rests = |body: &&wdl_protocol::Body| indicator.rests_on.contains_key(body.id.as_str());
    let link = |body: &wdl_protocol::Body| {
        let page = PageId::Body(body.id.to_string());
        shell.link(page, body.name.get(shell.lang).to_owned())
    };
    bodies.iter().filter(rests).map(link).collect()
}

/// The releases of the indicator's tables, each with its reviews.
fn releases(indicator: &Indicator<'_>, lang: Lang) -> Vec<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for released in &indicator.tables {
        let release = &released.release;
        if !seen.insert(release.id.as_str()) {
            continue;
        }
        let reviews: Vec<String> = release
            .reviews
            .iter()
            .map(|review| format!("{} ({})", review.by.get(lang), date(&review.on, lang)))
            .collect();
        rows.push(vec![
            release.id.to_string(),
            format!(
                "{} ({})",
                release.requested_by.get(lang),
                date(&release.requested_on, lang)
            ),
            reviews.join("; "),
            date(&release.released_on, lang),
            release
                .entry
                .map_or_else(|| "–".to_owned(), |entry| lang.number(entry as f64, 0)),
        ]);
    }
    rows
}

fn trace(indicator: &Indicator<'_>, lang: Lang) -> Trace {
    let table = indicator.lead().table();
    let newest = newest(table);
    let cell = table
        .cells
        .iter()
        .rev()
        .find(|cell| Some(cell.period) == newest);
    let address = cell.map(|cell| CellAddress::of(table, cell).to_string());
    let parts = ["trace-breakdown", "trace-period", "trace-categories"].map(|key| say(lang, key));
    Trace {
        command: format!(
            "wdl trace {}",
            address.unwrap_or_else(|| indicator.id.to_owned())
        ),
        form: format!("{}/{}", indicator.id, parts.join("/")),
    }
}
