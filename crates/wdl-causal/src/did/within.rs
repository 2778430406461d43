//! Effects of units and of periods, solved exactly: unit effects are eliminated, what is left is one equation for each period.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// The equations of unit and period effects over some observations.
#[derive(Clone, Debug)]
pub(super) struct TwoWay {
    unit: Vec<u32>,
    period: Vec<u32>,
    weights: Vec<f64>,
    unit_totals: Vec<f64>,
    /// The place of each period in the equations; nothing for a period at zero or without observations.
    place: Vec<Option<usize>>,
    seen: Vec<bool>,
    factor: Option<Cholesky<f64, Dyn>>,
    /// The group of each period: no observation ties groups together.
    pub(super) component_of_period: Vec<usize>,
}

/// Effects of units and periods; not a number where nothing was observed.
#[derive(Clone, Debug)]
pub(super) struct Effects {
    pub(super) unit: Vec<f64>,
    pub(super) period: Vec<f64>,
}

impl TwoWay {
    /// The observations: unit, period and weight of each, units in one run each.
    pub(super) fn new(
        sizes: (usize, usize),
        unit: Vec<u32>,
        period: Vec<u32>,
        weights: Vec<f64>,
    ) -> Option<TwoWay> {
        let (units, periods) = sizes;
        let mut unit_totals = vec![0.0; units];
        let mut seen = vec![false; periods];
        let mut parent: Vec<usize> = (0..periods).collect();
        let mut last: Option<(u32, u32)> = None;
        for ((own, at), weight) in unit.iter().zip(&period).zip(&weights) {
            unit_totals[*own as usize] += weight;
            seen[*at as usize] = true;
            if let Some((known, before)) = last
                && known == *own
            {
                let (one, other) = (root(&parent, before as usize), root(&parent, *at as usize));
                parent[one.max(other)] = one.min(other);
            }
            last = Some((*own, *at));
        }
        let component_of_period: Vec<usize> = (0..periods).map(|at| root(&parent, at)).collect();
        let mut place = vec![None; periods];
        let mut count = 0;
        // The first period of each group is at zero: it is its own root.
        for at in (0..periods).filter(|at| seen[*at] && component_of_period[*at] != *at) {
            place[at] = Some(count);
            count += 1;
        }
        let mut own = TwoWay {
            unit,
            period,
            weights,
            unit_totals,
            place,
            seen,
            factor: None,
            component_of_period,
        };
        if count > 0 {
            own.factor = Some(own.laplacian(count).cholesky()?);
        }
        Some(own)
    }

    fn laplacian(&self, count: usize) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(count, count);
        let mut from = 0;
        while from < self.unit.len() {
            let run = self.unit[from..]
                .iter()
                .take_while(|own| **own == self.unit[from]);
            let to = from + run.count();
            let total = self.unit_totals[self.unit[from] as usize];
            for one in from..to {
                let Some(row) = self.place[self.period[one] as usize] else {
                    continue;
                };
                matrix[(row, row)] += self.weights[one];
                for other in from..to {
                    if let Some(column) = self.place[self.period[other] as usize] {
                        matrix[(row, column)] -= self.weights[one] * self.weights[other] / total;
                    }
                }
            }
            from = to;
        }
        matrix
    }

    /// The effects whose weighted sums over units and over periods are given.
    pub(super) fn solve(&self, of_units: &[f64], of_periods: &[f64]) -> Effects {
        let count = self.place.iter().flatten().count();
        let mut right: DVector<f64> = DVector::zeros(count);
        for (place, own) in self.place.iter().zip(of_periods) {
            if let Some(place) = place {
                right[*place] += own;
            }
        }
        let cells = || self.unit.iter().zip(&self.period).zip(&self.weights);
        for ((unit, period), weight) in cells() {
            if let Some(place) = self.place[*period as usize] {
                let unit = *unit as usize;
                right[place] -= weight * of_units[unit] / self.unit_totals[unit];
            }
        }
        let solved = match &self.factor {
            Some(factor) => factor.solve(&right),
            None => right,
        };
        let period: Vec<f64> = self
            .place
            .iter()
            .zip(&self.seen)
            .map(|(place, seen)| match (place, seen) {
                (Some(place), _) => solved[*place],
                (None, true) => 0.0,
                (None, false) => f64::NAN,
            })
            .collect();
        let mut unit = of_units.to_vec();
        for ((own, at), weight) in cells() {
            unit[*own as usize] -= weight * period[*at as usize];
        }
        for (own, total) in unit.iter_mut().zip(&self.unit_totals) {
            *own /= total;
        }
        Effects { unit, period }
    }

    /// The effects that fit values best.
    pub(super) fn fit(&self, values: &[f64]) -> Effects {
        let mut of_units = vec![0.0; self.unit_totals.len()];
        let mut of_periods = vec![0.0; self.place.len()];
        for (at, value) in values.iter().enumerate() {
            of_units[self.unit[at] as usize] += self.weights[at] * value;
            of_periods[self.period[at] as usize] += self.weights[at] * value;
        }
        self.solve(&of_units, &of_periods)
    }

    /// What the effects do not explain.
    pub(super) fn residuals(&self, values: &[f64]) -> Vec<f64> {
        // Once more on what is left takes away the rounding of large means.
        let once = self.less(values);
        self.less(&once)
    }

    fn less(&self, values: &[f64]) -> Vec<f64> {
        let effects = self.fit(values);
        let cells = values.iter().zip(self.unit.iter().zip(&self.period));
        cells
            .map(|(own, (unit, period))| {
                own - effects.unit[*unit as usize] - effects.period[*period as usize]
            })
            .collect()
    }
}

fn root(parent: &[usize], mut at: usize) -> usize {
    while parent[at] != at {
        at = parent[at];
    }
    at
}
