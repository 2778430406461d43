//! Charts and maps: ends of classes that are somebody's value, and texts that say what is hidden.

use wdl_result::{Mark, Picture};

use super::{Breach, OutputClauses, OutputFinding};

pub(super) fn examine(picture: &Picture, clauses: &OutputClauses) -> Vec<OutputFinding> {
    let mut found = Vec::new();
    for bound in &picture.bounds {
        if !bound.is_given && clauses.is_few(bound.units) {
            found.push(OutputFinding::new(&bound.name, Breach::BoundOfFew));
        }
    }
    for mark in picture.marks.iter().filter(|mark| mark.is_hidden) {
        if own_text_tells(mark) || picture.texts.iter().any(|text| tells(text, mark)) {
            found.push(OutputFinding::new(&mark.name, Breach::HiddenInText));
        }
    }
    found
}

/// A text of a hidden mark has no number but those of its name: a year, an age, a district.
fn own_text_tells(mark: &Mark) -> bool {
    let known = numbers(&mark.name);
    let is_new = |number: &String| !known.contains(number);
    mark.texts
        .iter()
        .any(|text| numbers(text).iter().any(is_new))
}

/// A text that belongs to no mark names this one and says its number.
fn tells(text: &str, mark: &Mark) -> bool {
    let Some(hidden) = &mark.hidden else {
        return false;
    };
    let rest = text.replacen(&mark.name, "", 1);
    rest.len() < text.len()
        && numbers(hidden)
            .iter()
            .any(|number| numbers(&rest).contains(number))
}

/// The numbers of a text, as digits; marks between digits are taken out, so that 1.204 and 1,204 are one.
fn numbers(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut number = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let is_between = matches!(
            letter,
            '.' | ',' | '\u{202f}' | '\u{a0}' | '\'' | '\u{2019}'
        ) && !number.is_empty()
            && letters.get(at + 1).is_some_and(char::is_ascii_digit);
        match letter {
            digit if digit.is_ascii_digit() => number.push(*digit),
            _ if is_between => {}
            _ if !number.is_empty() => found.push(std::mem::take(&mut number)),
            _ => {}
        }
    }
    if !number.is_empty() {
        found.push(number);
    }
    found
}
