//! Necessity: how far the outcome lies in a set, and which sets it lies in.

use super::{Sets, term::Literal};

/// How well a set is necessary for the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NecessityFit {
    /// `Σ min(x, y) / Σ y`.
    pub inclusion: f64,
    /// The relevance of necessity `Σ (1 - x) / Σ (1 - min(x, y))` (Schneider and Wagemann 2012, page 236): low when nearly every case is in the set; not a number where all are wholly in set and outcome.
    pub relevance: f64,
    /// `Σ min(x, y) / Σ x`.
    pub coverage: f64,
}

/// The necessity of memberships in a set for the outcome.
pub fn necessity(set: &[f64], outcome: &[f64]) -> NecessityFit {
    let (mut x, mut y, mut both, mut out, mut out_of_both) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (own, outcome) in set.iter().zip(outcome) {
        x += own;
        y += outcome;
        both += own.min(*outcome);
        out += 1.0 - own;
        out_of_both += 1.0 - own.min(*outcome);
    }
    NecessityFit {
        inclusion: both / y,
        relevance: out / out_of_both,
        coverage: both / x,
    }
}

/// How levels are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Necessary {
    /// All of them at once.
    Conjunction,
    /// At least one of them.
    Disjunction,
}

/// A set that the outcome lies in.
#[derive(Clone, Debug, PartialEq)]
pub struct Superset {
    /// How its levels are joined.
    pub joined: Necessary,
    /// Its levels, by condition.
    pub literals: Vec<Literal>,
    /// Its fit.
    pub fit: NecessityFit,
}

/// What a superset must reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SupersetCuts {
    /// The least inclusion of necessity.
    pub inclusion: f64,
    /// The least relevance.
    pub relevance: f64,
    /// The least coverage.
    pub coverage: f64,
    /// The most levels that are joined.
    pub literals_max: usize,
}

/// The necessary conjunctions, all of them, and the necessary disjunctions of which no part is necessary already; short ones first.
pub fn supersets(sets: &Sets, cuts: SupersetCuts) -> Vec<Superset> {
    let mut search = Search {
        sets,
        cuts,
        found: Vec::new(),
    };
    let all = vec![1.0; sets.cases()];
    let none = vec![0.0; sets.cases()];
    search.descend(Necessary::Conjunction, &mut Vec::new(), &all, 0);
    search.descend(Necessary::Disjunction, &mut Vec::new(), &none, 0);
    let mut found = search.found;
    found.sort_by_key(|own| {
        let is_disjunction = own.joined == Necessary::Disjunction;
        (is_disjunction, own.literals.len(), own.literals.clone())
    });
    found
}

struct Search<'a> {
    sets: &'a Sets,
    cuts: SupersetCuts,
    found: Vec<Superset>,
}

impl Search<'_> {
    fn descend(
        &mut self,
        joined: Necessary,
        literals: &mut Vec<Literal>,
        known: &[f64],
        next: usize,
    ) {
        if literals.len() == self.cuts.literals_max {
            return;
        }
        for condition in next..self.sets.conditions().len() {
            for level in 0..self.sets.conditions()[condition].levels() as u8 {
                let set = self.joined(joined, known, Literal { condition, level });
                let fit = necessity(&set, self.sets.outcome());
                let is_necessary = fit.inclusion >= self.cuts.inclusion - 1e-12;
                literals.push(Literal { condition, level });
                if is_necessary && self.is_wanted(joined, literals, fit) {
                    self.found.push(Superset {
                        joined,
                        literals: literals.clone(),
                        fit,
                    });
                }
                // A conjunction only loses by growing longer; a disjunction that suffices needs no more.
                let goes_on = match joined {
                    Necessary::Conjunction => is_necessary,
                    Necessary::Disjunction => !is_necessary,
                };
                if goes_on {
                    self.descend(joined, literals, &set, condition + 1);
                }
                literals.pop();
            }
        }
    }

    fn joined(&self, joined: Necessary, known: &[f64], literal: Literal) -> Vec<f64> {
        let condition = &self.sets.conditions()[literal.condition];
        let cases = known.iter().enumerate();
        cases
            .map(|(case, known)| {
                let own = condition.membership(case, literal.level);
                match joined {
                    Necessary::Conjunction => known.min(own),
                    Necessary::Disjunction => known.max(own),
                }
            })
            .collect()
    }

    fn is_wanted(&self, joined: Necessary, literals: &[Literal], fit: NecessityFit) -> bool {
        let reaches = fit.relevance >= self.cuts.relevance - 1e-12
            && fit.coverage >= self.cuts.coverage - 1e-12;
        let is_minimal = || {
            (0..literals.len()).all(|without| {
                let others = literals.iter().enumerate().filter(|(at, _)| *at != without);
                let none = vec![0.0; self.sets.cases()];
                let set = others.fold(none, |set, (_, own)| self.joined(joined, &set, *own));
                let part = necessity(&set, self.sets.outcome());
                part.inclusion < self.cuts.inclusion - 1e-12
            })
        };
        match joined {
            Necessary::Conjunction => reaches,
            // A single level is the same set either way, and stands among the conjunctions.
            Necessary::Disjunction => reaches && literals.len() > 1 && is_minimal(),
        }
    }
}
