//! Cuts of the master problem: what every sufficient choice of hidden cells satisfies.

use crate::attack::{Question, Reach, Way, capacities, reaches};
use crate::problem::{Problem, Target, Treatment};
use crate::programme::{Row, SolverError};

/// What is asked of a choice of hidden cells: a target in a direction, or its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    Down(usize),
    Up(usize),
    Width(usize),
}

impl Ask {
    pub(crate) fn target(self) -> usize {
        match self {
            Ask::Down(target) | Ask::Up(target) | Ask::Width(target) => target,
        }
    }

    fn ways(self) -> &'static [Way] {
        match self {
            Ask::Down(_) => &[Way::Down],
            Ask::Up(_) => &[Way::Up],
            Ask::Width(_) => &[Way::Down, Way::Up],
        }
    }
}

/// Everything that is asked, in the order of the targets.
pub(crate) fn asks(targets: &[Target]) -> Vec<Ask> {
    let of = |(at, target): (usize, &Target)| {
        [
            (target.lower > 0, Ask::Down(at)),
            (target.upper > 0, Ask::Up(at)),
            (target.sliding > 0, Ask::Width(at)),
        ]
    };
    targets
        .iter()
        .enumerate()
        .flat_map(of)
        .filter(|(is_asked, _)| *is_asked)
        .map(|(_, ask)| ask)
        .collect()
}

/// What was asked and how far the forms could be moved.
pub(crate) struct Answer {
    pub(crate) ask: Ask,
    pub(crate) needed: f64,
    pub(crate) reach: Vec<(Way, Reach)>,
}

impl Answer {
    pub(crate) fn reached(&self) -> f64 {
        self.reach.iter().map(|(_, reach)| reach.value).sum()
    }

    pub(crate) fn is_enough(&self) -> bool {
        self.reached() >= almost(self.needed)
    }

    /// Whether a cell moves in the moves that answer.
    pub(crate) fn uses(&self, cell: usize) -> bool {
        self.reach.iter().any(|(_, reach)| {
            reach
                .deviation
                .binary_search_by_key(&cell, |(at, _)| *at)
                .is_ok()
        })
    }
}

fn almost(needed: f64) -> f64 {
    needed - 1e-6f64.min(needed * 1e-3)
}

fn needed(problem: &Problem, ask: Ask) -> f64 {
    let target = &problem.targets[ask.target()];
    let units = match ask {
        Ask::Down(_) => target.lower,
        Ask::Up(_) => target.upper,
        Ask::Width(_) => target.sliding,
    };
    units as f64 / problem.scale()
}

/// Asks the attacker.
pub(crate) fn answers(
    problem: &Problem,
    degree: &[f64],
    asks: &[Ask],
) -> Result<Vec<Answer>, SolverError> {
    let mut questions = Vec::new();
    for ask in asks {
        let needed = needed(problem, *ask);
        for way in ask.ways() {
            questions.push(Question {
                target: &problem.targets[ask.target()],
                way: *way,
                enough: match ask {
                    Ask::Width(_) => f64::INFINITY,
                    Ask::Down(_) | Ask::Up(_) => almost(needed),
                },
            });
        }
    }
    let mut reached = reaches(problem, degree, &questions)?.into_iter();
    Ok(asks
        .iter()
        .map(|ask| Answer {
            ask: *ask,
            needed: needed(problem, *ask),
            reach: ask
                .ways()
                .iter()
                .filter_map(|way| {
                    let mut reach = reached.next()?;
                    reach.deviation.sort_by_key(|(cell, _)| *cell);
                    Some((*way, reach))
                })
                .collect(),
        })
        .collect())
}

/// A cut `Σ coefficient · x ≥ 1` that an insufficient answer gives; none when it gives none.
///
/// What must be hidden counts on the other side, and no coefficient exceeds the side: x is 0 or 1.
pub(crate) fn benders(problem: &Problem, answer: &Answer) -> Option<Row> {
    let target = &problem.targets[answer.ask.target()];
    let mut side = answer.needed;
    let mut capacity = vec![0.0; problem.system.len()];
    for (way, reach) in &answer.reach {
        let of = capacities(problem, target, *way, &reach.prices);
        for (sum, value) in capacity.iter_mut().zip(of) {
            *sum += value;
        }
    }
    for (cell, value) in capacity.iter_mut().enumerate() {
        match problem.treatment[cell] {
            Treatment::MayHide => {}
            Treatment::MustHide => {
                side -= *value;
                *value = 0.0;
            }
            Treatment::MustShow => *value = 0.0,
        }
    }
    if side <= needed_noise(answer.needed) {
        return None;
    }
    let terms: Vec<(usize, f64)> = capacity
        .iter()
        .enumerate()
        .filter(|(_, value)| **value > 0.0)
        .map(|(cell, value)| (cell, (value / side).min(1.0)))
        .collect();
    // Tiny coefficients trouble the solver; without them the other side is smaller.
    let dropped: f64 = terms
        .iter()
        .filter(|(_, by)| *by < 1e-7)
        .map(|(_, by)| by)
        .sum();
    Some(Row {
        least: 1.0 - dropped,
        most: f64::INFINITY,
        terms: terms.into_iter().filter(|(_, by)| *by >= 1e-7).collect(),
    })
}

fn needed_noise(needed: f64) -> f64 {
    1e-7f64.min(needed * 1e-3)
}

/// A cut that a choice of hidden cells gives: one of the shown cells that could help must be hidden.
pub(crate) fn one_more(row: &Row, is_hidden: &[bool]) -> Row {
    Row {
        least: 1.0,
        most: f64::INFINITY,
        terms: row
            .terms
            .iter()
            .filter(|(cell, _)| !is_hidden[*cell])
            .map(|(cell, _)| (*cell, 1.0))
            .collect(),
    }
}

/// Equations in which a cell would be hidden alone, as cuts: then it could be computed.
pub(crate) fn lonely(problem: &Problem, degree: &[f64]) -> Vec<Row> {
    let mut rows = Vec::new();
    // A cell that is hidden but may be learned sets no condition.
    let mut is_needed = vec![false; degree.len()];
    for target in &problem.targets {
        let is_asked = target.lower > 0 || target.upper > 0 || target.sliding > 0;
        if let ([(cell, _)], true) = (&target.terms[..], is_asked) {
            is_needed[*cell] = true;
        }
    }
    for equation in problem.system.equations() {
        let total: f64 = equation.iter().map(|(cell, _)| degree[*cell]).sum();
        for (cell, _) in equation {
            let others = total - degree[*cell];
            // What must be hidden is so wholly: beside it no cell is alone.
            if degree[*cell] <= others + 1e-6 {
                continue;
            }
            let mut terms: Vec<(usize, f64)> = equation
                .iter()
                .filter(|(other, _)| {
                    other != cell && problem.treatment[*other] == Treatment::MayHide
                })
                .map(|(other, _)| (*other, 1.0))
                .collect();
            let least = match problem.treatment[*cell] {
                Treatment::MustHide if is_needed[*cell] => 1.0,
                Treatment::MustHide => continue,
                Treatment::MayHide => {
                    terms.push((*cell, -1.0));
                    0.0
                }
                Treatment::MustShow => continue,
            };
            rows.push(Row {
                least,
                most: f64::INFINITY,
                terms,
            });
        }
    }
    rows
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
pub(crate) mod tests {
    use super::{Ask, answers, benders, lonely, one_more};
    use crate::problem::{Problem, System, Target, Treatment};
    use crate::programme::Row;

    /// Parts of 2, 1, 1 and 10 with their total, which is shown: the first must be possible up to 4, and the second is hidden with it.
    pub(crate) fn parts() -> Problem {
        let names = ["first", "second", "third", "fourth", "total"].map(str::to_owned);
        let sum = vec![(0, 1), (1, 1), (2, 1), (3, 1), (4, -1)];
        let system = System::new(names.to_vec(), vec![2, 1, 1, 10, 14], 0, vec![sum]).unwrap();
        let (least, most) = Problem::usual_beliefs(&system);
        Problem {
            system,
            least,
            most,
            costs: vec![1.0, 1.0, 1.0, 10.0, 14.0],
            treatment: vec![
                Treatment::MustHide,
                Treatment::MustHide,
                Treatment::MayHide,
                Treatment::MayHide,
                Treatment::MustShow,
            ],
            targets: vec![Target::cell(0, 0, 2)],
            modules: Vec::new(),
        }
    }

    /// Whether a choice of the third and the fourth part satisfies a cut.
    fn allows(row: &Row, third: f64, fourth: f64) -> bool {
        let degree = [1.0, 1.0, third, fourth, 0.0];
        let sum: f64 = row.terms.iter().map(|(cell, by)| by * degree[*cell]).sum();
        sum >= row.least - 1e-9
    }

    #[test]
    fn a_cut_speaks_against_what_is_too_little_and_nothing_else() {
        let problem = parts();
        let found = answers(&problem, &[1.0, 1.0, 0.0, 0.0, 0.0], &[Ask::Up(0)]).unwrap();
        assert!(!found[0].is_enough(), "the second part gives one of two");
        let cut = benders(&problem, &found[0]).unwrap();
        let weaker = one_more(&cut, &[true, true, false, false, false]);
        for row in [cut, weaker] {
            assert!(!allows(&row, 0.0, 0.0));
            assert!(allows(&row, 1.0, 0.0), "one of the third is enough");
            assert!(allows(&row, 0.0, 1.0));
        }
    }

    #[test]
    fn a_width_is_asked_in_both_directions() {
        let problem = parts();
        let found = answers(&problem, &[1.0, 1.0, 0.0, 0.0, 0.0], &[Ask::Width(0)]).unwrap();
        // Two and one are hidden: the first can be from none to three.
        let width = found[0].reached() * problem.scale();
        assert!((width - 3.0).abs() < 1e-6, "{width}");
    }

    #[test]
    fn what_is_hidden_but_may_be_learned_needs_no_company() {
        let mut problem = parts();
        problem.treatment[0] = Treatment::MayHide;
        let alone = [0.0, 1.0, 0.0, 0.0, 0.0];
        problem.targets = Vec::new();
        assert!(lonely(&problem, &alone).is_empty());
        problem.targets = vec![Target::cell(1, 0, 1)];
        assert_eq!(lonely(&problem, &alone).len(), 1);
    }
}
