//! Synthetic control: weights of donors that follow the treated unit before its treatment, and what they say after.
//!
//! Abadie and Gardeazabal (2003); Abadie, Diamond and Hainmueller (2010).
//! With predictors, `W(V) = argmin (x₁ - X₀w)'V(x₁ - X₀w)` over the simplex, and `V` is searched for the least mean squared error of the outcome in the periods of the fit; without, the weights minimise that error itself.

use nalgebra::{DMatrix, DVector};

use super::nested::{self, Search};
use super::panel::Panel;
use super::simplex::{self, Certificate};

/// Who is treated, who may stand in, and which periods count; units are columns and periods rows of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// The treated unit.
    pub treated: usize,
    /// The units never treated.
    pub donors: Vec<usize>,
    /// The positions of the periods the fit is judged by, all before the treatment.
    pub fit: Vec<usize>,
    /// The positions of the periods the effect is asked for.
    pub post: Vec<usize>,
}

/// Measures from before the treatment: a row for each predictor, a column for each unit of the panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictors(pub DMatrix<f64>);

/// Why there is no synthetic control.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSynthetic {
    /// A unit that the panel has not.
    #[error("unit {0} is not in the panel")]
    UnknownUnit(usize),
    /// A period that the panel has not.
    #[error("period position {0} is not in the panel")]
    UnknownPeriod(usize),
    /// The treated unit cannot stand in for itself.
    #[error("the treated unit {0} is among the donors")]
    TreatedAmongDonors(usize),
    /// A donor named twice.
    #[error("donor {0} is named twice")]
    RepeatedDonor(usize),
    /// Fewer donors than the method needs.
    #[error("{found} donors are too few, at least {needed} are needed")]
    TooFewDonors {
        /// Donors given.
        found: usize,
        /// Donors needed.
        needed: usize,
    },
    /// Fewer periods before the treatment than the method needs.
    #[error("{found} periods before the treatment are too few, at least {needed} are needed")]
    TooFewPeriods {
        /// Periods given.
        found: usize,
        /// Periods needed.
        needed: usize,
    },
    /// No period with treatment.
    #[error("there is no period after the treatment")]
    NoPeriodAfter,
    /// A period stands on both sides, or twice.
    #[error("period position {0} is used twice")]
    RepeatedPeriod(usize),
    /// A period of the fit comes after one of the effect.
    #[error("period position {0} of the fit does not come before the treatment")]
    FitAfterTreatment(usize),
    /// The table of predictors has other units than the panel.
    #[error("the predictors have {found} units, the panel {needed}")]
    PredictorUnits {
        /// Units of the predictors.
        found: usize,
        /// Units of the panel.
        needed: usize,
    },
    /// A predictor that is no number for the treated unit or a donor.
    #[error("predictor {predictor} of unit {unit} is no finite number")]
    PredictorNotFinite {
        /// The predictor.
        predictor: usize,
        /// The unit.
        unit: usize,
    },
    /// No predictor tells units apart.
    #[error("every predictor is constant over the treated unit and the donors")]
    ConstantPredictors,
    /// Nobody is treated.
    #[error("no unit is treated")]
    NoTreated,
    /// This error needs treated units to leave out.
    #[error("one treated unit has no jackknife and no bootstrap")]
    OneTreated,
    /// The donors' outcomes are all the same in the periods of the fit.
    #[error("the donors' outcomes do not differ before the treatment")]
    NoVariation,
    /// An argument outside its range.
    #[error("the {0} is out of range")]
    Argument(&'static str),
    /// The optimality conditions hold only to this many parts in 10¹².
    #[error("the weights are not certified: residual {0}e-12")]
    NotCertified(u64),
}

/// A design with its data, found sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    pub(super) treated: DVector<f64>,
    pub(super) donors: DMatrix<f64>,
    pub(super) names: Vec<usize>,
    pub(super) unit: usize,
    pub(super) fit: Vec<usize>,
    pub(super) post: Vec<usize>,
    /// Not yet scaled: a row for each predictor, donors first, the treated unit last.
    pub(super) predictors: Option<DMatrix<f64>>,
}

/// A synthetic control.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The treated unit.
    pub unit: usize,
    /// The donors, as units of the panel.
    pub donors: Vec<usize>,
    /// A weight for each donor.
    pub weights: Vec<f64>,
    /// The proof that the weights are the best: of all, or for the importance found.
    pub certificate: Certificate,
    /// With predictors, their importance `V`, summing to one; zero for those that are constant.
    pub importance: Option<Importance>,
    /// The mean squared error of the outcome over the periods of the fit.
    pub loss: f64,
    /// The least such error that any weights have: the loss cannot be lower.
    pub loss_floor: f64,
    /// Treated less synthetic, in each period of the panel.
    pub gaps: Vec<f64>,
    /// The mean gap over the periods of the effect.
    pub att: f64,
    /// The root of the mean squared gap over the periods of the effect.
    pub rmspe_post: f64,
    /// The distance from the treated unit's outcomes to the donors' convex hull, relative to the donors' mean distance from their own mean; zero inside.
    pub outside_hull: f64,
}

/// What the predictors came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Importance {
    /// The share of each predictor.
    pub shares: Vec<f64>,
    /// The treated unit's predictors, and their values in its synthetic control.
    pub balance: Vec<(f64, f64)>,
    /// Predictors that are the same for all units and were left out.
    pub constant: Vec<usize>,
    /// Predictors in which the treated unit lies outside the range of the donors.
    pub outside: Vec<usize>,
    /// Whether the donors match the predictors exactly, so that any importance gives the same and the outcome decided between equal weights.
    pub is_undetermined: bool,
    /// Fits made in the search.
    pub evaluations: usize,
}

impl Fit {
    /// The root of the mean squared error over the periods of the fit.
    pub fn rmspe(&self) -> f64 {
        self.loss.sqrt()
    }

    /// The error after over the error before: the statistic of the placebos; zero when there is neither.
    pub fn ratio(&self) -> f64 {
        match self.rmspe_post > 0.0 {
            true => self.rmspe_post / self.rmspe(),
            false => 0.0,
        }
    }

    /// The share of the loss that a better importance could take away at most: what is above the floor.
    pub fn loss_gap(&self) -> f64 {
        match self.loss > 0.0 {
            true => 1.0 - self.loss_floor / self.loss,
            false => 0.0,
        }
    }

    /// Whether the loss is the floor itself, so that no importance gives a lower one.
    pub fn is_at_floor(&self) -> bool {
        self.loss_gap() <= 1e-9
    }

    /// Whether the treated unit's outcomes lie outside the convex hull of the donors', so that no weights follow it exactly.
    pub fn is_outside_hull(&self) -> bool {
        self.outside_hull > 1e-9
    }
}

impl Study {
    /// Checks a design.
    ///
    /// # Errors
    /// [`NoSynthetic`] says what the design lacks.
    pub fn new(
        panel: &Panel,
        design: &Design,
        predictors: Option<&Predictors>,
    ) -> Result<Study, NoSynthetic> {
        check_units(panel, design)?;
        check_periods(panel.periods().len(), &design.fit, &design.post)?;
        let units: Vec<usize> = design
            .donors
            .iter()
            .copied()
            .chain([design.treated])
            .collect();
        let predictors = match predictors {
            Some(table) => Some(select_predictors(panel, &table.0, &units)?),
            None => None,
        };
        Ok(Study {
            treated: panel.values().column(design.treated).into_owned(),
            donors: panel.values().select_columns(&design.donors),
            names: design.donors.clone(),
            unit: design.treated,
            fit: design.fit.clone(),
            post: design.post.clone(),
            predictors,
        })
    }

    /// The donors, as units of the panel.
    pub fn donors(&self) -> &[usize] {
        &self.names
    }

    /// The positions of the periods of the fit.
    pub fn fit_periods(&self) -> &[usize] {
        &self.fit
    }

    /// The positions of the periods of the effect.
    pub fn post_periods(&self) -> &[usize] {
        &self.post
    }

    /// Finds the weights.
    ///
    /// # Errors
    /// [`NoSynthetic`] when the optimum cannot be certified.
    pub fn fit(&self, search: &Search) -> Result<Fit, NoSynthetic> {
        let outcome = self.differences(&self.fit);
        let direct = simplex::nearest(&outcome, 0.0);
        let periods = self.fit.len() as f64;
        let loss_floor = direct.loss / periods;
        let outside_hull = self.distance(direct.loss);
        let (weights, certificate, importance) = match &self.predictors {
            None => (direct.weights, direct.certificate, None),
            Some(table) => {
                let found = nested::search(table, &outcome, search)?;
                (found.weights, found.certificate, Some(found.importance))
            }
        };
        if !certificate.is_certified() {
            return Err(NoSynthetic::NotCertified(
                (certificate.residual * 1e12).min(1e18) as u64,
            ));
        }
        let gaps = self.gaps(&weights);
        let post: Vec<f64> = self.post.iter().map(|at| gaps[*at]).collect();
        let loss = self.fit.iter().map(|at| gaps[*at] * gaps[*at]).sum::<f64>() / periods;
        Ok(Fit {
            unit: self.unit,
            donors: self.names.clone(),
            certificate,
            importance,
            loss,
            loss_floor: loss_floor.min(loss),
            att: post.iter().sum::<f64>() / post.len() as f64,
            rmspe_post: (post.iter().map(|gap| gap * gap).sum::<f64>() / post.len() as f64).sqrt(),
            outside_hull,
            gaps,
            weights,
        })
    }

    /// Treated less synthetic, in each period.
    pub fn gaps(&self, weights: &[f64]) -> Vec<f64> {
        let synthetic = &self.donors * DVector::from_column_slice(weights);
        (&self.treated - synthetic).as_slice().to_vec()
    }

    /// Donors less treated in some periods.
    pub(super) fn differences(&self, periods: &[usize]) -> DMatrix<f64> {
        DMatrix::from_fn(periods.len(), self.names.len(), |row, column| {
            self.donors[(periods[row], column)] - self.treated[periods[row]]
        })
    }

    /// The effect of each donor alone: the mean over the periods of the effect of treated less donor.
    pub(super) fn effects(&self) -> Vec<f64> {
        let after = self.differences(&self.post);
        after.column_iter().map(|donor| -donor.mean()).collect()
    }

    fn distance(&self, squared: f64) -> f64 {
        let before = self.donors.select_rows(&self.fit);
        let centre = before.column_mean();
        let spread: f64 = before
            .column_iter()
            .map(|donor| (donor - &centre).norm())
            .sum::<f64>()
            / self.names.len() as f64;
        let size = self.differences(&self.fit).norm();
        // The rounding of a sum of squares is no distance.
        match squared.sqrt() <= 1e-10 * size {
            true => 0.0,
            false => squared.sqrt() / spread.max(f64::MIN_POSITIVE),
        }
    }

    /// The same without one donor.
    pub(super) fn without(&self, donor: usize) -> Study {
        let mut study = self.clone();
        study.donors = study.donors.remove_column(donor);
        study.names.remove(donor);
        study.predictors = study.predictors.map(|table| table.remove_column(donor));
        study
    }

    /// The same with a donor in the place of the treated unit, which leaves.
    pub(super) fn placebo(&self, donor: usize) -> Study {
        let mut study = self.without(donor);
        study.treated = self.donors.column(donor).into_owned();
        study.unit = self.names[donor];
        if let (Some(table), Some(full)) = (&mut study.predictors, &self.predictors) {
            let last = table.ncols() - 1;
            table.set_column(last, &full.column(donor));
        }
        study
    }

    /// The same with other periods.
    ///
    /// # Errors
    /// [`NoSynthetic`] when the periods do not fit.
    pub fn with_periods(&self, fit: &[usize], post: &[usize]) -> Result<Study, NoSynthetic> {
        check_periods(self.treated.len(), fit, post)?;
        Ok(Study {
            fit: fit.to_vec(),
            post: post.to_vec(),
            ..self.clone()
        })
    }
}

fn check_units(panel: &Panel, design: &Design) -> Result<(), NoSynthetic> {
    let known = panel.units();
    for unit in design.donors.iter().chain([&design.treated]) {
        if *unit >= known {
            return Err(NoSynthetic::UnknownUnit(*unit));
        }
    }
    if design.donors.contains(&design.treated) {
        return Err(NoSynthetic::TreatedAmongDonors(design.treated));
    }
    if let Some(repeated) = repeated(&design.donors) {
        return Err(NoSynthetic::RepeatedDonor(repeated));
    }
    match design.donors.len() {
        found @ (0 | 1) => Err(NoSynthetic::TooFewDonors { found, needed: 2 }),
        _ => Ok(()),
    }
}

pub(super) fn check_periods(
    known: usize,
    fit: &[usize],
    post: &[usize],
) -> Result<(), NoSynthetic> {
    let all: Vec<usize> = fit.iter().chain(post).copied().collect();
    if let Some(unknown) = all.iter().find(|at| **at >= known) {
        return Err(NoSynthetic::UnknownPeriod(*unknown));
    }
    if fit.len() < 2 {
        return Err(NoSynthetic::TooFewPeriods {
            found: fit.len(),
            needed: 2,
        });
    }
    let Some(start) = post.iter().min() else {
        return Err(NoSynthetic::NoPeriodAfter);
    };
    if let Some(repeated) = repeated(&all) {
        return Err(NoSynthetic::RepeatedPeriod(repeated));
    }
    match fit.iter().find(|at| *at >= start) {
        Some(late) => Err(NoSynthetic::FitAfterTreatment(*late)),
        None => Ok(()),
    }
}

pub(super) fn repeated(values: &[usize]) -> Option<usize> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let pair = sorted.windows(2).find(|pair| pair[0] == pair[1]);
    pair.map(|pair| pair[0])
}

fn select_predictors(
    panel: &Panel,
    table: &DMatrix<f64>,
    units: &[usize],
) -> Result<DMatrix<f64>, NoSynthetic> {
    if table.ncols() != panel.units() {
        return Err(NoSynthetic::PredictorUnits {
            found: table.ncols(),
            needed: panel.units(),
        });
    }
    let chosen = table.select_columns(units);
    for (column, unit) in units.iter().enumerate() {
        let broken = chosen
            .column(column)
            .iter()
            .position(|own| !own.is_finite());
        if let Some(predictor) = broken {
            return Err(NoSynthetic::PredictorNotFinite {
                predictor,
                unit: *unit,
            });
        }
    }
    Ok(chosen)
}
