//! Weights, probabilities and chances as readers write them.

use wdl_vocab::Lang;

/// The probability of a weight.
pub fn probability_of(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// A weight that can be drawn: what is certain stands at ±60, beyond any probability that is told apart.
pub(crate) fn bounded(weight: f64) -> f64 {
    match weight.is_nan() {
        true => 0.0,
        false => weight.clamp(-60.0, 60.0),
    }
}

/// A weight with its sign: `+9,2`.
pub fn signed(weight: f64, lang: Lang) -> String {
    if weight.is_infinite() {
        return if weight > 0.0 { "+∞" } else { "−∞" }.to_owned();
    }
    let shown = lang.number(weight, 1);
    let is_zero = shown
        .bytes()
        .all(|byte| !byte.is_ascii_digit() || byte == b'0');
    match weight > 0.0 && !is_zero {
        true => format!("+{shown}"),
        false => shown,
    }
}

/// A probability in per cent, with as many decimals as its smaller side needs, four at most.
pub fn chance(probability: f64, lang: Lang) -> String {
    /// A ten-thousandth of one per cent: less than this is not told apart.
    const LEAST: f64 = 1e-4;
    let (part, rest) = (100.0 * probability, 100.0 * (1.0 - probability));
    let small = part.min(rest);
    if !small.is_finite() {
        return "–".to_owned();
    }
    if small <= 0.0 {
        return format!("{}%", lang.number(part, 0));
    }
    if small < LEAST {
        return match part < rest {
            true => format!("<{}%", lang.number(LEAST, 4)),
            false => format!(">{}%", lang.number(100.0 - LEAST, 4)),
        };
    }
    let decimals = (1.0 - small.log10().floor()).clamp(1.0, 4.0) as usize;
    format!("{}%", lang.number(part, decimals))
}

/// How many times odds change with a weight: `590`, to two digits.
pub(crate) fn times(weight: f64, lang: Lang) -> String {
    let odds = weight.abs().min(60.0).exp2();
    if odds < 10.0 {
        return lang.number(odds, 1);
    }
    let unit = 10f64.powi(odds.log10().floor() as i32 - 1);
    lang.number((odds / unit).round() * unit, 0)
}

/// A count; a weight of zero records is `0`.
pub(crate) fn count(value: u64, lang: Lang) -> String {
    lang.number(value as f64, 0)
}

/// An expected count: whole from ten up, one decimal below.
pub(crate) fn expected(value: f64, lang: Lang) -> String {
    let decimals = usize::from(value > 0.0 && value < 10.0);
    lang.number(value, decimals)
}

/// The weights at which a probability axis has its marks.
pub(crate) const PROBABILITIES: [f64; 7] = [0.000_001, 0.0001, 0.01, 0.5, 0.99, 0.9999, 0.999_999];

/// The weight of a probability.
pub(crate) fn weight_of(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_keep_their_small_side() {
        let shown = |value| chance(value, Lang::En);
        assert_eq!(shown(0.5), "50.0%");
        assert_eq!(shown(0.0), "0%");
        assert_eq!(shown(1.0), "100%");
        assert_eq!(shown(0.000_02), "0.0020%");
        assert_eq!(shown(0.999_7), "99.970%");
        assert_eq!(shown(1e-9), "<0.0001%");
        assert_eq!(shown(1.0 - 1e-9), ">99.9999%");
        assert_eq!(shown(f64::NAN), "–");
    }

    #[test]
    fn weights_have_their_sign() {
        assert_eq!(signed(9.24, Lang::It), "+9,2");
        assert_eq!(signed(-6.08, Lang::It), "−6,1");
        assert_eq!(signed(0.01, Lang::It), "0,0");
        assert_eq!(times(9.2, Lang::It), "590");
        assert_eq!(times(-1.0, Lang::En), "2.0");
        assert!((weight_of(probability_of(3.5)) - 3.5).abs() < 1e-9);
    }
}
