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
            letter if world::has_glyph(letter) => quoted.push(letter),
            // What has no glyph would make the document unfit for an archive.
            _ => quoted.push('?'),
        }
    }
    quoted.push('"');
    quoted
}
