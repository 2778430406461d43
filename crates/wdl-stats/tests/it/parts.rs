//! Inequality by groups and sources, deprivations counted together, the upper tail.

use proptest::prelude::*;
use wdl_stats::measures::{entropy, entropy_of_groups, gini, gini_of_sources, hill, tail_begin};
use wdl_stats::multidimensional::{Counting, count};
use wdl_stats::{QuantileRule, Sample, Undefined};

proptest! {
    #[test]
    fn groups_add_up_to_everybody(
        rows in prop::collection::vec((1.0..100.0_f64, 0.5..3.0_f64, 0..3_u32), 2..40),
        power in prop::sample::select(vec![-1.0, 0.0, 0.5, 1.0, 2.0]),
    ) {
        let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let groups: Vec<u32> = rows.iter().map(|row| row.2).collect();
        let whole = Sample::new(&values, &weights).unwrap();
        let parts = entropy_of_groups(&whole.parts(&groups, 3), power).unwrap();
        let want = entropy(&whole, power).unwrap();
        prop_assert!((parts.within + parts.between - want).abs() < 1e-10);
    }

    #[test]
    fn sources_add_up_to_the_gini(
        rows in prop::collection::vec((0.0..50.0_f64, 0.0..50.0_f64, 0.5..3.0_f64), 2..40),
    ) {
        let wages: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let rents: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let income: Vec<f64> = rows.iter().map(|row| row.0 + row.1).collect();
        let whole = Sample::new(&income, &weights).unwrap();
        let parts = gini_of_sources(&whole, &[&wages, &rents]).unwrap();
        let want = gini(&whole).unwrap();
        prop_assert!((parts[0].part + parts[1].part - want).abs() < 1e-10);
        prop_assert!((parts[0].share + parts[1].share - 1.0).abs() < 1e-12);
    }
}

/// The worked example of four people and four dimensions in Alkire and Foster (2011), cut at two of four.
#[test]
fn deprivations_are_counted_as_in_the_worked_example() {
    let income = [false, true, true, false];
    let school = [false, false, true, true];
    let health = [false, false, true, false];
    let services = [false, true, true, false];
    let counting = Counting {
        dimensions: &[1.0; 4],
        cut: 0.5,
    };
    let all: [&[bool]; 4] = [&income, &school, &health, &services];
    let counted = count(&all, &[1.0; 4], &counting).unwrap();
    assert_eq!(counted.headcount, 0.5);
    assert_eq!(counted.intensity, Some(0.75));
    assert_eq!(counted.adjusted, 0.375);
    assert_eq!(counted.of_dimension, [0.125, 0.0625, 0.0625, 0.125]);
    let third = Counting {
        dimensions: &[1.0; 3],
        cut: 1.0 / 3.0,
    };
    let one_of_three = count(&[&[true], &[false], &[false]], &[1.0], &third).unwrap();
    assert_eq!(one_of_three.headcount, 1.0, "who stands on the cut is poor");
    let nobody = count(
        &[&[false]],
        &[1.0],
        &Counting {
            dimensions: &[1.0],
            cut: 0.5,
        },
    )
    .unwrap();
    assert_eq!((nobody.headcount, nobody.intensity), (0.0, None));
    let empty = count(
        &[&[]],
        &[],
        &Counting {
            dimensions: &[1.0],
            cut: 0.5,
        },
    );
    assert_eq!(empty, Err(Undefined::NoRows));
}

#[test]
fn hill_finds_the_exponent_of_a_pareto_sample() {
    // Quantiles of a Pareto distribution of exponent 3 above 1000.
    let count = 20_000;
    let values: Vec<f64> = (0..count)
        .map(|place| 1000.0 * (1.0 - (f64::from(place) + 0.5) / f64::from(count)).powf(-1.0 / 3.0))
        .collect();
    let sample = Sample::new(&values, &vec![2.0; values.len()]).unwrap();
    assert!((hill(&sample, 1000.0).unwrap() - 3.0).abs() < 1e-3);
    assert!((hill(&sample, 2000.0).unwrap() - 3.0).abs() < 1e-2);
    assert_eq!(hill(&sample, 1e9), Err(Undefined::TooFewRows));
    let begin = tail_begin(&sample, QuantileRule::Eurostat).unwrap();
    let above = sample.above(begin).len();
    assert!(
        (400..=600).contains(&above),
        "between two and three in a hundred: {above}"
    );
}
