//! The page at the root: it leads to the Italian pages at once, and offers the English ones.

use askama::Template;
use wdl_vocab::{Lang, SYNTHETIC_NOTICE};

use crate::model::Model;
use crate::parts::figures::rendered;
use crate::paths::PageId;

#[derive(Template)]
#[template(path = "root.html")]
struct Root<'a> {
    name_it: &'a str,
    name_en: &'a str,
    it: String,
    en: String,
    notice: Option<String>,
}

pub(super) fn html(model: &Model<'_>) -> String {
    let lab = model.lab();
    let notice = format!("{} · {}", SYNTHETIC_NOTICE.it, SYNTHETIC_NOTICE.en);
    rendered(&Root {
        name_it: lab.name.get(Lang::It),
        name_en: lab.name.get(Lang::En),
        it: PageId::Home.path(Lang::It),
        en: PageId::Home.path(Lang::En),
        notice: lab.synthetic.then_some(notice),
    })
}
