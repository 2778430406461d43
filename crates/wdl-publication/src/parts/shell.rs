//! What stands around every page: head, menu, breadcrumb, notice, foot.

use wdl_vocab::{Lang, SYNTHETIC_NOTICE};

use crate::model::Model;
use crate::paths::{PageId, to_root};
use crate::words::{TEXTS, say};
use wdl_protocol::Lab;

/// A link of a menu, a breadcrumb or a list.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) text: String,
    /// True on the page itself.
    pub(crate) is_here: bool,
}

/// The shell of one page.
pub(crate) struct Shell<'a> {
    pub(crate) model: &'a Model<'a>,
    pub(crate) lang: Lang,
    pub(crate) page: PageId,
    /// The way up to the root of the site.
    pub(crate) root: String,
    /// The page's title, its only first-level heading.
    pub(crate) title: String,
    /// What search engines and previews show.
    pub(crate) description: String,
    /// The pages above this one.
    pub(crate) crumbs: Vec<Link>,
}

impl<'a> Shell<'a> {
    pub(crate) fn new(model: &'a Model<'a>, lang: Lang, page: PageId, title: String) -> Shell<'a> {
        let root = to_root(&page.path(lang));
        let description = model.lab().about.get(lang).to_owned();
        let mut shell = Shell {
            model,
            lang,
            page,
            root,
            title,
            description,
            crumbs: Vec::new(),
        };
        if shell.page != PageId::Home {
            shell
                .crumbs
                .push(shell.link(PageId::Home, say(lang, "nav-home")));
        }
        shell
    }

    pub(crate) fn say(&self, key: &str) -> String {
        say(self.lang, key)
    }

    pub(crate) fn with(&self, key: &str, args: &[(&str, String)]) -> String {
        TEXTS.get(self.lang, key, args)
    }

    pub(crate) fn href(&self, page: &PageId) -> String {
        format!("{}{}", self.root, page.path(self.lang))
    }

    pub(crate) fn link(&self, page: PageId, text: String) -> Link {
        Link {
            href: self.href(&page),
            text,
            is_here: page == self.page,
        }
    }

    pub(crate) fn lab(&self) -> &'a Lab {
        self.model.lab()
    }

    pub(crate) fn lab_name(&self) -> &'a str {
        self.lab().name.get(self.lang)
    }

    pub(crate) fn publisher(&self) -> &'a str {
        self.lab().publication.publisher.get(self.lang)
    }

    pub(crate) fn licence(&self) -> &'a str {
        self.lab().publication.licence.name.get(self.lang)
    }

    pub(crate) fn home(&self) -> String {
        self.href(&PageId::Home)
    }

    /// The title of the browser's window.
    pub(crate) fn window(&self) -> String {
        match self.page {
            PageId::Home => self.title.clone(),
            _ => format!("{} · {}", self.title, self.lab_name()),
        }
    }

    /// The notice of invented data in the reader's language, the Italian one always beside it.
    pub(crate) fn notice(&self) -> Option<String> {
        self.lab().synthetic.then(|| match self.lang {
            Lang::It => SYNTHETIC_NOTICE.it.to_string(),
            Lang::En => format!("{} · {}", SYNTHETIC_NOTICE.en, SYNTHETIC_NOTICE.it),
        })
    }

    /// The menu: a page per theme that has something to show, then the others.
    pub(crate) fn menu(&self) -> Vec<Link> {
        let themes = self.model.shown_themes();
        let mut links: Vec<Link> = themes
            .iter()
            .map(|theme| {
                let page = PageId::Theme(theme.id.to_string());
                self.link(page, theme.title.get(self.lang).to_owned())
            })
            .collect();
        if !self.model.studies.is_empty() {
            links.push(self.link(PageId::Studies, self.say("nav-studies")));
        }
        links.push(self.link(PageId::Data, self.say("nav-data")));
        links.push(self.link(PageId::Acts, self.say("nav-acts")));
        links.push(self.link(PageId::HowToRead, self.say("nav-how-to-read")));
        links
    }

    pub(crate) fn foot(&self) -> Vec<Link> {
        vec![
            self.link(PageId::Data, self.say("nav-data")),
            self.link(PageId::Acts, self.say("nav-acts")),
            self.link(PageId::Bodies, self.say("nav-bodies")),
            self.link(PageId::HowToRead, self.say("nav-how-to-read")),
            self.link(PageId::Accessibility, self.say("nav-accessibility")),
        ]
    }

    /// The same page in every language.
    pub(crate) fn languages(&self) -> Vec<(Lang, Link)> {
        Lang::ALL
            .into_iter()
            .map(|lang| {
                let link = Link {
                    href: format!("{}{}", self.root, self.page.path(lang)),
                    text: say(lang, "language-name"),
                    is_here: lang == self.lang,
                };
                (lang, link)
            })
            .collect()
    }
}
