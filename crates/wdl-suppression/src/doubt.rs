//! Many questions at once: whether anybody who knows everything published is still in enough doubt about a form.
//!
//! A form is in doubt by so much when two whole populations that agree with every statement differ in it by so much.
//! Each least and greatest value that is solved for is a population, and it answers for every other form too: thousands of forms need a few programmes.
//! What no two populations answer is left to [`Attacker::intervals`].
//!
//! It must not know what an atom counts, or who published.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::bounds::{Attacker, BoundsError, Form, gather};
use crate::presolve::Merged;
use crate::programme::{Outcome, Programme};

/// What a component says of one form: how far apart two populations are in it.
type Apart = (usize, Option<i64>);

/// The part of a form that lies in one component.
struct Part {
    form: usize,
    terms: Form,
    wanted: i64,
}

impl Attacker<'_> {
    /// For each form and width: whether two whole populations that agree with everything published were found that differ in the form by at least the width.
    ///
    /// `false` is no proof that there are none: ask [`intervals`](Attacker::intervals) then.
    /// The populations are checked against the statements in whole-number arithmetic.
    ///
    /// # Errors
    /// [`BoundsError`] when a form names an unknown atom, no population agrees with the statements, or the solver fails.
    pub fn are_in_doubt(&self, asked: &[(Form, i64)]) -> Result<Vec<bool>, BoundsError> {
        let mut apart: Vec<Option<i64>> = Vec::with_capacity(asked.len());
        let mut parts: BTreeMap<usize, Vec<Part>> = BTreeMap::new();
        for (at, (form, wanted)) in asked.iter().enumerate() {
            let mut own = Some(0_i64);
            for (atom, by) in gather(form, self.atoms())? {
                match self.simplified.component[atom] {
                    Some(component) => {
                        let of = parts.entry(component).or_default();
                        match of.last_mut() {
                            Some(last) if last.form == at => last.terms.push((atom, by)),
                            _ => of.push(Part {
                                form: at,
                                terms: vec![(atom, by)],
                                wanted: *wanted,
                            }),
                        }
                    }
                    None => {
                        let (low, high) = self.simplified.range(atom);
                        let width = high.map(|high| (high - low).saturating_mul(by.abs()));
                        own = own.zip(width).map(|(one, two)| one.saturating_add(two));
                    }
                }
            }
            apart.push(own);
        }
        let is_open = |own: Option<i64>, wanted: i64| own.is_none_or(|own| own >= wanted);
        // What is in doubt already needs no programme.
        for of in parts.values_mut() {
            of.retain(|part| !is_open(apart[part.form], part.wanted));
        }
        let found: Vec<Vec<Apart>> = parts
            .into_par_iter()
            .filter(|(_, of)| !of.is_empty())
            .map(|(component, of)| self.spread(component, &of))
            .collect::<Result<_, _>>()?;
        for (form, width) in found.into_iter().flatten() {
            let sum = apart[form].zip(width);
            apart[form] = sum.map(|(one, two)| one.saturating_add(two));
        }
        let each = apart.into_iter().zip(asked);
        Ok(each
            .map(|(own, (_, wanted))| is_open(own, *wanted))
            .collect())
    }

    /// Whether any population agrees with the statements, as far as a linear programme can tell.
    ///
    /// # Errors
    /// [`BoundsError::Contradiction`] when none does, [`BoundsError::Solver`] when the solver fails.
    pub fn agrees(&self) -> Result<(), BoundsError> {
        (0..self.simplified.components())
            .into_par_iter()
            .try_for_each(|component| {
                let merged = self.simplified.merged(component, &[]);
                let mut programme = Programme::new(&merged.bounds, &merged.rows)?;
                match programme.minimise(&[])? {
                    Outcome::Infeasible => Err(BoundsError::Contradiction { statement: None }),
                    Outcome::Least(_) | Outcome::Unbounded => Ok(()),
                }
            })
    }

    fn spread(&self, component: usize, parts: &[Part]) -> Result<Vec<Apart>, BoundsError> {
        let forms: Vec<(usize, Form)> = parts
            .iter()
            .map(|part| (part.form, part.terms.clone()))
            .collect();
        let merged = self.simplified.merged(component, &forms);
        let mut programme = Programme::new(&merged.bounds, &merged.rows)?;
        let mut seen: Vec<Seen> = vec![Seen::default(); parts.len()];
        for (at, part) in parts.iter().enumerate() {
            for sign in [1.0, -1.0] {
                if seen[at].is_apart(part.wanted) {
                    break;
                }
                let objective: Vec<(usize, f64)> = merged.objectives[at]
                    .iter()
                    .map(|(column, by)| (*column, by * sign))
                    .collect();
                match programme.minimise(&objective)? {
                    Outcome::Unbounded => seen[at].is_endless = true,
                    Outcome::Infeasible => {
                        return Err(BoundsError::Contradiction { statement: None });
                    }
                    Outcome::Least(least) => {
                        let Some(population) = whole(&merged, &least.at) else {
                            continue;
                        };
                        for (seen, objective) in seen.iter_mut().zip(&merged.objectives) {
                            seen.add(value(objective, &population));
                        }
                    }
                }
            }
        }
        let each = parts.iter().zip(seen);
        Ok(each.map(|(part, seen)| (part.form, seen.width())).collect())
    }
}

/// The values of a form that populations were found to have.
#[derive(Clone, Default)]
struct Seen {
    ends: Option<(i64, i64)>,
    is_endless: bool,
}

impl Seen {
    fn add(&mut self, value: i64) {
        let (low, high) = self.ends.unwrap_or((value, value));
        self.ends = Some((low.min(value), high.max(value)));
    }

    /// `None` without end.
    fn width(&self) -> Option<i64> {
        let width = self.ends.map_or(0, |(low, high)| high - low);
        (!self.is_endless).then_some(width)
    }

    fn is_apart(&self, wanted: i64) -> bool {
        self.width().is_none_or(|width| width >= wanted)
    }
}

fn value(terms: &[(usize, f64)], population: &[i64]) -> i64 {
    let term = |(column, by): &(usize, f64)| population[*column] * *by as i64;
    terms.iter().map(term).sum()
}

/// The whole numbers that a solution stands for, when they agree with every row.
fn whole(merged: &Merged, at: &[f64]) -> Option<Vec<i64>> {
    let population: Vec<i64> = at.iter().map(|value| value.round() as i64).collect();
    let is_near = at.iter().zip(&population);
    let is_within = |low: f64, high: f64, value: i64| low <= value as f64 && value as f64 <= high;
    let agrees = is_near
        .into_iter()
        .all(|(at, whole)| (at - *whole as f64).abs() < 0.25)
        && merged
            .bounds
            .iter()
            .zip(&population)
            .all(|((low, high), value)| is_within(*low, *high, *value))
        && merged
            .rows
            .iter()
            .all(|row| is_within(row.least, row.most, value(&row.terms, &population)));
    agrees.then_some(population)
}
