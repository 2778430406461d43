//! Aid and ISEE beyond the counts of families, and health between groups, from the definitions for people.

use std::collections::{BTreeMap, BTreeSet};

use super::city::{Aid, City, Position};
use super::day::{Day, Period};
use super::errors::{Everybody, Person};
use super::figures::{at_home, count, mean, not_collected, plan, share};
use super::housing::FamilyYear;
use super::incomes::age_group;
use super::measures;
use super::people;
use super::poverty::{FIRST_ISEE_LIMIT, isee_limit};
use super::table::{Cell, Figures, Measure, Plan, Unit};

/// Who a payment is given to: the family written on it or that of the person, else the person, else the payment itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Family(String),
    Person(String),
    Payment(String),
}

fn payments<'a>(city: &'a City, year: Period, of: &dyn Fn(&Aid) -> bool) -> Vec<(Who, &'a Aid)> {
    let residents = people::residents(city, year.last_day());
    let mut all = Vec::new();
    for payment in &city.aid {
        if !year.holds(payment.day) || !of(payment) {
            continue;
        }
        let own = || {
            residents
                .iter()
                .filter(|one| one.is_family && one.person.is_some())
                .find(|one| one.person == payment.person)
                .and_then(|one| one.household.clone())
        };
        let who = match (payment.household.clone().or_else(own), &payment.person) {
            (Some(family), _) => Who::Family(family),
            (None, Some(person)) => Who::Person(person.clone()),
            (None, None) => Who::Payment(payment.record.clone()),
        };
        all.push((who, payment));
    }
    all
}

/// The families that received aid of some kind in a year.
pub(super) fn families_helped(
    city: &City,
    year: Period,
    of: &dyn Fn(&Aid) -> bool,
) -> BTreeSet<String> {
    let paid = payments(city, year, of).into_iter();
    paid.filter_map(|(who, _)| match who {
        Who::Family(family) => Some(family),
        Who::Person(_) | Who::Payment(_) => None,
    })
    .collect()
}

const PERSONS: Plan = plan("aided_persons", &[&["citizenship_group"], &["age_group"]]);
const RECIPIENTS: Plan = plan("aid_recipients", &[&["citizenship_group"]]);
const PAYMENTS: Plan = plan("aid_payments", &[&["municipal_measure"]]);
const SEVERAL: Plan = plan("aid_several_measures", &[]);
const BOTH: Plan = plan("aid_municipal_and_national", &[]);
const NATIONAL: Plan = plan(
    "national_aid_households",
    &[&["citizenship_group"], &["family_type"]],
);
const MEAN: Plan = plan("aid_mean_amount", &[]);
const AGAIN: Plan = plan("aid_again", &[]);

/// Aid of a year, counted in every other way.
pub(super) fn aid(city: &City, year: Period, families: &[FamilyYear<'_>], figures: &mut Figures) {
    let is_municipal = |payment: &Aid| city.codes.is_municipal(&payment.measure);
    let is_national = |payment: &Aid| city.codes.is_national(&payment.measure);
    let municipal = payments(city, year, &is_municipal);
    let mut helped: BTreeMap<Who, (BTreeSet<&str>, i64)> = BTreeMap::new();
    for (who, payment) in &municipal {
        let own = helped.entry(who.clone()).or_default();
        own.0.insert(&payment.measure);
        own.1 += payment.cents;
    }
    let family_unit = |who: &Who| {
        let family = families
            .iter()
            .find(|one| matches!(who, Who::Family(own) if own == one.family.household));
        at_home(city, family.map(|one| one.family.speaker)).at(
            "family_type",
            family.map(|one| one.family.family_type.to_owned()),
        )
    };
    let with_national = families_helped(city, year, &is_national);
    let before = Period {
        year: year.year - 1,
        quarter: None,
    };
    let helped_before = families_helped(city, before, &is_municipal);
    let is_of = |who: &Who, families: &BTreeSet<String>| matches!(who, Who::Family(own) if families.contains(own));
    let (mut several, mut both, mut amounts, mut again) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (who, (measures, cents)) in &helped {
        let mut unit = family_unit(who);
        unit.has = Some(measures.len() > 1);
        several.push(unit);
        let mut unit = family_unit(who);
        unit.has = Some(is_of(who, &with_national));
        both.push(unit);
        let mut unit = family_unit(who);
        unit.number = Some(*cents as f64 / 100.0);
        amounts.push(unit);
        let mut unit = Unit::new();
        unit.has = Some(is_of(who, &helped_before));
        again.push(unit);
    }
    let codes = &city.codes;
    figures.add(codes, &SEVERAL, year, &several, &share);
    let of = amounts.len();
    figures.add(codes, &MEAN, year, &amounts, &|units| mean(units, of));
    if year.year >= 2018 {
        figures.add(codes, &AGAIN, year, &again, &share);
    }
    if year.year >= 2019 {
        figures.add(codes, &BOTH, year, &both, &share);
        let paid = payments(city, year, &is_national);
        let whos: BTreeSet<Who> = paid.into_iter().map(|(who, _)| who).collect();
        let units: Vec<Unit> = whos.iter().map(family_unit).collect();
        figures.add(codes, &NATIONAL, year, &units, &count);
    }
    people_of(city, year, &municipal, &helped, figures);
}

/// The same aid by person: who lives in a family aided, who a payment is made out to, and the payments.
fn people_of(
    city: &City,
    year: Period,
    municipal: &[(Who, &Aid)],
    helped: &BTreeMap<Who, (BTreeSet<&str>, i64)>,
    figures: &mut Figures,
) {
    let on = year.last_day();
    let residents = people::residents(city, on);
    let mut inside = Vec::new();
    for resident in &residents {
        let family = resident.household.clone().filter(|_| resident.is_family);
        let by_family = family.is_some_and(|own| helped.contains_key(&Who::Family(own)));
        let own = resident.person.clone().map(Who::Person);
        if by_family || own.is_some_and(|own| helped.contains_key(&own)) {
            let unit = at_home(city, Some(resident));
            inside.push(unit.at("age_group", Some(age_group(on.age_of(resident.born)))));
        }
    }
    figures.add(&city.codes, &PERSONS, year, &inside, &count);
    let (mut known, mut to): (BTreeSet<String>, Vec<Unit>) = (BTreeSet::new(), Vec::new());
    let mut acts = Vec::new();
    for (_, payment) in municipal {
        acts.push(Unit::new().at("municipal_measure", Some(payment.measure.clone())));
        let resident = residents
            .iter()
            .filter(|one| one.person.is_some())
            .find(|one| one.person == payment.person);
        let who = payment.person.clone();
        if known.insert(who.unwrap_or_else(|| format!("payment {}", payment.record))) {
            to.push(at_home(city, resident.copied()));
        }
    }
    figures.add(&city.codes, &RECIPIENTS, year, &to, &count);
    figures.add(&city.codes, &PAYMENTS, year, &acts, &count);
}

const DECLARED: Plan = plan("isee_declared", &[&["citizenship_group"], &["age_group"]]);
const MEDIAN: Plan = plan("isee_median", &[&["citizenship_group"]]);
const LOW_AIDED: Plan = plan("isee_below_limit_aided", &[&["citizenship_group"]]);

/// The last declaration of each person in a year: its day, its name, the ISEE.
fn last_declarations(city: &City, year: Period) -> BTreeMap<&str, (Day, &str, i64)> {
    let mut last: BTreeMap<&str, (Day, &str, i64)> = BTreeMap::new();
    for one in &city.isee {
        let Some(person) = one.person.as_deref().filter(|_| year.holds(one.day)) else {
            continue;
        };
        let own = (one.day, one.declaration.as_str(), one.isee_cents);
        let kept = last.entry(person).or_insert(own);
        if one.day > kept.0 {
            *kept = own;
        }
    }
    last
}

/// Residents of 31 December by their last ISEE of the year.
pub(super) fn isee(city: &City, year: Period, figures: &mut Figures) {
    let on = year.last_day();
    let last = last_declarations(city, year);
    let helped = families_helped(city, year, &|own| city.codes.is_economic_aid(own));
    let (mut all, mut with, mut low) = (Vec::new(), Vec::new(), Vec::new());
    let mut declarations: BTreeMap<&str, usize> = BTreeMap::new();
    let mut persons = Vec::new();
    for resident in people::residents(city, on) {
        let own = resident.person.as_deref().and_then(|one| last.get(one));
        let mut unit = at_home(city, Some(resident))
            .at("age_group", Some(age_group(on.age_of(resident.born))));
        unit.has = Some(own.is_some());
        all.push(unit);
        let Some((_, declaration, cents)) = own else {
            continue;
        };
        let next = declarations.len();
        let family = *declarations.entry(declaration).or_insert(next);
        let mut unit = at_home(city, Some(resident));
        unit.cents = Some(*cents);
        unit.serial = persons.len();
        with.push(unit);
        persons.push(Person {
            family,
            cents: Some(*cents),
        });
        if *cents <= isee_limit(year.year) {
            low.push(low_unit(city, resident, &helped));
        }
    }
    figures.add(&city.codes, &DECLARED, year, &all, &share);
    let everybody = Everybody::new(persons, declarations.len(), 6).unwrap();
    let median = |units: &[&Unit]| {
        let mut cents: Vec<i64> = units.iter().filter_map(|unit| unit.cents).collect();
        cents.sort_unstable();
        let persons: Vec<usize> = units.iter().map(|unit| unit.serial).collect();
        let twice = measures::twice_quantile(&cents, 1, 2);
        Cell {
            value: twice.map(|twice| (twice as f64 / 200.0).round()),
            standard_error: everybody.of_quantile(&persons, &cents, (1, 2)),
            ..count(units)
        }
    };
    figures.add(&city.codes, &MEDIAN, year, &with, &median);
    if year.year >= FIRST_ISEE_LIMIT {
        figures.add(&city.codes, &LOW_AIDED, year, &low, &share);
    }
}

fn low_unit(city: &City, resident: &Position, helped: &BTreeSet<String>) -> Unit {
    let mut unit = at_home(city, Some(resident));
    let family = resident.household.as_ref().filter(|_| resident.is_family);
    unit.has = Some(family.is_some_and(|own| helped.contains(own)));
    unit
}

const RATIO: Plan = Plan {
    indicator: "passi_health_ratio",
    breakdowns: &[&["poor_health_outcome"]],
    has_total: false,
};
const ATTRIBUTABLE: Plan = Plan {
    indicator: "passi_attributable",
    breakdowns: &[&["poor_health_outcome"]],
    has_total: false,
};

/// A share with its standard error and its interviews.
#[derive(Clone, Copy)]
struct Group {
    share: f64,
    error: f64,
    interviews: f64,
}

/// Health of those in difficulty against the others.
pub(super) fn health(city: &City, year: Period, figures: &mut Figures) {
    let rows: Vec<_> = city
        .passi
        .iter()
        .filter(|row| row.year == year.year)
        .collect();
    let mut outcomes: Vec<&str> = rows.iter().map(|row| row.indicator.as_str()).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    let (mut ratios, mut parts) = (Vec::new(), Vec::new());
    let (mut ratio_units, mut part_units) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        let of = |difficulty: &str| {
            let row = rows
                .iter()
                .find(|row| row.indicator == outcome && row.difficulty == difficulty)?;
            Some(Group {
                share: row.share as f64 / 10_000.0,
                error: row.width as f64 / 10_000.0 / 3.92,
                interviews: row.interviews as f64,
            })
        };
        let is_good = outcome == "salute_buona" || outcome == "screening";
        let unfavourable = |group: Group| Group {
            share: if is_good {
                1.0 - group.share
            } else {
                group.share
            },
            ..group
        };
        let groups = ["molte", "qualche", "nessuna"].map(|name| of(name).map(unfavourable));
        let unit = |serial: usize, n: f64| {
            // Every outcome is seen from its unfavourable side.
            let seen = match outcome {
                "salute_buona" => "salute_non_buona",
                "screening" => "screening_mancato",
                other => other,
            };
            let mut unit = Unit::new().at("poor_health_outcome", Some(seen.to_owned()));
            unit.serial = serial;
            unit.cents = Some(n as i64);
            unit
        };
        if let [Some(many), _, Some(none)] = groups
            && many.share > 0.0
            && none.share > 0.0
        {
            let ratio = many.share / none.share;
            let relative = (many.error / many.share).powi(2) + (none.error / none.share).powi(2);
            ratio_units.push(unit(ratios.len(), many.interviews + none.interviews));
            ratios.push((ratio, ratio * relative.sqrt()));
        }
        if let [Some(many), Some(some), Some(none)] = groups {
            let groups = [many, some, none];
            let n: f64 = groups.iter().map(|group| group.interviews).sum();
            if let Some(part) = attributable(&groups, n) {
                part_units.push(unit(parts.len(), n));
                parts.push(part);
            }
        }
    }
    let is_collected = !rows.is_empty();
    let mut add = |plan: &Plan, units: &[Unit], numbers: &[(f64, f64)]| {
        let taken = |units: &[&Unit]| Cell {
            is_collected: true,
            value: match units {
                [one] => Some(numbers[one.serial].0),
                _ => None,
            },
            standard_error: match units {
                [one] => Some(numbers[one.serial].1),
                _ => None,
            },
            n: units.iter().filter_map(|unit| unit.cents).sum::<i64>() as u64,
            n_with: None,
            coverage: None,
        };
        let measure: &Measure<'_> = if is_collected { &taken } else { &not_collected };
        figures.add(&city.codes, plan, year, units, measure);
    };
    add(&RATIO, &ratio_units, &ratios);
    add(&ATTRIBUTABLE, &part_units, &parts);
}

/// The part of the bad outcomes that would not be there at the frequency of the last group, and its error by changing each share a little.
fn attributable(groups: &[Group; 3], n: f64) -> Option<(f64, f64)> {
    let part = |shares: [f64; 3]| {
        let weighed = shares.iter().zip(groups);
        let whole: f64 = weighed.map(|(share, group)| share * group.interviews).sum();
        1.0 - shares[2] / (whole / n)
    };
    let shares = groups.map(|group| group.share);
    let whole: f64 = groups.iter().map(|group| group.share).sum();
    let mut squares = 0.0;
    for place in 0..3 {
        let step = 1e-5;
        let moved = |by: f64| {
            let mut moved = shares;
            moved[place] += by;
            part(moved)
        };
        let slope = (moved(step) - moved(-step)) / (2.0 * step);
        squares += (slope * groups[place].error).powi(2);
    }
    (whole > 0.0).then(|| (part(shares), squares.sqrt()))
}
