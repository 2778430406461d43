//! The tree of a document: what is kept, what is refused, and that writing loses nothing.

use proptest::prelude::*;
use wdl_yaml::{Fault, Node, Source, Style, Value};

use crate::faults::TreeFault;

fn read(text: &str) -> Result<Node, Fault<TreeFault>> {
    Source::of("file", text).tree()
}

fn tree(text: &str) -> Node {
    read(text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

/// What is written says the same as what was read.
fn check(node: &Node) {
    let written = node.to_yaml();
    assert_eq!(tree(&written), *node, "{written}");
}

#[test]
fn a_scalar_is_what_yaml_1_2_says_and_text_otherwise() {
    let plain = |letters: &str| Value::Plain(letters.to_owned());
    for letters in [
        "1", "-1.10", "036023", "1e3", "0x1F", "0o17", ".inf", "true", "~", "null",
    ] {
        assert_eq!(tree(letters).value, plain(letters));
        assert_eq!(
            tree(&format!("\"{letters}\"")).value,
            Value::Text(letters.to_owned())
        );
    }
    for letters in [
        "NO",
        "yes",
        "on",
        "2026-01-31",
        "12:30:00",
        "1_000",
        "1.0.0",
        "- a",
    ] {
        let read = tree(&format!("a: {}", Node::text(letters).to_yaml().trim()));
        assert_eq!(
            read.get("a").unwrap().value,
            Value::Text(letters.to_owned())
        );
    }
    assert_eq!(tree("!!str 12").value, Value::Text("12".to_owned()));
    assert_eq!(tree("a: yes").get("a").unwrap().letters(), Some("yes"));
}

#[test]
fn places_are_those_of_the_file() {
    let document = tree("a: 1\nb:\n  - c: x\n    d: [y, z]\n");
    let entry = &document.get("b").unwrap().items()[0];
    let deep = &entry.get("d").unwrap().items()[1];
    assert_eq!((entry.line, entry.column), (3, 5));
    assert_eq!((deep.line, deep.column), (4, 12));
    let (key, _) = &entry.entries()[1];
    assert_eq!((key.line, key.column), (4, 5));
}

#[test]
fn what_is_no_document_is_refused_at_its_place() {
    for (text, line) in [
        ("a: 1\na: 2\n", 2),
        ("a: [1\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: !secret x\n", 1),
        ("? [a]\n: b\n", 1),
        ("a: *b\n", 1),
        ("", 0),
    ] {
        assert_eq!(read(text).unwrap_err().line, line, "{text}");
    }
}

#[test]
fn aliases_are_written_out_and_bounded() {
    let document = tree("a: &x { b: 1 }\nc: *x\n");
    assert_eq!(document.get("a"), document.get("c"));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let below = level - 1;
        let ten = vec![format!("*a{below}"); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{ten}]\n"));
    }
    assert!(read(&bomb).unwrap_err().to_string().contains("too long"));
}

#[test]
fn long_texts_are_written_line_by_line() {
    let node = Node::map(
        [("sql", Node::text("SELECT 1\n  FROM a\n\nWHERE b\n"))],
        Style::Flow,
    );
    assert_eq!(
        node.to_yaml(),
        "sql: |\n  SELECT 1\n    FROM a\n\n  WHERE b\n"
    );
    check(&node);
}

fn any_node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        any::<String>().prop_map(Node::text),
        "[a-z \n]{0,12}".prop_map(Node::text),
        "[-+]?[0-9]{1,6}(\\.[0-9]{1,3})?".prop_map(Node::plain),
        Just(Node::plain("true")),
        Just(Node::plain("null")),
        "(yes|NO|on|y|~|0x1F|1_000|12:30:00|2026-01-31|\\.inf|- a|a: b|#c|&d|\\*e|!f|%g|@h|\\|i)"
            .prop_map(Node::text),
    ];
    let style = prop_oneof![Just(Style::Block), Just(Style::Flow)];
    leaf.prop_recursive(5, 48, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4);
        let map = prop::collection::btree_map(any::<String>(), inner, 0..4);
        prop_oneof![
            (list, style.clone()).prop_map(|(items, style)| Node::new(Value::List(items, style))),
            (map, style.clone()).prop_map(|(entries, style)| {
                let entries = entries
                    .iter()
                    .map(|(key, node)| (key.as_str(), node.clone()));
                Node::map(entries, style)
            }),
        ]
    })
}

proptest! {
    #[test]
    fn every_tree_is_read_as_it_was_written(node in any_node()) {
        let written = node.to_yaml();
        prop_assert_eq!(tree(&written), node, "{}", written);
    }

    #[test]
    fn no_text_stops_the_reader(text in any::<String>()) {
        let _ = read(&text);
    }
}
