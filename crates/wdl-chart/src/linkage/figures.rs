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

/// A share that was measured or is expected, in per cent with two decimals: one rule for all shares of a page.
pub fn share(part: f64, lang: Lang) -> String {
    /// Nearer to none or to all than two decimals tell.
    const LEAST: f64 = 0.005;
    let small = 100.0 * part.min(1.0 - part);
    let is_none = part < 0.5;
    match small {
        small if !small.is_finite() => "–".to_owned(),
        small if small <= 0.0 => format!("{}%", lang.number(100.0 * part, 0)),
        small if small < LEAST && is_none => format!("<{}%", lang.number(2.0 * LEAST, 2)),
        small if small < LEAST => format!(">{}%", lang.number(100.0 - 2.0 * LEAST, 2)),
        _ => format!("{}%", lang.number(100.0 * part, 2)),
    }
}

/// The probability of a cut, which somebody chose: without decimals where it has none.
pub fn cut_chance(weight: f64, lang: Lang) -> String {
    let whole = 100.0 * probability_of(weight);
    match (whole - whole.round()).abs() < 1e-9 {
        true => format!("{}%", lang.number(whole, 0)),
        false => chance(probability_of(weight), lang),
    }
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
    fn shares_have_two_decimals() {
        let shown = |value| share(value, Lang::It);
        assert_eq!(shown(0.5), "50,00%");
        assert_eq!(shown(0.9985), "99,85%");
        assert_eq!(shown(0.999_07), "99,91%");
        assert_eq!(shown(1.0), "100%");
        assert_eq!(shown(0.0), "0%");
        assert_eq!(shown(0.999_99), ">99,99%");
        assert_eq!(shown(1e-9), "<0,01%");
        assert_eq!(shown(f64::NAN), "–");
        assert_eq!(cut_chance(0.0, Lang::En), "50%");
        assert_eq!(cut_chance(9f64.log2(), Lang::En), "90%");
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
