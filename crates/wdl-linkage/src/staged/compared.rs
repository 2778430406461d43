//! What agrees among the sides of a doubt and what does not: what a person decides by, without any value.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::blocks::Blocks;
use super::replaced;

/// How the sides of a doubt are in one respect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// All sides have one value in common.
    Agrees,
    /// They have none in common.
    Differs,
    /// Some side says nothing.
    #[default]
    Unknown,
}

/// The comparison vector of a doubt.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Compared {
    /// The columns of tokens; one that undoes a usual mistake is told only when it agrees and its plain form does not.
    pub tokens: Vec<(String, Likeness)>,
    /// The month of birth.
    pub born: Likeness,
    /// The sex.
    pub sex: Likeness,
    /// The household.
    pub household: Likeness,
    /// The dwelling.
    pub dwelling: Likeness,
    /// Whether two sides hold positions of the reference population at once; none when fewer than two hold any.
    pub at_once: Option<bool>,
    /// How alike the encodings are, in parts of a thousand; none when the doubt does not come of them.
    pub alike: Option<u16>,
}

/// Compares sides, each by its rows.
pub(super) fn compared(blocks: &Blocks<'_>, sides: &[Vec<u32>]) -> Compared {
    let by = |value: &dyn Fn(u32) -> Option<i64>| likeness(sides, value);
    let facts = |row: u32| blocks.facts(row);
    Compared {
        tokens: tokens(blocks, sides),
        born: by(&|row| facts(row).born.map(i64::from)),
        sex: by(&|row| facts(row).sex.map(i64::from)),
        household: by(&|row| facts(row).household),
        dwelling: by(&|row| facts(row).dwelling),
        at_once: at_once(blocks, sides),
        alike: None,
    }
}

fn values(rows: &[u32], value: &dyn Fn(u32) -> Option<i64>) -> BTreeSet<i64> {
    rows.iter().filter_map(|row| value(*row)).collect()
}

fn common(sides: impl Iterator<Item = BTreeSet<i64>>) -> Likeness {
    let mut shared: Option<BTreeSet<i64>> = None;
    for side in sides {
        if side.is_empty() {
            return Likeness::Unknown;
        }
        shared = Some(match shared {
            None => side,
            Some(before) => before.intersection(&side).copied().collect(),
        });
    }
    match shared {
        Some(shared) if shared.is_empty() => Likeness::Differs,
        Some(_) => Likeness::Agrees,
        None => Likeness::Unknown,
    }
}

fn likeness(sides: &[Vec<u32>], value: &dyn Fn(u32) -> Option<i64>) -> Likeness {
    common(sides.iter().map(|rows| values(rows, value)))
}

fn tokens(blocks: &Blocks<'_>, sides: &[Vec<u32>]) -> Vec<(String, Likeness)> {
    let probes = &blocks.input.probes;
    let mut told = Vec::new();
    for (place, probe) in probes.iter().enumerate() {
        let mut plain = probes.iter();
        let plain = plain.position(|one| one.is_plain && one.combination == probe.combination);
        let Some(plain) = plain else { continue };
        let as_it_stands = likeness(sides, &|row| blocks.token(row, plain));
        if probe.is_plain {
            told.push((probe.name.clone(), as_it_stands));
            continue;
        }
        let either = |rows: &Vec<u32>| {
            let mut found = values(rows, &|row| blocks.token(row, plain));
            found.extend(values(rows, &|row| blocks.token(row, place)));
            found
        };
        let undone = common(sides.iter().map(either));
        if undone == Likeness::Agrees && as_it_stands != Likeness::Agrees {
            told.push((probe.name.clone(), undone));
        }
    }
    told
}

fn at_once(blocks: &Blocks<'_>, sides: &[Vec<u32>]) -> Option<bool> {
    let positions = sides.iter().map(|rows| {
        let rows = rows.iter().copied();
        rows.filter(|row| blocks.is_reference(*row)).collect()
    });
    let positions: Vec<Vec<u32>> = positions
        .filter(|rows: &Vec<u32>| !rows.is_empty())
        .collect();
    (positions.len() > 1).then(|| {
        let mut pairs = positions.iter().enumerate();
        pairs.any(|(place, a)| {
            let mut others = positions[place + 1..].iter();
            others.any(|b| replaced::at_once(blocks, a, b))
        })
    })
}
