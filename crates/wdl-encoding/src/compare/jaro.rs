//! Jaro–Winkler similarity.
//!
//! Sources: Jaro, J. Am. Stat. Assoc. 84(406) (1989) for the similarity; Winkler, Proc. Section on Survey Research Methods, ASA (1990) for the common beginning.
//! With `m` letters in common (equal, and at most half the longer text minus one apart) of which `t` pairs stand in another order, `jaro = (m/|a| + m/|b| + (m − ⌊t/2⌋)/m) / 3`; a common beginning of `p ≤ 4` letters gives `jaro + p/10 · (1 − jaro)`.
//! The beginning counts whatever the similarity: the threshold of 0.7 that some programs ask for is a later economy and not in the papers.

use super::places::{PLACES_MAX, Places, low_bits};

/// A common beginning counts up to so many letters.
pub(crate) const PREFIX_MAX: usize = 4;
/// What each letter of a common beginning adds, as a share of what is missing to 1.
pub(crate) const PREFIX_WEIGHT: f64 = 0.1;

/// The Jaro–Winkler similarity of two texts, from 0 to 1; two empty texts are the same.
///
/// It is symmetric. Nothing is allocated up to 64 letters each.
///
/// ```
/// let similarity = wdl_encoding::compare::jaro_winkler("MARTHA", "MARHTA");
/// assert!((similarity - 0.961).abs() < 0.0005);
/// ```
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() > PLACES_MAX {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        return of_letters(&a, &b);
    }
    of_bytes(short.as_bytes(), long.as_bytes()).unwrap_or_else(|| {
        let (mut of_a, mut of_b) = (['\0'; PLACES_MAX], ['\0'; PLACES_MAX]);
        of_letters(fill(&mut of_a, a), fill(&mut of_b, b))
    })
}

fn fill<'a>(letters: &'a mut [char; PLACES_MAX], text: &str) -> &'a [char] {
    let mut length = 0;
    for (place, letter) in letters.iter_mut().zip(text.chars()) {
        *place = letter;
        length += 1;
    }
    &letters[..length]
}

/// Both texts have at most 64 bytes, `a` no more than `b`; nothing when a letter takes several.
#[inline]
fn of_bytes(a: &[u8], b: &[u8]) -> Option<f64> {
    let common = match b.len() {
        0..=8 => common::<1>(a, b),
        9..=16 => common::<2>(a, b),
        17..=32 => common::<4>(a, b),
        _ => common::<8>(a, b),
    };
    Some(similarity(common?, a, b))
}

/// Letters in common, and how many of them stand in another order.
#[derive(Clone, Copy)]
struct Common {
    letters: usize,
    moved: usize,
}

#[inline]
fn similarity<T: PartialEq>(Common { letters, moved }: Common, a: &[T], b: &[T]) -> f64 {
    if letters == 0 {
        return f64::from(u8::from(a.is_empty() && b.is_empty()));
    }
    let share = |of: usize| letters as f64 / of as f64;
    let jaro =
        (share(a.len()) + share(b.len()) + (letters - moved / 2) as f64 / letters as f64) / 3.0;
    let beginning = a
        .iter()
        .zip(b)
        .take(PREFIX_MAX)
        .take_while(|(of_a, of_b)| of_a == of_b)
        .count();
    jaro + PREFIX_WEIGHT * beginning as f64 * (1.0 - jaro)
}

/// How far apart the places of a letter in common may be.
fn reach(longer: usize) -> usize {
    (longer / 2).saturating_sub(1)
}

/// `b` is the longer text and has at most `8 · WORDS` bytes; nothing when a letter is not plain.
#[inline]
fn common<const WORDS: usize>(a: &[u8], b: &[u8]) -> Option<Common> {
    let of_b = Places::<WORDS>::of(b)?;
    if !a.is_ascii() {
        return None;
    }
    let reach = reach(b.len());
    let mut within = low_bits(reach + 1);
    let (mut taken_of_a, mut taken_of_b) = (0u64, 0u64);
    let all = low_bits(b.len());
    let mut goes_back = false;
    for (place, letter) in a.iter().enumerate() {
        let found = of_b.find(*letter) & within & all & !taken_of_b;
        let first = found & found.wrapping_neg();
        // A place before one that is taken already; none found is before nothing.
        goes_back |= first.wrapping_sub(1) < taken_of_b;
        taken_of_b |= first;
        taken_of_a |= u64::from(found != 0) << place;
        within = within << 1 | u64::from(place < reach);
    }
    let letters = taken_of_a.count_ones() as usize;
    // Letters found from front to back stand in one order.
    let moved = match goes_back {
        true => moved(a, b, taken_of_a, taken_of_b),
        false => 0,
    };
    Some(Common { letters, moved })
}

/// How many letters in common are not the same when both texts are read from front to back.
fn moved(a: &[u8], b: &[u8], mut taken_of_a: u64, mut taken_of_b: u64) -> usize {
    let mut moved = 0;
    while taken_of_a != 0 && taken_of_b != 0 {
        let (of_a, of_b) = (taken_of_a.trailing_zeros(), taken_of_b.trailing_zeros());
        moved += usize::from(a[of_a as usize] != b[of_b as usize]);
        taken_of_a &= taken_of_a - 1;
        taken_of_b &= taken_of_b - 1;
    }
    moved
}

/// Letters of any alphabet and texts of any length.
fn of_letters(a: &[char], b: &[char]) -> f64 {
    let reach = reach(a.len().max(b.len()));
    let mut free = vec![true; b.len()];
    let mut of_a = Vec::new();
    for (place, letter) in a.iter().enumerate() {
        let end = (place + reach + 1).min(b.len());
        let found =
            (place.saturating_sub(reach)..end).find(|other| free[*other] && b[*other] == *letter);
        if let Some(other) = found {
            free[other] = false;
            of_a.push(*letter);
        }
    }
    let of_b = b.iter().zip(&free).filter(|(_, is_free)| !**is_free);
    let moved = of_a.iter().zip(of_b).filter(|(a, (b, _))| a != b).count();
    let letters = of_a.len();
    similarity(Common { letters, moved }, a, b)
}
