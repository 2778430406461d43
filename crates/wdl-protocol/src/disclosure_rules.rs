//! How small a cell may be shown: the rules of disclosure control as the lab sets them.
//!
//! The rules are only read here; `wdl-disclosure` applies them.

use std::collections::BTreeMap;

use wdl_vocab::{BodyId, DatasetId, IndicatorId};

use crate::dominance::Dominance;

/// The least number of units a published cell rests on.
///
/// Never under 3: *Regole deontologiche per trattamenti a fini statistici o di ricerca scientifica*
/// (Garante, decision 515 of 19 December 2018, G.U. 11 of 14 January 2019), art. 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: at least `MinimumFrequency::FLOOR`.
pub struct MinimumFrequency(u64);

/// A minimum frequency under the floor of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a minimum frequency of {0} is under {floor}", floor = MinimumFrequency::FLOOR)]
pub struct TooLow(pub u64);

impl MinimumFrequency {
    /// The floor of the deontological rules.
    pub const FLOOR: u64 = 3;
    /// What a lab gets that says nothing.
    pub const DEFAULT: MinimumFrequency = MinimumFrequency(5);

    /// Takes a number of units.
    ///
    /// # Errors
    /// [`TooLow`] under the floor.
    pub fn new(units: u64) -> Result<MinimumFrequency, TooLow> {
        match units >= MinimumFrequency::FLOOR {
            true => Ok(MinimumFrequency(units)),
            false => Err(TooLow(units)),
        }
    }

    /// The number of units.
    pub fn get(self) -> u64 {
        self.0
    }
}

/// The rule for one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Cells with fewer units are hidden.
    pub minimum_frequency: MinimumFrequency,
    /// Whether a cell without units, or without the property, is hidden too.
    pub suppress_zero: bool,
    /// Whether a cell all of whose units have the property is hidden.
    pub suppress_hundred_percent: bool,
    /// Who may give most of an amount of euros; whatever it says, an amount rests on the minimum frequency at least.
    pub dominance: Dominance,
}

impl Default for Rule {
    /// The strictest choices, for a lab that says nothing.
    fn default() -> Rule {
        Rule {
            minimum_frequency: MinimumFrequency::DEFAULT,
            suppress_zero: true,
            suppress_hundred_percent: true,
            dominance: Dominance::default(),
        }
    }
}

impl Rule {
    /// The stricter of two rules, point by point.
    pub fn stricter(self, other: Rule) -> Rule {
        Rule {
            minimum_frequency: self.minimum_frequency.max(other.minimum_frequency),
            suppress_zero: self.suppress_zero || other.suppress_zero,
            suppress_hundred_percent: self.suppress_hundred_percent
                || other.suppress_hundred_percent,
            dominance: self.dominance.stricter(other.dominance),
        }
    }
}

/// A stricter rule for what comes from a body, a dataset, or holds a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Only tables made from this body's data.
    pub body: Option<BodyId>,
    /// Only tables made from this dataset.
    pub dataset: Option<DatasetId>,
    /// Only tables that count or break down by this variable.
    pub variable: Option<String>,
    /// The rule.
    pub rule: Rule,
}

/// Categories of some dimensions, by the dimension's name: the units that are in one of them, in each dimension.
pub type Selection = BTreeMap<String, Vec<String>>;

/// Which units an indicator counts, among those that several indicators count; all of them when nothing is selected.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Counted {
    /// The units it rests on.
    pub n: Selection,
    /// Those with the property, when they too are categories of a dimension.
    pub with: Option<Selection>,
}

/// Indicators that count the same units: what hides a cell of one must not stand in another.
pub type SameUnits = Vec<(IndicatorId, Counted)>;

/// A number above nought in thousandths: what an agreement says of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: at least one.
pub struct Thousandths(u32);

/// A number that is not above nought, too large, or finer than thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number above 0 and up to 1000 is needed, with at most three decimals")]
pub struct NoThousandths;

impl Thousandths {
    /// Takes a number.
    ///
    /// # Errors
    /// [`NoThousandths`].
    pub fn new(value: f64) -> Result<Thousandths, NoThousandths> {
        let thousandths = (value * 1000.0).round();
        let is_right = (value * 1000.0 - thousandths).abs() < 1e-6
            && (1.0..=1_000_000.0).contains(&thousandths);
        match is_right {
            true => Ok(Thousandths(thousandths as u32)),
            false => Err(NoThousandths),
        }
    }

    /// How many thousandths.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

/// How the counts of an indicator are changed, where the lab prefers that to hiding small ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Every table rounded to multiples of a base, so that it still adds up.
    ControlledRounding {
        /// The base, never under the floor of the rules.
        base: u32,
    },
    /// Noise that each cell carries with it: the same units have the same noise in every table and every release.
    CellKeys {
        /// The largest noise, up or down.
        deviation: u32,
        /// Its variance.
        variance: Thousandths,
    },
    /// Noise with differential privacy, paid for from the budget of a population.
    DifferentialPrivacy {
        /// What the tables of one period cost together (ε).
        epsilon: Thousandths,
        /// The population whose budget pays.
        population: String,
        /// In how many cells of the finest table of one period a unit may count.
        contributions: u32,
    },
}

/// The rules of a lab: one for all, stricter ones where it says so.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DisclosureRules {
    general: Rule,
    overrides: Vec<Override>,
    same_units: Vec<SameUnits>,
    methods: BTreeMap<IndicatorId, Method>,
    budgets: BTreeMap<String, Thousandths>,
}

impl DisclosureRules {
    /// One rule for every table, for plain files outside a lab and for tests.
    pub fn uniform(general: Rule) -> DisclosureRules {
        DisclosureRules::new(general, Vec::new())
    }

    /// A general rule and its overrides; an override never loosens, because the stricter of all that match holds.
    pub fn new(general: Rule, overrides: Vec<Override>) -> DisclosureRules {
        DisclosureRules {
            general,
            overrides,
            same_units: Vec::new(),
            methods: BTreeMap::new(),
            budgets: BTreeMap::new(),
        }
    }

    /// The same rules, with indicators that count the same units.
    pub fn tying(self, same_units: Vec<SameUnits>) -> DisclosureRules {
        DisclosureRules { same_units, ..self }
    }

    /// The same rules, with indicators whose counts are changed instead of hidden.
    pub fn changing(self, methods: BTreeMap<IndicatorId, Method>) -> DisclosureRules {
        DisclosureRules { methods, ..self }
    }

    /// The same rules, with what all noise on each population may cost together (ε).
    pub fn paying(self, budgets: BTreeMap<String, Thousandths>) -> DisclosureRules {
        DisclosureRules { budgets, ..self }
    }

    /// What all noise on a population may cost together (ε), population by population.
    pub fn budgets(&self) -> &BTreeMap<String, Thousandths> {
        &self.budgets
    }

    /// The indicators whose counts are changed instead of hidden.
    pub fn methods(&self) -> &BTreeMap<IndicatorId, Method> {
        &self.methods
    }

    /// The indicators that count the same units, set by set; none stands in two.
    pub fn same_units(&self) -> &[SameUnits] {
        &self.same_units
    }

    /// The rule for every table.
    pub fn general(&self) -> Rule {
        self.general
    }

    /// The overrides, in the order of the file.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// The rule for a table made from some datasets, with some variables: the strictest of all that match.
    pub fn for_table(&self, datasets: &[(BodyId, DatasetId)], variables: &[&str]) -> Rule {
        self.overrides
            .iter()
            .filter(|entry| entry.matches(datasets, variables))
            .fold(self.general, |rule, entry| rule.stricter(entry.rule))
    }
}

impl Override {
    fn matches(&self, datasets: &[(BodyId, DatasetId)], variables: &[&str]) -> bool {
        let from_source = |(body, dataset): &(BodyId, DatasetId)| {
            self.body.as_ref().is_none_or(|wanted| wanted == body)
                && self.dataset.as_ref().is_none_or(|wanted| wanted == dataset)
        };
        let any_source = self.body.is_none() && self.dataset.is_none();
        let has_variable = self
            .variable
            .as_deref()
            .is_none_or(|wanted| variables.contains(&wanted));
        has_variable && (any_source || datasets.iter().any(from_source))
    }
}
