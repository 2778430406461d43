//! Accessible charts as SVG text, each with the table of its numbers and its words for those who do not see it.
//!
//! Pure functions from a slice of a [`wdl_result::Table`], or from the plain numbers of a linkage or of an evaluation, to text: no file, no clock, no script, the same bytes every time.
//! No colour is the only signal: every series has its own dash and marker and its name beside it, and what is missing is marked and named.
//! It must not know where a table comes from, nor microdata.

mod alt;
mod axes;
mod classes;
mod data_table;
mod dots;
mod effects;
mod flow;
mod frame;
mod funnel;
mod geography;
mod groups;
mod heat;
mod histogram;
mod joint;
mod lines;
pub mod linkage;
mod lorenz;
mod map;
mod marks;
mod multiples;
pub mod numbers;
mod paths;
mod picture;
mod rows;
mod scale;
mod series;
mod spark;
mod svg;
mod words;

pub use data_table::{Column, DataCell, DataTable, Row, Scope, crossed, latest, over_time};
pub use dots::{Dots, dots};
pub use effects::{Effect, Effects};
pub use flow::{Flow, flow};
pub use funnel::{Funnel, funnel};
pub use geography::{Geography, GeographyError};
pub use heat::{Heat, heat};
pub use histogram::{Histogram, Threshold, histogram};
pub use joint::{JointDisplay, Measured, Pair, Share, Together};
pub use lines::{Band, Lines, MAX_LINES, lines};
pub use lorenz::{Lorenz, lorenz};
pub use map::{Map, map};
pub use multiples::{MAX_PANELS, Multiples, multiples};
pub use paths::{Drawn, Path, Paths};
pub use picture::{Origin, Picture, Place};
pub use series::{Gap, Gaps, Keys, gaps_of};
pub use spark::spark;
pub use words::{TEXTS, fluent_sources, gap_meaning, gap_word, names_dimension, notice};

/// How wide a chart is drawn: a page shows one or the other by the width of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 760 units: desktop and paper.
    Wide,
    /// 360 units: a telephone.
    Narrow,
}

/// A drawn chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The whole `<svg>` element.
    pub svg: String,
    /// What it shows, in words: also the element's own description.
    pub alt: String,
    /// What is missing in it.
    pub gaps: Gaps,
}

/// Why a chart cannot be drawn.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChartError {
    /// A selection names a category that the table does not have.
    #[error("table `{table}` has no category `{category}`")]
    UnknownCategory {
        /// The table's breakdown.
        table: String,
        /// The category asked for.
        category: String,
    },
    /// A selection has more or fewer keys than the table has dimensions.
    #[error("table `{table}` has {expected} dimensions, the selection has {actual} keys")]
    WrongKeys {
        /// The table's breakdown.
        table: String,
        /// Its dimensions.
        expected: usize,
        /// The keys given.
        actual: usize,
    },
    /// More lines than a reader can follow.
    #[error("{count} lines in one chart, {maximum} at most")]
    TooManyLines {
        /// The lines asked for.
        count: usize,
        /// [`MAX_LINES`].
        maximum: usize,
    },
    /// Years and quarters in the same table.
    #[error("table `{table}` mixes years and quarters")]
    MixedPeriods {
        /// The table's breakdown.
        table: String,
    },
    /// The table has no cell at all.
    #[error("table `{table}` is empty")]
    Empty {
        /// The table's breakdown.
        table: String,
    },
    /// No area of the map bears a category of the table.
    #[error("table `{table}` has no area on the map")]
    NoAreas {
        /// The table's breakdown.
        table: String,
    },
    /// A funnel plot was asked of a table that is not of shares of counted units with their total.
    #[error("table `{table}` is not of shares with their units and total")]
    NotShares {
        /// The table's breakdown.
        table: String,
    },
    /// A histogram was asked of a table whose categories are no ranges, or that does not count.
    #[error("the categories of table `{table}` are not ranges with numbers in them")]
    NotRanges {
        /// The table's breakdown.
        table: String,
    },
    /// A Lorenz curve was asked of a table that is not of sums, or where one is missing.
    #[error("table `{table}` has not the sum of every group")]
    NotWhole {
        /// The table's breakdown.
        table: String,
    },
    /// A course was asked of a table where a stage is no part of the one before.
    #[error("the categories of table `{table}` are not stages, each a part of the one before")]
    NotStages {
        /// The table's breakdown.
        table: String,
    },
    /// A drawing was asked of a table with another number of dimensions.
    #[error("table `{table}` has {actual} dimensions, {expected} needed")]
    WrongDimensions {
        /// The table's breakdown.
        table: String,
        /// The dimensions needed.
        expected: usize,
        /// The dimensions there are.
        actual: usize,
    },
}
