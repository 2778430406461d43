//! What a column of a file can mean to housing measures, and which values that meaning allows.

use std::collections::BTreeMap;

use wdl_household::{Age, Item, Sex};

/// The meaning of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Disposable income of the household, a year, allowances included.
    Income,
    /// Housing costs of the household, a year.
    Costs,
    /// Housing allowances of the household, a year.
    Allowances,
    /// Rent of the household, a year; empty for those who do not rent.
    Rent,
    /// Rooms of the dwelling.
    Rooms,
    /// Rooms that the household needs, where they are counted already.
    RoomsNeeded,
    /// Members of the household, in a file of one row per household.
    Size,
    /// Equivalent adults of the household, where they are counted already.
    EquivalentAdults,
    /// Children of the declaring parents who live in the household; its minors without it.
    Children,
    /// Whether both parents, or the only one, worked for at least six months.
    ParentsWork,
    /// Whether the roof leaks or there is damp or rot.
    Leaks,
    /// Whether there is neither bath nor shower.
    NoBath,
    /// Whether there is no indoor toilet.
    NoToilet,
    /// Whether the dwelling is too dark.
    Dark,
    /// Age in years.
    Age,
    /// Sex.
    Sex,
    /// The person with whom somebody lives as a couple.
    Partner,
    /// Months worked in the year.
    Months,
    /// Months somebody could have worked.
    MonthsPossible,
    /// Whether somebody studies.
    Student,
    /// Whether somebody is retired or has a pension, not a survivor's.
    Pensioner,
    /// Whether somebody neither works nor looks for work.
    Inactive,
    /// Whether the household lives mainly on pensions.
    PensionsMain,
    /// Whether an item is lacked because it cannot be afforded.
    Item(Item),
}

/// The columns of a file, by their meaning.
pub type Columns = BTreeMap<Column, String>;

impl Column {
    /// The option that names it.
    pub fn option(self) -> &'static str {
        match self {
            Column::Income => "--income",
            Column::Costs => "--costs",
            Column::Allowances => "--allowances",
            Column::Rent => "--rent",
            Column::Rooms => "--rooms",
            Column::RoomsNeeded => "--rooms-needed",
            Column::Size => "--size",
            Column::EquivalentAdults => "--equivalent-adults",
            Column::Children => "--children",
            Column::ParentsWork => "--parents-work",
            Column::Leaks => "--leaks",
            Column::NoBath => "--no-bath",
            Column::NoToilet => "--no-toilet",
            Column::Dark => "--dark",
            Column::Age => "--age",
            Column::Sex => "--sex",
            Column::Partner => "--partner",
            Column::Months => "--months",
            Column::MonthsPossible => "--months-possible",
            Column::Student => "--student",
            Column::Pensioner => "--pensioner",
            Column::Inactive => "--inactive",
            Column::PensionsMain => "--pensions-main",
            Column::Item(_) => "--items",
        }
    }

    /// The numbers it allows, as a sign for people.
    pub(super) fn allowed(self) -> &'static str {
        match self {
            Column::Costs | Column::Allowances | Column::Rent | Column::Rooms => "0 …",
            Column::RoomsNeeded | Column::Size => "1, 2, 3 …",
            Column::Children => "0, 1, 2 …",
            Column::EquivalentAdults => "> 0",
            Column::Age => "-1 … 130",
            Column::Months | Column::MonthsPossible => "0 … 12",
            Column::Sex => "1 (m), 2 (f)",
            Column::Income => "… -1, 0, 1 …",
            Column::Partner => "",
            Column::Leaks
            | Column::NoBath
            | Column::NoToilet
            | Column::Dark
            | Column::Student
            | Column::Pensioner
            | Column::Inactive
            | Column::PensionsMain
            | Column::ParentsWork
            | Column::Item(_) => "1/0, true/false, yes/no, sì/no",
        }
    }

    /// Whether it allows a number.
    pub(super) fn allows(self, number: f64) -> bool {
        match self {
            Column::Costs | Column::Allowances | Column::Rent | Column::Rooms => {
                number.is_finite() && number >= 0.0
            }
            Column::RoomsNeeded | Column::Size => {
                (1.0..=1e6).contains(&number) && number.fract() == 0.0
            }
            Column::Children => (0.0..=1e6).contains(&number) && number.fract() == 0.0,
            Column::EquivalentAdults => number.is_finite() && number > 0.0,
            Column::Age => Age::of_years(number).is_ok(),
            Column::Months | Column::MonthsPossible => (0.0..=12.0).contains(&number),
            _ => number.is_finite(),
        }
    }
}

/// How files write a thing of a few kinds: as codes or as words.
pub(super) struct Words<T> {
    /// What a code stands for.
    pub(super) code: fn(f64) -> Option<T>,
    /// What a word in small letters stands for.
    pub(super) word: fn(&str) -> Option<T>,
}

impl<T> Words<T> {
    /// What a cell stands for; a code may stand among words.
    pub(super) fn read(&self, text: &str) -> Option<T> {
        let text = text.trim().to_lowercase();
        let code = text.parse().ok().and_then(self.code);
        code.or_else(|| (self.word)(&text))
    }
}

/// A yes or a no.
pub(super) const FLAG: Words<bool> = Words {
    code: |code| match code {
        1.0 => Some(true),
        0.0 => Some(false),
        _ => None,
    },
    word: |word| match word {
        "true" | "yes" | "y" | "si" | "sì" | "s" | "vero" => Some(true),
        "false" | "no" | "n" | "falso" => Some(false),
        _ => None,
    },
};

/// A sex; 1 and 2 are those of ISTAT and of the European surveys.
pub(super) const SEX: Words<Sex> = Words {
    code: |code| match code {
        1.0 => Some(Sex::Male),
        2.0 => Some(Sex::Female),
        _ => None,
    },
    word: |word| match word {
        "m" | "male" | "maschio" => Some(Sex::Male),
        "f" | "female" | "femmina" => Some(Sex::Female),
        _ => None,
    },
};

/// Whether two cells name one person: a column of links with gaps is often written as `12.0` where the person is `12`.
pub(super) fn is_one_name(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    one == other || (number(one).is_some() && number(one) == number(other))
}
