//! The answer of `wdl indicators` in words and columns.

use std::fmt::Write as _;

use wdl_indicators::plain::{Difference, Measures, Panel, Side, Undefined};
use wdl_vocab::{Lang, Text};

pub(super) fn table(answer: &Measures, lang: Lang) -> String {
    let (rows, group, error) = match lang {
        Lang::It => ("righe", "gruppo", "err. std."),
        Lang::En => ("rows", "group", "std. err."),
    };
    let mut shown = format!("{rows}: {}\n", lang.number(answer.rows as f64, 0));
    if let Some(calibration) = &answer.calibration {
        let words = match lang {
            Lang::It => ("calibrazione: totali", "passi", "fattori"),
            Lang::En => ("calibration: totals", "steps", "factors"),
        };
        let _ = writeln!(
            shown,
            "{} {}, {} {}, {} {} – {}",
            words.0,
            calibration.margins,
            words.1,
            calibration.steps,
            words.2,
            lang.number(calibration.factor_min, 3),
            lang.number(calibration.factor_max, 3)
        );
    }
    let _ = writeln!(
        shown,
        "{:<18} {:>14} {error:>12} {:>7} {:>9}  {group}",
        "", "", "deff", "n"
    );
    for measure in &answer.measures {
        let _ = writeln!(
            shown,
            "{:<18} {:>14} {:>12} {:>7} {:>9}  {}",
            measure.id,
            number(lang, measure.value, 5),
            number(lang, measure.se, 5),
            number(lang, measure.deff, 2),
            lang.number(measure.n as f64, 0),
            name(measure.period.as_ref(), &measure.group)
        );
        if let Some(why) = measure.why {
            let _ = writeln!(shown, "  {}", reason(why).get(lang));
        }
    }
    if !answer.differences.is_empty() {
        differences(&mut shown, &answer.differences, lang);
    }
    parts(&mut shown, answer, lang);
    if let Some(panel) = &answer.panel {
        spells(&mut shown, panel, lang);
    }
    shown
}

fn parts(shown: &mut String, answer: &Measures, lang: Lang) {
    let period = |period: &Option<String>| {
        period
            .as_ref()
            .map_or(String::new(), |own| format!("{own}: "))
    };
    for parts in &answer.entropy_of_groups {
        let (title, within, between) = match lang {
            Lang::It => ("entropia", "dentro i gruppi", "fra i gruppi"),
            Lang::En => ("entropy", "within groups", "between groups"),
        };
        let _ = writeln!(
            shown,
            "{}{title}:{} {within} {}, {between} {} ({} %)",
            period(&parts.period),
            parts.power,
            number(lang, parts.within, 5),
            number(lang, parts.between, 5),
            number(lang, parts.share_between.map(|share| 100.0 * share), 1)
        );
    }
    for part in &answer.gini_of_sources {
        let (title, share, own, adds) = match lang {
            Lang::It => ("fonte", "quota", "gini proprio", "parte del gini"),
            Lang::En => ("source", "share", "own gini", "part of the gini"),
        };
        let _ = writeln!(
            shown,
            "{}{title} {}: {share} {}, {own} {}, {adds} {}",
            period(&part.period),
            part.source,
            number(lang, part.share, 4),
            number(lang, part.gini, 4),
            number(lang, part.part, 4)
        );
    }
    for part in &answer.dimensions {
        let title = match lang {
            Lang::It => "dimensione",
            Lang::En => "dimension",
        };
        let _ = writeln!(
            shown,
            "{title} {}: {} ({} %)  {}",
            part.dimension,
            number(lang, Some(part.part), 5),
            number(lang, part.share.map(|share| 100.0 * share), 1),
            name(part.period.as_ref(), &part.group)
        );
    }
}

fn spells(shown: &mut String, panel: &Panel, lang: Lang) {
    let (spells, hazard, last, moves, same, up, down) = match lang {
        Lang::It => (
            "periodi sotto la soglia durati",
            "finiti",
            "durano di più",
            "spostamenti fra quinti",
            "nello stesso",
            "più su",
            "più giù",
        ),
        Lang::En => (
            "spells below the threshold that lasted",
            "ended",
            "last longer",
            "moves between fifths",
            "in the same",
            "up",
            "down",
        ),
    };
    let percent = |share: f64| lang.number(100.0 * share, 1);
    for exit in &panel.exits_by_duration {
        let _ = writeln!(
            shown,
            "{spells} {}: {hazard} {} %, {last} {} %  (n {})",
            exit.duration,
            percent(exit.hazard),
            percent(exit.survival),
            lang.number(exit.n as f64, 0)
        );
    }
    for one in &panel.mobility {
        let _ = writeln!(
            shown,
            "{moves} {} → {}: {same} {} %, {up} {} %, {down} {} %  (n {})",
            one.from,
            one.to,
            percent(one.same),
            percent(one.up),
            percent(one.down),
            lang.number(one.n as f64, 0)
        );
    }
}

fn number(lang: Lang, value: Option<f64>, decimals: usize) -> String {
    value.map_or("–".to_owned(), |value| lang.number(value, decimals))
}

fn differences(shown: &mut String, differences: &[Difference], lang: Lang) {
    let (title, error, interval) = match lang {
        Lang::It => ("differenze", "err. std.", "intervallo al 95 %"),
        Lang::En => ("differences", "std. err.", "95 % interval"),
    };
    let _ = writeln!(
        shown,
        "\n{title:<18} {:>14} {error:>12} {interval:>25} {:>7}",
        "", "p"
    );
    let side = |side: &Side| name(side.period.as_ref(), &side.group);
    for one in differences {
        let ends = format!(
            "{} … {}",
            number(lang, one.low, 5),
            number(lang, one.high, 5)
        );
        let _ = writeln!(
            shown,
            "{:<18} {:>14} {:>12} {ends:>25} {:>7}  {} − {}",
            one.id,
            number(lang, one.value, 5),
            number(lang, one.se, 5),
            number(lang, one.p, 3),
            side(&one.of),
            side(&one.less)
        );
        if let Some(why) = one.why {
            let _ = writeln!(shown, "  {}", reason(why).get(lang));
        }
    }
}

/// Why a number is missing, for people.
pub(in crate::commands) fn reason(why: Undefined) -> Text {
    match why {
        Undefined::NoRows => Text::fixed("nessuna riga nel gruppo", "no row in the group"),
        Undefined::TooFewRows => Text::fixed(
            "troppo poche righe o famiglie per un errore standard",
            "too few rows or households for a standard error",
        ),
        Undefined::NobodyBelow => {
            Text::fixed("nessuno è sotto la soglia", "nobody is below the threshold")
        }
        Undefined::NobodyAbove => Text::fixed(
            "nessuno è sopra il quantile superiore",
            "nobody is above the upper quantile",
        ),
        Undefined::ThresholdNotPositive => Text::fixed(
            "la soglia non è un importo positivo",
            "the threshold is no positive amount",
        ),
        Undefined::SumNotPositive => Text::fixed(
            "il totale è zero o negativo",
            "the total is zero or negative",
        ),
        Undefined::LowerSumNotPositive => Text::fixed(
            "il totale dei più poveri è zero o negativo",
            "the total of the poorest is zero or negative",
        ),
        Undefined::ValueNotPositive => {
            Text::fixed("un valore è zero o negativo", "a value is zero or negative")
        }
        Undefined::NoDensity => Text::fixed(
            "i valori sono tutti uguali: nessun errore standard",
            "all values are one: no standard error",
        ),
        Undefined::NotFollowed => Text::fixed(
            "nessuno è osservato in una parte del tempo richiesto",
            "nobody is observed over a part of the time asked about",
        ),
        Undefined::NoStandardError => Text::fixed(
            "questa misura non ha errore standard",
            "this measure has no standard error",
        ),
        Undefined::NotInEveryReplicate => Text::fixed(
            "in una replica la misura non è definita",
            "in one replicate the measure is not defined",
        ),
        Undefined::NotTold => Text::fixed(
            "di nessuno è detto tutto ciò che serve",
            "of nobody is everything told that it needs",
        ),
        Undefined::OutOfRange => Text::fixed(
            "importi troppo grandi o troppo piccoli per calcolarlo",
            "amounts too large or too small to compute it",
        ),
    }
}

fn name(period: Option<&String>, group: &[(String, Option<String>)]) -> String {
    let values = group
        .iter()
        .map(|(column, value)| format!("{column}={}", value.as_deref().unwrap_or("–")));
    let parts: Vec<String> = period.cloned().into_iter().chain(values).collect();
    parts.join(", ")
}
