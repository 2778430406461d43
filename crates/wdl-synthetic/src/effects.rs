//! The three programmes of the city as an evaluation sees them, with the effects that it should find.
//!
//! Every effect is computed from what happens to each unit without and with the programme; none is typed in.
//! It must not know how an effect is estimated.

use crate::calendar::Quarter;
use crate::city::City;
use crate::desks;
use crate::places::RIONI;

/// How far from the cut-off, in points, applications tell of the effect there.
const NEAR: f64 = 15.0;

/// The programmes of a city.
pub struct Effects {
    /// Admitted applications to the rent support with two whole years after them.
    pub rent_support: Vec<FundedCall>,
    /// Every rione in every quarter.
    pub desks: Vec<RioneInQuarter>,
    /// Those who might join the accompaniment to work, with a whole year after.
    pub accompaniment: Vec<Joiner>,
}

/// An admitted application to the rent support.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FundedCall {
    /// Year of the call.
    pub year: i32,
    /// The household, by a number: one may stand in several calls.
    pub household: u32,
    /// Points above those of the last application funded.
    pub distance: f64,
    /// Whether the money reached it.
    pub is_funded: bool,
    /// Emergency grants of the year after, in euro, without the money.
    pub grant_without: f64,
    /// The same with the money.
    pub grant_with: f64,
    /// An eviction order in the two years after, 0 or 1, without the money.
    pub order_without: f64,
    /// The same with the money.
    pub order_with: f64,
}

impl FundedCall {
    /// The grants that were paid.
    pub fn grant(&self) -> f64 {
        if self.is_funded {
            self.grant_with
        } else {
            self.grant_without
        }
    }

    /// Whether there was an order, 0 or 1.
    pub fn order(&self) -> f64 {
        if self.is_funded {
            self.order_with
        } else {
            self.order_without
        }
    }
}

/// A rione in a quarter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RioneInQuarter {
    /// Its code.
    pub rione: &'static str,
    /// The quarter: four times the year and its number.
    pub quarter: u64,
    /// The quarter in which its desk opens.
    pub opened: Option<u64>,
    /// Renting households.
    pub renting: u32,
    /// Eviction orders.
    pub orders: u32,
    /// Orders had there been no desk.
    pub orders_without: u32,
    /// Orders expected for 1,000 renting households had there been no desk.
    pub rate_without: f64,
    /// The share of them that the desk averts.
    pub averts: f64,
}

impl RioneInQuarter {
    /// Orders for 1,000 renting households.
    pub fn rate(&self) -> f64 {
        1_000.0 * f64::from(self.orders) / f64::from(self.renting.max(1))
    }

    /// The effect expected on that rate.
    pub fn effect(&self) -> f64 {
        -self.averts * self.rate_without
    }
}

/// Somebody who might join the accompaniment to work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joiner {
    /// The year in whose autumn he might join.
    pub year: i32,
    /// Who, by a number: one person may stand in several years.
    pub person: u32,
    /// Whether he joined.
    pub joined: bool,
    /// The chance that he had to join.
    pub chance: f64,
    /// ISEE, in thousands of euro.
    pub isee: f64,
    /// Months worked in the year.
    pub months_before: f64,
    /// Whether the household had aid of the Municipality in the year.
    pub is_aided: bool,
    /// Whether still registered as unemployed at the year's end.
    pub is_registered: bool,
    /// Age at the year's end.
    pub age: f64,
    /// Months worked in the year after without the measure.
    pub months_without: f64,
    /// The same with it.
    pub months_with: f64,
}

impl Joiner {
    /// The months that were worked.
    pub fn months(&self) -> f64 {
        if self.joined {
            self.months_with
        } else {
            self.months_without
        }
    }
}

/// A true effect of a programme.
pub struct TrueEffect {
    /// The programme.
    pub programme: &'static str,
    /// Of what, for whom.
    pub estimand: String,
    /// How large, in the unit of the outcome.
    pub effect: f64,
    /// The units it is the mean of.
    pub units: usize,
}

impl City {
    /// The three programmes with what happens to each unit without and with them.
    pub fn effects(&self) -> Effects {
        Effects {
            rent_support: rent_support(self),
            desks: rione_quarters(self),
            accompaniment: accompaniment(self),
        }
    }
}

/// Two whole years after the call must be over.
fn rent_support(city: &City) -> Vec<FundedCall> {
    let flag = |is: bool| f64::from(u8::from(is));
    let euro = |cents: i64| cents as f64 / 100.0;
    let known = city.rent_applications.iter();
    known
        .filter(|own| own.year + 2 < crate::calendar::LAST.year)
        .filter_map(|own| {
            Some(FundedCall {
                year: own.year,
                household: own.household,
                distance: f64::from(own.distance()?) / 1_000.0,
                is_funded: own.is_funded(),
                grant_without: euro(own.potential.grant_without),
                grant_with: euro(own.potential.grant_with),
                order_without: flag(own.potential.order_without),
                order_with: flag(own.potential.order_with),
            })
        })
        .collect()
}

fn rione_quarters(city: &City) -> Vec<RioneInQuarter> {
    let of = city.rione_quarters.iter();
    of.map(|own| RioneInQuarter {
        rione: RIONI[usize::from(own.rione)].code,
        quarter: own.quarter.serial(),
        opened: desks::opened(city, usize::from(own.rione)).map(Quarter::serial),
        renting: own.renting,
        orders: own.orders,
        orders_without: own.orders_without,
        rate_without: 1_000.0 * own.rate_without,
        averts: own.averts,
    })
    .collect()
}

fn accompaniment(city: &City) -> Vec<Joiner> {
    let of = city.participations.iter();
    of.filter_map(|own| {
        let (without, with) = own.months_after?;
        Some(Joiner {
            year: own.year,
            person: own.person,
            joined: own.joined,
            chance: own.chance,
            isee: own.isee as f64 / 100_000.0,
            months_before: f64::from(own.months_before),
            is_aided: own.aided,
            is_registered: own.registered,
            age: f64::from(own.age),
            months_without: f64::from(without),
            months_with: f64::from(with),
        })
    })
    .collect()
}

impl Effects {
    /// The true effects: at the cut-off for the rent support, on the treated for the other two.
    pub fn truths(&self) -> Vec<TrueEffect> {
        let mut all = self.of_rent_support();
        all.extend(self.of_desks());
        all.extend(self.of_accompaniment());
        all
    }

    fn of_rent_support(&self) -> Vec<TrueEffect> {
        let near = self
            .rent_support
            .iter()
            .filter(|own| own.distance.abs() < NEAR)
            .count();
        let local = |name: &str, effect: fn(&FundedCall) -> f64| {
            let points: Vec<(f64, f64)> = self
                .rent_support
                .iter()
                .map(|own| (own.distance, effect(own)))
                .collect();
            Some(TrueEffect {
                programme: "rent_support",
                estimand: format!("{name}_at_cutoff"),
                effect: at_zero(&points, NEAR)?,
                units: near,
            })
        };
        [
            local("aid_after", |own| own.grant_with - own.grant_without),
            local("eviction_notice", |own| own.order_with - own.order_without),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn of_desks(&self) -> Vec<TrueEffect> {
        let since = |own: &RioneInQuarter| own.quarter.checked_sub(own.opened?);
        let last = self.desks.iter().filter_map(since).max();
        let of = |estimand: String, wanted: &dyn Fn(u64) -> bool| {
            let effects = self
                .desks
                .iter()
                .filter(|own| since(own).is_some_and(wanted));
            mean(
                "housing_desks",
                estimand,
                effects.map(RioneInQuarter::effect),
            )
        };
        let all = of("notices_per_1000_att".to_owned(), &|_| true);
        let by_time = (0..=last.unwrap_or(0))
            .filter_map(|at| of(format!("notices_per_1000_att_{at}"), &move |own| own == at));
        all.into_iter().chain(by_time).collect()
    }

    fn of_accompaniment(&self) -> Vec<TrueEffect> {
        let gain = |own: &Joiner| own.months_with - own.months_without;
        let joined = self.accompaniment.iter().filter(|own| own.joined);
        let name = "accompaniment";
        [
            mean(name, "months_worked_after_att".to_owned(), joined.map(gain)),
            mean(
                name,
                "months_worked_after_ate".to_owned(),
                self.accompaniment.iter().map(gain),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn mean(
    programme: &'static str,
    estimand: String,
    effects: impl Iterator<Item = f64>,
) -> Option<TrueEffect> {
    let effects: Vec<f64> = effects.collect();
    (!effects.is_empty()).then(|| TrueEffect {
        programme,
        estimand,
        effect: effects.iter().sum::<f64>() / effects.len() as f64,
        units: effects.len(),
    })
}

/// The value at zero of a straight line through points nearer than `near`, the nearer the heavier: one line on both sides, because effects do not jump.
fn at_zero(points: &[(f64, f64)], near: f64) -> Option<f64> {
    let (mut w, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (at, value) in points {
        let weight = (1.0 - at.abs() / near).max(0.0);
        w += weight;
        x += weight * at;
        y += weight * value;
        xx += weight * at * at;
        xy += weight * at * value;
    }
    let spread = w * xx - x * x;
    (spread > 0.0).then(|| (xx * y - x * xy) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_at_zero() {
        let points: Vec<(f64, f64)> = (-9..=9)
            .map(|x| (f64::from(x), 3.0 - 0.5 * f64::from(x)))
            .collect();
        assert!((at_zero(&points, 5.0).expect("there are points") - 3.0).abs() < 1e-12);
        assert!(at_zero(&[(1.0, 2.0)], 5.0).is_none());
    }
}
