//! Tests of locations and snippets.

use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(content: &str, offset: usize, expected: &Expect) {
    expected.assert_eq(&snippet(content.as_bytes(), offset));
}

#[test]
fn a_snippet_is_the_line_with_a_caret() {
    check(
        "- a\n- rule: x\n- b\n",
        6,
        &expect![[r#"
        - rule: x
          ^
    "#]],
    );
    check(
        "- a\n- rule: x\n- b\n",
        0,
        &expect![[r#"
        - a
        ^
    "#]],
    );
}

#[test]
fn a_position_behind_the_text_is_its_end() {
    check(
        "tags:\n",
        6,
        &expect![[r#"
        tags:
            ^
    "#]],
    );
    check(
        "tags:",
        1000,
        &expect![[r#"
        tags:
            ^
    "#]],
    );
    check(
        "",
        5,
        &expect![[r#"
        <No context available>
    "#]],
    );
    check(
        "\n\n",
        1,
        &expect![[r#"
        <No context available>
    "#]],
    );
}

#[test]
fn long_lines_are_cut() {
    check(
        &"x".repeat(300),
        150,
        &expect![[r#"
        ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
                                                                                        ^
    "#]],
    );
}

#[test]
fn positions_in_conditions_are_added_to_those_of_the_node() {
    let file = Context::file("f.yaml", &Arc::from("- rule: R\n  condition: a b\n"));
    let node = file.at_mark(Mark { offset: 23, line: 1, column: 13 }, ItemType::RuleCondition, "");
    let position = Position { index: 2, line: 1, column: 3 };
    let at = node.in_condition(Some(position), "a condition\nthat is long");
    expect![[r#"
        In rules content: (f.yaml:0:0)
            rule condition: (f.yaml:1:13)
            condition expression: ("a condition that ...":2:16)
        that is long
                   ^
    "#]]
    .assert_eq(&format!("{}{}", at.chain(), at.snippet()));
}
