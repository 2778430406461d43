//! Indicators that count the same units: what one hides, none of the others gives back.

use std::collections::BTreeMap;

use wdl_disclosure::{Dominated, Member, Protected, protect, protect_family};
use wdl_protocol::{Counted, Selection};
use wdl_result::{Additivity, Draft, Table};
use wdl_vocab::IndicatorId;

use crate::made::{Atom, PERIOD, dimension, every_table, rule, table};

fn member(name: &str, mut tables: Vec<Draft<Table>>, counted: Counted) -> Member {
    for table in &mut tables {
        table.0.header.indicator = IndicatorId::parse(name).unwrap();
    }
    Member {
        tables,
        sources: Vec::new(),
        counted,
        dominated: Dominated::new(),
    }
}

fn of(categories: &[&str]) -> Selection {
    let categories = categories.iter().map(|id| (*id).to_owned()).collect();
    BTreeMap::from([("a".to_owned(), categories)])
}

fn n(protected: &Protected, keys: &[Option<&str>]) -> Option<u64> {
    let mut cells = protected.tables.iter().filter_map(|table| {
        let has_width = table.get().dimensions.len() == keys.len();
        has_width.then(|| table.get().cell(PERIOD, keys)).flatten()
    });
    cells.next().unwrap().n
}

/// 21 applications: 11 excluded, 3 admitted and not paid, 7 paid. Admitted with its base, or the number of payments, gives the three away.
#[test]
fn shares_of_an_outcome_do_not_give_the_outcome_away() {
    let outcome = [dimension("a", 3)];
    let counts = [11, 3, 7];
    let atoms = counts.map(Atom::count).to_vec();
    let share = |n: u64, with: u64| {
        let atom = Atom {
            n,
            with,
            amount: 0.0,
        };
        vec![table(Additivity::Share, &[], &[], &[(PERIOD, vec![atom])])]
    };
    let paid = Atom {
        n: 7,
        with: 0,
        amount: 9000.0,
    };
    let members = || {
        vec![
            member(
                "applications",
                every_table(Additivity::Count, &outcome, &[(PERIOD, atoms.clone())]),
                Counted::default(),
            ),
            member(
                "admitted",
                share(21, 10),
                Counted {
                    n: Selection::new(),
                    with: Some(of(&["a2", "a3"])),
                },
            ),
            member(
                "paid",
                share(10, 7),
                Counted {
                    n: of(&["a2", "a3"]),
                    with: Some(of(&["a3"])),
                },
            ),
            member(
                "spending",
                vec![table(Additivity::Sum, &[], &[], &[(PERIOD, vec![paid])])],
                Counted {
                    n: of(&["a3"]),
                    with: None,
                },
            ),
        ]
    };
    let rules = rule(5, false);
    let given_away = |shown: &[Protected]| {
        let (total, excluded) = (n(&shown[0], &[]), n(&shown[0], &[Some("a1")]));
        let admitted = shown[1].tables[0].get().cells[0].n_with;
        let payments = n(&shown[0], &[Some("a3")]).or(n(&shown[3], &[]));
        let both = admitted
            .or(n(&shown[2], &[]))
            .or(total.zip(excluded).map(|(t, x)| t - x));
        both.zip(payments).map(|(both, payments)| both - payments)
    };
    let apart: Vec<Protected> = members()
        .into_iter()
        .map(|member| protect(member.tables, &rules, &[]).unwrap())
        .collect();
    assert_eq!(
        given_away(&apart),
        Some(3),
        "the attack works on each alone"
    );
    let together = protect_family(members(), &rules).unwrap();
    assert_eq!(given_away(&together), None);
}

/// Two shares over the same households hide different partners of a small base: together they must hide the same.
#[test]
fn a_small_base_stays_hidden_between_shares() {
    let all = [dimension("a", 4)];
    let tables = |with: [u64; 4]| {
        let atoms = [3, 20, 30, 40].into_iter().zip(with);
        let atoms = atoms
            .map(|(n, with)| Atom {
                n,
                with,
                amount: 0.0,
            })
            .collect();
        every_table(Additivity::Share, &all, &[(PERIOD, atoms)])
    };
    // In the second the cheapest partner has nobody with the property, so that it cannot take the doubt.
    let members = || {
        vec![
            member("over_30", tables([1, 10, 15, 20]), Counted::default()),
            member("over_40", tables([1, 0, 15, 20]), Counted::default()),
        ]
    };
    let unknown = |shown: &[Protected]| {
        let names = ["a1", "a2", "a3", "a4"];
        let is_unknown = |name: &&&str| shown.iter().all(|one| n(one, &[Some(**name)]).is_none());
        names.iter().filter(is_unknown).count()
    };
    let rules = rule(5, false);
    let apart: Vec<Protected> = members()
        .into_iter()
        .map(|member| protect(member.tables, &rules, &[]).unwrap())
        .collect();
    assert_eq!(unknown(&apart), 1, "the attack works on each alone");
    assert!(unknown(&protect_family(members(), &rules).unwrap()) > 1);
}

/// Who is over 40 is over 30 too: what lies between is a count that nobody publishes and everybody can compute.
#[test]
fn the_difference_of_nested_shares_is_protected() {
    let all = [dimension("q", 4)];
    let tables = |with: [u64; 4]| {
        let atoms = with.map(|with| Atom {
            n: 60,
            with,
            amount: 0.0,
        });
        every_table(Additivity::Share, &all, &[(PERIOD, atoms.to_vec())])
    };
    let (over_30, over_40) = ([20, 25, 30, 24], [18, 15, 12, 14]);
    let members = || {
        let with = |categories| Counted {
            n: Selection::new(),
            with: Some(of(categories)),
        };
        vec![
            member("over_30", tables(over_30), with(&["high", "middle"])),
            member("over_40", tables(over_40), with(&["high"])),
        ]
    };
    let with = |protected: &Protected, name: &str| {
        let table = protected.tables[1].get();
        table.cell(PERIOD, &[Some(name)]).unwrap().n_with
    };
    let between = |shown: &[Protected], name: &str| {
        let pair = with(&shown[0], name).zip(with(&shown[1], name));
        pair.map(|(over_30, over_40)| over_30 - over_40)
    };
    let rules = rule(5, false);
    let apart: Vec<Protected> = members()
        .into_iter()
        .map(|member| protect(member.tables, &rules, &[]).unwrap())
        .collect();
    assert_eq!(
        between(&apart, "q1"),
        Some(2),
        "the attack works on each alone"
    );
    let together = protect_family(members(), &rules).unwrap();
    assert_eq!(between(&together, "q1"), None);
    // Another goes too, or the total would give the first back.
    let hidden = ["q1", "q2", "q3", "q4"];
    let hidden = hidden
        .iter()
        .filter(|name| between(&together, name).is_none());
    assert!(hidden.count() > 1);
}

#[test]
fn a_family_of_one_is_an_indicator() {
    let all = [dimension("a", 3), dimension("b", 2)];
    let atoms: Vec<Atom> = [2, 20, 30, 8, 9, 0].map(Atom::count).to_vec();
    let tables = every_table(Additivity::Count, &all, &[(PERIOD, atoms)]);
    let alone = protect(tables.clone(), &rule(5, false), &[]).unwrap();
    let one = Member {
        tables,
        sources: Vec::new(),
        counted: Counted::default(),
        dominated: Dominated::new(),
    };
    let family = protect_family(vec![one], &rule(5, false)).unwrap();
    assert_eq!(family[0].tables, alone.tables);
    assert_eq!(family[0].report, alone.report);
}
