//! `wdl new DIR`: a lab folder to begin from, with the keys of its offices.

use std::path::PathBuf;

use wdl_lab::{Home, Stopped};
use wdl_vocab::Text;

use crate::answer::Answer;

/// The lab folder that the program ships: name and content, sorted by name.
pub(crate) const LAB_FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/lab_files.rs"));

/// Makes a lab to begin from
#[derive(clap::Args)]
pub(crate) struct New {
    /// The folder to make
    directory: PathBuf,
}

impl New {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let home = Home::found(&self.directory, LAB_FILES)?;
        let shown = home.root().display();
        let text = Text::new(
            format!(
                "Il laboratorio è in {shown}.\nPrimo passo: leggere e correggere {shown}/lab/lab.yaml, poi `wdl init --dir {shown}`."
            ),
            format!(
                "The lab is in {shown}.\nFirst step: read and correct {shown}/lab/lab.yaml, then `wdl init --dir {shown}`."
            ),
        );
        Ok(Answer::new(
            text,
            serde_json::json!({ "directory": home.root(), "files": LAB_FILES.len() }),
        ))
    }
}
