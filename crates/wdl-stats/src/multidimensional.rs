//! Several deprivations counted together: the dual cut-off method of Alkire and Foster (*Journal of Public Economics* 95, 2011).

use crate::sum::{Sum, sum};
use crate::undefined::Undefined;

/// Who counts as deprived of so much.
#[derive(Clone, Debug, PartialEq)]
pub struct Counting<'a> {
    /// The weights of the dimensions; only their proportions matter.
    pub dimensions: &'a [f64],
    /// The part of all dimensions, by weight, from which somebody is poor: 1/3 in the multidimensional poverty index.
    pub cut: f64,
}

/// How many are poor, and of how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The weighted share of the poor.
    pub headcount: f64,
    /// The mean part of the dimensions that the poor lack; nothing when nobody is poor.
    pub intensity: Option<f64>,
    /// The adjusted headcount: the one times the other.
    pub adjusted: f64,
    /// The part of the adjusted headcount that each dimension makes up; they add up to it.
    pub of_dimension: Vec<f64>,
}

/// A score counts as equal to the cut within this: thirds do not add up exactly in binary.
const TIE: f64 = 1e-9;

/// Counts the poor; `is_deprived` gives for each dimension whether each person is deprived of it.
///
/// # Errors
/// [`Undefined`] when nobody counts or no dimension has a weight.
///
/// # Panics
/// When a dimension has not one answer per person.
pub fn count(
    is_deprived: &[&[bool]],
    weights: &[f64],
    counting: &Counting<'_>,
) -> Result<Counted, Undefined> {
    assert_eq!(
        is_deprived.len(),
        counting.dimensions.len(),
        "one weight per dimension"
    );
    for dimension in is_deprived {
        assert_eq!(dimension.len(), weights.len(), "one answer per person");
    }
    let all = sum(counting.dimensions.iter().copied());
    let population = sum(weights.iter().copied());
    if population <= 0.0 || all <= 0.0 {
        return Err(Undefined::NoRows);
    }
    let mut poor = Sum::ZERO;
    let mut lacking = vec![Sum::ZERO; is_deprived.len()];
    for (person, weight) in weights.iter().enumerate() {
        let lacks = |place: usize| is_deprived[place][person];
        let own = counting.dimensions.iter().enumerate();
        let score = sum(own
            .filter(|(place, _)| lacks(*place))
            .map(|(_, own)| own / all));
        if score + TIE < counting.cut {
            continue;
        }
        poor.add(*weight);
        for (place, sum) in lacking.iter_mut().enumerate() {
            if lacks(place) {
                sum.add(*weight);
            }
        }
    }
    let parts = lacking.iter().zip(counting.dimensions);
    let of_dimension: Vec<f64> = parts
        .map(|(lacking, own)| lacking.value() * own / (all * population))
        .collect();
    let adjusted = sum(of_dimension.iter().copied());
    let headcount = poor.value() / population;
    Ok(Counted {
        headcount,
        intensity: (headcount > 0.0).then(|| adjusted / headcount),
        adjusted,
        of_dimension,
    })
}
