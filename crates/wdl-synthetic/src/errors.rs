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

/// What stands in the registry in place of a person's code, and until when.
pub(crate) struct Standing<'a> {
    pub(crate) text: std::borrow::Cow<'a, str>,
    pub(crate) fault: &'static str,
    /// The first day on which the right code stands there.
    pub(crate) until: Day,
}

/// What is wrong with the code on a position of the registry, if anything.
pub(crate) fn registry_fault(city: &City, row: usize) -> Option<Standing<'_>> {
    let spell = &city.spells[row];
    let person = city.person(spell.person);
    if city.clean || person.code_kind != CodeKind::Ordinary {
        return None;
    }
    let (of_person, of_row) = (u64::from(spell.person), row as u64);
    let roll = |of: u64, about: u64| hashed(city.seed, of, about);
    let days = |least: i32, most: i32, about: u64| {
        least + (roll(of_row, about) * f64::from(most - least)) as i32
    };
    if let Some((text, fault)) = mistaken(city, row) {
        let is_recent = spell.from >= Day::new(2025, 1, 1);
        let until = match is_recent && roll(of_row, 311) < city.plan.errors.corrected {
            true => spell.from.plus(days(60, 360, 312)),
            false => Day::OPEN,
        };
        return Some(Standing { text, fault, until });
    }
    let is_first = spell.from == person.arrived;
    if let Some(code) = &city.provisional[spell.person as usize]
        && is_first
    {
        let until = match roll(of_person, 313) < city.plan.errors.provisional_corrected {
            true => spell.from.plus(days(60, 360, 314)),
            false => Day::OPEN,
        };
        return Some(Standing {
            text: code.into(),
            fault: "provisional",
            until,
        });
    }
    let newcomer = is_first && person.place.starts_with('Z') && person.arrived >= FIRST.first();
    let wait = if spell.from == person.born {
        Some(days(5, 75, 315))
    } else if newcomer && roll(of_person, 316) < city.plan.errors.late {
        Some(days(60, 300, 317))
    } else {
        None
    };
    wait.map(|wait| Standing {
        text: "".into(),
        fault: "late",
        until: spell.from.plus(wait),
    })
}

/// A code missing or mistyped on a position: for a part of the mistakes on every position of the person.
fn mistaken(city: &City, row: usize) -> Option<(std::borrow::Cow<'_, str>, &'static str)> {
    let rates = &city.plan.errors;
    let person = city.spells[row].person;
    let code = &city.codes[person as usize];
    for (unit, share, about) in [
        (u64::from(person), rates.lasting, 300),
        (row as u64, 1.0 - rates.lasting, 310),
    ] {
        let roll = hashed(city.seed, unit, about) / share;
        if roll < rates.missing {
            return Some(("".into(), "missing"));
        }
        if roll < rates.missing + rates.mistyped {
            let place = hashed(city.seed, unit, about + 2);
            return Some((mistype(code, place).into(), "mistyped"));
        }
    }
    None
}

/// How an office other than the registry writes a person.
pub(crate) struct Named<'a> {
    pub(crate) surname: std::borrow::Cow<'a, str>,
    pub(crate) given: String,
    pub(crate) born: Day,
    pub(crate) fault: Option<&'static str>,
}

/// A person's names on a row of another office.
pub(crate) fn named(city: &City, dataset: u64, row: u64, person: u32) -> Named<'_> {
    let model = city.person(person);
    let (male, family) = (model.male, usize::from(model.family_of_names));
    let surname = city.names.surname_text(model.surname);
    let given = city.names.given_text(family, male, model.given);
    let mut named = Named {
        surname: surname.into(),
        given,
        born: model.born,
        fault: None,
    };
    if city.clean {
        return named;
    }
    let rates = &city.plan.errors;
    let roll = hashed(city.seed, dataset << 40 | row, 320);
    let (swapped, turned) = (
        rates.names_swapped,
        rates.names_swapped + rates.days_swapped,
    );
    if roll < swapped {
        let given = std::mem::replace(&mut named.given, surname.to_owned());
        named.surname = given.into();
        named.fault = Some("names_swapped");
    } else if roll < turned {
        let (year, month, day) = model.born.parts();
        if day <= 12 && day != month {
            named.born = Day::new(year, day, month);
            named.fault = Some("days_swapped");
        }
    } else if roll < turned + rates.names_mistyped {
        named.surname = letter_wrong(surname, hashed(city.seed, dataset << 40 | row, 321)).into();
        named.fault = Some("names_mistyped");
    } else if roll > 1.0 - rates.second_left_out && model.given[1] != 0 {
        named.given = city.names.given_text(family, male, [model.given[0], 0]);
        named.fault = Some("second_left_out");
    }
    named
}

/// One letter of a name replaced by its neighbour, never the first.
fn letter_wrong(name: &str, place: f64) -> String {
    let letters = name.chars().filter(char::is_ascii_uppercase).count();
    let at = 1 + (place * letters.saturating_sub(1) as f64) as usize;
    let mut seen = 0;
    name.chars()
        .map(|letter| {
            if !letter.is_ascii_uppercase() {
                return letter;
            }
            seen += 1;
            match letter {
                _ if seen != at + 1 => letter,
                'Z' => 'Y',
                letter => char::from(letter as u8 + 1),
            }
        })
        .collect()
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
