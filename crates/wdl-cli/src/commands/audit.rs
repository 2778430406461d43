//! `wdl audit verify`: the record, offline.

use wdl_lab::{Home, Stopped, audit};
use wdl_vocab::Text;

use crate::answer::Answer;
use crate::manner::Manner;

/// Verifies the record of what was done
#[derive(clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Chain, signatures, keys and the published checkpoint
    Verify,
}

impl Audit {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let What::Verify = self.what;
        let audited = audit(&Home::open(&manner.dir)?)?;
        let covers = audited.checkpoint.map_or_else(
            || {
                Text::fixed(
                    "nessun punto di controllo è pubblicato",
                    "no checkpoint is published",
                )
            },
            |entries| {
                Text::new(
                    format!("il punto di controllo pubblicato ne copre {entries}"),
                    format!("the published checkpoint covers {entries}"),
                )
            },
        );
        let text = Text::new(
            format!(
                "Il registro regge: {} voci, {}; decisioni sui dubbi del collegamento: {}.",
                audited.entries, covers.it, audited.decisions
            ),
            format!(
                "The record holds: {} entries, {}; decisions on doubts of the linkage: {}.",
                audited.entries, covers.en, audited.decisions
            ),
        );
        Ok(Answer::new(text, audited))
    }
}
