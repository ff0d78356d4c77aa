//! Tests of the condition parser.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::super::ast::Expr;
use super::*;

#[track_caller]
fn check(text: &str, expected: &Expect) {
    let actual = match parse(text) {
        Ok(expr) => expr.to_string(),
        Err(error) => format!("{}: {}", error.position, error.message),
    };
    expected.assert_eq(&actual);
}

#[test]
fn chains_are_flat_and_grouped_by_precedence() {
    check(
        "a.b=1 and a.b=2 or not a.b=3 and(a.b=4 or x)",
        &expect![["((a.b = 1 and a.b = 2) or (not a.b = 3 and (a.b = 4 or x)))"]],
    );
    check("((a.b=1))", &expect!["a.b = 1"]);
    check("not not not(a.b=1 and x)", &expect!["not (a.b = 1 and x)"]);
}

#[test]
fn keywords_are_values_behind_an_operator() {
    check("a.b=not and a.b=or or a.b=oneof", &expect!["((a.b = not and a.b = or) or a.b = oneof)"]);
}

#[test]
fn behind_or_with_a_parenthesis_no_and_may_follow() {
    check(
        "a.b=1 or(a.b=2) and a.b=3",
        &expect!["index 16, line 1, column 17: unexpected token after ')', expecting 'or', 'and'"],
    );
}

#[test]
fn positions_count_lines_and_columns() {
    check(
        "a.b=1\n  and a.b ~ 2",
        &expect![[
            "index 16, line 2, column 11: expected a valid check operator: one of 'exists', '<=', '<', '>=', '>', '==', '=', '!=', 'glob', 'iglob', 'contains', 'icontains', 'bcontains', 'startswith', 'bstartswith', 'endswith', 'regex', 'intersects', 'in', 'pmatch'"
        ]],
    );
    let Ok(Expr::And(_, children)) = parse("a.b=1\nand x") else { panic!("not an and") };
    assert_eq!(children[1].position(), Position { index: 10, line: 2, column: 5 });
}

#[test]
fn modifiers_need_a_list_behind_them() {
    check(
        "a.b = oneof (1,2) or a.b contains anyof x",
        &expect!["(a.b = oneof (1, 2) or a.b contains anyof x)"],
    );
    check("a.b contains oneof and x", &expect!["(a.b contains oneof and x)"]);
    check(
        "a.b contains oneof(1)",
        &expect![
            "index 18, line 1, column 19: unexpected token after 'oneof', expecting 'or', 'and'"
        ],
    );
}

#[test]
fn a_bad_escape_in_front_of_a_list_makes_it_empty() {
    check(r#"a.b in ("\q")"#, &expect!["a.b in ()"]);
    check(
        r#"a.b in (a, "\q")"#,
        &expect![[r"index 15, line 1, column 16: unsupported string escape sequence: \q"]],
    );
}

#[test]
fn transformers_nest_and_take_lists() {
    check(
        r#"join( "," , (a.b, tolower(a.c), "x", 3) ) = concat(a.b,"y")[z]"#,
        &expect!["join(,,(a.b,tolower(a.c),x,3)) = concat(a.b,y)[z]"],
    );
    check(
        "a.b = val(tolower(a.c))",
        &expect!["index 10, line 1, column 11: expected a field within 'val' transformer"],
    );
    check(
        "tolower(x)=1",
        &expect![
            "index 8, line 1, column 9: expected field transformer argument: field, transformer, quoted string, number, or transformer list"
        ],
    );
}

#[test]
fn values_are_quoted_again_when_they_must() {
    check(
        r#"a.b["x y"][z]"#,
        &expect![[
            "index 10, line 1, column 11: expected a valid check operator: one of 'exists', '<=', '<', '>=', '>', '==', '=', '!=', 'glob', 'iglob', 'contains', 'icontains', 'bcontains', 'startswith', 'bstartswith', 'endswith', 'regex', 'intersects', 'in', 'pmatch'"
        ]],
    );
    check(r#"a.b[""]='a "b" = \\c'"#, &expect![[r#"a.b[""] = "a \"b\" = \\c""#]]);
}

#[test]
fn depth_is_limited_without_using_the_call_stack() {
    let nested = |depth: usize| format!("{}a.b=1{}", "(".repeat(depth), ")".repeat(depth));
    check(&nested(999), &expect!["a.b = 1"]);
    check(
        &nested(100_000),
        &expect!["index 1000, line 1, column 1001: exceeded max depth limit of 1000"],
    );
    let transformers = format!("{}a.b{}=1", "tolower(".repeat(5000), ")".repeat(5000));
    check(
        &transformers,
        &expect!["index 808, line 1, column 809: exceeded max depth limit of 100"],
    );
    let chain = "a.b=1 and (x or ".repeat(999) + "x" + &")".repeat(999);
    assert!(parse(&chain).unwrap().to_string().len() > chain.len());
}

#[test]
fn operands_are_parsed_alone() {
    let (operand, length) = parse_operand("toupper(proc.name) rest").unwrap();
    assert_eq!((operand.to_string().as_str(), length), ("toupper(proc.name)", 18));
    assert_eq!(parse_operand("%").unwrap_err().message, "unexpected token after '");
}

fn condition() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[a-z0-9/*.]{1,6}",
        "[ -~]{0,8}"
            .prop_map(|text| { format!("\"{}\"", text.replace('\\', "/").replace('"', "\\\"")) }),
    ];
    let check = prop_oneof![
        ("[a-z]{1,3}\\.[a-z]{1,3}", value.clone()).prop_map(|(f, v)| format!("{f} = {v}")),
        ("[a-z]{1,3}\\.[a-z]{1,3}", prop::collection::vec(value, 0..3))
            .prop_map(|(f, v)| format!("{f} in ({})", v.join(","))),
        "[a-z]{1,3}\\.[a-z]{1,3}".prop_map(|f| format!("tolower({f}) exists")),
        "m[a-z_]{1,4}".prop_map(|name| name),
    ];
    check.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|c| format!("({})", c.join(" and "))),
            prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|c| format!("({})", c.join(" or "))),
            inner.prop_map(|c| format!("not ({c} and m)")),
        ]
    })
}

/// Values that the canonical form prints bare although they cannot be read back bare.
fn has_unprintable_value(expr: &Expr) -> bool {
    let mut found = false;
    expr.for_each_check(&mut |check| {
        let bad = |text: &str| text.is_empty() || text.contains(['(', ')', ',']);
        found |= match &check.right {
            Some(Operand::Value(value)) => bad(&value.text),
            Some(Operand::List(list)) => list.values.iter().any(|value| bad(value)),
            _ => false,
        };
    });
    found
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "[ -~\\n\\t(),=\"'\\\\é]{0,40}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_tokens_are_parsed_or_refused(
        tokens in prop::collection::vec(prop::sample::select(vec![
            "a.b", "(", ")", "and", "or", "not", " ", "not(", "in", "=", "contains ", "oneof ", "x",
            "tolower(", "val(", ",", "\"q\"", "[1]", "<", "5", "exists", "join(", "'",
        ]), 0..30)
    ) {
        let _ = parse(&tokens.concat());
    }

    #[test]
    fn the_printed_form_parses_to_itself(text in condition()) {
        let expr = parse(&text).unwrap();
        prop_assume!(!has_unprintable_value(&expr));
        let printed = expr.to_string();
        prop_assert_eq!(parse(&printed).unwrap().to_string(), printed);
    }
}
