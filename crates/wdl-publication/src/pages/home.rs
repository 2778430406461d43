//! The home page: a sentence per theme with the newest figures, then where to read more.

use askama::Template;
use wdl_chart::numbers::{count, date};
use wdl_protocol::Theme;
use wdl_vocab::Lang;

use super::acts::Tally;
use super::theme::lead;
use crate::PublicationError;
use crate::blocks;
use crate::model::{Indicator, Model};
use crate::parts::figures::rendered;
use crate::parts::shell::{Link, Shell};
use crate::parts::tiles::{Tile, tile};
use crate::paths::PageId;

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    shell: Shell<'a>,
    about: &'a str,
    dated: Option<String>,
    bodies: Vec<Link>,
    returns: Link,
    themes: Vec<Card>,
    articles: Vec<Link>,
    counts: Vec<(String, String)>,
    acts: Link,
    how_to_read: Link,
    data: Link,
}

/// A theme on the home page.
struct Card {
    link: Link,
    id: String,
    lead: Option<String>,
    entries: Vec<Tile>,
    /// How many more figures the theme has.
    more: Option<String>,
}

/// How many figures a theme shows here.
const MOST: usize = 8;

/// The first figures of a theme: those its text shows first, then the others.
fn first_of<'m, 'a>(model: &'m Model<'a>, theme: &Theme, lang: Lang) -> Vec<&'m Indicator<'a>> {
    let text = model.theme_text(theme.id.as_str());
    let tiled = text.map(|text| text.face(lang).body.tiled());
    let tiled = tiled.unwrap_or_default();
    let mut all = model.of_theme(theme);
    // A stable order: what the text does not show stays as it was, after the rest.
    all.sort_by_key(|each| {
        let place = tiled.iter().position(|id| *id == each.id);
        place.unwrap_or(tiled.len())
    });
    all.truncate(MOST);
    all
}

pub(super) fn html(model: &Model<'_>, lang: Lang) -> Result<String, PublicationError> {
    let lab = model.lab();
    let shell = Shell::new(model, lang, PageId::Home, lab.name.get(lang).to_owned());
    let mut themes = Vec::new();
    for theme in model.shown_themes() {
        let page = PageId::Theme(theme.id.to_string());
        let place = blocks::Page {
            model,
            lang,
            root: &shell.root,
        };
        let first = first_of(model, theme, lang);
        let others = model.of_theme(theme).len() - first.len();
        themes.push(Card {
            link: shell.link(page, theme.title.get(lang).to_owned()),
            id: theme.id.to_string(),
            lead: lead(model, theme, &shell)?,
            entries: first
                .into_iter()
                .map(|each| tile(place, each))
                .collect::<Result<_, _>>()?,
            more: (others > 0).then(|| {
                let args = [("count", count(others as u64, lang))];
                shell.with("home-theme-more", &args)
            }),
        });
    }
    let articles = model.articles().map(|article| {
        let page = PageId::Article(article.name.clone());
        shell.link(page, article.face(lang).title.clone())
    });
    let bodies = lab.bodies.iter().map(|body| {
        let page = PageId::Body(body.id.to_string());
        shell.link(page, body.name.get(lang).to_owned())
    });
    let bodies = bodies.collect();
    let dated = model
        .data_date()
        .map(|day| shell.with("home-dated", &[("date", date(day, lang))]));
    let counts = Tally::of(model).shown(lang);
    Ok(rendered(&Page {
        about: lab.about.get(lang),
        dated,
        bodies,
        returns: shell.link(PageId::Bodies, shell.say("nav-bodies")),
        themes,
        articles: articles.collect(),
        counts: counts
            .into_iter()
            .map(|(n, words)| (count(n, lang), words))
            .collect(),
        acts: shell.link(PageId::Acts, shell.say("nav-acts")),
        how_to_read: shell.link(PageId::HowToRead, shell.say("nav-how-to-read")),
        data: shell.link(PageId::Data, shell.say("nav-data")),
        shell,
    }))
}
