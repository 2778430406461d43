//! Areas in units of the drawing: projected, joined where they share a border, with a place for their words.

use std::collections::{BTreeMap, BTreeSet};

use crate::geography::Position;
use crate::svg::coordinate;

/// Corners stand on a grid of this step, in units of the drawing: corners that areas share stay shared, and a detailed file makes no larger page.
const GRID: f64 = 0.5;
/// Places tried for the words of an area, along each side of its box.
const TRIES: usize = 28;
/// Words are wider than high: a place with room at its sides is better than one with room above.
const FLATNESS: f64 = 2.5;

/// A corner on the grid, in steps.
type Corner = (i32, i32);

/// A part of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// One area to draw: closed rings under the even-odd rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    rings: Vec<Vec<Corner>>,
}

/// Puts every area in the room given, no longer than wide where the land is; says how high the drawing is.
///
/// An equirectangular projection true at the middle latitude: right for a city, and north is up.
pub(crate) fn laid_out(
    areas: &BTreeMap<&str, Vec<&[Position]>>,
    room: Place,
) -> (BTreeMap<String, Shape>, f64) {
    let all = || areas.values().flatten().flat_map(|ring| ring.iter());
    let ends = |of: fn(&Position) -> f64| {
        all()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |ends, v| {
                (ends.0.min(v), ends.1.max(v))
            })
    };
    let (west, east) = ends(|at| at.0);
    let (south, north) = ends(|at| at.1);
    let narrowing = ((south + north) / 2.0).to_radians().cos().max(0.01);
    let (wide, high) = ((east - west) * narrowing, north - south);
    let scale = (room.width / wide.max(1e-9)).min(room.height / high.max(1e-9));
    let left = room.left + (room.width - wide * scale) / 2.0;
    let corner = |at: &Position| -> Corner {
        let x = left + (at.0 - west) * narrowing * scale;
        let y = room.top + (north - at.1) * scale;
        ((x / GRID).round() as i32, (y / GRID).round() as i32)
    };
    let shapes = areas.iter().map(|(code, rings)| {
        let rings = rings.iter().map(|ring| ring.iter().map(corner).collect());
        ((*code).to_owned(), Shape::joined(rings.collect()))
    });
    (shapes.collect(), high * scale)
}

impl Shape {
    /// Joins rings: a border that two of them share falls away, what is left is chained again.
    fn joined(rings: Vec<Vec<Corner>>) -> Shape {
        let mut edges: BTreeSet<(Corner, Corner)> = BTreeSet::new();
        for ring in &rings {
            for (place, from) in ring.iter().enumerate() {
                let to = ring[(place + 1) % ring.len()];
                if *from == to {
                    continue;
                }
                let edge = (*from.min(&to), *from.max(&to));
                // Under the even-odd rule an edge met twice is no border.
                if !edges.remove(&edge) {
                    edges.insert(edge);
                }
            }
        }
        Shape {
            rings: chained(&edges),
        }
    }

    /// The outline as the data of a path.
    pub(crate) fn path(&self) -> String {
        let mut d = String::new();
        for ring in &self.rings {
            for (place, corner) in ring.iter().enumerate() {
                d.push(if place == 0 { 'M' } else { 'L' });
                d.push_str(&coordinate(f64::from(corner.0) * GRID));
                d.push(' ');
                d.push_str(&coordinate(f64::from(corner.1) * GRID));
            }
            d.push('Z');
        }
        d
    }

    fn edges(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> + '_ {
        let at = |corner: Corner| (f64::from(corner.0) * GRID, f64::from(corner.1) * GRID);
        self.rings.iter().flat_map(move |ring| {
            let next = ring.iter().cycle().skip(1);
            ring.iter()
                .zip(next)
                .map(move |(from, to)| (at(*from), at(*to)))
        })
    }

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        let crossings = self.edges().filter(|(a, b)| {
            (a.1 > y) != (b.1 > y) && x < a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0)
        });
        crossings.count() % 2 == 1
    }

    /// The place with most room for words: the middle of the widest flat ellipse that a grid of tries finds inside; of such places, the one nearest to the middle of all.
    pub(crate) fn middle(&self) -> Option<(f64, f64)> {
        let corners = || self.rings.iter().flatten();
        let (left, right) = (corners().map(|c| c.0).min()?, corners().map(|c| c.0).max()?);
        let (top, bottom) = (corners().map(|c| c.1).min()?, corners().map(|c| c.1).max()?);
        let step = |low: i32, high: i32, place: usize| {
            let part = (place as f64 + 0.5) / TRIES as f64;
            (f64::from(low) + f64::from(high - low) * part) * GRID
        };
        let centre = (
            f64::from(left + right) / 2.0 * GRID,
            f64::from(top + bottom) / 2.0 * GRID,
        );
        let mut best: Option<(f64, (f64, f64))> = None;
        for row in 0..TRIES {
            for column in 0..TRIES {
                let at = (step(left, right, column), step(top, bottom, row));
                if !self.holds(at) {
                    continue;
                }
                let off = (at.0 - centre.0).hypot(at.1 - centre.1);
                let room = self.room_at(at) - 0.02 * off;
                if best.is_none_or(|(most, _)| room > most) {
                    best = Some((room, at));
                }
            }
        }
        best.map(|(_, at)| at)
    }

    /// How far the border is, heights counting more than widths; a little also how far it is at all.
    fn room_at(&self, (x, y): (f64, f64)) -> f64 {
        let far = |flatness: f64| {
            let seen = |at: (f64, f64)| (at.0 - x, (at.1 - y) * flatness);
            self.edges()
                .map(|(from, to)| distance(seen(from), seen(to)))
                .fold(f64::INFINITY, f64::min)
        };
        far(FLATNESS) + 0.1 * far(1.0)
    }

    /// True when a box around a place lies inside whole.
    pub(crate) fn has_room(&self, (x, y): (f64, f64), (width, height): (f64, f64)) -> bool {
        let (half_w, half_h) = (width / 2.0, height / 2.0);
        let ends = (x - half_w, x + half_w, y - half_h, y + half_h);
        self.holds((x, y)) && !self.edges().any(|(from, to)| crosses(from, to, ends))
    }
}

/// Edges put end to end into closed rings, from the smallest corner on.
fn chained(edges: &BTreeSet<(Corner, Corner)>) -> Vec<Vec<Corner>> {
    let mut next: BTreeMap<Corner, BTreeSet<Corner>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(*from).or_default().insert(*to);
        next.entry(*to).or_default().insert(*from);
    }
    let mut rings = Vec::new();
    // INVARIANT: every corner has an even count of edges, since whole rings were added; so a walk ends where it began.
    while let Some((start, _)) = next.first_key_value() {
        let start = *start;
        let mut ring = Vec::new();
        let mut here = start;
        while let Some(there) = taken(&mut next, here) {
            ring.push(here);
            here = there;
            if here == start {
                break;
            }
        }
        rings.push(ring);
    }
    rings
}

/// Takes the edge from a corner to its smallest neighbour.
fn taken(next: &mut BTreeMap<Corner, BTreeSet<Corner>>, from: Corner) -> Option<Corner> {
    let to = *next.get(&from)?.first()?;
    for (one, other) in [(from, to), (to, from)] {
        if let Some(neighbours) = next.get_mut(&one) {
            neighbours.remove(&other);
            if neighbours.is_empty() {
                next.remove(&one);
            }
        }
    }
    Some(to)
}

/// From the origin to a stretch.
fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let part = match length > 0.0 {
        true => (-(from.0 * dx + from.1 * dy) / length).clamp(0.0, 1.0),
        false => 0.0,
    };
    (from.0 + part * dx).hypot(from.1 + part * dy)
}

/// Whether a stretch touches a box (left, right, top, bottom), by the clipping of Liang and Barsky.
fn crosses(from: (f64, f64), to: (f64, f64), ends: (f64, f64, f64, f64)) -> bool {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let sides = [
        (-dx, from.0 - ends.0),
        (dx, ends.1 - from.0),
        (-dy, from.1 - ends.2),
        (dy, ends.3 - from.1),
    ];
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (slope, gap) in sides {
        if slope == 0.0 {
            if gap < 0.0 {
                return false;
            }
            continue;
        }
        match slope < 0.0 {
            true => enter = enter.max(gap / slope),
            false => leave = leave.min(gap / slope),
        }
    }
    enter <= leave
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const ROOM: Place = Place {
        left: 0.0,
        top: 0.0,
        width: 100.0,
        height: 100.0,
    };

    fn shape(rings: &[&[Position]]) -> Shape {
        let areas = BTreeMap::from([("a", rings.to_vec())]);
        let (mut shapes, _) = laid_out(&areas, ROOM);
        shapes.remove("a").unwrap()
    }

    #[test]
    fn areas_with_one_code_lose_the_border_between_them() {
        let west: &[Position] = &[(0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 2.0)];
        let east: &[Position] = &[(1.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 2.0)];
        let joined = shape(&[west, east]);
        assert_eq!(joined.rings.len(), 1, "{joined:?}");
        assert_eq!(joined.edges().count(), 6);
        assert!(joined.holds((50.0, 50.0)) && !joined.holds((101.0, 50.0)));
        let middle = joined.middle().unwrap();
        assert!(joined.has_room(middle, (90.0, 60.0)));
        assert!(!joined.has_room(middle, (120.0, 10.0)));
        // The direction in which a ring runs does not matter.
        let turned: Vec<Position> = east.iter().rev().copied().collect();
        assert_eq!(shape(&[west, &turned]), joined);
    }

    #[test]
    fn a_hole_stays_a_hole_and_holds_no_words() {
        let outer: &[Position] = &[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];
        let hole: &[Position] = &[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)];
        let ring = shape(&[outer, hole]);
        assert_eq!(ring.rings.len(), 2);
        assert!(!ring.holds((50.0, 50.0)));
        let middle = ring.middle().unwrap();
        assert!(ring.holds(middle));
        assert!(!ring.has_room(middle, (60.0, 40.0)));
    }

    #[test]
    fn rings_that_meet_in_a_corner_are_whole() {
        let one: &[Position] = &[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        let other: &[Position] = &[(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0)];
        let both = shape(&[one, other]);
        assert_eq!(both.edges().count(), 8);
        assert!(both.holds((25.0, 75.0)) && both.holds((75.0, 25.0)));
        assert!(!both.holds((25.0, 25.0)));
    }

    #[test]
    fn an_area_smaller_than_the_grid_has_no_outline() {
        let large: &[Position] = &[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
        let speck: &[Position] = &[(5.0, 5.0), (5.0001, 5.0), (5.0, 5.0001)];
        let areas = BTreeMap::from([("large", vec![large]), ("speck", vec![speck])]);
        let (shapes, height) = laid_out(&areas, ROOM);
        assert_eq!(shapes["speck"].path(), "");
        assert_eq!(shapes["speck"].middle(), None);
        assert!((height - 100.0).abs() < 1.0);
    }
}
