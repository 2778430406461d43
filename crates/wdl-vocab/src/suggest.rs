//! Did you mean: the nearest of the names that exist.

/// The candidate nearest to what was typed, when it is near enough to be a slip of the hand.
///
/// Ties are decided by the order of the candidates' text, so that the answer never depends on how they are listed.
pub fn did_you_mean<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let folded = typed.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::osa_distance(&folded, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= allowance(typed.len().max(candidate.len())))
        .min()
        .map(|(_, candidate)| candidate)
}

/// One slip for short words, one more for every four letters.
fn allowance(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        _ => (length / 4).clamp(2, 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["residenti", "redditi", "isee", "sfratti"];
        assert_eq!(did_you_mean("residneti", names), Some("residenti"));
        assert_eq!(did_you_mean("ISE", names), Some("isee"));
        assert_eq!(did_you_mean("infortuni", names), None);
    }
}
