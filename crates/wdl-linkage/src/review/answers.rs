//! The answers of two reviewers, read back.

use std::collections::BTreeMap;

use thiserror::Error;
use wdl_vocab::{Lang, Text};

use super::agreement::Kappa;
use super::design::{Asked, Sample};
use super::estimate::{self, Interval, StratumAnswers};
use super::sheet::Reviewer;

/// What a reviewer says of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// One person.
    Match,
    /// Two persons.
    NoMatch,
    /// The comparison does not tell.
    CannotSay,
}

impl Verdict {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Verdict; 3] = [Verdict::Match, Verdict::NoMatch, Verdict::CannotSay];

    /// The words by which it is written and read.
    pub const fn text(self) -> Text {
        match self {
            Verdict::Match => Text::fixed("stessa persona", "same person"),
            Verdict::NoMatch => Text::fixed("persone diverse", "different persons"),
            Verdict::CannotSay => Text::fixed("non si può dire", "cannot say"),
        }
    }

    /// The verdict of its words in either language, in any case and with any blanks; `non si puo dire` is understood.
    pub fn read(words: &str) -> Option<Verdict> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let plain = |text: &str| text.replace('ò', "o").replace("o'", "o");
        let words = plain(&words.join(" "));
        Verdict::ALL.into_iter().find(|verdict| {
            let text = verdict.text();
            Lang::ALL
                .into_iter()
                .any(|lang| plain(text.get(lang)) == words)
        })
    }
}

/// What one reviewer sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Who judged.
    pub name: String,
    /// Numbers and verdicts; numbers left out were not judged.
    pub verdicts: Vec<(String, Verdict)>,
}

/// Why answers cannot be taken.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ReviewError {
    /// One person judged twice.
    #[error("both sheets were judged by `{name}`: two reviewers are needed")]
    SameReviewer {
        /// The name.
        name: String,
    },
    /// A sheet names nobody.
    #[error("the answers `{sheet}` do not say who judged")]
    NoName {
        /// The letter of the sheet.
        sheet: char,
    },
    /// Numbers that were not asked of this reviewer.
    #[error("{count} numbers were not asked in this place, the first of them `{first}`")]
    NotAsked {
        /// The first of them, in the order of the answers.
        first: String,
        /// How many.
        count: usize,
    },
    /// Numbers that are answered more than once.
    #[error("{count} numbers are answered more than once, the first of them `{first}`")]
    Repeated {
        /// The first of them, in the order of the answers.
        first: String,
        /// How many.
        count: usize,
    },
}

/// A pair on which the two do not agree, or that one cannot judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Its place in the sample.
    pub asked: usize,
    /// Its number for each reviewer.
    pub numbers: [String; 2],
    /// What each says.
    pub verdicts: [Verdict; 2],
    /// What was settled afterwards.
    pub settled: Option<Verdict>,
}

/// What two reviewers say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// How often the first said the row and the second the column, in the order of [`Verdict::ALL`].
    pub table: [[u64; 3]; 3],
    /// How far they agree beyond chance.
    pub kappa: Option<Kappa>,
    /// Pairs without the same clear verdict of both, in the order of the first reviewer's numbers.
    pub disagreements: Vec<Disagreement>,
    /// How many pairs each reviewer left out.
    pub unanswered: [u64; 2],
    /// The answers by stratum.
    pub strata: Vec<StratumAnswers>,
    /// The share of links that are matches; nothing while a stratum of links has no verdict.
    pub precision: Option<Interval>,
    /// The share of matches among the compared pairs that are linked; nothing while a stratum has no verdict. What blocking lost is not in it.
    pub recall: Option<Interval>,
}

/// Reads the answers of both reviewers, and what was settled afterwards about pairs on which they do not agree (by the first reviewer's numbers).
///
/// A pair counts with the verdict on which both agree, or with the one settled; where there is none it is left open, and the bounds say what it could change.
///
/// # Errors
/// [`ReviewError`] when one person is both reviewers or nobody is named, or a number is not one that was asked, or is answered twice.
pub fn review(
    sample: &Sample,
    answers: &[Answers; 2],
    settled: &[(String, Verdict)],
) -> Result<Review, ReviewError> {
    two_persons(answers)?;
    let [first, second] = Reviewer::BOTH;
    let verdicts_a = by_pair(sample, first, &answers[0].verdicts)?;
    let verdicts_b = by_pair(sample, second, &answers[1].verdicts)?;
    let settled = by_pair(sample, first, settled)?;
    let mut table = [[0; 3]; 3];
    let mut unanswered = [0; 2];
    let mut disagreements = Vec::new();
    let mut strata = open_strata(sample);
    for (place, pair) in sample.asked.iter().enumerate() {
        let both = (verdicts_a.get(&place), verdicts_b.get(&place));
        unanswered[0] += u64::from(both.0.is_none());
        unanswered[1] += u64::from(both.1.is_none());
        let mut verdict = None;
        if let (Some(a), Some(b)) = both {
            table[*a as usize][*b as usize] += 1;
            verdict = (a == b && *a != Verdict::CannotSay).then_some(*a);
            if verdict.is_none() {
                verdict = settled.get(&place).copied();
                disagreements.push(disagreement(pair, place, [*a, *b], verdict));
            }
        }
        strata[pair.stratum].add(verdict);
    }
    refuse_settled(sample, &settled, &disagreements)?;
    disagreements.sort_by_key(|disagreement| sample.asked[disagreement.asked].numbers[0]);
    Ok(Review {
        table,
        kappa: Kappa::of(&table),
        disagreements,
        unanswered,
        precision: estimate::precision(&strata),
        recall: estimate::recall(&strata),
        strata,
    })
}

fn two_persons([first, second]: &[Answers; 2]) -> Result<(), ReviewError> {
    let plain = |answers: &Answers| {
        let words: Vec<String> = answers
            .name
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        words.join(" ")
    };
    for (answers, sheet) in [(first, 'A'), (second, 'B')] {
        if plain(answers).is_empty() {
            return Err(ReviewError::NoName { sheet });
        }
    }
    if plain(first) == plain(second) {
        return Err(ReviewError::SameReviewer {
            name: first.name.trim().to_owned(),
        });
    }
    Ok(())
}

/// Verdicts by the place of their pair in the sample.
fn by_pair(
    sample: &Sample,
    reviewer: Reviewer,
    verdicts: &[(String, Verdict)],
) -> Result<BTreeMap<usize, Verdict>, ReviewError> {
    let places: BTreeMap<String, usize> = sample
        .asked
        .iter()
        .enumerate()
        .map(|(place, pair)| (reviewer.number(pair), place))
        .collect();
    let mut known = BTreeMap::new();
    let (mut not_asked, mut repeated) = (Vec::new(), Vec::new());
    for (number, verdict) in verdicts {
        let number = number.trim();
        match places.get(&number.to_uppercase()) {
            None => not_asked.push(number),
            Some(place) if known.insert(*place, *verdict).is_some() => repeated.push(number),
            Some(_) => {}
        }
    }
    if let Some(first) = not_asked.first() {
        return Err(ReviewError::NotAsked {
            first: (*first).to_owned(),
            count: not_asked.len(),
        });
    }
    if let Some(first) = repeated.first() {
        return Err(ReviewError::Repeated {
            first: (*first).to_owned(),
            count: repeated.len(),
        });
    }
    Ok(known)
}

fn disagreement(
    pair: &Asked,
    asked: usize,
    verdicts: [Verdict; 2],
    settled: Option<Verdict>,
) -> Disagreement {
    Disagreement {
        asked,
        numbers: Reviewer::BOTH.map(|reviewer| reviewer.number(pair)),
        verdicts,
        settled,
    }
}

/// Only what the two do not agree on can be settled.
fn refuse_settled(
    sample: &Sample,
    settled: &BTreeMap<usize, Verdict>,
    disagreements: &[Disagreement],
) -> Result<(), ReviewError> {
    let is_open = |place: &usize| disagreements.iter().any(|open| open.asked == *place);
    let mut others = settled.keys().filter(|place| !is_open(place));
    let Some(first) = others.next() else {
        return Ok(());
    };
    Err(ReviewError::NotAsked {
        first: Reviewer::First.number(&sample.asked[*first]),
        count: 1 + others.count(),
    })
}

fn open_strata(sample: &Sample) -> Vec<StratumAnswers> {
    let open = |stratum| StratumAnswers {
        stratum,
        judged: 0,
        matches: 0,
        open: 0,
    };
    sample.strata.iter().copied().map(open).collect()
}

impl StratumAnswers {
    fn add(&mut self, verdict: Option<Verdict>) {
        match verdict {
            Some(Verdict::Match) => {
                self.judged += 1;
                self.matches += 1;
            }
            Some(Verdict::NoMatch) => self.judged += 1,
            Some(Verdict::CannotSay) | None => self.open += 1,
        }
    }
}
