//! Linkage by stages: rules by hand, what encodings join and what changes from one state to the next.

mod deliveries;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};

use wdl_linkage::staged::{
    Cause, Decision, Encoding, Evidence, Facts, Input, Judgement, Probe, Rows, Stage, State,
    Superseded, Touched, Verdict, agreement, changes, link, relink,
};

/// One row as the cases write it.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    record: i64,
    person: Option<i64>,
    delivery: u32,
    /// The plain token, a variant's, and a looser combination's.
    tokens: [Option<i64>; 3],
    from: Option<i32>,
    until: Option<i32>,
    home: Option<i64>,
    born: Option<i32>,
}

const fn row(record: i64, person: i64, token: i64) -> Row {
    Row {
        record,
        person: if person == 0 { None } else { Some(person) },
        delivery: 0,
        tokens: [if token == 0 { None } else { Some(token) }, None, None],
        from: None,
        until: None,
        home: None,
        born: None,
    }
}

impl Row {
    const fn held(mut self, from: i32, until: i32) -> Row {
        self.from = Some(from);
        self.until = if until == 0 { None } else { Some(until) };
        self
    }

    const fn variant(mut self, token: i64) -> Row {
        self.tokens[1] = Some(token);
        self
    }

    const fn loose(mut self, token: i64) -> Row {
        self.tokens[2] = Some(token);
        self
    }

    const fn born(mut self, month: i32) -> Row {
        self.born = Some(month);
        self
    }

    const fn home(mut self, home: i64) -> Row {
        self.home = Some(home);
        self
    }

    const fn came(mut self, delivery: u32) -> Row {
        self.delivery = delivery;
        self
    }
}

fn rows(dataset: &str, is_reference: bool, of: &[Row]) -> Rows {
    let mut of = of.to_vec();
    of.sort_by_key(|row| row.record);
    Rows {
        dataset: dataset.to_owned(),
        is_reference,
        records: of.iter().map(|row| row.record).collect(),
        persons: of.iter().map(|row| row.person).collect(),
        deliveries: of.iter().map(|row| row.delivery).collect(),
        facts: of
            .iter()
            .map(|row| Facts {
                born: row.born,
                from: row.from,
                until: row.until,
                household: row.home,
                ..Facts::default()
            })
            .collect(),
        tokens: (0..3)
            .map(|probe| of.iter().map(|row| row.tokens[probe]).collect())
            .collect(),
        encodings: Vec::new(),
        superseded: Vec::new(),
    }
}

fn input(jobs: &[Row], registry: &[Row]) -> Input {
    let probe = |name: &str, combination, is_plain| Probe {
        name: name.to_owned(),
        combination,
        is_plain,
    };
    Input {
        probes: vec![
            probe("names", 0, true),
            probe("names_swapped", 0, false),
            probe("sound", 1, true),
        ],
        sources: vec![rows("jobs", false, jobs), rows("registry", true, registry)],
        decisions: Vec::new(),
    }
}

/// Dataset, record, person and stage of each link; a provisional person is told as the links that share it.
fn told(state: &State) -> String {
    let mut provisional: BTreeMap<i64, usize> = BTreeMap::new();
    let mut text = String::new();
    for link in &state.links {
        let person = if link.is_coded {
            link.person.to_string()
        } else {
            let next = provisional.len() + 1;
            format!("?{}", provisional.entry(link.person).or_insert(next))
        };
        let stage = match &link.stage {
            Stage::Token(name) => name,
            Stage::Encoding => "encoding",
            Stage::Decision => "decision",
        };
        text += &format!("{} {} -> {person} by {stage}\n", link.dataset, link.record);
    }
    for one in &state.replaced {
        text += &format!("{} replaced by {}\n", one.old, one.new);
    }
    for doubt in &state.doubts {
        text += &format!(
            "{:?} {:?} {}\n",
            doubt.cause,
            doubt.about.persons,
            doubt.about.records().count()
        );
    }
    text
}

fn check(jobs: &[Row], registry: &[Row], expected: &str) {
    let (state, _) = link(&input(jobs, registry));
    let expected: String = expected
        .lines()
        .map(|line| line.trim().to_owned() + "\n")
        .collect();
    let expected = expected.trim_start_matches('\n');
    assert_eq!(told(&state), expected);
}

#[test]
fn a_row_without_a_code_is_the_one_person_who_bears_its_token() {
    check(&[row(1, 0, 7)], &[row(1, 100, 7)], "jobs 1 -> 100 by names");
    // And the other way round: a position without a code gets the code that the other body has.
    check(
        &[row(1, 100, 7)],
        &[row(1, 0, 7)],
        "registry 1 -> 100 by names",
    );
    check(&[row(1, 0, 8)], &[row(1, 100, 7)], "");
}

#[test]
fn a_token_of_two_people_links_neither() {
    let two = [row(1, 100, 7).held(0, 0), row(2, 200, 7).held(0, 0)];
    check(&[row(1, 0, 7)], &two, "SharedToken [100, 200] 1");
    // Two positions at once are two people, also without codes.
    check(
        &[row(1, 0, 7)],
        &[row(1, 0, 7).held(0, 0), row(2, 0, 7).held(5, 0)],
        "AtOnce [] 3",
    );
    check(
        &[],
        &[row(1, 100, 7).held(0, 0), row(2, 0, 7).held(5, 0)],
        "AtOnce [100] 1",
    );
    // One after the other they are one person's.
    check(
        &[],
        &[row(1, 100, 7).held(0, 5), row(2, 0, 7).held(5, 0)],
        "registry 2 -> 100 by names",
    );
}

#[test]
fn what_is_known_forbids() {
    check(
        &[row(1, 0, 7).born(3)],
        &[row(1, 100, 7).born(4)],
        "Differs [100] 1",
    );
}

#[test]
fn a_usual_mistake_is_undone_and_looser_tokens_come_after() {
    check(
        &[row(1, 0, 8).variant(7)],
        &[row(1, 100, 7)],
        "jobs 1 -> 100 by names_swapped",
    );
    // Variants meet plain forms, never one another.
    check(&[row(1, 0, 8).variant(7), row(2, 0, 9).variant(7)], &[], "");
    // Two rows without codes are one provisional person, and both go to the code that one of them meets.
    check(
        &[row(1, 0, 8).loose(50), row(2, 0, 9).loose(50)],
        &[],
        "jobs 1 -> ?1 by sound\njobs 2 -> ?1 by sound",
    );
    check(
        &[row(1, 0, 8).loose(50), row(2, 0, 7).loose(50)],
        &[row(1, 100, 7)],
        "jobs 1 -> 100 by sound\njobs 2 -> 100 by names",
    );
    // A looser token never joins two people with codes.
    check(
        &[row(1, 0, 8).loose(50), row(2, 0, 7).loose(50)],
        &[row(1, 100, 7), row(2, 200, 8)],
        "jobs 1 -> 200 by names\njobs 2 -> 100 by names",
    );
}

#[test]
fn a_code_is_replaced_only_by_the_rule() {
    // The next position begins on the day the last one ended.
    check(
        &[],
        &[row(1, 100, 7).held(0, 5), row(2, 200, 7).held(5, 0)],
        "100 replaced by 200",
    );
    // A row without a code follows the new one.
    check(
        &[row(1, 0, 7)],
        &[row(1, 100, 7).held(0, 5), row(2, 200, 7).held(5, 0)],
        "jobs 1 -> 200 by names\n100 replaced by 200",
    );
    // Later, and elsewhere: a person must say.
    check(
        &[],
        &[row(1, 100, 7).held(0, 5), row(2, 200, 7).held(9, 0)],
        "NotContinued [100, 200] 0",
    );
    check(
        &[],
        &[
            row(1, 100, 7).held(0, 5).home(3),
            row(2, 200, 7).held(9, 0).home(3),
        ],
        "100 replaced by 200",
    );
    check(
        &[],
        &[row(1, 100, 7).held(0, 6), row(2, 200, 7).held(5, 0)],
        "",
    );
    check(
        &[],
        &[
            row(1, 100, 7).held(0, 6).home(3),
            row(2, 200, 7).held(5, 0).home(3),
        ],
        "BothStand [100, 200] 0",
    );
    check(
        &[],
        &[
            row(1, 100, 7).held(0, 5).born(1),
            row(2, 200, 7).held(5, 0).born(2),
        ],
        "",
    );
    check(
        &[row(1, 300, 7)],
        &[row(1, 100, 7).held(0, 5), row(2, 200, 7).held(5, 0)],
        "SeveralCodes [100, 200, 300] 0",
    );
    check(
        &[row(1, 100, 8)],
        &[row(1, 100, 7).held(0, 5), row(2, 200, 7).held(5, 0)],
        "OtherName [100, 200] 0",
    );
    check(
        &[row(1, 200, 7)],
        &[row(1, 100, 7)],
        "OutsideReference [100, 200] 0",
    );
}

#[test]
fn the_same_row_says_another_code() {
    let with = |registry: &[Row], jobs: &[Row], token| {
        let mut input = input(jobs, registry);
        input.sources[1].superseded = vec![Superseded {
            row: 0,
            person: 100,
            tokens: vec![Some(token), None, None],
        }];
        link(&input).0
    };
    let state = with(&[row(1, 200, 7)], &[], 7);
    assert_eq!(told(&state), "100 replaced by 200\n");
    assert_eq!(state.replaced[0].evidence, Evidence::SameRow);
    // The old code still stands on rows of another body under the same name.
    assert_eq!(
        told(&with(&[row(1, 200, 7)], &[row(1, 100, 7)], 7)),
        "100 replaced by 200\n"
    );
    // It was somebody else's: the row was corrected, nobody's code was replaced.
    assert_eq!(told(&with(&[row(1, 200, 7)], &[], 9)), "");
    let stands = with(
        &[row(1, 200, 7).held(0, 0), row(2, 100, 7).held(3, 0)],
        &[],
        7,
    );
    assert!(stands.doubts.is_empty() && stands.replaced.is_empty());
}

#[test]
fn codes_tell_how_good_the_tokens_are() {
    let input = input(
        &[
            row(1, 100, 7),
            row(2, 200, 9),
            row(3, 300, 8),
            row(4, 900, 8),
        ],
        &[row(1, 100, 7), row(2, 200, 6), row(3, 300, 8)],
    );
    let all = agreement(&input);
    let one = all[&None];
    assert_eq!((one.known, one.agreeing, one.met, one.right), (3, 2, 3, 2));
}

/// Encodings of people: two of one person differ in some bits, two of strangers in as many as chance has it.
struct Encoded(u64);

impl Encoded {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// Four bits in ten are ones.
    fn stranger(&mut self) -> [u8; 128] {
        let mut bits = [0; 128];
        for bit in 0..1024 {
            if self.next() % 10 < 4 {
                bits[bit / 8] |= 1 << (bit % 8);
            }
        }
        bits
    }

    /// One bit in so many is drawn anew.
    fn again(&mut self, bits: &[u8; 128], one_in: u64) -> [u8; 128] {
        let other = self.stranger();
        let mut again = *bits;
        for bit in 0..1024 {
            if self.next().is_multiple_of(one_in) {
                let mask = 1 << (bit % 8);
                again[bit / 8] = (again[bit / 8] & !mask) | (other[bit / 8] & mask);
            }
        }
        again
    }
}

/// So many positions and so many jobs without codes or common tokens; the first so many jobs are of the first positions' people.
fn residue([positions, jobs, same]: [i64; 3], one_in: u64) -> Input {
    let mut encoded = Encoded(5);
    let mut input = input(
        &(0..jobs)
            .map(|one| row(one, 0, 10_000 + one))
            .collect::<Vec<_>>(),
        &(0..positions)
            .map(|one| row(one, 0, 1 + one))
            .collect::<Vec<_>>(),
    );
    let people: Vec<[u8; 128]> = (0..positions).map(|_| encoded.stranger()).collect();
    let jobs: Vec<[u8; 128]> = (0..jobs)
        .map(|job| match people.get(job as usize) {
            Some(person) if job < same => encoded.again(person, one_in),
            _ => encoded.stranger(),
        })
        .collect();
    for (source, bits) in input.sources.iter_mut().zip([jobs, people]) {
        let all = (0..).zip(bits.iter().map(Encoding::from_bytes));
        source.encodings = all.collect();
    }
    input
}

#[test]
fn encodings_join_what_is_left() {
    let input = residue([1000, 100, 90], 8);
    let (state, work) = link(&input);
    assert_eq!(work.pairs, 100_000);
    assert_eq!(state.residue.judgement, Judgement::Sound);
    let told = told(&state);
    // The person of each pair is a job and the position of the same number.
    assert_eq!(
        state.links.len(),
        2 * state.residue.alike as usize,
        "{told}"
    );
    assert!(state.links.len() >= 170, "{told}");
    let mut people: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for link in &state.links {
        assert_eq!(link.stage, Stage::Encoding);
        assert!(!link.is_coded);
        people.entry(link.person).or_default().insert(link.record);
    }
    // One in a hundred may be false, and chance may make it two.
    let right = people.values().filter(|records| records.len() == 1);
    assert!(right.count() * 100 >= people.len() * 98, "{told}");
    // What is forbidden is neither linked nor asked about.
    let mut differs = input.clone();
    for (source, born) in differs.sources.iter_mut().zip([1, 2]) {
        source
            .facts
            .iter_mut()
            .for_each(|facts| facts.born = Some(born));
    }
    let (state, _) = link(&differs);
    assert!(state.links.is_empty() && state.doubts.is_empty());
    assert_eq!(state.residue.alike, 0);
}

#[test]
fn too_few_encodings_are_asked_about() {
    let mut input = residue([40, 20, 15], 8);
    let (state, _) = link(&input);
    assert_eq!(state.residue.judgement, Judgement::TooFew);
    assert!(state.links.is_empty());
    assert!(state.doubts.len() >= 12, "{}", told(&state));
    for doubt in &state.doubts {
        assert_eq!(doubt.cause, Cause::Alike);
        assert_eq!(doubt.about.rows.len(), 2);
        assert_eq!(doubt.about.rows[0][0].1, doubt.about.rows[1][0].1);
        assert!(doubt.compared.alike.is_some_and(|alike| alike > 800));
    }
    // A person decides; and what stands is looked at again each time.
    let (first, second) = (&state.doubts[0], &state.doubts[1]);
    let decision = |doubt: &wdl_linkage::staged::Doubt, verdict| Decision {
        about: doubt.about.clone(),
        verdict,
        delivery: 0,
    };
    input.decisions = vec![
        decision(first, Verdict::Same),
        decision(second, Verdict::Different),
    ];
    let mut touched = Touched::default();
    for doubt in [first, second] {
        touched.records.extend(doubt.about.records().cloned());
    }
    let (decided, _) = link(&input);
    assert_eq!(decided.links.len(), 2);
    let questions = |state: &State| -> BTreeSet<_> {
        let doubts = state.doubts.iter();
        doubts.map(|doubt| doubt.about.clone()).collect()
    };
    assert!(!questions(&decided).contains(&first.about));
    assert!(!questions(&decided).contains(&second.about));
    assert_eq!(relink(&input, &state, &touched).0, decided);
    assert_eq!(relink(&input, &decided, &Touched::default()).0, decided);
    // Nothing is like nothing, and nobody to be held against is no fault.
    let mut empty = residue([3, 3, 3], 8);
    for source in &mut empty.sources {
        for (_, encoding) in &mut source.encodings {
            *encoding = Encoding::from_bytes(&[0; 128]);
        }
    }
    assert_eq!(told(&link(&empty).0), "");
    empty.sources[0].encodings.clear();
    assert_eq!(link(&empty).0.residue.judgement, Judgement::Nothing);
}

#[test]
fn every_change_has_its_reason() {
    let before = input(
        &[row(1, 0, 7), row(2, 0, 8), row(3, 0, 5), row(4, 0, 6)],
        &[row(1, 100, 7), row(2, 300, 5), row(3, 400, 6)],
    );
    // Row 1 gets a code of its own; row 2 finds a person; row 3's token is shared now; row 4 went.
    let now = input(
        &[row(1, 100, 7), row(2, 0, 8), row(3, 0, 5)],
        &[
            row(1, 100, 7),
            row(2, 300, 5),
            row(3, 400, 6),
            row(4, 200, 8),
            row(5, 301, 5),
        ],
    );
    let (earlier, later) = (link(&before).0, link(&now).0);
    let had_none: Vec<(String, i64)> = (1..4).map(|record| ("jobs".to_owned(), record)).collect();
    let kinds: Vec<&str> = changes(&earlier, &later, &now, &had_none)
        .iter()
        .map(wdl_linkage::staged::Change::kind)
        .collect();
    assert_eq!(kinds, ["linked", "code_came", "doubtful", "gone", "asked"]);
    assert!(changes(&later, &later, &now, &[]).is_empty());
}
