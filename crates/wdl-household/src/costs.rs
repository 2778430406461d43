//! Housing costs against income: the burden, the overburden, what remains.
//!
//! Source: Eurostat, *Statistics Explained*, glossary "Housing cost overburden rate": total housing costs net of housing allowances over disposable income net of housing allowances, above 40 %.

use crate::compare::exceeds;
use crate::untold::{Told, Untold};

/// A household's income and costs of one period, in one unit (euro a year).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// Housing costs, or the rent alone.
    pub costs: f64,
    /// Housing allowances, taken off costs and income.
    pub allowances: f64,
    /// Disposable income, allowances included; may be negative.
    pub income: f64,
}

/// What part of the income goes on housing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Burden {
    /// This part.
    Share(f64),
    /// The income net of allowances is zero or negative: there is no part of it.
    WithoutIncome,
}

/// What a household counts as whose income net of allowances is zero or negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WithoutIncome {
    /// Above every limit when it has net costs, below every limit when it has none.
    #[default]
    Overburdened,
    /// Not counted.
    LeftOut,
}

/// Whether the burden lies above a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Above {
    /// Whether it does.
    pub is_above: bool,
    /// Whether that is by [`WithoutIncome`], not by a division.
    pub is_by_convention: bool,
}

impl WithoutIncome {
    /// Every convention with its name.
    pub const NAMES: [(&'static str, WithoutIncome); 2] = [
        ("overburdened", WithoutIncome::Overburdened),
        ("left-out", WithoutIncome::LeftOut),
    ];

    /// Its name: `overburdened`.
    pub fn name(self) -> &'static str {
        match self {
            WithoutIncome::Overburdened => "overburdened",
            WithoutIncome::LeftOut => "left-out",
        }
    }
}

impl Costs {
    fn net_costs(&self) -> f64 {
        self.costs - self.allowances
    }

    fn net_income(&self) -> f64 {
        self.income - self.allowances
    }

    /// The largest amount of the three.
    fn largest(&self) -> f64 {
        let amounts = [self.costs, self.allowances, self.income];
        amounts.into_iter().map(f64::abs).fold(0.0, f64::max)
    }

    fn has_income(&self) -> bool {
        exceeds(self.income, self.allowances, self.largest())
    }

    /// Net costs over net income; negative when allowances are more than the costs.
    pub fn burden(&self) -> Burden {
        match self.has_income() {
            true => Burden::Share(self.net_costs() / self.net_income()),
            false => Burden::WithoutIncome,
        }
    }

    /// Whether net costs are more than a part of net income; whoever stands on the limit is not above it.
    ///
    /// # Errors
    /// [`Untold::IncomeNotPositive`] without net income, when such households are left out.
    pub fn above(&self, limit: f64, without: WithoutIncome) -> Told<Above> {
        if self.has_income() {
            let part = limit * self.net_income();
            return Ok(Above {
                is_above: exceeds(self.net_costs(), part, self.largest()),
                is_by_convention: false,
            });
        }
        match without {
            WithoutIncome::LeftOut => Err(Untold::IncomeNotPositive),
            WithoutIncome::Overburdened => Ok(Above {
                is_above: exceeds(self.costs, self.allowances, self.largest()),
                is_by_convention: true,
            }),
        }
    }
}
