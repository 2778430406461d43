//! Attacks that only a second release makes possible, by the names of the bad inputs they are.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wdl_disclosure::between::{
    Attack, CellName, Edition, Facts, Finding, Ground, Nesting, Outcome, Repair, UnitSet, check,
    hide, keep_earlier,
};
use wdl_protocol::{Counted, MinimumFrequency, Rule};
use wdl_result::{Additivity, Cell, Dimension, Protection, Status, Table};
use wdl_vocab::{IndicatorId, Lang, SnapshotId};

use crate::made::{PERIOD, dimension, header, rule};

/// A table of counts over some dimensions: `None` is hidden, a key without a value is not in the table.
struct Made {
    snapshot: &'static str,
    dimensions: Vec<Dimension>,
    cells: Vec<(Vec<Option<&'static str>>, Option<u64>)>,
}

impl Made {
    fn table(&self) -> Table {
        let mut head = header(Additivity::Count);
        head.lineage.snapshot = SnapshotId::parse(self.snapshot).unwrap();
        let cell = |(keys, n): &(Vec<Option<&'static str>>, Option<u64>)| Cell {
            period: PERIOD,
            keys: keys.iter().map(|key| key.map(str::to_owned)).collect(),
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
            dimensions: self.dimensions.clone(),
            cells: self.cells.iter().map(cell).collect(),
        }
    }
}

fn strict(minimum: u64) -> Ground {
    Ground::new(rule(minimum, true))
}

fn edition<'a>(name: &str, tables: &[&'a Table], facts: &'a Facts) -> Edition<'a> {
    Edition {
        name: name.to_owned(),
        tables: tables.to_vec(),
        facts,
    }
}

fn named(id: &str, categories: &[&str]) -> Dimension {
    let mut made = dimension(id, categories.len());
    for (category, name) in made.categories.iter_mut().zip(categories) {
        category.id = (*name).to_owned();
    }
    made
}

/// Counts by r and c without margins, with the small cell hidden; the totals of r; r by a coarser c.
fn three_outputs() -> [Table; 3] {
    let r = || named("r", &["a", "b"]);
    let by = Made {
        snapshot: "s",
        dimensions: vec![r(), named("c", &["x", "y", "z"])],
        cells: vec![
            (vec![Some("a"), Some("x")], Some(12)),
            (vec![Some("a"), Some("y")], Some(15)),
            (vec![Some("a"), Some("z")], None),
            (vec![Some("b"), Some("x")], Some(20)),
            (vec![Some("b"), Some("y")], Some(11)),
            (vec![Some("b"), Some("z")], Some(30)),
        ],
    };
    let totals = Made {
        snapshot: "s",
        dimensions: vec![r()],
        cells: vec![(vec![Some("a")], Some(30)), (vec![Some("b")], Some(61))],
    };
    let coarse = Made {
        snapshot: "s",
        dimensions: vec![r(), named("w", &["xz", "y"])],
        cells: vec![
            (vec![Some("a"), Some("xz")], Some(15)),
            (vec![Some("a"), Some("y")], Some(15)),
            (vec![Some("b"), Some("xz")], Some(50)),
            (vec![Some("b"), Some("y")], Some(11)),
        ],
    };
    [by.table(), totals.table(), coarse.table()]
}

fn coarser() -> Nesting {
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    Nesting {
        first: "c".into(),
        second: "w".into(),
        pairs: [pair("x", "xz"), pair("z", "xz"), pair("y", "y")].into(),
    }
}

#[test]
fn three_outputs_each_safe_give_a_cell_together() {
    let [by, totals, coarse] = three_outputs();
    let facts = Facts::default();
    let ground = strict(10).with_nestings(vec![coarser()]);
    let first = edition("first", &[&by], &facts);
    for (what, table) in [("totals", &totals), ("coarser", &coarse)] {
        let new = edition("new", &[table], &facts);
        let outcome = check(&ground, std::slice::from_ref(&first), &new);
        let combined = |one: &&Finding| one.attack == Attack::Combined;
        let finding = outcome.findings.iter().find(combined).unwrap();
        assert_eq!(
            finding.target.cell.keys[0],
            ("c".to_owned(), "z".to_owned())
        );
        // The pair of releases: the new one and the first, with the cells that are subtracted.
        let releases: BTreeSet<Option<&str>> = finding
            .means
            .iter()
            .map(|mention| mention.release.as_deref())
            .collect();
        assert_eq!(releases, BTreeSet::from([None, Some("first")]), "{what}");
        let words = finding.text();
        assert!(words.get(Lang::It).contains("nel rilascio first"));
        assert!(words.get(Lang::En).contains("in this release"));
        // Never a number of a cell.
        assert!(!words.get(Lang::En).contains("30") && !words.get(Lang::En).contains("15"));

        let repairs = outcome.repairs(&ground, std::slice::from_ref(&first), &new);
        assert!(!repairs.is_empty(), "{what}");
        assert!(matches!(repairs[0], Repair::Hide { lost, .. } if lost >= 1));
        let mend = hide(&ground, std::slice::from_ref(&first), &new).unwrap();
        let tables: Vec<&Table> = mend.tables.iter().collect();
        let again = check(
            &ground,
            std::slice::from_ref(&first),
            &edition("new", &tables, &facts),
        );
        assert!(again.findings.is_empty(), "{what}");
    }
    // All three at once, as plain files are handed over: refused too.
    let all = edition("new", &[&by, &totals, &coarse], &facts);
    let outcome = check(&ground.as_one_space(), &[], &all);
    assert!(!outcome.findings.is_empty());
}

fn two_by_three(snapshot: &'static str, counts: [u64; 6]) -> Table {
    let names = [
        ("a", "x"),
        ("a", "y"),
        ("a", "z"),
        ("b", "x"),
        ("b", "y"),
        ("b", "z"),
    ];
    let mut cells: Vec<(Vec<Option<&'static str>>, Option<u64>)> = names
        .iter()
        .zip(counts)
        .map(|((r, c), n)| (vec![Some(*r), Some(*c)], Some(n)))
        .collect();
    cells.push((vec![None, None], Some(counts.iter().sum())));
    let made = Made {
        snapshot,
        dimensions: vec![named("r", &["a", "b"]), named("c", &["x", "y", "z"])],
        cells,
    };
    made.table()
}

#[test]
fn sdc_two_versions_and_the_cohort_one_person_smaller() {
    let facts = Facts::default();
    let old = two_by_three("v1", [12, 15, 13, 20, 11, 30]);
    let smaller = two_by_three("v2", [12, 15, 13, 19, 11, 30]);
    let earlier = [edition("old", &[&old], &facts)];
    let new = edition("new", &[&smaller], &facts);
    let ground = strict(10);
    let outcome = check(&ground, &earlier, &new);
    // The cell, and the total that shows it too.
    assert_eq!(outcome.findings.len(), 2);
    assert!(
        outcome
            .findings
            .iter()
            .all(|one| one.attack == Attack::SameCell)
    );
    let repairs = outcome.repairs(&ground, &earlier, &new);
    assert!(
        repairs
            .iter()
            .any(|one| matches!(one, Repair::Wait { minimum: 10 }))
    );
    // Two cells have changed, and stay as they were.
    assert!(
        repairs
            .iter()
            .any(|one| matches!(one, Repair::KeepEarlier { lost: 2, .. }))
    );
    for mend in [
        hide(&ground, &earlier, &new).unwrap(),
        keep_earlier(&ground, &earlier, &new).unwrap(),
    ] {
        let tables: Vec<&Table> = mend.tables.iter().collect();
        let again = check(&ground, &earlier, &edition("new", &tables, &facts));
        // What is hidden is a matter of what disclosure control asked; nothing is told twice.
        assert!(
            again
                .findings
                .iter()
                .all(|one| one.attack != Attack::SameCell)
        );
    }
    // One less than enough are too few.
    let nearly = two_by_three("v2", [12, 15, 13, 29, 11, 30]);
    let outcome = check(&ground, &earlier, &edition("new", &[&nearly], &facts));
    let attacks: Vec<Attack> = outcome.findings.iter().map(|one| one.attack).collect();
    assert_eq!(attacks, [Attack::SameCell, Attack::SameCell]);
    // Enough people, or none at all: nothing to subtract.
    for counts in [[12, 15, 13, 30, 11, 30], [12, 15, 13, 20, 11, 30]] {
        let more = two_by_three("v2", counts);
        let outcome = check(&ground, &earlier, &edition("new", &[&more], &facts));
        assert!(outcome.findings.is_empty(), "{counts:?}");
    }
}

#[test]
fn exact_sets_decide_where_they_are_known() {
    let name = |table: &Table| CellName::of(table, table.cells.last().unwrap());
    let of = |table: &Table, from: u64, to: u64| {
        Facts::default().with_units(BTreeMap::from([(
            name(table),
            (from..to).collect::<UnitSet>(),
        )]))
    };
    let old = two_by_three("v1", [12, 15, 13, 20, 11, 30]);
    let new = two_by_three("v2", [12, 15, 13, 20, 11, 30]);
    let cases = [(0, 101, 0), (1, 102, 1), (4, 105, 1), (50, 151, 0)];
    for (from, to, found) in cases {
        let (then, now) = (of(&old, 0, 101), of(&new, from, to));
        let earlier = [edition("old", &[&old], &then)];
        let outcome = check(&strict(10), &earlier, &edition("new", &[&new], &now));
        assert_eq!(outcome.findings.len(), found, "{from}..{to}");
    }
    // Sets that cannot tell up to the minimum clear nothing: the counts decide.
    let more = two_by_three("v2", [12, 15, 13, 21, 11, 30]);
    let (then, now) = (of(&old, 0, 101), of(&more, 40, 142));
    let earlier = [edition("old", &[&old], &then)];
    let outcome = check(&strict(40), &earlier, &edition("new", &[&more], &now));
    let is_total = |one: &Finding| one.target.cell.keys.is_empty();
    let mut same = outcome.findings.iter();
    assert!(same.any(|one| one.attack == Attack::SameCell && is_total(one)));
    // Another indicator, which nobody ties to the first, on one person fewer.
    let mut other = two_by_three("v1", [12, 15, 13, 19, 11, 30]);
    other.header.indicator = IndicatorId::parse("altra").unwrap();
    for (from, found) in [(0, 0), (1, 1), (9, 1), (10, 0)] {
        let (then, now) = (of(&old, 0, 101), of(&other, from, 101));
        let earlier = [edition("old", &[&old], &then)];
        let outcome = check(&strict(10), &earlier, &edition("new", &[&other], &now));
        assert_eq!(outcome.findings.len(), found, "from {from}");
    }
}

#[test]
fn sdc_two_tables_all_and_men() {
    let counted = |categories: &[&str]| Counted {
        n: match categories {
            [] => BTreeMap::new(),
            some => BTreeMap::from([(
                "sex".to_owned(),
                some.iter().map(|one| (*one).to_owned()).collect(),
            )]),
        },
        with: None,
    };
    let id = |name: &str| IndicatorId::parse(name).unwrap();
    let ground = Ground::new(rule(5, true).tying(vec![vec![
        (id("prova"), counted(&[])),
        (id("uomini"), counted(&["M"])),
    ]]));
    let facts = Facts::default();
    let everybody = two_by_three("v1", [12, 15, 13, 20, 11, 30]);
    for (women, found) in [(0, 0), (1, 1), (4, 1), (5, 0)] {
        let mut men = two_by_three("v1", [12 - 6, 15 - 7, 13 - 8, 20 - women, 11 - 5, 30 - 8]);
        men.header.indicator = id("uomini");
        let earlier = [edition("old", &[&everybody], &facts)];
        let outcome = check(&ground, &earlier, &edition("new", &[&men], &facts));
        assert_eq!(outcome.findings.len(), found, "{women} women");
        if let Some(finding) = outcome.findings.first() {
            assert_eq!(finding.attack, Attack::OneInside);
            assert_eq!(finding.target.indicator().as_str(), "uomini");
            assert_eq!(finding.means[0].release.as_deref(), Some("old"));
        }
        // In one release they are protected together: there is no pair of releases to name.
        let together = edition("new", &[&everybody, &men], &facts);
        let found = check(&ground, &[], &together).findings;
        assert!(found.iter().all(|one| one.attack != Attack::OneInside));
    }
}

#[test]
fn of_rounded_numbers_the_units_decide_whether_too_few_lie_between() {
    let id = |name: &str| IndicatorId::parse(name).unwrap();
    let counted = |categories: &[&str]| Counted {
        n: [("sex".to_owned(), categories)]
            .into_iter()
            .filter(|(_, categories)| !categories.is_empty())
            .map(|(axis, own)| (axis, own.iter().map(|one| (*one).to_owned()).collect()))
            .collect(),
        with: None,
    };
    let ground = Ground::new(rule(5, true).tying(vec![vec![
        (id("prova"), counted(&[])),
        (id("uomini"), counted(&["M"])),
    ]]));
    let rounded = |mut table: Table| {
        table.header.protection = Some(Protection::ControlledRounding { base: 10, steps: 0 });
        table
    };
    let everybody = rounded(two_by_three("v1", [10, 20, 10, 20, 10, 30]));
    let mut men = rounded(two_by_three("v1", [10, 20, 10, 20, 10, 30]));
    men.header.indicator = id("uomini");
    let of = |table: &Table, from: u64| {
        let name = CellName::of(table, table.cells.last().unwrap());
        let units = (from..101).collect::<UnitSet>();
        Facts::default().with_units(BTreeMap::from([(name, units)]))
    };
    for (women, found) in [(0, false), (1, true), (4, true), (5, false)] {
        let (then, now) = (of(&everybody, 0), of(&men, women));
        let earlier = [edition("old", &[&everybody], &then)];
        let outcome = check(&ground, &earlier, &edition("new", &[&men], &now));
        let mut attacks = outcome.findings.iter().map(|one| one.attack);
        assert_eq!(
            attacks.any(|attack| attack == Attack::OneInside),
            found,
            "{women} women"
        );
    }
}

#[test]
fn sdc_two_areas_with_a_sliver() {
    // Q2 lies in postcode P2 but for a sliver of two households in P1.
    let by = |id: &str, counts: &[(&'static str, u64)]| {
        let names: Vec<&str> = counts.iter().map(|(name, _)| *name).collect();
        let made = Made {
            snapshot: "s",
            dimensions: vec![named(id, &names)],
            cells: counts
                .iter()
                .map(|(name, n)| (vec![Some(*name)], Some(*n)))
                .collect(),
        };
        made.table()
    };
    let quarters = by("quartiere", &[("Q1", 40), ("Q2", 62)]);
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    let ground = strict(5).with_nestings(vec![Nesting {
        first: "quartiere".into(),
        second: "cap".into(),
        pairs: [pair("Q1", "P1"), pair("Q2", "P1"), pair("Q2", "P2")].into(),
    }]);
    let facts = Facts::default();
    for (sliver, is_found) in [(2, true), (0, false), (9, false)] {
        let codes = by("cap", &[("P1", 40 + sliver), ("P2", 62 - sliver)]);
        let earlier = [edition("old", &[&quarters], &facts)];
        let outcome = check(&ground, &earlier, &edition("new", &[&codes], &facts));
        assert_eq!(!outcome.findings.is_empty(), is_found, "{sliver}");
    }
}

#[test]
fn another_pattern_on_another_version_gives_a_cell_away() {
    // Hidden at first: x and y; a later version, in which only z has grown, hides x and z instead.
    let made = |snapshot, counts: [Option<u64>; 4], total| {
        let mut cells: Vec<(Vec<Option<&'static str>>, Option<u64>)> = ["x", "y", "z", "w"]
            .iter()
            .zip(counts)
            .map(|(name, n)| (vec![Some(*name)], n))
            .collect();
        cells.push((vec![None], Some(total)));
        Made {
            snapshot,
            dimensions: vec![named("c", &["x", "y", "z", "w"])],
            cells,
        }
        .table()
    };
    let facts = Facts::default();
    let old = made("v1", [None, None, Some(20), Some(50)], 84);
    let new = made("v2", [None, Some(11), None, Some(50)], 104);
    let unchanged = made("v2", [None, Some(11), Some(20), Some(50)], 84);
    let earlier = [edition("old", &[&old], &facts)];
    let ground = strict(5);
    // The total has grown, so that nobody knows that x has not: two versions, two doubts.
    assert!(
        check(&ground, &earlier, &edition("new", &[&new], &facts))
            .findings
            .is_empty()
    );
    let outcome = check(&ground, &earlier, &edition("new", &[&unchanged], &facts));
    let exposed: BTreeSet<&str> = outcome
        .findings
        .iter()
        .map(|one| one.target.cell.keys[0].1.as_str())
        .collect();
    assert!(exposed.contains("x"));
}

#[test]
fn a_thousand_earlier_releases() {
    // Every release tells its own breakdown of the same people; the last one fits none of them.
    let facts = Facts::default();
    let old: Vec<Table> = (0..1000)
        .map(|at| {
            let mut table = two_by_three("v1", [12, 15, 13, 20, 11, 30]);
            table.dimensions[1].id = format!("c{}", at % 40);
            table.header.lineage.code_version = at.to_string();
            table
        })
        .collect();
    let earlier: Vec<Edition<'_>> = old
        .iter()
        .enumerate()
        .map(|(at, table)| edition(&format!("r{at}"), &[table], &facts))
        .collect();
    let new = two_by_three("v2", [12, 15, 13, 20, 12, 30]);
    let outcome = check(&strict(10), &earlier, &edition("new", &[&new], &facts));
    assert_eq!(outcome.earlier, 1000);
    assert!(!outcome.findings.is_empty());
}

/// All tables of two rows and two columns that agree with what is shown, by trying them.
fn tried(shown: &[Option<u64>; 9]) -> [Option<(u64, u64)>; 4] {
    let mut bounds = [None; 4];
    let at = |cells: &[u64; 4], place: usize| match place {
        0..4 => cells[place],
        4 => cells[0] + cells[1],
        5 => cells[2] + cells[3],
        6 => cells[0] + cells[2],
        7 => cells[1] + cells[3],
        _ => cells.iter().sum(),
    };
    for code in 0..13_u64.pow(4) {
        let cells = [code % 13, code / 13 % 13, code / 169 % 13, code / 2197];
        let agrees = (0..9).all(|place| shown[place].is_none_or(|n| n == at(&cells, place)));
        if agrees {
            for (bound, cell) in bounds.iter_mut().zip(cells) {
                let (least, most) = bound.unwrap_or((cell, cell));
                *bound = Some((least.min(cell), most.max(cell)));
            }
        }
    }
    bounds
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Cells and margins told by two releases: what is exposed is what trying every table exposes.
    #[test]
    fn as_by_trying_every_table(counts in proptest::array::uniform4(1_u64..7), told in proptest::array::uniform9(0_u8..3)) {
        let sums = [
            counts[0], counts[1], counts[2], counts[3],
            counts[0] + counts[1], counts[2] + counts[3],
            counts[0] + counts[2], counts[1] + counts[3],
            counts.iter().sum(),
        ];
        let keys: [[Option<&'static str>; 2]; 9] = [
            [Some("a"), Some("x")], [Some("a"), Some("y")], [Some("b"), Some("x")], [Some("b"), Some("y")],
            [Some("a"), None], [Some("b"), None], [None, Some("x")], [None, Some("y")], [None, None],
        ];
        // 0 is hidden in both releases, 1 is shown by the first, 2 by the second.
        let tables = [1, 2].map(|release| Made {
            snapshot: "s",
            dimensions: vec![named("r", &["a", "b"]), named("c", &["x", "y"])],
            cells: (0..9).map(|at| (keys[at].to_vec(), (told[at] == release).then_some(sums[at]))).collect(),
        }.table());
        let facts = Facts::default();
        let rules = wdl_protocol::DisclosureRules::uniform(Rule {
            minimum_frequency: MinimumFrequency::new(3).unwrap(),
            suppress_zero: true,
            suppress_hundred_percent: true,
            dominance: wdl_protocol::Dominance::default(),
        });
        let earlier = [edition("old", &[&tables[0]], &facts)];
        let outcome = check(&Ground::new(rules).as_one_space(), &earlier, &edition("new", &[&tables[1]], &facts));
        prop_assert!(outcome.unproved.is_empty());
        let found: BTreeSet<Vec<(String, String)>> = outcome.findings.iter()
            .filter(|one| one.attack == Attack::Combined)
            .map(|one| one.target.cell.keys.clone())
            .collect();
        let shown = |wanted: &dyn Fn(u8) -> bool| {
            let mut shown = [None; 9];
            for at in 0..9 { if wanted(told[at]) { shown[at] = Some(sums[at]); } }
            shown
        };
        let all = tried(&shown(&|one| one > 0));
        let before = tried(&shown(&|one| one == 1));
        let exposed = |bound: Option<(u64, u64)>| bound.is_some_and(|(least, most)| {
            // The largest number that is tried stands for any larger one.
            most < 12 && (most == least || (least < 3 && most - least < 3))
        });
        for at in 0..4 {
            // Each release hides what it does not show: a cell is a target unless the earlier release gave it away.
            let is_target = exposed(all[at]) && !exposed(before[at]);
            let mut name: Vec<(String, String)> = [("r", keys[at][0]), ("c", keys[at][1])].iter()
                .map(|(id, key)| ((*id).to_owned(), key.unwrap().to_owned())).collect();
            name.sort();
            prop_assert_eq!(found.contains(&name), is_target, "{:?} {:?}", counts, told);
        }
    }
}

#[test]
fn the_message_is_the_same_whatever_the_order_of_rows() {
    let [by, totals, _] = three_outputs();
    let facts = Facts::default();
    let text = |by: &Table, totals: &Table| -> Vec<String> {
        let earlier = [edition("first", &[by], &facts)];
        let outcome: Outcome = check(&strict(10), &earlier, &edition("new", &[totals], &facts));
        let findings = outcome.findings.iter();
        findings
            .map(|one| one.text().get(Lang::En).to_owned())
            .collect()
    };
    let mut turned = totals.clone();
    turned.cells.reverse();
    assert_eq!(text(&by, &totals), text(&by, &turned));
}

#[test]
fn rounded_numbers_that_are_alike_are_no_sign_that_nobody_changed() {
    let id = |name: &str| IndicatorId::parse(name).unwrap();
    let parts = |snapshot, counts: [Option<u64>; 2], total: Option<u64>| {
        let [a, b] = counts;
        let cells = vec![
            (vec![Some("a")], a),
            (vec![Some("b")], b),
            (vec![None], total),
        ];
        Made {
            snapshot,
            dimensions: vec![named("r", &["a", "b"])],
            cells,
        }
        .table()
    };
    let all = || Counted {
        n: BTreeMap::new(),
        with: None,
    };
    let ground = Ground::new(
        rule(5, true).tying(vec![vec![(id("prova"), all()), (id("arrotondata"), all())]]),
    );
    let old = parts("v1", [Some(40), Some(40)], Some(80));
    let new = parts("v2", [None, None], Some(90));
    let mut rounded = parts("v2", [Some(40), Some(50)], Some(90));
    rounded.header.indicator = id("arrotondata");
    rounded.header.protection = Some(Protection::ControlledRounding { base: 10, steps: 0 });
    let facts = Facts::default();
    let earlier = [edition("old", &[&old], &facts)];
    let outcome = check(
        &ground,
        &earlier,
        &edition("new", &[&new, &rounded], &facts),
    );
    // 40 then, and 31 to 49 now: not the same people for certain.
    assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
}
