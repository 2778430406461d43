//! What may leave as a file, and what is taken out of it.

use std::path::Path;

use wdl_release::{Kind, admitted};
use wdl_vocab::Diagnose as _;

fn part(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], name, data, &[0; 4]].concat()
}

#[test]
fn sdc_metadata_is_taken_out() {
    let start = b"\x89PNG\r\n\x1a\n".to_vec();
    let shown = [
        part(b"IHDR", &[0; 13]),
        part(b"IDAT", b"points"),
        part(b"IEND", b""),
    ];
    let hidden = [
        part(b"tEXt", b"Author\0Rossi"),
        part(b"eXIf", b"camera"),
        part(b"iTXt", b"path"),
    ];
    let whole = [
        start.clone(),
        shown[0].clone(),
        hidden.concat(),
        shown[1].clone(),
        shown[2].clone(),
        b"PK\x03\x04 behind the end".to_vec(),
    ];
    let clean = [start, shown.concat()].concat();
    assert_eq!(
        admitted(Path::new("a.png"), &whole.concat()).unwrap(),
        (Kind::Png, clean)
    );

    let drawing = "<?xml version=\"1.0\"?><!-- C:\\Users\\rossi --><svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>Rossi</metadata><title>t</title></svg>\n";
    let (kind, clean) = admitted(Path::new("a.svg"), drawing.as_bytes()).unwrap();
    assert_eq!(kind, Kind::Svg);
    let clean = String::from_utf8(clean).unwrap();
    assert_eq!(
        clean,
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>t</title></svg>"
    );
}

#[test]
fn only_the_kinds_that_can_be_looked_at_leave() {
    let good: &[(&str, &[u8])] = &[
        ("a.csv", b"q,n\nQ1,12\n"),
        ("a.JSON", b"{\"n\": 12}"),
        ("a.geojson", b"[]"),
        ("a.svg", b"<svg><circle r=\"1\"/></svg>"),
    ];
    for (name, bytes) in good {
        let (_, clean) = admitted(Path::new(name), bytes).unwrap();
        assert_eq!(clean, *bytes, "{name}");
    }
    let bad: &[(&str, &[u8])] = &[
        ("a.xlsx", b"PK\x03\x04"),
        ("a.docx", b"PK\x03\x04"),
        ("a.parquet", b"PAR1"),
        ("a.rds", b"x"),
        ("a", b"q,n"),
        ("a.csv", b"PK\x03\x04 a workbook under another name"),
        ("a.csv", b"%PDF-1.7"),
        ("a.csv", b"<html>"),
        ("a.csv", b"q\0n"),
        ("a.csv", b"\xff\xfe"),
        ("a.json", b"{\"n\": "),
        ("a.json", b"q,n"),
        ("a.png", b"<svg></svg>"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\xffIDAT"),
        ("a.svg", b"<svg><script>1</script></svg>"),
        ("a.svg", b"<svg onload=\"x()\"></svg>"),
        ("a.svg", b"<svg><image href=\"data:x\"/></svg>"),
        ("a.svg", b"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg></svg>"),
        ("a.svg", b"<svg><!-- open"),
        ("a.svg", b"q,n"),
    ];
    for (name, bytes) in bad {
        let refused = admitted(Path::new(name), bytes).unwrap_err();
        assert_eq!(refused.diagnostic().code.id, "WDL-A019", "{name}");
    }
}
