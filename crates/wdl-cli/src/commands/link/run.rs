//! The run itself: read, link, judge, answer, write.

use std::path::{Path, PathBuf};

use wdl_lab::Stopped;
use wdl_linkage::recognise::{Recognised, recognise};
use wdl_linkage::{Cardinality, Data, Linked, Model, Options, link};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::{linkage as codes, usage};

use super::earlier::Read;
use super::faults::unfit;
use super::folder::{Folder, write_whole};
use super::input::{Input, note};
use super::judged::Judged;
use super::told::Told;
use super::{Files, truth, written};
use crate::answer::Answer;
use crate::manner::{Format, Manner};
use crate::progress::Progress;

/// What to link and how
#[derive(clap::Args)]
pub(super) struct Run {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    how: How,
    /// The pairs that are true: a CSV whose first two columns are ids
    #[arg(long, value_name = "PAIRS.csv", conflicts_with = "truth_column")]
    truth: Option<PathBuf>,
    /// The column that says who is who, never compared
    #[arg(long, value_name = "COL")]
    truth_column: Option<String>,
    /// The folder for pairs, clusters, model and report
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The file to save the model to
    #[arg(long, value_name = "FILE")]
    save_model: Option<PathBuf>,
    /// Shows the proposed model and how many pairs its rules compare, and runs nothing
    #[arg(long, conflicts_with_all = ["out", "truth", "seed"])]
    propose: bool,
}

/// How records are linked.
#[derive(clap::Args, Clone)]
pub(super) struct How {
    /// The model; without it, one is proposed from the columns
    #[arg(long, value_name = "M.yaml")]
    pub(super) model: Option<PathBuf>,
    /// How many records can be one: automatic, one-to-one, many-to-one, one-to-many, many-to-many
    #[arg(long, value_name = "KIND")]
    cardinality: Option<String>,
    /// The probability from which a pair is a link
    #[arg(long, value_name = "P")]
    cut: Option<f64>,
    #[command(flatten)]
    pub(super) threads: Threads,
    /// Where random samples begin
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
}

/// How many threads work.
#[derive(clap::Args, Clone, Copy)]
pub(super) struct Threads {
    /// How many threads work; the answer does not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

impl Threads {
    /// Lets so many threads work as were asked for.
    pub(super) fn set(self) -> Result<(), Stopped> {
        let Some(threads) = self.threads else {
            return Ok(());
        };
        if !(1..=1024).contains(&threads) {
            return Err(bad_option("--threads", &threads.to_string(), "1 … 1024"));
        }
        // The pool can be made once; a second command of one process keeps the first one's.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global();
        Ok(())
    }
}

impl How {
    /// The model that was given, or one proposed for the records with what their columns were taken for; then what the command line says differently.
    pub(super) fn model(&self, data: &Data) -> Result<(Model, Vec<Recognised>), Stopped> {
        let (mut model, recognised) = match &self.model {
            Some(path) => (read_model(path)?, Vec::new()),
            None => {
                let recognised = recognise(data, &[]);
                let model = Model::proposed(&recognised);
                if model.fields.is_empty() {
                    return Err(Stopped::new(Diagnostic::new(codes::NOTHING_TELLS)));
                }
                (model, recognised)
            }
        };
        if let Some(word) = &self.cardinality {
            let known = match word.as_str() {
                "auto" => Some(Cardinality::Automatic),
                word => Cardinality::of(&word.replace('-', "_")),
            };
            model.cardinality = known.ok_or_else(|| {
                let all: Vec<String> = Cardinality::all()
                    .map(|one| one.word().replace('_', "-"))
                    .collect();
                bad_option("--cardinality", word, &all.join(", "))
            })?;
            // Inside one file a record may have any number of duplicates.
            let is_free = matches!(
                model.cardinality,
                Cardinality::Automatic | Cardinality::ManyToMany
            );
            if data.sources.len() == 1 && !is_free {
                return Err(bad_option("--cardinality", word, "A B"));
            }
        }
        if let Some(cut) = self.cut {
            // Less probable pairs are not kept.
            if !(0.01..1.0).contains(&cut) {
                return Err(bad_option("--cut", &cut.to_string(), "0.01 ≤ P < 1"));
            }
            model.cut = cut;
        }
        Ok((model, recognised))
    }

    pub(super) fn options(&self) -> Options {
        Options { seed: self.seed }
    }
}

/// The model in a file.
pub(super) fn read_model(path: &Path) -> Result<Model, Stopped> {
    let text = std::fs::read_to_string(path).map_err(|fault| Stopped::file(path, &fault))?;
    Ok(Model::read(&path.display().to_string(), &text)?)
}

fn bad_option(option: &'static str, value: &str, expected: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(usage::BAD_OPTION)
            .with("option", option)
            .with("value", value.chars().take(40).collect::<String>())
            .with("expected", expected),
    )
}

/// Everything that is known at the end of a run.
pub(super) struct Done {
    pub(super) data: Data,
    pub(super) linked: Linked,
    /// What the columns were taken for; nothing where a model said it.
    pub(super) recognised: Vec<Recognised>,
    pub(super) judged: Option<Judged>,
    pub(super) notes: Vec<Diagnostic>,
}

/// What the other parts of the command read of it.
impl Run {
    pub(super) fn files_of(&self) -> &Files {
        &self.files
    }

    pub(super) fn out_of(&self) -> Option<&Path> {
        self.out.as_deref()
    }

    pub(super) fn truth_of(&self) -> Option<&Path> {
        self.truth.as_deref()
    }

    pub(super) fn seed_of(&self) -> u64 {
        self.how.seed
    }

    pub(super) fn truth_column_of(&self) -> Option<&str> {
        self.truth_column.as_deref()
    }
}

impl Run {
    pub(super) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let folder = self.out.as_deref().map(Folder::take).transpose()?;
        self.spares_what_it_reads()?;
        self.how.threads.set()?;
        let progress = Progress::new(manner.format == Format::Json);
        progress.stage(&stage(manner, "Lettura…", "Reading…"));
        let Input {
            data,
            truth,
            mut notes,
        } = self.files.read(self.truth_column.as_deref())?;
        let truth = match (truth, &self.truth) {
            (Some(column), _) => Some(truth::of_column(column, &data)),
            (None, Some(pairs)) => {
                let (truth, notice) = truth::of_pairs(pairs, &data, self.files.id())?;
                notes.extend(notice);
                Some(truth)
            }
            (None, None) => None,
        };
        let (model, recognised) = self.how.model(&data)?;
        if self.propose {
            let (answer, model) = super::proposal::answer(&data, &model, &recognised, &notes)?;
            self.save(&model)?;
            return Ok(answer);
        }
        progress.stage(&stage(manner, "Collegamento…", "Linking…"));
        let linked = self.link(&data, &model)?;
        if linked.links.is_empty() {
            notes.push(note(codes::NO_PAIR));
        }
        for source in linked.contradicted() {
            let share = (linked.duplicates[source] * 100.0).round();
            notes.push(
                note(codes::DUPLICATES_ALL_THE_SAME)
                    .with("source", &data.sources[source].name)
                    .with("share", share),
            );
        }
        let judged = truth.map(|truth| Judged::new(&linked, &truth));
        let done = Done {
            data,
            linked,
            recognised,
            judged,
            notes,
        };
        self.save(&done.linked.model)?;
        let told = Told::new(&done, self);
        if let Some(folder) = &folder {
            progress.stage(&stage(manner, "Scrittura…", "Writing…"));
            let read = Read::of(&self.files, &done.data);
            written::write(folder, &read, &done, &told, manner.lang())?;
        }
        Ok(told.answer(&done, self.out.as_deref()))
    }

    /// Refuses to save the model over a file that is read, or where no file can be.
    fn spares_what_it_reads(&self) -> Result<(), Stopped> {
        let Some(target) = &self.save_model else {
            return Ok(());
        };
        let read = [&self.files.a, &self.files.b, &self.truth, &self.how.model];
        let target_path = target.canonicalize().ok();
        let is_read = read
            .into_iter()
            .flatten()
            .any(|path| target_path.is_some() && path.canonicalize().ok() == target_path);
        match is_read || target.is_dir() {
            true => Err(bad_option(
                "--save-model",
                &target.display().to_string(),
                "FILE ≠ A, B, --truth, --model",
            )),
            false => Ok(()),
        }
    }

    /// Saves the model where it was asked for.
    fn save(&self, model: &Model) -> Result<(), Stopped> {
        let Some(path) = &self.save_model else {
            return Ok(());
        };
        let text = model.write();
        write_whole(path, |file| file.write_all(text.as_bytes()))
    }

    fn link(&self, data: &Data, model: &Model) -> Result<Linked, Stopped> {
        let linked = link(data, model, &self.how.options());
        linked.map_err(|fault| unfit(&fault, data))
    }
}

fn stage(manner: &Manner, it: &str, en: &str) -> String {
    wdl_vocab::Text::new(it, en).get(manner.lang()).to_owned()
}
