//! Whether records of one source that look alike are of one person.
//!
//! Columns that say the same thing (a company and its site) make people of like name look like one, inside a source as often as between sources; a mixture whose columns are independent takes both for matches.
//! What sources have in common, and a source has not within itself, are matches: what is seen between sources less what is seen inside them shows how matches look.
//! Duplicates are matches and reach the weights of matches; look-alikes stay below.

use crate::model::Cardinality;

/// Whether a stated cardinality says that a source has no duplicates.
pub(crate) fn is_stated_clean(cardinality: Cardinality, source: usize) -> bool {
    match cardinality {
        Cardinality::OneToOne => true,
        Cardinality::ManyToOne => source > 0,
        Cardinality::OneToMany => source == 0,
        Cardinality::ManyToMany | Cardinality::Automatic => false,
    }
}

/// Pairs beyond doubt, with how heavily they weigh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Alike {
    pub(crate) weight: f64,
    pub(crate) pairs: f64,
}

/// The share of matches that is asked for at the heaviest weights.
const HEAVIEST: f64 = 0.5;

/// How many of the pairs inside a source are of duplicates, of whom each stands for `scale` pairs between sources.
pub(crate) fn duplicates(between: &[Alike], inside: &[Alike], scale: f64) -> f64 {
    let sum = |alike: &[Alike]| -> f64 { alike.iter().map(|alike| alike.pairs).sum() };
    let all = sum(inside);
    let matches = sum(between) - scale * all;
    // Two deviations of the counts: less tells nothing.
    if matches <= 2.0 * (sum(between) + scale * scale * all).sqrt() {
        return all;
    }
    let mut steps: Vec<(f64, f64, f64)> = between
        .iter()
        .map(|alike| (alike.weight, alike.pairs, 0.0))
        .chain(inside.iter().map(|alike| (alike.weight, 0.0, alike.pairs)))
        .collect();
    steps.sort_by(|one, other| other.0.total_cmp(&one.0));
    let (mut above, mut above_inside) = (0.0, 0.0);
    // Pairs of one weight stand together.
    for step in steps.chunk_by(|one, other| one.0 == other.0) {
        for (_, between, inside) in step {
            above += between;
            above_inside += inside;
        }
        let reached = above - scale * above_inside;
        if reached >= HEAVIEST * matches {
            let share = reached / matches;
            let most = above_inside + 2.0 * (above_inside + 1.0).sqrt();
            return match most < all * share {
                true => above_inside / share,
                false => all,
            };
        }
    }
    all
}
