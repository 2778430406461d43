//! The highest point of a likelihood of one variance, which is zero or positive.

/// Where the likelihood is looked at before it is narrowed down: `scale × 10^(k/2)`.
const STEPS: std::ops::RangeInclusive<i32> = -16..=10;

/// The variance from zero up with the highest likelihood, whose slope is `score`.
///
/// The whole half line is looked at first, so that the answer depends on no start and a boundary at zero is found as such.
pub(super) fn highest(
    scale: f64,
    likelihood: &dyn Fn(f64) -> f64,
    score: &dyn Fn(f64) -> f64,
) -> f64 {
    let step = |k: i32| scale * 10f64.powf(f64::from(k) / 2.0);
    let points: Vec<f64> = std::iter::once(0.0).chain(STEPS.map(step)).collect();
    let mut best = (0, f64::NEG_INFINITY);
    for (place, point) in points.iter().enumerate() {
        let height = likelihood(*point);
        if height > best.1 {
            best = (place, height);
        }
    }
    let at = points[best.0];
    let is_rising = score(at) > 0.0;
    match (is_rising, best.0) {
        (false, 0) => 0.0,
        (true, place) => {
            let above = points.get(place + 1).copied().unwrap_or(at * 10.0);
            root(at, above, score)
        }
        (false, place) => root(points[place - 1], at, score),
    }
}

/// Where `slope`, positive at `low` and not at `high`, is zero.
///
/// False position with the Illinois weights (Dowell, Jarratt 1971), and every third step a halving, so that it always ends.
pub(super) fn root(low: f64, high: f64, slope: &dyn Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = ((low, slope(low)), (high, slope(high)));
    let mut was_low = None;
    for step in 0..200 {
        if high.0 - low.0 <= 2.0 * f64::EPSILON * high.0 {
            break;
        }
        let middle = low.0 + (high.0 - low.0) / 2.0;
        let line = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
        let is_inside = line > low.0 && line < high.0;
        let at = match step % 3 != 2 && is_inside {
            true => line,
            false => middle,
        };
        let slope = slope(at);
        if slope == 0.0 {
            return at;
        }
        let is_low = slope > 0.0;
        if is_low {
            low = (at, slope);
        } else {
            high = (at, slope);
        }
        if was_low == Some(is_low) {
            let stayed = if is_low { &mut high } else { &mut low };
            stayed.1 /= 2.0;
        }
        was_low = Some(is_low);
    }
    low.0 + (high.0 - low.0) / 2.0
}
