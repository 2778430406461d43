//! The checker of certificates: no solver, no floating number, only additions and products of whole numbers.
//!
//! It does not use what made the certificate: it reads the certificate alone, and believes none of its claims.
//! An interval is proved from both sides: a table that agrees with everything published reaches each end, and the prices of the equations show that none goes beyond (weak duality of linear programming).

use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::{Certificate, End, FORMAT, Fraction, Proof, Required};
use crate::primary::LEAST_MINIMUM;

/// What a certificate that holds says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Cells.
    pub cells: usize,
    /// Hidden cells.
    pub hidden: usize,
    /// Forms that must stay uncertain, and do.
    pub required: usize,
    /// Intervals whose two ends are exact.
    pub exact: usize,
    /// Intervals of which at least one end is reached by a table that is not of whole numbers.
    pub fractional: usize,
}

/// Why a certificate does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Another format.
    #[error("the certificate has format `{format}`")]
    Format {
        /// What it says.
        format: String,
    },
    /// A threshold that no rule of the lab allows.
    #[error("the minimum frequency is {given}, and no rule goes below {least}")]
    BelowThree {
        /// What it says.
        given: u64,
        /// The least that may be.
        least: u64,
    },
    /// A cell that does not exist.
    #[error("the certificate names cell {cell}, and there are {cells}")]
    UnknownCell {
        /// The cell.
        cell: usize,
        /// How many there are.
        cells: usize,
    },
    /// Two cells with one name.
    #[error("the cell `{name}` stands there twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// The true values do not add up.
    #[error("equation {equation} does not hold")]
    NotAdditive {
        /// Which.
        equation: usize,
    },
    /// Beliefs that exclude the truth.
    #[error("what is believed of `{name}` excludes its value")]
    Belief {
        /// The cell.
        name: String,
    },
    /// A small cell is shown.
    #[error("`{name}` is small and shown, or asks for no protection")]
    SmallShown {
        /// The cell.
        name: String,
    },
    /// A required form has a cell that is shown, so that it is known in part: it must be judged without.
    #[error("`{name}` is required to be uncertain and is shown")]
    RequiredShown {
        /// The cell.
        name: String,
    },
    /// There is no proof for a hidden cell or a required form.
    #[error("there is no proof for `{name}`")]
    NoProof {
        /// The form.
        name: String,
    },
    /// A proof that proves nothing.
    #[error("the proof of `{name}` does not hold: {fault}")]
    BadProof {
        /// The form.
        name: String,
        /// What is wrong.
        fault: Fault,
    },
    /// The interval is too narrow.
    #[error("`{name}` can be learned too closely")]
    TooNarrow {
        /// The form.
        name: String,
    },
}

/// What is wrong with a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A published cell moves, or one that the attacker knows.
    MovesShown,
    /// A move breaks a sum.
    BreaksSum,
    /// A move leaves what is believed.
    LeavesBelief,
    /// The moves do not reach what is said.
    NotReached,
    /// The prices do not prove the limit.
    NotLimited,
    /// A denominator is not above zero, an equation does not exist, or a cell stands twice.
    Malformed,
    /// Numbers too large to be checked.
    TooLarge,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Fault::MovesShown => "a published cell moves",
            Fault::BreaksSum => "a sum is broken",
            Fault::LeavesBelief => "a number is not believable",
            Fault::NotReached => "the end is not reached",
            Fault::NotLimited => "the end is not a limit",
            Fault::Malformed => "it is malformed",
            Fault::TooLarge => "its numbers are too large",
        })
    }
}

/// The proofs of a certificate by the terms they bound and the cells that are known.
type ProofsByForm<'c> = BTreeMap<(&'c [(usize, i64)], &'c [usize]), &'c Proof>;

/// Checks a certificate.
///
/// It says that what is hidden stays hidden; how many units a cell counts it takes from the certificate, and whether the certificate is of the table in question is seen by comparing its cells and equations with the table.
///
/// # Errors
/// [`VerifyError`], the first found.
pub fn verify(certificate: &Certificate) -> Result<Verified, VerifyError> {
    if certificate.format != FORMAT {
        return Err(VerifyError::Format {
            format: certificate.format.clone(),
        });
    }
    if certificate.minimum_frequency < LEAST_MINIMUM {
        return Err(VerifyError::BelowThree {
            given: certificate.minimum_frequency,
            least: LEAST_MINIMUM,
        });
    }
    check_cells(certificate)?;
    check_small(certificate)?;
    let mut proofs: ProofsByForm<'_> = BTreeMap::new();
    let mut exact = 0;
    let mut fractional = 0;
    for proof in &certificate.proofs {
        check_proof(certificate, proof)?;
        exact += usize::from(
            proof.low.reached == proof.low.limit && proof.high.reached == proof.high.limit,
        );
        fractional += usize::from(proof.low.moves_over != 1 || proof.high.moves_over != 1);
        proofs.insert((&proof.terms, &proof.known), proof);
    }
    let hidden: Vec<usize> = (0..certificate.cells.len())
        .filter(|cell| certificate.cells[*cell].hidden)
        .collect();
    for cell in &hidden {
        let terms = [(*cell, 1)];
        if !proofs.contains_key(&(&terms[..], &[][..])) {
            return Err(VerifyError::NoProof {
                name: certificate.cells[*cell].name.clone(),
            });
        }
    }
    for required in &certificate.required {
        check_required(certificate, required, &proofs)?;
    }
    Ok(Verified {
        cells: certificate.cells.len(),
        hidden: hidden.len(),
        required: certificate.required.len(),
        exact,
        fractional,
    })
}

fn check_cells(certificate: &Certificate) -> Result<(), VerifyError> {
    let cells = &certificate.cells;
    let mut names = BTreeSet::new();
    for cell in cells {
        if !names.insert(&cell.name) {
            return Err(VerifyError::Twice {
                name: cell.name.clone(),
            });
        }
        if cell.least > cell.value || cell.most < cell.value {
            return Err(VerifyError::Belief {
                name: cell.name.clone(),
            });
        }
    }
    let required = certificate.required.iter();
    let proofs = certificate.proofs.iter();
    let named = certificate
        .equations
        .iter()
        .flatten()
        .map(|(cell, _)| *cell)
        .chain(required.flat_map(|one| {
            one.terms
                .iter()
                .map(|(cell, _)| *cell)
                .chain(one.known.iter().copied())
        }))
        .chain(proofs.flat_map(|one| {
            let ends = one.low.moves.iter().chain(&one.high.moves);
            one.terms
                .iter()
                .chain(ends)
                .map(|(cell, _)| *cell)
                .chain(one.known.iter().copied())
        }));
    for cell in named {
        if cell >= cells.len() {
            return Err(VerifyError::UnknownCell {
                cell,
                cells: cells.len(),
            });
        }
    }
    for (at, equation) in certificate.equations.iter().enumerate() {
        let sum = equation.iter().try_fold(0i128, |sum, (cell, by)| {
            let term = i128::from(*by).checked_mul(i128::from(cells[*cell].value))?;
            sum.checked_add(term)
        });
        if sum != Some(0) {
            return Err(VerifyError::NotAdditive { equation: at });
        }
    }
    Ok(())
}

/// Every cell with fewer units than the minimum is hidden and asks for protection, unless it is empty or waived.
fn check_small(certificate: &Certificate) -> Result<(), VerifyError> {
    for (at, cell) in certificate.cells.iter().enumerate() {
        let is_small = 0 < cell.units && cell.units < certificate.minimum_frequency;
        if !is_small || cell.waiver.is_some() {
            continue;
        }
        let is_required = certificate.required.iter().any(|one| {
            one.terms == [(at, 1)]
                && one.known.is_empty()
                && (one.upper > 0 || one.lower > 0 || one.sliding > 0)
        });
        if !cell.hidden || !is_required {
            return Err(VerifyError::SmallShown {
                name: cell.name.clone(),
            });
        }
    }
    Ok(())
}

fn name(certificate: &Certificate, terms: &[(usize, i64)]) -> String {
    let names: Vec<&str> = terms
        .iter()
        .map(|(cell, _)| certificate.cells[*cell].name.as_str())
        .collect();
    names.join(" + ")
}

fn check_required(
    certificate: &Certificate,
    required: &Required,
    proofs: &ProofsByForm<'_>,
) -> Result<(), VerifyError> {
    for (cell, _) in &required.terms {
        let cell = &certificate.cells[*cell];
        if !cell.hidden {
            return Err(VerifyError::RequiredShown {
                name: cell.name.clone(),
            });
        }
    }
    let key = (&required.terms[..], &required.known[..]);
    let Some(proof) = proofs.get(&key) else {
        return Err(VerifyError::NoProof {
            name: name(certificate, &required.terms),
        });
    };
    let holds = || -> Option<bool> {
        let truth = truth(certificate, &required.terms)?;
        let (low, high) = (proof.low.reached, proof.high.reached);
        // low ≤ truth - lower and high ≥ truth + upper, multiplied out.
        let below = i128::from(low.over)
            <= (truth - i128::from(required.lower)).checked_mul(i128::from(low.under))?;
        let above = i128::from(high.over)
            >= (truth + i128::from(required.upper)).checked_mul(i128::from(high.under))?;
        let width = i128::from(high.over).checked_mul(i128::from(low.under))?
            - i128::from(low.over).checked_mul(i128::from(high.under))?;
        let wide = width
            >= i128::from(required.sliding)
                .checked_mul(i128::from(low.under))?
                .checked_mul(i128::from(high.under))?;
        Some(below && above && wide)
    };
    match holds() {
        Some(true) => Ok(()),
        _ => Err(VerifyError::TooNarrow {
            name: name(certificate, &required.terms),
        }),
    }
}

fn truth(certificate: &Certificate, terms: &[(usize, i64)]) -> Option<i128> {
    terms.iter().try_fold(0i128, |sum, (cell, by)| {
        let value = i128::from(certificate.cells[*cell].value);
        sum.checked_add(i128::from(*by).checked_mul(value)?)
    })
}

fn check_proof(certificate: &Certificate, proof: &Proof) -> Result<(), VerifyError> {
    let known: BTreeSet<usize> = proof.known.iter().copied().collect();
    for (end, sign) in [(&proof.low, -1), (&proof.high, 1)] {
        reaches(certificate, proof, end, &known)
            .and_then(|()| limits(certificate, proof, end, &known, sign))
            .map_err(|fault| VerifyError::BadProof {
                name: name(certificate, &proof.terms),
                fault,
            })?;
    }
    Ok(())
}

/// Whether the moves lead to a table that agrees with everything published and has the form at the end.
fn reaches(
    certificate: &Certificate,
    proof: &Proof,
    end: &End,
    known: &BTreeSet<usize>,
) -> Result<(), Fault> {
    let scale = scale(end)?;
    let mut moved: BTreeMap<usize, i128> = BTreeMap::new();
    for (at, by) in &end.moves {
        let cell = &certificate.cells[*at];
        if !cell.hidden || known.contains(at) {
            return Err(Fault::MovesShown);
        }
        if moved.insert(*at, i128::from(*by)).is_some() {
            return Err(Fault::Malformed);
        }
        let value = i128::from(cell.value)
            .checked_mul(scale)
            .ok_or(Fault::TooLarge)?
            + i128::from(*by);
        let least = i128::from(cell.least)
            .checked_mul(scale)
            .ok_or(Fault::TooLarge)?;
        let most = i128::from(cell.most)
            .checked_mul(scale)
            .ok_or(Fault::TooLarge)?;
        if value < least || value > most {
            return Err(Fault::LeavesBelief);
        }
    }
    let change = |cell: &usize| moved.get(cell).copied().unwrap_or(0);
    for equation in &certificate.equations {
        let sum = equation.iter().try_fold(0i128, |sum, (cell, by)| {
            sum.checked_add(i128::from(*by).checked_mul(change(cell))?)
        });
        match sum {
            Some(0) => {}
            Some(_) => return Err(Fault::BreaksSum),
            None => return Err(Fault::TooLarge),
        }
    }
    let reached = truth(certificate, &proof.terms)
        .and_then(|truth| truth.checked_mul(scale))
        .and_then(|truth| {
            proof.terms.iter().try_fold(truth, |sum, (cell, by)| {
                sum.checked_add(i128::from(*by).checked_mul(change(cell))?)
            })
        })
        .ok_or(Fault::TooLarge)?;
    match Fraction::new(reached, scale) {
        Some(fraction) if fraction == end.reached => Ok(()),
        Some(_) => Err(Fault::NotReached),
        None => Err(Fault::TooLarge),
    }
}

fn scale(end: &End) -> Result<i128, Fault> {
    match end.moves_over > 0 {
        true => Ok(i128::from(end.moves_over)),
        false => Err(Fault::Malformed),
    }
}

/// Whether the prices show that the form cannot go beyond the limit: `sign · form · d ≤ Σ reduced cost · room`.
fn limits(
    certificate: &Certificate,
    proof: &Proof,
    end: &End,
    known: &BTreeSet<usize>,
    sign: i128,
) -> Result<(), Fault> {
    let over = i128::from(end.prices_over);
    if over <= 0 {
        return Err(Fault::Malformed);
    }
    let mut reduced: BTreeMap<usize, i128> = BTreeMap::new();
    for (cell, by) in &proof.terms {
        *reduced.entry(*cell).or_default() += sign * i128::from(*by) * over;
    }
    for (at, price) in &end.prices {
        let equation = certificate.equations.get(*at).ok_or(Fault::Malformed)?;
        for (cell, by) in equation {
            let term = i128::from(*price)
                .checked_mul(i128::from(*by))
                .ok_or(Fault::TooLarge)?;
            let sum = reduced.entry(*cell).or_default();
            *sum = sum.checked_add(term).ok_or(Fault::TooLarge)?;
        }
    }
    let mut furthest: i128 = 0;
    for (at, cost) in reduced {
        let cell = &certificate.cells[at];
        if !cell.hidden || known.contains(&at) {
            continue;
        }
        let room = match cost > 0 {
            true => i128::from(cell.most) - i128::from(cell.value),
            false => i128::from(cell.least) - i128::from(cell.value),
        };
        furthest = cost
            .checked_mul(room)
            .and_then(|term| furthest.checked_add(term))
            .ok_or(Fault::TooLarge)?;
    }
    let limit = truth(certificate, &proof.terms)
        .and_then(|truth| truth.checked_mul(over))
        .and_then(|truth| truth.checked_add(sign * furthest))
        .ok_or(Fault::TooLarge)?;
    match Fraction::new(limit, over) {
        Some(fraction) if fraction == end.limit => Ok(()),
        Some(_) => Err(Fault::NotLimited),
        None => Err(Fault::TooLarge),
    }
}
