//! What every chart has around its drawing: title and subtitle above; reasons of gaps, notes, source and notice below.
//!
//! A [`Sheet`] knows nothing of where the numbers come from; a [`Frame`] is a sheet for a table of results, with its source.

use wdl_result::Header;
use wdl_vocab::{Lang, Period};

use crate::Width;
use crate::classes;
use crate::marks;
use crate::numbers::{date, unit_words};
use crate::series::{Gap, Gaps};
use crate::svg::{Canvas, INK, Letters, SOFT, letters, wrapped};
use crate::words::{TEXTS, gap_meaning, gap_word, notice};

/// Sizes of one width of chart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) width: f64,
    pub(crate) margin: f64,
    pub(crate) title: f64,
    pub(crate) text: f64,
    pub(crate) tick: f64,
    pub(crate) foot: f64,
    pub(crate) plot_height: f64,
}

pub(crate) fn sizes(width: Width) -> Sizes {
    match width {
        Width::Wide => Sizes {
            width: 760.0,
            margin: 12.0,
            title: 19.0,
            text: 14.0,
            tick: 13.0,
            foot: 12.5,
            plot_height: 300.0,
        },
        Width::Narrow => Sizes {
            width: 360.0,
            margin: 6.0,
            title: 17.0,
            text: 14.0,
            tick: 13.0,
            foot: 12.5,
            plot_height: 220.0,
        },
    }
}

/// A drawing under way: what was drawn and how far down it goes.
pub(crate) struct Sheet {
    pub(crate) canvas: Canvas,
    pub(crate) y: f64,
    pub(crate) sizes: Sizes,
    pub(crate) lang: Lang,
    /// The id of a drawing whose missing values are fills and not marks.
    pub(crate) fills: Option<String>,
}

/// A drawing of a table of results under way.
pub(crate) struct Frame<'a> {
    pub(crate) sheet: Sheet,
    pub(crate) header: &'a Header,
}

/// A period or the range of several, as people write it.
pub(crate) fn range(first: Period, last: Period, lang: Lang) -> String {
    if first == last {
        return first.label(lang);
    }
    let args = [("first", first.label(lang)), ("last", last.label(lang))];
    TEXTS.get(lang, "period-range", &args)
}

impl Sheet {
    /// Begins with the title and, under it, what is shown.
    pub(crate) fn begin(title: &str, subtitle: &str, width: Width, lang: Lang) -> Sheet {
        let sizes = sizes(width);
        let mut sheet = Sheet {
            canvas: Canvas::default(),
            y: 0.0,
            sizes,
            lang,
            fills: None,
        };
        sheet.paragraph(title, letters(sizes.title).bold());
        sheet.paragraph(subtitle, letters(sizes.text).fill(SOFT));
        sheet.y += 6.0;
        sheet
    }

    /// How wide the drawing may be.
    pub(crate) fn room(&self) -> f64 {
        self.sizes.width - 2.0 * self.sizes.margin
    }

    /// Lines of text from the left margin.
    pub(crate) fn paragraph(&mut self, text: &str, look: Letters) {
        let room = self.room();
        for line in wrapped(text, look.size, room) {
            self.y += look.size * 1.35;
            self.canvas.text(self.sizes.margin, self.y, look, &line);
        }
    }

    /// A line below the drawing.
    pub(crate) fn note(&mut self, text: &str) {
        self.paragraph(text, letters(self.sizes.foot).fill(SOFT));
    }

    /// The element.
    pub(crate) fn finish(self, id: &str, title: &str, alt: &str) -> String {
        let size = (self.sizes.width, self.y + self.sizes.margin);
        self.canvas.finish(id, title, alt, size)
    }

    /// From here on missing values are shown as fills, whose patterns stand under the drawing's id.
    pub(crate) fn fill_gaps(&mut self, id: &str) {
        classes::begin_patterns(&mut self.canvas, id);
        self.fills = Some(id.to_owned());
    }

    fn gap_mark(&mut self, gap: Gap) {
        let x = self.sizes.margin;
        match &self.fills {
            Some(id) => {
                let fill = classes::gap_fill(id, gap);
                let corner = (x, self.y - 11.0);
                self.canvas.rect(corner, (24.0, 14.0), &fill, SOFT);
            }
            None => {
                let middle = (x + 5.0, self.y - self.sizes.foot * 0.33);
                marks::gap(&mut self.canvas, middle, gap, INK);
            }
        }
    }

    fn gap_legend(&mut self, gap: Gap) {
        let small = letters(self.sizes.foot).fill(SOFT);
        let words = format!(
            "{}: {}.",
            gap_word(gap, self.lang),
            gap_meaning(gap, self.lang)
        );
        let indent = if self.fills.is_some() { 30.0 } else { 16.0 };
        let (left, room) = (self.sizes.margin + indent, self.room() - indent);
        for (place, line) in wrapped(&words, small.size, room).iter().enumerate() {
            self.y += small.size * 1.35;
            if place == 0 {
                self.gap_mark(gap);
            }
            self.canvas.text(left, self.y, small, line);
        }
    }

    /// The sentence of invented data, in its box.
    pub(crate) fn notice(&mut self, words: &str) {
        let look = letters(self.sizes.text).bold();
        let (left, room) = (self.sizes.margin, self.room());
        let lines = wrapped(words, look.size, room - 20.0);
        let step = look.size * 1.35;
        self.y += 10.0;
        let height = step * lines.len() as f64 + 10.0;
        self.canvas
            .rect((left, self.y), (room, height), "#fff3cd", INK);
        for line in &lines {
            self.y += step;
            self.canvas.text(left + 10.0, self.y, look, line);
        }
        self.y += 10.0;
    }
}

impl<'a> Frame<'a> {
    /// Begins with the title and, under it, what is measured, on whom, when.
    pub(crate) fn begin(
        header: &'a Header,
        title: &str,
        period: &str,
        width: Width,
        lang: Lang,
    ) -> Frame<'a> {
        let unit = unit_words(header.unit, lang);
        let population = header.population.get(lang).trim_end_matches('.');
        let subtitle = format!("{unit}; {population}; {period}");
        Frame {
            sheet: Sheet::begin(title, &subtitle, width, lang),
            header,
        }
    }

    /// Ends with the reasons of what is missing, notes, the source and the notice; gives the element.
    pub(crate) fn finish(
        self,
        id: &str,
        title: &str,
        alt: &str,
        gaps: &Gaps,
        notes: &[String],
    ) -> String {
        let Frame { mut sheet, header } = self;
        sheet.y += 8.0;
        for gap in gaps.keys() {
            sheet.gap_legend(*gap);
        }
        for note in notes {
            sheet.note(note);
        }
        let source = [
            ("date", date(&header.data_date, sheet.lang)),
            ("snapshot", header.lineage.snapshot.to_string()),
        ];
        let source = TEXTS.get(sheet.lang, "source-line", &source);
        sheet.note(&source);
        if let Some(words) = notice(header, sheet.lang) {
            sheet.notice(&words);
        }
        sheet.finish(id, title, alt)
    }
}
