//! A theme: its sentence, the lab's text, every indicator with its newest figure, and its evaluations.

use askama::Template;
use wdl_protocol::Theme;
use wdl_vocab::Lang;

use super::study::{self, Entry};
use crate::PublicationError;
use crate::blocks;
use crate::model::{Indicator, Model};
use crate::parts::figures::rendered;
use crate::parts::shell::Shell;
use crate::parts::tiles;
use crate::paths::PageId;
use crate::sentence;

#[derive(Template)]
#[template(path = "theme.html")]
struct Page<'a> {
    shell: Shell<'a>,
    about: &'a str,
    lead: Option<String>,
    body: Option<String>,
    others_title: String,
    /// The indicators that the text does not show.
    others: Option<String>,
    is_empty: bool,
    studies: Vec<Entry>,
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
    Ok(first.map(|first| crate::parts::escaped(&sentence::finding(first, lang))))
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
    let of_theme = model.of_theme(theme);
    let shown = text.map(|face| face.body.tiled()).unwrap_or_default();
    let is_other = |each: &&&Indicator<'_>| !shown.contains(&each.id);
    let others = of_theme.iter().filter(is_other).copied();
    let others = tiles::html(place, others)?;
    let others_title = match shown.is_empty() {
        true => shell.say("theme-indicators"),
        false => shell.say("theme-others"),
    };
    let studies = model.studies_of(theme);
    let studies = studies.map(|own| study::entry(&shell, &own.study));
    Ok(rendered(&Page {
        about: theme.about.get(lang),
        studies: studies.collect(),
        is_empty: of_theme.is_empty(),
        shell,
        lead,
        body,
        others_title,
        others,
    }))
}
