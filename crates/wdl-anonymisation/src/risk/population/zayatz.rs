//! Zayatz 1991: what share of the records alone in the file are alone in the population, by the sampling of classes of each size.

use statrs::function::gamma::ln_gamma;

use super::ClassSizes;

/// Unique people in the population.
pub(super) fn uniques(classes: &ClassSizes, population: f64) -> f64 {
    let records = classes.records();
    let alone = classes.of_size(1);
    let fraction = records / population;
    let seen_alone: f64 = classes
        .sizes()
        .map(|(size, number)| number * one_drawn(population, size, records))
        .sum();
    let share_unique = alone * fraction / seen_alone;
    alone * share_unique / fraction
}

/// The chance that a simple random sample of `sample` out of `population` holds exactly one member of a class of `size`.
fn one_drawn(population: f64, size: f64, sample: f64) -> f64 {
    if population - size < sample - 1.0 {
        return 0.0;
    }
    (size.ln() + ln_choose(population - size, sample - 1.0) - ln_choose(population, sample)).exp()
}

fn ln_choose(n: f64, k: f64) -> f64 {
    ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
}
