//! Work intensity of a household, and very low work intensity.
//!
//! Sources: Eurostat, dataset note of sdg_01_40 ("equal or less than 20 %", adults of 18 to 64) for the rule since 2021; *Statistics Explained*, glossary "Persons living in households with low work intensity" ("less than 20 %", 18 to 59) for the rule before.

use std::ops::RangeInclusive;

use crate::compare::{exceeds, is_at_most};
use crate::member::Age;
use crate::untold::{Told, Untold};

/// The months of a year.
const YEAR: f64 = 12.0;
/// The part of the possible months at or below which intensity is very low.
const VERY_LOW: f64 = 0.2;
/// Those who study at these ages are not counted as adults.
const STUDENTS: RangeInclusive<u8> = 18..=24;
/// Inactive people of these ages are not counted in households that live mainly on pensions (rule since 2021).
const INACTIVE: RangeInclusive<u8> = 60..=64;

/// Who counts as somebody who could work, and who is described.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WorkRule {
    /// Since 2021 (Europe 2030): adults of 18 to 64 without students under 25, people retired or with a pension (not a survivor's), and inactive people of 60 to 64 in households living mainly on pensions; describes those up to 64.
    #[default]
    Eu2030,
    /// Until 2020 (Europe 2020): adults of 18 to 59 without students under 25; describes those up to 59.
    Eu2020,
}

/// Whether a household exactly at a fifth is of very low intensity: Eurostat's texts say both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AtBound {
    /// It is ("equal or less than 20 %").
    Counts,
    /// It is not ("less than 20 %").
    DoesNotCount,
}

/// A member, as far as is known of his year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worker {
    /// The age.
    pub age: Option<Age>,
    /// Months worked, part time as its part of a full month.
    pub months_worked: Option<f64>,
    /// Months he could have worked; the year when it is not told.
    pub months_possible: Option<f64>,
    /// Whether he studies.
    pub is_student: Option<bool>,
    /// Whether he is retired or has a pension other than a survivor's.
    pub is_pensioner: Option<bool>,
    /// Whether he neither works nor looks for work.
    pub is_inactive: Option<bool>,
}

impl WorkRule {
    /// Every rule with its name.
    pub const NAMES: [(&'static str, WorkRule); 2] =
        [("eu2030", WorkRule::Eu2030), ("eu2020", WorkRule::Eu2020)];

    /// Its name: `eu2030`.
    pub fn name(self) -> &'static str {
        match self {
            WorkRule::Eu2030 => "eu2030",
            WorkRule::Eu2020 => "eu2020",
        }
    }

    /// The highest age of those who could work, and of those who are described.
    pub fn highest_age(self) -> u8 {
        match self {
            WorkRule::Eu2030 => 64,
            WorkRule::Eu2020 => 59,
        }
    }

    /// The bound as the rule's own text has it.
    pub fn bound(self) -> AtBound {
        match self {
            WorkRule::Eu2030 => AtBound::Counts,
            WorkRule::Eu2020 => AtBound::DoesNotCount,
        }
    }

    /// Whether a member counts as somebody who could work; `lives_on_pensions` says it of the household.
    fn counts(self, worker: &Worker, lives_on_pensions: Option<bool>) -> Told<bool> {
        let age = worker.age.ok_or(Untold::AgeMissing)?.years();
        if !(18..=self.highest_age()).contains(&age) {
            return Ok(false);
        }
        let told = |answer: Option<bool>| answer.ok_or(Untold::WorkMissing);
        if STUDENTS.contains(&age) && told(worker.is_student)? {
            return Ok(false);
        }
        match self {
            WorkRule::Eu2020 => Ok(true),
            WorkRule::Eu2030 => {
                let is_out = told(worker.is_pensioner)?
                    || (INACTIVE.contains(&age)
                        && told(worker.is_inactive)?
                        && told(lives_on_pensions)?);
                Ok(!is_out)
            }
        }
    }
}

impl AtBound {
    /// Every way with its name.
    pub const NAMES: [(&'static str, AtBound); 2] = [
        ("at-most", AtBound::Counts),
        ("below", AtBound::DoesNotCount),
    ];

    /// Its name: `at-most`.
    pub fn name(self) -> &'static str {
        match self {
            AtBound::Counts => "at-most",
            AtBound::DoesNotCount => "below",
        }
    }

    fn is_very_low(self, worked: f64, possible: f64) -> bool {
        match self {
            AtBound::Counts => is_at_most(worked, VERY_LOW * possible, possible),
            AtBound::DoesNotCount => exceeds(VERY_LOW * possible, worked, possible),
        }
    }
}

/// Whether a household is of very low work intensity; nothing when nobody in it could work, so that it is not described.
///
/// It is told only when the months of everybody who could work are: a full year beside somebody who says nothing would settle it as a no, and never as a yes.
///
/// # Errors
/// [`Untold::AgeMissing`] of a member; [`Untold::WorkMissing`] when the months of somebody who could work are not told, or whether he could.
pub fn work_intensity(
    rule: WorkRule,
    bound: AtBound,
    workers: &[Worker],
    lives_on_pensions: Option<bool>,
) -> Told<Option<bool>> {
    let (mut worked, mut possible) = (0.0, 0.0);
    for worker in workers {
        if !rule.counts(worker, lives_on_pensions)? {
            continue;
        }
        possible += worker.months_possible.unwrap_or(YEAR);
        worked += worker.months_worked.ok_or(Untold::WorkMissing)?;
    }
    Ok((possible > 0.0).then(|| bound.is_very_low(worked, possible)))
}
