//! The classes of pairs of one run: which sources have duplicates, and what their absence teaches.

use rustc_hash::FxHashMap;

use crate::apart::Apart;
use crate::block::{Scope, Sources};
use crate::calibrate::{Counted, Curve};
use crate::compare::Comparer;
use crate::data::Data;
use crate::duplicates::{Alike, duplicates, is_stated_clean};
use crate::engine::Engine;
use crate::estimate::{Class, Mixture, Place, Seen, related_of, with_related, without_examples};
use crate::implied::Implied;
use crate::model::Cardinality;
use crate::outcome::{Pattern, Scored};
use crate::passes::Walk;
use crate::relatives::Ties;
use crate::shared::shared;

use crate::witness::testimony;

/// A source in which a greater share of the records look like another one has duplicates.
pub(crate) const DUPLICATES: f64 = 0.02;

/// So many pairs inside the sources tell how often weights mislead.
const DECOYS_MAX: u64 = 3_000_000;

/// A pattern is a match beyond doubt when so many times as many matches as others are expected.
const BEYOND_DOUBT: f64 = 9.0;

/// What an estimation reads.
pub(crate) struct Estimation<'a> {
    pub(crate) data: &'a Data,
    pub(crate) walk: &'a Walk<'a>,
    pub(crate) comparer: &'a Comparer<'a>,
    pub(crate) places: &'a [(Place, usize)],
    pub(crate) implied: &'a Implied,
    pub(crate) strangers: Class,
    /// How many records can be one, as far as it is stated.
    pub(crate) stated: Cardinality,
    /// Strangers of one stratum, where there is one source.
    pub(crate) strata: Vec<Class>,
}

impl Estimation<'_> {
    /// The classes, and for each source the share of its records that look like another one.
    pub(crate) fn run(&self, scope: Scope, seen: &[Seen]) -> (Mixture, Vec<f64>) {
        let sizes = || self.data.sources.iter().map(|source| source.records.len());
        let most = sizes().min().unwrap_or(0) as f64;
        let ties = Ties {
            crossed: self.comparer.crossed,
            shared: &shared(self.comparer),
        };
        let of_strangers = (&self.strangers, self.strata.as_slice());
        let mixture = without_examples(of_strangers, self.places, ties, seen, most);
        if scope == Scope::Inside {
            let matches: f64 = seen.iter().map(|seen| expected(&mixture, *seen)).sum();
            let share = matches / sizes().sum::<usize>().max(1) as f64;
            return (mixture, vec![share]);
        }
        let mut shares = Vec::new();
        let between = alike(&mixture, seen, 1.0);
        let mut others: FxHashMap<Pattern, f64> = FxHashMap::default();
        let mut clean = 0.0;
        let inside_of = |source: usize| self.walk.sources.all_pairs(Scope::Within(source));
        for (source, size) in sizes().enumerate() {
            let scale = self.scale(source);
            let inside =
                self.walk
                    .seen((self.comparer, self.implied), Scope::Within(source), scale);
            let pairs = duplicates(&between, &alike(&mixture, &inside, scale), scale);
            let share = pairs / size.max(1) as f64;
            if is_clean(self.stated, source, share) {
                // A source tells as much as it has pairs.
                let weight = inside_of(source).max(1.0);
                clean += weight;
                for seen in &inside {
                    *others.entry(seen.pattern).or_default() += seen.pairs * weight;
                }
            }
            shares.push(share);
        }
        if clean == 0.0 {
            return (mixture, shares);
        }
        let mut others: Vec<Seen> = others
            .into_iter()
            .map(|(pattern, pairs)| Seen {
                pattern,
                pairs: pairs / clean,
                together: self.implied.of_pattern(pattern),
            })
            .collect();
        others.sort_unstable_by_key(|seen| seen.pattern);
        let related = related_of(&self.strangers, self.places, &others);
        let mixture = with_related(&self.strangers, related, self.places, seen, most);
        (mixture, shares)
    }

    fn scale(&self, source: usize) -> f64 {
        scale(self.walk, source)
    }
}

/// How many pairs between sources a pair inside a source stands for.
fn scale(walk: &Walk<'_>, source: usize) -> f64 {
    let inside = walk.sources.all_pairs(Scope::Within(source));
    walk.sources.all_pairs(Scope::Between) / inside.max(1.0)
}

/// Whether a source has no duplicates: as stated, or as few of its records look like another one.
pub(crate) fn is_clean(stated: Cardinality, source: usize, share: f64) -> bool {
    is_stated_clean(stated, source) || share < DUPLICATES
}

/// The pairs that are matches beyond doubt, where each that was seen stands for so many.
fn alike(mixture: &Mixture, seen: &[Seen], scale: f64) -> Vec<Alike> {
    let alike = |seen: &Seen| {
        let (matches, others) = mixture.expected(seen);
        (matches > BEYOND_DOUBT * others).then(|| Alike {
            weight: matches / others.max(f64::MIN_POSITIVE),
            pairs: seen.pairs / scale,
        })
    };
    seen.iter().filter_map(alike).collect()
}

/// How many of the pairs with a pattern are expected to match.
fn expected(mixture: &Mixture, seen: Seen) -> f64 {
    let (matches, others) = mixture.expected(&seen);
    seen.pairs * matches / (matches + others).max(f64::MIN_POSITIVE)
}

/// What pairs inside sources without duplicates teach about the weights.
///
/// A false pair between sources counts only where no likelier pair takes one of its records: most look-alikes of a person stand beside the person.
/// So the pairs between sources are counted as far as their records are free of rivals, and a pair inside a source as far as its record and one of the other source would be.
pub(crate) fn curve(
    walk: &Walk<'_>,
    engine: &Engine,
    near: &[Scored],
    clean: &[bool],
    (scope, constrained): (Scope, Constrained),
) -> Curve {
    let clean: Vec<usize> = (0..clean.len()).filter(|source| clean[*source]).collect();
    if scope == Scope::Inside {
        return of_one_source(walk, engine, near);
    }
    if clean.is_empty() {
        return Curve::straight();
    }
    let taken = Taken::of(engine.records.len(), near);
    // As many pairs are weighed inside the sources as between them, and no more than tell enough.
    let inside: u64 = clean
        .iter()
        .map(|source| walk.pairs(Scope::Within(*source)))
        .sum();
    let rate = walk.pairs(scope).min(DECOYS_MAX) as f64 / inside.max(1) as f64;
    let mut decoys = Vec::new();
    // A source tells as much as it has pairs: a hundred records beside a hundred thousand tell hardly anything.
    let inside = clean.iter();
    let inside: f64 = inside
        .map(|source| walk.sources.all_pairs(Scope::Within(*source)))
        .sum();
    let scale = walk.sources.all_pairs(Scope::Between) / inside.max(1.0);
    let mut apart = Apart::default();
    for source in &clean {
        let of_own = taken.free_in(walk.sources, *source);
        let of_others = taken.free_elsewhere(walk.sources, *source);
        for pair in walk.decoys(engine, *source, rate) {
            apart.add(&taken, &pair, of_own);
            let own = (taken.free(pair.a) + taken.free(pair.b)) / 2.0;
            // The first source's records are one side, all others' the other.
            let (first, last) = match source {
                0 => (own, of_others),
                _ => (of_others, own),
            };
            let first = if constrained.first { first } else { 1.0 };
            let last = if constrained.last { last } else { 1.0 };
            decoys.push(Counted {
                weight: pair.weight,
                count: pair.stands_for * scale * first * last,
            });
        }
    }
    if constrained.first && constrained.last {
        apart.part(&mut decoys);
    }
    let counted = |pair: &Scored| {
        let rival = |record: u32| (1.0 - (taken.sum(record) - pair.probability)).clamp(0.0, 1.0);
        let first = if constrained.first {
            rival(pair.a)
        } else {
            1.0
        };
        let last = if constrained.last { rival(pair.b) } else { 1.0 };
        Counted {
            weight: pair.weight,
            count: first * last,
        }
    };
    let pairs: Vec<Counted> = near.iter().map(counted).collect();
    Curve::of(&pairs, &decoys)
}

/// What the fields that know two people apart teach about the weights inside a source.
fn of_one_source(walk: &Walk<'_>, engine: &Engine, near: &[Scored]) -> Curve {
    let Some(testimony) = testimony(walk, engine, Scope::Inside) else {
        return Curve::straight();
    };
    let counted = |pair: &Scored| Counted {
        weight: pair.weight,
        count: 1.0,
    };
    let pairs: Vec<Counted> = near.iter().map(counted).collect();
    match testimony.is_whole {
        true => Curve::of(&pairs, &testimony.decoys),
        false => Curve::beside_model(&pairs, &testimony.decoys),
    }
}

/// Which sides of a pair may have one partner only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constrained {
    pub(crate) first: bool,
    pub(crate) last: bool,
}

/// How far each record is taken by its pairs.
pub(crate) struct Taken(Vec<f64>);

impl Taken {
    fn of(records: usize, near: &[Scored]) -> Taken {
        let mut taken = vec![0.0; records];
        for pair in near {
            taken[pair.a as usize] += pair.probability;
            taken[pair.b as usize] += pair.probability;
        }
        Taken(taken)
    }

    fn sum(&self, record: u32) -> f64 {
        self.0[record as usize]
    }

    pub(crate) fn free(&self, record: u32) -> f64 {
        (1.0 - self.sum(record)).max(0.0)
    }

    /// The share of the records of a source that are free.
    fn free_in(&self, sources: &Sources, source: usize) -> f64 {
        self.free_of(sources.records(source))
    }

    /// The share of the records of the other sources that are free.
    fn free_elsewhere(&self, sources: &Sources, source: usize) -> f64 {
        let mine = sources.records(source);
        let others = (0..self.0.len() as u32).filter(|record| !mine.contains(record));
        self.free_of(others)
    }

    fn free_of(&self, records: impl Iterator<Item = u32>) -> f64 {
        let (mut count, mut free) = (0.0, 0.0);
        for record in records {
            count += 1.0;
            free += self.free(record);
        }
        if count > 0.0 { free / count } else { 1.0 }
    }
}
