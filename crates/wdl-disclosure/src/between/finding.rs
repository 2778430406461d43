//! What was found, in words that name the releases and the cells and never a number of them.

use wdl_result::{Cell, Table};
use wdl_vocab::{IndicatorId, Lang, Period, Text};

use crate::between::edition::CellName;
use crate::report::Quantity;

/// How somebody is given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attack {
    /// The same cell is told twice, and the two populations differ by too few units.
    SameCell,
    /// A cell lies in another, and too few units lie between them.
    OneInside,
    /// A hidden cell is held too tightly by all that was told.
    Combined,
}

/// A cell that a finding names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The release that tells it; `None` is the one being checked.
    pub release: Option<String>,
    /// The title of the indicator.
    pub title: Text,
    /// The table of the indicator.
    pub breakdown: String,
    /// The cell.
    pub cell: CellName,
    /// Its categories in words.
    pub words: Text,
    /// Which of its counts.
    pub quantity: Quantity,
    /// The units it rests on, for the lab alone; none when it is hidden.
    pub(crate) n: Option<u64>,
}

/// One way in which the new release would give somebody away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How.
    pub attack: Attack,
    /// The cell that is exposed, or the smaller of the two.
    pub target: Mention,
    /// The cells that expose it, those of the new release first.
    pub means: Vec<Mention>,
    /// The minimum frequency.
    pub minimum: u64,
}

impl Mention {
    pub(crate) fn new(
        release: Option<String>,
        table: &Table,
        cell: &Cell,
        quantity: Quantity,
    ) -> Mention {
        let named = |lang: Lang| {
            let parts: Vec<String> = table
                .dimensions
                .iter()
                .zip(&cell.keys)
                .filter_map(|(dimension, key)| {
                    let key = key.as_ref()?;
                    let category = dimension.categories.iter().find(|one| one.id == *key)?;
                    Some(format!(
                        "{}: {}",
                        dimension.label.get(lang),
                        category.label.get(lang)
                    ))
                })
                .collect();
            parts.join("; ")
        };
        let words = match cell.keys.iter().all(Option::is_none) {
            true => Text::fixed("totale", "total"),
            false => Text::new(named(Lang::It), named(Lang::En)),
        };
        Mention {
            release,
            title: table.header.title.clone(),
            breakdown: table.breakdown(),
            cell: CellName::of(table, cell),
            words,
            quantity,
            n: cell.n,
        }
    }

    /// The indicator.
    pub fn indicator(&self) -> &IndicatorId {
        &self.cell.indicator
    }

    /// The period.
    pub fn period(&self) -> Period {
        self.cell.period
    }

    /// The cell with its table and its release, in words.
    pub fn text(&self) -> Text {
        let in_words = |lang: Lang| {
            let release = match (&self.release, lang) {
                (None, Lang::It) => "in questo rilascio".to_owned(),
                (None, Lang::En) => "in this release".to_owned(),
                (Some(name), Lang::It) => format!("nel rilascio {name}"),
                (Some(name), Lang::En) => format!("in release {name}"),
            };
            let part = match (self.quantity, lang) {
                (Quantity::With, Lang::It) => ", chi ha la caratteristica",
                (Quantity::With, Lang::En) => ", those with the property",
                _ => "",
            };
            format!(
                "`{}` {} [{}{part}] {} {release}",
                self.indicator(),
                self.breakdown,
                self.words.get(lang),
                self.period(),
            )
        };
        Text::new(in_words(Lang::It), in_words(Lang::En))
    }
}

impl Finding {
    /// The finding in words.
    pub fn text(&self) -> Text {
        Text::new(self.words(Lang::It), self.words(Lang::En))
    }

    fn words(&self, lang: Lang) -> String {
        let target = self.target.text();
        let target = target.get(lang);
        let means: Vec<String> = self
            .means
            .iter()
            .map(|mention| mention.text().get(lang).to_owned())
            .collect();
        let means = means.join(" + ");
        let minimum = self.minimum;
        match (self.attack, lang) {
            (Attack::SameCell, Lang::It) => format!(
                "{target} e {means} contano quasi le stesse unità: la differenza è di meno di {minimum} e si legge per sottrazione"
            ),
            (Attack::SameCell, Lang::En) => format!(
                "{target} and {means} count nearly the same units: the difference is of fewer than {minimum} and is read by subtraction"
            ),
            (Attack::OneInside, Lang::It) => format!(
                "{target} sta dentro {means}: fra l'una e l'altra restano meno di {minimum} unità, che si leggono per sottrazione"
            ),
            (Attack::OneInside, Lang::En) => format!(
                "{target} lies inside {means}: fewer than {minimum} units are left between them, and are read by subtraction"
            ),
            (Attack::Combined, Lang::It) => {
                format!("la cella nascosta {target} si ricava, o quasi, da: {means}")
            }
            (Attack::Combined, Lang::En) => {
                format!("the hidden cell {target} can be computed, or nearly, from: {means}")
            }
        }
    }
}
