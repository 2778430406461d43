//! The words of charts and tables, in both languages.

use std::sync::LazyLock;

use wdl_result::{Header, Interval};
use wdl_vocab::{Lang, SYNTHETIC_NOTICE, Texts};

use crate::series::Gap;

const IT: &str = concat!(
    include_str!("../texts/it.ftl"),
    include_str!("../texts/linkage.it.ftl"),
    include_str!("../texts/evaluation.it.ftl")
);
const EN: &str = concat!(
    include_str!("../texts/en.ftl"),
    include_str!("../texts/linkage.en.ftl"),
    include_str!("../texts/evaluation.en.ftl")
);

/// The texts of this crate.
pub static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(&[IT], &[EN]));

/// The Fluent sources, Italian and English, for tests that both say the same things.
pub fn fluent_sources() -> [&'static str; 2] {
    [IT, EN]
}

/// The sentence of invented data, in the reader's language; the Italian one always stands, since it is the one people know.
pub fn notice(header: &Header, lang: Lang) -> Option<String> {
    if !header.synthetic {
        return None;
    }
    Some(synthetic(lang))
}

/// The sentence of invented data.
pub(crate) fn synthetic(lang: Lang) -> String {
    match lang {
        Lang::It => SYNTHETIC_NOTICE.it.to_string(),
        Lang::En => format!("{} · {}", SYNTHETIC_NOTICE.en, SYNTHETIC_NOTICE.it),
    }
}

/// The one word of a missing value: `soppresso`.
pub fn gap_word(gap: Gap, lang: Lang) -> String {
    TEXTS.get(lang, &format!("gap-{}", key(gap)), &[])
}

/// Why a value is missing, in a sentence.
pub fn gap_meaning(gap: Gap, lang: Lang) -> String {
    TEXTS.get(lang, &format!("gap-{}-meaning", key(gap)), &[])
}

/// That intervals are not symmetric, where they stand on the logarithm.
pub(crate) fn scale_note(header: &Header, lang: Lang) -> Option<String> {
    (header.interval == Interval::Logarithm).then(|| TEXTS.get(lang, "interval-logarithm", &[]))
}

/// True when a title names a dimension itself: `Chi sta bene, per difficoltà economiche`.
pub fn names_dimension(title: &str, dimension: &str, lang: Lang) -> bool {
    let by = TEXTS.get(
        lang,
        "by-dimension",
        &[("dimension", dimension.to_lowercase())],
    );
    title.to_lowercase().ends_with(&by)
}

fn key(gap: Gap) -> &'static str {
    match gap {
        Gap::Suppressed => "suppressed",
        Gap::NotComputable => "not-computable",
        Gap::NotCollected => "not-collected",
        Gap::Absent => "absent",
    }
}

/// `one` or `other`, for sentences that count.
pub(crate) fn form(count: usize) -> String {
    if count == 1 { "one" } else { "other" }.to_owned()
}
