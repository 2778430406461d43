//! The truth of the city, apart from every body: UTF-8, full precision, clear codes and the keys of the exports.
//!
//! It is what a second, slow computation needs, and what no station of the lab may read.

mod programmes;

use std::fmt::{self, Display, Write as _};
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::aid;
use crate::calendar::Day;
use crate::city::{CONTRACT_CODES, City, CodeKind, FIRST_INCOME_YEAR, NONE};
use crate::errors;
use crate::evictions;
use crate::exports::{self, Written};
use crate::health;
use crate::places::{CITIZENSHIPS, RIONI};
use crate::work;

type Table<'a> = (
    &'static str,
    &'static str,
    Box<dyn Fn(&mut Rows) + Sync + 'a>,
);

/// Rows being written: cells joined by `;`, days as yyyy-mm-dd, amounts in euro with a decimal point.
struct Rows {
    text: String,
    rows: usize,
}

impl Rows {
    fn row(&mut self, cells: std::fmt::Arguments<'_>) {
        self.text
            .write_fmt(cells)
            .expect("memory takes every character");
        self.text.push('\n');
        self.rows += 1;
    }
}

/// A day as yyyy-mm-dd, nothing when there is none yet.
fn day(day: Day) -> impl Display {
    fmt::from_fn(move |f| {
        if day == Day::OPEN {
            return Ok(());
        }
        let (year, month, of_month) = day.parts();
        write!(f, "{year:04}-{month:02}-{of_month:02}")
    })
}

/// Euro and cents with a decimal point.
fn euro(cents: i64) -> impl Display {
    let sign = if cents < 0 { "-" } else { "" };
    let size = cents.unsigned_abs();
    fmt::from_fn(move |f| write!(f, "{sign}{}.{:02}", size / 100, size % 100))
}

/// The key of the exports, nothing when there is none.
fn key(letter: &'static str, serial: u32) -> impl Display {
    fmt::from_fn(move |f| match serial {
        NONE => Ok(()),
        serial => write!(f, "{letter}{serial:09}"),
    })
}

/// Writes every table under `folder/truth`.
pub(crate) fn write(city: &City, folder: &Path) -> io::Result<Vec<Written>> {
    fs::create_dir_all(folder.join("truth"))?;
    let tables = tables(city);
    let written: Vec<io::Result<Written>> = tables
        .par_iter()
        .map(|(name, header, fill)| {
            let mut rows = Rows {
                text: format!("{header}\n"),
                rows: 0,
            };
            fill(&mut rows);
            let file = Path::new("truth").join(format!("{name}.csv"));
            fs::write(folder.join(&file), rows.text)?;
            Ok(Written {
                file,
                rows: rows.rows,
            })
        })
        .collect();
    written.into_iter().collect()
}

fn tables(city: &City) -> Vec<Table<'_>> {
    vec![
        (
            "persons",
            "person;tax_code;base_code;surname;name;sex;birth_date;birth_place;kind;arrived",
            Box::new(|rows| persons(city, rows)),
        ),
        (
            "spells",
            "record;person;household;household_kind;relationship;citizenship;dwelling;rione;valid_from;valid_to;end_reason",
            Box::new(|rows| spells(city, rows)),
        ),
        (
            "households",
            "household;kind;since;ended",
            Box::new(|rows| households(city, rows)),
        ),
        (
            "dwellings",
            "record;dwelling;rione;rooms;area_m2;tenure;valid_from;valid_to",
            Box::new(|rows| dwellings(city, rows)),
        ),
        (
            "contracts",
            "contract;dwelling;tenant;contract_type;rent_eur_month;area_m2;valid_from;valid_to",
            Box::new(|rows| contracts(city, rows)),
        ),
        (
            "incomes",
            "person;year;resident;filer;employment;pension;self_employment;property;taxable;exempt;undeclared",
            Box::new(|rows| incomes(city, rows)),
        ),
        (
            "returns",
            "record;person;reference_year;taxable_income",
            Box::new(|rows| returns(city, rows)),
        ),
        (
            "isee",
            "record;declaration;household;person;event_date;income_year;isee;ise;scale;members",
            Box::new(|rows| isee(city, rows)),
        ),
        (
            "aid",
            "record;person;household;measure;amount;event_date",
            Box::new(|rows| aids(city, rows)),
        ),
        (
            "lists",
            "application;list;person;household;valid_from;valid_to;outcome",
            Box::new(|rows| lists(city, rows)),
        ),
        (
            "rent_support",
            "application;person;household;reference_year;outcome;amount_paid;paid_later",
            Box::new(|rows| rent_support(city, rows)),
        ),
        (
            "rent_support_effects",
            "application;reference_year;score;distance;funded;aid_without;aid_with;notice_without;notice_with",
            Box::new(|rows| programmes::relief(city, rows)),
        ),
        (
            "rione_quarters",
            "rione;period;desk_opened;renting_households;notices;notices_without;rate_without;averted_share",
            Box::new(|rows| programmes::rione_quarters(city, rows)),
        ),
        (
            "accompaniment",
            "person;year;joined;chance;isee;months_before;aided;registered;age;months_without;months_with",
            Box::new(|rows| programmes::participations(city, rows)),
        ),
        (
            "effects",
            "programme;estimand;effect;units",
            Box::new(|rows| programmes::effects(city, rows)),
        ),
        (
            "evictions",
            "record;person;household;dwelling;kind;reason;event_date",
            Box::new(|rows| evictions(city, rows)),
        ),
        (
            "arrears",
            "household;period;quarters;burden",
            Box::new(|rows| arrears(city, rows)),
        ),
        (
            "jobs",
            "contract;person;contract_type;hours;sector;valid_from;valid_to",
            Box::new(|rows| jobs(city, rows)),
        ),
        (
            "unemployment",
            "registration;person;valid_from;valid_to",
            Box::new(|rows| registrations(city, rows)),
        ),
        (
            "accidents",
            "record;person;event_date;place;recognised;kind",
            Box::new(|rows| accidents(city, rows)),
        ),
        (
            "health",
            "year;indicator;economic_difficulty;population;population_positive;interviews;positive",
            Box::new(|rows| passi(city, rows)),
        ),
        (
            "errors",
            "dataset;record;person;other_person;error;right;written;until",
            Box::new(|rows| faults(city, rows)),
        ),
        (
            "names",
            "dataset;record;person;error",
            Box::new(|rows| names(city, rows)),
        ),
    ]
}

fn persons(city: &City, rows: &mut Rows) {
    for (index, person) in city.persons.iter().enumerate() {
        let kind = match (person.spell, person.code_kind) {
            (NONE, CodeKind::Ordinary) => "outsider",
            (_, CodeKind::Stp) => "stp",
            (_, CodeKind::Eni) => "eni",
            _ => "resident",
        };
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{};{kind};{}",
            key("N", index as u32),
            city.codes[index],
            city.base_codes[index].as_deref().unwrap_or(""),
            city.names.surname_text(person.surname),
            city.names.given_text(
                usize::from(person.family_of_names),
                person.male,
                person.given
            ),
            if person.male { "M" } else { "F" },
            day(person.born),
            person.place,
            day(person.arrived),
        ));
    }
}

fn spells(city: &City, rows: &mut Rows) {
    for (index, spell) in city.spells.iter().enumerate() {
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{};{};{};{}",
            key("P", index as u32),
            key("N", spell.person),
            key("F", spell.household),
            if city.household(spell.household).institution {
                "C"
            } else {
                "F"
            },
            spell.relation.code(),
            CITIZENSHIPS[usize::from(spell.citizenship)].istat,
            key("F257-", spell.dwelling),
            exports::rione(city, spell.dwelling, spell.household),
            day(spell.from),
            day(spell.to),
            spell.end,
        ));
    }
}

fn households(city: &City, rows: &mut Rows) {
    for (index, household) in city.households.iter().enumerate() {
        let kind = if household.institution { "C" } else { "F" };
        rows.row(format_args!(
            "{};{kind};{};{}",
            key("F", index as u32),
            day(household.since),
            day(household.ended)
        ));
    }
}

fn dwellings(city: &City, rows: &mut Rows) {
    for (index, spell) in city.tenures.iter().enumerate() {
        let dwelling = &city.dwellings[spell.dwelling as usize];
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{}",
            key("A", index as u32),
            key("F257-", spell.dwelling),
            RIONI[usize::from(dwelling.rione)].code,
            exports::rooms(dwelling) as f64 / 100.0,
            dwelling.area,
            spell.tenure.code(),
            day(spell.from),
            day(spell.to),
        ));
    }
}

fn contracts(city: &City, rows: &mut Rows) {
    for (index, contract) in city.contracts.iter().enumerate() {
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{}",
            key("TGF", index as u32),
            key("F257-", contract.dwelling),
            key("N", contract.tenant),
            CONTRACT_CODES[usize::from(contract.kind)],
            euro(contract.rent),
            city.dwellings[contract.dwelling as usize].area,
            day(contract.from),
            day(contract.to),
        ));
    }
}

fn incomes(city: &City, rows: &mut Rows) {
    for (offset, table) in city.incomes.iter().enumerate() {
        let year = FIRST_INCOME_YEAR + offset as i32;
        for (person, income) in table.iter().enumerate() {
            if !income.resident && income.all() == 0 {
                continue;
            }
            rows.row(format_args!(
                "{};{year};{};{};{};{};{};{};{};{};{}",
                key("N", person as u32),
                u8::from(income.resident),
                u8::from(income.filer),
                euro(income.employment.into()),
                euro(income.pension.into()),
                euro(income.self_employment.into()),
                euro(income.property.into()),
                euro(income.taxable()),
                euro(income.exempt.into()),
                euro(income.hidden.into()),
            ));
        }
    }
}

fn returns(city: &City, rows: &mut Rows) {
    for (index, (year, person)) in exports::returns(city).into_iter().enumerate() {
        let taxable = euro(city.income(person, year).taxable());
        rows.row(format_args!(
            "{};{};{year};{taxable}",
            key("D", index as u32),
            key("N", person)
        ));
    }
}

fn isee(city: &City, rows: &mut Rows) {
    for (index, (declaration, member)) in exports::declared(city).into_iter().enumerate() {
        let of = &city.declarations[declaration as usize];
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{};{};{}",
            key("R", index as u32),
            key("INPS-ISEE-", declaration),
            key("F", of.household),
            key("N", member),
            day(of.day),
            of.day.year() - 2,
            euro(of.isee),
            euro(of.ise),
            euro(of.scale),
            of.members.len(),
        ));
    }
}

fn aids(city: &City, rows: &mut Rows) {
    for (index, aid) in city.aids.iter().enumerate() {
        rows.row(format_args!(
            "{};{};{};{};{};{}",
            key("E", index as u32),
            key("N", aid.person),
            key("F", aid.household),
            aid::MEASURES[usize::from(aid.measure)],
            euro(aid.amount),
            day(aid.day),
        ));
    }
}

fn lists(city: &City, rows: &mut Rows) {
    for (index, application) in city.applications.iter().enumerate() {
        let (letter, list) = if application.list == 0 {
            ("ERP", "erp")
        } else {
            ("AC", "agenzia_casa")
        };
        rows.row(format_args!(
            "{};{list};{};{};{};{};{}",
            key(letter, index as u32),
            key("N", application.person),
            key("F", application.household),
            day(application.from),
            day(application.to),
            application.outcome,
        ));
    }
}

fn rent_support(city: &City, rows: &mut Rows) {
    for (index, application) in city.rent_applications.iter().enumerate() {
        rows.row(format_args!(
            "{};{};{};{};{};{};{}",
            key("CA", index as u32),
            key("N", application.person),
            key("F", application.household),
            application.year,
            application.outcome,
            euro(application.paid),
            day(application.later),
        ));
    }
}

fn evictions(city: &City, rows: &mut Rows) {
    for (index, eviction) in city.evictions.iter().enumerate() {
        rows.row(format_args!(
            "{};{};{};{};{};{};{}",
            key("S", index as u32),
            key("N", eviction.person),
            key("F", eviction.household),
            key("F257-", eviction.dwelling),
            evictions::STAGES[usize::from(eviction.stage)],
            evictions::REASONS[usize::from(eviction.reason)],
            day(eviction.day),
        ));
    }
}

fn arrears(city: &City, rows: &mut Rows) {
    for state in &city.arrears {
        let period = format!("{}-Q{}", state.quarter.year, state.quarter.quarter);
        rows.row(format_args!(
            "{};{period};{};{}",
            key("F", state.household),
            state.quarters,
            state.burden
        ));
    }
}

fn jobs(city: &City, rows: &mut Rows) {
    for (index, job) in city.jobs.iter().enumerate() {
        rows.row(format_args!(
            "{};{};{};{};{};{};{}",
            key("COB", index as u32),
            key("N", job.person),
            work::KINDS[usize::from(job.kind)],
            if job.part_time { "parziale" } else { "pieno" },
            work::SECTORS[usize::from(job.sector)].0,
            day(job.from),
            day(job.to),
        ));
    }
}

fn registrations(city: &City, rows: &mut Rows) {
    for (index, registration) in city.registrations.iter().enumerate() {
        let (from, to) = (day(registration.from), day(registration.to));
        rows.row(format_args!(
            "{};{};{from};{to}",
            key("DID", index as u32),
            key("N", registration.person)
        ));
    }
}

fn accidents(city: &City, rows: &mut Rows) {
    for (index, accident) in city.accidents.iter().enumerate() {
        rows.row(format_args!(
            "{};{};{};{};{};{}",
            key("I", index as u32),
            key("N", accident.person),
            day(accident.day),
            accident.place,
            day(accident.recognised),
            if accident.commuting {
                "itinere"
            } else {
                "lavoro"
            },
        ));
    }
}

fn passi(city: &City, rows: &mut Rows) {
    for row in &city.passi {
        rows.row(format_args!(
            "{};{};{};{};{};{};{}",
            row.year,
            health::INDICATORS[usize::from(row.indicator)],
            health::DIFFICULTIES[usize::from(row.difficulty)],
            row.population,
            row.population_positive,
            row.interviews,
            row.positive,
        ));
    }
}

/// People planted, then every cell whose code is not the person's.
fn faults(city: &City, rows: &mut Rows) {
    for (kind, person, other) in &city.planted {
        rows.row(format_args!(
            ";;{};{};{kind};;;",
            key("N", *person),
            key("N", *other)
        ));
    }
    for (index, spell) in city.spells.iter().enumerate() {
        registry_fault(city, rows, index, spell.person);
    }
    for (dataset, number, letter, people) in exports::coded(city) {
        for (serial, unit, person) in people {
            let written = errors::written(city, number, u64::from(unit), person);
            fault(city, rows, dataset, key(letter, serial), person, written);
        }
    }
    for person in 0..city.persons.len() as u32 {
        let state = city.person(person);
        if state.spell == NONE && state.code_kind == CodeKind::Ordinary {
            rows.row(format_args!(
                ";;{};;outside_the_registry;;;",
                key("N", person)
            ));
        }
    }
}

fn fault(
    city: &City,
    rows: &mut Rows,
    dataset: &str,
    record: impl Display,
    person: u32,
    written: errors::Written<'_>,
) {
    if let Some(fault) = written.fault {
        let right = &city.codes[person as usize];
        rows.row(format_args!(
            "{dataset};{record};{};;{fault};{right};{};",
            key("N", person),
            written.text
        ));
    }
}

/// A fault of a position that a delivery told, with the day of its correction.
fn registry_fault(city: &City, rows: &mut Rows, index: usize, person: u32) {
    let Some(fault) = errors::registry_fault(city, index) else {
        return;
    };
    let spell = &city.spells[index];
    let was_told = exports::DELIVERIES
        .iter()
        .any(|(_, quarter)| spell.from <= quarter.last() && quarter.last() < fault.until);
    if was_told {
        rows.row(format_args!(
            "residenti;{};{};;{};{};{};{}",
            key("P", index as u32),
            key("N", person),
            fault.fault,
            city.codes[person as usize],
            fault.text,
            day(fault.until),
        ));
    }
}

/// Rows of another office whose names are not as the registry has them.
fn names(city: &City, rows: &mut Rows) {
    for (index, job) in city.jobs.iter().enumerate() {
        if let Some(error) = exports::job_names(city, index).fault {
            rows.row(format_args!(
                "rapporti_lavoro;{};{};{error}",
                key("COB", index as u32),
                key("N", job.person),
            ));
        }
    }
}
