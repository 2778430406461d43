//! Numbers, post codes and places on the globe.

/// The difference of two numbers as a share of the larger one: 0 for equal ones, at most 2.
pub fn number(a: f64, b: f64) -> f64 {
    if a == b {
        return 0.0;
    }
    (a - b).abs() / a.abs().max(b.abs())
}

/// Reads a number as Italian or English files write it: `1.234,5`, `1,234.5`, `1234.5`, `€ 300`.
///
/// A lone mark is the decimal one, except before exactly three digits that follow one to three: `1.234` is more than a thousand.
pub fn read_number(text: &str) -> Option<f64> {
    let mut plain = String::with_capacity(text.len().min(32));
    let (mut is_negative, mut marks) = (false, Vec::new());
    for letter in text.trim().chars() {
        match letter {
            '0'..='9' => plain.push(letter),
            '.' | ',' => marks.push((plain.len(), letter)),
            '-' | '\u{2212}' if plain.is_empty() && marks.is_empty() => is_negative = true,
            '+' | '€' | '$' | '£' | '%' | ' ' | '\u{a0}' | '\u{202f}' | '\'' => {}
            _ => return None,
        }
        if plain.len() > 30 || marks.len() > 10 {
            return None;
        }
    }
    if plain.is_empty() {
        return None;
    }
    if let Some(place) = decimal(&plain, &marks) {
        plain.insert(place, '.');
    }
    let number: f64 = plain.parse().ok()?;
    Some(if is_negative { -number } else { number })
}

/// Where the decimal mark belongs among the digits.
fn decimal(digits: &str, marks: &[(usize, char)]) -> Option<usize> {
    let (place, last) = *marks.last()?;
    let is_alone = marks.iter().filter(|(_, mark)| *mark == last).count() == 1;
    let is_mixed = marks.iter().any(|(_, mark)| *mark != last);
    let is_thousand =
        digits.len() - place == 3 && (1..=3).contains(&place) && !digits.starts_with('0');
    (is_alone && (is_mixed || !is_thousand)).then_some(place)
}

/// How many digits or letters two post codes share from the beginning, blanks and hyphens left out.
pub fn post_code(a: &str, b: &str) -> usize {
    // As far as both are plain there is nothing to leave out.
    let is_plain = |letter: &u8| letter.is_ascii_alphanumeric();
    let both = a.bytes().zip(b.bytes());
    let plain = both
        .take_while(|(one, other)| is_plain(one) && one.eq_ignore_ascii_case(other))
        .count();
    let next = |text: &str| text.as_bytes().get(plain).copied();
    match (next(a), next(b)) {
        (Some(one), Some(other)) if !is_plain(&one) || !is_plain(&other) => {
            plain + any_letters(&a[plain..], &b[plain..])
        }
        _ => plain,
    }
}

fn any_letters(a: &str, b: &str) -> usize {
    let mut of_a = a.chars().filter(|letter| letter.is_alphanumeric());
    let mut of_b = b.chars().filter(|letter| letter.is_alphanumeric());
    let mut shared = 0;
    while let (Some(one), Some(other)) = (of_a.next(), of_b.next()) {
        if !one.eq_ignore_ascii_case(&other) {
            break;
        }
        shared += 1;
    }
    shared
}

/// The mean radius of the Earth, in kilometres (International Union of Geodesy and Geophysics).
const EARTH_KM: f64 = 6371.0088;

/// The distance over the ground of two places given as latitude and longitude in degrees, in kilometres.
///
/// The haversine formula (Sinnott, Sky and Telescope 68, 1984), which is exact enough for near places.
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let half_chord = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let across = a.0.to_radians().cos() * b.0.to_radians().cos();
    let chord = half_chord(a.0, b.0) + across * half_chord(a.1, b.1);
    2.0 * EARTH_KM * chord.clamp(0.0, 1.0).sqrt().asin()
}
