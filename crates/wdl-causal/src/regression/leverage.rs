//! The leverage of each row: what it weighs in its own fit, the fixed effects counted.

use super::absorb::{Absorber, Direct};
use super::fitting::Inner;
use super::model::RegressionError;

/// A leverage this close to one is one.
const ONE: f64 = 1.0 - 1e-9;

/// `h = w x'(X'WX)⁻¹x` of every row, plus the leverage of the fixed effects.
pub(crate) fn leverages(inner: &Inner) -> Result<Vec<f64>, RegressionError> {
    let mut found = match (&inner.absorber, inner.rows.effects.is_empty()) {
        (Some(absorber), false) => of_effects(absorber)?,
        // The constant is a column of its own.
        (_, true) | (None, _) => vec![0.0; inner.rows.len()],
    };
    let size = inner.stride - 1;
    for (row, own) in found.iter_mut().enumerate() {
        let (_, values) = inner.row(row);
        let mut form = 0.0;
        for first in 0..size {
            let along: f64 = (0..size)
                .map(|second| inner.bread[(first, second)] * values[second])
                .sum();
            form += values[first] * along;
        }
        *own += inner.weight(row) * form;
    }
    let whole = found.iter().filter(|own| **own >= ONE).count();
    match whole {
        0 => Ok(found),
        _ => Err(RegressionError::LeverageOne(whole)),
    }
}

/// The first effect's part is `w/W`; the others' is that of their dummies after the first is removed.
fn of_effects(absorber: &Absorber) -> Result<Vec<f64>, RegressionError> {
    let rows = absorber.starts.last().copied().unwrap_or(0);
    let mut found = vec![0.0; rows];
    let none = Direct {
        kept: Vec::new(),
        inverse: nalgebra::DMatrix::zeros(0, 0),
    };
    let direct = match (absorber.groups, absorber.direct()) {
        (0, _) => &none,
        (_, Some(direct)) => direct,
        (groups, None) => return Err(RegressionError::TooManyGroups(groups)),
    };
    let mut place = vec![usize::MAX; absorber.groups];
    for (at, group) in direct.kept.iter().enumerate() {
        place[*group] = at;
    }
    let size = direct.kept.len();
    let (mut masses, mut met) = (vec![0.0; absorber.groups], Vec::new());
    for group in 0..absorber.starts.len() - 1 {
        let share = absorber.inverse_mass(group);
        absorber.inside(group, &mut masses, &mut met);
        // What the dummies' means within this group weigh: `A c` and `c'A c`.
        let mut image = vec![0.0; size];
        for code in &met {
            let at = place[*code as usize];
            if at != usize::MAX {
                for (row, sum) in image.iter_mut().enumerate() {
                    *sum += direct.inverse[(row, at)] * masses[*code as usize] * share;
                }
            }
        }
        let kept = |code: u32| Some(place[code as usize]).filter(|at| *at != usize::MAX);
        let square: f64 = met
            .iter()
            .filter_map(|code| Some(image[kept(*code)?] * masses[*code as usize] * share))
            .sum();
        for row in absorber.starts[group]..absorber.starts[group + 1] {
            let own: Vec<usize> = absorber
                .others
                .iter()
                .filter_map(|codes| kept(codes[row]))
                .collect();
            let mut form = square;
            for one in &own {
                form -= 2.0 * image[*one];
                for other in &own {
                    form += direct.inverse[(*one, *other)];
                }
            }
            found[row] = absorber.weight(row) * (share + form);
        }
    }
    Ok(found)
}
