//! Tests of the configuration: options, files, bad values.

use expect_test::{Expect, expect};

use super::{assign, known, settings::Settings};
use crate::document::{self, Content, Node};

#[track_caller]
fn check(options: &[&str], expected: &Expect) {
    let mut root = Node::new(Content::Map(Vec::new()));
    let outcome = options
        .iter()
        .try_for_each(|option| assign::assign(&mut root, option))
        .map_err(|error| error.to_string())
        .and_then(|()| Settings::from_document(&root).map_err(|error| error.to_string()));
    expected.assert_eq(&match outcome {
        Ok(settings) => changed(&settings),
        Err(error) => error,
    });
}

/// The lines of a settings' debug output that differ from the defaults'.
fn changed(settings: &Settings) -> String {
    let default = format!("{:#?}", Settings::default());
    let default: Vec<_> = default.lines().collect();
    let all = format!("{settings:#?}");
    let lines = all.lines().filter(|line| !default.contains(line)).map(str::trim);
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn flags_and_words() {
    check(
        &["json_output=true", "rule_matching=all", "priority=Info"],
        &expect!["json_output: true, rule_matching: All, priority: Informational,"],
    );
    check(
        &["json_output=YES", "json_include_tags_property=Off"],
        &expect!["json_output: true, json_include_tags: false,"],
    );
}

#[test]
fn lists_are_made_as_needed() {
    check(
        &["append_output[0].suggested_output=true"],
        &expect![
            "append_output: [ OutputAddition { source: None, tags: {}, rule: None, output: None, suggested: true, fields: [], }, ],"
        ],
    );
    check(
        &[
            "append_output[].extra_output=x=%proc.name",
            "append_output[].match.rule=R",
            "append_output[1].match.tags[]=T",
            "append_output[1].extra_fields[0]=proc.name",
            "append_output[1].extra_fields[1].key=%evt.num",
        ],
        &expect![[
            r#"append_output: [ OutputAddition { source: None, tags: {}, rule: None, output: Some( "x=%proc.name", ), suggested: false, fields: [], }, OutputAddition { source: None, tags: { "T", }, rule: Some( "R", ), output: None, suggested: false, fields: [ Raw( "proc.name", ), Formatted { key: "key", format: "%evt.num", }, ], }, ],"#
        ]],
    );
}

#[test]
fn braces_hold_yaml() {
    check(
        &["append_output[]={match: {source: syscall}, extra_fields: [evt.num]}"],
        &expect![[
            r#"append_output: [ OutputAddition { source: Some( "syscall", ), tags: {}, rule: None, output: None, suggested: false, fields: [ Raw( "evt.num", ), ], }, ],"#
        ]],
    );
    check(
        &["static_fields={b: 2, a: 1.10}"],
        &expect![[r#"static_fields: { "a": "1.10", "b": "2","#]],
    );
}

#[test]
fn rules_are_selected() {
    check(
        &["rules[].disable.rule=*", "rules[].enable.tag=network"],
        &expect![[
            r#"rules: [ Selection { enable: false, selector: Rule( "*", ), }, Selection { enable: true, selector: Tag( "network", ), }, ],"#
        ]],
    );
    check(
        &["rules[].disable.name=x"],
        &expect!["`rules[0].disable.name`: unknown key; known are rule, tag"],
    );
    check(&["rules[0]={}"], &expect!["`rules[0]`: needs `enable` or `disable`"]);
}

#[test]
fn bad_options_are_explained() {
    check(&["json_output"], &expect!["must be of the form `key=value` or `key.subkey=value`"]);
    check(&["json_output=maybe"], &expect!["`json_output`: expected true or false, found `maybe`"]);
    check(
        &["priority=warn"],
        &expect![
            "`priority`: expected a priority (emergency, alert, critical, error, warning, notice, informational, debug), found `warn`"
        ],
    );
    check(
        &["rule_matching=some"],
        &expect!["`rule_matching`: expected `first` or `all`, found `some`"],
    );
    check(
        &["append_output[2].suggested_output=true"],
        &expect!["index 2 is beyond the end of a list of 0"],
    );
    check(&["append_output={a: b}", "append_output[0]=x"], &expect!["an index is asked of a map"]);
    check(&["static_fields={a: [1}"], &expect!["value: line 1, column 7: illegal flow end"]);
}

#[test]
fn a_file_gives_lines() {
    let root = document::parse("json_output: true\npriority:\n  - debug\n").unwrap();
    let error = Settings::from_document(&root).unwrap_err().to_string();
    expect!["line 3: `priority`: expected text, found a list"].assert_eq(&error);
}

#[test]
fn unknown_keys_are_found() {
    let text = "json_outputs: 1\nengine: {kind: replay, sort: 2}\nappend_output: [{extra: 1}]\n\
                static_fields: {any: thing}\n";
    let root = document::parse(text).unwrap();
    expect!["json_outputs engine.sort append_output[0].extra"].assert_eq(
        &known::unknown_keys(&root).into_iter().map(|it| it.path).collect::<Vec<_>>().join(" "),
    );
}
