//! The sentence that opens an answer: the effect with its interval, on what, for whom, how sure; never more than the method can claim.

use wdl_vocab::{Lang, Text};

use crate::answer::{Estimate, Evaluation};
use crate::numbers;
use crate::shown;

/// What the main estimate of a method may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// An effect, as long as assumptions hold that data cannot prove.
    Effect,
    /// A difference or a coefficient: no effect by itself.
    Association,
    /// A figure of its own kind, that is not compared with zero.
    Measure,
}

/// On what scale the main estimate is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// So much more or less of the outcome.
    #[default]
    Amount,
    /// The logarithm of what multiplies the thing named.
    Multiplies(Text),
}

/// What a method gives to the opening sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The place of the main estimate.
    pub headline: usize,
    /// The name of the outcome: that of its column unless said.
    pub outcome: Option<String>,
    /// For whom: `per chi ha ricevuto la misura`.
    pub whom: Option<Text>,
    /// The scale of the main estimate.
    pub scale: Scale,
    /// The places of the estimates that can stand in one picture, on one scale: all unless said.
    pub pictured: Option<Vec<usize>>,
    /// The sentence itself, where the method has no main estimate.
    pub own: Option<Text>,
}

/// Below this an effect is said to be hard to explain by chance: the usual one in twenty.
const CHANCE: f64 = 0.05;

/// The sentence in both languages.
pub(crate) fn summary(claim: Claim, answer: &Evaluation) -> Text {
    if let Some(own) = &answer.opening.own {
        return own.clone();
    }
    let say = |lang| sentence(claim, answer, lang);
    Text::new(say(Lang::It), say(Lang::En))
}

fn sentence(claim: Claim, answer: &Evaluation, lang: Lang) -> String {
    let estimand = answer.estimand.get(lang);
    let Some(main) = answer.headline().filter(|own| own.estimate.is_finite()) else {
        return format!("{estimand}.");
    };
    let what = subject(claim, answer, main, lang);
    let (amount, interval) = match (&answer.opening.scale, claim) {
        (Scale::Multiplies(thing), _) => multiplied(main, thing, lang),
        (Scale::Amount, Claim::Measure) => plain(main, lang),
        (Scale::Amount, Claim::Effect | Claim::Association) => more_or_less(main, lang),
    };
    let sure = match claim {
        Claim::Measure => String::new(),
        Claim::Effect | Claim::Association => format!("; {}", sureness(claim, main).get(lang)),
    };
    format!("{what}: {amount}{interval}{sure}.")
}

/// What is told, on what, for whom.
fn subject(claim: Claim, answer: &Evaluation, main: &Estimate, lang: Lang) -> String {
    let estimand = answer.estimand.get(lang);
    if claim == Claim::Measure {
        return match &answer.opening.whom {
            None => estimand.to_owned(),
            Some(whom) => format!("{estimand}, {}", whom.get(lang)),
        };
    }
    let outcome = answer.opening.outcome.as_deref();
    let whom = answer.opening.whom.as_ref();
    if let (None, Some(whom)) = (outcome, whom) {
        return capitalised(whom.get(lang));
    }
    let whom = whom.map_or_else(String::new, |own| format!(", {}", own.get(lang)));
    let label = main.label.get(lang);
    let words = match (claim, outcome) {
        (Claim::Effect, Some(outcome)) => Text::new(
            format!("Effetto stimato su `{outcome}`{whom}"),
            format!("Estimated effect on `{outcome}`{whom}"),
        ),
        (Claim::Association, Some(outcome)) => Text::new(
            format!("Differenza stimata di `{outcome}`{whom}"),
            format!("Estimated difference of `{outcome}`{whom}"),
        ),
        (_, None) => Text::new(estimand, estimand),
        (Claim::Measure, Some(_)) => Text::new(label, label),
    };
    words.get(lang).to_owned()
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The ends of an interval in words, between brackets.
fn bracketed(main: &Estimate, ends: &str, lang: Lang) -> String {
    let level = numbers::level(main.level, lang);
    let words = Text::new(
        format!(" (intervallo di confidenza al {level}: {ends})"),
        format!(" ({level} confidence interval: {ends})"),
    );
    words.get(lang).to_owned()
}

fn plain(main: &Estimate, lang: Lang) -> (String, String) {
    let decimals = shown::decimals_of(main);
    let number = |value: f64| numbers::fixed(value, decimals, lang);
    let ends = main.interval.map(|[low, high]| {
        let (low, high) = (number(low), number(high));
        let words = Text::new(format!("da {low} a {high}"), format!("{low} to {high}"));
        bracketed(main, words.get(lang), lang)
    });
    (number(main.estimate), ends.unwrap_or_default())
}

/// `0,040 in meno (… da 0,063 a 0,016 in meno)`.
fn more_or_less(main: &Estimate, lang: Lang) -> (String, String) {
    let decimals = shown::decimals_of(main);
    let size = |value: f64| numbers::fixed(value.abs(), decimals, lang);
    let way = |value: f64| match value < 0.0 {
        true => Text::fixed("in meno", "less"),
        false => Text::fixed("in più", "more"),
    };
    let told = |value: f64| format!("{} {}", size(value), way(value).get(lang));
    let interval = main.interval.map(|[low, high]| {
        let ends = match (low < 0.0) == (high < 0.0) {
            true => Text::new(
                format!("da {} a {}", size(low), told(high)),
                format!("{} to {}", size(low), told(high)),
            ),
            false => Text::new(
                format!("da {} a {}", told(low), told(high)),
                format!("{} to {}", told(low), told(high)),
            ),
        };
        bracketed(main, ends.get(lang), lang)
    });
    (told(main.estimate), interval.unwrap_or_default())
}

/// `il rischio dell'evento è moltiplicato per 0,94 (… da 0,90 a 0,99)`.
fn multiplied(main: &Estimate, thing: &Text, lang: Lang) -> (String, String) {
    let number = |value: f64| numbers::significant(value.exp(), 3, lang);
    let times = number(main.estimate);
    let words = Text::new(
        format!("{} è moltiplicato per {times}", thing.it),
        format!("{} is multiplied by {times}", thing.en),
    );
    let interval = main.interval.map(|[low, high]| {
        let (low, high) = (number(low), number(high));
        let ends = Text::new(format!("da {low} a {high}"), format!("{low} to {high}"));
        bracketed(main, ends.get(lang), lang)
    });
    (words.get(lang).to_owned(), interval.unwrap_or_default())
}

/// How sure it is.
fn sureness(claim: Claim, main: &Estimate) -> Text {
    let holds_zero = main.interval.map(|[low, high]| low <= 0.0 && high >= 0.0);
    let is_chance = holds_zero.or_else(|| main.p_value.map(|p| p >= CHANCE));
    let p = |lang| match (main.interval, main.p_value) {
        (None, Some(p)) => format!(" ({})", numbers::p_said(p, lang)),
        _ => String::new(),
    };
    let (it, en) = (p(Lang::It), p(Lang::En));
    match (is_chance, claim) {
        (None, _) => Text::fixed(
            "manca un intervallo, e quanto la stima sia sicura non si può dire",
            "there is no interval, and how sure the estimate is cannot be said",
        ),
        (Some(true), Claim::Effect) => Text::new(
            format!("con questi dati non si può escludere che l'effetto sia nullo{it}"),
            format!("with these data no effect at all cannot be ruled out{en}"),
        ),
        (Some(true), _) => Text::new(
            format!("con questi dati la differenza può essere dovuta al caso{it}"),
            format!("with these data the difference may be due to chance{en}"),
        ),
        (Some(false), _) => Text::new(
            format!("è difficile da spiegare con il solo caso{it}"),
            format!("it is hard to explain by chance alone{en}"),
        ),
    }
}

/// What an official must not read into the sentence.
pub fn caveat(claim: Claim, answer: &Evaluation) -> Option<Text> {
    let main = answer.headline()?;
    let has_assumptions = answer
        .notes
        .iter()
        .any(|note| note.kind == crate::answer::NoteKind::Assumption);
    let holds_zero = main
        .interval
        .is_some_and(|[low, high]| low <= 0.0 && high >= 0.0);
    match claim {
        Claim::Effect if holds_zero => Some(Text::fixed(
            "Un intervallo che comprende lo zero non prova che l'effetto non ci sia: dice quali effetti i dati lasciano possibili.",
            "An interval that holds zero is no proof that there is no effect: it tells which effects the data leave possible.",
        )),
        Claim::Effect if has_assumptions => Some(Text::fixed(
            "È l'effetto della misura solo se valgono le ipotesi elencate più sotto, che i dati da soli non possono provare.",
            "It is the effect of the measure only if the assumptions listed below hold, which data alone cannot prove.",
        )),
        Claim::Effect | Claim::Measure => None,
        Claim::Association => Some(Text::fixed(
            "È una differenza tra chi è diverso anche in altro: da sola non dice che l'una cosa sia la causa dell'altra.",
            "It is a difference between those who differ in other things too: by itself it does not say that one thing causes the other.",
        )),
    }
}
