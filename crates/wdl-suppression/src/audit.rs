//! The audit of a choice of hidden cells: the interval of each of them and of each form that must stay uncertain, with the proofs.
//!
//! The solver's answers are made exact: its moves and prices become fractions with a small common denominator, and only what holds in whole numbers is written.

use crate::attack::{Question, Reach, Way, reaches};
use crate::certificate::{Certificate, CertifiedCell, End, FORMAT, Fraction, Proof, Required};
use crate::cuts::{answers, asks};
use crate::prepare::Prepared;
use crate::problem::{Problem, Target};
use crate::programme::SolverError;
use crate::repair::degree;

/// What the auditor is told beside the problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The minimum frequency that was applied.
    pub minimum_frequency: u64,
    /// Units, by cell.
    pub units: Vec<u64>,
    /// The reason of each waived cell, by cell.
    pub waivers: Vec<Option<String>>,
}

/// The certificate of a choice of hidden cells.
///
/// It is made of whatever choice it is given; whether the choice protects is said by [`verify`](crate::verify::verify()).
///
/// # Errors
/// [`SolverError`].
pub fn certify(
    prepared: &Prepared,
    told: &Told,
    is_hidden: &[bool],
) -> Result<Certificate, SolverError> {
    let problem = &prepared.problem;
    let mut forms: Vec<Target> = (0..is_hidden.len())
        .filter(|cell| is_hidden[*cell])
        .map(|cell| Target::cell(cell, 0, 0))
        .collect();
    for target in &problem.targets {
        let is_there = |form: &Target| form.terms == target.terms && form.known == target.known;
        if target.terms.len() > 1 || !target.known.is_empty() || !forms.iter().any(is_there) {
            forms.push(target.clone());
        }
    }
    let questions: Vec<Question<'_>> = forms
        .iter()
        .flat_map(|target| {
            [Way::Down, Way::Up].map(|way| Question {
                target,
                way,
                enough: f64::INFINITY,
            })
        })
        .collect();
    let found = reaches(problem, &degree(is_hidden), &questions)?;
    let proofs = forms
        .iter()
        .zip(found.chunks(2))
        .map(|(form, ends)| Proof {
            terms: form.terms.clone(),
            known: form.known.clone(),
            low: end(problem, form, Way::Down, &ends[0], is_hidden),
            high: end(problem, form, Way::Up, &ends[1], is_hidden),
        })
        .collect();
    let system = &problem.system;
    let cells = (0..system.len())
        .map(|cell| CertifiedCell {
            name: system.names()[cell].clone(),
            value: system.values()[cell],
            units: told.units[cell],
            hidden: is_hidden[cell],
            least: problem.least[cell],
            most: problem.most[cell],
            waiver: told.waivers[cell].clone(),
        })
        .collect();
    Ok(Certificate {
        format: FORMAT.to_owned(),
        decimals: system.decimals(),
        minimum_frequency: told.minimum_frequency,
        cells,
        equations: system.equations().to_vec(),
        required: problem.targets.iter().map(required).collect(),
        proofs,
    })
}

/// The forms that can be learned too closely when some cells are hidden, by name.
///
/// # Errors
/// [`SolverError`].
pub fn exposed(problem: &Problem, is_hidden: &[bool]) -> Result<Vec<String>, SolverError> {
    let asked = asks(&problem.targets);
    let mut names: Vec<String> = Vec::new();
    for answer in answers(problem, &degree(is_hidden), &asked)? {
        let name = problem.targets[answer.ask.target()].name(&problem.system);
        if !answer.is_enough() && !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// What in a certificate is not as a problem has it: the name of a cell or field; none when the certificate is of this problem.
///
/// The certificate may ask for more protection than the problem, never for less.
pub fn difference(certificate: &Certificate, problem: &Problem, told: &Told) -> Option<String> {
    let system = &problem.system;
    if certificate.cells.len() != system.len() {
        return Some("cells".to_owned());
    }
    for (at, cell) in certificate.cells.iter().enumerate() {
        let is_same = cell.name == system.names()[at]
            && cell.value == system.values()[at]
            && cell.units == told.units[at]
            && cell.least == problem.least[at]
            && cell.most == problem.most[at]
            && cell.waiver == told.waivers[at];
        if !is_same {
            return Some(system.names()[at].clone());
        }
    }
    if certificate.decimals != system.decimals() {
        return Some("decimals".to_owned());
    }
    if certificate.minimum_frequency < told.minimum_frequency {
        return Some("minimum_frequency".to_owned());
    }
    if certificate.equations != system.equations() {
        return Some("equations".to_owned());
    }
    let is_asked = |target: &Target| {
        certificate.required.iter().any(|one| {
            one.terms == target.terms
                && one.known == target.known
                && one.lower >= target.lower
                && one.upper >= target.upper
                && one.sliding >= target.sliding
        })
    };
    let missing = problem.targets.iter().find(|target| !is_asked(target))?;
    Some(missing.name(system))
}

fn required(target: &Target) -> Required {
    Required {
        terms: target.terms.clone(),
        lower: target.lower,
        upper: target.upper,
        sliding: target.sliding,
        known: target.known.clone(),
    }
}

/// Denominators of the corners of such programmes are small.
const DENOMINATORS: i64 = 720;

fn end(problem: &Problem, form: &Target, way: Way, reach: &Reach, is_hidden: &[bool]) -> End {
    let sign = if way == Way::Up { 1 } else { -1 };
    let truth: i128 = form
        .terms
        .iter()
        .map(|(cell, by)| i128::from(*by) * i128::from(problem.system.values()[*cell]))
        .sum();
    let (moves, moves_over, moved) = exact_moves(problem, form, reach);
    let reached = Fraction::new(
        truth * i128::from(moves_over) + moved,
        i128::from(moves_over),
    );
    let (prices, prices_over, furthest) = exact_prices(
        problem,
        form,
        sign,
        reach,
        is_hidden,
        reached.map(|reached| {
            let over = i128::from(reached.over) - truth * i128::from(reached.under);
            (sign * over, i128::from(reached.under))
        }),
    );
    let limit = Fraction::new(
        truth * i128::from(prices_over) + sign * furthest,
        i128::from(prices_over),
    );
    let nothing = Fraction { over: 0, under: 1 };
    End {
        // Numbers beyond 64 bits cannot come from values below 2^50 with such denominators.
        reached: reached.unwrap_or(nothing),
        moves,
        moves_over,
        limit: limit.unwrap_or(nothing),
        prices,
        prices_over,
    }
}

/// Moves in whole numbers over a common denominator, and how far they take the form; no move when none holds exactly.
fn exact_moves(problem: &Problem, form: &Target, reach: &Reach) -> (Vec<(usize, i64)>, i64, i128) {
    let scale = problem.scale();
    for over in 1..=DENOMINATORS {
        let moves: Option<Vec<(usize, i64)>> = reach
            .deviation
            .iter()
            .map(|(cell, by)| {
                let whole = by * scale * over as f64;
                let is_near = (whole - whole.round()).abs() < 1e-3;
                is_near.then_some((*cell, whole.round() as i64))
            })
            .collect();
        let Some(mut moves) = moves else { continue };
        moves.retain(|(_, by)| *by != 0);
        moves.sort_unstable();
        if holds(problem, &moves, over) {
            let change = |cell: &usize| match moves.binary_search_by_key(cell, |(at, _)| *at) {
                Ok(at) => moves[at].1,
                Err(_) => 0,
            };
            let moved = form
                .terms
                .iter()
                .map(|(cell, by)| i128::from(*by) * i128::from(change(cell)))
                .sum();
            return (moves, over, moved);
        }
    }
    (Vec::new(), 1, 0)
}

fn holds(problem: &Problem, moves: &[(usize, i64)], over: i64) -> bool {
    let is_believable = moves.iter().all(|(cell, by)| {
        let room_up = i128::from(problem.room_up(*cell)) * i128::from(over);
        let room_down = i128::from(problem.room_down(*cell)) * i128::from(over);
        i128::from(*by) <= room_up && -i128::from(*by) <= room_down
    });
    let change = |cell: &usize| match moves.binary_search_by_key(cell, |(at, _)| *at) {
        Ok(at) => i128::from(moves[at].1),
        Err(_) => 0,
    };
    is_believable
        && problem.system.equations().iter().all(|equation| {
            let terms = equation.iter();
            terms
                .map(|(cell, by)| i128::from(*by) * change(cell))
                .sum::<i128>()
                == 0
        })
}

/// Prices in whole numbers over a common denominator, and how far they let the form go at most, over the same.
///
/// Any prices prove some limit; those are taken that prove the end that is reached, and otherwise the solver's, finely rounded.
fn exact_prices(
    problem: &Problem,
    form: &Target,
    sign: i128,
    reach: &Reach,
    is_hidden: &[bool],
    aim: Option<(i128, i128)>,
) -> (Vec<(usize, i64)>, i64, i128) {
    let mut tried = 0;
    for over in 1..=DENOMINATORS {
        let is_near = |price: f64| {
            let whole = price * over as f64;
            (whole - whole.round()).abs() < 1e-6
        };
        if !reach.prices.iter().all(|(_, price)| is_near(*price)) {
            continue;
        }
        // A multiple of a denominator that failed fails as well, most often.
        tried += 1;
        if tried > 4 {
            break;
        }
        let prices = rounded(reach, over);
        let furthest = furthest(problem, form, sign, &prices, over, is_hidden);
        if aim.is_some_and(|(far, under)| furthest * under == far * i128::from(over)) {
            return (prices, over, furthest);
        }
    }
    let over = 1 << 20;
    let prices = rounded(reach, over);
    let furthest = furthest(problem, form, sign, &prices, over, is_hidden);
    (prices, over, furthest)
}

fn rounded(reach: &Reach, over: i64) -> Vec<(usize, i64)> {
    let whole = |price: f64| (price * over as f64).round() as i64;
    let mut prices: Vec<(usize, i64)> = reach
        .prices
        .iter()
        .map(|(equation, price)| (*equation, whole(*price)))
        .filter(|(_, price)| *price != 0)
        .collect();
    prices.sort_unstable();
    prices
}

fn furthest(
    problem: &Problem,
    form: &Target,
    sign: i128,
    prices: &[(usize, i64)],
    over: i64,
    is_hidden: &[bool],
) -> i128 {
    let mut reduced = vec![0i128; is_hidden.len()];
    for (cell, by) in &form.terms {
        reduced[*cell] += sign * i128::from(*by) * i128::from(over);
    }
    for (equation, price) in prices {
        for (cell, by) in &problem.system.equations()[*equation] {
            reduced[*cell] += i128::from(*price) * i128::from(*by);
        }
    }
    let counts = |cell: &usize| is_hidden[*cell] && !form.known.contains(cell);
    (0..reduced.len())
        .filter(counts)
        .map(|cell| {
            let room = match reduced[cell] > 0 {
                true => problem.room_up(cell),
                false => -problem.room_down(cell),
            };
            reduced[cell] * i128::from(room)
        })
        .sum()
}
