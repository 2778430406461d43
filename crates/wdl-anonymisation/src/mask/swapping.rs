//! Rank swapping (Moore 1996): a value changes places with another not more than a share of the ranks away.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::{MaskError, count, finite};

/// Swaps the values of one column; `reach` is the largest distance in ranks as a share of the records.
///
/// The values as a set stay exactly what they were; equal values are ranked by row.
///
/// # Errors
/// Values that are not numbers; a reach outside 0 to 1.
pub fn swap_ranks(values: &[f64], reach: f64, seed: u64) -> Result<Vec<f64>, MaskError> {
    let rows = finite(&[values.to_vec()])?;
    if !(0.0..=1.0).contains(&reach) {
        return Err(MaskError::Share { name: "the reach" });
    }
    let mut ranked: Vec<usize> = (0..rows).collect();
    ranked.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most the number of rows"
    )]
    let window = (reach * count(rows)).floor() as usize;
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let mut swapped = values.to_vec();
    let mut done = vec![false; rows];
    for rank in 0..rows {
        if done[rank] {
            continue;
        }
        let free: Vec<usize> = (rank + 1..rows.min(rank + window + 1))
            .filter(|other| !done[*other])
            .collect();
        if free.is_empty() {
            continue;
        }
        let other = free[random.random_range(0..free.len())];
        swapped.swap(ranked[rank], ranked[other]);
        (done[rank], done[other]) = (true, true);
    }
    Ok(swapped)
}
