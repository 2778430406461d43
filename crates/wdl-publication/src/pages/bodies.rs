//! What comes back to the bodies: one line per body of the agreement, and the way to its page.

use askama::Template;
use wdl_vocab::Lang;

use super::body::Contribution;
use crate::model::Model;
use crate::parts::figures::rendered;
use crate::parts::shell::{Link, Shell};
use crate::paths::PageId;
use crate::words::say;

#[derive(Template)]
#[template(path = "bodies.html")]
struct Page<'a> {
    shell: Shell<'a>,
    bodies: Vec<Entry>,
}

/// A body in the list.
struct Entry {
    link: Link,
    words: String,
}

pub(super) fn html(model: &Model<'_>, lang: Lang) -> String {
    let shell = Shell::new(model, lang, PageId::Bodies, say(lang, "nav-bodies"));
    let entry = |body: &wdl_protocol::Body| Entry {
        link: shell.link(
            PageId::Body(body.id.to_string()),
            body.name.get(lang).to_owned(),
        ),
        words: Contribution::of(model, body).in_a_sentence(lang),
    };
    let bodies = model.lab().bodies.iter().map(entry).collect();
    rendered(&Page { bodies, shell })
}
