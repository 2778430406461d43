//! Numbers that rest on too few units although their cell holds many.

use wdl_disclosure::between::{Edition, Facts, Ground, check};
use wdl_disclosure::{Reason, breaches, hold_back, protect, too_few_behind};
use wdl_result::{Additivity, Draft, OutputRule, Status, Table};

use crate::made::{Atom, PERIOD, dimension, rule, table};

/// The cells that are held back, of six groups with so many units and so many of them under a line.
fn held(output: OutputRule, counts: &[(u64, Option<u64>)]) -> Vec<usize> {
    let all = [dimension("a", counts.len())];
    let atoms = counts.iter().map(|(n, _)| Atom::count(*n)).collect();
    let mut drafts = vec![table(Additivity::None, &all, &[0], &[(PERIOD, atoms)])];
    for (cell, (_, under)) in drafts[0].0.cells.iter_mut().skip(1).zip(counts) {
        cell.n_with = *under;
    }
    drafts[0].0.cells[0].n_with = Some(1000);
    let few = too_few_behind(&mut drafts, output, 5);
    assert!(drafts[0].0.cells.iter().all(|cell| cell.n_with.is_none()));
    let rules = rule(5, true);
    let held = hold_back(protect(drafts, &rules, &[]).unwrap(), &few);
    let shown: &Table = held.tables[0].get();
    assert_eq!(breaches(shown, rules.general()), 0);
    let hidden = (1..shown.cells.len()).filter(|at| shown.cells[*at].status != Status::Value);
    let hidden: Vec<usize> = hidden.map(|at| at - 1).collect();
    for at in &hidden {
        let cell = &shown.cells[at + 1];
        assert!(cell.n.is_none() && cell.estimate.is_none());
    }
    let few = held.report.hidden.iter();
    let few = few.filter(|one| one.reason == Reason::TooFewBehind).count();
    assert_eq!(few, hidden.len());
    hidden
}

#[test]
fn sdc_extremes_and_parts_need_units_on_either_side() {
    let groups =
        |all: &[u64]| -> Vec<(u64, Option<u64>)> { all.iter().map(|n| (*n, None)).collect() };
    let sizes = groups(&[9, 10, 24, 25, 49, 50]);
    let cases: &[(OutputRule, &[usize])] = &[
        (OutputRule::Units, &[]),
        (OutputRule::AllValues, &[]),
        (OutputRule::Given, &[]),
        (OutputRule::Position { below: 0.5 }, &[0]),
        (OutputRule::Part { part: 0.2 }, &[0, 1, 2]),
        (OutputRule::Position { below: 0.1 }, &[0, 1, 2, 3, 4]),
        (OutputRule::Position { below: 0.9 }, &[0, 1, 2, 3, 4]),
        (OutputRule::Part { part: 0.9 }, &[0, 1, 2, 3, 4]),
    ];
    for (output, hidden) in cases {
        assert_eq!(held(*output, &sizes), *hidden, "{output:?}");
    }
    // Nobody counted those under the line: nothing is taken on trust.
    let under = [Some(0), Some(1), Some(4), Some(5), Some(9), None];
    let of_poor: Vec<(u64, Option<u64>)> = under.iter().map(|under| (60, *under)).collect();
    assert_eq!(held(OutputRule::UnderLine, &of_poor), [1, 2, 5]);
    assert_eq!(held(OutputRule::MedianUnderLine, &of_poor), [1, 2, 3, 4, 5]);
    // A maximum, or a minimum, is never of enough units.
    assert_eq!(OutputRule::Position { below: 1.0 }.units_min(5), u64::MAX);
    assert_eq!(OutputRule::Position { below: 0.0 }.units_min(3), u64::MAX);
}

#[test]
fn what_is_held_back_is_no_doubt_about_a_count() {
    // The count of the cell is the total less the others, and may be known.
    let all = [dimension("a", 2)];
    let atoms = vec![Atom::count(12), Atom::count(80)];
    let mut drafts: Vec<Draft<Table>> =
        vec![table(Additivity::None, &all, &[0], &[(PERIOD, atoms)])];
    let few = too_few_behind(&mut drafts, OutputRule::Position { below: 0.1 }, 5);
    let rules = rule(5, true);
    let held = hold_back(protect(drafts, &rules, &[]).unwrap(), &few);
    let facts = Facts::of_reports(std::slice::from_ref(&held.report));
    let new = Edition {
        name: "new".into(),
        tables: vec![held.tables[0].get()],
        facts: &facts,
    };
    let outcome = check(&Ground::new(rules).as_one_space(), &[], &new);
    assert!(outcome.findings.is_empty());
}
