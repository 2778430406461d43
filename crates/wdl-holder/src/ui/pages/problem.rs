//! What went wrong, in words; and the last page.

use askama::Template;
use wdl_vocab::diagnostics::{cause, fix, message};
use wdl_vocab::{Diagnostic, Lang};

use super::drawn;
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::About;
use crate::words::say;

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    shell: Shell<'a>,
    told: Vec<Told>,
    back: String,
}

struct Told {
    code: &'static str,
    message: String,
    cause: String,
    fix: String,
}

/// What stopped the work, and the way back.
pub(in crate::ui) fn problem(
    about: &About,
    lang: Lang,
    diagnostics: &[Diagnostic],
    back: &str,
) -> String {
    let told = diagnostics.iter().map(|diagnostic| Told {
        code: diagnostic.code.id,
        message: message(diagnostic, lang),
        cause: cause(diagnostic, lang),
        fix: fix(diagnostic, lang),
    });
    let shell = plain(about, lang, "ui-problem");
    drawn(&Page {
        told: told.collect(),
        back: shell.href(back),
        shell,
    })
}

#[derive(Template)]
#[template(path = "bye.html")]
struct Bye<'a> {
    shell: Shell<'a>,
}

/// The tool has ended.
pub(in crate::ui) fn bye(about: &About, lang: Lang) -> String {
    drawn(&Bye {
        shell: plain(about, lang, "ui-bye-title"),
    })
}

fn plain<'a>(about: &'a About, lang: Lang, key: &str) -> Shell<'a> {
    Shell {
        lang,
        about,
        title: say(lang, key, &[]),
        path: String::new(),
        menu: Menu::Elsewhere,
    }
}
