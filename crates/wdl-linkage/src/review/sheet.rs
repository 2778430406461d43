//! What a reviewer is given: numbers in an order of their own, and levels of comparison in words.

use wdl_vocab::Text;

use super::design::{Asked, Sample};

/// One of the two who judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewer {
    /// The first: numbers begin with A.
    First,
    /// The second: numbers begin with B.
    Second,
}

impl Reviewer {
    /// Both.
    pub const BOTH: [Reviewer; 2] = [Reviewer::First, Reviewer::Second];

    /// The number of a pair as this reviewer sees it, such as `A17`.
    pub fn number(self, pair: &Asked) -> String {
        let [first, second] = pair.numbers;
        match self {
            Reviewer::First => format!("A{first}"),
            Reviewer::Second => format!("B{second}"),
        }
    }

    /// The place of a reviewer among both.
    pub(super) fn place(self) -> usize {
        match self {
            Reviewer::First => 0,
            Reviewer::Second => 1,
        }
    }
}

/// One pair as it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number for this reviewer.
    pub number: String,
    /// How far each field agrees, in words.
    pub levels: Vec<Text>,
}

/// What one reviewer is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Whose it is.
    pub reviewer: Reviewer,
    /// The pairs, in an order that says nothing.
    pub rows: Vec<SheetRow>,
}

/// The sheet of a reviewer; `levels` puts into words how far the fields of a pair agree.
pub fn sheet(sample: &Sample, reviewer: Reviewer, levels: impl Fn(&Asked) -> Vec<Text>) -> Sheet {
    let mut asked: Vec<&Asked> = sample.asked.iter().collect();
    asked.sort_by_key(|pair| pair.numbers[reviewer.place()]);
    Sheet {
        reviewer,
        rows: asked
            .into_iter()
            .map(|pair| SheetRow {
                number: reviewer.number(pair),
                levels: levels(pair),
            })
            .collect(),
    }
}
