//! Counts changed by chance: cell keys, and noise with differential privacy.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wdl_disclosure::between::{CellName, Edition, Facts, Ground, UnitSet, check};
use wdl_disclosure::{
    Checked, FinestCells, Noise, Protected, Reason, ToNoise, breaches, key_tables, protect,
};
use wdl_perturbation::privacy::Mechanism;
use wdl_protocol::{DisclosureRules, Thousandths};
use wdl_result::{Additivity, Draft, Protection, Status, Table};
use wdl_vocab::{Diagnose, SnapshotId};

use crate::made::{Atom, PERIOD, dimension, every_table, rule, table};

const DEVIATION: u32 = 8;

fn variance() -> Thousandths {
    Thousandths::new(7.0).unwrap()
}

/// A number that is spread evenly, for the unit of a number (splitmix64).
fn spread(unit: u64) -> u64 {
    let mut z = unit.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The sets of the cells of a table by `a`, whose categories hold so many units each; units are numbered from `first`.
fn sets(counts: &[u64], first: u64) -> BTreeMap<CellName, UnitSet> {
    let name = |keys: Vec<(String, String)>| CellName {
        indicator: crate::made::header(Additivity::Count).indicator,
        period: PERIOD,
        keys,
    };
    let mut sets = BTreeMap::new();
    let mut from = first;
    for (at, count) in counts.iter().enumerate() {
        let keys = vec![("a".to_owned(), format!("a{}", at + 1))];
        sets.insert(name(keys), (from..from + count).map(spread).collect());
        from += count;
    }
    sets.insert(name(Vec::new()), (first..from).map(spread).collect());
    sets
}

fn drafts(counts: &[u64]) -> Vec<Draft<Table>> {
    let all = [dimension("a", counts.len())];
    let atoms: Vec<Atom> = counts.iter().map(|n| Atom::count(*n)).collect();
    every_table(Additivity::Count, &all, &[(PERIOD, atoms)])
}

fn keyed(counts: &[u64], first: u64) -> Protected {
    let noise = (DEVIATION, variance());
    key_tables(
        drafts(counts),
        &rule(5, false),
        &[],
        &sets(counts, first),
        noise,
    )
    .unwrap()
}

fn n(table: &Checked<Table>, keys: &[Option<&str>]) -> u64 {
    let cell = table.get().cell(PERIOD, keys).unwrap();
    assert_eq!(cell.status, Status::Value);
    assert_eq!(cell.estimate, cell.n.map(|n| n as f64));
    cell.n.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cell_keys_stay_within_and_are_the_same_in_every_table(counts in prop::collection::vec(0_u64..40, 1..6), first in 0_u64..1_000_000) {
        let made = keyed(&counts, first);
        // The total, and by a with the total.
        let [total, by_a] = &made.tables[..] else { panic!("two tables") };
        prop_assert_eq!(n(total, &[]), n(by_a, &[None]));
        for (at, was) in counts.iter().enumerate() {
            let now = n(by_a, &[Some(&format!("a{}", at + 1))]);
            prop_assert!(now.abs_diff(*was) <= u64::from(DEVIATION));
            prop_assert!(now == 0 || now >= 5, "a small count is never shown");
            prop_assert!(*was > 0 || now == 0);
        }
        // The same units again: another run, another release.
        let again = keyed(&counts, first);
        for (one, other) in made.tables.iter().zip(&again.tables) {
            prop_assert_eq!(one, other);
            prop_assert_eq!(breaches(one.get(), rule(5, false).general()), 0);
            let expected = Protection::CellKeys { deviation: 8, variance_thousandths: 7000 };
            prop_assert_eq!(one.get().header.protection, Some(expected));
            prop_assert!(one.get().header.uncertainty.it.contains("chiavi di cella"));
            prop_assert!(one.get().header.uncertainty.en.contains("at most 8 from the truth"));
        }
        prop_assert!(made.report.hidden.is_empty());
    }
}

/// Over many sets of one size the noise has the mean and the variance that were asked for, and other units have other noise.
#[test]
fn noise_of_cell_keys_has_the_moments_asked_for() {
    let draws: Vec<f64> = (0..4000)
        .map(|at| n(&keyed(&[30], at * 100).tables[0], &[]) as f64 - 30.0)
        .collect();
    let mean = draws.iter().sum::<f64>() / 4000.0;
    let variance = draws.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 4000.0;
    // Five standard errors of each.
    assert!(mean.abs() < 5.0 * (7.0_f64 / 4000.0).sqrt(), "{mean}");
    assert!((variance - 7.0).abs() < 0.8, "{variance}");
}

#[test]
fn what_may_not_have_cell_keys_is_refused() {
    let counts = [20, 30];
    let code = |drafts: Vec<Draft<Table>>, rules: &DisclosureRules, units, deviation, variance| {
        let variance = Thousandths::new(variance).unwrap();
        let made = key_tables(drafts, rules, &[], units, (deviation, variance));
        made.unwrap_err().diagnostic().code.id
    };
    let (known, none) = (sets(&counts, 0), BTreeMap::new());
    let strict = rule(5, false);
    let ours = || drafts(&counts);
    let atoms: Vec<Atom> = counts.iter().map(|n| Atom::count(*n)).collect();
    let shares = vec![table(
        Additivity::Share,
        &[dimension("a", 2)],
        &[0],
        &[(PERIOD, atoms)],
    )];
    assert_eq!(code(shares, &strict, &known, 8, 7.0), "WDL-X192");
    assert_eq!(code(ours(), &rule(5, true), &known, 8, 7.0), "WDL-X194");
    assert_eq!(code(ours(), &strict, &none, 8, 7.0), "WDL-X195");
    // Five counts are possible behind a number with noise up to 2; eleven are asked for.
    assert_eq!(code(ours(), &rule(11, false), &known, 4, 2.0), "WDL-X196");
    // Kept out of 1 to 4, a count of 2 cannot have so little noise.
    assert_eq!(code(ours(), &strict, &known, 8, 2.0), "WDL-X185");
}

fn of_snapshot(made: &Protected, snapshot: &str) -> Vec<Table> {
    let tables = made.tables.iter().map(|one| one.get().clone());
    tables
        .map(|mut table| {
            table.header.lineage.snapshot = SnapshotId::parse(snapshot).unwrap();
            table
        })
        .collect()
}

fn found(before: (&Protected, &Facts), now: (&Protected, &Facts)) -> (usize, usize) {
    let (old, new) = (of_snapshot(before.0, "s1"), of_snapshot(now.0, "s2"));
    let edition = |name: &str, tables, facts| Edition {
        name: name.to_owned(),
        tables,
        facts,
    };
    let earlier = [edition("r1", old.iter().collect(), before.1)];
    let new = edition("", new.iter().collect(), now.1);
    let outcome = check(&Ground::new(rule(5, false)), &earlier, &new);
    (outcome.findings.len(), outcome.unproved.len())
}

/// Two noisy numbers of a cell that lie close tell nothing; that the sets behind them differ by one person is found, because their noise is drawn twice.
#[test]
fn sdc_drop_one_between_releases_noise_is_held_by_its_units() {
    let none = Facts::default();
    let (first, one_more) = (keyed(&[30, 40], 0), keyed(&[30, 41], 0));
    assert_eq!(found((&first, &none), (&one_more, &none)), (0, 0));
    let facts = |counts: &[u64]| Facts::default().with_units(sets(counts, 0));
    let (then, now) = (facts(&[30, 40]), facts(&[30, 41]));
    let (findings, unproved) = found((&first, &then), (&one_more, &now));
    // The cell and the totals of both tables, which are one cell.
    assert!(findings >= 2 && unproved == 0, "{findings} {unproved}");
    let (findings, unproved) = found((&one_more, &now), (&first, &then));
    assert!(findings >= 2 && unproved == 0, "{findings} {unproved}");
    // Ten more are more than few.
    let many = (keyed(&[30, 50], 0), facts(&[30, 50]));
    assert_eq!(found((&first, &then), (&many.0, &many.1)), (0, 0));
}

/// A person who is counted once more, as a double row would be, is found like one who came.
#[test]
fn sdc_duplicate_one_is_found() {
    let once = sets(&[30, 40], 0);
    let mut twice = once.clone();
    for (name, set) in &mut twice {
        let units = match name.keys.first().map(|(_, key)| key.as_str()) {
            None => 0..70,
            Some("a2") => 30..70,
            Some(_) => continue,
        };
        *set = units.chain([30]).map(spread).collect();
    }
    let first = keyed(&[30, 40], 0);
    let noise = (DEVIATION, variance());
    let made = key_tables(drafts(&[30, 41]), &rule(5, false), &[], &twice, noise).unwrap();
    let then = Facts::default().with_units(once);
    let now = Facts::default().with_units(twice);
    let (findings, unproved) = found((&first, &then), (&made, &now));
    assert!(findings >= 2 && unproved == 0, "{findings} {unproved}");
}

/// Counts that were hidden before, and are told with noise now: the noise is an interval and no equation, and the interval is the one that is found by hand.
#[test]
fn noise_bounds_a_hidden_cell_as_by_hand() {
    let counts = [3, 30, 40];
    let hidden = protect(drafts(&counts), &rule(5, false), &[]).unwrap();
    let facts = Facts::of_reports(std::slice::from_ref(&hidden.report));
    let needed = hidden.report.hidden.iter().flat_map(|one| &one.intervals);
    let needed = needed.map(|one| one.required as i64).max().unwrap();
    let old: Vec<Table> = hidden.tables.iter().map(|one| one.get().clone()).collect();
    let name = |at: usize| format!("a{}", at + 1);
    let is_hidden = |at: &usize| {
        let cell = old[1].cell(PERIOD, &[Some(&name(*at))]).unwrap();
        cell.n.is_none()
    };
    let pair: Vec<usize> = (0..3).filter(is_hidden).collect();
    let [one, other] = pair[..] else {
        panic!("the small cell and one beside it")
    };
    let both = (counts[one] + counts[other]) as i64;
    let earlier = [Edition {
        name: "r1".into(),
        tables: old.iter().collect(),
        facts: &facts,
    }];
    let none = Facts::default();
    let mut exposed = 0;
    for first in 0..60 {
        let keyed = keyed(&counts, first * 100);
        let around = |at: usize| {
            let told = n(&keyed.tables[1], &[Some(&name(at))]) as i64;
            let away = i64::from(DEVIATION);
            // Nobody is hidden: who is hidden is somebody.
            ((told - away).max(1), told + away)
        };
        let ((low, high), (other_low, other_high)) = (around(one), around(other));
        let width = high.min(both - other_low) - low.max(both - other_high);
        let new: Vec<Table> = keyed.tables.iter().map(|one| one.get().clone()).collect();
        let edition = Edition {
            name: String::new(),
            tables: new.iter().collect(),
            facts: &none,
        };
        let outcome = check(&Ground::new(rule(5, false)), &earlier, &edition);
        assert!(outcome.unproved.is_empty(), "{:?}", outcome.unproved);
        let is_found = !outcome.findings.is_empty();
        assert_eq!(is_found, width < needed, "{first}: {width} of {needed}");
        exposed += usize::from(is_found);
    }
    assert!(exposed < 60, "noise leaves most cells in doubt");
    // The same numbers as if they were exact give the cell away.
    let exact: Vec<Table> = drafts(&counts)
        .into_iter()
        .map(|Draft(table)| table)
        .collect();
    let edition = Edition {
        name: String::new(),
        tables: exact.iter().collect(),
        facts: &none,
    };
    let outcome = check(&Ground::new(rule(5, false)), &earlier, &edition);
    assert!(!outcome.findings.is_empty());
}

fn laplace() -> Noise {
    Noise {
        mechanism: Mechanism::laplace_for(0.5, 1).unwrap(),
        epsilon_thousandths: 500,
        contributions: 1,
        within: 7,
    }
}

/// Every table of two dimensions, with people who are in no category of one or of both.
fn crossed() -> Vec<Draft<Table>> {
    let all = [dimension("a", 2), dimension("b", 3)];
    let atoms: Vec<Atom> = [7, 0, 2, 11, 30, 1].map(Atom::count).to_vec();
    let mut drafts = every_table(Additivity::Count, &all, &[(PERIOD, atoms)]);
    for Draft(table) in &mut drafts {
        for cell in &mut table.cells {
            // Four people more in the whole, of whom three are in b2 and in no category of a.
            let is_of = |wanted: Option<&str>| {
                let at = table.dimensions.iter().position(|one| one.id == "b");
                at.is_none_or(|at| cell.keys[at].as_deref() == wanted)
            };
            let has_a = table
                .dimensions
                .iter()
                .position(|one| one.id == "a")
                .is_some_and(|at| cell.keys[at].is_some());
            let more = match (has_a, is_of(None), is_of(Some("b2"))) {
                (true, ..) => 0,
                (false, true, _) => 4,
                (false, false, true) => 3,
                (false, false, false) => 0,
            };
            cell.n = cell.n.map(|n| n + more);
            cell.estimate = cell.n.map(|n| n as f64);
        }
    }
    drafts
}

#[test]
fn differential_privacy_asks_for_the_finest_cells_and_sums_them() {
    let rules = rule(5, false);
    let waiting = ToNoise::new(crossed(), &rules, &[]).unwrap();
    let [question] = waiting.questions() else {
        panic!("one period")
    };
    let FinestCells { cells, counts, .. } = question.clone();
    // Two categories and none, three and none.
    assert_eq!(cells.len(), 12);
    let of = |name: &str| counts[cells.iter().position(|one| one == name).unwrap()];
    assert_eq!(
        (of("a=a1|b=b1"), of("a=a2|b=b2"), of("a=|b=b2")),
        (7, 30, 3)
    );
    assert_eq!((of("a=|b="), of("a=a1|b="), of("a=|b=b1")), (1, 0, 0));
    assert_eq!(counts.iter().sum::<i64>(), 51 + 4);
    // Without noise every table is the true one again.
    let same = waiting.protect(&[Some(counts)], laplace());
    for (made, Draft(was)) in same.tables.iter().zip(crossed()) {
        for cell in &was.cells {
            let now = made.get().cells.iter().find(|one| one.keys == cell.keys);
            let now = now.unwrap();
            assert_eq!(now.estimate, cell.estimate, "{:?}", cell.keys);
            assert_eq!((now.n, now.status), (None, Status::Value));
        }
    }
}

#[test]
fn nobody_is_outside_of_the_category_of_the_unknown() {
    let mut drafts = drafts(&[7, 3]);
    for Draft(table) in &mut drafts {
        let dimensions = table.dimensions.iter_mut();
        let categories = dimensions.flat_map(|one| &mut one.categories);
        let ids = categories.map(|one| &mut one.id);
        let keys = table.cells.iter_mut().flat_map(|cell| &mut cell.keys);
        let named = ids.chain(keys.flatten());
        for id in named.filter(|id| *id == "a2") {
            "unknown".clone_into(id);
        }
    }
    let waiting = ToNoise::new(drafts, &rule(5, false), &[]).unwrap();
    let [question] = waiting.questions() else {
        panic!("one period")
    };
    assert_eq!(question.cells, ["a=a1", "a=unknown"]);
    assert_eq!(question.counts, [7, 3]);
}

#[test]
fn differential_privacy_adds_up_and_says_its_error() {
    let rules = rule(5, false);
    let waiting = ToNoise::new(crossed(), &rules, &[]).unwrap();
    let counts = waiting.questions()[0].counts.clone();
    // Noise that takes cells below nought.
    let noisy: Vec<i64> = (-6..).zip(&counts).map(|(noise, n)| n + noise).collect();
    let sum: i64 = noisy.iter().sum();
    let made = waiting.protect(&[Some(noisy.clone())], laplace());
    let [total, by_a, _, by_both] = &made.tables[..] else {
        panic!("four tables")
    };
    let estimate = |table: &Checked<Table>, keys: &[Option<&str>]| {
        let cell = table.get().cell(PERIOD, keys).unwrap();
        (cell.estimate.unwrap(), cell.standard_error.unwrap())
    };
    assert_eq!(estimate(total, &[]).0, sum as f64);
    assert_eq!(estimate(by_both, &[None, None]), estimate(total, &[]));
    assert_eq!(
        estimate(by_a, &[Some("a1")]),
        estimate(by_both, &[Some("a1"), None])
    );
    let (cell, error) = estimate(by_both, &[Some("a1"), Some("b1")]);
    assert_eq!(cell, noisy[0] as f64);
    // Twelve cells add up: √12 times the error of one, which has variance 2a/(1 − a)² at a = exp(−1/2).
    let a = (-0.5_f64).exp();
    assert!((error - (2.0 * a).sqrt() / (1.0 - a)).abs() < 1e-9);
    assert!((estimate(total, &[]).1 / error - 12.0_f64.sqrt()).abs() < 1e-9);
    for table in &made.tables {
        assert_eq!(breaches(table.get(), rules.general()), 0);
        let words = &table.get().header.uncertainty;
        assert!(
            words.en.contains("ε = 0.5") && words.it.contains("ε = 0,5"),
            "{words:?}"
        );
    }
    // A number of units beside it would be a true one.
    let mut shown = total.get().clone();
    shown.cells[0].n = Some(55);
    assert_eq!(breaches(&shown, rules.general()), 1);
    // To the check between releases it says nothing.
    let none = Facts::default();
    assert_eq!(found((&made, &none), (&made, &none)), (0, 0));
}

#[test]
fn differential_privacy_needs_counts_and_a_table_that_crosses_all() {
    let code = |drafts| {
        let refused = ToNoise::new(drafts, &rule(5, false), &[]).unwrap_err();
        refused.diagnostic().code.id
    };
    let without: Vec<Draft<Table>> = crossed().into_iter().take(3).collect();
    assert_eq!(code(without), "WDL-X197");
    let atoms = vec![Atom::count(20), Atom::count(30)];
    let shares = vec![table(
        Additivity::Share,
        &[dimension("a", 2)],
        &[0],
        &[(PERIOD, atoms)],
    )];
    assert_eq!(code(shares), "WDL-X192");
}

#[test]
fn a_period_that_the_budget_does_not_reach_is_hidden_whole() {
    // One cell of nobody is left out: it must not be told apart from the others.
    let mut drafts = crossed();
    let Draft(finest) = drafts.last_mut().unwrap();
    finest.cells.retain(|cell| cell.n != Some(0));
    let waiting = ToNoise::new(drafts, &rule(5, false), &[]).unwrap();
    let made = waiting.protect(&[None], laplace());
    for table in &made.tables {
        let table = table.get();
        for cell in &table.cells {
            assert_eq!(cell.status, Status::SuppressedPrimary, "{:?}", cell.keys);
            let told = (cell.estimate, cell.standard_error, cell.n, cell.coverage);
            assert_eq!(told, (None, None, None, None), "{:?}", cell.keys);
        }
        let said = &table.header.uncertainty;
        assert!(said.en.contains("are not published"), "{}", said.en);
        assert!(said.it.contains("Non si pubblicano"), "{}", said.it);
    }
    let sizes: Vec<usize> = made
        .tables
        .iter()
        .map(|one| one.get().cells.len())
        .collect();
    let hidden = &made.report.hidden;
    assert_eq!(made.report.primary, hidden.len() as u64);
    assert!(hidden.iter().all(|one| one.reason == Reason::NoiseSpent));
    assert_eq!(sizes, [1, 3, 4, 12], "also cells of nobody");
    assert_eq!(hidden.len(), 12, "each cell once");
}

#[test]
fn a_cell_of_nobody_that_is_left_out_gets_its_number_like_any_other() {
    let mut drafts = crossed();
    let Draft(finest) = drafts.last_mut().unwrap();
    let empty = finest
        .cells
        .iter()
        .find(|cell| cell.n == Some(0))
        .unwrap()
        .keys
        .clone();
    finest.cells.retain(|cell| cell.n != Some(0));
    let waiting = ToNoise::new(drafts, &rule(5, false), &[]).unwrap();
    let counts = waiting.questions()[0].counts.clone();
    let noisy = counts.iter().map(|count| count + 3).collect();
    let made = waiting.protect(&[Some(noisy)], laplace());
    let finest = made.tables.last().unwrap().get();
    let own = finest.cells.iter().find(|cell| cell.keys == empty).unwrap();
    assert_eq!((own.estimate, own.status), (Some(3.0), Status::Value));
}
