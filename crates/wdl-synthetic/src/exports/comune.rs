//! The municipality's eleven exports.

use crate::aid;
use crate::calendar::Day;
use crate::city::{CONTRACT_CODES, City, Dwelling, FIRST_INCOME_YEAR, NONE};
use crate::errors;
use crate::evictions;
use crate::exports::{Coded, DELIVERIES, Encoding, Export, ended, episode, numbered};
use crate::places::{CITIZENSHIPS, RIONI};

/// Numbers of the datasets, for the archives' errors; the registry has its own.
const CONTRACTS: u64 = 1;
const INCOMES: u64 = 2;
const ISEE: u64 = 3;
const AID: u64 = 4;
const LISTS: u64 = 5;
const RENT_SUPPORT: u64 = 6;
const EVICTIONS: u64 = 7;

/// The first and last tax year delivered; the last one comes with the second quarter of 2026.
const TAX_YEARS: (i32, i32) = (2017, 2024);

fn comune<'a>(
    dataset: &'static str,
    header: &'static str,
    rows: usize,
    version: impl Fn(usize, Day) -> Option<u8> + Sync + 'a,
    write: impl Fn(usize, Day, &mut crate::exports::Line) + Sync + 'a,
) -> Export<'a> {
    Export {
        body: "comune",
        dataset,
        encoding: Encoding::Windows1252,
        header,
        rows,
        version: Box::new(version),
        write: Box::new(write),
    }
}

pub(super) fn exports(city: &City) -> Vec<Export<'_>> {
    vec![
        residents(city),
        dwellings(city),
        contracts(city),
        incomes(city),
        isee(city),
        aids(city),
        list(city, 0, "graduatoria_erp"),
        list(city, 1, "agenzia_casa"),
        rent_support(city),
        evictions(city),
    ]
}

fn residents(city: &City) -> Export<'_> {
    comune(
        "residenti",
        "ID_POSIZIONE;CODICE_FISCALE;COGNOME;NOME;DATA_NASCITA;COMUNE_NASCITA;SESSO;CITTADINANZA;CODICE_FAMIGLIA;RELAZIONE;TIPO_SCHEDA;CHIAVE_CATASTALE;RIONE;DATA_INIZIO;DATA_FINE;MOTIVO_FINE",
        city.spells.len(),
        |row, on| {
            let known = episode(city.spells[row].from, city.spells[row].to, on)?;
            // A code that comes, or is put right, is a change like an end.
            let is_wrong = errors::registry_fault(city, row).is_some_and(|fault| on < fault.until);
            Some(known + 2 * u8::from(!is_wrong))
        },
        |row, on, line| {
            let spell = &city.spells[row];
            let person = city.person(spell.person);
            let institution = city.household(spell.household).institution;
            line.key("P", row as u32);
            line.text(&registry_code(city, row, on));
            line.text(city.names.surname_text(person.surname));
            line.text(&city.names.given_text(
                usize::from(person.family_of_names),
                person.male,
                person.given,
            ));
            line.day(person.born);
            line.text(person.place);
            line.text(if person.male { "M" } else { "F" });
            line.text(CITIZENSHIPS[usize::from(spell.citizenship)].istat);
            line.key("F", spell.household);
            line.text(spell.relation.code());
            line.text(if institution { "C" } else { "F" });
            line.key_or_nothing("F257-", spell.dwelling);
            line.text(rione(city, spell.dwelling, spell.household));
            line.day(spell.from);
            let end = ended(spell.to, on);
            line.day_or_nothing(end);
            line.text(if end.is_some() { spell.end } else { "" });
        },
    )
}

/// The code in the registry as it stands on a day.
pub(crate) fn registry_code(city: &City, row: usize, on: Day) -> std::borrow::Cow<'_, str> {
    match errors::registry_fault(city, row) {
        Some(fault) if on < fault.until => fault.text,
        _ => city.codes[city.spells[row].person as usize].as_str().into(),
    }
}

/// The rione of a dwelling; institutions stand in a fixed one each.
pub(crate) fn rione(city: &City, dwelling: u32, household: u32) -> &'static str {
    match city.dwellings.get(dwelling as usize) {
        Some(dwelling) => RIONI[usize::from(dwelling.rione)].code,
        None => RIONI[household as usize % RIONI.len()].code,
    }
}

fn dwellings(city: &City) -> Export<'_> {
    comune(
        "alloggi",
        "ID_ALLOGGIO;CHIAVE_CATASTALE;RIONE;VANI;SUPERFICIE_MQ;TITOLO;DATA_INIZIO;DATA_FINE",
        city.tenures.len(),
        |row, on| episode(city.tenures[row].from, city.tenures[row].to, on),
        |row, on, line| {
            let spell = &city.tenures[row];
            let dwelling = &city.dwellings[spell.dwelling as usize];
            line.key("A", row as u32);
            line.key("F257-", spell.dwelling);
            line.text(RIONI[usize::from(dwelling.rione)].code);
            line.hundredths(rooms(dwelling));
            line.hundredths(i64::from(dwelling.area) * 100);
            line.text(spell.tenure.code());
            line.day(spell.from);
            line.day_or_nothing(ended(spell.to, on));
        },
    )
}

fn contracts(city: &City) -> Export<'_> {
    comune(
        "contratti_affitto",
        "NUMERO_CONTRATTO;CHIAVE_CATASTALE;CF_CONDUTTORE;TIPO;CANONE_MENSILE;SUPERFICIE_MQ;DATA_STIPULA;DATA_FINE",
        city.contracts.len(),
        |row, on| episode(city.contracts[row].from, city.contracts[row].to, on),
        |row, on, line| {
            let contract = &city.contracts[row];
            line.key("TGF", row as u32);
            line.key("F257-", contract.dwelling);
            line.text(&errors::written(city, CONTRACTS, row as u64, contract.tenant).text);
            line.text(CONTRACT_CODES[usize::from(contract.kind)]);
            line.hundredths(contract.rent);
            line.hundredths(i64::from(city.dwellings[contract.dwelling as usize].area) * 100);
            line.day(contract.from);
            line.day_or_nothing(ended(contract.to, on));
        },
    )
}

/// The returns of a tax year: who filed and lived here on its last day.
pub(crate) fn returns(city: &City) -> Vec<(i32, u32)> {
    let mut returns = Vec::new();
    for year in TAX_YEARS.0..=TAX_YEARS.1 {
        let table = &city.incomes[(year - FIRST_INCOME_YEAR) as usize];
        let filers = table
            .iter()
            .enumerate()
            .filter(|(_, income)| income.filer && income.resident);
        returns.extend(filers.map(|(person, _)| (year, person as u32)));
    }
    returns
}

fn incomes(city: &City) -> Export<'_> {
    let returns = returns(city);
    let rows = returns.len();
    let again = returns.clone();
    comune(
        "redditi",
        "PROGRESSIVO;CODICE_FISCALE;ANNO_IMPOSTA;REDDITO_IMPONIBILE;REDDITO_LAVORO;REDDITO_PENSIONE;REDDITO_AUTONOMO;REDDITO_FABBRICATI",
        rows,
        move |row, on| {
            let published = if again[row].0 == TAX_YEARS.1 {
                DELIVERIES[2].1
            } else {
                DELIVERIES[0].1
            };
            (published.last() <= on).then_some(0)
        },
        move |row, _, line| {
            let (year, person) = returns[row];
            let income = city.income(person, year);
            line.key("D", row as u32);
            line.text(&errors::written(city, INCOMES, row as u64, person).text);
            line.whole(i64::from(year));
            line.hundredths(income.taxable());
            for part in [
                income.employment,
                income.pension,
                income.self_employment,
                income.property,
            ] {
                line.hundredths(i64::from(part));
            }
        },
    )
}

/// The rows of the declarations: declaration and place of the member.
pub(crate) fn declared(city: &City) -> Vec<(u32, u32)> {
    let mut rows = Vec::new();
    for (index, declaration) in city.declarations.iter().enumerate() {
        rows.extend(
            declaration
                .members
                .iter()
                .map(|member| (index as u32, *member)),
        );
    }
    rows
}

fn isee(city: &City) -> Export<'_> {
    let rows = declared(city);
    let count = rows.len();
    let again = rows.clone();
    comune(
        "isee",
        "ID_RIGA;PROTOCOLLO_DSU;CODICE_FISCALE;DATA_PRESENTAZIONE;ANNO_REDDITI;ISEE;ISE;SCALA_EQUIVALENZA;NUMERO_COMPONENTI",
        count,
        move |row, on| (city.declarations[again[row].0 as usize].day <= on).then_some(0),
        move |row, _, line| {
            let (index, member) = rows[row];
            let declaration = &city.declarations[index as usize];
            line.key("R", row as u32);
            line.key("INPS-ISEE-", index);
            line.text(&errors::written(city, ISEE, row as u64, member).text);
            line.day(declaration.day);
            line.whole(i64::from(declaration.day.year()) - 2);
            line.hundredths(declaration.isee);
            line.hundredths(declaration.ise);
            line.hundredths(declaration.scale);
            line.whole(declaration.members.len() as i64);
        },
    )
}

fn aids(city: &City) -> Export<'_> {
    comune(
        "aiuti",
        "ID_EROGAZIONE;CODICE_FISCALE;CODICE_FAMIGLIA;MISURA;IMPORTO;DATA;NOTE",
        city.aids.len(),
        |row, on| (city.aids[row].day <= on).then_some(0),
        |row, _, line| {
            let aid = &city.aids[row];
            line.key("E", row as u32);
            line.text(&errors::written(city, AID, row as u64, aid.person).text);
            line.key_or_nothing("F", aid.household);
            line.text(aid::MEASURES[usize::from(aid.measure)]);
            line.hundredths(aid.amount);
            line.day(aid.day);
            line.text(aid::NOTES[usize::from(aid.note)]);
        },
    )
}

fn list<'a>(city: &'a City, list: u8, dataset: &'static str) -> Export<'a> {
    let rows: Vec<u32> = (0..city.applications.len() as u32)
        .filter(|row| city.applications[*row as usize].list == list)
        .collect();
    let again = rows.clone();
    comune(
        dataset,
        "NUMERO_DOMANDA;CODICE_FISCALE;CODICE_FAMIGLIA;DATA_DOMANDA;DATA_ESITO;ESITO",
        rows.len(),
        move |row, on| {
            let application = &city.applications[again[row] as usize];
            episode(application.from, application.to, on)
        },
        move |row, on, line| {
            let application = &city.applications[rows[row] as usize];
            line.key(if list == 0 { "ERP" } else { "AC" }, rows[row]);
            line.text(&errors::written(city, LISTS, u64::from(rows[row]), application.person).text);
            line.key("F", application.household);
            line.day(application.from);
            let end = ended(application.to, on);
            line.day_or_nothing(end);
            line.text(if end.is_some() {
                application.outcome
            } else {
                ""
            });
        },
    )
}

fn rent_support(city: &City) -> Export<'_> {
    comune(
        "contributo_affitto",
        "NUMERO_DOMANDA;CODICE_FISCALE;CODICE_FAMIGLIA;ANNO_BANDO;ESITO;IMPORTO_EROGATO;PUNTEGGIO",
        city.rent_applications.len(),
        |row, on| {
            let application = &city.rent_applications[row];
            (application.year <= on.year()).then_some(u8::from(application.later <= on))
        },
        |row, on, line| {
            let application = &city.rent_applications[row];
            let (outcome, paid) = known_rent_support(city, row, on);
            line.key("CA", row as u32);
            line.text(&errors::written(city, RENT_SUPPORT, row as u64, application.person).text);
            line.key("F", application.household);
            line.whole(i64::from(application.year));
            line.text(outcome);
            line.hundredths(paid);
            line.thousandths_or_nothing(application.score);
        },
    )
}

/// Outcome and money of an application as known on a day.
fn known_rent_support(city: &City, row: usize, on: Day) -> (&'static str, i64) {
    let application = &city.rent_applications[row];
    match application.later {
        Day::OPEN => (application.outcome, application.paid),
        later if later <= on => (crate::rent_support::PAID, application.paid),
        _ => (application.outcome, 0),
    }
}

fn evictions(city: &City) -> Export<'_> {
    comune(
        "sfratti",
        "NUMERO_PROVVEDIMENTO;CODICE_FISCALE;CHIAVE_CATASTALE;FASE;MOTIVO;DATA",
        city.evictions.len(),
        |row, on| (city.evictions[row].day <= on).then_some(0),
        |row, _, line| {
            let eviction = &city.evictions[row];
            debug_assert_ne!(eviction.person, NONE, "an eviction has a tenant");
            line.key("S", row as u32);
            line.text(&errors::written(city, EVICTIONS, row as u64, eviction.person).text);
            line.key("F257-", eviction.dwelling);
            line.text(evictions::STAGES[usize::from(eviction.stage)]);
            line.text(evictions::REASONS[usize::from(eviction.reason)]);
            line.day(eviction.day);
        },
    )
}

/// Cadastral rooms in hundredths: kitchens and halls count for a part.
pub(crate) fn rooms(dwelling: &Dwelling) -> i64 {
    i64::from(dwelling.rooms) * 100 + 50 * i64::from(dwelling.area % 2)
}

/// The rows with a person's code, the registry apart.
pub(super) fn coded(city: &City) -> Vec<Coded> {
    let list = |list: u8| {
        let rows = (0_u32..)
            .zip(&city.applications)
            .filter(move |(_, application)| application.list == list);
        rows.map(|(serial, application)| (serial, serial, application.person))
            .collect()
    };
    vec![
        (
            "contratti_affitto",
            CONTRACTS,
            "TGF",
            numbered(city.contracts.iter().map(|contract| contract.tenant)),
        ),
        (
            "redditi",
            INCOMES,
            "D",
            numbered(returns(city).into_iter().map(|(_, person)| person)),
        ),
        (
            "isee",
            ISEE,
            "R",
            numbered(declared(city).into_iter().map(|(_, member)| member)),
        ),
        (
            "aiuti",
            AID,
            "E",
            numbered(city.aids.iter().map(|aid| aid.person)),
        ),
        ("graduatoria_erp", LISTS, "ERP", list(0)),
        ("agenzia_casa", LISTS, "AC", list(1)),
        (
            "contributo_affitto",
            RENT_SUPPORT,
            "CA",
            numbered(city.rent_applications.iter().map(|one| one.person)),
        ),
        (
            "sfratti",
            EVICTIONS,
            "S",
            numbered(city.evictions.iter().map(|eviction| eviction.person)),
        ),
    ]
}
