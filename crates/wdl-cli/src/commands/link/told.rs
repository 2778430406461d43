//! What a run answers: one document with stable keys, and the same in words.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};
use wdl_linkage::{Data, Model, RuleCounts, SetAside};
use wdl_vocab::diagnostics::message;
use wdl_vocab::{Diagnostic, Lang, Text};

use super::cost::{cpu_seconds, peak_rss_mb};
use super::judged::Judged;
use super::run::{Done, Run};
use super::{Files, columns};
use crate::answer::Answer;

/// The figures of a run that do not depend on the machine.
pub(super) struct Told {
    keys: Map<String, Value>,
}

/// A number with as many decimals as mean something.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

impl Told {
    /// Gathers them.
    pub(super) fn new(done: &Done, run: &Run) -> Told {
        let files = run.files_of();
        let Done {
            data,
            linked,
            recognised,
            judged,
            notes,
        } = done;
        let of = |figure: fn(&Judged) -> Option<f64>| judged.as_ref().and_then(figure).map(rounded);
        let value = json!({
            "pairs": linked.links.len(),
            "clusters": clusters(&linked.clusters),
            "precision": of(|judged| judged.precision),
            "recall": of(|judged| judged.recall),
            "f1": of(|judged| judged.f1),
            "cluster_f1": of(|judged| judged.clusters.f1),
            "estimated_precision": linked.estimated.precision.map(rounded),
            "estimated_recall": linked.estimated.recall.map(rounded),
            "sources": sources(data, files),
            "cut": linked.model.cut,
            "cardinality": linked.model.cardinality.word(),
            "options": {
                "id": files.id(),
                "ignore": files.ignore,
                "truth_column": run.truth_column_of(),
                "seed": run.seed_of(),
            },
            "model": model(&linked.model),
            "columns": columns::value(&columns::columns(&linked.model, recognised)),
            "blocking": blocking(&linked.blocking),
            "set_aside": set_aside(&linked.set_aside),
            "estimated_matches": rounded(linked.estimated.matches),
            "estimated_blocking_recall": rounded(linked.estimated.blocking_recall),
            "truth": judged,
            "warnings": warnings(notes),
        });
        let Value::Object(keys) = value else {
            unreachable!("the figures have keys");
        };
        Told { keys }
    }

    /// Without the costs, so that the same records give the same bytes.
    pub(super) fn report(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(&self.keys).expect("figures are numbers and text");
        text.push('\n');
        text
    }

    /// With the costs.
    pub(super) fn answer(mut self, done: &Done, out: Option<&Path>) -> Answer {
        let (cpu, peak) = (cpu_seconds(), peak_rss_mb());
        let place = self
            .keys
            .keys()
            .position(|key| key == "sources")
            .unwrap_or(0);
        let (cpu_key, peak_key) = ("cpu_seconds".to_owned(), "peak_rss_mb".to_owned());
        self.keys.shift_insert(place, peak_key, json!(peak));
        self.keys.shift_insert(place, cpu_key, json!(cpu));
        let text = Text::new(
            words(done, out, (cpu, peak), Lang::It),
            words(done, out, (cpu, peak), Lang::En),
        );
        Answer::new(text, self.keys)
    }
}

/// How many clusters hold more than one record.
pub(super) fn clusters(clusters: &[u32]) -> usize {
    let mut sizes = vec![0_u32; clusters.len()];
    for cluster in clusters {
        sizes[*cluster as usize] += 1;
    }
    sizes.iter().filter(|size| **size > 1).count()
}

fn sources(data: &Data, files: &Files) -> Value {
    let paths = files.a.iter().chain(&files.b);
    data.sources
        .iter()
        .zip(paths)
        .map(|(source, path)| {
            json!({ "name": source.name, "file": path.display().to_string(), "records": source.records.len() })
        })
        .collect()
}

pub(super) fn model(model: &Model) -> Value {
    let fields: Vec<Value> = model
        .fields
        .iter()
        .map(|field| json!({ "column": field.column, "kind": field.kind.word() }))
        .collect();
    json!(fields)
}

pub(super) fn blocking(counts: &[RuleCounts]) -> Value {
    counts
        .iter()
        .map(|count| {
            json!({
                "rule": count.rule.to_string(),
                "pairs": count.pairs,
                "new_pairs": count.new_pairs,
                "values_left_out": count.values_left_out,
                "pairs_left_out": count.pairs_left_out,
            })
        })
        .collect()
}

/// Values that stand for none: their number, and those alone that public lists hold.
fn set_aside(columns: &[SetAside]) -> Value {
    columns
        .iter()
        .map(|one| {
            json!({
                "column": one.column,
                "values": one.values,
                "records": one.records,
                "known": one.known,
            })
        })
        .collect()
}

pub(super) fn warnings(notes: &[Diagnostic]) -> Value {
    notes
        .iter()
        .map(|one| json!({ "code": one.code.id, "message": message(one, Lang::En), "it": message(one, Lang::It) }))
        .collect()
}

/// A share in words: 99.83 %.
fn percent(share: f64, lang: Lang) -> String {
    format!("{} %", lang.number(share * 100.0, 2))
}

/// A share that may not be known.
pub(super) fn known(share: Option<f64>, lang: Lang) -> String {
    share.map_or("–".to_owned(), |share| percent(share, lang))
}

/// What was set aside in a column, in words.
fn aside(one: &SetAside, lang: Lang) -> String {
    let count = |number: u64| lang.number(number as f64, 0);
    let (values, records) = (count(one.values), count(one.records));
    let known = match one.known.is_empty() {
        true => String::new(),
        false => format!(" ({})", one.known.join(", ")),
    };
    let column = &one.column;
    match lang {
        Lang::It => format!(
            "  {column}: valori che non dicono nulla, trattati come mancanti: {values} in {records} record{known}\n"
        ),
        Lang::En => format!(
            "  {column}: values that say nothing, taken as missing: {values} in {records} records{known}\n"
        ),
    }
}

fn words(
    done: &Done,
    out: Option<&Path>,
    (cpu, peak): (Option<f64>, Option<f64>),
    lang: Lang,
) -> String {
    let Done {
        data,
        linked,
        recognised,
        judged,
        notes,
    } = done;
    let count = |number: usize| lang.number(number as f64, 0);
    let mut text = String::new();
    for one in notes {
        let _ = writeln!(text, "{}\n", one.render(lang));
    }
    for source in &data.sources {
        let _ = writeln!(
            text,
            "{}: {} {}",
            source.name,
            count(source.records.len()),
            match (lang, source.records.len()) {
                (Lang::It, _) | (Lang::En, 1) => "record",
                (Lang::En, _) => "records",
            }
        );
    }
    text.push('\n');
    text += &columns::words(&columns::columns(&linked.model, recognised), lang);
    text.push('\n');
    for rule in &linked.blocking {
        let _ = writeln!(
            text,
            "  {:<48} {:>14}",
            rule.rule.to_string(),
            lang.number(rule.new_pairs as f64, 0)
        );
    }
    for one in &linked.set_aside {
        text.push_str(&aside(one, lang));
    }
    let estimated = &linked.estimated;
    let (pairs, groups) = (linked.links.len(), clusters(&linked.clusters));
    let (precision, recall) = (
        known(estimated.precision, lang),
        known(estimated.recall, lang),
    );
    let _ = match lang {
        Lang::It => writeln!(
            text,
            "\nCoppie: {}. Gruppi di due o più record: {}. Soglia: probabilità {}.\nStima dal modello: precisione {precision}, completezza {recall}.",
            count(pairs),
            count(groups),
            lang.number(linked.model.cut, 2)
        ),
        Lang::En => writeln!(
            text,
            "\nPairs: {}. Clusters of two or more records: {}. Cut: probability {}.\nEstimated by the model: precision {precision}, recall {recall}.",
            count(pairs),
            count(groups),
            lang.number(linked.model.cut, 2)
        ),
    };
    if let Some(judged) = judged {
        text.push_str(&against(judged, lang));
    }
    if let (Some(cpu), Some(peak)) = (cpu, peak) {
        let _ = writeln!(
            text,
            "CPU {} s, {} MiB.",
            lang.number(cpu, 2),
            lang.number(peak, 0)
        );
    }
    if let Some(out) = out {
        let _ = match lang {
            Lang::It => writeln!(text, "Scritto in {}.", out.display()),
            Lang::En => writeln!(text, "Written to {}.", out.display()),
        };
    }
    text
}

fn against(judged: &Judged, lang: Lang) -> String {
    let share = |figure: Option<f64>| known(figure, lang);
    let [precision, recall, f1, groups] = [
        judged.precision,
        judged.recall,
        judged.f1,
        judged.clusters.f1,
    ]
    .map(share);
    let count = |number: u64| lang.number(number as f64, 0);
    match lang {
        Lang::It => format!(
            "Confronto con {} coppie vere: precisione {precision}, completezza {recall}, F1 {f1}; errate {}, mancate {}. F1 dei gruppi {groups}.\n",
            count(judged.true_pairs),
            count(judged.wrong),
            count(judged.missed)
        ),
        Lang::En => format!(
            "Against {} true pairs: precision {precision}, recall {recall}, F1 {f1}; wrong {}, missed {}. F1 of the clusters {groups}.\n",
            count(judged.true_pairs),
            count(judged.wrong),
            count(judged.missed)
        ),
    }
}
