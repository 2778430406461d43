//! Decoys where no source is without duplicates: pairs that some field knows to be two people's.
//!
//! Two tax codes without a fault are two people's, and two days of birth with nothing in common nearly always.
//! What else such a pair agrees on shows how other people agree: those of one house, namesakes, people of one origin, whatever ties the columns to each other.
//! The same two people could as well have come without a code, or have been born on near days by chance: each such pair stands for as many pairs with another level of the field as chance makes of it, and those are decoys.
//!
//! Whether a record has a code may depend on who it is of (the newborn, the foreign-born); the share without one is therefore taken among the records with the same value in the column that tells it best.

use crate::block::{Matcher, Scope};
use crate::calibrate::Counted;
use crate::compare::{TWO_CODES, glance, level};
use crate::engine::Engine;
use crate::model::Kind;
use crate::outcome::{LEVEL_MISSING, Pattern};
use crate::passes::{Share, WEIGHT_MIN, Walk};
use crate::prepare::{Forms, MISSING, Records};
use crate::reach::Known;

/// So many pairs are weighed for each witness.
const PAIRS_MAX: f64 = 3_000_000.0;
/// Codes testify when at least so great a share of all pairs has two without a fault.
const TELLING: f64 = 0.05;

/// What the witnesses of one source say.
pub(crate) struct Testimony {
    pub(crate) decoys: Vec<Counted>,
    /// Whether every kind of false pair is among the decoys; otherwise the model may know of more.
    pub(crate) is_whole: bool,
}

/// What the fields that know two people apart say of a source; nothing when there is no such field.
pub(crate) fn testimony(walk: &Walk<'_>, engine: &Engine, scope: Scope) -> Option<Testimony> {
    let records = &engine.records;
    let field = |wanted: &dyn Fn(Kind) -> bool| {
        let mut fields = records.fields.iter();
        fields.position(|field| wanted(field.kind))
    };
    let codes = (0..records.fields.len()).find_map(|field| Witness::of_codes(engine, field));
    if let Some(codes) = codes {
        return Some(Testimony {
            decoys: codes.decoys(walk, engine, scope),
            is_whole: true,
        });
    }
    let dates = field(&|kind| kind == Kind::BirthDate)?;
    let names = field(&|kind| matches!(kind, Kind::GivenName | Kind::FullName));
    let mut decoys = Witness::of_levels(engine, dates, None).decoys(walk, engine, scope);
    if let Some(names) = names {
        // Twins have their day of birth in common for a reason: their names tell them apart.
        let twins = Witness::of_levels(engine, names, Some(dates));
        decoys.extend(twins.decoys(walk, engine, scope));
    }
    Some(Testimony {
        decoys,
        is_whole: false,
    })
}

/// A field that knows two people apart.
struct Witness {
    field: usize,
    /// The level by which it says so.
    level: u8,
    /// The share of pairs of two people, of those it can speak of, of which it says so.
    share: f64,
    /// Other levels of pairs that it can speak of, for each pair with its level.
    of_telling: Vec<(u8, f64)>,
    /// The shares of levels of pairs with a value of which it cannot speak.
    of_rest: Vec<(u8, f64)>,
    rates: Rates,
    /// Only pairs that have this field in common, and a house or a surname.
    twins: Option<usize>,
}

impl Witness {
    /// Codes of which enough are without a fault.
    fn of_codes(engine: &Engine, field: usize) -> Option<Witness> {
        let Forms::Codes(faultless) = &engine.records.dictionary(field).forms else {
            return None;
        };
        let rates = Rates::of(&engine.records, field, |value| faultless[value as usize]);
        if rates.all.telling.powi(2) < TELLING {
            return None;
        }
        let levels = &engine.mixture.strangers.levels[field];
        let rest = 1..TWO_CODES;
        let sum: f64 = rest.clone().map(|level| levels[usize::from(level)]).sum();
        Some(Witness {
            field,
            level: TWO_CODES,
            share: 1.0,
            of_telling: Vec::new(),
            of_rest: rest
                .map(|level| (level, levels[usize::from(level)] / sum))
                .collect(),
            rates,
            twins: None,
        })
    }

    /// A field whose last level two records of one person hardly ever show.
    fn of_levels(engine: &Engine, field: usize, twins: Option<usize>) -> Witness {
        let levels = &engine.mixture.strangers.levels[field];
        let last = crate::compare::levels(engine.records.fields[field].kind).len() - 1;
        Witness {
            field,
            level: last as u8,
            share: levels[last],
            of_telling: (0..last)
                .map(|level| (level as u8, levels[level] / levels[last]))
                .collect(),
            of_rest: Vec::new(),
            rates: Rates::of(&engine.records, field, |value| value != MISSING),
            twins,
        }
    }

    /// The pairs that it testifies of, and what they stand for, by their weight.
    fn decoys(&self, walk: &Walk<'_>, engine: &Engine, scope: Scope) -> Vec<Counted> {
        let comparer = engine.comparer();
        let records = comparer.records;
        // A pair that only a rule with this field finds would not have been looked at without its value.
        let rules: Vec<_> = walk
            .rules
            .iter()
            .filter(|ruled| ruled.rule.0.iter().all(|(field, _)| *field != self.field))
            .collect();
        let matchers: Vec<Matcher<'_>> = rules
            .iter()
            .map(|ruled| Matcher::of(records, &ruled.rule))
            .collect();
        let pairs: u64 = rules.iter().map(|ruled| ruled.count.pairs).sum();
        let share = Share::of(PAIRS_MAX / pairs.max(1) as f64);
        let mut decoys = Vec::new();
        for (nth, ruled) in rules.iter().enumerate() {
            let parts = ruled.blocks.pairs(
                (walk.sources, scope, walk.most),
                |a, b| share.takes(a, b, walk.seed),
                Vec::new,
                |found: &mut Vec<Counted>, known: &mut Known, pairs| {
                    records.ask(pairs);
                    for (a, b) in pairs {
                        let (row_a, row_b) = (records.row(*a), records.row(*b));
                        let seen = glance(row_a, row_b);
                        let earlier = &matchers[..nth];
                        if !earlier.iter().any(|rule| rule.holds(seen, row_a, row_b)) {
                            let told = self.told(engine, known, (*a, *b), share.rate);
                            found.extend(told.into_iter().flatten());
                        }
                    }
                },
            );
            decoys.extend(parts.into_iter().flatten());
        }
        decoys
    }

    /// What a pair stands for; nothing when the witness does not speak of it, or it has no weight at any level.
    fn told(
        &self,
        engine: &Engine,
        known: &mut Known,
        (a, b): (u32, u32),
        rate: f64,
    ) -> Option<Vec<Counted>> {
        let comparer = engine.comparer();
        let (row_a, row_b) = (comparer.records.row(a), comparer.records.row(b));
        let seen = glance(row_a, row_b);
        let bit = 1 << self.field;
        if (seen.same | seen.missing) & bit != 0 {
            return None;
        }
        // As if the field were the same, or missing where chance does not make it the same.
        let mut best = seen;
        match self.of_telling.is_empty() {
            true => best.missing |= bit,
            false => best.same |= bit,
        }
        let reach = known.reach(&engine.bounds, best);
        if reach.odds() * engine.rarity(seen, row_a) < WEIGHT_MIN.exp2() {
            return None;
        }
        let pattern = comparer.pattern(row_a, row_b);
        if level(pattern, self.field) != self.level || !self.are_twins(engine, pattern) {
            return None;
        }
        let weight = engine.weight(pattern, row_a, row_b);
        // The model knows how seldom one person has this level.
        let count = 1.0 / (1.0 + weight.exp2()) / rate;
        let (one, other) = (self.rates.of_record(a), self.rates.of_record(b));
        let telling = one.telling * other.telling;
        let missing = 1.0 - (1.0 - one.missing) * (1.0 - other.missing);
        let rest = (1.0 - missing - telling).max(0.0);
        let scale = 1.0 / (telling * self.share);
        let others = self.of_telling.iter().copied();
        let of_rest = self.of_rest.iter();
        let of_rest = of_rest.map(|(level, share)| (*level, share * rest * scale));
        let missing = std::iter::once((LEVEL_MISSING, missing * scale));
        let virtual_pairs = others.chain(of_rest).chain(missing).map(|(level, ratio)| {
            let mask = 15 << (4 * self.field);
            let other = Pattern(pattern.0 & !mask | u64::from(level) << (4 * self.field));
            Counted {
                weight: engine.weight(other, row_a, row_b),
                count: count * ratio,
            }
        });
        let own = std::iter::once(Counted { weight, count });
        let near = |decoy: &Counted| decoy.weight >= WEIGHT_MIN && decoy.count > 0.0;
        Some(own.chain(virtual_pairs).filter(near).collect())
    }

    /// Whether a pair is of those that are asked for.
    fn are_twins(&self, engine: &Engine, pattern: Pattern) -> bool {
        let Some(dates) = self.twins else { return true };
        let fields = engine.records.fields.iter().enumerate();
        level(pattern, dates) == 0
            && fields
                .filter(|(_, field)| {
                    field.kind == Kind::Surname
                        || matches!(field.kind, Kind::Street | Kind::HouseNumber)
                })
                .any(|(place, _)| level(pattern, place) == 0)
    }
}

/// How many records of a group have no value, and how many have one that testifies.
#[derive(Clone, Copy, Debug, Default)]
struct Rate {
    missing: f64,
    telling: f64,
}

/// The rates of the groups that a column makes.
struct Rates {
    all: Rate,
    /// For each record the rates of its group; empty when no column tells more than chance does.
    of_records: Vec<Rate>,
}

/// How many records of everybody's rates a group's own are mixed with.
const SMOOTHING: f64 = 20.0;

impl Rates {
    fn of(records: &Records, field: usize, is_telling: impl Fn(u32) -> bool) -> Rates {
        let all = groups(records, field, &is_telling, |_| 0)[0];
        let rate = Rate {
            missing: all.missing / all.size.max(1.0),
            telling: all.telling / all.size.max(1.0),
        };
        let columns = records.fields.iter().enumerate();
        let columns = columns.filter(|(place, of)| {
            *place != field
                && matches!(
                    of.kind,
                    Kind::Sex | Kind::Category | Kind::Place | Kind::Text
                )
        });
        let best = columns
            .map(|(place, _)| {
                let groups = groups(records, field, &is_telling, |row| row[place]);
                (excess(&groups, rate), place, groups)
            })
            .filter(|(excess, ..)| *excess > 0.0)
            // The first of equals.
            .fold(
                None,
                |best: Option<(f64, usize, Vec<Group>)>, next| match best {
                    Some(best) if best.0 >= next.0 => Some(best),
                    _ => Some(next),
                },
            );
        let of_records = best.map_or_else(Vec::new, |(_, place, groups)| {
            let smooth =
                |mine: f64, size: f64, all: f64| (mine + SMOOTHING * all) / (size + SMOOTHING);
            let of = |record: u32| {
                let group = groups[records.row(record)[place] as usize];
                Rate {
                    missing: smooth(group.missing, group.size, rate.missing),
                    telling: smooth(group.telling, group.size, rate.telling),
                }
            };
            (0..records.len() as u32).map(of).collect()
        });
        Rates {
            all: rate,
            of_records,
        }
    }

    fn of_record(&self, record: u32) -> Rate {
        let own = self.of_records.get(record as usize);
        own.copied().unwrap_or(self.all)
    }
}

/// The records with one value of a column.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    size: f64,
    missing: f64,
    telling: f64,
}

fn groups(
    records: &Records,
    field: usize,
    is_telling: &impl Fn(u32) -> bool,
    group: impl Fn(&[u32]) -> u32,
) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![Group::default()];
    for record in 0..records.len() as u32 {
        let row = records.row(record);
        let place = group(row) as usize;
        if groups.len() <= place {
            groups.resize(place + 1, Group::default());
        }
        groups[place].size += 1.0;
        groups[place].missing += f64::from(u8::from(row[field] == MISSING));
        groups[place].telling += f64::from(u8::from(is_telling(row[field])));
    }
    groups
}

/// How much more the groups differ in what they testify than chance makes them (Pearson's chi-squared, less twice its expectation).
fn excess(groups: &[Group], all: Rate) -> f64 {
    let variance = all.telling * (1.0 - all.telling);
    if variance <= 0.0 {
        return 0.0;
    }
    let held = groups.iter().filter(|group| group.size > 0.0);
    let chi = held.clone().map(|group| {
        let expected = group.size * all.telling;
        (group.telling - expected).powi(2) / (group.size * variance)
    });
    chi.sum::<f64>() - 2.0 * held.count() as f64
}
