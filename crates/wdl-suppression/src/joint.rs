//! Several tables over the same units, protected as one, beside tables that are public already.
//!
//! A cell that was published stays published; a cell that was hidden in a public table stays hidden there, and may be shown by nothing new if that gives it away.

mod same;

use std::collections::{BTreeMap, BTreeSet};

use crate::form::cells::{Percentage, same_numbers};
use crate::form::{FormError, TableForm};
use crate::prepare::{Costs, Material, Prepared, Wishes, declared_costs, prepare};
use crate::primary::Rules;
use crate::problem::{Problem, System, Treatment};
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
    /// Percentages that are published beside the cells.
    pub percentages: Vec<Percentage>,
    /// Pairs of tables, first the new and then the public ones, with the same numbers under different names.
    pub same_numbers: Vec<(usize, usize)>,
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

/// A table as it was read: by hierarchies, or by its cells and their sums.
enum Source {
    Table(Table),
    Sums(System),
}

impl Source {
    fn read(form: &TableForm, decimals: u32, is_alone: bool) -> Result<Source, FormError> {
        if let Some(system) = form.system(decimals)? {
            return Ok(Source::Sums(system));
        }
        if !is_alone && form.dimensions.is_none() {
            return Err(FormError::Missing {
                field: "dimensions",
            });
        }
        form.table(decimals).map(Source::Table)
    }

    /// The table by itself.
    fn material(&self) -> Result<Material, FormError> {
        match self {
            Source::Sums(system) => Ok(Material::counts(system.clone())),
            Source::Table(table) => {
                let system = table.system()?;
                let places = vec![(0..system.len()).collect()];
                let linked = Linked { places, system };
                Ok(Material::linked(std::slice::from_ref(table), linked))
            }
        }
    }
}

/// The cells of all tables, and the place of each cell of each table in their order.
fn link(sources: &[Source], decimals: u32) -> Result<(Material, Vec<Vec<usize>>), JointError> {
    let (mut tables, mut systems) = (Vec::new(), Vec::new());
    let mut order = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        match source {
            Source::Table(table) => {
                order.insert(tables.len(), at);
                tables.push(table.clone());
            }
            Source::Sums(system) => {
                order.push(at);
                systems.push((at, system));
            }
        }
    }
    let fail = |table: usize| {
        move |source: crate::table::TableError| JointError {
            table,
            source: source.into(),
        }
    };
    let first = order.first().copied().unwrap_or(0);
    let mut linked = match tables.is_empty() {
        true => Linked::nothing(decimals),
        false => Linked::join(&tables),
    }
    .map_err(fail(first))?;
    for (at, system) in &systems {
        linked = linked.with(system).map_err(fail(*at))?;
    }
    let mut places = vec![Vec::new(); sources.len()];
    for (at, of) in order.iter().zip(&linked.places) {
        places[*at].clone_from(of);
    }
    let mut material = Material::linked(&tables, linked);
    for (at, system) in systems {
        material.count(&Material::counts(system.clone()), &places[at]);
    }
    Ok((material, places))
}

/// Several tables as one, beside public ones.
///
/// Cells of tables with dimensions are called by their labels and dimensions, `eta=0-14|rione=Centro`, and the total of all `total`; a cell of a table of sums is the cell of the same name.
/// The strictest of their rules holds for all.
/// Tables with the same categories and numbers under other names of dimensions are one: the first names are taken for all tables, and the pair is told.
///
/// # Errors
/// [`JointError`] naming the table.
pub fn join(new: &[TableForm], public: &[Public]) -> Result<Joint, JointError> {
    let given: Vec<&TableForm> = new
        .iter()
        .chain(public.iter().map(|public| &public.form))
        .collect();
    let named = same::one_name(&given);
    let forms: Vec<&TableForm> = named.iter().collect();
    let decimals = forms.iter().map(|form| form.decimals()).max().unwrap_or(0);
    let mut sources = Vec::new();
    for (table, form) in forms.iter().enumerate() {
        let read = Source::read(form, decimals, forms.len() == 1);
        sources.push(read.map_err(|source| JointError { table, source })?);
    }
    let (material, places) = link(&sources, decimals)?;
    let (wishes, percentages) = wishes(&forms, &sources, &places, &material)?;
    let mut prepared = prepare(material.clone(), &wishes);
    let is_renamed = |at: &usize| named[*at].dimensions != given[*at].dimensions;
    let is_other = |(one, two): &(usize, usize)| {
        places[*one] != places[*two] || is_renamed(one) != is_renamed(two)
    };
    let mut joint = Joint {
        is_elsewhere: elsewhere(&places[..new.len()], material.system.len()),
        public: Vec::new(),
        places: places[..new.len()].to_vec(),
        same_numbers: same_numbers(&forms).into_iter().filter(is_other).collect(),
        percentages,
        material,
        wishes,
        prepared: prepared.clone(),
    };
    for (at, public) in public.iter().enumerate() {
        let table = new.len() + at;
        let fixed = fix(&sources[table], &places[table], public, &mut prepared);
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
    source: &Source,
    places: &[usize],
    public: &Public,
    prepared: &mut Prepared,
) -> Result<Vec<usize>, FormError> {
    let mut hidden = BTreeSet::new();
    let names: Vec<String> = match source {
        Source::Table(table) => (0..places.len()).map(|at| table.name(at)).collect(),
        Source::Sums(system) => system.names().to_vec(),
    };
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

/// The strictest wishes of all tables, and their percentages, in the places of the joint system.
fn wishes(
    forms: &[&TableForm],
    sources: &[Source],
    places: &[Vec<usize>],
    material: &Material,
) -> Result<(Wishes, Vec<Percentage>), JointError> {
    let mut joint: Option<Wishes> = None;
    let mut percentages = Vec::new();
    let mut dearest = vec![0.0f64; material.system.len()];
    let mut beliefs = Beliefs::usual(&material.system);
    for (table, form) in forms.iter().enumerate() {
        let fail = |source| JointError { table, source };
        let own = sources[table].material().map_err(fail)?;
        let one = form.wishes(&own).map_err(fail)?;
        let place = |at: usize| places[table][at];
        for (at, cost) in declared_costs(&own, &one.costs).into_iter().enumerate() {
            dearest[place(at)] = dearest[place(at)].max(cost);
        }
        for (at, range) in form.stated_beliefs(&own.system).map_err(fail)? {
            beliefs.narrow(place(at), range);
        }
        let of = form.percentages(&own.system).map_err(fail)?;
        percentages.extend(of.into_iter().map(|one| Percentage {
            part: place(one.part),
            of: place(one.of),
            ..one
        }));
        let asked: BTreeSet<usize> = one.asked.iter().map(|at| place(*at)).collect();
        let waivers: BTreeMap<usize, String> = one
            .waivers
            .iter()
            .map(|(at, reason)| (place(*at), reason.clone()))
            .collect();
        let Some(joint) = &mut joint else {
            joint = Some(Wishes {
                waivers,
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
    joint.costs = Costs::Given(dearest);
    joint.beliefs = Some((beliefs.least, beliefs.most));
    if material.contributions.iter().all(Vec::is_empty) {
        joint.rules.dominance.clear();
    }
    Ok((joint, percentages))
}

/// What everybody believes of the cells of several tables: whatever any of them says.
struct Beliefs {
    least: Vec<i64>,
    most: Vec<i64>,
}

impl Beliefs {
    fn usual(system: &System) -> Beliefs {
        let (least, most) = Problem::usual_beliefs(system);
        Beliefs { least, most }
    }

    fn narrow(&mut self, cell: usize, (least, most): (i64, i64)) {
        self.least[cell] = self.least[cell].max(least);
        self.most[cell] = self.most[cell].min(most);
    }
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
