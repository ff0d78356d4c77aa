//! Reports, plugins, selection and what the configuration adds.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::rules::{
    AddedField, Loader, OutputAddition, Priority, Selection, Selector, Settings, validation_report,
};

const RULE: &str = "- rule: R\n  desc: d\n  condition: evt.type=open\n  output: o\n  \
                    priority: WARNING\n  tags: [t, s]\n";

#[track_caller]
fn check(files: &[&str], json: bool, expected: &Expect) {
    let mut loader = Loader::new(Settings::default());
    let results: Vec<_> =
        files.iter().map(|content| loader.load("f.yaml", content.as_bytes())).collect();
    expected.assert_eq(&validation_report(&results, json, None));
}

#[test]
fn a_report_says_what_is_wrong_and_where() {
    check(&[RULE], false, &expect!["f.yaml: Ok"]);
    check(
        &["- macro: m\n  condition: evt.type=open\n"],
        false,
        &expect!["f.yaml: Ok, with warnings"],
    );
    let wrong = "- rule: R\n  desc: d\n  condition: >\n    evt.type=open and\n    proc.foo=1\n  \
                 output: o\n  priority: warn\n";
    check(
        &[wrong],
        false,
        &expect![[r#"
            f.yaml: Invalid
            3 Schema warnings:
            ------
            failed for <root>[0][priority]: Failed to match against any enum values.
            ------
            failed for <root>[0]: Failed to validate against schema associated with property name 'priority'.
            ------
            failed for <root>: Failed to validate item #0 in array.
            ------

            1 Errors:
            In rules content: (f.yaml:0:0)
                rule 'R': (f.yaml:0:2)
                rule priority: (f.yaml:6:12)
            ------
              priority: warn
                        ^
            ------
            LOAD_ERR_YAML_VALIDATE (Error validating internal structure of YAML file): Invalid priority
            --> f.yaml, line 7, column 13
        "#]],
    );
    check(
        &[&wrong.replace("warn", "WARNING")],
        false,
        &expect![[r#"
            f.yaml: Invalid
            1 Errors:
            In rules content: (f.yaml:0:0)
                rule 'R': (f.yaml:0:2)
                rule condition: (f.yaml:2:13)
                condition expression: ("evt.type=open and...":3:32)
            ------
            evt.type=open and proc.foo=1
                                       ^
            ------
            LOAD_ERR_COMPILE_CONDITION (Error compiling condition): filter_check called with nonexistent field proc.foo
            --> f.yaml, line 5, column 5
                proc.foo=1
                ^^^^^^^^
        "#]],
    );
}

#[test]
fn a_report_in_json_is_one_line() {
    let rule = RULE.replace("evt.type=open", "evt.type=open and evt.dir=<");
    check(
        &[&rule, "- a\n"],
        true,
        &expect![[
            r#"{"falco_load_results":[{"errors":[],"name":"f.yaml","schema_valid":true,"schema_warnings":[],"successful":true,"warnings":[{"code":"LOAD_DEPRECATED_ITEM","codedesc":"A deprecated item is employed by lists, macros, or rules.","context":{"locations":[{"item_name":"","item_type":"rules content","position":{"column":0,"line":0,"name":"f.yaml","offset":0}},{"item_name":"R","item_type":"rule","position":{"column":2,"line":0,"name":"f.yaml","offset":2}},{"item_name":"","item_type":"rule condition","position":{"column":13,"line":2,"name":"f.yaml","offset":33}},{"item_name":"","item_type":"condition expression","position":{"column":13,"line":2,"name":"\"evt.type=open and...\"","offset":33}}],"snippet":"evt.type=open and evt.dir=<\n                          ^\n"},"deprecated_field":"evt.dir","message":"due to the drop of enter events, 'evt.dir = <' always evaluates to true, and 'evt.dir = >' always evaluates to false. The rule expression can be simplified by removing the condition on 'evt.dir'"}]},{"errors":[{"code":"LOAD_ERR_YAML_VALIDATE","codedesc":"Error validating internal structure of YAML file","context":{"locations":[{"item_name":"","item_type":"rules content","position":{"column":0,"line":0,"name":"f.yaml","offset":0}},{"item_name":"","item_type":"rules content item","position":{"column":2,"line":0,"name":"f.yaml","offset":2}}],"snippet":"- a\n  ^\n"},"message":"Unexpected element type. Each element should be a yaml associative array."}],"name":"f.yaml","schema_valid":false,"schema_warnings":["failed for <root>[0]: Value type not permitted by 'type' constraint.","failed for <root>: Failed to validate item #0 in array."],"successful":false,"warnings":[]}]}"#
        ]],
    );
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let mut loader = Loader::new(Settings::default());
    let result = loader.load("f.yaml", b"- list: \xff\n");
    expect![[r#"
        f.yaml: Invalid
        1 Errors:
        In rules content: (f.yaml:0:0)
        ------
        - list: �
        ^
        ------
        LOAD_ERR_YAML_PARSE (YAML parse error): byte 8 is not UTF-8
    "#]]
    .assert_eq(&result.text());
}

#[test]
fn warnings_of_earlier_files_are_repeated_with_their_text() {
    let mut loader = Loader::new(Settings::default());
    loader.load("first.yaml", b"- macro: unused\n  condition: evt.type=open\n");
    let result = loader.load("second.yaml", RULE.as_bytes());
    expect![[r#"
        second.yaml: Ok, with warnings
        1 Warnings:
        In rules content: (first.yaml:0:0)
            macro 'unused': (first.yaml:0:2)
        ------
        - macro: unused
          ^
        ------
        LOAD_UNUSED_MACRO (Unused macro): Macro not referred to by any other rule/macro
    "#]]
    .assert_eq(&result.text());
}

#[track_caller]
fn check_plugins(requirement: &str, expected: &str) {
    let mut loader = Loader::new(Settings::default());
    let file = format!("- required_plugin_versions:\n  - {requirement}\n");
    let result = loader.load("f.yaml", file.as_bytes());
    assert!(result.is_successful(), "{}", result.text());
    let answer = loader.check_plugins().map_or_else(|error| error.to_string(), |()| String::new());
    assert_eq!(answer, expected);
}

#[test]
fn containers_need_no_plugin() {
    check_plugins("{name: container, version: 0.4.0}", "");
    check_plugins(
        "{name: container, version: 0.8.0}",
        "Plugin 'container' version '0.7.1' is not compatible with required plugin version '0.8.0'",
    );
    check_plugins(
        "{name: json, version: 0.1.0}",
        "Plugin requirement not satisfied, must load one of: json (>= 0.1.0)",
    );
    let alternatives = "alternatives: [{name: container, version: 0.7.0}]";
    check_plugins(&format!("{{name: json, version: 0.1.0, {alternatives}}}"), "");
}

#[track_caller]
fn check_rule(settings: Settings, selections: &[Selection], expected: &Expect) {
    let mut loader = Loader::new(settings);
    let result = loader.load("f.yaml", RULE.as_bytes());
    let mut text = String::new();
    for error in &result.errors {
        _ = writeln!(text, "{}: {}", error.code.code(), error.message);
    }
    for rule in loader.rules_in_force(selections) {
        _ = writeln!(text, "{}: {}", rule.name, rule.output);
        for (name, format, raw) in &rule.extra_fields {
            _ = writeln!(text, "  {name} = {format} (raw: {raw})");
        }
    }
    expected.assert_eq(&text);
}

fn selection(enable: bool, selector: Selector) -> Selection {
    Selection { enable, selector }
}

#[test]
fn selections_are_applied_in_order() {
    let rule = |pattern: &str| Selector::Rule(pattern.to_owned());
    let tag = |tag: &str| Selector::Tag(tag.to_owned());
    let settings = Settings::default();
    check_rule(settings.clone(), &[selection(false, rule("*"))], &expect![[""]]);
    let selections = [selection(false, rule("*")), selection(true, tag("s"))];
    check_rule(
        settings.clone(),
        &selections,
        &expect![[r#"
        R: o
    "#]],
    );
    check_rule(
        settings,
        &[selection(false, tag("x"))],
        &expect![[r#"
        R: o
    "#]],
    );
}

#[test]
fn rules_of_low_priority_are_not_in_force() {
    let settings = Settings { min_priority: Priority::Error, ..Settings::default() };
    check_rule(settings, &[], &expect![[""]]);
}

#[test]
fn outputs_get_what_the_configuration_adds() {
    let addition = OutputAddition {
        tags: ["s".to_owned()].into(),
        output: Some("p=%proc.name".to_owned()),
        suggested: true,
        fields: vec![
            AddedField::Raw("evt.num".to_owned()),
            AddedField::Formatted { key: "k".to_owned(), format: "n %evt.num".to_owned() },
        ],
        ..OutputAddition::default()
    };
    let with = |addition| Settings { additions: vec![addition], ..Settings::default() };
    check_rule(
        with(addition.clone()),
        &[],
        &expect![[r#"
        R: o p=%proc.name container_id=%container.id container_name=%container.name container_image_repository=%container.image.repository container_image_tag=%container.image.tag k8s_pod_name=%k8s.pod.name k8s_ns_name=%k8s.ns.name
          evt.num = %evt.num (raw: true)
          k = n %evt.num (raw: false)
    "#]],
    );
    let other = OutputAddition { rule: Some("S".to_owned()), ..addition.clone() };
    check_rule(
        with(other),
        &[],
        &expect![[r#"
        R: o
    "#]],
    );
    let wrong = OutputAddition { output: Some("%proc.foo".to_owned()), ..addition };
    check_rule(
        with(wrong),
        &[],
        &expect![[r#"
        LOAD_ERR_COMPILE_OUTPUT: unknown filter: unexpected token after '
    "#]],
    );
}

#[test]
fn macros_cannot_blow_conditions_up() {
    let mut file = String::from("- macro: m0\n  condition: evt.type=open\n");
    for level in 1..40 {
        let below = level - 1;
        _ = write!(file, "- macro: m{level}\n  condition: m{below} or m{below}\n");
    }
    let result = Loader::new(Settings::default()).load("f.yaml", file.as_bytes());
    assert!(!result.is_successful());
}

/// Items of rules files, often wrong.
fn item() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("a"),
        Just("[a, b]"),
        Just("{condition: append}"),
        Just("{exceptions: replace, tags: append}"),
        Just("evt.type=open"),
        Just("a and b"),
        Just("and proc.name in (a)"),
        Just("[{name: e, fields: proc.name, values: [a, b]}]"),
        Just("[{name: e, fields: [proc.name, fd.name], comps: [in, =], values: [[[a], b]]}]"),
        Just("[{name: e, values: [c]}]"),
        Just("true"),
        Just("WARNING"),
        Just("%proc.name"),
        Just("0.1.0"),
        Just("~"),
    ];
    let key = prop_oneof![
        Just("rule"),
        Just("macro"),
        Just("list"),
        Just("condition"),
        Just("output"),
        Just("desc"),
        Just("priority"),
        Just("items"),
        Just("tags"),
        Just("override"),
        Just("append"),
        Just("exceptions"),
        Just("enabled"),
        Just("source"),
        Just("required_engine_version"),
        Just("required_plugin_versions"),
    ];
    prop::collection::vec((key, value), 1..7).prop_map(|pairs| {
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("- {{{}}}\n", pairs.join(", "))
    })
}

proptest! {
    #[test]
    fn any_items_load_or_are_refused(files in prop::collection::vec(prop::collection::vec(item(), 0..5), 1..3)) {
        let mut loader = Loader::new(Settings::default());
        let mut results = Vec::new();
        for items in files {
            results.push(loader.load("f.yaml", (RULE.to_owned() + &items.concat()).as_bytes()));
        }
        validation_report(&results, true, None);
        validation_report(&results, false, None);
        _ = loader.describe();
    }
}
