//! A protected table: what was done, in words and as a value.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};
use wdl_lab::Stopped;
use wdl_suppression::audit::{Told, certify, exposed};
use wdl_suppression::certificate::Certificate;
use wdl_suppression::form::cells::Percentage;
use wdl_suppression::optimum::{Effort, Pattern, optimum};
use wdl_suppression::prepare::{Material, Prepared, Wishes, declared_costs, prepare};
use wdl_suppression::problem::Treatment;
use wdl_suppression::verify::verify;
use wdl_vocab::Text;

use super::table_faults as faults;
use crate::answer::Answer;

/// A protected table.
pub(super) struct Protected {
    name: Option<String>,
    prepared: Prepared,
    pattern: Pattern,
    /// What hiding each cell costs as it is said; the search adds trifles where that is nothing.
    pub(super) declared: Vec<f64>,
    pub(super) certificate: Certificate,
    /// Sums of hidden cells that are below the threshold and can be learned, where they were not protected.
    sums: Vec<String>,
    ignored: Vec<String>,
    /// Percentages that are published beside the cells.
    pub(super) percentages: Vec<Percentage>,
    /// Tables with the same numbers under other names: perhaps the same.
    pub(super) same_numbers: Vec<String>,
    /// What another table of the same units has published: nothing is told of these cells here.
    pub(super) is_elsewhere: Vec<bool>,
}

/// Protects what was read, and checks the certificate before anything is told.
pub(super) fn protect(
    name: Option<String>,
    material: Material,
    wishes: &Wishes,
    ignored: Vec<String>,
) -> Result<Protected, Stopped> {
    let told = told(&material, wishes);
    let with_sums = (!wishes.unions).then(|| {
        let mut wishes = wishes.clone();
        wishes.unions = true;
        prepare(material.clone(), &wishes)
    });
    let declared = declared_costs(&material, &wishes.costs);
    let prepared = prepare(material, wishes);
    let mut protected = finish(name, prepared, with_sums, &told, ignored)?;
    protected.declared = declared;
    Ok(protected)
}

pub(super) fn told(material: &Material, wishes: &Wishes) -> Told {
    Told {
        minimum_frequency: wishes.rules.minimum(),
        units: material.units.clone(),
        waivers: (0..material.system.len())
            .map(|at| wishes.waivers.get(&at).cloned())
            .collect(),
    }
}

pub(super) fn finish(
    name: Option<String>,
    prepared: Prepared,
    with_sums: Option<Prepared>,
    told: &Told,
    ignored: Vec<String>,
) -> Result<Protected, Stopped> {
    let pattern =
        optimum(&prepared.problem, Effort::default()).map_err(|fault| faults::optimum(&fault))?;
    let certificate =
        certify(&prepared, told, &pattern.is_hidden).map_err(|fault| faults::solver(&fault))?;
    verify(&certificate).map_err(|fault| faults::ours(&fault))?;
    let sums = match &with_sums {
        None => Vec::new(),
        Some(with_sums) => exposed(&with_sums.problem, &pattern.is_hidden)
            .map_err(|fault| faults::solver(&fault))?,
    };
    Ok(Protected {
        name,
        is_elsewhere: vec![false; pattern.is_hidden.len()],
        declared: prepared.problem.costs.clone(),
        prepared,
        pattern,
        certificate,
        sums,
        ignored,
        percentages: Vec::new(),
        same_numbers: Vec::new(),
    })
}

/// Writes a certificate; what is there already is never written over.
pub(super) fn write_certificate(path: &Path, certificate: &Certificate) -> Result<(), Stopped> {
    let text = serde_json::to_string(certificate).expect("certificates are numbers and text");
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path);
    file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .map_err(|fault| Stopped::file(path, &fault))
}

/// The answer for one table, or a list for a file that held a list.
pub(super) fn answer(all: &[Protected], is_list: bool) -> Answer {
    let text = Text::new(
        all.iter().map(|one| one.words(&IT)).collect::<String>(),
        all.iter().map(|one| one.words(&EN)).collect::<String>(),
    );
    let mut values: Vec<Value> = all.iter().map(Protected::value).collect();
    match (is_list, values.len()) {
        (false, 1) => Answer::new(text, values.remove(0)),
        _ => Answer::new(text, values),
    }
}

/// The words of a language.
struct Words {
    table: &'static str,
    cells: &'static str,
    hidden: &'static str,
    own: &'static str,
    cost: &'static str,
    proved: &'static str,
    at_least: &'static str,
    between: &'static str,
    and: &'static str,
    sums: &'static str,
    waived: &'static str,
    ignored: &'static str,
    untied: &'static str,
    percentages: &'static str,
    same: &'static str,
}

const IT: Words = Words {
    table: "tabella",
    cells: "celle",
    hidden: "nascoste",
    own: "per sé stesse",
    cost: "costo",
    proved: "nessuna scelta costa meno (dimostrato)",
    at_least: "ogni scelta costa almeno",
    between: "tra",
    and: "e",
    sums: "somme di celle nascoste sotto la soglia che si possono calcolare (--unions le protegge)",
    waived: "mostrate con motivazione",
    ignored: "campi senza significato qui",
    untied: "celle che nessuna somma lega: manca un'equazione?",
    percentages: "percentuali da non mostrare, perché una delle due celle è nascosta",
    same: "gli stessi numeri stanno con altri nomi in queste tabelle: se sono le stesse unità si proteggono insieme e con gli stessi nomi",
};

const EN: Words = Words {
    table: "table",
    cells: "cells",
    hidden: "hidden",
    own: "for their own sake",
    cost: "cost",
    proved: "no choice costs less (proved)",
    at_least: "every choice costs at least",
    between: "between",
    and: "and",
    sums: "sums of hidden cells below the threshold that can be computed (--unions protects them)",
    waived: "shown with a reason",
    ignored: "fields that mean nothing here",
    untied: "cells that no sum ties: is an equation missing?",
    percentages: "percentages not to be shown, because one of their two cells is hidden",
    same: "the same numbers stand under other names in these tables: if they are the same units, protect them together and under the same names",
};

impl Protected {
    fn hidden(&self) -> Vec<usize> {
        let hidden = self.pattern.is_hidden.iter().enumerate();
        hidden
            .filter(|(at, hidden)| **hidden && !self.is_elsewhere[*at])
            .map(|(at, _)| at)
            .collect()
    }

    /// What the hidden cells of the new tables cost, as it was said.
    fn cost(&self) -> f64 {
        let hidden = self.hidden().into_iter();
        // The sum of nothing is minus zero.
        hidden.map(|cell| self.declared[cell]).sum::<f64>() + 0.0
    }

    /// What every sufficient choice costs at least, as it was said: without what public tables hide, and without the trifles of the search.
    fn at_least(&self) -> f64 {
        let cost = self.cost();
        if self.pattern.is_proved {
            return cost;
        }
        let problem = &self.prepared.problem;
        let apart: f64 = (0..problem.costs.len())
            .filter(|cell| problem.treatment[*cell] != Treatment::MustShow)
            .map(|cell| match self.is_elsewhere[cell] {
                true => problem.costs[cell],
                false => (problem.costs[cell] - self.declared[cell]).max(0.0),
            })
            .sum();
        (self.pattern.at_least - apart).clamp(0.0, cost)
    }

    /// How much dearer than the best choice this can be at most, as a share of its cost.
    fn gap(&self) -> f64 {
        let cost = self.cost();
        match cost > 0.0 {
            true => (cost - self.at_least()) / cost,
            false => 0.0,
        }
    }

    fn name_of(&self, cell: usize) -> &str {
        &self.prepared.problem.system.names()[cell]
    }

    fn names(&self, cells: &[usize]) -> Vec<&str> {
        cells.iter().map(|cell| self.name_of(*cell)).collect()
    }

    /// The percentages that may be shown, or those that may not.
    fn percentages(&self, is_shown: bool) -> Vec<&str> {
        self.percentages
            .iter()
            .filter(|one| one.is_shown(&self.pattern.is_hidden) == is_shown)
            .map(|one| one.name.as_str())
            .collect()
    }

    fn untied(&self) -> Vec<&str> {
        self.names(&self.prepared.problem.system.untied())
    }

    /// The interval of a hidden cell, in the unit of the table.
    fn interval(&self, cell: usize) -> Option<(f64, f64)> {
        let proof = self
            .certificate
            .proofs
            .iter()
            .find(|proof| proof.terms == [(cell, 1)] && proof.known.is_empty())?;
        let system = &self.prepared.problem.system;
        Some((
            system.amount(proof.low.reached.value()),
            system.amount(proof.high.reached.value()),
        ))
    }

    fn value(&self) -> Value {
        let hidden = self.hidden();
        let (primary, secondary): (Vec<usize>, Vec<usize>) = hidden
            .iter()
            .copied()
            .partition(|cell| self.prepared.reasons[*cell].is_some());
        let mut intervals = Map::new();
        for cell in &hidden {
            if let Some((low, high)) = self.interval(*cell) {
                intervals.insert(self.name_of(*cell).to_owned(), json!([low, high]));
            }
        }
        let reasons: Map<String, Value> = primary
            .iter()
            .map(|cell| {
                let reason = json!(self.prepared.reasons[*cell]);
                (self.name_of(*cell).to_owned(), reason)
            })
            .collect();
        json!({
            "name": self.name,
            "cells": self.prepared.problem.system.len(),
            "cost": self.cost(),
            "proved": self.pattern.is_proved,
            "at_least": self.at_least(),
            "gap": self.gap(),
            "joint": self.pattern.is_joint,
            "suppressed": self.names(&hidden),
            "primary": self.names(&primary),
            "secondary": self.names(&secondary),
            "reasons": reasons,
            "intervals": intervals,
            "waived": self.names(&self.prepared.waived),
            "sums_below_threshold": self.sums,
            "all_attackers": self.prepared.is_complete,
            "ignored": self.ignored,
            "untied": self.untied(),
            "percentages": { "shown": self.percentages(true), "hidden": self.percentages(false) },
            "same_numbers": self.same_numbers,
        })
    }

    fn words(&self, words: &Words) -> String {
        let mut shown = String::new();
        let hidden = self.hidden();
        let own = hidden
            .iter()
            .filter(|cell| self.prepared.reasons[**cell].is_some())
            .count();
        if let Some(name) = &self.name {
            let _ = writeln!(shown, "{} {name}", words.table);
        }
        let _ = writeln!(
            shown,
            "{} {}, {} {} ({own} {})",
            self.prepared.problem.system.len(),
            words.cells,
            hidden.len(),
            words.hidden,
            words.own
        );
        let _ = match self.pattern.is_proved {
            true => writeln!(shown, "{} {}: {}", words.cost, self.cost(), words.proved),
            false => writeln!(
                shown,
                "{} {}: {} {:.3} ({:.1} %)",
                words.cost,
                self.cost(),
                words.at_least,
                self.at_least(),
                100.0 * self.gap()
            ),
        };
        for cell in &hidden {
            if let Some((low, high)) = self.interval(*cell) {
                let _ = writeln!(
                    shown,
                    "  {}: {} {low} {} {high}",
                    self.name_of(*cell),
                    words.between,
                    words.and
                );
            }
        }
        let waived = self.names(&self.prepared.waived);
        let ignored: Vec<&str> = self.ignored.iter().map(String::as_str).collect();
        let sums: Vec<&str> = self.sums.iter().map(String::as_str).collect();
        let same: Vec<&str> = self.same_numbers.iter().map(String::as_str).collect();
        for (said, of) in [
            (words.waived, waived),
            (words.sums, sums),
            (words.untied, self.untied()),
            (words.percentages, self.percentages(false)),
            (words.same, same),
            (words.ignored, ignored),
        ] {
            if !of.is_empty() {
                let _ = writeln!(shown, "{said}: {}", of.join(", "));
            }
        }
        shown
    }
}
