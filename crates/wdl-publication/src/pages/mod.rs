//! The catalogue of pages: one file per kind, each a template and what fills it.

mod acts;
mod article;
mod bodies;
mod body;
mod data;
mod home;
mod indicator;
mod root;
mod study;
mod text;
mod theme;

use std::collections::BTreeMap;

use wdl_vocab::Lang;

use crate::PublicationError;
use crate::model::Model;
use crate::paths::PageId;

/// The files of data already made, whose sizes pages tell.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Every page of the site, in the order of its menus.
pub(crate) fn all(model: &Model<'_>) -> Vec<PageId> {
    let themes = model.shown_themes();
    let mut pages = vec![PageId::Home];
    pages.extend(
        themes
            .iter()
            .map(|theme| PageId::Theme(theme.id.to_string())),
    );
    let indicators = model.indicators.iter();
    pages.extend(indicators.map(|each| PageId::Indicator(each.id.to_owned())));
    pages.extend(
        model
            .articles()
            .map(|each| PageId::Article(each.name.clone())),
    );
    if !model.studies.is_empty() {
        pages.push(PageId::Studies);
    }
    let studies = model.studies.iter();
    pages.extend(studies.map(|own| PageId::Study(own.study.id().to_owned())));
    pages.push(PageId::Bodies);
    let bodies = model.lab().bodies.iter();
    pages.extend(bodies.map(|body| PageId::Body(body.id.to_string())));
    pages.extend([
        PageId::Data,
        PageId::Acts,
        PageId::HowToRead,
        PageId::Accessibility,
    ]);
    pages
}

/// One page in one language.
pub(crate) fn html(
    model: &Model<'_>,
    page: &PageId,
    files: &Files,
    lang: Lang,
) -> Result<String, PublicationError> {
    match page {
        PageId::Home => home::html(model, lang),
        PageId::Theme(id) => theme::html(model, id, lang),
        PageId::Indicator(id) => indicator::html(model, id, files, lang),
        PageId::Article(id) => article::html(model, id, lang),
        PageId::Studies => Ok(study::list(model, lang)),
        PageId::Study(id) => Ok(study::html(model, id, files, lang)),
        PageId::Bodies => Ok(bodies::html(model, lang)),
        PageId::Body(id) => body::html(model, id, lang),
        PageId::Data => Ok(data::html(model, files, lang)),
        PageId::Acts => Ok(acts::html(model, lang)),
        PageId::HowToRead => Ok(text::how_to_read(model, lang)),
        PageId::Accessibility => Ok(text::accessibility(model, lang)),
    }
}

/// The pages of the indicators that were taken back and of which nothing is out.
pub(crate) fn withdrawn(model: &Model<'_>) -> Vec<(String, Vec<u8>)> {
    let mut pages = BTreeMap::new();
    for withdrawal in &model.input.withdrawn {
        for (id, title) in &withdrawal.titles {
            if model.is_out(id.as_str()) {
                continue;
            }
            for lang in Lang::ALL {
                let page = PageId::Indicator(id.to_string());
                let html = text::withdrawn(model, &page, title, withdrawal, lang);
                pages.insert(page.path(lang), html.into_bytes());
            }
        }
    }
    pages.into_iter().collect()
}

/// The page at the root, where a reader chooses a language.
pub(crate) fn root(model: &Model<'_>) -> String {
    root::html(model)
}
