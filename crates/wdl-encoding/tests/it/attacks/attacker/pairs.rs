//! The attack on the closest pairs: where an encoding hides all likeness but the strongest, what is left are pairs, and their strength tells which pair of people they are.
//!
//! It is graph matching on what diffusion leaves: each visible pair is matched to the pair of people whose expected strength is nearest, on all surfaces together, and the ends are put so that pairs with a common end agree.

use sha2::{Digest as _, Sha256};

use super::encode::{Bits, Claims, Surface, Way};
use super::people::{Known, mistaken};

/// A pair is visible beyond so many standard deviations of chance on some surface.
const VISIBLE: f32 = 5.5;
/// A pair of people that is expected to be weaker cannot be one of them.
const EXPECTED: f32 = 3.0;
/// The attacker's own keys.
const OWN_KEYS: u8 = 6;
/// More pairs than this are no longer the few that stand out.
const PAIRS_MAX: usize = 4_000;

/// The fits of a pair that are tried.
const FITS: usize = 8;

/// Two nodes and, for each surface, how far beyond chance they are alike.
struct Pair {
    ends: (usize, usize),
    strengths: Vec<f32>,
}

/// Names a person for each end of a visible pair.
pub(crate) fn attack(surfaces: &[Surface], people: &[Known], way: &Way) -> Claims {
    let encoded = strongest(&[surfaces.to_vec()], VISIBLE, alike_within);
    let own: Vec<Vec<Surface>> = (0..OWN_KEYS)
        .map(|own| way.encode(&own_key(own), people))
        .collect();
    let plain = strongest(&own, EXPECTED, alike_within);
    named(&encoded, &plain, people.len())
}

fn own_key(own: u8) -> [u8; 32] {
    Sha256::digest([b'p', own]).into()
}

fn alike_within(surface: &Surface, a: usize, b: usize) -> f32 {
    strength(surface, a, b)
}

/// A surface of each of two files in which the same people stand in the same order.
type TwoFiles = (Surface, Surface);

fn alike_across((first, second): &TwoFiles, a: usize, b: usize) -> f32 {
    let of = |a: usize, b: usize| strength_of(&first[a], &second[b]);
    of(a, b).max(of(b, a))
}

/// The same across two files of the same people, of whom the attacker knows from the linkage which record is which: what one file hides, the likeness to the other may show.
///
/// In the second file some have mistakes; the attacker knows how often, and draws mistakes of its own.
pub(crate) fn attack_across(
    (first, second): (&[Surface], &[Surface]),
    people: &[Known],
    way: &Way,
) -> Claims {
    let both = |first: &[Surface], second: &[Surface]| -> Vec<TwoFiles> {
        first.iter().cloned().zip(second.iter().cloned()).collect()
    };
    let encoded = strongest(&[both(first, second)], VISIBLE, alike_across);
    let own: Vec<Vec<TwoFiles>> = (0..OWN_KEYS)
        .map(|own| {
            let mistaken = mistaken(people, u64::from(own) + 1_000);
            both(
                &way.encode(&own_key(own), people),
                &way.encode(&own_key(own), &mistaken),
            )
        })
        .collect();
    let plain = strongest(&own, EXPECTED, alike_across);
    named(&encoded, &plain, people.len())
}

/// How far a pair of people is off, and its number.
type Fit = (f32, usize);

/// For each visible pair the pairs of people that fit best, with how far they are off.
fn fits(pair: &Pair, plain: &[Pair]) -> Vec<Fit> {
    let off = |(a, b): (&f32, &f32)| (a - b) * (a - b);
    let fit = |other: &Pair| pair.strengths.iter().zip(&other.strengths).map(off).sum();
    let mut fits: Vec<Fit> = plain.iter().map(fit).zip(0..).collect();
    let by_fit = |a: &Fit, b: &Fit| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    if fits.len() > FITS {
        fits.select_nth_unstable_by(FITS, by_fit);
        fits.truncate(FITS);
    }
    fits.sort_unstable_by(by_fit);
    fits
}

/// Takes the clearest pairs first, those whose second best fit is farthest behind; a fit that contradicts an earlier one is passed over.
fn named(encoded: &[Pair], plain: &[Pair], nodes: usize) -> Claims {
    let mut clear: Vec<(f32, usize, Vec<Fit>)> = encoded
        .iter()
        .enumerate()
        .map(|(nth, pair)| {
            let fits = fits(pair, plain);
            let at = |place: usize| fits.get(place).map_or(1e6, |fit| fit.0);
            (at(1) - 2.0 * at(0), nth, fits)
        })
        .collect();
    clear.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut claims: Claims = vec![None; nodes];
    let mut is_taken = vec![false; nodes];
    let mut used = vec![false; plain.len()];
    for (_, pair, fits) in &clear {
        let (a, b) = encoded[*pair].ends;
        for (_, other) in fits {
            let (p, q) = plain[*other].ends;
            let may = |record: usize, person: usize| match claims[record] {
                Some(claim) => claim == person,
                None => !is_taken[person],
            };
            let way = [(p, q), (q, p)]
                .into_iter()
                .find(|(p, q)| may(a, *p) && may(b, *q));
            let (false, Some((p, q))) = (used[*other], way) else {
                continue;
            };
            used[*other] = true;
            for (record, person) in [(a, p), (b, q)] {
                claims[record] = Some(person);
                is_taken[person] = true;
            }
            break;
        }
    }
    claims
}

/// Something with records.
trait Nodes {
    fn nodes(&self) -> usize;
}

impl Nodes for Surface {
    fn nodes(&self) -> usize {
        self.len()
    }
}

impl Nodes for TwoFiles {
    fn nodes(&self) -> usize {
        self.0.len()
    }
}

/// The pairs whose mean strength over the keys is beyond a limit on some surface, the strongest first.
fn strongest<S: Nodes>(
    keys: &[Vec<S>],
    limit: f32,
    alike: fn(&S, usize, usize) -> f32,
) -> Vec<Pair> {
    let nodes = keys[0].first().map_or(0, Nodes::nodes);
    let surfaces = keys[0].len();
    let mut pairs: Vec<Pair> = Vec::new();
    for a in 0..nodes {
        for b in 0..a {
            // Most pairs are weak under the first key already, by far.
            let first = (0..surfaces).map(|surface| alike(&keys[0][surface], a, b));
            if first.fold(f32::NEG_INFINITY, f32::max) < limit - 3.0 {
                continue;
            }
            let mean = |surface: usize| {
                let sum: f32 = keys.iter().map(|key| alike(&key[surface], a, b)).sum();
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

/// The evidence that the encodings which agree most are of like people, in standard deviations of one encoding: the best sum of some, less what choosing them adds.
///
/// The linkage of encoded files weighs the encodings of a record in the same way.
pub(crate) fn evidence(each: &mut [f32]) -> f32 {
    each.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut sum, mut choices, mut best) = (0.0, 0.0, 0.0_f32);
    for (nth, one) in each.iter().enumerate() {
        sum += one;
        if sum <= 0.0 {
            break;
        }
        let chosen = (nth + 1) as f32;
        choices += ((each.len() - nth) as f32 / chosen).ln();
        best = best.max(sum * sum / (2.0 * chosen) - choices);
    }
    (2.0 * best).sqrt()
}

/// In standard deviations: two sets of these sizes drawn at random (the hypergeometric distribution).
pub(crate) fn strength(surface: &Surface, a: usize, b: usize) -> f32 {
    strength_of(&surface[a], &surface[b])
}

fn strength_of(a: &Bits, b: &Bits) -> f32 {
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
    let mut each = Vec::with_capacity(surfaces.len());
    for a in 0..nodes {
        for b in 0..a {
            each.clear();
            each.extend(surfaces.iter().map(|surface| strength(surface, a, b)));
            let is_near = each.iter().any(|one| *one > BEYOND_CHANCE);
            if is_near || evidence(&mut each) > BEYOND_CHANCE {
                is_visible[a] = true;
                is_visible[b] = true;
            }
        }
    }
    is_visible.into_iter().filter(|is| *is).count()
}
