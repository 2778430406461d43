//! What `disclosure` in `lab.yaml` says: the least frequencies, who may dominate, who counts the same units, and how counts are changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use wdl_vocab::{BodyId, DatasetId, IndicatorId};
use wdl_yaml::Placed;

use super::Check;
use crate::disclosure_rules::{
    Counted, DisclosureRules, Method, MinimumFrequency, Override, Rule, Selection, Thousandths,
};
use crate::dominance::{Dominance, DominanceClause, NoClause};
use crate::error::{FaultKind, LabFault};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct DisclosureFile {
    #[serde(default)]
    minimum_frequency: Option<Placed<u64>>,
    #[serde(default)]
    suppress_zero: Option<bool>,
    #[serde(default)]
    suppress_hundred_percent: Option<bool>,
    #[serde(default)]
    dominance: Vec<Placed<DominanceFile>>,
    #[serde(default)]
    overrides: Vec<Placed<OverrideFile>>,
    #[serde(default)]
    same_units: Vec<Vec<CountedFile>>,
    #[serde(default)]
    methods: Vec<Placed<MethodFile>>,
    #[serde(default)]
    budgets: Vec<BudgetFile>,
}

/// What all noise on a population may cost together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BudgetFile {
    population: Placed<String>,
    epsilon: Placed<f64>,
}

/// How the counts of an indicator are changed instead of hidden.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodFile {
    indicator: Placed<IndicatorId>,
    method: MethodName,
    #[serde(default)]
    base: Option<Placed<u32>>,
    #[serde(default)]
    deviation: Option<Placed<u32>>,
    #[serde(default)]
    variance: Option<Placed<f64>>,
    #[serde(default)]
    epsilon: Option<Placed<f64>>,
    #[serde(default)]
    population: Option<Placed<String>>,
    #[serde(default)]
    contributions: Option<Placed<u32>>,
}

impl MethodFile {
    /// The options that are given.
    fn given(&self) -> BTreeSet<&'static str> {
        let all = [
            ("base", self.base.is_some()),
            ("deviation", self.deviation.is_some()),
            ("variance", self.variance.is_some()),
            ("epsilon", self.epsilon.is_some()),
            ("population", self.population.is_some()),
            ("contributions", self.contributions.is_some()),
        ];
        let given = all.into_iter().filter(|(_, is_given)| *is_given);
        given.map(|(name, _)| name).collect()
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MethodName {
    ControlledRounding,
    CellKeys,
    DifferentialPrivacy,
}

impl MethodName {
    /// The options it must have, and those it may have.
    fn options(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            MethodName::ControlledRounding => (&["base"], &[]),
            MethodName::CellKeys => (&["deviation", "variance"], &[]),
            MethodName::DifferentialPrivacy => (&["epsilon", "population"], &["contributions"]),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountedFile {
    indicator: Placed<IndicatorId>,
    #[serde(default)]
    n: Selection,
    #[serde(default)]
    with: Option<Selection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideFile {
    #[serde(default)]
    body: Option<Placed<BodyId>>,
    #[serde(default)]
    dataset: Option<DatasetId>,
    #[serde(default)]
    variable: Option<String>,
    #[serde(default)]
    minimum_frequency: Option<Placed<u64>>,
    #[serde(default)]
    suppress_zero: Option<bool>,
    #[serde(default)]
    suppress_hundred_percent: Option<bool>,
    #[serde(default)]
    dominance: Vec<Placed<DominanceFile>>,
}

/// `{ n, k }`, `{ p }` or `{ p, q }`, in percent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DominanceFile {
    #[serde(default)]
    n: Option<u32>,
    #[serde(default)]
    k: Option<f64>,
    #[serde(default)]
    p: Option<f64>,
    #[serde(default)]
    q: Option<f64>,
}

impl DominanceFile {
    fn clause(&self) -> Option<DominanceClause> {
        match (self.n, self.k, self.p, self.q) {
            (Some(n), Some(k), None, None) => Some(DominanceClause::Nk { n, k }),
            (None, None, Some(p), q) => Some(DominanceClause::Pq {
                p,
                q: q.unwrap_or(100.0),
            }),
            _ => None,
        }
    }
}

impl Check<'_> {
    pub(super) fn disclosure(&mut self, file: DisclosureFile) -> Option<DisclosureRules> {
        let strict = Rule::default();
        let minimum_frequency = match &file.minimum_frequency {
            Some(given) => self.frequency(given),
            None => Some(strict.minimum_frequency),
        };
        let general = Rule {
            minimum_frequency: minimum_frequency?,
            suppress_zero: file.suppress_zero.unwrap_or(strict.suppress_zero),
            suppress_hundred_percent: file
                .suppress_hundred_percent
                .unwrap_or(strict.suppress_hundred_percent),
            dominance: self.dominance(&file.dominance),
        };
        let overrides = file
            .overrides
            .iter()
            .filter_map(|entry| self.stricter(general, entry))
            .collect();
        self.unique(
            "same_units",
            file.same_units.iter().flatten().map(|one| &one.indicator),
        );
        let budgets = self.budgets(&file.budgets);
        let methods = self.methods(&file, &budgets);
        let same_units = file.same_units.into_iter().map(|set| {
            let counted = |one: CountedFile| {
                let counted = Counted {
                    n: one.n,
                    with: one.with,
                };
                (one.indicator.value, counted)
            };
            set.into_iter().map(counted).collect()
        });
        let rules = DisclosureRules::new(general, overrides).tying(same_units.collect());
        Some(rules.changing(methods).paying(budgets))
    }

    /// What noise on each population may cost.
    fn budgets(&mut self, files: &[BudgetFile]) -> BTreeMap<String, Thousandths> {
        self.unique("budgets", files.iter().map(|one| &one.population));
        let mut budgets = BTreeMap::new();
        for file in files {
            // The name is that of a file too.
            let name = &file.population.value;
            let is_name =
                |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
            if !(1..=64).contains(&name.len()) || !name.chars().all(is_name) {
                let detail = "a population is named by at most 64 small letters, digits and `_`";
                self.fault(&file.population, FaultKind::wrong(detail));
            }
            if let Some(epsilon) = self.thousandths(&file.epsilon) {
                budgets.insert(name.clone(), epsilon);
            }
        }
        budgets
    }

    /// The indicators whose counts are changed; none is tied to others, whose true counts would give them away.
    fn methods(
        &mut self,
        file: &DisclosureFile,
        budgets: &BTreeMap<String, Thousandths>,
    ) -> BTreeMap<IndicatorId, Method> {
        let named = file.methods.iter().map(|one| &one.value.indicator);
        self.unique("methods", named);
        let tied: BTreeSet<&IndicatorId> = file
            .same_units
            .iter()
            .flatten()
            .map(|one| &one.indicator.value)
            .collect();
        let mut methods = BTreeMap::new();
        for place in &file.methods {
            let indicator = &place.value.indicator;
            let id = &indicator.value;
            if tied.contains(id) {
                let name = id.to_string();
                self.fault(indicator, LabFault::MethodTied { name });
            }
            if let Some(method) = self.method(place, budgets) {
                methods.insert(id.clone(), method);
            }
        }
        methods
    }

    /// One way to change counts, with the options that it has and no others.
    fn method(
        &mut self,
        place: &Placed<MethodFile>,
        budgets: &BTreeMap<String, Thousandths>,
    ) -> Option<Method> {
        let file = &place.value;
        let (needed, possible) = file.method.options();
        let given = file.given();
        if let Some(key) = needed.iter().find(|key| !given.contains(*key)) {
            let key = (*key).to_owned();
            self.fault(place, FaultKind::MissingKey { key });
            return None;
        }
        let is_known = |key: &&&str| needed.contains(*key) || possible.contains(*key);
        if let Some(key) = given.iter().find(|key| !is_known(key)) {
            let detail = format!("this method has no `{key}`");
            self.fault(place, FaultKind::wrong(detail));
            return None;
        }
        match file.method {
            MethodName::ControlledRounding => {
                let base = file.base.as_ref()?;
                if u64::from(base.value) < MinimumFrequency::FLOOR {
                    let value = u64::from(base.value);
                    self.fault(base, LabFault::ThresholdTooLow { value });
                }
                Some(Method::ControlledRounding { base: base.value })
            }
            MethodName::CellKeys => {
                let deviation = file.deviation.as_ref()?;
                if !(1..=1000).contains(&deviation.value) {
                    let detail = "noise goes from 1 to 1000 up and down";
                    self.fault(deviation, FaultKind::wrong(detail));
                }
                let variance = self.thousandths(file.variance.as_ref()?)?;
                Some(Method::CellKeys {
                    deviation: deviation.value,
                    variance,
                })
            }
            MethodName::DifferentialPrivacy => {
                let population = file.population.as_ref()?;
                if !budgets.contains_key(&population.value) {
                    let detail = format!("`{}` has no line in `budgets`", population.value);
                    self.fault(population, FaultKind::wrong(detail));
                }
                let contributions = file.contributions.as_ref().map_or(1, |one| one.value);
                if contributions == 0 {
                    let detail = "a unit counts once at least";
                    self.fault(place, FaultKind::wrong(detail));
                }
                let epsilon = self.thousandths(file.epsilon.as_ref()?)?;
                Some(Method::DifferentialPrivacy {
                    epsilon,
                    population: population.value.clone(),
                    contributions,
                })
            }
        }
    }

    fn thousandths(&mut self, given: &Placed<f64>) -> Option<Thousandths> {
        match Thousandths::new(given.value) {
            Ok(read) => Some(read),
            Err(fault) => {
                self.fault(given, FaultKind::wrong(fault.to_string()));
                None
            }
        }
    }

    /// The clauses on who may give most of an amount; those that cannot be go to the faults.
    fn dominance(&mut self, files: &[Placed<DominanceFile>]) -> Dominance {
        let mut all = Dominance::default();
        for file in files {
            let read = file.value.clause().ok_or(NoClause);
            match read.and_then(|clause| all.with(clause)) {
                Ok(more) => all = more,
                Err(fault) => self.fault(file, FaultKind::wrong(fault.to_string())),
            }
        }
        all
    }

    fn stricter(&mut self, general: Rule, place: &Placed<OverrideFile>) -> Option<Override> {
        let file = &place.value;
        if let Some(body) = &file.body {
            self.body(body);
        }
        if file.body.is_none() && file.dataset.is_none() && file.variable.is_none() {
            let key = "dataset".to_owned();
            self.fault(place, FaultKind::MissingKey { key });
        }
        let minimum_frequency = match &file.minimum_frequency {
            Some(given) => self.frequency(given)?,
            None => general.minimum_frequency,
        };
        let rule = Rule {
            minimum_frequency,
            suppress_zero: file.suppress_zero.unwrap_or(general.suppress_zero),
            suppress_hundred_percent: file
                .suppress_hundred_percent
                .unwrap_or(general.suppress_hundred_percent),
            dominance: general.dominance.stricter(self.dominance(&file.dominance)),
        };
        if rule == general || rule.stricter(general) != rule {
            self.fault(place, LabFault::LooserOverride);
        }
        Some(Override {
            body: file.body.as_ref().map(|body| body.value.clone()),
            dataset: file.dataset.clone(),
            variable: file.variable.clone(),
            rule,
        })
    }
}
