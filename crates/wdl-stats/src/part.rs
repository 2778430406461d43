//! The variance of a measure of a small part: a walk over the units the part touches, not over all.

use crate::design::Design;
use crate::sample::Sample;
use crate::sum::{Sum, sum};
use crate::undefined::{Measured, Undefined};

/// The units that the rows of a sample lie in, in the order of the rows.
// INVARIANT: `slot_of_row[i]`, one per row of the sample, indexes `units`.
#[derive(Clone, Debug)]
pub struct Touched {
    units: Vec<u32>,
    slot_of_row: Vec<u32>,
}

impl Touched {
    /// The units of a sample's rows.
    ///
    /// # Panics
    /// When the design has another number of rows than the sample came from.
    pub fn of(design: &Design, sample: &Sample) -> Touched {
        assert_eq!(sample.length(), design.rows(), "one unit per row");
        const NONE: u32 = u32::MAX;
        let mut slots = vec![NONE; design.units()];
        let mut units = Vec::new();
        let mut slot_of_row = Vec::with_capacity(sample.len());
        for row in sample.rows() {
            let unit = design.unit(row);
            if slots[unit] == NONE {
                slots[unit] = u32::try_from(units.len()).expect("fewer units than rows");
                units.push(u32::try_from(unit).expect("fewer units than rows"));
            }
            slot_of_row.push(slots[unit]);
        }
        Touched { units, slot_of_row }
    }

    /// The number of units.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether no row counts.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// What scores add up to in each of the units; those of fewer rows than the sample has belong to its last, of the largest values.
    fn totals(&self, scores: &[f64]) -> Vec<f64> {
        let slots = &self.slot_of_row[self.slot_of_row.len() - scores.len()..];
        let mut totals = vec![0.0; self.units.len()];
        for (slot, score) in slots.iter().zip(scores) {
            totals[*slot as usize] += score;
        }
        totals
    }
}

/// Totals that all units have, whatever the part: those of the threshold's scores.
#[derive(Clone, Debug)]
pub struct Everywhere {
    totals: Vec<f64>,
    /// Their sum and that of their squares, by stratum.
    of_stratum: Vec<(f64, f64)>,
}

impl Everywhere {
    /// Of one total per unit of the design.
    ///
    /// # Panics
    /// When there is not one total per unit.
    pub fn of(design: &Design, totals: Vec<f64>) -> Everywhere {
        assert_eq!(totals.len(), design.units(), "one total per unit");
        let mut sums = vec![(Sum::ZERO, Sum::ZERO); design.strata()];
        for (unit, total) in totals.iter().enumerate() {
            let (one, square) = &mut sums[design.stratum(unit)];
            one.add(*total);
            square.add(total * total);
        }
        let values = |(one, square): (Sum, Sum)| (one.value(), square.value());
        Everywhere {
            of_stratum: sums.into_iter().map(values).collect(),
            totals,
        }
    }

    /// The totals.
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }
}

impl Design {
    /// The variance of a measure whose scores add up to `own` of the part's rows and `factor` times what all units have: the same as [`Design::variance`] of both together.
    ///
    /// # Errors
    /// [`Undefined::TooFewRows`] with fewer than two units.
    pub fn variance_of_part(
        &self,
        touched: &Touched,
        scores: &[f64],
        everywhere: Option<(f64, &Everywhere)>,
    ) -> Measured {
        if self.units() < 2 {
            return Err(Undefined::TooFewRows);
        }
        let own = touched.totals(scores);
        let everywhere = everywhere.filter(|(factor, _)| *factor != 0.0);
        let base =
            |unit: u32| everywhere.map_or(0.0, |(factor, all)| factor * all.totals[unit as usize]);
        let of_stratum = |stratum: usize| {
            everywhere.map_or((0.0, 0.0), |(factor, all)| {
                let (one, square) = all.of_stratum[stratum];
                (factor * one, factor * factor * square)
            })
        };
        let pairs = || touched.units.iter().copied().zip(own.iter().copied());
        let mut sums: Vec<Sum> = (0..self.strata())
            .map(|at| Sum::of(of_stratum(at).0))
            .collect();
        for (unit, own) in pairs() {
            sums[self.stratum(unit as usize)].add(own);
        }
        let whole = sum(sums.iter().map(|sum| sum.value())) / self.units() as f64;
        let centre = |stratum: usize| match self.units_of(stratum) {
            1 => whole,
            units => sums[stratum].value() / units as f64,
        };
        // First as if nobody were in the part, then what the part's units change.
        let mut around: Vec<Sum> = (0..self.strata())
            .map(|stratum| {
                let (centre, (one, square)) = (centre(stratum), of_stratum(stratum));
                let mut around = Sum::of(square);
                around.add(-2.0 * centre * one);
                around.add(self.units_of(stratum) as f64 * centre * centre);
                around
            })
            .collect();
        for (unit, own) in pairs() {
            let stratum = self.stratum(unit as usize);
            around[stratum].add(own * (own + 2.0 * (base(unit) - centre(stratum))));
        }
        let part = |(stratum, around): (usize, &Sum)| match self.units_of(stratum) {
            1 => around.value(),
            units => around.value() * units as f64 / (units as f64 - 1.0),
        };
        Ok(sum(around.iter().enumerate().map(part)).max(0.0))
    }
}
