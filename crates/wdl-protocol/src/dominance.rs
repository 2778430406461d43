//! Who may give most of a published amount: the clauses of an agreement on sums and means of euros.
//!
//! The rules are those of Hundepool et al. (2012), *Statistical Disclosure Control*, section 4.2; `wdl-disclosure` applies them.

/// A percentage in tenths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Tenths(u32);

/// One clause as an agreement writes it, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DominanceClause {
    /// The `n` largest may not give more than `k` percent.
    Nk {
        /// How many.
        n: u32,
        /// Percent of the amount.
        k: f64,
    },
    /// Nobody may be able to tell another's amount closer than `p` percent of it, when everybody knows it to within `q` percent beforehand.
    ///
    /// The p % rule is the one with q = 100.
    Pq {
        /// Percent, after publication.
        p: f64,
        /// Percent, beforehand.
        q: f64,
    },
}

/// A clause that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a clause on who dominates has `n` from 1 to {most}, and percentages in tenths with 0 < k < 100 and 0 < p < q ≤ 100", most = Dominance::LARGEST)]
pub struct NoClause;

/// All clauses that hold for a table; any of them hides an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dominance {
    /// By how many, from one: the percent they may give at most.
    nk: [Option<Tenths>; Dominance::LARGEST],
    /// The p and the q of the strictest ratio.
    pq: Option<(Tenths, Tenths)>,
}

impl Dominance {
    /// So many of the largest are looked at, and no more.
    pub const LARGEST: usize = 5;

    /// Adds a clause: of two that say the same the stricter holds.
    ///
    /// # Errors
    /// [`NoClause`].
    pub fn with(mut self, clause: DominanceClause) -> Result<Dominance, NoClause> {
        match clause {
            DominanceClause::Nk { n, k } => {
                let k = tenths(k).filter(|k| k.0 < 1000).ok_or(NoClause)?;
                let place = (n as usize).checked_sub(1).ok_or(NoClause)?;
                let own = self.nk.get_mut(place).ok_or(NoClause)?;
                *own = Some(own.map_or(k, |before| before.min(k)));
            }
            DominanceClause::Pq { p, q } => {
                let (p, q) = (tenths(p).ok_or(NoClause)?, tenths(q).ok_or(NoClause)?);
                if p >= q {
                    return Err(NoClause);
                }
                self.pq = stricter_ratio(self.pq, Some((p, q)));
            }
        }
        Ok(self)
    }

    /// The stricter of two, clause by clause.
    pub fn stricter(self, other: Dominance) -> Dominance {
        let mut nk = self.nk;
        for (own, theirs) in nk.iter_mut().zip(other.nk) {
            *own = match (*own, theirs) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            };
        }
        Dominance {
            nk,
            pq: stricter_ratio(self.pq, other.pq),
        }
    }

    /// The clauses, in percent.
    pub fn clauses(&self) -> Vec<DominanceClause> {
        let percent = |tenths: Tenths| f64::from(tenths.0) / 10.0;
        let nk = (1..)
            .zip(self.nk)
            .filter_map(|(n, k)| Some(DominanceClause::Nk { n, k: percent(k?) }));
        let pq = self.pq.map(|(p, q)| DominanceClause::Pq {
            p: percent(p),
            q: percent(q),
        });
        nk.chain(pq).collect()
    }
}

fn tenths(percent: f64) -> Option<Tenths> {
    let tenths = percent * 10.0;
    let is_whole = (tenths - tenths.round()).abs() < 1e-9;
    let is_right = is_whole && (1.0..=1000.0).contains(&tenths.round());
    is_right.then_some(Tenths(tenths.round() as u32))
}

/// Of two ratios the larger hides more.
fn stricter_ratio(
    one: Option<(Tenths, Tenths)>,
    other: Option<(Tenths, Tenths)>,
) -> Option<(Tenths, Tenths)> {
    let (Some((p, q)), Some((other_p, other_q))) = (one, other) else {
        return one.or(other);
    };
    match u64::from(p.0) * u64::from(other_q.0) >= u64::from(other_p.0) * u64::from(q.0) {
        true => one,
        false => other,
    }
}
