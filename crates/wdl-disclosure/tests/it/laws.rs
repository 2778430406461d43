//! What holds for every table.

use proptest::prelude::*;
use wdl_disclosure::{Protected, Quantity, Reason, breaches, protect};
use wdl_protocol::DisclosureRules;
use wdl_result::{Additivity, Status, Table};

use crate::attacker;
use crate::made::{Atom, PERIOD, dimension, every_table, rule, table};

fn checked(drafts: Vec<wdl_result::Draft<Table>>, rules: &DisclosureRules) -> Protected {
    let protected = protect(drafts, rules, &[]).unwrap();
    for table in &protected.tables {
        assert_eq!(breaches(table.get(), rules.general()), 0);
        for cell in &table.get().cells {
            if cell.status == Status::SuppressedPrimary {
                let numbers = (cell.estimate, cell.standard_error, cell.coverage);
                assert_eq!(numbers, (None, None, None));
                assert_eq!((cell.n, cell.n_with), (None, None));
            }
        }
    }
    for hidden in &protected.report.hidden {
        for interval in &hidden.intervals {
            assert!(interval.low >= 0.0, "{hidden:?}");
            assert!(
                interval.high - interval.low >= interval.required - 1e-9,
                "{hidden:?}"
            );
        }
    }
    protected
}

fn atoms(counts: &[u64]) -> Vec<Atom> {
    counts.iter().map(|n| Atom::count(*n)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn sdc_margin_leak_the_brute_attacker_determines_no_hidden_cell(
        counts in proptest::collection::vec(0_u64..6, 6),
        suppress_zero: bool,
    ) {
        let rules = rule(3, suppress_zero);
        let all = [dimension("a", 2), dimension("b", 3)];
        let drafts = vec![table(Additivity::Count, &all, &[0, 1], &[(PERIOD, atoms(&counts))])];
        let before = drafts[0].clone();
        let protected = checked(drafts, &rules);
        let shown = protected.tables[0].get();
        let total: u64 = counts.iter().sum();
        let is_total_hidden = shown.cell(PERIOD, &[None, None]).unwrap().n.is_none();
        // Without the total the attacker has too many populations to try, unless the table is small.
        prop_assume!(!is_total_hidden || total <= 8);
        // Where empty cells are shown, the attacker knows that a hidden cell is not empty.
        let is_not_empty = |keys: &[Option<String>]| {
            let keys: Vec<Option<&str>> = keys.iter().map(Option::as_deref).collect();
            !suppress_zero && before.0.cell(PERIOD, &keys).and_then(|cell| cell.n) != Some(0)
        };
        let found = attacker::possible(shown, total + 4, &is_not_empty);
        for (keys, values) in &found {
            prop_assert!(values.len() > 1, "{keys:?} is {values:?} in {counts:?}");
        }
        // A cell hidden for its own sake is in doubt by at least the minimum frequency.
        let by_name = |hidden: &wdl_disclosure::Hidden| -> Vec<Option<String>> {
            ["a", "b"]
                .iter()
                .map(|axis| {
                    hidden.keys.iter().find(|(d, _)| d == axis).map(|(_, category)| category.clone())
                })
                .collect()
        };
        for hidden in protected.report.hidden.iter().filter(|h| h.reason != Reason::Complementary) {
            let values = &found[&by_name(hidden)];
            let (low, high) = (values.first().unwrap(), values.last().unwrap());
            prop_assert!(high - low >= 3, "{hidden:?} is {values:?} in {counts:?}");
        }
    }

    #[test]
    fn linked_tables_are_protected_together(
        counts in proptest::collection::vec(0_u64..40, 4 * 3 * 2),
        with in proptest::collection::vec(0.0_f64..1.0, 4 * 3 * 2),
        additivity in prop_oneof![
            Just(Additivity::Count), Just(Additivity::Share), Just(Additivity::Sum), Just(Additivity::None),
        ],
        suppress_zero: bool,
    ) {
        let all = [dimension("a", 4), dimension("b", 3), dimension("c", 2)];
        let population: Vec<Atom> = counts
            .iter()
            .zip(&with)
            .map(|(n, share)| Atom {
                n: *n,
                with: (*n as f64 * share) as u64,
                amount: *n as f64 * 1000.0 * share,
            })
            .collect();
        let rules = rule(5, suppress_zero);
        let drafts = every_table(additivity, &all, &[(PERIOD, population)]);
        let protected = checked(drafts.clone(), &rules);
        // The same cell is hidden in every table or in none, and nothing else changed.
        for (draft, table) in drafts.iter().zip(&protected.tables) {
            for cell in &table.get().cells {
                let keys: Vec<Option<&str>> = cell.keys.iter().map(Option::as_deref).collect();
                let before = draft.0.cell(PERIOD, &keys).unwrap();
                if cell.status != Status::SuppressedPrimary {
                    prop_assert_eq!(before, cell);
                }
            }
        }
        prop_assert_eq!(
            &protect(drafts, &rules, &[]).unwrap().report,
            &protected.report
        );
    }
}

#[test]
fn a_share_hides_both_of_its_counts() {
    let all = [dimension("a", 3)];
    let population = [(40, 2), (60, 30), (50, 20)]
        .map(|(n, with)| Atom {
            n,
            with,
            amount: 0.0,
        })
        .to_vec();
    let drafts = every_table(Additivity::Share, &all, &[(PERIOD, population)]);
    let protected = checked(drafts, &rule(5, true));
    let report = &protected.report;
    assert_eq!((report.primary, report.secondary), (1, 1));
    assert_eq!(report.hidden[0].reason, Reason::TooFewWith);
    let quantities: Vec<Quantity> = report.hidden[0]
        .intervals
        .iter()
        .map(|i| i.quantity)
        .collect();
    assert_eq!(quantities, [Quantity::With, Quantity::Without]);
    // The cheaper of the two others goes with it.
    assert_eq!(report.hidden[1].keys, [("a".to_owned(), "a3".to_owned())]);
}
