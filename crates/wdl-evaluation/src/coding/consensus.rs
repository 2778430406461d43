//! What holds of each segment when all have coded: what the coders agree on, and where they differ what a third person decides.
//!
//! Nothing is decided by counting heads: two coders against one are a dispute.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use wdl_vocab::Text;

use super::agreement::{Disagreement, disagreements};
use super::codebook::{Codebook, EntryId};
use super::error::CodingError;
use super::sheet::{Codings, Segment};

/// On what a code of a segment rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// All coders who looked agree.
    Agreed,
    /// Somebody decided between them.
    Adjudicated,
    /// One coder alone looked.
    Single,
}

impl Basis {
    /// The word of the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Agreed => "agreed",
            Basis::Adjudicated => "adjudicated",
            Basis::Single => "single",
        }
    }
}

/// What holds of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The transcript.
    pub transcript: String,
    /// The segment.
    pub segment: String,
    /// Who speaks, where it is told.
    pub participant: Option<String>,
    /// Its codes, each with what it rests on.
    pub codes: BTreeMap<EntryId, Basis>,
}

/// A dispute that nobody decided: the code does not count.
pub type Undecided = Disagreement;

/// What holds of all segments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Consensus {
    /// Segment by segment; one without codes was looked at and has none.
    pub segments: Vec<Decided>,
    /// What is still in dispute.
    pub undecided: Vec<Undecided>,
}

/// What holds of all segments; `decisions` are the codings of whoever decides where coders differ.
///
/// A segment that stands in the decisions has of the codes in dispute those that stand there, and no others.
///
/// # Errors
/// [`CodingError::Adjudication`] when a decision is on a segment without dispute, or gives it a code that is not in dispute.
pub fn consensus(
    book: &Codebook,
    codings: &Codings,
    decisions: Option<&Codings>,
) -> Result<Consensus, CodingError> {
    let all = disagreements(book, codings);
    let mut disputes: BTreeMap<Segment, BTreeSet<EntryId>> = BTreeMap::new();
    for one in &all {
        let segment = (one.transcript.clone(), one.segment.clone());
        disputes
            .entry(segment)
            .or_default()
            .insert(one.code.clone());
    }
    let decided = match decisions {
        Some(decisions) => chosen(decisions, &disputes)?,
        None => BTreeMap::new(),
    };
    let mut segments = Vec::new();
    for (segment, coded) in &codings.segments {
        let basis = match coded.by.len() {
            1 => Basis::Single,
            _ => Basis::Agreed,
        };
        let given: BTreeSet<&EntryId> = coded.by.values().flatten().collect();
        let disputed = disputes.get(segment);
        let is_disputed = |code: &EntryId| disputed.is_some_and(|own| own.contains(code));
        let mut codes: BTreeMap<EntryId, Basis> = given
            .into_iter()
            .filter(|code| !is_disputed(code))
            .map(|code| (code.clone(), basis))
            .collect();
        let chosen = decided.get(segment).into_iter().flatten();
        codes.extend(chosen.map(|code| (code.clone(), Basis::Adjudicated)));
        segments.push(Decided {
            transcript: segment.0.clone(),
            segment: segment.1.clone(),
            participant: coded.participant.clone(),
            codes,
        });
    }
    let is_open =
        |one: &Disagreement| !decided.contains_key(&(one.transcript.clone(), one.segment.clone()));
    Ok(Consensus {
        segments,
        undecided: all.into_iter().filter(is_open).collect(),
    })
}

/// The codes that were decided for, segment by segment; each was in dispute.
fn chosen(
    decisions: &Codings,
    disputes: &BTreeMap<Segment, BTreeSet<EntryId>>,
) -> Result<BTreeMap<Segment, BTreeSet<EntryId>>, CodingError> {
    let mut decided = BTreeMap::new();
    for (segment, coded) in &decisions.segments {
        let name = format!("{}/{}", segment.0, segment.1);
        let Some(disputed) = disputes.get(segment) else {
            return Err(CodingError::Adjudication {
                entry: name,
                detail: Text::fixed(
                    "su questo segmento i codificatori concordano, o è stato guardato da uno solo",
                    "the coders agree on this segment, or one alone looked at it",
                ),
            });
        };
        let given: BTreeSet<EntryId> = coded.by.values().flatten().cloned().collect();
        if let Some(other) = given.difference(disputed).next() {
            return Err(CodingError::Adjudication {
                entry: format!("{name} {other}"),
                detail: Text::fixed(
                    "questo codice non è in discussione",
                    "this code is not in dispute",
                ),
            });
        }
        decided.insert(segment.clone(), given);
    }
    Ok(decided)
}
