//! The list as people read it: the same sections as text and as a page.

use std::fmt::Write as _;

use askama::Template;
use wdl_chart::numbers::{date, with_unit};
use wdl_lab::{
    Arrival, Basis, Budgeted, BudgetedLine, Day, Figure, Item, Monday, Newest, Outlook, SourceState,
};
use wdl_result::Unit;
use wdl_vocab::{Euro, Lang, SYNTHETIC_NOTICE, Text};

use super::words::{say, tell};

/// The list in one language.
#[derive(Template)]
#[template(path = "monday.html")]
pub(super) struct View {
    lang: Lang,
    title: String,
    brand: String,
    notice: Option<String>,
    lead: Vec<String>,
    points: Vec<String>,
    sections: Vec<Section>,
    style: &'static str,
}

/// One thing of the list.
struct Section {
    id: String,
    title: String,
    about: Vec<String>,
    table: Option<Grid>,
    notes: Vec<String>,
}

/// Rows of text under heads; the first cell names its row.
struct Grid {
    heads: Vec<Head>,
    rows: Vec<Vec<String>>,
}

/// The head of a column.
struct Head {
    text: String,
    is_number: bool,
}

impl View {
    pub(super) fn of(list: &Monday, lang: Lang) -> View {
        let mut sections: Vec<Section> = Vec::new();
        for item in &list.items {
            let id = format!("item-{}", sections.len() + 1);
            sections.push(match item {
                Item::Budget(budget) => budget_section(id, budget, lang),
                Item::Newest(newest) => newest_section(id, newest, lang),
                Item::NoneHere { title, reason } => none_here(id, title, reason, lang),
            });
        }
        sections.push(sources(&list.sources, lang));
        let args = [
            ("day", day(list.day, lang)),
            ("date", date(&list.data_date, lang)),
            ("snapshot", list.snapshot.clone()),
        ];
        View {
            title: say(lang, "title"),
            brand: tell(lang, "brand", &[("lab", list.lab.get(lang).to_owned())]),
            notice: list.synthetic.then(|| match lang {
                Lang::It => SYNTHETIC_NOTICE.it.to_string(),
                Lang::En => format!("{} · {}", SYNTHETIC_NOTICE.en, SYNTHETIC_NOTICE.it),
            }),
            lead: vec![tell(lang, "as-of", &args), say(lang, "inside")],
            points: points(list, lang),
            sections,
            style: include_str!("../../../templates/link-report.css"),
            lang,
        }
    }

    fn say(&self, key: &str) -> String {
        say(self.lang, key)
    }

    /// A page that stands alone.
    pub(super) fn page(&self) -> String {
        self.render()
            .expect("a template over text writes into memory")
    }

    /// Text for a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{} · {}\n", self.title, self.brand);
        for line in self.notice.iter().chain(&self.lead) {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "\n{}", self.say("attention"));
        for point in &self.points {
            let _ = writeln!(text, "  - {point}");
        }
        for section in &self.sections {
            let _ = writeln!(text, "\n{}", section.title);
            for words in &section.about {
                let _ = writeln!(text, "  {words}");
            }
            if let Some(table) = &section.table {
                grid_text(&mut text, table);
            }
            for note in &section.notes {
                let _ = writeln!(text, "  {note}");
            }
        }
        text
    }
}

/// Columns under one another, numbers to the right.
fn grid_text(text: &mut String, table: &Grid) {
    let width = |place: usize| {
        let cells = table.rows.iter().map(|row| row[place].chars().count());
        cells
            .chain([table.heads[place].text.chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.heads.len()).map(width).collect();
    let heads: Vec<String> = table.heads.iter().map(|head| head.text.clone()).collect();
    for row in std::iter::once(&heads).chain(&table.rows) {
        let cells = row.iter().enumerate().map(|(place, cell)| {
            let width = widths[place];
            match table.heads[place].is_number {
                true => format!("{cell:>width$}"),
                false => format!("{cell:<width$}"),
            }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "  {}", line.trim_end());
    }
}

fn heads(lang: Lang, keys: &[(&str, bool)]) -> Vec<Head> {
    keys.iter()
        .map(|(key, is_number)| Head {
            text: say(lang, key),
            is_number: *is_number,
        })
        .collect()
}

fn day(day: Day, lang: Lang) -> String {
    date(&day.to_string(), lang)
}

fn euro(amount: Euro, lang: Lang) -> String {
    with_unit(Unit::Euro, 0, amount.as_f64(), lang)
}

fn label(label: Option<&Text>, lang: Lang) -> String {
    label.map_or_else(|| say(lang, "total"), |label| label.get(lang).to_owned())
}

/// What needs a look before the rest.
fn points(list: &Monday, lang: Lang) -> Vec<String> {
    let mut points = Vec::new();
    for item in &list.items {
        let Item::Budget(budget) = item else { continue };
        for line in &budget.lines {
            let args = |day: String| {
                [
                    ("title", budget.title.get(lang).to_owned()),
                    ("line", label(line.label.as_ref(), lang)),
                    ("day", day),
                ]
            };
            match line.outlook {
                Outlook::Exceeded { .. } => {
                    points.push(tell(lang, "point-exceeded", &args(String::new())));
                }
                Outlook::Pace { day: Some(on), .. } => {
                    points.push(tell(lang, "point-runs-out", &args(day(on, lang))));
                }
                Outlook::Pace { day: None, .. }
                | Outlook::NoSpending
                | Outlook::NotComputable
                | Outlook::NoBudget => {}
            }
        }
    }
    for source in &list.sources {
        if let Arrival::Late { days, .. } = source.arrival {
            let args = [
                ("body", source.body.get(lang).to_owned()),
                ("dataset", source.dataset.get(lang).to_owned()),
                ("days", days.to_string()),
            ];
            points.push(tell(lang, "point-late", &args));
        }
    }
    if points.is_empty() {
        points.push(say(lang, "attention-none"));
    }
    points
}

fn budget_section(id: String, budget: &Budgeted, lang: Lang) -> Section {
    let about = budget.known.last().map(|newest| {
        let until = newest.last_day().to_string();
        let args = [
            ("year", newest.year().to_string()),
            ("until", date(&until, lang)),
        ];
        tell(lang, "budget-about", &args)
    });
    let sources = budget.lines.iter().filter_map(|line| {
        let (_, source) = line.budget.as_ref()?;
        let args = [
            ("line", label(line.label.as_ref(), lang)),
            ("source", source.get(lang).to_owned()),
        ];
        let words = tell(lang, "budget-source", &args);
        let basis = line.basis.as_ref().map(|basis| basis_words(basis, lang));
        Some(
            [Some(words), basis]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        )
    });
    Section {
        id,
        title: budget.title.get(lang).to_owned(),
        about: about.into_iter().collect(),
        table: Some(Grid {
            heads: heads(
                lang,
                &[
                    ("line", false),
                    ("budget", true),
                    ("spent", true),
                    ("runs-out", false),
                    ("left", true),
                ],
            ),
            rows: budget
                .lines
                .iter()
                .map(|line| budget_row(line, lang))
                .collect(),
        }),
        notes: sources
            .chain(coverage(budget.coverage.as_ref(), lang))
            .collect(),
    }
}

/// Of an amount for each unit: how much, for how many.
fn basis_words(basis: &Basis, lang: Lang) -> String {
    let args = [
        (
            "amount",
            with_unit(Unit::Euro, 2, basis.amount.as_f64(), lang),
        ),
        ("of", basis.of.get(lang).to_lowercase()),
        ("count", figure(basis.count, (Unit::Persons, 0), lang)),
        ("period", basis.period.label(lang)),
    ];
    tell(lang, "budget-basis", &args)
}

fn budget_row(line: &BudgetedLine, lang: Lang) -> Vec<String> {
    let budget = line.budget.as_ref();
    let (runs_out, left) = outlook(&line.outlook, line.spent, lang);
    vec![
        label(line.label.as_ref(), lang),
        budget.map_or_else(|| "–".to_owned(), |(amount, _)| euro(*amount, lang)),
        figure(line.spent, (Unit::Euro, 0), lang),
        runs_out,
        left,
    ]
}

fn outlook(outlook: &Outlook, spent: Figure, lang: Lang) -> (String, String) {
    let nothing = "–".to_owned();
    match *outlook {
        Outlook::Pace {
            day: on,
            earliest,
            latest,
            left_at_end,
        } => (when(on, earliest, latest, lang), euro(left_at_end, lang)),
        Outlook::Exceeded { over } => {
            let words = tell(lang, "exceeded", &[("over", euro(over, lang))]);
            (words, nothing)
        }
        Outlook::NoSpending => (say(lang, "no-spending"), nothing),
        Outlook::NotComputable => match spent {
            Figure::Value { .. } => (say(lang, "not-computable"), nothing),
            Figure::Suppressed | Figure::NotComputable | Figure::NotCollected => {
                (figure(spent, (Unit::Euro, 0), lang), nothing)
            }
        },
        Outlook::NoBudget => (say(lang, "no-budget"), nothing),
    }
}

fn when(on: Option<Day>, earliest: Option<Day>, latest: Option<Day>, lang: Lang) -> String {
    let or_after =
        |other: Option<Day>| other.map_or_else(|| say(lang, "after"), |other| day(other, lang));
    match (on, earliest) {
        (Some(on), _) => {
            let args = [
                ("day", day(on, lang)),
                ("earliest", or_after(earliest)),
                ("latest", or_after(latest)),
            ];
            tell(lang, "on-between", &args)
        }
        (None, Some(earliest)) => {
            let args = [("earliest", day(earliest, lang))];
            tell(lang, "not-this-year-unless", &args)
        }
        (None, None) => say(lang, "not-this-year"),
    }
}

fn newest_section(id: String, newest: &Newest, lang: Lang) -> Section {
    let period = newest
        .period
        .map_or_else(|| say(lang, "not-collected"), |period| period.label(lang));
    let definition = newest.definition.as_ref();
    let args = [
        ("period", period),
        (
            "definition",
            definition.map_or_else(String::new, |words| words.get(lang).to_owned()),
        ),
    ];
    let form = (newest.unit, usize::from(newest.decimals));
    let rows = newest.lines.iter().map(|line| {
        vec![
            label(line.label.as_ref(), lang),
            figure(line.now, form, lang),
            figure(line.year_before, form, lang),
        ]
    });
    Section {
        id,
        title: newest.title.get(lang).to_owned(),
        about: vec![tell(lang, "newest-about", &args)],
        table: Some(Grid {
            heads: heads(
                lang,
                &[("line", false), ("now", true), ("year-before", true)],
            ),
            rows: rows.collect(),
        }),
        notes: coverage(newest.coverage.as_ref(), lang)
            .chain(
                newest
                    .changed
                    .as_ref()
                    .map(|words| words.get(lang).to_owned()),
            )
            .collect(),
    }
}

fn coverage(coverage: Option<&Text>, lang: Lang) -> impl Iterator<Item = String> {
    let words = coverage.map(|words| words.get(lang).to_owned());
    words
        .into_iter()
        .map(move |words| tell(lang, "coverage", &[("coverage", words)]))
}

fn figure(figure: Figure, (unit, decimals): (Unit, usize), lang: Lang) -> String {
    match figure {
        Figure::Value { value, n, n_with } => {
            let shown = with_unit(unit, decimals, value, lang);
            match (n_with, n) {
                (Some(with), Some(n)) => {
                    let number = |count: u64| lang.number(count as f64, 0);
                    let args = [("value", shown), ("with", number(with)), ("n", number(n))];
                    tell(lang, "of-n", &args)
                }
                _ => shown,
            }
        }
        Figure::Suppressed => say(lang, "suppressed"),
        Figure::NotComputable => say(lang, "not-computable"),
        Figure::NotCollected => say(lang, "not-collected"),
    }
}

fn none_here(id: String, title: &Text, reason: &Text, lang: Lang) -> Section {
    Section {
        id,
        title: format!(
            "{}: {}",
            title.get(lang),
            say(lang, "none-here").to_lowercase()
        ),
        about: vec![reason.get(lang).to_owned(), say(lang, "none-here-words")],
        table: None,
        notes: Vec::new(),
    }
}

fn sources(sources: &[SourceState], lang: Lang) -> Section {
    Section {
        id: "sources".to_owned(),
        title: say(lang, "sources"),
        about: vec![say(lang, "sources-about")],
        table: Some(Grid {
            heads: heads(
                lang,
                &[
                    ("source", false),
                    ("newest-period", false),
                    ("came", false),
                    ("next", false),
                    ("rows", true),
                    ("rejected", true),
                    ("without-person", true),
                ],
            ),
            rows: sources
                .iter()
                .map(|source| source_row(source, lang))
                .collect(),
        }),
        notes: Vec::new(),
    }
}

fn source_row(source: &SourceState, lang: Lang) -> Vec<String> {
    let came = source.came.map(|(on, days)| {
        let args = [("day", day(on, lang)), ("days", days.to_string())];
        tell(lang, "days-ago", &args)
    });
    let next = match source.arrival {
        Arrival::UpToDate { due } => tell(lang, "due", &[("day", day(due, lang))]),
        Arrival::Late { due, days } => {
            let args = [("due", day(due, lang)), ("days", days.to_string())];
            tell(lang, "late", &args)
        }
        Arrival::NoRule => say(lang, "no-rule"),
    };
    let part = |part: Option<f64>| {
        part.map_or_else(
            || "–".to_owned(),
            |part| with_unit(Unit::Share, 1, part, lang),
        )
    };
    vec![
        format!("{}, {}", source.body.get(lang), source.dataset.get(lang)),
        source
            .period
            .map_or_else(|| "–".to_owned(), |period| period.label(lang)),
        came.unwrap_or_else(|| say(lang, "never")),
        next,
        lang.number(source.rows as f64, 0),
        part(source.rejected),
        part(source.without_person),
    ]
}
