//! Simplification of published statements: what follows at once, what bears on what, and what cannot be told apart.
//!
//! Ranges of atoms are narrowed statement by statement until nothing moves; settled atoms leave the statements, statements that say nothing more go, equal ones become one, and what is left falls into components.
//! Atoms of one component that stand in the same statements with the same coefficients are one column of the linear programme.

use std::collections::BTreeMap;

use crate::bounds::{BoundsError, Form, Published};
use crate::programme::Row;

/// A statement without what is settled, and the numbers of the statements it stands for.
#[derive(Clone, Debug)]
struct Kept {
    terms: Form,
    least: Option<i64>,
    most: Option<i64>,
}

/// Statements in their simplest form.
pub(crate) struct Simplified {
    low: Vec<i64>,
    high: Vec<Option<i64>>,
    kept: Vec<Kept>,
    /// The component of each atom that is not settled and in a statement.
    pub(crate) component: Vec<Option<usize>>,
    atoms_of: Vec<Vec<usize>>,
    kept_of: Vec<Vec<usize>>,
    /// The statements that narrowed each atom last, from below and from above.
    reasons: Vec<[Option<usize>; 2]>,
}

/// A component as a linear programme.
pub(crate) struct Merged {
    pub(crate) bounds: Vec<(f64, f64)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) objectives: Vec<Vec<(usize, f64)>>,
}

/// How often every statement is gone through at most: narrowing by ever smaller steps is left to the solver.
const SWEEPS: usize = 50;

impl Simplified {
    pub(crate) fn new(published: &Published) -> Result<Simplified, BoundsError> {
        let atoms = published.most.len();
        let mut simplified = Simplified {
            low: vec![0; atoms],
            high: published.most.clone(),
            kept: Vec::new(),
            component: vec![None; atoms],
            atoms_of: Vec::new(),
            kept_of: Vec::new(),
            reasons: vec![[None; 2]; atoms],
        };
        simplified.narrow(published)?;
        simplified.reduce(published)?;
        simplified.split(atoms);
        Ok(simplified)
    }

    /// The range of an atom, as far as it is known without a solver.
    pub(crate) fn range(&self, atom: usize) -> (i64, Option<i64>) {
        (self.low[atom], self.high[atom])
    }

    fn narrow(&mut self, published: &Published) -> Result<(), BoundsError> {
        let mut statements_of: Vec<Vec<usize>> = vec![Vec::new(); self.low.len()];
        for (at, statement) in published.statements.iter().enumerate() {
            for (atom, _) in &statement.terms {
                statements_of[*atom].push(at);
            }
        }
        let mut is_due = vec![true; published.statements.len()];
        for _ in 0..SWEEPS {
            let due: Vec<usize> = (0..is_due.len()).filter(|at| is_due[*at]).collect();
            if due.is_empty() {
                return Ok(());
            }
            is_due.fill(false);
            for at in due {
                for atom in self.narrow_by(published, at)? {
                    for other in &statements_of[atom] {
                        is_due[*other] = true;
                    }
                }
            }
        }
        Ok(())
    }

    /// Narrows the atoms of one statement and returns those that moved.
    fn narrow_by(&mut self, published: &Published, at: usize) -> Result<Vec<usize>, BoundsError> {
        let statement = &published.statements[at];
        let contradiction = BoundsError::Contradiction {
            statement: Some(at),
        };
        let (floor, floors_missing) = self.least_sum(&statement.terms, 1);
        let (ceiling, ceilings_missing) = self.least_sum(&statement.terms, -1);
        let ceiling = -ceiling;
        if floors_missing == 0 && statement.most.is_some_and(|most| floor > i128::from(most))
            || ceilings_missing == 0
                && statement
                    .least
                    .is_some_and(|least| ceiling < i128::from(least))
        {
            return Err(contradiction);
        }
        let mut moved = Vec::new();
        for (atom, by) in &statement.terms {
            let mut has_moved = false;
            // The others at their least leave this much for the atom; the others at their most leave at least that much.
            if let Some(most) = statement.most
                && let Some(others) = self.without(floor, floors_missing, *atom, *by)
            {
                has_moved |= self.cap(*atom, *by, i128::from(most) - others, at);
            }
            if let Some(least) = statement.least
                && let Some(others) = self.without(-ceiling, ceilings_missing, *atom, -*by)
            {
                has_moved |= self.cap(*atom, -*by, -i128::from(least) - others, at);
            }
            if self.high[*atom].is_some_and(|high| high < self.low[*atom]) {
                return Err(contradiction);
            }
            if has_moved {
                // The sums above are those before the move: the statement is looked at again in the next sweep.
                moved.push(*atom);
            }
        }
        Ok(moved)
    }

    /// The least value of `sign · Σ`, over the atoms that have one, and how many have none.
    fn least_sum(&self, terms: &[(usize, i64)], sign: i64) -> (i128, usize) {
        let mut sum = 0;
        let mut missing = 0;
        for (atom, by) in terms {
            match self.least_term(*atom, by * sign) {
                Some(value) => sum += value,
                None => missing += 1,
            }
        }
        (sum, missing)
    }

    fn least_term(&self, atom: usize, by: i64) -> Option<i128> {
        match by >= 0 {
            true => Some(i128::from(by) * i128::from(self.low[atom])),
            false => Some(i128::from(by) * i128::from(self.high[atom]?)),
        }
    }

    fn without(&self, sum: i128, missing: usize, atom: usize, by: i64) -> Option<i128> {
        match (self.least_term(atom, by), missing) {
            // When the atom itself has just been narrowed, what is left for it is only overestimated: the bound holds.
            (Some(own), 0) => Some(sum - own),
            (None, 1) => Some(sum),
            _ => None,
        }
    }

    /// Takes `by · atom ≤ room` into account.
    fn cap(&mut self, atom: usize, by: i64, room: i128, reason: usize) -> bool {
        let by = i128::from(by);
        if by > 0 {
            let high = room.div_euclid(by);
            let is_new = self.high[atom].is_none_or(|before| high < i128::from(before));
            let Ok(high) = i64::try_from(high.max(-1)) else {
                return false;
            };
            if is_new {
                self.high[atom] = Some(high);
                self.reasons[atom][1] = Some(reason);
            }
            return is_new;
        }
        // by is negative: atom ≥ room / by, rounded up.
        let low = -(room.div_euclid(-by));
        let is_new = low > i128::from(self.low[atom]);
        let Ok(low) = i64::try_from(low) else {
            return false;
        };
        if is_new {
            self.low[atom] = low;
            self.reasons[atom][0] = Some(reason);
        }
        is_new
    }

    fn is_settled(&self, atom: usize) -> bool {
        self.high[atom] == Some(self.low[atom])
    }

    fn reduce(&mut self, published: &Published) -> Result<(), BoundsError> {
        let mut by_terms: BTreeMap<Form, (Option<i64>, Option<i64>)> = BTreeMap::new();
        for (at, statement) in published.statements.iter().enumerate() {
            let mut settled: i64 = 0;
            let mut terms = Form::new();
            for (atom, by) in &statement.terms {
                match self.is_settled(*atom) {
                    true => settled += by * self.low[*atom],
                    false => terms.push((*atom, *by)),
                }
            }
            let least = statement.least.map(|least| least - settled);
            let most = statement.most.map(|most| most - settled);
            if terms.is_empty() {
                if least.is_some_and(|least| least > 0) || most.is_some_and(|most| most < 0) {
                    return Err(BoundsError::Contradiction {
                        statement: Some(at),
                    });
                }
                continue;
            }
            let entry = by_terms.entry(terms).or_insert((least, most));
            entry.0 = entry.0.max(least);
            entry.1 = match (entry.1, most) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            };
            if entry
                .0
                .zip(entry.1)
                .is_some_and(|(least, most)| least > most)
            {
                return Err(BoundsError::Contradiction {
                    statement: Some(at),
                });
            }
        }
        self.kept = by_terms
            .into_iter()
            .map(|(terms, (least, most))| Kept { terms, least, most })
            .filter(|kept| !self.says_nothing(kept))
            .collect();
        Ok(())
    }

    /// Whether the ranges of the atoms imply a statement.
    fn says_nothing(&self, kept: &Kept) -> bool {
        let (floor, floors_missing) = self.least_sum(&kept.terms, 1);
        let (ceiling, ceilings_missing) = self.least_sum(&kept.terms, -1);
        let is_low = kept
            .least
            .is_none_or(|least| floors_missing == 0 && floor >= i128::from(least));
        let is_high = kept
            .most
            .is_none_or(|most| ceilings_missing == 0 && -ceiling <= i128::from(most));
        is_low && is_high
    }

    fn split(&mut self, atoms: usize) {
        let mut parent: Vec<usize> = (0..atoms).collect();
        for kept in &self.kept {
            for pair in kept.terms.windows(2) {
                let (one, two) = (root(&mut parent, pair[0].0), root(&mut parent, pair[1].0));
                parent[one.max(two)] = one.min(two);
            }
        }
        let mut number: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, kept) in self.kept.iter().enumerate() {
            let top = root(&mut parent, kept.terms[0].0);
            let next = number.len();
            let component = *number.entry(top).or_insert(next);
            if component == self.kept_of.len() {
                self.kept_of.push(Vec::new());
                self.atoms_of.push(Vec::new());
            }
            self.kept_of[component].push(at);
        }
        for atom in 0..atoms {
            if self.is_settled(atom) {
                continue;
            }
            let top = root(&mut parent, atom);
            if let Some(component) = number.get(&top) {
                self.component[atom] = Some(*component);
                self.atoms_of[*component].push(atom);
            }
        }
    }

    /// How many components there are.
    pub(crate) fn components(&self) -> usize {
        self.kept_of.len()
    }

    /// A component with what neither statements nor forms tell apart as one column.
    pub(crate) fn merged(&self, component: usize, forms: &[(usize, Form)]) -> Merged {
        let atoms = &self.atoms_of[component];
        let mut signature: BTreeMap<usize, Vec<(usize, i64)>> =
            atoms.iter().map(|atom| (*atom, Vec::new())).collect();
        let statements = &self.kept_of[component];
        for (row, at) in statements.iter().enumerate() {
            for (atom, by) in &self.kept[*at].terms {
                if let Some(of) = signature.get_mut(atom) {
                    of.push((row, *by));
                }
            }
        }
        for (at, (_, form)) in forms.iter().enumerate() {
            for (atom, by) in form {
                if let Some(of) = signature.get_mut(atom) {
                    of.push((statements.len() + at, *by));
                }
            }
        }
        let mut columns: BTreeMap<&[(usize, i64)], (f64, f64)> = BTreeMap::new();
        for (atom, of) in &signature {
            let column = columns.entry(of).or_insert((0.0, 0.0));
            column.0 += self.low[*atom] as f64;
            column.1 += self.high[*atom].map_or(f64::INFINITY, |high| high as f64);
        }
        let mut merged = Merged {
            bounds: Vec::with_capacity(columns.len()),
            rows: statements.iter().map(|at| self.row(*at)).collect(),
            objectives: vec![Vec::new(); forms.len()],
        };
        for (column, (of, bounds)) in columns.into_iter().enumerate() {
            merged.bounds.push(bounds);
            for (row, by) in of {
                match row.checked_sub(statements.len()) {
                    None => merged.rows[*row].terms.push((column, *by as f64)),
                    Some(form) => merged.objectives[form].push((column, *by as f64)),
                }
            }
        }
        merged
    }

    fn row(&self, at: usize) -> Row {
        Row {
            least: self.kept[at]
                .least
                .map_or(f64::NEG_INFINITY, |least| least as f64),
            most: self.kept[at].most.map_or(f64::INFINITY, |most| most as f64),
            terms: Vec::new(),
        }
    }

    /// The numbers of the statements that can bear on a form: those of its components, and those that settled or narrowed what stands in them.
    pub(crate) fn bearing(&self, published: &Published, form: &[(usize, i64)]) -> Vec<usize> {
        let mut is_seen_atom = vec![false; self.low.len()];
        let mut is_seen = vec![false; published.statements.len()];
        let components: Vec<usize> = form
            .iter()
            .filter_map(|(atom, _)| self.component[*atom])
            .collect();
        let mut waiting: Vec<usize> = form.iter().map(|(atom, _)| *atom).collect();
        let in_component = |statement: &Form| {
            statement.iter().any(|(atom, _)| {
                self.component[*atom].is_some_and(|component| components.contains(&component))
            })
        };
        for (at, statement) in published.statements.iter().enumerate() {
            if in_component(&statement.terms) {
                is_seen[at] = true;
                waiting.extend(statement.terms.iter().map(|(atom, _)| *atom));
            }
        }
        while let Some(atom) = waiting.pop() {
            if std::mem::replace(&mut is_seen_atom[atom], true) {
                continue;
            }
            for at in self.reasons[atom].into_iter().flatten() {
                if !std::mem::replace(&mut is_seen[at], true) {
                    let terms = &published.statements[at].terms;
                    waiting.extend(terms.iter().map(|(atom, _)| *atom));
                }
            }
        }
        (0..is_seen.len()).filter(|at| is_seen[*at]).collect()
    }
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}
