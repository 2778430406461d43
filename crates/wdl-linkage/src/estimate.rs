//! How often each level occurs among matches and among others: the parameters of the model, from the data alone.
//!
//! The pairs looked at are a mixture.
//! Pairs of strangers agree as the frequencies of the values say; pairs of people who have something in common without being one person (they live together, are kin) agree on some fields more often than that; two records of one person agree on nearly everything, or on everything but the dwelling when the person has moved.
//! Each class is a product of its fields' levels (Fellegi, Sunter 1969, with several classes on both sides as in Winkler 1993, Larsen and Rubin 2001), estimated by EM on the counts of agreement patterns, so that its cost does not depend on the number of pairs (Enamorado, Fifield, Imai 2019).
//! Missing values are left out of the product.
//! Pairs inside a source without duplicates are known not to match: they show how people in common agree, without an example of a match among them.

use rayon::prelude::*;

use crate::compare::level;
use crate::model::Kind;
use crate::outcome::{LEVEL_MISSING as NULL, Pattern};
use crate::relatives::{Ties, exchanged, in_common};

/// The probability of each level of a place of the pattern; 1 for a missing one.
pub(crate) type Levels = [f64; 16];

/// How often pairs of one class show each level.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Class {
    /// How many pairs of the class are expected among those looked at.
    pub(crate) pairs: f64,
    /// For each place of the pattern.
    pub(crate) levels: Vec<Levels>,
}

/// What a place of the pattern compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A field.
    Field(Kind),
    /// Whether two fields are exchanged.
    Order,
}

/// How often a pattern was seen, scaled to all pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) pattern: Pattern,
    pub(crate) pairs: f64,
    /// How many times as frequent it is among people who are two as it would be were columns independent ([`crate::implied`]).
    pub(crate) together: f64,
}

/// The classes of pairs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixture {
    /// Pairs of strangers: as many as there are pairs, whether looked at or not.
    pub(crate) strangers: Class,
    /// Those of strangers of one stratum, among whom columns go together.
    pub(crate) strata: Vec<Class>,
    /// Pairs of people who have something in common.
    pub(crate) related: Vec<Class>,
    /// Pairs of records of one person.
    pub(crate) matches: Vec<Class>,
}

impl Class {
    #[inline]
    pub(crate) fn expected(&self, pattern: Pattern) -> f64 {
        let mut expected = self.pairs;
        for (place, levels) in self.levels.iter().enumerate() {
            expected *= levels[usize::from(level(pattern, place))];
        }
        expected
    }
}

impl Mixture {
    /// Expected matches and expected others of a pattern.
    pub(crate) fn expected(&self, seen: &Seen) -> (f64, f64) {
        let sum = |classes: &[Class]| -> f64 {
            let each = classes.iter().map(|class| class.expected(seen.pattern));
            each.sum()
        };
        let strangers = self.strangers.expected(seen.pattern);
        (
            sum(&self.matches),
            (strangers + sum(&self.strata) + sum(&self.related)) * seen.together,
        )
    }

    /// How many matches are expected among the pairs looked at.
    pub(crate) fn matched_pairs(&self) -> f64 {
        self.matches.iter().map(|class| class.pairs).sum()
    }
}

/// Levels of a place by their number, the rest of the array at 1 for missing ones.
pub(crate) fn levels_of(shares: &[f64]) -> Levels {
    let mut levels = [0.0; 16];
    levels[..shares.len()].copy_from_slice(shares);
    levels[usize::from(NULL)] = 1.0;
    levels
}

/// What is believed of matches before any data: nearly always the same, and rarely altogether different.
///
/// Deliveries of offices have from two to fifteen wrong values of a hundred in a field (Herzog, Scheuren, Winkler, *Data Quality and Record Linkage Techniques*, 2007); the belief weighs as much as [`BELIEF`] pairs and yields to data.
fn belief(place: Place, count: usize) -> Levels {
    let same = match place {
        Place::Order => 0.98,
        Place::Field(_) => 0.90,
    };
    let mut shares = vec![(1.0 - same) / (count - 1) as f64; count];
    shares[0] = same;
    levels_of(&shares)
}

/// How many pairs the belief weighs.
const BELIEF: f64 = 20.0;
/// Rounds of EM at most.
const ROUNDS_MAX: usize = 80;
/// The estimation ends when no class changes its number of pairs by more than this share.
const STILL: f64 = 1e-4;

/// Whether a field tells the members of a family or a house apart.
fn is_of_person(place: Place) -> bool {
    match place {
        Place::Field(kind) => match kind {
            Kind::GivenName
            | Kind::FullName
            | Kind::BirthDate
            | Kind::Code
            | Kind::Number
            | Kind::Text
            | Kind::Clk => true,
            Kind::Surname
            | Kind::Sex
            | Kind::Place
            | Kind::PostCode
            | Kind::Street
            | Kind::HouseNumber
            | Kind::Category => false,
        },
        Place::Order => true,
    }
}

pub(crate) fn is_of_dwelling(place: Place) -> bool {
    matches!(place, Place::Field(kind) if kind.is_of_dwelling())
}

/// How pairs of people in common agree, where pairs are known not to match.
pub(crate) fn related_of(
    strangers: &Class,
    places: &[(Place, usize)],
    seen: &[Seen],
) -> Vec<Class> {
    let total: f64 = seen.iter().map(|seen| seen.pairs).sum();
    if total == 0.0 {
        return Vec::new();
    }
    let mut related: Vec<Class> = Vec::new();
    while related.len() < RELATED_MAX {
        let unexplained: Vec<Seen> = seen
            .iter()
            .map(|seen| {
                let expected = strangers.expected(seen.pattern)
                    + related
                        .iter()
                        .map(|class| class.expected(seen.pattern))
                        .sum::<f64>();
                Seen {
                    pairs: (seen.pairs - expected * seen.together).max(0.0),
                    ..*seen
                }
            })
            .collect();
        let pairs: f64 = unexplained.iter().map(|seen| seen.pairs).sum();
        if pairs < UNEXPLAINED * total {
            break;
        }
        related.push(Class {
            pairs,
            levels: observed(places, &unexplained),
        });
        let fixed = std::slice::from_ref(strangers);
        let all = related.len() + 1;
        fit(
            fixed,
            (&mut related, all),
            places,
            seen,
            |_, place| Prior {
                levels: strangers.levels[place],
                weight: 1.0,
            },
            |_| {},
        );
    }
    related
}

/// Classes of people in common are added until so small a share of their pairs is left unexplained.
const UNEXPLAINED: f64 = 0.01;
/// No mixture has more related classes.
pub(crate) const RELATED_MAX: usize = 8;

/// The classes where nothing is known not to match: people in common share what a family or a house shares, and are strangers in everything else.
pub(crate) fn without_examples(
    (strangers, strata): (&Class, &[Class]),
    places: &[(Place, usize)],
    ties: Ties<'_>,
    seen: &[Seen],
    matches_most: f64,
) -> Mixture {
    let total: f64 = seen.iter().map(|seen| seen.pairs).sum();
    let has_dwelling = places.iter().any(|(place, _)| is_of_dwelling(*place));
    let mut related = in_common(strangers, places, ties, total);
    let bases = related.len();
    let exchanged = exchanged(&related, places, ties.crossed);
    related.extend(exchanged.iter().map(|(_, class)| class.clone()));
    let begun = related.clone();
    let count = related.len();
    let begun_matches = matches(strangers, places, matches_most);
    let mut classes = related;
    classes.extend(begun_matches.iter().cloned());
    let fixed: Vec<Class> = std::iter::once(strangers).chain(strata).cloned().collect();
    fit(
        &fixed,
        (&mut classes, count),
        places,
        seen,
        |class, place| match class < count {
            true => Prior {
                levels: begun[class].levels[place],
                weight: match is_of_person(places[place].0) && !ties.shared.contains(&place) {
                    true => f64::INFINITY,
                    false => 1.0,
                },
            },
            false => Prior {
                levels: begun_matches[class - count].levels[place],
                weight: BELIEF,
            },
        },
        |classes| {
            believe_shares(&mut classes[count..]);
            believe_persons(&mut classes[count..], places);
            // The first class is of people of one dwelling, whose address is written as differently as that of one person who stayed.
            // What is seen of them alone would not show it: a rule finds those whose address is written the same.
            if has_dwelling {
                let stayed = classes[count].levels.clone();
                for (place, levels) in stayed.iter().enumerate() {
                    if is_of_dwelling(places[place].0) {
                        classes[0].levels[place] = *levels;
                    } else {
                        // Who moves is written no worse for it; without the dwelling, namesakes could pass for people who moved.
                        classes[count + 1].levels[place] = *levels;
                    }
                }
            }
            // Who has names exchanged lives with nobody else for it.
            for (nth, (of, _)) in exchanged.iter().enumerate() {
                classes[bases + nth].levels = of.levels(&classes[of.base].levels, places);
            }
        },
    );
    let matches = classes.split_off(count);
    Mixture {
        strangers: strangers.clone(),
        strata: strata.to_vec(),
        related: classes,
        matches,
    }
}

/// Two records of one person seldom differ altogether in a name, a day of birth or a sex: not more often than offices get a field wrong at all (see [`belief`]), and most of what is wrong is near.
/// A class in which they do would be of other people.
fn believe_persons(matches: &mut [Class], places: &[(Place, usize)]) {
    const DIFFERENT: f64 = 0.15;
    let is_lasting = |place: Place| match place {
        Place::Field(kind) => matches!(
            kind,
            Kind::GivenName | Kind::Surname | Kind::FullName | Kind::BirthDate | Kind::Sex
        ),
        Place::Order => false,
    };
    for class in matches {
        for ((place, count), levels) in places.iter().zip(&mut class.levels) {
            let last = levels[count - 1];
            if !is_lasting(*place) || last <= DIFFERENT {
                continue;
            }
            levels[count - 1] = DIFFERENT;
            for level in &mut levels[..count - 1] {
                *level *= (1.0 - DIFFERENT) / (1.0 - last).max(f64::MIN_POSITIVE);
            }
        }
    }
}

/// The classes where people in common are known.
pub(crate) fn with_related(
    strangers: &Class,
    related: Vec<Class>,
    places: &[(Place, usize)],
    seen: &[Seen],
    matches_most: f64,
) -> Mixture {
    let begun = matches(strangers, places, matches_most);
    let mut matches = begun.clone();
    let fixed: Vec<Class> = std::iter::once(strangers)
        .chain(&related)
        .cloned()
        .collect();
    fit(
        &fixed,
        (&mut matches, 0),
        places,
        seen,
        |class, place| Prior {
            levels: begun[class].levels[place],
            weight: BELIEF,
        },
        |matches| {
            believe_shares(matches);
            believe_persons(matches, places);
        },
    );
    Mixture {
        strangers: strangers.clone(),
        strata: Vec::new(),
        related,
        matches,
    }
}

/// No mixture has more classes of matches.
pub(crate) const MATCHES_MAX: usize = 2;

/// Matches before any data: those who stayed, and those who moved.
fn matches(strangers: &Class, places: &[(Place, usize)], most: f64) -> Vec<Class> {
    let stayed: Vec<Levels> = places
        .iter()
        .map(|(place, count)| belief(*place, *count))
        .collect();
    let has_dwelling = places.iter().any(|(place, _)| is_of_dwelling(*place));
    let moved = has_dwelling.then(|| {
        let levels =
            places
                .iter()
                .enumerate()
                .map(|(nth, (place, count))| match is_of_dwelling(*place) {
                    true => raised(&strangers.levels[nth], *count, MOVED),
                    false => stayed[nth],
                });
        Class {
            pairs: most * MOVED,
            levels: levels.collect(),
        }
    });
    let mut matches = vec![Class {
        pairs: most * 0.3,
        levels: stayed.clone(),
    }];
    matches.extend(moved);
    matches
}

/// The share of matches that moved between two deliveries, before any data; and as often is a part of the address of one who moved the same.
const MOVED: f64 = 0.1;

/// The matches shared out among those who stayed and those who moved, with what is believed of that before any data: few matches are not to leave nobody who moved.
fn believe_shares(matches: &mut [Class]) {
    let [stayed, moved] = matches else { return };
    let all = stayed.pairs + moved.pairs;
    moved.pairs = all * (moved.pairs + BELIEF * MOVED) / (all + BELIEF);
    stayed.pairs = all - moved.pairs;
}

/// How strangers agree, with some fields the same as often as said.
pub(crate) fn raised_where(
    strangers: &Class,
    places: &[(Place, usize)],
    same: impl Fn(Place) -> Option<f64>,
) -> Vec<Levels> {
    places
        .iter()
        .zip(&strangers.levels)
        .map(|((place, count), base)| match same(*place) {
            Some(same) => raised(base, *count, same.max(base[0])),
            None => *base,
        })
        .collect()
}

/// Levels of strangers with the same value as often as said.
pub(crate) fn raised(base: &Levels, count: usize, same: f64) -> Levels {
    let rest = 1.0 - base[0];
    let mut levels = *base;
    levels[0] = same;
    for level in &mut levels[1..count] {
        *level *= (1.0 - same) / rest.max(f64::MIN_POSITIVE);
    }
    levels
}

/// How often each level occurs among the pairs looked at.
fn observed(places: &[(Place, usize)], seen: &[Seen]) -> Vec<Levels> {
    places
        .iter()
        .enumerate()
        .map(|(nth, (_, count))| {
            let mut shares = vec![1.0; *count];
            for seen in seen {
                let level = level(seen.pattern, nth);
                if level != NULL {
                    shares[usize::from(level)] += seen.pairs;
                }
            }
            let total: f64 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= total);
            levels_of(&shares)
        })
        .collect()
}

/// What a round of EM adds up for one class.
#[derive(Clone)]
struct Sums {
    pairs: f64,
    levels: Vec<Levels>,
}

impl Sums {
    fn none(places: usize) -> Sums {
        Sums {
            pairs: 0.0,
            levels: vec![[0.0; 16]; places],
        }
    }

    #[inline]
    fn add(&mut self, pattern: Pattern, pairs: f64) {
        self.pairs += pairs;
        for (place, levels) in self.levels.iter_mut().enumerate() {
            levels[usize::from(level(pattern, place))] += pairs;
        }
    }

    fn join(&mut self, other: &Sums) {
        self.pairs += other.pairs;
        for (mine, other) in self.levels.iter_mut().zip(&other.levels) {
            for (mine, other) in mine.iter_mut().zip(other) {
                *mine += other;
            }
        }
    }
}

/// What is believed of a place of a class before any data, and how many pairs the belief weighs.
struct Prior {
    levels: Levels,
    weight: f64,
}

/// Fits classes, of which those from a place on are of matches, to what was seen, beside others that stay as they are; after each round they are tied to each other as is known of them.
fn fit(
    fixed: &[Class],
    (classes, matches): (&mut [Class], usize),
    places: &[(Place, usize)],
    seen: &[Seen],
    prior: impl Fn(usize, usize) -> Prior,
    tie: impl Fn(&mut [Class]),
) {
    let by_fixed: Vec<f64> = seen
        .par_iter()
        .with_min_len(1024)
        .map(|seen| fixed.iter().map(|class| class.expected(seen.pattern)).sum())
        .collect();
    for _ in 0..ROUNDS_MAX {
        let sums = expect(&by_fixed, (classes, matches), places.len(), seen);
        let before: Vec<f64> = classes.iter().map(|class| class.pairs).collect();
        for (nth, (class, sums)) in classes.iter_mut().zip(&sums).enumerate() {
            class.pairs = sums.pairs;
            for (place, (levels, counted)) in class.levels.iter_mut().zip(&sums.levels).enumerate()
            {
                maximise(levels, &counted[..places[place].1], &prior(nth, place));
            }
        }
        tie(classes);
        let changes = classes
            .iter()
            .zip(before)
            .map(|(class, before)| (class.pairs - before).abs() / (before + 1.0));
        if changes.fold(0.0, f64::max) < STILL {
            break;
        }
    }
}

/// The shares of levels that make the counts most likely.
fn maximise(levels: &mut Levels, counted: &[f64], prior: &Prior) {
    if prior.weight.is_infinite() {
        *levels = prior.levels;
        return;
    }
    let total: f64 = counted.iter().sum::<f64>() + prior.weight;
    for (level, counted) in counted.iter().enumerate() {
        levels[level] = (counted + prior.weight * prior.levels[level]) / total;
    }
}

/// What a class explains of so small a share of a pattern's pairs is left out: all of it together changes no digit that is told.
const NOTHING: f64 = 1e-15;

/// For each class what it explains of what was seen.
fn expect(
    by_fixed: &[f64],
    (classes, matches): (&[Class], usize),
    places: usize,
    seen: &[Seen],
) -> Vec<Sums> {
    const PATTERNS: usize = 1024;
    let none = vec![Sums::none(places); classes.len()];
    let parts: Vec<Vec<Sums>> = seen
        .par_chunks(PATTERNS)
        .zip(by_fixed.par_chunks(PATTERNS))
        .map(|(seen, by_fixed)| {
            let mut sums = none.clone();
            let mut expected = vec![0.0; classes.len()];
            for (
                Seen {
                    pattern,
                    pairs,
                    together,
                },
                by_fixed,
            ) in seen.iter().zip(by_fixed)
            {
                for (expected, class) in expected.iter_mut().zip(classes) {
                    *expected = class.expected(*pattern);
                }
                // Only what classes are beside each other counts.
                for expected in expected.iter_mut().skip(matches) {
                    *expected /= together;
                }
                let all = by_fixed + expected.iter().sum::<f64>();
                let share = pairs / all.max(f64::MIN_POSITIVE);
                for (sums, expected) in sums.iter_mut().zip(&expected) {
                    let explained = expected * share;
                    if explained > pairs * NOTHING {
                        sums.add(*pattern, explained);
                    }
                }
            }
            sums
        })
        .collect();
    let mut total = none.clone();
    for part in &parts {
        for (total, part) in total.iter_mut().zip(part) {
            total.join(part);
        }
    }
    total
}
