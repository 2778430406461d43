//! The sheet for officials: one page on paper with the question, the answer on a scale, how sure, for whom, what it costs, how we know, what we do not know.

use std::fmt::Write as _;

use jiff::civil::Date;
use wdl_paper::{Paper, PaperError, quoted};
use wdl_result::study::MAIN;
use wdl_vocab::{Lang, SYNTHETIC_NOTICE};

use super::figures::{effects, scale};
use super::text::Said;
use super::{Study, difference};
use crate::parts::short;
use crate::words::{TEXTS, say};

/// How far from the ends of the scale the farthest number stands, in parts of its length.
const MARGIN: f64 = 0.12;

/// The sheet as the bytes of a PDF.
///
/// # Errors
/// [`PaperError`] when the document would not be accessible.
pub fn sheet(study: &Study<'_>, lab: &str, lang: Lang) -> Result<Vec<u8>, PaperError> {
    let source = written(study, lab, lang);
    let title = study.face().title.get(lang);
    let paper = Paper {
        ident: &format!("study-{}-{}", study.id(), lang.code()),
        title,
        lang,
        date: day(&study.face().run_on),
        source: &source,
    };
    wdl_paper::pdf(&paper)
}

fn day(time: &str) -> Date {
    let day = time.get(..10).and_then(|day| day.parse().ok());
    day.unwrap_or_default()
}

/// Words from anywhere, as Typst shows them and never obeys them.
fn put(out: &mut String, call: &str, words: &[&str]) {
    let words: Vec<String> = words.iter().map(|own| quoted(own)).collect();
    let _ = writeln!(out, "#{call}({})", words.join(", "));
}

fn written(study: &Study<'_>, lab: &str, lang: Lang) -> String {
    let said = Said::of(study, lang);
    let face = study.face();
    let mut out = include_str!("sheet.typ").to_owned();
    if study.header().synthetic {
        put(&mut out, "synthetic", &[SYNTHETIC_NOTICE.get(lang)]);
    }
    let place = format!("{lab} · {}", say(lang, "study-sheet-ident"));
    put(
        &mut out,
        "head",
        &[&place, face.title.get(lang), face.question.get(lang)],
    );
    if let Some(mark) = &said.mark {
        put(&mut out, "mark", &[mark]);
    }
    put(
        &mut out,
        "answer",
        &[
            said.number.as_deref().unwrap_or_default(),
            &said.finding,
            said.verdict.as_deref().unwrap_or_default(),
        ],
    );
    out.push_str(&drawn(study, lang));
    for section in &said.sections {
        put(&mut out, "section", &[&section.title]);
        let lines: Vec<&str> = section.lines.iter().map(String::as_str).collect();
        let call = match lines.len() {
            1 => "par",
            _ => "points",
        };
        put(&mut out, call, &lines);
    }
    let registration = face.registration.as_ref();
    let digest = registration.map_or_else(|| "–".to_owned(), |own| short(&own.digest.to_string()));
    let args = [
        ("snapshot", study.header().lineage.snapshot.to_string()),
        ("digest", digest),
    ];
    put(
        &mut out,
        "foot",
        &[&TEXTS.get(lang, "study-sheet-foot", &args)],
    );
    out
}

/// The estimate on its scale; nothing when it is hidden.
fn drawn(study: &Study<'_>, lang: Lang) -> String {
    use wdl_chart::Picture as _;
    let picture = effects(study, &[MAIN], lang);
    let (Some(own), Some(shown)) = (picture.effects.first(), study.main()) else {
        return String::new();
    };
    let ends = own.interval.unwrap_or([own.estimate; 2]);
    let (least, most) = (ends[0].min(0.0), ends[1].max(0.0));
    let span = (most - least).max(f64::MIN_POSITIVE);
    let at = |value: f64| 100.0 * (MARGIN + (1.0 - 2.0 * MARGIN) * (value - least) / span);
    let words = |value: Option<f64>| {
        value.map_or_else(String::new, |value| difference(study.header(), value, lang))
    };
    // The name of the scale says its unit: the ends are numbers alone where zero would be hit.
    let low = words(shown.interval.map(|own| own[0]));
    let high = words(shown.interval.map(|own| own[1]));
    let labels = [
        "0".to_owned(),
        low.split('\u{a0}').next().unwrap_or_default().to_owned(),
        high.split('\u{a0}').next().unwrap_or_default().to_owned(),
    ];
    format!(
        "#scale({}, {}, {:.3}, {:.3}, {:.3}, {:.3}, ({}))\n",
        quoted(&scale(study, lang)),
        quoted(&picture.alt(lang)),
        at(0.0),
        at(ends[0]),
        at(ends[1]),
        at(own.estimate),
        labels.map(|own| quoted(&own)).join(", "),
    )
}
