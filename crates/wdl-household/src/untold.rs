//! Why something of a household cannot be told.

use std::fmt;

/// What the members do not tell, so that nothing follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Untold {
    /// The household has no members.
    NoMembers,
    /// The age of somebody on whom it depends.
    AgeMissing,
    /// The sex of somebody on whom it depends.
    SexMissing,
    /// Two people claim one partner, or somebody claims himself.
    PartnerUnclear,
    /// The income.
    IncomeMissing,
    /// The income after allowances is zero or negative, and such households are left out.
    IncomeNotPositive,
    /// The housing costs.
    CostsMissing,
    /// The housing allowances.
    AllowancesMissing,
    /// The equivalent adults.
    ScaleMissing,
    /// The equivalent adults are zero or negative.
    ScaleNotPositive,
    /// The rooms.
    RoomsMissing,
    /// The rooms are zero or fewer: no dwelling has none.
    RoomsNotPositive,
    /// The roof, the bath, the toilet or the light of the dwelling.
    DefectsMissing,
    /// The months of somebody on whose work it depends, or whether he studies or has a pension.
    WorkMissing,
    /// Too many items of deprivation.
    ItemsMissing,
}

/// What follows, or why it cannot be told.
pub type Told<T> = Result<T, Untold>;

impl Untold {
    /// Its stable name: `age_missing`.
    pub fn name(self) -> &'static str {
        match self {
            Untold::NoMembers => "no_members",
            Untold::AgeMissing => "age_missing",
            Untold::SexMissing => "sex_missing",
            Untold::PartnerUnclear => "partner_unclear",
            Untold::IncomeMissing => "income_missing",
            Untold::IncomeNotPositive => "income_not_positive",
            Untold::CostsMissing => "costs_missing",
            Untold::AllowancesMissing => "allowances_missing",
            Untold::ScaleMissing => "scale_missing",
            Untold::ScaleNotPositive => "scale_not_positive",
            Untold::RoomsMissing => "rooms_missing",
            Untold::RoomsNotPositive => "rooms_not_positive",
            Untold::DefectsMissing => "defects_missing",
            Untold::WorkMissing => "work_missing",
            Untold::ItemsMissing => "items_missing",
        }
    }
}

impl fmt::Display for Untold {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl std::error::Error for Untold {}

/// Whether any of some questions is answered with yes; it is told only when every one of them is.
///
/// One yes would settle it whatever else is not told, but then only a yes could be told of those who leave something out, and a rate over those of whom it is told would be one of people chosen by their answer.
pub(crate) fn any(answers: impl IntoIterator<Item = Told<bool>>) -> Told<bool> {
    let mut is_any = false;
    for answer in answers {
        is_any |= answer?;
    }
    Ok(is_any)
}

/// Whether all of some questions are answered with yes; it is told only when every one of them is, for the reason of [`any`].
pub(crate) fn all(answers: impl IntoIterator<Item = Told<bool>>) -> Told<bool> {
    any(answers.into_iter().map(|answer| answer.map(|yes| !yes))).map(|some_no| !some_no)
}
