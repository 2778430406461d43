//! The city as the bodies delivered it: their own exports, delivery after delivery, a later row in the place of an earlier one.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use wdl_identity::TaxCode;

use super::city::{
    Accident, Aid, Application, City, Codes, Contract, Dwelling, Episode, Eviction, Isee, Job,
    Passi, Position, Registration, RentSupport, Return,
};
use super::day::{Day, hundredths, scaled};
use super::linked;
use super::tables::{self, Row};

impl City {
    /// Reads `exports/<body>/<period>/<dataset>.csv`.
    pub(crate) fn delivered(exports: &Path, lab: &Path) -> City {
        let comune = |dataset: &str, key: &str| effective(&exports.join("comune"), dataset, &[key]);
        let list = |list: &'static str, dataset: &str| -> Vec<Application> {
            let rows = comune(dataset, "NUMERO_DOMANDA");
            rows.iter().map(|row| application(row, list)).collect()
        };
        let mut applications = list("erp", "graduatoria_erp");
        applications.extend(list("agenzia_casa", "agenzia_casa"));
        let passi_key = ["ANNO", "INDICATORE", "DIFFICOLTA_ECONOMICHE"];
        let residents = comune("residenti", "ID_POSIZIONE");
        let mut positions = map(&residents, position);
        let agency = exports.join("agenzia_lavoro");
        let jobs = said(&agency, "rapporti_lavoro", "ID_RAPPORTO", "CF_LAVORATORE");
        let names = said(
            &exports.join("comune"),
            "residenti",
            "ID_POSIZIONE",
            "CODICE_FISCALE",
        );
        let mut worked = map(
            &effective(&agency, "rapporti_lavoro", &["ID_RAPPORTO"]),
            job,
        );
        linked::link(&mut positions, &names, &mut worked, &jobs, &OPEN_FROM);
        let inail = exports.join("inail");
        let surveys = effective(&exports.join("ausl"), "passi", &passi_key);
        City {
            positions,
            dwellings: map(&comune("alloggi", "ID_ALLOGGIO"), dwelling),
            contracts: map(&comune("contratti_affitto", "NUMERO_CONTRATTO"), contract),
            returns: map(&comune("redditi", "PROGRESSIVO"), tax_return),
            isee: map(&comune("isee", "ID_RIGA"), isee),
            aid: map(&comune("aiuti", "ID_EROGAZIONE"), aid),
            applications,
            rent_support: map(
                &comune("contributo_affitto", "NUMERO_DOMANDA"),
                rent_support,
            ),
            evictions: map(&comune("sfratti", "NUMERO_PROVVEDIMENTO"), eviction),
            passi: map(&surveys, passi),
            jobs: worked,
            registrations: map(
                &effective(&agency, "disoccupazione", &["ID_DID"]),
                registration,
            ),
            accidents: map(&effective(&inail, "infortuni", &["NUMERO_CASO"]), accident),
            codes: Codes::read(lab),
        }
    }
}

/// The first day that each delivery may change: the first one any, the others the three quarters before their own.
const OPEN_FROM: [Option<Day>; 4] = [
    None,
    Some(Day {
        year: 2025,
        month: 4,
        day: 1,
    }),
    Some(Day {
        year: 2025,
        month: 7,
        day: 1,
    }),
    Some(Day {
        year: 2025,
        month: 10,
        day: 1,
    }),
];

/// The names and codes of a dataset after its last delivery, each with the delivery that first said both.
fn said(body: &Path, dataset: &str, key: &str, code: &str) -> Vec<linked::Said> {
    let mut periods: Vec<_> = fs::read_dir(body)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    periods.sort();
    let mut versions: BTreeMap<String, Vec<linked::Said>> = BTreeMap::new();
    for (delivery, period) in periods.iter().enumerate() {
        let file = period.join(format!("{dataset}.csv"));
        if !file.is_file() {
            continue;
        }
        let encoding = match body.ends_with("comune") {
            true => encoding_rs::WINDOWS_1252,
            false => encoding_rs::UTF_8,
        };
        for row in tables::parsed(&decoded(&fs::read(&file).unwrap(), encoding), b';').rows {
            let one = linked::Said {
                person: person(&row, code),
                name: linked::name(&row),
                delivery,
            };
            versions
                .entry(row.text(key).to_owned())
                .or_default()
                .push(one);
        }
    }
    let last = |versions: Vec<linked::Said>| {
        let now = versions.last().unwrap();
        let mut same = versions.iter();
        let first = same.find(|one| one.person == now.person && one.name == now.name);
        let delivery = first.unwrap().delivery;
        linked::Said {
            delivery,
            ..versions.into_iter().last().unwrap()
        }
    };
    versions.into_values().map(last).collect()
}

fn map<T>(rows: &[Row], read: fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(read).collect()
}

/// The rows of a dataset after its last delivery, in the order of their keys.
fn effective(body: &Path, dataset: &str, key: &[&str]) -> Vec<Row> {
    let mut periods: Vec<_> = fs::read_dir(body)
        .unwrap_or_else(|fault| panic!("{}: {fault}", body.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    periods.sort();
    let encoding = match body.ends_with("comune") {
        true => encoding_rs::WINDOWS_1252,
        false => encoding_rs::UTF_8,
    };
    let mut rows: BTreeMap<Vec<String>, Row> = BTreeMap::new();
    for period in periods {
        let file = period.join(format!("{dataset}.csv"));
        if !file.is_file() {
            continue;
        }
        let mut here = HashSet::new();
        for row in tables::parsed(&decoded(&fs::read(&file).unwrap(), encoding), b';').rows {
            let own: Vec<String> = key.iter().map(|part| row.text(part).to_owned()).collect();
            let is_first = here.insert(own.clone());
            assert!(is_first, "{}: {own:?} comes twice", file.display());
            rows.insert(own, row);
        }
    }
    rows.into_values().collect()
}

/// The municipality writes the code page of Windows, the others UTF-8.
fn decoded(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> String {
    let (text, _, has_faults) = encoding.decode(bytes);
    assert!(!has_faults, "cells that are not {}", encoding.name());
    text.into_owned()
}

/// The person behind a codice fiscale, when it is one.
fn person(row: &Row, column: &str) -> Option<String> {
    let code = TaxCode::canonical(row.text(column)).ok()?;
    Some(code.expose().to_owned())
}

fn day(row: &Row, column: &str) -> Day {
    Day::italian(row.text(column))
}

fn episode(row: &Row, from: &str, to: &str) -> Episode {
    Episode {
        from: day(row, from),
        to: row.some(to).map(|to| Day::italian(&to)),
    }
}

fn position(row: &Row) -> Position {
    Position {
        record: row.text("ID_POSIZIONE").to_owned(),
        person: person(row, "CODICE_FISCALE"),
        born: day(row, "DATA_NASCITA"),
        sex: row.text("SESSO").to_owned(),
        citizenship: row.text("CITTADINANZA").to_owned(),
        household: row.some("CODICE_FAMIGLIA"),
        relationship: row.text("RELAZIONE").to_owned(),
        is_family: row.text("TIPO_SCHEDA") == "F",
        dwelling: row.some("CHIAVE_CATASTALE"),
        rione: row.text("RIONE").to_owned(),
        episode: episode(row, "DATA_INIZIO", "DATA_FINE"),
    }
}

fn dwelling(row: &Row) -> Dwelling {
    Dwelling {
        dwelling: row.text("CHIAVE_CATASTALE").to_owned(),
        rione: row.text("RIONE").to_owned(),
        tenure: row.text("TITOLO").to_owned(),
        area_hundredths: hundredths(row.text("SUPERFICIE_MQ")),
        episode: episode(row, "DATA_INIZIO", "DATA_FINE"),
    }
}

fn contract(row: &Row) -> Contract {
    Contract {
        dwelling: row.text("CHIAVE_CATASTALE").to_owned(),
        tenant: person(row, "CF_CONDUTTORE"),
        contract_type: row.text("TIPO").to_owned(),
        rent_cents_month: hundredths(row.text("CANONE_MENSILE")),
        area_hundredths: row.some("SUPERFICIE_MQ").map(|area| hundredths(&area)),
        episode: episode(row, "DATA_STIPULA", "DATA_FINE"),
    }
}

fn tax_return(row: &Row) -> Return {
    Return {
        person: person(row, "CODICE_FISCALE"),
        year: row.text("ANNO_IMPOSTA").parse().unwrap(),
        taxable_cents: hundredths(row.text("REDDITO_IMPONIBILE")),
    }
}

fn isee(row: &Row) -> Isee {
    Isee {
        declaration: row.text("PROTOCOLLO_DSU").to_owned(),
        person: person(row, "CODICE_FISCALE"),
        day: day(row, "DATA_PRESENTAZIONE"),
        isee_cents: hundredths(row.text("ISEE")),
    }
}

fn aid(row: &Row) -> Aid {
    Aid {
        record: row.text("ID_EROGAZIONE").to_owned(),
        person: person(row, "CODICE_FISCALE"),
        household: row.some("CODICE_FAMIGLIA"),
        measure: row.text("MISURA").to_owned(),
        cents: hundredths(row.text("IMPORTO")),
        day: day(row, "DATA"),
    }
}

fn application(row: &Row, list: &'static str) -> Application {
    Application {
        list,
        person: person(row, "CODICE_FISCALE"),
        household: row.some("CODICE_FAMIGLIA"),
        episode: episode(row, "DATA_DOMANDA", "DATA_ESITO"),
        outcome: row.text("ESITO").to_owned(),
    }
}

fn rent_support(row: &Row) -> RentSupport {
    RentSupport {
        person: person(row, "CODICE_FISCALE"),
        household: row.some("CODICE_FAMIGLIA"),
        year: row.text("ANNO_BANDO").parse().unwrap(),
        outcome: row.text("ESITO").to_owned(),
        paid_cents: hundredths(row.text("IMPORTO_EROGATO")),
    }
}

fn eviction(row: &Row) -> Eviction {
    Eviction {
        record: row.text("NUMERO_PROVVEDIMENTO").to_owned(),
        person: person(row, "CODICE_FISCALE"),
        dwelling: row.some("CHIAVE_CATASTALE"),
        kind: row.text("FASE").to_owned(),
        reason: row.text("MOTIVO").to_owned(),
        day: day(row, "DATA"),
    }
}

fn job(row: &Row) -> Job {
    Job {
        person: person(row, "CF_LAVORATORE"),
        kind: row.text("TIPO_CONTRATTO").to_owned(),
        episode: episode(row, "DATA_INIZIO", "DATA_CESSAZIONE"),
    }
}

fn registration(row: &Row) -> Registration {
    Registration {
        person: person(row, "CF_LAVORATORE"),
        episode: episode(row, "DATA_DID", "DATA_USCITA"),
    }
}

fn accident(row: &Row) -> Accident {
    Accident {
        person: person(row, "CODICE_FISCALE"),
        day: day(row, "DATA_EVENTO"),
        place: row.text("COMUNE_EVENTO").to_owned(),
        status: row.text("STATO").to_owned(),
        kind: row.text("MODALITA").to_owned(),
    }
}

fn passi(row: &Row) -> Passi {
    Passi {
        year: row.text("ANNO").parse().unwrap(),
        indicator: row.text("INDICATORE").to_owned(),
        difficulty: row.text("DIFFICOLTA_ECONOMICHE").to_owned(),
        interviews: row.text("INTERVISTE").parse().unwrap(),
        share: scaled(row.text("PREVALENZA"), 4),
        width: scaled(row.text("IC_SUP"), 4) - scaled(row.text("IC_INF"), 4),
    }
}
