//! The page of one indicator.

use std::fmt::Write as _;

use wdl_result::Dimension;
use wdl_vocab::{Lang, Text};

use super::words::{self, say};
use super::{Theme, cell, lines};
use crate::definition::{Audience, Indicator};
use crate::parameter::Parameter;
use crate::plausibility::{Limit, Test};

/// The Markdown of an indicator in one language.
pub(super) fn of(indicator: &Indicator, themes: &[Theme], lang: Lang) -> String {
    let told = &indicator.words;
    let mut text = format!(
        "# {}\n\n{}\n\n{}\n",
        told.title.get(lang),
        words::GENERATED,
        lines(told.definition.get(lang))
    );
    text.push_str(&facts(indicator, themes, lang));
    for (title, words) in [
        (&words::POPULATION, &told.population),
        (&words::COVERAGE, &told.coverage),
        (&words::UNCERTAINTY, &told.uncertainty),
        (&words::SOURCE, &told.source),
    ] {
        section(&mut text, title, words.get(lang), lang);
    }
    tables(&mut text, indicator, lang);
    parameters(&mut text, indicator.parameters(), lang);
    tests(&mut text, indicator.tests(), lang);
    computed(&mut text, indicator, lang);
    let other = match lang {
        Lang::It => Lang::En,
        Lang::En => Lang::It,
    };
    let _ = write!(
        text,
        "\n[{}](../README.md) · [{}](../../{}/indicators/{}.md)\n",
        say(&words::INDICATORS, lang),
        say(&words::OTHER_LANGUAGE, lang),
        other.code(),
        indicator.id()
    );
    text
}

fn facts(indicator: &Indicator, themes: &[Theme], lang: Lang) -> String {
    let theme = themes.iter().find(|(id, _)| id == indicator.theme());
    let theme = theme.map_or(indicator.theme(), |(_, title)| title.get(lang));
    let statistic = indicator.statistic();
    let mut rows = vec![
        ("id", format!("`{}`", indicator.id())),
        (say(&words::THEME, lang), cell(theme)),
        (
            say(&words::STATISTIC, lang),
            format!(
                "`{}` ({})",
                statistic.name(),
                cell(statistic.statistic.label.get(lang))
            ),
        ),
        (
            say(&words::PERIOD, lang),
            say(&words::span(indicator.span()), lang).to_owned(),
        ),
        (
            say(&words::UNIT, lang),
            say(&words::unit(indicator.unit), lang).to_owned(),
        ),
        (
            say(&words::COUNTED, lang),
            cell(indicator.words.n_label.get(lang)),
        ),
        (
            say(&words::OBSERVED, lang),
            say(&words::observed(indicator.observable_from()), lang).to_owned(),
        ),
    ];
    if indicator.audience() == Audience::Lab {
        let inside = say(&words::INSIDE, lang).to_owned();
        rows.push((say(&words::AUDIENCE, lang), inside));
    }
    if let Some(from) = indicator.from {
        rows.push((say(&words::FROM, lang), from.label(lang)));
    }
    let mut text = format!("\n| {} | |\n|---|---|\n", say(&words::FACTS, lang));
    for (term, words) in rows {
        let _ = writeln!(text, "| {term} | {words} |");
    }
    text
}

fn section(text: &mut String, title: &Text, words: &str, lang: Lang) {
    let _ = write!(text, "\n## {}\n\n{}\n", say(title, lang), lines(words));
}

fn tables(text: &mut String, indicator: &Indicator, lang: Lang) {
    if indicator.frame.is_none() {
        return;
    }
    let _ = write!(text, "\n## {}\n\n", say(&words::BREAKDOWNS, lang));
    for breakdown in indicator.breakdowns() {
        let names: Vec<String> = breakdown.iter().map(|each| named(each, lang)).collect();
        let _ = match names.is_empty() {
            true => writeln!(text, "- {}", say(&words::WHOLE, lang)),
            false => writeln!(text, "- {}", names.join(" × ")),
        };
    }
    if indicator.is_coverage_measured {
        let _ = write!(text, "\n{}\n", say(&words::MEASURED, lang));
    }
}

fn named(dimension: &Dimension, lang: Lang) -> String {
    format!("{} (`{}`)", dimension.label.get(lang), dimension.id)
}

fn parameters(text: &mut String, parameters: &[Parameter], lang: Lang) {
    if parameters.is_empty() {
        return;
    }
    let _ = write!(
        text,
        "\n## {}\n\n| {} | {} | {} | {} |\n|---|---|---:|---|\n",
        say(&words::PARAMETERS, lang),
        say(&words::AMOUNT, lang),
        say(&words::IN_FORCE, lang),
        say(&words::VALUE, lang),
        say(&words::ARTICLE, lang),
    );
    for parameter in parameters {
        for value in parameter.values() {
            let _ = writeln!(
                text,
                "| {} (`{}`) | {} | {} | {} |",
                cell(parameter.label().get(lang)),
                parameter.name(),
                value.from,
                value.value,
                cell(value.source.get(lang)),
            );
        }
    }
}

fn tests(text: &mut String, tests: &[Test], lang: Lang) {
    if tests.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {}\n\n", say(&words::TESTS, lang));
    for test in tests {
        let _ = match test.limit {
            Limit::Range { from, to } => {
                writeln!(text, "- {} {from} – {to}", say(&words::RANGE, lang))
            }
            Limit::Change(most) => writeln!(text, "- {} {most}", say(&words::CHANGE, lang)),
            Limit::RelativeChange(most) => {
                writeln!(text, "- {} {most}", say(&words::RELATIVE, lang))
            }
        };
        for justified in &test.justified {
            let reason = cell(justified.reason.get(lang));
            let _ = writeln!(text, "  - {}: {reason}", justified.period.label(lang));
        }
    }
}

fn computed(text: &mut String, indicator: &Indicator, lang: Lang) {
    let _ = write!(text, "\n## {}\n\n", say(&words::COMPUTED, lang));
    let Some(frame) = &indicator.frame else {
        let _ = writeln!(text, "{}", say(&words::NOWHERE, lang));
        return;
    };
    let tables: Vec<String> = indicator
        .tables()
        .iter()
        .map(|table| format!("`{table}`"))
        .collect();
    if !tables.is_empty() {
        let _ = write!(
            text,
            "{} {}.\n\n",
            say(&words::READS, lang),
            tables.join(", ")
        );
    }
    let _ = write!(
        text,
        "{}\n\n{}",
        say(&words::FRAME, lang),
        sql(frame.text())
    );
    if let Some(collected) = &indicator.collected {
        let _ = write!(
            text,
            "\n{}\n\n{}",
            say(&words::COLLECTED, lang),
            sql(collected.text())
        );
    }
}

fn sql(text: &str) -> String {
    format!(
        "```sql\n{}\n```\n",
        text.trim_end().trim_start_matches('\n')
    )
}
