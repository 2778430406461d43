//! A study: the answer for officials, then the technical report, the sheet on paper and the files.

use askama::Template;
use wdl_vocab::Lang;

use super::Files;
use super::data::{File, files_of};
use crate::model::Model;
use crate::parts::figures::rendered;
use crate::parts::shell::{Link, Shell};
use crate::parts::size;
use crate::paths::{self, PageId};
use crate::study::{Sentences, Study, text::Body};
use crate::words::say;

#[derive(Template)]
#[template(path = "study.html")]
struct Page<'a> {
    shell: Shell<'a>,
    sheet: Option<File>,
    body: String,
    files: Vec<(String, Vec<File>)>,
}

#[derive(Template)]
#[template(path = "studies.html")]
struct List<'a> {
    shell: Shell<'a>,
    studies: Vec<Entry>,
}

/// A study among others: its question and its answer.
pub(super) struct Entry {
    pub(super) link: Link,
    pub(super) mark: Option<String>,
    pub(super) question: String,
    pub(super) finding: String,
}

/// The page of one study.
pub(super) fn html(model: &Model<'_>, id: &str, files: &Files, lang: Lang) -> String {
    let own = model
        .studies
        .iter()
        .find(|own| own.study.id() == id)
        .expect("pages are made for the studies there are");
    let face = own.study.face();
    let page = PageId::Study(id.to_owned());
    let mut shell = Shell::new(model, lang, page, face.title.get(lang).to_owned());
    shell.description = face.question.get(lang).to_owned();
    let list = shell.link(PageId::Studies, shell.say("nav-studies"));
    shell.crumbs.push(list);
    let path = paths::sheet(id, lang);
    let sheet = files.get(&path).map(|bytes| File {
        href: format!("{}{path}", shell.root),
        name: say(lang, "study-sheet"),
        of: face.title.get(lang).to_owned(),
        size: size(bytes.len(), lang),
    });
    let tables = own.tables.iter();
    let tables = tables.map(|released| {
        let title = released.table().header.title.get(lang).to_owned();
        (title, files_of(&shell, released, files))
    });
    rendered(&Page {
        sheet,
        body: rendered(&Body::of(&own.study, lang)),
        files: tables.collect(),
        shell,
    })
}

/// A study as a list of them has it.
pub(super) fn entry(shell: &Shell<'_>, study: &Study<'_>) -> Entry {
    let lang = shell.lang;
    let sentences = Sentences { study, lang };
    let face = study.face();
    let page = PageId::Study(study.id().to_owned());
    Entry {
        link: shell.link(page, face.title.get(lang).to_owned()),
        mark: sentences.mark(),
        question: face.question.get(lang).to_owned(),
        finding: sentences.finding(),
    }
}

/// Every study with its question and its answer.
pub(super) fn list(model: &Model<'_>, lang: Lang) -> String {
    let shell = Shell::new(model, lang, PageId::Studies, say(lang, "nav-studies"));
    let studies = model.studies.iter().map(|own| entry(&shell, &own.study));
    rendered(&List {
        studies: studies.collect(),
        shell,
    })
}
