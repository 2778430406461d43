//! Indicators that count the same units, protected together: what one hides, none of the others may give back.
//!
//! The counts of all members become cells of one slice over all their dimensions; a count of several categories at once (admitted, paid or not) is a sum of its own.
//! What must be hidden there is hidden in every member that shows it, and only then is each member protected by itself.
//! It must not know why the lab ties indicators together: it is told which.

use std::collections::{BTreeMap, BTreeSet};

use wdl_protocol::{Counted, DisclosureRules, Rule, Selection};
use wdl_result::{Draft, Table};
use wdl_vocab::{BodyId, DatasetId, Period};

use crate::cells::{self, Axis, Key, Layout, Origin, Slice, Slot, Sum};
use crate::cover::Cover;
use crate::dominance::Dominated;
use crate::error::DisclosureError;
use crate::layers;
use crate::problem::Problem;
use crate::protect::{Protected, check_together, protect_beyond, rule_for};

/// All tables of one indicator, with what their counts are.
#[derive(Clone, Debug)]
pub struct Member {
    /// The tables.
    pub tables: Vec<Draft<Table>>,
    /// The datasets they were made from.
    pub sources: Vec<(BodyId, DatasetId)>,
    /// Which units of the family they count.
    pub counted: Counted,
    /// The amounts that must be hidden because few give most of them.
    pub dominated: Dominated,
}

/// Cells that must be hidden whatever else is: a period and the names of the cell's key.
pub(crate) type Forced = BTreeSet<(Period, Vec<(String, String)>)>;

/// Protects indicators that count the same units: first their counts together, then each by itself.
///
/// The answers stand in the order of the members.
///
/// # Errors
/// [`DisclosureError`] as for [`protect`](crate::protect()).
///
/// # Panics
/// When there is no member, or one has no table.
pub fn protect_family(
    members: Vec<Member>,
    rules: &DisclosureRules,
) -> Result<Vec<Protected>, DisclosureError> {
    let mut tables = Vec::with_capacity(members.len());
    let mut counted = Vec::with_capacity(members.len());
    let mut dominated = Vec::with_capacity(members.len());
    for member in members {
        let own: Vec<Table> = member.tables.into_iter().map(|Draft(own)| own).collect();
        check_together(&own)?;
        let rule = rule_for(&own, rules, &member.sources);
        tables.push((own, rule));
        counted.push(member.counted);
        dominated.push(member.dominated);
    }
    let forced = match tables.len() {
        0 | 1 => vec![Forced::new(); tables.len()],
        _ => Family::new(&tables, &counted)?.forced()?,
    };
    tables
        .into_iter()
        .zip(forced)
        .zip(dominated)
        .map(|(((own, rule), forced), dominated)| protect_beyond(own, rule, &forced, &dominated))
        .collect()
}

/// The members in one space of dimensions.
struct Family<'a> {
    members: Vec<View<'a>>,
    axes: Vec<Axis>,
    /// Sets of categories that some member counts as one: axis, and the places of its categories.
    unions: Vec<(usize, Vec<u16>)>,
    rule: Rule,
}

/// One member, and where its dimensions stand among those of the family.
struct View<'a> {
    tables: &'a [Table],
    layout: Layout,
    slices: Vec<Slice>,
    /// The family's axis of each of its own, and the family's place of each of its categories.
    axes: Vec<(usize, Vec<u16>)>,
    /// The places of its units, and of those with the property.
    counts: Vec<(Quantity, Vec<(usize, u16)>)>,
}

#[derive(Clone, Copy)]
enum Quantity {
    N,
    With,
}

impl<'a> Family<'a> {
    fn new(
        members: &'a [(Vec<Table>, Rule)],
        counted: &[Counted],
    ) -> Result<Family<'a>, DisclosureError> {
        let rule = members
            .iter()
            .skip(1)
            .fold(members[0].1, |rule, (_, other)| rule.stricter(*other));
        let mut family = Family {
            members: Vec::new(),
            axes: Vec::new(),
            unions: Vec::new(),
            rule,
        };
        // All categories first: a set of categories gets a place behind them.
        for (tables, _) in members {
            let layout = Layout::new(tables);
            let axes = layout
                .dimensions
                .iter()
                .map(|axis| family.axis(&axis.id, &axis.categories))
                .collect();
            family.members.push(View {
                tables,
                slices: cells::slices(tables, &layout)?,
                layout,
                axes,
                counts: Vec::new(),
            });
        }
        for counted in counted {
            for selection in std::iter::once(&counted.n).chain(&counted.with) {
                for (id, categories) in selection {
                    family.axis(id, categories);
                }
            }
        }
        for (at, counted) in counted.iter().enumerate() {
            let n = (Quantity::N, family.places(&counted.n));
            let with = counted
                .with
                .as_ref()
                .map(|with| (Quantity::With, family.places(with)));
            family.members[at].counts = std::iter::once(n).chain(with).collect();
        }
        Ok(family)
    }

    /// An axis of the family, and the places of some categories on it.
    fn axis(&mut self, id: &str, categories: &[String]) -> (usize, Vec<u16>) {
        let known = self.axes.iter().position(|axis| axis.id == id);
        let at = known.unwrap_or_else(|| {
            self.axes.push(Axis {
                id: id.to_owned(),
                categories: Vec::new(),
            });
            self.axes.len() - 1
        });
        let all = &mut self.axes[at].categories;
        let places = categories.iter().map(|category| {
            let known = all.iter().position(|id| id == category);
            let place = known.unwrap_or_else(|| {
                all.push(category.clone());
                all.len() - 1
            });
            place as u16 + 1
        });
        (at, places.collect())
    }

    /// Where a selection stands: on each axis a category, or a set of them.
    fn places(&mut self, selection: &Selection) -> Vec<(usize, u16)> {
        let mut found = Vec::new();
        for (id, categories) in selection {
            let (axis, mut places) = self.axis(id, categories);
            places.sort_unstable();
            let place = match places.as_slice() {
                [one] => *one,
                _ => {
                    let known = self
                        .unions
                        .iter()
                        .position(|union| *union == (axis, places.clone()));
                    let union = known.unwrap_or_else(|| {
                        self.unions.push((axis, places));
                        self.unions.len() - 1
                    });
                    u16::MAX - union as u16
                }
            };
            found.push((axis, place));
        }
        found
    }

    /// What each member must hide for the others' sake.
    fn forced(&self) -> Result<Vec<Forced>, DisclosureError> {
        let periods: BTreeSet<Period> = self
            .members
            .iter()
            .flat_map(|view| view.slices.iter().map(|slice| slice.period))
            .collect();
        let mut forced = vec![Forced::new(); self.members.len()];
        for period in periods {
            self.settle(period, &mut forced)?;
        }
        Ok(forced)
    }

    fn settle(&self, period: Period, forced: &mut [Forced]) -> Result<(), DisclosureError> {
        let mut joint = Joint::new(period);
        for view in &self.members {
            view.add(period, self.axes.len(), self.rule, &mut joint)?;
        }
        self.add_unions(&mut joint);
        let Joint { slice, counts } = joint;
        let layers = layers::of_units(&slice, counts, self.rule);
        let mut problem = Problem::new(&slice, &layers);
        let sizes: Vec<u16> = self
            .axes
            .iter()
            .map(|axis| axis.categories.len() as u16)
            .collect();
        Cover::new(&mut problem, &sizes)
            .run()
            .map_err(|_| DisclosureError::CannotProtect {
                indicator: self.members[0].tables[0].header.indicator.clone(),
                period,
            })?;
        for (view, forced) in self.members.iter().zip(forced) {
            for (own, key) in view.keys(period, self.axes.len()) {
                let is_hidden = slice.index.get(&key).is_some_and(|at| problem.hidden[*at]);
                if is_hidden {
                    forced.insert((period, view.layout.names(&own)));
                }
            }
        }
        Ok(())
    }

    /// A set of categories is the sum of them; when one alone is counted by nobody, whoever subtracts has it.
    fn add_unions(&self, joint: &mut Joint) {
        for (at, (axis, places)) in self.unions.iter().enumerate() {
            let place = u16::MAX - at as u16;
            let keys: Vec<(Key, usize)> = joint
                .slice
                .index
                .iter()
                .filter(|(key, _)| key[*axis] == place)
                .map(|(key, slot)| (key.clone(), *slot))
                .collect();
            for (key, total) in keys {
                let parts: Vec<Key> = places
                    .iter()
                    .map(|place| {
                        let mut part = key.clone();
                        part[*axis] = *place;
                        part
                    })
                    .collect();
                joint.add_difference(total, &parts, self.rule);
                let part = |key: &Key| joint.slice.index.get(key).copied();
                if let Some(parts) = parts.iter().map(part).collect::<Option<Vec<usize>>>() {
                    let sum = Sum { total, parts };
                    joint.slice.sums.push(sum.clone());
                    joint.slice.unions.push(sum);
                }
            }
        }
    }
}

/// The counts of all members in one period.
struct Joint {
    slice: Slice,
    counts: Vec<u64>,
}

impl Joint {
    fn new(period: Period) -> Joint {
        Joint {
            slice: Slice {
                period,
                slots: Vec::new(),
                index: BTreeMap::new(),
                sums: Vec::new(),
                unions: Vec::new(),
                is_linked: true,
            },
            counts: Vec::new(),
        }
    }

    /// The count of a key; where members differ the smallest holds, and what one of them shows is known.
    fn count(&mut self, key: Key, origin: Origin, count: u64) {
        let known = self.slice.index.get(&key).copied();
        let Some(at) = known else {
            self.slice.index.insert(key.clone(), self.slice.slots.len());
            self.slice.slots.push(Slot {
                key,
                origin,
                places: Vec::new(),
            });
            self.counts.push(count);
            return;
        };
        let is_latent = |origin| matches!(origin, Origin::Latent | Origin::Unavailable);
        match (is_latent(self.slice.slots[at].origin), is_latent(origin)) {
            (true, false) => {
                self.slice.slots[at].origin = origin;
                self.counts[at] = count;
            }
            (false, false) => self.counts[at] = self.counts[at].min(count),
            (_, true) => {}
        }
    }

    /// The one part of a total that nobody counts: a cell to protect when it is small, else one that only ties others together.
    fn add_difference(&mut self, total: usize, parts: &[Key], rule: Rule) {
        let is_missing = |key: &&Key| !self.slice.index.contains_key(*key);
        let mut missing = parts.iter().filter(is_missing);
        let (Some(key), None) = (missing.next(), missing.next()) else {
            return;
        };
        let known = parts.iter().filter_map(|part| self.slice.index.get(part));
        let counted: u64 = known.map(|at| self.counts[*at]).sum();
        let rest = self.counts[total].saturating_sub(counted);
        let is_small = 0 < rest && rest < rule.minimum_frequency.get();
        let is_told = matches!(
            self.slice.slots[total].origin,
            Origin::Shown | Origin::Absent
        );
        let origin = if is_small && is_told {
            Origin::Shown
        } else {
            Origin::Latent
        };
        self.count(key.clone(), origin, rest);
    }
}

impl View<'_> {
    fn slice(&self, period: Period) -> Option<&Slice> {
        self.slices.iter().find(|slice| slice.period == period)
    }

    /// The family's key of one of the member's own.
    fn key(&self, own: &Key, fixed: &[(usize, u16)], width: usize) -> Key {
        let mut key = vec![0; width];
        for ((axis, places), place) in self.axes.iter().zip(own) {
            if *place > 0 {
                key[*axis] = places[usize::from(*place) - 1];
            }
        }
        for (axis, place) in fixed {
            key[*axis] = *place;
        }
        key
    }

    /// Every key of the member in a period, with every key of the family that it tells of.
    fn keys(&self, period: Period, width: usize) -> Vec<(Key, Key)> {
        let slots = self
            .slice(period)
            .into_iter()
            .flat_map(|slice| &slice.slots);
        slots
            .filter(|slot| matches!(slot.origin, Origin::Shown | Origin::Absent))
            .flat_map(|slot| {
                self.counts
                    .iter()
                    .map(|(_, fixed)| (slot.key.clone(), self.key(&slot.key, fixed, width)))
            })
            .collect()
    }

    /// Puts the member's counts and sums among those of the family.
    fn add(
        &self,
        period: Period,
        width: usize,
        rule: Rule,
        joint: &mut Joint,
    ) -> Result<(), DisclosureError> {
        let Some(slice) = self.slice(period) else {
            return Ok(());
        };
        let frequencies = layers::frequencies(self.tables, slice, rule)?;
        for (quantity, fixed) in &self.counts {
            let mut at_joint = Vec::with_capacity(slice.slots.len());
            for (slot, frequencies) in slice.slots.iter().zip(&frequencies) {
                let count = match quantity {
                    Quantity::N => frequencies.n,
                    Quantity::With => frequencies.with.unwrap_or(0),
                };
                let key = self.key(&slot.key, fixed, width);
                joint.count(key.clone(), slot.origin, count);
                at_joint.push(joint.slice.index[&key]);
            }
            for sum in &slice.sums {
                let sum = Sum {
                    total: at_joint[sum.total],
                    parts: sum.parts.iter().map(|part| at_joint[*part]).collect(),
                };
                if !joint.slice.sums.contains(&sum) {
                    joint.slice.sums.push(sum);
                }
            }
        }
        Ok(())
    }
}
