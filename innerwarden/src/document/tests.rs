//! Tests of the document model.

use expect_test::{Expect, expect};

use super::{Entry, parse};

#[track_caller]
fn check_error(text: &str, expected: &Expect) {
    expected.assert_eq(&parse(text).unwrap_err().to_string());
}

#[test]
fn scalars_keep_what_was_written() {
    let node = parse("a: 010\nb: '~'\nc: ~\nd: 1.10\n").unwrap();
    let root = Entry::root(&node);
    assert_eq!(root.optional("a").unwrap().text().unwrap(), "010");
    assert_eq!(root.optional("b").unwrap().text().unwrap(), "~");
    assert!(root.optional("c").is_none());
    assert_eq!(root.optional("d").unwrap().text().unwrap(), "1.10");
}

#[test]
fn anchors_are_followed() {
    let node = parse("a: &x [1, 2]\nb: *x\n").unwrap();
    assert_eq!(Entry::root(&node).optional("b").unwrap().list().unwrap().len(), 2);
}

#[test]
fn merged_keys_give_way() {
    let node = parse("a: &x {k: 1, l: 2}\nb: {l: 3, <<: *x}\n").unwrap();
    let merged = Entry::root(&node).optional("b").unwrap();
    assert_eq!(merged.optional("k").unwrap().text().unwrap(), "1");
    assert_eq!(merged.optional("l").unwrap().text().unwrap(), "3");
}

#[test]
fn aliases_cannot_explode() {
    let levels = (1..6).map(|level| {
        let copies = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{copies}]\n")
    });
    let text = format!("a0: &a0 [{}]\n", ["x"; 10].join(", ")) + &levels.collect::<String>();
    check_error(&text, &expect!["line 1: more than 200000 values"]);
}

#[test]
fn nesting_is_bounded() {
    check_error(
        &format!("{}{}", "[".repeat(100), "]".repeat(100)),
        &expect!["line 1: lists and maps nest deeper than 64 levels"],
    );
}

#[test]
fn broken_yaml_has_a_location() {
    check_error(
        "a: 1\nb: [1, 2\nc: 3\n",
        &expect!["line 3, column 2: end of sequence flow not found"],
    );
}

#[test]
fn wrong_type_names_path_and_line() {
    let node = parse("a:\n  - b: maybe\n").unwrap();
    let entry = Entry::root(&node).optional("a").unwrap().list().unwrap().remove(0);
    let error = entry.optional("b").unwrap().bool().unwrap_err();
    expect!["line 2: `a[0].b`: expected true or false, found `maybe`"]
        .assert_eq(&error.to_string());
}

#[test]
fn a_second_document_is_refused() {
    check_error(
        "a: 1\n---\nb: 2\n",
        &expect!["line 3: a second document begins here; one is expected"],
    );
}
