//! Indicators side by side: each with its newest figure, its course and what it measures.

use askama::Template;
use wdl_chart::numbers::figure;

use crate::PublicationError;
use crate::blocks::Page;
use crate::model::Indicator;
use crate::parts::figures::{self, rendered};
use crate::parts::shell::Link;
use crate::paths::PageId;
use crate::sentence;
use crate::words::say;

/// An indicator in a list.
pub(crate) struct Tile {
    pub(crate) link: Link,
    pub(crate) value: String,
    pub(crate) when: String,
    pub(crate) spark: Option<String>,
    /// What the figure was a year before; where a newer one is hidden, that instead.
    pub(crate) change: Option<String>,
    pub(crate) definition: String,
}

#[derive(Template)]
#[template(path = "parts/tiles.html")]
struct Tiles {
    tiles: Vec<Tile>,
}

pub(crate) fn tile(page: Page<'_>, indicator: &Indicator<'_>) -> Result<Tile, PublicationError> {
    let (header, lang) = (indicator.header, page.lang);
    let totals = indicator.totals();
    let newest = sentence::newest_value(&totals);
    let (value, when) = match newest {
        Some((period, value, _)) => (figure(header, value, lang), sentence::when(period, lang)),
        None => match sentence::spread(indicator.lead().table(), lang) {
            Some(spread) => (spread.range, spread.when),
            None => (String::new(), say(lang, "finding-none")),
        },
    };
    let own = PageId::Indicator(indicator.id.to_owned());
    let change = newest.and_then(|(period, ..)| {
        let newer = sentence::newer_hidden(&totals, period, lang);
        newer.or_else(|| sentence::change(header, &totals, period, lang))
    });
    Ok(Tile {
        link: Link {
            href: format!("{}{}", page.root, own.path(lang)),
            text: header.title.get(lang).to_owned(),
            is_here: false,
        },
        value,
        when,
        spark: figures::spark(indicator.lead().table())?,
        change,
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
