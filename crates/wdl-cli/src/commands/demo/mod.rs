//! `wdl demo`: a whole year of the lab on an invented city, each body, custodian and office doing its part with its own program and key.

mod programs;
mod year;

use std::path::{Path, PathBuf};

use serde::Serialize;
use wdl_lab::{Home, Stopped};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Text};

use crate::answer::Answer;
use crate::commands::new::LAB_FILES;
use crate::commands::serve::serve;
use crate::manner::{Format, Manner};
use crate::progress::Progress;

/// Runs the lab's year on an invented city, then serves the site on the loopback
#[derive(clap::Args)]
pub(crate) struct Demo {
    /// How many residents the city has: 2000, 20000, 185000
    #[arg(long, default_value_t = 20_000)]
    residents: u32,
    /// The seed of the city
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leaves the errors out of the exports
    #[arg(long)]
    clean: bool,
    /// Ends without serving the site
    #[arg(long)]
    no_serve: bool,
    /// Removes an earlier demo that stands in the folder
    #[arg(long)]
    fresh: bool,
    /// The port of the site; 0 takes a free one
    #[arg(long, default_value_t = 8765)]
    port: u16,
}

/// The file that says that a folder holds a demo, so that `--fresh` removes nothing else.
const MARK: &str = "demo.json";

/// What a demo did.
#[derive(Serialize)]
struct Done {
    residents: u32,
    directory: PathBuf,
    site: PathBuf,
    #[serde(flatten)]
    year: year::Year,
}

impl Demo {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let root = self.root(manner);
        if self.fresh {
            remove_earlier(&root)?;
        }
        let home = Home::found(&root, LAB_FILES)?;
        wdl_lab::write(&root.join(MARK), b"{}\n")?;
        let progress = Progress::new(manner.format == Format::Json);
        let city = year::City {
            residents: self.residents,
            seed: self.seed,
            is_clean: self.clean,
        };
        let year = year::run(&home, &city, manner.lang(), &progress)?;
        drop(progress);
        if !self.no_serve {
            serve(&home.site(), self.port)?;
        }
        let done = Done {
            residents: self.residents,
            directory: root,
            site: home.site(),
            year,
        };
        Ok(Answer::new(words(&done), done))
    }

    /// `demo` in the folder where it runs, unless `--dir` says another.
    fn root(&self, manner: &Manner) -> PathBuf {
        match manner.dir == Path::new(".") {
            true => PathBuf::from("demo"),
            false => manner.dir.clone(),
        }
    }
}

fn remove_earlier(root: &Path) -> Result<(), Stopped> {
    if !root.exists() {
        return Ok(());
    }
    match root.join(MARK).is_file() {
        true => std::fs::remove_dir_all(root).map_err(|fault| Stopped::file(root, &fault)),
        false => Err(Stopped::new(
            Diagnostic::new(codes::NOT_EMPTY).with("directory", root.display()),
        )),
    }
}

fn words(done: &Done) -> Text {
    let year = &done.year;
    let site = done.site.join("index.html");
    let site = site.display();
    Text::new(
        format!(
            "{} conferimenti accettati, {} rifiutati; {} tabelle pubblicate, {} celle nascoste; {} voci nel registro; {:.1} s.\nIl sito: {site}",
            year.accepted, year.refused, year.tables, year.hidden, year.entries, year.seconds
        ),
        format!(
            "{} deliveries accepted, {} refused; {} tables published, {} cells hidden; {} entries in the record; {:.1} s.\nThe site: {site}",
            year.accepted, year.refused, year.tables, year.hidden, year.entries, year.seconds
        ),
    )
}
