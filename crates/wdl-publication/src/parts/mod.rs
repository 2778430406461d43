//! Pieces that several pages share: the shell around every page, charts with their tables, lists of files.

pub(crate) mod course;
pub(crate) mod figures;
pub(crate) mod shell;
pub(crate) mod tiles;

/// Text made safe inside an element or a quoted attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A count of bytes as people read it: `12 KB`.
pub(crate) fn size(bytes: usize, lang: wdl_vocab::Lang) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", lang.number(bytes as f64 / 1e3, 0)),
        _ => format!("{} MB", lang.number(bytes as f64 / 1e6, 1)),
    }
}

/// The first digits of an id too long to read, for pages; files hold the whole.
pub(crate) fn short(id: &str) -> String {
    match id.char_indices().nth(16) {
        Some((end, _)) if id.len() > 20 => format!("{}…", &id[..end]),
        _ => id.to_owned(),
    }
}

/// A time of RFC 3339 as people read it: day and minute.
pub(crate) fn moment(time: &str, lang: wdl_vocab::Lang) -> String {
    let day = wdl_chart::numbers::date(time, lang);
    match time.split_once('T').and_then(|(_, clock)| clock.get(..5)) {
        Some(clock) => format!("{day}, {clock}"),
        None => day,
    }
}
