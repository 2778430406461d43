//! `wdl link explain ID1 ID2`: why two records are held to be the same person, or not.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use wdl_lab::Stopped;
use wdl_linkage::{Data, Explained, Linked, link};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnostic, Lang, Text};

use super::Files;
use super::earlier::Earlier;
use super::faults::unfit;
use super::folder::write_whole;
use super::report::{MISSING, level_words, own_step, waterfall};
use super::run::How;
use crate::answer::Answer;
use crate::manner::Manner;

/// Tells why two records are linked or not, part by part
#[derive(clap::Args)]
pub(super) struct Explain {
    /// The id of a record (of A, when there are two files)
    #[arg(value_name = "ID1")]
    one: String,
    /// The id of another (of B, when there are two files)
    #[arg(value_name = "ID2")]
    other: String,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    how: How,
    /// The folder of a run, instead of files and options
    #[arg(
        long = "in",
        value_name = "DIR",
        conflicts_with_all = ["a", "id", "ignore", "model", "cardinality", "cut", "seed"],
    )]
    run: Option<PathBuf>,
    /// Shows the values of the two records as well
    #[arg(long)]
    values: bool,
    /// The file for the picture of the weights
    #[arg(long, value_name = "FILE.svg")]
    svg: Option<PathBuf>,
}

/// The two records of one question.
struct Pair<'a> {
    data: &'a Data,
    linked: &'a Linked,
    records: (u32, u32),
    explained: Explained,
    has_values: bool,
}

impl Explain {
    pub(super) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        self.how.threads.set()?;
        let (data, linked) = match &self.run {
            Some(folder) => Earlier::open(folder)?.link()?,
            None => self.linked()?,
        };
        let last = data.sources.len() - 1;
        let find = |place: usize, source: usize, id: &str| {
            data.find(source, id).ok_or_else(|| {
                Stopped::new(Diagnostic::new(codes::UNKNOWN_RECORD).with("count", place))
            })
        };
        let records = (find(1, 0, &self.one)?, find(2, last, &self.other)?);
        let pair = Pair {
            explained: linked.engine.explain(records.0, records.1),
            data: &data,
            linked: &linked,
            records,
            has_values: self.values,
        };
        if let Some(path) = &self.svg {
            let picture = waterfall(&linked, records, manner.lang());
            write_whole(path, |file| file.write_all(picture.as_bytes()))?;
        }
        let text = Text::new(pair.words(Lang::It), pair.words(Lang::En));
        Ok(Answer::new(text, pair.value()))
    }

    /// The files that were named, linked as was asked.
    fn linked(&self) -> Result<(Data, Linked), Stopped> {
        let data = self.files.read(None)?.data;
        let (model, _) = self.how.model(&data)?;
        let linked = link(&data, &model, &self.how.options());
        let linked = linked.map_err(|fault| unfit(&fault, &data))?;
        Ok((data, linked))
    }
}

impl Pair<'_> {
    /// The probability with which a run has it: given what else the two could be linked to, where the pair came up.
    fn probability(&self) -> f64 {
        let (a, b) = self.records;
        let ends = (a.min(b), a.max(b));
        let near = &self.linked.near;
        let found = near.binary_search_by_key(&ends, |pair| (pair.a, pair.b));
        match found {
            Ok(place) => near[place].probability,
            Err(_) => {
                let odds = self.explained.weight.exp2();
                if odds.is_finite() {
                    odds / (1.0 + odds)
                } else {
                    1.0
                }
            }
        }
    }

    fn is_link(&self) -> bool {
        let (a, b) = self.records;
        let ends = (a.min(b), a.max(b));
        let links = &self.linked.links;
        links
            .binary_search_by_key(&ends, |pair| (pair.a, pair.b))
            .is_ok()
    }

    /// Whether a rule of the run brought the two together.
    fn is_compared(&self) -> bool {
        let (a, b) = self.records;
        self.linked.is_compared(a.min(b), a.max(b))
    }

    fn columns(&self, place: usize) -> &str {
        let fields = &self.linked.parameters.fields;
        fields.get(place).map_or("", |field| field.column.as_str())
    }

    /// The values of a column of the two records, when they were asked for.
    fn values(&self, column: &str) -> Option<[&str; 2]> {
        let column = self.data.column(column).filter(|_| self.has_values)?;
        let of = |record: u32| column.values.get(column.cells[record as usize]);
        Some([of(self.records.0), of(self.records.1)])
    }

    fn value(&self) -> Value {
        let parts: Vec<Value> = self
            .explained
            .steps
            .iter()
            .map(|step| {
                let (weight, rarity) = own_step(self.linked, step);
                let level = step.level.map_or(MISSING, level_words);
                let column = self.columns(step.place);
                let mut part = json!({
                    "column": column,
                    "level": { "it": level.it, "en": level.en },
                    "weight": weight,
                    "rarity": rarity,
                });
                if let Some(values) = self.values(column) {
                    part["values"] = json!(values);
                }
                part
            })
            .collect();
        json!({
            "is_link": self.is_link(),
            "is_compared": self.is_compared(),
            "probability": self.probability(),
            "weight": self.explained.weight,
            "prior": self.explained.prior,
            "parts": parts,
            "together": self.explained.together,
            "calibration": self.explained.calibration,
            "cut": self.linked.model.cut,
        })
    }

    fn words(&self, lang: Lang) -> String {
        let label = |it: &str, en: &str| Text::new(it, en).get(lang).to_owned();
        let weight = |weight: f64| {
            let sign = if weight >= 0.0 { "+" } else { "" };
            format!("{sign}{}", lang.number(weight, 2))
        };
        let mut text = String::new();
        let mut line = |name: &str, level: &str, added: f64| {
            let _ = writeln!(text, "{name:<24} {level:<44} {:>8}", weight(added));
        };
        line(
            &label("due record a caso", "two records at random"),
            "",
            self.explained.prior,
        );
        for step in &self.explained.steps {
            let column = self.columns(step.place);
            let level = step.level.map_or(MISSING, level_words);
            let (weight, rarity) = own_step(self.linked, step);
            line(column, level.get(lang), weight);
            if rarity.abs() >= 0.005 {
                let rare = match rarity > 0.0 {
                    true => label("un valore raro", "a rare value"),
                    false => label("un valore comune", "a common value"),
                };
                line("", &rare, rarity);
            }
            if let Some([one, other]) = self.values(column) {
                line("", &format!("{one} | {other}"), 0.0);
            }
        }
        line(
            &label("nell'insieme", "taken together"),
            "",
            self.explained.together,
        );
        line(
            &label("calibrazione", "calibration"),
            "",
            self.explained.calibration,
        );
        line(&label("peso", "weight"), "", self.explained.weight);
        let probability = lang.number(self.probability(), 4);
        if !self.is_link() && !self.is_compared() {
            let _ = match lang {
                Lang::It => writeln!(
                    text,
                    "\nI due record non sono collegati: non sono stati confrontati, perché nessuna regola li mette insieme. Se lo fossero, la probabilità sarebbe {probability}."
                ),
                Lang::En => writeln!(
                    text,
                    "\nThe two records are not linked: they were never compared, because no rule brings them together. If they were, the probability would be {probability}."
                ),
            };
            return text;
        }
        let verdict = match (self.is_link(), lang) {
            (true, Lang::It) => "I due record sono collegati",
            (false, Lang::It) => "I due record non sono collegati",
            (true, Lang::En) => "The two records are linked",
            (false, Lang::En) => "The two records are not linked",
        };
        let _ = match lang {
            Lang::It => writeln!(text, "\n{verdict}: probabilità {probability}."),
            Lang::En => writeln!(text, "\n{verdict}: probability {probability}."),
        };
        text
    }
}
