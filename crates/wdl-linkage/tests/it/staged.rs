//! Linkage by stages: rules by hand, and the law that deliveries one after the other give what they give together.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wdl_linkage::staged::{
    Cause, Decision, Encoding, Evidence, Facts, Input, Judgement, Likeness, Probe, Rows, Stage,
    State, Superseded, Touched, Verdict, agreement, changes, link, relink,
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

/// What stands once every doubt has the same answer; and nothing is asked again.
fn decided(input: &Input, verdict: Verdict) -> (Input, State) {
    let mut input = input.clone();
    let (state, _) = link(&input);
    let decisions = state.doubts.iter().map(|doubt| Decision {
        about: doubt.about.clone(),
        verdict,
        delivery: 9,
    });
    input.decisions = decisions.collect();
    let (state, _) = link(&input);
    (input, state)
}

fn check_decided(jobs: &[Row], registry: &[Row], [same, different]: [&str; 2]) {
    let input = input(jobs, registry);
    for (verdict, expected) in [(Verdict::Same, same), (Verdict::Different, different)] {
        let (_, state) = decided(&input, verdict);
        let expected = expected.lines().map(|line| line.trim().to_owned() + "\n");
        assert_eq!(told(&state), expected.collect::<String>(), "{verdict:?}");
    }
}

#[test]
fn a_person_decides() {
    let two = [row(1, 100, 7).held(0, 0), row(2, 200, 7).held(0, 0)];
    check_decided(
        &[row(1, 0, 7)],
        &two,
        ["jobs 1 -> 100 by decision\n200 replaced by 100", ""],
    );
    check_decided(
        &[],
        &[row(1, 100, 7).held(0, 0), row(2, 0, 7).held(5, 0)],
        ["registry 2 -> 100 by decision", ""],
    );
    check_decided(
        &[row(1, 0, 7).born(3)],
        &[row(1, 100, 7).born(4)],
        ["jobs 1 -> 100 by decision", ""],
    );
    // The code that came later stands.
    check_decided(
        &[],
        &[row(1, 200, 7).held(0, 5), row(2, 100, 7).held(9, 0).came(3)],
        ["200 replaced by 100", ""],
    );
    check_decided(
        &[row(1, 300, 7)],
        &[row(1, 100, 7).held(0, 5), row(2, 200, 7).held(5, 0)],
        ["200 replaced by 100\n300 replaced by 100", ""],
    );
    // Rows without codes, two positions at once.
    check_decided(
        &[],
        &[row(1, 0, 7).held(0, 0), row(2, 0, 7).held(5, 0)],
        [
            "registry 1 -> ?1 by decision\nregistry 2 -> ?1 by decision",
            "",
        ],
    );
}

#[test]
fn a_decision_holds_and_what_is_new_is_asked() {
    let registry = [row(1, 100, 7).held(0, 0), row(2, 0, 7).held(5, 0)];
    // A second row with the token of two that are apart may be either's.
    let (mut input, _) = decided(&input(&[], &registry), Verdict::Different);
    input.sources[0] = rows("jobs", false, &[row(1, 0, 7)]);
    assert_eq!(told(&link(&input).0), "SharedToken [100] 2\n");
    // One person by decision draws the row without a question.
    input.decisions[0].verdict = Verdict::Same;
    assert_eq!(
        told(&link(&input).0),
        "jobs 1 -> 100 by names\nregistry 2 -> 100 by decision\n"
    );
    // A row that got its own code is its code's, whatever was decided.
    input.sources[1].persons[1] = Some(300);
    input.sources[0] = rows("jobs", false, &[]);
    assert_eq!(told(&link(&input).0), "");
    // What was decided to be apart stays apart, whatever else is said.
    let (mut both, _) = decided(&self::input(&[], &registry), Verdict::Different);
    let mut other = both.decisions[0].clone();
    other.verdict = Verdict::Same;
    both.decisions.push(other);
    assert_eq!(told(&link(&both).0), "");
}

#[test]
fn a_doubt_says_what_agrees() {
    let input = input(
        &[row(1, 0, 7).born(3).home(4)],
        &[row(1, 100, 7).born(4).home(4)],
    );
    let doubt = &link(&input).0.doubts[0];
    let words: Vec<(&str, Likeness)> = doubt
        .compared
        .tokens
        .iter()
        .map(|(name, likeness)| (name.as_str(), *likeness))
        .collect();
    assert_eq!(
        words,
        [("names", Likeness::Agrees), ("sound", Likeness::Unknown)]
    );
    assert_eq!(doubt.compared.born, Likeness::Differs);
    assert_eq!(doubt.compared.household, Likeness::Agrees);
    assert_eq!(doubt.compared.sex, Likeness::Unknown);
    assert_eq!(doubt.compared.at_once, None);
}

#[test]
fn a_settled_doubt_tells_that_it_was_decided() {
    let before = input(&[row(1, 0, 7).born(3)], &[row(1, 100, 7).born(4)]);
    let earlier = link(&before).0;
    for (verdict, expected) in [
        (Verdict::Same, &["linked", "decided"][..]),
        (Verdict::Different, &["decided"]),
    ] {
        let (now, later) = decided(&before, verdict);
        let kinds: Vec<&str> = changes(&earlier, &later, &now, &[])
            .iter()
            .map(wdl_linkage::staged::Change::kind)
            .collect();
        assert_eq!(kinds, expected);
    }
}

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
