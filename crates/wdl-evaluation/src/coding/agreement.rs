//! How far coders agree: code by code, and over all, on the segments that two or more looked at.
//!
//! Code by code a segment has the code or not (Krippendorff 2019, chapter 12, nominal).
//! Over all, the set of codes that a coder gave a segment is one category: two coders agree when they gave exactly the same; that is stricter than any measure which takes half an agreement for something, and needs no weights.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use wdl_qualitative::agreement::{
    Codes, Metric, NoAgreement, Weights, cohen_kappa, krippendorff_alpha, percentage_agreement,
    unit_bootstrap,
};
use wdl_vocab::Text;

use super::codebook::{Codebook, EntryId};
use super::error::CodingError;
use super::sheet::{Coded, Codings};

/// A coefficient of agreement, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    /// Krippendorff's alpha; none when it is undefined.
    pub alpha: Option<f64>,
    /// The interval of alpha at 95 %, from draws of whole segments.
    pub interval: Option<[f64; 2]>,
    /// Cohen's kappa, with exactly two coders.
    pub kappa: Option<f64>,
    /// Of two coders of a segment, how often they say the same.
    pub observed: Option<f64>,
    /// The segments that two or more looked at.
    pub segments: usize,
    /// Why there is no alpha.
    pub why_not: Option<Text>,
}

/// Agreement on one code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CodeAgreement {
    /// The code.
    pub code: EntryId,
    /// Segments that have it, by coder, among those that two or more looked at.
    pub uses: BTreeMap<String, usize>,
    /// The coefficients.
    pub agreement: Coefficient,
}

/// A segment on whose code the coders differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Disagreement {
    /// The transcript.
    pub transcript: String,
    /// The segment.
    pub segment: String,
    /// The code.
    pub code: EntryId,
    /// The coders who gave it.
    pub given_by: Vec<String>,
    /// The coders who looked and did not.
    pub not_by: Vec<String>,
}

/// How far coders agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Over all codes.
    pub overall: Coefficient,
    /// Code by code, in the order of the codebook; those that nobody used are left out.
    pub codes: Vec<CodeAgreement>,
    /// Where they differ.
    pub disagreements: Vec<Disagreement>,
}

/// How far coders agree, with intervals from so many draws.
///
/// # Errors
/// [`CodingError::NotDouble`] when no segment was looked at by two coders.
pub fn agreement(
    book: &Codebook,
    codings: &Codings,
    draws: usize,
    seed: u64,
) -> Result<Agreement, CodingError> {
    let double: Vec<&Coded> = codings
        .segments
        .values()
        .filter(|coded| coded.by.len() >= 2)
        .collect();
    if double.is_empty() {
        return Err(CodingError::NotDouble);
    }
    let coders: Vec<&str> = codings.coders().iter().map(String::as_str).collect();
    let measured = |category: &dyn Fn(&BTreeSet<EntryId>) -> f64| {
        let row = |coder: &&str| -> Vec<Option<f64>> {
            let of = |coded: &&Coded| coded.by.get(*coder).map(category);
            double.iter().map(of).collect()
        };
        let rows: Vec<Vec<Option<f64>>> = coders.iter().map(row).collect();
        coefficient(&rows, double.len(), draws, seed)
    };
    let sets: BTreeSet<&BTreeSet<EntryId>> =
        double.iter().flat_map(|coded| coded.by.values()).collect();
    let sets: Vec<&BTreeSet<EntryId>> = sets.into_iter().collect();
    let place = |given: &BTreeSet<EntryId>| {
        let at = sets.iter().position(|own| *own == given);
        at.expect("every set given is among them") as f64
    };
    let mut per_code = Vec::new();
    for entry in book.entries() {
        let uses = uses(&double, &coders, &entry.id);
        if uses.values().all(|count| *count == 0) {
            continue;
        }
        let has = |given: &BTreeSet<EntryId>| f64::from(u8::from(given.contains(&entry.id)));
        per_code.push(CodeAgreement {
            code: entry.id.clone(),
            uses,
            agreement: measured(&has),
        });
    }
    Ok(Agreement {
        overall: measured(&place),
        codes: per_code,
        disagreements: disagreements(book, codings),
    })
}

fn uses(double: &[&Coded], coders: &[&str], code: &EntryId) -> BTreeMap<String, usize> {
    let count = |coder: &&str| {
        let gave = |coded: &&&Coded| coded.by.get(*coder).is_some_and(|own| own.contains(code));
        ((*coder).to_owned(), double.iter().filter(gave).count())
    };
    coders.iter().map(count).collect()
}

fn coefficient(rows: &[Vec<Option<f64>>], segments: usize, draws: usize, seed: u64) -> Coefficient {
    let none = |why: NoAgreement| Coefficient {
        alpha: None,
        interval: None,
        kappa: None,
        observed: None,
        segments,
        why_not: Some(reason(why)),
    };
    let codes = match Codes::new(rows) {
        Ok(codes) => codes,
        Err(why) => return none(why),
    };
    let observed = percentage_agreement(&codes).ok().map(|own| own.pairwise);
    match krippendorff_alpha(&codes, Metric::Nominal) {
        Ok(alpha) => Coefficient {
            alpha: Some(alpha.alpha),
            interval: unit_bootstrap(&codes, Metric::Nominal, 0.95, draws, seed)
                .ok()
                .map(|own| [own.lower, own.upper]),
            kappa: cohen_kappa(&codes, Weights::None).ok().map(|own| own.kappa),
            observed,
            segments,
            why_not: None,
        },
        Err(why) => Coefficient {
            observed,
            ..none(why)
        },
    }
}

/// Why there is no coefficient, in words.
fn reason(why: NoAgreement) -> Text {
    match why {
        NoAgreement::NoVariation => Text::fixed(
            "tutti dicono lo stesso di ogni segmento: oltre il caso non c'è nulla da misurare",
            "all say the same of every segment: beyond chance there is nothing to measure",
        ),
        NoAgreement::OneCoder | NoAgreement::NotTwoCoders(_) | NoAgreement::NoPairableUnits => {
            Text::fixed(
                "nessun segmento è stato guardato da due",
                "no segment was looked at by two",
            )
        }
        NoAgreement::OneUnit
        | NoAgreement::NoLevel
        | NoAgreement::Ragged(_)
        | NoAgreement::NotFinite { .. }
        | NoAgreement::Negative { .. } => Text::fixed("non è definito", "it is undefined"),
    }
}

/// Where coders who looked at the same segment differ, by segment and in the order of the codebook.
pub(super) fn disagreements(book: &Codebook, codings: &Codings) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for ((transcript, segment), coded) in &codings.segments {
        for entry in book.entries() {
            let (given, not): (Vec<_>, Vec<_>) = coded
                .by
                .iter()
                .partition(|(_, codes)| codes.contains(&entry.id));
            if given.is_empty() || not.is_empty() {
                continue;
            }
            let names = |of: Vec<(&String, &BTreeSet<EntryId>)>| {
                of.into_iter().map(|(coder, _)| coder.clone()).collect()
            };
            found.push(Disagreement {
                transcript: transcript.clone(),
                segment: segment.clone(),
                code: entry.id.clone(),
                given_by: names(given),
                not_by: names(not),
            });
        }
    }
    found
}
