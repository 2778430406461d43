//! What is hidden for its own sake, case by case, and tables that cannot be protected.

use wdl_disclosure::{DisclosureError, Reason, breaches, protect};
use wdl_protocol::{DisclosureRules, Override, Rule};
use wdl_result::{Additivity, Draft, Status, Table};
use wdl_vocab::Period;

use crate::made::{Atom, PERIOD, dimension, every_table, rule, table};

fn reasons(additivity: Additivity, population: &[(u64, u64)], zero: bool) -> Vec<Option<Reason>> {
    let all = [dimension("a", population.len())];
    let atoms = population
        .iter()
        .map(|(n, with)| Atom {
            n: *n,
            with: *with,
            amount: *n as f64,
        })
        .collect();
    let drafts = vec![table(additivity, &all, &[0], &[(PERIOD, atoms)])];
    let report = protect(drafts, &rule(5, zero), &[]).unwrap().report;
    (1..=population.len())
        .map(|at| {
            let name = ("a".to_owned(), format!("a{at}"));
            let found = report
                .hidden
                .iter()
                .find(|hidden| hidden.keys == [name.clone()]);
            found.map(|hidden| hidden.reason)
        })
        .collect()
}

/// A group all of whose members have a property: hidden where the rule says so, for all or for one variable.
#[test]
fn sdc_100_percent_by_the_rule_of_the_variable() {
    let all = [dimension("a", 3)];
    let atoms = [(50, 50), (60, 30), (70, 30)].map(|(n, with)| Atom {
        n,
        with,
        amount: n as f64,
    });
    let drafts = || {
        vec![table(
            Additivity::Share,
            &all,
            &[0],
            &[(PERIOD, atoms.to_vec())],
        )]
    };
    let is_hidden = |rules: &DisclosureRules| {
        let report = protect(drafts(), rules, &[]).unwrap().report;
        let mut reasons = report.hidden.iter().map(|one| one.reason);
        reasons.any(|reason| reason == Reason::HundredPercent)
    };
    let strict = rule(5, false).general();
    let open = Rule {
        suppress_hundred_percent: false,
        ..strict
    };
    let of = |variable: &str| Override {
        body: None,
        dataset: None,
        variable: Some(variable.to_owned()),
        rule: strict,
    };
    assert!(is_hidden(&DisclosureRules::uniform(strict)));
    assert!(!is_hidden(&DisclosureRules::uniform(open)));
    assert!(is_hidden(&DisclosureRules::new(open, vec![of("a")])));
    assert!(!is_hidden(&DisclosureRules::new(open, vec![of("b")])));
}

#[test]
fn reasons_by_additivity() {
    use Reason::{
        Complementary, HundredPercent, TooFew, TooFewWith, TooFewWithout, Zero, ZeroPercent,
    };
    type Case<'a> = (Additivity, &'a [(u64, u64)], bool, Vec<Option<Reason>>);
    let cases: &[Case<'_>] = &[
        (
            Additivity::Count,
            &[(4, 0), (5, 0), (9, 0)],
            true,
            vec![Some(TooFew), Some(Complementary), None],
        ),
        (
            Additivity::Count,
            &[(0, 0), (7, 0), (9, 0)],
            false,
            vec![None, None, None],
        ),
        (
            Additivity::Count,
            &[(0, 0), (7, 0), (9, 0)],
            true,
            vec![Some(Zero), Some(Complementary), None],
        ),
        (
            Additivity::Sum,
            &[(3, 0), (70, 0), (90, 0)],
            true,
            vec![Some(TooFew), Some(Complementary), None],
        ),
        (
            Additivity::None,
            &[(3, 0), (70, 0), (90, 0)],
            true,
            vec![Some(TooFew), Some(Complementary), None],
        ),
        (
            Additivity::Share,
            &[(50, 0), (60, 30), (70, 30)],
            true,
            vec![Some(ZeroPercent), Some(Complementary), None],
        ),
        (
            Additivity::Share,
            &[(50, 50), (60, 30), (70, 30)],
            true,
            vec![Some(HundredPercent), Some(Complementary), None],
        ),
        (
            Additivity::Share,
            &[(50, 48), (60, 30), (70, 30)],
            true,
            vec![Some(TooFewWithout), Some(Complementary), None],
        ),
        (
            Additivity::Share,
            &[(50, 2), (60, 30), (70, 30)],
            true,
            vec![Some(TooFewWith), Some(Complementary), None],
        ),
        (
            Additivity::Share,
            &[(50, 0), (60, 30), (70, 30)],
            false,
            vec![None, None, None],
        ),
    ];
    for (additivity, population, zero, expected) in cases {
        assert_eq!(
            &reasons(*additivity, population, *zero),
            expected,
            "{additivity:?} {population:?} {zero}"
        );
    }
}

#[test]
fn an_empty_cell_left_out_is_put_in_when_empty_cells_are_hidden() {
    let all = [dimension("a", 3)];
    let atoms: Vec<Atom> = [0, 20, 30].map(Atom::count).to_vec();
    let full = table(Additivity::Count, &all, &[0], &[(PERIOD, atoms)]);
    let mut drafts = vec![full.clone()];
    drafts[0].0.cells.retain(|cell| cell.n != Some(0));
    let hidden = protect(drafts.clone(), &rule(5, true), &[]).unwrap();
    let whole = protect(vec![full], &rule(5, true), &[]).unwrap();
    assert_eq!(hidden.tables, whole.tables);
    let shown = protect(drafts.clone(), &rule(5, false), &[]).unwrap();
    assert_eq!(shown.tables[0].get(), &drafts[0].0);
}

#[test]
fn what_was_not_collected_is_left_alone() {
    let all = [dimension("a", 2)];
    let other = Period::Year(2023);
    let atoms: Vec<Atom> = [2, 20].map(Atom::count).to_vec();
    let mut drafts = every_table(
        Additivity::Count,
        &all,
        &[(other, atoms.clone()), (PERIOD, atoms)],
    );
    for draft in &mut drafts {
        for cell in draft.0.cells.iter_mut().filter(|cell| cell.period == other) {
            cell.status = Status::NotCollected;
            (cell.n, cell.estimate) = (None, None);
        }
    }
    let protected = protect(drafts, &rule(5, true), &[]).unwrap();
    assert!(
        protected
            .report
            .hidden
            .iter()
            .all(|hidden| hidden.period == PERIOD)
    );
    assert_eq!(protected.report.hidden.len(), 2);
}

#[test]
fn margins_that_do_not_add_up_are_still_protected() {
    // A fourth category that nobody shows holds the difference; the attacker is taken to know it.
    let all = [dimension("a", 3)];
    let atoms: Vec<Atom> = [2, 20, 30].map(Atom::count).to_vec();
    let mut drafts = every_table(Additivity::Count, &all, &[(PERIOD, atoms)]);
    for draft in &mut drafts {
        for cell in draft
            .0
            .cells
            .iter_mut()
            .filter(|cell| cell.keys.iter().all(Option::is_none))
        {
            (cell.n, cell.estimate) = (Some(59), Some(59.0));
        }
    }
    let report = protect(drafts, &rule(5, true), &[]).unwrap().report;
    assert_eq!((report.primary, report.secondary), (1, 1));
}

#[test]
fn tables_that_say_too_little_are_refused() {
    let all = [dimension("a", 2)];
    let atoms: Vec<Atom> = [12, 20].map(Atom::count).to_vec();
    let draft = |additivity| table(additivity, &all, &[0], &[(PERIOD, atoms.clone())]);
    let refused = |drafts: Vec<Draft<Table>>| protect(drafts, &rule(5, true), &[]).unwrap_err();

    let mut silent = draft(Additivity::None);
    silent.0.cells[1].n = None;
    assert!(matches!(
        refused(vec![silent]),
        DisclosureError::NoFrequency { .. }
    ));
    let mut above = draft(Additivity::Share);
    above.0.cells[1].n_with = Some(99);
    assert!(matches!(
        refused(vec![above]),
        DisclosureError::ShareAboveOne { .. }
    ));
    let mut foreign = draft(Additivity::Count);
    foreign.0.cells[1].keys = vec![Some("b9".into())];
    assert!(matches!(
        refused(vec![foreign]),
        DisclosureError::UnknownCategory { .. }
    ));
    let mut twice = draft(Additivity::Count);
    let again = twice.0.cells[1].clone();
    twice.0.cells.push(again);
    assert!(matches!(
        refused(vec![twice]),
        DisclosureError::CellTwice { .. }
    ));
    let mixed = vec![draft(Additivity::Count), draft(Additivity::Sum)];
    assert!(matches!(refused(mixed), DisclosureError::Mixed { .. }));
}

#[test]
fn sdc_sum_of_suppressed_small_cells_are_not_given_away_by_their_sum() {
    // Five acts of five kinds and empty cells shown: who knows that hidden is not empty knows that each is one.
    let all = [dimension("a", 6)];
    let atoms: Vec<Atom> = [1, 1, 1, 1, 1, 0].map(Atom::count).to_vec();
    let drafts = every_table(Additivity::Count, &all, &[(PERIOD, atoms)]);
    let report = protect(drafts, &rule(5, false), &[]).unwrap().report;
    for hidden in &report.hidden {
        let interval = hidden.intervals[0];
        assert!(interval.low >= 1.0, "{hidden:?}");
        assert!(
            interval.high - interval.low >= interval.required,
            "{hidden:?}"
        );
    }
    // The total goes too: nothing else can move.
    assert!(report.hidden.iter().any(|hidden| hidden.keys.is_empty()));
}

#[test]
fn a_share_that_only_its_source_counted_is_a_share() {
    // 6 of 38, to four digits: the numerator is under a minimum of 10, and everybody can compute it.
    let all = [dimension("a", 3)];
    let atoms = [(45, 16), (38, 6), (192, 38)].map(|(n, with)| Atom {
        n,
        with,
        amount: 0.0,
    });
    let mut draft = table(Additivity::Share, &all, &[0], &[(PERIOD, atoms.to_vec())]);
    for cell in &mut draft.0.cells {
        cell.n_with = None;
        cell.estimate = cell.estimate.map(|share| (share * 1e4).round() / 1e4);
        if cell.keys == [None] {
            (cell.estimate, cell.status) = (None, Status::NotComputableUndefined);
        }
    }
    let rules = rule(10, true);
    assert_eq!(breaches(&draft.0, rules.general()), 1);
    let protected = protect(vec![draft], &rules, &[]).unwrap();
    let mut reasons = protected.report.hidden.iter().map(|hidden| hidden.reason);
    assert!(reasons.any(|reason| reason == Reason::TooFewWith));
    assert_eq!(breaches(protected.tables[0].get(), rules.general()), 0);
}

#[test]
fn a_number_for_what_was_not_collected_is_a_breach() {
    let atoms = vec![Atom::count(20), Atom::count(30)];
    let made = every_table(Additivity::Count, &[dimension("a", 2)], &[(PERIOD, atoms)]);
    let Draft(mut table) = made.into_iter().next().unwrap();
    let rule = rule(5, false).general();
    assert_eq!(breaches(&table, rule), 0);
    table.cells[0].status = Status::NotCollected;
    assert_eq!(breaches(&table, rule), 1);
    table.cells[0].estimate = None;
    assert_eq!(breaches(&table, rule), 0);
}
