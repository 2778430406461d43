//! Stacks of many releases: against a linear programme of its own, with contradictions, and too large.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;
use wdl_disclosure::between::{Attack, Edition, Facts, Ground, Nesting, Outcome, Why, check};
use wdl_result::{Additivity, Cell, Status, Table};
use wdl_vocab::{Lang, SnapshotId};

use crate::made::{PERIOD, dimension, header, rule};

/// A table of counts: the keys of each cell, and its number unless it is hidden.
fn table(
    snapshot: &str,
    dimensions: &[(&str, usize)],
    cells: &[(Vec<Option<usize>>, Option<u64>)],
) -> Table {
    let mut head = header(Additivity::Count);
    head.lineage.snapshot = SnapshotId::parse(snapshot).unwrap();
    let dimensions: Vec<_> = dimensions
        .iter()
        .map(|(id, size)| dimension(id, *size))
        .collect();
    let cell = |(keys, n): &(Vec<Option<usize>>, Option<u64>)| Cell {
        period: PERIOD,
        keys: dimensions
            .iter()
            .zip(keys)
            .map(|(own, key)| key.map(|at| own.categories[at].id.clone()))
            .collect(),
        estimate: n.map(|n| n as f64),
        standard_error: None,
        n: *n,
        n_with: None,
        coverage: None,
        status: match n {
            Some(_) => Status::Value,
            None => Status::SuppressedPrimary,
        },
    };
    Table {
        header: head,
        cells: cells.iter().map(cell).collect(),
        dimensions,
    }
}

fn against(ground: &Ground, earlier: &[&Table], new: &Table) -> Outcome {
    let facts = Facts::default();
    let edition = |name: String, table| Edition {
        name,
        tables: vec![table],
        facts: &facts,
    };
    let earlier: Vec<Edition<'_>> = earlier
        .iter()
        .enumerate()
        .map(|(at, table)| edition(format!("r{at}"), *table))
        .collect();
    check(ground, &earlier, &edition("new".into(), new))
}

fn strict(minimum: u64) -> Ground {
    Ground::new(rule(minimum, true))
}

/// Rows and columns with margins, the places of the key, `None` for the margin.
fn keys(rows: usize, columns: usize) -> Vec<Vec<Option<usize>>> {
    let with_total = |size: usize| (0..size).map(Some).chain([None]).collect::<Vec<_>>();
    let of_row = |row: Option<usize>| {
        with_total(columns)
            .into_iter()
            .map(move |column| vec![row, column])
    };
    with_total(rows).into_iter().flat_map(of_row).collect()
}

fn sum_of(counts: &[Vec<u64>], key: &[Option<usize>]) -> u64 {
    let rows = (0..counts.len()).filter(|at| key[0].is_none_or(|row| row == *at));
    rows.flat_map(|row| counts[row].iter().enumerate())
        .filter(|(at, _)| key[1].is_none_or(|column| column == *at))
        .map(|(_, n)| *n)
        .sum()
}

/// The bounds of each cell by a linear programme over all that is told of the same people: its own, and another solver's.
fn slow(
    rows: usize,
    columns: usize,
    told: &[(Vec<Option<usize>>, u64)],
    key: &[Option<usize>],
) -> (f64, Option<f64>) {
    let inside = |key: &[Option<usize>], row: usize, column: usize| {
        key[0].is_none_or(|own| own == row) && key[1].is_none_or(|own| own == column)
    };
    let solve = |direction| {
        let mut programme = Problem::new(direction);
        let mut atoms: BTreeMap<(usize, usize), Variable> = BTreeMap::new();
        for row in 0..rows {
            for column in 0..columns {
                let gain = f64::from(u8::from(inside(key, row, column)));
                let atom = programme.add_var(gain, (0.0, f64::INFINITY));
                atoms.insert((row, column), atom);
            }
        }
        for (told, value) in told {
            let terms: Vec<(Variable, f64)> = atoms
                .iter()
                .filter(|((row, column), _)| inside(told, *row, *column))
                .map(|(_, atom)| (*atom, 1.0))
                .collect();
            programme.add_constraint(terms, ComparisonOp::Eq, *value as f64);
        }
        match programme.solve() {
            Ok(done) => Some(done.into_solution().unwrap().objective()),
            Err(microlp::Error::Unbounded) => None,
            Err(other) => panic!("{other:?}"),
        }
    };
    let least = solve(OptimizationDirection::Minimize).unwrap();
    (least, solve(OptimizationDirection::Maximize))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Two to four releases of the same people that hide different cells: what is found is what a programme of one's own finds.
    #[test]
    fn as_by_another_solver(
        counts in prop::collection::vec(prop::collection::vec(1_u64..9, 3), 3),
        shown in prop::collection::vec(prop::collection::vec(0_u8..4, 16), 2..5),
    ) {
        let keys = keys(3, 3);
        let tables: Vec<Table> = shown.iter().map(|shown| {
            let cells: Vec<_> = keys.iter().zip(shown).map(|(key, shown)| {
                (key.clone(), (*shown > 1).then(|| sum_of(&counts, key)))
            }).collect();
            table("s", &[("r", 3), ("c", 3)], &cells)
        }).collect();
        let (new, earlier) = tables.split_last().unwrap();
        let outcome = against(&strict(4).as_one_space(), &earlier.iter().collect::<Vec<_>>(), new);
        prop_assert!(outcome.unproved.is_empty());
        let found: BTreeSet<Vec<(String, String)>> = outcome.findings.iter()
            .filter(|one| one.attack == Attack::Combined)
            .map(|one| one.target.cell.keys.clone())
            .collect();
        let told = |releases: &[Vec<u8>]| -> Vec<(Vec<Option<usize>>, u64)> {
            keys.iter().enumerate()
                .filter(|(at, _)| releases.iter().any(|shown| shown[*at] > 1))
                .map(|(_, key)| (key.clone(), sum_of(&counts, key)))
                .collect()
        };
        let (all, before) = (told(&shown), told(&shown[..shown.len() - 1]));
        let is_exposed = |told: &[(Vec<Option<usize>>, u64)], key: &[Option<usize>]| {
            let (least, most) = slow(3, 3, told, key);
            let Some(most) = most else { return false };
            let (least, most) = ((least - 1e-6).ceil() as i64, (most + 1e-6).floor() as i64);
            most - least < 1 || (least < 4 && most - least < 4)
        };
        for (at, key) in keys.iter().enumerate() {
            let is_hidden = shown.iter().any(|shown| shown[at] <= 1);
            let is_target = is_hidden && is_exposed(&all, key) && !is_exposed(&before, key);
            let mut name: Vec<(String, String)> = ["r", "c"].iter().zip(key)
                .filter_map(|(id, key)| Some(((*id).to_owned(), format!("{id}{}", (*key)? + 1))))
                .collect();
            name.sort();
            prop_assert_eq!(found.contains(&name), is_target, "{:?} {:?} {:?}", key, counts, shown);
        }
    }
}

/// Four categories, some hidden, and their total.
fn four(snapshot: &str, counts: [Option<u64>; 4], total: u64) -> Table {
    let mut cells: Vec<(Vec<Option<usize>>, Option<u64>)> = counts
        .into_iter()
        .enumerate()
        .map(|(at, n)| (vec![Some(at)], n))
        .collect();
    cells.push((vec![None], Some(total)));
    table(snapshot, &[("c", 4)], &cells)
}

#[test]
fn numbers_that_cannot_hold_together_are_told_to_the_reviewers() {
    // The same version of the base: 80 people by one breakdown and 90 by another.
    let old = four("s", [None, None, Some(20), Some(30)], 80);
    let new = table(
        "s",
        &[("d", 2)],
        &[(vec![Some(0)], Some(50)), (vec![Some(1)], Some(40))],
    );
    let outcome = against(&strict(5), &[&old], &new);
    assert!(outcome.findings.is_empty());
    let [unproved] = outcome.unproved.as_slice() else {
        panic!("{:?}", outcome.unproved);
    };
    assert_eq!(unproved.why, Why::Contradiction);
    assert_eq!(unproved.releases, ["r0"]);
    let words = unproved.text();
    assert!(words.get(Lang::It).contains("r0"));
    assert!(words.get(Lang::En).contains("cannot be computed"));
    // Never a number of a cell.
    assert!(!words.get(Lang::En).contains("50") && !words.get(Lang::En).contains("30"));
}

#[test]
fn what_contradicts_is_set_aside_and_the_rest_still_attacked() {
    // The second release cannot hold with the others; the first and the new one give the hidden cells away.
    let first = four("s", [None, None, Some(20), Some(30)], 80);
    let odd = four("s", [None, Some(40), None, Some(30)], 80);
    let new = four("s", [Some(18), None, None, Some(30)], 80);
    for (earlier, aside) in [
        (vec![&first, &odd], vec!["r1"]),
        (vec![&odd, &first], vec!["r0"]),
    ] {
        let outcome = against(&strict(15), &earlier, &new);
        let exposed: BTreeSet<&str> = outcome
            .findings
            .iter()
            .filter(|one| one.attack == Attack::Combined)
            .map(|one| one.target.cell.keys[0].1.as_str())
            .collect();
        assert!(exposed.contains("c2"), "{exposed:?}");
        assert_eq!(outcome.unproved.len(), 1);
        assert_eq!(outcome.unproved[0].releases, aside);
    }
}

#[test]
fn a_release_that_contradicts_itself() {
    let first = four("s", [None, None, Some(20), Some(30)], 80);
    let new = four("s", [Some(90), None, None, Some(30)], 80);
    let outcome = against(&strict(5), &[&first], &new);
    assert_eq!(outcome.unproved.len(), 1);
    assert!(outcome.unproved[0].releases.is_empty());
    assert!(
        outcome.unproved[0]
            .text()
            .get(Lang::It)
            .contains("non possono valere insieme")
    );
}

#[test]
fn crossed_breakdowns_beyond_what_can_be_solved_are_told() {
    let sizes = [("a", 300), ("b", 300)];
    let hidden = table(
        "s",
        &sizes,
        &[
            (vec![Some(0), Some(0)], None),
            (vec![None, None], Some(500)),
        ],
    );
    let new = table(
        "s",
        &sizes,
        &[
            (vec![Some(0), None], Some(40)),
            (vec![None, None], Some(500)),
        ],
    );
    let outcome = against(&strict(5), &[&hidden], &new);
    assert_eq!(outcome.unproved.len(), 1);
    assert_eq!(outcome.unproved[0].why, Why::TooLarge);
}

/// Ten by ten with margins; each version has twenty people more in one cell and hides two cells of two rows.
fn growing(version: usize, more: u64) -> Table {
    let mut counts = vec![vec![20_u64; 10]; 10];
    for at in 0..version {
        counts[1 + at % 9][at / 9 % 10] += 20;
    }
    counts[0][0] = 3;
    counts[9][9] += more;
    let cells: Vec<_> = keys(10, 10)
        .into_iter()
        .map(|key| {
            let is_hidden = matches!(key[..], [Some(0 | 1), Some(0 | 1)]);
            let n = (!is_hidden).then(|| sum_of(&counts, &key));
            (key, n)
        })
        .collect();
    table(&format!("v{version}"), &[("r", 10), ("c", 10)], &cells)
}

#[test]
fn a_thousand_earlier_releases_of_as_many_versions() {
    const VERSIONS: usize = 1000;
    let old: Vec<Table> = (0..VERSIONS).map(|at| growing(at, 0)).collect();
    let old: Vec<&Table> = old.iter().collect();
    for (more, is_found) in [(0, false), (1, true)] {
        let begun = std::time::Instant::now();
        let outcome = against(&strict(10), &old, &growing(VERSIONS, more));
        println!("{VERSIONS} versions in {:?}", begun.elapsed());
        assert_eq!(outcome.earlier, VERSIONS);
        assert!(outcome.unproved.is_empty());
        let same = |one: &&wdl_disclosure::between::Finding| one.attack == Attack::SameCell;
        assert_eq!(
            outcome.findings.iter().any(|one| same(&one)),
            is_found,
            "{more}"
        );
    }
}

#[test]
fn a_thousand_versions_that_hide_other_cells_each_time() {
    // Four cells of a rectangle are hidden, another rectangle each time; one cell elsewhere has changed.
    const VERSIONS: usize = 1000;
    let made = |version: usize| {
        let mut counts = vec![vec![20_u64; 10]; 10];
        for at in 0..version {
            counts[at % 10][at / 10 % 10] += 20;
        }
        let (row, column) = (version * 7 % 9, version * 3 % 8);
        let cells: Vec<_> = keys(10, 10)
            .into_iter()
            .map(|key| {
                let is_hidden = [Some(row), Some(row + 1)].contains(&key[0])
                    && [Some(column), Some(column + 2)].contains(&key[1]);
                let n = (!is_hidden).then(|| sum_of(&counts, &key));
                (key, n)
            })
            .collect();
        table(&format!("v{version}"), &[("r", 10), ("c", 10)], &cells)
    };
    let old: Vec<Table> = (0..VERSIONS).map(made).collect();
    let old: Vec<&Table> = old.iter().collect();
    let begun = std::time::Instant::now();
    let outcome = against(&strict(10), &old, &made(VERSIONS));
    println!("{VERSIONS} patterns in {:?}", begun.elapsed());
    assert!(outcome.unproved.is_empty());
    assert_eq!(outcome.earlier, VERSIONS);
}

#[test]
fn classes_of_age_cut_at_other_points() {
    // 0-17, 18-34, 35-64 with one hidden; later 0-17 and 18-64 of the same people.
    let named = |names: &[&str], counts: &[Option<u64>], total: Option<u64>| {
        let mut cells: Vec<_> = counts
            .iter()
            .enumerate()
            .map(|(at, n)| (vec![Some(at)], *n))
            .collect();
        cells.extend(total.map(|n| (vec![None], Some(n))));
        let mut made = table("s", &[("age", names.len())], &cells);
        let ids: Vec<String> = made.dimensions[0]
            .categories
            .iter()
            .map(|one| one.id.clone())
            .collect();
        for (category, name) in made.dimensions[0].categories.iter_mut().zip(names) {
            category.id = (*name).to_owned();
        }
        for cell in &mut made.cells {
            let at = |key: &String| ids.iter().position(|id| id == key).unwrap();
            cell.keys[0] = cell.keys[0].as_ref().map(|key| names[at(key)].to_owned());
        }
        made
    };
    let fine = named(
        &["0_17", "18_34", "35_64", "65_plus"],
        &[Some(30), None, Some(40), None],
        Some(100),
    );
    let coarse = named(
        &["0_17", "18_64", "65_plus"],
        &[Some(30), Some(43), Some(27)],
        None,
    );
    let outcome = against(&strict(5), &[&fine], &coarse);
    assert!(outcome.unproved.is_empty());
    let exposed = outcome
        .findings
        .iter()
        .filter(|one| one.attack == Attack::Combined);
    let names: BTreeSet<&str> = exposed
        .map(|one| one.target.cell.keys[0].1.as_str())
        .collect();
    assert!(names.contains("18_34"), "{names:?}");
    // The same cut at tenths of the median: the end of one is the beginning of the next.
    let fine = named(
        &["0_20", "20_40", "40_60"],
        &[None, None, Some(40)],
        Some(80),
    );
    let coarse = named(&["0_40", "40_60"], &[Some(40), Some(40)], None);
    assert!(against(&strict(5), &[&fine], &coarse).findings.is_empty());
    let other = named(&["0_20", "20_60"], &[Some(37), Some(43)], None);
    assert!(!against(&strict(5), &[&fine], &other).findings.is_empty());
}

#[test]
fn a_chain_of_areas_gives_a_cell_away() {
    // Districts of zones of sections: a section is hidden with another, and the zones and a district give it away.
    let pairs = |all: &[(usize, usize)], inner: &str, outer: &str| Nesting {
        first: inner.into(),
        second: outer.into(),
        pairs: all
            .iter()
            .map(|(one, two)| (format!("{inner}{}", one + 1), format!("{outer}{}", two + 1)))
            .collect(),
    };
    let zones = pairs(&[(0, 0), (1, 0), (2, 1), (3, 1)], "section", "zone");
    let districts = pairs(&[(0, 0), (1, 1)], "zone", "district");
    let sections = table(
        "s",
        &[("section", 4)],
        &[
            (vec![Some(0)], None),
            (vec![Some(1)], Some(20)),
            (vec![Some(2)], None),
            (vec![Some(3)], Some(30)),
            (vec![None], Some(80)),
        ],
    );
    let by_district = table(
        "s",
        &[("district", 2)],
        &[(vec![Some(0)], Some(24)), (vec![Some(1)], Some(56))],
    );
    let by_zone = table(
        "s",
        &[("zone", 2)],
        &[(vec![Some(0)], Some(24)), (vec![Some(1)], Some(56))],
    );
    let ground = || strict(5).with_nestings(vec![zones.clone(), districts.clone()]);
    assert!(
        !against(&ground(), &[&sections], &by_zone)
            .findings
            .is_empty()
    );
    // The districts of the zones, when the zones are known to lie in them.
    let whole = pairs(&[(0, 0), (1, 0), (2, 1), (3, 1)], "section", "district");
    let told = strict(5).with_nestings(vec![zones.clone(), districts.clone(), whole]);
    assert!(
        !against(&told, &[&sections], &by_district)
            .findings
            .is_empty()
    );
    // Without knowing how they lie in each other nothing is seen.
    assert!(
        against(&strict(5), &[&sections], &by_district)
            .findings
            .is_empty()
    );
}
