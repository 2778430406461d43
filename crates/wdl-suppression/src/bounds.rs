//! What can be learned from everything published about a population: the interval of any sum of its parts.
//!
//! The population is cut into *atoms*, the cells of the common refinement of all publications; their numbers are whole and not negative.
//! Each published number is a [`Statement`] about a sum of atoms: exact, or a range where it was rounded.
//! [`Published`] collects them, [`Attacker`] simplifies them once, and [`Attacker::interval`] tells between which values a form `Σ coefficient · atom` must lie.
//! [`Attacker::because`] names the statements that together bound a form, so that a refusal can name the publications.
//!
//! ```
//! use wdl_suppression::bounds::{Published, Statement};
//!
//! // Three atoms; published were the total 30, the first two together 15, and the third with the second 27.
//! let mut published = Published::new(3);
//! published.tell(Statement::exactly([(0, 1), (1, 1), (2, 1)], 30)).expect("atoms exist");
//! published.tell(Statement::exactly([(0, 1), (1, 1)], 15)).expect("atoms exist");
//! published.tell(Statement::exactly([(1, 1), (2, 1)], 27)).expect("atoms exist");
//! let attacker = published.attacker().expect("no contradiction");
//! let first = attacker.interval(&[(0, 1)]).expect("solved");
//! assert_eq!((first.low, first.high), (Some(3), Some(3)));
//! assert_eq!(attacker.because(&[(0, 1)]).expect("solved"), vec![0, 2]);
//! ```
//!
//! It must not know what an atom counts, or who published.
//! The linear programmes are the attacker's of Fischetti and Salazar (2001) with the truth left out; the simplification is bound propagation over whole numbers.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::presolve::Simplified;
use crate::programme::{Outcome, Programme, Row, SolverError, Whole, minimise_whole};

/// A sum of atoms with whole coefficients; an atom may stand there more than once.
pub type Form = Vec<(usize, i64)>;

/// A range that a sum of atoms is published to lie in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// The atoms and their coefficients.
    pub terms: Form,
    /// The least the sum can be, unless nothing is said.
    pub least: Option<i64>,
    /// The most the sum can be, unless nothing is said.
    pub most: Option<i64>,
}

impl Statement {
    /// The sum is exactly this.
    pub fn exactly(terms: impl IntoIterator<Item = (usize, i64)>, value: i64) -> Statement {
        Statement::between(terms, value, value)
    }

    /// The sum lies between two values, both possible.
    pub fn between(
        terms: impl IntoIterator<Item = (usize, i64)>,
        least: i64,
        most: i64,
    ) -> Statement {
        Statement {
            terms: terms.into_iter().collect(),
            least: Some(least),
            most: Some(most),
        }
    }
}

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoundsError {
    /// A statement or form names an atom that does not exist.
    #[error("atom {atom} does not exist: there are {atoms}")]
    UnknownAtom {
        /// The atom.
        atom: usize,
        /// How many there are.
        atoms: usize,
    },
    /// No population agrees with the statements: at least one of them is wrong.
    #[error("no population agrees with everything that was published")]
    Contradiction {
        /// A statement that cannot hold beside the others, when one is known.
        statement: Option<usize>,
    },
    /// A number is beyond 2^52.
    #[error("a published number is too large to be handled exactly")]
    TooLarge,
    /// The solver gave no answer.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

/// Between which values a form lies, for whoever knows all statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The least value; none when there is no least.
    pub low: Option<i64>,
    /// The greatest value; none when there is no greatest.
    pub high: Option<i64>,
    /// Whether whole populations reach both ends.
    /// When not, the true interval may be narrower: treat the form as narrower than it looks.
    pub is_reached: bool,
}

impl Interval {
    /// How many values the form can have less one; none when without bound.
    pub fn width(&self) -> Option<i64> {
        Some(self.high? - self.low?)
    }

    fn plus(self, other: Interval) -> Interval {
        Interval {
            low: self.low.zip(other.low).map(|(one, two)| one + two),
            high: self.high.zip(other.high).map(|(one, two)| one + two),
            is_reached: self.is_reached && other.is_reached,
        }
    }
}

/// Everything published about a population of atoms.
#[derive(Clone, Debug)]
pub struct Published {
    pub(crate) most: Vec<Option<i64>>,
    pub(crate) statements: Vec<Statement>,
}

impl Published {
    /// Nothing published yet about so many atoms, each zero or more.
    pub fn new(atoms: usize) -> Published {
        Published {
            most: vec![None; atoms],
            statements: Vec::new(),
        }
    }

    /// Everybody knows that an atom is at most this.
    ///
    /// # Errors
    /// [`BoundsError::UnknownAtom`], [`BoundsError::TooLarge`].
    pub fn limit(&mut self, atom: usize, most: i64) -> Result<(), BoundsError> {
        check_size(most)?;
        let atoms = self.most.len();
        let at = self
            .most
            .get_mut(atom)
            .ok_or(BoundsError::UnknownAtom { atom, atoms })?;
        *at = Some(at.map_or(most, |before| before.min(most)));
        Ok(())
    }

    /// Adds a statement and returns its number, from 0 in the order told.
    ///
    /// # Errors
    /// [`BoundsError::UnknownAtom`], [`BoundsError::TooLarge`].
    pub fn tell(&mut self, statement: Statement) -> Result<usize, BoundsError> {
        for value in [statement.least, statement.most].into_iter().flatten() {
            check_size(value)?;
        }
        let terms = gather(&statement.terms, self.most.len())?;
        self.statements.push(Statement { terms, ..statement });
        Ok(self.statements.len() - 1)
    }

    /// The statements, in the order told.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Simplifies all statements once, for many questions.
    ///
    /// # Errors
    /// [`BoundsError::Contradiction`] when simplifying shows that no population agrees; a subtler contradiction shows at a question.
    pub fn attacker(&self) -> Result<Attacker<'_>, BoundsError> {
        Ok(Attacker {
            published: self,
            simplified: Simplified::new(self)?,
        })
    }

    /// The statements chosen by number alone, with the same limits.
    fn only(&self, chosen: &[usize]) -> Published {
        Published {
            most: self.most.clone(),
            statements: chosen
                .iter()
                .map(|at| self.statements[*at].clone())
                .collect(),
        }
    }
}

/// Whole numbers beyond this are not exact in the solver's arithmetic.
const LARGEST: i64 = 1 << 52;

fn check_size(value: i64) -> Result<(), BoundsError> {
    match value.unsigned_abs() <= LARGEST.unsigned_abs() {
        true => Ok(()),
        false => Err(BoundsError::TooLarge),
    }
}

/// Each atom once, in order, without zero coefficients.
pub(crate) fn gather(terms: &[(usize, i64)], atoms: usize) -> Result<Form, BoundsError> {
    let mut by_atom: BTreeMap<usize, i64> = BTreeMap::new();
    for (atom, by) in terms {
        if *atom >= atoms {
            return Err(BoundsError::UnknownAtom { atom: *atom, atoms });
        }
        let sum = by_atom.entry(*atom).or_default();
        *sum = sum.checked_add(*by).ok_or(BoundsError::TooLarge)?;
        check_size(*sum)?;
    }
    Ok(by_atom.into_iter().filter(|(_, by)| *by != 0).collect())
}

/// Whoever knows everything published.
pub struct Attacker<'a> {
    published: &'a Published,
    pub(crate) simplified: Simplified,
}

/// With more statements than this the reasons are looked for only among those that settled something.
const MANY: usize = 5_000;

/// In how many nodes of the search tree a whole population at an end is looked for.
const NODES: i32 = 2_000;

impl Attacker<'_> {
    /// How many atoms there are.
    pub(crate) fn atoms(&self) -> usize {
        self.published.most.len()
    }

    /// The value of an atom that follows without a solver; `None` when it does not.
    pub fn settled(&self, atom: usize) -> Option<i64> {
        let (low, high) = self.simplified.range(atom);
        (high == Some(low)).then_some(low)
    }

    /// Between which values a form lies.
    ///
    /// # Errors
    /// [`BoundsError`] when the form names an unknown atom, no population agrees with the statements, or the solver fails.
    pub fn interval(&self, form: &[(usize, i64)]) -> Result<Interval, BoundsError> {
        let mut all = self.intervals(&[form.to_vec()])?;
        Ok(all.remove(0))
    }

    /// The same for many forms at once: those that the same statements bear on share their work.
    ///
    /// # Errors
    /// As [`interval`](Attacker::interval).
    pub fn intervals(&self, forms: &[Form]) -> Result<Vec<Interval>, BoundsError> {
        let simplified = &self.simplified;
        let mut found = Vec::with_capacity(forms.len());
        // The part of each form in each component.
        let mut parts: BTreeMap<usize, Vec<(usize, Form)>> = BTreeMap::new();
        for (at, form) in forms.iter().enumerate() {
            let mut known = Interval {
                low: Some(0),
                high: Some(0),
                is_reached: true,
            };
            for (atom, by) in gather(form, self.published.most.len())? {
                match simplified.component[atom] {
                    Some(component) => {
                        let of = parts.entry(component).or_default();
                        match of.last_mut() {
                            Some((last, terms)) if *last == at => terms.push((atom, by)),
                            _ => of.push((at, vec![(atom, by)])),
                        }
                    }
                    None => known = known.plus(scaled(simplified.range(atom), by)),
                }
            }
            found.push(known);
        }
        let solved: Vec<Vec<(usize, Interval)>> = parts
            .into_par_iter()
            .map(|(component, forms)| self.solve(component, &forms))
            .collect::<Result<_, _>>()?;
        for (at, interval) in solved.into_iter().flatten() {
            found[at] = found[at].plus(interval);
        }
        Ok(found)
    }

    fn solve(
        &self,
        component: usize,
        forms: &[(usize, Form)],
    ) -> Result<Vec<(usize, Interval)>, BoundsError> {
        let merged = self.simplified.merged(component, forms);
        let mut programme = Programme::new(&merged.bounds, &merged.rows)?;
        forms
            .iter()
            .enumerate()
            .map(|(at, (form, _))| {
                let objective = &merged.objectives[at];
                let low = end(&mut programme, &merged.bounds, &merged.rows, objective, 1.0)?;
                let high = end(
                    &mut programme,
                    &merged.bounds,
                    &merged.rows,
                    objective,
                    -1.0,
                )?;
                let interval = Interval {
                    low: low.map(|(value, _)| value),
                    high: high.map(|(value, _)| -value),
                    is_reached: [low, high].iter().flatten().all(|(_, reached)| *reached),
                };
                Ok((*form, interval))
            })
            .collect()
    }

    /// The statements, by number and in order, that together bound a form as narrowly as all do: none of them can be left out.
    ///
    /// With very many statements bearing on the form the answer holds but may not be the shortest.
    ///
    /// # Errors
    /// As [`interval`](Attacker::interval).
    pub fn because(&self, form: &[(usize, i64)]) -> Result<Vec<usize>, BoundsError> {
        let aim = self.interval(form)?;
        let terms = gather(form, self.published.most.len())?;
        let all = self.published.statements.len();
        let mut kept: Vec<usize> = match all > MANY {
            true => self.simplified.bearing(self.published, &terms),
            false => (0..all).collect(),
        };
        if !self.bounds_as(&kept, &terms, aim)? {
            kept = (0..all).collect();
        }
        // Large chunks first, so that hundreds of statements go in a few questions; what was published first is kept where either would do.
        let mut chunk = kept.len().div_ceil(2);
        loop {
            let mut end = kept.len();
            while end > 0 {
                let from = end.saturating_sub(chunk);
                let without: Vec<usize> =
                    kept[..from].iter().chain(&kept[end..]).copied().collect();
                if self.bounds_as(&without, &terms, aim)? {
                    kept = without;
                }
                end = from;
            }
            if chunk <= 1 {
                return Ok(kept);
            }
            chunk = chunk.div_ceil(2);
        }
    }

    fn bounds_as(
        &self,
        chosen: &[usize],
        form: &[(usize, i64)],
        aim: Interval,
    ) -> Result<bool, BoundsError> {
        let only = self.published.only(chosen);
        let got = only.attacker()?.interval(form)?;
        Ok((got.low, got.high) == (aim.low, aim.high))
    }
}

fn scaled((low, high): (i64, Option<i64>), by: i64) -> Interval {
    let (low, high) = match by >= 0 {
        true => (Some(low * by), high.map(|high| high * by)),
        false => (high.map(|high| high * by), Some(low * by)),
    };
    Interval {
        low,
        high,
        is_reached: true,
    }
}

/// The least value of a form, and whether a whole population has it; none when there is none.
fn end(
    programme: &mut Programme,
    bounds: &[(f64, f64)],
    rows: &[Row],
    objective: &[(usize, f64)],
    sign: f64,
) -> Result<Option<(i64, bool)>, BoundsError> {
    let signed: Vec<(usize, f64)> = objective.iter().map(|(at, by)| (*at, by * sign)).collect();
    let least = match programme.minimise(&signed)? {
        Outcome::Least(least) => least,
        Outcome::Unbounded => return Ok(None),
        Outcome::Infeasible => return Err(BoundsError::Contradiction { statement: None }),
    };
    if least.at.iter().all(|value| is_whole(*value)) {
        return Ok(Some((least.value.round() as i64, true)));
    }
    let mut costs = vec![0.0; bounds.len()];
    for (at, by) in &signed {
        costs[*at] = *by;
    }
    let outer = ceiling(least.value);
    Ok(Some(
        match minimise_whole(&costs, bounds, rows, None, NODES)?.0 {
            Whole::Best { value, bound, .. } => {
                let bound = ceiling(bound).max(outer);
                (bound, bound == value.round() as i64)
            }
            Whole::Unknown { bound } => (ceiling(bound).max(outer), false),
            Whole::Infeasible => return Err(BoundsError::Contradiction { statement: None }),
        },
    ))
}

/// What the solver's arithmetic may be off by.
const TOLERANCE: f64 = 1e-5;

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < TOLERANCE
}

fn ceiling(value: f64) -> i64 {
    (value - TOLERANCE).ceil() as i64
}
