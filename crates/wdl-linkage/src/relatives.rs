//! People in common before any data: who lives together, who is of one family, who has one code, and what becomes of it when a record holds two columns exchanged.

use crate::estimate::{Class, Levels, Place, is_of_dwelling, levels_of, raised, raised_where};
use crate::model::Kind;

/// What is known of the places of a pattern beside what each compares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ties<'a> {
    /// Pairs of fields that may be exchanged.
    pub(crate) crossed: &'a [(usize, usize)],
    /// Fields of codes that people who live together have in common ([`crate::shared`]).
    pub(crate) shared: &'a [usize],
}

/// People of one dwelling, people of one family, and people with one code, where they are none of these.
pub(crate) fn in_common(
    strangers: &Class,
    places: &[(Place, usize)],
    ties: Ties<'_>,
    total: f64,
) -> Vec<Class> {
    let has = |wanted: &dyn Fn(Place) -> bool| places.iter().any(|(place, _)| wanted(*place));
    let class = |same: &dyn Fn(Place) -> Option<f64>| Class {
        pairs: total * 0.05,
        levels: raised_where(strangers, places, same),
    };
    let mut related = Vec::new();
    if has(&is_of_dwelling) {
        related.push(class(&|place| match place {
            Place::Field(Kind::Surname) => Some(0.6),
            Place::Field(Kind::BirthDate) => Some(TWINS),
            place if is_of_dwelling(place) => Some(0.9),
            _ => None,
        }));
    }
    if has(&|place| place == Place::Field(Kind::Surname)) {
        related.push(class(&|place| match place {
            Place::Field(Kind::Surname) => Some(0.7),
            _ => None,
        }));
    }
    if related.is_empty() && !ties.shared.is_empty() {
        related.push(class(&|_| None));
    }
    for class in &mut related {
        for field in ties.shared {
            let (levels, count) = (&class.levels[*field], places[*field].1);
            class.levels[*field] = raised(levels, count, SHARED.max(levels[0]));
        }
    }
    related
}

/// The share of people in common who have a shared code in common, before any data.
const SHARED: f64 = 0.3;

/// People in common of whom one record has two columns exchanged.
pub(crate) struct Exchanged {
    /// The class that they are of.
    pub(crate) base: usize,
    /// The place of the question whether the columns are exchanged.
    order: usize,
    fields: (usize, usize),
    /// Whether it is the earlier record of the pair.
    is_first: bool,
}

impl Exchanged {
    /// Taken crosswise, what the other record has in a column stands beside what this one has there by right.
    pub(crate) fn levels(&self, base: &[Levels], places: &[(Place, usize)]) -> Vec<Levels> {
        let mut levels = base.to_vec();
        levels[self.order] = levels_of(&[EXCHANGED_SEEN, 1.0 - EXCHANGED_SEEN]);
        let (one, other) = self.fields;
        if self.is_first && places[one].1 == places[other].1 {
            levels.swap(one, other);
        }
        levels
    }
}

/// A class of exchanged columns shows them so; the rest is chance.
const EXCHANGED_SEEN: f64 = 0.01;
/// The share of people in common of whom one record has its columns exchanged, before any data.
const EXCHANGED: f64 = 0.01;

/// For each class that has one of two exchangeable columns in common more often than the other, those of whom one record holds them exchanged: what they share then stands crosswise, as it does in two records of one person.
pub(crate) fn exchanged(
    related: &[Class],
    places: &[(Place, usize)],
    crossed: &[(usize, usize)],
) -> Vec<(Exchanged, Class)> {
    let fields = places.len() - crossed.len();
    let mut exchanged = Vec::new();
    for (base, class) in related.iter().enumerate() {
        for (nth, pair) in crossed.iter().enumerate() {
            let kinds = (places[pair.0].0, places[pair.1].0);
            // Two streets or texts of one kind are shared alike.
            if kinds.0 == kinds.1 {
                continue;
            }
            for is_first in [true, false] {
                let of = Exchanged {
                    base,
                    order: fields + nth,
                    fields: *pair,
                    is_first,
                };
                let class = Class {
                    pairs: class.pairs * EXCHANGED / 2.0,
                    levels: of.levels(&class.levels, places),
                };
                exchanged.push((of, class));
            }
        }
    }
    exchanged
}

/// The share of people in one house who were born on one day: of a hundred births one or two are of twins, and few pairs in a house are of siblings.
const TWINS: f64 = 0.01;
