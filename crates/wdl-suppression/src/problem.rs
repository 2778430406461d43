//! What must stay hidden, from whom, and what hiding costs: a table as a linear system with the questions an attacker asks of it.
//!
//! All numbers are whole, in units of `10^-decimals`; whoever fills a [`Problem`] from counts or amounts scales once.

use crate::bounds::Form;

/// Cells tied by sums.
// INVARIANT: every equation holds for the values; every cell it names exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    names: Vec<String>,
    values: Vec<i64>,
    decimals: u32,
    equations: Vec<Form>,
}

/// Cells that are no system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SystemError {
    /// A total is not the sum of its parts.
    #[error("the parts of `{total}` do not add up to it")]
    NotAdditive {
        /// The total, or the first cell of the equation.
        total: String,
    },
    /// Two cells with one name.
    #[error("the cell `{name}` stands there twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// An equation names a cell that does not exist.
    #[error("an equation names cell {cell}, and there are {cells}")]
    UnknownCell {
        /// The cell.
        cell: usize,
        /// How many there are.
        cells: usize,
    },
    /// A number is too large to be added exactly.
    #[error("a number of `{name}` is too large to be handled exactly")]
    TooLarge {
        /// The cell.
        name: String,
    },
}

/// Larger numbers are not exact in the solver's arithmetic.
pub(crate) const LARGEST: i64 = 1 << 50;

impl System {
    /// A system of named cells with values in units of `10^-decimals` and equations `Σ coefficient · cell = 0`.
    ///
    /// # Errors
    /// [`SystemError`] where it is none; no message holds a value.
    pub fn new(
        names: Vec<String>,
        values: Vec<i64>,
        decimals: u32,
        equations: Vec<Form>,
    ) -> Result<System, SystemError> {
        assert_eq!(
            names.len(),
            values.len(),
            "each cell has a name and a value"
        );
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(SystemError::Twice {
                name: pair[0].clone(),
            });
        }
        if let Some(at) = values.iter().position(|value| value.abs() > LARGEST) {
            return Err(SystemError::TooLarge {
                name: names[at].clone(),
            });
        }
        for equation in &equations {
            check_sum(equation, &names, &values)?;
        }
        Ok(System {
            names,
            values,
            decimals,
            equations,
        })
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The names of the cells.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The values of the cells, in units of `10^-decimals`.
    pub fn values(&self) -> &[i64] {
        &self.values
    }

    /// How many decimals the unit has.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// The equations, `Σ coefficient · cell = 0`.
    pub fn equations(&self) -> &[Form] {
        &self.equations
    }

    /// The cells that no equation names: nothing that is shown bears on them, unless an equation was forgotten.
    pub fn untied(&self) -> Vec<usize> {
        let mut is_tied = vec![false; self.values.len()];
        for (cell, _) in self.equations.iter().flatten() {
            is_tied[*cell] = true;
        }
        (0..is_tied.len()).filter(|cell| !is_tied[*cell]).collect()
    }

    /// A number of units as an amount.
    pub fn amount(&self, units: f64) -> f64 {
        units / 10f64.powi(self.decimals as i32)
    }
}

fn check_sum(equation: &Form, names: &[String], values: &[i64]) -> Result<(), SystemError> {
    let mut sum: i128 = 0;
    for (cell, by) in equation {
        let value = values.get(*cell).ok_or(SystemError::UnknownCell {
            cell: *cell,
            cells: values.len(),
        })?;
        sum += i128::from(*by) * i128::from(*value);
    }
    if sum == 0 {
        return Ok(());
    }
    let total = equation
        .iter()
        .find(|(_, by)| *by < 0)
        .or(equation.first())
        .map_or_else(String::new, |(cell, _)| names[*cell].clone());
    Err(SystemError::NotAdditive { total })
}

/// What may be done with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It may be hidden to protect others.
    MayHide,
    /// It is hidden for its own sake.
    MustHide,
    /// It is published whatever happens.
    MustShow,
}

/// A form that nobody may learn too closely: a cell, or a sum of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The cells and their coefficients.
    pub terms: Form,
    /// How far below the truth it must remain possible.
    pub lower: i64,
    /// How far above.
    pub upper: i64,
    /// How wide the interval must be at least, wherever it lies.
    pub sliding: i64,
    /// The hidden cells whose values this attacker knows, for he alone contributes to them.
    pub known: Vec<usize>,
}

impl Target {
    /// Protection of one cell against everybody.
    pub fn cell(cell: usize, lower: i64, upper: i64) -> Target {
        Target {
            terms: vec![(cell, 1)],
            lower,
            upper,
            sliding: 0,
            known: Vec::new(),
        }
    }

    /// How the form is called: its cells, joined.
    pub fn name(&self, system: &System) -> String {
        let mut name = String::new();
        for (cell, by) in &self.terms {
            if !name.is_empty() {
                name.push_str(if *by < 0 { " - " } else { " + " });
            }
            name.push_str(&system.names[*cell]);
        }
        name
    }
}

/// A system, what an attacker believes beforehand, and what must stay hidden from him.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The cells.
    pub system: System,
    /// The least value that everybody believes possible, by cell; at most the value.
    pub least: Vec<i64>,
    /// The greatest, by cell; at least the value.
    pub most: Vec<i64>,
    /// What hiding a cell costs, above zero.
    pub costs: Vec<f64>,
    /// What may be done with each cell.
    pub treatment: Vec<Treatment>,
    /// What must stay hidden.
    pub targets: Vec<Target>,
    /// Cells that belong together, from the top down: where a large problem is searched.
    pub modules: Vec<Vec<usize>>,
}

impl Problem {
    /// Beforehand everybody believes that a hidden number is not negative and exceeds the truth by no more than the greatest number of the table.
    ///
    /// With negative values it may also be smaller than the truth by as much.
    pub fn usual_beliefs(system: &System) -> (Vec<i64>, Vec<i64>) {
        let values = system.values();
        let greatest = values
            .iter()
            .map(|value| value.abs())
            .max()
            .unwrap_or(0)
            .max(1);
        let is_signed = values.iter().any(|value| *value < 0);
        let least = values
            .iter()
            .map(|value| if is_signed { value - greatest } else { 0 })
            .collect();
        let most = values.iter().map(|value| value + greatest).collect();
        (least, most)
    }

    pub(crate) fn room_up(&self, cell: usize) -> i64 {
        self.most[cell] - self.system.values[cell]
    }

    pub(crate) fn room_down(&self, cell: usize) -> i64 {
        self.system.values[cell] - self.least[cell]
    }

    /// What hiding some cells costs.
    pub fn cost(&self, is_hidden: &[bool]) -> f64 {
        let hidden = is_hidden
            .iter()
            .zip(&self.costs)
            .filter(|(hidden, _)| **hidden);
        // The sum of nothing is minus zero.
        hidden.map(|(_, cost)| cost).sum::<f64>() + 0.0
    }

    /// The solver's unit: so many units that no room is beyond a million of it.
    pub(crate) fn scale(&self) -> f64 {
        let widest = (0..self.system.len())
            .map(|cell| self.room_up(cell).max(self.room_down(cell)))
            .max()
            .unwrap_or(1);
        (widest as f64 / 1e6).max(1.0)
    }
}
