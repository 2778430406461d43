//! Themes of the lab's own transcripts: counted by groups that stand inside the seals, protected, asked for like any other result.
//!
//! Whom a request counted is written down sealed, so that a withdrawal can say what was made from a transcript.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use wdl_contract::Contracts;
use wdl_crypto::Recipient;
use wdl_evaluation::coding::{
    Codebook, CodingError, Consensus, EntryId, Fieldwork, Participant, count, protect,
};
use wdl_indicators::Indicators;
use wdl_ledger::KnownKeys;
use wdl_vocab::{Digest, Period, Text};
use zeroize::Zeroizing;

use super::sealed::{self, About};
use super::{Derived, agreed, purpose_of, state_words, there};
use crate::build::CODE_VERSION;
use crate::home::Part;
use crate::office::{Secrets, recipient_file};
use crate::release::{Asked, Requested, counter, request_made};
use crate::results::Results;
use crate::{Desk, Stopped, write};

/// What is asked of the lab's transcripts.
#[derive(Clone, Copy, Debug)]
pub struct ThemesAsked<'a> {
    /// The codebook.
    pub book: &'a Codebook,
    /// What holds of each segment.
    pub consensus: &'a Consensus,
    /// The breakdowns.
    pub by: &'a [String],
    /// The themes; those that are no part of another when none are named.
    pub codes: &'a [EntryId],
    /// When the interviews were held.
    pub period: Period,
    /// What the counts are for; every participant counted agreed to it.
    pub purpose: &'a str,
}

/// Whom a request counted.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    /// What its tables say they rest on.
    evidence: String,
    transcripts: BTreeSet<String>,
}

/// Counts themes, protects them and asks for their release.
///
/// # Errors
/// [`Stopped`] when the office may not ask, a transcript is not there any more or its participants did not agree to the purpose, or as for every request.
pub fn request_themes(
    desk: &mut Desk,
    asked_for: ThemesAsked<'_>,
    asked: &Asked,
) -> Result<Requested, Stopped> {
    request_made(desk, asked, |desk| results(desk, asked_for))
}

/// The protected tables of themes; their account is written before.
fn results(desk: &Desk, asked: ThemesAsked<'_>) -> Result<Results, Stopped> {
    let purpose = purpose_of(&desk.lab, asked.purpose)?;
    let secrets = Secrets::read(&desk.home)?;
    let named: BTreeSet<&str> = asked
        .consensus
        .segments
        .iter()
        .map(|segment| segment.transcript.as_str())
        .collect();
    let mut abouts: BTreeMap<&str, About> = BTreeMap::new();
    let mut last = String::new();
    for name in named {
        let entry = there(desk.ledger.entries(), name)?;
        let (about, _) = sealed::open(&desk.home, entry, name, &secrets.sealing)?;
        agreed(name, &about, &purpose)?;
        last = last.max(entry.time.strftime("%Y-%m-%d").to_string());
        abouts.insert(name, about);
    }
    let bytes = serde_json::to_vec(asked.consensus).expect("codings are names");
    let fieldwork = Fieldwork {
        period: asked.period,
        synthetic: desk.lab.synthetic,
        data_date: last,
        code_version: CODE_VERSION.to_owned(),
        evidence: Digest(secrets.ids.hash("codings", &bytes)),
    };
    let labels = labels(desk)?;
    let themes = count(
        asked.book,
        asked.consensus,
        &participants(&abouts)?,
        &|transcript, said| speaker(abouts.get(transcript)?, said),
        (asked.by, asked.codes),
        (&fieldwork, &labels),
    )?;
    let protected = protect(&themes, &desk.lab.disclosure)?;
    let mut results = Results::default();
    for one in protected {
        results.tables.extend(one.tables);
        results.reports.push(one.report);
    }
    let tables = results.tables.first();
    let evidence = tables.map(|table| table.get().header.lineage.snapshot.to_string());
    keep_account(
        desk,
        &Account {
            evidence: evidence.unwrap_or_default(),
            transcripts: abouts.keys().map(|name| (*name).to_owned()).collect(),
        },
    )?;
    Ok(results)
}

/// Everybody who took part, each once; who is in several transcripts has the same groups in all.
fn participants(abouts: &BTreeMap<&str, About>) -> Result<Vec<Participant>, Stopped> {
    let mut found: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for own in abouts.values().flat_map(|about| &about.participants) {
        let groups = found.entry(&own.name).or_default();
        for (dimension, category) in &own.groups {
            let known = groups.insert(dimension.clone(), category.clone());
            if known.is_some_and(|known| known != *category) {
                return Err(Stopped::from(CodingError::TwoGroups {
                    column: dimension.clone(),
                    line: 0,
                }));
            }
        }
    }
    let found = found.into_iter();
    Ok(found
        .map(|(name, groups)| Participant {
            name: name.to_owned(),
            groups,
        })
        .collect())
}

/// Whose a segment is: the one who is named beside it and took part, or the only one who did.
fn speaker(about: &About, said: Option<&str>) -> Option<String> {
    let mut all = about.participants.iter();
    match said {
        Some(name) => all.find(|own| own.name == name).map(|own| own.name.clone()),
        None => match about.participants.as_slice() {
            [one] => Some(one.name.clone()),
            _ => None,
        },
    }
}

/// The words of breakdowns and categories that the lab knows; any other is called by its code.
fn labels(desk: &Desk) -> Result<impl Fn(&str, Option<&str>) -> Text, Stopped> {
    let lab = desk.home.lab();
    let contracts = Contracts::read(&lab)?;
    let indicators = Indicators::read(&lab, contracts.lists())?;
    Ok(move |dimension: &str, category: Option<&str>| {
        let plain = || {
            let word = category.unwrap_or(dimension);
            Text::new(word, word)
        };
        let Some(known) = indicators.dimensions().get(dimension) else {
            return plain();
        };
        let of = |id: &str| known.categories.iter().find(|own| own.id == id);
        match category {
            None => known.label.clone(),
            Some(id) => of(id).map_or_else(plain, |own| own.label.clone()),
        }
    })
}

fn keep_account(desk: &Desk, account: &Account) -> Result<(), Stopped> {
    let bytes = serde_json::to_vec(account).expect("an account is names");
    let recipient = Recipient::read(&recipient_file(&desk.home))?;
    let file = desk
        .home
        .of(Part::Transcripts)
        .join(format!("{}.counted", account.evidence));
    write(&file, &recipient.seal(&bytes))
}

/// The releases whose tables counted a transcript.
pub(super) fn derived(
    desk: &Desk,
    keys: &KnownKeys,
    secrets: &Secrets,
    name: &str,
) -> Result<Vec<Derived>, Stopped> {
    let mut evidence = BTreeSet::new();
    let folder = desk.home.of(Part::Transcripts);
    let entries = std::fs::read_dir(&folder).map_err(|fault| Stopped::file(&folder, &fault))?;
    for entry in entries {
        let path = entry
            .map_err(|fault| Stopped::file(&folder, &fault))?
            .path();
        if path.extension().is_none_or(|ending| ending != "counted") {
            continue;
        }
        let sealed = crate::read(&path)?;
        let plain = secrets.sealing.open(&sealed);
        let plain = Zeroizing::new(plain.map_err(|fault| Stopped::file(&path, &fault))?);
        let account: Account =
            serde_json::from_slice(&plain).map_err(|fault| Stopped::file(&path, &fault))?;
        if account.transcripts.contains(name) {
            evidence.insert(account.evidence);
        }
    }
    let counter = counter(desk, keys);
    let mut derived = Vec::new();
    for id in counter.requests() {
        let request = counter.read(id)?;
        let rests_on = |snapshot: &str| evidence.contains(snapshot);
        let mut tables = request.tables();
        if tables.any(|table| rests_on(table.header.lineage.snapshot.as_str())) {
            derived.push(Derived {
                release: id.clone(),
                state: state_words(counter.progress(id)?),
            });
        }
    }
    Ok(derived)
}
