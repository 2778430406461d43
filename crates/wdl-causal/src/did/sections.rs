//! Repeated cross-sections: other people in every period, who live where treatment came at a known date.

use rustc_hash::FxHashMap;

use super::panel::{Findings, PanelError, Rows, numbered};

/// Rows of people seen once, with the date when their group was first treated.
// INVARIANT: values are finite, weights average one, nobody belongs to a group treated from the first period on.
#[derive(Clone, Debug)]
pub struct Sections {
    periods: Vec<i64>,
    period: Vec<u32>,
    outcome: Vec<f64>,
    first_treated: Vec<Option<i64>>,
    covariates: Vec<Vec<f64>>,
    weights: Vec<f64>,
    clusters: Option<Vec<u32>>,
    findings: Findings,
}

impl Sections {
    /// Reads cross-sections; the `unit` of the rows is their own number and is not looked at, save in what is reported.
    ///
    /// Rows of groups treated from the first period on are left out and counted by their `unit`.
    ///
    /// # Errors
    /// [`PanelError`] for rows that leave nothing to compare.
    pub fn read(rows: &Rows<'_>) -> Result<Sections, PanelError> {
        super::panel::check_values(rows)?;
        let periods = super::panel::distinct(rows.period);
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
            return Err(PanelError::Empty);
        };
        if periods.len() < 2 {
            return Err(PanelError::OnePeriod);
        }
        let is_kept = |row: &usize| rows.first_treated[*row].is_none_or(|own| own > *first);
        let (kept, always): (Vec<usize>, Vec<usize>) =
            (0..rows.unit.len()).partition(|row| is_kept(row));
        let mut findings = Findings {
            rows: rows.unit.len(),
            units: rows.unit.len(),
            always_treated: always.iter().map(|row| rows.unit[*row]).collect(),
            missing_periods: super::panel::missing(&periods),
            ..Findings::default()
        };
        let mut sizes: FxHashMap<i64, usize> = FxHashMap::default();
        for row in &kept {
            match rows.first_treated[*row] {
                Some(own) if own <= *last => *sizes.entry(own).or_default() += 1,
                later => {
                    findings.never_treated += 1;
                    findings.treated_after_the_end += usize::from(later.is_some());
                }
            }
        }
        if sizes.is_empty() {
            return Err(PanelError::NobodyTreated {
                always_treated: always.len(),
            });
        }
        let alone = sizes.iter().filter(|(_, size)| **size == 1);
        findings.cohorts_of_one = alone.map(|(cohort, _)| *cohort).collect();
        findings.cohorts_of_one.sort_unstable();
        let taken = |column: &[f64]| -> Vec<f64> { kept.iter().map(|row| column[*row]).collect() };
        let mut weights = rows.weights.map_or_else(|| vec![1.0; kept.len()], taken);
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        weights.iter_mut().for_each(|own| *own /= mean);
        let places = super::panel::places(&periods, rows.period);
        let clusters = rows.clusters.map(|own| {
            let own: Vec<i64> = kept.iter().map(|row| own[*row]).collect();
            numbered(&own)
        });
        Ok(Sections {
            period: kept
                .iter()
                .map(|row| u32::try_from(places[*row]).expect("fewer periods than rows"))
                .collect(),
            outcome: taken(rows.outcome),
            first_treated: kept.iter().map(|row| rows.first_treated[*row]).collect(),
            covariates: rows.covariates.iter().map(|own| taken(own)).collect(),
            weights,
            clusters,
            findings,
            periods,
        })
    }

    /// The periods, ascending.
    pub fn periods(&self) -> &[i64] {
        &self.periods
    }

    /// What was found while reading.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The place of the period of each row.
    pub fn period(&self) -> &[u32] {
        &self.period
    }

    /// The outcome of each row.
    pub fn outcome(&self) -> &[f64] {
        &self.outcome
    }

    /// When the group of each row is first treated.
    pub fn first_treated(&self) -> &[Option<i64>] {
        &self.first_treated
    }

    /// The covariates, by column.
    pub fn covariates(&self) -> &[Vec<f64>] {
        &self.covariates
    }

    /// The weights, with a mean of one.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The cluster of each row, counted from zero.
    pub fn clusters(&self) -> Option<&[u32]> {
        self.clusters.as_deref()
    }

    /// The cohorts treated inside the data, ascending.
    pub fn cohorts(&self) -> Vec<i64> {
        let last = self.periods[self.periods.len() - 1];
        let mut cohorts: Vec<i64> = self.first_treated.iter().copied().flatten().collect();
        cohorts.sort_unstable();
        cohorts.dedup();
        cohorts.retain(|own| *own <= last);
        cohorts
    }
}
