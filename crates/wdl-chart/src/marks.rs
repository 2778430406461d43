//! What tells series apart without colour: a marker, a dash, a name; and the marks of what is missing.

use crate::series::Gap;
use crate::svg::{Canvas, Stroke, coordinate};

/// The look of one series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) colour: &'static str,
    pub(crate) dash: &'static str,
    pub(crate) shape: Shape,
}

/// A marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Disc,
    Square,
    Triangle,
    Diamond,
    Cone,
    Ring,
}

// Dark hues of a colour-blind-safe set (after Okabe and Ito), each at least 4.5 to 1 on white, of different lightness for grey print.
const LOOKS: [Look; 6] = [
    Look {
        colour: "#17324d",
        dash: "",
        shape: Shape::Disc,
    },
    Look {
        colour: "#0066cc",
        dash: "9 4",
        shape: Shape::Square,
    },
    Look {
        colour: "#b34700",
        dash: "2 3",
        shape: Shape::Triangle,
    },
    Look {
        colour: "#007a52",
        dash: "9 3 2 3",
        shape: Shape::Diamond,
    },
    Look {
        colour: "#8a3a8f",
        dash: "5 3",
        shape: Shape::Cone,
    },
    Look {
        colour: "#6b5b00",
        dash: "14 4 4 4",
        shape: Shape::Ring,
    },
];

/// The look of the series at a place; the count of places is bounded by [`crate::MAX_LINES`].
pub(crate) fn look(place: usize) -> Look {
    LOOKS[place % LOOKS.len()]
}

/// A marker centred on a point, white-edged so that it stands off its own line.
pub(crate) fn marker(canvas: &mut Canvas, (x, y): (f64, f64), look: Look) {
    let edge = Stroke {
        colour: "#ffffff",
        width: 1.0,
        dash: "",
    };
    if look.shape == Shape::Ring {
        let ring = Stroke {
            colour: look.colour,
            width: 2.0,
            dash: "",
        };
        canvas.path(&circle(x, y, 3.6), "#ffffff", Some(ring));
        return;
    }
    canvas.path(&outline(look.shape, x, y), look.colour, Some(edge));
}

/// A marker of twice the size: a thing of its own, not a point on a line.
pub(crate) fn node(canvas: &mut Canvas, (x, y): (f64, f64), look: Look) {
    let edge = |colour| Stroke {
        colour,
        width: 2.0,
        dash: "",
    };
    if look.shape == Shape::Ring {
        canvas.path(&circle(x, y, 7.4), "#ffffff", Some(edge(look.colour)));
        return;
    }
    let d = sized(look.shape, (x, y), 2.0);
    canvas.path(&d, look.colour, Some(edge("#ffffff")));
}

fn outline(shape: Shape, x: f64, y: f64) -> String {
    sized(shape, (x, y), 1.0)
}

fn sized(shape: Shape, (x, y): (f64, f64), size: f64) -> String {
    let corners: &[(f64, f64)] = match shape {
        Shape::Disc | Shape::Ring => return circle(x, y, 4.6 * size),
        Shape::Square => &[(-4.2, -4.2), (4.2, -4.2), (4.2, 4.2), (-4.2, 4.2)],
        Shape::Triangle => &[(0.0, -5.6), (5.2, 4.2), (-5.2, 4.2)],
        Shape::Diamond => &[(0.0, -6.0), (5.4, 0.0), (0.0, 6.0), (-5.4, 0.0)],
        Shape::Cone => &[(0.0, 5.6), (5.2, -4.2), (-5.2, -4.2)],
    };
    let mut d = String::new();
    for (place, (dx, dy)) in corners.iter().enumerate() {
        d.push(if place == 0 { 'M' } else { 'L' });
        d.push_str(&format!(
            "{} {}",
            coordinate(x + size * dx),
            coordinate(y + size * dy)
        ));
    }
    d.push('Z');
    d
}

fn circle(x: f64, y: f64, r: f64) -> String {
    let (left, top, wide, r) = (
        coordinate(x - r),
        coordinate(y),
        coordinate(2.0 * r),
        coordinate(r),
    );
    format!("M{left} {top}a{r} {r} 0 1 0 {wide} 0a{r} {r} 0 1 0 -{wide} 0Z")
}

/// The mark of a missing value: a cross, a ring, a dash, a dot.
pub(crate) fn gap(canvas: &mut Canvas, (x, y): (f64, f64), gap: Gap, colour: &'static str) {
    let stroke = Stroke {
        colour,
        width: 1.6,
        dash: "",
    };
    match gap {
        Gap::Suppressed => {
            canvas.line((x - 3.4, y - 3.4), (x + 3.4, y + 3.4), stroke);
            canvas.line((x - 3.4, y + 3.4), (x + 3.4, y - 3.4), stroke);
        }
        Gap::NotComputable => canvas.path(&circle(x, y, 3.2), "none", Some(stroke)),
        Gap::NotCollected => canvas.line((x - 3.8, y), (x + 3.8, y), stroke),
        Gap::Absent => canvas.path(&circle(x, y, 1.2), colour, None),
    }
}
