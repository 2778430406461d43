//! Results that are no table of cells: regressions, curves of survival, event studies, models, places of a distribution, pictures, areas; and the words of people, which are no result.
//!
//! Each holds, beside the numbers that would be shown, what they rest on; disclosure control reads only that.
//! [`Output`] is matched without a rest: a kind without its rule does not compile.

use serde::{Deserialize, Serialize};

/// A result of any kind but a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Output {
    /// Coefficients of a regression.
    Regression(Regression),
    /// A curve of survival, or of what has happened by a time.
    Survival(SurvivalCurve),
    /// Effects by the time since an event.
    EventStudy(EventStudy),
    /// A model that is handed out: a tree, a forest, a network.
    Model(Model),
    /// Quantiles, the least and the greatest value.
    Positions(Positions),
    /// A chart or a map.
    Picture(Picture),
    /// Numbers by two divisions of the same land.
    Areas(Areas),
    /// Words that people said: of the class that no rule lets out.
    Transcript(Transcript),
}

/// A table of coefficients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regression {
    /// Units it was fitted to.
    pub observations: u64,
    /// Groups within which errors go together, where the errors were clustered.
    pub clusters: Option<u64>,
    /// Coefficients estimated, the constant and those not shown among them.
    pub parameters: u64,
    /// Different combinations of the regressors' values, where they were counted.
    pub patterns: Option<u64>,
    /// The share of the variance explained, where it is shown.
    pub r_squared: Option<f64>,
    /// The coefficients.
    pub terms: Vec<Term>,
}

/// A coefficient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What it is called.
    pub name: String,
    /// The coefficient.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// For a regressor of two values: units with the one and with the other.
    pub units: Option<[u64; 2]>,
}

/// A curve of survival by Kaplan and Meier, or its complement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurvivalCurve {
    /// The steps, by time.
    pub steps: Vec<SurvivalStep>,
    /// Whether the numbers at risk are shown too.
    pub shows_at_risk: bool,
}

/// A step of a curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurvivalStep {
    /// Days, months or years since the beginning.
    pub time: f64,
    /// Units at risk just before.
    pub at_risk: u64,
    /// Units to whom it happened, since the step before.
    pub events: u64,
    /// The share to whom it has not happened.
    pub survival: f64,
}

/// Effects by time since an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventStudy {
    /// The effects, by time.
    pub effects: Vec<EventEffect>,
}

/// The effect at a time since an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventEffect {
    /// Periods since the event, negative before it.
    pub time: i64,
    /// The effect.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Units to whom it happened, seen at this time.
    pub treated: u64,
    /// Units they are compared with.
    pub compared: u64,
}

/// A model that is handed out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Units in each leaf, or in each group that the model keeps apart; none for a model without leaves.
    #[serde(default)]
    pub leaves: Vec<Leaf>,
    /// What the model loses on units it was fitted to, one number each.
    #[serde(default)]
    pub losses_of_members: Vec<f64>,
    /// The same on units of the same population that it never saw.
    #[serde(default)]
    pub losses_of_others: Vec<f64>,
}

/// A leaf of a tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// What it is called.
    pub name: String,
    /// Units it was made of.
    pub units: u64,
    /// Those of its most frequent class, where it says a class.
    pub of_class: Option<u64>,
}

/// Places of a distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Positions {
    /// The places.
    pub positions: Vec<PositionOf>,
}

/// A place of a distribution, and the units around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionOf {
    /// `median`, `p90`, `maximum`.
    pub name: String,
    /// Units at or below the value.
    pub at_or_below: u64,
    /// Units at or above the value.
    pub at_or_above: u64,
}

/// A chart or a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Its marks: bars, points, areas.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// The ends of its classes.
    #[serde(default)]
    pub bounds: Vec<ClassBound>,
    /// Texts that belong to no mark: title, description, caption.
    #[serde(default)]
    pub texts: Vec<String>,
}

/// A mark of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// What it stands for, as the reader is told: category, period.
    pub name: String,
    /// Whether its number is hidden.
    pub is_hidden: bool,
    /// Label, tooltip, alternative text.
    #[serde(default)]
    pub texts: Vec<String>,
    /// The hidden number as it would be written, so that no text of the whole picture says it beside the name.
    pub hidden: Option<String>,
}

/// An end of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassBound {
    /// As the reader is told it.
    pub name: String,
    /// Units whose own value it is.
    pub units: u64,
    /// Whether it was chosen before anybody saw the data: a round number, a line of law.
    #[serde(default)]
    pub is_given: bool,
}

/// Units by two divisions of the same land, on their common refinement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Areas {
    /// The pieces: area of the one division, area of the other, units.
    pub pieces: Vec<Piece>,
}

/// Where an area of one division and an area of another overlap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// The area of the one division.
    pub one: String,
    /// The area of the other.
    pub other: String,
    /// Units that live in both.
    pub units: u64,
}

/// The words of an interview, of a focus group, of an open answer.
///
/// It has no room for a single word, so that whatever asks for a place among results asks with empty hands, and disclosure control refuses it all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {}
