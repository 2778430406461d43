//! Forms as browsers send them: plain fields, and one file beside them.
//!
//! Both readers take bytes from outside and never fail on them: what does not read is not there.

/// The fields of a query or of a plain form, in their order.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// Text without its `+` and `%41`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], escaped) {
            (_, Some(byte)) => {
                plain.push(byte);
                at += 3;
                continue;
            }
            (b'+', None) => plain.push(b' '),
            (byte, None) => plain.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// A part of a form with files.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The name of the field.
    pub(super) name: String,
    /// The name of the file as the browser tells it, without folders; none for a plain field.
    pub(super) file: Option<String>,
    /// The content.
    pub(super) bytes: &'a [u8],
}

/// The boundary that a `multipart/form-data` content type names.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = rest.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim().trim_matches('"'))
    })?;
    (1..=70).contains(&named.len()).then_some(named)
}

/// The parts of a form with files (RFC 7578); a part that does not end is left out.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<Part<'a>> {
    let fence = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut found = Vec::new();
    let Some(mut rest) = body
        .strip_prefix(fence.as_bytes())
        .or_else(|| after(body, between.as_bytes()))
    else {
        return found;
    };
    // A form has a handful of fields; a hostile one is cut here.
    while found.len() < 1024 {
        let Some(part) = rest.strip_prefix(b"\r\n") else {
            break;
        };
        let Some(end) = place(part, between.as_bytes()) else {
            break;
        };
        found.extend(read_part(&part[..end]));
        rest = &part[end + between.len()..];
    }
    found
}

fn read_part(part: &[u8]) -> Option<Part<'_>> {
    // A part without headers begins with the empty line itself.
    let (head, bytes) = match part.strip_prefix(b"\r\n") {
        Some(bytes) => (&part[..0], bytes),
        None => {
            let end = place(part, b"\r\n\r\n")?;
            (&part[..end], &part[end + 4..])
        }
    };
    let head = String::from_utf8_lossy(head);
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    Some(Part {
        name: parameter(disposition, "name")?,
        file: parameter(disposition, "filename").map(|name| base_name(&name)),
        bytes,
    })
}

/// A quoted parameter of a header; browsers write `"` as `%22`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header;
    loop {
        let (_, after) = rest.split_once(';')?;
        let (key, value) = after.split_once("=\"")?;
        let (value, after) = value.split_once('"')?;
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value.replace("%22", "\""));
        }
        rest = after;
    }
}

/// A name without folders, of either system, and without marks that steer a terminal.
fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    place(bytes, mark).map(|at| &bytes[at + mark.len()..])
}

/// Where a mark begins: the first byte is looked for alone, which is fast on tables of text.
fn place(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    let first = *mark.first()?;
    let mut from = 0;
    while let Some(found) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + found;
        if bytes[at..].starts_with(mark) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, file, bytes) in parts {
            body.extend_from_slice(
                format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"").as_bytes(),
            );
            if let Some(file) = file {
                body.extend_from_slice(
                    format!("; filename=\"{file}\"\r\nContent-Type: text/csv").as_bytes(),
                );
            }
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--XyZ--\r\n");
        body
    }

    #[test]
    fn plain_fields() {
        let read = pairs("a=1&citt%C3%A0=Reggio+Emilia&vuoto&b=%zz");
        let want = [
            ("a", "1"),
            ("città", "Reggio Emilia"),
            ("vuoto", ""),
            ("b", "%zz"),
        ];
        assert_eq!(read, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn a_file_keeps_every_byte_and_loses_its_folder() {
        let body = form(&[
            ("note", None, "però".as_bytes()),
            (
                "file",
                Some("C:\\Export\\aiuti.csv"),
                b"a;b\r\n1;2\r\n\r\n--",
            ),
        ]);
        let read = parts(
            &body,
            boundary("multipart/form-data; boundary=XyZ").unwrap(),
        );
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].bytes, "però".as_bytes());
        assert_eq!(read[1].file.as_deref(), Some("aiuti.csv"));
        assert_eq!(read[1].bytes, b"a;b\r\n1;2\r\n\r\n--");
    }

    #[test]
    fn a_form_cut_short_gives_no_half_file() {
        let body = form(&[("file", Some("aiuti.csv"), b"a;b\r\n1;2\r\n")]);
        assert!(parts(&body[..body.len() - 12], "XyZ").is_empty());
        assert_eq!(boundary("application/x-www-form-urlencoded"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_fault(body in prop::collection::vec(any::<u8>(), 0..400), text in ".{0,80}") {
            parts(&body, "XyZ");
            boundary(&text);
            pairs(&text);
            let mut fenced = b"--XyZ\r\n".to_vec();
            fenced.extend(body);
            parts(&fenced, "XyZ");
        }

        #[test]
        fn what_was_sent_is_read(name in "[a-z]{1,8}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assume!(place(&bytes, b"\r\n--XyZ").is_none() && !bytes.starts_with(b"--XyZ"));
            let body = form(&[(&name, Some("f.csv"), &bytes)]);
            let read = parts(&body, "XyZ");
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!(read[0].bytes, &bytes[..]);
            prop_assert_eq!(&read[0].name, &name);
        }
    }
}
