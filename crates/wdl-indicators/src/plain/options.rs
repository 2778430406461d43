//! What is asked of a file, and what of it goes together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wdl_plain::PlainTable;
use wdl_stats::Resampling;
use wdl_stats::scores::Method;
use wdl_vocab::{Text, did_you_mean};

use super::{
    Calibration, Deprivations, Errors, Measure, PlainMeasureError, ReplicateKind, ReplicateRule,
    complete,
};
use crate::population::Line;

/// What the errors of an answer rest on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Grounds {
    /// Nothing: there are none.
    None,
    /// The scores of the rows.
    Scores,
    /// Draws of the units.
    Draws(Resampling),
    /// The weights of the replicates.
    Replicates(ReplicateRule),
}

/// What is asked of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The column of incomes.
    pub income: String,
    /// The column of weights; each row counts one without it.
    pub weight: Option<String>,
    /// The column that says who lives together: the clusters.
    pub household: Option<String>,
    /// The column of strata.
    pub strata: Option<String>,
    /// The columns that groups are made of.
    pub by: Vec<String>,
    /// What is computed.
    pub measures: Vec<Measure>,
    /// How errors are computed.
    pub errors: Errors,
    /// The poverty threshold.
    pub line: Line,
    /// The column whose median the threshold is a part of, when it is not the income: income before transfers is measured under the threshold after them.
    pub reference: Option<String>,
    /// The conventions of quantiles and densities.
    pub method: Method,
    /// The known totals that the weights shall meet.
    pub calibration: Option<Calibration>,
    /// The columns of replicate weights, or patterns of their names: `rep*`.
    pub replicate_weights: Vec<String>,
    /// How they become errors; `errors` does not count then.
    pub replicate_rule: Option<ReplicateRule>,
    /// The groups to compare: all others with one, or the first of two with the second; values joined by `/`.
    pub compare: Vec<String>,
    /// The file of an earlier period, with the same columns.
    pub before: Option<PathBuf>,
    /// The column of periods, each measured by itself and compared with the one before.
    pub wave: Option<String>,
    /// The column that says who is who over the periods.
    pub person: Option<String>,
    /// Whether inequality is decomposed by the groups.
    pub decompose: bool,
    /// The columns of sources of income by which the Gini coefficient is decomposed.
    pub sources: Vec<String>,
    /// The deprivations that are counted together.
    pub deprivations: Option<Deprivations>,
}

/// A period, when there are several, with the places of its rows.
type PeriodRows = (Option<String>, Vec<usize>);

impl Options {
    /// The usual measures of a column of incomes, with linearised errors.
    pub fn new(income: impl Into<String>) -> Options {
        Options {
            income: income.into(),
            weight: None,
            household: None,
            strata: None,
            by: Vec::new(),
            measures: Measure::usual(),
            errors: Errors::Linearised,
            line: Line::default(),
            reference: None,
            method: Method::default(),
            calibration: None,
            replicate_weights: Vec::new(),
            replicate_rule: None,
            compare: Vec::new(),
            before: None,
            wave: None,
            person: None,
            decompose: false,
            sources: Vec::new(),
            deprivations: None,
        }
    }

    pub(super) fn columns(&self) -> Vec<&str> {
        let mut columns = vec![self.income.as_str()];
        let others = [
            &self.weight,
            &self.household,
            &self.strata,
            &self.reference,
            &self.wave,
            &self.person,
        ];
        columns.extend(others.into_iter().flatten().map(String::as_str));
        columns.extend(self.by.iter().map(String::as_str));
        columns.extend(self.sources.iter().map(String::as_str));
        let deprivations = self.deprivations.iter().flat_map(|asked| &asked.columns);
        columns.extend(deprivations.map(String::as_str));
        columns
    }

    /// The column whose names are the drawn units: households, or else persons.
    pub(super) fn unit_column(&self) -> Option<&str> {
        self.household.as_deref().or(self.person.as_deref())
    }

    /// What errors rest on.
    pub(super) fn grounds(&self) -> Grounds {
        match (self.replicate_rule, self.errors) {
            (Some(rule), _) => Grounds::Replicates(rule),
            (None, Errors::None) => Grounds::None,
            (None, Errors::Linearised) => Grounds::Scores,
            (None, Errors::Bootstrap(resampling)) => Grounds::Draws(resampling),
        }
    }

    /// The columns by which rows are put in order before units are drawn, so that the draws are those of the same people in any order of the file: what makes the units, then what is measured.
    ///
    /// Columns that only make groups come last, so that a group more changes no draw of everybody.
    pub(super) fn order(&self) -> Option<Vec<&str>> {
        let Grounds::Draws(_) = self.grounds() else {
            return None;
        };
        let own = [&self.strata, &self.household, &self.person];
        let mut columns: Vec<&str> = own.into_iter().flatten().map(String::as_str).collect();
        columns.push(&self.income);
        columns.extend(
            [&self.weight, &self.reference]
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
        Some(columns)
    }

    /// Whether it matters who was drawn with whom.
    pub(super) fn is_drawn(&self) -> bool {
        self.grounds() != Grounds::None || self.calibration.is_some()
    }

    fn has_periods(&self) -> bool {
        self.before.is_some() || self.wave.is_some()
    }

    /// Whether what is asked goes together.
    pub(super) fn check(&self) -> Result<(), PlainMeasureError> {
        if let Some(option) = self.line.wrong_option() {
            let detail = Line::MUST_BE;
            return Err(PlainMeasureError::Options { option, detail });
        }
        let is_linearised = matches!(self.grounds(), Grounds::None | Grounds::Scores);
        let is_replicated = self.replicate_rule.is_some();
        let is_stratified =
            (self.replicate_rule).is_some_and(|rule| rule.kind == ReplicateKind::Stratified);
        let faults = [
            (
                self.before.is_some() && self.wave.is_some(),
                (
                    "--before",
                    Text::fixed(
                        "i periodi stanno in una colonna o in due file, non in entrambi",
                        "periods stand in a column or in two files, not both",
                    ),
                ),
            ),
            (
                self.has_periods() && self.calibration.is_some(),
                (
                    "--calibrate",
                    Text::fixed(
                        "i totali sono di un periodo: calibrare ciascuno da solo",
                        "the totals are of one period: calibrate each by itself",
                    ),
                ),
            ),
            (
                self.has_periods() && !is_linearised,
                (
                    "--se",
                    Text::fixed(
                        "i periodi si confrontano con errori linearizzati",
                        "periods are compared with linearised errors",
                    ),
                ),
            ),
            (
                !self.compare.is_empty() && self.by.is_empty(),
                (
                    "--compare",
                    Text::fixed(
                        "i gruppi si fanno con `--by`",
                        "groups are made with `--by`",
                    ),
                ),
            ),
            (
                self.compare.len() > 2,
                (
                    "--compare",
                    Text::fixed("un gruppo o due", "one group or two"),
                ),
            ),
            (
                is_replicated && self.calibration.is_some(),
                (
                    "--calibrate",
                    Text::fixed(
                        "i pesi replicati li calibra chi li produce",
                        "replicate weights are calibrated by who makes them",
                    ),
                ),
            ),
            (
                is_replicated && self.weight.is_none(),
                (
                    "--replicate-weights",
                    Text::fixed(
                        "i pesi interi si indicano con `--weight`",
                        "the full weights are named with `--weight`",
                    ),
                ),
            ),
            (
                is_stratified && self.strata.is_none(),
                (
                    "--replicate-kind",
                    Text::fixed(
                        "`jkn` legge gli strati da `--strata`",
                        "`jkn` reads the strata from `--strata`",
                    ),
                ),
            ),
            (
                is_replicated && self.deprivations.is_some(),
                (
                    "--deprivations",
                    Text::fixed(
                        "le privazioni hanno errori linearizzati",
                        "deprivations have linearised errors",
                    ),
                ),
            ),
            (
                self.person.is_some() && self.wave.is_none(),
                (
                    "--person",
                    Text::fixed(
                        "le persone si seguono lungo i periodi di `--wave`",
                        "persons are followed over the periods of `--wave`",
                    ),
                ),
            ),
            (
                self.decompose && self.by.is_empty(),
                (
                    "--decompose",
                    Text::fixed(
                        "i gruppi si fanno con `--by`",
                        "groups are made with `--by`",
                    ),
                ),
            ),
            (
                self.deprivations
                    .as_ref()
                    .is_some_and(Deprivations::is_wrong),
                (
                    "--deprivations",
                    Text::fixed(
                        "un peso positivo per ciascuna, e una soglia sopra 0 e fino a 1",
                        "one positive weight for each, and a cut above 0 and up to 1",
                    ),
                ),
            ),
            (
                (self.calibration.as_ref()).is_some_and(|asked| asked.of_households)
                    && self.household.is_none(),
                (
                    "--calibrate-by",
                    Text::fixed(
                        "le famiglie si indicano con `--household`",
                        "households are named with `--household`",
                    ),
                ),
            ),
        ];
        match faults.into_iter().find(|(is_fault, _)| *is_fault) {
            Some((_, (option, detail))) => Err(PlainMeasureError::Options { option, detail }),
            None => Ok(()),
        }
    }

    /// The periods of a table, the earliest first, with the places of their rows.
    pub(super) fn periods(
        &self,
        file: &Path,
        table: &PlainTable,
        at: usize,
    ) -> Result<Vec<PeriodRows>, PlainMeasureError> {
        let all = (0..table.rows()).collect();
        let Some(wave) = &self.wave else {
            let name = self.before.as_ref().map(|_| ["before", "now"][at.min(1)]);
            return Ok(vec![(name.map(str::to_owned), all)]);
        };
        let names = complete(file, wave, table.text(wave))?;
        let mut of_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (row, name) in names.into_iter().enumerate() {
            of_name.entry(name).or_default().push(row);
        }
        let mut periods: Vec<(String, Vec<usize>)> = of_name.into_iter().collect();
        // Numbers by size and before words, words by name.
        let number = |name: &str| name.parse::<f64>().unwrap_or(f64::INFINITY);
        periods.sort_by(|(a, _), (b, _)| number(a).total_cmp(&number(b)).then(a.cmp(b)));
        let named = periods
            .into_iter()
            .map(|(name, places)| (Some(name), places));
        Ok(named.collect())
    }

    /// The pairs of groups to compare, by their places.
    pub(super) fn pairs(
        &self,
        groups: &[String],
    ) -> Result<Vec<(usize, usize)>, PlainMeasureError> {
        let place = |name: &String| {
            let mut named = (0..groups.len()).filter(|place| groups[*place] == *name);
            match (named.next(), named.next()) {
                (Some(place), None) => Ok(place),
                (Some(_), Some(_)) => Err(PlainMeasureError::Options {
                    option: "--compare",
                    detail: Text::fixed(
                        "il nome è di più gruppi, perché in un valore c'è `/`: raggruppare per una colonna sola, o cambiare i valori",
                        "several groups have the name, for a value holds `/`: group by one column only, or change the values",
                    ),
                }),
                (None, _) => Err(PlainMeasureError::NoGroup {
                    name: name.clone(),
                    meant: did_you_mean(name, groups.iter().map(String::as_str)).map(str::to_owned),
                }),
            }
        };
        let asked: Vec<usize> = self.compare.iter().map(place).collect::<Result<_, _>>()?;
        Ok(match asked[..] {
            [one, other] => vec![(one, other)],
            [other] => (0..groups.len())
                .filter(|one| *one != other)
                .map(|one| (one, other))
                .collect(),
            _ => Vec::new(),
        })
    }
}
