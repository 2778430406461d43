//! Who stands behind the numbers of a study: what disclosure control reads, and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::fault::RunError;
use crate::rows::Rows;
use crate::study::{Asked, Study};

/// Those behind one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The run.
    pub run: String,
    /// The method, so that runs of one method on nearly the same rows are told apart.
    pub method: String,
    /// Units with the measure, and without.
    pub arms: [u64; 2],
    /// Coefficients estimated, as far as the answer tells.
    pub parameters: u64,
    /// Areas or other wholes whose rows are aggregates; nothing when rows are units.
    pub clusters: Option<u64>,
    /// Events with the measure and without, where rows are aggregates that count them.
    pub events: Option<[u64; 2]>,
    /// Units of the smallest group that the method's estimate rests on, where rows are units and it counts them: those within a bandwidth.
    pub least: Option<u64>,
    /// Those behind the estimate of each time since the measure began.
    pub times: Vec<StandingTime>,
}

/// Those behind one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingTime {
    /// The time since the measure began.
    pub time: i64,
    /// Units with the measure seen then.
    pub treated: u64,
    /// Units they are compared with.
    pub compared: u64,
    /// Events among the first, where rows are aggregates that count them.
    pub events: Option<u64>,
}

/// The units of the rows: who they are, how many people each holds, whether it has the measure.
pub(crate) struct Units {
    /// The unit of each row.
    pub(crate) of_row: Vec<usize>,
    /// Units behind a unit: one, or the most people that an aggregate ever held.
    pub(crate) sizes: Vec<u64>,
    /// Whether it has the measure.
    pub(crate) is_treated: Vec<bool>,
    /// Events of each row, where rows are aggregates that count them.
    events: Option<Vec<f64>>,
    are_aggregates: bool,
}

impl Units {
    /// The units of a design; nothing of the outcome is read.
    pub(crate) fn of(study: &Study, rows: &Rows) -> Result<Units, RunError> {
        let stated = &study.stated;
        let arms = arms(study, rows)?;
        let of_row: Vec<usize> = match &stated.unit {
            None => (0..rows.count()).collect(),
            Some(unit) => {
                let mut places = BTreeMap::new();
                let codes = rows.places(study, unit)?.iter();
                codes
                    .map(|code| {
                        let next = places.len();
                        code.map(|code| *places.entry(code).or_insert(next))
                    })
                    .collect::<Option<_>>()
                    .ok_or_else(|| study.frame_fault(format!("`{unit}` is missing in a row")))?
            }
        };
        let count = of_row.iter().max().map_or(0, |last| last + 1);
        let people = match &stated.behind {
            Some(behind) => Some(rows.numbers(study, &behind.units)?),
            None => None,
        };
        let mut sizes = vec![0; count];
        let mut is_treated: Vec<Option<bool>> = vec![None; count];
        for (row, unit) in of_row.iter().enumerate() {
            // Rounded down: half a household is none.
            let own = people.map_or(1, |people| people[row].unwrap_or(0.0).max(0.0) as u64);
            sizes[*unit] = own.max(sizes[*unit]);
            if is_treated[*unit].is_some_and(|before| before != arms[row]) {
                let column = &stated.arms.column;
                return Err(study.frame_fault(format!("`{column}` changes inside a unit")));
            }
            is_treated[*unit] = Some(arms[row]);
        }
        Ok(Units {
            of_row,
            sizes,
            is_treated: is_treated
                .into_iter()
                .map(|own| own == Some(true))
                .collect(),
            events: None,
            are_aggregates: stated.behind.is_some(),
        })
    }

    /// The same with the events that the outcome counts.
    pub(crate) fn with_events(mut self, study: &Study, rows: &Rows) -> Result<Units, RunError> {
        let behind = study.stated.behind.as_ref();
        if let Some(name) = behind.and_then(|own| own.events.as_ref()) {
            let numbers = rows.numbers(study, name)?.iter();
            self.events = Some(numbers.map(|own| own.unwrap_or(0.0).max(0.0)).collect());
        }
        Ok(self)
    }

    /// The different units of some rows, in order.
    pub(crate) fn among(&self, rows: &[usize]) -> Vec<usize> {
        let mut units: Vec<usize> = rows.iter().map(|row| self.of_row[*row]).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// How many stand behind some units.
    pub(crate) fn size(&self, units: impl IntoIterator<Item = usize>) -> u64 {
        units.into_iter().map(|unit| self.sizes[unit]).sum()
    }

    /// With the measure, and without.
    pub(crate) fn arms(&self, rows: &[usize]) -> [u64; 2] {
        let units = self.among(rows);
        [true, false].map(|wanted| {
            let own = units
                .iter()
                .filter(|unit| self.is_treated[**unit] == wanted);
            self.size(own.copied())
        })
    }

    fn events(&self, rows: impl Iterator<Item = usize>) -> Option<u64> {
        let events = self.events.as_ref()?;
        Some(rows.map(|row| events[row]).sum::<f64>() as u64)
    }

    /// Areas whose rows are aggregates.
    fn clusters(&self, rows: &[usize]) -> Option<u64> {
        self.are_aggregates.then(|| self.among(rows).len() as u64)
    }

    /// Those behind a run on some rows.
    pub(crate) fn standing(&self, run: &str, asked: &Asked, rows: &[usize]) -> Standing {
        let treated = |wanted: bool| {
            let own = rows.iter().copied();
            own.filter(move |row| self.is_treated[self.of_row[*row]] == wanted)
        };
        let events = self.events(treated(true)).zip(self.events(treated(false)));
        Standing {
            run: run.to_owned(),
            method: asked.method.to_owned(),
            arms: self.arms(rows),
            parameters: 0,
            clusters: self.clusters(rows),
            events: events.map(|(one, other)| [one, other]),
            least: None,
            times: Vec::new(),
        }
    }

    /// Those behind the times of a run whose estimates are named by them.
    pub(crate) fn times(
        &self,
        study: &Study,
        table: &Rows,
        rows: &[usize],
        asked: &Asked,
        named: &[i64],
    ) -> Result<Vec<StandingTime>, RunError> {
        let columns = asked.column("period").zip(asked.column("first-treated"));
        let Some((period, first)) = columns else {
            return Ok(Vec::new());
        };
        let (period, first) = (table.numbers(study, period)?, table.numbers(study, first)?);
        let began = |row: usize| first[row].filter(|first| *first != 0.0);
        let has_never = rows.iter().any(|row| began(*row).is_none());
        let of = |time: &i64| {
            let since = |row: usize| period[row].zip(began(row)).map(|(at, first)| at - first);
            let seen = rows.iter().filter(|row| since(**row) == Some(*time as f64));
            let treated: Vec<usize> = seen.copied().collect();
            let bits = |row: usize| period[row].map(f64::to_bits);
            let periods: BTreeSet<Option<u64>> = treated.iter().map(|row| bits(*row)).collect();
            let is_then = |row: usize| periods.contains(&bits(row));
            let is_free = |row: usize| match began(row) {
                None => true,
                Some(first) => !has_never && period[row].is_some_and(|own| own < first),
            };
            let compared = rows.iter().filter(|row| is_free(**row) && is_then(**row));
            let compared: Vec<usize> = compared.copied().collect();
            StandingTime {
                time: *time,
                treated: self.size(self.among(&treated)),
                compared: self.size(self.among(&compared)),
                events: self.events(treated.iter().copied()),
            }
        };
        Ok(named.iter().map(of).collect())
    }
}

/// Which rows have the measure: the column of the arms, in 0 and 1.
fn arms(study: &Study, rows: &Rows) -> Result<Vec<bool>, RunError> {
    let name = &study.stated.arms.column;
    let numbers = rows.numbers(study, name)?;
    let arm = |own: &Option<f64>| match own {
        Some(0.0) => Ok(false),
        Some(1.0) => Ok(true),
        Some(_) | None => {
            Err(study.frame_fault(format!("`{name}` is 0 or 1 in every row of the design")))
        }
    };
    numbers.iter().map(arm).collect()
}
