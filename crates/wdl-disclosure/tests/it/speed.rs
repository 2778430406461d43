//! A whole lab's tables in the time of a breath.

use std::time::Instant;

use wdl_disclosure::{breaches, protect};
use wdl_result::Additivity;
use wdl_vocab::Period;

use crate::made::{Atom, dimension, every_table, rule};

/// A small fixed generator: the same city in every run.
fn next(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn forty_tables_over_thirty_nine_quarters() {
    let all = [dimension("a", 16), dimension("b", 8)];
    let mut state = 7;
    let mut drafts = Vec::new();
    for indicator in 0..10 {
        let additivity = [
            Additivity::Count,
            Additivity::Share,
            Additivity::Sum,
            Additivity::None,
        ][indicator % 4];
        let populations: Vec<(Period, Vec<Atom>)> = (0..39)
            .map(|at| {
                let atoms = (0..16 * 8).map(|_| {
                    // Skewed, so that about one cell in six is small.
                    let n = (next(&mut state) % 60) * (next(&mut state) % 60) / 10;
                    Atom {
                        n,
                        with: n / 3,
                        amount: n as f64 * 900.0,
                    }
                });
                (
                    Period::quarter(2017 + at / 4, (at % 4) as i8 + 1),
                    atoms.collect(),
                )
            })
            .collect();
        drafts.push(every_table(additivity, &all, &populations));
    }
    let rules = rule(5, false);
    let begun = Instant::now();
    let mut hidden = (0, 0);
    for tables in drafts {
        let protected = protect(tables, &rules, &[]).unwrap();
        for table in &protected.tables {
            assert_eq!(breaches(table.get(), rules.general()), 0);
        }
        let report = protected.report;
        hidden = (hidden.0 + report.primary, hidden.1 + report.secondary);
    }
    let took = begun.elapsed();
    println!("{hidden:?} hidden in {took:?}");
    assert!(
        hidden.0 > 0 && hidden.1 > 0,
        "the tables have something to hide"
    );
}
