//! What is done with the data: deliveries, builds, requests, reviews, releases, refusals and the checkpoint, from the ledger's acts.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use wdl_chart::numbers::date;
use wdl_ledger::{Act, Checkpoint, Entry, Outcome, Word};
use wdl_vocab::diagnostics::{cause, codes};
use wdl_vocab::{BodyId, Diagnostic, Lang, Period};

use crate::model::Model;
use crate::parts::figures::rendered;
use crate::parts::shell::Shell;
use crate::parts::{moment, short};
use crate::paths::PageId;
use crate::site::checkpoint_path;
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
    checkpoint: Option<Sealed>,
    file: String,
    ledger: String,
    seal: String,
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
    reason: Option<String>,
    is_refused: bool,
    entry: String,
}

struct Sealed {
    words: String,
    root: String,
    signature: String,
    key: String,
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
        for entry in model.input.acts {
            if !entry.outcome.is_done() {
                tally.refusals += 1;
                continue;
            }
            match entry.act {
                Act::Received(_) => tally.deliveries += 1,
                Act::Built { .. } => tally.builds += 1,
                Act::Released { .. } => tally.releases += 1,
                Act::LabCreated { .. }
                | Act::Certified { .. }
                | Act::Offered { .. }
                | Act::DoubtDecided { .. }
                | Act::StudyPlanned { .. }
                | Act::StudyRegistered { .. }
                | Act::StudyRun { .. }
                | Act::ReleaseRequested { .. }
                | Act::ReleaseReviewed { .. }
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
    let acts = model.input.acts;
    let shown: Vec<Shown> = acts
        .iter()
        .rev()
        .take(SHOWN)
        .map(|act| in_words(model, act, lang))
        .collect();
    let refusals = acts.iter().rev().filter(|entry| !entry.outcome.is_done());
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
            .map(|checkpoint| sealed(checkpoint, lang)),
        file: format!("{}data/acts.csv", shell.root),
        ledger: format!("{}ledger/ledger.jsonl", shell.root),
        seal: format!("{}{}", shell.root, checkpoint_path(model.lab())),
        shell,
    })
}

fn sealed(checkpoint: &Checkpoint, lang: Lang) -> Sealed {
    let args = [
        ("count", lang.number(checkpoint.entries as f64, 0)),
        ("time", moment(&checkpoint.time.to_string(), lang)),
    ];
    Sealed {
        words: TEXTS.get(lang, "checkpoint-words", &args),
        root: checkpoint.root.to_string(),
        signature: checkpoint.signature.to_string(),
        key: checkpoint.key.to_string(),
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
    for entry in model
        .input
        .acts
        .iter()
        .filter(|entry| entry.outcome.is_done())
    {
        let Act::Received(received) = &entry.act else {
            continue;
        };
        let (body, dataset) = (received.body.to_string(), received.dataset.to_string());
        let key = (place(&body), body, dataset);
        let sum = sums.entry(key).or_insert(Sum {
            count: 0,
            newest: received.period,
            rows: 0,
            last: String::new(),
        });
        sum.count += 1;
        sum.newest = sum.newest.max(received.period);
        sum.rows += received.rows.get();
        sum.last = std::mem::take(&mut sum.last).max(entry.time.to_string());
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

fn in_words(model: &Model<'_>, entry: &Entry, lang: Lang) -> Shown {
    let (outcome, reason) = match &entry.outcome {
        Outcome::Done {} => (say(lang, "act-done"), None),
        Outcome::Refused { code } => {
            let args = [("code", code.as_str().to_owned())];
            (
                TEXTS.get(lang, "act-refused", &args),
                reason(code.as_str(), lang),
            )
        }
    };
    Shown {
        sequence: entry.sequence.to_string(),
        time: moment(&entry.time.to_string(), lang),
        actor: model.actor(&entry.actor, lang),
        words: act_words(model, &entry.act, lang),
        outcome,
        reason,
        is_refused: !entry.outcome.is_done(),
        entry: short(&entry.hash().to_string()),
    }
}

/// Why a code refuses, where it can be said without the particulars of the case.
fn reason(code: &str, lang: Lang) -> Option<String> {
    let code = codes::all().find(|each| each.id == code)?;
    let words = cause(&Diagnostic::new(code), lang);
    (!words.contains(['{', '<'])).then_some(words)
}

fn act_words(model: &Model<'_>, act: &Act, lang: Lang) -> String {
    let get = |key: &str, args: &[(&str, String)]| TEXTS.get(lang, key, args);
    let release = |key: &str, id: &wdl_vocab::ReleaseId| get(key, &[("release", id.to_string())]);
    let of_study = |key: &str, study: Option<&wdl_vocab::StudyId>| {
        let study = study.map_or_else(|| "–".to_owned(), ToString::to_string);
        get(key, &[("study", study)])
    };
    match act {
        Act::LabCreated { .. } => say(lang, "act-lab"),
        Act::Received(received) => get(
            "act-received",
            &[
                ("body", model.body(received.body.as_str(), lang)),
                ("dataset", received.dataset.to_string()),
                ("period", received.period.label(lang)),
                ("rows", lang.number(received.rows.get() as f64, 0)),
            ],
        ),
        Act::Offered {
            body,
            dataset,
            period,
        } => {
            let known = [
                body.as_ref().map(|body| model.body(body.as_str(), lang)),
                dataset.as_ref().map(ToString::to_string),
                period.map(|period| period.label(lang)),
            ];
            let known: Vec<String> = known.into_iter().flatten().collect();
            match known.is_empty() {
                true => say(lang, "act-offered-unknown"),
                false => get("act-offered", &[("known", known.join(", "))]),
            }
        }
        Act::Built {
            snapshot: Some(snapshot),
            ..
        } => get("act-build", &[("snapshot", snapshot.to_string())]),
        Act::Built { snapshot: None, .. } => say(lang, "act-build-none"),
        Act::DoubtDecided {
            doubt: Some(doubt),
            same,
        } => {
            let key = match same {
                Some(true) => "act-doubt-same",
                Some(false) => "act-doubt-different",
                None => "act-doubt-none",
            };
            get(key, &[("doubt", doubt.to_string())])
        }
        Act::DoubtDecided { doubt: None, .. } => say(lang, "act-doubt-unknown"),
        Act::StudyPlanned { study } => of_study("act-study-plan", study.as_ref()),
        Act::StudyRegistered { study } => of_study("act-study-register", study.as_ref()),
        Act::StudyRun {
            study,
            registered: Some(false),
            ..
        } => of_study("act-study-run-before", study.as_ref()),
        Act::StudyRun { study, .. } => of_study("act-study-run", study.as_ref()),
        Act::ReleaseRequested {
            release: Some(id), ..
        } => release("act-request", id),
        Act::ReleaseRequested { release: None, .. } => say(lang, "act-request-none"),
        Act::ReleaseReviewed { release: id } => release("act-review-none", id),
        Act::VoteOpened {
            release: id,
            approved: Some(true),
        } => release("act-review-yes", id),
        Act::VoteOpened {
            release: id,
            approved: Some(false),
        } => release("act-review-no", id),
        Act::VoteOpened {
            release: id,
            approved: None,
        } => release("act-vote-opened", id),
        Act::NoisePaid {
            population,
            spent_thousandths,
        } => {
            let spent = thousandths(*spent_thousandths, lang);
            let population = ("population", population.to_string());
            get("act-noise-paid", &[population, ("spent", spent)])
        }
        Act::Released { release: id } => release("act-release", id),
        Act::Withdrawn { release: id } => release("act-withdrawal", id),
        Act::Certified { bodies, days } => {
            let names: Vec<&str> = bodies.iter().map(BodyId::as_str).collect();
            let days = ("days", days.to_string());
            get("act-certified", &[("bodies", names.join(", ")), days])
        }
        Act::Published { .. } => say(lang, "act-publication"),
        Act::DraftsRead { .. } => say(lang, "act-drafts-read"),
        Act::TranscriptKept { transcript } => transcript_line("kept", transcript.as_ref(), lang),
        Act::TranscriptRead { transcript } => transcript_line("read", transcript.as_ref(), lang),
        Act::TranscriptDestroyed { transcript } => {
            transcript_line("destroyed", transcript.as_ref(), lang)
        }
        Act::Verified { .. } => say(lang, "act-verified"),
    }
}

/// A number of thousandths with the decimals that say something.
fn thousandths(count: u64, lang: Lang) -> String {
    let places = match count {
        count if count.is_multiple_of(1000) => 0,
        count if count.is_multiple_of(100) => 1,
        count if count.is_multiple_of(10) => 2,
        _ => 3,
    };
    lang.number(count as f64 / 1000.0, places)
}

/// What was done with a transcript, by its name where it has one.
fn transcript_line(done: &str, transcript: Option<&Word>, lang: Lang) -> String {
    match transcript {
        Some(name) => {
            let key = format!("act-transcript-{done}");
            TEXTS.get(lang, &key, &[("transcript", name.to_string())])
        }
        None => say(lang, "act-transcript-none"),
    }
}
