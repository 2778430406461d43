//! All prime implicants, by subsets of conditions from small to large.
//!
//! A term is prime when it lies in what is allowed and no shorter part of it does. For each subset of conditions, the positive configurations are projected on it: with everything but the negative ones allowed, a projection that no negative configuration shares is an implicant (the idea of Duşa's consistency cubes, 2018); with a list allowed, one whose every configuration is on the list.

use rustc_hash::{FxHashMap, FxHashSet};

use super::term::{self, Term};

/// What a term may cover.
pub(super) enum Allowed<'a> {
    /// Everything but these configurations.
    AllBut(&'a [u64]),
    /// These configurations alone, without repetitions.
    Only(&'a [u64]),
}

/// The prime implicants that cover at least one of the positive configurations, short ones first.
pub(super) fn prime_implicants(
    positive: &[u64],
    allowed: &Allowed<'_>,
    levels: &[usize],
) -> Vec<Term> {
    let conditions = levels.len() as u32;
    let mut subsets: Vec<u32> = (0..1_u32 << conditions).collect();
    subsets.sort_by_key(|subset| (subset.count_ones(), *subset));
    let mut primes: Vec<Term> = Vec::new();
    // The masks of the prime implicants over each positive configuration.
    let mut covering: Vec<Vec<u64>> = vec![Vec::new(); positive.len()];
    for subset in subsets {
        let mask = term::mask(subset);
        let is_new =
            |own: &&(usize, u64)| !covering[own.0].iter().any(|known| known & mask == *known);
        let open: Vec<(usize, u64)> = positive.iter().copied().enumerate().collect();
        let open: Vec<(usize, u64)> = open.iter().filter(is_new).copied().collect();
        if open.is_empty() {
            continue;
        }
        let is_implicant = implicants(allowed, mask, free_size(subset, levels));
        let mut found: FxHashSet<u64> = FxHashSet::default();
        for (at, configuration) in open {
            let values = configuration & mask;
            if is_implicant(values) {
                covering[at].push(mask);
                if found.insert(values) {
                    primes.push(Term { mask, values });
                }
            }
        }
    }
    primes
}

/// How many configurations a term on these conditions has.
fn free_size(subset: u32, levels: &[usize]) -> usize {
    let free = levels.iter().enumerate();
    free.filter(|(at, _)| subset >> at & 1 == 0)
        .fold(1, |size: usize, (_, own)| size.saturating_mul(*own))
}

/// Whether the term of some values lies in what is allowed.
fn implicants<'a>(allowed: &Allowed<'_>, mask: u64, size: usize) -> Box<dyn Fn(u64) -> bool + 'a> {
    match allowed {
        Allowed::AllBut(negative) => {
            let excluded: FxHashSet<u64> = negative.iter().map(|own| own & mask).collect();
            Box::new(move |values| !excluded.contains(&values))
        }
        Allowed::Only(list) if list.len() < size => Box::new(|_| false),
        Allowed::Only(list) => {
            let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
            for configuration in *list {
                *counts.entry(configuration & mask).or_default() += 1;
            }
            Box::new(move |values| counts.get(&values) == Some(&size))
        }
    }
}
