//! A line the size of a word: the course of a series beside its newest figure.
//!
//! It carries no number that the words beside it do not, so it is hidden from those who listen to the page.

use wdl_result::Table;

use crate::ChartError;
use crate::series::{Keys, Point, View};
use crate::svg::{coordinate, escape};

const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 26.0;
/// Room for the dot at the end.
const EDGE: f64 = 4.0;
const COLOUR: &str = "#0066cc";

/// The course of one series as a small drawing; nothing when fewer than two of its values are known.
///
/// # Errors
/// [`ChartError`] when the selection does not fit the table.
pub fn spark(table: &Table, keys: &Keys) -> Result<Option<String>, ChartError> {
    let view = View::new(table);
    view.check(keys)?;
    let periods = view.periods()?;
    let values: Vec<Option<f64>> = periods
        .iter()
        .map(|period| Point::of(view.cell(*period, keys)).estimate())
        .collect();
    let known: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(place, value)| Some((place, (*value)?)))
        .collect();
    let (Some(last), true) = (known.last(), known.len() > 1) else {
        return Ok(None);
    };
    let low = known
        .iter()
        .map(|(_, value)| *value)
        .fold(f64::INFINITY, f64::min);
    let high = known
        .iter()
        .map(|(_, value)| *value)
        .fold(f64::NEG_INFINITY, f64::max);
    let at = |(place, value): (usize, f64)| {
        let part = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        let x = EDGE + (WIDTH - 2.0 * EDGE) * place as f64 / (values.len() - 1) as f64;
        (x, HEIGHT - EDGE - (HEIGHT - 2.0 * EDGE) * part)
    };
    let mut d = String::new();
    let mut is_open = false;
    for (place, value) in values.iter().enumerate() {
        let Some(value) = value else {
            is_open = false;
            continue;
        };
        let (x, y) = at((place, *value));
        let pen = if is_open { 'L' } else { 'M' };
        d.push_str(&format!("{pen}{} {}", coordinate(x), coordinate(y)));
        is_open = true;
    }
    let (x, y) = at(*last);
    let (w, h) = (coordinate(WIDTH), coordinate(HEIGHT));
    Ok(Some(format!(
        "<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\
         <path d=\"{}\" fill=\"none\" stroke=\"{COLOUR}\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\
         <circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"{COLOUR}\"/></svg>",
        escape(&d),
        coordinate(x),
        coordinate(y)
    )))
}
