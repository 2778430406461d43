//! What stands around every page: head, menu, languages, the words.

use wdl_vocab::{Lang, SYNTHETIC_NOTICE, Text};

use super::view::About;
use crate::words::{count, say};

/// A place of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Menu {
    Deliveries,
    Receipts,
    /// None of them.
    Elsewhere,
}

/// The shell of one page.
pub(super) struct Shell<'a> {
    pub(super) lang: Lang,
    pub(super) about: &'a About,
    /// The only first-level heading.
    pub(super) title: String,
    /// The page without its language: `receipts`.
    pub(super) path: String,
    pub(super) menu: Menu,
}

/// A link of the menu or of the languages.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) lang: Lang,
    pub(super) is_here: bool,
}

impl Shell<'_> {
    /// Words without arguments.
    pub(super) fn say(&self, key: &str) -> String {
        say(self.lang, key, &[])
    }

    /// Words with one argument.
    pub(super) fn with(&self, key: &str, name: &str, value: impl ToString) -> String {
        say(self.lang, key, &[(name, value.to_string())])
    }

    /// A count, as readers of the language write it.
    pub(super) fn count(&self, value: &u64) -> String {
        count(self.lang, *value)
    }

    /// A pair of texts in the language of the page.
    pub(super) fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    /// A sentence as HTML: what stands between backticks is a name.
    pub(super) fn sentence(&self, text: &str) -> String {
        crate::report::sentence(text)
    }

    /// A page of the tool in the language of this one.
    pub(super) fn href(&self, path: &str) -> String {
        format!("/{}/{path}", self.lang)
    }

    /// The notice of invented data.
    pub(super) fn notice(&self) -> Option<String> {
        let words = || SYNTHETIC_NOTICE.get(self.lang).to_owned();
        self.about.is_synthetic.then(words)
    }

    pub(super) fn menu(&self) -> Vec<Link> {
        [
            ("", "ui-menu-deliveries", Menu::Deliveries),
            ("receipts", "ui-menu-receipts", Menu::Receipts),
        ]
        .into_iter()
        .map(|(path, key, menu)| Link {
            href: self.href(path),
            text: self.say(key),
            lang: self.lang,
            is_here: menu == self.menu,
        })
        .collect()
    }

    /// The same page in every language.
    pub(super) fn languages(&self) -> Vec<Link> {
        Lang::ALL
            .into_iter()
            .map(|lang| Link {
                href: format!("/{lang}/{}", self.path),
                text: say(lang, "ui-language", &[]),
                lang,
                is_here: lang == self.lang,
            })
            .collect()
    }
}
