//! A small writer of SVG: fixed decimals, escaped text, presentation attributes only (no style sheet needed, none blocked).

use std::fmt::Write as _;

/// The letters of the house; others stand in when it is missing.
pub(crate) const FONT: &str = "Titillium Web, Helvetica, Arial, sans-serif";
/// The ink of text.
pub(crate) const INK: &str = "#17324d";
/// The ink of secondary text: still 7 to 1 on white.
pub(crate) const SOFT: &str = "#455b71";
/// Grid lines: never the only carrier of a value.
pub(crate) const GRID: &str = "#d9dee3";

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters {
    pub(crate) size: f64,
    pub(crate) is_bold: bool,
    pub(crate) has_halo: bool,
    pub(crate) fill: &'static str,
    pub(crate) anchor: Anchor,
}

/// Text of the given size in the main ink.
pub(crate) const fn letters(size: f64) -> Letters {
    Letters {
        size,
        is_bold: false,
        has_halo: false,
        fill: INK,
        anchor: Anchor::Start,
    }
}

impl Letters {
    pub(crate) const fn bold(self) -> Letters {
        Letters {
            is_bold: true,
            ..self
        }
    }

    pub(crate) const fn halo(self) -> Letters {
        Letters {
            has_halo: true,
            ..self
        }
    }

    pub(crate) const fn fill(self, fill: &'static str) -> Letters {
        Letters { fill, ..self }
    }

    pub(crate) const fn anchor(self, anchor: Anchor) -> Letters {
        Letters { anchor, ..self }
    }
}

/// How a stroke looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) colour: &'static str,
    pub(crate) width: f64,
    pub(crate) dash: &'static str,
}

/// The body of a drawing.
#[derive(Default)]
pub(crate) struct Canvas {
    body: String,
}

/// A place in the order of drawing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer(usize);

/// A coordinate with one decimal, never `-0.0`.
pub(crate) fn coordinate(value: f64) -> String {
    let shown = format!("{value:.1}");
    match shown.as_str() {
        "-0.0" => "0".to_owned(),
        text => text.strip_suffix(".0").unwrap_or(text).to_owned(),
    }
}

/// Text made safe inside an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

impl Canvas {
    /// Where the drawing stands: what is put here later lies under what follows.
    pub(crate) fn here(&self) -> Layer {
        Layer(self.body.len())
    }

    /// Puts a drawing under everything drawn since `layer`.
    pub(crate) fn put_under(&mut self, layer: Layer, other: &Canvas) {
        self.body.insert_str(layer.0, &other.body);
    }

    pub(crate) fn text(&mut self, x: f64, y: f64, look: Letters, words: &str) {
        let anchor = match look.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        // A white edge keeps letters readable over lines.
        let halo = if look.has_halo {
            " paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"4\""
        } else {
            ""
        };
        let weight = if look.is_bold {
            " font-weight=\"600\""
        } else {
            ""
        };
        let _ = writeln!(
            self.body,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{anchor}{weight}{halo}>{}</text>",
            coordinate(x),
            coordinate(y),
            coordinate(look.size),
            look.fill,
            escape(words)
        );
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        let _ = writeln!(
            self.body,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>",
            coordinate(from.0),
            coordinate(from.1),
            coordinate(to.0),
            coordinate(to.1),
            stroke_attributes(stroke)
        );
    }

    pub(crate) fn path(&mut self, d: &str, fill: &str, stroke: Option<Stroke>) {
        let outline = stroke.map(stroke_attributes).unwrap_or_default();
        let _ = writeln!(self.body, "<path d=\"{d}\" fill=\"{fill}\"{outline}/>");
    }

    /// An outline filled under the even-odd rule: holes stay open.
    pub(crate) fn shape(&mut self, d: &str, fill: &str, stroke: Stroke) {
        let _ = writeln!(
            self.body,
            "<path d=\"{d}\" fill=\"{fill}\" fill-rule=\"evenodd\" stroke-linejoin=\"round\"{}/>",
            stroke_attributes(stroke)
        );
    }

    /// A pattern to fill with, named `url(#id)`: a ground and one line or dot in every square of `side` units, turned by 45 degrees.
    pub(crate) fn pattern(&mut self, id: &str, side: f64, ground: &str, mark: &str) {
        let (id, side) = (escape(id), coordinate(side));
        let _ = writeln!(
            self.body,
            "<pattern id=\"{id}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"{ground}\"/>{mark}</pattern>"
        );
    }

    pub(crate) fn circle(&mut self, (x, y): (f64, f64), r: f64, fill: &str, stroke: Stroke) {
        let _ = writeln!(
            self.body,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\"{}/>",
            coordinate(x),
            coordinate(y),
            coordinate(r),
            stroke_attributes(stroke)
        );
    }

    pub(crate) fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        let _ = writeln!(
            self.body,
            "<polyline points=\"{}\" fill=\"none\" stroke-linejoin=\"round\"{}/>",
            joined(points),
            stroke_attributes(stroke)
        );
    }

    pub(crate) fn area(&mut self, points: &[(f64, f64)], fill: &str, opacity: f64) {
        let _ = writeln!(
            self.body,
            "<polygon points=\"{}\" fill=\"{fill}\" fill-opacity=\"{opacity:.2}\"/>",
            joined(points)
        );
    }

    pub(crate) fn rect(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), fill: &str, edge: &str) {
        let _ = writeln!(
            self.body,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\" stroke=\"{edge}\"/>",
            coordinate(x),
            coordinate(y),
            coordinate(w),
            coordinate(h)
        );
    }

    /// The whole element: title and description first, a white ground (for dark and high-contrast screens), then what was drawn.
    pub(crate) fn finish(
        self,
        id: &str,
        title: &str,
        description: &str,
        (width, height): (f64, f64),
    ) -> String {
        let (w, h, id) = (coordinate(width), coordinate(height), escape(id));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" font-family=\"{FONT}\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
             <rect width=\"{w}\" height=\"{h}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            escape(title),
            escape(description),
            self.body
        )
    }
}

fn joined(points: &[(f64, f64)]) -> String {
    let shown: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{},{}", coordinate(*x), coordinate(*y)))
        .collect();
    shown.join(" ")
}

fn stroke_attributes(stroke: Stroke) -> String {
    let mut shown = format!(
        " stroke=\"{}\" stroke-width=\"{}\"",
        stroke.colour,
        coordinate(stroke.width)
    );
    if !stroke.dash.is_empty() {
        let _ = write!(shown, " stroke-dasharray=\"{}\"", stroke.dash);
    }
    shown
}

/// About how wide a text is, a little generously: the reader's letters may be wider than the house's.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let width: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'l' | 'j' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.27,
            ' ' | '\u{a0}' | 't' | 'f' | 'r' | '(' | ')' | '-' => 0.36,
            'm' | 'w' | 'M' | 'W' | '%' => 0.86,
            c if c.is_uppercase() => 0.66,
            _ => 0.55,
        })
        .sum();
    width * size
}

/// A text cut into lines no wider than `width`, at spaces.
pub(crate) fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if text_width(line, size) + text_width(word, size) + size * 0.3 <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_numbers_are_fixed() {
        assert_eq!(escape("a<b & \"c\"\n"), "a&lt;b &amp; &quot;c&quot; ");
        assert_eq!(coordinate(-0.01), "0");
        assert_eq!(coordinate(12.34), "12.3");
        assert_eq!(coordinate(5.0), "5");
    }

    #[test]
    fn lines_break_at_spaces() {
        let lines = wrapped("una frase piuttosto lunga da spezzare", 14.0, 120.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "una frase piuttosto lunga da spezzare");
        assert!(wrapped("", 14.0, 100.0).is_empty());
    }
}
