//! The rules on single cells, with the worked cases of the handbook (chapter 4 of the handbook of the sdcTools project).

use wdl_suppression::primary::{
    Contribution, Dominance, Judged, Ranked, Reason, RuleError, Rules, sensitive,
};

fn contributions(values: &[i64]) -> Vec<Contribution> {
    values
        .iter()
        .enumerate()
        .map(|(at, value)| Contribution {
            by: format!("holding {at}"),
            value: *value,
            weight: 1.0,
        })
        .collect()
}

fn ranked(values: &[i64]) -> Ranked {
    Ranked::new(&contributions(values))
}

#[test]
fn two_that_hold_nearly_all() {
    // X = 100,000 with 50,000 and 49,000: (1,90) calls it safe, though the second estimates the first to within 2 %.
    let cell = ranked(&[50_000, 49_000, 600, 400]);
    assert!(cell.shortfall(Dominance::Nk { n: 1, k: 90.0 }) <= 0.0);
    // 10 % of 50,000 less the rest of 1,000.
    assert_eq!(cell.shortfall(Dominance::P { p: 10.0 }), 4_000.0);
}

#[test]
fn safe_by_p_and_not_by_the_linked_rule_of_two() {
    // X = 110,000 with 52,000 and 50,000: the second is off by 15.4 %, yet both are more than 90.9 %.
    let cell = ranked(&[52_000, 50_000, 5_000, 3_000]);
    assert!(cell.shortfall(Dominance::P { p: 10.0 }) <= 0.0);
    let k = 100.0 * 100.0 / (100.0 + 10.0);
    assert!(cell.shortfall(Dominance::Nk { n: 2, k }) > 0.0);
    assert!(cell.shortfall(Dominance::P { p: 15.4 }) > 0.0);
}

#[test]
fn pq_is_p_over_q() {
    let cell = ranked(&[1_000, 300, 40, 10]);
    // 10 / 50 of 1,000 less the rest of 50.
    assert_eq!(cell.shortfall(Dominance::Pq { p: 10.0, q: 50.0 }), 150.0);
}

#[test]
fn a_holding_counts_once() {
    let mut all = contributions(&[400, 350, 300, 250]);
    assert_eq!(Ranked::new(&all).len(), 4);
    assert!(Ranked::new(&all).shortfall(Dominance::Nk { n: 1, k: 50.0 }) <= 0.0);
    // Two enterprises of one holding are one contributor of 750 in 1,300.
    all[1].by = all[0].by.clone();
    assert_eq!(Ranked::new(&all).len(), 3);
    assert!(Ranked::new(&all).shortfall(Dominance::Nk { n: 1, k: 50.0 }) > 0.0);
}

#[test]
fn weights_repeat_what_was_observed() {
    // 100 stands for two: the two largest of the population are 100 and 100, of 100 + 100 + 20.
    let cell = Ranked::new(&[
        Contribution {
            by: "one".into(),
            value: 100,
            weight: 2.0,
        },
        Contribution {
            by: "two".into(),
            value: 20,
            weight: 1.0,
        },
    ]);
    // 30 % of 100 less the rest of 20.
    assert_eq!(cell.shortfall(Dominance::P { p: 30.0 }), 10.0);
}

#[test]
fn losses_count_by_their_size() {
    let cell = ranked(&[-900, 50, 50]);
    // Twice 900 less the 1,000 of all sizes.
    assert_eq!(cell.shortfall(Dominance::Nk { n: 1, k: 50.0 }), 800.0);
}

#[test]
fn no_threshold_below_three() {
    for given in [0, 1, 2] {
        assert_eq!(
            Rules::new(given),
            Err(RuleError::BelowThree { given, least: 3 })
        );
    }
    assert!(Rules::new(3).is_ok());
}

#[test]
fn parameters_that_cannot_be() {
    let with = |rule| Rules::new(3).expect("three").with(rule);
    assert!(with(Dominance::Nk { n: 0, k: 80.0 }).is_err());
    assert!(with(Dominance::Nk { n: 1, k: f64::NAN }).is_err());
    assert!(with(Dominance::P { p: 0.0 }).is_err());
    assert!(with(Dominance::Pq { p: 50.0, q: 20.0 }).is_err());
    assert!(with(Dominance::Pq { p: 20.0, q: 20.0 }).is_err());
}

#[test]
fn which_rule_hides_a_cell() {
    let mut rules = Rules::new(3)
        .and_then(|rules| rules.with(Dominance::P { p: 10.0 }))
        .expect("rules");
    let judge = |units, values: &[i64], is_whole, rules: &Rules| {
        let contributions = contributions(values);
        let cell = Judged {
            units,
            value: values.iter().sum(),
            contributions: &contributions,
            is_whole,
        };
        sensitive(&cell, rules, 1.0).map(|one| one.reason)
    };
    assert_eq!(judge(2, &[5, 5], false, &rules), Some(Reason::TooFew));
    assert_eq!(
        judge(4, &[90, 50, 1, 1], false, &rules),
        Some(Reason::Estimable)
    );
    assert_eq!(judge(4, &[30, 30, 30, 30], true, &rules), None);
    assert_eq!(judge(0, &[], false, &rules), None);
    rules.hide_whole = true;
    rules.hide_zeros = true;
    assert_eq!(
        judge(4, &[30, 30, 30, 30], true, &rules),
        Some(Reason::Whole)
    );
    assert_eq!(judge(0, &[], false, &rules), Some(Reason::Zero));
    // Many units of one holding are one contributor.
    let mut one = contributions(&[10, 10, 10]);
    for contribution in &mut one {
        contribution.by = "one".into();
    }
    let cell = Judged {
        units: 3,
        value: 30,
        contributions: &one,
        is_whole: false,
    };
    assert_eq!(
        sensitive(&cell, &rules, 1.0).map(|one| one.reason),
        Some(Reason::TooFew)
    );
}

#[test]
fn a_holding_stands_for_the_fewest_of_its_members() {
    // Observed as one of three and as itself: what is known of it for certain is one.
    let member = |value, weight| Contribution {
        by: "one".into(),
        value,
        weight,
    };
    let other = Contribution {
        by: "other".into(),
        value: 40,
        weight: 1.0,
    };
    let cell = Ranked::new(&[member(60, 3.0), member(40, 1.0), other]);
    // 100 and 40: half of 100 and nothing beside the two largest.
    assert_eq!(cell.shortfall(Dominance::P { p: 50.0 }), 50.0);
}

/// How far a cell of these contributions is kept uncertain, above and below, and why.
fn levels(values: &[i64], rules: &Rules, level: f64) -> Option<(Reason, f64, f64)> {
    let contributions = contributions(values);
    let cell = Judged {
        units: values.len() as u64,
        value: values.iter().sum(),
        contributions: &contributions,
        is_whole: false,
    };
    sensitive(&cell, rules, level).map(|one| (one.reason, one.upper, one.lower))
}

#[test]
fn the_level_is_that_of_the_rule_that_falls_shortest() {
    let rules = Rules::new(3)
        .and_then(|rules| rules.with(Dominance::P { p: 10.0 }))
        .expect("rules");
    // 10 % of 95 less the rest of 9: however little, it is sensitive.
    let estimable = Some((Reason::Estimable, 0.5, 0.5));
    assert_eq!(levels(&[95, 50, 9], &rules, 1.0), estimable);
    // Few, and each estimates the other to within nothing: 10 % of 100, unless a small count is kept further.
    let few = |upper| Some((Reason::TooFew, upper, upper));
    assert_eq!(levels(&[100, 50], &rules, 1.0), few(10.0));
    assert_eq!(levels(&[100, 50], &rules, 20.0), few(20.0));
    // Nobody takes less than nothing to be possible.
    assert_eq!(
        levels(&[2, 1], &rules, 5.0),
        Some((Reason::TooFew, 5.0, 3.0))
    );
    // Twice 95 less the whole of 154.
    let rules = rules.with(Dominance::Nk { n: 1, k: 50.0 }).expect("rules");
    let dominated = Some((Reason::Dominated, 36.0, 36.0));
    assert_eq!(levels(&[95, 50, 9], &rules, 1.0), dominated);
    // The order of the rules says nothing.
    let turned = Rules::new(3)
        .and_then(|rules| rules.with(Dominance::Nk { n: 1, k: 50.0 }))
        .and_then(|rules| rules.with(Dominance::P { p: 10.0 }))
        .expect("rules");
    assert_eq!(levels(&[95, 50, 9], &turned, 1.0), dominated);
}
