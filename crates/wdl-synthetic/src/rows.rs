//! The rows that remain of what the city lives: spells, contracts, jobs, incomes, payments, applications.
//!
//! Plain records; the exports and the truth are written from them.

use crate::calendar::{Day, Quarter};
use crate::city::{Relation, Tenure};

/// A spell of a person's registry state.
#[derive(Clone)]
pub(crate) struct Spell {
    pub(crate) person: u32,
    pub(crate) household: u32,
    pub(crate) dwelling: u32,
    pub(crate) relation: Relation,
    pub(crate) citizenship: u8,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) end: &'static str,
}

/// A spell of a dwelling's tenure.
pub(crate) struct TenureSpell {
    pub(crate) dwelling: u32,
    pub(crate) tenure: Tenure,
    pub(crate) from: Day,
    pub(crate) to: Day,
}

/// A rent contract.
pub(crate) struct Contract {
    pub(crate) dwelling: u32,
    pub(crate) tenant: u32,
    pub(crate) kind: u8,
    pub(crate) rent: i64,
    pub(crate) from: Day,
    pub(crate) to: Day,
    /// When it ends if nobody renews it.
    pub(crate) due: Day,
}

/// An employment contract.
pub(crate) struct Job {
    pub(crate) person: u32,
    pub(crate) kind: u8,
    pub(crate) part_time: bool,
    pub(crate) sector: u8,
    pub(crate) from: Day,
    pub(crate) to: Day,
}

/// A registration as unemployed.
pub(crate) struct Registration {
    pub(crate) person: u32,
    pub(crate) from: Day,
    pub(crate) to: Day,
}

/// Incomes of a person in a year, in cents.
#[derive(Clone, Copy, Default)]
pub(crate) struct Income {
    pub(crate) employment: i32,
    pub(crate) pension: i32,
    pub(crate) self_employment: i32,
    pub(crate) property: i32,
    /// Exempt transfers and what nobody declares.
    pub(crate) exempt: i32,
    pub(crate) hidden: i32,
    pub(crate) filer: bool,
    /// Resident of the city on 31 December.
    pub(crate) resident: bool,
}

impl Income {
    pub(crate) fn taxable(&self) -> i64 {
        [
            self.employment,
            self.pension,
            self.self_employment,
            self.property,
        ]
        .iter()
        .map(|part| i64::from(*part))
        .sum()
    }

    pub(crate) fn all(&self) -> i64 {
        self.taxable() + i64::from(self.exempt) + i64::from(self.hidden)
    }
}

/// An ISEE declaration with its members.
pub(crate) struct Declaration {
    pub(crate) household: u32,
    pub(crate) day: Day,
    pub(crate) members: Vec<u32>,
    pub(crate) isee: i64,
    pub(crate) ise: i64,
    /// Hundredths.
    pub(crate) scale: i64,
}

/// A payment of aid.
pub(crate) struct Aid {
    pub(crate) person: u32,
    pub(crate) household: u32,
    pub(crate) measure: u8,
    pub(crate) amount: i64,
    pub(crate) day: Day,
    pub(crate) note: u8,
}

/// An application to a waiting list: 0 public dwellings, 1 agreed-rent agency.
pub(crate) struct Application {
    pub(crate) list: u8,
    pub(crate) person: u32,
    pub(crate) household: u32,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) outcome: &'static str,
}

/// An application to a call of the rent support.
pub(crate) struct RentApplication {
    pub(crate) year: i32,
    pub(crate) person: u32,
    pub(crate) household: u32,
    pub(crate) outcome: &'static str,
    pub(crate) paid: i64,
    /// When money found later came.
    pub(crate) later: Day,
    /// Points of an admitted application, in thousandths; nothing when it is excluded.
    pub(crate) score: Option<i32>,
    /// Points of the call's last application that was funded, in thousandths.
    pub(crate) cutoff: Option<i32>,
    /// What happens with and without the money.
    pub(crate) potential: Potential,
}

impl RentApplication {
    /// Whether the money of its call reached it, at once or later.
    pub(crate) fn is_funded(&self) -> bool {
        self.paid > 0
    }

    /// Points above those of the last application funded, in thousandths.
    pub(crate) fn distance(&self) -> Option<i32> {
        Some(self.score? - self.cutoff?)
    }
}

/// What follows an admitted application without the rent support and with it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Potential {
    /// Emergency grants of the year after, in cents.
    pub(crate) grant_without: i64,
    pub(crate) grant_with: i64,
    /// An eviction order in the two years after.
    pub(crate) order_without: bool,
    pub(crate) order_with: bool,
}

/// A quarter of a rione: orders without and with its housing desk.
pub(crate) struct RioneQuarter {
    pub(crate) rione: u8,
    pub(crate) quarter: Quarter,
    /// Renting households.
    pub(crate) renting: u32,
    /// Orders expected without a desk, for each renting household.
    pub(crate) rate_without: f64,
    /// Share of the orders that the desk averts.
    pub(crate) averts: f64,
    pub(crate) orders_without: u32,
    pub(crate) orders: u32,
}

/// Somebody who may join the accompaniment to work, as the bodies know him when he decides.
pub(crate) struct Participation {
    pub(crate) person: u32,
    pub(crate) year: i32,
    pub(crate) joined: bool,
    /// The chance of joining, given what follows.
    pub(crate) chance: f64,
    pub(crate) isee: i64,
    pub(crate) months_before: u8,
    pub(crate) aided: bool,
    pub(crate) registered: bool,
    pub(crate) age: i32,
    /// Months worked in the year after, without and with the measure; nothing before that year is over.
    pub(crate) months_after: Option<(u8, u8)>,
}

/// A step of an eviction.
pub(crate) struct Eviction {
    pub(crate) person: u32,
    pub(crate) household: u32,
    pub(crate) dwelling: u32,
    pub(crate) stage: u8,
    pub(crate) reason: u8,
    pub(crate) day: Day,
}

/// An accident at work.
pub(crate) struct Accident {
    pub(crate) person: u32,
    pub(crate) day: Day,
    pub(crate) place: &'static str,
    pub(crate) recognised: Day,
    pub(crate) commuting: bool,
}

/// A row of PASSI and the truth it was drawn from.
pub(crate) struct Passi {
    pub(crate) year: i32,
    pub(crate) indicator: u8,
    pub(crate) difficulty: u8,
    pub(crate) interviews: u32,
    pub(crate) positive: u32,
    pub(crate) population: u32,
    pub(crate) population_positive: u32,
}

/// A state of arrears, seen by nobody but the truth.
pub(crate) struct Arrears {
    pub(crate) household: u32,
    pub(crate) quarter: Quarter,
    pub(crate) quarters: u8,
    pub(crate) burden: f32,
}
