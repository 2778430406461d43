//! What a number rests on, which decides when it may be shown: every statistic declares one rule, or does not compile.
//!
//! The rules go beyond the frequency of a cell: a value can be one person's although the cell holds many.

/// The disclosure rule of a statistic.
///
/// Sources: *Handbook on Statistical Disclosure Control for Outputs* (Griffiths and others, 2019), on positions, concentration and parts of a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutputRule {
    /// Counts, shares and probabilities: the units, those with the property and those without.
    Units,
    /// Sums, means and indices over every value of the cell.
    AllValues,
    /// The value at a place of the distribution: as many units must lie on either side as a cell must hold.
    Position {
        /// The part of the population below it.
        below: f64,
    },
    /// What a part of the population has: the part must hold as many units as a cell.
    Part {
        /// The smallest part that the number looks at.
        part: f64,
    },
    /// A number over those under a line: they must be as many as a cell must hold, or none.
    UnderLine,
    /// The median of those under a line: twice as many.
    MedianUnderLine,
    /// As a source gives it, with the units it rests on.
    Given,
}

impl OutputRule {
    /// How many units a cell must hold for the number to be shown, under a minimum frequency.
    pub fn units_min(self, minimum: u64) -> u64 {
        let of_part = |part: f64| match part > 0.0 {
            // A hair less, so that 5 of 50 are a tenth whatever the arithmetic leaves.
            true => (minimum as f64 / part - 1e-9).ceil() as u64,
            false => u64::MAX,
        };
        match self {
            OutputRule::Units
            | OutputRule::AllValues
            | OutputRule::UnderLine
            | OutputRule::MedianUnderLine
            | OutputRule::Given => minimum,
            OutputRule::Position { below } => of_part(below.min(1.0 - below)),
            OutputRule::Part { part } => of_part(part.min(1.0 - part)),
        }
    }

    /// How many units must lie under the line, when any do; `None` for a number that looks at no line.
    pub fn under_line_min(self, minimum: u64) -> Option<u64> {
        match self {
            OutputRule::UnderLine => Some(minimum),
            OutputRule::MedianUnderLine => Some(2 * minimum),
            OutputRule::Units
            | OutputRule::AllValues
            | OutputRule::Position { .. }
            | OutputRule::Part { .. }
            | OutputRule::Given => None,
        }
    }
}
