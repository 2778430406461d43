//! The exports of the health authority, the employment agency and INAIL.

use crate::calendar::Day;
use crate::city::City;
use crate::errors;
use crate::exports::{Coded, DELIVERIES, Encoding, Export, ended, episode, numbered};
use crate::health;
use crate::work;

/// Numbers of the datasets, for the archives' errors.
const JOBS: u64 = 8;
const REGISTRATIONS: u64 = 9;
const ACCIDENTS: u64 = 10;

pub(super) fn exports(city: &City) -> Vec<Export<'_>> {
    vec![
        passi(city),
        jobs(city),
        registrations(city),
        accidents(city),
    ]
}

/// The survey of 2025 comes with the second quarter of 2026.
fn passi(city: &City) -> Export<'_> {
    Export {
        body: "ausl",
        dataset: "passi",
        encoding: Encoding::Utf8WithMark,
        header: "ANNO;INDICATORE;DIFFICOLTA_ECONOMICHE;INTERVISTE;PREVALENZA;IC_INF;IC_SUP",
        rows: city.passi.len(),
        version: Box::new(|row, on| {
            let published = if city.passi[row].year >= 2025 {
                DELIVERIES[2].1
            } else {
                DELIVERIES[0].1
            };
            (published.last() <= on && city.passi[row].year <= 2025).then_some(0)
        }),
        write: Box::new(|row, _, line| {
            let row = &city.passi[row];
            let (share, low, high) = health::wilson(row.positive, row.interviews);
            line.whole(i64::from(row.year));
            line.text(health::INDICATORS[usize::from(row.indicator)]);
            line.text(health::DIFFICULTIES[usize::from(row.difficulty)]);
            line.whole(i64::from(row.interviews));
            line.share(share);
            line.share(low);
            line.share(high);
        }),
    }
}

fn jobs(city: &City) -> Export<'_> {
    Export {
        body: "agenzia_lavoro",
        dataset: "rapporti_lavoro",
        encoding: Encoding::Utf8,
        header: "ID_RAPPORTO;CF_LAVORATORE;COGNOME;NOME;DATA_NASCITA;COMUNE_NASCITA;SESSO;TIPO_CONTRATTO;ORARIO;SETTORE;DATA_INIZIO;DATA_CESSAZIONE",
        rows: city.jobs.len(),
        version: Box::new(|row, on| episode(city.jobs[row].from, city.jobs[row].to, on)),
        write: Box::new(|row, on, line| {
            let job = &city.jobs[row];
            line.key("COB", row as u32);
            line.text(&errors::written(city, JOBS, row as u64, job.person).text);
            let (named, person) = (job_names(city, row), city.person(job.person));
            line.text(&named.surname);
            line.text(&named.given);
            line.day(named.born);
            line.text(person.place);
            line.text(if person.male { "M" } else { "F" });
            line.text(work::KINDS[usize::from(job.kind)]);
            line.text(if job.part_time { "parziale" } else { "pieno" });
            line.text(work::SECTORS[usize::from(job.sector)].0);
            line.day(job.from);
            line.day_or_nothing(ended(job.to, on));
        }),
    }
}

/// The worker as the employer wrote the name.
pub(crate) fn job_names(city: &City, row: usize) -> errors::Named<'_> {
    errors::named(city, JOBS, row as u64, city.jobs[row].person)
}

fn registrations(city: &City) -> Export<'_> {
    Export {
        body: "agenzia_lavoro",
        dataset: "disoccupazione",
        encoding: Encoding::Utf8,
        header: "ID_DID;CF_LAVORATORE;DATA_DID;DATA_USCITA",
        rows: city.registrations.len(),
        version: Box::new(|row, on| {
            episode(city.registrations[row].from, city.registrations[row].to, on)
        }),
        write: Box::new(|row, on, line| {
            let registration = &city.registrations[row];
            line.key("DID", row as u32);
            line.text(&errors::written(city, REGISTRATIONS, row as u64, registration.person).text);
            line.day(registration.from);
            line.day_or_nothing(ended(registration.to, on));
        }),
    }
}

/// Reported at once, recognised months later.
fn status(recognised: Day, on: Day) -> &'static str {
    if recognised <= on {
        "riconosciuto"
    } else {
        "denunciato"
    }
}

fn accidents(city: &City) -> Export<'_> {
    Export {
        body: "inail",
        dataset: "infortuni",
        encoding: Encoding::Utf8,
        header: "NUMERO_CASO;CODICE_FISCALE;DATA_EVENTO;COMUNE_EVENTO;STATO;MODALITA",
        rows: city.accidents.len(),
        version: Box::new(|row, on| {
            let accident = &city.accidents[row];
            (accident.day <= on).then_some(u8::from(accident.recognised <= on))
        }),
        write: Box::new(|row, on, line| {
            let accident = &city.accidents[row];
            line.key("I", row as u32);
            line.text(&errors::written(city, ACCIDENTS, row as u64, accident.person).text);
            line.day(accident.day);
            line.text(accident.place);
            line.text(status(accident.recognised, on));
            line.text(if accident.commuting {
                "itinere"
            } else {
                "lavoro"
            });
        }),
    }
}

/// The rows with a person's code.
pub(super) fn coded(city: &City) -> Vec<Coded> {
    vec![
        (
            "rapporti_lavoro",
            JOBS,
            "COB",
            numbered(city.jobs.iter().map(|job| job.person)),
        ),
        (
            "disoccupazione",
            REGISTRATIONS,
            "DID",
            numbered(city.registrations.iter().map(|one| one.person)),
        ),
        (
            "infortuni",
            ACCIDENTS,
            "I",
            numbered(city.accidents.iter().map(|accident| accident.person)),
        ),
    ]
}
