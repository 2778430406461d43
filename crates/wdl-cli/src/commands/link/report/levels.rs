//! Outcomes of comparisons and blocking rules in words.

use wdl_linkage::{BlockingRule, Level, Part};
use wdl_vocab::{Lang, Text};

/// The outcome of a comparison.
pub(crate) fn level_words(level: Level) -> Text {
    let number = |it: &str, en: &str, value: u8| {
        Text::new(
            it.replace("{n}", &value.to_string()),
            en.replace("{n}", &value.to_string()),
        )
    };
    let share = |it: &str, en: &str, value: u8| {
        let value = f64::from(value) / 100.0;
        Text::new(
            it.replace("{n}", &Lang::It.number(value, 2)),
            en.replace("{n}", &Lang::En.number(value, 2)),
        )
    };
    match level {
        Level::Exact => Text::fixed("uguale", "the same"),
        Level::Contained => Text::fixed("una parte dell’altro", "a part of the other"),
        Level::SameSound => Text::fixed(
            "stesso suono o forma dello stesso nome",
            "same sound or a form of the same name",
        ),
        Level::Similar(least) => share("simile almeno {n}", "similar, at least {n}", least),
        Level::Edits(1) => Text::fixed("un carattere diverso", "one character differs"),
        Level::Edits(most) => number(
            "fino a {n} caratteri diversi",
            "up to {n} characters differ",
            most,
        ),
        Level::Swapped => Text::fixed("giorno e mese scambiati", "day and month swapped"),
        Level::OneOff => Text::fixed("una parte di poco diversa", "one part slightly off"),
        Level::TwoParts => Text::fixed("due parti su tre uguali", "two parts of three the same"),
        Level::YearOnly => Text::fixed("solo l’anno uguale", "only the year the same"),
        Level::SameArea => Text::fixed("stessa zona", "same area"),
        Level::Within(most) => number("diverso fino al {n}%", "within {n}%", most),
        Level::Dice(least) => share("Dice almeno {n}", "Dice at least {n}", least),
        Level::Straight => Text::fixed("ciascuno al suo posto", "each in its own place"),
        Level::Crossed => Text::fixed("scambiati fra loro", "exchanged"),
        Level::Different => Text::fixed("diverso", "different"),
        Level::TwoCodes => Text::fixed(
            "due codici diversi e senza errori",
            "two different codes without a fault",
        ),
    }
}

/// A field of which a value is missing.
pub(crate) const MISSING: Text = Text::fixed("manca un valore", "a value is missing");

/// A blocking rule: what two records must have in common to be compared.
pub(super) fn rule_words(rule: &BlockingRule, lang: Lang) -> String {
    let keys = rule.0.iter().map(|key| {
        let column = &key.column;
        let (it, en) = match key.part {
            Part::Whole => return column.clone(),
            Part::Sound => ("suono", "sound"),
            Part::Head => ("inizio", "beginning"),
            Part::Tail => ("fine", "end"),
            Part::Year => ("anno", "year"),
            Part::YearMonth => ("anno e mese", "year and month"),
            Part::MonthDay => ("mese e giorno", "month and day"),
        };
        match lang {
            Lang::It => format!("{column} ({it})"),
            Lang::En => format!("{column} ({en})"),
        }
    });
    keys.collect::<Vec<_>>().join(" + ")
}
