//! Documents on paper, at the crate's face: what is set, what is refused, and that nothing outside is reached.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use wdl_paper::{Paper, PaperError, pdf, quoted};
use wdl_vocab::Lang;

fn set(source: &str) -> Result<Vec<u8>, PaperError> {
    pdf(&Paper {
        ident: "test",
        title: "Prova",
        lang: Lang::It,
        date: jiff::civil::date(2026, 10, 5),
        source,
    })
}

fn refused(source: &str) -> String {
    set(source).unwrap_err().to_string()
}

#[test]
fn a_document_says_its_title_and_its_standards() {
    let bytes = set("= Titolo\nUn capoverso.").unwrap();
    let has = |part: &str| {
        bytes
            .windows(part.len())
            .any(|window| window == part.as_bytes())
    };
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for part in [
        "pdfuaid:part>1",
        "pdfaid:part>2",
        "pdfaid:conformance>A",
        "Prova",
    ] {
        assert!(has(part), "{part}");
    }
}

#[test]
fn the_same_text_is_the_same_bytes() {
    assert_eq!(set("= Uno\ntesto").unwrap(), set("= Uno\ntesto").unwrap());
    assert_ne!(set("= Uno\ntesto").unwrap(), set("= Uno\ntesti").unwrap());
}

#[test]
fn nothing_outside_is_reached() {
    for source in [
        "#read(\"/etc/passwd\")",
        "#include \"other.typ\"",
        "#image(\"figure.png\", alt: \"x\")",
        "#import \"@preview/tablex:0.0.8\": *",
        "#datetime.today()",
    ] {
        assert!(refused(source).starts_with("line 1"), "{}", refused(source));
    }
}

#[test]
fn a_fault_has_its_line() {
    let fault = set("Testo.\n\n#nothing").unwrap_err();
    assert!(matches!(fault, PaperError::Line { line: 3, .. }), "{fault}");
}

#[test]
fn what_a_screen_reader_cannot_read_is_refused() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";
    let image = |alt: &str| format!("#image(bytes({}), format: \"svg\"{alt})", quoted(svg));
    assert!(
        refused(&image("")).contains("alt"),
        "{}",
        refused(&image(""))
    );
    set(&image(", alt: \"un quadrato\"")).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_letters_are_set(text in ".{0,40}") {
        let source = format!("= Titolo\n#{}", quoted(&text));
        prop_assert!(set(&source).is_ok());
    }

    #[test]
    fn text_from_outside_is_shown_and_never_obeyed(text in "[ -~àèìòù\\n\\t\\\\\"#$*_`<>@\\[\\]]{0,60}") {
        let source = format!("= Titolo\n#{}", quoted(&text));
        prop_assert!(set(&source).is_ok());
    }
}
