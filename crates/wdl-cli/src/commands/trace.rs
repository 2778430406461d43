//! `wdl trace INDICATOR`: from a published cell back to deliveries, contracts, code and approvals.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wdl_lab::{CellName, Home, Stopped, Traced, trace};
use wdl_publication::CellAddress;
use wdl_result::Unit;
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Lang, Period, Text};

use crate::answer::Answer;
use crate::manner::Manner;

/// Follows a published cell back to what it rests on
#[derive(clap::Args)]
pub(crate) struct Trace {
    /// The indicator, or the whole address of a cell as a downloaded file has it
    indicator: String,
    /// The reference period, 2024 or 2024-Q4; the newest without it
    #[arg(long)]
    period: Option<String>,
    /// The cell, as dimension=category; the total without it
    #[arg(long = "cell", value_name = "DIM=CATEGORY")]
    keys: Vec<String>,
}

impl Trace {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let name = self.name()?;
        let traced = trace(&Home::open(&manner.dir)?, &name)?;
        let text = Text::new(words(&traced, Lang::It), words(&traced, Lang::En));
        Ok(Answer::new(text, traced))
    }

    fn name(&self) -> Result<CellName, Stopped> {
        if let Ok(address) = self.indicator.parse::<CellAddress>() {
            return Ok(CellName::from(&address));
        }
        let bad = |option: &str, value: &str, expected: &str| {
            Stopped::new(
                Diagnostic::new(codes::BAD_OPTION)
                    .with("option", option)
                    .with("value", value)
                    .with("expected", expected),
            )
        };
        let period = self
            .period
            .as_deref()
            .map(|text| {
                text.parse::<Period>()
                    .map_err(|_| bad("--period", text, "2024, 2024-Q4"))
            })
            .transpose()?;
        let keys: BTreeMap<String, Option<String>> = self
            .keys
            .iter()
            .map(|key| {
                key.split_once('=')
                    .map(|(dimension, category)| (dimension.to_owned(), Some(category.to_owned())))
                    .ok_or_else(|| bad("--cell", key, "dimension=category"))
            })
            .collect::<Result<_, _>>()?;
        Ok(CellName {
            indicator: self.indicator.clone(),
            period,
            keys,
        })
    }
}

fn words(traced: &Traced, lang: Lang) -> String {
    let pick = |it: &'static str, en: &'static str| Text::fixed(it, en).get(lang).to_owned();
    let mut shown = String::new();
    let keys: Vec<&str> = traced
        .cell
        .keys
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let value = traced.cell.estimate.map_or_else(
        || format!("{:?}", traced.cell.status),
        |value| shown_number(traced, value, lang),
    );
    let mut line = |name: String, value: String| {
        let _ = writeln!(shown, "{name:<16} {value}");
    };
    line(
        pick("cella", "cell"),
        format!(
            "{} {} {} = {value}",
            traced.indicator,
            traced.cell.period,
            keys.join(" ")
        ),
    );
    if let Some(protection) = traced.protection {
        let told = protection.words();
        line(pick("modificato", "changed"), told.get(lang).to_owned());
    }
    line(
        pick("tabella", "table"),
        format!("{} ({})", traced.table, traced.table_digest),
    );
    line(
        pick("statistica", "statistic"),
        format!("{}, wdl {}", traced.statistic, traced.code_version),
    );
    line(pick("definizione", "definition"), traced.definition.clone());
    line(
        pick("versione base", "base version"),
        traced.snapshot.clone(),
    );
    for delivery in &traced.deliveries {
        line(
            pick("conferimento", "delivery"),
            format!(
                "{} {} {} {}, {} {}, {} {}",
                delivery.delivery,
                delivery.body,
                delivery.dataset,
                delivery.period,
                pick("contratto", "contract"),
                delivery.contract_version,
                pick("voce", "entry"),
                delivery.entry
            ),
        );
    }
    let release = &traced.release;
    let stamp = |(who, when): &(String, String)| format!("{who}, {when}");
    line(
        pick("richiesta", "request"),
        format!("{} {}", release.id, stamp(&release.requested)),
    );
    for review in &release.reviews {
        line(pick("revisione", "review"), stamp(review));
    }
    line(pick("rilascio", "release"), stamp(&release.released));
    shown
}

fn shown_number(traced: &Traced, value: f64, lang: Lang) -> String {
    let decimals = usize::from(traced.decimals);
    match traced.unit {
        Unit::Share => format!("{}%", lang.number(value * 100.0, decimals)),
        Unit::Euro => format!("{} €", lang.number(value, decimals)),
        Unit::Days | Unit::Months | Unit::Years => {
            wdl_chart::numbers::with_unit(traced.unit, decimals, value, lang)
        }
        Unit::Persons | Unit::Households | Unit::Dwellings | Unit::Acts | Unit::Ratio => {
            lang.number(value, decimals)
        }
    }
}
