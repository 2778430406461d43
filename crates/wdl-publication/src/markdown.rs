//! The lab's own publications: a head, Markdown, and data blocks in double braces that are filled from released tables.
//!
//! Reading finds the blocks and where they stand; filling them is the business of `blocks.rs`.
//! A block is `{{command indicator option=value}}`, whole on one line.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};
use wdl_vocab::{IndicatorId, Lang, did_you_mean};

use crate::PublicationError;
use crate::input::{PublicationFile, SiteInput};

/// What a publication is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The text of a theme's page; the file is named after the theme.
    Theme,
    /// A page of its own.
    Article,
    /// What the lab has to say on an indicator's page; the file is named after the indicator.
    Indicator,
}

/// A publication in both languages.
#[derive(Clone, Debug)]
pub(crate) struct Publication {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    it: Face,
    en: Face,
}

/// A publication in one language.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    pub(crate) title: String,
    /// The sentence shown on the home page.
    pub(crate) summary: Option<Source>,
    pub(crate) body: Source,
}

/// Markdown with its blocks cut out: each stands in the text as a mark.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) file: String,
    pub(crate) blocks: Vec<Block>,
    text: String,
}

/// A word and the column it begins at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) column: usize,
}

/// A data block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) command: Word,
    pub(crate) indicator: Word,
    pub(crate) options: Vec<(Word, Word)>,
}

/// What a block becomes: words inside a sentence, or a figure that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    Words(String),
    Figure(String),
}

impl Publication {
    pub(crate) fn face(&self, lang: Lang) -> &Face {
        match lang {
            Lang::It => &self.it,
            Lang::En => &self.en,
        }
    }
}

/// Private-use characters around the number of a block: no keyboard writes them.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// Every publication, sorted by name, in both languages.
pub(crate) fn read_publications(
    input: &SiteInput<'_>,
) -> Result<Vec<Publication>, PublicationError> {
    let mut faces: BTreeMap<&str, [Option<(Kind, Face)>; 2]> = BTreeMap::new();
    for file in &input.publications {
        let Some((name, lang)) = name_of(&file.name) else {
            continue;
        };
        faces.entry(name).or_default()[lang as usize] = Some(read(input, file, name)?);
    }
    let mut publications = Vec::new();
    for (name, face) in faces {
        let missing = |lang: Lang| PublicationError::OneLanguage {
            name: name.to_owned(),
            language: lang.code().to_owned(),
        };
        let [it, en] = face;
        let (kind, it) = it.ok_or_else(|| missing(Lang::It))?;
        let (_, en) = en.ok_or_else(|| missing(Lang::En))?;
        publications.push(Publication {
            name: name.to_owned(),
            kind,
            it,
            en,
        });
    }
    Ok(publications)
}

/// `casa.it.md` is `casa` in Italian; other files of the folder are not publications.
fn name_of(file: &str) -> Option<(&str, Lang)> {
    let stem = file.strip_suffix(".md")?;
    Lang::ALL.into_iter().find_map(|lang| {
        let name = stem.strip_suffix(lang.code())?.strip_suffix('.')?;
        Some((name, lang))
    })
}

/// One line of a head: its number, and the column its value begins at.
struct Entry {
    line: usize,
    column: usize,
    value: String,
}

fn read(
    input: &SiteInput<'_>,
    file: &PublicationFile,
    name: &str,
) -> Result<(Kind, Face), PublicationError> {
    let (head, end) = head(file)?;
    let wrong = |line: usize, key: &str| PublicationError::Head {
        file: file.name.clone(),
        line,
        key: key.to_owned(),
    };
    let title = head.get("title").ok_or_else(|| wrong(1, "title"))?;
    let kind = head.get("kind").ok_or_else(|| wrong(1, "kind"))?;
    let kind = match kind.value.as_str() {
        "theme" => theme_page(input, file, name, kind.line)?,
        "article" => Kind::Article,
        "indicator" => indicator_page(input, file, name, kind.line)?,
        _ => return Err(wrong(kind.line, "kind")),
    };
    let summary = head
        .get("summary")
        .map(|entry| source(file, [(entry.line, entry.column, entry.value.as_str())]))
        .transpose()?;
    let lines = file.text.lines().enumerate().skip(end);
    let body = source(file, lines.map(|(place, line)| (place + 1, 1, line)))?;
    Ok((
        kind,
        Face {
            title: title.value.clone(),
            summary,
            body,
        },
    ))
}

fn theme_page(
    input: &SiteInput<'_>,
    file: &PublicationFile,
    name: &str,
    line: usize,
) -> Result<Kind, PublicationError> {
    if input
        .lab
        .themes
        .iter()
        .any(|theme| theme.id.as_str() == name)
    {
        return Ok(Kind::Theme);
    }
    let themes = input.lab.themes.iter().map(|theme| theme.id.as_str());
    Err(PublicationError::Unknown {
        file: file.name.clone(),
        line,
        column: 1,
        name: name.to_owned(),
        suggestion: did_you_mean(name, themes).map(str::to_owned),
    })
}

fn indicator_page(
    input: &SiteInput<'_>,
    file: &PublicationFile,
    name: &str,
    line: usize,
) -> Result<Kind, PublicationError> {
    let defined = || input.defined.iter().map(IndicatorId::as_str);
    if defined().any(|id| id == name) {
        return Ok(Kind::Indicator);
    }
    Err(PublicationError::Unknown {
        file: file.name.clone(),
        line,
        column: 1,
        name: name.to_owned(),
        suggestion: did_you_mean(name, defined()).map(str::to_owned),
    })
}

/// The entries between the two `---` lines, and how many lines they take.
fn head(file: &PublicationFile) -> Result<(BTreeMap<&str, Entry>, usize), PublicationError> {
    let wrong = |line: usize, key: &str| PublicationError::Head {
        file: file.name.clone(),
        line,
        key: key.to_owned(),
    };
    let mut entries = BTreeMap::new();
    let mut lines = file.text.lines().enumerate();
    if lines
        .next()
        .is_none_or(|(_, line)| line.trim_end() != "---")
    {
        return Err(wrong(1, "---"));
    }
    for (place, line) in lines {
        if line.trim_end() == "---" {
            return Ok((entries, place + 1));
        }
        let Some((key, value)) = line.split_once(':') else {
            return Err(wrong(place + 1, line.trim()));
        };
        if !["title", "kind", "summary"].contains(&key.trim()) {
            return Err(wrong(place + 1, key.trim()));
        }
        let before = line.chars().count() - value.trim_start().chars().count();
        let entry = Entry {
            line: place + 1,
            column: before + 1,
            value: value.trim().to_owned(),
        };
        entries.insert(key.trim(), entry);
    }
    Err(wrong(file.text.lines().count().max(1), "---"))
}

/// Cuts the blocks out of lines given with their number and first column.
fn source<'a>(
    file: &PublicationFile,
    lines: impl IntoIterator<Item = (usize, usize, &'a str)>,
) -> Result<Source, PublicationError> {
    let mut made = Source {
        file: file.name.clone(),
        blocks: Vec::new(),
        text: String::new(),
    };
    for (number, first, line) in lines {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("{{") {
            push_plain(&mut made.text, before);
            let column = first + line.chars().count() - after.chars().count() - 2;
            let broken = || PublicationError::Block {
                file: file.name.clone(),
                line: number,
                column,
            };
            let (inside, left) = after.split_once("}}").ok_or_else(broken)?;
            let block = block(inside, number, column).ok_or_else(broken)?;
            made.text
                .push_str(&format!("{OPEN}{}{CLOSE}", made.blocks.len()));
            made.blocks.push(block);
            rest = left;
        }
        push_plain(&mut made.text, rest);
        made.text.push('\n');
    }
    Ok(made)
}

fn push_plain(text: &mut String, plain: &str) {
    text.extend(plain.chars().filter(|c| ![OPEN, CLOSE].contains(c)));
}

fn block(inside: &str, line: usize, column: usize) -> Option<Block> {
    let mut words = words(inside, column + 2).into_iter();
    let command = words.next()?;
    let indicator = words.next()?;
    let mut options = Vec::new();
    for word in words {
        let (name, value) = word.text.split_once('=')?;
        if name.is_empty() || value.is_empty() {
            return None;
        }
        let after = word.column + name.chars().count() + 1;
        options.push((
            Word {
                text: name.to_owned(),
                column: word.column,
            },
            Word {
                text: value.to_owned(),
                column: after,
            },
        ));
    }
    Some(Block {
        line,
        column,
        command,
        indicator,
        options,
    })
}

fn words(text: &str, first: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_inside = false;
    for (place, c) in text.chars().enumerate() {
        match (c.is_whitespace(), is_inside) {
            (true, _) => is_inside = false,
            (false, true) => {
                if let Some(word) = words.last_mut() {
                    word.text.push(c);
                }
            }
            (false, false) => {
                is_inside = true;
                words.push(Word {
                    text: c.to_string(),
                    column: first + place,
                });
            }
        }
    }
    words
}

impl Source {
    /// A text of the program itself, without blocks.
    pub(crate) fn plain(text: &str) -> Source {
        Source {
            file: String::new(),
            blocks: Vec::new(),
            text: text.to_owned(),
        }
    }

    /// The indicators that its blocks show as tiles.
    pub(crate) fn tiled(&self) -> Vec<&str> {
        let tiles = self
            .blocks
            .iter()
            .filter(|block| block.command.text == "tiles");
        tiles
            .flat_map(|block| block.indicator.text.split(','))
            .collect()
    }

    /// True when the block stands in a paragraph of its own, as a figure must.
    pub(crate) fn is_alone(&self, place: usize) -> bool {
        let mark = format!("{OPEN}{place}{CLOSE}");
        let Some(at) = self.text.find(&mark) else {
            return false;
        };
        let (before, after) = (&self.text[..at], &self.text[at + mark.len()..]);
        let ends = |text: &str| text.is_empty() || text.starts_with("\n\n") || text == "\n";
        (before.is_empty() || before == "\n" || before.ends_with("\n\n")) && ends(after)
    }

    /// The HTML with its blocks filled.
    pub(crate) fn to_html(&self, filled: &[Filled]) -> String {
        let mut made = String::new();
        html::push_html(&mut made, Parser::new(&self.text).map(tamed));
        for (place, each) in filled.iter().enumerate() {
            let mark = format!("{OPEN}{place}{CLOSE}");
            made = match each {
                Filled::Words(words) => made.replace(&mark, words),
                Filled::Figure(figure) => made.replace(&format!("<p>{mark}</p>"), figure),
            };
        }
        made
    }

    /// The HTML of a single sentence, without the paragraph around it.
    pub(crate) fn to_sentence(&self, filled: &[Filled]) -> String {
        let html = self.to_html(filled);
        let inner = html
            .trim()
            .strip_prefix("<p>")
            .and_then(|rest| rest.strip_suffix("</p>"));
        inner.unwrap_or(&html).to_owned()
    }
}

/// Raw HTML is shown as the text it is, and the page's own title stays the only first-level heading.
fn tamed(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading {
            level: HeadingLevel::H1,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: HeadingLevel::H2,
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
            Event::End(TagEnd::Heading(HeadingLevel::H2))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_their_place() {
        let file = PublicationFile {
            name: "a.it.md".to_owned(),
            text: String::new(),
        };
        let made = source(&file, [(3, 1, "Così {{value arpr by=quartiere}} e poi")])
            .expect("a whole block");
        let block = &made.blocks[0];
        assert_eq!((block.line, block.column), (3, 6));
        assert_eq!(block.indicator.column, 14);
        assert_eq!(block.options[0].0.column, 19);
        assert_eq!(block.options[0].1.column, 22);
        let broken = source(&file, [(3, 1, "Così {{value arpr")]);
        assert!(matches!(
            broken,
            Err(PublicationError::Block {
                line: 3,
                column: 6,
                ..
            })
        ));
        assert!(source(&file, [(1, 1, "{{value}}")]).is_err());
    }

    #[test]
    fn raw_html_is_text() {
        let html = Source::plain("# Uno\n\n<script>x</script> **due**").to_html(&[]);
        assert!(html.contains("<h2>Uno</h2>"));
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }
}
