//! How many matches no vector shows: their salts are mistaken or missing, and nothing brings the two records together.
//!
//! Vectors whose salts have no field in common are as good as independent lists of the same people, each with gaps: how many matches only one of them shows, and how many two, tells how many none shows.
//! The estimate is Chao's (Biometrics 43, 1987) for as many lists; where some records have more mistakes than others, it is a lower bound.

use super::candidates::Side;
use super::link::CHANCE;

/// A salt's parts: the field, and which part of it.
type Parts<'s> = Vec<(&'s str, &'s str)>;

/// The vectors whose salts have nothing in common, in order; nothing when a vector has no salt, and so shows everybody.
fn independent(salts: &[String]) -> Option<Vec<usize>> {
    let parts = |salt: &'_ String| -> bool { !salt.is_empty() };
    if !salts.iter().all(parts) {
        return None;
    }
    let parts: Vec<Parts<'_>> = salts
        .iter()
        .map(|salt| {
            let each = salt.split(" + ");
            each.map(|part| part.rsplit_once('.').unwrap_or((part, "")))
                .collect()
        })
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    for (nth, salt) in parts.iter().enumerate() {
        if chosen.iter().all(|other| !share(&parts[*other], salt)) {
            chosen.push(nth);
        }
    }
    Some(chosen)
}

/// Whether a mistake in one field may spoil both salts; the year and the day of a date are mistaken apart.
fn share(one: &Parts<'_>, other: &Parts<'_>) -> bool {
    let is_apart = |a: &str, b: &str| matches!((a, b), ("year", "day") | ("day", "year"));
    one.iter().any(|(field, part)| {
        other
            .iter()
            .any(|(known, of)| known == field && !is_apart(part, of))
    })
}

/// How many matches no vector shows, from pairs with the probability of each that it is one; nothing when fewer than two salts are independent.
pub(super) fn unseen(
    (a, b): (&Side<'_>, &Side<'_>),
    pairs: impl Iterator<Item = (u32, u32, f64)>,
) -> Option<f64> {
    let Some(lists) = independent(&a.encoded.agreed().salts) else {
        return Some(0.0);
    };
    let count = lists.len();
    if count < 2 {
        return None;
    }
    // How many matches so many of the lists show.
    let mut shown = vec![0.0_f64; count + 1];
    for (one, other, probability) in pairs {
        let is_shown = |nth: &&usize| a.agreement((**nth, one), b, other) > CHANCE;
        shown[lists.iter().filter(is_shown).count()] += probability;
    }
    let lists = count as f64;
    let none =
        (lists - 1.0) / lists * shown[1] * (shown[1] - 1.0).max(0.0) / (2.0 * (shown[2] + 1.0));
    // Some of these are shown by a vector that the lists leave out.
    Some((none - shown[0]).max(0.0))
}
