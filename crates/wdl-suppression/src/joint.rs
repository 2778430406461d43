//! Several tables over the same units, protected as one, beside tables that are public already.
//!
//! A cell that was published stays published; a cell that was hidden in a public table stays hidden there, and may be shown by nothing new if that gives it away.

use std::collections::BTreeSet;

use crate::form::{FormError, TableForm};
use crate::prepare::{Costs, Material, Prepared, Wishes, prepare};
use crate::primary::Rules;
use crate::problem::Treatment;
use crate::table::{Linked, Table};

/// A table that is public already, and what it hides.
#[derive(Clone, Debug)]
pub struct Public {
    /// The table.
    pub form: TableForm,
    /// The names of its hidden cells.
    pub hidden: Vec<String>,
}

/// Tables as one problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// The cells of all tables.
    pub material: Material,
    /// How they are protected.
    pub wishes: Wishes,
    /// The problem.
    pub prepared: Prepared,
    /// The place of each cell of each new table.
    pub places: Vec<Vec<usize>>,
    /// Cells that only public tables have.
    pub is_elsewhere: Vec<bool>,
    /// Cells that the rules would hide and that are public already: nothing can be done about them.
    pub public: Vec<usize>,
}

/// Why tables are no joint problem.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("table {table}: {source}")]
pub struct JointError {
    /// Which table, first the new ones and then the public ones.
    pub table: usize,
    /// Why.
    pub source: FormError,
}

/// Several tables as one, beside public ones.
///
/// The strictest of their rules holds for all.
///
/// # Errors
/// [`JointError`] naming the table.
pub fn join(new: &[TableForm], public: &[Public]) -> Result<Joint, JointError> {
    let forms: Vec<&TableForm> = new
        .iter()
        .chain(public.iter().map(|public| &public.form))
        .collect();
    let decimals = forms.iter().map(|form| form.decimals()).max().unwrap_or(0);
    let mut tables = Vec::new();
    for (table, form) in forms.iter().enumerate() {
        let fail = |source| JointError { table, source };
        if forms.len() > 1 && form.dimensions.is_none() {
            return Err(fail(FormError::Missing {
                field: "dimensions",
            }));
        }
        tables.push(form.table(decimals).map_err(fail)?);
    }
    let linked = Linked::join(&tables).map_err(|source| JointError {
        table: 0,
        source: source.into(),
    })?;
    let places = linked.places.clone();
    let material = Material::linked(&tables, linked);
    let wishes = wishes(&forms, &tables, &places, &material)?;
    let mut prepared = prepare(material.clone(), &wishes);
    let mut joint = Joint {
        is_elsewhere: elsewhere(&places[..new.len()], material.system.len()),
        public: Vec::new(),
        places: places[..new.len()].to_vec(),
        material,
        wishes,
        prepared: prepared.clone(),
    };
    for (at, public) in public.iter().enumerate() {
        let table = new.len() + at;
        let fixed = fix(&tables[table], &places[table], public, &mut prepared);
        let shown = fixed.map_err(|source| JointError { table, source })?;
        joint.public.extend(shown);
    }
    joint.public.sort_unstable();
    joint.public.dedup();
    // What is public cannot be protected any more: the rest is.
    let is_public = |cell: &usize| joint.public.binary_search(cell).is_ok();
    prepared
        .problem
        .targets
        .retain(|target| !target.terms.iter().any(|(cell, _)| is_public(cell)));
    joint.prepared = prepared;
    Ok(joint)
}

fn elsewhere(places: &[Vec<usize>], cells: usize) -> Vec<bool> {
    let mut is_elsewhere = vec![true; cells];
    for place in places.iter().flatten() {
        is_elsewhere[*place] = false;
    }
    is_elsewhere
}

/// Fixes what a public table shows and hides; returns the cells it shows that the rules hide.
fn fix(
    table: &Table,
    places: &[usize],
    public: &Public,
    prepared: &mut Prepared,
) -> Result<Vec<usize>, FormError> {
    let mut hidden = BTreeSet::new();
    let names: Vec<String> = (0..places.len()).map(|at| table.name(at)).collect();
    for name in &public.hidden {
        let at =
            names
                .iter()
                .position(|one| one == name)
                .ok_or_else(|| FormError::UnknownCell {
                    field: "suppressed",
                    cell: name.clone(),
                })?;
        hidden.insert(at);
    }
    let mut shown = Vec::new();
    for (at, place) in places.iter().enumerate() {
        if hidden.contains(&at) {
            continue;
        }
        if prepared.problem.treatment[*place] == Treatment::MustHide {
            shown.push(*place);
        }
        prepared.problem.treatment[*place] = Treatment::MustShow;
    }
    // What a public table hides is hidden for good, and costs nothing more.
    for at in hidden {
        let place = places[at];
        if prepared.problem.treatment[place] == Treatment::MayHide {
            prepared.problem.costs[place] = 1e-6;
        }
    }
    Ok(shown)
}

/// The strictest wishes of all tables, in the places of the joint system.
fn wishes(
    forms: &[&TableForm],
    tables: &[Table],
    places: &[Vec<usize>],
    material: &Material,
) -> Result<Wishes, JointError> {
    let mut joint: Option<Wishes> = None;
    for (table, form) in forms.iter().enumerate() {
        let fail = |source| JointError { table, source };
        let system = tables[table]
            .system()
            .map_err(|source| fail(source.into()))?;
        let own = Material::linked(
            &tables[table..=table],
            Linked {
                places: vec![(0..system.len()).collect()],
                system,
            },
        );
        let one = form.wishes(&own).map_err(fail)?;
        let place = |at: &usize| places[table][*at];
        let asked: BTreeSet<usize> = one.asked.iter().map(place).collect();
        let waivers = one
            .waivers
            .iter()
            .map(|(at, reason)| (place(at), reason.clone()));
        let Some(joint) = &mut joint else {
            joint = Some(Wishes {
                waivers: waivers.collect(),
                asked,
                costs: Costs::Value,
                beliefs: None,
                ..one
            });
            continue;
        };
        joint.asked.extend(asked);
        joint.waivers.extend(waivers);
        joint.level = joint.level.max(one.level);
        joint.percent = joint.percent.max(one.percent);
        joint.may_hide_zeros &= one.may_hide_zeros;
        joint.singletons |= one.singletons;
        joint.unions |= one.unions;
        joint.rules = strictest(&joint.rules, &one.rules);
    }
    let mut joint = joint.ok_or(JointError {
        table: 0,
        source: FormError::Missing { field: "leaves" },
    })?;
    if material.contributions.iter().all(Vec::is_empty) {
        joint.rules.dominance.clear();
    }
    Ok(joint)
}

fn strictest(one: &Rules, two: &Rules) -> Rules {
    let mut rules = if one.minimum() >= two.minimum() {
        one.clone()
    } else {
        two.clone()
    };
    let other = if one.minimum() >= two.minimum() {
        two
    } else {
        one
    };
    for rule in &other.dominance {
        if !rules.dominance.contains(rule) {
            rules.dominance.push(*rule);
        }
    }
    rules.hide_zeros |= other.hide_zeros;
    rules.hide_whole |= other.hide_whole;
    rules
}
