//! The equivalence scale of the ISEE: dated parameters of law, read from a file of the lab.
//!
//! The rule is that of annex 1 to d.P.C.M. 159/2013: a parameter by members, so much for each further member, and additions for children, for parents who work, for a lone parent.
//! The amounts are those of the file; from 2026 some measures use a second regime with other additions, so that one family has two scales at once.

use std::fmt;

use jiff::civil::Date;
use serde::Deserialize;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, Text};
use wdl_yaml::{Fault, Placed, Source};

/// A number of the scale in hundredths: the law writes two decimals, and they stay exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hundredths(u32);

impl Hundredths {
    /// So many hundredths.
    pub const fn of(hundredths: u32) -> Hundredths {
        Hundredths(hundredths)
    }

    /// The hundredths.
    pub fn get(self) -> u32 {
        self.0
    }

    /// As a number for statistics.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    fn parse(text: &str) -> Option<Hundredths> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if !(1..=3).contains(&whole.len()) || decimals.len() > 2 {
            return None;
        }
        if !is_digits(whole) || !is_digits(decimals) {
            return None;
        }
        let whole: u32 = whole.parse().ok()?;
        let decimals: u32 = format!("{decimals:0<2}").parse().ok()?;
        Some(Hundredths(100 * whole + decimals))
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// For which measures a scale holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// All that no other rule names.
    Ordinary,
    /// The measures for families and inclusion that l. 199/2025 names.
    Family,
}

/// The minors of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Minors {
    /// There are none.
    None,
    /// All are three or older.
    FromThree,
    /// At least one is under three.
    SomeUnderThree,
}

/// Whether the parents' standing gives an addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parents {
    /// Both, or the only one, worked for at least six months of the year of the incomes.
    Work,
    /// The family is one parent who does not work, and minor children.
    LoneWithoutWork,
    /// Neither.
    Neither,
}

/// What the scale reads of a family (*nucleo ISEE*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IseeFamily {
    /// Its members.
    pub members: u32,
    /// The children of the declaring parents who live in it.
    pub children: u32,
    /// The minors among them.
    pub minors: Minors,
    /// The standing of the parents.
    pub parents: Parents,
}

/// One scale, from the day it begins to hold.
// INVARIANT: `by_members` is not empty; `of_children` ascends by the number of children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IseeScale {
    from: Date,
    regime: Regime,
    source: Text,
    by_members: Vec<Hundredths>,
    per_further_member: Hundredths,
    of_children: Vec<(u32, Hundredths)>,
    of_parents: Hundredths,
    of_parents_under_three: Hundredths,
}

impl IseeScale {
    /// The article it comes from.
    pub fn source(&self) -> &Text {
        &self.source
    }

    /// The first day it holds.
    pub fn from(&self) -> Date {
        self.from
    }

    /// The parameter of a family; nothing of a family without members.
    pub fn parameter(&self, family: &IseeFamily) -> Option<Hundredths> {
        let listed = u32::try_from(self.by_members.len()).expect("a scale is short");
        let place = family.members.min(listed).checked_sub(1)?;
        let further = family.members.saturating_sub(listed);
        let of_members = self.by_members[place as usize].0 + further * self.per_further_member.0;
        Some(Hundredths(
            of_members + self.of_children(family.children).0 + self.of_parents(family).0,
        ))
    }

    fn of_children(&self, children: u32) -> Hundredths {
        let reached = self.of_children.iter().rev();
        let mut reached = reached.filter(|(from, _)| children >= *from);
        reached.next().map_or(Hundredths(0), |(_, more)| *more)
    }

    fn of_parents(&self, family: &IseeFamily) -> Hundredths {
        match (family.parents, family.minors) {
            (Parents::Neither, _) | (_, Minors::None) => Hundredths(0),
            (Parents::Work | Parents::LoneWithoutWork, Minors::FromThree) => self.of_parents,
            (Parents::Work | Parents::LoneWithoutWork, Minors::SomeUnderThree) => {
                self.of_parents_under_three
            }
        }
    }
}

/// Every scale of the file.
// INVARIANT: ascending by the day they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IseeScales(Vec<IseeScale>);

impl IseeScales {
    /// Reads `parameters/isee_scale.yaml` of a lab folder.
    ///
    /// # Errors
    /// The place of a value that is no number of a scale, or a list that does not ascend.
    pub fn read(source: &Source) -> Result<IseeScales, Fault<ScaleFault>> {
        let file: File = source.parse()?;
        let mut scales = Vec::new();
        for scale in &file.scales {
            scales.push(scale.read(source)?);
        }
        let is_ascending = scales.is_sorted_by_key(|scale: &IseeScale| scale.from);
        match (is_ascending, file.scales.first()) {
            (true, Some(_)) => Ok(IseeScales(scales)),
            (_, first) => {
                let line = first.map_or(1, |scale| scale.from.referenced.line());
                let line = usize::try_from(line).unwrap_or(1);
                Err(source.fault(line, 1, ScaleFault::Order))
            }
        }
    }

    /// The scale of a regime in force on a day; nothing before the first.
    pub fn on(&self, day: Date, regime: Regime) -> Option<&IseeScale> {
        let in_force = |scale: &&IseeScale| scale.regime == regime && scale.from <= day;
        self.0.iter().rev().find(in_force)
    }
}

/// What only the reader of a scale can find wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScaleFault {
    /// A value is no number with at most two decimals.
    #[error("`{0}` is not a number with at most two decimals")]
    Number(String),
    /// A value is no day.
    #[error("`{0}` is not a day such as 2015-01-01")]
    Day(String),
    /// A list is empty, or its members, children or days do not ascend.
    #[error("the list is empty or does not ascend")]
    Order,
}

impl Diagnose for ScaleFault {
    fn diagnostic(&self) -> Diagnostic {
        let words = match self {
            ScaleFault::Number(text) => Text::new(
                format!("`{text}` non è un numero con al più due decimali"),
                self.to_string(),
            ),
            ScaleFault::Day(text) => Text::new(
                format!("`{text}` non è un giorno come 2015-01-01"),
                self.to_string(),
            ),
            ScaleFault::Order => Text::new(
                "l'elenco è vuoto o non è in ordine crescente",
                self.to_string(),
            ),
        };
        Diagnostic::new(codes::SCALE_FILE).with_words("detail", &words)
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scales: Vec<ScaleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScaleFile {
    from: Placed<String>,
    regime: Regime,
    source: Text,
    by_members: Vec<Placed<String>>,
    per_further_member: Placed<String>,
    children: Vec<ChildrenFile>,
    parents: Placed<String>,
    parents_under_three: Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChildrenFile {
    from: u32,
    more: Placed<String>,
}

impl ScaleFile {
    fn read(&self, source: &Source) -> Result<IseeScale, Fault<ScaleFault>> {
        let number = |text: &Placed<String>| {
            let wrong = || source.fault_at(text, ScaleFault::Number(text.value.clone()));
            Hundredths::parse(&text.value).ok_or_else(wrong)
        };
        let day =
            self.from.value.parse().map_err(|_| {
                source.fault_at(&self.from, ScaleFault::Day(self.from.value.clone()))
            })?;
        let by_members: Vec<Hundredths> = self
            .by_members
            .iter()
            .map(number)
            .collect::<Result<_, _>>()?;
        let mut of_children = Vec::new();
        for children in &self.children {
            of_children.push((children.from, number(&children.more)?));
        }
        let is_ascending =
            by_members.is_sorted() && of_children.is_sorted_by(|one, next| one.0 < next.0);
        if by_members.is_empty() || !is_ascending {
            return Err(source.fault_at(&self.from, ScaleFault::Order));
        }
        Ok(IseeScale {
            from: day,
            regime: self.regime,
            source: self.source.clone(),
            by_members,
            per_further_member: number(&self.per_further_member)?,
            of_children,
            of_parents: number(&self.parents)?,
            of_parents_under_three: number(&self.parents_under_three)?,
        })
    }
}
