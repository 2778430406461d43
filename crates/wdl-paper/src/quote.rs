//! Text from outside, so that it is shown and never obeyed.

use crate::world;

/// A string of Typst's code mode that holds this text: put `#` before it in markup. A letter that no font of the program has becomes a question mark.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push(' '),
            letter if is_unseen(letter) => quoted.push('?'),
            letter if world::has_glyph(letter) => quoted.push(letter),
            // What has no glyph would make the document unfit for an archive.
            _ => quoted.push('?'),
        }
    }
    quoted.push('"');
    quoted
}

/// Letters that are not seen, join others or turn the direction of a line: nothing on paper should hide.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}
