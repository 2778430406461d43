//! What a text must be to be kept, and what in it may identify somebody.
//!
//! It finds what has a shape: codes, telephone numbers, addresses of mail, accounts. A name has none, and whoever transcribes takes names out.
//! A finding says the line and the kind, never the passage.

use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnostic, Lang, Text};

use crate::Stopped;
use crate::decide::has_tax_code_shape;

/// The longest text, in MiB: a thousand pages are two.
const MIB_MAX: usize = 16;

/// The lines that are told of one kind.
const LINES_TOLD: usize = 5;

/// What may identify somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Identifier {
    TaxCode,
    HealthCode,
    Telephone,
    Mail,
    Account,
}

/// The words of a file, when it has some and is text.
///
/// # Errors
/// [`Stopped`] when it is empty, too long or no text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Stopped> {
    if bytes.len() > MIB_MAX << 20 {
        let told = Diagnostic::new(codes::TRANSCRIPT_TOO_LONG).with("maximum", MIB_MAX);
        return Err(Stopped::new(told));
    }
    let not_text = |at: usize| {
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
        Stopped::new(Diagnostic::new(codes::TRANSCRIPT_NOT_TEXT).with("line", line))
    };
    let text = std::str::from_utf8(bytes).map_err(|fault| not_text(fault.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_document = ["%PDF", "{\\rtf", "PK\u{3}\u{4}"];
    if is_document.iter().any(|first| text.starts_with(first)) {
        return Err(not_text(0));
    }
    let is_control =
        |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t' | '\u{c}');
    if let Some(at) = text.find(is_control) {
        return Err(not_text(at));
    }
    match text.trim().is_empty() {
        true => Err(Stopped::new(Diagnostic::new(codes::TRANSCRIPT_EMPTY))),
        false => Ok(text),
    }
}

/// What may identify somebody: the line and the kind, each kind once a line.
pub(super) fn identifiers(text: &str) -> Vec<(usize, Identifier)> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for (is_there, kind) in [
            (has_tax_code(line), Identifier::TaxCode),
            (has_health_code(line), Identifier::HealthCode),
            (has_telephone(line), Identifier::Telephone),
            (has_mail(line), Identifier::Mail),
            (has_account(line), Identifier::Account),
        ] {
            if is_there {
                found.push((at + 1, kind));
            }
        }
    }
    found
}

/// The findings in words, by kind.
pub(super) fn words(found: &[(usize, Identifier)]) -> Text {
    let told = |lang: Lang| {
        let of = |(kind, label): &(Identifier, Text)| {
            let own = found.iter().filter(|(_, own)| own == kind);
            let lines: Vec<String> = own.map(|(line, _)| line.to_string()).collect();
            let shown = lines[..lines.len().min(LINES_TOLD)].join(", ");
            let more = if lines.len() > LINES_TOLD {
                ", …"
            } else {
                ""
            };
            let word = Text::fixed("riga", "line");
            let told = format!("{} ({} {shown}{more})", label.get(lang), word.get(lang));
            (!lines.is_empty()).then_some(told)
        };
        let all = labels();
        all.iter().filter_map(of).collect::<Vec<_>>().join("; ")
    };
    Text::new(told(Lang::It), told(Lang::En))
}

/// What each kind is called.
fn labels() -> [(Identifier, Text); 5] {
    let label = |kind, it, en| (kind, Text::fixed(it, en));
    [
        label(Identifier::TaxCode, "codice fiscale", "tax code"),
        label(
            Identifier::HealthCode,
            "codice STP o ENI",
            "STP or ENI code",
        ),
        label(Identifier::Telephone, "telefono", "telephone number"),
        label(
            Identifier::Mail,
            "indirizzo di posta elettronica",
            "mail address",
        ),
        label(Identifier::Account, "conto corrente", "bank account"),
    ]
}

/// A tax code, also with blanks, dots or dashes inside.
fn has_tax_code(line: &str) -> bool {
    let is_mark = |one: &char| one.is_whitespace() || "._-/".contains(*one);
    let close: Vec<char> = line.chars().filter(|one| !is_mark(one)).collect();
    let mut spoken = line.split(|one: char| !one.is_alphanumeric());
    close.windows(16).any(|part| has_tax_code_shape(part, 3))
        || spoken.any(|word| has_tax_code_shape(&word.chars().collect::<Vec<_>>(), 0))
}

/// A code of who has no tax code: `STP` or `ENI` and thirteen digits.
fn has_health_code(line: &str) -> bool {
    let close: String = line.chars().filter(|one| one.is_alphanumeric()).collect();
    let low = close.to_ascii_lowercase();
    ["stp", "eni"].iter().any(|begin| {
        low.match_indices(begin).any(|(at, _)| {
            let after = low.as_bytes().iter().skip(at + 3);
            after.take_while(|byte| byte.is_ascii_digit()).count() >= 13
        })
    })
}

/// Nine to thirteen digits that begin as numbers of telephones do, single marks between them: `059 203 2311`, `+39 347-1234567`.
fn has_telephone(line: &str) -> bool {
    let signs: Vec<char> = line.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        let is_begin = signs[at].is_ascii_digit() || signs[at] == '+';
        let follows = at > 0 && signs[at - 1].is_alphanumeric();
        if !is_begin || follows {
            at += 1;
            continue;
        }
        let (digits, end) = run(&signs, at);
        let begins = signs[at] == '+' || digits.starts_with(['0', '3']);
        if begins && (9..=13).contains(&digits.len()) {
            return true;
        }
        at = end.max(at + 1);
    }
    false
}

/// The digits of a number that begins at a place, and where it ends.
fn run(signs: &[char], begin: usize) -> (String, usize) {
    let mut digits = String::new();
    let mut at = begin + usize::from(signs[begin] == '+');
    loop {
        let digit = |at: usize| signs.get(at).filter(|sign| sign.is_ascii_digit());
        let is_mark = |at: usize| {
            let sign = signs.get(at);
            sign.is_some_and(|sign| " .-/()".contains(*sign))
        };
        let is_bracket = |at: usize| signs.get(at).is_some_and(|sign| "()".contains(*sign));
        if let Some(sign) = digit(at) {
            digits.push(*sign);
            at += 1;
        } else if is_mark(at) && digit(at + 1).is_some() {
            at += 1;
        } else if is_mark(at)
            && is_mark(at + 1)
            && (is_bracket(at) || is_bracket(at + 1))
            && digit(at + 2).is_some()
        {
            at += 2;
        } else {
            return (digits, at);
        }
    }
}

/// Something, an at sign, something with a dot.
fn has_mail(line: &str) -> bool {
    line.split(|sign: char| sign.is_whitespace() || "<>(),;\"".contains(sign))
        .any(|word| {
            word.split_once('@').is_some_and(|(who, at)| {
                let at = at.trim_end_matches(['.', ':', '!', '?']);
                !who.is_empty() && at.split('.').filter(|part| !part.is_empty()).count() >= 2
            })
        })
}

/// An Italian account: `IT`, two digits, a letter, ten digits, twelve signs.
fn has_account(line: &str) -> bool {
    let close: Vec<char> = line.chars().filter(|one| one.is_alphanumeric()).collect();
    let is = |sign: char, kind: char| match kind {
        'i' => sign.eq_ignore_ascii_case(&'i'),
        't' => sign.eq_ignore_ascii_case(&'t'),
        '9' => sign.is_ascii_digit(),
        'a' => sign.is_ascii_alphabetic(),
        _ => sign.is_ascii_alphanumeric(),
    };
    let shape: Vec<char> = "it99a9999999999************".chars().collect();
    close
        .windows(shape.len())
        .any(|part| part.iter().zip(&shape).all(|(sign, kind)| is(*sign, *kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Identifier> {
        identifiers(text)
            .into_iter()
            .map(|(_, kind)| kind)
            .collect()
    }

    #[test]
    fn what_identifies_is_found_however_it_is_written() {
        for (text, kind) in [
            ("il mio codice è RSSMRA85T10A562S", Identifier::TaxCode),
            ("rss mra 85t10 a562s", Identifier::TaxCode),
            ("RSSMRAU5TMLAR6NS", Identifier::TaxCode),
            ("ho la tessera STP 0360000012345", Identifier::HealthCode),
            ("mi chiami allo 059 203 2311", Identifier::Telephone),
            ("059/2032311", Identifier::Telephone),
            ("+39 347-1234567.", Identifier::Telephone),
            ("(059) 203311", Identifier::Telephone),
            ("3471234567", Identifier::Telephone),
            ("scriva a mario.rossi@example.org.", Identifier::Mail),
            ("IT60 X054 2811 1010 0000 0123 456", Identifier::Account),
        ] {
            assert!(kinds(text).contains(&kind), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn what_people_say_is_left_alone() {
        for text in [
            "Dal 2019 al 2021 pagavo 650 euro, poi 820.",
            "00:12:30 INT: e poi? P1: poi niente.",
            "00.12.30 - 00.13.45",
            "l'affitto è di 1.250,00 euro, la caparra 3.750",
            "tre anni, dal 12/03/2021 al 15/04/2024",
            "il comportamentismo non c'entra @ niente",
            "abito al 12 di una via che non dico",
        ] {
            assert!(kinds(text).is_empty(), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn lines_are_told_and_passages_are_not() {
        let found = identifiers("uno\nRSSMRA85T10A562S\ntre\n059 203 2311");
        assert_eq!(
            found,
            [(2, Identifier::TaxCode), (4, Identifier::Telephone)]
        );
        let told = words(&found);
        assert_eq!(told.it, "codice fiscale (riga 2); telefono (riga 4)");
        assert!(!told.en.contains("RSS") && !told.en.contains("059"));
    }

    #[test]
    fn only_text_with_words_is_kept() {
        let code = |bytes: &[u8]| text(bytes).err().map(|stopped| stopped.code().id);
        assert_eq!(code(b""), Some("WDL-V040"));
        assert_eq!(code(b" \n\t\r\n"), Some("WDL-V040"));
        assert_eq!(code("\u{feff}".as_bytes()), Some("WDL-V040"));
        assert_eq!(code(b"a\nb\xff"), Some("WDL-V041"));
        assert_eq!(code(b"a\0b"), Some("WDL-V041"));
        assert_eq!(code(b"%PDF-1.7 "), Some("WDL-V041"));
        assert_eq!(code(b"{\\rtf1 ciao}"), Some("WDL-V041"));
        assert_eq!(code(&vec![b'a'; (MIB_MAX << 20) + 1]), Some("WDL-V043"));
        assert_eq!(text("\u{feff}perché no".as_bytes()).ok(), Some("perché no"));
    }
}
