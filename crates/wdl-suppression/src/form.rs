//! The file of a table: hierarchies, leaves and wishes as they are written, and the reading of them.
//!
//! The form is that of the reference tables: `hierarchies` (one object for each dimension, from a category to its parts), `leaves` (`key`, `n`, and for amounts `value` or `contributions`), `min_frequency`, `weights`, `protection_level`, `attacker_bounds`, `zeros_may_be_suppressed`.
//! Instead of hierarchies and leaves a file can give `cells` and `equations`, and its `rule` in words.

pub mod cells;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::hierarchy::{Hierarchy, HierarchyError};
use crate::prepare::{Costs, Material, Wishes};
use crate::primary::{Contribution, Dominance, RuleError, Rules};
use crate::problem::{System, SystemError};
use crate::table::{Dimension, Entry, Linked, Table, TableError, join};

/// What the attacker believes of each cell beforehand: at least, at most.
type Beliefs = (Vec<i64>, Vec<i64>);

/// A table and how it is to be protected, as written.
#[derive(Clone, Debug, Deserialize)]
pub struct TableForm {
    /// What it is called.
    pub name: Option<String>,
    /// The dimensions' names, in the order of the hierarchies; without them `1`, `2`, …
    pub dimensions: Option<Vec<String>>,
    /// For each dimension, each category with parts and its parts.
    #[serde(default)]
    pub hierarchies: Vec<BTreeMap<String, Vec<String>>>,
    /// The leaves, and margins to be compared.
    #[serde(default)]
    pub leaves: Vec<LeafForm>,
    /// Cells and their numbers, when there are no hierarchies; or how many cells there are, which says nothing new.
    pub cells: Option<CellsForm>,
    /// The sums that tie the cells, when there are no hierarchies.
    #[serde(default)]
    pub equations: Vec<EquationForm>,
    /// The least number of units that may be shown.
    pub min_frequency: Option<u64>,
    /// The same in words: `n <= 3`, `n < 4`.
    pub rule: Option<RuleForm>,
    /// Rules on who dominates.
    #[serde(default)]
    pub dominance: Vec<Dominance>,
    /// Whether an empty cell gives its group away.
    #[serde(default)]
    pub hide_zeros: bool,
    /// Whether a cell that holds all units of its group gives them away.
    #[serde(default)]
    pub hide_whole: bool,
    /// What hiding costs: `value`, `unit`, `units`, or a number for each cell.
    pub weights: Option<WeightsForm>,
    /// How far from the truth a small cell must be kept.
    pub protection_level: Option<f64>,
    /// The same in percent of the value.
    pub protection_percent: Option<f64>,
    /// What everybody believes beforehand.
    pub attacker_bounds: Option<BeliefsForm>,
    /// Whether empty cells may be hidden to protect others.
    #[serde(default)]
    pub zeros_may_be_suppressed: bool,
    /// Cells hidden for their own sake beside those of the rules.
    #[serde(default)]
    pub primary: Vec<String>,
    /// Cells that need no protection of their own, each with its reason.
    #[serde(default)]
    pub waivers: Vec<WaiverForm>,
    /// Percentages that are published beside the cells.
    #[serde(default)]
    pub percentages: Vec<PercentageForm>,
    /// Whether contributors who know their own values attack too; without it, when contributions are given.
    pub singletons: Option<bool>,
    /// Whether sums of hidden cells are judged like cells; without it, when contributions are given.
    pub unions: Option<bool>,
    /// Whatever else the file says.
    #[serde(flatten)]
    pub other: BTreeMap<String, IgnoredAny>,
}

/// A leaf as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafForm {
    /// Its labels.
    pub key: Vec<String>,
    /// How many units.
    pub n: Option<f64>,
    /// The amount.
    pub value: Option<f64>,
    /// Who contributes what.
    #[serde(default)]
    pub contributions: Vec<ContributionForm>,
}

/// A contribution as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContributionForm {
    /// Who.
    pub by: String,
    /// How much.
    pub value: f64,
    /// How many of the population it stands for.
    pub weight: Option<f64>,
}

/// Cells as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum CellsForm {
    /// How many.
    Count(u64),
    /// Each with its number.
    Values(BTreeMap<String, f64>),
}

/// A sum as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EquationForm {
    /// The total.
    pub parent: String,
    /// Its parts.
    pub children: Vec<String>,
}

/// A rule as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum RuleForm {
    /// In words.
    Words(String),
    /// Anything else, which is not understood.
    Other(IgnoredAny),
}

/// Costs as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum WeightsForm {
    /// By a name.
    Named(String),
    /// By cell; cells that are not named cost their value.
    Given(BTreeMap<String, f64>),
}

/// What everybody believes, as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum BeliefsForm {
    /// In the words of the reference tables.
    Words(String),
    /// By cell: least and greatest; cells that are not named have the usual.
    Given(BTreeMap<String, (f64, f64)>),
}

/// A waiver as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverForm {
    /// The cell.
    pub cell: String,
    /// Why.
    pub reason: String,
}

/// A percentage as written: one cell in percent of another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PercentageForm {
    /// What it is called; without it the names of both cells.
    pub name: Option<String>,
    /// The cell above the line.
    pub part: String,
    /// The cell below it.
    pub of: String,
}

/// A file that cannot be read as a table.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FormError {
    /// A hierarchy is no tree.
    #[error("dimension `{dimension}`: {source}")]
    Hierarchy {
        /// The dimension.
        dimension: String,
        /// Why.
        source: HierarchyError,
    },
    /// The cells are no table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The cells are no system.
    #[error(transparent)]
    System(#[from] SystemError),
    /// The rules cannot be.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// Something that is needed is not there.
    #[error("`{field}` is missing")]
    Missing {
        /// What.
        field: &'static str,
    },
    /// A field with a value that it cannot have.
    #[error("`{field}` cannot be read for `{of}`")]
    Unreadable {
        /// The field.
        field: &'static str,
        /// The cell, or the word that was found.
        of: String,
    },
    /// A cell that does not exist.
    #[error("`{field}` names `{cell}`, which is no cell")]
    UnknownCell {
        /// Where.
        field: &'static str,
        /// The cell.
        cell: String,
    },
    /// A waiver without a reason.
    #[error("the waiver of `{cell}` has no reason")]
    NoReason {
        /// The cell.
        cell: String,
    },
}

/// How the beliefs of the reference tables are written.
const USUAL_BELIEFS: [&str; 2] = ["0<=y_j", "y_j<=a_j+max(a)"];

impl TableForm {
    /// Fields that mean nothing here: perhaps a slip of the pen.
    pub fn ignored(&self) -> Vec<&str> {
        let rule = self.rule.as_ref().filter(|_| self.threshold().is_none());
        let other = self.other.keys().map(String::as_str);
        other.chain(rule.map(|_| "rule")).collect()
    }

    /// Whether anybody is named as contributing.
    fn has_contributions(&self) -> bool {
        self.leaves
            .iter()
            .any(|leaf| !leaf.contributions.is_empty())
    }

    /// Whether leaves hold amounts beside counts.
    fn has_amounts(&self) -> bool {
        self.has_contributions() || self.leaves.iter().any(|leaf| leaf.value.is_some())
    }

    /// The decimals that every number of the file needs.
    pub fn decimals(&self) -> u32 {
        let leaves = self.leaves.iter();
        let of = leaves.flat_map(|leaf| {
            let contributions = leaf.contributions.iter().map(|one| one.value);
            leaf.value.into_iter().chain(contributions)
        });
        let cells = match &self.cells {
            Some(CellsForm::Values(values)) => values.values().copied().collect(),
            _ => Vec::new(),
        };
        of.chain(cells)
            .chain(self.protection_level)
            .map(decimals)
            .max()
            .unwrap_or(0)
    }

    /// The table, when the file has hierarchies and leaves; in units of `10^-decimals`.
    ///
    /// # Errors
    /// [`FormError`] naming the dimension or the cell.
    pub fn table(&self, decimals: u32) -> Result<Table, FormError> {
        let dimensions = self
            .hierarchies
            .iter()
            .enumerate()
            .map(|(at, parts)| {
                let name = self.dimension(at);
                let parts: Vec<(String, Vec<String>)> = parts
                    .iter()
                    .map(|(label, of)| (label.clone(), of.clone()))
                    .collect();
                match Hierarchy::new(&parts) {
                    Ok(hierarchy) => Ok(Dimension { name, hierarchy }),
                    Err(source) => Err(FormError::Hierarchy {
                        dimension: name,
                        source,
                    }),
                }
            })
            .collect::<Result<_, _>>()?;
        self.check_names()?;
        let entries: Vec<Entry> = self
            .leaves
            .iter()
            .map(|leaf| self.entry(leaf, decimals))
            .collect::<Result<_, _>>()?;
        Ok(Table::new(dimensions, decimals, &entries)?)
    }

    /// Each dimension has one name, and no two have the same.
    fn check_names(&self) -> Result<(), FormError> {
        let Some(names) = &self.dimensions else {
            return Ok(());
        };
        let mut seen = BTreeSet::new();
        let of = match names
            .iter()
            .find(|name| name.trim().is_empty() || !seen.insert(*name))
        {
            Some(name) => name.clone(),
            None if names.len() != self.hierarchies.len() => names.join(", "),
            None => return Ok(()),
        };
        Err(FormError::Unreadable {
            field: "dimensions",
            of,
        })
    }

    fn dimension(&self, at: usize) -> String {
        let named = self.dimensions.as_ref().and_then(|names| names.get(at));
        named.cloned().unwrap_or_else(|| (at + 1).to_string())
    }

    fn entry(&self, leaf: &LeafForm, decimals: u32) -> Result<Entry, FormError> {
        let of = || join(&leaf.key);
        let unreadable = |field| FormError::Unreadable { field, of: of() };
        let contributions: Vec<Contribution> = leaf
            .contributions
            .iter()
            .map(|one| {
                let weight = one.weight.unwrap_or(1.0);
                if !(weight.is_finite() && weight > 0.0) {
                    return Err(unreadable("weight"));
                }
                Ok(Contribution {
                    by: one.by.clone(),
                    value: units(one.value, decimals).ok_or_else(|| unreadable("contributions"))?,
                    weight,
                })
            })
            .collect::<Result<_, _>>()?;
        let count = match leaf.n {
            Some(n) if n >= 0.0 && n.fract() == 0.0 && n < 9e15 => n as u64,
            Some(_) => return Err(unreadable("n")),
            None if !contributions.is_empty() => contributions.len() as u64,
            // Where others are told by who contributes, this one names nobody.
            None if self.has_contributions() => return Err(unreadable("contributions")),
            None => return Err(unreadable("n")),
        };
        let value = match leaf.value {
            Some(value) => units(value, decimals).ok_or_else(|| unreadable("value"))?,
            None if self.has_contributions() => {
                weighted(&contributions).ok_or_else(|| unreadable("contributions"))?
            }
            None if self.has_amounts() => return Err(unreadable("value")),
            None => units(count as f64, decimals).ok_or_else(|| unreadable("n"))?,
        };
        if leaf.value.is_some() && !contributions.is_empty() {
            // The contributions must be those of the value.
            if weighted(&contributions) != Some(value) {
                return Err(TableError::NotAdditive { key: of() }.into());
            }
        }
        Ok(Entry {
            key: leaf.key.clone(),
            units: count,
            value,
            contributions,
        })
    }

    /// What is to be protected, with the names its cells go by.
    ///
    /// # Errors
    /// [`FormError`] naming the cell.
    pub fn material(&self) -> Result<Material, FormError> {
        let decimals = self.decimals();
        if let Some(system) = self.system(decimals)? {
            return Ok(Material::counts(system));
        }
        if self.hierarchies.is_empty() {
            return Err(FormError::Missing {
                field: "hierarchies",
            });
        }
        let table = self.table(decimals)?;
        let system = table.system()?;
        let places = vec![(0..system.len()).collect()];
        Ok(Material::linked(&[table], Linked { system, places }))
    }

    /// How the cells of a material are to be protected.
    ///
    /// # Errors
    /// [`FormError`] naming the field, and the cell where there is one.
    pub fn wishes(&self, material: &Material) -> Result<Wishes, FormError> {
        let system = &material.system;
        let scale = 10f64.powi(system.decimals() as i32);
        let places = cells::Places::new(system);
        let place = |field, cell: &String| places.of(field, cell);
        let asked: BTreeSet<usize> = self
            .primary
            .iter()
            .map(|cell| place("primary", cell))
            .collect::<Result<_, _>>()?;
        let mut waivers = BTreeMap::new();
        for waiver in &self.waivers {
            if waiver.reason.trim().is_empty() {
                return Err(FormError::NoReason {
                    cell: waiver.cell.clone(),
                });
            }
            waivers.insert(place("waivers", &waiver.cell)?, waiver.reason.clone());
        }
        let level = self.protection_level.unwrap_or(1.0);
        let percent = self.protection_percent.unwrap_or(if self.has_amounts() {
            USUAL_PERCENT
        } else {
            0.0
        });
        if !(level >= 0.0 && level.is_finite() && (0.0..=100.0).contains(&percent)) {
            return Err(FormError::Unreadable {
                field: "protection_level",
                of: self.name.clone().unwrap_or_default(),
            });
        }
        // A cell kept zero away from the truth is not protected.
        if level == 0.0 && percent == 0.0 {
            return Err(FormError::Unreadable {
                field: "protection_level",
                of: "0".to_owned(),
            });
        }
        let is_known = self.has_contributions();
        Ok(Wishes {
            rules: self.rules()?,
            level: (level * scale).max(1.0),
            percent,
            may_hide_zeros: self.zeros_may_be_suppressed,
            singletons: self.singletons.unwrap_or(is_known),
            unions: self.unions.unwrap_or(is_known),
            costs: self.costs(system, &place)?,
            waivers,
            asked,
            beliefs: self.beliefs(system)?,
        })
    }

    fn rules(&self) -> Result<Rules, FormError> {
        let minimum = match (self.min_frequency.max(self.threshold()), &self.rule) {
            (Some(minimum), _) => minimum,
            // Cells and sums may come with the cells to hide and without a threshold of their own.
            (None, _) if self.hierarchies.is_empty() && !self.primary.is_empty() => {
                crate::primary::LEAST_MINIMUM
            }
            (None, Some(rule)) => {
                return Err(FormError::Unreadable {
                    field: "rule",
                    of: match rule {
                        RuleForm::Words(words) => words.clone(),
                        RuleForm::Other(_) => String::new(),
                    },
                });
            }
            (None, None) => {
                return Err(FormError::Missing {
                    field: "min_frequency",
                });
            }
        };
        let mut rules = Rules::new(minimum)?;
        for rule in &self.dominance {
            rules = rules.with(*rule)?;
        }
        rules.hide_zeros = self.hide_zeros;
        rules.hide_whole = self.hide_whole;
        Ok(rules)
    }

    fn costs(
        &self,
        system: &System,
        place: &dyn Fn(&'static str, &String) -> Result<usize, FormError>,
    ) -> Result<Costs, FormError> {
        let unreadable = |of: &String| FormError::Unreadable {
            field: "weights",
            of: of.clone(),
        };
        match &self.weights {
            None => Ok(Costs::Value),
            Some(WeightsForm::Named(name)) => match name.as_str() {
                "value" => Ok(Costs::Value),
                "unit" => Ok(Costs::Unit),
                "units" => Ok(Costs::Units),
                _ => Err(unreadable(name)),
            },
            Some(WeightsForm::Given(given)) => {
                let values = system.values().iter();
                let mut costs: Vec<f64> = values
                    .map(|value| system.amount(value.abs() as f64))
                    .collect();
                for (cell, cost) in given {
                    if !(cost.is_finite() && *cost >= 0.0) {
                        return Err(unreadable(cell));
                    }
                    costs[place("weights", cell)?] = *cost;
                }
                Ok(Costs::Given(costs))
            }
        }
    }

    fn beliefs(&self, system: &System) -> Result<Option<Beliefs>, FormError> {
        let unreadable = |of: &String| FormError::Unreadable {
            field: "attacker_bounds",
            of: of.clone(),
        };
        match &self.attacker_bounds {
            None => Ok(None),
            Some(BeliefsForm::Words(words)) => {
                let plain: String = words.chars().filter(|one| !one.is_whitespace()).collect();
                let is_usual = plain.contains(USUAL_BELIEFS[1])
                    || plain.contains("<=a_j+max(a)") && plain.contains(USUAL_BELIEFS[0]);
                // Whoever believes that nothing is below zero does not believe this cell.
                let below = system.values().iter().position(|value| *value < 0);
                match (is_usual, below) {
                    (true, None) => Ok(None),
                    (true, Some(at)) => Err(unreadable(&system.names()[at])),
                    (false, _) => Err(unreadable(words)),
                }
            }
            Some(BeliefsForm::Given(_)) => {
                let (mut least, mut most) = crate::problem::Problem::usual_beliefs(system);
                for (at, range) in self.stated_beliefs(system)? {
                    (least[at], most[at]) = range;
                }
                Ok(Some((least, most)))
            }
        }
    }
}

/// Amounts of too few are kept uncertain by this share of them when a file does not say.
const USUAL_PERCENT: f64 = 10.0;

/// More decimals than these are the noise of floating sums.
const MOST_DECIMALS: u32 = 6;

/// How many decimals a number needs: 0.1 + 0.2 needs one.
pub fn decimals(value: f64) -> u32 {
    (0..MOST_DECIMALS)
        .find(|decimals| {
            let scaled = value * 10f64.powi(*decimals as i32);
            (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0)
        })
        .unwrap_or(MOST_DECIMALS)
}

/// A number in units of `10^-decimals`; none when it is not a number or too large.
pub fn units(value: f64, decimals: u32) -> Option<i64> {
    let scaled = (value * 10f64.powi(decimals as i32)).round();
    (scaled.is_finite() && scaled.abs() <= crate::problem::LARGEST as f64).then_some(scaled as i64)
}

/// What the contributors add up to in the population.
fn weighted(contributions: &[Contribution]) -> Option<i64> {
    let sum: f64 = contributions
        .iter()
        .map(|one| one.value as f64 * one.weight)
        .sum();
    (sum.abs() <= crate::problem::LARGEST as f64).then(|| sum.round() as i64)
}
