//! A whole linkage: records and a model in, links out.

use rustc_hash::FxHashMap;

use crate::block::{Blocks, Count, Rule, Scope, Sources, blocks, mix, resolve};
use crate::compare::{Comparer, FIELDS_MAX, Pattern, glance, levels};
use crate::data::Data;
use crate::estimate::{
    Class, Mixture, Place, Seen, levels_of, related_of, with_related, without_examples,
};
use crate::model::{Kind, Model};
use crate::prepare::{Records, prepare};
use crate::propose::propose;
use crate::score::{Bounds, Frequencies, Scorer};

/// What a run is told beside the model.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Draws the random pairs.
    pub seed: u64,
}

/// A pair with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The earlier record.
    pub a: u32,
    /// The later record.
    pub b: u32,
    /// The level of each field.
    pub pattern: u64,
    /// The logarithm, to base two, of the odds that the two are one person, the pair looked at alone.
    pub weight: f64,
    /// The probability that they are, given what else the two could be linked to.
    pub probability: f64,
}

/// What came of a linkage.
#[derive(Debug)]
pub struct Linked {
    /// The decided links.
    pub links: Vec<Scored>,
    /// All pairs with some probability, links included.
    pub near: Vec<Scored>,
    pub trace: String,
}

/// Pairs with a smaller weight have a probability under one in a hundred.
const WEIGHT_MIN: f64 = -6.63;
/// Pairs looked at for each record, and at least in all.
const PAIRS_PER_RECORD: f64 = 20.0;
const PAIRS_MIN: f64 = 600_000.0;
/// Random pairs that show how strangers agree.
const STRANGERS: u64 = 400_000;
/// Pairs of each rule from which the classes are estimated.
const SAMPLE: f64 = 200_000.0;

pub fn link(data: &Data, model: &Model, options: &Options) -> Linked {
    let mut clock = Clock::new();
    let mut records = prepare(data, &model.fields);
    clock.step("prepare");
    let sources = Sources::of(data);
    let between = match data.sources.len() {
        1 => Scope::Inside,
        _ => Scope::Between,
    };
    let all_records: Vec<u32> = (0..data.len() as u32).collect();
    let columns: Vec<&str> = model
        .fields
        .iter()
        .map(|field| field.column.as_str())
        .collect();
    let all = pairs_of(data);
    let budget = (PAIRS_PER_RECORD * data.len() as f64).max(PAIRS_MIN);
    let most = (budget / 50.0) as u64;
    let mut chosen: Vec<(Rule, Blocks, Count)> = Vec::new();
    let mut refused = Vec::new();
    for _ in 0..4 {
        let rules: Vec<Rule> = match model.blocking.is_empty() {
            true => propose(&mut records, data, all, budget, &refused),
            false => model
                .blocking
                .iter()
                .map(|rule| resolve(rule, &columns).expect("checked"))
                .collect(),
        };
        for rule in &rules {
            for (field, part) in &rule.0 {
                records.prepare_part(*field, *part);
            }
        }
        clock.step("propose");
        let mut again = false;
        let mut kept = Vec::new();
        for rule in rules {
            if let Some(place) = chosen.iter().position(|(known, _, _)| *known == rule) {
                kept.push(chosen.swap_remove(place));
                continue;
            }
            let blocks = blocks(&records, &rule, &all_records);
            let count = blocks.count(&sources, between, most);
            if model.blocking.is_empty() && count.pairs as f64 > budget {
                refused.push(rule);
                again = true;
                continue;
            }
            kept.push((rule, blocks, count));
        }
        chosen = kept;
        clock.step("blocks");
        if !again {
            break;
        }
    }
    let rules: Vec<Rule> = chosen.iter().map(|(rule, _, _)| rule.clone()).collect();
    for (rule, _, count) in &chosen {
        let words: Vec<String> = rule
            .0
            .iter()
            .map(|(field, part)| format!("{}.{part:?}", columns[*field]))
            .collect();
        clock.note(&format!("rule {} {count:?}", words.join(" & ")));
    }
    let crossed = crossed(model, &columns);
    let comparer = Comparer {
        records: &records,
        crossed: &crossed,
    };
    assert!(comparer.places() <= FIELDS_MAX);
    let places: Vec<(Place, usize)> = model
        .fields
        .iter()
        .map(|field| (Place::Field(field.kind), levels(field.kind).len()))
        .chain(crossed.iter().map(|_| (Place::Order, 2)))
        .collect();
    let frequencies = Frequencies::of(&records);
    clock.step("frequencies");
    let strangers = Class {
        pairs: all,
        levels: strangers(data, &comparer, &places, options.seed),
    };
    clock.step("strangers");
    let seen_between = seen(
        &comparer,
        &sources,
        &chosen,
        between,
        most,
        options.seed,
        1.0,
    );
    let inside: Vec<Vec<Seen>> = match between {
        Scope::Between => (0..data.sources.len())
            .map(|source| {
                let n = data.sources[source].records.len() as f64;
                let scale = all / (n * (n - 1.0) / 2.0).max(1.0);
                seen(
                    &comparer,
                    &sources,
                    &chosen,
                    Scope::Within(source),
                    most,
                    options.seed,
                    scale,
                )
            })
            .collect(),
        _ => Vec::new(),
    };
    clock.step("seen");
    clock.note(&format!(
        "patterns {} pairs {}",
        seen_between.len(),
        seen_between.iter().map(|s| s.pairs).sum::<f64>(),
    ));
    let matches_most = data
        .sources
        .iter()
        .map(|source| source.records.len())
        .min()
        .unwrap_or(0) as f64;
    let mut mixture = without_examples(&strangers, &places, &seen_between, matches_most);
    clock.step("fit without examples");
    clock.note(&told(&mixture, &columns));
    let mut others: FxHashMap<Pattern, f64> = FxHashMap::default();
    let mut clean = 0.0;
    for (source, seen) in inside.iter().enumerate() {
        let n = data.sources[source].records.len() as f64;
        let scale = all / (n * (n - 1.0) / 2.0).max(1.0);
        let duplicates: f64 = seen
            .iter()
            .map(|seen| {
                let (matches, others) = mixture.expected(seen.pattern);
                if matches > 9.0 * others {
                    seen.pairs / scale
                } else {
                    0.0
                }
            })
            .sum();
        clock.note(&format!(
            "source {source}: {duplicates} pairs look like duplicates of {n}"
        ));
        if duplicates < 0.02 * n {
            clean += 1.0;
            for seen in seen {
                *others.entry(seen.pattern).or_default() += seen.pairs;
            }
        }
    }
    if clean > 0.0 {
        let mut others: Vec<Seen> = others
            .into_iter()
            .map(|(pattern, pairs)| Seen {
                pattern,
                pairs: pairs / clean,
            })
            .collect();
        others.sort_unstable_by_key(|seen| seen.pattern);
        let related = related_of(&strangers, &places, &others);
        mixture = with_related(&strangers, related, &places, &seen_between, matches_most);
    }
    clock.step("fit");
    clock.note(&told(&mixture, &columns));
    let scorer = Scorer::new(
        &mixture,
        &frequencies,
        &places[..model.fields.len()]
            .iter()
            .map(|(_, count)| *count)
            .collect::<Vec<_>>(),
    );
    let mut near = score(&comparer, &scorer, &sources, &chosen, &rules, between, most);
    clock.step("score");
    near.sort_unstable_by_key(|pair| (pair.a, pair.b));
    let links = decide(&mut near, data.len(), between, model.cut);
    clock.step("decide");
    Linked {
        links,
        near,
        trace: clock.told,
    }
}

fn pairs_of(data: &Data) -> f64 {
    let sizes: Vec<f64> = data
        .sources
        .iter()
        .map(|source| source.records.len() as f64)
        .collect();
    let total: f64 = sizes.iter().sum();
    match sizes.as_slice() {
        [only] => only * (only - 1.0) / 2.0,
        _ => (total * total - sizes.iter().map(|size| size * size).sum::<f64>()) / 2.0,
    }
}

fn crossed(model: &Model, columns: &[&str]) -> Vec<(usize, usize)> {
    model
        .crossed
        .iter()
        .filter_map(|(one, other)| {
            let place = |name: &String| columns.iter().position(|column| column == name);
            Some((place(one)?, place(other)?))
        })
        .collect()
}

/// How strangers agree: exactly where frequencies say it, from random pairs where they do not.
fn strangers(
    data: &Data,
    comparer: &Comparer<'_>,
    places: &[(Place, usize)],
    seed: u64,
) -> Vec<[f64; 16]> {
    use rayon::prelude::*;
    let (first, last) = (
        data.sources[0].records.clone(),
        data.sources[data.sources.len() - 1].records.clone(),
    );
    let draw = |nth: u64| {
        let a = first.start + (mix(nth * 2, seed) % first.len() as u64) as u32;
        let b = last.start + (mix(nth * 2 + 1, seed) % last.len() as u64) as u32;
        (a, b)
    };
    let total = ((first.len() as u64).saturating_mul(last.len() as u64)).min(STRANGERS);
    const PART: u64 = 8192;
    let counts = (0..total.div_ceil(PART))
        .into_par_iter()
        .map(|part| {
            let mut counts = vec![[0_u64; 16]; places.len()];
            for nth in part * PART..((part + 1) * PART).min(total) {
                let (a, b) = draw(nth);
                if a == b {
                    continue;
                }
                let pattern = comparer.pattern(comparer.records.row(a), comparer.records.row(b));
                for (place, counts) in counts.iter_mut().enumerate() {
                    counts[usize::from(crate::compare::level(pattern, place))] += 1;
                }
            }
            counts
        })
        .reduce(
            || vec![[0_u64; 16]; places.len()],
            |mut a, b| {
                for (a, b) in a.iter_mut().zip(&b) {
                    for (a, b) in a.iter_mut().zip(b) {
                        *a += b;
                    }
                }
                a
            },
        );
    places
        .iter()
        .enumerate()
        .map(|(place, (what, count))| {
            let counts = &counts[place][..*count];
            let total: u64 = counts.iter().sum();
            // A level that no random pair showed is as likely as half a pair.
            let mut shares: Vec<f64> = counts
                .iter()
                .map(|seen| (*seen as f64 + 0.5) / (total as f64 + 0.5 * *count as f64))
                .collect();
            if let Place::Field(_) = what {
                let same = same_by_chance(data, comparer.records, place);
                let rest: f64 = shares[1..].iter().sum();
                shares[0] = same;
                for share in &mut shares[1..] {
                    *share *= (1.0 - same) / rest;
                }
            }
            levels_of(&shares)
        })
        .collect()
}

/// The share of pairs of records, both with a value, that have the same.
fn same_by_chance(data: &Data, records: &Records, field: usize) -> f64 {
    let values = records.dictionary(field).values.len();
    let count = |source: &crate::data::Source| {
        let mut counts = vec![0_u32; values];
        for record in source.records.clone() {
            counts[records.row(record)[field] as usize] += 1;
        }
        counts
    };
    let first = count(&data.sources[0]);
    let same_source = data.sources.len() == 1;
    let last = match same_source {
        true => first.clone(),
        false => count(&data.sources[data.sources.len() - 1]),
    };
    let of = |counts: &[u32]| -> f64 { counts[1..].iter().map(|n| f64::from(*n)).sum() };
    let (total_a, total_b) = (of(&first), of(&last));
    let same: f64 = first[1..]
        .iter()
        .zip(&last[1..])
        .map(|(a, b)| {
            let (a, b) = (f64::from(*a), f64::from(*b));
            if same_source {
                a * (a - 1.0).max(0.0)
            } else {
                a * b
            }
        })
        .sum();
    let total = match same_source {
        true => total_a * (total_a - 1.0),
        false => total_a * total_b,
    };
    ((same + 0.5) / (total + 1.0)).clamp(1e-12, 1.0 - 1e-9)
}

/// The patterns of the pairs looked at, from a sample of each rule's pairs.
fn seen(
    comparer: &Comparer<'_>,
    sources: &Sources,
    chosen: &[(Rule, Blocks, Count)],
    scope: Scope,
    most: u64,
    seed: u64,
    scale: f64,
) -> Vec<Seen> {
    let mut all: FxHashMap<Pattern, f64> = FxHashMap::default();
    for (nth, (_, blocks, _)) in chosen.iter().enumerate() {
        let count = blocks.count(sources, scope, most);
        let rate = (SAMPLE / count.pairs.max(1) as f64).min(1.0);
        let limit = match rate >= 1.0 {
            true => u64::MAX,
            false => (rate * u64::MAX as f64) as u64,
        };
        let parts = blocks.pairs(
            sources,
            scope,
            most,
            FxHashMap::<Pattern, u32>::default,
            |counts, a, b| {
                if mix(u64::from(a) << 32 | u64::from(b), seed) > limit {
                    return;
                }
                let (row_a, row_b) = (comparer.records.row(a), comparer.records.row(b));
                let earlier = chosen[..nth]
                    .iter()
                    .any(|(rule, _, _)| comparer.records.holds(rule, row_a, row_b));
                if !earlier {
                    *counts.entry(comparer.pattern(row_a, row_b)).or_default() += 1;
                }
            },
        );
        let mut of_rule: FxHashMap<Pattern, u32> = FxHashMap::default();
        for part in parts {
            for (pattern, count) in part {
                *of_rule.entry(pattern).or_default() += count;
            }
        }
        for (pattern, count) in of_rule {
            *all.entry(pattern).or_default() += f64::from(count) / rate * scale;
        }
    }
    let mut seen: Vec<Seen> = all
        .into_iter()
        .map(|(pattern, pairs)| Seen { pattern, pairs })
        .collect();
    seen.sort_unstable_by_key(|seen| seen.pattern);
    seen
}

/// Weighs every pair of every rule once; keeps those with some probability.
fn score(
    comparer: &Comparer<'_>,
    scorer: &Scorer<'_>,
    sources: &Sources,
    chosen: &[(Rule, Blocks, Count)],
    rules: &[Rule],
    between: Scope,
    most: u64,
) -> Vec<Scored> {
    let mut near = Vec::new();
    for (nth, (_, blocks, _)) in chosen.iter().enumerate() {
        let parts = blocks.pairs(
            sources,
            between,
            most,
            || (Vec::new(), Bounds::default()),
            |(kept, bounds): &mut (Vec<Scored>, Bounds), a, b| {
                let (row_a, row_b) = (comparer.records.row(a), comparer.records.row(b));
                let glance = glance(row_a, row_b);
                let is_crossed = comparer.crossed.iter().any(|(one, other)| {
                    row_a[*one] == row_b[*other] || row_a[*other] == row_b[*one]
                });
                if !is_crossed {
                    let bound = *bounds
                        .entry(glance)
                        .or_insert_with(|| scorer.bound(glance, row_a.len()));
                    if bound + scorer.rarity(glance, row_a) < WEIGHT_MIN {
                        return;
                    }
                }
                if rules[..nth]
                    .iter()
                    .any(|rule| comparer.records.holds(rule, row_a, row_b))
                {
                    return;
                }
                let pattern = comparer.pattern(row_a, row_b);
                let weight = scorer.weight(pattern, row_a, row_b);
                if weight >= WEIGHT_MIN {
                    kept.push(Scored {
                        a,
                        b,
                        pattern,
                        weight,
                        probability: 0.0,
                    });
                }
            },
        );
        for (kept, _) in parts {
            near.extend(kept);
        }
    }
    near
}

/// Draft of the decision: alternatives of the same record compete.
fn decide(near: &mut [Scored], records: usize, between: Scope, cut: f64) -> Vec<Scored> {
    if between == Scope::Inside {
        for pair in near.iter_mut() {
            let odds = pair.weight.exp2();
            pair.probability = odds / (1.0 + odds);
        }
        return near
            .iter()
            .filter(|p| p.probability >= cut)
            .copied()
            .collect();
    }
    let mut sums = vec![0.0; records];
    for pair in near.iter() {
        sums[pair.a as usize] += pair.weight.exp2();
        sums[pair.b as usize] += pair.weight.exp2();
    }
    for pair in near.iter_mut() {
        let odds = pair.weight.exp2();
        let (a, b) = (sums[pair.a as usize], sums[pair.b as usize]);
        pair.probability = odds / (1.0 + a + b - odds);
    }
    let mut order: Vec<usize> = (0..near.len()).collect();
    order.sort_by(|x, y| near[*y].weight.total_cmp(&near[*x].weight).then(x.cmp(y)));
    let mut used = vec![false; records];
    let mut links = Vec::new();
    for nth in order {
        let pair = near[nth];
        if pair.probability < cut || used[pair.a as usize] || used[pair.b as usize] {
            continue;
        }
        used[pair.a as usize] = true;
        used[pair.b as usize] = true;
        links.push(pair);
    }
    links.sort_unstable_by_key(|pair| (pair.a, pair.b));
    links
}

fn told(mixture: &Mixture, columns: &[&str]) -> String {
    let mut text = String::new();
    let classes = std::iter::once(("strangers", &mixture.strangers))
        .chain(mixture.related.iter().map(|class| ("related", class)))
        .chain(mixture.matches.iter().map(|class| ("matches", class)));
    for (name, class) in classes {
        text += &format!("{name} pairs {:.1}\n", class.pairs);
        for (place, levels) in class.levels.iter().enumerate() {
            let shares: Vec<String> = levels[..7].iter().map(|s| format!("{s:.5}")).collect();
            text += &format!(
                "   {:<16} {}\n",
                columns.get(place).unwrap_or(&"order"),
                shares.join(" ")
            );
        }
    }
    text
}

struct Clock {
    last: std::time::Instant,
    told: String,
}

impl Clock {
    fn new() -> Clock {
        Clock {
            last: std::time::Instant::now(),
            told: String::new(),
        }
    }
    fn step(&mut self, name: &str) {
        self.told += &format!("{name}: {:.3}\n", self.last.elapsed().as_secs_f64());
        self.last = std::time::Instant::now();
    }
    fn note(&mut self, text: &str) {
        self.told += text;
        self.told.push('\n');
    }
}

#[expect(unused, reason = "draft")]
fn kinds(_: Kind) {}
