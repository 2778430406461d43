//! A panel of units over periods with the date of their treatment, parsed once from its rows.
//!
//! Every check stands here; the estimators of this folder take a [`Panel`] and check nothing again.

use rustc_hash::{FxHashMap, FxHashSet};

/// The rows of a panel, column by column; all of one length.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The unit of each row.
    pub unit: &'a [i64],
    /// The period of each row.
    pub period: &'a [i64],
    /// The outcome.
    pub outcome: &'a [f64],
    /// The first period under treatment, the same in every row of a unit; nothing for a unit never treated.
    pub first_treated: &'a [Option<i64>],
    /// Covariates; they may change from period to period.
    pub covariates: &'a [&'a [f64]],
    /// Sampling weights, the same in every row of a unit.
    pub weights: Option<&'a [f64]>,
    /// The cluster of each unit, the same in every row of it; the unit itself when absent.
    pub clusters: Option<&'a [i64]>,
}

/// What is done with a unit that lacks some periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// The panel is refused.
    Refuse,
    /// The unit is left out, and counted.
    DropUnits,
    /// The unit stays: each comparison uses the units seen in both of its periods.
    AsTheyAre,
}

/// A column of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The outcome.
    Outcome,
    /// A covariate, by its place.
    Covariate(usize),
    /// The weights.
    Weight,
    /// The clusters.
    Cluster,
    /// The date of treatment.
    FirstTreated,
}

/// Why rows are no panel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PanelError {
    /// A column has another number of rows.
    #[error("a column has another number of rows than the units")]
    Lengths,
    /// Nothing to read.
    #[error("no rows are left")]
    Empty,
    /// Values that are not numbers.
    #[error("{count} values of {column:?} are not finite, the first in row {row}")]
    NotFinite {
        /// The column.
        column: Column,
        /// The first such row, from zero.
        row: usize,
        /// How many.
        count: usize,
    },
    /// A weight of zero or less.
    #[error("the weight of row {row} is not positive")]
    Weight {
        /// The row, from zero.
        row: usize,
    },
    /// A unit has two rows in one period.
    #[error("{count} rows repeat a unit and period, the first unit {unit} in period {period}")]
    Duplicate {
        /// The first unit.
        unit: i64,
        /// Its period.
        period: i64,
        /// How many rows.
        count: usize,
    },
    /// What belongs to the unit differs between its rows.
    #[error("{column:?} changes inside {count} units, the first unit {unit}")]
    Changes {
        /// The column.
        column: Column,
        /// The first unit.
        unit: i64,
        /// How many units.
        count: usize,
    },
    /// Units lack periods, and that was to be refused.
    #[error("{count} of {units} units lack periods, the first unit {unit}")]
    Unbalanced {
        /// The first unit.
        unit: i64,
        /// How many.
        count: usize,
        /// Of how many.
        units: usize,
    },
    /// Only one period.
    #[error("a comparison over time needs two periods")]
    OnePeriod,
    /// Nobody is treated after the first period.
    #[error(
        "no unit begins treatment after the first period; {always_treated} were treated from it on"
    )]
    NobodyTreated {
        /// Units treated from the first period on.
        always_treated: usize,
    },
}

/// What was found while reading; nothing is left out without standing here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Rows read.
    pub rows: usize,
    /// Units read.
    pub units: usize,
    /// Units left out because they were treated from the first period on: nothing is known of them untreated.
    pub always_treated: Vec<i64>,
    /// Units that lack periods; left out or kept as asked.
    pub incomplete: Vec<i64>,
    /// Whether the incomplete units were left out.
    pub incomplete_left_out: bool,
    /// Periods that no unit has, between the first and the last.
    pub missing_periods: Vec<i64>,
    /// Units treated only after the last period: they serve as never treated.
    pub treated_after_the_end: usize,
    /// Units never treated inside the panel, those treated after its end among them.
    pub never_treated: usize,
    /// Cohorts of a single unit.
    pub cohorts_of_one: Vec<i64>,
}

/// A covariate of the panel.
#[derive(Clone, Debug, PartialEq)]
enum Covariate {
    /// One value per unit.
    Fixed(Vec<f64>),
    /// One value per unit and period.
    Varying(Vec<f64>),
}

/// A panel that holds what the estimators need.
// INVARIANT: units ascend, periods ascend, values are finite or absent together (NaN in every column of that cell); nobody is treated in the first period; weights average one.
#[derive(Clone, Debug)]
pub struct Panel {
    units: Vec<i64>,
    periods: Vec<i64>,
    outcome: Vec<f64>,
    first_treated: Vec<Option<i64>>,
    covariates: Vec<Covariate>,
    weights: Vec<f64>,
    clusters: Option<Vec<u32>>,
    is_balanced: bool,
    findings: Findings,
}

impl Panel {
    /// Reads a panel.
    ///
    /// # Errors
    /// [`PanelError`] for rows that are no panel, or leave nothing to compare.
    pub fn read(rows: &Rows<'_>, gaps: Gaps) -> Result<Panel, PanelError> {
        check_values(rows)?;
        let places = Places::of(rows)?;
        let mut wide = Wide::of(rows, &places)?;
        let findings = wide.choose(&places, gaps)?;
        Ok(wide.finished(&places, findings))
    }

    /// The units, ascending.
    pub fn units(&self) -> &[i64] {
        &self.units
    }

    /// The periods, ascending.
    pub fn periods(&self) -> &[i64] {
        &self.periods
    }

    /// What was found while reading.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// How many covariates there are.
    pub fn covariate_count(&self) -> usize {
        self.covariates.len()
    }

    /// Whether every unit has every period.
    pub fn is_balanced(&self) -> bool {
        self.is_balanced
    }

    /// When each unit is first treated, as given: also after the end of the panel.
    pub fn first_treated(&self) -> &[Option<i64>] {
        &self.first_treated
    }

    /// The weights, with a mean of one.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The cluster of each unit, counted from zero.
    pub fn clusters(&self) -> Option<&[u32]> {
        self.clusters.as_deref()
    }

    /// The outcome of a unit in a period, both by their place; not a number where it was not seen.
    pub fn outcome(&self, unit: usize, period: usize) -> f64 {
        self.outcome[unit * self.periods.len() + period]
    }

    /// Whether a unit was seen in a period.
    pub fn is_seen(&self, unit: usize, period: usize) -> bool {
        !self.outcome(unit, period).is_nan()
    }

    /// A covariate of a unit in a period.
    pub fn covariate(&self, column: usize, unit: usize, period: usize) -> f64 {
        match &self.covariates[column] {
            Covariate::Fixed(values) => values[unit],
            Covariate::Varying(values) => values[unit * self.periods.len() + period],
        }
    }

    /// Whether no covariate changes inside a unit.
    pub fn has_fixed_covariates(&self) -> bool {
        let mut covariates = self.covariates.iter();
        covariates.all(|own| matches!(own, Covariate::Fixed(_)))
    }

    /// The cohorts treated inside the panel, ascending.
    pub fn cohorts(&self) -> Vec<i64> {
        let last = self.periods[self.periods.len() - 1];
        let mut cohorts: Vec<i64> = self.first_treated.iter().copied().flatten().collect();
        cohorts.sort_unstable();
        cohorts.dedup();
        cohorts.retain(|own| *own <= last);
        cohorts
    }

    /// Whether a unit is under treatment in a period, both by their place.
    pub fn is_treated(&self, unit: usize, period: usize) -> bool {
        self.first_treated[unit].is_some_and(|first| first <= self.periods[period])
    }
}

pub(super) fn check_values(rows: &Rows<'_>) -> Result<(), PanelError> {
    let length = rows.unit.len();
    let lengths = [
        rows.period.len(),
        rows.outcome.len(),
        rows.first_treated.len(),
        rows.weights.map_or(length, <[f64]>::len),
        rows.clusters.map_or(length, <[i64]>::len),
    ];
    let covariates = rows.covariates.iter().map(|own| own.len());
    if lengths
        .into_iter()
        .chain(covariates)
        .any(|own| own != length)
    {
        return Err(PanelError::Lengths);
    }
    if length == 0 {
        return Err(PanelError::Empty);
    }
    check_finite(Column::Outcome, rows.outcome)?;
    for (at, column) in rows.covariates.iter().enumerate() {
        check_finite(Column::Covariate(at), column)?;
    }
    let Some(weights) = rows.weights else {
        return Ok(());
    };
    check_finite(Column::Weight, weights)?;
    match weights.iter().position(|own| *own <= 0.0) {
        Some(row) => Err(PanelError::Weight { row }),
        None => Ok(()),
    }
}

fn check_finite(column: Column, values: &[f64]) -> Result<(), PanelError> {
    let Some(row) = values.iter().position(|own| !own.is_finite()) else {
        return Ok(());
    };
    let count = values.iter().filter(|own| !own.is_finite()).count();
    Err(PanelError::NotFinite { column, row, count })
}

/// Where each row belongs.
struct Places {
    units: Vec<i64>,
    periods: Vec<i64>,
    cell: Vec<usize>,
}

impl Places {
    fn of(rows: &Rows<'_>) -> Result<Places, PanelError> {
        let units = distinct(rows.unit);
        let periods = distinct(rows.period);
        if periods.len() < 2 {
            return Err(PanelError::OnePeriod);
        }
        let unit_places = places(&units, rows.unit);
        let period_places = places(&periods, rows.period);
        let cell = unit_places.iter().zip(&period_places);
        let cell = cell
            .map(|(unit, period)| unit * periods.len() + period)
            .collect();
        Ok(Places {
            units,
            periods,
            cell,
        })
    }
}

/// The distinct values, ascending; rows that follow one another often share them.
pub(super) fn distinct(values: &[i64]) -> Vec<i64> {
    let mut known = values.to_vec();
    known.dedup();
    if !known.is_sorted() {
        let set: FxHashSet<i64> = known.into_iter().collect();
        known = set.into_iter().collect();
        known.sort_unstable();
    }
    known.dedup();
    known
}

/// The place of each value among the distinct ones.
pub(super) fn places(distinct: &[i64], values: &[i64]) -> Vec<usize> {
    // Rows mostly come ordered, so the same place or the next is tried first.
    let index: FxHashMap<i64, usize> = match distinct.len() > 64 && !values.is_sorted() {
        true => distinct.iter().copied().zip(0..).collect(),
        false => FxHashMap::default(),
    };
    let find = |value: &i64| match index.get(value) {
        Some(place) => *place,
        None => distinct.partition_point(|own| own < value),
    };
    let mut place = 0;
    let step = |value: &i64| {
        if distinct[place] != *value {
            place = match distinct.get(place + 1) {
                Some(next) if next == value => place + 1,
                _ => find(value),
            };
        }
        place
    };
    values.iter().map(step).collect()
}

/// The panel before units are chosen.
struct Wide {
    outcome: Vec<f64>,
    covariates: Vec<Vec<f64>>,
    first_treated: Vec<Option<i64>>,
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<i64>>,
    kept: Vec<bool>,
    is_balanced: bool,
}

impl Wide {
    fn of(rows: &Rows<'_>, places: &Places) -> Result<Wide, PanelError> {
        let wide = places.periods.len();
        let mut outcome = vec![f64::NAN; places.units.len() * wide];
        let mut repeated = Vec::new();
        for (row, cell) in places.cell.iter().enumerate() {
            if !outcome[*cell].is_nan() {
                repeated.push(*cell);
            }
            outcome[*cell] = rows.outcome[row];
        }
        if let Some(first) = repeated.iter().min() {
            return Err(PanelError::Duplicate {
                unit: places.units[first / wide],
                period: places.periods[first % wide],
                count: repeated.len(),
            });
        }
        let spread = |column: &&[f64]| {
            let mut values = vec![f64::NAN; outcome.len()];
            for (row, cell) in places.cell.iter().enumerate() {
                values[*cell] = column[row];
            }
            values
        };
        let covariates = rows.covariates.iter().map(spread).collect();
        let first_treated = of_units(rows.first_treated, places, Column::FirstTreated)?;
        let weights = rows
            .weights
            .map(|own| of_units(own, places, Column::Weight));
        let clusters = rows
            .clusters
            .map(|own| of_units(own, places, Column::Cluster));
        Ok(Wide {
            covariates,
            first_treated,
            weights: weights.transpose()?,
            clusters: clusters.transpose()?,
            kept: vec![true; places.units.len()],
            is_balanced: places.cell.len() == outcome.len(),
            outcome,
        })
    }

    /// Leaves out the units that tell nothing, and says so.
    fn choose(&mut self, places: &Places, gaps: Gaps) -> Result<Findings, PanelError> {
        let (first, last) = (places.periods[0], places.periods[places.periods.len() - 1]);
        let mut findings = Findings {
            rows: places.cell.len(),
            units: places.units.len(),
            missing_periods: missing(&places.periods),
            incomplete_left_out: gaps == Gaps::DropUnits,
            ..Findings::default()
        };
        let wide = places.periods.len();
        for (unit, key) in places.units.iter().enumerate() {
            let own = &self.outcome[unit * wide..(unit + 1) * wide];
            let is_incomplete = !self.is_balanced && own.iter().any(|own| own.is_nan());
            if self.first_treated[unit].is_some_and(|own| own <= first) {
                findings.always_treated.push(*key);
                self.kept[unit] = false;
            } else if is_incomplete {
                findings.incomplete.push(*key);
                self.kept[unit] = gaps != Gaps::DropUnits;
            }
        }
        if let (Gaps::Refuse, Some(unit)) = (gaps, findings.incomplete.first()) {
            return Err(PanelError::Unbalanced {
                unit: *unit,
                count: findings.incomplete.len(),
                units: places.units.len(),
            });
        }
        let mut sizes: FxHashMap<i64, usize> = FxHashMap::default();
        for unit in (0..places.units.len()).filter(|unit| self.kept[*unit]) {
            match self.first_treated[unit] {
                Some(own) if own <= last => *sizes.entry(own).or_default() += 1,
                later => {
                    findings.never_treated += 1;
                    findings.treated_after_the_end += usize::from(later.is_some());
                }
            }
        }
        if sizes.is_empty() {
            return Err(
                match findings.never_treated + findings.always_treated.len() {
                    0 => PanelError::Empty,
                    _ => PanelError::NobodyTreated {
                        always_treated: findings.always_treated.len(),
                    },
                },
            );
        }
        let alone = sizes.iter().filter(|(_, size)| **size == 1);
        findings.cohorts_of_one = alone.map(|(cohort, _)| *cohort).collect();
        findings.cohorts_of_one.sort_unstable();
        Ok(findings)
    }

    fn finished(self, places: &Places, findings: Findings) -> Panel {
        let wide = places.periods.len();
        let kept: Vec<usize> = (0..places.units.len())
            .filter(|unit| self.kept[*unit])
            .collect();
        let is_all = kept.len() == places.units.len();
        let cells = |values: Vec<f64>| match is_all {
            true => values,
            false => kept
                .iter()
                .flat_map(|unit| &values[unit * wide..(unit + 1) * wide])
                .copied()
                .collect(),
        };
        let outcome = cells(self.outcome);
        let covariates = self.covariates.into_iter();
        let covariates = covariates
            .map(|values| compact(cells(values), wide))
            .collect();
        let weights = match self.weights {
            None => vec![1.0; kept.len()],
            Some(own) => {
                let total: f64 = kept.iter().map(|unit| own[*unit]).sum();
                let mean = total / kept.len() as f64;
                kept.iter().map(|unit| own[*unit] / mean).collect()
            }
        };
        let clusters = self.clusters.map(|own| {
            let own: Vec<i64> = kept.iter().map(|unit| own[*unit]).collect();
            numbered(&own)
        });
        Panel {
            units: kept.iter().map(|unit| places.units[*unit]).collect(),
            periods: places.periods.clone(),
            is_balanced: self.is_balanced || outcome.iter().all(|own| !own.is_nan()),
            outcome,
            first_treated: kept.iter().map(|unit| self.first_treated[*unit]).collect(),
            covariates,
            weights,
            clusters,
            findings,
        }
    }
}

/// The clusters counted from zero, in ascending order of their key.
pub(super) fn numbered(keys: &[i64]) -> Vec<u32> {
    let known = distinct(keys);
    let own = places(&known, keys);
    own.into_iter()
        .map(|place| u32::try_from(place).expect("fewer clusters than units"))
        .collect()
}

/// What belongs to the unit, taken from its rows.
fn of_units<T: Copy + PartialEq>(
    column: &[T],
    places: &Places,
    name: Column,
) -> Result<Vec<T>, PanelError> {
    let wide = places.periods.len();
    let mut own: Vec<Option<T>> = vec![None; places.units.len()];
    let mut changed = Vec::new();
    for (row, cell) in places.cell.iter().enumerate() {
        let unit = cell / wide;
        match own[unit] {
            Some(known) if known != column[row] => changed.push(unit),
            Some(_) => {}
            None => own[unit] = Some(column[row]),
        }
    }
    changed.sort_unstable();
    changed.dedup();
    match changed.first() {
        Some(unit) => Err(PanelError::Changes {
            column: name,
            unit: places.units[*unit],
            count: changed.len(),
        }),
        None => Ok(own
            .into_iter()
            .map(|own| own.expect("each unit has a row"))
            .collect()),
    }
}

/// The periods that nobody has: steps of the smallest distance between the first and the last.
pub(super) fn missing(periods: &[i64]) -> Vec<i64> {
    let steps = periods
        .windows(2)
        .map(|pair| pair[1].saturating_sub(pair[0]));
    let step = steps.min().unwrap_or(1).max(1);
    let mut gone = Vec::new();
    for pair in periods.windows(2) {
        let mut period = pair[0].saturating_add(step);
        // A list of a few thousand says enough; a key that is no date could ask for billions.
        while period < pair[1] && gone.len() < 10_000 {
            gone.push(period);
            period = period.saturating_add(step);
        }
    }
    gone
}

/// One value per unit when it never changes.
fn compact(values: Vec<f64>, wide: usize) -> Covariate {
    let of_unit = |own: &[f64]| own.iter().copied().find(|own| !own.is_nan());
    let is_fixed = values.chunks(wide).all(|own| {
        let first = of_unit(own);
        own.iter().all(|each| each.is_nan() || Some(*each) == first)
    });
    match is_fixed {
        true => Covariate::Fixed(
            values
                .chunks(wide)
                .map(|own| of_unit(own).expect("each unit has a row"))
                .collect(),
        ),
        false => Covariate::Varying(values),
    }
}
