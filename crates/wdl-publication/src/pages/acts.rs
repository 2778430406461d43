//! What is done with the data: deliveries, builds, requests, reviews, releases, refusals and the checkpoint, from the ledger's acts.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use wdl_chart::numbers::date;
use wdl_vocab::{Lang, Period};

use crate::input::{Act, Checkpoint, Deed};
use crate::model::Model;
use crate::parts::figures::rendered;
use crate::parts::shell::Shell;
use crate::parts::{moment, short};
use crate::paths::PageId;
use crate::words::{TEXTS, form, say};

/// The acts shown on the page; every one is in the file.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "acts.html")]
struct Page<'a> {
    shell: Shell<'a>,
    counts: Vec<(String, String)>,
    bodies: String,
    datasets: Vec<Dataset>,
    uses: Vec<Use>,
    refusals: Vec<Shown>,
    acts: Vec<Shown>,
    shown: String,
    checkpoint: Option<Sealed<'a>>,
    file: String,
}

/// A dataset that came.
struct Dataset {
    body: String,
    dataset: String,
    deliveries: String,
    newest: String,
    rows: String,
    last: String,
}

/// A release: what was let out, and who allowed it.
struct Use {
    id: String,
    indicators: Vec<crate::parts::shell::Link>,
    asked: String,
    reviews: Vec<String>,
    released: String,
}

/// An act in words.
struct Shown {
    sequence: String,
    time: String,
    actor: String,
    words: String,
    outcome: String,
    is_refused: bool,
    entry: String,
}

struct Sealed<'a> {
    words: String,
    checkpoint: &'a Checkpoint,
}

/// How many acts of each kind.
#[derive(Default)]
pub(super) struct Tally {
    deliveries: u64,
    builds: u64,
    releases: u64,
    refusals: u64,
}

impl Tally {
    pub(super) fn of(model: &Model<'_>) -> Tally {
        let mut tally = Tally::default();
        for act in &model.input.acts {
            if act.refused.is_some() {
                tally.refusals += 1;
                continue;
            }
            match act.deed {
                Deed::Delivery { .. } => tally.deliveries += 1,
                Deed::Build { .. } => tally.builds += 1,
                Deed::Release { .. } => tally.releases += 1,
                Deed::Request { .. }
                | Deed::Review { .. }
                | Deed::Publication
                | Deed::Other { .. } => {}
            }
        }
        tally
    }

    /// Counts with their words.
    pub(super) fn shown(&self, lang: Lang) -> Vec<(u64, String)> {
        let counts = [
            (self.deliveries, "tally-deliveries"),
            (self.builds, "tally-builds"),
            (self.releases, "tally-releases"),
            (self.refusals, "tally-refusals"),
        ];
        counts
            .into_iter()
            .map(|(count, key)| {
                let form = form(usize::try_from(count).unwrap_or(usize::MAX));
                (count, TEXTS.get(lang, key, &[("form", form)]))
            })
            .collect()
    }
}

pub(super) fn html(model: &Model<'_>, lang: Lang) -> String {
    let shell = Shell::new(model, lang, PageId::Acts, say(lang, "acts-title"));
    let acts = &model.input.acts;
    let shown: Vec<Shown> = acts
        .iter()
        .rev()
        .take(SHOWN)
        .map(|act| in_words(model, act, lang))
        .collect();
    let refusals = acts.iter().rev().filter(|act| act.refused.is_some());
    let number = |count: usize| lang.number(count as f64, 0);
    let args = [
        ("shown", number(shown.len())),
        ("count", number(acts.len())),
    ];
    let names: Vec<&str> = model
        .lab()
        .bodies
        .iter()
        .map(|body| body.name.get(lang))
        .collect();
    rendered(&Page {
        counts: Tally::of(model)
            .shown(lang)
            .into_iter()
            .map(|(count, words)| (lang.number(count as f64, 0), words))
            .collect(),
        bodies: names.join(" · "),
        datasets: datasets(model, lang),
        uses: uses(&shell),
        refusals: refusals
            .take(SHOWN)
            .map(|act| in_words(model, act, lang))
            .collect(),
        shown: TEXTS.get(lang, "acts-shown", &args),
        acts: shown,
        checkpoint: model
            .input
            .checkpoint
            .as_ref()
            .map(|checkpoint| sealed(checkpoint, lang)),
        file: format!("{}data/acts.csv", shell.root),
        shell,
    })
}

fn sealed(checkpoint: &Checkpoint, lang: Lang) -> Sealed<'_> {
    let args = [
        ("count", lang.number(checkpoint.entries as f64, 0)),
        ("time", moment(&checkpoint.time, lang)),
    ];
    Sealed {
        words: TEXTS.get(lang, "checkpoint-words", &args),
        checkpoint,
    }
}

/// What came from whom: accepted deliveries by dataset.
fn datasets(model: &Model<'_>, lang: Lang) -> Vec<Dataset> {
    struct Sum {
        count: usize,
        newest: Period,
        rows: u64,
        last: String,
    }
    let mut sums: BTreeMap<(usize, String, String), Sum> = BTreeMap::new();
    let place = |id: &str| {
        let bodies = &model.lab().bodies;
        bodies
            .iter()
            .position(|body| body.id.as_str() == id)
            .unwrap_or(bodies.len())
    };
    for act in model.input.acts.iter().filter(|act| act.refused.is_none()) {
        let Deed::Delivery {
            body,
            dataset,
            period,
            rows,
        } = &act.deed
        else {
            continue;
        };
        let key = (place(body.as_str()), body.to_string(), dataset.to_string());
        let sum = sums.entry(key).or_insert(Sum {
            count: 0,
            newest: *period,
            rows: 0,
            last: String::new(),
        });
        sum.count += 1;
        sum.newest = sum.newest.max(*period);
        sum.rows += rows.unwrap_or(0);
        sum.last = sum.last.clone().max(act.time.clone());
    }
    sums.into_iter()
        .map(|((_, body, dataset), sum)| Dataset {
            body: model.body(&body, lang),
            dataset,
            deliveries: lang.number(sum.count as f64, 0),
            newest: sum.newest.label(lang),
            rows: lang.number(sum.rows as f64, 0),
            last: date(&sum.last, lang),
        })
        .collect()
}

/// The releases behind the published tables, in the order of the pages.
fn uses(shell: &Shell<'_>) -> Vec<Use> {
    let (model, lang) = (shell.model, shell.lang);
    let mut seen = BTreeSet::new();
    let mut uses: Vec<Use> = Vec::new();
    for indicator in &model.indicators {
        for released in &indicator.tables {
            let release = &released.release;
            let link = shell.link(
                PageId::Indicator(indicator.id.to_owned()),
                indicator.header.title.get(lang).to_owned(),
            );
            if !seen.insert(release.id.as_str()) {
                let there = uses.iter_mut().find(|each| each.id == release.id.as_str());
                if let Some(there) =
                    there.filter(|there| there.indicators.iter().all(|each| each.href != link.href))
                {
                    there.indicators.push(link);
                }
                continue;
            }
            uses.push(Use {
                id: release.id.to_string(),
                indicators: vec![link],
                asked: format!(
                    "{}, {}",
                    release.requested_by.get(lang),
                    date(&release.requested_on, lang)
                ),
                reviews: release
                    .reviews
                    .iter()
                    .map(|review| format!("{}, {}", review.by.get(lang), date(&review.on, lang)))
                    .collect(),
                released: date(&release.released_on, lang),
            });
        }
    }
    uses
}

fn in_words(model: &Model<'_>, act: &Act, lang: Lang) -> Shown {
    let outcome = match &act.refused {
        None => say(lang, "act-done"),
        Some(code) => TEXTS.get(lang, "act-refused", &[("code", code.clone())]),
    };
    Shown {
        sequence: act.sequence.to_string(),
        time: moment(&act.time, lang),
        actor: act.actor.get(lang).to_owned(),
        words: deed_words(model, &act.deed, lang),
        outcome,
        is_refused: act.refused.is_some(),
        entry: short(&act.entry.to_string()),
    }
}

fn deed_words(model: &Model<'_>, deed: &Deed, lang: Lang) -> String {
    let get = |key: &str, args: &[(&str, String)]| TEXTS.get(lang, key, args);
    match deed {
        Deed::Delivery {
            body,
            dataset,
            period,
            rows,
        } => {
            let mut words = get(
                "act-delivery",
                &[
                    ("body", model.body(body.as_str(), lang)),
                    ("dataset", dataset.to_string()),
                    ("period", period.label(lang)),
                ],
            );
            if let Some(rows) = rows {
                let rows = lang.number(*rows as f64, 0);
                words.push_str(&get("act-delivery-rows", &[("rows", rows)]));
            }
            words
        }
        Deed::Build {
            snapshot: Some(snapshot),
        } => get("act-build", &[("snapshot", snapshot.to_string())]),
        Deed::Build { snapshot: None } => say(lang, "act-build-none"),
        Deed::Request { release } => get("act-request", &[("release", release.to_string())]),
        Deed::Review {
            release,
            is_approved: true,
        } => get("act-review-yes", &[("release", release.to_string())]),
        Deed::Review {
            release,
            is_approved: false,
        } => get("act-review-no", &[("release", release.to_string())]),
        Deed::Release { release } => get("act-release", &[("release", release.to_string())]),
        Deed::Publication => say(lang, "act-publication"),
        Deed::Other { name } => name.get(lang).to_owned(),
    }
}
