//! Numbers, dates and units as readers write them.

use wdl_result::{Header, Interval, Unit};
use wdl_vocab::Lang;

use crate::words::TEXTS;

/// A value of an indicator with its unit: `12,3%`, `1.234 €`, `84.633`, `8,4 mesi`.
pub fn figure(header: &Header, value: f64, lang: Lang) -> String {
    with_unit(header.unit, usize::from(header.decimals), value, lang)
}

/// A value with a given unit and count of decimals.
pub fn with_unit(unit: Unit, decimals: usize, value: f64, lang: Lang) -> String {
    match unit {
        Unit::Share => format!("{}%", lang.number(value * 100.0, decimals)),
        Unit::Euro => euro(lang.number(value, decimals), lang),
        Unit::Days => lasting(
            ["unit-day", "unit-days"],
            lang.number(value, decimals),
            lang,
        ),
        Unit::Months => lasting(
            ["unit-month", "unit-months"],
            lang.number(value, decimals),
            lang,
        ),
        Unit::Years => lasting(
            ["unit-year", "unit-years"],
            lang.number(value, decimals),
            lang,
        ),
        Unit::Persons | Unit::Households | Unit::Dwellings | Unit::Acts | Unit::Ratio => {
            lang.number(value, decimals)
        }
    }
}

/// A duration with the word for one or for several.
fn lasting([one, several]: [&str; 2], number: String, lang: Lang) -> String {
    let key = if number == "1" { one } else { several };
    format!("{number}\u{a0}{}", TEXTS.get(lang, key, &[]))
}

fn euro(number: String, lang: Lang) -> String {
    match lang {
        Lang::It => format!("{number}\u{a0}€"),
        Lang::En => match number.strip_prefix('\u{2212}') {
            Some(positive) => format!("\u{2212}€{positive}"),
            None => format!("€{number}"),
        },
    }
}

/// A value as it is shown, as a number again.
pub(crate) fn rounded(header: &Header, value: f64) -> f64 {
    let places = i32::from(header.decimals) + if header.unit == Unit::Share { 2 } else { 0 };
    let power = 10f64.powi(places);
    (value * power).round() / power
}

/// The 95 % interval of an estimate: `11,2%–13,4%`; shares stay between zero and one, and that of a ratio of two groups stands on the logarithm where its header says so.
pub fn interval(header: &Header, estimate: f64, standard_error: f64, lang: Lang) -> String {
    let (low, high) = bounds(header, estimate, standard_error);
    format!(
        "{}–{}",
        figure(header, low, lang),
        figure(header, high, lang)
    )
}

/// The 97.5 % point of the normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// The ends of the 95 % interval under the normal approximation, on the scale of the header.
///
/// On the logarithm: `r · exp(± z · s / r)`, where `s / r` is the standard error of `ln r` by the delta method (Katz, Baptista, Azen and Pike, «Obtaining confidence intervals for the risk ratio in cohort studies», Biometrics 34, 1978).
pub(crate) fn bounds(header: &Header, estimate: f64, standard_error: f64) -> (f64, f64) {
    if header.interval == Interval::Logarithm && estimate > 0.0 {
        let factor = (NORMAL_975 * standard_error / estimate).exp();
        return (estimate / factor, estimate * factor);
    }
    let half = NORMAL_975 * standard_error;
    match header.unit {
        Unit::Share => ((estimate - half).max(0.0), (estimate + half).min(1.0)),
        Unit::Persons
        | Unit::Households
        | Unit::Dwellings
        | Unit::Acts
        | Unit::Days
        | Unit::Months
        | Unit::Years => ((estimate - half).max(0.0), estimate + half),
        Unit::Euro | Unit::Ratio => (estimate - half, estimate + half),
    }
}

/// True when two estimates of independent groups, each with its standard error, may differ by chance alone: their difference lies within 1.96 of its own standard error, on the scale of the header.
///
/// Groups that overlap differ by less than that.
pub fn is_within_error(header: &Header, a: (f64, f64), b: (f64, f64)) -> bool {
    let on_scale = |(estimate, error): (f64, f64)| match header.interval {
        Interval::Logarithm if a.0 > 0.0 && b.0 > 0.0 => (estimate.ln(), error / estimate),
        Interval::Logarithm | Interval::Plain => (estimate, error),
    };
    let (a, b) = (on_scale(a), on_scale(b));
    (a.0 - b.0).abs() <= NORMAL_975 * a.1.hypot(b.1)
}

/// A count.
pub fn count(value: u64, lang: Lang) -> String {
    lang.number(value as f64, 0)
}

/// The unit in words: `persone`, `percentuale`.
pub fn unit_words(unit: Unit, lang: Lang) -> String {
    let key = match unit {
        Unit::Persons => "unit-persons",
        Unit::Households => "unit-households",
        Unit::Dwellings => "unit-dwellings",
        Unit::Acts => "unit-acts",
        Unit::Share => "unit-share",
        Unit::Euro => "unit-euro",
        Unit::Days => "unit-days",
        Unit::Months => "unit-months",
        Unit::Years => "unit-years",
        Unit::Ratio => "unit-ratio",
    };
    TEXTS.get(lang, key, &[])
}

/// A day written `2026-11-05`, as readers write it; anything else is given back as it is.
pub fn date(day: &str, lang: Lang) -> String {
    let parts: Vec<&str> = day.splitn(3, '-').collect();
    let [year, month, rest] = parts[..] else {
        return day.to_owned();
    };
    let number: usize = month.parse().unwrap_or(0);
    let digits = rest.get(..2).unwrap_or_default();
    if year.len() != 4 || !(1..=12).contains(&number) || digits.parse::<u8>().is_err() {
        return day.to_owned();
    }
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match lang {
        Lang::It => format!("{digits}/{month}/{year}"),
        Lang::En => format!(
            "{} {} {year}",
            digits.trim_start_matches('0'),
            ENGLISH[number - 1]
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_the_reader() {
        assert_eq!(with_unit(Unit::Share, 1, 0.1234, Lang::It), "12,3%");
        assert_eq!(with_unit(Unit::Euro, 0, -1234.0, Lang::En), "−€1,234");
        assert_eq!(with_unit(Unit::Euro, 2, 7.5, Lang::It), "7,50\u{a0}€");
        assert_eq!(with_unit(Unit::Persons, 0, 184_727.0, Lang::It), "184.727");
        assert_eq!(with_unit(Unit::Months, 1, 8.44, Lang::It), "8,4\u{a0}mesi");
        assert_eq!(with_unit(Unit::Days, 0, 1.0, Lang::En), "1\u{a0}day");
        assert_eq!(with_unit(Unit::Years, 1, 1.0, Lang::En), "1.0\u{a0}years");
    }

    #[test]
    fn days_follow_the_reader() {
        assert_eq!(date("2026-11-05", Lang::It), "05/11/2026");
        assert_eq!(date("2026-11-05", Lang::En), "5 November 2026");
        assert_eq!(date("2026-11-05T10:00:00Z", Lang::En), "5 November 2026");
        assert_eq!(date("yesterday", Lang::It), "yesterday");
    }
}
