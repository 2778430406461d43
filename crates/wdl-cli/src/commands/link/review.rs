//! `wdl link review sample | read`: pairs of a run judged by two people apart from one another, who see levels of comparison and no value.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;
use wdl_lab::Stopped;
use wdl_linkage::Linked;
use wdl_linkage::review::{
    Allocation, Answers, Asked, Candidate, Design, Interval, Review as Judged, ReviewError,
    Reviewer, Sample, Sheet, Stratum, Verdict, draw, review, sheet,
};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnostic, Lang, Text};

use super::earlier::Earlier;
use super::folder::{cell, write_whole};
use super::input::Table;
use super::report::{MISSING, level_words};
use super::run::Threads;
use crate::answer::Answer;
use crate::manner::Manner;

/// Has pairs of a run judged by two people, without showing them a value
#[derive(clap::Args)]
pub(super) struct Review {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Sample(Draw),
    Read(Read),
}

/// Draws pairs of a finished run: a sheet for each of two reviewers, and the key that stays here
#[derive(clap::Args)]
struct Draw {
    /// The folder of the run
    #[arg(long = "in", value_name = "DIR")]
    run: PathBuf,
    /// The folder for the two sheets and the key
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many pairs are asked
    #[arg(long, value_name = "N", default_value_t = 200)]
    size: usize,
    /// Into how many strata of weight links and other pairs are cut
    #[arg(long, value_name = "N", default_value_t = 5)]
    strata: usize,
    #[command(flatten)]
    threads: Threads,
    /// Where the draw of the pairs begins
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Reads the two sheets back: agreement, precision and recall with their intervals
#[derive(clap::Args)]
struct Read {
    /// The folder of the sheets and the key
    #[arg(long = "in", value_name = "DIR")]
    folder: PathBuf,
    /// Who filled in `first.csv`
    #[arg(long, value_name = "NAME")]
    first: String,
    /// Who filled in `second.csv`
    #[arg(long, value_name = "NAME")]
    second: String,
    /// What was settled afterwards, by the numbers of the first: a CSV of number and verdict
    #[arg(long, value_name = "FILE.csv")]
    settled: Option<PathBuf>,
}

impl Review {
    pub(super) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.what {
            What::Sample(command) => command.run(manner),
            What::Read(command) => command.run(),
        }
    }
}

const SHEETS: [(Reviewer, &str); 2] = [
    (Reviewer::First, "first.csv"),
    (Reviewer::Second, "second.csv"),
];
const KEY: &str = "key.json";

impl Draw {
    /// Refuses a folder with sheets: they may be filled in.
    fn is_free(&self) -> Result<(), Stopped> {
        let mut names = SHEETS.iter().map(|(_, name)| *name).chain([KEY]);
        match names.find(|name| self.out.join(name).exists()) {
            Some(name) => Err(Stopped::new(
                Diagnostic::new(codes::SHEETS_THERE)
                    .with("directory", self.out.display())
                    .with("file", name),
            )),
            None => Ok(()),
        }
    }

    fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        self.is_free()?;
        self.threads.set()?;
        let (data, linked) = Earlier::open(&self.run)?.link()?;
        let design = Design {
            size: self.size,
            strata: self.strata.max(1),
            allocation: Allocation::Neyman,
            seed: self.seed,
        };
        let sample = draw(&data, &candidates(&linked), &design);
        std::fs::create_dir_all(&self.out).map_err(|fault| Stopped::file(&self.out, &fault))?;
        for (reviewer, name) in SHEETS {
            let page = sheet(&sample, reviewer, |pair| levels(&linked, pair));
            write_sheet(&self.out.join(name), &page, &linked, manner.lang())?;
        }
        let key = serde_json::to_string_pretty(&KeyFile::of(&sample)).expect("a key is numbers");
        write_whole(&self.out.join(KEY), |file| file.write_all(key.as_bytes()))?;
        let error = sample.planned_error();
        let (asked, folder) = (sample.asked.len(), self.out.display());
        let value =
            json!({ "asked": asked, "strata": sample.strata.len(), "planned_error": error });
        let text = Text::new(
            format!(
                "{asked} coppie da giudicare: {folder}/first.csv e {folder}/second.csv, una per revisore, con i giudizi «{}».\nLa chiave {folder}/{KEY} resta a chi conduce la revisione.",
                verdicts(Lang::It)
            ),
            format!(
                "{asked} pairs to judge: {folder}/first.csv and {folder}/second.csv, one for each reviewer, with the verdicts \"{}\".\nThe key {folder}/{KEY} stays with whoever runs the review.",
                verdicts(Lang::En)
            ),
        );
        Ok(Answer::new(text, value))
    }
}

fn verdicts(lang: Lang) -> String {
    let words = Verdict::ALL.map(|verdict| verdict.text().get(lang).to_owned());
    words.join(" / ")
}

fn candidates(linked: &Linked) -> Vec<Candidate> {
    let is_link = |a: u32, b: u32| {
        let links = &linked.links;
        links
            .binary_search_by_key(&(a, b), |link| (link.a, link.b))
            .is_ok()
    };
    let near = linked.near.iter().map(|pair| Candidate {
        a: pair.a,
        b: pair.b,
        weight: pair.weight,
        probability: pair.probability,
        is_link: is_link(pair.a, pair.b),
    });
    near.collect()
}

fn levels(linked: &Linked, pair: &Asked) -> Vec<Text> {
    let explained = linked.engine.explain(pair.a, pair.b);
    let steps = explained.steps.iter();
    steps
        .map(|step| step.level.map_or(MISSING, level_words))
        .collect()
}

fn write_sheet(path: &Path, page: &Sheet, linked: &Linked, lang: Lang) -> Result<(), Stopped> {
    let (number, verdict) = match lang {
        Lang::It => ("numero", "giudizio"),
        Lang::En => ("number", "verdict"),
    };
    write_whole(path, |out| {
        write!(out, "{number},{verdict}")?;
        for field in &linked.parameters.fields {
            out.write_all(b",")?;
            cell(out, &field.column)?;
        }
        for row in &page.rows {
            write!(out, "\n{},", row.number)?;
            for level in &row.levels {
                out.write_all(b",")?;
                cell(out, level.get(lang))?;
            }
        }
        out.write_all(b"\n")
    })
}

/// The key on the disk: which pair of records a number is.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    strata: Vec<StratumFile>,
    asked: Vec<AskedFile>,
}

#[derive(Serialize, Deserialize)]
struct StratumFile {
    is_link: bool,
    weight_from: f64,
    weight_to: f64,
    pairs: u64,
    asked: u64,
    expected: f64,
}

#[derive(Serialize, Deserialize)]
struct AskedFile {
    records: [u32; 2],
    candidate: usize,
    stratum: usize,
    numbers: [u32; 2],
}

impl KeyFile {
    fn of(sample: &Sample) -> KeyFile {
        KeyFile {
            strata: sample
                .strata
                .iter()
                .map(|stratum| StratumFile {
                    is_link: stratum.is_link,
                    weight_from: stratum.weight_from,
                    weight_to: stratum.weight_to,
                    pairs: stratum.pairs,
                    asked: stratum.asked,
                    expected: stratum.expected,
                })
                .collect(),
            asked: sample
                .asked
                .iter()
                .map(|pair| AskedFile {
                    records: [pair.a, pair.b],
                    candidate: pair.candidate,
                    stratum: pair.stratum,
                    numbers: pair.numbers,
                })
                .collect(),
        }
    }

    /// The sample again; nothing when a pair belongs to no stratum.
    fn into_sample(self) -> Option<Sample> {
        let strata: Vec<Stratum> = self
            .strata
            .into_iter()
            .map(|stratum| Stratum {
                is_link: stratum.is_link,
                weight_from: stratum.weight_from,
                weight_to: stratum.weight_to,
                pairs: stratum.pairs,
                asked: stratum.asked,
                expected: stratum.expected,
            })
            .collect();
        let asked: Vec<Asked> = self
            .asked
            .into_iter()
            .map(|pair| Asked {
                a: pair.records[0],
                b: pair.records[1],
                candidate: pair.candidate,
                stratum: pair.stratum,
                numbers: pair.numbers,
            })
            .collect();
        let is_whole = asked.iter().all(|pair| pair.stratum < strata.len());
        is_whole.then_some(Sample { strata, asked })
    }
}

impl Read {
    fn run(&self) -> Result<Answer, Stopped> {
        let path = self.folder.join(KEY);
        let text = std::fs::read_to_string(&path).map_err(|fault| Stopped::file(&path, &fault))?;
        let key: KeyFile =
            serde_json::from_str(&text).map_err(|fault| Stopped::file(&path, &fault))?;
        let sample = key.into_sample();
        let sample = sample.ok_or_else(|| Stopped::file(&path, &"a pair of no stratum"))?;
        let answers = |name: &str, file: &str| -> Result<Answers, Stopped> {
            Ok(Answers {
                name: name.to_owned(),
                verdicts: verdicts_of(&self.folder.join(file))?,
            })
        };
        let both = [
            answers(&self.first, SHEETS[0].1)?,
            answers(&self.second, SHEETS[1].1)?,
        ];
        let settled = match &self.settled {
            Some(path) => verdicts_of(path)?,
            None => Vec::new(),
        };
        let judged =
            review(&sample, &both, &settled).map_err(|fault| told(&fault, &self.folder))?;
        Ok(Answer::new(
            Text::new(words(&judged, Lang::It), words(&judged, Lang::En)),
            value(&judged),
        ))
    }
}

/// Numbers and verdicts of a sheet; empty verdicts are left out.
fn verdicts_of(path: &Path) -> Result<Vec<(String, Verdict)>, Stopped> {
    let mut read = Vec::new();
    for (place, [number, words]) in Table::open(path)?.first_two(path)?.into_iter().enumerate() {
        if place == 0 || words.is_empty() {
            continue;
        }
        let verdict = Verdict::read(&words).ok_or_else(|| {
            Stopped::new(
                Diagnostic::new(codes::NO_VERDICT)
                    .with("file", path.display())
                    .with("line", place + 1)
                    .with("expected", Lang::ALL.map(verdicts).join(" / ")),
            )
        })?;
        read.push((number, verdict));
    }
    Ok(read)
}

fn told(fault: &ReviewError, folder: &Path) -> Stopped {
    Stopped::new(match fault {
        ReviewError::SameReviewer { .. } => Diagnostic::new(codes::SAME_REVIEWER),
        ReviewError::NoName { sheet } => {
            Diagnostic::new(codes::NO_REVIEWER).with("file", sheet.to_string())
        }
        ReviewError::NotAsked { first, count } => Diagnostic::new(codes::NOT_ASKED)
            .with("file", folder.display())
            .with("count", count)
            .with("actual", first),
        ReviewError::Repeated { first, count } => Diagnostic::new(codes::ANSWERED_TWICE)
            .with("file", folder.display())
            .with("count", count)
            .with("actual", first),
    })
}

fn value(judged: &Judged) -> serde_json::Value {
    let interval = |share: &Option<Interval>| {
        share.map(|share| {
            json!({
                "estimate": share.estimate,
                "standard_error": share.error,
                "interval": [share.interval.0, share.interval.1],
                "bounds": [share.bounds.0, share.bounds.1],
            })
        })
    };
    json!({
        "precision": interval(&judged.precision),
        "recall": interval(&judged.recall),
        "kappa": judged.kappa.map(|kappa| kappa.kappa),
        "table": judged.table,
        "unanswered": judged.unanswered,
        "disagreements": judged.disagreements.iter().map(|one| json!({
            "numbers": one.numbers,
            "verdicts": one.verdicts.map(|verdict| verdict.text().en),
            "settled": one.settled.map(|verdict| verdict.text().en),
        })).collect::<Vec<_>>(),
    })
}

fn words(judged: &Judged, lang: Lang) -> String {
    let share = |share: &Option<Interval>| match share {
        Some(share) => format!(
            "{} % [{}, {}]",
            lang.number(share.estimate * 100.0, 2),
            lang.number(share.interval.0 * 100.0, 2),
            lang.number(share.interval.1 * 100.0, 2)
        ),
        None => "–".to_owned(),
    };
    let kappa = judged
        .kappa
        .map_or("–".to_owned(), |kappa| lang.number(kappa.kappa, 3));
    let (precision, recall) = (share(&judged.precision), share(&judged.recall));
    let open = judged
        .disagreements
        .iter()
        .filter(|one| one.settled.is_none())
        .count();
    match lang {
        Lang::It => format!(
            "Precisione {precision}, completezza fra le coppie confrontate {recall} (95 %).\nAccordo oltre il caso (kappa): {kappa}. Coppie senza un giudizio concorde: {open}."
        ),
        Lang::En => format!(
            "Precision {precision}, recall among the compared pairs {recall} (95 %).\nAgreement beyond chance (kappa): {kappa}. Pairs without a common verdict: {open}."
        ),
    }
}
