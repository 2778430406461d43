//! People followed over periods: persistence, entries and exits, the length of spells, mobility between classes.
//!
//! It must not know who a person is: a history is a row of states, one per period, with nothing where the person was not seen.

use crate::quantile::{QuantileRule, quantile};
use crate::sample::Sample;
use crate::sum::Sum;
use crate::undefined::Undefined;

/// The states of one person, one per period.
pub type History = [Option<bool>];

/// Whether somebody is in the state in a period and was in at least two of the three before (Eurostat, persistent at-risk-of-poverty rate).
///
/// Nothing when one of the four periods lacks.
pub fn is_persistent(history: &History, period: usize) -> Option<bool> {
    let begin = period.checked_sub(3)?;
    let before = history.get(begin..period)?;
    let now = (*history.get(period)?)?;
    let before: Option<Vec<bool>> = before.iter().copied().collect();
    let times = before?.into_iter().filter(|state| *state).count();
    Some(now && times >= 2)
}

/// The state in a period of somebody who had another (`false`) or the same (`true`) in the period before; nothing for others and when one of the two lacks.
pub fn after(history: &History, period: usize, state_before: bool) -> Option<bool> {
    let before = (*history.get(period.checked_sub(1)?)?)?;
    let now = (*history.get(period)?)?;
    (before == state_before).then_some(now)
}

/// A run of periods in the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// The first period of it.
    pub begin: usize,
    /// The number of periods seen.
    pub length: usize,
    /// Whether the period before was seen, outside the state: otherwise the spell is older than what is seen of it.
    pub is_begin_seen: bool,
    /// Whether the period after was seen, outside the state: otherwise it may go on.
    pub is_end_seen: bool,
}

/// The spells of a history, in their order; a period that was not seen cuts a spell.
pub fn spells(history: &History) -> Vec<Spell> {
    let mut spells = Vec::new();
    let mut period = 0;
    for run in history.chunk_by(|a, b| a == b) {
        let end = period + run.len();
        if run[0] == Some(true) {
            let is_out =
                |at: Option<usize>| at.is_some_and(|at| history.get(at) == Some(&Some(false)));
            spells.push(Spell {
                begin: period,
                length: run.len(),
                is_begin_seen: is_out(period.checked_sub(1)),
                is_end_seen: is_out(Some(end)),
            });
        }
        period = end;
    }
    spells
}

/// How spells end at one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exit {
    /// The periods the spell had lasted.
    pub duration: usize,
    /// The spells that lasted so long and whose next period was seen.
    pub spells: usize,
    /// Their weight.
    pub at_risk: f64,
    /// The weight of those that ended then.
    pub ended: f64,
    /// The one over the other.
    pub hazard: f64,
    /// The part of all spells that last longer (Kaplan and Meier, *Journal of the American Statistical Association* 53, 1958).
    pub survival: f64,
}

/// The exits by duration of spells whose begin was seen, each with its weight, in any order.
pub fn exits(spells: &[(Spell, f64)], periods: usize) -> Vec<Exit> {
    let mut spells: Vec<&(Spell, f64)> = spells
        .iter()
        .filter(|(spell, weight)| spell.is_begin_seen && *weight > 0.0)
        .collect();
    // The same spells in another order give the same sums.
    spells.sort_by(|(a, v), (b, w)| a.length.cmp(&b.length).then(v.total_cmp(w)));
    let mut survival = 1.0;
    let mut exits = Vec::new();
    for duration in 1..periods {
        let (mut count, mut at_risk, mut ended) = (0, Sum::ZERO, Sum::ZERO);
        for (spell, weight) in &spells {
            let is_over = spell.length == duration && spell.is_end_seen;
            if spell.length > duration || is_over {
                count += 1;
                at_risk.add(*weight);
            }
            if is_over {
                ended.add(*weight);
            }
        }
        if count == 0 {
            break;
        }
        let hazard = ended.value() / at_risk.value();
        survival *= 1.0 - hazard;
        exits.push(Exit {
            duration,
            spells: count,
            at_risk: at_risk.value(),
            ended: ended.value(),
            hazard,
            survival,
        });
    }
    exits
}

/// How people move between classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Mobility {
    /// The share of each class before that is in each class after: rows add up to one; a row of nobody is all zero.
    pub shares: Vec<Vec<f64>>,
    /// The share of people in the same class.
    pub same: f64,
    /// The share in a higher one.
    pub up: f64,
    /// The share in a lower one.
    pub down: f64,
    /// Shorrocks' index (*Econometrica* 46, 1978): (classes − trace) / (classes − 1); nothing when a class was empty.
    pub shorrocks: Option<f64>,
}

/// The class of each row of a sample by its quantiles: `count` classes of equal weight, from 0; nothing for rows that do not count.
///
/// # Errors
/// [`Undefined::NoRows`] without rows.
pub fn classes(
    sample: &Sample,
    count: usize,
    rule: QuantileRule,
) -> Result<Vec<Option<usize>>, Undefined> {
    let cuts: Vec<f64> = (1..count)
        .map(|at| quantile(sample, at as f64 / count as f64, rule))
        .collect::<Result<_, _>>()?;
    let mut classes = vec![None; sample.length()];
    for (row, value) in sample.rows().zip(sample.values()) {
        classes[row] = Some(cuts.partition_point(|cut| cut < value));
    }
    Ok(classes)
}

/// The moves of people with weights from a class to a class, both from 0 to `count`.
///
/// # Errors
/// [`Undefined::NoRows`] when nobody moves.
///
/// # Panics
/// When a class is `count` or more.
pub fn mobility(moves: &[(usize, usize, f64)], count: usize) -> Result<Mobility, Undefined> {
    let mut sorted = moves.to_vec();
    sorted.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    let mut sums = vec![vec![Sum::ZERO; count]; count];
    for (before, after, weight) in sorted {
        sums[before][after].add(weight);
    }
    let weights: Vec<Vec<f64>> = sums
        .into_iter()
        .map(|row| row.into_iter().map(Sum::value).collect())
        .collect();
    let rows: Vec<f64> = weights
        .iter()
        .map(|row| crate::sum(row.iter().copied()))
        .collect();
    let all = crate::sum(rows.iter().copied());
    if all <= 0.0 {
        return Err(Undefined::NoRows);
    }
    let share_of = |is_meant: &dyn Fn(usize, usize) -> bool| {
        let cells = weights.iter().enumerate().flat_map(|(before, row)| {
            let own = row.iter().enumerate();
            own.filter(move |(after, _)| is_meant(before, *after))
                .map(|(_, weight)| *weight)
        });
        crate::sum(cells) / all
    };
    let shares: Vec<Vec<f64>> = (weights.iter().zip(&rows))
        .map(|(row, sum)| {
            let share = |weight: &f64| if *sum > 0.0 { weight / sum } else { 0.0 };
            row.iter().map(share).collect()
        })
        .collect();
    let trace = crate::sum((0..count).map(|class| shares[class][class]));
    let is_full = rows.iter().all(|sum| *sum > 0.0) && count > 1;
    Ok(Mobility {
        same: share_of(&|before, after| before == after),
        up: share_of(&|before, after| after > before),
        down: share_of(&|before, after| after < before),
        shorrocks: is_full.then(|| (count as f64 - trace) / (count as f64 - 1.0)),
        shares,
    })
}
