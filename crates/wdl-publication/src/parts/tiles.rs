//! Indicators side by side: each with its newest figure, its course and what it measures.

use askama::Template;
use wdl_chart::gap_word;
use wdl_vocab::Lang;

use crate::PublicationError;
use crate::blocks::Page;
use crate::model::{Indicator, is_all_by_construction, totals};
use crate::parts::figures::{self, rendered};
use crate::parts::shell::Link;
use crate::paths::PageId;
use crate::sentence;
use crate::words::say;

/// An indicator in a list.
pub(crate) struct Tile {
    pub(crate) link: Link,
    pub(crate) value: String,
    /// True when the newest figure that there is may not be shown: `value` is the word of the reason.
    pub(crate) is_hidden: bool,
    pub(crate) when: String,
    pub(crate) spark: Option<String>,
    /// What the figure was a year before; where the newest is hidden, the last that may be shown.
    pub(crate) change: Option<String>,
    /// That the figure was changed instead of hiding small ones.
    pub(crate) changed: Option<String>,
    pub(crate) definition: String,
}

#[derive(Template)]
#[template(path = "parts/tiles.html")]
struct Tiles {
    tiles: Vec<Tile>,
}

/// What a tile says first.
struct Newest {
    value: String,
    is_hidden: bool,
    when: String,
    change: Option<String>,
    changed: Option<String>,
}

/// The newest figure that there is, also when it is hidden: an older one in its place would pass for it.
fn newest(indicator: &Indicator<'_>, lang: Lang) -> Newest {
    let none = Newest {
        value: String::new(),
        is_hidden: false,
        when: say(lang, "finding-none"),
        change: None,
        changed: None,
    };
    let Some(released) = indicator.telling() else {
        return none;
    };
    let (table, header) = (released.table(), indicator.header);
    let totals = totals(table);
    if let Some(spread) = sentence::spread(table, lang) {
        return Newest {
            value: spread.range,
            when: spread.when,
            ..none
        };
    }
    if let Some(hidden) = sentence::hidden_now(table) {
        return Newest {
            value: gap_word(hidden.gap, lang),
            is_hidden: true,
            when: sentence::when(hidden.period, lang),
            change: Some(sentence::last_shown(header, &totals, lang)),
            ..none
        };
    }
    match sentence::newest_value(&totals) {
        Some((period, value, error)) => Newest {
            value: sentence::shown(header, value, lang),
            when: sentence::when(period, lang),
            change: sentence::change(header, &totals, period, lang),
            changed: sentence::changed(header, error, lang),
            ..none
        },
        None => none,
    }
}

pub(crate) fn tile(page: Page<'_>, indicator: &Indicator<'_>) -> Result<Tile, PublicationError> {
    let (header, lang) = (indicator.header, page.lang);
    let own = PageId::Indicator(indicator.id.to_owned());
    let Newest {
        value,
        is_hidden,
        when,
        change,
        changed,
    } = newest(indicator, lang);
    Ok(Tile {
        link: Link {
            href: format!("{}{}", page.root, own.path(lang)),
            text: header.title.get(lang).to_owned(),
            is_here: false,
        },
        value,
        is_hidden,
        when,
        spark: match is_all_by_construction(header) {
            true => None,
            false => figures::spark(indicator.lead().table())?,
        },
        change,
        changed,
        definition: header.definition.get(lang).to_owned(),
    })
}

/// The tiles of some indicators as HTML; nothing when there are none.
pub(crate) fn html<'a>(
    page: Page<'_>,
    indicators: impl Iterator<Item = &'a Indicator<'a>>,
) -> Result<Option<String>, PublicationError> {
    let tiles: Vec<Tile> = indicators
        .map(|each| tile(page, each))
        .collect::<Result<_, _>>()?;
    Ok((!tiles.is_empty()).then(|| rendered(&Tiles { tiles })))
}
