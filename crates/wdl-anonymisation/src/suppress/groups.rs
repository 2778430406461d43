//! Blanked cells that agree with any value, in groups: every record joins a centre, a pattern that stays visible, and hides what differs from it.
//!
//! Patterns of at least k records are centres at no cost.
//! A pattern of fewer becomes one when enough lacking records come to it for less than they would pay elsewhere.

use super::units::{Part, Unit};

/// Rounds in which records move to cheaper centres and centres close; each lowers the cost.
const ROUNDS: usize = 20;

/// The units with what must be blanked.
pub(super) fn solve(part: &Part) -> Vec<Unit> {
    let mut groups = Groups::new(part);
    groups.open();
    groups.gather();
    for _ in 0..ROUNDS {
        if !groups.close_one() && !groups.move_closer() {
            break;
        }
    }
    groups.units()
}

/// Which centre each unit goes to; a unit is never split.
struct Groups<'a> {
    part: &'a Part,
    size: Vec<usize>,
    /// The centre of each unit: itself where it stays visible.
    centre: Vec<Option<usize>>,
}

impl<'a> Groups<'a> {
    fn new(part: &'a Part) -> Self {
        let size: Vec<usize> = part.units.iter().map(|unit| unit.rows.len()).collect();
        let centre = size
            .iter()
            .enumerate()
            .map(|(unit, size)| (*size >= part.k as usize).then_some(unit))
            .collect();
        Groups { part, size, centre }
    }

    fn k(&self) -> usize {
        self.part.k as usize
    }

    /// The cost of a whole unit at a centre.
    fn distance(&self, unit: usize, centre: usize) -> u64 {
        self.part.cost(self.part.difference(unit, centre)) * self.size[unit] as u64
    }

    fn centres(&self) -> Vec<usize> {
        (0..self.size.len())
            .filter(|unit| self.centre[*unit] == Some(*unit))
            .collect()
    }

    /// The cheapest open centre.
    fn nearest(&self, unit: usize, centres: &[usize]) -> Option<(u64, usize)> {
        centres
            .iter()
            .filter(|centre| **centre != unit)
            .map(|centre| (self.distance(unit, *centre), *centre))
            .min()
    }

    /// Opens lacking patterns as centres, the largest saving for its cost first.
    fn open(&mut self) {
        let mut elsewhere: Vec<u64> = self.fallbacks();
        loop {
            let best = (0..self.size.len())
                .filter(|unit| self.centre[*unit].is_none())
                .filter_map(|unit| self.star(unit, &elsewhere))
                .max_by(|a, b| a.compare(b));
            let Some(star) = best else { return };
            self.centre[star.centre] = Some(star.centre);
            star.members
                .iter()
                .for_each(|unit| self.centre[*unit] = Some(star.centre));
            for (unit, cost) in elsewhere.iter_mut().enumerate() {
                *cost = (*cost).min(self.distance(unit, star.centre));
            }
        }
    }

    /// What each unit pays at the nearest open centre; where there is none, for blanking all of it.
    fn fallbacks(&self) -> Vec<u64> {
        let centres = self.centres();
        let all = self.part.cost(self.part.everything());
        (0..self.size.len())
            .map(|unit| {
                self.nearest(unit, &centres)
                    .map_or(all * self.size[unit] as u64, |(cost, _)| cost)
            })
            .collect()
    }

    /// The cheapest way to fill a group around a lacking pattern, if it saves anything.
    fn star(&self, centre: usize, elsewhere: &[u64]) -> Option<Star> {
        let mut others: Vec<(i64, u64, usize)> = (0..self.size.len())
            .filter(|unit| *unit != centre && self.centre[*unit].is_none())
            .map(|unit| (self.distance(unit, centre), unit))
            .map(|(cost, unit)| (signed(cost) - signed(elsewhere[unit]), cost, unit))
            .collect();
        others.sort_unstable();
        let mut star = Star {
            centre,
            members: Vec::new(),
            saved: signed(elsewhere[centre]),
            cost: 0,
        };
        let mut size = self.size[centre];
        for (loss, cost, unit) in others {
            if size >= self.k() {
                break;
            }
            star.members.push(unit);
            star.saved -= loss;
            star.cost += cost;
            size += self.size[unit];
        }
        (size >= self.k() && star.saved > 0).then_some(star)
    }

    /// Sends every unit without a centre to the nearest; without any centre, opens one for all.
    fn gather(&mut self) {
        let mut centres = self.centres();
        if centres.is_empty() {
            let all = |centre: usize| {
                (0..self.size.len())
                    .map(|unit| self.distance(unit, centre))
                    .sum::<u64>()
            };
            let Some(best) = (0..self.size.len()).min_by_key(|centre| (all(*centre), *centre))
            else {
                return;
            };
            self.centre[best] = Some(best);
            centres.push(best);
        }
        for unit in 0..self.size.len() {
            if self.centre[unit].is_none() {
                self.centre[unit] = self.nearest(unit, &centres).map(|(_, centre)| centre);
            }
        }
    }

    fn members(&self) -> Vec<usize> {
        let mut members = vec![0; self.size.len()];
        self.centre.iter().enumerate().for_each(|(unit, centre)| {
            members[centre.expect("every unit has been gathered")] += self.size[unit]
        });
        members
    }

    /// Moves units to nearer centres where theirs can spare them.
    fn move_closer(&mut self) -> bool {
        let (centres, mut members, mut moved) = (self.centres(), self.members(), false);
        for unit in 0..self.size.len() {
            let here = self.centre[unit].expect("every unit has been gathered");
            let Some((cost, there)) = self.nearest(unit, &centres) else {
                continue;
            };
            if here != unit
                && cost < self.distance(unit, here)
                && members[here] >= self.k() + self.size[unit]
            {
                members[here] -= self.size[unit];
                members[there] += self.size[unit];
                self.centre[unit] = Some(there);
                moved = true;
            }
        }
        moved
    }

    /// Closes every centre whose members would pay less elsewhere.
    fn close_one(&mut self) -> bool {
        let mut closed = false;
        for centre in self.centres() {
            if self.size[centre] >= self.k() {
                continue;
            }
            let others: Vec<usize> = self
                .centres()
                .into_iter()
                .filter(|other| *other != centre)
                .collect();
            let members: Vec<usize> = (0..self.size.len())
                .filter(|unit| self.centre[*unit] == Some(centre))
                .collect();
            let here: u64 = members
                .iter()
                .map(|unit| self.distance(*unit, centre))
                .sum();
            let there: Option<Vec<(u64, usize)>> = members
                .iter()
                .map(|unit| self.nearest(*unit, &others))
                .collect();
            if let Some(there) =
                there.filter(|there| there.iter().map(|(cost, _)| cost).sum::<u64>() < here)
            {
                members
                    .iter()
                    .zip(there)
                    .for_each(|(unit, (_, other))| self.centre[*unit] = Some(other));
                closed = true;
            }
        }
        closed
    }

    fn units(&self) -> Vec<Unit> {
        let hidden = |unit: usize| {
            self.part.difference(
                unit,
                self.centre[unit].expect("every unit has been gathered"),
            )
        };
        self.part
            .units
            .iter()
            .enumerate()
            .map(|(place, unit)| Unit {
                hidden: hidden(place),
                rows: unit.rows.clone(),
            })
            .collect()
    }
}

struct Star {
    centre: usize,
    members: Vec<usize>,
    saved: i64,
    cost: u64,
}

impl Star {
    /// By what is saved for what is paid; between equals the first pattern.
    fn compare(&self, other: &Star) -> std::cmp::Ordering {
        let ours = i128::from(self.saved) * i128::from(other.cost.max(1));
        let theirs = i128::from(other.saved) * i128::from(self.cost.max(1));
        ours.cmp(&theirs)
            .then(self.saved.cmp(&other.saved))
            .then(other.centre.cmp(&self.centre))
    }
}

fn signed(cost: u64) -> i64 {
    i64::try_from(cost).unwrap_or(i64::MAX / 4)
}
