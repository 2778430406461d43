//! Who stands behind the numbers of a study: what disclosure control reads, and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use wdl_evaluation::Behind;
use wdl_result::Unit;

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
    /// Units of the smallest group that the method's estimate rests on, where rows are units and it counts them: those within a bandwidth.
    pub least: Option<u64>,
    /// Events of each group that the estimate rests on: an arm, a side within a bandwidth, an arm before or after the start.
    pub groups: Vec<Group>,
    /// Whether the estimate rests on some of the rows only, and its method does not say on which: their events cannot be counted.
    pub is_untold: bool,
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
    /// Events of those, then and in the period compared with.
    pub groups: Vec<Group>,
}

/// Events of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What it is: `treated`, `below`.
    pub name: String,
    /// Its events.
    pub tally: Tally,
}

/// How many of a group have the event, and how many have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Events, or units whose outcome is not zero.
    pub with: u64,
    /// Units without an event; nothing where the outcome is an amount, of which everybody may have some.
    pub without: Option<u64>,
}

/// What the outcome counts in each row.
enum Counted {
    /// Rows are aggregates: their events, and those behind them who have none.
    Sums { with: Vec<f64>, without: Vec<f64> },
    /// Rows are of units: whether each has the event, where it has an outcome.
    Events(Vec<Option<bool>>),
    /// Rows are of units: whether the outcome of each is not zero.
    Givers(Vec<bool>),
}

/// The units of the rows: who they are, how many people each holds, whether it has the measure.
pub(crate) struct Units {
    /// The unit of each row.
    pub(crate) of_row: Vec<usize>,
    /// Units behind a unit: one, or the most people that an aggregate ever held.
    pub(crate) sizes: Vec<u64>,
    /// Whether it has the measure.
    pub(crate) is_treated: Vec<bool>,
    /// What the outcome counts; nothing before it is read, and where rows are aggregates that do not say.
    counted: Option<Counted>,
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
            counted: None,
            are_aggregates: stated.behind.is_some(),
        })
    }

    /// The same with the events that the outcome counts.
    pub(crate) fn with_events(mut self, study: &Study, rows: &Rows) -> Result<Units, RunError> {
        self.counted = counted(study, rows)?;
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

    /// The events of some rows; units are counted once.
    fn tally(&self, rows: &[usize]) -> Option<Tally> {
        let units = |is_it: &dyn Fn(usize) -> bool| {
            let own: Vec<usize> = rows.iter().copied().filter(|row| is_it(*row)).collect();
            self.among(&own).len() as u64
        };
        // Rounded down: half an event is none.
        let sum = |own: &[f64]| rows.iter().map(|row| own[*row]).sum::<f64>() as u64;
        Some(match self.counted.as_ref()? {
            Counted::Sums { with, without } => Tally {
                with: sum(with),
                without: Some(sum(without)),
            },
            Counted::Events(has) => Tally {
                with: units(&|row| has[row] == Some(true)),
                without: Some(units(&|row| has[row] == Some(false))),
            },
            Counted::Givers(gives) => Tally {
                with: units(&|row| gives[row]),
                without: None,
            },
        })
    }

    /// Groups of rows with their events; nobody is no group.
    fn groups<'n>(&self, named: impl IntoIterator<Item = (&'n str, Vec<usize>)>) -> Vec<Group> {
        let groups = named.into_iter().filter(|(_, rows)| !rows.is_empty());
        groups
            .filter_map(|(name, rows)| {
                Some(Group {
                    name: name.to_owned(),
                    tally: self.tally(&rows)?,
                })
            })
            .collect()
    }

    /// Areas whose rows are aggregates.
    fn clusters(&self, rows: &[usize]) -> Option<u64> {
        self.are_aggregates.then(|| self.among(rows).len() as u64)
    }

    /// Those behind a run on some rows, of which the method says which groups it rests on.
    pub(crate) fn standing(
        &self,
        run: &str,
        asked: &Asked,
        rows: &[usize],
        timed: Option<&Timed<'_>>,
        behind: &[Behind],
    ) -> Standing {
        let of_arm = |wanted: bool| -> Vec<usize> {
            let own = rows.iter().copied();
            own.filter(|row| self.is_treated[self.of_row[*row]] == wanted)
                .collect()
        };
        let mut groups = match timed {
            Some(timed) => self.groups(timed.cells(&timed.seen_after())),
            None => self.groups([("treated", of_arm(true)), ("others", of_arm(false))]),
        };
        let told = behind.iter();
        let told = told.map(|own| (own.group, own.rows.iter().map(|row| rows[*row]).collect()));
        groups.extend(self.groups(told));
        Standing {
            run: run.to_owned(),
            method: asked.method.to_owned(),
            arms: self.arms(rows),
            parameters: 0,
            clusters: self.clusters(rows),
            least: None,
            groups,
            is_untold: false,
            times: Vec::new(),
        }
    }

    /// Whether the outcome counts events.
    pub(crate) fn counts_events(&self) -> bool {
        self.counted.is_some()
    }

    /// Those behind the times of a run whose estimates are named by them.
    pub(crate) fn times(&self, timed: &Timed<'_>, named: &[i64]) -> Vec<StandingTime> {
        let of = |time: &i64| {
            let treated = timed.seen(|since| since == *time as f64);
            let compared = timed.compared(&treated);
            StandingTime {
                time: *time,
                treated: self.size(self.among(&treated)),
                compared: self.size(self.among(&compared)),
                groups: self.groups(timed.cells(&treated)),
            }
        };
        named.iter().map(of).collect()
    }
}

/// The rows of a run by the time since the measure began.
pub(crate) struct Timed<'a> {
    rows: &'a [usize],
    period: &'a [Option<f64>],
    first: &'a [Option<f64>],
    asked: &'a Asked,
    has_never: bool,
}

impl<'a> Timed<'a> {
    /// Nothing when the method reads no start of the measure.
    pub(crate) fn of(
        study: &Study,
        table: &'a Rows,
        rows: &'a [usize],
        asked: &'a Asked,
    ) -> Result<Option<Timed<'a>>, RunError> {
        let columns = asked.column("period").zip(asked.column("first-treated"));
        let Some((period, first)) = columns else {
            return Ok(None);
        };
        let first = table.numbers(study, first)?;
        let has_never = rows.iter().any(|row| began(first, *row).is_none());
        Ok(Some(Timed {
            rows,
            period: table.numbers(study, period)?,
            first,
            asked,
            has_never,
        }))
    }

    fn since(&self, row: usize) -> Option<f64> {
        Some(self.period[row]? - began(self.first, row)?)
    }

    /// Rows of those with the measure, by the time since it began.
    fn seen(&self, is_then: impl Fn(f64) -> bool) -> Vec<usize> {
        let rows = self.rows.iter().copied();
        rows.filter(|row| self.since(*row).is_some_and(&is_then))
            .collect()
    }

    /// Rows under the measure, as far as the method looks.
    fn seen_after(&self) -> Vec<usize> {
        let last = self.asked.column("max-time");
        let last: Option<f64> = last.and_then(|own| own.parse().ok());
        self.seen(|since| since >= 0.0 && last.is_none_or(|last| since <= last))
    }

    /// Rows of those without the measure in the periods of some rows.
    fn compared(&self, of: &[usize]) -> Vec<usize> {
        let bits = |row: usize| self.period[row].map(f64::to_bits);
        let periods: BTreeSet<Option<u64>> = of.iter().map(|row| bits(*row)).collect();
        let is_free = |row: usize| match began(self.first, row) {
            None => true,
            Some(first) => !self.has_never && self.period[row].is_some_and(|own| own < first),
        };
        let rows = self.rows.iter().copied();
        rows.filter(|row| is_free(*row) && periods.contains(&bits(*row)))
            .collect()
    }

    /// The rows that some treated rows are compared with in time: those of the same starts in the base period, or in all periods before where the method has no base.
    fn before(&self, treated: &[usize]) -> Vec<usize> {
        let starts: BTreeSet<Option<u64>> = treated.iter().map(|row| self.start(*row)).collect();
        let times = treated.iter().filter_map(|row| self.since(*row));
        let bases: Option<Vec<f64>> = times.map(|time| self.base(time)).collect();
        let rows = self.rows.iter().copied();
        rows.filter(|row| starts.contains(&self.start(*row)))
            .filter(|row| {
                self.since(*row).is_some_and(|since| match &bases {
                    Some(bases) => bases.contains(&since),
                    None => since < 0.0,
                })
            })
            .collect()
    }

    fn start(&self, row: usize) -> Option<u64> {
        began(self.first, row).map(f64::to_bits)
    }

    /// The time since the beginning that a time is compared with.
    fn base(&self, time: f64) -> Option<f64> {
        let early = self.asked.column("anticipation");
        let early: f64 = early.and_then(|own| own.parse().ok()).unwrap_or(0.0);
        match self.asked.method {
            "did" if time < 0.0 && self.asked.column("base") != Some("universal") => {
                Some(time - 1.0)
            }
            "did" => Some(-1.0 - early),
            "event-study" | "sun-abraham" | "lp-did" => Some(-1.0),
            _ => None,
        }
    }

    /// The four cells that an estimate on some treated rows rests on.
    fn cells(&self, treated: &[usize]) -> [(&'static str, Vec<usize>); 4] {
        let before = self.before(treated);
        [
            ("treated", treated.to_vec()),
            ("compared", self.compared(treated)),
            ("compared_before", self.compared(&before)),
            ("treated_before", before),
        ]
    }
}

/// When the measure begins in a row; nothing for who never has it.
fn began(first: &[Option<f64>], row: usize) -> Option<f64> {
    first[row].filter(|first| *first != 0.0)
}

/// What the outcome counts in each row.
fn counted(study: &Study, rows: &Rows) -> Result<Option<Counted>, RunError> {
    let stated = &study.stated;
    if let Some(behind) = &stated.behind {
        let Some(events) = &behind.events else {
            return Ok(None);
        };
        let all = rows.numbers(study, &behind.units)?.iter();
        let pairs = rows.numbers(study, events)?.iter().zip(all);
        let own = |own: &Option<f64>| own.unwrap_or(0.0).max(0.0);
        let (with, without) = pairs
            .map(|(events, all)| (own(events), (own(all) - own(events)).max(0.0)))
            .unzip();
        return Ok(Some(Counted::Sums { with, without }));
    }
    let column = &stated.outcome.column;
    let outcome = rows.numbers(study, column)?;
    let is_event = |own: f64| own == 0.0 || own == 1.0;
    let values = || outcome.iter().flatten().copied();
    if values().all(is_event) {
        let has = outcome.iter().map(|own| own.map(|own| own == 1.0));
        return Ok(Some(Counted::Events(has.collect())));
    }
    if stated.outcome.unit == Unit::Share {
        let detail = format!("`{column}` is 0 or 1: its unit is a share");
        return Err(study.frame_fault(detail));
    }
    let gives = outcome.iter().map(|own| own.is_some_and(|own| own != 0.0));
    Ok(Some(Counted::Givers(gives.collect())))
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
