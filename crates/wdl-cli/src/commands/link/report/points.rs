//! What to look at, in the order in which it matters.

use wdl_vocab::Lang;

use super::facts::{Facts, UNSURE};
use super::page::Point;
use super::words::{count, form, known, percent, round_percent, say, tell};

/// Less than this part of the true pairs lost to blocking is not worth a word.
const LOST: f64 = 0.005;
/// A group is worse when its precision or recall is lower than over all by this much.
const WORSE: f64 = 0.01;

/// A field that adds less to the weight tells little apart.
const WEAK: f64 = 0.5;

pub(super) fn points(facts: &Facts, lang: Lang) -> Vec<Point> {
    let see = |words: String, section: &'static str| Point {
        words,
        to: Some(section),
        of: say(lang, &format!("section-{section}")),
    };
    let counted = |key: &str, value: u64| {
        let args = [("form", form(value)), ("count", count(value, lang))];
        tell(lang, key, &args)
    };
    let mut points = Vec::new();
    if facts.links == 0 {
        points.push(see(say(lang, "point-no-link"), "fields"));
    }
    points.push(see(unsure(facts, lang), "weights"));
    let repaired = facts.repairs.iter().map(|repair| repair.clusters).sum();
    if repaired > 0 {
        points.push(see(counted("point-repairs", repaired), "clusters"));
    }
    for words in worse_groups(facts, lang) {
        points.push(see(words, "trust"));
    }
    let few = facts.unlinkable.unlinkable;
    if few > 0 && facts.has_matches() {
        let args = [
            ("form", form(few)),
            ("count", count(few, lang)),
            ("whole", count(facts.unlinkable.records, lang)),
        ];
        points.push(see(tell(lang, "point-unlinkable", &args), "unlinkable"));
    }
    let lost = 1.0 - facts.estimated.blocking_recall;
    if lost >= LOST && facts.links > 0 {
        let args = [("share", percent(lost, lang))];
        points.push(see(tell(lang, "point-blocking", &args), "blocking"));
    }
    let useless = facts
        .rules
        .iter()
        .filter(|rule| rule.new_pairs == 0)
        .count() as u64;
    if useless > 0 {
        points.push(see(counted("point-useless-rule", useless), "blocking"));
    }
    let left_out = facts.rules.iter().map(|rule| rule.values_left_out).max();
    if let Some(value @ 1..) = left_out {
        points.push(see(counted("point-left-out", value), "blocking"));
    }
    for field in &facts.fields {
        let heaviest = field
            .levels
            .iter()
            .map(|level| level.weight)
            .fold(f64::MIN, f64::max);
        if heaviest < WEAK && !field.levels.is_empty() {
            let args = [("field", field.label.clone())];
            points.push(see(tell(lang, "point-weak-field", &args), "fields"));
        }
    }
    points
}

fn unsure(facts: &Facts, lang: Lang) -> String {
    let args = [
        ("form", form(facts.unsure)),
        ("count", count(facts.unsure, lang)),
        ("low", round_percent(UNSURE.0, lang)),
        ("high", round_percent(UNSURE.1, lang)),
    ];
    let key = if facts.unsure == 0 {
        "point-sure"
    } else {
        "point-unsure"
    };
    tell(lang, key, &args)
}

fn worse_groups(facts: &Facts, lang: Lang) -> Vec<String> {
    let all = facts.estimated;
    let is_worse = |precision: Option<f64>, recall: Option<f64>| {
        let below = |part: Option<f64>, all: Option<f64>| {
            part.zip(all).is_some_and(|(part, all)| part < all - WORSE)
        };
        below(precision, all.precision) || below(recall, all.recall)
    };
    facts
        .groups
        .iter()
        .filter(|group| group.linked > 0 && is_worse(group.precision, group.recall))
        .map(|group| {
            let args = [
                ("group", group.label.get(lang).to_owned()),
                ("precision", known(group.precision, lang)),
                ("recall", known(group.recall, lang)),
            ];
            tell(lang, "point-group", &args)
        })
        .collect()
}
