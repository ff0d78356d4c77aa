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
