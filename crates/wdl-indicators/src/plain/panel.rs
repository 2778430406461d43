//! Persons followed over the periods of a file: persistence, entries and exits, spells, mobility.
//!
//! The state is being below the threshold of the period's own population.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;
use wdl_stats::panel::{
    Exit, Mobility, Spell, after, classes, exits, is_persistent, mobility, spells,
};
use wdl_stats::{Measured, Sample, Undefined, measures, scores};
use wdl_vocab::Text;

use super::rows::Rows;
use super::{MeasureOf, Options, PlainMeasureError};

/// What following persons shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Panel {
    /// How spells below the threshold end, by the periods they had lasted.
    pub exits_by_duration: Vec<ExitOf>,
    /// The moves between fifths of the income from one period to the next.
    pub mobility: Vec<MobilityOf>,
}

/// The end of spells of one duration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExitOf {
    /// The periods a spell had lasted.
    pub duration: usize,
    /// The spells that lasted so long and whose next period was seen.
    pub n: usize,
    /// The share of them, by weight, that ended then.
    pub hazard: f64,
    /// The share of all spells that last longer.
    pub survival: f64,
}

/// The moves from one period to the next.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MobilityOf {
    /// The earlier period.
    pub from: String,
    /// The later one.
    pub to: String,
    /// The persons seen in both.
    pub n: usize,
    /// For each fifth before, the shares of the fifths after.
    pub shares: Vec<Vec<f64>>,
    /// The share in the same fifth.
    pub same: f64,
    /// The share in a higher one.
    pub up: f64,
    /// The share in a lower one.
    pub down: f64,
    /// Shorrocks' index; nothing when a fifth is empty.
    pub shorrocks: Option<f64>,
}

/// Into how many classes of equal weight incomes fall.
const CLASSES: usize = 5;
/// More periods than so many between the first and the last are no years.
const PERIODS: f64 = 300.0;

/// Persons over consecutive periods; periods of the file that are missing stand for nothing.
pub(super) struct Followed<'a> {
    /// The rows of each period, with nothing where the file has none.
    periods: Vec<Option<(&'a str, &'a Rows)>>,
    /// The row of each person in each period.
    rows_of: Vec<Vec<Option<usize>>>,
    /// Whether each person lies below the threshold of each period.
    histories: Vec<Vec<Option<bool>>>,
    /// The weight of each row of each period.
    weights: Vec<Vec<f64>>,
}

impl<'a> Followed<'a> {
    /// The persons of the rows; `names` gives the person of each place of the file.
    pub(super) fn of(
        (file, wave, person): (&Path, &str, &str),
        names: &[Option<u64>],
        periods: &'a [(Option<String>, Rows)],
    ) -> Result<Followed<'a>, PlainMeasureError> {
        let fault = |column: &str, detail: Text| PlainMeasureError::Column {
            path: file.to_owned(),
            column: column.to_owned(),
            detail,
        };
        let periods = consecutive(periods).ok_or_else(|| {
            fault(
                wave,
                Text::fixed(
                    "i periodi non sono numeri interi, come gli anni",
                    "periods are no whole numbers, such as years",
                ),
            )
        })?;
        let mut followed = Followed {
            rows_of: Vec::new(),
            histories: Vec::new(),
            weights: Vec::new(),
            periods,
        };
        let count = followed.periods.len();
        let mut known: HashMap<u64, usize> = HashMap::new();
        let (mut nameless, mut twice) = (0, 0);
        for at in 0..count {
            let Some((_, rows)) = followed.periods[at] else {
                followed.weights.push(Vec::new());
                continue;
            };
            let (state, weights) = states(rows);
            for (row, place) in rows.places.iter().enumerate() {
                let Some(name) = names[*place] else {
                    nameless += 1;
                    continue;
                };
                let next = known.len();
                let who = *known.entry(name).or_insert(next);
                if who == next {
                    followed.rows_of.push(vec![None; count]);
                    followed.histories.push(vec![None; count]);
                }
                twice += usize::from(followed.rows_of[who][at].replace(row).is_some());
                followed.histories[who][at] = state[row];
            }
            followed.weights.push(weights);
        }
        match (nameless, twice) {
            (0, 0) => Ok(followed),
            (0, count) => Err(fault(
                person,
                Text::new(
                    format!("{count} righe ripetono una persona in un periodo"),
                    format!("{count} rows repeat a person in one period"),
                ),
            )),
            (count, _) => Err(PlainMeasureError::Missing {
                path: file.to_owned(),
                column: person.to_owned(),
                count,
            }),
        }
    }

    /// Persistent poverty, entries and exits of each period: everybody, then the groups of the period.
    pub(super) fn measures(&self, options: &Options) -> Vec<MeasureOf> {
        let mut answers = Vec::new();
        for (at, period) in self.periods.iter().enumerate() {
            let Some((name, rows)) = *period else {
                continue;
            };
            type State<'s> = (&'s str, usize, &'s dyn Fn(&[Option<bool>]) -> Option<bool>);
            let states: [State<'_>; 3] = [
                ("persistent_poverty", 3, &|own| is_persistent(own, at)),
                ("poverty_entry", 1, &|own| after(own, at, false)),
                ("poverty_exit", 1, &|own| {
                    after(own, at, true).map(|is_in| !is_in)
                }),
            ];
            for (id, needed, state) in states {
                let is_there = |before: usize| self.periods[before].is_some();
                if at < needed || !(at - needed..at).all(is_there) {
                    continue;
                }
                answers.extend(self.shares((id, name, rows), at, state, options));
            }
        }
        answers
    }

    fn shares(
        &self,
        (id, name, rows): (&str, &str, &Rows),
        at: usize,
        state: &dyn Fn(&[Option<bool>]) -> Option<bool>,
        options: &Options,
    ) -> Vec<MeasureOf> {
        let length = rows.places.len();
        let mut has = vec![None; length];
        for (who, own) in self.rows_of.iter().enumerate() {
            if let Some(row) = own[at] {
                has[row] = state(&self.histories[who]);
            }
        }
        let values: Vec<f64> = has
            .iter()
            .map(|has| f64::from(*has == Some(true)))
            .collect();
        let own = self.weights[at].iter().zip(&has);
        let weights: Vec<f64> = own
            .map(|(weight, has)| if has.is_some() { *weight } else { 0.0 })
            .collect();
        let sample = Sample::new(&values, &weights).expect("ones, zeros and weights");
        let share_of = |part: Vec<(String, Option<String>)>, sample: &Sample| {
            let mut answer = MeasureOf::empty(id, Some(name.to_owned()), part);
            answer.n = sample.len();
            match measures::mean(sample) {
                Ok(value) => answer.value = Some(value),
                Err(why) => answer.why = Some(why),
            }
            if options.errors != super::Errors::None {
                answer.put_error(error_of(rows, sample));
            }
            answer
        };
        let groups = rows
            .groups
            .samples(&sample)
            .into_iter()
            .zip(&rows.groups.names);
        let mut answers = vec![share_of(Vec::new(), &sample)];
        answers.extend(groups.map(|(sample, name)| {
            let part = options.by.iter().cloned().zip(name.iter().cloned());
            share_of(part.collect(), &sample)
        }));
        answers
    }

    /// Spells of everybody and moves between periods.
    pub(super) fn panel(&self) -> Panel {
        Panel {
            exits_by_duration: self.exits(),
            mobility: (1..self.periods.len())
                .filter_map(|at| self.mobility(at))
                .collect(),
        }
    }

    fn exits(&self) -> Vec<ExitOf> {
        let mut all: Vec<(Spell, f64)> = Vec::new();
        for (who, history) in self.histories.iter().enumerate() {
            for spell in spells(history) {
                let row = self.rows_of[who][spell.begin].expect("a state is that of a row");
                all.push((spell, self.weights[spell.begin][row]));
            }
        }
        let exits = exits(&all, self.periods.len());
        let shown = |exit: Exit| ExitOf {
            duration: exit.duration,
            n: exit.spells,
            hazard: exit.hazard,
            survival: exit.survival,
        };
        exits.into_iter().map(shown).collect()
    }

    fn mobility(&self, at: usize) -> Option<MobilityOf> {
        let ((from, before), (to, after)) = (self.periods[at - 1]?, self.periods[at]?);
        let class = |rows: &Rows| {
            let terms = rows.population.terms();
            classes(rows.population.sample(), CLASSES, terms.method.rule).ok()
        };
        let (before, after) = (class(before)?, class(after)?);
        let moved = |own: &Vec<Option<usize>>| {
            let (then, now) = (own[at - 1]?, own[at]?);
            Some((before[then]?, after[now]?, self.weights[at][now]))
        };
        let moves: Vec<(usize, usize, f64)> = self.rows_of.iter().filter_map(moved).collect();
        let Mobility {
            shares,
            same,
            up,
            down,
            shorrocks,
        } = mobility(&moves, CLASSES).ok()?;
        Some(MobilityOf {
            from: from.to_owned(),
            to: to.to_owned(),
            n: moves.len(),
            shares,
            same,
            up,
            down,
            shorrocks,
        })
    }
}

/// The periods by their numbers, with nothing for numbers between that the file does not have; nothing when they are no whole numbers.
fn consecutive(periods: &[(Option<String>, Rows)]) -> Option<Vec<Option<(&str, &Rows)>>> {
    let mut of_number: BTreeMap<i64, (&str, &Rows)> = BTreeMap::new();
    for (name, rows) in periods {
        let name = name.as_deref()?;
        of_number.insert(name.parse().ok()?, (name, rows));
    }
    let ((first, _), (last, _)) = (of_number.first_key_value()?, of_number.last_key_value()?);
    if (*last as f64 - *first as f64) > PERIODS {
        return None;
    }
    let all = *first..=*last;
    Some(all.map(|number| of_number.get(&number).copied()).collect())
}

/// Whether each row lies below the threshold of its period, with its weight; nothing for rows that do not count.
fn states(rows: &Rows) -> (Vec<Option<bool>>, Vec<f64>) {
    let sample = rows.population.sample();
    let mut states = vec![None; rows.places.len()];
    let mut weights = vec![0.0; rows.places.len()];
    let line: Result<f64, Undefined> = rows.population.terms().threshold(None);
    for (row, (value, weight)) in sample.rows().zip(sample.pairs()) {
        states[row] = line.ok().map(|line| measures::is_below(value, line));
        weights[row] = weight;
    }
    (states, weights)
}

/// The error of a share under the design of the rows.
fn error_of(rows: &Rows, sample: &Sample) -> Measured {
    let scores = scores::mean(sample)?;
    let design = rows.population.design();
    design.standard_error(&design.totals(sample, &scores.own))
}
