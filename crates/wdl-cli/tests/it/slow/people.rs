//! Who lives in the city on a day, and in which families.

use std::collections::BTreeMap;

use super::city::{City, Position};
use super::day::Day;

/// A registry family on a day.
pub(crate) struct Family<'a> {
    pub(crate) household: &'a str,
    pub(crate) members: Vec<&'a Position>,
    /// The holder of the card, or who speaks for it when there is none.
    pub(crate) speaker: &'a Position,
    pub(crate) family_type: &'static str,
}

/// The residents of a day: one position for each person, and every position without a person.
///
/// A person with two positions lives where the later one says.
pub(crate) fn residents(city: &City, on: Day) -> Vec<&Position> {
    let mut unlinked = Vec::new();
    let mut linked: BTreeMap<&str, &Position> = BTreeMap::new();
    for position in &city.positions {
        if !position.episode.holds(on) {
            continue;
        }
        match position.person.as_deref() {
            None => unlinked.push(position),
            Some(person) => {
                let kept = linked.entry(person).or_insert(position);
                if std::ptr::eq(*kept, position) {
                    continue;
                }
                assert_ne!(
                    kept.episode.from, position.episode.from,
                    "{} and {}: the definition does not say which holds",
                    kept.record, position.record
                );
                if position.episode.from > kept.episode.from {
                    *kept = position;
                }
            }
        }
    }
    unlinked.extend(linked.into_values());
    unlinked
}

/// The last position of a person that has begun by a day, ended or not.
pub(crate) fn last_known<'a>(
    city: &'a City,
    person: Option<&str>,
    on: Day,
) -> Option<&'a Position> {
    let person = person?;
    let mut last: Option<&Position> = None;
    for position in &city.positions {
        let is_own = position.person.as_deref() == Some(person);
        if !is_own || !position.episode.has_begun(on) {
            continue;
        }
        if let Some(earlier) = last {
            assert_ne!(
                earlier.episode.from, position.episode.from,
                "{} and {}: the definition does not say which is the last",
                earlier.record, position.record
            );
        }
        if last.is_none_or(|earlier| position.episode.from > earlier.episode.from) {
            last = Some(position);
        }
    }
    last
}

/// The families of a day's residents; institutions are none.
pub(crate) fn families<'a>(residents: &[&'a Position], on: Day) -> Vec<Family<'a>> {
    let mut cards: BTreeMap<&str, Vec<&Position>> = BTreeMap::new();
    for position in residents {
        if let (true, Some(household)) = (position.is_family, &position.household) {
            cards.entry(household).or_default().push(position);
        }
    }
    let mut families = Vec::new();
    for (household, members) in cards {
        let speaker = speaker(&members);
        families.push(Family {
            household,
            family_type: family_type(&members, speaker, on),
            speaker,
            members,
        });
    }
    families
}

/// The holder; without one the eldest member, by the month of birth, which is all the lab knows.
fn speaker<'a>(members: &[&'a Position]) -> &'a Position {
    let holders: Vec<&&Position> = members
        .iter()
        .filter(|one| one.relationship == "IS")
        .collect();
    assert!(holders.len() < 2, "{} has two holders", holders[0].record);
    if let Some(holder) = holders.first() {
        return holder;
    }
    let month = |one: &Position| (one.born.year, one.born.month);
    let mut by_age: Vec<&&Position> = members.iter().collect();
    by_age.sort_by_key(|one| month(one));
    if by_age.len() > 1 && month(by_age[0]) == month(by_age[1]) {
        let same = by_age[0].citizenship == by_age[1].citizenship;
        assert!(
            same,
            "{}: the definition does not say who is the eldest",
            by_age[0].record
        );
    }
    by_age[0]
}

/// The type of a family, by what the others are to its holder.
fn family_type(members: &[&Position], speaker: &Position, on: Day) -> &'static str {
    if let [alone] = members {
        return match on.age_of(alone.born) {
            ..65 => "sola_under65",
            _ => "sola_65plus",
        };
    }
    if speaker.relationship != "IS" {
        return "altro";
    }
    let others = members.iter().filter(|one| one.relationship != "IS");
    let mut others: Vec<&str> = others.map(|one| one.relationship.as_str()).collect();
    others.sort_unstable();
    match others.as_slice() {
        ["CG"] => "coppia_senza_figli",
        ["CG", children @ ..] if children.iter().all(|one| *one == "FG") => "coppia_con_figli",
        ["GE", "GE"] => "coppia_con_figli",
        ["GE"] => "monogenitore",
        children if children.iter().all(|one| *one == "FG") => "monogenitore",
        _ => "altro",
    }
}
