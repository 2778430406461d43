//! One cluster: its records by source, what holds them together, and what was cut.
//!
//! Each part that still holds together has a circle of its own, so that a cut shows as a gap. The same cluster has the same drawing always.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use wdl_vocab::Lang;

use super::figures::{chance, count, probability_of, signed};
use super::rows::{Swatch, key};
use super::{Picture, Place, begin, finish, row, say, table, tell};
use crate::frame::Sheet;
use crate::marks::{self, look};
use crate::svg::{Anchor, INK, SOFT, Stroke, letters};
use crate::{Chart, DataTable};

/// More records than this are told and not drawn.
pub const MAX_NODES: usize = 30;

/// A record of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterNode {
    /// What it is called in the drawing: a number or an id.
    pub label: String,
    /// Its source, as a place in the cluster's sources.
    pub source: usize,
}

/// Whether an edge still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// It holds its records together.
    Kept,
    /// It was cut: the cluster broke a rule.
    Cut,
}

/// A pair of records of the cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterEdge {
    /// A record, as a place in the nodes.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// The weight of the pair.
    pub weight: f64,
    /// Whether it holds.
    pub tie: Tie,
}

/// The picture of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterView {
    /// The names of the sources.
    pub sources: Vec<String>,
    /// The records.
    pub nodes: Vec<ClusterNode>,
    /// The pairs.
    pub edges: Vec<ClusterEdge>,
}

/// The room of a record on its circle.
const APART: f64 = 64.0;
/// The room of labels around a circle.
const AROUND: f64 = 36.0;

/// How far from its record a label stands.
const LABEL: f64 = 21.0;

/// Where a record and its label stand.
#[derive(Clone, Copy, Debug, Default)]
struct Spot {
    node: (f64, f64),
    label: (f64, f64),
}

impl ClusterView {
    /// The records that still hold together, each part in the order of its records, the largest part first.
    fn parts(&self) -> Vec<Vec<usize>> {
        let mut root: Vec<usize> = (0..self.nodes.len()).collect();
        fn find(root: &[usize], mut at: usize) -> usize {
            while root[at] != at {
                at = root[at];
            }
            at
        }
        for edge in self.edges.iter().filter(|edge| edge.tie == Tie::Kept) {
            let (a, b) = (find(&root, edge.a), find(&root, edge.b));
            root[a.max(b)] = a.min(b);
        }
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for node in 0..self.nodes.len() {
            parts.entry(find(&root, node)).or_default().push(node);
        }
        let mut parts: Vec<Vec<usize>> = parts.into_values().collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        parts
    }

    /// Where each record and its label stand, and how far down the drawing goes.
    fn places(&self, sheet: &Sheet) -> (Vec<Spot>, f64) {
        let (left, room) = (sheet.sizes.margin, sheet.room());
        let mut rows: Vec<PartsRow> = Vec::new();
        for part in self.parts() {
            let widest = room / 2.0 - AROUND;
            let radius = match part.len() {
                1 => 0.0,
                many => (APART * many as f64 / TAU).max(APART * 1.4).min(widest),
            };
            let wide = 2.0 * (radius + AROUND);
            match rows.last_mut() {
                Some((row, used)) if *used + wide <= room => {
                    row.push((part, radius));
                    *used += wide;
                }
                _ => rows.push((vec![(part, radius)], wide)),
            }
        }
        let mut places = vec![Spot::default(); self.nodes.len()];
        let mut y = sheet.y;
        for (row, used) in rows {
            let tallest = row.iter().map(|(_, radius)| *radius).fold(0.0, f64::max);
            let middle = y + tallest + AROUND;
            let free = ((room - used) / (row.len() + 1) as f64).max(0.0);
            let mut x = left + free;
            for (part, radius) in row {
                let centre = x + radius + AROUND;
                for (place, node) in part.iter().enumerate() {
                    // The first stands on top; of two, at the left.
                    let first = if part.len() == 2 {
                        TAU / 2.0
                    } else {
                        -TAU / 4.0
                    };
                    let angle = TAU * place as f64 / part.len() as f64 + first;
                    let (across, down) = (angle.cos(), angle.sin());
                    let at = |radius: f64| (centre + radius * across, middle + radius * down);
                    places[*node] = Spot {
                        node: at(radius),
                        label: at(radius + LABEL),
                    };
                }
                x += 2.0 * (radius + AROUND) + free;
            }
            y = middle + tallest + AROUND;
        }
        (places, y)
    }

    fn weights(&self) -> Option<(f64, f64)> {
        let first = self.edges.first()?.weight;
        Some(self.edges.iter().fold((first, first), |(low, high), edge| {
            (low.min(edge.weight), high.max(edge.weight))
        }))
    }

    fn cuts(&self) -> usize {
        self.edges
            .iter()
            .filter(|edge| edge.tie == Tie::Cut)
            .count()
    }

    fn source(&self, node: usize) -> &str {
        let source = self.nodes[node].source;
        self.sources.get(source).map_or("", String::as_str)
    }
}

impl Picture for ClusterView {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "cluster-subtitle", lang);
        if self.nodes.len() > MAX_NODES {
            let args = [("count", self.nodes.len().to_string())];
            let words = tell(lang, "cluster-too-many", &args);
            return finish(sheet, place, self.alt(lang), &[words]);
        }
        let mut entries: Vec<(Swatch, String)> = self
            .sources
            .iter()
            .enumerate()
            .map(|(at, name)| (Swatch::Node(look(at)), name.clone()))
            .collect();
        entries.push((Swatch::Line(kept(3.0)), say(lang, "cluster-kept")));
        if self.cuts() > 0 {
            entries.push((Swatch::Line(CUT), say(lang, "cluster-cut")));
        }
        key(&mut sheet, &entries);
        let (places, bottom) = self.places(&sheet);
        self.draw_edges(&mut sheet, &places, lang);
        for (node, at) in self.nodes.iter().zip(&places) {
            marks::node(&mut sheet.canvas, at.node, look(node.source));
            let look = letters(sheet.sizes.tick)
                .bold()
                .halo()
                .anchor(Anchor::Middle);
            let (x, y) = (at.label.0, at.label.1 + look.size * 0.34);
            sheet.canvas.text(x, y, look, &node.label);
        }
        sheet.y = bottom;
        finish(sheet, place, self.alt(lang), &[say(lang, "cluster-note")])
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-source", false),
            ("column-other-record", false),
            ("column-other-source", false),
            ("column-weight", true),
            ("column-probability", true),
            ("column-tie", false),
        ];
        let caption = say(lang, "cluster-caption");
        let mut made = table(lang, caption, "column-record", &columns);
        for edge in &self.edges {
            let tie = match edge.tie {
                Tie::Kept => "tie-kept",
                Tie::Cut => "tie-cut",
            };
            made.rows.push(row(
                self.nodes[edge.a].label.clone(),
                false,
                vec![
                    self.source(edge.a).to_owned(),
                    self.nodes[edge.b].label.clone(),
                    self.source(edge.b).to_owned(),
                    signed(edge.weight, lang),
                    chance(probability_of(edge.weight), lang),
                    say(lang, tie),
                ],
            ));
        }
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let mut sources: Vec<usize> = self.nodes.iter().map(|node| node.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let Some((low, high)) = self.weights() else {
            return say(lang, "cluster-alt-alone");
        };
        let cuts = self.cuts();
        let args = [
            ("records", count(self.nodes.len() as u64, lang)),
            ("sources", sources.len().to_string()),
            ("sources_form", crate::words::form(sources.len())),
            ("edges", count(self.edges.len() as u64, lang)),
            ("edges_form", crate::words::form(self.edges.len())),
            ("low", signed(low, lang)),
            ("high", signed(high, lang)),
            ("cuts", cuts.to_string()),
            ("cuts_form", crate::words::form(cuts)),
            ("parts", self.parts().len().to_string()),
        ];
        let key = if cuts > 0 {
            "cluster-alt-cut"
        } else {
            "cluster-alt"
        };
        tell(lang, key, &args)
    }
}

/// A cut edge.
const CUT: Stroke = Stroke {
    colour: "#b34700",
    width: 2.0,
    dash: "3 5",
};

fn kept(width: f64) -> Stroke {
    Stroke {
        colour: SOFT,
        width,
        dash: "",
    }
}

impl ClusterView {
    /// The edges: the heavier the wider; their weights in numbers while they are few.
    fn draw_edges(&self, sheet: &mut Sheet, places: &[Spot], lang: Lang) {
        const NUMBERS: usize = 12;
        let (low, high) = self.weights().unwrap_or((0.0, 1.0));
        for edge in &self.edges {
            let part = match high > low {
                true => (edge.weight - low) / (high - low),
                false => 0.5,
            };
            let stroke = match edge.tie {
                Tie::Kept => kept(1.2 + 3.3 * part),
                Tie::Cut => CUT,
            };
            sheet
                .canvas
                .line(places[edge.a].node, places[edge.b].node, stroke);
        }
        if self.edges.len() > NUMBERS {
            return;
        }
        let look = letters(sheet.sizes.foot)
            .fill(INK)
            .halo()
            .anchor(Anchor::Middle);
        for edge in &self.edges {
            let (a, b) = (places[edge.a].node, places[edge.b].node);
            // Not in the middle, where two diagonals meet.
            let between = |a: f64, b: f64| a + 0.42 * (b - a);
            let y = between(a.1, b.1) + look.size * 0.34;
            let words = signed(edge.weight, lang);
            sheet.canvas.text(between(a.0, b.0), y, look, &words);
        }
    }
}

/// Parts side by side, each with its radius, and how much of the room they take.
type PartsRow = (Vec<(Vec<usize>, f64)>, f64);
