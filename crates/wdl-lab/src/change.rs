//! The indicators whose counts the lab changes instead of hiding small ones, by the way that the agreement chose for each.
//!
//! Noise that is paid for from a budget has an account for each population, `release/budgets/<population>.json` in the state: it holds every answer that was drawn, so that the same question has the same answer.
//! The record keeps what was spent, and an account that knows less is refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use wdl_disclosure::between::{CellName, UnitSet};
use wdl_disclosure::{Member, Noise, Protected, ToNoise, key_tables, round_tables};
use wdl_indicators::{Indicators, unknown_category};
use wdl_ledger::Act;
use wdl_perturbation::privacy::{Answers, Mechanism};
use wdl_protocol::{Method, Thousandths};
use wdl_result::{Draft, Table};
use wdl_vocab::diagnostics::codes::{disclosure, usage};
use wdl_vocab::{Diagnostic, Digest, IndicatorId};

use crate::Stopped;
use crate::desk::Desk;
use crate::home::Part;
use crate::noise_account::{NoiseAccount, NoiseQuestion, noise_stopped};

/// The sets of units of every indicator, by cell.
pub(crate) type UnitsOf<'i> = BTreeMap<&'i IndicatorId, BTreeMap<CellName, UnitSet>>;

/// What was spent on a population, with the account that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The population.
    pub population: String,
    /// ε of everything answered, in thousandths, rounded up.
    pub spent_thousandths: u64,
    /// The digest of its account.
    pub account: Digest,
}

/// The indicators whose counts are changed, taken out of the others, and what was paid for it.
pub(crate) fn change<'i>(
    desk: &Desk,
    indicators: &'i Indicators,
    members: &mut BTreeMap<&'i IndicatorId, Member>,
    units: &UnitsOf<'i>,
) -> Result<(BTreeMap<&'i IndicatorId, Protected>, Vec<Paid>), Stopped> {
    let rules = &desk.lab.disclosure;
    let mut changed = BTreeMap::new();
    let mut paid: BTreeMap<String, Paid> = BTreeMap::new();
    for (id, method) in rules.methods() {
        let Some(indicator) = indicators.list().iter().find(|known| known.id() == id) else {
            let unknown = Diagnostic::new(usage::UNKNOWN_INDICATOR);
            return Err(Stopped::new(unknown.with("indicator", id.to_string())));
        };
        let Some(member) = members.remove(id) else {
            continue;
        };
        let protected = match method {
            Method::ControlledRounding { base } => {
                round_tables(member.tables, rules, &member.sources, *base)?
            }
            Method::CellKeys {
                deviation,
                variance,
            } => {
                let none = BTreeMap::new();
                let units = units.get(id).unwrap_or(&none);
                let noise = (*deviation, *variance);
                key_tables(member.tables, rules, &member.sources, units, noise)?
            }
            Method::DifferentialPrivacy {
                epsilon,
                population,
                contributions,
            } => {
                let price = Price {
                    epsilon: *epsilon,
                    population,
                    contributions: *contributions,
                };
                let (protected, own) = noise(desk, indicator.id(), member, &price)?;
                paid.insert(population.clone(), own);
                protected
            }
        };
        changed.insert(indicator.id(), protected);
    }
    Ok((changed, paid.into_values().collect()))
}

/// What an agreement lets the noise of an indicator cost.
struct Price<'p> {
    epsilon: Thousandths,
    population: &'p str,
    contributions: u32,
}

/// The tables of an indicator with noise from the account of its population.
fn noise(
    desk: &Desk,
    id: &IndicatorId,
    member: Member,
    price: &Price<'_>,
) -> Result<(Protected, Paid), Stopped> {
    let failed = |fault| noise_stopped(&fault, price.population);
    let mechanism = Mechanism::laplace_for(price.epsilon.value(), price.contributions);
    let mechanism = mechanism.map_err(failed)?;
    let within = mechanism.accuracy(0.05).map_err(failed)?;
    let mut tables = member.tables;
    for Draft(table) in &mut tables {
        show_unknown(table);
    }
    let waiting = ToNoise::new(tables, &desk.lab.disclosure, &member.sources)?;
    let mut account = account(desk, price.population)?;
    let mut answers = Vec::new();
    for question in waiting.questions() {
        let names: Vec<String> = question
            .cells
            .iter()
            .map(|cell| format!("{id} {} {cell}", question.period))
            .collect();
        let asked = NoiseQuestion {
            cells: names.iter().map(String::as_str).collect(),
            counts: question.counts.clone(),
            mechanism,
            sensitivity: price.contributions,
        };
        answers.push(within_budget(account.answer(&asked))?);
    }
    let spent = account.spent()?;
    // What was drawn is on the disk before anybody sees it.
    let kept = account.keep()?;
    let protected = waiting.protect(
        &answers,
        Noise {
            mechanism,
            epsilon_thousandths: price.epsilon.get(),
            contributions: price.contributions,
            within: within.ceil() as u32,
        },
    );
    let paid = Paid {
        population: price.population.to_owned(),
        spent_thousandths: thousandths(spent),
        account: kept,
    };
    Ok((protected, paid))
}

/// An answer, or none where the budget does not reach: its period stays in the lab, and whatever else can be told is.
fn within_budget(answered: Result<Answers, Stopped>) -> Result<Option<Vec<i64>>, Stopped> {
    match answered {
        Ok(answers) => Ok(Some(answers.counts)),
        Err(stopped) if stopped.code() == disclosure::NOISE_SPENT => Ok(None),
        Err(stopped) => Err(stopped),
    }
}

/// Gives every dimension the category of the unknown: that a table has it would tell that somebody is in it, and without it the parts that are shown would not add up.
fn show_unknown(table: &mut Table) {
    let unknown = unknown_category();
    for dimension in &mut table.dimensions {
        if !dimension.categories.iter().any(|one| one.id == unknown.id) {
            dimension.categories.push(unknown.clone());
        }
    }
}

/// Rounded up, but for what a sum of prices loses in its last digits.
fn thousandths(spent: f64) -> u64 {
    (spent * 1000.0 - 1e-6).ceil().max(0.0) as u64
}

/// The account of a population under the limit of the agreement, unless the record knows of more than it does.
fn account(desk: &Desk, population: &str) -> Result<NoiseAccount, Stopped> {
    let path = path_of(desk, population);
    let lost = || {
        Stopped::new(
            Diagnostic::new(disclosure::NOISE_ACCOUNT_LOST)
                .with("name", population)
                .with("file", path.display()),
        )
    };
    let known = recorded(desk, population);
    if known.is_some() && !path.exists() {
        return Err(lost());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|fault| Stopped::file(folder, &fault))?;
    }
    let limit = desk.lab.disclosure.budgets().get(population);
    let limit = limit.expect("a method names a population that has a budget");
    let account = NoiseAccount::under(&path, limit.value())?;
    match known.is_some_and(|(spent, _)| thousandths(account.spent().unwrap_or(0.0)) < spent) {
        true => Err(lost()),
        false => Ok(account),
    }
}

fn path_of(desk: &Desk, population: &str) -> PathBuf {
    let folder = desk.home.of(Part::Release).join("budgets");
    folder.join(format!("{population}.json"))
}

/// What the record knows last of a population: what was spent, and the account.
pub(crate) fn recorded(desk: &Desk, population: &str) -> Option<(u64, Option<Digest>)> {
    let entries = desk.ledger.entries().iter().rev();
    entries
        .filter(|entry| entry.outcome.is_done())
        .find_map(|entry| match &entry.act {
            Act::NoisePaid {
                population: own,
                spent_thousandths,
            } if own.as_str() == population => Some((*spent_thousandths, entry.object)),
            _ => None,
        })
}
