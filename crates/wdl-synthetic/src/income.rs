//! Incomes of a year: what each person earned, ranked and fitted to the city's published distribution.
//!
//! A raw score follows from ability, schooling, age, hours and months worked; the ranks then take the fitted quantiles.
//! So who is poor follows from work and family, and mean, median and Gini are the published ones.

use crate::calendar::{Day, FIRST};
use crate::city::{Activity, City, NONE};
use crate::plan::{IncomeCurve, of_year};
use crate::random::{Draw, Process, hashed};

/// Raw incomes by source, in euro of no particular year.
#[derive(Clone, Copy, Default)]
struct Raw {
    employment: f64,
    pension: f64,
    self_employment: f64,
    property: f64,
}

impl Raw {
    fn total(&self) -> f64 {
        self.employment + self.pension + self.self_employment + self.property
    }
}

/// Incomes of the two years before the city's first, for the ISEE of its first declarations.
pub(crate) fn found(city: &mut City) {
    let mut draw = Draw::new(city.seed, Process::Income, 0);
    for year in [FIRST.year - 2, FIRST.year - 1] {
        for person in &mut city.persons {
            let works = matches!(person.activity, Activity::Employee | Activity::SelfEmployed);
            person.months = match works {
                true if draw.chance(0.86) => 12.0,
                true => draw.between(2.0, 11.0) as f32,
                false if person.activity == Activity::Unemployed => draw.between(0.0, 8.0) as f32,
                false => 0.0,
            };
            person.months_unemployed = if person.registration != NONE {
                draw.between(0.0, 9.0) as f32
            } else {
                0.0
            };
        }
        close_year(city, year);
    }
}

/// Closes a year: incomes, then the need of each household.
pub(crate) fn close_year(city: &mut City, year: i32) {
    let last = Day::new(year, 12, 31);
    let raws: Vec<Raw> = (0..city.persons.len() as u32)
        .map(|person| raw(city, person, year, last))
        .collect();
    let mut filers: Vec<(f64, u32)> = (0..city.persons.len() as u32)
        .filter(|person| city.is_resident(*person) && raws[*person as usize].total() > 250.0)
        .map(|person| (raws[person as usize].total(), person))
        .collect();
    filers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let count = filers.len() as f64;
    let growth = of_year(city.plan.income_growth, year);
    for (rank, (_, person)) in filers.iter().enumerate() {
        let total = growth * quantile(&city.plan.income, (rank as f64 + 0.5) / count);
        write(city, *person, year, &raws[*person as usize], total, true);
    }
    newcomers(city, year, &raws, &filers);
    others(city, year, last);
    needs(city, year, last);
    for person in &mut city.persons {
        person.months = 0.0;
        person.months_unemployed = 0.0;
        person.relief = 0;
    }
}

/// The fitted quantile function of taxable income, in euro of 2018.
pub(crate) fn quantile(curve: &IncomeCurve, u: f64) -> f64 {
    let body = |u: f64| (curve.median.ln() + curve.sigma * normal_quantile(u)).exp();
    let value = match u {
        u if u < curve.low_until => {
            body(curve.low_until) * (u / curve.low_until).powf(curve.low_power)
        }
        u if u > curve.tail_from => {
            body(curve.tail_from)
                * ((1.0 - u) / (1.0 - curve.tail_from)).powf(-1.0 / curve.tail_exponent)
        }
        u => body(u),
    };
    value.min(curve.cap)
}

/// Inverse of the standard normal distribution (Acklam's rational approximation, relative error under 1.2e-9).
fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    let polynomial = |terms: &[f64], x: f64| terms.iter().fold(0.0, |sum, term| sum * x + term);
    if p < 0.024_25 {
        let q = (-2.0 * p.ln()).sqrt();
        return polynomial(&C, q) / (polynomial(&D, q) * q + 1.0);
    }
    if p > 1.0 - 0.024_25 {
        return -normal_quantile(1.0 - p);
    }
    let q = p - 0.5;
    let r = q * q;
    polynomial(&A, r) * q / (polynomial(&B, r) * r + 1.0)
}

fn raw(city: &City, person: u32, year: i32, last: Day) -> Raw {
    let state = city.person(person);
    let age = state.born.years_until(last);
    if age < 15 || (state.household == NONE && state.last_change.year() < year) {
        return Raw::default();
    }
    let luck =
        |salt: u64| 2.0 * hashed(city.seed, u64::from(person) << 12 | year as u64, salt) - 1.0;
    let ability = f64::from(state.ability);
    let schooling = 0.2 * f64::from(state.education);
    let woman = if state.male { 0.0 } else { 1.0 };
    let foreign = if city.is_foreign(person) { 1.0 } else { 0.0 };
    let experience = -((f64::from(age) - 50.0) / 34.0).powi(2);
    let part_time = match city.jobs.get(state.job as usize) {
        Some(job) if job.part_time => 0.42,
        _ => 0.0,
    };
    let wage =
        (9.85 + 0.33 * ability + schooling + experience - 0.17 * woman - 0.2 * foreign - part_time
            + 0.1 * luck(1))
        .exp();
    let months = f64::from(state.months).min(12.0) / 12.0;
    let benefit = 0.5 * wage * f64::from(state.months_unemployed).min(12.0) / 12.0;
    let own = (9.7 + 0.55 * ability + schooling + 0.5 * luck(2)).exp();
    let pension = (9.60 + 0.36 * ability + 0.6 * schooling - 0.25 * woman + 0.02 * luck(3)).exp();
    let is_landlord = age > 30 && hashed(city.seed, u64::from(person), 77) < 0.16 + 0.05 * ability;
    let works_alone = state.activity == Activity::SelfEmployed;
    Raw {
        employment: if works_alone { 0.0 } else { wage * months } + benefit,
        pension: if state.activity == Activity::Retired {
            pension * (1.0 - months)
        } else {
            0.0
        },
        self_employment: if works_alone { own * months } else { 0.0 },
        property: if is_landlord {
            (7.4 + 0.5 * ability + 0.7 * luck(4)).exp()
        } else {
            0.0
        },
    }
}

/// Writes a person's taxable incomes so that they sum to the total, in cents.
fn write(city: &mut City, person: u32, year: i32, raw: &Raw, total: f64, filer: bool) {
    let factor = total / raw.total() * 100.0;
    let cents = |part: f64| (part * factor).round() as i32;
    let income = city.income_mut(person, year);
    income.employment = cents(raw.employment);
    income.pension = cents(raw.pension);
    income.self_employment = cents(raw.self_employment);
    income.property = cents(raw.property);
    income.filer = filer;
    income.resident = filer;
}

/// Who came in the year earned elsewhere in the two years before: what the same rank earned here.
fn newcomers(city: &mut City, year: i32, raws: &[Raw], filers: &[(f64, u32)]) {
    for person in 0..city.persons.len() as u32 {
        let state = city.person(person);
        let came = state.arrived.year() == year && state.born.year() < year - 14;
        let raw = raws[person as usize];
        if !came || state.household == NONE || raw.total() <= 250.0 || year < FIRST.year {
            continue;
        }
        let rank = filers.partition_point(|(total, _)| *total < raw.total()) as f64 + 0.5;
        for earlier in [year - 2, year - 1] {
            let growth = of_year(city.plan.income_growth, earlier);
            let total = growth * quantile(&city.plan.income, rank / (filers.len() as f64 + 1.0));
            write(city, person, earlier, &raw, total, false);
        }
    }
}

/// What no return shows: pensions of assistance, and work that nobody declares.
fn others(city: &mut City, year: i32, last: Day) {
    for person in 0..city.persons.len() as u32 {
        if !city.is_resident(person) {
            continue;
        }
        let age = city.age(person, last);
        let hides = city.person(person).hidden_work && age >= 18;
        let draw = hashed(city.seed, u64::from(person) << 12 | year as u64, 9);
        let income = city.income_mut(person, year);
        income.resident = true;
        if age >= 67 && income.taxable() < 500_000 {
            income.exempt += 630_000 - (income.taxable() as i32).min(600_000);
        }
        if hides {
            income.hidden = (100.0 * (2_500.0 + 7_000.0 * draw)).round() as i32;
        }
    }
}

/// OECD-modified equivalence scale.
pub(crate) fn oecd_scale(city: &City, household: u32, on: Day) -> f64 {
    let members = &city.household(household).members;
    let young = members
        .iter()
        .filter(|member| city.age(**member, on) < 14)
        .count() as f64;
    let others = members.len() as f64 - young;
    1.0 + 0.5 * (others - 1.0).max(0.0) + 0.3 * young
}

/// Each household's true equivalised income, and its need between 0 and 1.
///
/// The rent support and the emergency grants are not in it: they act on what follows by a rule of their own, whose size is known.
fn needs(city: &mut City, year: i32, last: Day) {
    for household in city.living() {
        let members = &city.household(household).members;
        let income: i64 = members
            .iter()
            .map(|member| city.income(*member, year).all() - city.person(*member).relief)
            .sum();
        let euro = income as f64 / 100.0;
        let equivalised = euro / oecd_scale(city, household, last);
        let state = &mut city.households[household as usize];
        state.income = euro as f32;
        state.equivalised = equivalised as f32;
        state.need =
            (1.0 / (1.0 + ((equivalised.max(500.0).ln() - 11_000.0_f64.ln()) / 0.33).exp())) as f32;
        state.contact *= 0.75;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;

    #[test]
    fn the_curve_has_the_published_mean_median_and_gini() {
        let n = 200_000;
        let values: Vec<f64> = (0..n)
            .map(|i| quantile(&Plan::MODENA.income, (f64::from(i) + 0.5) / f64::from(n)))
            .collect();
        let sum: f64 = values.iter().sum();
        let ranked: f64 = values
            .iter()
            .enumerate()
            .map(|(i, value)| (i as f64 + 1.0) * value)
            .sum();
        let count = f64::from(n);
        let gini = 2.0 * ranked / (count * sum) - (count + 1.0) / count;
        assert!((sum / count - 24_775.0).abs() < 60.0, "{}", sum / count);
        assert!((values[n as usize / 2] - 19_769.0).abs() < 5.0);
        assert!((gini - 0.489).abs() < 0.002, "{gini}");
    }
}
