//! Two crossed dimensions at one period as a shaded table: every cell with its number, its shade by class, totals without.

use wdl_result::{Category, Dimension, Table};
use wdl_vocab::{Lang, Period};

use crate::classes::{Classes, EDGE, gap_fill, key};
use crate::frame::Frame;
use crate::numbers::figure;
use crate::series::{Keys, Point, View, gaps_among};
use crate::svg::{Anchor, INK, letters, text_width, wrapped};
use crate::words::{TEXTS, gap_word};
use crate::{Chart, ChartError, Width, alt};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Heat<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The period.
    pub period: Period,
    /// How wide.
    pub width: Width,
}

/// A table turned so that the dimension with more categories is in rows.
pub(crate) struct Turned<'a> {
    pub(crate) down: &'a Dimension,
    pub(crate) across: &'a Dimension,
    is_turned: bool,
}

impl<'a> Turned<'a> {
    pub(crate) fn of(table: &'a Table) -> Result<Turned<'a>, ChartError> {
        let [first, second] = table.dimensions.as_slice() else {
            return Err(ChartError::WrongDimensions {
                table: table.breakdown(),
                expected: 2,
                actual: table.dimensions.len(),
            });
        };
        let is_turned = second.categories.len() > first.categories.len();
        let (down, across) = if is_turned {
            (second, first)
        } else {
            (first, second)
        };
        Ok(Turned {
            down,
            across,
            is_turned,
        })
    }

    /// The keys of a row and a column; `None` is the total.
    pub(crate) fn keys(&self, row: Option<&Category>, column: Option<&Category>) -> Keys {
        let id = |category: Option<&Category>| category.map(|category| category.id.clone());
        match self.is_turned {
            true => vec![id(column), id(row)],
            false => vec![id(row), id(column)],
        }
    }

    /// The categories of a side, the total first where the table has one.
    pub(crate) fn side(&self, view: &View<'_>, side: &'a Dimension) -> Vec<Option<&'a Category>> {
        let has_total = view.has(&self.keys(None, None));
        let total = has_total.then_some(None);
        total
            .into_iter()
            .chain(side.categories.iter().map(Some))
            .collect()
    }
}

/// One row of cells.
struct Row {
    name: String,
    is_total: bool,
    points: Vec<Point>,
}

/// A drawing under way.
struct Grid<'a> {
    frame: Frame<'a>,
    id: &'a str,
    columns: Vec<(String, bool)>,
    classes: Option<Classes>,
    left: f64,
    cell_width: f64,
    text: f64,
    width: Width,
}

/// Draws a two-dimension table at one period.
///
/// # Errors
/// [`ChartError`] when the table has not exactly two dimensions.
pub fn heat(table: &Table, request: &Heat<'_>, lang: Lang) -> Result<Chart, ChartError> {
    let turned = Turned::of(table)?;
    let view = View::new(table);
    let total = TEXTS.get(lang, "total", &[]);
    let name = |category: Option<&Category>| {
        category.map_or_else(|| total.clone(), |each| each.label.get(lang).to_owned())
    };
    let across = turned.side(&view, turned.across);
    let rows: Vec<Row> = turned
        .side(&view, turned.down)
        .into_iter()
        .map(|row| Row {
            name: name(row),
            is_total: row.is_none(),
            points: across
                .iter()
                .map(|column| Point::of(view.cell(request.period, &turned.keys(row, *column))))
                .collect(),
        })
        .collect();
    let columns: Vec<(String, bool)> = across
        .iter()
        .map(|column| (name(*column), column.is_none()))
        .collect();
    let gaps = gaps_among(rows.iter().flat_map(|row| row.points.iter().copied()));
    let inner = inner(&rows, &columns);
    let alt = alt::of_heat(
        (table, request.period),
        (turned.down, turned.across),
        &inner,
        &gaps,
        lang,
    );
    let period = request.period.label(lang);
    let mut frame = Frame::begin(&table.header, request.title, &period, request.width, lang);
    frame.sheet.fill_gaps(request.id);
    let classes = Classes::of(&table.header, inner.iter().map(|(_, value)| *value));
    if let Some(classes) = &classes {
        key(&mut frame.sheet, &classes.entries(&table.header, lang));
    }
    let has_classes = classes.is_some();
    let mut grid = Grid::lay_out(frame, request, columns, &rows, classes);
    grid.heads(turned.across.label.get(lang));
    for row in &rows {
        grid.row(row);
    }
    let mut notes = Vec::new();
    if has_classes {
        notes.push(TEXTS.get(lang, "classes-note", &[]));
        notes.push(TEXTS.get(lang, "heat-shared", &[]));
    }
    let svg = grid
        .frame
        .finish(request.id, request.title, &alt, &gaps, &notes);
    Ok(Chart { svg, alt, gaps })
}

/// The values of the cells that are no total, with the words of their row and column.
fn inner(rows: &[Row], columns: &[(String, bool)]) -> Vec<(String, f64)> {
    let mut values = Vec::new();
    for row in rows.iter().filter(|row| !row.is_total) {
        for ((column, is_total), point) in columns.iter().zip(&row.points) {
            if let (false, Some(value)) = (*is_total, point.estimate()) {
                values.push((format!("{}, {column}", row.name), value));
            }
        }
    }
    values
}

/// The letter of a column on a narrow drawing: A to Z, then AA.
fn letter(place: usize) -> String {
    let one = |place: usize| char::from(b'A' + (place % 26) as u8);
    match place {
        0..26 => one(place).to_string(),
        _ => format!("{}{}", one(place / 26 - 1), one(place)),
    }
}

impl<'a> Grid<'a> {
    fn lay_out(
        frame: Frame<'a>,
        request: &Heat<'a>,
        columns: Vec<(String, bool)>,
        rows: &[Row],
        classes: Option<Classes>,
    ) -> Grid<'a> {
        let size = frame.sheet.sizes.text;
        let names = match request.width {
            Width::Wide => rows
                .iter()
                .map(|row| text_width(&row.name, size) * 1.06)
                .fold(60.0, f64::max)
                .min(210.0),
            Width::Narrow => 0.0,
        };
        let left = frame.sheet.sizes.margin + names + if names > 0.0 { 12.0 } else { 0.0 };
        let room = frame.sheet.sizes.width - frame.sheet.sizes.margin - left;
        let cell_width = (room / columns.len().max(1) as f64).min(140.0);
        let lang = frame.sheet.lang;
        // Numbers stay in their cells: smaller letters where columns are many.
        let widest = rows
            .iter()
            .flat_map(|row| &row.points)
            .filter_map(|point| point.estimate())
            .map(|value| text_width(&figure(frame.header, value, lang), 1.0) * 1.06)
            .fold(1.0, f64::max);
        let text = ((cell_width - 6.0) / widest).clamp(8.5, size);
        Grid {
            frame,
            id: request.id,
            columns,
            classes,
            left,
            cell_width,
            text,
            width: request.width,
        }
    }

    fn middle(&self, place: usize) -> f64 {
        self.left + self.cell_width * (place as f64 + 0.5)
    }

    /// The names of the columns above them; letters and a key where they have no room.
    fn heads(&mut self, across: &str) {
        let size = self.frame.sheet.sizes.tick;
        let longest = self
            .columns
            .iter()
            .flat_map(|(name, _)| name.split(' '))
            .map(|word| text_width(word, size))
            .fold(0.0, f64::max);
        let has_room = longest <= self.cell_width - 6.0;
        let look = letters(size).anchor(Anchor::Middle);
        if !has_room {
            let named: Vec<String> = self
                .columns
                .iter()
                .enumerate()
                .map(|(place, (name, _))| format!("{} {name}", letter(place)))
                .collect();
            let words = format!("{across}: {}.", named.join("; "));
            self.frame.sheet.paragraph(&words, letters(size));
        }
        let heads: Vec<Vec<String>> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (name, _))| match has_room {
                true => wrapped(name, size, self.cell_width - 6.0),
                false => vec![letter(place)],
            })
            .collect();
        let most = heads.iter().map(Vec::len).max().unwrap_or(1);
        let bottom = self.frame.sheet.y + most as f64 * size * 1.2 + 4.0;
        for (place, lines) in heads.iter().enumerate() {
            let x = self.middle(place);
            let look = if self.columns[place].1 {
                look.bold()
            } else {
                look
            };
            for (row, line) in lines.iter().rev().enumerate() {
                let y = bottom - row as f64 * size * 1.2;
                self.frame.sheet.canvas.text(x, y, look, line);
            }
        }
        self.frame.sheet.y = bottom + 6.0;
    }

    fn row(&mut self, row: &Row) {
        let size = self.frame.sheet.sizes.text;
        let step = size * 1.2;
        let room = match self.width {
            Width::Wide => self.left - self.frame.sheet.sizes.margin - 6.0,
            Width::Narrow => self.frame.sheet.room(),
        };
        let lines = wrapped(&row.name, size, room);
        let words_high = lines.len() as f64 * step;
        let (names_at, cells_at, cell_high) = match self.width {
            Width::Wide => {
                let high = words_high.max(22.0) + 8.0;
                let top = self.frame.sheet.y;
                (top + (high - words_high) / 2.0 + size * 0.95, top, high)
            }
            Width::Narrow => {
                let top = self.frame.sheet.y + 4.0;
                (top + size * 0.95, top + words_high + 2.0, 26.0)
            }
        };
        let name = letters(size);
        let name = if row.is_total { name.bold() } else { name };
        let (x, name) = match self.width {
            Width::Wide => (self.left - 10.0, name.anchor(Anchor::End)),
            Width::Narrow => (self.frame.sheet.sizes.margin, name),
        };
        for (place, line) in lines.iter().enumerate() {
            let y = names_at + place as f64 * step;
            self.frame.sheet.canvas.text(x, y, name, line);
        }
        for (place, point) in row.points.iter().enumerate() {
            let is_total = row.is_total || self.columns[place].1;
            self.cell((place, *point), is_total, (cells_at, cell_high));
        }
        self.frame.sheet.y = cells_at + cell_high;
    }

    fn cell(&mut self, (place, point): (usize, Point), is_total: bool, (top, high): (f64, f64)) {
        let corner = (self.left + self.cell_width * place as f64, top);
        let (lang, header) = (self.frame.sheet.lang, self.frame.header);
        let shade = match (point, &self.classes) {
            (Point::Value { estimate, .. }, Some(classes)) if !is_total => {
                Some(classes.shade(header, estimate))
            }
            _ => None,
        };
        let fill = match point {
            Point::Missing(gap) => gap_fill(self.id, gap),
            Point::Value { .. } => shade.map_or("#ffffff", |shade| shade.fill).to_owned(),
        };
        let canvas = &mut self.frame.sheet.canvas;
        canvas.rect(corner, (self.cell_width, high), &fill, EDGE.colour);
        let (x, y) = (corner.0 + self.cell_width / 2.0, top + high / 2.0);
        let ink = shade.map_or(INK, |shade| shade.ink);
        let look = letters(self.text).anchor(Anchor::Middle).fill(ink);
        let (words, look) = match point {
            Point::Value { estimate, .. } if is_total => {
                (figure(header, estimate, lang), look.bold())
            }
            Point::Value { estimate, .. } => (figure(header, estimate, lang), look),
            Point::Missing(gap) => (gap_word(gap, lang), look),
        };
        if matches!(point, Point::Missing(_)) {
            // The fill says it where the word has no room.
            let wide = text_width(&words, self.text);
            if wide + 8.0 > self.cell_width {
                return;
            }
            let ground = (x - wide / 2.0 - 2.0, y - self.text * 0.62);
            let canvas = &mut self.frame.sheet.canvas;
            canvas.rect(ground, (wide + 4.0, self.text * 1.3), "#ffffff", "none");
        }
        let canvas = &mut self.frame.sheet.canvas;
        canvas.text(x, y + self.text * 0.34, look, &words);
    }
}
