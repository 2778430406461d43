//! `wdl monday`: the list a planner reads when the week begins, inside the lab.
//!
//! Aggregates only, each passed by disclosure control; that it was read stands in the record.

mod view;
mod words;

use std::path::PathBuf;

use wdl_lab::{Stopped, monday, write};
use wdl_vocab::{Lang, Text};

use super::build::show;
use crate::answer::Answer;
use crate::manner::{Format, Manner};
use crate::progress::Progress;
use view::View;

/// Monday's list: budgets and when they run out, what is due, how fresh the sources are
#[derive(clap::Args)]
pub(crate) struct Monday {
    /// Also writes the list as a page that stands alone
    #[arg(long, value_name = "FILE.html")]
    page: Option<PathBuf>,
}

impl Monday {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        let progress = Progress::new(manner.format == Format::Json);
        let list = monday(&mut desk, &mut |at| show(&progress, &at))?;
        if let Some(file) = &self.page {
            write(file, View::of(&list, manner.lang()).page().as_bytes())?;
        }
        let text = Text::new(
            View::of(&list, Lang::It).text(),
            View::of(&list, Lang::En).text(),
        );
        Ok(Answer::new(text, list))
    }
}
