//! How far the cuts may move while the solution stays what it is (Oana and Schneider 2024, section on sensitivity ranges).

use super::{Answer, Cuts, Models, Sets, SolutionType, SolveError, TruthTable, solve};

/// The ranges of the cuts in which every model stays the same, each with the other cuts as they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Robustness {
    /// The solution stays for cuts of inclusion above this one.
    pub inclusion_above: f64,
    /// And up to this one.
    pub inclusion_up_to: f64,
    /// The smallest number of cases.
    pub frequency_min: usize,
    /// The largest number of cases.
    pub frequency_max: usize,
}

/// The ranges of the cuts of a truth table.
///
/// # Errors
/// [`SolveError`] when the table has no solution as it is.
pub fn robustness(
    sets: &Sets,
    table: &TruthTable,
    solution_type: &SolutionType,
    models: Models,
) -> Result<Robustness, SolveError> {
    let terms = |answer: Answer| answer.model_terms();
    let known = terms(solve(sets, table, solution_type, models)?);
    let stays = |cuts: Cuts| {
        let answer = solve(sets, &table.recut(cuts), solution_type, models);
        answer.is_ok_and(|answer| terms(answer) == known)
    };
    let (inclusion_above, inclusion_up_to) = inclusion_range(table, &stays);
    let (frequency_min, frequency_max) = frequency_range(table, &stays);
    Ok(Robustness {
        inclusion_above,
        inclusion_up_to,
        frequency_min,
        frequency_max,
    })
}

fn inclusion_range(table: &TruthTable, stays: &dyn Fn(Cuts) -> bool) -> (f64, f64) {
    let cuts = table.cuts;
    let at = |inclusion: f64| Cuts {
        inclusion,
        // One cut stays one cut; two cuts keep the lower where it was.
        inclusion_without: match cuts.inclusion_without == cuts.inclusion {
            true => inclusion,
            false => cuts.inclusion_without.min(inclusion),
        },
        ..cuts
    };
    // The cut matters only by the rows that reach it: each inclusion that occurs stands for the cuts from the one below.
    let counted = table
        .rows
        .iter()
        .filter(|row| row.cases.len() >= cuts.frequency);
    let mut steps: Vec<f64> = counted
        .map(|row| row.inclusion)
        .filter(|own| *own > 0.0)
        .collect();
    steps.sort_by(f64::total_cmp);
    steps.dedup_by(|left, right| (*left - *right).abs() <= 1e-12);
    let own = steps.partition_point(|step| *step < cuts.inclusion - 1e-12);
    let mut low = own;
    while low > 0 && stays(at(steps[low - 1])) {
        low -= 1;
    }
    let mut high = own;
    while high + 1 < steps.len() && stays(at(steps[high + 1])) {
        high += 1;
    }
    let above = low.checked_sub(1).map_or(0.0, |below| steps[below]);
    (above, steps.get(high).copied().unwrap_or(cuts.inclusion))
}

fn frequency_range(table: &TruthTable, stays: &dyn Fn(Cuts) -> bool) -> (usize, usize) {
    let cuts = table.cuts;
    let at = |frequency: usize| Cuts { frequency, ..cuts };
    let most = table
        .rows
        .iter()
        .map(|row| row.cases.len())
        .max()
        .unwrap_or(0);
    let mut low = cuts.frequency;
    while low > 1 && stays(at(low - 1)) {
        low -= 1;
    }
    let mut high = cuts.frequency;
    while high < most && stays(at(high + 1)) {
        high += 1;
    }
    (low, high)
}
