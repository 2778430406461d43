//! How many matches the blocking rules lose, from matches put together anew.
//!
//! Rules have parts in common and fail together, so that counting how many rules find each match (see [`crate::quality::blocking_recall`]) tells too little of those that none finds.
//! What a field of two records of one person has in common is seen without a bias in the matches that a rule without that field finds.
//! Fields fail apart from each other, but for those of a dwelling, which change when somebody moves, and for columns that change places: such fields are taken together.
//! Matches are imagined with each group of fields as it stands in some match seen so, drawn for each group alone; the share of them that some rule finds is the share that the rules find of all.

use crate::block::{Matcher, Rule, mix};
use crate::compare::glance;
use crate::engine::Engine;
use crate::model::Part;
use crate::outcome::Scored;
use crate::passes::Ruled;

/// So many matches are looked at, evenly over all, and so many imagined.
const MATCHES: usize = 20_000;
const IMAGINED: u64 = 40_000;
/// Fewer tell nothing.
const TELLING: usize = 50;

/// The share of matches that some rule finds; nothing where too few matches are known, or one rule or column decides all.
pub(crate) fn resampled(
    engine: &Engine,
    rules: &[Ruled],
    near: &[Scored],
    seed: u64,
) -> Option<f64> {
    let atoms = atoms(rules);
    if rules.len() < 2 || atoms.len() > 64 {
        return None;
    }
    let asked: Vec<u64> = rules
        .iter()
        .map(|ruled| {
            let places = atoms.iter().enumerate();
            let own = places.filter(|(_, atom)| ruled.rule.0.contains(atom));
            own.fold(0, |mask, (place, _)| mask | 1 << place)
        })
        .collect();
    let seen = seen(engine, &atoms, near);
    let finds = |bits: u64, rule: u64| bits & rule == rule;
    let mut pools: Vec<Vec<u64>> = Vec::new();
    for group in groups(engine, &atoms) {
        let without = || asked.iter().filter(|rule| *rule & group == 0);
        let pool: Vec<u64> = seen
            .iter()
            .filter(|bits| without().any(|rule| finds(**bits, *rule)))
            .map(|bits| bits & group)
            .collect();
        if pool.len() < TELLING {
            return None;
        }
        pools.push(pool);
    }
    let imagined = |nth: u64| {
        let pools = pools.iter().enumerate();
        pools.fold(0, |bits, (place, pool)| {
            let drawn = mix(mix(nth, seed), place as u64) % pool.len() as u64;
            bits | pool[drawn as usize]
        })
    };
    let found = (0..IMAGINED)
        .filter(|nth| {
            let bits = imagined(*nth);
            asked.iter().any(|rule| finds(bits, *rule))
        })
        .count();
    Some(found as f64 / IMAGINED as f64)
}

/// The parts of fields that rules ask for, each once.
fn atoms(rules: &[Ruled]) -> Vec<(usize, Part)> {
    let mut atoms: Vec<(usize, Part)> = Vec::new();
    for atom in rules.iter().flat_map(|ruled| &ruled.rule.0) {
        if !atoms.contains(atom) {
            atoms.push(*atom);
        }
    }
    atoms
}

/// Which parts likely matches have in common, one bit each.
fn seen(engine: &Engine, atoms: &[(usize, Part)], near: &[Scored]) -> Vec<u64> {
    let records = &engine.records;
    let rules: Vec<Rule> = atoms.iter().map(|atom| Rule(vec![*atom])).collect();
    let rules = rules.iter();
    let matchers: Vec<Matcher<'_>> = rules.map(|rule| Matcher::of(records, rule)).collect();
    let likely: Vec<&Scored> = near.iter().filter(|pair| pair.probability >= 0.5).collect();
    let step = likely.len().div_ceil(MATCHES).max(1);
    likely
        .into_iter()
        .step_by(step)
        .map(|pair| {
            let (a, b) = (records.row(pair.a), records.row(pair.b));
            let glance = glance(a, b);
            let holds = matchers.iter().enumerate();
            let holds = holds.filter(|(_, matcher)| matcher.holds(glance, a, b));
            holds.fold(0, |bits, (place, _)| bits | 1 << place)
        })
        .collect()
}

/// The parts of fields that fail together, as bits.
fn groups(engine: &Engine, atoms: &[(usize, Part)]) -> Vec<u64> {
    let fields = &engine.records.fields;
    let mut of_field: Vec<usize> = (0..fields.len()).collect();
    let dwelling = fields.iter().position(|field| field.kind.is_of_dwelling());
    for (place, field) in fields.iter().enumerate() {
        if let (true, Some(dwelling)) = (field.kind.is_of_dwelling(), dwelling) {
            of_field[place] = dwelling;
        }
    }
    for (one, other) in &engine.crossed {
        let (kept, given_up) = (of_field[*one], of_field[*other]);
        for group in &mut of_field {
            if *group == given_up {
                *group = kept;
            }
        }
    }
    let mut groups = vec![0_u64; fields.len()];
    for (place, (field, _)) in atoms.iter().enumerate() {
        groups[of_field[*field]] |= 1 << place;
    }
    groups.retain(|group| *group != 0);
    groups
}
