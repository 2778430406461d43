//! What a scalar without quotes may be taken for, by readers of YAML 1.2 and by those of YAML 1.1.

/// Whether letters without quotes are nothing in the core schema of YAML 1.2.
pub(crate) fn is_null(letters: &str) -> bool {
    matches!(letters, "" | "~" | "null" | "Null" | "NULL")
}

/// The boolean that letters without quotes are in the core schema of YAML 1.2.
pub(crate) fn boolean(letters: &str) -> Option<bool> {
    match letters {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Whether letters without quotes are a number in the core schema of YAML 1.2.
pub(crate) fn is_number(letters: &str) -> bool {
    let digits =
        |text: &str, radix: u32| !text.is_empty() && text.chars().all(|mark| mark.is_digit(radix));
    if let Some(octal) = letters.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hexadecimal) = letters.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    if matches!(letters, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = letters.strip_prefix(['-', '+']).unwrap_or(letters);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || is_decimal(unsigned)
}

/// `12`, `1.10`, `.5`, `3.`, `1e-3`.
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa =
        !(whole.is_empty() && fraction.is_empty()) && all_digits(whole) && all_digits(fraction);
    let is_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    is_mantissa && is_exponent
}

/// Whether letters without quotes are anything but text in YAML 1.2.
pub(crate) fn is_typed(letters: &str) -> bool {
    is_null(letters) || boolean(letters).is_some() || is_number(letters)
}

/// Whether a text can stand without quotes and be read as that text by every reader.
pub(crate) fn is_safe(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let inner = |mark: char| mark.is_alphanumeric() || " _-./()+;$".contains(mark);
    // A digit may begin a date, a time or a number with marks between its digits.
    let begins = first.is_alphabetic() || first == '_';
    let is_word_of_old = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    );
    begins && text.chars().all(inner) && !text.ends_with(' ') && !is_word_of_old
}
