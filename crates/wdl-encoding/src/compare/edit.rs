//! Edit distance with exchanged neighbours.
//!
//! The distance is *optimal string alignment*: the fewest insertions, deletions, substitutions and exchanges of two neighbouring letters, no letter edited twice.
//! (It is what most programs call Damerau–Levenshtein; the unrestricted distance may edit an exchanged pair again, and differs on such texts alone: `CA` to `ABC` is 3 here and 2 there.)
//! Source: Hyyrö, Prague Stringology Conference (2003), the bit-parallel form.

use super::places::{PLACES_MAX, Places, low_bits};

/// The optimal string alignment distance of two texts, in letters.
///
/// Nothing is allocated for plain letters up to 64 each.
///
/// ```
/// assert_eq!(wdl_encoding::compare::damerau_levenshtein("GIUSEPPE", "GIUSPEPE"), 1);
/// ```
pub fn damerau_levenshtein(a: &str, b: &str) -> usize {
    damerau_levenshtein_within(a, b, usize::MAX).expect("no two texts are further apart")
}

/// The distance when it is at most `max`.
pub fn damerau_levenshtein_within(a: &str, b: &str, max: usize) -> Option<usize> {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let by_bytes = match long.len() {
        0..=PLACES_MAX => of_bytes(short.as_bytes(), long.as_bytes(), max),
        _ => None,
    };
    let Some(distance) = by_bytes else {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        return within_band(&a, &b, max);
    };
    (distance <= max).then_some(distance)
}

/// Both texts have at most 64 bytes; nothing when a letter takes several. Past `max` the distance is some number past it.
#[inline]
fn of_bytes(short: &[u8], long: &[u8], max: usize) -> Option<usize> {
    match short.len() {
        0..=8 => bit_parallel::<1>(short, long, max),
        9..=16 => bit_parallel::<2>(short, long, max),
        17..=32 => bit_parallel::<4>(short, long, max),
        _ => bit_parallel::<8>(short, long, max),
    }
}

#[inline]
fn bit_parallel<const WORDS: usize>(short: &[u8], long: &[u8], max: usize) -> Option<usize> {
    let places = Places::<WORDS>::of(short)?;
    if !long.is_ascii() {
        return None;
    }
    let longer = long.len() - short.len();
    if short.is_empty() || longer > max {
        return Some(longer);
    }
    let all = low_bits(short.len());
    let last = 1u64 << (short.len() - 1);
    let (mut up, mut down) = (u64::MAX, 0u64);
    let (mut diagonal, mut before) = (0u64, 0u64);
    let mut distance = short.len();
    for letter in long {
        let same = places.find(*letter) & all;
        let exchanged = ((!diagonal & same) << 1) & before;
        diagonal = ((same & up).wrapping_add(up) ^ up) | same | down | exchanged;
        let right_up = down | !(diagonal | up);
        let right_down = diagonal & up;
        distance += usize::from(right_up & last != 0);
        distance -= usize::from(right_down & last != 0);
        let right_up = right_up << 1 | 1;
        up = right_down << 1 | !(diagonal | right_up);
        down = right_up & diagonal;
        before = same;
    }
    Some(distance)
}

/// Row by row, only as far from the diagonal as `max` allows.
fn within_band(a: &[char], b: &[char], max: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > max {
        return None;
    }
    let max = max.min(a.len().max(b.len()));
    let beyond = max + 1;
    let mut before = vec![beyond; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).map(|place| place.min(beyond)).collect();
    let mut row = vec![beyond; b.len() + 1];
    for (i, letter) in a
        .iter()
        .enumerate()
        .map(|(place, letter)| (place + 1, letter))
    {
        let (start, end) = (i.saturating_sub(max).max(1), (i + max).min(b.len()));
        row[start - 1] = if start == 1 { i.min(beyond) } else { beyond };
        for j in start..=end {
            let substituted = above[j - 1] + usize::from(*letter != b[j - 1]);
            let mut fewest = substituted.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && *letter == b[j - 2] && a[i - 2] == b[j - 1] {
                fewest = fewest.min(before[j - 2] + 1);
            }
            row[j] = fewest.min(beyond);
        }
        if let Some(next) = row.get_mut(end + 1) {
            *next = beyond;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    let distance = above[b.len()];
    (distance <= max).then_some(distance)
}
