//! Which encoding a text is in, from what its bytes say and what the contract expects.

use wdl_contract::{Contract, Encoding};

use super::Facts;

/// An encoding a text can be read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextEncoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16, low byte first: what a spreadsheet calls "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows code page 1252; of ISO-8859-1 it differs only in characters no text uses.
    Windows1252,
    /// The code page of DOS in Western Europe, still written by old programs.
    Ibm850,
    /// The old encoding of the Macintosh.
    Macintosh,
}

impl TextEncoding {
    /// Every encoding.
    pub const ALL: [TextEncoding; 6] = [
        TextEncoding::Utf8,
        TextEncoding::Utf16Le,
        TextEncoding::Utf16Be,
        TextEncoding::Windows1252,
        TextEncoding::Ibm850,
        TextEncoding::Macintosh,
    ];

    /// Its name, the same in both languages.
    pub fn name(self) -> &'static str {
        match self {
            TextEncoding::Utf8 => "UTF-8",
            TextEncoding::Utf16Le => "UTF-16LE",
            TextEncoding::Utf16Be => "UTF-16BE",
            TextEncoding::Windows1252 => "Windows-1252",
            TextEncoding::Ibm850 => "IBM850",
            TextEncoding::Macintosh => "Macintosh",
        }
    }

    /// The encoding with this name.
    pub fn parse(name: &str) -> Option<TextEncoding> {
        TextEncoding::ALL
            .into_iter()
            .find(|encoding| encoding.name().eq_ignore_ascii_case(name))
    }

    /// What a contract expects.
    pub fn expected(contract: &Contract) -> TextEncoding {
        match contract.encoding {
            Encoding::Utf8 => TextEncoding::Utf8,
            Encoding::Windows1252 => TextEncoding::Windows1252,
        }
    }

    /// The letters, marks and signs that Italian administrations write, as single bytes.
    fn usual(self) -> &'static [u8] {
        match self {
            TextEncoding::Windows1252 => USUAL_1252,
            TextEncoding::Ibm850 => USUAL_850,
            TextEncoding::Macintosh => USUAL_MACINTOSH,
            TextEncoding::Utf8 | TextEncoding::Utf16Le | TextEncoding::Utf16Be => &[],
        }
    }
}

/// `€ … Š Ž ‘ ’ “ ” • – š ž § ª « ° º » ¿` and the letters from `À` to `ÿ` but `Þ þ × ÷`.
const USUAL_1252: &[u8] = b"\x80\x85\x8a\x8e\x91\x92\x93\x94\x96\x9a\x9e\xa7\xaa\xab\xb0\xba\xbb\
\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd1\xd2\xd3\xd4\xd5\xd6\xd8\xd9\xda\xdb\xdc\xdf\
\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xf5\xf6\xf8\xf9\xfa\xfb\xfc\xff";

/// `à è é ì ò ù À È É Ì Ò Ù ç ü ö ä Ü Ö Ä ß ñ Ñ á í ó ú °`.
const USUAL_850: &[u8] = b"\x85\x8a\x82\x8d\x95\x97\xb7\xd4\x90\xde\xe3\xeb\x87\x81\x94\x84\x9a\x99\x8e\xe1\xa4\xa5\xa0\xa1\xa2\xa3\xf8";

/// `à è é ì ò ù À È É Ì Ò Ù ç ü ö ä ñ á í ó ú ° ’ “ ” €`.
const USUAL_MACINTOSH: &[u8] = b"\x88\x8f\x8e\x93\x98\x9d\xcb\xe9\x83\xed\xf1\xf4\x8d\x9f\x9a\x8a\x96\x87\x92\x97\x9c\xa1\xd5\xd2\xd3\xdb";

/// The encodings a text may be in: one when it is clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The likelier one first.
    pub(crate) readings: Vec<TextEncoding>,
    /// Whether the bytes are ASCII, so that the contract's encoding is right as well as any other.
    pub(crate) is_ascii: bool,
    /// Whether the mark of UTF-8 or UTF-16 stands at the beginning.
    pub(crate) has_mark: bool,
}

impl Chosen {
    fn clear(encoding: TextEncoding) -> Chosen {
        Chosen {
            readings: vec![encoding],
            is_ascii: false,
            has_mark: false,
        }
    }

    fn either(first: TextEncoding, second: TextEncoding) -> Chosen {
        Chosen {
            readings: vec![first, second],
            ..Chosen::clear(first)
        }
    }
}

/// Decides, or gives the readings that are equally good.
pub(crate) fn choose(facts: &Facts, expected: TextEncoding) -> Chosen {
    if let Some(marked) = mark(&facts.start) {
        return Chosen {
            has_mark: true,
            ..Chosen::clear(marked)
        };
    }
    if let Some(wide) = without_mark(facts) {
        return Chosen::clear(wide);
    }
    let high = facts.high_count();
    if high == 0 {
        return Chosen {
            is_ascii: true,
            ..Chosen::clear(expected)
        };
    }
    match (facts.sequences, facts.faults) {
        // A capital letter with its accent and a mark of Windows can be one letter of UTF-8 that nobody here writes.
        (_, 0) if facts.usual == 0 && is_windows(facts, high) => {
            Chosen::either(TextEncoding::Utf8, TextEncoding::Windows1252)
        }
        (_, 0) => Chosen::clear(TextEncoding::Utf8),
        // By chance a few pairs of single-byte letters are UTF-8 too.
        (sequences, faults) if sequences * 10 <= faults => single_byte(facts, high),
        _ => Chosen::either(TextEncoding::Utf8, TextEncoding::Windows1252),
    }
}

fn mark(start: &[u8]) -> Option<TextEncoding> {
    match start {
        [0xef, 0xbb, 0xbf, ..] => Some(TextEncoding::Utf8),
        [0xff, 0xfe, ..] => Some(TextEncoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(TextEncoding::Utf16Be),
        _ => None,
    }
}

/// UTF-16 without its mark: every second byte of most characters is NUL, always on the same side.
fn without_mark(facts: &Facts) -> Option<TextEncoding> {
    let [even, odd] = facts.nul;
    let characters = facts.len / 2;
    let is_most = |count: u64, other: u64| count * 2 > characters && other * 100 <= count;
    match (is_most(odd, even), is_most(even, odd)) {
        (true, false) => Some(TextEncoding::Utf16Le),
        (false, true) => Some(TextEncoding::Utf16Be),
        _ => None,
    }
}

/// How many bytes are usual in a code page.
fn usual(facts: &Facts, encoding: TextEncoding) -> u64 {
    let bytes = encoding.usual().iter();
    bytes.map(|byte| facts.high[usize::from(byte - 0x80)]).sum()
}

fn is_windows(facts: &Facts, high: u64) -> bool {
    usual(facts, TextEncoding::Windows1252) * 10 >= high * 9
}

/// Which code page gives letters and marks that such files hold.
fn single_byte(facts: &Facts, high: u64) -> Chosen {
    let windows = usual(facts, TextEncoding::Windows1252);
    let dos = usual(facts, TextEncoding::Ibm850);
    let macintosh = usual(facts, TextEncoding::Macintosh);
    let (other, seen) = match dos >= macintosh {
        true => (TextEncoding::Ibm850, dos),
        false => (TextEncoding::Macintosh, macintosh),
    };
    let is_other = seen * 10 >= high * 9 && seen >= windows;
    match (is_other, other) {
        (true, _) if windows * 2 < high => Chosen::clear(other),
        // Nobody but old programs of DOS still writes its code page, but they do.
        (true, TextEncoding::Ibm850) => Chosen::either(TextEncoding::Windows1252, other),
        _ => Chosen::clear(TextEncoding::Windows1252),
    }
}

/// The upper half of code page 850 (IBM, "CPGID 00850").
pub(super) const IBM850: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', //
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ', //
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»', //
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥', '┐', //
    '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤', //
    'ð', 'Ð', 'Ê', 'Ë', 'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀', //
    'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´', //
    '\u{ad}', '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', '\u{a0}',
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn chosen(bytes: &[u8]) -> Vec<TextEncoding> {
        let facts = Facts::gather(&mut &bytes[..]).unwrap();
        choose(&facts, TextEncoding::Windows1252).readings
    }

    #[test]
    fn the_bytes_say_the_encoding() {
        use TextEncoding::{Ibm850, Utf8, Utf16Be, Utf16Le, Windows1252};
        assert_eq!(
            chosen(b"COGNOME;NOME"),
            [Windows1252],
            "ASCII is as expected"
        );
        assert_eq!(chosen("NICOLÒ".as_bytes()), [Utf8]);
        assert_eq!(chosen(b"\xef\xbb\xbfCOGNOME"), [Utf8]);
        assert_eq!(chosen(b"NICOL\xd2;perch\xe9"), [Windows1252]);
        assert_eq!(chosen(b"D\x92AGOSTINO"), [Windows1252]);
        assert_eq!(chosen(b"perch\x82 citt\x85 pi\x97 cos\x8d"), [Ibm850]);
        assert_eq!(chosen(b"\xff\xfeA\0;\0"), [Utf16Le]);
        assert_eq!(chosen(b"A\0;\0B\0"), [Utf16Le]);
        assert_eq!(chosen(b"\0A\0;\0B"), [Utf16Be]);
    }

    #[test]
    fn two_readings_are_two() {
        let mixed = ["NICOLÒ;".as_bytes(), b"NICOL\xd2"].concat();
        assert_eq!(chosen(&mixed).len(), 2);
        assert_eq!(
            chosen(b"\xc8\x80"),
            [TextEncoding::Utf8, TextEncoding::Windows1252]
        );
        assert_eq!(chosen("Дмитрий".as_bytes()), [TextEncoding::Utf8]);
        // A capital O with its accent of DOS is an a with tilde of Windows.
        assert_eq!(
            chosen(b"NICOL\xe3"),
            [TextEncoding::Windows1252, TextEncoding::Ibm850]
        );
    }
}
