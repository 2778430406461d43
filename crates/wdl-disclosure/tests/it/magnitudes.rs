//! Amounts of which a few give most.

use proptest::prelude::*;
use wdl_disclosure::{
    CellKey, Contributions, Dominated, Member, Protected, Reason, dominated, protect_family,
};
use wdl_protocol::{
    Counted, DisclosureRules, Dominance, DominanceClause, MinimumFrequency, Override, Rule,
};
use wdl_result::{Additivity, Status};

use crate::made::{Atom, PERIOD, dimension, every_table};

fn rule(clauses: &[DominanceClause]) -> Rule {
    let all = clauses.iter();
    Rule {
        minimum_frequency: MinimumFrequency::new(3).unwrap(),
        suppress_zero: false,
        suppress_hundred_percent: false,
        dominance: all.fold(Dominance::default(), |all, clause| {
            all.with(*clause).unwrap()
        }),
    }
}

fn contributions(amounts: &[f64]) -> Contributions {
    let mut sizes: Vec<f64> = amounts.iter().map(|amount| amount.abs()).collect();
    sizes.sort_by(|one, two| two.total_cmp(one));
    Contributions {
        contributors: amounts.len() as u64,
        total: sizes.iter().sum(),
        largest: sizes.into_iter().take(Dominance::LARGEST).collect(),
    }
}

fn is_dominated(amounts: &[f64], clauses: &[DominanceClause]) -> bool {
    let own = contributions(amounts);
    let key: CellKey = (PERIOD, vec![]);
    !dominated([(key, &own)], rule(clauses)).is_empty()
}

const NK: DominanceClause = DominanceClause::Nk { n: 1, k: 75.0 };
const P: DominanceClause = DominanceClause::Pq { p: 10.0, q: 100.0 };

#[test]
fn as_the_handbook_has_it() {
    // Hundepool et al. (2012), 4.2.2: 100 in all, of which the largest give 50, 33, 10, 4, 2, 1:
    // two give 83 %, and the second knows the first to within 17 of 50.
    let cell = [50.0, 33.0, 10.0, 4.0, 2.0, 1.0];
    assert!(is_dominated(
        &cell,
        &[DominanceClause::Nk { n: 2, k: 80.0 }]
    ));
    assert!(!is_dominated(
        &cell,
        &[DominanceClause::Nk { n: 2, k: 83.1 }]
    ));
    assert!(!is_dominated(
        &cell,
        &[DominanceClause::Pq { p: 34.0, q: 100.0 }]
    ));
    assert!(is_dominated(
        &cell,
        &[DominanceClause::Pq { p: 34.1, q: 100.0 }]
    ));
    // Who knows all to within half beforehand comes twice as close.
    assert!(is_dominated(
        &cell,
        &[DominanceClause::Pq { p: 17.1, q: 50.0 }]
    ));
    assert!(!is_dominated(
        &cell,
        &[DominanceClause::Pq { p: 17.0, q: 50.0 }]
    ));
}

#[test]
fn no_clause_is_weaker_than_the_threshold() {
    // Two households with the same amount, in however many payments: no clause finds them, the threshold does.
    assert!(is_dominated(&[10.0, 10.0], &[]));
    assert!(!is_dominated(&[10.0, 10.0, 10.0], &[]));
    assert!(!is_dominated(&[], &[NK, P]));
    // A loss is as telling as a gain.
    assert!(is_dominated(&[-900.0, 5.0, 5.0, 5.0], &[NK]));
}

#[test]
fn of_several_clauses_the_one_that_asks_most_holds() {
    // 100/75 of 90 are 20 more than the total of 100; 10 % of 90 are 4 more than the 5 of the others.
    let cell = contributions(&[90.0, 5.0, 5.0]);
    let key: CellKey = (PERIOD, vec![]);
    let asked = |clauses: &[DominanceClause]| {
        let found = dominated([(key.clone(), &cell)], rule(clauses));
        found[&key]
    };
    for (clauses, expected) in [
        (&[NK][..], 20.0),
        (&[P][..], 4.0),
        (&[NK, P][..], 20.0),
        (&[P, NK][..], 20.0),
    ] {
        assert!((asked(clauses) - expected).abs() < 1e-9, "{clauses:?}");
    }
}

proptest! {
    #[test]
    fn a_stricter_clause_hides_no_less(
        amounts in prop::collection::vec(0.0_f64..1000.0, 3..12),
        n in 1_u32..5, k in 1_u32..999, less in 1_u32..500,
    ) {
        let percent = |tenths: u32| f64::from(tenths) / 10.0;
        let loose = DominanceClause::Nk { n, k: percent(k) };
        let strict = DominanceClause::Nk { n, k: percent(k.saturating_sub(less).max(1)) };
        prop_assert!(!is_dominated(&amounts, &[loose]) || is_dominated(&amounts, &[strict]));
        // Together they hide what either does.
        let both = is_dominated(&amounts, &[loose, P]);
        prop_assert_eq!(both, is_dominated(&amounts, &[loose]) || is_dominated(&amounts, &[P]));
    }
}

/// Four cells and their total: one of them is one household's.
fn protected(additivity: Additivity) -> Protected {
    let amounts = [
        [9000.0, 10.0, 10.0, 10.0],
        [100.0; 4],
        [120.0; 4],
        [90.0; 4],
    ];
    let atoms = amounts.iter().map(|own| Atom {
        n: 4,
        with: 0,
        amount: own.iter().sum(),
    });
    let tables = every_table(
        additivity,
        &[dimension("a", 4)],
        &[(PERIOD, atoms.collect())],
    );
    let all: Vec<(CellKey, Contributions)> = amounts
        .iter()
        .enumerate()
        .map(|(at, own)| {
            let key = vec![("a".to_owned(), format!("a{}", at + 1))];
            ((PERIOD, key), contributions(own))
        })
        .collect();
    let cells = all.iter().map(|(key, own)| (key.clone(), own));
    let member = Member {
        tables,
        sources: vec![],
        counted: Counted::default(),
        dominated: dominated(cells, rule(&[NK])),
    };
    let rules = DisclosureRules::uniform(rule(&[NK]));
    protect_family(vec![member], &rules).unwrap().remove(0)
}

#[test]
fn sdc_dominance_is_hidden_with_its_reason_and_not_alone() {
    for additivity in [Additivity::Sum, Additivity::None] {
        let protected = protected(additivity);
        let hidden: Vec<_> = protected
            .report
            .hidden
            .iter()
            .map(|one| one.reason)
            .collect();
        assert!(hidden.contains(&Reason::Dominated), "{additivity:?}");
        // Its total is shown, and so another cell is hidden beside it.
        assert!(hidden.contains(&Reason::Complementary), "{additivity:?}");
        let shown = protected.tables.iter().flat_map(|table| &table.get().cells);
        let is_hidden = |one: &&wdl_result::Cell| one.status == Status::SuppressedPrimary;
        assert!(
            shown
                .filter(is_hidden)
                .all(|cell| cell.estimate.is_none() && cell.n.is_none())
        );
    }
}

#[test]
fn the_doubt_about_a_dominated_amount_is_as_wide_as_the_clause_asks() {
    let protected = protected(Additivity::Sum);
    let hidden = protected.report.hidden.iter();
    let mut dominated = hidden.filter(|one| one.reason == Reason::Dominated);
    let one = dominated.next().unwrap();
    for interval in &one.intervals {
        assert!(interval.high - interval.low >= interval.required);
    }
}

#[test]
fn clauses_of_sources_add_up_and_never_loosen() {
    let general = rule(&[NK]);
    let stricter = Override {
        body: None,
        dataset: None,
        variable: Some("prova".into()),
        rule: rule(&[DominanceClause::Nk { n: 1, k: 90.0 }, P]),
    };
    let rules = DisclosureRules::new(general, vec![stricter]);
    let own = rules.for_table(&[], &["prova"]).dominance;
    assert_eq!(own.clauses(), [NK, P]);
    assert_eq!(rules.for_table(&[], &["altra"]).dominance.clauses(), [NK]);
}

#[test]
fn clauses_that_cannot_be() {
    let bad = [
        DominanceClause::Nk { n: 0, k: 50.0 },
        DominanceClause::Nk { n: 6, k: 50.0 },
        DominanceClause::Nk { n: 1, k: 0.0 },
        DominanceClause::Nk { n: 1, k: 100.0 },
        DominanceClause::Nk { n: 1, k: f64::NAN },
        DominanceClause::Nk { n: 1, k: -5.0 },
        DominanceClause::Pq { p: 0.0, q: 100.0 },
        DominanceClause::Pq { p: 50.0, q: 50.0 },
        DominanceClause::Pq { p: 10.0, q: 100.1 },
        DominanceClause::Pq { p: 10.05, q: 100.0 },
    ];
    for clause in bad {
        assert!(Dominance::default().with(clause).is_err(), "{clause:?}");
    }
    let _: Dominated = Dominated::new();
}
