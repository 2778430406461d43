//! The frequency attack: equal encodings are counted and aligned with equally frequent values; what the aligned ones say of each bit names the rest.
//!
//! After Christen, Ranbaduge, Vatsalan, Schnell, *Efficient cryptanalysis of Bloom filters for privacy-preserving record linkage*, PAKDD 2017.
//! It needs neither the key nor the way the positions are drawn: only which grams a value has.

use std::collections::BTreeMap;

use super::encode::{Bits, Claims, Surface, Way, grams, insertions};
use super::people::Known;

/// Rounds in which what is named surely names more.
const ROUNDS: usize = 8;
/// Where no frequency stands out, so many are named by guess: the first with the first.
const GUESSES: usize = 8;
/// A name is sure when it is so many times likelier than the next (natural logarithm).
const SURE: f32 = 12.0;

/// Values that are encoded alike.
struct Value {
    /// One of the people who have it.
    person: usize,
    count: usize,
    /// Numbers of its grams.
    grams: Vec<usize>,
}

/// The encodings and values of one surface.
struct Tables {
    /// Distinct encodings and how many records have each, the most frequent first.
    filters: Vec<(Bits, usize)>,
    values: Vec<Value>,
    /// For each gram, the share of the bits that it sets.
    gram_shares: Vec<f64>,
}

/// Names a person for each record.
pub(crate) fn attack(surfaces: &[Surface], people: &[Known], way: &Way) -> Claims {
    let mut claims = vec![None; people.len()];
    for (nth, surface) in surfaces.iter().enumerate() {
        let found = one_surface(surface, people, way, nth);
        for (claim, found) in claims.iter_mut().zip(found) {
            *claim = claim.or(found);
        }
    }
    claims
}

fn one_surface(surface: &Surface, people: &[Known], way: &Way, rule: usize) -> Claims {
    let tables = tables(surface, people, way, rule);
    let mut named = aligned(&tables.filters, &tables.values);
    let is_guess = named.iter().all(Option::is_none);
    if is_guess {
        for (nth, name) in named.iter_mut().enumerate().take(GUESSES) {
            *name = Some(nth);
        }
    }
    for _ in 0..if is_guess { 0 } else { ROUNDS } {
        let before = named.iter().flatten().count();
        name_more(&tables, &mut named, SURE);
        if named.iter().flatten().count() == before {
            break;
        }
    }
    name_more(&tables, &mut named, f32::MIN_POSITIVE);
    let of_filter: BTreeMap<&Bits, usize> = tables
        .filters
        .iter()
        .zip(&named)
        .filter_map(|((bits, _), value)| Some((bits, tables.values[(*value)?].person)))
        .collect();
    surface
        .iter()
        .map(|bits| of_filter.get(bits).copied())
        .collect()
}

fn tables(surface: &Surface, people: &[Known], way: &Way, nth: usize) -> Tables {
    let mut counts: BTreeMap<Bits, usize> = BTreeMap::new();
    for bits in surface {
        *counts.entry(*bits).or_default() += 1;
    }
    let mut filters: Vec<(Bits, usize)> = counts.into_iter().collect();
    filters.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (values, gram_shares) = values(people, way, nth);
    Tables {
        filters,
        values,
        gram_shares,
    }
}

/// Distinct values, the most frequent first, with their salted grams; and the share of the bits that each gram sets.
fn values(people: &[Known], way: &Way, nth: usize) -> (Vec<Value>, Vec<f64>) {
    let mut counts: BTreeMap<Vec<String>, (usize, usize)> = BTreeMap::new();
    for (person, known) in people.iter().enumerate() {
        counts.entry(way.values(known)).or_insert((person, 0)).1 += 1;
    }
    let mut numbers: BTreeMap<(usize, String, String), usize> = BTreeMap::new();
    let mut shares = Vec::new();
    let mut values: Vec<Value> = Vec::with_capacity(counts.len());
    for (person, count) in counts.into_values() {
        let known = &people[person];
        let mut list = Vec::new();
        for (place, field) in way.schema.fields.iter().enumerate() {
            for gram in grams(field.grams, &known.value(&field.name)) {
                let number = numbers
                    .entry((place, way.salt(nth, known), gram))
                    .or_insert_with(|| {
                        shares.push(insertions(&way.schema, field) as f64 / 1024.0);
                        shares.len() - 1
                    });
                list.push(*number);
            }
        }
        values.push(Value {
            person,
            count,
            grams: list,
        });
    }
    values.sort_by_key(|value| std::cmp::Reverse(value.count));
    (values, shares)
}

/// The encodings whose frequency only one value has.
fn aligned(filters: &[(Bits, usize)], values: &[Value]) -> Vec<Option<usize>> {
    let alone = |count: usize| {
        filters.iter().filter(|filter| filter.1 == count).count() == 1
            && values.iter().filter(|value| value.count == count).count() == 1
    };
    let name = |(_, count): &(Bits, usize)| {
        let value = || values.iter().position(|value| value.count == *count);
        (*count > 1 && alone(*count)).then(value).flatten()
    };
    filters.iter().map(name).collect()
}

/// For each gram and bit, the logarithm of the probability that the gram leaves the bit alone, as the named encodings tell.
fn learn(tables: &Tables, named: &[Option<usize>]) -> Vec<Option<Box<[f32; 1024]>>> {
    let filters = &tables.filters;
    let share_of_bit: Vec<f64> = (0..1024)
        .map(|bit| {
            let set = filters.iter().filter(|(bits, _)| is_set(bits, bit)).count();
            (set as f64 / filters.len() as f64).clamp(0.01, 0.99)
        })
        .collect();
    // How many named encodings have the gram, and how many of them have each bit.
    let mut seen: Vec<Option<(u32, Box<[u32; 1024]>)>> = vec![None; tables.gram_shares.len()];
    for ((bits, _), value) in filters.iter().zip(named) {
        let Some(value) = value else { continue };
        for gram in &tables.values[*value].grams {
            let (count, set) = seen[*gram].get_or_insert_with(|| (0, Box::new([0; 1024])));
            *count += 1;
            for bit in (0..1024).filter(|bit| is_set(bits, *bit)) {
                set[bit] += 1;
            }
        }
    }
    let learnt = |(seen, prior): (&Option<Counted>, &f64)| {
        let (count, set) = seen.as_ref()?;
        let spared = std::array::from_fn(|bit| {
            // One wrong name in ten is borne.
            let sets = match set[bit] * 10 >= count * 9 {
                true => {
                    let by_chance =
                        share_of_bit[bit].powi(i32::try_from(*count).unwrap_or(i32::MAX));
                    prior / (prior + (1.0 - prior) * by_chance)
                }
                false => 0.0,
            };
            (1.0 - sets).max(1e-4).ln() as f32
        });
        Some(Box::new(spared))
    };
    seen.iter().zip(&tables.gram_shares).map(learnt).collect()
}

fn is_set(bits: &Bits, bit: usize) -> bool {
    bits[bit / 64] >> (bit % 64) & 1 == 1
}

/// For each value, the likelihood of an encoding without any bit, and what each bit adds to it.
fn likelihoods(
    tables: &Tables,
    learnt: &[Option<Box<[f32; 1024]>>],
) -> Vec<(f32, Box<[f32; 1024]>)> {
    let of_value = |value: &Value| {
        let mut spared = Box::new([0.0_f32; 1024]);
        for gram in &value.grams {
            match &learnt[*gram] {
                Some(known) => spared
                    .iter_mut()
                    .zip(known.iter())
                    .for_each(|(sum, one)| *sum += one),
                None => {
                    let unknown = (1.0 - tables.gram_shares[*gram]).ln() as f32;
                    spared.iter_mut().for_each(|sum| *sum += unknown);
                }
            }
        }
        let mut empty = 0.0;
        for bit in spared.iter_mut() {
            let unset = bit.exp().clamp(0.01, 0.99);
            empty += unset.ln();
            *bit = (1.0 - unset).ln() - unset.ln();
        }
        (empty, spared)
    };
    tables.values.iter().map(of_value).collect()
}

/// Names each encoding whose likeliest value of its frequency is likelier than the next by so much, and wanted by no other.
fn name_more(tables: &Tables, named: &mut [Option<usize>], margin: f32) {
    let likelihoods = likelihoods(tables, &learn(tables, named));
    let mut is_taken = vec![false; tables.values.len()];
    named
        .iter()
        .flatten()
        .for_each(|value| is_taken[*value] = true);
    let mut found: Vec<(f32, usize, usize)> = Vec::new();
    for (nth, (bits, count)) in tables.filters.iter().enumerate() {
        if named[nth].is_some() {
            continue;
        }
        let set: Vec<u16> = (0..1024)
            .filter(|bit| is_set(bits, usize::from(*bit)))
            .collect();
        // Sorted by count: the values of this frequency stand together.
        let from = tables.values.partition_point(|value| value.count > *count);
        let to = tables.values.partition_point(|value| value.count >= *count);
        let mut best = [(f32::NEG_INFINITY, 0); 2];
        for value in (from..to).filter(|value| !is_taken[*value]) {
            let (empty, adds) = &likelihoods[value];
            let score = empty + set.iter().map(|bit| adds[usize::from(*bit)]).sum::<f32>();
            if score > best[0].0 {
                best = [(score, value), best[0]];
            } else if score > best[1].0 {
                best[1] = (score, value);
            }
        }
        if best[0].0 - best[1].0 >= margin {
            found.push((best[0].0 - best[1].0, nth, best[0].1));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, nth, value) in found {
        if !is_taken[value] {
            is_taken[value] = true;
            named[nth] = Some(value);
        }
    }
}

/// How many filters hold a gram, and how often each bit is set in them.
type Counted = (u32, Box<[u32; 1024]>);
