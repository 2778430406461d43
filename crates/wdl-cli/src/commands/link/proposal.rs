//! `wdl link --propose`: the model and what its rules would compare, before anything runs.

use std::fmt::Write as _;

use serde_json::json;
use wdl_lab::Stopped;
use wdl_linkage::recognise::Recognised;
use wdl_linkage::{Data, Model, RuleCounts, count_pairs};
use wdl_vocab::{Diagnostic, Lang, Text};

use super::columns::{self, ColumnTold};
use super::faults::unfit;
use super::told::{blocking, model as fields, warnings};
use crate::answer::Answer;

/// The model with the rules that would be used, and their counts.
pub(super) fn answer(
    data: &Data,
    model: &Model,
    recognised: &[Recognised],
    notes: &[Diagnostic],
) -> Result<(Answer, Model), Stopped> {
    let counts = count_pairs(data, model).map_err(|fault| unfit(&fault, data))?;
    let whole = Model {
        blocking: counts.iter().map(|count| count.rule.clone()).collect(),
        ..model.clone()
    };
    let compared: u64 = counts.iter().map(|count| count.new_pairs).sum();
    let told = columns::columns(model, recognised);
    let value = json!({
        "model": fields(&whole),
        "columns": columns::value(&told),
        "model_file": whole.write(),
        "blocking": blocking(&counts),
        "compared_pairs": compared,
        "possible_pairs": possible(data),
        "warnings": warnings(notes),
    });
    let text = Text::new(
        words(&whole, &told, &counts, data, Lang::It),
        words(&whole, &told, &counts, data, Lang::En),
    );
    Ok((Answer::new(text, value), whole))
}

/// All pairs there could be.
fn possible(data: &Data) -> u64 {
    let sizes: Vec<u64> = data
        .sources
        .iter()
        .map(|source| source.records.len() as u64)
        .collect();
    match sizes[..] {
        [one] => one * one.saturating_sub(1) / 2,
        [one, other] => one * other,
        _ => 0,
    }
}

fn words(
    model: &Model,
    told: &[ColumnTold],
    counts: &[RuleCounts],
    data: &Data,
    lang: Lang,
) -> String {
    let mut text = model.write() + "\n" + &columns::words(told, lang);
    let (rule, pairs, new, left) = match lang {
        Lang::It => ("regola", "coppie", "nuove", "valori esclusi"),
        Lang::En => ("rule", "pairs", "new", "values left out"),
    };
    let _ = writeln!(text, "\n{rule:<52} {pairs:>14} {new:>14} {left:>16}");
    let number = |count: u64| lang.number(count as f64, 0);
    for count in counts {
        let _ = writeln!(
            text,
            "{:<52} {:>14} {:>14} {:>16}",
            count.rule.to_string(),
            number(count.pairs),
            number(count.new_pairs),
            number(count.values_left_out)
        );
    }
    let compared = number(counts.iter().map(|count| count.new_pairs).sum());
    let all = number(possible(data));
    let _ = match lang {
        Lang::It => write!(text, "\nSi confronterebbero {compared} coppie su {all}."),
        Lang::En => write!(text, "\n{compared} pairs of {all} would be compared."),
    };
    text
}
