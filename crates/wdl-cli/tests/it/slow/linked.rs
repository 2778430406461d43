//! Who the people without a valid code are, found from the names themselves, as `docs/reference/linkage-street.md` says it.
//!
//! The lab finds them from tokens and never sees a name; both must come to the same.

use std::collections::{BTreeMap, BTreeSet};

use super::city::{Episode, Job, Position};
use super::day::Day;
use super::tables::Row;

/// A name as one office writes it: surname, given name, day of birth.
pub(crate) type Name = (String, String, Day);

/// The name on a row.
pub(crate) fn name(row: &Row) -> Name {
    let born = Day::italian(row.text("DATA_NASCITA"));
    let text = |column: &str| row.text(column).to_owned();
    (text("COGNOME"), text("NOME"), born)
}

/// The name with a usual mistake undone.
fn mistakes((surname, given, born): &Name) -> [Option<Name>; 2] {
    let swapped = (surname != given).then(|| (given.clone(), surname.clone(), *born));
    let turned = Day {
        day: born.month,
        month: born.day,
        ..*born
    };
    let is_day = born.day <= 12 && born.day != born.month;
    [
        swapped,
        is_day.then(|| (surname.clone(), given.clone(), turned)),
    ]
}

/// A row with a name: its code, and the place of the delivery that first said both.
pub(crate) struct Said {
    pub(crate) person: Option<String>,
    pub(crate) name: Name,
    pub(crate) delivery: usize,
}

/// Gives positions without a code the person they are of, and codes that were replaced their new one.
///
/// `worked` are the contracts of the employment agency, `jobs` their names and codes, in one order; `open_from` is, for each delivery, the first day of the history it may change.
pub(crate) fn link(
    positions: &mut [Position],
    said: &[Said],
    worked: &mut [Job],
    jobs: &[Said],
    open_from: &[Option<Day>],
) {
    let mut codes: BTreeMap<&Name, BTreeSet<String>> = BTreeMap::new();
    let mut here: BTreeMap<&Name, Vec<usize>> = BTreeMap::new();
    // The first delivery of any row of a code.
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (place, one) in said.iter().enumerate() {
        here.entry(&one.name).or_default().push(place);
    }
    for one in said.iter().chain(jobs) {
        codes
            .entry(&one.name)
            .or_default()
            .extend(one.person.clone());
        if let Some(code) = &one.person {
            let known = first.entry(code.clone()).or_insert(one.delivery);
            *known = one.delivery.min(*known);
        }
    }
    let is_open = |delivery: usize, from: Day| open_from[delivery].is_none_or(|day| from >= day);
    let replaced = replaced(positions, &codes, &here);
    let newest = |code: &String| replaced.get(code).unwrap_or(code).clone();
    let mut found: Vec<(usize, String, usize)> = Vec::new();
    for name in here.keys() {
        let unknown: Vec<usize> = here[name]
            .iter()
            .copied()
            .filter(|place| said[*place].person.is_none())
            .collect();
        if unknown.is_empty() {
            continue;
        }
        let ways = std::iter::once((*name).clone()).chain(mistakes(name).into_iter().flatten());
        let mut has_code = false;
        for way in ways {
            let known: Vec<&String> = codes.get(&way).into_iter().flatten().collect();
            let people: BTreeSet<String> = known.iter().map(|code| newest(code)).collect();
            if people.is_empty() {
                continue;
            }
            has_code = true;
            let people: Vec<String> = people.into_iter().collect();
            let [person] = people.as_slice() else { break };
            let of_person = |place: &usize| {
                let code = said[*place].person.as_ref();
                code.is_some_and(|code| newest(code) == *person)
            };
            let theirs: Vec<usize> = (0..positions.len()).filter(of_person).collect();
            let all: Vec<Episode> = theirs
                .iter()
                .chain(&unknown)
                .map(|place| positions[*place].episode)
                .collect();
            if !any_at_once(&all) {
                // A link is possible once the row and the code with its name are there.
                let coded = known.iter().map(|code| first[*code]).min().unwrap();
                for place in &unknown {
                    found.push((*place, person.clone(), said[*place].delivery.max(coded)));
                }
            }
            break;
        }
        let episodes: Vec<Episode> = unknown
            .iter()
            .map(|place| positions[*place].episode)
            .collect();
        if let (false, [_, _, ..], false) = (has_code, unknown.as_slice(), any_at_once(&episodes)) {
            // Rows of one name without a code belong together once the second is there.
            let mut came: Vec<usize> = unknown.iter().map(|place| said[*place].delivery).collect();
            came.sort_unstable();
            for place in &unknown {
                let both = said[*place].delivery.max(came[1]);
                found.push((*place, format!("nobody known {name:?}"), both));
            }
        }
    }
    // What is found late changes the last year only.
    let begun = |code: &String| {
        let own = (0..positions.len()).filter(|place| said[*place].person.as_ref() == Some(code));
        own.map(|place| positions[place].episode.from).min()
    };
    let late: BTreeSet<String> = replaced
        .iter()
        .filter(|(old, new)| begun(old).is_some_and(|from| !is_open(first[*new], from)))
        .map(|(old, _)| old.clone())
        .collect();
    for position in positions.iter_mut() {
        let Some(code) = position.person.clone() else {
            continue;
        };
        if let (Some(new), false) = (replaced.get(&code), late.contains(&code)) {
            position.person = Some(new.clone());
        }
    }
    for (place, person, delivery) in found {
        if is_open(delivery, positions[place].episode.from) {
            positions[place].person = Some(person);
        }
    }
    for (job, said) in worked.iter_mut().zip(jobs) {
        job.person = match &said.person {
            Some(code) if late.contains(code) => Some(code.clone()),
            Some(code) => Some(newest(code)),
            None => of_name(&said.name, &codes, &newest).and_then(|(person, known)| {
                let coded = known.iter().map(|code| first[*code]).min().unwrap_or(0);
                is_open(said.delivery.max(coded), job.episode.from).then_some(person)
            }),
        };
    }
}

/// The one person whose codes bear a name, or else the name with a usual mistake undone; and those codes.
fn of_name<'a>(
    name: &Name,
    codes: &'a BTreeMap<&Name, BTreeSet<String>>,
    newest: &impl Fn(&String) -> String,
) -> Option<(String, Vec<&'a String>)> {
    let ways = std::iter::once(name.clone()).chain(mistakes(name).into_iter().flatten());
    for way in ways {
        let known: Vec<&String> = codes.get(&way).into_iter().flatten().collect();
        let people: BTreeSet<String> = known.iter().map(|code| newest(code)).collect();
        if people.is_empty() {
            continue;
        }
        let people: Vec<String> = people.into_iter().collect();
        return match people.as_slice() {
            [person] => Some((person.clone(), known)),
            _ => None,
        };
    }
    None
}

fn any_at_once(episodes: &[Episode]) -> bool {
    let before = |a: Episode, b: Episode| a.to.is_some_and(|to| to <= b.from);
    episodes.iter().enumerate().any(|(place, a)| {
        let others = episodes[place + 1..].iter();
        others
            .into_iter()
            .any(|b| !before(*a, *b) && !before(*b, *a))
    })
}

/// Codes replaced by the code of the position that follows: two codes of one name and no third, the second beginning on the day the first ended or in the same home.
fn replaced(
    positions: &[Position],
    codes: &BTreeMap<&Name, BTreeSet<String>>,
    here: &BTreeMap<&Name, Vec<usize>>,
) -> BTreeMap<String, String> {
    let mut replaced = BTreeMap::new();
    for (name, known) in codes {
        let known: Vec<&String> = known.iter().collect();
        let [a, b] = known.as_slice() else { continue };
        let of = |code: &str| -> Vec<&Position> {
            let places = here.get(name).into_iter().flatten();
            let places = places.map(|place| &positions[*place]);
            places
                .filter(|one| one.person.as_deref() == Some(code))
                .collect()
        };
        for (old, new) in [(a, b), (b, a)] {
            let (old_ones, new_ones) = (of(old), of(new));
            let ends: Option<Vec<Day>> = old_ones.iter().map(|one| one.episode.to).collect();
            let end = ends.and_then(|ends| ends.into_iter().max());
            let start = new_ones.iter().map(|one| one.episode.from).min();
            let (Some(end), Some(start)) = (end, start) else {
                continue;
            };
            let home = |a: &Position, b: &Position| {
                (a.household.is_some() && a.household == b.household)
                    || (a.dwelling.is_some() && a.dwelling == b.dwelling)
            };
            let shares = old_ones.iter().any(|a| new_ones.iter().any(|b| home(a, b)));
            if end == start || (end < start && shares) {
                replaced.insert((*old).clone(), (*new).clone());
            }
        }
    }
    replaced
}
