//! The state machine of a release: which step may follow on which state, and what it leads to.
//!
//! The page of the documentation is made from [`table`], and a test tries every pair of state and step.

use std::fmt;

use wdl_vocab::{Lang, Text};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Votes are missing.
    Waiting,
    /// All have voted, and not all votes are opened.
    Sealed,
    /// All reviewers agreed.
    Approved,
    /// All reviewers agreed, at least one under a condition.
    Conditional,
    /// A reviewer wants it changed.
    Returned,
    /// A reviewer disagreed.
    Refused,
    /// It is out.
    Released,
    /// It was taken back.
    Withdrawn,
    /// Another request took its place.
    Replaced,
}

/// What somebody does about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A reviewer votes, sealed.
    Review,
    /// A reviewer opens the own vote.
    Open,
    /// The author puts a changed request in its place; the votes start again.
    Replace,
    /// It is let out.
    Release,
    /// It is taken back.
    Withdraw,
}

impl State {
    /// Every state.
    pub const ALL: [State; 9] = [
        State::Waiting,
        State::Sealed,
        State::Approved,
        State::Conditional,
        State::Returned,
        State::Refused,
        State::Released,
        State::Withdrawn,
        State::Replaced,
    ];

    /// The state as the JSON of the command line writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sealed => "sealed",
            State::Approved => "approved",
            State::Conditional => "conditional",
            State::Returned => "returned",
            State::Refused => "refused",
            State::Released => "released",
            State::Withdrawn => "withdrawn",
            State::Replaced => "replaced",
        }
    }

    /// The state in words.
    pub fn label(self) -> Text {
        match self {
            State::Waiting => Text::fixed("in attesa", "waiting"),
            State::Sealed => Text::fixed("votata, da aprire", "voted, to be opened"),
            State::Approved => Text::fixed("approvata", "approved"),
            State::Conditional => {
                Text::fixed("approvata con condizioni", "approved with conditions")
            }
            State::Returned => Text::fixed("rinviata all'autore", "returned to the author"),
            State::Refused => Text::fixed("respinta", "refused"),
            State::Released => Text::fixed("rilasciata", "released"),
            State::Withdrawn => Text::fixed("ritirata", "withdrawn"),
            State::Replaced => Text::fixed("sostituita", "replaced"),
        }
    }

    /// The states a step may lead to; none when it is forbidden.
    pub fn after(self, step: Step) -> &'static [State] {
        match (self, step) {
            (State::Waiting, Step::Review) => &[State::Waiting, State::Sealed],
            (State::Sealed, Step::Open) => &[
                State::Sealed,
                State::Approved,
                State::Conditional,
                State::Returned,
                State::Refused,
            ],
            (
                State::Waiting
                | State::Sealed
                | State::Approved
                | State::Conditional
                | State::Returned,
                Step::Replace,
            ) => &[State::Replaced],
            (State::Approved | State::Conditional, Step::Release) => &[State::Released],
            (State::Released, Step::Withdraw) => &[State::Withdrawn],
            (
                State::Sealed
                | State::Approved
                | State::Conditional
                | State::Returned
                | State::Refused
                | State::Released
                | State::Withdrawn
                | State::Replaced,
                Step::Review,
            )
            | (
                State::Waiting
                | State::Approved
                | State::Conditional
                | State::Returned
                | State::Refused
                | State::Released
                | State::Withdrawn
                | State::Replaced,
                Step::Open,
            )
            | (
                State::Refused | State::Released | State::Withdrawn | State::Replaced,
                Step::Replace,
            )
            | (
                State::Waiting
                | State::Sealed
                | State::Returned
                | State::Refused
                | State::Released
                | State::Withdrawn
                | State::Replaced,
                Step::Release,
            )
            | (
                State::Waiting
                | State::Sealed
                | State::Approved
                | State::Conditional
                | State::Returned
                | State::Refused
                | State::Withdrawn
                | State::Replaced,
                Step::Withdraw,
            ) => &[],
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 5] = [
        Step::Review,
        Step::Open,
        Step::Replace,
        Step::Release,
        Step::Withdraw,
    ];

    /// The step in words.
    pub fn label(self) -> Text {
        match self {
            Step::Review => Text::fixed("un revisore vota", "a reviewer votes"),
            Step::Open => Text::fixed("un revisore apre il voto", "a reviewer opens the vote"),
            Step::Replace => Text::fixed("l'autore la sostituisce", "the author replaces it"),
            Step::Release => Text::fixed("si rilascia", "it is released"),
            Step::Withdraw => Text::fixed("si ritira", "it is withdrawn"),
        }
    }
}

/// The machine as a table in Markdown: a row for each state, a column for each step, a dash where the step is refused.
pub fn table(lang: Lang) -> String {
    let first = Text::fixed("stato", "state");
    let heads: Vec<String> = Step::ALL
        .iter()
        .map(|step| step.label().get(lang).to_owned())
        .collect();
    let mut shown = format!("| {} | {} |\n", first.get(lang), heads.join(" | "));
    shown.push_str(&format!("|---|{}\n", "---|".repeat(Step::ALL.len())));
    for state in State::ALL {
        let cells: Vec<String> = Step::ALL
            .iter()
            .map(|step| {
                let names: Vec<String> = state
                    .after(*step)
                    .iter()
                    .map(|next| next.label().get(lang).to_owned())
                    .collect();
                match names.is_empty() {
                    true => "–".to_owned(),
                    false => names.join(", "),
                }
            })
            .collect();
        shown.push_str(&format!(
            "| {} | {} |\n",
            state.label().get(lang),
            cells.join(" | ")
        ));
    }
    shown
}
