//! Who lives where over time: one case of each event, and a slow and obvious second implementation over random small cities.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::city::{City, ask, build, lines, quarter, span};
use crate::second_opinion::Dice;

const HEAD: &str = "record person birth_month sex citizenship household relationship household_kind dwelling rione valid_from valid_to\n";
const HOMES: &str = "record dwelling rione rooms area_m2 tenure valid_from valid_to\n";
const QUERY: &str = "SELECT dwelling, household, event, lived_from, lived_until, members_before, members_now, is_record_replaced FROM base.dwelling_change ORDER BY dwelling, household";

/// A pair of dwelling and household.
type Pair = (i64, i64);

#[derive(Clone, Debug)]
struct Position {
    person: Option<i64>,
    household: i64,
    dwelling: Option<i64>,
    kind: &'static str,
    from: Date,
    to: Option<Date>,
}

/// A row of the register of dwellings.
#[derive(Clone, Debug)]
struct Home {
    dwelling: i64,
    from: Date,
    to: Option<Date>,
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or("-".to_owned(), |value| value.to_string())
}

fn city(positions: &[Position], homes: &[Home]) -> City {
    let mut people = HEAD.to_owned();
    for (record, p) in positions.iter().enumerate() {
        let (person, dwelling) = (text(p.person), text(p.dwelling));
        writeln!(
            people,
            "{record} {person} 1980-01-01 F 100 {} IS {} {dwelling} R01 {} {}",
            p.household,
            p.kind,
            p.from,
            text(p.to)
        )
        .unwrap();
    }
    let mut dwellings = HOMES.to_owned();
    for (record, home) in homes.iter().enumerate() {
        let (from, to) = (home.from, text(home.to));
        writeln!(
            dwellings,
            "{record} {} R01 3 70 P {from} {to}",
            home.dwelling
        )
        .unwrap();
    }
    let mut city = City::default();
    city.deliver("comune_residenti", "2025-Q4", &people);
    city.deliver("comune_alloggi", "2025-Q4", &dwellings);
    city
}

fn is_held(from: Date, to: Option<Date>, day: Date) -> bool {
    from <= day && to.is_none_or(|to| to > day)
}

/// The city on the day before a quarter and on its last day.
struct Quarter<'c> {
    all: Vec<&'c Position>,
    before: Vec<&'c Position>,
    now: Vec<&'c Position>,
    last: Date,
    replaced: BTreeSet<i64>,
}

impl<'c> Quarter<'c> {
    fn of(positions: &'c [Position], homes: &[Home], (first, last): (Date, Date)) -> Quarter<'c> {
        let eve = first.yesterday().unwrap();
        let all: Vec<&Position> = positions.iter().filter(|one| one.kind == "F").collect();
        let on = |day: Date| -> Vec<&Position> {
            let all = all.iter().copied();
            all.filter(|one| is_held(one.from, one.to, day)).collect()
        };
        let holds = |home: &Home, day| is_held(home.from, home.to, day);
        let ended = homes
            .iter()
            .filter(|home| holds(home, eve) && !holds(home, last));
        let ended: BTreeSet<i64> = ended.map(|home| home.dwelling).collect();
        let begun = homes
            .iter()
            .filter(|home| holds(home, last) && home.from >= first);
        let begun: BTreeSet<i64> = begun.map(|home| home.dwelling).collect();
        Quarter {
            before: on(eve),
            now: on(last),
            last,
            replaced: ended.intersection(&begun).copied().collect(),
            all,
        }
    }

    fn members(of: &[&Position], pair: Pair) -> usize {
        let is_of = |one: &&&Position| (one.dwelling, one.household) == (Some(pair.0), pair.1);
        of.iter().filter(is_of).count()
    }

    /// People of a pair who ended their position there in the quarter.
    fn ended(&self, pair: Pair) -> BTreeSet<i64> {
        let left = self.before.iter().filter(|one| {
            let is_of = (one.dwelling, one.household) == (Some(pair.0), pair.1);
            is_of && one.to.is_some_and(|to| to <= self.last)
        });
        left.filter_map(|one| one.person).collect()
    }

    /// Where each person stands by a position begun in the quarter.
    fn begun(&self, first: Date) -> Vec<(i64, Option<i64>, i64)> {
        let now = self.now.iter().filter(|one| one.from >= first);
        now.filter_map(|one| Some((one.person?, one.dwelling, one.household)))
            .collect()
    }

    fn event(&self, pair: Pair, first: Date) -> Option<&'static str> {
        let count = |of| Self::members(of, pair);
        let (before, now) = (count(&self.before), count(&self.now));
        let begun = self.begun(first);
        match (before > 0, now > 0) {
            (false, false) => None,
            (true, true) => self.replaced.contains(&pair.0).then_some("record_replaced"),
            (false, true) => {
                let others = self
                    .before
                    .iter()
                    .filter(|one| one.dwelling == Some(pair.0));
                let others: BTreeSet<i64> = others.map(|one| one.household).collect();
                let came = |other: &&i64| {
                    let mut people = self.ended((pair.0, **other)).into_iter();
                    **other != pair.1
                        && people.any(|one| begun.contains(&(one, Some(pair.0), pair.1)))
                };
                let from: Vec<&i64> = others.iter().filter(came).collect();
                let stands = |other: &&i64| Self::members(&self.now, (pair.0, **other)) > 0;
                Some(match (from.is_empty(), from.iter().any(stands)) {
                    (true, _) => "moved_in",
                    (false, true) => "split",
                    (false, false) => "renumbered",
                })
            }
            (true, false) => {
                let people = self.ended(pair);
                let theirs = begun.iter().filter(|(person, ..)| people.contains(person));
                let here = theirs
                    .clone()
                    .filter(|(_, dwelling, _)| *dwelling == Some(pair.0));
                let here: Vec<i64> = here.map(|(_, _, household)| *household).collect();
                let was_there = |other: &i64| Self::members(&self.before, (pair.0, *other)) > 0;
                let goes_on = self.now.iter().any(|one| one.household == pair.1);
                Some(match here.is_empty() {
                    false if here.iter().any(was_there) => "merged",
                    false => "renumbered",
                    true if goes_on || theirs.count() > 0 => "moved_out",
                    true => "ended",
                })
            }
        }
    }

    /// The stay that ends last, day by day: its first day, and the day after its last one unless it goes on.
    fn stay(&self, pair: Pair) -> (Date, Option<Date>) {
        let of = |one: &&&Position| (one.dwelling, one.household) == (Some(pair.0), pair.1);
        let of: Vec<&Position> = self.all.iter().filter(of).copied().collect();
        let lived = |day: Date| of.iter().any(|one| is_held(one.from, one.to, day));
        let mut day = self.last;
        while !lived(day) {
            day = day.yesterday().unwrap();
        }
        let until = (day < self.last).then(|| day.tomorrow().unwrap());
        while lived(day.yesterday().unwrap()) {
            day = day.yesterday().unwrap();
        }
        (day, until)
    }
}

fn told(positions: &[Position], homes: &[Home], (first, last): (Date, Date)) -> String {
    let at = Quarter::of(positions, homes, (first, last));
    let all = positions.iter().filter(|one| one.kind == "F");
    let pairs: BTreeSet<Pair> = all
        .filter_map(|one| Some((one.dwelling?, one.household)))
        .collect();
    let mut text_of = String::new();
    for pair in pairs {
        let Some(event) = at.event(pair, first) else {
            continue;
        };
        let (from, until) = at.stay(pair);
        writeln!(
            text_of,
            "{} {} {event} {from} {} {} {} {}",
            pair.0,
            pair.1,
            text(until),
            Quarter::members(&at.before, pair),
            Quarter::members(&at.now, pair),
            at.replaced.contains(&pair.0)
        )
        .unwrap();
    }
    text_of
}

const QUARTERS: [(&str, Date, Date); 3] = [
    ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
    ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
    ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
];

/// Days around the quarters that are looked at, so that much happens in them.
fn day(dice: &mut Dice) -> Date {
    let days = 15 * i64::try_from(dice.roll(28)).unwrap();
    date(2025, 3, 1).checked_add(days.days()).unwrap()
}

fn ending(dice: &mut Dice, from: Date) -> Option<Date> {
    let days = 15 * i64::try_from(dice.roll(8)).unwrap();
    (dice.roll(8) > 0).then(|| from.checked_add(days.days()).unwrap())
}

/// People with several positions one after the other, mostly in the same dwelling; few households, dwellings and days, so that everything meets.
fn positions(dice: &mut Dice) -> Vec<Position> {
    let mut positions = Vec::new();
    let number = |dice: &mut Dice, sides| i64::try_from(dice.roll(sides)).unwrap();
    for person in 0..2 + number(dice, 8) {
        let person = (dice.roll(6) > 0).then_some(person);
        let begun = 15 * number(dice, 6);
        let mut next = Some(date(2025, 5, 1).checked_add(begun.days()).unwrap());
        let mut dwelling = Some(number(dice, 3));
        for _ in 0..1 + dice.roll(8) {
            let Some(from) = next else { break };
            let to = ending(dice, from);
            if dice.roll(4) == 0 {
                dwelling = (dice.roll(4) > 0).then(|| number(dice, 3));
            }
            positions.push(Position {
                person,
                household: number(dice, 4),
                dwelling,
                kind: if dice.roll(12) == 0 { "C" } else { "F" },
                from,
                to,
            });
            next = match dice.roll(6) {
                0 => to.map(|to| to.checked_add(30.days()).unwrap()),
                _ => to,
            };
        }
    }
    positions
}

fn homes(dice: &mut Dice) -> Vec<Home> {
    let mut homes = Vec::new();
    for dwelling in 0..3 {
        let mut from = Some(date(2020, 1, 1));
        for _ in 0..1 + dice.roll(3) {
            let Some(begun) = from else { break };
            let to = (dice.roll(2) > 0)
                .then(|| day(dice))
                .filter(|to| *to > begun);
            homes.push(Home {
                dwelling,
                from: begun,
                to,
            });
            from = to;
        }
    }
    homes
}

#[test]
fn random_cities_agree_with_a_second_implementation() {
    let mut dice = Dice(20_260_301);
    let mut events: BTreeMap<String, usize> = BTreeMap::new();
    for round in 0..12 {
        let (positions, homes) = (positions(&mut dice), homes(&mut dice));
        if positions.is_empty() {
            continue;
        }
        let state = tempfile::tempdir().unwrap();
        let city = city(&positions, &homes);
        let snapshot = build(&city, span("2025-Q3", "2026-Q1"), state.path());
        for (period, first, last) in QUARTERS {
            let expected = told(&positions, &homes, (first, last));
            assert_eq!(
                ask(&snapshot, quarter(period), QUERY),
                expected,
                "round {round}, {period}: {positions:#?} {homes:#?}"
            );
            for line in expected.lines() {
                let event = line.split(' ').nth(2).unwrap();
                *events.entry(event.to_owned()).or_default() += 1;
            }
        }
    }
    // Every event is met, or the comparison would say little.
    let met: Vec<&str> = events.keys().map(String::as_str).collect();
    assert_eq!(
        met,
        [
            "ended",
            "merged",
            "moved_in",
            "moved_out",
            "record_replaced",
            "renumbered",
            "split"
        ]
    );
}

/// One case of each event, written by hand.
#[test]
fn dwellings_over_time() {
    let at = |month, day| Some(date(2026, month, day));
    let old = date(2020, 1, 1);
    let lives = |person, household, dwelling, from, to| Position {
        person: Some(person),
        household,
        dwelling: Some(dwelling),
        kind: "F",
        from,
        to,
    };
    let begun = date(2026, 2, 1);
    let positions = [
        // 10 moves from 500 to 510; 20 goes on in 501 as 21; of 30 in 502 one goes on there as 31.
        lives(101, 10, 500, old, at(2, 1)),
        lives(101, 10, 510, begun, None),
        lives(201, 20, 501, old, at(2, 1)),
        lives(201, 21, 501, begun, None),
        lives(301, 30, 502, old, None),
        lives(302, 30, 502, old, at(2, 1)),
        lives(302, 31, 502, begun, None),
        // 40 goes into 50, both in 503; 60 in 504 leaves the city; 70 stays in 505, whose record is replaced.
        lives(401, 40, 503, old, at(2, 1)),
        lives(501, 50, 503, old, None),
        lives(401, 50, 503, begun, None),
        lives(601, 60, 504, old, at(3, 1)),
        lives(701, 70, 505, old, None),
        // 80 was in 506 before, left, and came back.
        lives(801, 80, 506, old, Some(date(2022, 1, 1))),
        lives(801, 80, 507, date(2022, 1, 1), at(2, 1)),
        lives(801, 80, 506, begun, None),
    ];
    let homes = [
        Home {
            dwelling: 505,
            from: old,
            to: at(2, 10),
        },
        Home {
            dwelling: 505,
            from: date(2026, 2, 10),
            to: None,
        },
    ];
    let state = tempfile::tempdir().unwrap();
    let base = build(
        &city(&positions, &homes),
        span("2025-Q4", "2026-Q1"),
        state.path(),
    );
    assert_eq!(ask(&base, quarter("2025-Q4"), QUERY), "");
    assert_eq!(
        ask(&base, quarter("2026-Q1"), QUERY),
        lines(
            "500 10 moved_out 2020-01-01 2026-02-01 1 0 false
             501 20 renumbered 2020-01-01 2026-02-01 1 0 false
             501 21 renumbered 2026-02-01 - 0 1 false
             502 31 split 2026-02-01 - 0 1 false
             503 40 merged 2020-01-01 2026-02-01 1 0 false
             504 60 ended 2020-01-01 2026-03-01 1 0 false
             505 70 record_replaced 2020-01-01 - 1 1 true
             506 80 moved_in 2026-02-01 - 0 1 false
             507 80 moved_out 2022-01-01 2026-02-01 1 0 false
             510 10 moved_in 2026-02-01 - 0 1 false"
        )
    );
}
