//! What comes back to one body: the indicators that rest on its data, what became of its deliveries, the releases its offices examined.
//!
//! Which indicator rests on whose data is read from the lineage of its tables and the record, never written down.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use wdl_chart::numbers::date;
use wdl_ledger::{Act, Received};
use wdl_protocol::Body;
use wdl_vocab::{Lang, Period};

use crate::PublicationError;
use crate::blocks;
use crate::model::{Indicator, Model};
use crate::parts::figures::rendered;
use crate::parts::shell::{Link, Shell};
use crate::parts::tiles::{Tile, tile};
use crate::paths::PageId;
use crate::words::{TEXTS, form, say};

#[derive(Template)]
#[template(path = "body.html")]
struct Page<'a> {
    shell: Shell<'a>,
    lead: String,
    themes: Vec<Group>,
    is_source: bool,
    datasets: Vec<Dataset>,
    deliveries_words: String,
    refused: Option<String>,
    work: Vec<String>,
    acts: Link,
    data: Link,
    how_to_read: Link,
}

/// The indicators of a theme that rest on the body's data.
struct Group {
    title: String,
    indicators: Vec<Returned>,
}

/// An indicator with the data it rests on.
struct Returned {
    entry: Tile,
    own: String,
    others: Option<String>,
}

/// A dataset of the body: what came and what it serves.
struct Dataset {
    title: String,
    deliveries: String,
    quarters: String,
    newest: String,
    rows: String,
    rejected: String,
    without_person: String,
    last: String,
    indicators: String,
}

/// What a body gave and what rests on it.
pub(super) struct Contribution<'m> {
    body: &'m Body,
    deliveries: Vec<&'m (&'m Received, String)>,
    indicators: Vec<&'m Indicator<'m>>,
    published: usize,
}

impl<'m> Contribution<'m> {
    pub(super) fn of(model: &'m Model<'m>, body: &'m Body) -> Contribution<'m> {
        let is_of = |each: &&(&Received, String)| each.0.body == body.id;
        let rests = |each: &&Indicator<'_>| each.rests_on.contains_key(body.id.as_str());
        Contribution {
            body,
            deliveries: model.deliveries.iter().filter(is_of).collect(),
            indicators: model.indicators.iter().filter(rests).collect(),
            published: model.indicators.len(),
        }
    }

    fn datasets(&self) -> BTreeSet<&'m str> {
        let names = self.deliveries.iter();
        names
            .map(|(received, _)| received.dataset.as_str())
            .collect()
    }

    /// How much came, and how many of the published indicators rest on it.
    pub(super) fn in_a_sentence(&self, lang: Lang) -> String {
        let number = |count: usize| lang.number(count as f64, 0);
        if self.deliveries.is_empty() {
            let args = [("body", self.body.name.get(lang).to_owned())];
            return TEXTS.get(lang, "body-lead-none", &args);
        }
        let args = [
            ("body", self.body.name.get(lang).to_owned()),
            ("form", form(self.deliveries.len())),
            ("deliveries", number(self.deliveries.len())),
            ("datasets_form", form(self.datasets().len())),
            ("datasets", number(self.datasets().len())),
            ("indicators_form", form(self.indicators.len())),
            ("indicators", number(self.indicators.len())),
            ("published", number(self.published)),
        ];
        let key = match self.indicators.is_empty() {
            true => "body-lead-unused",
            false => "body-lead",
        };
        TEXTS.get(lang, key, &args)
    }
}

pub(super) fn html(model: &Model<'_>, id: &str, lang: Lang) -> Result<String, PublicationError> {
    let bodies = &model.lab().bodies;
    let body = bodies
        .iter()
        .find(|body| body.id.as_str() == id)
        .expect("pages are made for the bodies there are");
    let args = [("body", body.name.get(lang).to_owned())];
    let title = TEXTS.get(lang, "body-title", &args);
    let mut shell = Shell::new(model, lang, PageId::Body(id.to_owned()), title);
    shell
        .crumbs
        .push(shell.link(PageId::Bodies, say(lang, "nav-bodies")));
    let contribution = Contribution::of(model, body);
    shell.description = contribution.in_a_sentence(lang);
    Ok(rendered(&Page {
        lead: shell.description.clone(),
        themes: themes(&shell, &contribution)?,
        is_source: !contribution.deliveries.is_empty(),
        datasets: datasets(&shell, &contribution),
        deliveries_words: deliveries_words(model, lang),
        refused: refused(model, body, lang),
        work: work(model, body, lang),
        acts: shell.link(PageId::Acts, say(lang, "nav-acts")),
        data: shell.link(PageId::Data, say(lang, "nav-data")),
        how_to_read: shell.link(PageId::HowToRead, say(lang, "nav-how-to-read")),
        shell,
    }))
}

fn themes(
    shell: &Shell<'_>,
    contribution: &Contribution<'_>,
) -> Result<Vec<Group>, PublicationError> {
    let mut groups = Vec::new();
    for theme in &shell.lab().themes {
        let of_theme = contribution
            .indicators
            .iter()
            .filter(|each| each.header.theme == theme.id.as_str());
        let indicators = of_theme
            .map(|each| returned(shell, each, contribution.body))
            .collect::<Result<Vec<_>, _>>()?;
        if !indicators.is_empty() {
            groups.push(Group {
                title: theme.title.get(shell.lang).to_owned(),
                indicators,
            });
        }
    }
    Ok(groups)
}

fn returned(
    shell: &Shell<'_>,
    indicator: &Indicator<'_>,
    body: &Body,
) -> Result<Returned, PublicationError> {
    let (model, lang) = (shell.model, shell.lang);
    let own = indicator.rests_on.get(body.id.as_str());
    let own: Vec<String> = own
        .into_iter()
        .flatten()
        .map(|dataset| model.dataset(body.id.as_str(), dataset, lang))
        .collect();
    let others: Vec<String> = indicator
        .rests_on
        .keys()
        .filter(|other| **other != body.id.as_str())
        .map(|other| model.body(other, lang))
        .collect();
    let words =
        |key: &str, names: Vec<String>| TEXTS.get(lang, key, &[("names", names.join(", "))]);
    let place = blocks::Page {
        model,
        lang,
        root: &shell.root,
    };
    Ok(Returned {
        entry: tile(place, indicator)?,
        own: words("body-rests-on", own),
        others: (!others.is_empty()).then(|| words("body-with", others)),
    })
}

/// The quarters from the first in which anything came to the last, from all bodies: what a delivery could have been expected in.
fn quarters(model: &Model<'_>) -> Vec<Period> {
    let periods = || model.deliveries.iter().map(|(received, _)| received.period);
    let (Some(first), Some(last)) = (periods().min(), periods().max()) else {
        return Vec::new();
    };
    std::iter::successors(Some(first), |period| Some(period.next()))
        .take_while(|period| *period <= last)
        .collect()
}

fn deliveries_words(model: &Model<'_>, lang: Lang) -> String {
    match quarters(model).as_slice() {
        [] => say(lang, "acts-none"),
        [first, .., last] => {
            let args = [("first", first.label(lang)), ("last", last.label(lang))];
            TEXTS.get(lang, "body-deliveries-words", &args)
        }
        [only] => {
            let args = [("first", only.label(lang)), ("last", only.label(lang))];
            TEXTS.get(lang, "body-deliveries-words", &args)
        }
    }
}

fn datasets(shell: &Shell<'_>, contribution: &Contribution<'_>) -> Vec<Dataset> {
    let all = quarters(shell.model);
    let mut by_name: BTreeMap<&str, Vec<&(&Received, String)>> = BTreeMap::new();
    for delivery in &contribution.deliveries {
        let of_dataset = by_name.entry(delivery.0.dataset.as_str()).or_default();
        of_dataset.push(delivery);
    }
    by_name
        .into_iter()
        .map(|(name, deliveries)| dataset(shell, contribution, (name, &deliveries), &all))
        .collect()
}

fn dataset(
    shell: &Shell<'_>,
    contribution: &Contribution<'_>,
    (name, deliveries): (&str, &[&(&Received, String)]),
    all: &[Period],
) -> Dataset {
    let (model, lang) = (shell.model, shell.lang);
    let number = |count: u64| lang.number(count as f64, 0);
    let body = contribution.body.id.as_str();
    let came: BTreeSet<Period> = deliveries.iter().map(|each| each.0.period).collect();
    let rows: u64 = deliveries.iter().map(|each| each.0.rows.get()).sum();
    let rejected: u64 = deliveries
        .iter()
        .map(|each| each.0.rows_rejected.get())
        .sum();
    let without: u64 = deliveries
        .iter()
        .map(|each| each.0.rows_without_person.get())
        .sum();
    let resting = contribution.indicators.iter().filter(|each| {
        let own = each.rests_on.get(body);
        own.is_some_and(|datasets| datasets.contains(name))
    });
    let last = deliveries.iter().map(|each| each.1.as_str()).max();
    let missed: Vec<String> = all
        .iter()
        .filter(|quarter| !came.contains(quarter))
        .map(|quarter| quarter.label(lang))
        .collect();
    let of = [
        ("came", number(came.len() as u64)),
        ("all", number(all.len() as u64)),
        ("missed", missed.join(", ")),
    ];
    let quarters = match missed.is_empty() {
        true => "body-quarters-all",
        false => "body-quarters-some",
    };
    Dataset {
        title: model.dataset(body, name, lang),
        deliveries: number(deliveries.len() as u64),
        quarters: TEXTS.get(lang, quarters, &of),
        newest: came
            .last()
            .map_or_else(String::new, |newest| newest.label(lang)),
        rows: number(rows),
        rejected: share(rejected, rows + rejected, lang),
        without_person: share(without, rows, lang),
        last: last.map_or_else(String::new, |last| date(last, lang)),
        indicators: number(resting.count() as u64),
    }
}

/// A part of rows that the record gives to the nearest ten: one decimal when it can bear it, else only its order.
fn share(part: u64, of: u64, lang: Lang) -> String {
    match (part, of) {
        (_, 0) => "–".to_owned(),
        (0, _) => say(lang, "body-share-none"),
        (part, of) => {
            let percent = 100.0 * part as f64 / of as f64;
            match percent < 0.1 {
                true => say(lang, "body-share-little"),
                false => format!("{}%", lang.number(percent, 1)),
            }
        }
    }
}

/// How many deliveries of the body were refused, where any was.
fn refused(model: &Model<'_>, body: &Body, lang: Lang) -> Option<String> {
    let is_refused = |entry: &&wdl_ledger::Entry| {
        let is_its = matches!(&entry.act, Act::Offered { body: Some(of), .. } if *of == body.id);
        is_its && !entry.outcome.is_done()
    };
    let count = model.input.acts.iter().filter(is_refused).count();
    let args = [
        ("form", form(count)),
        ("count", lang.number(count as f64, 0)),
    ];
    (count > 0).then(|| TEXTS.get(lang, "body-refused", &args))
}

/// What the offices of the body did in the lab: releases examined, bases built, sites published.
fn work(model: &Model<'_>, body: &Body, lang: Lang) -> Vec<String> {
    let offices: BTreeSet<&str> = model
        .lab()
        .people
        .iter()
        .filter(|actor| actor.body == body.id)
        .map(|actor| actor.id.as_str())
        .collect();
    let (mut reviews, mut builds, mut releases) = (0, 0, 0);
    for entry in model.input.acts {
        if !entry.outcome.is_done() || !offices.contains(entry.actor.as_str()) {
            continue;
        }
        match &entry.act {
            Act::ReleaseReviewed { .. } => reviews += 1,
            Act::Built { .. } => builds += 1,
            Act::Released { .. } => releases += 1,
            Act::LabCreated { .. }
            | Act::Certified { .. }
            | Act::Received(_)
            | Act::Offered { .. }
            | Act::DoubtDecided { .. }
            | Act::StudyPlanned { .. }
            | Act::StudyRegistered { .. }
            | Act::StudyRun { .. }
            | Act::ReleaseRequested { .. }
            | Act::VoteOpened { .. }
            | Act::NoisePaid { .. }
            | Act::Withdrawn { .. }
            | Act::Published { .. }
            | Act::DraftsRead { .. }
            | Act::TranscriptKept { .. }
            | Act::TranscriptRead { .. }
            | Act::TranscriptDestroyed { .. }
            | Act::Verified { .. } => {}
        }
    }
    let counted = [
        (builds, "body-builds"),
        (reviews, "body-reviews"),
        (releases, "body-releases"),
    ];
    counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, key)| {
            let args = [
                ("form", form(count)),
                ("count", lang.number(count as f64, 0)),
            ];
            TEXTS.get(lang, key, &args)
        })
        .collect()
}
