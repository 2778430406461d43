//! Tables made for tests.

use wdl_protocol::{DisclosureRules, MinimumFrequency, Rule};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Lineage, ObservableFrom, Status, Table,
    Unit,
};
use wdl_vocab::{Digest, IndicatorId, Period, SnapshotId, Text};

pub(crate) const PERIOD: Period = Period::Year(2024);

/// What one atom of the population holds: units, units with the property, an amount.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Atom {
    pub(crate) n: u64,
    pub(crate) with: u64,
    pub(crate) amount: f64,
}

impl Atom {
    pub(crate) fn count(n: u64) -> Atom {
        Atom {
            n,
            with: 0,
            amount: 0.0,
        }
    }
}

pub(crate) fn rule(minimum: u64, suppress_zero: bool) -> DisclosureRules {
    DisclosureRules::uniform(Rule {
        minimum_frequency: MinimumFrequency::new(minimum).unwrap(),
        suppress_zero,
        suppress_hundred_percent: true,
        dominance: wdl_protocol::Dominance::default(),
    })
}

fn text(words: &str) -> Text {
    Text::new(words, words)
}

pub(crate) fn header(additivity: Additivity) -> Header {
    Header {
        indicator: IndicatorId::parse("prova").unwrap(),
        theme: "casa".into(),
        title: text("t"),
        definition: text("d"),
        source: text("s"),
        unit: Unit::Persons,
        decimals: 0,
        interval: wdl_result::Interval::Plain,
        additivity,
        population: text("p"),
        n_label: text("n"),
        statistic: "count/1".into(),
        observable_from: ObservableFrom::Register,
        uncertainty: text("u"),
        coverage: text("c"),
        synthetic: true,
        data_date: "2026-11-05".into(),
        lineage: Lineage {
            snapshot: SnapshotId::parse("s").unwrap(),
            definition: Digest::of(b"d"),
            code_version: "0".into(),
            inputs: vec![],
        },
        protection: None,
        study: None,
    }
}

pub(crate) fn dimension(id: &str, size: usize) -> Dimension {
    let category = |at: usize| Category {
        id: format!("{id}{}", at + 1),
        label: text("c"),
    };
    Dimension {
        id: id.into(),
        label: text(id),
        categories: (0..size).map(category).collect(),
    }
}

/// One table over some dimensions of a population of atoms (the last dimension runs fastest), with all its margins, for some periods.
pub(crate) fn table(
    additivity: Additivity,
    all: &[Dimension],
    shown: &[usize],
    populations: &[(Period, Vec<Atom>)],
) -> Draft<Table> {
    let sizes: Vec<usize> = all
        .iter()
        .map(|dimension| dimension.categories.len())
        .collect();
    let mut cells = Vec::new();
    for (period, atoms) in populations {
        for key in keys(&sizes, shown) {
            cells.push(cell(additivity, *period, &key, all, shown, &sizes, atoms));
        }
    }
    Draft(Table {
        header: header(additivity),
        dimensions: shown.iter().map(|at| all[*at].clone()).collect(),
        cells,
    })
}

/// Every choice of a category or the total for the dimensions shown; the others are totals.
fn keys(sizes: &[usize], shown: &[usize]) -> Vec<Vec<usize>> {
    let mut keys = vec![vec![0; sizes.len()]];
    for at in shown {
        keys = keys
            .into_iter()
            .flat_map(|key| {
                (0..=sizes[*at]).map(move |place| {
                    let mut key = key.clone();
                    key[*at] = place;
                    key
                })
            })
            .collect();
    }
    keys
}

fn cell(
    additivity: Additivity,
    period: Period,
    key: &[usize],
    all: &[Dimension],
    shown: &[usize],
    sizes: &[usize],
    atoms: &[Atom],
) -> Cell {
    let mut sum = Atom::default();
    for (at, atom) in atoms.iter().enumerate() {
        let mut rest = at;
        let mut inside = true;
        for axis in (0..sizes.len()).rev() {
            let place = rest % sizes[axis];
            rest /= sizes[axis];
            inside &= key[axis] == 0 || key[axis] == place + 1;
        }
        if inside {
            sum.n += atom.n;
            sum.with += atom.with;
            sum.amount += atom.amount;
        }
    }
    let is_share = additivity == Additivity::Share;
    let estimate = match additivity {
        Additivity::Count => Some(sum.n as f64),
        Additivity::Share => (sum.n > 0).then(|| sum.with as f64 / sum.n as f64),
        Additivity::Sum => Some(sum.amount),
        Additivity::None => (sum.n > 0).then_some(1.5),
    };
    let name = |at: &usize| {
        key[*at]
            .checked_sub(1)
            .map(|place| all[*at].categories[place].id.clone())
    };
    Cell {
        period,
        keys: shown.iter().map(name).collect(),
        estimate,
        standard_error: is_share.then_some(0.01),
        n: Some(sum.n),
        n_with: is_share.then_some(sum.with),
        coverage: Some(1.0),
        status: match estimate {
            Some(_) => Status::Value,
            None => Status::NotComputableEmpty,
        },
    }
}

/// The tables of every set of dimensions: the total, each dimension, each pair and so on.
pub(crate) fn every_table(
    additivity: Additivity,
    all: &[Dimension],
    populations: &[(Period, Vec<Atom>)],
) -> Vec<Draft<Table>> {
    (0..1_usize << all.len())
        .map(|mask| {
            let shown: Vec<usize> = (0..all.len()).filter(|at| mask >> at & 1 == 1).collect();
            table(additivity, all, &shown, populations)
        })
        .collect()
}
