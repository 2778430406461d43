//! Which cells are hidden for their own sake, and how far from the truth the attacker must be kept.
//!
//! The rules and their levels are those of Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 4, and of the handbook of the sdcTools project, chapter 4.
//! Parameters of dominance rules are as confidential as the cells: who knows them narrows his guess.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What one contributor adds to a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// Who: contributions of one holding in a cell count as one.
    pub by: String,
    /// How much, in the unit of the table.
    pub value: i64,
    /// How many contributors of the population he stands for, at least 1 in a census.
    pub weight: f64,
}

/// A rule on who dominates a cell, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Dominance {
    /// The `n` largest are more than `k` percent of the cell.
    Nk {
        /// How many.
        n: u32,
        /// Percent of the cell.
        k: f64,
    },
    /// The second can estimate the first to within `p` percent.
    P {
        /// Percent of the largest.
        p: f64,
    },
    /// As p %, where everybody knows every contribution to within `q` percent beforehand.
    Pq {
        /// Percent of the largest, after publication.
        p: f64,
        /// Percent, beforehand.
        q: f64,
    },
}

/// What a table is held to.
// INVARIANT: the minimum frequency is three or more.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    minimum: u64,
    /// Rules on who dominates, any of which hides a cell.
    pub dominance: Vec<Dominance>,
    /// Whether an empty cell gives its group away.
    pub hide_zeros: bool,
    /// Whether a cell that holds all units of its group gives them away.
    pub hide_whole: bool,
}

/// Rules that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// A minimum frequency below three: the law allows none.
    #[error("the minimum frequency is {given}, and cannot be less than {least}")]
    BelowThree {
        /// What was given.
        given: u64,
        /// What the law sets.
        least: u64,
    },
    /// A percentage outside 0 to 100, or a count of zero.
    #[error("the rule `{rule}` cannot have `{parameter}` like this")]
    Parameter {
        /// The rule.
        rule: &'static str,
        /// The parameter.
        parameter: &'static str,
    },
}

/// Regole deontologiche Sistan, G.U. 14-01-2019 n. 11, allegato 1, art. 5, letter a: the minimum threshold is three.
pub const LEAST_MINIMUM: u64 = 3;

impl Rules {
    /// Rules with a minimum frequency.
    ///
    /// # Errors
    /// [`RuleError::BelowThree`].
    pub fn new(minimum: u64) -> Result<Rules, RuleError> {
        if minimum < LEAST_MINIMUM {
            return Err(RuleError::BelowThree {
                given: minimum,
                least: LEAST_MINIMUM,
            });
        }
        Ok(Rules {
            minimum,
            dominance: Vec::new(),
            hide_zeros: false,
            hide_whole: false,
        })
    }

    /// Adds a rule on who dominates.
    ///
    /// # Errors
    /// [`RuleError::Parameter`].
    pub fn with(mut self, rule: Dominance) -> Result<Rules, RuleError> {
        let percent = |value: f64, rule, parameter| match value > 0.0 && value <= 100.0 {
            true => Ok(()),
            false => Err(RuleError::Parameter { rule, parameter }),
        };
        match rule {
            Dominance::Nk { n, k } => {
                percent(k, "(n,k)", "k")?;
                if n == 0 {
                    return Err(RuleError::Parameter {
                        rule: "(n,k)",
                        parameter: "n",
                    });
                }
            }
            Dominance::P { p } => percent(p, "p%", "p")?,
            Dominance::Pq { p, q } => {
                percent(p, "pq", "p")?;
                percent(q, "pq", "q")?;
                if p >= q {
                    return Err(RuleError::Parameter {
                        rule: "pq",
                        parameter: "p",
                    });
                }
            }
        }
        self.dominance.push(rule);
        Ok(self)
    }

    /// The minimum frequency.
    pub fn minimum(&self) -> u64 {
        self.minimum
    }
}

/// Why a cell is hidden for its own sake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Fewer units or contributors than the minimum.
    TooFew,
    /// The largest contributors are too much of it.
    Dominated,
    /// One contributor can estimate another too closely.
    Estimable,
    /// Nobody.
    Zero,
    /// All units of a group.
    Whole,
    /// Somebody asked for it.
    Asked,
}

/// Why a cell is hidden, and how far its value must stay uncertain, in the unit of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensitive {
    /// Why.
    pub reason: Reason,
    /// How far above the truth the attacker must think it possible.
    pub upper: f64,
    /// How far below.
    pub lower: f64,
}

/// What one cell holds: so many contributors, from the largest down, holdings as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Absolute amount and weight of each holding, the largest first.
    holdings: Vec<(f64, f64)>,
    total: f64,
}

impl Ranked {
    /// Groups contributions by holding, and ranks the holdings by what each unit of weight contributes.
    ///
    /// Amounts count by their size: a loss is as telling as a gain.
    pub fn new(contributions: &[Contribution]) -> Ranked {
        let mut by_holding: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for one in contributions {
            let holding = by_holding.entry(&one.by).or_insert((0.0, one.weight));
            holding.0 += one.value as f64;
            holding.1 = holding.1.min(one.weight);
        }
        let mut holdings: Vec<(f64, f64)> = by_holding
            .into_values()
            .map(|(value, weight)| (value.abs(), weight))
            .collect();
        holdings.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.total_cmp(&two.1)));
        let total = holdings.iter().map(|(value, weight)| value * weight).sum();
        Ranked { holdings, total }
    }

    /// The same of a census, by the largest contributions, the largest first, and the sum of the sizes of all.
    pub fn of_largest(largest: &[f64], total: f64) -> Ranked {
        Ranked {
            holdings: largest.iter().map(|value| (value.abs(), 1.0)).collect(),
            total,
        }
    }

    /// How many holdings contribute, not weighted.
    pub fn len(&self) -> usize {
        self.holdings.len()
    }

    /// Whether nobody contributes.
    pub fn is_empty(&self) -> bool {
        self.holdings.is_empty()
    }

    /// What the `n` largest of the population contribute: an observed value is repeated by its weight.
    fn largest(&self, n: f64) -> f64 {
        let mut open = n;
        let mut sum = 0.0;
        for (value, weight) in &self.holdings {
            let taken = weight.min(open);
            sum += value * taken;
            open -= taken;
            if open <= 0.0 {
                break;
            }
        }
        sum
    }

    /// How short a rule falls: above zero when the cell is sensitive, and then the level of protection.
    pub fn shortfall(&self, rule: Dominance) -> f64 {
        let first = self.largest(1.0);
        match rule {
            // x1 + … + xn > k/100 X; upper level 100/k (x1 + … + xn) - X.
            Dominance::Nk { n, k } => 100.0 / k * self.largest(f64::from(n)) - self.total,
            // X - x1 - x2 < p/100 x1; upper level p/100 x1 - (X - x1 - x2).
            Dominance::P { p } => p / 100.0 * first - (self.total - self.largest(2.0)),
            // Σ from the third < p/q x1.
            Dominance::Pq { p, q } => p / q * first - (self.total - self.largest(2.0)),
        }
    }
}

/// What must be known of a cell to judge it.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// How many units it counts.
    pub units: u64,
    /// Its value, in the unit of the table.
    pub value: i64,
    /// Who contributes, where it is known.
    pub contributions: &'a [Contribution],
    /// Whether it holds all units of a group that has several categories.
    pub is_whole: bool,
}

/// Whether a cell is hidden for its own sake; `level` is the protection of a small count, in the unit of the table.
///
/// The lower level never goes below zero, which everybody knows.
pub fn sensitive(cell: &Judged<'_>, rules: &Rules, level: f64) -> Option<Sensitive> {
    let kept = |reason, upper: f64| {
        let lower = if cell.value >= 0 {
            upper.min(cell.value as f64)
        } else {
            upper
        };
        Some(Sensitive {
            reason,
            upper,
            lower,
        })
    };
    let ranked = Ranked::new(cell.contributions);
    let contributors = if ranked.is_empty() {
        cell.units
    } else {
        cell.units.min(ranked.len() as u64)
    };
    if contributors == 0 {
        return if rules.hide_zeros {
            kept(Reason::Zero, level)
        } else {
            None
        };
    }
    if contributors < rules.minimum {
        let dominated = shortfalls(&ranked, rules).map_or(0.0, |(_, by)| by);
        return kept(Reason::TooFew, level.max(dominated));
    }
    if let Some((reason, by)) = shortfalls(&ranked, rules) {
        return kept(reason, by);
    }
    (rules.hide_whole && cell.is_whole)
        .then(|| kept(Reason::Whole, level))
        .flatten()
}

/// The largest shortfall of any rule, above zero.
fn shortfalls(ranked: &Ranked, rules: &Rules) -> Option<(Reason, f64)> {
    if ranked.is_empty() {
        return None;
    }
    let of = |rule: &Dominance| {
        let reason = match rule {
            Dominance::Nk { .. } => Reason::Dominated,
            Dominance::P { .. } | Dominance::Pq { .. } => Reason::Estimable,
        };
        (reason, ranked.shortfall(*rule))
    };
    rules
        .dominance
        .iter()
        .map(of)
        .filter(|(_, by)| *by > 0.0)
        .max_by(|one, two| one.1.total_cmp(&two.1))
}
