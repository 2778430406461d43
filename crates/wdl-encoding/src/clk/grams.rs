//! A value cut into grams.

use crate::recipe::Grams;

/// The mark of a name's ends; no normalised name holds it.
const END: char = '_';

/// Hands over each gram of a value.
pub(super) fn each(grams: Grams, value: &str, mut take: impl FnMut(&str)) {
    let mut gram = zeroize::Zeroizing::new(String::with_capacity(16));
    match grams {
        Grams::Whole => take(value),
        Grams::Places => {
            for (place, letter) in value.chars().enumerate() {
                gram.clear();
                gram.push_str(&place.to_string());
                gram.push(':');
                gram.push(letter);
                take(&gram);
            }
        }
        Grams::Letters(length) => {
            let ends = || std::iter::repeat_n(END, length - 1);
            let letters: zeroize::Zeroizing<Vec<char>> =
                zeroize::Zeroizing::new(ends().chain(value.chars()).chain(ends()).collect());
            for run in letters.windows(length) {
                gram.clear();
                gram.extend(run);
                take(&gram);
            }
        }
    }
}

/// How many grams a value has.
pub fn count(grams: Grams, value: &str) -> usize {
    let mut count = 0;
    each(grams, value, |_| count += 1);
    count
}
