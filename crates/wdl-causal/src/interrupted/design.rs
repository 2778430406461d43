//! The columns of a segmented regression.

use nalgebra::{DMatrix, DVector};

use super::NoFit;

/// A series of equally spaced periods with the first one after the interruption.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    /// The outcome of each period.
    pub outcome: &'a [f64],
    /// The first period with the intervention, from zero.
    pub start: usize,
    /// Whether the slope may change besides the level.
    pub has_slope_change: bool,
    /// What repeats from year to year.
    pub season: Season,
    /// Series that the intervention does not touch, as covariates.
    pub controls: Vec<&'a [f64]>,
}

/// Terms of a season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// None.
    None,
    /// A level for each period of the cycle but the first.
    Levels {
        /// How many periods a cycle has.
        cycle: usize,
    },
    /// Pairs of sine and cosine.
    Waves {
        /// How many periods a cycle has.
        cycle: usize,
        /// How many pairs: the first goes round once in a cycle.
        pairs: usize,
    },
}

/// A coefficient of the regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The level at period zero.
    Level,
    /// The slope per period before the interruption.
    Slope,
    /// The change of level at the first period with the intervention.
    LevelChange,
    /// The change of slope from there on.
    SlopeChange,
    /// The level of a place in the cycle, less that of the first.
    Season(usize),
    /// A sine that goes round so many times in a cycle.
    Sine(usize),
    /// A cosine that goes round so many times in a cycle.
    Cosine(usize),
    /// A control series.
    Control(usize),
}

impl Series<'_> {
    pub(super) fn terms(&self) -> Vec<Term> {
        let mut terms = vec![Term::Level, Term::Slope, Term::LevelChange];
        if self.has_slope_change {
            terms.push(Term::SlopeChange);
        }
        match self.season {
            Season::None => {}
            Season::Levels { cycle } => terms.extend((1..cycle).map(Term::Season)),
            Season::Waves { cycle, pairs } => {
                for round in 1..=pairs {
                    // With half a cycle the sine is zero at every period.
                    if 2 * round != cycle {
                        terms.push(Term::Sine(round));
                    }
                    terms.push(Term::Cosine(round));
                }
            }
        }
        terms.extend((0..self.controls.len()).map(Term::Control));
        terms
    }

    pub(super) fn value(&self, term: Term, period: usize) -> f64 {
        let since = period as f64 - self.start as f64;
        let angle = |round: usize| {
            let cycle = match self.season {
                Season::None => 1,
                Season::Levels { cycle } | Season::Waves { cycle, .. } => cycle,
            };
            2.0 * std::f64::consts::PI * round as f64 * period as f64 / cycle as f64
        };
        match (term, self.season) {
            (Term::Level, _) => 1.0,
            (Term::Slope, _) => period as f64,
            (Term::LevelChange, _) => f64::from(u8::from(since >= 0.0)),
            (Term::SlopeChange, _) => since.max(0.0),
            (Term::Season(place), Season::Levels { cycle }) => {
                f64::from(u8::from(period % cycle == place))
            }
            (Term::Season(_), Season::None | Season::Waves { .. }) => 0.0,
            (Term::Sine(round), _) => angle(round).sin(),
            (Term::Cosine(round), _) => angle(round).cos(),
            (Term::Control(at), _) => self.controls[at][period],
        }
    }

    pub(super) fn matrix(&self, terms: &[Term]) -> DMatrix<f64> {
        DMatrix::from_fn(self.outcome.len(), terms.len(), |period, column| {
            self.value(terms[column], period)
        })
    }

    /// What the intervention adds to a period.
    pub(super) fn effect(&self, terms: &[Term], period: usize) -> DVector<f64> {
        DVector::from_fn(terms.len(), |column, _| match terms[column] {
            term @ (Term::LevelChange | Term::SlopeChange) => self.value(term, period),
            Term::Level
            | Term::Slope
            | Term::Season(_)
            | Term::Sine(_)
            | Term::Cosine(_)
            | Term::Control(_) => 0.0,
        })
    }

    pub(super) fn check(&self) -> Result<(), NoFit> {
        let periods = self.outcome.len();
        if let Some(at) = self.outcome.iter().position(|own| !own.is_finite()) {
            return Err(NoFit::NotFinite(at));
        }
        for (control, own) in self.controls.iter().enumerate() {
            if own.len() != periods {
                return Err(NoFit::Length(control));
            }
            if let Some(at) = own.iter().position(|value| !value.is_finite()) {
                return Err(NoFit::NotFinite(at));
            }
        }
        if let Season::Levels { cycle } | Season::Waves { cycle, .. } = self.season
            && cycle < 2
        {
            return Err(NoFit::Cycle(cycle));
        }
        if let Season::Waves { cycle, pairs } = self.season
            && 2 * pairs > cycle
        {
            return Err(NoFit::Cycle(cycle));
        }
        let least = 1 + usize::from(self.has_slope_change);
        match self.start < 2 || self.start + least > periods {
            true => Err(NoFit::Start),
            false => Ok(()),
        }
    }
}
