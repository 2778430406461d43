//! A whole linkage: records and a model in, links out.

use crate::begin::{Begun, LinkError, named};
use crate::block::Scope;
use crate::cluster::{ClusterRules, Clusters, clusters};
use crate::compare::{Comparer, levels};
use crate::data::Data;
use crate::decide::{Constraint, Edge, marginals, one_to_one};
use crate::duplicates::is_stated_clean;
use crate::engine::Engine;
use crate::estimate::Class;
use crate::estimation::{Constrained, DUPLICATES, Estimation, curve, is_clean};
use crate::histogram::histogram;
use crate::model::{Cardinality, Level, Model};
use crate::outcome::{
    Estimated, FieldParameters, LevelParameters, Linked, Parameters, RuleCounts, Scored,
};
use crate::passes::Walk;
use crate::quality::{self, Judged};
use crate::resampled::resampled;
use crate::strangers::strangers;
use crate::strata::Strata;

/// What a run is told beside the model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Draws the random pairs.
    pub seed: u64,
}

/// Pairs that are less probable are not kept.
const NEAR: f64 = 0.01;
/// No cluster has more records.
const CLUSTER_MAX: usize = 1000;

/// Links the records of several sources, or finds the duplicates of one.
///
/// Shapes: the links and their probabilities are of pairs of records of `data`; every record is in one cluster.
/// The same records and the same seed give the same links, for any order of rows and any number of threads.
///
/// # Errors
/// [`LinkError`] when the model does not fit the records.
pub fn link(data: &Data, model: &Model, options: &Options) -> Result<Linked, LinkError> {
    let Begun {
        records,
        frequencies,
        sources,
        scope,
        rules,
        most,
        crossed,
        places,
        set_aside,
    } = Begun::of(data, model)?;
    let walk = Walk {
        sources: &sources,
        rules: &rules,
        most,
        seed: options.seed,
    };
    let comparer = Comparer {
        records: &records,
        crossed: &crossed,
    };
    let (levels, implied) = strangers(data, &comparer, &frequencies, &places, options.seed);
    let strangers = Class {
        pairs: sources.all_pairs(scope),
        levels,
    };
    let seen = walk.seen((&comparer, &implied), scope, 1.0);
    // Two sources have decoys, which show whatever goes together.
    let strata = match scope {
        Scope::Inside => Strata::of(&records),
        Scope::Between | Scope::Within(_) => None,
    };
    let of_strata = |strata: &Strata| {
        let share = |field, value| frequencies.share(field, value);
        strata.classes(&records, &places, &strangers, share)
    };
    let estimation = Estimation {
        strata: strata.as_ref().map_or_else(Vec::new, of_strata),
        data,
        walk: &walk,
        comparer: &comparer,
        places: &places,
        implied: &implied,
        strangers,
        stated: model.cardinality,
    };
    let (mixture, duplicates) = estimation.run(scope, &seen);
    let mut engine = Engine::new(records, crossed, frequencies, mixture, (strata, implied));
    let (mut near, new_pairs) = walk.weigh(&engine, scope);
    let cardinality = cardinality(model.cardinality, &duplicates, scope);
    weigh_rivals(data, &mut near, cardinality);
    let shares = duplicates.iter().enumerate();
    let clean: Vec<bool> = shares
        .map(|(source, share)| is_clean(model.cardinality, source, *share))
        .collect();
    engine.curve = curve(
        &walk,
        &engine,
        &near,
        &clean,
        (scope, constrained(cardinality)),
    );
    for pair in &mut near {
        pair.weight = engine.curve.odds(pair.weight);
    }
    weigh_rivals(data, &mut near, cardinality);
    let histogram = histogram(&engine, &seen, &near);
    near.retain(|pair| pair.probability >= NEAR);
    let links = decide(data, &near, cardinality, model.cut);
    let found = resampled(&engine, &rules, &near, options.seed).unwrap_or(1.0);
    let estimated = estimated(&near, &links, (rules.len(), found));
    let Clusters {
        cluster_of,
        repairs,
    } = clustered(data, &engine, &near, &links, cardinality, &estimated);
    let links = match scope {
        Scope::Inside => of_clusters(&engine, &near, &cluster_of),
        // A link that a repair cut is none.
        Scope::Between | Scope::Within(_) => {
            let holds = |pair: &Scored| cluster_of[pair.a as usize] == cluster_of[pair.b as usize];
            links.into_iter().filter(holds).collect()
        }
    };
    let estimated = self::estimated(&near, &links, (rules.len(), found));
    let blocking: Vec<RuleCounts> = rules
        .iter()
        .zip(new_pairs)
        .map(|(ruled, new_pairs)| RuleCounts {
            rule: named(&ruled.rule, model),
            pairs: ruled.count.pairs,
            new_pairs,
            values_left_out: ruled.count.left_out,
            pairs_left_out: ruled.count.pairs_left_out,
        })
        .collect();
    Ok(Linked {
        model: Model {
            blocking: blocking.iter().map(|counts| counts.rule.clone()).collect(),
            cardinality,
            ..model.clone()
        },
        parameters: parameters(&engine, model),
        links,
        near,
        clusters: cluster_of,
        repairs,
        duplicates,
        set_aside,
        blocking,
        histogram,
        estimated,
        engine,
    })
}

/// The blocking rules of a model, or those that would be proposed, with the pairs that each would look at: nothing is weighed.
///
/// # Errors
/// [`LinkError`] when the model does not fit the records.
pub fn count_pairs(data: &Data, model: &Model) -> Result<Vec<RuleCounts>, LinkError> {
    let begun = Begun::of(data, model)?;
    let walk = Walk {
        sources: &begun.sources,
        rules: &begun.rules,
        most: begun.most,
        seed: 0,
    };
    let new_pairs = walk.new_pairs(&begun.records, begun.scope);
    let rules = begun.rules.iter().zip(new_pairs);
    Ok(rules
        .map(|(ruled, new_pairs)| RuleCounts {
            rule: named(&ruled.rule, model),
            pairs: ruled.count.pairs,
            new_pairs,
            values_left_out: ruled.count.left_out,
            pairs_left_out: ruled.count.pairs_left_out,
        })
        .collect())
}

/// How many records can be one: as given, or as the sources show.
fn cardinality(given: Cardinality, duplicates: &[f64], scope: Scope) -> Cardinality {
    let has = |source: usize| duplicates[source] >= DUPLICATES;
    let last = duplicates.len() - 1;
    match given {
        _ if scope == Scope::Inside => Cardinality::ManyToMany,
        Cardinality::Automatic if last > 1 => match (0..=last).any(has) {
            true => Cardinality::ManyToMany,
            false => Cardinality::OneToOne,
        },
        Cardinality::Automatic => match (has(0), has(last)) {
            (false, false) => Cardinality::OneToOne,
            (true, false) => Cardinality::ManyToOne,
            (false, true) => Cardinality::OneToMany,
            (true, true) => Cardinality::ManyToMany,
        },
        Cardinality::OneToOne
        | Cardinality::ManyToOne
        | Cardinality::OneToMany
        | Cardinality::ManyToMany => given,
    }
}

fn constraint(cardinality: Cardinality) -> Constraint {
    match cardinality {
        Cardinality::OneToOne => Constraint::OneToOne,
        Cardinality::ManyToOne => Constraint::ManyToOne,
        Cardinality::OneToMany => Constraint::OneToMany,
        Cardinality::ManyToMany | Cardinality::Automatic => Constraint::ManyToMany,
    }
}

/// Which sides of a pair may have one partner only.
fn constrained(cardinality: Cardinality) -> Constrained {
    match constraint(cardinality) {
        Constraint::OneToOne => Constrained {
            first: true,
            last: true,
        },
        Constraint::ManyToOne => Constrained {
            first: true,
            last: false,
        },
        Constraint::OneToMany => Constrained {
            first: false,
            last: true,
        },
        Constraint::ManyToMany => Constrained {
            first: false,
            last: false,
        },
    }
}

fn edge(pair: &Scored) -> Edge {
    Edge {
        a: pair.a,
        b: pair.b,
        weight: pair.weight,
    }
}

/// The pairs of each two sources, as places in the list.
fn of_two_sources(data: &Data, pairs: &[Scored]) -> Vec<Vec<usize>> {
    let mut groups: std::collections::BTreeMap<(usize, usize), Vec<usize>> = Default::default();
    for (place, pair) in pairs.iter().enumerate() {
        let sources = (data.source_of(pair.a), data.source_of(pair.b));
        groups.entry(sources).or_default().push(place);
    }
    groups.into_values().collect()
}

/// The probability of each pair, beside the others of its records.
fn weigh_rivals(data: &Data, near: &mut [Scored], cardinality: Cardinality) {
    for group in of_two_sources(data, near) {
        let edges: Vec<Edge> = group.iter().map(|place| edge(&near[*place])).collect();
        let probabilities = marginals(&edges, constraint(cardinality));
        for (place, probability) in group.into_iter().zip(probabilities) {
            near[place].probability = probability;
        }
    }
}

/// The pairs from the cut on; where a record can have one only, the likeliest of all together.
fn decide(data: &Data, near: &[Scored], cardinality: Cardinality, cut: f64) -> Vec<Scored> {
    let likely: Vec<Scored> = near
        .iter()
        .filter(|pair| pair.probability >= cut)
        .copied()
        .collect();
    let mut links = match cardinality {
        Cardinality::ManyToMany | Cardinality::Automatic => likely,
        Cardinality::OneToOne => of_two_sources(data, &likely)
            .into_iter()
            .flat_map(|group| {
                let edges: Vec<Edge> = group.iter().map(|place| edge(&likely[*place])).collect();
                let chosen = one_to_one(&edges, f64::NEG_INFINITY);
                let chosen = chosen.into_iter().map(|nth| likely[group[nth]]);
                chosen.collect::<Vec<_>>()
            })
            .collect(),
        Cardinality::ManyToOne => best_of(likely, |pair| pair.a),
        Cardinality::OneToMany => best_of(likely, |pair| pair.b),
    };
    links.sort_unstable_by_key(|pair| (pair.a, pair.b));
    links
}

/// For each record of a side its likeliest pair, the first of equals.
fn best_of(mut pairs: Vec<Scored>, record: impl Fn(&Scored) -> u32) -> Vec<Scored> {
    pairs.sort_by(|x, y| {
        record(x)
            .cmp(&record(y))
            .then(y.weight.total_cmp(&x.weight))
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    pairs.dedup_by_key(|pair| record(pair));
    pairs
}

/// What is believed of the links; of the two shares of matches that rules find, each an upper bound, the smaller holds.
fn estimated(near: &[Scored], links: &[Scored], (rules, found): (usize, f64)) -> Estimated {
    let is_link = |pair: &Scored| {
        let place = links.binary_search_by_key(&(pair.a, pair.b), |link| (link.a, link.b));
        place.is_ok()
    };
    let implied = links.iter().filter(|pair| pair.found_by == 0);
    let judged: Vec<Judged> = near
        .iter()
        .chain(implied)
        .map(|pair| Judged {
            a: pair.a,
            b: pair.b,
            probability: pair.probability,
            is_link: is_link(pair),
        })
        .collect();
    let mut found_by = vec![0.0; rules];
    for pair in links.iter().filter(|pair| pair.found_by != 0) {
        found_by[pair.found_by.count_ones() as usize - 1] += pair.probability;
    }
    let blocking_recall = quality::blocking_recall(&found_by).map_or(1.0, |found| found.recall);
    let blocking_recall = blocking_recall.min(found);
    let estimate = quality::estimated(&judged, 0.0, blocking_recall);
    Estimated {
        matches: estimate.matches,
        precision: estimate.precision(),
        recall: estimate.recall(),
        blocking_recall,
    }
}

/// Links made clusters, and chains repaired.
fn clustered(
    data: &Data,
    engine: &Engine,
    near: &[Scored],
    links: &[Scored],
    cardinality: Cardinality,
    estimated: &Estimated,
) -> Clusters {
    let without_duplicates: Vec<bool> = (0..data.sources.len())
        .map(|source| is_stated_clean(cardinality, source))
        .collect();
    let edges: Vec<Edge> = links.iter().map(edge).collect();
    let scored: Vec<Edge> = near.iter().map(edge).collect();
    let source_of = |record: u32| data.source_of(record);
    let codes = engine.records.faultless_codes();
    // Two records of one person escape all rules as seldom as the rules let expect.
    let absent_weight = (1.0 - estimated.blocking_recall).max(1.0 / 1024.0).log2();
    let rules = ClusterRules {
        source_of: &source_of,
        without_duplicates: &without_duplicates,
        exclusive: codes.as_deref(),
        size_max: CLUSTER_MAX,
        absent_weight: Some(absent_weight),
        scored: &scored,
    };
    clusters(data.len() as u32, &edges, &rules)
}

/// Inside one source: all pairs of a cluster are links, also those that no rule found.
fn of_clusters(engine: &Engine, near: &[Scored], cluster_of: &[u32]) -> Vec<Scored> {
    let mut members: std::collections::BTreeMap<u32, Vec<u32>> = Default::default();
    for (record, cluster) in (0..).zip(cluster_of) {
        if record != *cluster {
            members.entry(*cluster).or_default().push(record);
        }
    }
    let known = |a: u32, b: u32| {
        let place = near.binary_search_by_key(&(a, b), |pair| (pair.a, pair.b));
        place.ok().map(|place| near[place])
    };
    let mut links = Vec::new();
    for (first, others) in members {
        let all: Vec<u32> = std::iter::once(first).chain(others).collect();
        for (nth, a) in all.iter().enumerate() {
            for b in &all[nth + 1..] {
                links.push(known(*a, *b).unwrap_or_else(|| unseen(engine, *a, *b)));
            }
        }
    }
    links.sort_unstable_by_key(|pair| (pair.a, pair.b));
    links
}

/// A pair that no rule found.
fn unseen(engine: &Engine, a: u32, b: u32) -> Scored {
    let explained = engine.explain(a, b);
    Scored {
        a,
        b,
        pattern: explained.pattern,
        found_by: 0,
        weight: explained.weight,
        probability: 1.0 / (1.0 + (-explained.weight).exp2()),
    }
}

/// What was estimated, as a table.
fn parameters(engine: &Engine, model: &Model) -> Parameters {
    let mixture = &engine.mixture;
    let of_place = |place: usize, count: usize| -> Vec<LevelParameters> {
        (0..count)
            .map(|number| {
                let number = u8::try_from(number).expect("a pattern holds few levels");
                let (m, u) = engine.shares(place, number);
                LevelParameters {
                    level: engine.level(place, number),
                    m,
                    u,
                    weight: (m / u).log2(),
                }
            })
            .collect()
    };
    let fields = model
        .fields
        .iter()
        .enumerate()
        .map(|(place, field)| FieldParameters {
            column: field.column.clone(),
            kind: Some(field.kind),
            levels: of_place(place, levels(field.kind).len()),
        });
    let orders = model.crossed.iter().enumerate();
    let orders = orders.map(|(nth, (one, other))| FieldParameters {
        column: format!("{one}, {other}"),
        kind: None,
        levels: of_place(
            model.fields.len() + nth,
            [Level::Straight, Level::Crossed].len(),
        ),
    });
    let matched = mixture.matched_pairs();
    Parameters {
        prior: matched / mixture.strangers.pairs.max(1.0),
        fields: fields.chain(orders).collect(),
        related_pairs: mixture.related.iter().map(|class| class.pairs).sum(),
        moved: mixture
            .matches
            .get(1)
            .map(|moved| moved.pairs / matched.max(f64::MIN_POSITIVE)),
    }
}
