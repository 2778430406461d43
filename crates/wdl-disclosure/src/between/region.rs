//! Regions of a population: for each axis a set of categories, on the common refinement of all breakdowns.

use std::collections::{BTreeMap, BTreeSet};

use crate::between::classes;
use crate::between::edition::Nesting;

/// A region: axes with the categories it takes of them, in order; an axis it takes whole is left out.
pub(crate) type Region = Vec<(u16, Vec<u16>)>;

/// One axis of the refinement.
#[derive(Debug, Default)]
pub(crate) struct Axis {
    /// How many categories, the rest included.
    pub(crate) size: usize,
}

/// The axes of a space, and where each category of each dimension lies on them.
#[derive(Debug, Default)]
pub(crate) struct Axes {
    pub(crate) axes: Vec<Axis>,
    /// Of a dimension: its axis, and the places of each of its categories.
    places: BTreeMap<String, (u16, BTreeMap<String, Vec<u16>>)>,
}

/// The dimensions of a space with the categories that anybody names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    categories: BTreeMap<String, BTreeSet<String>>,
    /// Dimensions of which some table shows every category.
    is_whole: BTreeSet<String>,
}

impl Named {
    pub(crate) fn add<'a>(
        &mut self,
        dimension: &str,
        categories: impl Iterator<Item = &'a String>,
    ) {
        let all = self.categories.entry(dimension.to_owned()).or_default();
        all.extend(categories.cloned());
    }

    pub(crate) fn add_whole<'a>(
        &mut self,
        dimension: &str,
        categories: impl Iterator<Item = &'a String>,
    ) {
        self.add(dimension, categories);
        self.is_whole.insert(dimension.to_owned());
    }

    /// The common refinement of all dimensions.
    pub(crate) fn refined(&self, nestings: &[Nesting]) -> Axes {
        let mut axes = Axes::default();
        let mut done: BTreeSet<&String> = BTreeSet::new();
        for dimension in self.categories.keys() {
            if done.contains(dimension) {
                continue;
            }
            let together = self.joined(dimension, nestings);
            done.extend(together.dimensions.iter().copied());
            let has_rest = !self.has_whole(&together);
            match (
                together.dimensions.as_slice(),
                classes::cut(&self.categories[dimension]),
            ) {
                ([alone], Some(cut)) => axes.take_classes(alone, cut, has_rest),
                _ => axes.take(&together, has_rest),
            }
        }
        axes
    }

    fn has_whole(&self, joined: &Joined<'_>) -> bool {
        joined
            .dimensions
            .iter()
            .any(|id| self.is_whole.contains(*id))
    }

    /// A dimension with all that lie in it or across it: the combinations of categories that hold anybody.
    fn joined<'a>(&'a self, first: &'a String, nestings: &'a [Nesting]) -> Joined<'a> {
        let own = |id: &String| self.categories[id].iter();
        let mut joined = Joined {
            dimensions: vec![first],
            rows: own(first).map(|category| vec![Some(category)]).collect(),
        };
        let mut waiting: Vec<&Nesting> = nestings
            .iter()
            .filter(|one| self.categories.contains_key(&one.first))
            .filter(|one| self.categories.contains_key(&one.second))
            .collect();
        while let Some(at) = waiting.iter().position(|one| joined.touches(one)) {
            joined.narrow(waiting.remove(at), &self.categories);
        }
        joined
    }
}

/// Dimensions that lie in each other, and the combinations of their categories.
struct Joined<'a> {
    dimensions: Vec<&'a String>,
    rows: Vec<Vec<Option<&'a String>>>,
}

impl<'a> Joined<'a> {
    fn place(&self, id: &String) -> Option<usize> {
        self.dimensions.iter().position(|known| *known == id)
    }

    fn touches(&self, nesting: &Nesting) -> bool {
        self.place(&nesting.first).is_some() || self.place(&nesting.second).is_some()
    }

    fn narrow(&mut self, nesting: &'a Nesting, categories: &'a BTreeMap<String, BTreeSet<String>>) {
        let pairs: Vec<(&String, &String)> = nesting
            .pairs
            .iter()
            .filter(|(first, second)| {
                categories[&nesting.first].contains(first)
                    && categories[&nesting.second].contains(second)
            })
            .map(|(first, second)| (first, second))
            .collect();
        match (self.place(&nesting.first), self.place(&nesting.second)) {
            (Some(first), Some(second)) => {
                self.rows.retain(|row| match (row[first], row[second]) {
                    (Some(one), Some(two)) => pairs.contains(&(one, two)),
                    _ => true,
                })
            }
            (Some(known), None) => {
                self.extend(known, &nesting.second, &pairs, &categories[&nesting.second]);
            }
            (None, Some(known)) => {
                let turned: Vec<_> = pairs.iter().map(|(one, two)| (*two, *one)).collect();
                self.extend(known, &nesting.first, &turned, &categories[&nesting.first]);
            }
            (None, None) => {}
        }
    }

    /// Adds a dimension: each row once for every category that goes with it, and every category that goes with none.
    fn extend(
        &mut self,
        known: usize,
        added: &'a String,
        pairs: &[(&'a String, &'a String)],
        all: &'a BTreeSet<String>,
    ) {
        let mut rows = Vec::new();
        for row in &self.rows {
            let with: Vec<&String> = pairs
                .iter()
                .filter(|(one, _)| row[known] == Some(*one))
                .map(|(_, other)| *other)
                .collect();
            let mut push = |last| {
                let mut row = row.clone();
                row.push(last);
                rows.push(row);
            };
            match with.is_empty() {
                true => push(None),
                false => with.into_iter().for_each(|last| push(Some(last))),
            }
        }
        let width = self.dimensions.len();
        for category in all {
            if !pairs.iter().any(|(_, other)| *other == category) {
                let mut row = vec![None; width];
                row.push(Some(category));
                rows.push(row);
            }
        }
        self.dimensions.push(added);
        self.rows = rows;
    }
}

impl Axes {
    fn take(&mut self, joined: &Joined<'_>, has_rest: bool) {
        let axis = self.axes.len() as u16;
        for (at, id) in joined.dimensions.iter().enumerate() {
            let mut places: BTreeMap<String, Vec<u16>> = BTreeMap::new();
            for (place, row) in joined.rows.iter().enumerate() {
                if let Some(category) = row[at] {
                    places
                        .entry(category.clone())
                        .or_default()
                        .push(place as u16);
                }
            }
            self.places.insert((*id).clone(), (axis, places));
        }
        self.axes.push(Axis {
            size: joined.rows.len() + usize::from(has_rest),
        });
    }

    /// Takes a dimension of classes that overlap.
    fn take_classes(
        &mut self,
        dimension: &str,
        (places, count): (BTreeMap<String, Vec<u16>>, usize),
        has_rest: bool,
    ) {
        let axis = self.axes.len() as u16;
        self.places.insert(dimension.to_owned(), (axis, places));
        self.axes.push(Axis {
            size: count + usize::from(has_rest),
        });
    }

    /// The region of some categories of some dimensions; several sets on one axis meet.
    pub(crate) fn region<'a>(
        &self,
        chosen: impl Iterator<Item = (&'a String, &'a [String])>,
    ) -> Region {
        let mut region: BTreeMap<u16, BTreeSet<u16>> = BTreeMap::new();
        for (dimension, categories) in chosen {
            let Some((axis, places)) = self.places.get(dimension) else {
                continue;
            };
            let own: BTreeSet<u16> = categories
                .iter()
                .filter_map(|category| places.get(category))
                .flatten()
                .copied()
                .collect();
            region
                .entry(*axis)
                .and_modify(|known| known.retain(|place| own.contains(place)))
                .or_insert(own);
        }
        region
            .into_iter()
            .filter(|(axis, places)| places.len() < self.axes[usize::from(*axis)].size)
            .map(|(axis, places)| (axis, places.into_iter().collect()))
            .collect()
    }

    /// The categories of a dimension that anybody names.
    pub(crate) fn categories(&self, dimension: &str) -> impl Iterator<Item = &String> {
        self.places
            .get(dimension)
            .into_iter()
            .flat_map(|(_, places)| places.keys())
    }
}

/// Whether a region lies in another.
pub(crate) fn is_inside(inner: &Region, outer: &Region) -> bool {
    outer.iter().all(|(axis, places)| {
        let own = inner.iter().find(|(other, _)| other == axis);
        own.is_some_and(|(_, own)| own.iter().all(|place| places.contains(place)))
    })
}
