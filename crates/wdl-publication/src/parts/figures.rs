//! A table of the lab as readers see it: a chart in two widths, the table of its numbers, the words of what is missing.

use askama::Template;
use wdl_chart::{
    Band, Chart, ChartError, DataTable, Dots, Flow, Funnel, Gaps, Geography, Heat, Histogram, Keys,
    Lines, Lorenz, MAX_LINES, MAX_PANELS, Map, Multiples, Threshold, Width, crossed, dots, flow,
    funnel, gap_meaning, gap_word, heat, histogram, latest, lines, lorenz, map, multiples,
    over_time,
};
use wdl_result::Table;
use wdl_vocab::{Lang, Period};

use crate::PublicationError;
use crate::model::is_all_by_construction;
use crate::parts::course;
use crate::sentence;
use crate::words::{TEXTS, say};

/// A map, a chart and the table of their numbers.
pub(crate) struct Figures {
    /// The areas of a breakdown that has them.
    pub(crate) map: Option<Picture>,
    /// The chart; none for a table of three or more dimensions.
    pub(crate) chart: Option<Picture>,
    /// The table of the same numbers, as HTML.
    pub(crate) table: String,
}

/// A drawing.
pub(crate) struct Picture {
    /// Both widths, of which a page shows one.
    pub(crate) html: String,
    /// The wide one alone, a file of its own.
    pub(crate) svg: String,
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

/// The figure of a table: its series, its categories at one period with their map, or two dimensions crossed.
pub(crate) fn of(
    table: &Table,
    period: Option<Period>,
    areas: &[Geography],
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
    let title = marked(table, found_title(table, period, lang), lang);
    match table.dimensions.as_slice() {
        // A line of all of it over the years would say nothing.
        [] if is_all_by_construction(&table.header) => Ok(Figures {
            map: None,
            chart: None,
            table: table_html(
                &over_time(table, lang).or_else(|source| refused(table, source))?,
                id,
                lang,
            ),
        }),
        [] => {
            let series: [Keys; 1] = [Vec::new()];
            let draw = |id: &str, width: Width| line_chart(table, &series, id, &title, width, lang);
            joined(table, id, draw, over_time(table, lang), lang)
        }
        [dimension] => {
            // Classes of a number are a histogram, other categories dots.
            let classes = Asked {
                form: Form::Histogram,
                period,
                areas,
                thresholds: Vec::new(),
            };
            let draw =
                |id: &str, width: Width| match form(table, &classes, (id, &title), width, lang) {
                    Err(ChartError::NotRanges { .. }) => {
                        dot_chart(table, period, id, &title, width, lang)
                    }
                    drawn => drawn,
                };
            let mut figures = joined(table, id, draw, latest(table, period, lang), lang)?;
            if areas.iter().any(|areas| areas.shows(dimension)) {
                let asked = Asked {
                    form: Form::Map,
                    period,
                    areas,
                    thresholds: Vec::new(),
                };
                figures.map = in_form(table, &asked, &format!("{id}-map"), lang)?;
            }
            Ok(figures)
        }
        [_, _] => {
            let draw = |id: &str, width: Width| {
                let request = Heat {
                    id,
                    title: &title,
                    period,
                    width,
                };
                heat(table, &request, lang)
            };
            joined(table, id, draw, crossed(table, period, lang), lang)
        }
        _ => Ok(Figures {
            map: None,
            chart: None,
            table: format!("<p>{}</p>\n", super::escaped(&say(lang, "figure-too-deep"))),
        }),
    }
}

/// A form of chart that a text may ask for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Areas of a map.
    Map,
    /// Classes of a number, with thresholds.
    Histogram,
    /// The Lorenz curve of ordered groups.
    Lorenz,
    /// Stages of a course.
    Flow,
    /// Shares against their units.
    Funnel,
}

impl Form {
    pub(crate) const ALL: [Form; 5] = [
        Form::Map,
        Form::Histogram,
        Form::Lorenz,
        Form::Flow,
        Form::Funnel,
    ];

    /// Its name in a data block.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Form::Map => "map",
            Form::Histogram => "histogram",
            Form::Lorenz => "lorenz",
            Form::Flow => "flow",
            Form::Funnel => "funnel",
        }
    }

    /// The form of a name.
    pub(crate) fn of(word: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.word() == word)
    }
}

/// What is asked of a drawing.
pub(crate) struct Asked<'a> {
    pub(crate) form: Form,
    pub(crate) period: Period,
    pub(crate) areas: &'a [Geography],
    pub(crate) thresholds: Vec<Threshold>,
}

/// A one-dimension table in the form asked for; none when its data do not bear it.
pub(crate) fn in_form(
    table: &Table,
    asked: &Asked<'_>,
    id: &str,
    lang: Lang,
) -> Result<Option<Picture>, PublicationError> {
    let title = match asked.form {
        Form::Map => found_title(table, asked.period, lang),
        Form::Flow => {
            course::title(table, lang).unwrap_or_else(|| header_title(table, asked.period, lang))
        }
        Form::Histogram | Form::Lorenz | Form::Funnel => header_title(table, asked.period, lang),
    };
    let title = marked(table, title, lang);
    let draw = |id: &str, width: Width| form(table, asked, (id, &title), width, lang);
    match draw(id, Width::Wide) {
        Ok(_) => picture(table, id, draw).map(Some),
        Err(
            ChartError::NoAreas { .. }
            | ChartError::NotRanges { .. }
            | ChartError::NotShares { .. }
            | ChartError::NotStages { .. }
            | ChartError::NotWhole { .. }
            | ChartError::WrongDimensions { .. },
        ) => Ok(None),
        Err(source) => refused(table, source),
    }
}

fn form(
    table: &Table,
    asked: &Asked<'_>,
    (id, title): (&str, &str),
    width: Width,
    lang: Lang,
) -> Result<Chart, ChartError> {
    let period = asked.period;
    match asked.form {
        Form::Map => {
            let dimension = table.dimensions.first();
            let areas = asked
                .areas
                .iter()
                .find(|areas| dimension.is_some_and(|dimension| areas.shows(dimension)))
                .ok_or_else(|| ChartError::NoAreas {
                    table: table.breakdown(),
                })?;
            let request = Map {
                id,
                title,
                period,
                width,
            };
            map(table, areas, &request, lang)
        }
        Form::Histogram => {
            let request = Histogram {
                id,
                title,
                period,
                thresholds: &asked.thresholds,
                width,
            };
            histogram(table, &request, lang)
        }
        Form::Lorenz => {
            let request = Lorenz {
                id,
                title,
                period,
                width,
            };
            lorenz(table, &request, lang)
        }
        Form::Flow => {
            let request = Flow {
                id,
                title,
                period,
                width,
            };
            flow(table, &request, lang)
        }
        Form::Funnel => {
            let request = Funnel {
                id,
                title,
                period,
                width,
            };
            funnel(table, &request, lang)
        }
    }
}

/// A one-dimension table over all its periods: lines when they can be followed, a small chart for each category when not, and the whole table.
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
    let title = TEXTS.get(
        lang,
        "figure-history-title",
        &[
            ("title", table.header.title.get(lang).to_owned()),
            (
                "said",
                sentence::said(
                    table.header.title.get(lang),
                    dimension.label.get(lang),
                    lang,
                ),
            ),
            ("dimension", dimension.label.get(lang).to_lowercase()),
            ("first", periods[0].label(lang)),
            ("last", last.label(lang)),
        ],
    );
    let title = marked(table, title, lang);
    if dimension.categories.len() > MAX_PANELS {
        return Ok(Some(Figures {
            map: None,
            chart: None,
            table: table_html(&numbers, id, lang),
        }));
    }
    let draw = |id: &str, width: Width| match series.len() > MAX_LINES {
        true => multiples(
            table,
            &Multiples {
                id,
                title: &title,
                width,
            },
            lang,
        ),
        false => line_chart(table, &series, id, &title, width, lang),
    };
    joined(table, id, draw, Ok(numbers), lang).map(Some)
}

/// A title that says when the numbers under it were changed: a chart is also a file of its own.
fn marked(table: &Table, title: String, lang: Lang) -> String {
    match table.header.protection {
        Some(_) => TEXTS.get(lang, "figure-changed-title", &[("title", title)]),
        None => title,
    }
}

/// The title of a chart: what it finds, else what it shows.
fn found_title(table: &Table, period: Period, lang: Lang) -> String {
    let found = match table.dimensions.len() {
        0 => sentence::title_of_series(table, lang),
        _ => sentence::title_of_categories(table, period, lang),
    };
    found.unwrap_or_else(|| header_title(table, period, lang))
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
            let names = names.join(" × ");
            TEXTS.get(
                lang,
                "figure-by-title",
                &[
                    ("said", sentence::said(&title, &names, lang)),
                    ("title", title),
                    ("dimension", names),
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
    let numbers = numbers.or_else(|source| refused(table, source))?;
    Ok(Figures {
        map: None,
        chart: Some(picture(table, id, draw)?),
        table: table_html(&numbers, id, lang),
    })
}

/// A drawing in both widths.
fn picture(
    table: &Table,
    id: &str,
    draw: impl Fn(&str, Width) -> Result<Chart, ChartError>,
) -> Result<Picture, PublicationError> {
    let drawn = |ending: &str, width: Width| {
        draw(&format!("{id}-{ending}"), width).or_else(|source| refused(table, source))
    };
    let wide = drawn("w", Width::Wide)?;
    let narrow = drawn("n", Width::Narrow)?;
    let part = ChartPart {
        wide: &wide.svg,
        narrow: &narrow.svg,
    };
    Ok(Picture {
        html: rendered(&part),
        svg: wide.svg,
    })
}

/// A drawing in both widths, of which a page shows one.
pub(crate) fn chart_html(wide: &str, narrow: &str) -> String {
    rendered(&ChartPart { wide, narrow })
}

pub(crate) fn table_html(table: &DataTable, id: &str, lang: Lang) -> String {
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
