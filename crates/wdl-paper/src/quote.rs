//! Text from outside, so that it is shown and never obeyed.

use crate::world;

/// A string of Typst's code mode that holds this text: put `#` before it in markup. A letter that the papers of an office do not hold, or no font of the program has, becomes a question mark.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push(' '),
            letter if is_plain(letter) && world::has_glyph(letter) => quoted.push(letter),
            // What has no glyph would make the document unfit for an archive.
            _ => quoted.push('?'),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a letter is one that the papers of an Italian office hold: Latin with its accents, Greek, Cyrillic, and the marks of writing.
///
/// Everything else is left out: letters that are not seen, that join others or turn the direction of a line, and what must be shaped together.
/// Nothing on paper should hide.
fn is_plain(letter: char) -> bool {
    matches!(letter,
        ' '..='~' | '\u{00a0}'..='\u{00ac}' | '\u{00ae}'..='\u{024f}' | '\u{0370}'..='\u{0482}'
        | '\u{048a}'..='\u{052f}' | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{21ff}'
        | '\u{2200}'..='\u{22ff}')
}
