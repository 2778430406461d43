//! Where invented people live: twins and children with a parent, couples together, each household at one address of a city with large and small streets.

use std::collections::BTreeMap;

use super::people::{Home, Known, NOW};
use super::random::{Random, Ranks};

const STREETS: usize = 400;
const POST_CODES: [&str; 6] = ["41121", "41122", "41123", "41124", "41125", "41126"];
/// Until this age most live with a parent.
const CHILD: u16 = 25;
const WITH_PARENT: f64 = 0.9;
/// Of grown people, those who live with somebody about their age, and those who live with a parent.
const COUPLE: f64 = 0.55;
const STAYS: f64 = 0.15;
/// The largest difference of age in a couple.
const APART: u16 = 8;

/// Gives everybody a home; the same for the same seed, and nothing of the people themselves changes.
pub(super) fn give(people: &mut [Known], seed: u64) {
    let random = &mut Random::new(seed ^ 0x40_3e5);
    let city = City::new(random);
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by_key(|nth| (people[*nth].birth, *nth));
    // Parents are older than their children, so they have their homes first.
    let mut of_surname: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut single: Vec<usize> = Vec::new();
    for nth in order {
        let age = NOW.saturating_sub(people[nth].birth.0);
        let namesakes = of_surname.entry(people[nth].surname.clone()).or_default();
        let twin = [nth.wrapping_sub(1), nth + 1]
            .into_iter()
            .find(|other| namesakes.contains(other) && people[*other].birth == people[nth].birth);
        let parent = || {
            let is_parent = |other: &&usize| {
                (20..45).contains(&(people[nth].birth.0 - people[**other].birth.0))
            };
            let parents: Vec<usize> = namesakes.iter().filter(is_parent).copied().collect();
            parents
        };
        let stays = random.chance(if age < CHILD { WITH_PARENT } else { STAYS });
        let parents = if stays { parent() } else { Vec::new() };
        let is_grown = age >= CHILD;
        let host = match twin {
            Some(twin) if !is_grown || random.chance(STAYS) => Some(twin),
            _ if !parents.is_empty() => Some(parents[random.below(parents.len())]),
            _ if is_grown && random.chance(COUPLE) => partner(people, &mut single, nth),
            _ => None,
        };
        namesakes.push(nth);
        people[nth].home = match host {
            Some(host) => people[host].home.clone(),
            None => city.home(random),
        };
        if is_grown && host.is_none() {
            single.push(nth);
        }
    }
}

/// Somebody who lives alone, of about the same age.
fn partner(people: &[Known], single: &mut Vec<usize>, nth: usize) -> Option<usize> {
    let near = |other: &usize| people[nth].birth.0 - people[*other].birth.0 <= APART;
    let place = single.iter().position(near)?;
    Some(single.swap_remove(place))
}

struct City {
    streets: Vec<(String, &'static str)>,
    ranks: Ranks,
}

impl City {
    /// Streets of two to four syllables; each is in one part of the city.
    fn new(random: &mut Random) -> City {
        const SYLLABLES: &str = "RA LE NI TO SSA ZZO LLI RDE NTA MBO GNA RI VA LO CCHI STRO NDI RGO BA CA DE FA GI MA PE SA TRE VI";
        let syllables: Vec<&str> = SYLLABLES.split(' ').collect();
        let street = |random: &mut Random| {
            let count = 2 + random.below(4);
            let parts = (0..count).map(|_| syllables[random.below(syllables.len())]);
            let name: String = parts.collect();
            (name, POST_CODES[random.below(POST_CODES.len())])
        };
        City {
            streets: (0..STREETS).map(|_| street(random)).collect(),
            ranks: Ranks::new(STREETS, 5.0, 0.8),
        }
    }

    fn home(&self, random: &mut Random) -> Home {
        let code = self.ranks.draw(random);
        let (street, post_code) = &self.streets[code];
        // Long streets are rarer than short ones.
        let length = 10 + (random.unit().powi(3) * 300.0) as usize;
        Home {
            street: street.clone(),
            number: 1 + random.below(length),
            post_code,
            code,
        }
    }
}
