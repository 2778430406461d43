//! The catalogue: every table with its files.

use askama::Template;
use wdl_vocab::{Lang, Text};

use super::Files;
use crate::model::Model;
use crate::parts::figures::rendered;
use crate::parts::shell::{Link, Shell};
use crate::parts::size;
use crate::paths::{self, PageId};
use crate::release_face::ReleasedTable;
use crate::words::{TEXTS, say};

#[derive(Template)]
#[template(path = "data.html")]
struct Page<'a> {
    shell: Shell<'a>,
    themes: Vec<Group>,
    whole: Vec<File>,
    fields: Vec<(&'static str, String)>,
}

struct Group {
    title: String,
    /// Indicators, then evaluation studies.
    entries: Vec<Entry>,
}

struct Entry {
    link: Link,
    tables: Vec<Row>,
}

struct Row {
    by: String,
    periods: String,
    cells: String,
    /// Whether its numbers were changed instead of hiding small ones.
    is_changed: bool,
    files: Vec<File>,
}

/// A file to download.
pub(super) struct File {
    pub(super) href: String,
    /// What it is, in two words: `CSV`.
    pub(super) name: String,
    /// What else a reader who does not see the page must hear: of which table.
    pub(super) of: String,
    pub(super) size: String,
}

/// The words of a table's breakdown: `Quartiere`, `Totale`; a table of a study has its title.
pub(super) fn by_words(released: &ReleasedTable<'_>, lang: Lang) -> String {
    let header = &released.table().header;
    if header.study.is_some() {
        return header.title.get(lang).to_owned();
    }
    let dimensions = &released.table().dimensions;
    let names: Vec<&str> = dimensions.iter().map(|each| each.label.get(lang)).collect();
    match names.is_empty() {
        true => say(lang, "total-word"),
        false => names.join(" × "),
    }
}

/// The files of a table, those of the reader's language only.
pub(super) fn files_of(
    shell: &Shell<'_>,
    released: &ReleasedTable<'_>,
    files: &Files,
) -> Vec<File> {
    let lang = shell.lang;
    let header = &released.table().header;
    let (indicator, breakdown) = (header.indicator.as_str(), released.table().breakdown());
    let code = lang.code();
    let endings = [
        ("csv".to_owned(), "file-csv"),
        ("it.csv".to_owned(), "file-csv-it"),
        (format!("{code}.json"), "file-json-stat"),
        (format!("{code}.svg"), "file-svg"),
        (format!("map.{code}.svg"), "file-map"),
        ("lineage.json".to_owned(), "file-lineage"),
        ("rules.json".to_owned(), "file-rules"),
    ];
    let title = header.title.get(lang);
    let of = match header.study {
        Some(_) => title.to_owned(),
        None => format!("{title}, {}", by_words(released, lang)),
    };
    let named = endings.into_iter().filter_map(|(ending, key)| {
        let path = paths::data(indicator, &breakdown, &ending);
        let bytes = files.get(&path)?;
        Some(File {
            href: format!("{}{path}", shell.root),
            name: say(lang, key),
            of: of.clone(),
            size: size(bytes.len(), lang),
        })
    });
    named.collect()
}

fn row(shell: &Shell<'_>, released: &ReleasedTable<'_>, files: &Files) -> Row {
    let lang = shell.lang;
    let periods = released.table().periods();
    let range = match periods.as_slice() {
        [] => String::new(),
        [one] => one.label(lang),
        [first, .., last] => {
            let args = [("first", first.label(lang)), ("last", last.label(lang))];
            TEXTS.get(lang, "period-range", &args)
        }
    };
    Row {
        by: by_words(released, lang),
        periods: range,
        cells: lang.number(released.table().cells.len() as f64, 0),
        is_changed: released.table().header.protection.is_some(),
        files: files_of(shell, released, files),
    }
}

pub(super) fn html(model: &Model<'_>, files: &Files, lang: Lang) -> String {
    let shell = Shell::new(model, lang, PageId::Data, say(lang, "nav-data"));
    let themes = model.lab().themes.iter().filter_map(|theme| {
        let entry = |page: PageId, title: &Text, tables: &[ReleasedTable<'_>]| Entry {
            link: shell.link(page, title.get(lang).to_owned()),
            tables: tables
                .iter()
                .map(|released| row(&shell, released, files))
                .collect(),
        };
        let of_theme = model.of_theme(theme);
        let indicators = of_theme.iter().map(|own| {
            let page = PageId::Indicator(own.id.to_owned());
            entry(page, &own.header.title, &own.tables)
        });
        let studies = model.studies_of(theme).map(|own| {
            let page = PageId::Study(own.study.id().to_owned());
            entry(page, &own.study.face().title, &own.tables)
        });
        let entries: Vec<Entry> = indicators.chain(studies).collect();
        let title = theme.title.get(lang).to_owned();
        (!entries.is_empty()).then_some(Group { title, entries })
    });
    let themes = themes.collect();
    let whole = [
        ("data/acts.csv", "data-file-acts"),
        ("ledger/ledger.jsonl", "data-file-ledger"),
        ("index.json", "data-file-index"),
    ];
    let whole = whole.into_iter().map(|(path, key)| File {
        href: format!("{}{path}", shell.root),
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        of: say(lang, key),
        size: files
            .get(path)
            .map(|bytes| size(bytes.len(), lang))
            .unwrap_or_default(),
    });
    let whole = whole.collect();
    let fields = [
        "indicator",
        "period",
        "value",
        "standard_error",
        "n",
        "n_with",
        "coverage",
        "status",
        "protection",
        "distance_max",
        "unit",
        "release",
        "snapshot",
        "cell",
    ];
    let fields = fields.map(|field| {
        (
            field,
            say(lang, &format!("field-{}", field.replace('_', "-"))),
        )
    });
    rendered(&Page {
        shell,
        themes,
        whole,
        fields: fields.into(),
    })
}
