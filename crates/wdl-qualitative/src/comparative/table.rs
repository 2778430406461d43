//! Truth tables: the configurations that occur, and whether their cases have the outcome.

use std::collections::BTreeMap;

use super::{Sets, sufficiency, term::Literal, term::Term, term::packed};

/// Where a configuration counts as sufficient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    /// The least inclusion of a configuration with the outcome.
    pub inclusion: f64,
    /// The inclusion below which a configuration is without the outcome; between both it is a contradiction. Equal to `inclusion`, there are none.
    pub inclusion_without: f64,
    /// The least PRI of a configuration with the outcome; below, it is without.
    pub pri: f64,
    /// The least number of cases; configurations with fewer are remainders.
    pub frequency: usize,
}

impl Cuts {
    /// One cut of inclusion, and every configuration with a case counts.
    pub fn at(inclusion: f64) -> Cuts {
        Cuts {
            inclusion,
            inclusion_without: inclusion,
            pri: 0.0,
            frequency: 1,
        }
    }
}

/// What a configuration says of the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Its cases have it.
    With,
    /// Its cases do not have it.
    Without,
    /// Its inclusion lies between the two cuts.
    Contradiction,
    /// It has fewer cases than asked, and counts as not observed.
    TooFewCases,
}

/// A configuration that occurs.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The level of each condition.
    pub configuration: Vec<u8>,
    /// Its cases: those with more than one half in it.
    pub cases: Vec<usize>,
    /// Its cases with one half or less in the outcome.
    pub cases_without_outcome: Vec<usize>,
    /// Its inclusion in the outcome over all cases.
    pub inclusion: f64,
    /// Its proportional reduction in inconsistency over all cases.
    pub pri: f64,
    /// What it says of the outcome.
    pub outcome: Outcome,
}

impl Row {
    /// Whether some of its cases have the outcome and some do not.
    pub fn is_contradictory(&self) -> bool {
        let without = self.cases_without_outcome.len();
        without > 0 && without < self.cases.len()
    }

    pub(super) fn packed(&self) -> u64 {
        packed(&self.configuration)
    }
}

/// The configurations that occur, by their levels; all others are logical remainders.
#[derive(Clone, Debug, PartialEq)]
pub struct TruthTable {
    /// The rows, sorted by configuration.
    pub rows: Vec<Row>,
    /// The number of levels of each condition.
    pub levels: Vec<usize>,
    /// How many configurations there could be.
    pub configurations: u128,
    /// The cuts.
    pub cuts: Cuts,
}

impl TruthTable {
    /// The truth table of some cases.
    pub fn new(sets: &Sets, cuts: Cuts) -> TruthTable {
        let mut cases: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        for case in 0..sets.cases() {
            cases
                .entry(sets.configuration(case))
                .or_default()
                .push(case);
        }
        let levels = sets.levels();
        let rows = cases.into_iter().map(|(configuration, cases)| {
            let literals: Vec<Literal> = configuration
                .iter()
                .enumerate()
                .map(|(condition, level)| Literal {
                    condition,
                    level: *level,
                })
                .collect();
            let fit = sufficiency(&Term::new(&literals).memberships(sets), &sets.outcome);
            let without = cases.iter().filter(|case| sets.outcome[**case] <= 0.5);
            Row {
                configuration,
                cases_without_outcome: without.copied().collect(),
                outcome: outcome(cases.len(), fit.inclusion, fit.pri, cuts),
                cases,
                inclusion: fit.inclusion,
                pri: fit.pri,
            }
        });
        TruthTable {
            rows: rows.collect(),
            configurations: levels.iter().map(|own| *own as u128).product(),
            levels,
            cuts,
        }
    }

    /// The same table under other cuts.
    pub fn recut(&self, cuts: Cuts) -> TruthTable {
        let mut table = self.clone();
        table.cuts = cuts;
        for row in &mut table.rows {
            row.outcome = outcome(row.cases.len(), row.inclusion, row.pri, cuts);
        }
        table
    }

    /// How many configurations count as not observed.
    pub fn remainders(&self) -> u128 {
        let counted = self.rows.len() - self.of(Outcome::TooFewCases).count();
        self.configurations - counted as u128
    }

    /// The rows that say one thing.
    pub fn of(&self, outcome: Outcome) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.outcome == outcome)
    }
}

fn outcome(cases: usize, inclusion: f64, pri: f64, cuts: Cuts) -> Outcome {
    // The cut is a decimal that a person wrote, the inclusion a quotient: equal within rounding is enough.
    let reaches = |value: f64, cut: f64| value >= cut - 1e-12;
    if cases < cuts.frequency {
        return Outcome::TooFewCases;
    }
    if reaches(inclusion, cuts.inclusion) {
        let has_pri = cuts.pri <= 0.0 || reaches(pri, cuts.pri);
        return if has_pri {
            Outcome::With
        } else {
            Outcome::Without
        };
    }
    match reaches(inclusion, cuts.inclusion_without) {
        true => Outcome::Contradiction,
        false => Outcome::Without,
    }
}
