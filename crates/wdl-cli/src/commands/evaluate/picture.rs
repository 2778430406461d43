//! The pictures of an evaluation: how the outcome went, where a table tells it, and the estimates with their intervals on one scale.

use wdl_chart::{
    Drawn, Effect, Effects, MAX_LINES, Origin, Path as PlainPath, Paths, Picture, Place, Width,
};
use wdl_evaluation::glossary::Unit;
use wdl_evaluation::numbers::Digits;
use wdl_evaluation::{Cell, Estimate, Evaluation, Table, shown};
use wdl_vocab::Lang;

use super::page::{quoted, said};

/// The estimates drawn at most: a picture of more is a wall.
const DRAWN: usize = 40;

/// A picture as a page shows it; the drawing holds its own description.
pub(super) struct Figure {
    pub(super) wide: String,
    pub(super) narrow: String,
}

/// The pictures of an answer.
pub(super) fn figures(evaluation: &Evaluation, lang: Lang) -> Vec<Figure> {
    let all = [
        path(evaluation, lang),
        counterfactual(evaluation, lang),
        bins(evaluation, lang),
        curves(evaluation, "curve", "survival", lang),
        curves(evaluation, "incidence", "incidence", lang),
        effects(evaluation, lang),
    ];
    all.into_iter().flatten().collect()
}

fn effects(evaluation: &Evaluation, lang: Lang) -> Option<Figure> {
    let is_pictured = |at: &usize| {
        let pictured = evaluation.opening.pictured.as_ref();
        pictured.is_none_or(|own| own.contains(at))
    };
    let places = (0..evaluation.estimates.len()).filter(is_pictured);
    let estimates = places.map(|at| &evaluation.estimates[at]);
    let effects: Vec<Effect> = estimates
        .filter(|own| own.estimate.is_finite())
        .take(DRAWN)
        .map(|own| effect(own, lang))
        .collect();
    let level = evaluation.estimates.first()?.level;
    // A dot alone, without a line, is no picture.
    if effects.iter().all(|own| own.interval.is_none()) {
        return None;
    }
    let title = said(lang, "Stime e intervalli", "Estimates and intervals");
    Some(drawn("effects", title, &Effects { effects, level }, lang))
}

fn effect(own: &Estimate, lang: Lang) -> Effect {
    Effect {
        label: quoted(own.label.get(lang), lang),
        estimate: own.estimate,
        interval: own
            .interval
            .filter(|ends| ends.iter().all(|end| end.is_finite())),
    }
}

/// A picture for wide and for narrow screens.
fn drawn(id: &str, title: &str, picture: &dyn Picture, lang: Lang) -> Figure {
    let draw = |id: &str, width| {
        let place = Place {
            id,
            title,
            width,
            origin: Origin::Unsaid,
        };
        picture.draw(&place, lang).svg
    };
    Figure {
        wide: draw(id, Width::Wide),
        narrow: draw(&format!("{id}-narrow"), Width::Narrow),
    }
}

/// The columns of a table as pairs of numbers.
struct Along<'a> {
    table: &'a Table,
}

impl<'a> Along<'a> {
    fn of(evaluation: &'a Evaluation, key: &str) -> Option<Along<'a>> {
        let table = evaluation.tables.iter().find(|own| own.key == key)?;
        (table.rows.len() > 1).then_some(Along { table })
    }

    fn at(&self, column: &str) -> Option<usize> {
        let columns = &self.table.columns;
        columns.iter().position(|(own, _)| *own == column)
    }

    fn title(&self, column: &str, lang: Lang) -> String {
        let at = self.at(column);
        at.map_or_else(String::new, |at| {
            self.table.columns[at].1.get(lang).to_owned()
        })
    }

    /// The points of two columns, in the rows that are asked for.
    fn points(
        &self,
        across: &str,
        upward: &str,
        is_asked: impl Fn(&[Cell]) -> bool,
    ) -> Vec<(f64, f64)> {
        let (Some(x), Some(y)) = (self.at(across), self.at(upward)) else {
            return Vec::new();
        };
        let rows = self.table.rows.iter().filter(|row| is_asked(row));
        rows.filter_map(|row| Some((number(&row[x])?, number(&row[y])?)))
            .collect()
    }

    /// The first cells, in the order in which they come.
    fn kinds(&self, lang: Lang) -> Vec<(Cell, String)> {
        let mut kinds: Vec<(Cell, String)> = Vec::new();
        for row in &self.table.rows {
            if kinds.iter().all(|own| own.0 != row[0]) {
                let words = shown::cell(&row[0], Unit::Period, lang, Digits::Person);
                kinds.push((row[0].clone(), words));
            }
        }
        kinds
    }
}

/// A number, also one that is written as the name of a period.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(value) => Some(*value).filter(|own| own.is_finite()),
        Cell::Count(count) => Some(*count as f64),
        Cell::Words(words) => words.parse().ok(),
        Cell::Flag(_) | Cell::Said(_) | Cell::None => None,
    }
}

/// The treated unit beside the synthetic one.
fn path(evaluation: &Evaluation, lang: Lang) -> Option<Figure> {
    let along = Along::of(evaluation, "path")?;
    let after = along.at("is_after")?;
    let own = |column| PlainPath {
        label: along.title(column, lang),
        points: along.points("period", column, |_| true),
        drawn: Drawn::Line,
    };
    let is_after = |row: &[Cell]| row[after] == Cell::Flag(true);
    let start = along.points("period", "treated", is_after);
    let mark = start.first().map(|own| {
        let words = said(lang, "inizio del trattamento", "start of treatment");
        (own.0, words.to_owned())
    });
    let picture = Paths {
        paths: vec![own("treated"), own("synthetic")],
        across: along.title("period", lang),
        upward: outcome(evaluation, lang),
        mark,
        is_share: false,
    };
    let title = along.table.title.get(lang);
    Some(drawn("path", title, &picture, lang))
}

/// What was beside what would have been without the intervention.
fn counterfactual(evaluation: &Evaluation, lang: Lang) -> Option<Figure> {
    let along = Along::of(evaluation, "counterfactual")?;
    let own = |column, drawn| PlainPath {
        label: along.title(column, lang),
        points: along.points("period", column, |_| true),
        drawn,
    };
    let picture = Paths {
        paths: vec![
            own("observed", Drawn::Dots),
            own("fitted", Drawn::Line),
            own("without", Drawn::Line),
        ],
        across: along.title("period", lang),
        upward: outcome(evaluation, lang),
        mark: None,
        is_share: false,
    };
    let title = along.table.title.get(lang);
    Some(drawn("counterfactual", title, &picture, lang))
}

/// Curves of a share over a duration, one for each group.
fn curves(evaluation: &Evaluation, key: &str, column: &str, lang: Lang) -> Option<Figure> {
    let along = Along::of(evaluation, key)?;
    let start = match column {
        "survival" => 1.0,
        _ => 0.0,
    };
    let kinds = along.kinds(lang);
    let paths = kinds.iter().take(MAX_LINES).map(|(kind, words)| {
        let mut points = vec![(0.0, start)];
        points.extend(along.points("time", column, |row| row[0] == *kind));
        PlainPath {
            label: match kinds.len() {
                1 => along.title(column, lang),
                _ => format!("{} {words}", along.table.columns[0].1.get(lang)),
            },
            points,
            drawn: Drawn::Steps,
        }
    });
    let picture = Paths {
        paths: paths.collect(),
        across: along.title("time", lang),
        upward: evaluation.estimand.get(lang).to_owned(),
        mark: None,
        is_share: true,
    };
    let title = along.table.title.get(lang);
    Some(drawn(key, title, &picture, lang))
}

/// Means in bins on both sides of a cut-off.
fn bins(evaluation: &Evaluation, lang: Lang) -> Option<Figure> {
    let along = Along::of(evaluation, "bins")?;
    let paths = along
        .kinds(lang)
        .into_iter()
        .map(|(side, words)| PlainPath {
            label: words,
            points: along.points("running", "outcome", |row| row[0] == side),
            drawn: Drawn::Dots,
        });
    let paths: Vec<PlainPath> = paths.collect();
    let cutoff = along.points("from", "to", |row| row[0] == Cell::word("above"));
    let mark = cutoff.first().map(|own| {
        let words = said(lang, "soglia", "cut-off");
        (own.0, words.to_owned())
    });
    let picture = Paths {
        paths,
        across: along.title("running", lang),
        upward: outcome(evaluation, lang),
        mark,
        is_share: false,
    };
    let title = said(
        lang,
        "Medie dell'esito ai due lati della soglia",
        "Mean outcomes on both sides of the cut-off",
    );
    Some(drawn("bins", title, &picture, lang))
}

fn outcome(evaluation: &Evaluation, lang: Lang) -> String {
    match &evaluation.opening.outcome {
        Some(own) => quoted(&format!("`{own}`"), lang),
        None => evaluation.estimand.get(lang).to_owned(),
    }
}
