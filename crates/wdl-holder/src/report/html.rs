//! The pages of the reports: plain HTML that opens without a network, reads aloud and prints.

use std::fmt::Write as _;

use wdl_check::{Example, Finding, PeopleCount};
use wdl_vocab::{Lang, Severity};

use super::comparison::Comparison;
use super::{FindingReport, Full, Shareable, severity_word, title, what, what_to_do, why};
use crate::words::{count, say};

const STYLE: &str = "body{font:1rem/1.5 'Titillium Web',system-ui,sans-serif;margin:0;color:#17324d;background:#fff}\
main{max-width:60rem;margin:0 auto;padding:1.5rem}h1{font-size:1.75rem}h2{font-size:1.3rem;margin-top:2rem}h3{font-size:1rem;margin:0}\
table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600;padding:.25rem 0}\
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #d6dce3}td.n,th.n{text-align:right}\
.notice{border:2px solid #17324d;padding:.75rem 1rem;font-weight:600}.synthetic{background:#fff4d6;padding:.5rem 1rem;margin:0;font-weight:600}\
.finding{border-left:.35rem solid #5b6f82;padding:.5rem 1rem;margin:1rem 0;background:#f5f8fa}.error{border-color:#b3261e}.to-justify{border-color:#8a5a00}\
.code,code{font-family:monospace}p{margin:.4rem 0}td,th,h3,code,.code{overflow-wrap:anywhere}.severity{text-transform:uppercase;font-size:.85em;margin-right:.25rem}.justified{background:#e8f1fb;padding:.4rem .75rem}caption.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}@media print{.finding{break-inside:avoid}}";

/// The full report: with the examples, for the body alone.
pub(crate) fn full_page(report: &Shareable, full: Full<'_>, lang: Lang) -> String {
    page(report, lang, "full-notice", Some(full))
}

/// The shareable report: made from what may travel, and nothing else.
pub(crate) fn shareable_page(report: &Shareable, lang: Lang) -> String {
    page(report, lang, "shareable-notice", None)
}

fn page(report: &Shareable, lang: Lang, notice: &str, full: Option<Full<'_>>) -> String {
    let title = title(report, lang);
    let title = escape(&title);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    );
    if let Some(synthetic) = &report.notice {
        let _ = writeln!(
            html,
            "<header class=\"synthetic\">{}</header>",
            escape(synthetic.get(lang))
        );
    }
    let _ = writeln!(
        html,
        "<main>\n<h1>{title}</h1>\n<p class=\"notice\">{}</p>\n<p>{}</p>",
        word(lang, notice),
        word(lang, report.verdict())
    );
    summary(&mut html, report, lang, full.map(|full| full.file));
    decisions(&mut html, report, lang);
    findings_sections(&mut html, report, lang, full);
    for people in &report.people {
        people_table(&mut html, people, lang);
    }
    let comparisons = full.map_or(&report.comparisons[..], |full| full.comparisons);
    for comparison in comparisons {
        comparison_table(&mut html, comparison, lang);
    }
    columns_table(&mut html, report, lang);
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn summary(html: &mut String, report: &Shareable, lang: Lang, file: Option<&str>) {
    let contract = say(
        lang,
        "contract-value",
        &[
            ("contract", report.contract.id.clone()),
            ("version", report.contract.version.clone()),
        ],
    );
    let mut rows = vec![("body", report.body.to_string())];
    rows.extend(file.map(|file| ("file", file.to_owned())));
    rows.extend([
        ("contract", contract),
        ("rows", count(lang, report.rows)),
        ("accepted", count(lang, report.accepted)),
        ("rejected", count(lang, report.rejected)),
        ("errors", count(lang, report.counts.error)),
        ("to-justify", count(lang, report.counts.to_justify)),
        ("justified", count(lang, report.counts.justified)),
        ("notes", count(lang, report.counts.note)),
    ]);
    let _ = writeln!(html, "<table><caption>{}</caption>", word(lang, "summary"));
    for (key, value) in rows {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            word(lang, key),
            escape(&value)
        );
    }
    html.push_str("</table>\n");
}

fn decisions(html: &mut String, report: &Shareable, lang: Lang) {
    if report.decisions.is_empty() {
        return;
    }
    let _ = writeln!(html, "<h2>{}</h2>\n<ul>", word(lang, "decisions"));
    for decision in &report.decisions {
        let _ = writeln!(html, "<li>{}</li>", sentence(decision.get(lang)));
    }
    html.push_str("</ul>\n");
}

fn comparison_table(html: &mut String, comparison: &Comparison, lang: Lang) {
    let period = comparison.with.label(lang);
    let title = escape(&say(lang, "comparison", &[("period", period.clone())]));
    let _ = writeln!(
        html,
        "<h2>{title}</h2>\n<table><caption class=\"v\">{title}</caption>\n<tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th></tr>",
        word(lang, "comparison-what"),
        escape(&period),
        word(lang, "comparison-now"),
        word(lang, "comparison-change")
    );
    for line in &comparison.lines {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(line.label.get(lang)),
            line.shown(line.before, lang),
            line.shown(line.now, lang),
            line.change(lang)
        );
    }
    html.push_str("</table>\n");
    for codes in &comparison.codes {
        for (key, codes_of) in [
            ("codes-appeared", &codes.appeared),
            ("codes-gone", &codes.gone),
        ] {
            if codes_of.is_empty() {
                continue;
            }
            let args = [
                ("column", codes.column.clone()),
                ("codes", codes_of.join("`, `")),
            ];
            let _ = writeln!(html, "<p>{}</p>", sentence(&say(lang, key, &args)));
        }
    }
}

fn people_table(html: &mut String, people: &PeopleCount, lang: Lang) {
    let heading = word(lang, "people");
    let intro = say(lang, "people-intro", &[("column", people.column.clone())]);
    let _ = writeln!(
        html,
        "<h2>{heading}</h2>\n<p>{}</p>\n<table><caption class=\"v\">{heading}</caption>\n<tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th></tr>",
        sentence(&intro),
        word(lang, "people-kind"),
        word(lang, "people-count")
    );
    let rows = [
        ("people-tax-code", people.tax_codes),
        ("people-provisional", people.provisional),
        ("people-health", people.health_codes),
        ("people-missing", people.missing),
        ("people-wrong", people.wrong),
    ];
    for (key, value) in rows {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td></tr>",
            word(lang, key),
            count(lang, value)
        );
    }
    html.push_str("</table>\n");
}

fn findings_sections(html: &mut String, report: &Shareable, lang: Lang, full: Option<Full<'_>>) {
    if report.findings.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", word(lang, "findings-none"));
    }
    let mut seen = full.map(|full| full.findings.iter());
    let mut open = None;
    for finding in &report.findings {
        if open != Some(finding.severity) {
            open = Some(finding.severity);
            let _ = writeln!(
                html,
                "<h2>{}</h2>",
                word(lang, severity_key(finding.severity))
            );
        }
        // The same findings in the same order: the shareable ones are made from these.
        let whole = seen.as_mut().and_then(Iterator::next);
        finding_section(html, finding, lang, whole);
    }
}

fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "findings-error",
        Severity::ToJustify => "findings-to-justify",
        Severity::Note => "findings-note",
    }
}

fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::ToJustify => "to-justify",
        Severity::Note => "note",
    }
}

fn finding_section(
    html: &mut String,
    finding: &FindingReport,
    lang: Lang,
    whole: Option<&Finding>,
) {
    let texts = match whole {
        Some(whole) => [what, why, what_to_do].map(|words| words(whole, &whole.diagnostic, lang)),
        None => {
            [&finding.message, &finding.cause, &finding.fix].map(|text| text.get(lang).to_owned())
        }
    };
    let [message, cause, fix] = texts.map(|text| sentence(&text));
    let _ = writeln!(
        html,
        "<section class=\"finding {}\">\n<h3><span class=\"severity\">{}</span> {message} <span class=\"code\">{}</span></h3>\n<p>{}: {cause}</p>\n<p>{}: {fix}</p>",
        severity_class(finding.severity),
        word(lang, severity_word(finding.severity)),
        finding.code,
        word(lang, "cause"),
        word(lang, "fix"),
    );
    if let Some(meant) = &finding.suggestion {
        let _ = writeln!(
            html,
            "<p>{}: <span class=\"code\">{}</span></p>",
            word(lang, "meant"),
            escape(meant)
        );
    }
    if let Some(said) = &finding.justified {
        let _ = writeln!(
            html,
            "<p class=\"justified\">{}: {}{}{}</p>",
            word(lang, "justified-because"),
            escape(said.reason.text().get(lang)),
            if said.note.is_empty() { "" } else { " – " },
            escape(&said.note)
        );
    }
    if let Some(whole) = whole
        && !whole.examples.is_empty()
    {
        examples_table(html, finding, lang, &whole.examples);
    }
    html.push_str("</section>\n");
}

fn examples_table(html: &mut String, finding: &FindingReport, lang: Lang, rows: &[Example]) {
    let has_meant = rows.iter().any(|row| row.suggestion.is_some());
    let _ = write!(
        html,
        "<table><caption>{}</caption>\n<tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>",
        word(lang, "examples"),
        word(lang, "line"),
        word(lang, "value")
    );
    if has_meant {
        let _ = write!(html, "<th scope=\"col\">{}</th>", word(lang, "meant"));
    }
    html.push_str("</tr>\n");
    for row in rows {
        let _ = write!(
            html,
            "<tr><td>{}</td><td class=\"code\">{}</td>",
            row.line,
            escape(&row.value)
        );
        if has_meant {
            let meant = row.suggestion.as_deref().unwrap_or_default();
            let _ = write!(html, "<td class=\"code\">{}</td>", escape(meant));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
    let more = finding.count.saturating_sub(rows.len() as u64);
    if more > 0 {
        let words = say(lang, "more", &[("count", count(lang, more))]);
        let _ = writeln!(html, "<p>{}</p>", escape(&words));
    }
}

fn columns_table(html: &mut String, report: &Shareable, lang: Lang) {
    let heading = word(lang, "columns");
    let _ = writeln!(
        html,
        "<h2>{heading}</h2>\n<table><caption class=\"v\">{heading}</caption>\n<tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th></tr>",
        word(lang, "column-name"),
        word(lang, "column-label"),
        word(lang, "column-fate"),
        word(lang, "column-filled")
    );
    for column in &report.columns {
        let filled = match column.filled {
            Some(filled) if report.rows > 0 => {
                let share = 100.0 * filled as f64 / report.rows as f64;
                format!("{}\u{a0}%", lang.number(share, 1))
            }
            _ => "–".to_owned(),
        };
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\" class=\"code\">{}</th><td>{}</td><td>{}</td><td class=\"n\">{filled}</td></tr>",
            escape(&column.name),
            escape(column.label.get(lang)),
            word(lang, column.fate.key())
        );
    }
    html.push_str("</table>\n");
}

fn word(lang: Lang, key: &str) -> String {
    escape(&say(lang, key, &[]))
}

/// A sentence as HTML: what stands between backticks is a name.
pub(crate) fn sentence(text: &str) -> String {
    let mut html = String::new();
    for (place, part) in text.split('`').enumerate() {
        match place % 2 {
            1 => {
                let _ = write!(html, "<code>{}</code>", escape(part));
            }
            _ => html.push_str(&escape(part)),
        }
    }
    html
}

/// Text as HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
