//! Folds drawn from a seed.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

/// A fold for each of `rows`, of sizes that differ by one at most.
pub fn draw(rows: usize, folds: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    order.shuffle(&mut ChaCha20Rng::seed_from_u64(seed));
    let mut found = vec![0; rows];
    for (at, row) in order.into_iter().enumerate() {
        found[row] = at % folds.max(1);
    }
    found
}

/// A fold for each row, whole clusters together.
pub fn draw_clusters(clusters: &[usize], folds: usize, seed: u64) -> Vec<usize> {
    let mut known: Vec<usize> = clusters.to_vec();
    known.sort_unstable();
    known.dedup();
    let of_cluster = draw(known.len(), folds, seed);
    let fold = |cluster: &usize| of_cluster[known.partition_point(|own| own < cluster)];
    clusters.iter().map(fold).collect()
}
