//! The kinds of files that may leave, known by their content and not by their name, and cleaned of what nobody asked for.
//!
//! It must not know what a file says.

use std::path::Path;

use wdl_vocab::diagnostics::codes::approval as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// A kind of file that may leave the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text in columns.
    Csv,
    /// JSON, also of areas.
    Json,
    /// A drawing in words, without scripts.
    Svg,
    /// A picture of points.
    Png,
}

/// A file that may not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file `{file}` does not leave the lab: {detail}")]
pub struct KindError {
    /// The file, by its name alone.
    pub file: String,
    /// What is wrong, in a few words that are the same in every language.
    pub detail: &'static str,
}

impl Diagnose for KindError {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::FILE_KIND)
            .with("file", &self.file)
            .with("detail", self.detail)
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Parts of a picture that show it; every other part is left out.
const PNG_PARTS: [&[u8; 4]; 8] = [
    b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"pHYs",
];
/// What an SVG may not hold: it runs, or fetches, or carries something else.
const SVG_FORBIDDEN: [&str; 11] = [
    "<script",
    "<foreignobject",
    "<image",
    "<!entity",
    "<!doctype",
    "<iframe",
    "javascript:",
    "\"data:",
    "'data:",
    "(data:",
    "@import",
];

/// The kind of a file, which its name and its content must agree on, and the file without its metadata.
///
/// # Errors
/// [`KindError`] for any other kind, or when name and content differ.
pub fn admitted(path: &Path, bytes: &[u8]) -> Result<(Kind, Vec<u8>), KindError> {
    let refuse = |detail| KindError {
        file: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        detail,
    };
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let kind = match ending.to_lowercase().as_str() {
        "csv" => Kind::Csv,
        "json" | "geojson" => Kind::Json,
        "svg" => Kind::Svg,
        "png" => Kind::Png,
        _ => return Err(refuse("kind not admitted")),
    };
    match kind {
        Kind::Png => png(bytes).ok_or_else(|| refuse("not a PNG")),
        Kind::Csv | Kind::Json | Kind::Svg => {
            let text = std::str::from_utf8(bytes).map_err(|_| refuse("not UTF-8"))?;
            if text.contains('\0') || starts_like_another(bytes) {
                return Err(refuse("another kind under this name"));
            }
            match kind {
                Kind::Json => serde_json::from_str::<serde_json::Value>(text)
                    .map(|_| bytes.to_vec())
                    .map_err(|_| refuse("not JSON")),
                Kind::Svg => svg(text).map_err(refuse),
                Kind::Csv | Kind::Png => match text.trim_start().starts_with(['<', '{']) {
                    true => Err(refuse("another kind under this name")),
                    false => Ok(bytes.to_vec()),
                },
            }
        }
    }
    .map(|clean| (kind, clean))
}

/// Archives, office documents, programs, PDF: by their first bytes.
fn starts_like_another(bytes: &[u8]) -> bool {
    const FIRST: [&[u8]; 8] = [
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"%PDF",
        b"MZ",
        b"\x7fELF",
        b"PAR1",
        b"{\\rtf",
        b"#!",
    ];
    FIRST.iter().any(|first| bytes.starts_with(first))
}

/// The picture with the parts that show it alone; `None` when it is not whole.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(PNG)?;
    let mut clean = PNG.to_vec();
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let name = rest.get(4..8)?;
        let part = rest.get(..length.checked_add(12)?)?;
        if PNG_PARTS.iter().any(|known| *known == name) {
            clean.extend(part);
        }
        rest = &rest[part.len()..];
        if name == b"IEND" {
            // What stands after the end is not the picture.
            return Some(clean);
        }
    }
}

/// The drawing without comments, processing instructions and metadata.
fn svg(text: &str) -> Result<Vec<u8>, &'static str> {
    let mut clean = text.trim_start_matches('\u{feff}').to_owned();
    for (begin, end) in [
        ("<!--", "-->"),
        ("<?", "?>"),
        ("<metadata", "</metadata>"),
        ("<sodipodi:namedview", "</sodipodi:namedview>"),
    ] {
        while let Some(from) = clean.find(begin) {
            let length = clean[from..].find(end).ok_or("not a whole SVG")? + end.len();
            clean.replace_range(from..from + length, "");
        }
    }
    let low = clean.to_lowercase();
    if !low.trim_start().starts_with("<svg") || !low.trim_end().ends_with("</svg>") {
        return Err("not an SVG");
    }
    let runs = SVG_FORBIDDEN.iter().any(|bad| low.contains(bad)) || has_handler(&low);
    match runs {
        true => Err("an SVG that runs or fetches something"),
        false => Ok(clean.trim().as_bytes().to_vec()),
    }
}

/// Whether an attribute begins with `on` and a name: it would run.
fn has_handler(low: &str) -> bool {
    low.split(|sign: char| sign.is_whitespace() || sign == '/')
        .any(|word| {
            let name = word.split('=').next().unwrap_or_default();
            word.contains('=') && name.starts_with("on") && name.len() > 2
        })
}
