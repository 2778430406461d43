//! The page of a joint display: for each theme a picture and a table, and the rule of its author.

use askama::Template;
use wdl_chart::{
    Column, DataCell, DataTable, Effect, Gaps, JointDisplay, Measured, Origin, Pair, Picture as _,
    Place, Row, Scope, Share, Together, Width,
};
use wdl_evaluation::coding::{Joint, Line, Said, Verdict};
use wdl_vocab::{Lang, SYNTHETIC_NOTICE};

use super::joint::{
    effect_words, group_words, is_synthetic, rule_words, share_words, study_words, verdict_words,
    why_words,
};
use super::said;

const STYLE: &str = include_str!("../../../templates/link-report.css");

#[derive(Template)]
#[template(path = "joint-report.html")]
struct Page {
    lang: Lang,
    style: &'static str,
    title: String,
    lead: Vec<String>,
    rule: Vec<String>,
    /// Each with the id of its table.
    themes: Vec<(Panel, String, DataTable)>,
    unmatched: Option<String>,
}

struct Panel {
    title: String,
    id: String,
    wide: String,
    narrow: String,
    words: String,
}

impl Page {
    fn say(&self, it: &'static str, en: &'static str) -> &'static str {
        said(self.lang, it, en)
    }
}

/// The page in one language.
pub(super) fn page(joint: &Joint, lang: Lang) -> String {
    let themes = joint.rule.themes().iter();
    let panels = themes.map(|own| {
        let lines: Vec<&Line> = joint
            .lines
            .iter()
            .filter(|line| line.theme == own.theme)
            .collect();
        let theme = own.theme.as_str();
        let label = lines.first().map_or(theme, |line| line.label.get(lang));
        (
            panel(joint, (theme, label), &lines, lang),
            format!("table-{theme}"),
            table(joint, label, &lines, lang),
        )
    });
    let page = Page {
        lang,
        style: STYLE,
        title: said(lang, "Effetti accanto ai temi", "Effects beside themes").to_owned(),
        lead: lead(joint, lang),
        rule: rule_words(joint, lang),
        themes: panels.collect(),
        unmatched: (!joint.unmatched.is_empty()).then(|| joint.unmatched.join(", ")),
    };
    page.render().expect("the template writes into memory")
}

/// What is set beside what, and how often the two go together.
fn lead(joint: &Joint, lang: Lang) -> Vec<String> {
    let count = |verdict| {
        let own = joint.lines.iter().filter(|line| line.verdict == verdict);
        own.count()
    };
    let (with, against, silent) = (
        count(Verdict::Convergent),
        count(Verdict::Divergent),
        count(Verdict::Silent),
    );
    let counted = match lang {
        Lang::It => format!(
            "Su {} confronti: convergenti {with}, divergenti {against}, silenzio {silent}.",
            joint.lines.len()
        ),
        Lang::En => format!(
            "Of {} comparisons: convergent {with}, divergent {against}, silence {silent}.",
            joint.lines.len()
        ),
    };
    let outcome = joint.rule.outcome().get(lang).to_owned();
    let notice = is_synthetic(joint).then(|| SYNTHETIC_NOTICE.get(lang).to_owned());
    notice
        .into_iter()
        .chain([outcome])
        .chain(study_words(joint, lang))
        .chain([counted])
        .collect()
}

fn panel(joint: &Joint, (theme, label): (&str, &str), lines: &[&Line], lang: Lang) -> Panel {
    let pair = |line: &&Line| Pair {
        label: group_words(line, lang),
        effect: match &line.effect {
            Some(effect) => Measured::Shown(Effect {
                label: effect.name.clone(),
                estimate: effect.estimate,
                interval: effect.interval,
            }),
            None if line.is_effect_hidden => Measured::Hidden,
            None => Measured::Nothing,
        },
        share: match (line.said, line.share) {
            (Said::Hidden, _) => Share::Hidden,
            (_, Some(share)) => Share::Shown(share),
            (_, None) => Share::Nobody,
        },
        together: match line.verdict {
            Verdict::Convergent => Together::Convergent,
            Verdict::Divergent => Together::Divergent,
            Verdict::Silent => Together::Silent,
        },
    };
    let picture = JointDisplay {
        pairs: lines.iter().map(pair).collect(),
        level: joint.effects.level,
    };
    let draw = |id: &str, width| {
        let place = Place {
            id,
            title: label,
            width,
            origin: match is_synthetic(joint) {
                true => Origin::Synthetic,
                false => Origin::Unsaid,
            },
        };
        picture.draw(&place, lang).svg
    };
    Panel {
        title: label.to_owned(),
        id: format!("theme-{theme}"),
        wide: draw(&format!("{theme}-wide"), Width::Wide),
        narrow: draw(&format!("{theme}-narrow"), Width::Narrow),
        words: picture.alt(lang),
    }
}

fn table(joint: &Joint, label: &str, lines: &[&Line], lang: Lang) -> DataTable {
    let column = |it, en, is_number| Column {
        text: said(lang, it, en).to_owned(),
        scope: Scope::Column,
        is_number,
    };
    let row = |line: &&Line| Row {
        head: group_words(line, lang),
        scope: Scope::Row,
        is_total: line.group.is_none(),
        cells: [
            effect_words(line, lang),
            share_words(line, lang),
            line.participants
                .map_or_else(|| "–".to_owned(), |n| n.to_string()),
            verdict_words(line.verdict, lang).to_owned(),
            why_words(line, lang).to_owned(),
        ]
        .into_iter()
        .map(|text| DataCell { text, gap: None })
        .collect(),
    };
    DataTable {
        caption: label.to_owned(),
        // A study's column is a name of its file: its groups have names of their own.
        corner: match joint.effects.study {
            Some(_) => said(lang, "gruppo", "group").to_owned(),
            None => joint.by.clone(),
        },
        columns: vec![
            column("effetto e intervallo", "effect and interval", true),
            column("quota che ne parla", "share who speak of it", true),
            column("partecipanti", "participants", true),
            column("insieme", "together", false),
            column("perché", "why", false),
        ],
        rows: lines.iter().map(row).collect(),
        gaps: Gaps::new(),
    }
}
