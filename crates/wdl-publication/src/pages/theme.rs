//! A theme: its sentence, the lab's text, and every indicator with its newest figure.

use askama::Template;
use wdl_chart::numbers::figure;
use wdl_protocol::Theme;
use wdl_vocab::Lang;

use crate::PublicationError;
use crate::blocks;
use crate::model::{Indicator, Model};
use crate::parts::figures::{self, rendered};
use crate::parts::shell::{Link, Shell};
use crate::paths::PageId;
use crate::sentence;
use crate::words::say;

#[derive(Template)]
#[template(path = "theme.html")]
struct Page<'a> {
    shell: Shell<'a>,
    about: &'a str,
    lead: Option<String>,
    body: Option<String>,
    indicators: Vec<Entry>,
}

/// An indicator in a list.
pub(super) struct Entry {
    pub(super) link: Link,
    pub(super) value: String,
    pub(super) when: String,
    pub(super) spark: Option<String>,
    pub(super) change: Option<String>,
    pub(super) definition: String,
}

pub(super) fn entry(
    shell: &Shell<'_>,
    indicator: &Indicator<'_>,
) -> Result<Entry, PublicationError> {
    let (header, lang) = (indicator.header, shell.lang);
    let totals = indicator.totals();
    let page = PageId::Indicator(indicator.id.to_owned());
    let newest = sentence::newest_value(&totals);
    let (value, when) = match newest {
        Some((period, value, _)) => (figure(header, value, lang), sentence::when(period, lang)),
        None => match sentence::spread(indicator.lead().table(), lang) {
            Some(spread) => (spread.range, spread.when),
            None => (String::new(), say(lang, "finding-none")),
        },
    };
    Ok(Entry {
        link: shell.link(page, header.title.get(lang).to_owned()),
        value,
        when,
        spark: figures::spark(indicator.lead().table())?,
        change: newest.and_then(|(period, ..)| sentence::change(header, &totals, period, lang)),
        definition: header.definition.get(lang).to_owned(),
    })
}

/// The sentence of a theme: the lab's own, else the finding of its first indicator.
pub(super) fn lead(
    model: &Model<'_>,
    theme: &Theme,
    shell: &Shell<'_>,
) -> Result<Option<String>, PublicationError> {
    let lang = shell.lang;
    let place = blocks::Page {
        model,
        lang,
        root: &shell.root,
    };
    let written = model
        .theme_text(theme.id.as_str())
        .and_then(|text| text.face(lang).summary.as_ref());
    if let Some(summary) = written {
        return blocks::render_sentence(summary, place).map(Some);
    }
    let first = model.of_theme(theme).first().copied();
    Ok(first.map(|first| crate::parts::escaped(&sentence::finding(first.lead().table(), lang))))
}

pub(super) fn html(model: &Model<'_>, id: &str, lang: Lang) -> Result<String, PublicationError> {
    let theme = model
        .theme(id)
        .expect("pages are made for the themes there are");
    let page = PageId::Theme(id.to_owned());
    let shell = Shell::new(model, lang, page, theme.title.get(lang).to_owned());
    let place = blocks::Page {
        model,
        lang,
        root: &shell.root,
    };
    let text = model.theme_text(id).map(|text| text.face(lang));
    let body = text
        .map(|face| blocks::render(&face.body, place))
        .transpose()?;
    let lead = lead(model, theme, &shell)?;
    let indicators = model.of_theme(theme);
    let indicators = indicators
        .iter()
        .map(|each| entry(&shell, each))
        .collect::<Result<_, _>>()?;
    Ok(rendered(&Page {
        about: theme.about.get(lang),
        shell,
        lead,
        body,
        indicators,
    }))
}
