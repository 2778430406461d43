//! An article of the lab, its data blocks filled.

use askama::Template;
use wdl_vocab::Lang;

use crate::PublicationError;
use crate::blocks;
use crate::model::Model;
use crate::parts::figures::rendered;
use crate::parts::shell::Shell;
use crate::paths::PageId;

#[derive(Template)]
#[template(path = "article.html")]
struct Page<'a> {
    shell: Shell<'a>,
    lead: Option<String>,
    body: String,
}

pub(super) fn html(model: &Model<'_>, id: &str, lang: Lang) -> Result<String, PublicationError> {
    let article = model
        .articles()
        .find(|each| each.name == id)
        .expect("pages are made for the articles there are");
    let face = article.face(lang);
    let page = PageId::Article(id.to_owned());
    let shell = Shell::new(model, lang, page, face.title.clone());
    let place = blocks::Page {
        model,
        lang,
        root: &shell.root,
    };
    let lead = face.summary.as_ref();
    let lead = lead
        .map(|summary| blocks::render_sentence(summary, place))
        .transpose()?;
    let body = blocks::render(&face.body, place)?;
    Ok(rendered(&Page { shell, lead, body }))
}
