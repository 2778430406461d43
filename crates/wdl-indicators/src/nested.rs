//! Which breakdowns lie in which: the rione in its quartiere, the detailed class of age in the coarse one.
//!
//! It is read where the lab says it: in the columns of the code lists, and in `within` of `dimensions.yaml`.
//! It must not know who asks, nor any table.

use std::collections::{BTreeMap, BTreeSet};

use wdl_contract::CodeLists;

use crate::cells::UNKNOWN;
use crate::definition::Dimensions;

/// A breakdown that lies in another: each of its categories in one, or in none that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nested {
    /// The dimension that lies in the other.
    pub inner: String,
    /// The other.
    pub outer: String,
    /// Each category of the inner one that lies in a category of the outer one, with that category.
    pub pairs: BTreeSet<(String, String)>,
}

/// Categories, and what each of them lies in.
type Steps = BTreeMap<String, String>;

impl Dimensions {
    /// Every pair of dimensions of which one lies in the other, sorted by name.
    ///
    /// A column of a code list lies in the dimension, or in the code list, whose name it bears; what that lies in counts too, however many steps away.
    /// A dimension with a category that lies in nothing named is left out: the sums would not be known.
    pub fn nested(&self, lists: &CodeLists) -> Vec<Nested> {
        let mut all: BTreeMap<(String, String), Steps> = BTreeMap::new();
        for dimension in &self.list {
            let own = dimension.categories.iter().map(|one| one.id.clone());
            let same: Steps = own.map(|id| (id.clone(), id)).collect();
            let begin = Place {
                dimension: Some(&dimension.id),
                list: self.lists.get(&dimension.id).map(String::as_str),
            };
            self.climb(
                lists,
                begin,
                &same,
                &mut BTreeSet::new(),
                &mut |outer, steps| {
                    if outer != dimension.id {
                        all.entry((dimension.id.clone(), outer.to_owned()))
                            .or_insert_with(|| steps.clone());
                    }
                },
            );
        }
        let whole = |((inner, outer), steps): ((String, String), Steps)| {
            let inside = self.get(&inner)?.categories.iter();
            let known = &self.get(&outer)?.categories;
            let is_in = |id: &String| known.iter().any(|one| one.id == *id);
            let is_whole = inside
                .map(|one| steps.get(&one.id))
                .all(|step| step.is_some_and(is_in));
            // Of whom the inner one is not known, the outer one is not either.
            let unknown = (UNKNOWN.to_owned(), UNKNOWN.to_owned());
            is_whole.then(|| Nested {
                inner,
                outer,
                pairs: steps.into_iter().chain([unknown]).collect(),
            })
        };
        all.into_iter().filter_map(whole).collect()
    }

    /// Tells every dimension that a place lies in, with the category that each category it began with came to.
    fn climb<'a>(
        &'a self,
        lists: &'a CodeLists,
        place: Place<'a>,
        reached: &Steps,
        seen: &mut BTreeSet<Place<'a>>,
        tell: &mut dyn FnMut(&str, &Steps),
    ) {
        if !seen.insert(place) {
            return;
        }
        if let Some(dimension) = place.dimension {
            tell(dimension, reached);
        }
        for (name, steps) in self.steps(lists, place) {
            let further: Steps = reached
                .iter()
                .filter_map(|(from, to)| Some((from.clone(), steps.get(to)?.clone())))
                .collect();
            let dimension = self.get(&name).map(|one| one.id.as_str());
            let list = match dimension {
                Some(id) => self.lists.get(id).map(String::as_str),
                None => lists.get(&name).map(|list| list.name()),
            };
            if dimension.is_some() || list.is_some() {
                self.climb(lists, Place { dimension, list }, &further, seen, tell);
            }
        }
    }

    /// What a place lies in directly, by name.
    fn steps(&self, lists: &CodeLists, place: Place<'_>) -> BTreeMap<String, Steps> {
        let mut steps: BTreeMap<String, Steps> = BTreeMap::new();
        if let Some(list) = place.list.and_then(|name| lists.get(name)) {
            for (at, column) in list.extra_columns().iter().enumerate() {
                let pairs = list.rows().iter();
                let pairs = pairs.map(|row| (row.code.clone(), row.extra[at].clone()));
                let said = pairs.filter(|(_, outer)| !outer.is_empty());
                steps.entry(column.clone()).or_default().extend(said);
            }
        }
        let within = self.within.iter();
        for one in within.filter(|one| Some(one.dimension.as_str()) == place.dimension) {
            for (outer, category) in &one.outer {
                let own = steps.entry(outer.clone()).or_default();
                own.insert(one.category.clone(), category.clone());
            }
        }
        steps
    }
}

/// Where a climb stands: at a dimension, at a code list, or at a dimension by a code list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    dimension: Option<&'a str>,
    list: Option<&'a str>,
}

/// What a category of a dimension lies in, as `dimensions.yaml` says.
#[derive(Clone, Debug)]
pub(crate) struct Within {
    pub(crate) dimension: String,
    pub(crate) category: String,
    /// Dimension and category.
    pub(crate) outer: BTreeMap<String, String>,
}
