//! Solutions: what of the truth table is minimised, and how well each model fits the cases.

use std::collections::BTreeSet;

use super::cover::{Minimal, minimal_covers};
use super::minimise::{Allowed, prime_implicants};
use super::term::{Term, packed};
use super::{Outcome, Sets, Sufficiency, TruthTable, sufficiency};

/// The most configurations that are listed one by one as assumptions.
const ASSUMPTIONS_MAX: u128 = 1 << 18;

/// The levels of a condition that are expected to bring the outcome; none where nothing is expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation(pub Vec<u8>);

/// Which remainders may help to simplify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SolutionType {
    /// None (also called complex).
    Conservative,
    /// Any.
    Parsimonious,
    /// Those of the parsimonious solution that agree with an expectation for each condition: the easy counterfactuals (Ragin and Sonnett 2005).
    Intermediate(Vec<Expectation>),
}

/// Which models are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Models {
    /// All with the fewest terms.
    #[default]
    Fewest,
    /// All from which no term can be left out.
    Irredundant,
}

/// Why there is no solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// No configuration has the outcome under the cuts.
    #[error(
        "no configuration reaches the cuts: {without} without the outcome, {contradictions} contradictory, {too_few_cases} with too few cases"
    )]
    NothingWith {
        /// Rows without the outcome.
        without: usize,
        /// Contradictory rows.
        contradictions: usize,
        /// Rows with too few cases.
        too_few_cases: usize,
    },
    /// Every configuration that may not be assumed away has the outcome, so that the shortest solution is everything.
    #[error("no configuration lacks the outcome: every condition can be left out")]
    NothingWithout,
    /// Another number of expectations than of conditions.
    #[error("{have} expectations for {need} conditions")]
    Expectations {
        /// How many there are.
        have: usize,
        /// How many conditions there are.
        need: usize,
    },
    /// More remainders than can be listed.
    #[error("more assumptions about remainders than can be listed")]
    TooManyRemainders,
}

/// How well a term or a model is sufficient.
pub type Fit = Sufficiency;

/// A term of a model and its fit.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelTerm {
    /// The term.
    pub term: Term,
    /// Its inclusion, PRI and raw coverage.
    pub fit: Fit,
    /// The coverage of the model that no other of its terms gives.
    pub unique_coverage: f64,
    /// The cases with more than one half in it.
    pub cases: Vec<usize>,
    /// Those of them with one half or less in the outcome.
    pub deviant_cases: Vec<usize>,
}

/// One minimal solution.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its terms, short ones first.
    pub terms: Vec<ModelTerm>,
    /// The inclusion, PRI and coverage of all terms together.
    pub fit: Fit,
    /// The cases with the outcome that no term has.
    pub uncovered_cases: Vec<usize>,
    /// The configurations without cases that it takes as having the outcome; nothing when they are too many to list.
    pub assumptions: Option<Vec<Vec<u8>>>,
}

/// The models of one minimisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// For an intermediate solution, the places of the conservative and parsimonious models it lies between: all pairs that give the same.
    pub between: Vec<(usize, usize)>,
    /// All prime implicants.
    pub prime_implicants: Vec<Term>,
    /// The prime implicants in every model.
    pub essential: Vec<Term>,
    /// All minimal models.
    pub models: Vec<Model>,
    /// Whether these are all; no when the search reached its bound.
    pub is_complete: bool,
    /// For an intermediate solution, the assumptions it was allowed.
    pub easy_counterfactuals: Vec<Vec<u8>>,
    /// And the assumptions of the parsimonious model that it was not.
    pub difficult_counterfactuals: Vec<Vec<u8>>,
}

/// The solutions of one type.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// One, or for the intermediate type one for each distinct set of easy counterfactuals.
    pub solutions: Vec<Solution>,
}

impl Answer {
    /// The terms of every model of every solution, for comparison.
    pub fn model_terms(&self) -> BTreeSet<Vec<Term>> {
        let models = self.solutions.iter().flat_map(|own| &own.models);
        models
            .map(|model| {
                let mut terms: Vec<Term> = model.terms.iter().map(|own| own.term).collect();
                terms.sort();
                terms
            })
            .collect()
    }
}

/// Minimises a truth table and measures its solutions on the cases.
///
/// # Errors
/// [`SolveError`] when nothing, or everything, has the outcome.
pub fn solve(
    sets: &Sets,
    table: &TruthTable,
    solution_type: &SolutionType,
    models: Models,
) -> Result<Answer, SolveError> {
    let chart = Chart::of(sets, table, models)?;
    let solutions = match solution_type {
        SolutionType::Conservative => vec![chart.conservative()?],
        SolutionType::Parsimonious => vec![chart.parsimonious()?],
        SolutionType::Intermediate(expectations) => chart.intermediate(expectations)?,
    };
    Ok(Answer { solutions })
}

/// Easy and difficult counterfactuals, with the pairs of a conservative and a parsimonious model that lead to them.
type Between = (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>, Vec<(usize, usize)>);

struct Chart<'a> {
    sets: &'a Sets,
    table: &'a TruthTable,
    models: Models,
    positive: Vec<u64>,
    /// Observed and not positive.
    negative: Vec<u64>,
}

impl<'a> Chart<'a> {
    fn of(sets: &'a Sets, table: &'a TruthTable, models: Models) -> Result<Self, SolveError> {
        let packed = |outcome: Outcome| table.of(outcome).map(super::Row::packed);
        let positive: Vec<u64> = packed(Outcome::With).collect();
        if positive.is_empty() {
            return Err(SolveError::NothingWith {
                without: table.of(Outcome::Without).count(),
                contradictions: table.of(Outcome::Contradiction).count(),
                too_few_cases: table.of(Outcome::TooFewCases).count(),
            });
        }
        let negative = packed(Outcome::Without).chain(packed(Outcome::Contradiction));
        Ok(Chart {
            sets,
            table,
            models,
            positive,
            negative: negative.collect(),
        })
    }

    fn conservative(&self) -> Result<Solution, SolveError> {
        self.minimised(&Allowed::Only(&self.positive))
    }

    fn parsimonious(&self) -> Result<Solution, SolveError> {
        self.minimised(&Allowed::AllBut(&self.negative))
    }

    fn minimised(&self, allowed: &Allowed<'_>) -> Result<Solution, SolveError> {
        let primes = prime_implicants(&self.positive, allowed, &self.table.levels);
        if primes.iter().any(|own| own.mask == 0) {
            return Err(SolveError::NothingWithout);
        }
        let columns: Vec<Vec<usize>> = primes
            .iter()
            .map(|prime| {
                let rows = self.positive.iter().enumerate();
                rows.filter(|(_, row)| prime.covers(**row))
                    .map(|(at, _)| at)
                    .collect()
            })
            .collect();
        let wanted = match self.models {
            Models::Fewest => Minimal::Fewest,
            Models::Irredundant => Minimal::Irredundant,
        };
        let covers = minimal_covers(self.positive.len(), &columns, wanted);
        let is_everywhere = |at: &usize| covers.covers.iter().all(|cover| cover.contains(at));
        let everywhere = (0..primes.len()).filter(is_everywhere);
        let memberships: Vec<Vec<f64>> = primes
            .iter()
            .map(|own| own.memberships(self.sets))
            .collect();
        let measured = covers.covers.iter().map(|cover| {
            let terms: Vec<(Term, &[f64])> = cover
                .iter()
                .map(|at| (primes[*at], memberships[*at].as_slice()))
                .collect();
            self.measured(&terms)
        });
        Ok(Solution {
            between: Vec::new(),
            essential: everywhere.map(|at| primes[at]).collect(),
            models: measured.collect(),
            is_complete: covers.is_complete,
            prime_implicants: primes,
            easy_counterfactuals: Vec::new(),
            difficult_counterfactuals: Vec::new(),
        })
    }

    /// The fit of a model and of its terms.
    fn measured(&self, terms: &[(Term, &[f64])]) -> Model {
        let outcome = self.sets.outcome();
        let union = |without: Option<usize>| -> Vec<f64> {
            let kept = terms
                .iter()
                .enumerate()
                .filter(|(at, _)| Some(*at) != without);
            kept.fold(vec![0.0; outcome.len()], |mut all, (_, (_, own))| {
                all.iter_mut()
                    .zip(*own)
                    .for_each(|(all, own)| *all = all.max(*own));
                all
            })
        };
        let whole = union(None);
        let fit = sufficiency(&whole, outcome);
        let measured = terms.iter().enumerate().map(|(at, (term, own))| {
            let members = (0..own.len()).filter(|case| own[*case] > 0.5);
            let cases: Vec<usize> = members.collect();
            let others = sufficiency(&union(Some(at)), outcome).coverage;
            ModelTerm {
                term: *term,
                fit: sufficiency(own, outcome),
                unique_coverage: fit.coverage - others,
                deviant_cases: cases
                    .iter()
                    .copied()
                    .filter(|case| outcome[*case] <= 0.5)
                    .collect(),
                cases,
            }
        });
        let is_uncovered = |case: &usize| outcome[*case] > 0.5 && whole[*case] <= 0.5;
        let terms_alone: Vec<Term> = terms.iter().map(|(term, _)| *term).collect();
        Model {
            terms: measured.collect(),
            fit,
            uncovered_cases: (0..outcome.len()).filter(is_uncovered).collect(),
            assumptions: self.assumptions(&terms_alone),
        }
    }

    /// The configurations not observed that lie in some terms; nothing when too many.
    fn assumptions(&self, terms: &[Term]) -> Option<Vec<Vec<u8>>> {
        let mut all = BTreeSet::new();
        for term in terms {
            let fixed = term.literals();
            let choices = (0..self.table.levels.len()).map(|condition| {
                let level = fixed.iter().find(|own| own.condition == condition);
                match level {
                    Some(literal) => vec![literal.level],
                    None => (0..self.table.levels[condition] as u8).collect(),
                }
            });
            all.extend(self.remainders(&choices.collect::<Vec<_>>())?);
        }
        Some(all.into_iter().collect())
    }

    /// The configurations not observed among all choices of levels.
    fn remainders(&self, choices: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
        let size = choices
            .iter()
            .fold(1_u128, |size, own| size.saturating_mul(own.len() as u128));
        if size > ASSUMPTIONS_MAX {
            return None;
        }
        let observed: BTreeSet<u64> = self
            .positive
            .iter()
            .chain(&self.negative)
            .copied()
            .collect();
        let mut all: Vec<Vec<u8>> = vec![Vec::new()];
        for levels in choices {
            let longer = all.iter().flat_map(|known| {
                levels.iter().map(move |level| {
                    let mut next = known.clone();
                    next.push(*level);
                    next
                })
            });
            all = longer.collect();
        }
        all.retain(|own| !observed.contains(&packed(own)));
        Some(all)
    }

    fn intermediate(&self, expectations: &[Expectation]) -> Result<Vec<Solution>, SolveError> {
        let need = self.table.levels.len();
        if expectations.len() != need {
            let have = expectations.len();
            return Err(SolveError::Expectations { have, need });
        }
        let (conservative, parsimonious) = (self.conservative()?, self.parsimonious()?);
        let mut groups: Vec<Between> = Vec::new();
        for (c, complex) in conservative.models.iter().enumerate() {
            for (p, simple) in parsimonious.models.iter().enumerate() {
                let easy = self.easy(complex, simple, expectations)?;
                let assumed = simple
                    .assumptions
                    .as_ref()
                    .ok_or(SolveError::TooManyRemainders)?;
                let difficult = assumed
                    .iter()
                    .filter(|own| !easy.contains(*own))
                    .cloned()
                    .collect();
                match groups
                    .iter_mut()
                    .find(|(own, other, _)| *own == easy && *other == difficult)
                {
                    Some((_, _, pairs)) => pairs.push((c, p)),
                    None => groups.push((easy, difficult, vec![(c, p)])),
                }
            }
        }
        let is_complete = conservative.is_complete && parsimonious.is_complete;
        let solutions = groups.into_iter().map(|(easy, difficult, between)| {
            let mut allowed = self.positive.clone();
            allowed.extend(easy.iter().map(|own| packed(own)));
            let mut solution = self.minimised(&Allowed::Only(&allowed))?;
            solution.between = between;
            solution.is_complete &= is_complete;
            solution.easy_counterfactuals = easy.into_iter().collect();
            solution.difficult_counterfactuals = difficult.into_iter().collect();
            Ok(solution)
        });
        solutions.collect()
    }

    /// The easy counterfactuals between two models: where a conservative term lies in a parsimonious one, a level that the latter leaves open may be exchanged for expected ones when it is not expected itself.
    fn easy(
        &self,
        complex: &Model,
        simple: &Model,
        expectations: &[Expectation],
    ) -> Result<BTreeSet<Vec<u8>>, SolveError> {
        let mut easy = BTreeSet::new();
        for outer in simple.terms.iter().map(|own| own.term) {
            let inner = complex.terms.iter().map(|own| own.term);
            for inner in inner.filter(|inner| outer.contains(inner)) {
                let fixed = outer.literals();
                let own = inner.literals();
                let choices = (0..self.table.levels.len()).map(|condition| {
                    let expected = &expectations[condition].0;
                    let level = own.iter().find(|own| own.condition == condition);
                    let is_fixed = fixed.iter().any(|own| own.condition == condition);
                    match level.map(|own| own.level) {
                        Some(level) if is_fixed || expected.contains(&level) => vec![level],
                        Some(level) => std::iter::once(level).chain(expected.clone()).collect(),
                        None => (0..self.table.levels[condition] as u8).collect(),
                    }
                });
                let choices: Vec<Vec<u8>> = choices.collect();
                easy.extend(
                    self.remainders(&choices)
                        .ok_or(SolveError::TooManyRemainders)?,
                );
            }
        }
        Ok(easy)
    }
}
