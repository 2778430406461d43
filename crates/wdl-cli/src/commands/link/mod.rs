//! `wdl link A [B]`: which records of one or two plain files speak of the same person, outside any lab.
//!
//! One file each: [`run`] links, [`explain`] tells a pair, [`review`] has pairs judged by people, both of an [`earlier`] run too, and what the files say is read by [`input`] and [`truth`].
//! Values of the files stay in memory: nothing that is printed or written holds one, save ids, unless it is asked for.

mod clk;
mod columns;
mod cost;
mod earlier;
mod encode;
mod explain;
mod faults;
mod folder;
mod input;
mod judged;
mod proposal;
mod report;
mod review;
mod run;
mod told;
mod truth;
mod written;

use std::path::PathBuf;

use wdl_lab::Stopped;

use crate::answer::Answer;
use crate::manner::Manner;

/// Links the records of two files, or finds the duplicates of one
#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "No lab is opened: --dir and --as say nothing here. For the linkage inside a lab see `wdl linkage`."
)]
pub(crate) struct Link {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    run: run::Run,
    #[command(flatten)]
    encoding: encode::Encoding,
}

#[derive(clap::Subcommand)]
enum What {
    Explain(Box<explain::Explain>),
    Review(Box<review::Review>),
}

impl Link {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.what {
            Some(What::Explain(command)) => command.run(manner),
            Some(What::Review(command)) => command.run(manner),
            None if self.encoding.encode => self.encoding.run(&self.run),
            None if self.encoding.clk => clk::run(&self.run),
            None => self.run.run(manner),
        }
    }
}

/// The files that are linked, and which of their columns are compared.
#[derive(clap::Args, Clone)]
struct Files {
    /// The file, CSV or Parquet; with one alone, its duplicates are found
    #[arg(value_name = "A")]
    a: Option<PathBuf>,
    /// The file to link it to
    #[arg(value_name = "B")]
    b: Option<PathBuf>,
    /// The column of the ids, never compared
    #[arg(long, value_name = "COL")]
    id: Option<String>,
    /// Columns that are not compared
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    ignore: Vec<String>,
}
