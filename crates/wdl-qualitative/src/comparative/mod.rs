//! Qualitative comparative analysis: calibration, truth tables, minimisation, necessity.
//!
//! Place in the flow: [`Sets`] are parsed once from memberships; [`TruthTable`] sorts the cases into configurations; [`solve`] minimises it and measures every solution on the cases.
//! It must not know files, nor the names of cases and conditions: they are places, from zero.
//!
//! Sources: Ragin, "Redesigning Social Inquiry" (2008); Schneider and Wagemann, "Set-Theoretic Methods for the Social Sciences" (2012); Duşa, "QCA with R" (2019).
//!
//! **Invariant:** minimisation is exact, and every minimal solution is listed, never one of them picked.

mod calibration;
mod cover;
mod minimise;
mod necessity;
mod robustness;
mod solution;
mod table;
mod term;

pub use calibration::{CalibrationError, Thresholds, direct, indirect, linear};
pub use necessity::{Necessary, NecessityFit, Superset, SupersetCuts, necessity, supersets};
pub use robustness::{Robustness, robustness};
pub use solution::{
    Answer, Expectation, Fit, Model, ModelTerm, Models, Solution, SolutionType, SolveError, solve,
};
pub use table::{Cuts, Outcome, Row, TruthTable};
pub use term::{Literal, Term};

/// The most conditions an analysis may have.
pub const CONDITIONS_MAX: usize = 16;
/// The most levels a condition may have.
pub const LEVELS_MAX: usize = 16;

/// A condition, one value for each case.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Membership in a set between zero and one; zeros and ones alone are a crisp set.
    Set(Vec<f64>),
    /// One of several values, counted from zero.
    Values(Vec<u8>),
}

impl Condition {
    fn cases(&self) -> usize {
        match self {
            Condition::Set(memberships) => memberships.len(),
            Condition::Values(values) => values.len(),
        }
    }

    /// How many levels it has: two of a set.
    fn levels(&self) -> usize {
        match self {
            Condition::Set(_) => 2,
            Condition::Values(values) => {
                values.iter().max().map_or(0, |most| usize::from(*most) + 1)
            }
        }
    }

    fn membership(&self, case: usize, level: u8) -> f64 {
        match (self, level) {
            (Condition::Set(memberships), 0) => 1.0 - memberships[case],
            (Condition::Set(memberships), _) => memberships[case],
            (Condition::Values(values), level) => f64::from(values[case] == level),
        }
    }

    /// The level a case belongs to rather than not; nothing on the border.
    fn level(&self, case: usize) -> Option<u8> {
        match self {
            Condition::Set(memberships) if memberships[case] == 0.5 => None,
            Condition::Set(memberships) => Some(u8::from(memberships[case] > 0.5)),
            Condition::Values(values) => Some(values[case]),
        }
    }
}

/// Why memberships cannot be analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetsError {
    /// No condition, or no case.
    #[error("an analysis needs a condition and a case")]
    Empty,
    /// More conditions than can be minimised exactly.
    #[error("{0} conditions, and at most {CONDITIONS_MAX} can be minimised exactly")]
    TooManyConditions(usize),
    /// More levels of a condition than can be told apart.
    #[error("condition {0} has more than {LEVELS_MAX} levels")]
    TooManyLevels(usize),
    /// A condition with another number of cases than the outcome.
    #[error("condition {0} has another number of cases than the outcome")]
    Ragged(usize),
    /// A membership outside zero and one, or no number.
    #[error("the membership of case {case} in {condition:?} is not between 0 and 1")]
    NotMembership {
        /// The case.
        case: usize,
        /// The condition; nothing for the outcome.
        condition: Option<usize>,
    },
    /// A membership of exactly one half in a condition: the case belongs to no configuration.
    #[error("case {case} is exactly 0.5 in condition {condition}: neither in nor out")]
    OnTheBorder {
        /// The case.
        case: usize,
        /// The condition.
        condition: usize,
    },
    /// A condition that is the same level for every case.
    #[error("condition {0} does not vary")]
    ConditionConstant(usize),
    /// Nobody, or everybody, has full membership in the outcome, or it does not vary.
    #[error("the outcome does not vary")]
    OutcomeConstant,
}

/// The memberships of some cases in conditions and in the outcome.
// INVARIANT: all columns have one length, memberships lie in [0, 1], none of a condition is exactly one half.
#[derive(Clone, Debug, PartialEq)]
pub struct Sets {
    conditions: Vec<Condition>,
    outcome: Vec<f64>,
}

impl Sets {
    /// The memberships in the conditions and in the outcome, case by case.
    ///
    /// # Errors
    /// [`SetsError`], with the case and the condition.
    pub fn new(conditions: Vec<Condition>, outcome: Vec<f64>) -> Result<Sets, SetsError> {
        if conditions.is_empty() || outcome.is_empty() {
            return Err(SetsError::Empty);
        }
        if conditions.len() > CONDITIONS_MAX {
            return Err(SetsError::TooManyConditions(conditions.len()));
        }
        let is_membership = |value: &f64| (0.0..=1.0).contains(value);
        if let Some(case) = outcome.iter().position(|own| !is_membership(own)) {
            let condition = None;
            return Err(SetsError::NotMembership { case, condition });
        }
        for (at, condition) in conditions.iter().enumerate() {
            if condition.cases() != outcome.len() {
                return Err(SetsError::Ragged(at));
            }
            if condition.levels() > LEVELS_MAX {
                return Err(SetsError::TooManyLevels(at));
            }
            if let Condition::Set(memberships) = condition
                && let Some(case) = memberships.iter().position(|own| !is_membership(own))
            {
                let condition = Some(at);
                return Err(SetsError::NotMembership { case, condition });
            }
        }
        for case in 0..outcome.len() {
            let on_border = conditions.iter().position(|own| own.level(case).is_none());
            if let Some(condition) = on_border {
                return Err(SetsError::OnTheBorder { case, condition });
            }
        }
        let varies = |own: &Condition| (1..own.cases()).any(|case| own.level(case) != own.level(0));
        if let Some(constant) = conditions.iter().position(|own| !varies(own)) {
            return Err(SetsError::ConditionConstant(constant));
        }
        if outcome.iter().all(|own| *own == outcome[0]) {
            return Err(SetsError::OutcomeConstant);
        }
        Ok(Sets {
            conditions,
            outcome,
        })
    }

    /// The same cases with the absence of the outcome as outcome.
    pub fn negated(&self) -> Sets {
        Sets {
            conditions: self.conditions.clone(),
            outcome: self.outcome.iter().map(|own| 1.0 - own).collect(),
        }
    }

    /// The number of cases.
    pub fn cases(&self) -> usize {
        self.outcome.len()
    }

    /// The conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The memberships in the outcome.
    pub fn outcome(&self) -> &[f64] {
        &self.outcome
    }

    /// The number of levels of each condition.
    pub fn levels(&self) -> Vec<usize> {
        self.conditions.iter().map(Condition::levels).collect()
    }

    /// The configuration of a case.
    fn configuration(&self, case: usize) -> Vec<u8> {
        let levels = self.conditions.iter().map(|own| own.level(case));
        levels
            .map(|level| level.expect("no membership is one half"))
            .collect()
    }
}

/// How well a set is a subset of the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sufficiency {
    /// `Σ min(x, y) / Σ x`; not a number when no case is in the set at all.
    pub inclusion: f64,
    /// The proportional reduction in inconsistency: inclusion less what the set shares with the absence of the outcome as well.
    pub pri: f64,
    /// `Σ min(x, y) / Σ y`.
    pub coverage: f64,
}

/// Inclusion, PRI and coverage of memberships in a set (Ragin 2006; Schneider and Wagemann 2012, page 242).
pub fn sufficiency(set: &[f64], outcome: &[f64]) -> Sufficiency {
    let (mut x, mut y, mut both, mut all_three) = (0.0, 0.0, 0.0, 0.0);
    for (own, outcome) in set.iter().zip(outcome) {
        x += own;
        y += outcome;
        both += own.min(*outcome);
        all_three += own.min(*outcome).min(1.0 - outcome);
    }
    Sufficiency {
        inclusion: both / x,
        // A set that lies in both the outcome and its absence reduces nothing.
        pri: match x - all_three > 0.0 {
            true => (both - all_three) / (x - all_three),
            false => f64::NAN,
        },
        coverage: both / y,
    }
}
