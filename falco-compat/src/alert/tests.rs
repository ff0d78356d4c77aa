//! Lines of alerts.

use super::*;

fn alert() -> Alert {
    Alert {
        time_ns: 1_486_171_335_286_801_004,
        rule: "Open \"any\"".to_owned(),
        priority: "Warning".to_owned(),
        source: "syscall".to_owned(),
        hostname: "vm".to_owned(),
        tags: vec!["a".to_owned(), "b".to_owned()],
        message: b"read\x01 \xff\t/tmp\\x".to_vec(),
        fields: vec![
            ("evt.res".to_owned(), "SUCCESS".into()),
            ("fd.num".to_owned(), FieldValue::Int(-1)),
            ("proc.aname[9]".to_owned(), FieldValue::Null),
            ("proc.fdusage".to_owned(), FieldValue::Double(0.292_968_75)),
            ("static.k".to_owned(), "v".into()),
        ],
        utc_offset_s: 0,
    }
}

#[track_caller]
fn check(alert: &Alert, options: AlertOptions, expected: &str) {
    let mut out = Vec::new();
    alert.write_json(options, &mut out);
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn json_has_sorted_keys_and_falcos_escapes() {
    check(
        &alert(),
        AlertOptions::default(),
        concat!(
            r#"{"hostname":"vm","output":"01:22:15.286801004: Warning read\u0001 "#,
            "\u{FFFD}",
            r#"\t/tmp\\x","output_fields":{"evt.res":"SUCCESS","evt.time":1486171335286801004,"#,
            r#""fd.num":-1,"proc.aname[9]":null,"proc.fdusage":0.29296875,"static.k":"v"},"#,
            r#""priority":"Warning","rule":"Open \"any\"","source":"syscall","tags":["a","b"],"#,
            r#""time":"2017-02-04T01:22:15.286801004Z"}"#
        ),
    );
}

#[test]
fn switches_leave_properties_out_or_add_them() {
    let options = AlertOptions {
        include_output: false,
        include_tags: false,
        include_message: true,
        include_output_fields: false,
        iso_8601: true,
    };
    check(
        &Alert { message: b"m".to_vec(), ..alert() },
        options,
        r#"{"hostname":"vm","message":"m","priority":"Warning","rule":"Open \"any\"","source":"syscall","time":"2017-02-04T01:22:15.286801004Z"}"#,
    );
}

#[test]
fn text_has_the_time_of_day_or_the_date_in_utc() {
    let text = |alert: &Alert, options| {
        let mut out = Vec::new();
        alert.write_text(options, &mut out);
        String::from_utf8(out).unwrap()
    };
    let alert = Alert { message: b"m".to_vec(), utc_offset_s: -7200, ..alert() };
    assert_eq!(text(&alert, AlertOptions::default()), "23:22:15.286801004: Warning m");
    let options = AlertOptions { iso_8601: true, ..AlertOptions::default() };
    assert_eq!(text(&alert, options), "2017-02-04T01:22:15.286801004+0000: Warning m");
}

#[test]
fn doubles_have_the_fewest_digits() {
    let json = |number| {
        let mut out = Vec::new();
        json::write_value(&FieldValue::Double(number), &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(json(0.0), "0.0");
    assert_eq!(json(100.0), "100.0");
    assert_eq!(json(0.1), "0.1");
    assert_eq!(json(0.000_123), "0.000123");
    assert_eq!(json(100.0 / 1_048_576.0), "9.5367431640625e-05");
    assert_eq!(json(1e22), "1e+22");
}

#[test]
fn internal_alerts_show_their_figures() {
    let alert = InternalAlert {
        time_ns: 1_486_171_335_286_801_004,
        rule: "Falco internal: syscall event drop".to_owned(),
        priority: "Debug".to_owned(),
        hostname: "vm".to_owned(),
        message: "Falco internal: syscall event drop. 3 system calls dropped.".to_owned(),
        fields: vec![
            ("n_drops".to_owned(), "3".into()),
            ("n_evts".to_owned(), FieldValue::Uint(9)),
        ],
        utc_offset_s: 0,
    };
    let mut text = Vec::new();
    alert.write_text(&mut text);
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "01:22:15.286801004: Debug Falco internal: syscall event drop. 3 system calls dropped. \
         (n_drops=\"3\" n_evts=9)"
    );
    let mut json = Vec::new();
    alert.write_json(&mut json);
    assert_eq!(
        String::from_utf8(json).unwrap(),
        concat!(
            r#"{"hostname":"vm","output":"Falco internal: syscall event drop. 3 system calls dropped.","#,
            r#""output_fields":{"n_drops":"3","n_evts":9},"priority":"Debug","#,
            r#""rule":"Falco internal: syscall event drop","source":"internal","#,
            r#""time":"2017-02-04T01:22:15.286801004Z"}"#
        )
    );
}
