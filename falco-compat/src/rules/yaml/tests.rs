//! YAML as yaml-cpp reads it. The expected trees are what that library gives.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Documents, Kind, Node};

fn dump(node: Node<'_>, out: &mut String, depth: usize) {
    if depth > 60 {
        out.push_str("DEEP");
        return;
    }
    let mark = node.mark();
    write!(out, "@{}:{}:{}", mark.line, mark.column, mark.offset).unwrap();
    match node.kind() {
        Kind::Null => out.push('~'),
        Kind::Scalar => out.push_str(&quoted(node.scalar().unwrap())),
        Kind::Sequence => {
            out.push('[');
            for element in node.elements() {
                dump(element, out, depth + 1);
                out.push(',');
            }
            out.push(']');
        }
        Kind::Map => {
            out.push('{');
            for (key, value) in node.pairs() {
                dump(key, out, depth + 1);
                out.push('=');
                dump(value, out, depth + 1);
                out.push(',');
            }
            out.push('}');
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for &byte in text.as_bytes() {
        match byte {
            b' ' | b'!' | b'#'..=b'[' | b']'..=b'~' => out.push(char::from(byte)),
            _ => write!(out, "\\x{byte:02x}").unwrap(),
        }
    }
    out + "\""
}

fn render(text: &str) -> String {
    match Documents::parse(text) {
        Ok(documents) => {
            let mut out = String::new();
            for root in documents.roots() {
                out.push_str("DOC ");
                dump(root, &mut out, 0);
                out.push(';');
            }
            out
        }
        Err(error) => {
            let mark = error.mark;
            let message = quoted(&error.to_string());
            format!("ERR {}:{}:{} {message}", mark.line, mark.column, mark.offset)
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&render(text));
}

/// Differential testing against another reader: length-prefixed texts in the file named by
/// `INNERWARDEN_YAML_CASES`, one rendered line per text to the file with `.out` added.
#[test]
fn renders_cases_of_another_reader() {
    let Ok(path) = std::env::var("INNERWARDEN_YAML_CASES") else { return };
    let cases = std::fs::read(&path).unwrap();
    let mut rest = cases.as_slice();
    let mut out = String::new();
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let length: usize = std::str::from_utf8(&rest[..end]).unwrap().parse().unwrap();
        let text = std::str::from_utf8(&rest[end + 1..end + 1 + length]).unwrap();
        out.push_str(&render(text));
        out.push('\n');
        rest = &rest[end + 1 + length..];
    }
    std::fs::write(path + ".out", out).unwrap();
}

#[test]
fn nodes_have_positions() {
    check(
        "- list: a\n  items: &x [b, 'c']\n- list: d\n  items: *x\n",
        &expect![[
            r#"DOC @0:0:0[@0:2:2{@0:2:2"list"=@0:8:8"a",@1:2:12"items"=@1:9:19[@1:13:23"b",@1:16:26"c",],},@2:2:33{@2:2:33"list"=@2:8:39"d",@3:2:43"items"=@1:9:19[@1:13:23"b",@1:16:26"c",],},];"#
        ]],
    );
}

#[test]
fn what_strict_parsers_reject_is_read() {
    // A closing bracket at the indentation of its key.
    check(
        "- list: x\n  items: [\n  a,\n  ]\n",
        &expect![[
            r#"DOC @0:0:0[@0:2:2{@0:2:2"list"=@0:8:8"x",@1:2:12"items"=@1:9:19[@2:2:23"a",],},];"#
        ]],
    );
    // A quoted text whose next line is not indented.
    check(
        "- output: \"a\nb\"\n",
        &expect![[r#"DOC @0:0:0[@0:2:2{@0:2:2"output"=@0:10:10"a b",},];"#]],
    );
    // A tab behind a colon, and one in front of a comment.
    check("a:\tb \t# c\n", &expect![[r#"DOC @0:0:0{@0:0:0"a"=@0:3:3"b",};"#]]);
}

#[test]
fn block_scalars_fold_and_chomp() {
    check("- >\n  a\n  b\n\n   c\n\n", &expect![[r#"DOC @0:0:0[@0:2:2"a b\x0a\x0a c\x0a",];"#]]);
    check("- |+\n  a\n\n- |-\n  b\n", &expect![[r#"DOC @0:0:0[@0:2:2"a\x0a\x0a",@3:2:12"b",];"#]]);
    check("- |2\n   a\n", &expect![[r#"DOC @0:0:0[@0:2:2" a\x0a",];"#]]);
}

#[test]
fn escapes_are_resolved() {
    check(
        r#"["\x41\u00e9\n\"", 'it''s']"#,
        &expect![[r#"DOC @0:0:0[@0:1:1"A\xc3\xa9\x0a\x22",@0:19:19"it's",];"#]],
    );
    check(
        r#""\q""#,
        &expect![[
            r#"ERR 0:3:3 "yaml-cpp: error at line 1, column 4: unknown escape character: q""#
        ]],
    );
    check(
        r#""\ud800""#,
        &expect![[r#"ERR 0:7:7 "yaml-cpp: error at line 1, column 8: invalid unicode: 55296""#]],
    );
}

#[test]
fn null_ends_the_documents() {
    check(
        "a: ~\n---\n- b\n---\n---\n- c\n",
        &expect![[r#"DOC @0:0:0{@0:0:0"a"=@0:3:3~,};DOC @2:0:9[@2:2:11"b",];"#]],
    );
    check("", &expect![[""]]);
}

#[test]
fn errors_say_where() {
    check(
        "- rule: [x\n",
        &expect![[
            r#"ERR 1:0:11 "yaml-cpp: error at line 2, column 1: end of sequence flow not found""#
        ]],
    );
    check(
        "- rule: {a\n",
        &expect![[
            r#"ERR 1:0:11 "yaml-cpp: error at line 2, column 1: end of map flow not found""#
        ]],
    );
    check(
        "a: b: c\n",
        &expect![[r#"ERR 0:4:4 "yaml-cpp: error at line 1, column 5: illegal map value""#]],
    );
    check(
        "- a\n]\n",
        &expect![[r#"ERR 1:0:4 "yaml-cpp: error at line 2, column 1: illegal flow end""#]],
    );
    check(
        "- *x\n",
        &expect![[
            r#"ERR 0:2:2 "yaml-cpp: error at line 1, column 3: the referenced anchor is not defined: x""#
        ]],
    );
    check(
        "%YAML 2.0\n---\na\n",
        &expect![[
            r#"ERR 0:0:0 "yaml-cpp: error at line 1, column 1: YAML major version too large""#
        ]],
    );
}

#[test]
fn nesting_is_limited() {
    for nested in ["[", "{a: ", "- ", "? "] {
        let deep = render(&nested.repeat(100_000));
        assert!(deep.ends_with(": bad file\""), "{nested}: {deep}");
    }
    let shallow = format!("{}{}", "[".repeat(190), "]".repeat(190));
    assert!(render(&shallow).starts_with("DOC"));
}

#[test]
fn aliases_cannot_blow_a_document_up() {
    let mut text = format!("- &a0 {}\n", "x".repeat(1000));
    for level in 1..10 {
        let aliases = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "- &a{level} [{aliases}]").unwrap();
    }
    check(
        &text,
        &expect![[
            r#"ERR 0:0:0 "yaml-cpp: error at line 1, column 1: document is too large once its aliases are followed""#
        ]],
    );
}

#[test]
fn a_node_may_contain_itself() {
    let documents = Documents::parse("&a [*a]").unwrap();
    let root = documents.roots().next().unwrap();
    let inner = root.elements().next().unwrap();
    assert_eq!(inner.elements().count(), 1);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in r#"([-?:,\[\]{}#&*!|>'"%@` \t\r\nab~\\.]|\PC){0,40}"#) {
        render(&text);
    }
}
