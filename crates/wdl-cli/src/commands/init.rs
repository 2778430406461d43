//! `wdl init`: the keys of a lab and the first entry of its record.

use std::path::PathBuf;

use jiff::Timestamp;
use wdl_lab::{Home, Stopped, found, recipient_file};
use wdl_vocab::Text;

use crate::answer::Answer;
use crate::manner::Manner;

/// Makes the keys of a lab and begins its record
#[derive(clap::Args)]
pub(crate) struct Init {
    /// Where the keys of the offices are put; `offices` in the lab's folder without it
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

impl Init {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let home = Home::open(&manner.dir)?;
        let keys = self
            .keys
            .clone()
            .unwrap_or_else(|| home.root().join("offices"));
        found(&home, &keys, Timestamp::now())?;
        let (keys, recipient) = (keys.display(), recipient_file(&home));
        let recipient = recipient.display();
        let text = Text::new(
            format!(
                "Le chiavi degli uffici sono in {keys}: consegnare a ciascuno la sua e toglierla da qui.\nGli enti sigillano per {recipient}."
            ),
            format!(
                "The keys of the offices are in {keys}: give each its own and remove it from here.\nThe bodies seal to {recipient}."
            ),
        );
        let value =
            serde_json::json!({ "keys": keys.to_string(), "recipient": recipient.to_string() });
        Ok(Answer::new(text, value))
    }
}
