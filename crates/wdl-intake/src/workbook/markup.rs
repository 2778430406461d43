//! The tags of an XML document as it streams by: enough to count them, in bounded memory.

/// The most bytes of one tag or comment.
const TAG_BYTES_MAX: usize = 1 << 20;

/// A document of which the beginning was seen.
#[derive(Default)]
pub(super) struct Markup {
    // From the beginning of a tag that has not ended.
    held: Vec<u8>,
}

/// One tag, without its angle brackets.
pub(super) struct Tag<'a> {
    text: &'a [u8],
}

impl Markup {
    /// Looks at the next piece; false when a tag does not end.
    pub(super) fn feed(&mut self, piece: &[u8], see: &mut dyn FnMut(&Tag<'_>)) -> bool {
        if self.held.is_empty() {
            let rest = tags(piece, see);
            self.held.extend_from_slice(&piece[rest..]);
        } else {
            self.held.extend_from_slice(piece);
            let rest = tags(&self.held, see);
            self.held.drain(..rest);
        }
        self.held.len() <= TAG_BYTES_MAX
    }
}

/// Shows every whole tag; gives where the last one that has not ended begins.
fn tags(text: &[u8], see: &mut dyn FnMut(&Tag<'_>)) -> usize {
    let mut place = 0;
    while let Some(next) = find(&text[place..], b"<") {
        let begin = place + next;
        let rest = &text[begin..];
        let end = if rest.starts_with(b"<!--") {
            find(&rest[4..], b"-->").map(|end| end + 7)
        } else if rest.starts_with(b"<![CDATA[") {
            find(&rest[9..], b"]]>").map(|end| end + 12)
        } else if rest.starts_with(b"<?") {
            find(&rest[2..], b"?>").map(|end| end + 4)
        } else if rest.len() < 9 && b"<![CDATA[".starts_with(rest) || b"<!--".starts_with(rest) {
            None
        } else {
            tag_end(rest)
        };
        let Some(end) = end else { return begin };
        if !rest.starts_with(b"<!") && !rest.starts_with(b"<?") {
            see(&Tag {
                text: &rest[1..end - 1],
            });
        }
        place = begin + end;
    }
    text.len()
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    let (first, rest) = what.split_first()?;
    let mut place = 0;
    while let Some(next) = text[place..].iter().position(|byte| byte == first) {
        place += next + 1;
        if text[place..].starts_with(rest) {
            return Some(place - 1);
        }
    }
    None
}

/// The length of a tag: up to the first `>` outside quotes.
fn tag_end(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (place, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(place + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

impl<'a> Tag<'a> {
    /// Whether it closes an element.
    pub(super) fn is_end(&self) -> bool {
        self.text.starts_with(b"/")
    }

    /// Whether it is an element without content.
    pub(super) fn is_empty(&self) -> bool {
        self.text.ends_with(b"/")
    }

    /// The name with its prefix.
    pub(super) fn name(&self) -> &'a [u8] {
        let text = self.text.strip_prefix(b"/").unwrap_or(self.text);
        let end = text
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || *byte == b'/')
            .unwrap_or(text.len());
        &text[..end]
    }

    /// The name without its prefix.
    pub(super) fn local_name(&self) -> &'a [u8] {
        let name = self.name();
        let start = name.iter().position(|byte| *byte == b':');
        &name[start.map_or(0, |colon| colon + 1)..]
    }

    /// Whether a text stands anywhere in it.
    pub(super) fn contains(&self, text: &[u8]) -> bool {
        find(self.text, text).is_some()
    }

    /// The largest value of an attribute, however often it is written; more than any limit when it is no plain number.
    pub(super) fn number(&self, name: &[u8]) -> Option<u64> {
        let mut place = 0;
        let mut largest = None;
        while let Some(next) = find(&self.text[place..], name) {
            place += next + name.len();
            largest = largest.max(Some(value(&self.text[place..])));
        }
        largest
    }
}

fn value(after_name: &[u8]) -> u64 {
    let text = after_name.trim_ascii_start();
    let Some(text) = text.strip_prefix(b"=") else {
        // The name stands in a value or begins a longer name.
        return 0;
    };
    let text = text.trim_ascii_start();
    let Some((quote @ (b'"' | b'\''), text)) = text.split_first() else {
        return u64::MAX;
    };
    let end = text.iter().position(|byte| byte == quote);
    let digits = end.and_then(|end| std::str::from_utf8(&text[..end]).ok());
    digits
        .and_then(|digits| digits.trim().parse().ok())
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(document: &[u8], piece: usize) -> Vec<String> {
        let mut names = Vec::new();
        let mut markup = Markup::default();
        for piece in document.chunks(piece) {
            assert!(markup.feed(piece, &mut |tag| {
                names.push(String::from_utf8_lossy(tag.name()).into_owned());
            }));
        }
        names
    }

    #[test]
    fn tags_are_seen_wherever_the_document_is_cut() {
        let document = b"<?xml v='>'?><a x=\"<>\"><!-- <b> > --><![CDATA[<c>]]><t:d y='1'/></a>";
        for piece in [1, 2, 3, 7, 1000] {
            assert_eq!(seen(document, piece), ["a", "t:d", "a"], "{piece}");
        }
    }

    #[test]
    fn numbers_of_attributes() {
        let tag = Tag {
            text: b"table:table-cell table:number-columns-repeated = '12' x=\"3\" y=\"&#49;\"",
        };
        assert_eq!(tag.number(b"table:number-columns-repeated"), Some(12));
        assert_eq!(tag.number(b"x"), Some(3));
        assert_eq!(tag.number(b"y"), Some(u64::MAX));
        assert_eq!(tag.number(b"z"), None);
    }
}
