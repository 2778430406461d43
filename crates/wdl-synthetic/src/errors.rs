//! What the archives get wrong: planted people before the codes are made, wrong cells when the exports are written.
//!
//! Everything planted is listed in the truth.

use std::collections::HashMap;

use wdl_identity::{Registration, Sex, compose, eni, provisional, stp};

use crate::calendar::{Day, FIRST, LAST};
use crate::city::{City, CodeKind, NONE};
use crate::housing::outsider;
use crate::names::CANARIES;
use crate::places::ITALIAN;
use crate::random::{Draw, Process, hashed};
use crate::rows::Aid;

/// Plants canaries always, and homonyms, shared codes and people without a code when the archives err.
pub(crate) fn plant(city: &mut City) {
    let mut draw = Draw::new(city.seed, Process::Errors, 0);
    let founders: Vec<u32> = (0..city.persons.len() as u32)
        .filter(|person| {
            city.person(*person).arrived < FIRST.first()
                && city.person(*person).citizenship == ITALIAN
        })
        .collect();
    let step = (founders.len() / CANARIES.len()).max(1);
    for (index, _) in CANARIES.iter().enumerate() {
        let person = founders[(index * step).min(founders.len() - 1)];
        city.persons[person as usize].surname = (u8::MAX, index as u16);
        city.planted.push(("canary", person, NONE));
    }
    if city.clean {
        return;
    }
    let free: Vec<u32> = founders
        .into_iter()
        .filter(|person| city.person(*person).surname.0 != u8::MAX)
        .collect();
    homonyms(city, &mut draw, &free);
    shared_codes(city, &mut draw, &free);
    health_codes(city, &mut draw);
    for (first, second) in city.twins.clone() {
        city.planted.push(("twins", first, second));
    }
}

/// So many for a hundred thousand residents, and at least `least`.
fn count(city: &City, rate: f64, least: usize) -> usize {
    ((rate * f64::from(city.residents) / 100_000.0).round() as usize).max(least)
}

fn same_names(city: &mut City, from: u32, to: u32) {
    let model = city.person(from);
    let (surname, names, given) = (model.surname, model.family_of_names, model.given);
    let copy = &mut city.persons[to as usize];
    copy.surname = surname;
    copy.family_of_names = names;
    copy.given = given;
}

fn homonyms(city: &mut City, draw: &mut Draw, free: &[u32]) {
    for _ in 0..count(city, city.plan.errors.homonyms, 4) {
        let (from, to) = (*draw.pick(free), *draw.pick(free));
        if from != to && city.person(from).male == city.person(to).male {
            same_names(city, from, to);
            city.planted.push(("homonym", to, from));
        }
    }
}

/// Two people of one name, sex, day and place of birth: the second gets a code with letters for digits.
fn shared_codes(city: &mut City, draw: &mut Draw, free: &[u32]) {
    let wanted = count(city, city.plan.errors.omocodia, 2);
    let mut made = 0;
    let mut by_birth: Vec<u32> = free.to_vec();
    by_birth.sort_by_key(|person| {
        (
            city.person(*person).male,
            city.person(*person).born,
            *person,
        )
    });
    for _ in 0..50 * wanted {
        let place = draw.below(by_birth.len() - 1);
        let (from, to) = (by_birth[place], by_birth[place + 1]);
        let (model, copy) = (city.person(from), city.person(to));
        let near = (copy.born.0 - model.born.0).abs() < 90
            && model.male == copy.male
            && copy.arrived.0 > copy.born.0 + 400;
        if !near || model.born.year() != copy.born.year() {
            continue;
        }
        let (born, birthplace) = (model.born, model.place);
        same_names(city, from, to);
        city.persons[to as usize].born = born;
        city.persons[to as usize].place = birthplace;
        city.planted
            .push(("shared_code", to.max(from), to.min(from)));
        made += 1;
        if made == wanted {
            return;
        }
    }
}

/// People without a tax code who are helped by the city.
fn health_codes(city: &mut City, draw: &mut Draw) {
    for index in 0..count(city, city.plan.errors.health_codes, 3) {
        let day = Day(draw.whole(FIRST.first().0, LAST.last().0));
        let age = draw.whole(18, 60);
        let person = outsider(city, draw, age, day);
        let kind = if index % 4 == 3 {
            CodeKind::Eni
        } else {
            CodeKind::Stp
        };
        city.persons[person as usize].code_kind = kind;
        let amount = i64::from(draw.whole(50, 300)) * 100;
        city.aids.push(Aid {
            person,
            household: NONE,
            measure: 0,
            amount,
            day,
            note: 5,
        });
        city.planted.push((
            if kind == CodeKind::Eni { "eni" } else { "stp" },
            person,
            NONE,
        ));
    }
}

/// Gives everybody the code the revenue agency would: who comes second with a base code gets letters for digits.
pub(crate) fn give_codes(city: &mut City) {
    let mut issued: HashMap<String, usize> = HashMap::new();
    city.codes.reserve(city.persons.len());
    for index in 0..city.persons.len() as u32 {
        let person = city.person(index);
        let (code, base) = match person.code_kind {
            CodeKind::Stp => (stp(80, 106, index + 1).expect("a short serial"), None),
            CodeKind::Eni => (eni(80, 106, index + 1).expect("a short serial"), None),
            CodeKind::Ordinary => tax_code(city, index, &mut issued),
        };
        let temporary = first_provisional(city, index);
        city.codes.push(code);
        city.base_codes.push(base);
        city.provisional.push(temporary);
    }
}

fn tax_code(
    city: &City,
    index: u32,
    issued: &mut HashMap<String, usize>,
) -> (String, Option<String>) {
    let person = city.person(index);
    let name = city.names.given_text(
        usize::from(person.family_of_names),
        person.male,
        person.given,
    );
    let code = compose(&Registration {
        surname: city.names.surname_text(person.surname),
        name: &name,
        sex: if person.male { Sex::Male } else { Sex::Female },
        born: person.born.date(),
        place: person.place,
    })
    .expect("the places are a letter and three digits");
    let base = code.expose().to_owned();
    let earlier = issued.entry(base.clone()).or_insert(0);
    *earlier += 1;
    match code.omocodic(*earlier - 1) {
        Some(own) => (own.expose().to_owned(), Some(base)),
        None => (base, None),
    }
}

fn first_provisional(city: &City, index: u32) -> Option<String> {
    let person = city.person(index);
    let foreigner =
        person.arrived >= FIRST.first() && person.place.starts_with('Z') && person.spell != NONE;
    let hit = foreigner && hashed(city.seed, u64::from(index), 301) < city.plan.errors.provisional;
    (hit && !city.clean).then(|| {
        provisional(index + 1, 36)
            .expect("a short serial")
            .expose()
            .to_owned()
    })
}

/// What stands in a cell that should hold a person's code.
pub(crate) struct Written<'a> {
    pub(crate) text: std::borrow::Cow<'a, str>,
    /// What is wrong with it.
    pub(crate) fault: Option<&'static str>,
}

/// The cell of a row; `unit` is what the archive repeats its mistake for (a row, or a person).
pub(crate) fn written(city: &City, dataset: u64, unit: u64, person: u32) -> Written<'_> {
    let code = &city.codes[person as usize];
    let right = Written {
        text: code.into(),
        fault: None,
    };
    if city.clean || city.person(person).code_kind != CodeKind::Ordinary {
        return right;
    }
    let rates = &city.plan.errors;
    let roll = hashed(city.seed, dataset << 40 | unit, 300);
    if roll < rates.missing {
        return Written {
            text: "".into(),
            fault: Some("missing"),
        };
    }
    if roll < rates.missing + rates.mistyped {
        let place = hashed(city.seed, dataset << 40 | unit, 302);
        return Written {
            text: mistype(code, place).into(),
            fault: Some("mistyped"),
        };
    }
    match &city.base_codes[person as usize] {
        Some(base)
            if dataset > 0 && hashed(city.seed, u64::from(person), dataset) < rates.old_code =>
        {
            Written {
                text: base.into(),
                fault: Some("old_code"),
            }
        }
        _ => right,
    }
}

/// One character replaced by its neighbour.
fn mistype(code: &str, place: f64) -> String {
    let at = (place * 15.0) as usize;
    let wrong = |byte: u8| match byte {
        b'9' => b'8',
        b'Z' => b'Y',
        byte => byte + 1,
    };
    code.bytes()
        .enumerate()
        .map(|(index, byte)| char::from(if index == at { wrong(byte) } else { byte }))
        .collect()
}
