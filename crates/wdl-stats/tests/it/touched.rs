//! The variance of a part's measure, by the units it touches and by all of them.

use proptest::prelude::*;
use wdl_stats::{Design, Everywhere, Sample, Touched};

proptest! {
    #[test]
    fn the_short_walk_gives_what_the_long_one_gives(
        rows in prop::collection::vec(
            (0.0..100.0_f64, 0.5..3.0_f64, 0..6_u64, 0..3_u64, any::<bool>(), -1.0..1.0_f64),
            2..60,
        ),
        factor in prop::sample::select(vec![0.0, 0.7, -2.0]),
        shift in prop::sample::select(vec![0.0, 50.0]),
    ) {
        let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let clusters: Vec<u64> = rows.iter().map(|row| row.2).collect();
        let strata: Vec<u64> = rows.iter().map(|row| row.3).collect();
        let whole = Sample::new(&values, &weights).unwrap();
        let design = Design::new(rows.len(), Some(&clusters), Some(&strata));
        let part = whole.restrict(&|row| rows[row].4);
        // Of its rows those above an amount: their scores belong to the last.
        let taken = part.above(20.0);
        let scores: Vec<f64> = taken.rows().map(|row| rows[row].5 + shift).collect();
        let all: Vec<f64> = (0..design.units()).map(|unit| (unit as f64).sin()).collect();
        let mut totals = design.totals(&taken, &scores);
        for (own, all) in totals.iter_mut().zip(&all) {
            *own += factor * all;
        }
        let everywhere = Everywhere::of(&design, all);
        let touched = Touched::of(&design, &part);
        let short = design.variance_of_part(&touched, &scores, Some((factor, &everywhere)));
        match (short, design.variance(&totals)) {
            (Ok(short), Ok(long)) => {
                let size: f64 = totals.iter().map(|own| own * own).sum();
                prop_assert!((short - long).abs() <= 1e-11 * size.max(1e-9), "{} {}", short, long);
            }
            (short, long) => prop_assert_eq!(short, long),
        }
    }

    #[test]
    fn rows_taken_together_measure_the_same(
        rows in prop::collection::vec((0..8_u8, 0.5..3.0_f64, 0..5_usize), 1..50),
    ) {
        let values: Vec<f64> = rows.iter().map(|row| f64::from(row.0) + 1.0).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let sample = Sample::new(&values, &weights).unwrap();
        let merged = sample.merged(&|row| rows[row].2);
        prop_assert!(merged.len() <= sample.len());
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1.0);
        let gini = |sample: &Sample| wdl_stats::measures::gini(sample).unwrap();
        prop_assert!(near(gini(&merged), gini(&sample)));
        for tenth in 1..10 {
            let quantile = |sample: &Sample| {
                let rule = wdl_stats::QuantileRule::Eurostat;
                wdl_stats::quantile(sample, f64::from(tenth) / 10.0, rule).unwrap()
            };
            prop_assert!(near(quantile(&merged), quantile(&sample)));
        }
    }
}
