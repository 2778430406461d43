//! Pages of words alone: how to read a figure, the accessibility of the site, a figure that was taken back.

use askama::Template;
use wdl_chart::numbers::date;
use wdl_release::Withdrawal;
use wdl_vocab::{Lang, Text};

use crate::markdown::Source;
use crate::model::Model;
use crate::parts::escaped;
use crate::parts::figures::rendered;
use crate::parts::shell::Shell;
use crate::paths::PageId;
use crate::words::{TEXTS, say};

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

/// The page of an indicator that was taken back: that it was, when, and why.
pub(super) fn withdrawn(
    model: &Model<'_>,
    page: &PageId,
    title: &Text,
    withdrawal: &Withdrawal,
    lang: Lang,
) -> String {
    let day = withdrawal.on.strftime("%Y-%m-%d").to_string();
    let args = [
        ("date", date(&day, lang)),
        ("release", withdrawal.release.to_string()),
    ];
    let told = TEXTS.get(lang, "withdrawn-told", &args);
    let why = TEXTS.get(lang, "withdrawn-why", &[("reason", withdrawal.why.clone())]);
    rendered(&Page {
        shell: Shell::new(model, lang, page.clone(), title.get(lang).to_owned()),
        body: format!("<p>{}</p><p>{}</p>", escaped(&told), escaped(&why)),
        has_contact: true,
    })
}
