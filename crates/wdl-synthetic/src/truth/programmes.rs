//! The programmes of the city: what happens to each unit without and with them, and their true effects.

use super::{Rows, euro, key};
use crate::calendar::Quarter;
use crate::city::City;
use crate::desks;
use crate::places::RIONI;

fn flag(is: bool) -> u8 {
    u8::from(is)
}

fn period(quarter: Quarter) -> String {
    format!("{}-Q{}", quarter.year, quarter.quarter)
}

pub(super) fn relief(city: &City, rows: &mut Rows) {
    for (index, own) in city.rent_applications.iter().enumerate() {
        let (Some(score), Some(distance)) = (own.score, own.distance()) else {
            continue;
        };
        let points = |thousandths: i32| f64::from(thousandths) / 1_000.0;
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{};{}",
            key("CA", index as u32),
            own.year,
            points(score),
            points(distance),
            flag(own.is_funded()),
            euro(own.potential.grant_without),
            euro(own.potential.grant_with),
            flag(own.potential.order_without),
            flag(own.potential.order_with),
        ));
    }
}

pub(super) fn rione_quarters(city: &City, rows: &mut Rows) {
    for own in &city.rione_quarters {
        let opened = desks::opened(city, usize::from(own.rione)).map(period);
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{}",
            RIONI[usize::from(own.rione)].code,
            period(own.quarter),
            opened.unwrap_or_default(),
            own.renting,
            own.orders,
            own.orders_without,
            own.rate_without,
            own.averts,
        ));
    }
}

pub(super) fn participations(city: &City, rows: &mut Rows) {
    for own in &city.participations {
        let (without, with) = match own.months_after {
            Some((without, with)) => (without.to_string(), with.to_string()),
            None => Default::default(),
        };
        rows.row(format_args!(
            "{};{};{};{};{};{};{};{};{};{without};{with}",
            key("N", own.person),
            own.year,
            flag(own.joined),
            own.chance,
            euro(own.isee),
            own.months_before,
            flag(own.aided),
            flag(own.registered),
            own.age,
        ));
    }
}

pub(super) fn effects(city: &City, rows: &mut Rows) {
    for own in city.effects().truths() {
        rows.row(format_args!(
            "{};{};{};{}",
            own.programme, own.estimand, own.effect, own.units
        ));
    }
}
