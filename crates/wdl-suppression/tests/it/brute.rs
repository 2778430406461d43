//! Second opinions: every choice of hidden cells tried, and an attacker with another solver.

use microlp::{ComparisonOp, OptimizationDirection, Problem as Programme};
use proptest::prelude::*;
use wdl_suppression::optimum::{Effort, OptimumError, optimum};
use wdl_suppression::primary::Reason;
use wdl_suppression::problem::{Problem, Target, Treatment};
use wdl_suppression::verify::verify;

use crate::material::{prepared, protect, two_way};

/// The interval of a form in the tables that agree with what is shown, by another solver.
fn interval(problem: &Problem, is_hidden: &[bool], target: &Target) -> (f64, f64) {
    let of = |direction| {
        let mut programme = Programme::new(direction);
        let values = problem.system.values();
        let variables: Vec<_> = (0..is_hidden.len())
            .map(|cell| {
                let terms = target.terms.iter().find(|(at, _)| *at == cell);
                let gain = terms.map_or(0.0, |(_, by)| *by as f64);
                let is_free = is_hidden[cell] && !target.known.contains(&cell);
                let bounds = match is_free {
                    true => (problem.least[cell] as f64, problem.most[cell] as f64),
                    false => (values[cell] as f64, values[cell] as f64),
                };
                programme.add_var(gain, bounds)
            })
            .collect();
        for equation in problem.system.equations() {
            let terms: Vec<_> = equation
                .iter()
                .map(|(cell, by)| (variables[*cell], *by as f64))
                .collect();
            programme.add_constraint(terms, ComparisonOp::Eq, 0.0);
        }
        let solution = programme.solve().expect("the truth agrees");
        solution.into_solution().expect("solved").objective()
    };
    (
        of(OptimizationDirection::Minimize),
        of(OptimizationDirection::Maximize),
    )
}

fn is_sufficient(problem: &Problem, is_hidden: &[bool]) -> bool {
    problem.targets.iter().all(|target| {
        let truth: i64 = target
            .terms
            .iter()
            .map(|(cell, by)| by * problem.system.values()[*cell])
            .sum();
        let (low, high) = interval(problem, is_hidden, target);
        low <= (truth - target.lower) as f64 + 1e-6
            && high >= (truth + target.upper) as f64 - 1e-6
            && high - low >= target.sliding as f64 - 1e-6
    })
}

/// The least cost of all sufficient choices; none when there is none.
fn cheapest(problem: &Problem) -> Option<f64> {
    let open: Vec<usize> = (0..problem.system.len())
        .filter(|cell| problem.treatment[*cell] == Treatment::MayHide)
        .collect();
    let mut best: Option<f64> = None;
    for choice in 0u32..1 << open.len() {
        let mut is_hidden: Vec<bool> = problem
            .treatment
            .iter()
            .map(|treatment| *treatment == Treatment::MustHide)
            .collect();
        for (bit, cell) in open.iter().enumerate() {
            is_hidden[*cell] = choice >> bit & 1 == 1;
        }
        let cost = problem.cost(&is_hidden);
        if best.is_none_or(|best| cost < best - 1e-9) && is_sufficient(problem, &is_hidden) {
            best = Some(cost);
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn the_optimum_is_that_of_all_choices(
        counts in prop::collection::vec(prop::collection::vec(0u64..12, 2), 2..4),
        level in 1u64..3,
        unions in any::<bool>(),
        singletons in any::<bool>(),
        zeros in any::<bool>(),
        is_unit in any::<bool>(),
    ) {
        let mut table = two_way(&counts);
        table["weights"] = if is_unit { "unit" } else { "value" }.into();
        table["protection_level"] = level.into();
        table["unions"] = unions.into();
        table["singletons"] = singletons.into();
        table["zeros_may_be_suppressed"] = zeros.into();
        let expected = cheapest(&prepared(&table).problem);
        match protect(&table) {
            Ok(done) => {
                prop_assert!(done.pattern.is_proved);
                let expected = expected.expect("a choice was found");
                prop_assert!((done.pattern.cost - expected).abs() < 1e-6,
                    "{} for {expected}", done.pattern.cost);
                verify(&done.certificate).expect("the certificate holds");
            }
            Err(OptimumError::Infeasible { .. }) => prop_assert_eq!(expected, None),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    #[test]
    fn no_hidden_cell_can_be_bounded_tighter_by_another_solver(
        counts in prop::collection::vec(prop::collection::vec(0u64..25, 6), 5),
        minimum in 3u64..6,
    ) {
        let mut table = two_way(&counts);
        table["min_frequency"] = minimum.into();
        let Ok(done) = protect(&table) else { return Ok(()) };
        let problem = &done.prepared.problem;
        prop_assert!(is_sufficient(problem, &done.pattern.is_hidden));
        for proof in &done.certificate.proofs {
            let form = Target {
                terms: proof.terms.clone(),
                lower: 0,
                upper: 0,
                sliding: 0,
                known: proof.known.clone(),
            };
            let (low, high) = interval(problem, &done.pattern.is_hidden, &form);
            prop_assert!((low - proof.low.reached.value()).abs() < 1e-6);
            prop_assert!((high - proof.high.reached.value()).abs() < 1e-6);
        }
    }
}

/// Counts of rows by columns, small ones among them; the same everywhere.
fn counts(seed: u64, rows: usize, columns: usize) -> Vec<Vec<u64>> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 7 * ((state >> 43) % 6)
    };
    (0..rows)
        .map(|_| (0..columns).map(|_| next()).collect())
        .collect()
}

#[test]
fn small_tables_are_proved_whatever_hiding_costs() {
    for seed in 0..6 {
        for weights in ["unit", "value"] {
            let mut table = two_way(&counts(seed, 6, 3));
            table["weights"] = weights.into();
            table["protection_level"] = 3.into();
            table["zeros_may_be_suppressed"] = true.into();
            let Ok(done) = protect(&table) else { continue };
            assert!(done.pattern.is_proved, "{seed} {weights}");
            verify(&done.certificate).expect("the certificate holds");
        }
    }
}

#[test]
fn the_search_ends_with_the_work_that_is_allowed() {
    let problem = prepared(&two_way(&counts(3, 7, 6))).problem;
    let whole = optimum(&problem, Effort::default()).expect("can be protected");
    for work in [0, 1, 1_000] {
        let effort = Effort {
            work,
            ..Effort::default()
        };
        let short = optimum(&problem, effort).expect("can be protected");
        assert!(is_sufficient(&problem, &short.is_hidden));
        assert!(short.at_least <= whole.cost + 1e-6 && whole.cost <= short.cost + 1e-6);
        assert_eq!(short, optimum(&problem, effort).expect("the same again"));
    }
}

#[test]
fn without_work_a_choice_is_told_with_an_honest_bound() {
    let (mut unproved, mut dearer) = (0, 0);
    for seed in 0..12 {
        let mut table = two_way(&counts(seed, 7, 6));
        table["weights"] = "value".into();
        table["protection_level"] = 3.into();
        let problem = prepared(&table).problem;
        let Ok(whole) = optimum(&problem, Effort::default()) else {
            continue;
        };
        assert!(whole.is_proved, "{seed}");
        let effort = Effort {
            rounds: 0,
            work: 0,
            ..Effort::default()
        };
        let short = optimum(&problem, effort).expect("can be protected");
        assert!(is_sufficient(&problem, &short.is_hidden));
        assert!(short.at_least <= whole.cost + 1e-6, "{seed}");
        assert!(whole.cost <= short.cost + 1e-6, "{seed}");
        let is_dearer = short.cost > whole.cost + 1e-6;
        assert!(!(is_dearer && short.is_proved), "{seed}");
        unproved += usize::from(!short.is_proved);
        dearer += usize::from(is_dearer);
    }
    assert!(unproved > 0 && dearer > 0, "{unproved} {dearer}");
}

#[test]
fn what_must_stay_possible_is_rounded_away_from_the_truth() {
    // The targets of the small cell, the only one of two units.
    let levels = |level: f64, percent: f64| {
        let mut table = two_way(&[vec![2, 20], vec![30, 40]]);
        table["protection_level"] = level.into();
        table["protection_percent"] = percent.into();
        let problem = prepared(&table).problem;
        let small = problem.system.values().iter().position(|value| *value == 2);
        let of = |target: &Target| {
            assert_eq!(target.terms, [(small.expect("the small cell"), 1)]);
            (target.lower, target.upper)
        };
        problem.targets.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(levels(1.0, 0.0), [(1, 1)]);
    assert_eq!(levels(2.0, 0.0), [(2, 2)]);
    // 75 % of two is one and a half.
    assert_eq!(levels(1.0, 75.0), [(2, 2)]);
    // Nobody takes less than nothing to be possible.
    assert_eq!(levels(3.0, 0.0), [(2, 3)]);
}

#[test]
fn an_empty_cell_is_hidden_only_where_that_is_allowed() {
    let treatment = |may_hide: bool| {
        let mut table = two_way(&[vec![2, 0], vec![30, 40]]);
        table["zeros_may_be_suppressed"] = may_hide.into();
        let problem = prepared(&table).problem;
        let mut values = problem.system.values().iter();
        let empty = values.position(|value| *value == 0);
        problem.treatment[empty.expect("an empty cell")]
    };
    assert_eq!(treatment(false), Treatment::MustShow);
    assert_eq!(treatment(true), Treatment::MayHide);
}

#[test]
fn a_cell_is_whole_only_where_its_group_has_others() {
    let whole = |counts: &[Vec<u64>]| {
        let mut table = two_way(counts);
        table["hide_whole"] = true.into();
        let prepared = prepared(&table);
        let names = prepared.problem.system.names().iter();
        let of = names.zip(prepared.reasons.iter().copied());
        of.filter(|(_, reason)| *reason == Some(Reason::Whole))
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    // All of the first row is in its first column, and all of the second column in its second row.
    assert_eq!(whole(&[vec![10, 0], vec![20, 30]]), ["r1|c1", "r2|c2"]);
    // One row alone is the whole table, and says nothing that the table does not.
    assert!(whole(&[vec![10, 20]]).is_empty());
}
