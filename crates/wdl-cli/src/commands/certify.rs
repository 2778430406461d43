//! `wdl certify`: the bodies' keys, certified for the custodians.

use std::fmt::Write as _;

use serde_json::json;
use wdl_lab::{Certified, Stopped, agreement_file, certify};
use wdl_vocab::Text;

use crate::answer::Answer;
use crate::manner::Manner;

/// Certifies the keys of the bodies for the custodians
#[derive(clap::Args)]
pub(crate) struct Certify {
    /// For how many days from now
    #[arg(long, default_value_t = 731, value_name = "DAYS")]
    days: u32,
}

impl Certify {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        let certified = certify(&mut desk, self.days)?;
        let agreement = agreement_file(&desk.home);
        let text = Text::new(
            words(&certified, "vale fino a"),
            words(&certified, "holds until"),
        );
        let value: Vec<_> = certified
            .iter()
            .map(|one| json!({ "body": one.body, "file": one.file, "not_after": one.not_after }))
            .collect();
        Ok(Answer::new(
            text,
            json!({ "agreement": agreement, "certificates": value }),
        ))
    }
}

fn words(certified: &[Certified], until: &str) -> String {
    let mut shown = String::new();
    for one in certified {
        let _ = writeln!(
            shown,
            "{}: {} {until} {}",
            one.body,
            one.file.display(),
            one.not_after
        );
    }
    shown
}
