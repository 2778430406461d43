//! What could not be bounded, in words: nothing is found there, and nothing is proved.

use wdl_vocab::{Lang, Text};

use crate::between::finding::Mention;

/// Why it could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The numbers of some releases cannot hold together: people who were taken to be the same are not.
    Contradiction,
    /// More cells are crossed than can be handled.
    TooLarge,
    /// The solver gave up.
    GaveUp,
}

/// Cells of one population and period of which nobody can say whether they are given away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproved {
    /// Why.
    pub why: Why,
    /// Some of the hidden cells.
    pub cells: Vec<Mention>,
    /// The earlier releases that were set aside, because they contradict this one or later ones: with all others it was checked.
    ///
    /// None when this release contradicts itself.
    pub releases: Vec<String>,
}

impl Unproved {
    /// It in words, for a reviewer.
    pub fn text(&self) -> Text {
        Text::new(self.words(Lang::It), self.words(Lang::En))
    }

    fn words(&self, lang: Lang) -> String {
        let cells: Vec<String> = self
            .cells
            .iter()
            .map(|cell| cell.text().get(lang).to_owned())
            .collect();
        let (cells, releases) = (cells.join(" + "), named(&self.releases));
        match (self.why, lang, self.releases.is_empty()) {
            (Why::Contradiction, Lang::It, false) => format!(
                "i numeri di questo rilascio e quelli di {releases} non possono valere insieme: che cosa dicano insieme delle celle nascoste, come {cells}, non si può calcolare; contro tutti gli altri il rilascio è stato controllato"
            ),
            (Why::Contradiction, Lang::En, false) => format!(
                "the numbers of this release and those of {releases} cannot hold together: what they say together of hidden cells, such as {cells}, cannot be computed; it was checked against all others"
            ),
            (Why::Contradiction, Lang::It, true) => format!(
                "i numeri di questo rilascio non possono valere insieme: che cosa dicano delle celle nascoste, come {cells}, non si può calcolare"
            ),
            (Why::Contradiction, Lang::En, true) => format!(
                "the numbers of this release cannot hold together: what they say of hidden cells, such as {cells}, cannot be computed"
            ),
            (Why::TooLarge, Lang::It, _) => format!(
                "le suddivisioni incrociate hanno troppe celle: che cosa si ricavi delle celle nascoste, come {cells}, non è stato calcolato"
            ),
            (Why::TooLarge, Lang::En, _) => format!(
                "the crossed breakdowns have too many cells: what can be computed of hidden cells, such as {cells}, was not worked out"
            ),
            (Why::GaveUp, Lang::It, _) => format!(
                "il calcolo si è fermato senza risposta: di {cells} non si sa quanto si possa ricavare"
            ),
            (Why::GaveUp, Lang::En, _) => format!(
                "the computation stopped without an answer: nobody knows how closely {cells} can be computed"
            ),
        }
    }
}

fn named(releases: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = releases.iter().take(SHOWN).cloned().collect();
    if releases.len() > SHOWN {
        shown.push(format!("+{}", releases.len() - SHOWN));
    }
    shown.join(", ")
}
