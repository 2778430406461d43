//! The attack on the closest pairs: where an encoding hides all likeness but the strongest, what is left are pairs, and their strength tells which pair of people they are.
//!
//! It is graph matching on what diffusion leaves: each visible pair is matched to the pair of people whose expected strength is nearest, on all surfaces together, and the ends are put so that pairs with a common end agree.

use sha2::{Digest as _, Sha256};

use super::encode::{Bits, Claims, Surface, Way};
use super::people::Known;

/// A pair is visible beyond so many standard deviations of chance on some surface.
const VISIBLE: f32 = 5.5;
/// A pair of people that is expected to be weaker cannot be one of them.
const EXPECTED: f32 = 3.0;
/// The attacker's own keys.
const OWN_KEYS: u8 = 6;
/// More pairs than this are no longer the few that stand out.
const PAIRS_MAX: usize = 4_000;

/// Two nodes and, for each surface, how far beyond chance they are alike.
struct Pair {
    ends: (usize, usize),
    strengths: Vec<f32>,
}

/// Names a person for each end of a visible pair.
pub(crate) fn attack(surfaces: &[Surface], people: &[Known], way: &Way) -> Claims {
    let encoded = strongest(&[surfaces.to_vec()], VISIBLE);
    let own: Vec<Vec<Surface>> = (0..OWN_KEYS)
        .map(|own| way.encode(&Sha256::digest([b'p', own]).into(), people))
        .collect();
    let plain = strongest(&own, EXPECTED);
    let mut fits: Vec<(f32, usize, usize)> = Vec::new();
    for (nth, pair) in encoded.iter().enumerate() {
        for (other, expected) in plain.iter().enumerate() {
            let off = |(a, b): (&f32, &f32)| (a - b) * (a - b);
            fits.push((
                pair.strengths
                    .iter()
                    .zip(&expected.strengths)
                    .map(off)
                    .sum(),
                nth,
                other,
            ));
        }
    }
    fits.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    named(&encoded, &plain, &fits, people.len())
}

/// Takes the best fits first; a fit that contradicts an earlier one is passed over.
fn named(encoded: &[Pair], plain: &[Pair], fits: &[(f32, usize, usize)], nodes: usize) -> Claims {
    let mut claims: Claims = vec![None; nodes];
    let mut is_taken = vec![false; nodes];
    let (mut has, mut used) = (vec![false; encoded.len()], vec![false; plain.len()]);
    for (_, pair, other) in fits {
        if has[*pair] || used[*other] {
            continue;
        }
        let (a, b) = encoded[*pair].ends;
        let (p, q) = plain[*other].ends;
        let may = |record: usize, person: usize| match claims[record] {
            Some(claim) => claim == person,
            None => !is_taken[person],
        };
        let way = [(p, q), (q, p)]
            .into_iter()
            .find(|(p, q)| may(a, *p) && may(b, *q));
        let Some((p, q)) = way else { continue };
        has[*pair] = true;
        used[*other] = true;
        for (record, person) in [(a, p), (b, q)] {
            claims[record] = Some(person);
            is_taken[person] = true;
        }
    }
    claims
}

/// The pairs whose mean strength over the keys is beyond a limit on some surface, the strongest first.
fn strongest(keys: &[Vec<Surface>], limit: f32) -> Vec<Pair> {
    let nodes = keys[0].first().map_or(0, Vec::len);
    let surfaces = keys[0].len();
    let mut pairs: Vec<Pair> = Vec::new();
    for a in 0..nodes {
        for b in 0..a {
            // Most pairs are weak under the first key already, by far.
            let first = (0..surfaces).map(|surface| strength(&keys[0][surface], a, b));
            if first.fold(f32::NEG_INFINITY, f32::max) < limit - 3.0 {
                continue;
            }
            let mean = |surface: usize| {
                let sum: f32 = keys.iter().map(|key| strength(&key[surface], a, b)).sum();
                sum / keys.len() as f32
            };
            let strengths: Vec<f32> = (0..surfaces).map(mean).collect();
            if strengths.iter().any(|strength| *strength > limit) {
                pairs.push(Pair {
                    ends: (a, b),
                    strengths,
                });
            }
        }
    }
    let total = |pair: &Pair| pair.strengths.iter().sum::<f32>();
    pairs.sort_by(|a, b| total(b).total_cmp(&total(a)).then(a.ends.cmp(&b.ends)));
    pairs.truncate(PAIRS_MAX);
    pairs
}

/// In standard deviations: two sets of these sizes drawn at random (the hypergeometric distribution).
fn strength(surface: &Surface, a: usize, b: usize) -> f32 {
    let (a, b): (&Bits, &Bits) = (&surface[a], &surface[b]);
    let ones = |bits: &Bits| bits.iter().map(|word| word.count_ones()).sum::<u32>() as f32;
    let both: u32 = (0..16).map(|word| (a[word] & b[word]).count_ones()).sum();
    let (ones_a, ones_b) = (ones(a), ones(b));
    let expected = ones_a * ones_b / 1024.0;
    let spread = expected * (1024.0 - ones_a) * (1024.0 - ones_b) / (1024.0 * 1023.0);
    (both as f32 - expected) / spread.max(1e-9).sqrt()
}

/// Records that have a neighbour nearer than chance brings any two of so many: the others show no likeness to anybody.
pub(crate) fn visible(surfaces: &[Surface]) -> usize {
    /// One chance in 10^11 for a pair.
    const BEYOND_CHANCE: f32 = 6.7;
    let nodes = surfaces.first().map_or(0, Vec::len);
    let mut is_visible = vec![false; nodes];
    for a in 0..nodes {
        for b in 0..a {
            let is_near = |surface: &Surface| strength(surface, a, b) > BEYOND_CHANCE;
            if surfaces.iter().any(is_near) {
                is_visible[a] = true;
                is_visible[b] = true;
            }
        }
    }
    is_visible.into_iter().filter(|is| *is).count()
}
