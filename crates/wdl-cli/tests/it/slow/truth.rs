//! The city from its truth: each person is known, nothing is mistyped.

use std::collections::HashMap;
use std::path::Path;

use super::city::{
    Accident, Aid, Application, City, Codes, Contract, Dwelling, Episode, Eviction, Isee, Job,
    Passi, Position, Registration, RentSupport, Return,
};
use super::day::{Day, hundredths, last_known_day};
use super::tables::{self, Row};

impl City {
    /// Reads `truth/*.csv`.
    pub(crate) fn true_one(truth: &Path, lab: &Path) -> City {
        let rows = |name: &str| tables::utf8(&truth.join(format!("{name}.csv")), b';').rows;
        let births: HashMap<String, (Day, String)> = rows("persons")
            .iter()
            .map(|row| {
                let of = (day(row, "birth_date"), row.text("sex").to_owned());
                (row.text("person").to_owned(), of)
            })
            .collect();
        City {
            positions: rows("spells")
                .iter()
                .map(|row| position(row, &births))
                .collect(),
            dwellings: rows("dwellings").iter().map(dwelling).collect(),
            contracts: rows("contracts").iter().map(contract).collect(),
            returns: rows("returns").iter().map(tax_return).collect(),
            isee: rows("isee").iter().map(isee).collect(),
            aid: rows("aid").iter().map(aid).collect(),
            applications: rows("lists").iter().map(application).collect(),
            rent_support: rows("rent_support").iter().map(rent_support).collect(),
            evictions: rows("evictions").iter().map(eviction).collect(),
            passi: rows("health")
                .iter()
                .filter(|row| is_published(row))
                .map(passi)
                .collect(),
            jobs: rows("jobs").iter().map(job).collect(),
            registrations: rows("unemployment").iter().map(registration).collect(),
            accidents: rows("accidents").iter().map(accident).collect(),
            codes: Codes::read(lab),
        }
    }
}

fn day(row: &Row, column: &str) -> Day {
    Day::iso(row.text(column))
}

fn episode(row: &Row) -> Episode {
    Episode {
        from: day(row, "valid_from"),
        to: row.some("valid_to").map(|to| Day::iso(&to)),
    }
}

fn position(row: &Row, births: &HashMap<String, (Day, String)>) -> Position {
    let (born, sex) = births[row.text("person")].clone();
    Position {
        record: row.text("record").to_owned(),
        person: row.some("person"),
        born,
        sex,
        citizenship: row.text("citizenship").to_owned(),
        household: row.some("household"),
        relationship: row.text("relationship").to_owned(),
        is_family: row.text("household_kind") == "F",
        dwelling: row.some("dwelling"),
        rione: row.text("rione").to_owned(),
        episode: episode(row),
    }
}

fn dwelling(row: &Row) -> Dwelling {
    Dwelling {
        dwelling: row.text("dwelling").to_owned(),
        rione: row.text("rione").to_owned(),
        tenure: row.text("tenure").to_owned(),
        area_hundredths: hundredths(row.text("area_m2")),
        episode: episode(row),
    }
}

fn contract(row: &Row) -> Contract {
    Contract {
        dwelling: row.text("dwelling").to_owned(),
        tenant: row.some("tenant"),
        contract_type: row.text("contract_type").to_owned(),
        rent_cents_month: hundredths(row.text("rent_eur_month")),
        area_hundredths: row.some("area_m2").map(|area| hundredths(&area)),
        episode: episode(row),
    }
}

fn tax_return(row: &Row) -> Return {
    Return {
        person: row.some("person"),
        year: row.text("reference_year").parse().unwrap(),
        taxable_cents: hundredths(row.text("taxable_income")),
    }
}

fn isee(row: &Row) -> Isee {
    Isee {
        declaration: row.text("declaration").to_owned(),
        person: row.some("person"),
        day: day(row, "event_date"),
        isee_cents: hundredths(row.text("isee")),
    }
}

fn aid(row: &Row) -> Aid {
    Aid {
        record: row.text("record").to_owned(),
        person: row.some("person"),
        household: row.some("household"),
        measure: row.text("measure").to_owned(),
        cents: hundredths(row.text("amount")),
        day: day(row, "event_date"),
    }
}

fn application(row: &Row) -> Application {
    Application {
        list: match row.text("list") {
            "erp" => "erp",
            "agenzia_casa" => "agenzia_casa",
            other => panic!("no list `{other}`"),
        },
        person: row.some("person"),
        household: row.some("household"),
        episode: episode(row),
        outcome: row.text("outcome").to_owned(),
    }
}

/// Who was admitted and is paid later is not paid until then.
fn rent_support(row: &Row) -> RentSupport {
    let later = row.some("paid_later").map(|day| Day::iso(&day));
    let paid = hundredths(row.text("amount_paid"));
    let (outcome, paid_cents) = match later {
        None => (row.text("outcome"), paid),
        Some(day) if day <= last_known_day() => ("P", paid),
        Some(_) => (row.text("outcome"), 0),
    };
    RentSupport {
        person: row.some("person"),
        household: row.some("household"),
        year: row.text("reference_year").parse().unwrap(),
        outcome: outcome.to_owned(),
        paid_cents,
    }
}

fn eviction(row: &Row) -> Eviction {
    Eviction {
        record: row.text("record").to_owned(),
        person: row.some("person"),
        dwelling: row.some("dwelling"),
        kind: row.text("kind").to_owned(),
        reason: row.text("reason").to_owned(),
        day: day(row, "event_date"),
    }
}

fn job(row: &Row) -> Job {
    Job {
        person: row.some("person"),
        kind: row.text("contract_type").to_owned(),
        episode: episode(row),
    }
}

fn registration(row: &Row) -> Registration {
    Registration {
        person: row.some("person"),
        episode: episode(row),
    }
}

/// Recognised months later, or not yet.
fn accident(row: &Row) -> Accident {
    let recognised = row.some("recognised").map(|day| Day::iso(&day));
    let is_recognised = recognised.is_some_and(|day| day <= last_known_day());
    Accident {
        person: row.some("person"),
        day: day(row, "event_date"),
        place: row.text("place").to_owned(),
        status: if is_recognised {
            "riconosciuto"
        } else {
            "denunciato"
        }
        .to_owned(),
        kind: row.text("kind").to_owned(),
    }
}

/// The survey of a year is published the year after.
fn is_published(row: &Row) -> bool {
    row.text("year").parse::<i32>().unwrap() < last_known_day().year
}

fn passi(row: &Row) -> Passi {
    let count = |column: &str| row.text(column).parse::<u64>().unwrap();
    let (positive, interviews) = (count("positive"), count("interviews"));
    let (low, high) = wilson(positive as f64, interviews as f64);
    Passi {
        year: row.text("year").parse().unwrap(),
        indicator: row.text("indicator").to_owned(),
        difficulty: row.text("economic_difficulty").to_owned(),
        interviews,
        share: ten_thousandths(positive as f64 / interviews as f64),
        width: ten_thousandths(high) - ten_thousandths(low),
    }
}

fn ten_thousandths(share: f64) -> i64 {
    (share * 10_000.0).round() as i64
}

/// The two shares whose distance from the one found is 1.96 of their own standard errors (Wilson 1927).
fn wilson(positive: f64, interviews: f64) -> (f64, f64) {
    let found = positive / interviews;
    let z_squared = 1.959_963_984_540_054_f64.powi(2);
    // (found - share)^2 = z^2 share (1 - share) / n, solved for the share.
    let (a, b) = (
        1.0 + z_squared / interviews,
        -(2.0 * found + z_squared / interviews),
    );
    let root = (b * b - 4.0 * a * found * found).sqrt();
    ((-b - root) / (2.0 * a), (-b + root) / (2.0 * a))
}
