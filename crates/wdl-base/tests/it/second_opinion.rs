//! A slow and obvious second implementation of the people and the households, over random small cities.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::city::{City, ask, build, quarter, span};

/// A stream of numbers that never changes.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[derive(Clone, Debug)]
struct Position {
    record: i64,
    person: Option<i64>,
    born: (i64, i64),
    citizenship: &'static str,
    household: i64,
    relationship: &'static str,
    kind: &'static str,
    from: String,
    to: Option<String>,
}

fn day(dice: &mut Dice, years: std::ops::Range<i64>) -> String {
    let year = years.start + i64::try_from(dice.roll(years.end.abs_diff(years.start))).unwrap();
    format!("{year}-{:02}-{:02}", 1 + dice.roll(12), 1 + dice.roll(28))
}

fn positions(dice: &mut Dice) -> Vec<Position> {
    let count = 1 + dice.roll(30);
    (0..i64::try_from(count).unwrap())
        .map(|record| {
            let from = day(dice, 2023..2027);
            let to = match dice.roll(3) {
                0 => Some(day(dice, 2024..2028)).filter(|to| *to >= from),
                _ => None,
            };
            let person = (dice.roll(6) > 0).then(|| i64::try_from(dice.roll(20)).unwrap());
            // A code is of one birth, save where somebody wrote another's code.
            let birth = match person {
                Some(person) if dice.roll(5) > 0 => person.unsigned_abs() * 7,
                _ => dice.roll(93),
            };
            Position {
                record,
                person,
                born: (
                    1930 + i64::try_from(birth % 93).unwrap(),
                    1 + i64::try_from(birth % 12).unwrap(),
                ),
                citizenship: ["100", "100", "235"][usize::try_from(dice.roll(3)).unwrap()],
                household: i64::try_from(dice.roll(7)).unwrap(),
                relationship: ["IS", "IS", "CG", "FG", "FG", "GE", "AL"]
                    [usize::try_from(dice.roll(7)).unwrap()],
                kind: if dice.roll(10) == 0 { "C" } else { "F" },
                from,
                to,
            }
        })
        .collect()
}

fn city(positions: &[Position]) -> City {
    let mut text = "record person birth_month sex citizenship household relationship household_kind rione valid_from valid_to\n".to_owned();
    for p in positions {
        writeln!(
            text,
            "{} {} {}-{:02}-01 F {} {} {} {} R01 {} {}",
            p.record,
            p.person.map_or("-".to_owned(), |person| person.to_string()),
            p.born.0,
            p.born.1,
            p.citizenship,
            p.household,
            p.relationship,
            p.kind,
            p.from,
            p.to.as_deref().unwrap_or("-"),
        )
        .unwrap();
    }
    let mut city = City::default();
    city.deliver("comune_residenti", "2025-Q4", &text);
    city
}

fn age(position: &Position, last: (i64, i64)) -> i64 {
    last.0 - position.born.0 - i64::from(position.born.1 > last.1)
}

/// Who lives here on a day: of several positions of a person the one begun last, then the smaller record.
///
/// One code with two births is two people, and links neither.
fn residents(positions: &[Position], last_day: &str) -> Vec<Position> {
    let mut residents: Vec<&Position> = Vec::new();
    let mut best: BTreeMap<(i64, (i64, i64)), &Position> = BTreeMap::new();
    for position in positions {
        let is_here = position.from.as_str() <= last_day
            && position.to.as_deref().is_none_or(|to| to > last_day);
        match position.person {
            _ if !is_here => {}
            None => residents.push(position),
            Some(person) => {
                let before = best.entry((person, position.born)).or_insert(position);
                let is_later = position.from > before.from
                    || (position.from == before.from && position.record < before.record);
                if is_later {
                    *before = position;
                }
            }
        }
    }
    residents.extend(best.values());
    residents.sort_by_key(|position| position.record);
    let bearers = |person| {
        best.keys()
            .filter(|(bearer, _)| Some(*bearer) == person)
            .count()
    };
    residents
        .into_iter()
        .map(|position| Position {
            person: position.person.filter(|_| bearers(position.person) == 1),
            ..position.clone()
        })
        .collect()
}

fn family_type(members: &[&Position], speaker_age: i64) -> &'static str {
    let is = |relationship: &str| {
        members
            .iter()
            .filter(|member| member.relationship == relationship)
            .count()
    };
    let (holders, partners, children, parents, others) =
        (is("IS"), is("CG"), is("FG"), is("GE"), is("AL"));
    match (members.len(), holders, partners, children, parents, others) {
        (1, ..) if speaker_age < 65 => "sola_under65",
        (1, ..) => "sola_65plus",
        (_, 1, 1, 0, 0, 0) => "coppia_senza_figli",
        (_, 1, 1, _, 0, 0) | (_, 1, 0, 0, 2, 0) => "coppia_con_figli",
        (_, 1, 0, 1.., 0, 0) | (_, 1, 0, 0, 1, 0) => "monogenitore",
        _ => "altro",
    }
}

fn households(residents: &[Position], last: (i64, i64)) -> String {
    let mut families: BTreeMap<i64, Vec<&Position>> = BTreeMap::new();
    for resident in residents.iter().filter(|resident| resident.kind == "F") {
        families
            .entry(resident.household)
            .or_default()
            .push(resident);
    }
    let mut text = String::new();
    for (household, members) in families {
        let holder = members.iter().find(|member| member.relationship == "IS");
        let eldest = members
            .iter()
            .max_by_key(|member| (age(member, last), -member.record));
        let speaker = holder.or(eldest).unwrap();
        let count = |is: &dyn Fn(i64) -> bool| {
            members
                .iter()
                .filter(|member| is(age(member, last)))
                .count()
        };
        writeln!(
            text,
            "{household} {} {} {} {} {} {}",
            members.len(),
            count(&|age| age < 18),
            count(&|age| age >= 65),
            members.iter().any(|member| member.citizenship != "100"),
            if speaker.citizenship == "100" {
                "italiana"
            } else {
                "ue"
            },
            family_type(&members, age(speaker, last)),
        )
        .unwrap();
    }
    text
}

#[test]
fn random_cities_agree_with_a_second_implementation() {
    let mut dice = Dice(20_260_101);
    for round in 0..15 {
        let positions = positions(&mut dice);
        let state = tempfile::tempdir().unwrap();
        let snapshot = build(&city(&positions), span("2025-Q3", "2026-Q1"), state.path());
        for (period, last_day, last) in [
            ("2025-Q3", "2025-09-30", (2025, 9)),
            ("2025-Q4", "2025-12-31", (2025, 12)),
            ("2026-Q1", "2026-03-31", (2026, 3)),
        ] {
            let residents = residents(&positions, last_day);
            let mut people = String::new();
            for resident in &residents {
                let person = resident.person.map_or("-".to_owned(), |p| p.to_string());
                let age = age(resident, last);
                writeln!(
                    people,
                    "{} {person} {} {age}",
                    resident.record, resident.household
                )
                .unwrap();
            }
            assert_eq!(
                ask(
                    &snapshot,
                    quarter(period),
                    "SELECT record, person, household, age_years FROM base.person_period ORDER BY record"
                ),
                people,
                "round {round}, {period}: {positions:#?}"
            );
            assert_eq!(
                ask(
                    &snapshot,
                    quarter(period),
                    "SELECT household, members, minors, elders, has_foreign, citizenship_group, family_type FROM base.household_period ORDER BY household"
                ),
                households(&residents, last),
                "round {round}, {period}: {positions:#?}"
            );
        }
    }
}
