//! The attacker's linear programme: the least and the greatest value that a hidden number can have.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem as Programme, Variable};

use crate::problem::{Move, Problem};

/// The move that takes a hidden cell as far as it goes, found over all that is not published.
///
/// `None` when the solver gives no whole-numbered move that holds: the cell then counts as exposed.
pub(crate) fn furthest(
    problem: &Problem<'_>,
    layer: usize,
    cell: usize,
    direction: OptimizationDirection,
) -> Option<Move> {
    let connected = component(problem, cell);
    let relaxed = solve(problem, layer, cell, direction, &connected, false)?;
    match relaxed {
        Answer::Whole(change) => Some(change),
        Answer::Fractional => match solve(problem, layer, cell, direction, &connected, true)? {
            Answer::Whole(change) => Some(change),
            Answer::Fractional => None,
        },
    }
}

enum Answer {
    Whole(Move),
    Fractional,
}

/// The unpublished cells that sums tie to a cell, in order.
fn component(problem: &Problem<'_>, cell: usize) -> Vec<usize> {
    let mut seen = vec![false; problem.hidden.len()];
    let mut waiting = vec![cell];
    let mut found = Vec::new();
    seen[cell] = true;
    while let Some(at) = waiting.pop() {
        found.push(at);
        for sum in problem.sums_of[at]
            .iter()
            .map(|sum| &problem.slice.sums[*sum])
        {
            for next in sum.parts.iter().chain([&sum.total]) {
                if !seen[*next] && problem.is_free(*next) {
                    seen[*next] = true;
                    waiting.push(*next);
                }
            }
        }
    }
    found.sort_unstable();
    found
}

fn solve(
    problem: &Problem<'_>,
    layer: usize,
    cell: usize,
    direction: OptimizationDirection,
    connected: &[usize],
    is_whole: bool,
) -> Option<Answer> {
    let room = &problem.layer(layer).room;
    // Beyond this a doubt is wide enough for anybody; it keeps the programme bounded.
    let most = connected.iter().map(|at| room[*at]).max()?.min(1 << 30) + 1000;
    let mut programme = Programme::new(direction);
    let mut variables: BTreeMap<usize, Variable> = BTreeMap::new();
    for at in connected {
        let gain = if *at == cell { 1.0 } else { 0.0 };
        let down = -room[*at].min(most);
        let variable = match is_whole {
            true => programme.add_integer_var(gain, (down as i32, most as i32)),
            false => programme.add_var(gain, (down as f64, most as f64)),
        };
        variables.insert(*at, variable);
    }
    let mut sums: Vec<usize> = connected
        .iter()
        .flat_map(|at| problem.sums_of[*at].iter().copied())
        .collect();
    sums.sort_unstable();
    sums.dedup();
    for sum in sums.iter().map(|sum| &problem.slice.sums[*sum]) {
        let total = variables.get(&sum.total).map(|variable| (*variable, -1.0));
        let parts = sum.parts.iter().filter_map(|part| variables.get(part));
        let terms: Vec<(Variable, f64)> = parts
            .map(|variable| (*variable, 1.0))
            .chain(total)
            .collect();
        programme.add_constraint(terms, ComparisonOp::Eq, 0.0);
    }
    let solution = programme.solve().ok()?.into_solution().ok()?;
    let mut change = Vec::new();
    for (at, variable) in &variables {
        let value = solution.var_value(*variable);
        if (value - value.round()).abs() > 1e-4 {
            return Some(Answer::Fractional);
        }
        if value.round() != 0.0 {
            change.push((*at, value.round() as i64));
        }
    }
    Some(Answer::Whole(change))
}
