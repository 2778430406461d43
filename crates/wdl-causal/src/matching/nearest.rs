//! Nearest neighbours on a score or a distance, with or without replacement, greedily in a given order.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

use super::{Estimand, Mahalanobis, MatchError, check};

/// In which order the focal people choose, when partners are used once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The largest score first: those hardest to match among the treated.
    Largest,
    /// The smallest score first.
    Smallest,
    /// As the rows stand.
    Data,
    /// At random, from a seed.
    Random(u64),
}

/// Which neighbour on the score is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// The nearest; of two equally near, the one below.
    Nearest,
    /// The nearest at or below the score, and only without one the nearest above; the caliper is not looked at.
    ///
    /// This is no good match: it is what MatchIt 4.5.1 to 4.5.3 compute on a score (its issue 163), and is here to reproduce figures made with them.
    BelowFirst,
}

/// How far two people are apart.
#[derive(Clone, Copy, Debug)]
pub enum Metric<'a> {
    /// The absolute difference of the score.
    Score,
    /// A distance of covariates; the score, if there is one, orders and bounds by the caliper.
    Mahalanobis(&'a Mahalanobis),
}

/// What is asked of a match with nearest neighbours.
#[derive(Clone, Copy, Debug)]
pub struct Nearest<'a> {
    /// Who is treated.
    pub is_treated: &'a [bool],
    /// The score of each row.
    pub score: Option<&'a [f64]>,
    /// The distance.
    pub metric: Metric<'a>,
    /// The treated are matched ([`Estimand::Att`]) or the others ([`Estimand::Atc`]).
    pub estimand: Estimand,
    /// Partners for each.
    pub ratio: usize,
    /// Whether a partner may serve more than once.
    pub with_replacement: bool,
    /// The order of choosing.
    pub order: Order,
    /// The largest difference of the score, in standard deviations of the score over all rows.
    pub caliper: Option<f64>,
    /// Strata within which people are matched exactly.
    pub strata: Option<&'a [usize]>,
    /// Which neighbour on the score.
    pub neighbour: Neighbour,
}

/// A focal person and a partner, by their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The row of the focal person.
    pub focal: usize,
    /// The row of the partner.
    pub partner: usize,
}

/// Matched people.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// The pairs, by the rows of the focal people and in the order found.
    pub pairs: Vec<Pair>,
    /// The weight of each row: 1 for a matched focal person; partners share theirs and sum to their number.
    pub weights: Vec<f64>,
    /// Focal people without any partner.
    pub unmatched: Vec<usize>,
    /// Focal people with partners, but fewer than asked.
    pub short: Vec<usize>,
    /// Rows of the partners' group that serve nobody.
    pub unused: Vec<usize>,
    /// The width of the caliper on the score.
    pub caliper_width: Option<f64>,
    /// Whether a partner could serve more than once.
    pub with_replacement: bool,
    /// Which group is focal.
    pub estimand: Estimand,
}

/// Matches each focal person with the nearest of the other group.
///
/// Without replacement, in rounds: everybody's first partner, then everybody's second.
///
/// # Errors
/// [`MatchError`] for columns that cannot be matched on, and when nobody finds a match.
pub fn nearest(asked: Nearest<'_>) -> Result<Matched, MatchError> {
    let columns: Vec<&[f64]> = asked.score.into_iter().collect();
    check(asked.is_treated, &columns)?;
    let rows = asked.is_treated.len();
    if let Some(strata) = asked.strata.filter(|strata| strata.len() != rows) {
        return Err(MatchError::Length {
            have: strata.len(),
            need: rows,
        });
    }
    if asked.ratio == 0 {
        return Err(MatchError::TooSmall("ratio"));
    }
    let is_focal: Vec<bool> = match asked.estimand {
        Estimand::Att => asked.is_treated.to_vec(),
        Estimand::Atc => asked.is_treated.iter().map(|own| !own).collect(),
        Estimand::Ate | Estimand::Overlap => {
            return Err(MatchError::Estimand(asked.estimand.name()));
        }
    };
    let width = caliper_width(&asked)?;
    let order = order(&asked, &is_focal)?;
    let mut found: Vec<Vec<usize>> = vec![Vec::new(); rows];
    match asked.metric {
        Metric::Score => on_score(&asked, &is_focal, &order, width, &mut found)?,
        Metric::Mahalanobis(distance) => {
            on_distance(&asked, distance, &is_focal, &order, width, &mut found);
        }
    }
    gathered(&asked, &is_focal, &found, width)
}

fn caliper_width(asked: &Nearest<'_>) -> Result<Option<f64>, MatchError> {
    let Some(caliper) = asked.caliper else {
        return Ok(None);
    };
    if caliper.is_nan() || caliper <= 0.0 {
        return Err(MatchError::TooSmall("caliper"));
    }
    let score = asked.score.ok_or(MatchError::NoVariation)?;
    let n = score.len() as f64;
    let mean = score.iter().sum::<f64>() / n;
    let squares: f64 = score.iter().map(|own| (own - mean) * (own - mean)).sum();
    match squares > 0.0 {
        true => Ok(Some(caliper * (squares / (n - 1.0)).sqrt())),
        false => Err(MatchError::NoVariation),
    }
}

/// The rows of the focal people in the order of choosing; equal scores as the rows stand.
fn order(asked: &Nearest<'_>, is_focal: &[bool]) -> Result<Vec<usize>, MatchError> {
    let mut order: Vec<usize> = (0..is_focal.len()).filter(|row| is_focal[*row]).collect();
    match (asked.order, asked.score) {
        (Order::Largest, Some(score)) => {
            order.sort_by(|one, other| score[*other].total_cmp(&score[*one]));
        }
        (Order::Smallest, Some(score)) => {
            order.sort_by(|one, other| score[*one].total_cmp(&score[*other]));
        }
        (Order::Largest | Order::Smallest, None) => return Err(MatchError::NoVariation),
        (Order::Data, _) => {}
        (Order::Random(seed), _) => order.shuffle(&mut ChaCha20Rng::seed_from_u64(seed)),
    }
    Ok(order)
}

/// Places with a next free one on either side, found in nearly constant time (union by path halving).
struct Free {
    next: Vec<usize>,
    before: Vec<usize>,
}

impl Free {
    fn new(is_free: &[bool]) -> Free {
        // Place 0 and the last are walls; place `i` of the caller is `i + 1` here.
        let size = is_free.len() + 2;
        let mut free = Free {
            next: (0..size).collect(),
            before: (0..size).collect(),
        };
        for (place, is_free) in is_free.iter().enumerate() {
            if !is_free {
                free.take(place);
            }
        }
        free
    }

    fn take(&mut self, place: usize) {
        self.next[place + 1] = place + 2;
        self.before[place + 1] = place;
    }

    fn at_or_after(&mut self, place: usize) -> Option<usize> {
        let root = root(&mut self.next, place + 1);
        (root + 1 < self.next.len()).then(|| root - 1)
    }

    fn before(&mut self, place: usize) -> Option<usize> {
        root(&mut self.before, place).checked_sub(1)
    }
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

/// Walks the rows sorted by stratum and score, so that a neighbour is a place to the left or right.
fn on_score(
    asked: &Nearest<'_>,
    is_focal: &[bool],
    order: &[usize],
    width: Option<f64>,
    found: &mut [Vec<usize>],
) -> Result<(), MatchError> {
    let score = asked.score.ok_or(MatchError::NoVariation)?;
    let stratum = |row: usize| asked.strata.map_or(0, |strata| strata[row]);
    let mut sorted: Vec<usize> = (0..is_focal.len()).collect();
    sorted.sort_by(|one, other| {
        let strata = stratum(*one).cmp(&stratum(*other));
        strata.then(score[*one].total_cmp(&score[*other]))
    });
    let mut place_of = vec![0; sorted.len()];
    for (place, row) in sorted.iter().enumerate() {
        place_of[*row] = place;
    }
    let mut free = Free::new(&sorted.iter().map(|row| !is_focal[*row]).collect::<Vec<_>>());
    let reach = match asked.neighbour {
        Neighbour::Nearest => width,
        Neighbour::BelowFirst => None,
    };
    let fits = |row: usize, place: usize| {
        let partner = sorted[place];
        let gap = (score[row] - score[partner]).abs();
        (stratum(row) == stratum(partner) && reach.is_none_or(|width| gap <= width))
            .then_some((place, gap))
    };
    let chosen = |below: Option<(usize, f64)>, above: Option<(usize, f64)>| match (below, above) {
        (Some(below), Some(above)) => match asked.neighbour {
            Neighbour::Nearest if above.1 < below.1 => Some((above.0, false)),
            Neighbour::Nearest | Neighbour::BelowFirst => Some((below.0, true)),
        },
        (Some(below), None) => Some((below.0, true)),
        (None, Some(above)) => Some((above.0, false)),
        (None, None) => None,
    };
    if asked.with_replacement {
        for row in order {
            let (mut left, mut right) = (place_of[*row], place_of[*row] + 1);
            while found[*row].len() < asked.ratio {
                let below = free.before(left).and_then(|place| fits(*row, place));
                let above = free.at_or_after(right).and_then(|place| fits(*row, place));
                let Some((place, is_below)) = chosen(below, above) else {
                    break;
                };
                found[*row].push(sorted[place]);
                match is_below {
                    true => left = place,
                    false => right = place + 1,
                }
            }
        }
        return Ok(());
    }
    for round in 0..asked.ratio {
        for row in order {
            // Who found nobody in a round finds nobody in the next: partners only become fewer.
            if found[*row].len() < round {
                continue;
            }
            let own = place_of[*row];
            let below = free.before(own).and_then(|place| fits(*row, place));
            let above = free
                .at_or_after(own + 1)
                .and_then(|place| fits(*row, place));
            if let Some((place, _)) = chosen(below, above) {
                free.take(place);
                found[*row].push(sorted[place]);
            }
        }
    }
    Ok(())
}

/// Distances this near each other are equal: covariates equally far apart differ by rounding only.
const SAME: f64 = 1e-10;

fn on_distance(
    asked: &Nearest<'_>,
    distance: &Mahalanobis,
    is_focal: &[bool],
    order: &[usize],
    width: Option<f64>,
    found: &mut [Vec<usize>],
) {
    let partners: Vec<usize> = (0..is_focal.len()).filter(|row| !is_focal[*row]).collect();
    let mut is_used = vec![false; is_focal.len()];
    let may = |row: usize, partner: usize| {
        let same = asked.strata.is_none_or(|own| own[row] == own[partner]);
        let gap = asked
            .score
            .map_or(0.0, |score| (score[row] - score[partner]).abs());
        same && width.is_none_or(|width| gap <= width)
    };
    for round in 0..asked.ratio {
        for row in order {
            if found[*row].len() < round {
                continue;
            }
            let mut best: Option<(usize, f64)> = None;
            for partner in &partners {
                let is_taken = match asked.with_replacement {
                    true => found[*row].contains(partner),
                    false => is_used[*partner],
                };
                if is_taken || !may(*row, *partner) {
                    continue;
                }
                let own = distance.squared(*row, *partner);
                if best.is_none_or(|(_, least)| own < least * (1.0 - SAME)) {
                    best = Some((*partner, own));
                }
            }
            if let Some((partner, _)) = best {
                is_used[partner] = true;
                found[*row].push(partner);
            }
        }
    }
}

fn gathered(
    asked: &Nearest<'_>,
    is_focal: &[bool],
    found: &[Vec<usize>],
    caliper_width: Option<f64>,
) -> Result<Matched, MatchError> {
    let mut weights = vec![0.0; is_focal.len()];
    let mut pairs = Vec::new();
    let (mut unmatched, mut short) = (Vec::new(), Vec::new());
    for (row, partners) in found.iter().enumerate().filter(|(row, _)| is_focal[*row]) {
        match partners.len() {
            0 => unmatched.push(row),
            few if few < asked.ratio => short.push(row),
            _ => {}
        }
        for partner in partners {
            weights[row] = 1.0;
            weights[*partner] += 1.0 / partners.len() as f64;
            pairs.push(Pair {
                focal: row,
                partner: *partner,
            });
        }
    }
    if pairs.is_empty() {
        return Err(MatchError::NobodyMatched);
    }
    let of_partners = |row: &usize| !is_focal[*row];
    let partners: Vec<usize> = (0..weights.len()).filter(of_partners).collect();
    let total: f64 = partners.iter().map(|row| weights[*row]).sum();
    let used = partners.iter().filter(|row| weights[**row] > 0.0).count();
    for row in &partners {
        weights[*row] *= used as f64 / total;
    }
    Ok(Matched {
        unused: partners
            .into_iter()
            .filter(|row| weights[*row] == 0.0)
            .collect(),
        pairs,
        weights,
        unmatched,
        short,
        caliper_width,
        with_replacement: asked.with_replacement,
        estimand: asked.estimand,
    })
}
