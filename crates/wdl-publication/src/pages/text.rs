//! Pages of words alone: how to read a figure, and the accessibility of the site.

use askama::Template;
use wdl_vocab::Lang;

use crate::markdown::Source;
use crate::model::Model;
use crate::parts::figures::rendered;
use crate::parts::shell::Shell;
use crate::paths::PageId;
use crate::words::say;

const HOW_TO_READ: [&str; 2] = [
    include_str!("../../texts/how-to-read.it.md"),
    include_str!("../../texts/how-to-read.en.md"),
];
const ACCESSIBILITY: [&str; 2] = [
    include_str!("../../texts/accessibility.it.md"),
    include_str!("../../texts/accessibility.en.md"),
];

#[derive(Template)]
#[template(path = "text.html")]
struct Page<'a> {
    shell: Shell<'a>,
    body: String,
    has_contact: bool,
}

pub(super) fn how_to_read(model: &Model<'_>, lang: Lang) -> String {
    let title = say(lang, "nav-how-to-read");
    rendered(&Page {
        shell: Shell::new(model, lang, PageId::HowToRead, title),
        body: Source::plain(HOW_TO_READ[lang as usize]).to_html(&[]),
        has_contact: false,
    })
}

pub(super) fn accessibility(model: &Model<'_>, lang: Lang) -> String {
    let title = say(lang, "nav-accessibility");
    rendered(&Page {
        shell: Shell::new(model, lang, PageId::Accessibility, title),
        body: Source::plain(ACCESSIBILITY[lang as usize]).to_html(&[]),
        has_contact: true,
    })
}
