//! A table of the lab as readers see it: a chart in two widths, the table of its numbers, the words of what is missing.

use askama::Template;
use wdl_chart::{
    Band, Chart, ChartError, DataTable, Dots, Gaps, Keys, Lines, MAX_LINES, Width, crossed, dots,
    gap_meaning, gap_word, latest, lines, over_time,
};
use wdl_result::Table;
use wdl_vocab::{Lang, Period};

use crate::PublicationError;
use crate::words::{TEXTS, say};

/// A chart and its table, as HTML.
pub(crate) struct Figures {
    /// The chart in both widths; none for a table of two or more dimensions.
    pub(crate) chart: Option<String>,
    /// The table of the same numbers.
    pub(crate) table: String,
    /// The wide chart alone, a file of its own.
    pub(crate) svg: Option<String>,
}

#[derive(Template)]
#[template(path = "parts/chart.html")]
struct ChartPart<'a> {
    wide: &'a str,
    narrow: &'a str,
}

#[derive(Template)]
#[template(path = "parts/table.html")]
struct TablePart<'a> {
    id: &'a str,
    table: &'a DataTable,
    gaps: Vec<(String, String)>,
}

/// The figure of a table: its series, its categories at one period, or two dimensions crossed.
pub(crate) fn of(
    table: &Table,
    period: Option<Period>,
    id: &str,
    lang: Lang,
) -> Result<Figures, PublicationError> {
    let Some(period) = period else {
        return refused(
            table,
            ChartError::Empty {
                table: table.breakdown(),
            },
        );
    };
    let title = header_title(table, period, lang);
    match table.dimensions.len() {
        0 => {
            let series: [Keys; 1] = [Vec::new()];
            let draw = |id: &str, width: Width| line_chart(table, &series, id, &title, width, lang);
            let numbers = over_time(table, lang);
            joined(table, id, draw, numbers, lang)
        }
        1 => {
            let draw = |id: &str, width: Width| dot_chart(table, period, id, &title, width, lang);
            joined(table, id, draw, latest(table, period, lang), lang)
        }
        2 => {
            let numbers = crossed(table, period, lang).or_else(|source| refused(table, source))?;
            Ok(Figures {
                chart: None,
                table: table_html(&numbers, id, lang),
                svg: None,
            })
        }
        _ => Ok(Figures {
            chart: None,
            table: format!("<p>{}</p>\n", super::escaped(&say(lang, "figure-too-deep"))),
            svg: None,
        }),
    }
}

/// A one-dimension table over all its periods: lines when they can be followed, and the whole table.
pub(crate) fn history(
    table: &Table,
    id: &str,
    lang: Lang,
) -> Result<Option<Figures>, PublicationError> {
    let periods = table.periods();
    let ([dimension], [_, .., last]) = (table.dimensions.as_slice(), periods.as_slice()) else {
        return Ok(None);
    };
    let categories = dimension
        .categories
        .iter()
        .map(|each| vec![Some(each.id.clone())]);
    let has_total = table.cells.iter().any(|cell| cell.keys == [None]);
    let total: Option<Keys> = has_total.then(|| vec![None]);
    let series: Vec<Keys> = total.into_iter().chain(categories).collect();
    let numbers = over_time(table, lang).or_else(|source| refused(table, source))?;
    if series.len() > MAX_LINES {
        return Ok(Some(Figures {
            chart: None,
            table: table_html(&numbers, id, lang),
            svg: None,
        }));
    }
    let title = TEXTS.get(
        lang,
        "figure-history-title",
        &[
            ("title", table.header.title.get(lang).to_owned()),
            ("dimension", dimension.label.get(lang).to_lowercase()),
            ("first", periods[0].label(lang)),
            ("last", last.label(lang)),
        ],
    );
    let draw = |id: &str, width: Width| line_chart(table, &series, id, &title, width, lang);
    joined(table, id, draw, Ok(numbers), lang).map(Some)
}

fn header_title(table: &Table, period: Period, lang: Lang) -> String {
    let title = table.header.title.get(lang).to_owned();
    match table.dimensions.as_slice() {
        [] => title,
        dimensions => {
            let names: Vec<String> = dimensions
                .iter()
                .map(|dimension| dimension.label.get(lang).to_lowercase())
                .collect();
            TEXTS.get(
                lang,
                "figure-by-title",
                &[
                    ("title", title),
                    ("dimension", names.join(" × ")),
                    ("period", period.label(lang)),
                ],
            )
        }
    }
}

fn line_chart(
    table: &Table,
    series: &[Keys],
    id: &str,
    title: &str,
    width: Width,
    lang: Lang,
) -> Result<Chart, ChartError> {
    let band = match series.len() {
        1 => Band::Confidence95,
        _ => Band::None,
    };
    let request = Lines {
        id,
        title,
        series,
        band,
        width,
    };
    lines(table, &request, lang)
}

fn dot_chart(
    table: &Table,
    period: Period,
    id: &str,
    title: &str,
    width: Width,
    lang: Lang,
) -> Result<Chart, ChartError> {
    let request = Dots {
        id,
        title,
        period,
        width,
    };
    dots(table, &request, lang)
}

fn joined(
    table: &Table,
    id: &str,
    draw: impl Fn(&str, Width) -> Result<Chart, ChartError>,
    numbers: Result<DataTable, ChartError>,
    lang: Lang,
) -> Result<Figures, PublicationError> {
    let wide = draw(&format!("{id}-w"), Width::Wide).or_else(|source| refused(table, source))?;
    let narrow =
        draw(&format!("{id}-n"), Width::Narrow).or_else(|source| refused(table, source))?;
    let numbers = numbers.or_else(|source| refused(table, source))?;
    let part = ChartPart {
        wide: &wide.svg,
        narrow: &narrow.svg,
    };
    Ok(Figures {
        chart: Some(rendered(&part)),
        table: table_html(&numbers, id, lang),
        svg: Some(wide.svg),
    })
}

fn table_html(table: &DataTable, id: &str, lang: Lang) -> String {
    rendered(&TablePart {
        id,
        table,
        gaps: legend(&table.gaps, lang),
    })
}

/// What each word of a missing value means.
fn legend(gaps: &Gaps, lang: Lang) -> Vec<(String, String)> {
    gaps.keys()
        .map(|gap| (gap_word(*gap, lang), gap_meaning(*gap, lang)))
        .collect()
}

fn refused<T>(table: &Table, source: ChartError) -> Result<T, PublicationError> {
    Err(PublicationError::Chart {
        indicator: table.header.indicator.to_string(),
        table: table.breakdown(),
        source,
    })
}

/// The course of a table's totals, small.
pub(crate) fn spark(table: &Table) -> Result<Option<String>, PublicationError> {
    let keys = vec![None; table.dimensions.len()];
    wdl_chart::spark(table, &keys).or_else(|source| refused(table, source))
}

/// A template as text.
pub(crate) fn rendered(template: &impl Template) -> String {
    template
        .render()
        .expect("a template of plain text writes to memory")
}
