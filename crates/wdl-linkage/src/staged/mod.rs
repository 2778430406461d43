//! Rows about persons, linked by stages over deliveries: the code, then exact tokens of combinations, then encodings for the residue.
//!
//! Place in the flow: the linked base hands in the rows of every dataset that has tokens, as numbers re-keyed with the lab's secret, and gets which rows without a valid code belong to whom, which codes were replaced by others, and what a person must decide.
//! It must not know where rows and numbers come from.
//!
//! **Invariants:** two different codes are one person only by the rule of [`Replaced`], or when a person has decided so; a token that two people bear links neither; nobody holds two positions of the reference population at once; what is linked follows from the rows alone, so that deliveries linked one after the other give what they give together.

mod blocks;
mod changes;
mod compared;
mod decided;
mod quality;
mod replaced;
mod residue;
mod resolve;

use serde::{Deserialize, Serialize};

pub use changes::{Change, Changes, changes};
pub use compared::{Compared, Likeness};
pub use decided::{Decision, Question, Verdict};
pub use quality::{Agreement, Group, KNOWN_MIN, Share, agreement};
pub use residue::{Encoding, Judgement, Residue};

use blocks::Blocks;
use resolve::Outcome;

/// The version of everything here that decides what is linked.
pub const METHOD: &str = "staged/2";

/// One column of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Its name, for people who ask why: `names_birth`, `names_birth_swapped_names`.
    pub name: String,
    /// The place of its combination: the plain form and its variants meet.
    pub combination: u8,
    /// Whether it is the combination as it stands; otherwise a usual mistake is undone, and it meets the plain form of others.
    pub is_plain: bool,
}

/// What is known of a row beside its tokens: it can forbid a link and makes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The month of birth, as its first day counted from 1970.
    pub born: Option<i32>,
    /// The sex, as a number.
    pub sex: Option<u8>,
    /// The first day on which the row holds.
    pub from: Option<i32>,
    /// The first day on which it holds no more; none while it holds.
    pub until: Option<i32>,
    /// The household.
    pub household: Option<i64>,
    /// The dwelling.
    pub dwelling: Option<i64>,
    /// A group of people whose linkage is looked at apart, as the caller numbers them.
    pub group: Option<u8>,
}

/// A code that a row had in an earlier delivery and has no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// The row that stands now, by its place.
    pub row: u32,
    /// The person of the code it had.
    pub person: i64,
    /// The tokens it had, probe by probe.
    pub tokens: Vec<Option<i64>>,
}

/// The rows of one dataset, ascending by record.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Its name.
    pub dataset: String,
    /// Whether it is the reference population: a row is a position, and nobody holds two at once.
    pub is_reference: bool,
    /// The number of each row.
    pub records: Vec<i64>,
    /// The person of its valid code.
    pub persons: Vec<Option<i64>>,
    /// The delivery it came with, counted in the order in which deliveries came.
    pub deliveries: Vec<u32>,
    /// What else is known.
    pub facts: Vec<Facts>,
    /// The tokens, probe by probe.
    pub tokens: Vec<Vec<Option<i64>>>,
    /// The encodings of the few rows that have one, ascending by row.
    pub encodings: Vec<(u32, Encoding)>,
    /// Codes that were replaced on the same row, ascending by row.
    pub superseded: Vec<Superseded>,
}

/// Everything that is linked.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The columns of tokens, from the strictest to the loosest.
    pub probes: Vec<Probe>,
    /// The datasets, ascending by name.
    pub sources: Vec<Rows>,
    /// What people decided on doubts, the earliest first; on one question only the last word.
    pub decisions: Vec<Decision>,
}

/// Where a link comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// An equal token of this column.
    Token(String),
    /// Encodings that are alike.
    Encoding,
    /// A person decided on a doubt.
    Decision,
}

/// A row without a valid code and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The dataset.
    pub dataset: String,
    /// The row.
    pub record: i64,
    /// The person: the one of a code, or a provisional number when no row of the person has a code.
    pub person: i64,
    /// Whether the person has a code.
    pub is_coded: bool,
    /// By what.
    pub stage: Stage,
    /// The delivery with which the link became possible.
    pub delivery: u32,
}

/// A code that was replaced by another.
///
/// Both codes bear the same token, no third one does, month of birth and sex agree, no row under the old code bears another name, and either
/// the reference population's own row had the old code and now has the new one, while the old one stands on no row of it any more; or
/// every position under the old code had ended when the first under the new one began, and that one continues it: on the same day, in the same household or in the same dwelling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Replaced {
    /// The person of the old code.
    pub old: i64,
    /// The person of the new one.
    pub new: i64,
    /// How it shows.
    pub evidence: Evidence,
    /// The delivery that brought the new code.
    pub delivery: u32,
}

/// How a replaced code shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The same row has the new code.
    SameRow,
    /// The position under the new code continues the one under the old.
    NextPosition,
    /// A person decided on a doubt; the code that came with the later delivery stands.
    Decided,
}

/// Why the program does not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Two people bear the token.
    SharedToken,
    /// Two positions would be held at once.
    AtOnce,
    /// Month of birth or sex differ.
    Differs,
    /// Three codes or more bear the token.
    SeveralCodes,
    /// Two codes bear the token and both stand in one household or dwelling; elsewhere they are two people, and nothing is asked.
    BothStand,
    /// Two codes bear the token, one ended before the other began, and nothing continues.
    NotContinued,
    /// Two codes bear the token, and one of them is not in the reference population.
    OutsideReference,
    /// The old code stands on rows with another name.
    OtherName,
    /// Encodings are alike, and not enough to decide by them.
    Alike,
}

/// What a person must decide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Doubt {
    /// Why.
    pub cause: Cause,
    /// Who and what may be one person.
    pub about: Question,
    /// What agrees among them and what does not.
    pub compared: Compared,
    /// The newest delivery among the rows.
    pub delivery: u32,
}

/// Everything that was decided, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The links, ascending.
    pub links: Vec<Link>,
    /// The replaced codes, ascending.
    pub replaced: Vec<Replaced>,
    /// The doubts, ascending.
    pub doubts: Vec<Doubt>,
    /// What the stage of encodings saw and did.
    pub residue: Residue,
}

/// What a new delivery touches: the tokens and persons of its rows and of the rows they replace.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Tokens with the place of their combination.
    pub tokens: Vec<(u8, i64)>,
    /// Persons of codes.
    pub persons: Vec<i64>,
    /// Rows: dataset and record.
    pub records: Vec<(String, i64)>,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Groups of rows that share a code or a token and were resolved.
    pub groups: u64,
    /// Groups that were taken over as they stood.
    pub kept: u64,
    /// Pairs of encodings between the reference population and the rest.
    pub pairs: u64,
}

/// Links everything.
pub fn link(input: &Input) -> (State, Work) {
    run(input, None)
}

/// Links what a delivery touches and takes over the rest of what was decided before.
///
/// The answer is that of [`link`], provided that `touched` names the tokens and persons of every row that came, changed or went.
pub fn relink(input: &Input, earlier: &State, touched: &Touched) -> (State, Work) {
    run(input, Some((earlier, touched)))
}

fn run(input: &Input, earlier: Option<(&State, &Touched)>) -> (State, Work) {
    let blocks = Blocks::of(input);
    let open = blocks.open(earlier);
    let mut outcome = Outcome::default();
    let mut work = Work::default();
    for rows in blocks.interesting() {
        let root = blocks.root_of(rows[0]);
        if open.contains(&root) {
            work.groups += 1;
            resolve::resolve(&blocks, rows, &mut outcome);
        } else {
            work.kept += 1;
        }
    }
    if let Some((state, _)) = earlier {
        keep(&blocks, state, &open, &mut outcome);
    }
    work.pairs = residue::resolve(&blocks, &mut outcome);
    (outcome.finish(), work)
}

/// Takes over what was decided of the groups that nothing touches.
fn keep(blocks: &Blocks<'_>, earlier: &State, open: &blocks::Roots, outcome: &mut Outcome) {
    let is_kept = |root: Option<u32>| root.is_some_and(|root| !open.contains(&root));
    let of_record = |dataset: &str, record| blocks.root_of_record(dataset, record);
    let links = earlier.links.iter();
    let links = links.filter(|one| is_kept(of_record(&one.dataset, one.record)));
    outcome.links.extend(links.cloned());
    let replaced = earlier.replaced.iter();
    let replaced = replaced.filter(|one| is_kept(blocks.root_of_person(one.new)));
    outcome.replaced.extend(replaced.cloned());
    let root_of_doubt =
        |doubt: &Doubt| match (doubt.about.persons.first(), doubt.about.records().next()) {
            (Some(person), _) => blocks.root_of_person(*person),
            (None, Some((dataset, record))) => of_record(dataset, *record),
            (None, None) => None,
        };
    // What encodings leave open is looked at each time: it is of two groups.
    let doubts = earlier.doubts.iter();
    let doubts = doubts.filter(|doubt| doubt.cause != Cause::Alike);
    let doubts = doubts.filter(|doubt| is_kept(root_of_doubt(doubt)));
    outcome.doubts.extend(doubts.cloned());
}
