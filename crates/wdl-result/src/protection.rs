//! How the numbers of a table were changed instead of hiding small ones, and what readers are told of it.

use serde::{Deserialize, Serialize};
use wdl_vocab::{Lang, Text};

/// How numbers were changed instead of hiding small ones; what may be told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Protection {
    /// Every number is a multiple of the base, and totals are still the sums of their parts.
    ControlledRounding {
        /// The base.
        base: u32,
        /// Multiples beyond the two around it that a number may be away, where nothing nearer adds up.
        steps: u32,
    },
    /// Every number has the noise of its units: the same units, the same number, in every table and release.
    CellKeys {
        /// The largest noise, up or down.
        deviation: u32,
        /// Its variance, in thousandths.
        variance_thousandths: u32,
    },
    /// The finest cells have noise with differential privacy, and totals are the sums of their parts.
    DifferentialPrivacy {
        /// What the tables of one period cost together (ε), in thousandths.
        epsilon_thousandths: u32,
        /// In how many of the finest cells a unit may count.
        contributions: u32,
        /// In 95 of 100 cells the noise of a finest cell is below this.
        within: u32,
    },
}

impl Protection {
    /// How far a number is from the true one at most; `None` where chance alone bounds it.
    pub fn furthest(self) -> Option<u32> {
        match self {
            Protection::ControlledRounding { base, steps } => Some(base * (steps + 1) - 1),
            Protection::CellKeys { deviation, .. } => Some(deviation),
            Protection::DifferentialPrivacy { .. } => None,
        }
    }

    /// What readers are told.
    pub fn words(self) -> Text {
        match self {
            Protection::ControlledRounding { base, steps } => {
                rounding(base, base * (steps + 1) - 1)
            }
            Protection::CellKeys {
                deviation,
                variance_thousandths,
            } => cell_keys(deviation, variance_thousandths),
            Protection::DifferentialPrivacy {
                epsilon_thousandths,
                within,
                ..
            } => differential_privacy(epsilon_thousandths, within),
        }
    }
}

fn rounding(base: u32, away: u32) -> Text {
    Text::new(
        format!(
            "I numeri sono arrotondati a multipli di {base} per riservatezza: ciascuno dista dal vero al più {away}, i totali tornano, e uno 0 può stare per pochi."
        ),
        format!(
            "Numbers are rounded to multiples of {base} for confidentiality: each is at most {away} from the truth, totals add up, and a 0 may stand for a few."
        ),
    )
}

fn cell_keys(deviation: u32, variance_thousandths: u32) -> Text {
    let spread = (f64::from(variance_thousandths) / 1000.0).sqrt();
    let told = |lang: Lang| lang.number(spread, 1);
    Text::new(
        format!(
            "I numeri sono spostati un poco per riservatezza (metodo delle chiavi di cella): ciascuno dista dal vero al più {deviation}, con scarto tipico {}, ed è lo stesso in ogni tabella; i totali possono non tornare, e uno 0 può stare per pochi.",
            told(Lang::It)
        ),
        format!(
            "Numbers are shifted a little for confidentiality (cell-key method): each is at most {deviation} from the truth, with a standard deviation of {}, and is the same in every table; totals may not add up, and a 0 may stand for a few.",
            told(Lang::En)
        ),
    )
}

fn differential_privacy(epsilon_thousandths: u32, within: u32) -> Text {
    let epsilon = f64::from(epsilon_thousandths) / 1000.0;
    let decimals = match epsilon_thousandths {
        whole if whole.is_multiple_of(1000) => 0,
        tenths if tenths.is_multiple_of(100) => 1,
        hundredths if hundredths.is_multiple_of(10) => 2,
        _ => 3,
    };
    let told = |lang: Lang| lang.number(epsilon, decimals);
    Text::new(
        format!(
            "I numeri hanno un rumore casuale per riservatezza (privacy differenziale, ε = {}): nelle celle più fini, in 95 casi su 100, dista dal vero meno di {within}; un totale somma il rumore delle sue parti, e un numero può essere negativo.",
            told(Lang::It)
        ),
        format!(
            "Numbers have random noise for confidentiality (differential privacy, ε = {}): in the finest cells, in 95 cases of 100, less than {within} from the truth; a total adds up the noise of its parts, and a number may be negative.",
            told(Lang::En)
        ),
    )
}
