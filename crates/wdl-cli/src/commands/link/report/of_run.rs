//! What the page tells, gathered from a run.

use std::collections::BTreeMap;

use wdl_chart::linkage::{
    BlockingCount, ClusterEdge, ClusterNode, ClusterView, FieldWeights, LevelWeight, MAX_NODES,
    Outcome, Step, Tie, Waterfall, WeightBin,
};
use wdl_linkage::cluster::Reason;
use wdl_linkage::quality::{NameRates, name_rates};
use wdl_linkage::recognise::Recognised;
use wdl_linkage::{Data, FieldParameters, Kind, Level, Linked, Scored};
use wdl_vocab::{Lang, Text};

use super::super::columns::columns;
use super::facts::{Estimate, Example, Facts, Measure, Repair, UNSURE, Why};
use super::groups::groups;
use super::levels::{MISSING, level_words, rule_words};
use super::selves::Selves;
use super::words::say;

/// The facts of a run; rules and examples are named in the reader's language.
pub(super) fn facts(
    linked: &Linked,
    data: &Data,
    recognised: &[Recognised],
    measured: Option<Measure>,
    lang: Lang,
) -> Facts {
    let selves = Selves::of(linked, data);
    let sizes: Vec<f64> = data
        .sources
        .iter()
        .map(|source| source.records.len() as f64)
        .collect();
    let prior = linked.parameters.prior;
    Facts {
        sources: data
            .sources
            .iter()
            .map(|source| (source.name.clone(), source.records.len() as u64))
            .collect(),
        possible: possible(&sizes),
        links: linked.links.len() as u64,
        cut: linked.model.cut,
        cluster_sizes: cluster_sizes(&linked.clusters),
        estimated: Estimate {
            precision: linked.estimated.precision,
            recall: linked.estimated.recall,
            blocking_recall: linked.estimated.blocking_recall,
            matches: linked.estimated.matches,
        },
        measured,
        groups: groups(linked, data, &selves),
        unsure: linked
            .near
            .iter()
            .filter(|pair| (UNSURE.0..=UNSURE.1).contains(&pair.probability))
            .count() as u64,
        prior: (prior / (1.0 - prior)).log2(),
        fields: fields(linked, |field| field.kind.is_some()),
        crossed: fields(linked, |field| field.kind.is_none()),
        rules: rules(linked, lang),
        bins: bins(linked),
        selves: selves.steps(),
        unlinkable: selves.unlinkable(),
        examples: examples(linked, data, lang),
        cluster: cluster(linked, data),
        repairs: repairs(linked),
        names: names(linked, data),
        columns: columns(&linked.model, recognised),
        model: linked.model.write(),
    }
}

/// All pairs there could be: of different sources, or of the only one.
fn possible(sizes: &[f64]) -> f64 {
    let all: f64 = sizes.iter().sum();
    match sizes {
        [only] => only * (only - 1.0).max(0.0) / 2.0,
        _ => (all * all - sizes.iter().map(|size| size * size).sum::<f64>()) / 2.0,
    }
}

fn cluster_sizes(clusters: &[u32]) -> Vec<(u64, u64)> {
    let mut sizes = vec![0_u64; clusters.len()];
    for cluster in clusters {
        sizes[*cluster as usize] += 1;
    }
    let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
    for size in sizes.into_iter().filter(|size| *size > 1) {
        *counts.entry(size).or_default() += 1;
    }
    counts.into_iter().collect()
}

fn fields(linked: &Linked, is_wanted: fn(&FieldParameters) -> bool) -> Vec<FieldWeights> {
    let fields = linked.parameters.fields.iter();
    fields
        .filter(|field| is_wanted(field))
        .map(|field| FieldWeights {
            label: field.column.clone(),
            levels: field
                .levels
                .iter()
                .map(|level| LevelWeight {
                    label: level_words(level.level),
                    m: level.m,
                    u: level.u,
                    weight: level.weight,
                })
                .collect(),
        })
        .collect()
}

fn rules(linked: &Linked, lang: Lang) -> Vec<BlockingCount> {
    let rules = linked.blocking.iter();
    rules
        .map(|counts| BlockingCount {
            label: rule_words(&counts.rule, lang),
            pairs: counts.pairs,
            new_pairs: counts.new_pairs,
            values_left_out: counts.values_left_out,
        })
        .collect()
}

fn bins(linked: &Linked) -> Vec<WeightBin> {
    let bins = linked.histogram.iter();
    bins.map(|bin| WeightBin {
        from: bin.from,
        to: bin.to,
        pairs: bin.pairs.round() as u64,
        expected_matches: bin.matches,
    })
    .collect()
}

/// A usual link, the least sure one, and the most probable pair that is none.
fn examples(linked: &Linked, data: &Data, lang: Lang) -> Vec<Example> {
    let mut links: Vec<&Scored> = linked.links.iter().collect();
    let by = |x: &&Scored, y: &&Scored| {
        let first = x.probability.total_cmp(&y.probability);
        let then = x.weight.total_cmp(&y.weight);
        first.then(then).then((x.a, x.b).cmp(&(y.a, y.b)))
    };
    links.sort_unstable_by(by);
    let is_link = |pair: &&Scored| {
        let links = &linked.links;
        links
            .binary_search_by_key(&(pair.a, pair.b), |link| (link.a, link.b))
            .is_ok()
    };
    let out = linked.near.iter().filter(|pair| !is_link(pair)).max_by(by);
    let usual = links.get(links.len() / 2).copied();
    let last = links.first().copied().filter(|_| links.len() > 1);
    [
        (Why::Usual, usual, Outcome::Link),
        (Why::LastIn, last, Outcome::Link),
        (Why::FirstOut, out, Outcome::NoLink),
    ]
    .into_iter()
    .filter_map(|(why, pair, outcome)| {
        let pair = pair?;
        let id = |record: u32| data.ids.get(record).to_owned();
        Some(Example {
            why,
            ids: (id(pair.a), id(pair.b)),
            waterfall: waterfall(linked, (pair.a, pair.b), outcome, lang),
        })
    })
    .collect()
}

/// What a step says by its outcome and by how rare the value is.
///
/// A personal code belongs to one person: that it is rarer or more common than codes are on average is nothing to tell, so its step is told whole.
pub(in super::super) fn own_step(linked: &Linked, step: &wdl_linkage::Step) -> (f64, f64) {
    let field = linked.model.fields.get(step.place);
    match field.is_some_and(|field| field.kind == Kind::Code) {
        true => (step.weight + step.rarity, 0.0),
        false => (step.weight, step.rarity),
    }
}

/// A weight that can be drawn: beyond ±60 no probability is told apart.
pub(super) fn bounded(weight: f64) -> f64 {
    weight.clamp(-60.0, 60.0)
}

/// The picture of a pair of records.
pub(super) fn waterfall(
    linked: &Linked,
    (a, b): (u32, u32),
    outcome: Outcome,
    lang: Lang,
) -> Waterfall {
    let explained = linked.engine.explain(a, b);
    let fields = &linked.parameters.fields;
    // Columns that are not exchanged say next to nothing: they stand with what the fields say together.
    let (quiet, told): (Vec<_>, Vec<_>) = explained.steps.iter().partition(|step| {
        step.place >= linked.model.fields.len() && step.level != Some(Level::Crossed)
    });
    let mut steps: Vec<Step> = told
        .iter()
        .map(|step| Step {
            label: fields
                .get(step.place)
                .map_or(String::new(), |field| field.column.clone()),
            level: step.level.map_or(MISSING, level_words).get(lang).to_owned(),
            weight: own_step(linked, step).0,
            rarity: own_step(linked, step).1,
        })
        .collect();
    let together = explained.together + quiet.iter().map(|step| step.weight).sum::<f64>();
    let raw = explained.weight - explained.calibration;
    // Where no pair of strangers comes near, calibration leaves no doubt and no number.
    let calibrated = explained.weight.clamp(raw.min(-60.0), raw.max(60.0));
    for (key, weight) in [
        ("step-together", together),
        ("step-calibration", calibrated - raw),
    ] {
        if weight.abs() >= 0.05 {
            steps.push(Step {
                label: say(lang, key),
                level: say(lang, &format!("{key}-why")),
                weight,
                rarity: 0.0,
            });
        }
    }
    let cut = linked.model.cut;
    Waterfall {
        prior: explained.prior,
        steps,
        cut: (cut / (1.0 - cut)).log2(),
        outcome,
    }
}

/// A cluster to look at: one that was divided, or else the largest that can be drawn.
fn cluster(linked: &Linked, data: &Data) -> Option<ClusterView> {
    let mut sizes = vec![0_usize; linked.clusters.len()];
    for cluster in &linked.clusters {
        sizes[*cluster as usize] += 1;
    }
    let size = |cluster: u32| sizes[cluster as usize];
    let drawable = 3..=MAX_NODES;
    let divided = linked
        .repairs
        .iter()
        .map(|repair| repair.clusters)
        .filter(|(one, other)| size(*one) + size(*other) <= MAX_NODES)
        .max_by_key(|(one, other)| (size(*one) + size(*other), std::cmp::Reverse((*one, *other))));
    let largest = || {
        (0..sizes.len() as u32)
            .filter(|cluster| drawable.contains(&size(*cluster)))
            .max_by_key(|cluster| (size(*cluster), std::cmp::Reverse(*cluster)))
            .map(|cluster| (cluster, cluster))
    };
    let (one, other) = divided.or_else(largest)?;
    Some(view(linked, data, (one, other)))
}

fn view(linked: &Linked, data: &Data, (one, other): (u32, u32)) -> ClusterView {
    let records: Vec<u32> = (0..linked.clusters.len() as u32)
        .filter(|record| [one, other].contains(&linked.clusters[*record as usize]))
        .collect();
    let place = |record: u32| records.binary_search(&record).ok();
    let edge = |a: u32, b: u32, weight: f64, tie: Tie| {
        Some(ClusterEdge {
            a: place(a)?,
            b: place(b)?,
            weight: bounded(weight),
            tie,
        })
    };
    let cut = linked
        .repairs
        .iter()
        .filter(|repair| repair.clusters == (one, other))
        .flat_map(|repair| &repair.cut)
        .filter_map(|link| edge(link.a, link.b, link.weight, Tie::Cut));
    let mut edges: Vec<ClusterEdge> = cut.collect();
    // The links stand in the order of their records: only those of these records are looked for.
    for record in &records {
        let from = linked.links.partition_point(|link| link.a < *record);
        let mine = linked.links[from..]
            .iter()
            .take_while(|link| link.a == *record);
        let kept = mine.filter_map(|link| edge(link.a, link.b, link.weight, Tie::Kept));
        for kept in kept {
            if !edges
                .iter()
                .any(|known| (known.a, known.b) == (kept.a, kept.b))
            {
                edges.push(kept);
            }
        }
    }
    edges.sort_unstable_by_key(|edge| (edge.a, edge.b));
    ClusterView {
        sources: data
            .sources
            .iter()
            .map(|source| source.name.clone())
            .collect(),
        nodes: records
            .iter()
            .enumerate()
            .map(|(place, record)| ClusterNode {
                label: (place + 1).to_string(),
                source: data.source_of(*record),
            })
            .collect(),
        edges,
    }
}

/// How names stand to clusters: the columns of names taken together.
fn names(linked: &Linked, data: &Data) -> Option<NameRates> {
    let is_name = |kind: Kind| matches!(kind, Kind::GivenName | Kind::Surname | Kind::FullName);
    let columns: Vec<&[u32]> = linked
        .model
        .fields
        .iter()
        .filter(|field| is_name(field.kind))
        .filter_map(|field| Some(data.column(&field.column)?.cells.as_slice()))
        .collect();
    let (first, rest) = columns.split_first()?;
    let mut numbers = first.to_vec();
    for column in rest {
        numbers = paired(&numbers, column);
    }
    Some(name_rates(&linked.clusters, &numbers))
}

/// A number for each pair of numbers, 0 where one of the two is 0.
fn paired(ones: &[u32], others: &[u32]) -> Vec<u32> {
    let pairs = || ones.iter().zip(others).map(|(one, other)| (*one, *other));
    let mut known: Vec<(u32, u32)> = pairs()
        .filter(|(one, other)| *one != 0 && *other != 0)
        .collect();
    known.sort_unstable();
    known.dedup();
    let number = |pair| {
        known
            .binary_search(&pair)
            .map_or(0, |place| place as u32 + 1)
    };
    pairs().map(number).collect()
}

const REASONS: [Text; 4] = [
    Text::fixed(
        "due record di una fonte senza doppioni",
        "two records of a source without duplicates",
    ),
    Text::fixed(
        "due codici personali diversi",
        "two different personal codes",
    ),
    Text::fixed("troppi record", "too many records"),
    Text::fixed(
        "le coppie, tutte insieme, dicono che sono persone diverse",
        "the pairs all together say that they are different persons",
    ),
];

fn repairs(linked: &Linked) -> Vec<Repair> {
    let mut counts = [(0, 0); 4];
    for repair in &linked.repairs {
        let place = match repair.reason {
            Reason::SameSource { .. } => 0,
            Reason::TwoCodes { .. } => 1,
            Reason::TooLarge { .. } => 2,
            Reason::Weak { .. } => 3,
        };
        counts[place].0 += 1;
        counts[place].1 += repair.cut.len() as u64;
    }
    REASONS
        .into_iter()
        .zip(counts)
        .filter(|(_, (clusters, _))| *clusters > 0)
        .map(|(reason, (clusters, cut))| Repair {
            reason,
            clusters,
            cut,
        })
        .collect()
}
