//! How far people in common are in the other source together, or together are not.
//!
//! A household is registered as one, and a family moves as one: who is not in the other source has no relatives there either.
//! A false pair without rivals takes two such people, one of each source alone, so that there are fewer of them than if everybody were in the other source independently of the others.
//! Pairs inside a source show by how much: of two people of whom one has a partner in the other source and one has none, there are fewer too, in the same proportion.

use crate::calibrate::Counted;
use crate::estimation::Taken;
use crate::passes::Decoy;

/// So many pairs of whom one has a partner are looked at together, and so many are believed to be as chance makes them.
const TELLING: f64 = 100.0;
const BELIEF: f64 = 10.0;

/// Pairs inside sources, in the order in which they were added: how far one of the two has a partner and one has none, and how far that would be so by chance.
#[derive(Debug, Default)]
pub(crate) struct Apart(Vec<(f64, f64)>);

impl Apart {
    /// Adds a pair of a source of whose records such a share has no partner.
    pub(crate) fn add(&mut self, taken: &Taken, pair: &Decoy, free: f64) {
        let (a, b) = (taken.free(pair.a), taken.free(pair.b));
        let one = a * (1.0 - b) + b * (1.0 - a);
        self.0.push((one, (a + b) * (1.0 - free)));
    }

    /// Counts each decoy, given in the order in which its pair was added, for as many as people of such pairs are not together.
    ///
    /// The heavier the pairs, the more of them are of one family: the share is taken among pairs of like weight.
    pub(crate) fn part(&self, decoys: &mut [Counted]) {
        let mut order: Vec<usize> = (0..decoys.len()).collect();
        order.sort_by(|one, other| {
            let key = |nth: &usize| (decoys[*nth].weight, self.0[*nth]);
            let ((w, (x, y)), (v, (p, q))) = (key(one), key(other));
            v.total_cmp(&w).then(p.total_cmp(&x)).then(q.total_cmp(&y))
        });
        let mut from = 0;
        while from < order.len() {
            let (mut seen, mut by_chance) = (0.0, 0.0);
            let mut to = from;
            while to < order.len() && by_chance < TELLING {
                seen += self.0[order[to]].0;
                by_chance += self.0[order[to]].1;
                to += 1;
            }
            let share = ((seen + BELIEF) / (by_chance + BELIEF)).min(1.0);
            for nth in &order[from..to] {
                decoys[*nth].count *= share;
            }
            from = to;
        }
    }
}
