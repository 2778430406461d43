//! The measures of everybody and of each group, their errors, and the differences between them.

use std::borrow::Cow;

use rayon::prelude::*;
use wdl_stats::{
    Draw, Measured, Replicate, Sample, Touched, Undefined, bootstrap, standard_deviation,
};

use super::difference::{Difference, Pair, Side};
use super::options::Grounds;
use super::rows::Rows;
use super::{Measure, MeasureOf, Options, in_range};
use crate::population::Terms;

/// The estimates of one period.
pub(super) struct Estimates<'a> {
    rows: &'a Rows,
    options: &'a Options,
    period: Option<String>,
    parts: Vec<Part<'a>>,
    /// The part and the measure of each answer.
    entries: Vec<(usize, Measure)>,
    /// The numbers of each replicate, in the order of the entries; none when errors do not rest on replicates.
    replicates: Vec<Replicate>,
}

/// Everybody or a group.
struct Part<'a> {
    name: Vec<(String, Option<String>)>,
    sample: Cow<'a, Sample>,
    /// The drawn units of a group that are few of all.
    touched: Option<Touched>,
}

/// The samples that replicates are made from.
struct Drawn<'s> {
    whole: Cow<'s, Sample>,
    /// The rows the threshold rests on, when they are others.
    reference: Option<Cow<'s, Sample>>,
    groups: Vec<Cow<'s, Sample>>,
}

impl<'a> Estimates<'a> {
    pub(super) fn of(rows: &'a Rows, options: &'a Options, period: Option<String>) -> Self {
        let whole = rows.population.sample();
        let mut parts = vec![Part {
            name: Vec::new(),
            sample: Cow::Borrowed(whole),
            touched: None,
        }];
        let groups = rows
            .groups
            .samples(whole)
            .into_iter()
            .zip(&rows.groups.names);
        let design = rows.population.design();
        let is_scored = options.grounds() == Grounds::Scores && rows.weighted.is_none();
        parts.extend(groups.map(|(sample, name)| {
            let is_small = is_scored && 2 * sample.len() < whole.len();
            Part {
                name: options
                    .by
                    .iter()
                    .cloned()
                    .zip(name.iter().cloned())
                    .collect(),
                touched: is_small.then(|| Touched::of(design, &sample)),
                sample: Cow::Owned(sample),
            }
        }));
        let is_asked = |part: usize, measure: &Measure| part == 0 || !measure.is_whole_population();
        let entries = (0..parts.len()).flat_map(|part| {
            let own = options.measures.iter().copied();
            own.filter(move |measure| is_asked(part, measure))
                .map(move |measure| (part, measure))
        });
        let mut estimates = Estimates {
            rows,
            options,
            period,
            entries: entries.collect(),
            parts,
            replicates: Vec::new(),
        };
        estimates.replicates = estimates.replicated();
        estimates
    }

    /// Everybody first, then the groups in the order of their names.
    pub(super) fn answers(&self) -> Vec<MeasureOf> {
        let answer = |(at, (part, measure)): (usize, &(usize, Measure))| {
            let mut answer = self.point(&self.parts[*part], *measure);
            self.put_error(&mut answer, at);
            answer
        };
        self.entries.par_iter().enumerate().map(answer).collect()
    }

    fn point(&self, part: &Part<'_>, measure: Measure) -> MeasureOf {
        let kernel = measure.kernel();
        let (taken, left_out) = kernel.taken(Cow::Borrowed(&*part.sample));
        let terms = self.rows.population.terms();
        let value = match self.rows.population.sample().is_in_range() {
            true => (kernel.estimate)(&terms, &taken, measure.argument()).and_then(in_range),
            false => Err(Undefined::OutOfRange),
        };
        MeasureOf {
            value: value.ok(),
            n: taken.len(),
            left_out,
            why: value.err(),
            ..MeasureOf::empty(measure.id(), self.period.clone(), part.name.clone())
        }
    }

    fn put_error(&self, answer: &mut MeasureOf, at: usize) {
        let Some(value) = answer.value else { return };
        let (part, measure) = self.entries[at];
        let kernel = measure.kernel();
        let (taken, _) = kernel.taken(Cow::Borrowed(&*self.parts[part].sample));
        let population = &self.rows.population;
        let scores = || kernel.scored(population, &taken, measure.argument());
        let error = match self.options.grounds() {
            Grounds::None => return,
            Grounds::Scores => scores().and_then(|scores| {
                let touched = self.parts[part].touched.as_ref();
                let error = population.error(&taken, touched, &scores)?;
                answer.put_effect(error, population.variance_at_random(&taken, &scores));
                Ok(error)
            }),
            Grounds::Draws(_) | Grounds::Replicates(_) => {
                let numbers: Vec<Measured> = self.replicates.iter().map(|own| own[at]).collect();
                let error = self.spread(value, &numbers);
                if matches!(self.options.grounds(), Grounds::Draws(_)) {
                    answer.replicates_left_out = numbers.iter().filter(|own| own.is_err()).count();
                }
                if let (Ok(error), Ok(scores)) = (error, scores()) {
                    answer.put_effect(error, population.variance_at_random(&taken, &scores));
                }
                error
            }
        };
        answer.deff_weights = Some(taken.len() as f64 / taken.effective_rows());
        answer.put_error(error.and_then(|error| population.error_of_units(&taken, value, error)));
    }

    /// The standard error that replicates of a number give.
    fn spread(&self, value: f64, numbers: &[Measured]) -> Measured {
        match self.options.grounds() {
            Grounds::Replicates(rule) => {
                rule.standard_error(value, numbers, &self.rows.replicate_factors)
            }
            _ => {
                let defined: Vec<f64> = numbers.iter().filter_map(|own| own.ok()).collect();
                standard_deviation(&defined)
            }
        }
    }

    fn replicated(&self) -> Vec<Replicate> {
        let design = self.rows.population.design();
        let drawn = match self.options.grounds() {
            Grounds::None | Grounds::Scores => return Vec::new(),
            Grounds::Draws(_) if self.rows.weighted.is_none() => {
                // The members of a household are drawn together.
                let units: Vec<usize> = design.unit_of_row().collect();
                self.drawn(&|sample| Cow::Owned(sample.merged(&|row| units[row])))
            }
            Grounds::Draws(_) | Grounds::Replicates(_) => self.drawn(&Cow::Borrowed),
        };
        let under = |weights: &[f64]| self.numbers(&drawn, &|sample| sample.under(weights));
        let Grounds::Draws(resampling) = self.options.grounds() else {
            let replicates = self.rows.replicates.par_iter();
            return replicates.map(|weights| under(weights)).collect();
        };
        let replicate = |draw: &Draw<'_>| match &self.rows.weighted {
            None => self.numbers(&drawn, &|sample| draw.of(sample)),
            Some(weighted) => match weighted.drawn(draw) {
                Some(weights) => under(&weights),
                None => vec![Err(Undefined::NotInEveryReplicate); self.entries.len()],
            },
        };
        bootstrap(design, resampling, &replicate)
    }

    /// What replicates are made from, each sample as `prepare` has it.
    fn drawn<'s>(&'s self, prepare: &dyn Fn(&'s Sample) -> Cow<'s, Sample>) -> Drawn<'s> {
        let whole = self.rows.population.sample();
        let reference = self.rows.population.terms().reference;
        Drawn {
            whole: prepare(whole),
            reference: (!std::ptr::eq(reference, whole)).then(|| prepare(reference)),
            groups: self.parts[1..]
                .iter()
                .map(|part| prepare(&part.sample))
                .collect(),
        }
    }

    /// Every number under other weights.
    fn numbers(&self, drawn: &Drawn<'_>, reweigh: &dyn Fn(&Sample) -> Sample) -> Replicate {
        let whole = reweigh(&drawn.whole);
        let other = drawn.reference.as_ref().map(|reference| reweigh(reference));
        let terms = Terms {
            reference: other.as_ref().unwrap_or(&whole),
            ..self.rows.population.terms()
        };
        let of_groups: Vec<Sample> = drawn.groups.iter().map(|group| reweigh(group)).collect();
        let samples: Vec<&Sample> = std::iter::once(&whole).chain(&of_groups).collect();
        let number = |(part, measure): &(usize, Measure)| {
            let kernel = measure.kernel();
            let (taken, _) = kernel.taken(Cow::Borrowed(samples[*part]));
            (kernel.estimate)(&terms, &taken, measure.argument())
        };
        self.entries.iter().map(number).collect()
    }

    /// The groups by name, as a comparison names them: values joined by `/`.
    pub(super) fn group_names(&self) -> Vec<String> {
        let joined = |part: &Part<'_>| {
            let values = part
                .name
                .iter()
                .map(|(_, value)| value.as_deref().unwrap_or(""));
            values.collect::<Vec<&str>>().join("/")
        };
        self.parts[1..].iter().map(joined).collect()
    }

    /// The difference of each measure between pairs of groups, by their places among the groups.
    pub(super) fn between_groups(
        &self,
        pairs: &[(usize, usize)],
        answers: &[MeasureOf],
    ) -> Vec<Difference> {
        let mut differences = Vec::new();
        for (one, other) in pairs {
            for (at, (part, measure)) in self.entries.iter().enumerate() {
                let is_other =
                    |(own, asked): &(usize, Measure)| *own == other + 1 && asked == measure;
                if *part != one + 1 {
                    continue;
                }
                let Some(second) = self.entries.iter().position(is_other) else {
                    continue;
                };
                let pair = Pair {
                    one: &answers[at],
                    other: &answers[second],
                };
                differences.push(pair.difference(|value| self.error_between(at, second, value)));
            }
        }
        differences
    }

    /// The error of the difference of two numbers of one period, which share the design and the threshold.
    fn error_between(&self, one: usize, other: usize, value: f64) -> Measured {
        match self.options.grounds() {
            Grounds::None => Err(Undefined::NoStandardError),
            Grounds::Scores => {
                let mut totals = self.totals(one)?;
                for (own, other) in totals.iter_mut().zip(self.totals(other)?) {
                    *own -= other;
                }
                self.rows.population.design().standard_error(&totals)
            }
            Grounds::Draws(_) | Grounds::Replicates(_) => {
                let between = |own: &Replicate| Ok(own[one]? - own[other]?);
                let numbers: Vec<Measured> = self.replicates.iter().map(between).collect();
                self.spread(value, &numbers)
            }
        }
    }

    /// What the scores of an answer add up to in each drawn unit.
    fn totals(&self, at: usize) -> Result<Vec<f64>, Undefined> {
        let (part, measure) = self.entries[at];
        let kernel = measure.kernel();
        let (taken, _) = kernel.taken(Cow::Borrowed(&*self.parts[part].sample));
        let scores = kernel.scored(&self.rows.population, &taken, measure.argument())?;
        self.rows.population.totals(&taken, &scores)
    }

    /// The difference of each answer from that of an earlier period, whose drawn units are partly the same.
    pub(super) fn since(
        &self,
        before: &Estimates<'_>,
        (own, earlier): (&[MeasureOf], &[MeasureOf]),
    ) -> Vec<Difference> {
        let (design, former) = (
            self.rows.population.design(),
            before.rows.population.design(),
        );
        let overlap = wdl_stats::Overlap::of(design, former);
        let find = |one: &MeasureOf| {
            let is_same = |other: &MeasureOf| other.id == one.id && other.group == one.group;
            earlier.iter().position(is_same)
        };
        let pairs = own
            .iter()
            .enumerate()
            .filter_map(|(at, one)| Some((at, one, find(one)?)));
        let pairs: Vec<_> = pairs.collect();
        let difference = |(at, one, then): &(usize, &MeasureOf, usize)| {
            let pair = Pair {
                one,
                other: &earlier[*then],
            };
            pair.difference(|_| {
                if self.options.grounds() != Grounds::Scores {
                    return Err(Undefined::NoStandardError);
                }
                let (now, past) = (self.totals(*at)?, before.totals(*then)?);
                let variance = design.variance(&now)? + former.variance(&past)?
                    - 2.0 * overlap.covariance(&now, &past);
                // Few shared units can make the covariance of a small sample larger than the variances bear.
                match variance >= 0.0 {
                    true => Ok(variance.sqrt()),
                    false => Err(Undefined::TooFewRows),
                }
            })
        };
        pairs.par_iter().map(difference).collect()
    }
}

impl MeasureOf {
    fn side(&self) -> Side {
        Side {
            period: self.period.clone(),
            group: self.group.clone(),
        }
    }
}

impl Pair<'_> {
    fn difference(&self, error: impl FnOnce(f64) -> Measured) -> Difference {
        let (one, other) = (self.one, self.other);
        let value = one.value.zip(other.value).map(|(own, other)| own - other);
        let mut difference = Difference::of(&one.id, (one.side(), other.side()), value);
        match value {
            Some(value) => difference.put_error(error(value), one.se.zip(other.se)),
            None => difference.why = one.why.or(other.why),
        }
        difference
    }
}
