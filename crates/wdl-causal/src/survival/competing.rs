//! Competing risks: the cumulative incidence of each cause (Aalen and Johansen 1978).

use super::Spells;

/// The cumulative incidence of one cause at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Incidence {
    /// A time at which an event of any cause occurs.
    pub time: f64,
    /// Rows under risk just before.
    pub at_risk: usize,
    /// Events of this cause at it.
    pub events: usize,
    /// The probability of an event of this cause up to and with it.
    pub incidence: f64,
    /// Its standard error by the delta method (Marubini and Valsecchi 1995, 10.3); with no censoring that of a share.
    pub standard_error: f64,
}

/// The cumulative incidence of each cause, numbered from zero; `cause` counts only for rows with the event.
///
/// Nothing when another number of causes than of rows is given.
pub fn cumulative_incidence(spells: &Spells, cause: &[usize]) -> Option<Vec<Vec<Incidence>>> {
    if cause.len() != spells.rows() {
        return None;
    }
    let with_event = (0..spells.rows()).filter(|row| spells.event[*row]);
    let with_event: Vec<usize> = with_event.collect();
    let times = spells.times(&with_event);
    let rows: Vec<usize> = (0..spells.rows()).collect();
    let at_risk = spells.at_risk(&rows, &times);
    let causes = with_event.iter().map(|row| cause[*row] + 1).max()?;
    let mut events = vec![vec![0_usize; times.len()]; causes];
    for row in with_event {
        let at = times.partition_point(|time| *time < spells.exit[row]);
        events[cause[row]][at] += 1;
    }
    let all: Vec<usize> = (0..times.len())
        .map(|at| events.iter().map(|own| own[at]).sum())
        .collect();
    let curves = events
        .iter()
        .map(|own| of_cause(&times, &at_risk, &all, own));
    Some(curves.collect())
}

fn of_cause(times: &[f64], at_risk: &[usize], all: &[usize], own: &[usize]) -> Vec<Incidence> {
    let (mut survival, mut incidence) = (1.0, 0.0);
    // With F(t) the incidence now and F_j that at an earlier time, the variance is a square in F(t): its coefficients are kept.
    let (mut square, mut slope, mut level) = (0.0, 0.0, 0.0);
    let mut points = Vec::with_capacity(times.len());
    for (at, time) in times.iter().enumerate() {
        let (n, d, k) = (at_risk[at] as f64, all[at] as f64, own[at] as f64);
        incidence += survival * k / n;
        // Σ (F - F_j)² d/(n(n-d)) + Σ S² k(n-k)/n³ - 2 Σ (F - F_j) S k/n²; where all leave, F moves no more.
        if n > d {
            let weight = d / (n * (n - d));
            square += weight;
            slope -= 2.0 * incidence * weight;
            level += incidence * incidence * weight;
        }
        level += survival * survival * k * (n - k) / (n * n * n);
        let cross = 2.0 * survival * k / (n * n);
        slope -= cross;
        level += cross * incidence;
        survival *= (n - d) / n;
        let variance: f64 = square * incidence * incidence + slope * incidence + level;
        points.push(Incidence {
            time: *time,
            at_risk: at_risk[at],
            events: own[at],
            incidence,
            standard_error: variance.max(0.0).sqrt(),
        });
    }
    points
}
