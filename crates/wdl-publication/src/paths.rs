//! Where each page stands: the same place in both languages, with words of the language; all links are relative, so that the site works from a folder.

use wdl_vocab::Lang;

/// A page, whatever the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageId {
    Home,
    Theme(String),
    Indicator(String),
    Article(String),
    /// Every evaluation study.
    Studies,
    /// One study.
    Study(String),
    /// What comes back to every body.
    Bodies,
    /// What comes back to one body.
    Body(String),
    Data,
    Acts,
    HowToRead,
    Accessibility,
}

impl PageId {
    /// The path from the root of the site.
    pub(crate) fn path(&self, lang: Lang) -> String {
        let pick = |it: &str, en: &str| match lang {
            Lang::It => it.to_owned(),
            Lang::En => en.to_owned(),
        };
        let rest = match self {
            PageId::Home => "index".to_owned(),
            PageId::Theme(id) => format!("{}/{id}", pick("temi", "themes")),
            PageId::Indicator(id) => format!("{}/{id}", pick("indicatori", "indicators")),
            PageId::Article(id) => format!("{}/{id}", pick("approfondimenti", "articles")),
            PageId::Studies => pick("valutazioni", "evaluations"),
            PageId::Study(id) => format!("{}/{id}", pick("valutazioni", "evaluations")),
            PageId::Bodies => pick("enti", "bodies"),
            PageId::Body(id) => format!("{}/{id}", pick("enti", "bodies")),
            PageId::Data => pick("dati", "data"),
            PageId::Acts => pick("che-cosa-si-fa-con-i-dati", "what-is-done-with-the-data"),
            PageId::HowToRead => pick("come-leggere", "how-to-read"),
            PageId::Accessibility => pick("accessibilita", "accessibility"),
        };
        format!("{}/{rest}.html", lang.code())
    }
}

/// The way from a page up to the root: `../`, `../../`.
pub(crate) fn to_root(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// A file of data, from the root of the site.
pub(crate) fn data(indicator: &str, breakdown: &str, ending: &str) -> String {
    format!("data/{indicator}/{breakdown}.{ending}")
}

/// The sheet of a study on paper, from the root of the site.
pub(crate) fn sheet(study: &str, lang: Lang) -> String {
    format!("sheets/{study}.{}.pdf", lang.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_their_own_words() {
        let page = PageId::Indicator("arpr".to_owned());
        assert_eq!(page.path(Lang::It), "it/indicatori/arpr.html");
        assert_eq!(page.path(Lang::En), "en/indicators/arpr.html");
        assert_eq!(to_root("it/indicatori/arpr.html"), "../../");
        assert_eq!(to_root("index.html"), "");
    }
}
