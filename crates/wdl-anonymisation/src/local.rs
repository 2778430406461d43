//! Local recoding: the records that a full-domain generalisation leaves out are generalised again among themselves, until none of them can be told.
//!
//! Place in the flow: after [`crate::lattice`]; each round is a search of its own over the records that are left.
//! Classes of several rounds are each protected, and what holds of two classes holds of both together.

use crate::classes::{Classes, Layout, Scratch, wide};
use crate::lattice::{LatticeError, Marginals, Mean, Metric, Problem};
use crate::models::{Model, overall};
use crate::records::Records;

/// Why records cannot be recoded locally.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LocalError {
    /// The first round cannot be put.
    #[error(transparent)]
    Lattice(#[from] LatticeError),
    /// Delta-presence speaks of all records at once, not of some.
    #[error("delta-presence cannot be held of some records alone")]
    Presence,
}

/// One generalisation and the records told by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// The level of each quasi-identifier.
    pub levels: Vec<usize>,
    /// The records, by their places.
    pub rows: Vec<usize>,
}

/// Records told by several generalisations.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// The generalisations, the first that of all records.
    pub rounds: Vec<Round>,
    /// Records that no round tells.
    pub suppressed: Vec<usize>,
    /// The loss over all records (geometric mean) after the first round.
    pub loss_before: f64,
    /// The same after all rounds.
    pub loss: f64,
}

/// Tells by `levels` what can be told, then generalises the rest again and again at the least loss, anything being left out that must.
///
/// # Errors
/// [`LocalError`] when a model cannot be held of some records alone.
pub fn recode(records: &Records, models: &[Model], levels: &[usize]) -> Result<Local, LocalError> {
    if models
        .iter()
        .any(|model| matches!(model, Model::DeltaPresence { .. }))
    {
        return Err(LocalError::Presence);
    }
    let metric = Metric::Loss(Mean::Geometric);
    let whole = overall(records);
    let first = Problem::new(records, models, metric, 1.0)?;
    let (told, mut left) = split((0..records.rows()).collect(), &first.suppressed(levels));
    let mut rounds = vec![Round {
        levels: levels.to_vec(),
        rows: told,
    }];
    let loss_before = loss(records, &rounds);
    while !left.is_empty() {
        let some = records.only(&left);
        // Too few persons or values are left for any class.
        let Ok(problem) = Problem::against(&some, models, metric, 1.0, whole.clone()) else {
            break;
        };
        let optimum = problem.optimum();
        let Some(best) = optimum
            .best
            .filter(|best| best.classes > 0 && optimum.useful)
        else {
            break;
        };
        let (told, rest) = split(left, &problem.suppressed(&best.levels));
        rounds.push(Round {
            levels: best.levels,
            rows: told,
        });
        left = rest;
    }
    let loss = loss(records, &rounds);
    Ok(Local {
        rounds,
        suppressed: left,
        loss_before,
        loss,
    })
}

/// The rows kept and the rows left out.
fn split(rows: Vec<usize>, lost: &[bool]) -> (Vec<usize>, Vec<usize>) {
    let (left, told): (Vec<_>, Vec<_>) = rows.into_iter().zip(lost).partition(|(_, lost)| **lost);
    let row = |(row, _)| row;
    (
        told.into_iter().map(row).collect(),
        left.into_iter().map(row).collect(),
    )
}

/// The loss when each record is told as its round has it, and wholly lost in none.
fn loss(records: &Records, rounds: &[Round]) -> f64 {
    let told: usize = rounds.iter().map(|round| round.rows.len()).sum();
    let lost = (records.rows() - told) as u64;
    let covered = records
        .quasi_identifiers()
        .iter()
        .enumerate()
        .map(|(column, one)| {
            let of_round = |round: &Round| {
                let level = round.levels[column];
                let (value, under) = (
                    one.hierarchy.of_leaf(level),
                    one.hierarchy.leaves_under(level),
                );
                let leaves =
                    |row: &usize| u64::from(under[value[one.codes[*row] as usize] as usize]);
                round.rows.iter().map(leaves).sum::<u64>()
            };
            rounds.iter().map(of_round).sum::<u64>() + lost * one.hierarchy.leaves() as u64
        });
    let covered: Vec<u64> = covered.collect();
    Marginals::of(records).loss_of(Mean::Geometric, &covered)
}

/// The fewest persons of any class as the records are told; classes of several rounds that read the same are one.
pub fn smallest_class(records: &Records, local: &Local) -> u32 {
    wide!(records, W => smallest::<W>(records, local))
}

fn smallest<const W: usize>(records: &Records, local: &Local) -> u32 {
    let layout = Layout::of(records);
    let of_round = |round: &Round| {
        let some = records.only(&round.rows);
        let (classes, _) = Classes::<W>::of(&some, &layout, &round.levels, &mut Scratch::default());
        let told = (0..classes.len()).filter(|class| classes.rows[*class] > 0);
        told.map(|class| classes.persons(class))
            .min()
            .unwrap_or(u32::MAX)
    };
    let rounds = local.rounds.iter().filter(|round| !round.rows.is_empty());
    rounds.map(of_round).min().unwrap_or(0)
}
