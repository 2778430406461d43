//! Reads `protocol/articles.md`: the text of the agreement, both languages beside each other.
//!
//! The form is plain Markdown that prints well: `## 3 ruoli` opens an article (number, name),
//! `### it Ruoli` and `### en Roles` open its text in a language (language, title).

use wdl_vocab::{Lang, Text};
use wdl_yaml::Source;

use crate::agreement::Article;
use crate::error::{Fault, FaultKind, LabFault};
use crate::ids::ArticleId;

/// One language of an article while it is read.
#[derive(Default)]
struct Part {
    title: String,
    text: String,
}

/// An article while it is read.
struct Open {
    line: usize,
    number: u32,
    id: ArticleId,
    it: Option<Part>,
    en: Option<Part>,
}

impl Open {
    fn part(&mut self, lang: Lang) -> &mut Option<Part> {
        match lang {
            Lang::It => &mut self.it,
            Lang::En => &mut self.en,
        }
    }
}

/// The articles in their order; what is wrong goes to `faults`.
pub(crate) fn parse(source: &Source, faults: &mut Vec<Fault>) -> Vec<Article> {
    let mut reader = Reader {
        source,
        faults,
        done: Vec::new(),
        open: None,
        lang: None,
    };
    for (index, line) in source.text().lines().enumerate() {
        reader.line(index + 1, line);
    }
    reader.close();
    let Reader { faults, done, .. } = reader;
    if done.is_empty() {
        let detail = "expected articles: a line `## 1 name`".to_owned();
        faults.push(source.fault(1, 0, LabFault::ArticleShape { detail }));
    }
    done
}

struct Reader<'a> {
    source: &'a Source,
    faults: &'a mut Vec<Fault>,
    done: Vec<Article>,
    open: Option<Open>,
    lang: Option<Lang>,
}

impl Reader<'_> {
    fn line(&mut self, number: usize, line: &str) {
        if let Some(heading) = line.strip_prefix("## ") {
            self.close();
            self.article(number, heading);
        } else if let Some(heading) = line.strip_prefix("### ") {
            self.language(number, heading);
        } else if let (Some(open), Some(lang)) = (&mut self.open, self.lang)
            && let Some(part) = open.part(lang)
        {
            part.text.push_str(line.trim_end());
            part.text.push('\n');
        }
    }

    fn article(&mut self, line: usize, heading: &str) {
        let mut words = heading.split_whitespace();
        let number = words.next().and_then(|word| word.parse::<u32>().ok());
        let id = words.next().and_then(|word| ArticleId::parse(word).ok());
        let (Some(number), Some(id), None) = (number, id, words.next()) else {
            return self.shape(line, "an article begins with `## number name`".to_owned());
        };
        let due = u32::try_from(self.done.len()).unwrap_or(u32::MAX) + 1;
        if number != due {
            self.shape(line, format!("this must be article {due}"));
        }
        if self.done.iter().any(|article| article.id == id) {
            let kind = FaultKind::DuplicateName {
                list: "articles".to_owned(),
                name: id.to_string(),
            };
            self.faults.push(self.source.fault(line, 0, kind));
        }
        self.open = Some(Open {
            line,
            number,
            id,
            it: None,
            en: None,
        });
    }

    fn language(&mut self, line: usize, heading: &str) {
        let (code, title) = heading.split_once(' ').unwrap_or((heading, ""));
        let lang = Lang::ALL.into_iter().find(|lang| lang.code() == code);
        let (Some(lang), false) = (lang, title.trim().is_empty()) else {
            return self.shape(
                line,
                "a text begins with `### it title` or `### en title`".to_owned(),
            );
        };
        let Some(open) = &mut self.open else {
            return self.shape(line, "this text belongs to no article".to_owned());
        };
        let part = open.part(lang);
        let is_second = part.is_some();
        *part = Some(Part {
            title: title.trim().to_owned(),
            text: String::new(),
        });
        self.lang = Some(lang);
        if is_second {
            self.shape(line, format!("this article has a second text in `{lang}`"));
        }
    }

    fn shape(&mut self, line: usize, detail: String) {
        self.faults.push(
            self.source
                .fault(line, 0, LabFault::ArticleShape { detail }),
        );
    }

    fn close(&mut self) {
        self.lang = None;
        let Some(open) = self.open.take() else {
            return;
        };
        for (lang, part) in [(Lang::It, &open.it), (Lang::En, &open.en)] {
            if part.as_ref().is_none_or(|part| part.text.trim().is_empty()) {
                let kind = LabFault::ArticleLanguage {
                    article: open.id.clone(),
                    lang,
                };
                self.faults.push(self.source.fault(open.line, 0, kind));
            }
        }
        let (it, en) = (open.it.unwrap_or_default(), open.en.unwrap_or_default());
        self.done.push(Article {
            number: open.number,
            id: open.id,
            title: Text::new(it.title, en.title),
            text: Text::new(it.text.trim(), en.text.trim()),
        });
    }
}
