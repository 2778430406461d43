//! Tables that are given by their cells and the sums that tie them, and percentages of cells.

use std::collections::{BTreeMap, BTreeSet};

use super::{BeliefsForm, CellsForm, EquationForm, FormError, RuleForm, TableForm, units};
use crate::problem::System;
use crate::table::TableError;

/// The places of cells by name.
pub(super) struct Places<'a>(BTreeMap<&'a str, usize>);

impl<'a> Places<'a> {
    pub(super) fn new(system: &'a System) -> Places<'a> {
        let names = system.names().iter().enumerate();
        Places(names.map(|(at, name)| (name.as_str(), at)).collect())
    }

    pub(super) fn of(&self, field: &'static str, cell: &str) -> Result<usize, FormError> {
        let found = self.0.get(cell).copied();
        found.ok_or_else(|| FormError::UnknownCell {
            field,
            cell: cell.to_owned(),
        })
    }
}

/// One cell in percent of another, by their places.
///
/// It tells nothing new where both are shown.
/// Where one of them is hidden it must be hidden too: 33.3 % is a third of three, and a part of a known total is known from its percentage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// What it is called.
    pub name: String,
    /// The cell above the line.
    pub part: usize,
    /// The cell below it.
    pub of: usize,
}

impl Percentage {
    /// Whether it may be shown.
    pub fn is_shown(&self, is_hidden: &[bool]) -> bool {
        !is_hidden[self.part] && !is_hidden[self.of]
    }
}

impl TableForm {
    /// The cells and their sums, in units of `10^-decimals`; none when the file has hierarchies or no cells.
    ///
    /// # Errors
    /// [`FormError`] naming the cell, or the sum that does not hold.
    pub fn system(&self, decimals: u32) -> Result<Option<System>, FormError> {
        let (true, Some(CellsForm::Values(values))) = (self.hierarchies.is_empty(), &self.cells)
        else {
            return Ok(None);
        };
        let unreadable = |name: &String| FormError::Unreadable {
            field: "cells",
            of: name.clone(),
        };
        // Where units are counted, a broken number is a percentage or a mean, and says nothing of how many there are.
        let is_counted = self.min_frequency.is_some() || self.threshold().is_some();
        let numbers = values
            .iter()
            .map(
                |(name, value)| match is_counted && (*value < 0.0 || value.fract() != 0.0) {
                    true => Err(unreadable(name)),
                    false => units(*value, decimals).ok_or_else(|| unreadable(name)),
                },
            )
            .collect::<Result<Vec<i64>, _>>()?;
        let names: Vec<String> = values.keys().cloned().collect();
        let mut equations = Vec::new();
        for equation in &self.equations {
            equations.push(self.equation(equation, &names, &numbers)?);
        }
        Ok(Some(System::new(names, numbers, decimals, equations)?))
    }

    /// One sum; that of a total with several is named with its parts.
    fn equation(
        &self,
        equation: &EquationForm,
        names: &[String],
        numbers: &[i64],
    ) -> Result<Vec<(usize, i64)>, FormError> {
        let place = |cell: &String| {
            names
                .binary_search(cell)
                .map_err(|_| FormError::UnknownCell {
                    field: "equations",
                    cell: cell.clone(),
                })
        };
        if equation.children.is_empty() {
            return Err(FormError::Unreadable {
                field: "equations",
                of: equation.parent.clone(),
            });
        }
        let mut form = vec![(place(&equation.parent)?, -1)];
        let mut seen = BTreeSet::from([&equation.parent]);
        for child in &equation.children {
            form.push((place(child)?, 1));
            if !seen.insert(child) {
                return Err(TableError::Twice { key: child.clone() }.into());
            }
        }
        let sum: i128 = form
            .iter()
            .map(|(at, by)| i128::from(*by) * i128::from(numbers[*at]))
            .sum();
        if sum == 0 {
            return Ok(form);
        }
        let same = |one: &&EquationForm| one.parent == equation.parent;
        let key = match self.equations.iter().filter(same).count() {
            1 => equation.parent.clone(),
            _ => format!("{} = {}", equation.parent, equation.children.join(" + ")),
        };
        Err(TableError::NotAdditive { key }.into())
    }

    /// The least number of units that may be shown by the `rule` in words; none when there is none or it is not understood.
    pub(super) fn threshold(&self) -> Option<u64> {
        let Some(RuleForm::Words(words)) = &self.rule else {
            return None;
        };
        let rule: String = words.split_whitespace().collect();
        if let Some(most) = rule.strip_prefix("n<=") {
            return most.parse::<u64>().ok()?.checked_add(1);
        }
        rule.strip_prefix("n<")?.parse().ok()
    }

    /// The percentages that are published beside the cells.
    ///
    /// # Errors
    /// [`FormError`] naming a cell that does not exist.
    pub fn percentages(&self, system: &System) -> Result<Vec<Percentage>, FormError> {
        let places = Places::new(system);
        let of = |one: &super::PercentageForm| {
            Ok(Percentage {
                name: one
                    .name
                    .clone()
                    .unwrap_or_else(|| format!("{} / {}", one.part, one.of)),
                part: places.of("percentages", &one.part)?,
                of: places.of("percentages", &one.of)?,
            })
        };
        self.percentages.iter().map(of).collect()
    }

    /// What the file says that everybody believes of single cells beforehand: least and greatest.
    pub(crate) fn stated_beliefs(
        &self,
        system: &System,
    ) -> Result<BTreeMap<usize, (i64, i64)>, FormError> {
        let Some(BeliefsForm::Given(given)) = &self.attacker_bounds else {
            return Ok(BTreeMap::new());
        };
        let places = Places::new(system);
        let mut stated = BTreeMap::new();
        for (cell, (low, high)) in given {
            let at = places.of("attacker_bounds", cell)?;
            let value = system.values()[at];
            let read = |bound: f64| units(bound, system.decimals());
            match (read(*low), read(*high)) {
                (Some(low), Some(high)) if low <= value && value <= high => {
                    stated.insert(at, (low, high));
                }
                _ => {
                    return Err(FormError::Unreadable {
                        field: "attacker_bounds",
                        of: cell.clone(),
                    });
                }
            }
        }
        Ok(stated)
    }

    /// Every number that stands in the file, in order, save zero.
    fn numbers(&self) -> Vec<(u64, u64)> {
        let of = |number: Option<f64>| number.map_or(0, f64::to_bits);
        let leaves = self.leaves.iter().map(|leaf| (of(leaf.n), of(leaf.value)));
        let mut numbers: Vec<(u64, u64)> = match &self.cells {
            Some(CellsForm::Values(values)) if self.hierarchies.is_empty() => {
                values.values().map(|value| (value.to_bits(), 0)).collect()
            }
            _ => leaves.collect(),
        };
        numbers.retain(|number| *number != (0, 0));
        numbers.sort_unstable();
        numbers
    }
}

/// Fewer different numbers are the same in two tables by chance.
const DIFFERENT_NUMBERS: usize = 4;

/// Pairs of tables that hold the same numbers: perhaps one table under two names, of which different cells would be hidden.
pub fn same_numbers(forms: &[&TableForm]) -> Vec<(usize, usize)> {
    let numbers: Vec<Vec<(u64, u64)>> = forms.iter().map(|form| form.numbers()).collect();
    let is_telling =
        |of: &Vec<(u64, u64)>| of.iter().collect::<BTreeSet<_>>().len() >= DIFFERENT_NUMBERS;
    let mut pairs = Vec::new();
    for (one, of) in numbers.iter().enumerate() {
        for (two, other) in numbers.iter().enumerate().skip(one + 1) {
            if of == other && is_telling(of) {
                pairs.push((one, two));
            }
        }
    }
    pairs
}
