//! `wdl joint EFFECTS THEMES`: what was measured beside what people say, by the rule of its author.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use wdl_chart::numbers::date;
use wdl_evaluation::coding::{
    CodingError, Effects, Expected, Joint, JointRule, Line, Match, Said, ThemesFile, Verdict,
};
use wdl_evaluation::numbers;
use wdl_lab::{Stopped, read};
use wdl_plain::PlainTable;
use wdl_vocab::{Lang, SYNTHETIC_NOTICE, Text};

use super::page::page;
use super::{bad_option, said};
use crate::answer::Answer;

/// Sets effects beside themes, group by group, and says by a stated rule whether they go together
#[derive(clap::Args)]
pub(crate) struct JointCommand {
    /// The effects: the answer of `wdl evaluate METHOD FILE --format json`, or of `wdl study report ID --format json`
    effects: PathBuf,
    /// The themes: the file that `wdl themes --out` writes
    themes: PathBuf,
    /// The rule, as its author states it: YAML
    #[arg(long, value_name = "FILE")]
    rule: PathBuf,
    /// The breakdown of the themes
    #[arg(long, value_name = "COL")]
    by: String,
    /// Which effect goes with which group, when their names differ: EFFECT=GROUP, EFFECT=total
    #[arg(long = "match", value_name = "EFFECT=GROUP")]
    matches: Vec<String>,
}

impl JointCommand {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let bytes = read(&self.effects)?;
        let wrong = |file: &Path, fault: CodingError| Stopped::new(fault.of_file(file));
        let answer = serde_json::from_slice(&bytes).map_err(|_| {
            let detail = Text::fixed("non è JSON", "it is no JSON");
            wrong(&self.effects, CodingError::Effects { detail })
        })?;
        let effects = Effects::read(&answer).map_err(|fault| wrong(&self.effects, fault))?;
        let rule = JointRule::read(&self.rule)?;
        let themes = self.themes()?;
        let joint = Joint::of(effects, &themes, rule, &self.by, &self.matches()?)
            .map_err(|fault| wrong(&self.themes, fault))?;
        let text = Text::new(words(&joint, Lang::It), words(&joint, Lang::En));
        let pages = Text::new(page(&joint, Lang::It), page(&joint, Lang::En));
        let value = json!({
            "by": joint.by,
            "outcome": joint.rule.outcome(),
            "method": joint.effects.method,
            "level": joint.effects.level,
            "study": joint.effects.study,
            "rule": joint.rule,
            "lines": joint.lines,
            "unmatched": joint.unmatched,
        });
        Ok(Answer::new(text, value).page(move |lang| pages.get(lang).to_owned()))
    }

    fn themes(&self) -> Result<ThemesFile, Stopped> {
        let columns = ThemesFile::columns();
        let table = PlainTable::read(&self.themes, columns)?;
        let cells: Vec<Vec<Option<String>>> =
            columns.iter().map(|column| table.text(column)).collect();
        let mut file = ThemesFile::default();
        for row in 0..table.rows() {
            let own: Vec<Option<&str>> =
                cells.iter().map(|column| column[row].as_deref()).collect();
            file.add(&own, table.line(row))
                .map_err(|fault| Stopped::new(fault.of_file(&self.themes)))?;
        }
        Ok(file)
    }

    fn matches(&self) -> Result<Vec<Match>, Stopped> {
        let one = |typed: &String| match typed.rsplit_once('=') {
            Some((effect, group)) if !effect.is_empty() && !group.is_empty() => {
                let group = (group != "total").then(|| group.to_owned());
                Ok((effect.to_owned(), group))
            }
            _ => Err(bad_option("--match", typed, "EFFECT=GROUP")),
        };
        self.matches.iter().map(one).collect()
    }
}

/// A group as people call it.
pub(super) fn group_words(line: &Line, lang: Lang) -> String {
    match (&line.group_label, &line.group) {
        (Some(label), _) => label.get(lang).to_owned(),
        (None, Some(group)) => group.clone(),
        (None, None) => said(lang, "tutti", "everybody").to_owned(),
    }
}

/// Whether the two go together, in a word.
pub(super) fn verdict_words(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Convergent => said(lang, "convergente", "convergent"),
        Verdict::Divergent => said(lang, "divergente", "divergent"),
        Verdict::Silent => said(lang, "silenzio", "silence"),
    }
}

/// Why, in a few words.
pub(super) fn why_words(line: &Line, lang: Lang) -> &'static str {
    match (line.said, line.direction, &line.effect) {
        (Said::Hidden, _, _) => said(
            lang,
            "il tema è nascosto per riservatezza",
            "the theme is hidden for confidentiality",
        ),
        (Said::Nobody, _, _) => said(
            lang,
            "nessuno di questo gruppo ha partecipato",
            "nobody of this group took part",
        ),
        (Said::Hardly, _, _) => said(
            lang,
            "il tema è detto da meno di quanto chiede la regola",
            "the theme is said by fewer than the rule asks",
        ),
        (Said::Yes, _, None) if line.is_effect_hidden => said(
            lang,
            "l'effetto è nascosto per riservatezza",
            "the effect is hidden for confidentiality",
        ),
        (Said::Yes, _, None) => said(
            lang,
            "nessun effetto è stato stimato per questo gruppo",
            "no effect was estimated for this group",
        ),
        (Said::Yes, None, Some(effect)) => match effect.interval {
            Some(_) => said(
                lang,
                "l'intervallo lascia aperta la direzione",
                "the interval leaves the direction open",
            ),
            None => said(
                lang,
                "l'effetto non ha un intervallo",
                "the effect has no interval",
            ),
        },
        (Said::Yes, Some(Expected::Increase), Some(_)) => {
            said(lang, "l'effetto è un aumento", "the effect is an increase")
        }
        (Said::Yes, Some(Expected::Decrease), Some(_)) => {
            said(lang, "l'effetto è un calo", "the effect is a decrease")
        }
        (Said::Yes, Some(Expected::None), Some(_)) => said(
            lang,
            "l'effetto è tanto piccolo da non contare",
            "the effect is too small to count",
        ),
    }
}

/// A share, or why it is not told.
pub(super) fn share_words(line: &Line, lang: Lang) -> String {
    match (line.said, line.share) {
        (Said::Hidden, _) => said(lang, "nascosta", "hidden").to_owned(),
        (_, Some(share)) => format!("{} %", lang.number(100.0 * share, 0)),
        (_, None) => "–".to_owned(),
    }
}

/// The rule in sentences.
pub(super) fn rule_words(joint: &Joint, lang: Lang) -> Vec<String> {
    let mut shown: Vec<String> = joint
        .rule
        .themes()
        .iter()
        .map(|own| {
            let label = joint.lines.iter().find(|line| line.theme == own.theme);
            let label = label.map_or(own.theme.as_str(), |line| line.label.get(lang));
            let percent = lang.number(100.0 * own.said_from, 0);
            let expected = match own.expects {
                Expected::Increase => said(lang, "un aumento", "an increase"),
                Expected::Decrease => said(lang, "un calo", "a decrease"),
                Expected::None => said(lang, "nessun effetto", "no effect"),
            };
            let rule = match lang {
                Lang::It => format!(
                    "{label}: dove ne parla almeno il {percent} % dei partecipanti ci si attende {expected}."
                ),
                Lang::En => format!(
                    "{label}: where at least {percent} % of the participants speak of it, {expected} is expected."
                ),
            };
            match &own.why {
                Some(why) => format!("{rule} {}", why.get(lang)),
                None => rule,
            }
        })
        .collect();
    if let Some([low, high]) = joint.rule.no_effect() {
        let (low, high) = (lang.number(low, 3), lang.number(high, 3));
        shown.push(match lang {
            Lang::It => format!(
                "Un effetto il cui intervallo sta tutto tra {low} e {high} conta come nessuno."
            ),
            Lang::En => {
                format!("An effect whose interval lies between {low} and {high} counts for none.")
            }
        });
    }
    shown.push(
        said(
            lang,
            "Convergente: il tema è detto e l'effetto è quello atteso. Divergente: il tema è detto e l'effetto è un altro. Silenzio: uno dei due non dice nulla; non è una conferma.",
            "Convergent: the theme is said and the effect is the one expected. Divergent: the theme is said and the effect is another. Silence: one of the two says nothing; it confirms nothing.",
        )
        .to_owned(),
    );
    shown
}

/// The effect with its interval, with the digits that its width leaves a meaning.
pub(super) fn effect_words(line: &Line, lang: Lang) -> String {
    match &line.effect {
        None if line.is_effect_hidden => said(lang, "nascosto", "hidden").to_owned(),
        None => "–".to_owned(),
        Some(effect) => match effect.interval {
            Some([low, high]) => {
                // Two digits of the standard error that an interval of 95 % would have.
                let decimals = numbers::decimals_of_error((high - low) / 3.92);
                let number = |value: f64| numbers::fixed(value, decimals, lang);
                format!(
                    "{} [{}; {}]",
                    number(effect.estimate),
                    number(low),
                    number(high)
                )
            }
            None => numbers::significant(effect.estimate, 3, lang),
        },
    }
}

/// Whether the data of its study are invented.
pub(super) fn is_synthetic(joint: &Joint) -> bool {
    let study = joint.effects.study.as_ref();
    study.is_some_and(|own| own.synthetic)
}

/// The study that the effects are of, in a sentence; nothing for an answer on a plain file.
pub(super) fn study_words(joint: &Joint, lang: Lang) -> Option<String> {
    let own = joint.effects.study.as_ref()?;
    let title = own.title.get(lang);
    let day = own.registered_on.as_ref().map(|on| date(on, lang));
    let stands = match (day, lang) {
        (Some(day), Lang::It) => format!("Effetti dello studio «{title}», registrato il {day}"),
        (Some(day), Lang::En) => format!("Effects of the study “{title}”, registered on {day}"),
        (None, Lang::It) => format!("Effetti dello studio «{title}», non registrato"),
        (None, Lang::En) => format!("Effects of the study “{title}”, not registered"),
    };
    let read = match own.outcome_read_before {
        true => said(
            lang,
            "; l'esito è stato letto prima della registrazione",
            "; its outcome was read before registration",
        ),
        false => "",
    };
    Some(format!("{stands}{read}."))
}

fn words(joint: &Joint, lang: Lang) -> String {
    let mut shown = String::new();
    if is_synthetic(joint) {
        let _ = writeln!(shown, "{}", SYNTHETIC_NOTICE.get(lang));
    }
    let _ = writeln!(shown, "{}", joint.rule.outcome().get(lang));
    if let Some(study) = study_words(joint, lang) {
        let _ = writeln!(shown, "{study}");
    }
    let mut theme = None;
    for line in &joint.lines {
        if theme != Some(&line.theme) {
            theme = Some(&line.theme);
            let _ = writeln!(shown, "{}", line.label.get(lang));
        }
        let _ = writeln!(
            shown,
            "  {:<20} {:<28} {:<10} {}: {}",
            group_words(line, lang),
            effect_words(line, lang),
            share_words(line, lang),
            verdict_words(line.verdict, lang),
            why_words(line, lang),
        );
    }
    let _ = writeln!(
        shown,
        "{}",
        said(lang, "La regola dell'autore:", "The author's rule:")
    );
    for sentence in rule_words(joint, lang) {
        let _ = writeln!(shown, "- {sentence}");
    }
    if !joint.unmatched.is_empty() {
        let _ = writeln!(
            shown,
            "{}: {}",
            said(lang, "Effetti senza un gruppo", "Effects without a group"),
            joint.unmatched.join(", ")
        );
    }
    shown
}
