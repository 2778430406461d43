//! The pattern-mining attack: bits that are set together far more often than chance belong to one gram; the grams found name the records.
//!
//! After Christen, Vidanage, Ranbaduge, Schnell, *Pattern-mining based cryptanalysis of Bloom filters for privacy-preserving record linkage*, PAKDD 2018.
//! It works although all encodings are unique.
//! The sets are grown as Apriori grows them, one bit at a time, from the pairs that stand out; a set is matched to a gram by how many records hold it and how many hold it together with the sets matched before.

use std::collections::BTreeMap;

use super::encode::{Claims, Hashing, Surface, Way, grams, insertions};
use super::people::Known;

/// Records or people, one bit each.
type Set = Vec<u64>;

/// A set of fewer records tells nothing: half of the bits of diffused encodings would seem to belong together by chance.
const SUPPORT_MIN: usize = 16;
/// Pairs of bits are looked at in this order until so many were tried.
const SEEDS_MAX: usize = 6_000;
/// How far from chance a pair of bits must be.
const STANDS_OUT: f64 = 4.5;
/// A pattern has at least so many bits.
const BITS_MIN: usize = 8;
/// And its growth ends at so many.
const BITS_MAX: usize = 40;
/// The grams of the plaintext that are worth matching.
const CLASSES_MAX: usize = 1_500;

fn count(set: &Set) -> usize {
    set.iter().map(|word| word.count_ones() as usize).sum()
}

fn count_both(a: &Set, b: &Set) -> usize {
    a.iter()
        .zip(b)
        .map(|(a, b)| (a & b).count_ones() as usize)
        .sum()
}

fn narrow(set: &mut Set, by: &Set) {
    set.iter_mut().zip(by).for_each(|(word, by)| *word &= by);
}

/// Names a person for each record.
pub(crate) fn attack(surfaces: &[Surface], people: &[Known], way: &Way) -> Claims {
    let patterns = mine(&columns(surfaces), people.len());
    let classes = classes(people, way);
    let matched = matched(&patterns, &classes);
    name(&patterns, &classes, &matched, people.len())
}

/// How many sets of bits go together.
pub(crate) fn found(surfaces: &[Surface]) -> usize {
    let records = surfaces.first().map_or(0, Vec::len);
    mine(&columns(surfaces), records).len()
}

/// For each bit of each surface, the records in which it is set.
fn columns(surfaces: &[Surface]) -> Vec<Set> {
    let words = surfaces
        .first()
        .map_or(0, |surface| surface.len().div_ceil(64));
    let mut columns = vec![vec![0; words]; 1024 * surfaces.len()];
    for (nth, surface) in surfaces.iter().enumerate() {
        for (record, bits) in surface.iter().enumerate() {
            for (word, bits) in bits.iter().enumerate() {
                let mut rest = *bits;
                while rest != 0 {
                    let bit = word * 64 + rest.trailing_zeros() as usize;
                    columns[nth * 1024 + bit][record / 64] |= 1 << (record % 64);
                    rest &= rest - 1;
                }
            }
        }
    }
    columns
}

/// The sets of records behind the bits that go together, the largest first.
fn mine(columns: &[Set], records: usize) -> Vec<Set> {
    let counts: Vec<usize> = columns.iter().map(count).collect();
    let mut seeds = seeds(columns, &counts, records);
    seeds.truncate(SEEDS_MAX);
    let mut patterns: Vec<Set> = Vec::new();
    // Pairs of bits that a pattern explains already.
    let mut is_explained = vec![false; columns.len() * columns.len()];
    for (_, first, second) in seeds {
        if is_explained[first * columns.len() + second] {
            continue;
        }
        let Some((pattern, bits)) = grow(columns, &counts, (first, second), records) else {
            continue;
        };
        for bit in &bits {
            bits.iter()
                .for_each(|other| is_explained[bit * columns.len() + other] = true);
        }
        let size = count(&pattern);
        let is_known = patterns.iter().any(|known| {
            let both = count_both(known, &pattern);
            both * 20 >= size * 19 && both * 20 >= count(known) * 19
        });
        if !is_known {
            patterns.push(pattern);
        }
    }
    patterns.sort_by_key(|pattern| std::cmp::Reverse(count(pattern)));
    patterns
}

/// Pairs of bits that are set together more often than chance, the farthest from it first.
fn seeds(columns: &[Set], counts: &[usize], records: usize) -> Vec<(f64, usize, usize)> {
    let all = records as f64;
    let mut seeds = Vec::new();
    for first in 0..columns.len() {
        let share = counts[first] as f64 / all;
        for second in first + 1..columns.len() {
            let other = counts[second] as f64 / all;
            let expected = share * other * all;
            let spread = (expected * (1.0 - share) * (1.0 - other)).sqrt();
            let both = count_both(&columns[first], &columns[second]) as f64;
            if spread > 0.0 && both - expected > STANDS_OUT * spread {
                seeds.push(((both - expected) / spread, first, second));
            }
        }
    }
    seeds.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    seeds
}

/// Adds the bit that most of the records have, as long as it is far more of them than chance; then narrows to the records that have all bits.
fn grow(
    columns: &[Set],
    counts: &[usize],
    (first, second): (usize, usize),
    records: usize,
) -> Option<(Set, Vec<usize>)> {
    let mut set = columns[first].clone();
    narrow(&mut set, &columns[second]);
    let mut bits = vec![first, second];
    let mut is_pure = false;
    loop {
        let size = count(&set);
        if size < SUPPORT_MIN {
            return None;
        }
        // How far the share of the records that have the bit lies above the bit's own share.
        let excess = |bit: usize| {
            let share = counts[bit] as f64 / records as f64;
            let here = count_both(&set, &columns[bit]) as f64 / size as f64;
            ((here - share) / (1.0 - share).max(1e-9), here)
        };
        let best = (0..columns.len())
            .filter(|bit| !bits.contains(bit))
            .map(|bit| (excess(bit), bit))
            .max_by(|a, b| a.0.0.total_cmp(&b.0.0).then(b.1.cmp(&a.1)));
        let ((above, here), bit) = best?;
        // Once the set is pure, a bit either holds in all of it or is another gram's.
        if above < 0.4 || bits.len() >= BITS_MAX || (is_pure && here < 0.97) {
            break;
        }
        is_pure |= here >= 0.985;
        narrow(&mut set, &columns[bit]);
        bits.push(bit);
    }
    (is_pure && bits.len() >= BITS_MIN).then_some((set, bits))
}

/// The sets of people who share a gram, the largest first, each once.
fn classes(people: &[Known], way: &Way) -> Vec<Set> {
    let words = people.len().div_ceil(64);
    let mut sets: BTreeMap<(usize, String, String), Set> = BTreeMap::new();
    for (nth, person) in people.iter().enumerate() {
        for surface in 0..way.schema.filters.len() {
            let salt = format!("{surface} {}", way.salt(surface, person));
            for (place, field) in way.schema.fields.iter().enumerate() {
                let places: Vec<usize> = match &way.hashing {
                    Hashing::Independent(_) | Hashing::BySchema | Hashing::Apart => vec![place],
                    // A gram's first bits are the same in all fields, its next in those that set more.
                    Hashing::Double => {
                        let bits = |field| insertions(&way.schema, field);
                        let levels = way.schema.fields.iter().map(bits);
                        levels.filter(|level| *level <= bits(field)).collect()
                    }
                };
                for gram in grams(field.grams, &person.value(&field.name)) {
                    for place in &places {
                        let key = (*place, salt.clone(), gram.clone());
                        let set = sets.entry(key).or_insert_with(|| vec![0; words]);
                        set[nth / 64] |= 1 << (nth % 64);
                    }
                }
            }
        }
    }
    let mut classes: Vec<Set> = sets
        .into_values()
        .filter(|set| count(set) >= SUPPORT_MIN)
        .collect();
    classes.sort_by(|a, b| count(b).cmp(&count(a)).then_with(|| a.cmp(b)));
    classes.dedup();
    classes.truncate(CLASSES_MAX);
    classes
}

/// For each pattern, the class it seems to be: the clearest choice first, each choice helped by those before.
fn matched(patterns: &[Set], classes: &[Set]) -> Vec<Option<usize>> {
    let pattern_counts: Vec<usize> = patterns.iter().map(count).collect();
    let class_counts: Vec<usize> = classes.iter().map(count).collect();
    // How badly each pair fits, in squared standard deviations; grows with every choice made.
    let noise = |size: usize| 0.5 + 0.01 * size as f64;
    let mut misfit: Vec<Vec<f64>> = pattern_counts
        .iter()
        .map(|pattern| {
            let one = |class: &usize| {
                let off = pattern.abs_diff(*class) as f64 / noise(*class);
                off * off
            };
            class_counts.iter().map(one).collect()
        })
        .collect();
    let mut matched = vec![None; patterns.len()];
    let mut is_taken = vec![false; classes.len()];
    let limit = |made: usize| 9.0 + 2.0 * made as f64;
    for made in 0..patterns.len() {
        let clearest = (0..patterns.len())
            .filter(|pattern| matched[*pattern].is_none())
            .filter_map(|pattern| {
                let (class, margin) = best(&misfit[pattern], &is_taken, limit(made))?;
                Some((margin, pattern, class))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, pattern, class)) = clearest else {
            break;
        };
        matched[pattern] = Some(class);
        is_taken[class] = true;
        let with_class: Vec<usize> = classes
            .iter()
            .map(|other| count_both(other, &classes[class]))
            .collect();
        for other in (0..patterns.len()).filter(|other| matched[*other].is_none()) {
            let together = count_both(&patterns[other], &patterns[pattern]);
            for (sum, expected) in misfit[other].iter_mut().zip(&with_class) {
                let off = together.abs_diff(*expected) as f64 / noise(*expected);
                *sum += (off * off).min(25.0);
            }
        }
    }
    matched
}

/// The class that fits best, and by how much better than the next.
fn best(misfit: &[f64], is_taken: &[bool], limit: f64) -> Option<(usize, f64)> {
    let (mut first, mut second) = ((f64::INFINITY, None), f64::INFINITY);
    for (class, misfit) in misfit.iter().enumerate() {
        if is_taken[class] {
            continue;
        }
        if *misfit < first.0 {
            second = first.0;
            first = (*misfit, Some(class));
        } else if *misfit < second {
            second = *misfit;
        }
    }
    let margin = (second.min(1e9) - first.0) / (1.0 + first.0);
    (first.0 < limit).then_some((first.1?, margin))
}

/// The person whose grams fit a record's patterns best, when no other fits as well.
fn name(patterns: &[Set], classes: &[Set], matched: &[Option<usize>], records: usize) -> Claims {
    let pairs: Vec<(&Set, &Set)> = patterns
        .iter()
        .zip(matched)
        .filter_map(|(pattern, class)| Some((pattern, &classes[(*class)?])))
        .collect();
    let of_records = rows(pairs.iter().map(|pair| pair.0), records);
    let of_people = rows(pairs.iter().map(|pair| pair.1), records);
    let distance = |a: &Set, b: &Set| -> usize {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a ^ b).count_ones() as usize)
            .sum()
    };
    let mut claims = vec![None; records];
    for (record, claim) in claims.iter_mut().enumerate() {
        let (mut nearest, mut next, mut who) = (usize::MAX, usize::MAX, 0);
        for (person, row) in of_people.iter().enumerate() {
            let far = distance(&of_records[record], row);
            if far < nearest {
                (next, nearest, who) = (nearest, far, person);
            } else if far < next {
                next = far;
            }
        }
        *claim = (nearest < next && !pairs.is_empty()).then_some(who);
    }
    claims
}

/// For each record, which of the sets it is in.
fn rows<'a>(sets: impl ExactSizeIterator<Item = &'a Set>, records: usize) -> Vec<Set> {
    let words = sets.len().div_ceil(64);
    let mut rows = vec![vec![0; words]; records];
    for (nth, set) in sets.enumerate() {
        for (record, row) in rows.iter_mut().enumerate() {
            if set[record / 64] >> (record % 64) & 1 == 1 {
                row[nth / 64] |= 1 << (nth % 64);
            }
        }
    }
    rows
}
