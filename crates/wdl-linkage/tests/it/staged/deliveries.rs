//! The law that deliveries one after the other give what they give together.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wdl_linkage::staged::{Decision, Input, State, Superseded, Touched, Verdict, link, relink};

use super::{Row, input, told};

/// Deliveries of rows: few persons, tokens and days, so that everything meets.
fn deliveries() -> impl Strategy<Value = Vec<Vec<(bool, Row)>>> {
    let number = |most: i64| prop::option::weighted(0.7, 1..most);
    let row = (
        any::<bool>(),
        1..12_i64,
        number(6),
        number(5),
        number(5),
        number(4),
        0..6,
        0..8,
    )
        .prop_map(
            |(is_job, record, person, plain, variant, loose, from, length)| {
                let coded = person.is_some();
                let row = Row {
                    record,
                    person: person.map(|person| person * 100),
                    tokens: [plain, variant.filter(|_| !coded), loose.filter(|_| !coded)],
                    from: Some(from),
                    until: (length < 6).then_some(from + length),
                    home: Some(i64::from(from % 3)),
                    born: (length == 7).then_some(1),
                    ..Row::default()
                };
                (is_job, row)
            },
        );
    prop::collection::vec(prop::collection::vec(row, 0..8), 1..5)
}

/// What stands after the first so many deliveries, with the codes that rows had before.
fn standing(deliveries: &[Vec<(bool, Row)>]) -> Input {
    let mut now: [BTreeMap<i64, Row>; 2] = Default::default();
    let mut old: Vec<(bool, i64, i64, [Option<i64>; 3])> = Vec::new();
    for (number, delivery) in deliveries.iter().enumerate() {
        for (is_job, row) in delivery {
            let row = row.came(number as u32);
            if let Some(before) = now[usize::from(!is_job)].insert(row.record, row)
                && let Some(person) = before.person
            {
                old.push((*is_job, row.record, person, before.tokens));
            }
        }
    }
    let [jobs, registry] = now.map(|rows| rows.into_values().collect::<Vec<Row>>());
    let mut input = input(&jobs, &registry);
    for source in &mut input.sources {
        let is_job = !source.is_reference;
        let mut superseded: Vec<Superseded> = old
            .iter()
            .filter(|(job, ..)| *job == is_job)
            .filter_map(|(_, record, person, tokens)| {
                let row = source.records.binary_search(record).ok()?;
                (source.persons[row] != Some(*person)).then(|| Superseded {
                    row: row as u32,
                    person: *person,
                    tokens: tokens.to_vec(),
                })
            })
            .collect();
        superseded.sort_by_key(|old| (old.row, old.person));
        superseded.dedup();
        source.superseded = superseded;
    }
    input
}

fn touched(deliveries: &[Vec<(bool, Row)>], last: usize) -> Touched {
    let mut touched = Touched::default();
    let new: BTreeSet<(bool, i64)> = deliveries[last]
        .iter()
        .map(|(is_job, row)| (*is_job, row.record))
        .collect();
    for (is_job, row) in deliveries[..=last].iter().flatten() {
        if new.contains(&(*is_job, row.record)) {
            touched.persons.extend(row.person);
            let combinations = [0, 0, 1];
            for (token, combination) in row.tokens.iter().zip(combinations) {
                touched
                    .tokens
                    .extend(token.map(|token| (combination, token)));
            }
            let dataset = if *is_job { "jobs" } else { "registry" };
            touched.records.push((dataset.to_owned(), row.record));
        }
    }
    touched
}

proptest! {
    #[test]
    fn one_after_the_other_is_all_together(deliveries in deliveries()) {
        let mut state = State::default();
        for last in 0..deliveries.len() {
            let input = standing(&deliveries[..=last]);
            let (next, _) = relink(&input, &state, &touched(&deliveries, last));
            let (whole, _) = link(&input);
            prop_assert_eq!(told(&next), told(&whole));
            prop_assert_eq!(&next, &whole);
            state = next;
        }
    }

    #[test]
    fn a_decision_opens_what_it_speaks_of(deliveries in deliveries(), answers in prop::collection::vec(0..3, 8)) {
        let open = standing(&deliveries);
        let (before, _) = link(&open);
        let mut input = open.clone();
        let mut touched = Touched::default();
        for (doubt, answer) in before.doubts.iter().zip(&answers) {
            touched.persons.extend(&doubt.about.persons);
            touched.records.extend(doubt.about.records().cloned());
            let verdict = [Verdict::Same, Verdict::Different].get(*answer as usize).copied();
            input.decisions.extend(verdict.map(|verdict| Decision { about: doubt.about.clone(), verdict, delivery: 0 }));
        }
        let (next, _) = relink(&input, &before, &touched);
        prop_assert_eq!(&next, &link(&input).0);
        for decision in input.decisions.iter().filter(|one| one.verdict == Verdict::Different) {
            prop_assert!(next.doubts.iter().all(|doubt| doubt.about != decision.about));
        }
        let old: BTreeSet<i64> = next.replaced.iter().map(|one| one.old).collect();
        prop_assert_eq!(old.len(), next.replaced.len());
        prop_assert!(next.replaced.iter().all(|one| !old.contains(&one.new)));
        // Taken back, everything is as it was.
        prop_assert_eq!(&relink(&open, &next, &touched).0, &before);
    }

    #[test]
    fn nobody_has_two_codes_and_nobody_stands_twice(deliveries in deliveries()) {
        let input = standing(&deliveries);
        let (state, _) = link(&input);
        let rows: BTreeSet<(&str, i64)> = state.links.iter().map(|link| (link.dataset.as_str(), link.record)).collect();
        prop_assert_eq!(rows.len(), state.links.len());
        let old: BTreeSet<i64> = state.replaced.iter().map(|one| one.old).collect();
        prop_assert_eq!(old.len(), state.replaced.len());
        for one in &state.replaced {
            prop_assert!(!old.contains(&one.new));
        }
        for link in &state.links {
            prop_assert!(!old.contains(&link.person));
            let source = input.sources.iter().find(|source| source.dataset == link.dataset).unwrap();
            let place = source.records.binary_search(&link.record).unwrap();
            prop_assert_eq!(source.persons[place], None);
        }
    }
}
