//! Classes of numbers that two tables cut at different points: `0_17` and `18_64` beside `18_34`, `35_64` and `65_plus`.
//!
//! A category that is a class by its name is the sum of the finest classes it holds, whichever table names them.

use std::collections::{BTreeMap, BTreeSet};

/// Where the classes of a dimension lie on the finest cut: for each category its places, and how many places there are.
///
/// `None` when no two classes overlap, or a category looks like a class and is none: then each category is a place of its own.
pub(crate) fn cut(categories: &BTreeSet<String>) -> Option<(BTreeMap<String, Vec<u16>>, usize)> {
    let (classes, others): (Vec<_>, Vec<_>) = categories
        .iter()
        .map(|name| (name, class(name)))
        .partition(|(_, class)| class.is_some());
    let classes: Vec<(&String, Class)> = classes
        .into_iter()
        .filter_map(|(name, class)| Some((name, class?)))
        .collect();
    // `20_40` and `40_60` meet at 40; `0_17` and `18_34` are whole numbers, the last of each included.
    let begins: BTreeSet<u64> = classes.iter().map(|(_, class)| class.from).collect();
    let meets = classes.iter().any(|(_, class)| {
        class
            .to
            .is_some_and(|to| begins.contains(&to) && to > class.from)
    });
    let ends: Vec<(&String, u64, u64)> = classes
        .iter()
        .map(|(name, class)| {
            let to = class.to.map_or(u64::MAX, |to| to + u64::from(!meets));
            (*name, class.from, to)
        })
        .collect();
    let points: BTreeSet<u64> = ends.iter().flat_map(|(_, from, to)| [*from, *to]).collect();
    let points: Vec<u64> = points.into_iter().collect();
    let finest = || points.windows(2).map(|pair| (pair[0], pair[1]));
    let holds =
        |class: &(&String, u64, u64), part: (u64, u64)| class.1 <= part.0 && part.1 <= class.2;
    let parts: Vec<(u64, u64)> = finest()
        .filter(|part| ends.iter().any(|class| holds(class, *part)))
        .collect();
    let is_cut = ends
        .iter()
        .any(|class| parts.iter().filter(|part| holds(class, **part)).count() != 1);
    if !is_cut {
        return None;
    }
    let mut places: BTreeMap<String, Vec<u16>> = ends
        .iter()
        .map(|class| {
            let own = (0..parts.len()).filter(|at| holds(class, parts[*at]));
            (class.0.clone(), own.map(|at| at as u16).collect())
        })
        .collect();
    let count = parts.len() + others.len();
    for (at, (name, _)) in others.into_iter().enumerate() {
        places.insert(name.clone(), vec![(parts.len() + at) as u16]);
    }
    Some((places, count))
}

#[derive(Clone, Copy)]
struct Class {
    from: u64,
    /// None without end.
    to: Option<u64>,
}

/// `18_34`, `65_plus`, `300_`: two numbers, or one with nothing above it.
fn class(name: &str) -> Option<Class> {
    let (from, to) = name.split_once('_')?;
    let from: u64 = from.parse().ok()?;
    let to = match to {
        "plus" | "" => None,
        to => Some(to.parse().ok().filter(|to| *to >= from)?),
    };
    Some(Class { from, to })
}
