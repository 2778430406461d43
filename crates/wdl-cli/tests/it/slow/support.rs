//! Aid, rent support and the tables of the health authority, from the definitions for people.

use super::city::{City, Codes};
use super::day::Period;
use super::figures::{at_home, count, not_collected, plan, share, sum};
use super::housing::FamilyYear;
use super::people;
use super::table::{Cell, Figures, Measure, Plan, Unit};

const AIDED: Plan = plan(
    "aided_households",
    &[&["quartiere"], &["citizenship_group"], &["family_type"]],
);
const SPENDING: Plan = plan("aid_spending", &[&["municipal_measure"]]);

/// Who received municipal aid: a family, or without one the person, or without him the payment itself.
pub(super) fn aid(city: &City, year: Period, families: &[FamilyYear<'_>], figures: &mut Figures) {
    let residents = people::residents(city, year.last_day());
    let mut aided: Vec<(Option<String>, String)> = Vec::new();
    let mut by_measure: Vec<(String, String, i64)> = Vec::new();
    for payment in &city.aid {
        if !year.holds(payment.day) || !city.codes.is_municipal(&payment.measure) {
            continue;
        }
        let household = payment.household.clone().or_else(|| {
            let own = residents
                .iter()
                .filter(|one| one.is_family && one.person.is_some())
                .find(|one| one.person == payment.person);
            own.and_then(|one| one.household.clone())
        });
        let who = household.clone().or_else(|| payment.person.clone());
        let who = who.unwrap_or_else(|| payment.record.clone());
        if !aided.iter().any(|(_, earlier)| *earlier == who) {
            aided.push((household, who.clone()));
        }
        let mut rows = by_measure.iter_mut();
        match rows.find(|(earlier, measure, _)| *earlier == who && *measure == payment.measure) {
            Some(row) => row.2 += payment.cents,
            None => by_measure.push((who, payment.measure.clone(), payment.cents)),
        }
    }
    let mut units = Vec::new();
    for (household, _) in &aided {
        let family = families
            .iter()
            .find(|one| Some(one.family.household) == household.as_deref());
        let unit = at_home(city, family.map(|one| one.family.speaker));
        units.push(unit.at(
            "family_type",
            family.map(|one| one.family.family_type.to_owned()),
        ));
    }
    figures.add(&city.codes, &AIDED, year, &units, &count);
    let mut spending = Vec::new();
    for (_, measure, cents) in by_measure {
        let mut unit = Unit::new().at("municipal_measure", Some(measure));
        unit.cents = Some(cents);
        spending.push(unit);
    }
    figures.add(&city.codes, &SPENDING, year, &spending, &sum);
}

const APPLICATIONS: Plan = plan(
    "rent_support_applications",
    &[
        &["rent_support_outcome"],
        &["rent_support_outcome", "citizenship_group"],
    ],
);
const ADMITTED: Plan = plan("rent_support_admitted", &[]);
const PAID: Plan = plan("rent_support_paid", &[]);
const SUPPORT_SPENDING: Plan = plan("rent_support_spending", &[&["citizenship_group"]]);

pub(super) fn rent_support(city: &City, year: Period, figures: &mut Figures) {
    let (mut all, mut admitted, mut paid) = (Vec::new(), Vec::new(), Vec::new());
    for application in &city.rent_support {
        if application.year != year.year {
            continue;
        }
        let known = people::last_known(city, application.person.as_deref(), year.last_day());
        let unit =
            || at_home(city, known).at("rent_support_outcome", Some(application.outcome.clone()));
        let mut applied = unit();
        applied.has = Some(application.outcome != "X");
        all.push(applied);
        if application.outcome != "X" {
            let mut unit = unit();
            unit.has = Some(application.outcome == "P");
            admitted.push(unit);
        }
        if application.outcome == "P" {
            let mut unit = unit();
            unit.cents = Some(application.paid_cents);
            paid.push(unit);
        }
    }
    let is_collected = !all.is_empty();
    let mut add = |plan: &Plan, units: &[Unit], measure: &Measure<'_>| {
        let measure = if is_collected {
            measure
        } else {
            &not_collected
        };
        figures.add(&city.codes, plan, year, units, measure);
    };
    add(&APPLICATIONS, &all, &count);
    add(&ADMITTED, &all, &share);
    add(&PAID, &admitted, &share);
    add(&SUPPORT_SPENDING, &paid, &sum);
}

/// The indicators of the survey and the name of each in the tables of the health authority.
const PASSI: [(&str, &str); 4] = [
    ("passi_good_health", "salute_buona"),
    ("passi_poor_health_days", "giorni_in_cattiva_salute"),
    ("passi_chronic_disease", "patologia_cronica"),
    ("passi_screening", "screening"),
];

/// Taken over as they are; no total is derived from them.
pub(super) fn passi(city: &City, year: Period, figures: &mut Figures) {
    let codes: &Codes = &city.codes;
    let is_collected = city.passi.iter().any(|row| row.year == year.year);
    for (indicator, name) in PASSI {
        let plan = Plan {
            indicator,
            breakdowns: &[&["economic_difficulty"]],
            has_total: false,
        };
        let (mut rows, mut widths) = (Vec::new(), Vec::new());
        for row in &city.passi {
            if row.year == year.year && row.indicator == name {
                let mut unit = Unit::new().at("economic_difficulty", Some(row.difficulty.clone()));
                unit.number = Some(row.share as f64 / 10_000.0);
                unit.cents = Some(row.interviews as i64);
                // The interval of 95 % is 3.92 standard errors wide.
                unit.serial = widths.len();
                widths.push(row.width as f64 / 10_000.0 / 3.92);
                rows.push(unit);
            }
        }
        let taken = |units: &[&Unit]| Cell {
            is_collected: true,
            value: match units {
                [one] => one.number,
                _ => None,
            },
            standard_error: match units {
                [one] => Some(widths[one.serial]),
                _ => None,
            },
            n: units.iter().filter_map(|unit| unit.cents).sum::<i64>() as u64,
            n_with: None,
            coverage: None,
        };
        let measure: &Measure<'_> = if is_collected { &taken } else { &not_collected };
        figures.add(codes, &plan, year, &rows, measure);
    }
}
