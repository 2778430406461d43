//! Tables of a count rounded together: multiples, sums, the same cell in every table, and no absence that tells.

use proptest::prelude::*;
use wdl_disclosure::{ChangeTablesError, breaches, round_tables};
use wdl_protocol::DisclosureRules;
use wdl_result::{Additivity, Draft, Protection, Status, Table};
use wdl_vocab::{Diagnose, Period};

use crate::made::{Atom, PERIOD, dimension, every_table, rule, table};

fn rounded(drafts: Vec<Draft<Table>>, rules: &DisclosureRules, base: u32) -> Vec<Table> {
    let protected = round_tables(drafts, rules, &[], base).unwrap();
    assert!(protected.report.hidden.is_empty());
    protected
        .tables
        .iter()
        .map(|checked| checked.get().clone())
        .collect()
}

fn n(table: &Table, period: Period, keys: &[Option<&str>]) -> u64 {
    let cell = table.cell(period, keys).unwrap();
    assert_eq!(cell.status, Status::Value);
    assert_eq!(cell.estimate, cell.n.map(|n| n as f64));
    cell.n.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Over every table of two dimensions and two periods.
    #[test]
    fn every_table_is_of_multiples_and_adds_up(first in prop::collection::vec(0_u64..15, 6), second in prop::collection::vec(0_u64..15, 6)) {
        let all = [dimension("a", 2), dimension("b", 3)];
        let atoms = |counts: &[u64]| counts.iter().map(|n| Atom::count(*n)).collect::<Vec<_>>();
        let later = Period::Year(2025);
        let populations = [(PERIOD, atoms(&first)), (later, atoms(&second))];
        let rules = rule(5, false);
        let tables = rounded(every_table(Additivity::Count, &all, &populations), &rules, 5);
        // The total, by a, by b, by both.
        let [total, by_a, by_b, by_both] = &tables[..] else { panic!("four tables") };
        for (period, truth) in [(PERIOD, &first), (later, &second)] {
            let mut sum = 0;
            for (row, a) in ["a1", "a2"].into_iter().enumerate() {
                let mut of_row = 0;
                for (column, b) in ["b1", "b2", "b3"].into_iter().enumerate() {
                    let cell = n(by_both, period, &[Some(a), Some(b)]);
                    let was = truth[row * 3 + column];
                    let is_kept = !was.is_multiple_of(5) || cell == was;
                    prop_assert!(cell.is_multiple_of(5) && cell.abs_diff(was) < 5 && is_kept);
                    of_row += cell;
                }
                prop_assert_eq!(of_row, n(by_a, period, &[Some(a)]));
                prop_assert_eq!(of_row, n(by_both, period, &[Some(a), None]));
                sum += of_row;
            }
            prop_assert_eq!(sum, n(total, period, &[]));
            let of_columns: u64 = ["b1", "b2", "b3"].into_iter().map(|b| n(by_b, period, &[Some(b)])).sum();
            prop_assert_eq!(sum, of_columns);
        }
        for table in &tables {
            prop_assert_eq!(breaches(table, rules.general()), 0);
            prop_assert_eq!(table.header.protection, Some(Protection::ControlledRounding { base: 5, steps: 0 }));
            prop_assert!(table.header.uncertainty.en.contains("multiples of 5"));
        }
    }
}

/// A cell of nobody that the table leaves out, and a cell of two that becomes 0, look alike.
#[test]
fn absence_tells_nothing() {
    let all = [dimension("a", 3)];
    let atoms = vec![Atom::count(0), Atom::count(2), Atom::count(40)];
    let Draft(mut draft) = table(Additivity::Count, &all, &[0], &[(PERIOD, atoms)]);
    draft
        .cells
        .retain(|cell| cell.keys != [Some("a1".to_owned())]);
    let tables = rounded(vec![Draft(draft)], &rule(5, false), 5);
    let nobody = tables[0].cell(PERIOD, &[Some("a1")]).unwrap();
    let few = tables[0].cell(PERIOD, &[Some("a2")]).unwrap();
    assert_eq!(
        (nobody.n, nobody.estimate, nobody.status),
        (few.n, few.estimate, few.status)
    );
    assert_eq!((nobody.coverage, few.coverage), (None, None));
    let places: Vec<&Option<String>> = tables[0].cells.iter().map(|cell| &cell.keys[0]).collect();
    assert!(places.is_sorted(), "{places:?}");
}

/// People in no category: the total is not less than the sum of its parts.
#[test]
fn what_belongs_to_no_category_is_rounded_too() {
    let all = [dimension("a", 2)];
    let atoms = vec![Atom::count(7), Atom::count(8)];
    let Draft(mut draft) = table(Additivity::Count, &all, &[0], &[(PERIOD, atoms)]);
    for cell in &mut draft.cells {
        if cell.keys == [None] {
            (cell.n, cell.estimate) = (Some(17), Some(17.0));
        }
    }
    let tables = rounded(vec![Draft(draft)], &rule(5, false), 5);
    let of_parts = n(&tables[0], PERIOD, &[Some("a1")]) + n(&tables[0], PERIOD, &[Some("a2")]);
    let total = n(&tables[0], PERIOD, &[None]);
    assert!(
        (total == 15 || total == 20) && of_parts <= total,
        "{total} {of_parts}"
    );
}

/// A threshold of 7 and a base of 5: hidden first and rounded then, or the other way round, a count of 6 would stand as 5.
#[test]
fn sdc_suppress_then_round_never_meet() {
    let all = [dimension("a", 3)];
    let atoms: Vec<Atom> = [6, 20, 31].map(Atom::count).to_vec();
    let drafts = || every_table(Additivity::Count, &all, &[(PERIOD, atoms.clone())]);
    let refused = round_tables(drafts(), &rule(7, false), &[], 5).unwrap_err();
    assert_eq!(refused.diagnostic().code.id, "WDL-X193");
    // With a base of 7 nothing is hidden, and no multiple is nearer that adds up.
    let tables = rounded(drafts(), &rule(7, false), 7);
    let by_a = ["a1", "a2", "a3"].map(|a| n(&tables[1], PERIOD, &[Some(a)]));
    assert_eq!((by_a, n(&tables[0], PERIOD, &[])), ([7, 21, 28], 56));
}

#[test]
fn what_may_not_be_rounded_is_refused() {
    let all = [dimension("a", 2)];
    let atoms = vec![Atom::count(7), Atom::count(8)];
    let made = |additivity| vec![table(additivity, &all, &[0], &[(PERIOD, atoms.clone())])];
    let code = |made, minimum, zeros, base| {
        let refused: ChangeTablesError =
            round_tables(made, &rule(minimum, zeros), &[], base).unwrap_err();
        refused.diagnostic().code.id
    };
    assert_eq!(code(made(Additivity::Share), 5, false, 5), "WDL-X192");
    assert_eq!(code(made(Additivity::Count), 5, false, 4), "WDL-X193");
    assert_eq!(code(made(Additivity::Count), 5, true, 5), "WDL-X194");
}
