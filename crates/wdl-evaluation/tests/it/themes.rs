//! Themes by group: people are counted and not segments, and nobody who knows the groups computes what is hidden.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wdl_evaluation::coding::{
    Codebook, EntryId, Fieldwork, Participant, Themes, ThemesFile, consensus, count, protect,
};
use wdl_protocol::{DisclosureRules, Dominance, MinimumFrequency, Rule};
use wdl_result::Status;
use wdl_vocab::{Diagnose as _, Digest, Period, Text};

use crate::coding::{BOOK, book, id, read};

const PERIOD: Period = Period::Year(2026);

fn fieldwork() -> Fieldwork {
    Fieldwork {
        period: PERIOD,
        synthetic: true,
        data_date: "2026-05-04".to_owned(),
        code_version: "0".to_owned(),
        evidence: Digest::of(b"codings"),
    }
}

fn participant(name: &str, groups: &[(&str, &str)]) -> Participant {
    Participant {
        name: name.to_owned(),
        groups: groups
            .iter()
            .map(|(dimension, category)| ((*dimension).to_owned(), (*category).to_owned()))
            .collect(),
    }
}

fn counted(
    book: &Codebook,
    rows: &str,
    participants: &[Participant],
    by: &[&str],
    codes: &[&str],
) -> Result<Themes, &'static str> {
    let codings = read(book, rows).unwrap();
    let held = consensus(book, &codings, None).unwrap();
    let by: Vec<String> = by.iter().map(|own| (*own).to_owned()).collect();
    let codes: Vec<EntryId> = codes.iter().map(|own| id(own)).collect();
    count(
        book,
        &held,
        participants,
        &|transcript, said| Some(said.unwrap_or(transcript).to_owned()),
        (&by, &codes),
        (&fieldwork(), &|dimension: &str, category: Option<&str>| {
            let word = category.unwrap_or(dimension).to_owned();
            Text::new(word.clone(), word)
        }),
    )
    .map_err(|fault| fault.diagnostic().code.id)
}

/// Units, and those with the theme, of the total and of each group.
fn numbers(themes: &Themes, theme: usize) -> Vec<(Option<String>, u64, u64)> {
    let table = &themes.themes[theme].drafts[0].0;
    let of = |cell: &wdl_result::Cell| {
        let group = cell.keys.first().cloned().flatten();
        (group, cell.n.unwrap(), cell.n_with.unwrap())
    };
    table.cells.iter().map(of).collect()
}

#[test]
fn people_are_counted_and_not_what_they_say() {
    let book = book(BOOK);
    let rows = "\
p1 1 anna arretrati 3
p1 2 anna arretrati 3
p1 3 anna costi 3
p2 1 anna perdita 3
g1 1 anna costi 3 p3
g1 2 anna - 3 p1
p4 1 anna - 3";
    let people: Vec<Participant> = ["p1", "p2", "p3", "p4", "p5"]
        .iter()
        .map(|name| participant(name, &[("q", if *name == "p2" { "b" } else { "a" })]))
        .collect();
    let themes = counted(&book, rows, &people, &["q"], &[]).unwrap();
    // Nobody looked at anything of p5.
    assert_eq!((themes.participants, themes.not_coded), (4, 1));
    let named: Vec<&str> = themes.themes.iter().map(|own| own.code.as_str()).collect();
    assert_eq!(named, ["costi", "perdita", "attesa"]);
    let group = |name: &str| Some(name.to_owned());
    // What is said of arrears is said of costs.
    assert_eq!(
        numbers(&themes, 0),
        [(None, 4, 2), (group("a"), 3, 2), (group("b"), 1, 0)]
    );
    assert_eq!(numbers(&themes, 1)[2], (group("b"), 1, 1));
    assert_eq!(numbers(&themes, 2)[0], (None, 4, 0));
    let nested = counted(&book, rows, &people, &[], &["costi", "arretrati"]);
    assert_eq!(nested.unwrap_err(), "WDL-V070");
    let stranger = counted(&book, "x9 1 anna costi 3", &people, &[], &[]);
    assert_eq!(stranger.unwrap_err(), "WDL-V071");
    assert_eq!(counted(&book, rows, &[], &[], &[]).unwrap_err(), "WDL-V071");
}

fn rules(minimum: u64, suppress_zero: bool) -> DisclosureRules {
    DisclosureRules::uniform(Rule {
        minimum_frequency: MinimumFrequency::new(minimum).unwrap(),
        suppress_zero,
        suppress_hundred_percent: true,
        dominance: Dominance::default(),
    })
}

/// Who is in which group (none is in no group), and says the theme.
fn people(groups: &[(Option<usize>, bool)]) -> (Vec<Participant>, String) {
    let mut rows = String::new();
    let mut all = Vec::new();
    for (at, (group, says)) in groups.iter().enumerate() {
        let name = format!("p{at}");
        let code = if *says { "perdita" } else { "-" };
        rows.push_str(&format!("{name} 1 anna {code} 3\n"));
        let own = group.map(|group| format!("g{group}"));
        all.push(match &own {
            Some(own) => participant(&name, &[("q", own)]),
            None => participant(&name, &[]),
        });
    }
    (all, rows)
}

#[test]
fn a_group_of_one_is_hidden_and_its_file_has_no_number() {
    let mut groups = vec![(Some(0), true); 8];
    groups.extend(vec![(Some(0), false); 6]);
    groups.extend(vec![(Some(1), true); 7]);
    groups.extend(vec![(Some(1), false); 7]);
    groups.push((Some(2), true));
    let (people, rows) = people(&groups);
    let book = book(BOOK);
    let themes = counted(&book, &rows, &people, &["q"], &["perdita"]).unwrap();
    let protected = protect(&themes, &rules(5, true)).unwrap();
    let table = protected[0].tables[0].get();
    let alone = table.cell(PERIOD, &[Some("g2")]).unwrap();
    assert_eq!((alone.n, alone.n_with, alone.estimate), (None, None, None));
    let hidden = table
        .cells
        .iter()
        .filter(|cell| cell.estimate.is_none())
        .count();
    assert!(hidden >= 2, "one hidden group is the total less the others");
    let label = Text::new("Perdita, o sfratto", "Loss");
    let code = id("perdita");
    let tables = protected[0]
        .tables
        .iter()
        .map(|table| (&code, &label, table));
    let file = ThemesFile::write(tables);
    let line = file.lines().find(|line| line.contains(",g2,")).unwrap();
    assert_eq!(
        line,
        "perdita,\"Perdita, o sfratto\",Loss,q,g2,,,hidden,2026"
    );
}

/// Every number of people with the theme that each hidden group may have, for somebody who knows how many each group has, by trying all.
fn possible(
    truth: &[(Option<String>, u64, u64)],
    hidden: &[bool],
    rule: (u64, bool),
) -> Option<Vec<BTreeMap<u64, ()>>> {
    let (minimum, suppress_zero) = rule;
    let total = &truth[0];
    if hidden[0] {
        return None;
    }
    let grouped: u64 = truth[1..].iter().map(|own| own.1).sum();
    let mut ranges: Vec<Vec<u64>> = Vec::new();
    for (at, (_, n, with)) in truth.iter().enumerate().skip(1) {
        ranges.push(match hidden[at] {
            false => vec![*with],
            true => {
                let is_large = *n >= minimum;
                let low = u64::from(is_large && !suppress_zero);
                // A group all of whom have the theme is hidden too, so that all may.
                (low.min(*n)..=*n).collect()
            }
        });
    }
    // Those of no group.
    ranges.push((0..=(total.1 - grouped)).collect());
    let mut found = vec![BTreeMap::new(); truth.len()];
    let mut chosen = vec![0_usize; ranges.len()];
    loop {
        let picked: Vec<u64> = chosen
            .iter()
            .zip(&ranges)
            .map(|(at, own)| own[*at])
            .collect();
        if picked.iter().sum::<u64>() == total.2 {
            for (at, value) in picked.iter().enumerate().take(truth.len() - 1) {
                found[at + 1].insert(*value, ());
            }
        }
        let mut at = 0;
        loop {
            if at == chosen.len() {
                return Some(found);
            }
            chosen[at] += 1;
            if chosen[at] < ranges[at].len() {
                break;
            }
            chosen[at] = 0;
            at += 1;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn who_knows_the_groups_learns_nothing_of_what_is_hidden(
        groups in proptest::collection::vec((proptest::option::weighted(0.9, 0_usize..4), any::<bool>()), 3..40),
        suppress_zero in any::<bool>(),
    ) {
        let minimum = 4;
        let book = book(BOOK);
        let (people, rows) = people(&groups);
        let themes = counted(&book, &rows, &people, &["q"], &["perdita"]).unwrap();
        let protected = protect(&themes, &rules(minimum, suppress_zero)).unwrap();
        let truth = numbers(&themes, 0);
        let table = protected[0].tables[0].get();
        let mut hidden = Vec::new();
        for (group, n, with) in &truth {
            let cell = table.cell(PERIOD, &[group.as_deref()]).unwrap();
            hidden.push(cell.status != Status::Value);
            if cell.status == Status::Value {
                prop_assert_eq!((cell.n, cell.n_with), (Some(*n), Some(*with)));
                let few = |count: u64| 0 < count && count < minimum;
                prop_assert!(!few(*n) && !few(*with) && !few(n - with) && with != n);
            } else {
                prop_assert_eq!((cell.n, cell.n_with, cell.estimate), (None, None, None));
            }
        }
        if let Some(possible) = possible(&truth, &hidden, (minimum, suppress_zero)) {
            for (at, (_, n, with)) in truth.iter().enumerate().skip(1) {
                if !hidden[at] {
                    continue;
                }
                let large = *n >= minimum;
                let low = u64::from(large && !suppress_zero);
                let high = *n;
                let few = |count: u64| 0 < count && count < minimum;
                let is_all = with == n || (*with == 0 && suppress_zero);
                let is_sensitive = few(*n) || few(*with) || few(n - with) || is_all;
                let needed = if is_sensitive { minimum } else { 1 };
                let needed = needed.min(high - low.min(high));
                let own: Vec<u64> = possible[at].keys().copied().collect();
                // Whoever is right about what is hidden finds the truth among what is possible, unless a rule he trusts was not needed.
                let width = own.last().zip(own.first()).map_or(u64::MAX, |(last, first)| last - first);
                prop_assert!(width >= needed, "{truth:?} {hidden:?} {own:?} {with}");
            }
        }
    }
}
