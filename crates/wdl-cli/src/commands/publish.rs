//! `wdl publish`: the site is made from what was released.

use wdl_lab::{Stopped, publish};
use wdl_vocab::Text;

use crate::answer::Answer;
use crate::manner::Manner;

/// Makes the public site from what was released
#[derive(clap::Args)]
pub(crate) struct Publish {}

impl Publish {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        let published = publish(&mut desk)?;
        let shown = desk.home.site();
        let shown = shown.display();
        let text = Text::new(
            format!(
                "Il sito è in {shown}: {} tabelle, {} pagine, {} file.",
                published.tables, published.pages, published.files
            ),
            format!(
                "The site is in {shown}: {} tables, {} pages, {} files.",
                published.tables, published.pages, published.files
            ),
        );
        Ok(Answer::new(text, published))
    }
}
