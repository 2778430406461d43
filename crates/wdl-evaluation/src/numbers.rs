//! How numbers are written: for people as many digits as mean something, for economists six.

use wdl_vocab::Lang;

/// Where there is no number.
pub const ABSENT: &str = "\u{2013}";

/// The most decimals on a page: what is smaller is said to be less than the last of them.
const DECIMALS_MAX: usize = 6;

/// For whom numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// As many as mean something, never in powers of ten.
    Person,
    /// Six that count.
    Economist,
}

/// The decimals of a standard error of two digits, and so of its estimate.
pub fn decimals_of_error(error: f64) -> usize {
    decimals_of(error, 2)
}

/// The decimals that show so many digits of a value.
pub fn decimals_of(value: f64, digits: i32) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    // `2.96e-2`: the place of the first digit once rounded, so that 0.0996 is 0.10 and not 0.100.
    let places = usize::try_from(digits - 1).unwrap_or(0);
    let rounded = format!("{:.*e}", places, value.abs());
    let place = rounded
        .split_once('e')
        .and_then(|(_, place)| place.parse::<i32>().ok())
        .unwrap_or(0);
    usize::try_from(digits - 1 - place)
        .unwrap_or(0)
        .min(DECIMALS_MAX)
}

/// A number with a fixed count of decimals; one that would vanish is said to be less than the last decimal.
pub fn fixed(value: f64, decimals: usize, lang: Lang) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    let least = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    let written = lang.number(value, decimals);
    let vanishes = value != 0.0 && value.abs() < 0.5 * least;
    if !vanishes || decimals < DECIMALS_MAX {
        return written;
    }
    match value > 0.0 {
        true => format!("< {}", lang.number(least, decimals)),
        false => format!("> {}", lang.number(-least, decimals)),
    }
}

/// A number with so many digits that count.
pub fn significant(value: f64, digits: i32, lang: Lang) -> String {
    match value.fract() == 0.0 {
        true => lang.number(value, 0),
        false => fixed(value, decimals_of(value, digits), lang),
    }
}

/// A p-value as a cell of a table: `0,016`, `< 0,001`.
pub fn p_value(p: f64, lang: Lang) -> String {
    match p {
        p if !p.is_finite() => ABSENT.to_owned(),
        p if p < 0.001 => format!("< {}", lang.number(0.001, 3)),
        p => lang.number(p, 3),
    }
}

/// A p-value in a sentence: `p = 0,016`, `p < 0,001`.
pub fn p_said(p: f64, lang: Lang) -> String {
    match p_value(p, lang) {
        small if small.starts_with('<') => format!("p\u{a0}{small}"),
        other => format!("p\u{a0}=\u{a0}{other}"),
    }
}

/// A part of one as a percentage.
pub fn percent(share: f64, decimals: usize, lang: Lang) -> String {
    if !share.is_finite() {
        return ABSENT.to_owned();
    }
    let least = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    if share > 0.0 && 100.0 * share < 0.5 * least {
        return format!("< {}%", lang.number(least, decimals));
    }
    format!("{}%", lang.number(100.0 * share, decimals))
}

/// A percentage that may be whole: `95%`, `99,5%`.
pub fn level(level: f64, lang: Lang) -> String {
    let percent = (1e9 * level).round() / 1e7;
    let decimals = match percent.fract() == 0.0 {
        true => 0,
        false => 1,
    };
    format!("{}%", lang.number(percent, decimals))
}

/// A year or a time: a whole number without marks.
pub fn period(value: f64, lang: Lang) -> String {
    match (value.fract() == 0.0, value < 0.0) {
        (true, false) => format!("{value}"),
        (true, true) => format!("\u{2212}{}", value.abs()),
        (false, _) => significant(value, 4, lang),
    }
}

/// Six digits that count, in the reader's manner.
pub fn six(value: f64, lang: Lang) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    if value != 0.0 && !(1e-4..1e9).contains(&value.abs()) {
        return format!("{value:.5e}").replace('.', &lang.decimal_mark().to_string());
    }
    if value.fract() == 0.0 {
        return lang.number(value, 0);
    }
    let digits = match value == 0.0 {
        true => 1.0,
        false => value.abs().log10().floor() + 1.0,
    };
    let decimals = (6.0 - digits).clamp(0.0, 9.0);
    lang.number(value, decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_two_digits() {
        for (error, decimals) in [
            (0.0119, 3),
            (0.0996, 2),
            (0.0994, 3),
            (1.24, 1),
            (12.4, 0),
            (640.0, 0),
            (3e-9, 6),
            (0.0, 0),
            (f64::NAN, 0),
        ] {
            assert_eq!(decimals_of_error(error), decimals, "{error}");
        }
    }

    #[test]
    fn nothing_is_written_in_powers_of_ten() {
        assert_eq!(significant(3.2e-12, 3, Lang::It), "< 0,000001");
        assert_eq!(significant(-3.2e-12, 3, Lang::It), "> \u{2212}0,000001");
        assert_eq!(significant(1.5e12, 3, Lang::En), "1,500,000,000,000");
        assert_eq!(significant(0.012_34, 3, Lang::It), "0,0123");
        assert_eq!(significant(f64::INFINITY, 3, Lang::It), ABSENT);
        assert_eq!(p_value(1.625e-5, Lang::It), "< 0,001");
        assert_eq!(p_said(0.0161, Lang::It), "p\u{a0}=\u{a0}0,016");
        assert_eq!(p_said(1e-9, Lang::En), "p\u{a0}< 0.001");
        assert_eq!(percent(0.853_21, 1, Lang::It), "85,3%");
        assert_eq!(percent(1e-7, 1, Lang::It), "< 0,1%");
        assert_eq!(level(0.95, Lang::It), "95%");
        assert_eq!(level(1.0 - 0.005, Lang::It), "99,5%");
        assert_eq!(period(2004.0, Lang::It), "2004");
        assert_eq!(period(-3.0, Lang::It), "\u{2212}3");
    }
}
